// Store::Open: which engine a URL means.
#include "lib/store/postgres/months.h"
#include "lib/store/postgres/postgres_connection.h"
#include "lib/store/postgres/turn.h"
#include "lib/store/sql_store.h"
#include "lib/store/sqlite/sqlite_connection.h"
#include "lib/store/sqlite/turn.h"

namespace fiscalgate::store {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

Engine SqliteEngine(const std::string& path) {
  Engine engine;
  engine.dialect = sqlite::SqliteDialect();
  engine.connect_writer = [path] { return sqlite::Connect(path, sqlite::Access::kWrite); };
  engine.connect_reader = [path] { return sqlite::Connect(path, sqlite::Access::kRead); };
  engine.take_turn = [path] { return sqlite::TakeTurn(path); };
  return engine;
}

Engine PostgresEngine(const postgres::Address& address) {
  Engine engine;
  engine.dialect = postgres::PostgresDialect();
  const auto connect = [address](postgres::Access access) {
    return [address, access] { return postgres::Connect(address, access); };
  };
  engine.connect_writer = connect(postgres::Access::kWrite);
  engine.connect_reader = connect(postgres::Access::kRead);
  engine.connect_migrator = connect(postgres::Access::kMigrate);
  engine.month_parts = postgres::Months();
  engine.take_turn = [address] { return postgres::TakeTurn(address); };
  return engine;
}

}  // namespace

Status Store::CheckUrl(const std::string& url) {
  if (url.rfind(kSqlite, 0) == 0 && url.size() > kSqlite.size()) return base::Ok();
  if (!postgres::Address::Fits(url)) {
    return base::Error{base::Code::kMalformed,
                       "the store's url must be sqlite:/path/to/file or postgresql://..."};
  }
  const auto address = postgres::Address::Parse(url);
  if (!address) return address.error();
  return base::Ok();
}

Result<Engine> EngineOf(const std::string& url) {
  Status fits = Store::CheckUrl(url);
  if (!fits) return fits.error();
  if (!postgres::Address::Fits(url)) return SqliteEngine(url.substr(kSqlite.size()));
  return PostgresEngine(postgres::Address::Parse(url).value());
}

Result<std::unique_ptr<Store>> Store::Open(const Options& options, const base::KeyRing& keys) {
  Result<Engine> engine = EngineOf(options.url);
  if (!engine) return engine.error();
  return SqlStore::Create(std::move(*engine), options, keys);
}

}  // namespace fiscalgate::store
