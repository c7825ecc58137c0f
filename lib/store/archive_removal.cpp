#include "lib/store/archive_removal.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

constexpr int kRowsAtOnce = 500;
constexpr int kRuns = 20;  // of one batch that others stand in the way of
constexpr std::chrono::milliseconds kBetweenRuns{250};
// Between two batches the gateway's writer gets its turn.
constexpr std::chrono::milliseconds kBetweenBatches{10};

void Wait(std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable nobody;
  std::unique_lock lock(mutex);
  nobody.wait_for(lock, time);
}

// Numbers of events go on where they were, also if the last ones are gone.
constexpr std::string_view kKeepLastEvent =
    "UPDATE meta SET value = (SELECT coalesce(max(seq), 0) FROM event) WHERE name = 'last_event' "
    "AND value < (SELECT coalesce(max(seq), 0) FROM event)";

}  // namespace

Status InTransaction(Connection& connection, const std::function<Status()>& work) {
  for (int run = 1;; ++run) {
    Status done = connection.Begin();
    if (done.ok()) done = work();
    const bool worked = done.ok();
    if (worked) done = connection.Commit();
    if (done.ok()) return done;
    connection.Rollback();
    const bool at_once = done.error().retry == base::Retry::kAtOnce;
    const bool later = !worked && done.error().code == Code::kUnavailable;
    if (!(at_once || later) || run == kRuns) return done;
    if (!at_once) Wait(kBetweenRuns);
  }
}

void LetOthersIn() { Wait(kBetweenBatches); }

Removal::Removal(const Dialect& dialect, bool parts)
    : keeps_orders_(dialect.orders != "task"), parts_(parts) {
  trip_.Add(kKeepLastEvent, {});
}

void Removal::Add(const TaskLine& line) {
  const std::vector<Param> task = {line.seq};
  // What is left of it: that there was such an order.
  if (!keeps_orders_) {
    trip_.Add(
        "INSERT INTO task_order (shop, order_id, seq) SELECT shop, order_id, seq FROM task "
        "WHERE seq = $1 ON CONFLICT DO NOTHING",
        task);
  }
  for (const std::int64_t key : line.events) trip_.Add("DELETE FROM event WHERE seq = $1", {key});
  for (const std::int64_t key : line.callbacks) {
    ++callbacks_;
    trip_.Add("DELETE FROM callback WHERE key = $1 AND state <> 0 RETURNING key", {key},
              [this](const Row&) { ++callbacks_gone_; });
  }
  trip_.Add("DELETE FROM evidence WHERE task = $1", task);
  trip_.Add("DELETE FROM command_result WHERE task = $1", task);
  trip_.Add("DELETE FROM attempt WHERE task = $1", task);
  trip_.Add("DELETE FROM package WHERE task = $1", task);
  trip_.Add(
      parts_ ? "DELETE FROM task WHERE seq = $1 AND month = 1" : "DELETE FROM task WHERE seq = $1",
      task);
}

Status Removal::Run(Connection& connection) {
  Status done = trip_.Run(connection);
  if (!done || callbacks_gone_ == callbacks_) return done;
  return Error{Code::kConflict, "a callback is replayed just now", base::Retry::kAtOnce};
}

Status Sweep(Connection& connection, Month month, const std::function<void(std::int64_t)>& tell) {
  const Param first = FirstSeqOf(month), end = FirstSeqOf(month + 1);
  for (const auto& [table, key] : {std::pair<std::string, std::string>{"event", "seq"},
                                   std::pair<std::string, std::string>{"callback", "key"}}) {
    const std::string find = "SELECT " + key + " FROM " + table + " WHERE " + key +
                             " > $1 AND task >= $2 AND task < $3 ORDER BY " + key + " LIMIT " +
                             std::to_string(kRowsAtOnce);
    const std::string remove = "DELETE FROM " + table + " WHERE " + key + " = $1";
    std::int64_t rows = 0;
    for (std::int64_t after = 0;;) {
      std::vector<std::int64_t> keys;
      Result<std::int64_t> found = connection.Run(
          find, {after, first, end}, [&](const Row& row) { keys.push_back(row.Int(0)); });
      if (!found) return found.error();
      if (keys.empty()) break;
      Trip trip;
      for (const std::int64_t each : keys) trip.Add(remove, {each});
      Status removed = InTransaction(connection, [&] { return trip.Run(connection); });
      if (!removed) return removed;
      after = keys.back();
      rows += *found;
      if (tell) tell(rows);
      LetOthersIn();
    }
  }
  return base::Ok();
}

}  // namespace fiscalgate::store
