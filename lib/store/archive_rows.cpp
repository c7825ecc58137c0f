#include "lib/store/archive_rows.h"

#include <algorithm>

#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/store/trip.h"

namespace fiscalgate::store {
namespace {

using base::Result;
using base::Status;

constexpr int kTasksAtOnce = 200;
constexpr int kKeysAtOnce = 20'000;

// What belongs to a task, in the order of a line: the table, its name there, by what it is ordered,
// and whether it is looked up by keys of its own.
struct Part {
  std::string table, name, order;
  bool by_key = false;
};
const std::vector<Part>& Parts() {
  static const std::vector<Part> all = {
      {"package", "package", "task", false},
      {"attempt", "attempts", "task, number", false},
      {"command_result", "results", "task, place", false},
      {"event", "events", "seq", true},
      {"callback", "callbacks", "key", true},
      {"evidence", "evidence", "task, key", false},
  };
  return all;
}

void WriteRow(const Table& table, const Cells& cells, base::JsonWriter* writer) {
  writer->BeginObject();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = cells[i];
    writer->Key(table.columns[i].name);
    if (cell.kind == Cell::Kind::kNull) writer->Null();
    if (cell.kind == Cell::Kind::kNumber) writer->Int(cell.number);
    if (cell.kind == Cell::Kind::kText) writer->String(cell.text);
    if (cell.kind == Cell::Kind::kBytes) writer->String(base::HexEncode(cell.text));
  }
  writer->EndObject();
}

std::vector<std::int64_t> KeysOf(const Keys& keys, task::TaskSeq task) {
  std::vector<std::int64_t> found;
  auto at = std::lower_bound(keys.begin(), keys.end(), std::pair(task, std::int64_t{0}));
  for (; at != keys.end() && at->first == task; ++at) found.push_back(at->second);
  return found;
}

}  // namespace

struct TaskReader::Whole {
  Cells task;
  std::map<std::string, std::vector<Cells>> parts;  // by table
};

Result<TaskReader> TaskReader::Open(Connection& connection, const Dialect& dialect, Slice slice,
                                    NameOf name) {
  TaskReader reader(connection, slice, std::move(name));
  const std::string end = std::to_string(kFirstSeqWithMonth);
  if (slice.numbered) {
    reader.which_ = "month = " + std::to_string(slice.month);
  } else {
    reader.which_ = "seq < " + end + " AND state >= 10 AND accepted_at >= " +
                    std::to_string(base::ToMillis(BeginOf(slice.month))) + " AND accepted_at < " +
                    std::to_string(base::ToMillis(BeginOf(slice.month + 1)));
    // Where months are kept apart those that are over have one of their own.
    if (!dialect.month_tables.empty()) reader.which_ += " AND month = 1";
  }
  Status found = reader.FindTables(dialect);
  if (found.ok()) found = reader.FindKeys();
  if (!found) return found.error();
  return reader;
}

Status TaskReader::FindTables(const Dialect& dialect) {
  Result<std::vector<Table>> all = ReadTables(connection_, dialect);
  if (!all) return all.error();
  for (Table& table : *all) {
    const std::string name = table.name;
    tables_.emplace(name, std::move(table));
  }
  return base::Ok();
}

// Events and callbacks have no index of tasks: looked through once, not for every task.
Status TaskReader::FindKeys() {
  Status found = FindKeys("event", "seq", &events_);
  return found.ok() ? FindKeys("callback", "key", &callbacks_) : found;
}

Status TaskReader::FindKeys(const std::string& table, const std::string& key, Keys* keys) {
  task::TaskSeq first = FirstSeqOf(slice_.month), last = FirstSeqOf(slice_.month + 1) - 1;
  if (!slice_.numbered) {
    Result<std::int64_t> rows =
        connection_.Run("SELECT coalesce(min(seq), 0), coalesce(max(seq), -1) FROM " +
                            name_("task") + " WHERE " + which_,
                        {}, [&](const Row& row) {
                          first = row.Int(0);
                          last = row.Int(1);
                        });
    if (!rows) return rows.error();
  }
  const std::string next = "SELECT " + key + ", task FROM " + table + " WHERE " + key +
                           " > $1 AND task >= $2 AND task <= $3 ORDER BY " + key + " LIMIT " +
                           std::to_string(kKeysAtOnce);
  for (std::int64_t after = 0;;) {
    Result<std::int64_t> rows = connection_.Run(next, {after, first, last}, [&](const Row& row) {
      after = row.Int(0);
      keys->emplace_back(row.Int(1), after);
    });
    if (!rows) return rows.error();
    if (*rows < kKeysAtOnce) break;
  }
  std::sort(keys->begin(), keys->end());
  return base::Ok();
}

Result<std::vector<TaskLine>> TaskReader::Next(task::TaskSeq after) {
  std::vector<Cells> tasks;
  const Table& table = Of("task");
  Result<std::int64_t> rows =
      connection_.Run("SELECT " + table.Names() + " FROM " + name_("task") + " WHERE " + which_ +
                          " AND seq > $1 ORDER BY seq LIMIT " + std::to_string(kTasksAtOnce),
                      {after}, [&](const Row& row) { tasks.push_back(CellsOf(table, row)); });
  if (!rows) return rows.error();
  return Complete(std::move(tasks));
}

Result<std::vector<TaskLine>> TaskReader::Read(const std::vector<task::TaskSeq>& tasks) {
  std::vector<Cells> found;
  const Table& table = Of("task");
  const std::string select =
      "SELECT " + table.Names() + " FROM " + name_("task") + " WHERE seq = $1 AND " + which_;
  Trip trip;
  for (const task::TaskSeq seq : tasks) {
    trip.Add(select, {seq}, [&](const Row& row) { found.push_back(CellsOf(table, row)); });
  }
  Status read = trip.Run(connection_);
  if (!read) return read.error();
  return Complete(std::move(found));
}

Status TaskReader::ReadChildren(Wholes* wholes) {
  Trip trip;
  const std::string_view first_to_last = " WHERE task >= $1 AND task <= $2 ORDER BY ";
  const std::vector<Param> range = {wholes->begin()->first, wholes->rbegin()->first};
  for (const Part& part : Parts()) {
    const Table& table = Of(part.table);
    const std::size_t place = table.PlaceOf("task");
    const auto keep = [wholes, &table, place](const Row& row) {
      Cells cells = CellsOf(table, row);
      const auto whole = wholes->find(cells[place].number);
      if (whole == wholes->end()) return;  // of a task between them
      whole->second.parts[table.name].push_back(std::move(cells));
    };
    const std::string select = "SELECT " + table.Names() + " FROM ";
    if (!part.by_key) {
      trip.Add(trip.Keep(select + name_(part.table) + std::string(first_to_last) + part.order),
               range, keep);
      continue;
    }
    const std::string_view one =
        trip.Keep(select + part.table + " WHERE " + part.order + " = $1 AND task = $2");
    const Keys& keys = part.table == "event" ? events_ : callbacks_;
    for (const auto& [seq, whole] : *wholes) {
      for (const std::int64_t key : KeysOf(keys, seq)) trip.Add(one, {key, seq}, keep);
    }
  }
  return trip.Run(connection_);
}

Result<std::vector<TaskLine>> TaskReader::Complete(std::vector<Cells> tasks) {
  std::vector<TaskLine> lines;
  if (tasks.empty()) return lines;
  const Table& table = Of("task");
  Wholes wholes;
  for (Cells& cells : tasks) {
    const task::TaskSeq seq = cells[table.PlaceOf("seq")].number;
    wholes[seq].task = std::move(cells);
  }
  Status read = ReadChildren(&wholes);
  if (!read) return read.error();
  for (auto& [seq, whole] : wholes) {
    TaskLine& line = lines.emplace_back();
    line.seq = seq;
    base::JsonWriter writer;
    writer.BeginObject().Key("task");
    WriteRow(table, whole.task, &writer);
    ++line.rows["task"];
    for (const Part& part : Parts()) {
      const std::vector<Cells>& rows = whole.parts[part.table];
      writer.Key(part.name).BeginArray();
      for (const Cells& cells : rows) WriteRow(Of(part.table), cells, &writer);
      writer.EndArray();
      line.rows[part.table] += static_cast<std::int64_t>(rows.size());
    }
    line.text = writer.EndObject().Take();
    line.events = KeysOf(events_, seq);
    line.callbacks = KeysOf(callbacks_, seq);
  }
  return lines;
}

}  // namespace fiscalgate::store
