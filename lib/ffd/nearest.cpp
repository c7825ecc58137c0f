#include "lib/ffd/nearest.h"

#include <algorithm>
#include <array>

#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {
namespace {

constexpr std::size_t kMaxWord = 96;  // bytes; longer keys have no neighbour
constexpr std::string_view kWords[] = {"purchases",  "payments", "electronically", "printDoc",
                                       "clientInfo", "agent",    "markirovka"};

// A third of the word may be wrong, and two letters of a short one.
std::size_t Tolerance(std::string_view word) { return std::max<std::size_t>(2, word.size() / 3); }

std::string_view Stem(std::string_view key) { return key.substr(0, key.rfind('_')); }

struct Best {
  std::size_t distance;
  std::string_view key;
  void Try(std::string_view wanted, std::string_view known, std::string_view known_key) {
    if (distance == 0) return;
    const std::size_t found = EditDistance(wanted, known, distance - 1);
    if (found >= distance) return;
    distance = found;
    key = known_key;
  }
};

}  // namespace

std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit || a.size() > kMaxWord || b.size() > kMaxWord) return limit + 1;
  std::array<std::size_t, kMaxWord + 1> row;
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    std::size_t smallest = row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
      smallest = std::min(smallest, row[j]);
    }
    if (smallest > limit) return limit + 1;
  }
  return std::min(row[b.size()], limit + 1);
}

std::string NearestKey(std::string_view key) {
  if (key.size() > kMaxWord) return {};
  const std::string_view stem = Stem(key);
  Best best{Tolerance(stem) + 1, {}};
  for (const std::string_view word : kWords) best.Try(key, word, word);
  for (const Tag& tag : AllTags()) {
    best.Try(key, tag.key, tag.key);
    // A key that is a number only has no stem of its own.
    if (Stem(tag.key) != tag.key) best.Try(stem, Stem(tag.key), tag.key);
    best.Try(stem, tag.name_ru, tag.key);
  }
  return std::string(best.key);
}

}  // namespace fiscalgate::ffd
