#include "lib/store/checkup.h"

#include <sys/stat.h>

#include <algorithm>

#include "lib/store/migrations.h"
#include "lib/store/postgres/postgres_connection.h"
#include "lib/store/postgres/server_facts.h"
#include "lib/store/sql_store.h"
#include "lib/store/sqlite/sqlite_connection.h"
#include "lib/store/sqlite/whole.h"

namespace fiscalgate::store {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

std::int64_t SizeOf(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::int64_t>(info.st_size) : 0;
}

Status LookInside(const Engine& engine, const base::KeyRing* keys, Checkup* checkup) {
  Result<std::unique_ptr<Connection>> reader = engine.connect_reader();
  if (!reader) return reader.error();
  const Schema schema = FindSchema(**reader);
  checkup->schema = schema.version;
  checkup->runs_on = RunsOn(schema);
  if (checkup->schema == 0 || keys == nullptr) return base::Ok();
  Result<bool> fits = KeyFits(**reader, *keys);
  if (!fits) return fits.error();
  checkup->key_fits = *fits;
  return base::Ok();
}

Status LookAtServer(const Engine& engine, Checkup* checkup) {
  if (checkup->schema == 0) return base::Ok();
  Result<std::unique_ptr<Connection>> writer = engine.connect_writer();
  if (!writer) return writer.error();
  Result<ServerFacts> facts = postgres::ReadServerFacts(**writer);
  if (!facts) return facts.error();
  checkup->server = std::move(*facts);
  checkup->bytes = checkup->server->database_bytes;
  return base::Ok();
}

}  // namespace

Durations DurationsOf(std::vector<std::int64_t> micros) {
  std::sort(micros.begin(), micros.end());
  const std::size_t count = micros.size();
  if (count == 0) return {};
  return {micros[count / 2], micros[(count * 99 + 99) / 100 - 1], static_cast<int>(count)};
}

Result<Checkup> CheckUp(const std::string& url, const base::KeyRing* keys) {
  Result<Engine> engine = EngineOf(url);
  if (!engine) return engine.error();
  Checkup checkup;
  const bool is_file = url.rfind(kSqlite, 0) == 0;
  if (is_file) {
    checkup.where = url.substr(kSqlite.size());
    checkup.engine = "SQLite";
    checkup.library = sqlite::LibraryVersion();
    checkup.process = sqlite::UserOf(checkup.where);
  } else {
    checkup.where = postgres::Address::Parse(url).value().shown();
    checkup.engine = "PostgreSQL";
    checkup.library = postgres::LibraryVersion();
  }
  Status looked = LookInside(*engine, keys, &checkup);
  if (looked.ok() && !is_file) looked = LookAtServer(*engine, &checkup);
  if (!looked) return looked.error();
  if (is_file) {
    checkup.bytes = SizeOf(checkup.where);
    checkup.wal_bytes = SizeOf(checkup.where + "-wal");
  }
  return checkup;
}

std::vector<std::string> EngineLibraries() {
  return {sqlite::LibraryVersion(), postgres::LibraryVersion()};
}

}  // namespace fiscalgate::store
