// Tables as they are, whatever is in them: for what is done to a store as a whole. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/store/connection.h"
#include "lib/store/dialect.h"

namespace fiscalgate::store {

struct Column {
  std::string name, type;
  std::int64_t key_place = 0;  // in the primary key; 0: not in it
  bool counts = false;         // its values come from a counter
};

struct Table {
  std::string name;
  std::vector<Column> columns;

  std::string Names() const;  // of the columns, for a SELECT
  // Places of the columns of the key, in its order.
  std::vector<std::size_t> Key() const;
  // Place of a column that is there.
  std::size_t PlaceOf(std::string_view column) const;
};

// One value of a row, with what belongs to it.
struct Cell {
  enum class Kind { kNull, kNumber, kText, kBytes };
  Kind kind = Kind::kNull;
  std::int64_t number = 0;
  std::string text;

  Param AsParam() const;  // viewed
};
using Cells = std::vector<Cell>;
// Of a row with all columns, in their order.
Cells CellsOf(const Table& table, const Row& row);

// Of rows in any order: each row has a hash, and hashes are added.
class Sum {
 public:
  void Add(const Cells& cells);
  std::int64_t rows() const { return rows_; }
  std::string Text() const;
  bool operator==(const Sum&) const = default;

 private:
  std::array<std::uint64_t, 2> parts_{};
  std::int64_t rows_ = 0;
};

// All tables of the store; those that others are parts of as one.
base::Result<std::vector<Table>> ReadTables(Connection& connection, const Dialect& dialect);

// All rows, some at a time, in the order of the key.
base::Status ForEachRow(Connection& connection, const Table& table,
                        const std::function<base::Status(std::vector<Cells>&)>& use);

}  // namespace fiscalgate::store
