// Tasks that are over, each with everything that belongs to it, as a line of an archive. The same
// rows always make the same line. One thread; the caller's transaction, or none.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/store/dialect.h"
#include "lib/store/month.h"
#include "lib/store/tables.h"

namespace fiscalgate::store {

// Tasks of a month are of two kinds: those whose numbers tell it, and those whose time does.
struct Slice {
  Month month = 0;
  bool numbered = false;
};

// Keys of rows, by their tasks; sorted.
using Keys = std::vector<std::pair<task::TaskSeq, std::int64_t>>;

struct TaskLine {
  task::TaskSeq seq = 0;
  std::string text;                             // JSON, without the end of the line
  std::map<std::string, std::int64_t> rows;     // how many of which table are in it
  std::vector<std::int64_t> events, callbacks;  // their keys
};

class TaskReader {
 public:
  // `name`: where a table's rows of the slice are now; mostly in the table.
  using NameOf = std::function<std::string(const std::string& table)>;
  static base::Result<TaskReader> Open(Connection& connection, const Dialect& dialect, Slice slice,
                                       NameOf name);

  // The next tasks after that one, some at a time; none: there are no more.
  base::Result<std::vector<TaskLine>> Next(task::TaskSeq after);
  // Of these: those that are still there and over.
  base::Result<std::vector<TaskLine>> Read(const std::vector<task::TaskSeq>& tasks);

 private:
  struct Whole;
  using Wholes = std::map<task::TaskSeq, Whole>;
  TaskReader(Connection& connection, Slice slice, NameOf name)
      : connection_(connection), slice_(slice), name_(std::move(name)) {}
  base::Status FindTables(const Dialect& dialect);
  base::Status FindKeys();
  base::Status FindKeys(const std::string& table, const std::string& key, Keys* keys);
  base::Result<std::vector<TaskLine>> Complete(std::vector<Cells> tasks);
  base::Status ReadChildren(Wholes* wholes);
  const Table& Of(const std::string& table) const { return tables_.at(table); }

  Connection& connection_;
  Slice slice_;
  NameOf name_;
  std::map<std::string, Table> tables_;
  Keys events_, callbacks_;
  std::string which_;  // of the slice, as a condition
};

}  // namespace fiscalgate::store
