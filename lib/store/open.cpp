// Store::Open: which engine a URL means.
#include "lib/store/sql_store.h"
#include "lib/store/sqlite/sqlite_connection.h"

namespace fiscalgate::store {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

Engine SqliteEngine(const std::string& path) {
  Engine engine;
  engine.dialect = sqlite::SqliteDialect();
  engine.connect_writer = [path] { return sqlite::Connect(path, sqlite::Access::kWrite); };
  engine.connect_reader = [path] { return sqlite::Connect(path, sqlite::Access::kRead); };
  return engine;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::Open(const Options& options, const base::KeyRing& keys) {
  const std::string& url = options.url;
  if (url.rfind(kSqlite, 0) != 0 || url.size() == kSqlite.size()) {
    return base::Error{base::Code::kMalformed, "the store's url must be sqlite:/path/to/file"};
  }
  return SqlStore::Create(SqliteEngine(url.substr(kSqlite.size())), options, keys);
}

}  // namespace fiscalgate::store
