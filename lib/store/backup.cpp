#include "lib/store/backup.h"

#include <sys/stat.h>

#include <cerrno>
#include <memory>

#include "lib/store/migrations.h"
#include "lib/store/postgres/address.h"
#include "lib/store/restored.h"
#include "lib/store/sql_store.h"
#include "lib/store/sqlite/sqlite_connection.h"
#include "lib/store/sqlite/whole.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using sqlite::PartFile;

constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kTakenAt = "backup_taken_at";  // a row of meta

bool IsSqlite(const std::string& url) { return url.rfind(kSqlite, 0) == 0; }
std::string PathOf(const std::string& url) { return url.substr(kSqlite.size()); }

bool IsSameFile(const std::string& a, const std::string& b) {
  struct stat of_a {
  }, of_b{};
  return ::stat(a.c_str(), &of_a) == 0 && ::stat(b.c_str(), &of_b) == 0 &&
         of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

std::int64_t SizeOf(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::int64_t>(info.st_size) : 0;
}

// What a server's own tools are called with; a password is not shown.
Error OfServer(const std::string& url, const std::string& file, bool back) {
  const auto address = postgres::Address::Parse(url);
  if (!address) return address.error();
  const std::string where = address->ForTools();
  const std::string how =
      back ? "stop all gateways, then: pg_restore --clean --if-exists --no-owner " + where + " " +
                 file + ", then: fiscalgate admin restore --in-place"
           : "pg_dump --format=custom " + where + " --file=" + file +
                 " (or pg_basebackup with an archive of the WAL, for any moment)";
  return Error{Code::kInvalid,
               "a PostgreSQL store is kept and brought back by its own tools: " + how};
}

Status Summarise(Connection& connection, StoreSummary* summary) {
  const struct {
    std::string_view sql;
    std::int64_t* answer;
  } questions[] = {
      {"SELECT count(*) FROM shop", &summary->shops},
      {"SELECT count(*) FROM register", &summary->registers},
      {"SELECT count(*) FROM task", &summary->tasks},
      {"SELECT count(*) FROM task WHERE state = 0", &summary->queued},
      {"SELECT count(*) FROM task WHERE state IN (1, 2)", &summary->in_flight},
      {"SELECT count(*) FROM task WHERE state = 3", &summary->unknown},
      {"SELECT count(*) FROM callback WHERE state = 0", &summary->callbacks_pending},
  };
  for (const auto& question : questions) {
    Result<std::int64_t> rows =
        connection.Run(question.sql, {}, [&](const Row& row) { *question.answer = row.Int(0); });
    if (!rows) return rows.error();
  }
  return base::Ok();
}

Result<int> VersionOf(Connection& connection, const std::string& path) {
  Result<int> version = SchemaVersion(connection);
  if (version.ok() && *version == 0) {
    return Error{Code::kInvalid, path + " is not a store of fiscalgate"};
  }
  return version;
}

Status InTransaction(Connection& connection, const std::function<Status()>& work) {
  Status done = connection.Begin();
  if (!done) return done;
  done = work();
  if (done.ok()) done = connection.Commit();
  if (!done) connection.Rollback();
  return done;
}

Status NoteTime(Connection& connection, WallTime taken_at) {
  Result<std::int64_t> rows = connection.Run(
      "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET "
      "value = excluded.value",
      {kTakenAt, base::ToMillis(taken_at)});
  return rows ? base::Ok() : Status(rows.error());
}

Status ForgetTime(Connection& connection) {
  Result<std::int64_t> rows = connection.Run("DELETE FROM meta WHERE name = $1", {kTakenAt});
  return rows ? base::Ok() : Status(rows.error());
}

// When the copy was made, by the copy; else when it was changed last.
Status FindTime(Connection& connection, Restored* restored) {
  Result<std::int64_t> rows =
      connection.Run("SELECT value FROM meta WHERE name = $1", {kTakenAt},
                     [&](const Row& row) { restored->taken_at = base::FromMillis(row.Int(0)); });
  if (!rows) return rows.error();
  restored->time_is_known = *rows > 0;
  if (restored->time_is_known) return base::Ok();
  rows = connection.Run("SELECT coalesce(max(changed_at), 0) FROM task", {},
                        [&](const Row& row) { restored->taken_at = base::FromMillis(row.Int(0)); });
  return rows ? base::Ok() : Status(rows.error());
}

Result<BackupMade> FinishBackup(PartFile& part, WallTime now) {
  BackupMade made;
  made.taken_at = now;
  {
    Result<std::unique_ptr<Connection>> copy = sqlite::Connect(part.path(), sqlite::Access::kWrite);
    if (!copy) return copy.error();
    Result<int> version = VersionOf(**copy, part.path());
    if (!version) return version.error();
    made.summary.schema = *version;
    Status noted = NoteTime(**copy, now);
    if (noted.ok()) noted = Summarise(**copy, &made.summary);
    if (!noted) return noted.error();
  }
  Status single = sqlite::MakeSingle(part.path());
  if (!single) return single.error();
  made.summary.bytes = SizeOf(part.path());
  return made;
}

// The copy, as it will be: what it must not be believed is taken from it.
Status MakeReady(Connection& copy, const RestoreOrder& order, const base::KeyRing& keys,
                 const Dialect& dialect, Restored* restored) {
  const std::string& name = order.from.empty() ? order.to : order.from;
  Result<int> version = VersionOf(copy, name);
  if (!version) return version.error();
  Status done = CheckKey(copy, keys);
  if (done.ok()) done = Migrate(copy, dialect);
  if (done.ok()) done = FindTime(copy, restored);
  if (!done) return done;
  if (base::ToMillis(restored->taken_at) == 0) restored->taken_at = order.now;
  done = InTransaction(copy, [&]() -> Status {
    Status forgotten = ForgetTime(copy);
    if (!forgotten.ok() || order.as_is) return forgotten;
    Result<std::int64_t> unknown =
        DistrustCopy(copy, dialect, order.write_result, {restored->taken_at, order.who, order.now});
    if (!unknown) return unknown.error();
    restored->made_unknown = *unknown;
    return base::Ok();
  });
  if (!done) return done;
  restored->summary.schema = NewestSchemaVersion();
  return Summarise(copy, &restored->summary);
}

// What is there now: held, so that no gateway starts on it.
struct Present {
  bool is_there = false, is_empty = true;
  std::unique_ptr<sqlite::Alone> alone;  // none of a broken one
};

Result<Present> HoldPresent(const std::string& path, bool force) {
  Present present;
  present.is_there = sqlite::Exists(path);
  if (!present.is_there || SizeOf(path) == 0) return present;
  Result<std::unique_ptr<sqlite::Alone>> alone = sqlite::Alone::Hold(path);
  if (!alone.ok() && alone.error().code != Code::kMalformed) return alone.error();
  if (alone.ok()) {
    present.alone = std::move(*alone);
    present.is_empty = present.alone->Number("SELECT count(*) FROM shop") == 0 &&
                       present.alone->Number("SELECT count(*) FROM register") == 0;
  } else {
    const std::string user = sqlite::UserOf(path);
    if (!user.empty()) return sqlite::InUse(path, user);
    present.is_empty = false;
  }
  if (present.is_empty || force) return present;
  return Error{Code::kConflict,
               "there is a store at " + path + " already; --force keeps it aside and goes on"};
}

Status PutInPlace(PartFile& part, const std::string& path, const Present& present,
                  const std::string& aside) {
  Status done = base::Ok();
  if (!present.is_empty) done = sqlite::AddName(path, aside);
  // What a broken store, or one that was deleted, has left: it would be taken for part of this one.
  if (done.ok() && sqlite::Exists(path + "-wal")) {
    done = sqlite::Rename(path + "-wal", aside + "-wal");
  }
  if (done.ok()) done = sqlite::Remove(path + "-shm");
  return done.ok() ? part.Keep(path, present.is_there) : done;
}

std::string AsideOf(const std::string& path, WallTime now) {
  std::string name = path + ".before-restore-" + base::FormatUtc(now);
  std::erase(name, ':');
  return name;
}

Result<Restored> RestoreFile(const RestoreOrder& order, const base::KeyRing& keys,
                             const CopyProgress& progress) {
  const std::string path = PathOf(order.to);
  if (!sqlite::Exists(order.from)) return sqlite::FileError(order.from, ENOENT);
  if (IsSameFile(order.from, path)) {
    return Error{Code::kInvalid, order.from + " is the store itself"};
  }
  Result<Present> present = HoldPresent(path, order.force);
  if (!present) return present.error();
  Result<std::unique_ptr<PartFile>> part = PartFile::Create(path, ".restoring");
  if (!part) return part.error();
  Status done = sqlite::CopyWhole(order.from, **part, progress);
  if (done.ok()) done = sqlite::CheckWhole((*part)->path());
  Restored restored;
  if (done.ok()) {
    Result<std::unique_ptr<Connection>> copy =
        sqlite::Connect((*part)->path(), sqlite::Access::kWrite);
    done = copy ? MakeReady(**copy, order, keys, sqlite::SqliteDialect(), &restored)
                : Status(copy.error());
  }
  if (done.ok()) done = sqlite::MakeSingle((*part)->path());
  if (!done) return done.error();
  const std::string aside = AsideOf(path, order.now);
  if (!present->is_empty) restored.kept_aside = aside;
  restored.summary.bytes = SizeOf((*part)->path());
  done = PutInPlace(**part, path, *present, aside);
  if (!done) return done.error();
  return restored;
}

// Gateways of any machine; they say who they are.
Status NobodyElseAt(Connection& server) {
  std::int64_t others = 0;
  Result<std::int64_t> rows = server.Run(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
      "AND pid <> pg_backend_pid() AND application_name LIKE 'fiscalgate%'",
      {}, [&](const Row& row) { others = row.Int(0); });
  if (!rows) return rows.error();
  if (others == 0) return base::Ok();
  return Error{Code::kConflict, "gateways are connected to this database (" +
                                    std::to_string(others) + " connections): stop them all first"};
}

Result<Restored> RestoreInPlace(const RestoreOrder& order, const base::KeyRing& keys) {
  Result<Engine> engine = EngineOf(order.to);
  if (!engine) return engine.error();
  if (IsSqlite(order.to)) {
    const auto alone = sqlite::Alone::Hold(PathOf(order.to));
    if (!alone) return alone.error();
  }
  Result<std::unique_ptr<Connection>> connection =
      engine->connect_migrator ? engine->connect_migrator() : engine->connect_writer();
  if (!connection) return connection.error();
  Status ready = IsSqlite(order.to) ? base::Ok() : NobodyElseAt(**connection);
  Restored restored;
  if (ready.ok()) ready = MakeReady(**connection, order, keys, engine->dialect, &restored);
  if (!ready) return ready.error();
  if (IsSqlite(order.to)) restored.summary.bytes = SizeOf(PathOf(order.to));
  return restored;
}

}  // namespace

Result<BackupMade> BackupStore(const std::string& url, const std::string& file, WallTime now,
                               const CopyProgress& progress) {
  Status known = Store::CheckUrl(url);
  if (!known) return known.error();
  if (!IsSqlite(url)) return OfServer(url, file, false);
  if (sqlite::Exists(file)) {
    return Error{Code::kConflict, file + " is there already; give another name"};
  }
  Result<std::unique_ptr<PartFile>> part = PartFile::Create(file, ".part");
  if (!part) return part.error();
  Status copied = sqlite::CopyWhole(PathOf(url), **part, progress);
  if (copied.ok()) copied = sqlite::CheckWhole((*part)->path());
  if (!copied) return copied.error();
  Result<BackupMade> made = FinishBackup(**part, now);
  if (!made) return made;
  Status kept = (*part)->Keep(file, false);
  if (!kept) return kept.error();
  return made;
}

Result<Restored> RestoreStore(const RestoreOrder& order, const base::KeyRing& keys,
                              const CopyProgress& progress) {
  Status known = Store::CheckUrl(order.to);
  if (!known) return known.error();
  if (order.from.empty()) return RestoreInPlace(order, keys);
  if (!IsSqlite(order.to)) return OfServer(order.to, order.from, true);
  return RestoreFile(order, keys, progress);
}

}  // namespace fiscalgate::store
