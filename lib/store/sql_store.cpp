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

// A new store remembers its key; an old one must open with it.
Status CheckKey(Connection& connection, const base::KeyRing& keys) {
  Status made = NewKeyCheck(connection, keys);
  if (!made) return made;
  std::string sealed;
  Result<std::int64_t> rows = connection.Run("SELECT sealed FROM meta WHERE name = 'key_check'", {},
                                             [&](const Row& row) { sealed = row.Text(0); });
  if (!rows) return rows.error();
  if (keys.Open(sealed, kKeyCheckPlace).ok()) return base::Ok();
  return Error{Code::kForbidden,
               "the key file does not fit this store: its secrets were sealed with another key; "
               "give the key file that belongs to it"};
}

}  // namespace

Result<std::unique_ptr<Store>> SqlStore::Create(Engine engine, const Options& options,
                                                const base::KeyRing& keys) {
  Result<std::unique_ptr<Connection>> writing = engine.connect_writer();
  if (!writing) return writing.error();
  Status ready = Migrate(**writing, engine.dialect);
  if (ready.ok()) ready = CheckKey(**writing, keys);
  if (!ready) return ready.error();
  return std::unique_ptr<Store>(
      new SqlStore(std::move(engine), std::move(*writing), options, keys));
}

SqlStore::SqlStore(Engine engine, std::unique_ptr<Connection> writing, const Options& options,
                   const base::KeyRing& keys)
    : dialect_(std::move(engine.dialect)),
      write_result_(options.write_result),
      keys_(keys),
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

void SqlStore::Stop() { writer_.Stop(); }

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
