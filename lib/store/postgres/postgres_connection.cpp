#include "lib/store/postgres/postgres_connection.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/store/postgres/link.h"
#include "lib/store/postgres/month_tables.h"

namespace fiscalgate::store::postgres {
namespace {

using base::Code;
using base::Error;
using base::Ok;
using base::Result;
using base::Retry;
using base::Status;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr int kOldestServer = 150'000;
constexpr std::size_t kStatementsPerTrip = 128;  // so that what waits to be sent stays small
constexpr milliseconds kWithoutEnd{24 * 3600 * 1000};
constexpr std::chrono::seconds kRest{5};  // routers forget a connection after minutes
constexpr std::size_t kNameBytes = 12;

constexpr std::string_view kBegin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
constexpr std::string_view kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr std::string_view kCommit = "COMMIT";
constexpr std::string_view kRollback = "ROLLBACK";
// Each group leaves a row with its number. Whoever writes that row afterwards waits until the group
// is over, however it ends, and sees how: what stands there in the end is a time of the group, or
// one below zero of whoever asked, and then the group can never be committed. A row a group, for
// one row that changes with every group gets slower to change as long as anybody has a snapshot
// open.
constexpr std::string_view kMark =
    "INSERT INTO commit_mark (writer, number, marked_at) "
    "VALUES ($1, $2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)";
constexpr std::string_view kReadMark =
    "INSERT INTO commit_mark (writer, number, marked_at) "
    "VALUES ($1, $2, -(extract(epoch FROM clock_timestamp()) * 1000)::bigint) "
    "ON CONFLICT (writer, number) DO UPDATE SET marked_at = commit_mark.marked_at "
    "RETURNING marked_at";
constexpr std::string_view kForgetMarks =
    "DELETE FROM commit_mark WHERE abs(marked_at) < "
    "(extract(epoch FROM clock_timestamp()) * 1000)::bigint - 7 * 24 * 3600 * 1000::bigint";
// Some at a time; the range keeps it from walking over what was forgotten before.
constexpr std::int64_t kMarksKept = 1000;
constexpr std::string_view kForgetOwnMarks =
    "DELETE FROM commit_mark WHERE writer = $1 AND number > $2 - 2000 AND number <= $2 - 1000";
// What a server was told to do without for speed, receipts cannot do without.
// For this session, or ($4 = 1) for this transaction.
constexpr std::string_view kSettle =
    "SELECT set_config('statement_timeout', $1, $4 = 1), set_config('lock_timeout', $2, $4 = 1), "
    "set_config('idle_in_transaction_session_timeout', $3, $4 = 1), "
    "set_config('jit', 'off', $4 = 1), set_config('plan_cache_mode', $5, $4 = 1), "
    "set_config('enable_seqscan', $6, $4 = 1), set_config('enable_bitmapscan', $6, $4 = 1), "
    "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' "
    "THEN 'on' ELSE current_setting('synchronous_commit') END, $4 = 1)";

std::string RandomName() { return base::HexEncode(base::RandomBytes(kNameBytes)); }

class PostgresConnection final : public Connection {
 public:
  PostgresConnection(const Address& address, Access access, const Settings& settings)
      : address_(address), access_(access), settings_(settings), writer_(RandomName()) {
    const bool patient = access == Access::kMigrate;
    if (patient) settings_.patience = kWithoutEnd;
    limits_[0] = std::to_string(patient ? 0 : settings_.statement_timeout.count());
    limits_[1] = std::to_string(patient ? 60'000 : settings_.lock_timeout.count());
    limits_[2] = std::to_string(patient ? 0 : settings_.idle_timeout.count());
    // A plan is made once and kept. So it must be one that is good for any number of rows: one that
    // was made while a table was empty would read all of it for ever; and it looks which months it
    // needs when it runs.
    settle_ = {std::string_view(limits_[0]),
               std::string_view(limits_[1]),
               std::string_view(limits_[2]),
               std::int64_t{address_.pooled()},
               std::string_view(patient ? "auto" : "force_generic_plan"),
               std::string_view(patient ? "on" : "off")};
  }

  Status Open() {
    const Status opened = OpenLink();
    if (!opened.ok()) return opened;
    return access_ == Access::kWrite ? ForgetMarks() : Ok();
  }

  Result<std::int64_t> Run(std::string_view sql, Params params,
                           const std::function<void(const Row&)>& on_row) override {
    std::vector<Request> requests;
    requests.push_back({sql, params, &on_row});
    Status done = Exchange(&requests);
    if (!done) return done.error();
    return requests.back().rows;
  }

  Status RunAll(const std::vector<Statement>& statements) override {
    for (std::size_t from = 0; from < statements.size(); from += kStatementsPerTrip) {
      std::vector<Request> requests;
      const std::size_t to = std::min(from + kStatementsPerTrip, statements.size());
      for (std::size_t i = from; i < to; ++i) {
        requests.push_back({statements[i].sql, statements[i].params, &statements[i].on_row});
      }
      Status done = Exchange(&requests);
      if (!done) return done;
    }
    return Ok();
  }

  Status RunAllAndCommit(const std::vector<Statement>& statements) override;

  Status Begin() override {
    Status ready = Ready();
    if (!ready) return ready;
    begun_ = true;
    begins_ = {{kBegin}};
    if (address_.pooled()) begins_.push_back({kSettle, settle_});
    if (access_ == Access::kWrite) {
      ++number_;
      mark_ = {std::string_view(writer_), number_};
      begins_.push_back({kMark, mark_});
      if (number_ % kMarksKept == 0) begins_.push_back({kForgetOwnMarks, mark_});
    }
    return Ok();
  }

  Status BeginRead() override {
    Status ready = Ready();
    if (!ready) return ready;
    begun_ = true;
    begins_ = {{kBeginRead}};
    if (address_.pooled()) begins_.push_back({kSettle, settle_});
    return ready;
  }

  Status Commit() override;
  Result<bool> WasCommitted() override;

  void Rollback() override {
    begun_ = false;
    begins_.clear();
    if (!std::exchange(open_, false) || link_ == nullptr) return;
    link_->Tell(kRollback);
  }

 private:
  // A link to talk through.
  Status Ready() {
    FG_CHECK(!begun_);
    if (link_ != nullptr) return Ok();
    if (SteadyClock::now() < next_try_) {
      return Error{Code::kUnavailable, "the database cannot be reached", Retry::kLater};
    }
    return OpenLink();
  }

  Status OpenLink();
  Status CheckServer(Link& link);
  Status ForgetMarks();
  Status Exchange(std::vector<Request>* requests);
  Status EndOf(const std::optional<Failure>& failure, const Request& commit);
  Status Fail(const Failure& failure);
  void Drop(const Error& why);

  const Address address_;
  const Access access_;
  Settings settings_;
  const std::string writer_;  // of the mark
  std::int64_t number_ = 0;   // of the group, never used twice
  std::vector<Param> mark_;
  std::string limits_[3];      // as the server takes them
  std::vector<Param> settle_;  // views them
  std::unique_ptr<Link> link_;
  std::vector<Request> begins_;  // to be sent with the first statement
  bool begun_ = false;           // a transaction, as the caller sees it
  bool open_ = false;            // one at the server
  std::int64_t doubtful_ = 0;    // the group whose end is not known; 0: none
  SteadyClock::time_point next_try_{};
  SteadyClock::time_point used_at_{};  // the link, last
};

Status PostgresConnection::OpenLink() {
  Result<std::unique_ptr<Link>> link = Link::Open(address_);
  Status ready = link ? CheckServer(**link) : Status(link.error());
  if (!ready.ok()) {
    next_try_ = SteadyClock::now() + settings_.reconnect_pause;
    return ready;
  }
  link_ = std::move(*link);
  return Ok();
}

Status PostgresConnection::CheckServer(Link& link) {
  if (link.server_version() < kOldestServer) {
    return Error{Code::kInvalid, "the server at " + address_.shown() +
                                     " is older than PostgreSQL 15, the oldest that will do"};
  }
  if (link.Parameter("server_encoding") != "UTF8") {
    return Error{Code::kInvalid, "the database at " + address_.shown() +
                                     " is not encoded in UTF8: create one with ENCODING 'UTF8'"};
  }
  // Through a pooler this only shows that a server is behind it.
  std::vector<Request> requests = {{kSettle, settle_}};
  const std::optional<Failure> failure = link.Exchange(requests, settings_.patience);
  if (failure) return failure->error;
  return Ok();
}

// Of writers that ended long ago.
Status PostgresConnection::ForgetMarks() {
  std::vector<Request> requests = {{kForgetMarks}};
  return Exchange(&requests);
}

Status PostgresConnection::Exchange(std::vector<Request>* requests) {
  if (link_ == nullptr) {
    // The rest of a transaction is not for another connection.
    if (begun_) return Error{Code::kUnavailable, "the connection was lost", Retry::kLater};
    Status ready = Ready();
    if (!ready) return ready;
  }
  const bool first = !begins_.empty();
  requests->insert(requests->begin(), begins_.begin(), begins_.end());
  for (bool again = false;; again = true) {
    const std::optional<Failure> failure = link_->Exchange(*requests, settings_.patience);
    if (!failure) break;
    // A link that has rested may have been cut long ago; nothing has been done through it yet.
    if (first && !again && failure->link_is_over && link_->delivered() == 0) {
      Drop(failure->error);
      if (OpenLink().ok()) continue;
    }
    open_ = open_ || first;
    begins_.clear();
    return Fail(*failure);
  }
  open_ = open_ || first;
  begins_.clear();
  used_at_ = SteadyClock::now();
  return Ok();
}

Status PostgresConnection::Fail(const Failure& failure) {
  if (failure.link_is_over) Drop(failure.error);
  // A reader is told to ask for less; a group was too slow, and may be quicker later.
  if (access_ == Access::kWrite && failure.error.code == Code::kTimeout) {
    return Error{Code::kUnavailable, failure.error.what, Retry::kLater};
  }
  return failure.error;
}

void PostgresConnection::Drop(const Error& why) {
  if (link_ == nullptr) return;
  link_.reset();
  open_ = false;
  if (access_ == Access::kWrite) log::Warn("store_connection_lost", {{"error", why.what}});
}

Status PostgresConnection::Commit() {
  begun_ = false;
  if (!begins_.empty()) {  // nothing was done
    begins_.clear();
    return Ok();
  }
  if (link_ == nullptr || !open_) {
    return Error{Code::kUnavailable, "the connection was lost before the commit", Retry::kLater};
  }
  open_ = false;
  std::vector<Request> requests = {{kCommit}};
  const std::optional<Failure> failure = link_->Exchange(requests, settings_.patience);
  if (failure && !failure->link_is_over) {  // refused by the server in so many words
    return Error{Code::kUnavailable, failure->error.what,
                 failure->error.retry == Retry::kAtOnce ? Retry::kAtOnce : Retry::kLater};
  }
  return EndOf(failure, requests[0]);
}

// All in one trip: then whatever befalls the link leaves the commit in doubt. A link that has
// rested may have been cut long ago, which is better found out by what can simply be said again.
Status PostgresConnection::RunAllAndCommit(const std::vector<Statement>& statements) {
  const bool fits = !begins_.empty() && statements.size() <= kStatementsPerTrip;
  const bool fresh = SteadyClock::now() - used_at_ < kRest && link_ != nullptr && link_->is_quiet();
  if (!fits || !fresh) {
    Status done = RunAll(statements);
    return done.ok() ? Commit() : done;
  }
  std::vector<Request> requests = std::exchange(begins_, {});
  for (const Statement& statement : statements) {
    requests.push_back({statement.sql, statement.params, &statement.on_row});
  }
  requests.push_back({kCommit});
  const std::optional<Failure> failure = link_->Exchange(requests, settings_.patience);
  if (failure && !failure->link_is_over) {  // the server has passed over the commit
    open_ = true;
    return Fail(*failure);
  }
  begun_ = false;
  return EndOf(failure, requests.back());
}

// What became of a commit that the server has not refused.
Status PostgresConnection::EndOf(const std::optional<Failure>& failure, const Request& commit) {
  if (!failure && commit.tag == "COMMIT" && !link_->warned()) {
    used_at_ = SteadyClock::now();
    return Ok();
  }
  if (!failure && commit.tag == "ROLLBACK") {
    return Error{Code::kInternal, "a failed statement was passed over in a group"};
  }
  const Error why =
      failure ? failure->error
              : Error{Code::kUnavailable, "the server warned while it committed", Retry::kLater};
  Drop(why);
  if (access_ != Access::kWrite) return why;
  doubtful_ = number_;
  return Error{Code::kUnavailable, "nobody knows whether the group was committed: " + why.what,
               Retry::kUnknown};
}

Result<bool> PostgresConnection::WasCommitted() {
  FG_CHECK(doubtful_ != 0);
  if (link_ == nullptr) {
    Status ready = Ready();
    if (!ready) return ready.error();
  }
  std::int64_t marked_at = 0;
  const std::function<void(const Row&)> read = [&](const Row& row) { marked_at = row.Int(0); };
  const std::vector<Param> values = {std::string_view(writer_), doubtful_};
  std::vector<Request> requests = {{kBegin}, {kReadMark, values, &read}, {kCommit}};
  if (address_.pooled()) requests.insert(requests.begin() + 1, {kSettle, settle_});
  const std::optional<Failure> failure = link_->Exchange(requests, settings_.patience);
  // This commit stands after the other in the log of the server: what makes it safe has made the
  // other safe, too. So it must be one without a warning.
  if (failure || requests.back().tag != "COMMIT" || link_->warned()) {
    const Error why =
        failure ? failure->error : Error{Code::kUnavailable, "the server warned", Retry::kLater};
    Drop(why);
    return Error{Code::kUnavailable, why.what, Retry::kLater};
  }
  doubtful_ = 0;
  return marked_at > 0;
}

}  // namespace

Result<std::unique_ptr<Connection>> Connect(const Address& address, Access access,
                                            const Settings& settings) {
  auto connection = std::make_unique<PostgresConnection>(address, access, settings);
  Status opened = connection->Open();
  if (!opened) return opened.error();
  return std::unique_ptr<Connection>(std::move(connection));
}

Dialect PostgresDialect() {
  Dialect dialect;
  dialect.serial_key = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
  dialect.bytes = "BYTEA";
  dialect.clustered = "";
  dialect.event_numbers = "SELECT nextval('event_seq_seq') FROM generate_series(1, $1)";
  dialect.callback_numbers = "SELECT nextval('callback_key_seq') FROM generate_series(1, $1)";
  dialect.orders = "task_order";
  dialect.month_tables = MonthTables();
  dialect.tables =
      "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
      "ORDER BY 1";
  dialect.columns =
      "SELECT a.attname::text, format_type(a.atttypid, NULL)::text, "
      "coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0), "
      "CASE WHEN pg_get_serial_sequence($1, a.attname) IS NULL THEN 0 ELSE 1 END "
      "FROM pg_attribute a "
      "LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary "
      "WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped "
      "ORDER BY a.attnum";
  dialect.restart_counter =
      "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), 1 + greatest("
      "(SELECT max({column}) FROM {table}), "
      "(SELECT value FROM meta WHERE name = 'last_{table}'), 0), false)";
  dialect.shared = true;
  dialect.short_waits = "SET LOCAL lock_timeout = '300ms'";
  dialect.migration_lock = "SELECT pg_advisory_xact_lock(7021954)";
  return dialect;
}

}  // namespace fiscalgate::store::postgres
