// Columns for people: each as wide as its widest cell. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fiscalgate::admin {

class Table {
 public:
  explicit Table(std::vector<std::string> heads) : rows_{std::move(heads)} {}
  // As many cells as there are heads. What would break the table (line ends, escape sequences) is
  // shown as '?'; a cell is cut at kMaxCellWidth characters.
  void Add(const std::vector<std::string>& cells);
  bool empty() const { return rows_.size() == 1; }
  // Lines, the last without its end.
  std::string Text() const;

  static constexpr std::size_t kMaxCellWidth = 60;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Name and value, a line each, values aligned.
class Sheet {
 public:
  void Add(std::string name, std::string_view value);
  std::string Text() const;

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

// Characters, not bytes.
std::size_t Width(std::string_view utf8);
// Control characters become '?': what came from outside must not steer a terminal.
std::string Printable(std::string_view text);

}  // namespace fiscalgate::admin
