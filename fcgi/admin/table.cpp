#include "fcgi/admin/table.h"

#include <algorithm>

#include "lib/base/check.h"
#include "lib/base/text.h"

namespace fiscalgate::admin {
namespace {

bool StartsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// U+0080 to U+009F, where some terminals keep a second escape character.
bool IsHighControl(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || text[at] != '\xC2') return false;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  return second >= 0x80 && second <= 0x9F;
}

std::string Cut(std::string_view text, std::size_t width) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!StartsCharacter(text[i])) continue;
    if (count++ == width) return std::string(text.substr(0, i)) + "…";
  }
  return std::string(text);
}

std::string Padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, Width(text)), ' ');
}

}  // namespace

std::size_t Width(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), StartsCharacter));
}

std::string Printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (IsHighControl(text, i)) {
      out.push_back('?');
      ++i;
    } else {
      out.push_back(byte < 0x20 || byte == 0x7F ? '?' : text[i]);
    }
  }
  return out;
}

void Table::Add(const std::vector<std::string>& cells) {
  FG_CHECK(cells.size() == rows_.front().size());
  std::vector<std::string>& row = rows_.emplace_back();
  for (const std::string& cell : cells) row.push_back(Cut(Printable(cell), kMaxCellWidth));
}

std::string Table::Text() const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const std::vector<std::string>& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string text;
  for (const std::vector<std::string>& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += Padded(row[i], widths[i]) + "  ";
    line.erase(line.find_last_not_of(' ') + 1);
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

void Sheet::Add(std::string name, std::string_view value) {
  lines_.emplace_back(std::move(name), Printable(value));
}

std::string Sheet::Text() const {
  std::size_t width = 0;
  for (const auto& [name, value] : lines_) width = std::max(width, Width(name));
  std::string text;
  for (const auto& [name, value] : lines_) {
    text += (text.empty() ? "" : "\n") + Padded(name, width) + "  " + value;
  }
  return text;
}

}  // namespace fiscalgate::admin
