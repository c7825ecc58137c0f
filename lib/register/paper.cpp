#include "lib/register/paper.h"

#include <vector>

namespace fiscalgate::register_ {
namespace {

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

std::size_t CountCharacters(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += IsContinuation(byte) ? 0 : 1;
  return count;
}

// Where the character number `index` begins.
std::size_t ByteOffset(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (IsContinuation(text[at])) continue;
    if (index-- == 0) return at;
  }
  return at;
}

std::string Harmless(std::string_view text) {
  std::string out(text);
  for (char& byte : out) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 0x20 || value == 0x7F) byte = ' ';
  }
  return out;
}

std::vector<std::string> Wrap(std::string_view text, std::size_t columns) {
  const std::string clean = Harmless(text);
  std::vector<std::string> lines;
  std::string_view rest = clean;
  while (CountCharacters(rest) > columns) {
    std::size_t cut = ByteOffset(rest, columns);
    const std::size_t space = rest.rfind(' ', cut);
    const bool at_word = space != std::string_view::npos && space > 0;
    if (at_word) cut = space;
    lines.emplace_back(rest.substr(0, cut));
    rest.remove_prefix(cut + (at_word ? 1 : 0));
  }
  lines.emplace_back(rest);
  return lines;
}

}  // namespace

void Paper::Add(std::string_view line) {
  text_ += line;
  text_ += '\n';
}

Paper& Paper::Rule() {
  Add(std::string(columns_, '-'));
  return *this;
}

Paper& Paper::Centre(std::string_view text) {
  for (const std::string& line : Wrap(text, columns_)) {
    Add(std::string((columns_ - CountCharacters(line)) / 2, ' ') + line);
  }
  return *this;
}

Paper& Paper::Line(std::string_view text) {
  for (const std::string& line : Wrap(text, columns_)) Add(line);
  return *this;
}

Paper& Paper::Pair(std::string_view left, std::string_view right) {
  const std::string end = Harmless(right);
  const std::size_t width = CountCharacters(end);
  std::vector<std::string> lines = Wrap(left, columns_);
  if (width >= columns_ || CountCharacters(lines.back()) + 1 + width > columns_) {
    lines.emplace_back();
  }
  std::string last = std::move(lines.back());
  lines.pop_back();
  for (const std::string& line : lines) Add(line);
  if (width >= columns_) return Line(end);
  last.append(columns_ - width - CountCharacters(last), ' ');
  Add(last + end);
  return *this;
}

std::string LocalTime(base::WallTime time) {
  return base::FormatUtc(time + std::chrono::hours(3)).substr(0, 19);
}

std::string ShortLocalTime(base::WallTime time) {
  const std::string full = LocalTime(time);
  return full.substr(8, 2) + "." + full.substr(5, 2) + "." + full.substr(2, 2) + " " +
         full.substr(11, 5);
}

}  // namespace fiscalgate::register_
