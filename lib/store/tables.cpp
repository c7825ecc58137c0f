#include "lib/store/tables.h"

#include <algorithm>
#include <cstring>

#include "lib/base/crypto.h"
#include "lib/base/text.h"

namespace fiscalgate::store {
namespace {

using base::Result;
using base::Status;

constexpr std::int64_t kRowsAtOnce = 500;

Cell::Kind KindOf(std::string type) {
  type = base::ToLower(type);
  if (type == "text") return Cell::Kind::kText;
  return type == "blob" || type == "bytea" ? Cell::Kind::kBytes : Cell::Kind::kNumber;
}

}  // namespace

std::string Table::Names() const {
  std::string names;
  for (const Column& column : columns) names += (names.empty() ? "" : ", ") + column.name;
  return names;
}

std::vector<std::size_t> Table::Key() const {
  std::vector<std::size_t> key;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].key_place > 0) key.push_back(i);
  }
  std::sort(key.begin(), key.end(), [&](std::size_t a, std::size_t b) {
    return columns[a].key_place < columns[b].key_place;
  });
  return key;
}

std::size_t Table::PlaceOf(std::string_view column) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& each) { return each.name == column; });
  FG_CHECK(found != columns.end());
  return static_cast<std::size_t>(found - columns.begin());
}

Param Cell::AsParam() const {
  switch (kind) {
    case Kind::kNull:
      return nullptr;
    case Kind::kNumber:
      return number;
    case Kind::kText:
      return std::string_view(text);
    case Kind::kBytes:
      return Bytes{text};
  }
  base::CheckFailed("every kind is a parameter", __FILE__, __LINE__);
}

Cells CellsOf(const Table& table, const Row& row) {
  Cells cells(table.columns.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int column = static_cast<int>(i);
    if (row.IsNull(column)) continue;
    cells[i].kind = KindOf(table.columns[i].type);
    if (cells[i].kind == Cell::Kind::kNumber) {
      cells[i].number = row.Int(column);
    } else {
      cells[i].text = row.Text(column);
    }
  }
  return cells;
}

void Sum::Add(const Cells& cells) {
  std::string all;
  for (const Cell& cell : cells) {
    all += static_cast<char>('0' + static_cast<int>(cell.kind));
    all += cell.kind == Cell::Kind::kNumber ? std::to_string(cell.number)
                                            : std::to_string(cell.text.size()) + ":" + cell.text;
    all += ';';
  }
  const std::string hash = base::Sha256(all);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    std::uint64_t part = 0;
    std::memcpy(&part, hash.data() + i * sizeof part, sizeof part);
    parts_[i] += part;
  }
  ++rows_;
}

std::string Sum::Text() const {
  return base::HexEncode({reinterpret_cast<const char*>(parts_.data()), sizeof parts_});
}

Result<std::vector<Table>> ReadTables(Connection& connection, const Dialect& dialect) {
  std::vector<Table> tables;
  Result<std::int64_t> rows = connection.Run(dialect.tables, {}, [&](const Row& row) {
    tables.push_back({row.Text(0), {}});
  });
  for (Table& table : tables) {
    if (!rows) break;
    rows = connection.Run(dialect.columns, {std::string_view(table.name)}, [&](const Row& row) {
      table.columns.push_back({row.Text(0), row.Text(1), row.Int(2), row.Int(3) != 0});
    });
  }
  if (!rows) return rows.error();
  return tables;
}

// All rows, some at a time, in the order of the key.
Status ForEachRow(Connection& connection, const Table& table,
                  const std::function<Status(std::vector<Cells>&)>& use) {
  const std::vector<std::size_t> key = table.Key();
  std::string order, places;
  for (const std::size_t i : key) {
    order += (order.empty() ? "" : ", ") + table.columns[i].name;
    places += places.empty() ? "$1" : ", $2";
  }
  FG_CHECK(key.size() <= 2);
  const std::string select = "SELECT " + table.Names() + " FROM " + table.name;
  const std::string tail =
      key.empty() ? "" : " ORDER BY " + order + " LIMIT " + std::to_string(kRowsAtOnce);
  const std::string next = select + " WHERE (" + order + ") > (" + places + ")" + tail;
  Cells last;
  for (bool first = true;; first = false) {
    std::vector<Cells> read;
    std::vector<Param> after;
    for (const Cell& cell : last) after.push_back(cell.AsParam());
    Result<std::int64_t> rows =
        connection.Run(first ? select + tail : next, after,
                       [&](const Row& row) { read.push_back(CellsOf(table, row)); });
    if (!rows) return rows.error();
    if (read.empty()) return base::Ok();
    last.clear();
    for (const std::size_t i : key) last.push_back(read.back()[i]);
    Status used = use(read);
    if (!used.ok() || key.empty()) return used;
  }
}

}  // namespace fiscalgate::store
