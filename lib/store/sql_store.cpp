#include "lib/store/sql_store.h"

#include <cstdlib>

#include "lib/base/log.h"
#include "lib/store/migrations.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kKeyCheckPlace = "meta/key_check";

// What is on the disk is the truth: the next start reads it. Nothing here could repair it.
[[noreturn]] void EndProcess(const Error& error) {
  log::Error("store_failed", {{"error", error.what}});
  log::Flush();
  std::_Exit(EXIT_FAILURE);
}

Writer::OnFatal FatalOf(const Options& options) {
  if (options.on_fatal) return options.on_fatal;
  return EndProcess;
}

Status NewKeyCheck(Connection& connection, const base::KeyRing& keys) {
  const std::string sealed = keys.Seal(base::Secret("fiscalgate"), kKeyCheckPlace);
  Result<std::int64_t> rows = connection.Run(
      "INSERT INTO meta (name, sealed) VALUES ('key_check', $1) ON CONFLICT DO NOTHING",
      {Bytes{sealed}});
  if (!rows) return rows.error();
  return base::Ok();
}

Status MakeMonthsOn(Connection& connection, const MonthParts& parts) {
  Status made = parts.Make(connection);
  if (!made) log::Warn("months_not_made", {{"error", made.error().what}});
  return made;
}

Result<std::unique_ptr<Connection>> ConnectMigrated(const Engine& engine) {
  const bool apart = static_cast<bool>(engine.connect_migrator);
  Result<std::unique_ptr<Connection>> migrating =
      apart ? engine.connect_migrator() : engine.connect_writer();
  if (!migrating) return migrating;
  // Before the tables change: parts that are out of sight do not change with them.
  Status back = PutBackMonths(engine, **migrating);
  if (!back) log::Warn("months_not_put_back", {{"error", back.error().what}});
  Status migrated = Migrate(**migrating, engine.dialect);
  if (!migrated) return migrated.error();
  // Where there is no place for a month, its tasks are kept with the rest.
  if (engine.month_parts) (void)MakeMonthsOn(**migrating, *engine.month_parts).ok();
  return apart ? engine.connect_writer() : std::move(migrating);
}

}  // namespace

Status PutBackMonths(const Engine& engine, Connection& connection) {
  if (engine.month_parts == nullptr) return base::Ok();
  Result<std::vector<Month>> out = engine.month_parts->ThatAreOut(connection);
  if (!out) return out.error();
  if (out->empty()) return base::Ok();
  Result<std::unique_ptr<Turn>> turn = engine.take_turn();
  if (!turn) return turn.error().code == Code::kConflict ? base::Ok() : Status(turn.error());
  for (const Month month : *out) {
    Status back = engine.month_parts->PutBack(connection, month);
    if (!back) return back;
    log::Warn("month_put_back", {{"month", MonthName(month)}});
  }
  return base::Ok();
}

Result<std::unique_ptr<Store>> SqlStore::Create(Engine engine, const Options& options,
                                                const base::KeyRing& keys) {
  Result<std::unique_ptr<Connection>> writing = ConnectMigrated(engine);
  if (!writing) return writing.error();
  Status ready = CheckKey(**writing, keys);
  if (!ready) return ready.error();
  return std::unique_ptr<Store>(
      new SqlStore(std::move(engine), std::move(*writing), options, keys));
}

SqlStore::SqlStore(Engine engine, std::unique_ptr<Connection> writing, const Options& options,
                   const base::KeyRing& keys)
    : dialect_(std::move(engine.dialect)),
      write_result_(options.write_result),
      keys_(keys),
      connect_migrator_(engine.connect_migrator),
      month_parts_(engine.month_parts),
      readers_(std::move(engine.connect_reader)),
      writer_(std::move(writing), FatalOf(options), options.on_group) {}

SqlStore::~SqlStore() { Stop(); }

Status SqlStore::Probe() {
  return Do([](Connection& connection) -> Status {
    Result<std::int64_t> rows =
        connection.Run("UPDATE meta SET value = value + 1 WHERE name = 'probe'");
    if (!rows) return rows.error();
    return base::Ok();
  });
}

Status SqlStore::MakeMonths() {
  if (month_parts_ == nullptr) return base::Ok();
  Result<std::unique_ptr<Connection>> connection = connect_migrator_();
  if (!connection) return connection.error();
  return MakeMonthsOn(**connection, *month_parts_);
}

void SqlStore::Stop() { writer_.Stop(); }

Status CheckKey(Connection& connection, const base::KeyRing& keys) {
  Status made = NewKeyCheck(connection, keys);
  if (!made) return made;
  Result<bool> fits = KeyFits(connection, keys);
  if (!fits) return fits.error();
  if (*fits) return base::Ok();
  return Error{Code::kForbidden,
               "the key file does not fit this store: its secrets were sealed with another key; "
               "give the key file that belongs to it"};
}

Result<bool> KeyFits(Connection& connection, const base::KeyRing& keys) {
  std::string sealed;
  Result<std::int64_t> rows = connection.Run("SELECT sealed FROM meta WHERE name = 'key_check'", {},
                                             [&](const Row& row) { sealed = row.Text(0); });
  if (!rows) return rows.error();
  return *rows == 0 || keys.Open(sealed, kKeyCheckPlace).ok();
}

Status BumpOperatorVersion(Connection& connection) {
  Result<std::int64_t> rows =
      connection.Run("UPDATE meta SET value = value + 1 WHERE name = 'operator_version'");
  if (!rows) return rows.error();
  return base::Ok();
}

Status WriteAudit(Connection& connection, const AuditLine& line) {
  Result<std::int64_t> rows = connection.Run(
      "INSERT INTO audit (happened_at, who, act, subject, why) VALUES ($1, $2, $3, $4, $5)",
      {base::ToMillis(line.at), line.who, line.act, line.subject, line.why});
  if (!rows) return rows.error();
  return base::Ok();
}

}  // namespace fiscalgate::store
