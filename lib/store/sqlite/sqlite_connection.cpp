#include "lib/store/sqlite/sqlite_connection.h"

#include <sqlite3.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>
#include <unordered_map>

#include "lib/store/sqlite/files.h"

namespace fiscalgate::store::sqlite {
namespace {

using base::Code;
using base::Error;
using base::Ok;
using base::Result;
using base::Retry;
using base::Status;
using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kTurnOnWal = "PRAGMA journal_mode=WAL";
constexpr int kStepsBetweenTimeChecks = 10'000;  // of SQLite's byte code: about a millisecond

struct DatabaseClose {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct StatementFinalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using DatabasePtr = std::unique_ptr<sqlite3, DatabaseClose>;
using StatementPtr = std::unique_ptr<sqlite3_stmt, StatementFinalize>;

// SQLite counts placeholders in the order they appear; `slots` maps that to their numbers.
struct Prepared {
  std::string sql;
  StatementPtr statement;
  std::vector<std::size_t> slots;
};

class StatementRow final : public Row {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}
  std::int64_t Int(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string Text(int column) const override {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
  }
  bool IsNull(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }

 private:
  sqlite3_stmt* statement_;
};

// Brings a statement back to its start, so that no read stays open, and lets go of what was bound.
class ResetGuard {
 public:
  explicit ResetGuard(sqlite3_stmt* statement) : statement_(statement) {}
  ResetGuard(const ResetGuard&) = delete;
  ResetGuard& operator=(const ResetGuard&) = delete;
  ~ResetGuard() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

bool IsDiskFull(int code, int system_error) {
  if ((code & 0xff) == SQLITE_FULL) return true;
  // SQLite calls only ENOSPC full; a quota or a file size limit leaves the same clean state behind.
  return code == SQLITE_IOERR_WRITE &&
         (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG);
}

int Bind(sqlite3_stmt* statement, int slot, const Param& param) {
  struct Visitor {
    sqlite3_stmt* statement;
    int slot;
    int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, slot); }
    int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, slot, value); }
    int operator()(std::string_view text) const {
      const char* data = text.data() == nullptr ? "" : text.data();
      return sqlite3_bind_text64(statement, slot, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(Bytes bytes) const {
      const char* data = bytes.view.data() == nullptr ? "" : bytes.view.data();
      return sqlite3_bind_blob64(statement, slot, data, bytes.view.size(), SQLITE_STATIC);
    }
  };
  return std::visit(Visitor{statement, slot}, param);
}

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(DatabasePtr database, std::chrono::milliseconds read_timeout)
      : database_(std::move(database)), read_timeout_(read_timeout) {}

  Result<std::int64_t> Run(std::string_view sql, Params params,
                           const std::function<void(const Row&)>& on_row) override {
    const Prepared* prepared = Prepare(sql);
    if (prepared == nullptr) return LastError(sql);
    sqlite3_stmt* statement = prepared->statement.get();
    const ResetGuard guard(statement);
    FG_CHECK(prepared->slots.size() == params.size());
    for (std::size_t i = 0; i < prepared->slots.size(); ++i) {
      FG_CHECK(prepared->slots[i] < params.size());
      const Param& param = params[prepared->slots[i]];
      if (Bind(statement, static_cast<int>(i) + 1, param) != SQLITE_OK) return LastError(sql);
    }
    std::int64_t rows = 0;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      ++rows;
      if (on_row) on_row(StatementRow(statement));
    }
    if (code != SQLITE_DONE) return LastError(sql);
    return sqlite3_column_count(statement) > 0 ? rows : sqlite3_changes64(database_.get());
  }

  Status Begin() override { return Simple("BEGIN IMMEDIATE"); }
  Status BeginRead() override {
    deadline_ = SteadyClock::now() + read_timeout_;
    return Simple("BEGIN");
  }
  Status Commit() override { return Simple("COMMIT"); }
  void Rollback() override {
    deadline_ = SteadyClock::time_point::max();
    if (sqlite3_get_autocommit(database_.get()) != 0) return;
    // A rollback that fails leaves the transaction open; the next Begin says so.
    (void)Simple("ROLLBACK").ok();
  }

  // Only for readers: a writer is never stopped in mid-write.
  void LimitReads() {
    sqlite3_progress_handler(
        database_.get(), kStepsBetweenTimeChecks,
        [](void* self) -> int {
          return SteadyClock::now() > static_cast<SqliteConnection*>(self)->deadline_ ? 1 : 0;
        },
        this);
  }

 private:
  Status Simple(std::string_view sql) {
    Result<std::int64_t> done = Run(sql, {}, nullptr);
    if (!done) return done.error();
    return Ok();
  }

  const Prepared* Prepare(std::string_view sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second.get();
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return nullptr;
    auto prepared = std::make_unique<Prepared>();
    prepared->sql = sql;
    prepared->statement.reset(statement);
    const int count = sqlite3_bind_parameter_count(statement);
    for (int slot = 1; slot <= count; ++slot) {
      const char* name = sqlite3_bind_parameter_name(statement, slot);  // "$3"
      FG_CHECK(name != nullptr && name[0] == '$');
      std::size_t number = 0;
      std::from_chars(name + 1, name + std::strlen(name), number);
      FG_CHECK(number > 0);
      prepared->slots.push_back(number - 1);
    }
    const std::string_view key = prepared->sql;
    return statements_.emplace(key, std::move(prepared)).first->second.get();
  }

  // Names the statement by its beginning; values never appear in it.
  Error LastError(std::string_view sql) const {
    const int code = sqlite3_extended_errcode(database_.get());
    const int system_error = sqlite3_system_errno(database_.get());
    std::string what = "sqlite: " + std::string(sqlite3_errmsg(database_.get())) + " (" +
                       std::to_string(code) + ") in \"" + std::string(sql.substr(0, 40)) + "\"";
    if (IsDiskFull(code, system_error)) {
      return Error{Code::kUnavailable, "the disk is full: " + what, Retry::kLater};
    }
    switch (code & 0xff) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        return Error{Code::kUnavailable, "another process holds the store: " + what, Retry::kLater};
      case SQLITE_CONSTRAINT:
        return Error{Code::kConflict, what};
      case SQLITE_INTERRUPT:
        return Error{Code::kTimeout, "the question took too long, ask for less: " + what};
      default:
        return Error{Code::kInternal, what};
    }
  }

  // Before statements_: it must outlive them.
  DatabasePtr database_;
  std::chrono::milliseconds read_timeout_;
  SteadyClock::time_point deadline_ = SteadyClock::time_point::max();
  std::unordered_map<std::string_view, std::unique_ptr<Prepared>> statements_;
};

Status Configure(Connection& connection, Access access, const Settings& settings) {
  const std::string cache =
      std::to_string(access == Access::kWrite ? settings.write_cache_kib : settings.read_cache_kib);
  std::vector<std::string> pragmas = {"PRAGMA cache_size=-" + cache, "PRAGMA temp_store=MEMORY",
                                      "PRAGMA mmap_size=0", "PRAGMA trusted_schema=OFF"};
  if (access == Access::kWrite) {
    pragmas.insert(pragmas.begin(), "PRAGMA page_size=" + std::to_string(settings.page_bytes));
    pragmas.insert(pragmas.end(),
                   {std::string(kTurnOnWal), "PRAGMA synchronous=FULL",
                    "PRAGMA wal_autocheckpoint=" + std::to_string(settings.checkpoint_pages),
                    "PRAGMA journal_size_limit=67108864", "PRAGMA foreign_keys=ON"});
  }
  for (const std::string& pragma : pragmas) {
    std::string answer;
    Result<std::int64_t> done =
        connection.Run(pragma, {}, [&](const Row& row) { answer = row.Text(0); });
    if (!done) return done.error();
    // Some file systems cannot share memory between processes; then another mode is kept quietly.
    if (pragma == kTurnOnWal && answer != "wal") {
      return Error{Code::kInternal, "this file system cannot hold a WAL database"};
    }
  }
  return Ok();
}

// Its counters are behind one process-wide mutex that every allocation of every thread takes.
void TurnOffMemoryCounters() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

Result<std::unique_ptr<Connection>> Connect(const std::string& path, Access access,
                                            const Settings& settings) {
  TurnOffMemoryCounters();
  if (access == Access::kWrite) {
    Status created = CreateFile(path);
    if (!created) return created.error();
  }
  const int flags = (access == Access::kWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  DatabasePtr database(handle);
  if (code != SQLITE_OK) {
    const int error = handle == nullptr ? ENOMEM : sqlite3_system_errno(handle);
    return FileError(path, error == 0 ? EIO : error);
  }
  sqlite3_busy_timeout(handle, static_cast<int>(settings.busy_timeout.count()));
  auto connection = std::make_unique<SqliteConnection>(std::move(database), settings.read_timeout);
  Status configured = Configure(*connection, access, settings);
  if (!configured) {
    Error error = configured.error();
    error.what = "store file " + path + ": " + error.what;
    if (sqlite3_errcode(handle) == SQLITE_NOTADB) error.code = Code::kMalformed;
    return error;
  }
  if (access == Access::kRead) connection->LimitReads();
  return std::unique_ptr<Connection>(std::move(connection));
}

std::string LibraryVersion() { return std::string("SQLite ") + sqlite3_libversion(); }

Dialect SqliteDialect() {
  Dialect dialect;
  dialect.serial_key = "INTEGER PRIMARY KEY";
  dialect.bytes = "BLOB";
  dialect.clustered = "WITHOUT ROWID";
  // Numbers of events are never used again, also when the last ones were archived.
  dialect.event_numbers =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) "
      "SELECT max((SELECT coalesce(max(seq), 0) FROM event), "
      "(SELECT value FROM meta WHERE name = 'last_event')) + i FROM n";
  dialect.callback_numbers =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) "
      "SELECT (SELECT coalesce(max(key), 0) FROM callback) + i FROM n";
  dialect.tables =
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
      "ORDER BY name";
  dialect.columns = "SELECT name, type, pk, 0 FROM pragma_table_info($1) ORDER BY cid";
  return dialect;
}

}  // namespace fiscalgate::store::sqlite
