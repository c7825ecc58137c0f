#include "lib/store/sqlite/sqlite_connection.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <limits>

#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::store::sqlite {
namespace {

using base::Code;

struct Fixture {
  fiscalgate::testing::TempDir folder;
  std::string path = folder.File("store.db");
  std::unique_ptr<Connection> writer = Open(Access::kWrite);

  std::unique_ptr<Connection> Open(Access access, const Settings& settings = {}) const {
    return std::move(Connect(path, access, settings).value());
  }
  std::int64_t Number(std::string_view sql, Params params = {}) const {
    std::int64_t number = -1;
    BOOST_REQUIRE(writer->Run(sql, params, [&](const Row& row) { number = row.Int(0); }).ok());
    return number;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sqlite_connection, Fixture)

BOOST_AUTO_TEST_CASE(PlaceholdersMeanTheirNumberNotTheirOrder) {
  BOOST_TEST(Number("SELECT $2 * 10 + $1", {1, 2}) == 21);
  BOOST_TEST(Number("SELECT $2 * 100 + $1 * 10 + $2", {1, 2}) == 212);
}

BOOST_AUTO_TEST_CASE(ValuesComeBackAsTheyWereBound) {
  const std::string zero("a\0b", 3);
  std::string text, bytes, empty = "x";
  bool is_null = false;
  const auto keep = [&](const Row& row) {
    text = row.Text(0);
    bytes = row.Text(1);
    is_null = row.IsNull(2);
    empty = row.Text(3);
    BOOST_TEST(!row.IsNull(3));
    BOOST_TEST(row.Int(4) == std::numeric_limits<std::int64_t>::min());
  };
  BOOST_REQUIRE(writer
                    ->Run("SELECT $1, $2, $3, $4, $5",
                          {std::string_view("чек"), Bytes{zero}, nullptr, std::string_view(),
                           std::numeric_limits<std::int64_t>::min()},
                          keep)
                    .ok());
  BOOST_TEST(text == "чек");
  BOOST_TEST(bytes == zero);
  BOOST_TEST(is_null);
  BOOST_TEST(empty == "");
}

BOOST_AUTO_TEST_CASE(RunCountsRowsChangedOrRead) {
  BOOST_TEST(writer->Run("CREATE TABLE t (a INTEGER UNIQUE, b TEXT)").ok());
  BOOST_TEST(writer->Run("INSERT INTO t VALUES (1, ''), (2, '')").value() == 2);
  BOOST_TEST(writer->Run("INSERT INTO t VALUES (1, '') ON CONFLICT DO NOTHING").value() == 0);
  BOOST_TEST(
      writer->Run("INSERT INTO t VALUES (1, '') ON CONFLICT DO NOTHING RETURNING a").value() == 0);
  BOOST_TEST(writer->Run("INSERT INTO t VALUES (3, '') RETURNING a").value() == 1);
  BOOST_TEST(writer->Run("UPDATE t SET b = 'x' WHERE a < 3").value() == 2);
  BOOST_TEST(writer->Run("UPDATE t SET b = 'x' WHERE a > 5").value() == 0);
  BOOST_TEST(writer->Run("SELECT a FROM t").value() == 3);
}

BOOST_AUTO_TEST_CASE(ErrorsAreTold) {
  BOOST_REQUIRE(writer->Run("CREATE TABLE t (a INTEGER UNIQUE CHECK (a > 0))").ok());
  BOOST_REQUIRE(writer->Run("INSERT INTO t VALUES (1)").ok());
  BOOST_TEST((writer->Run("INSERT INTO t VALUES (1)").error().code == Code::kConflict));
  BOOST_TEST((writer->Run("INSERT INTO t VALUES (-1)").error().code == Code::kConflict));
  BOOST_TEST((writer->Run("no sql").error().code == Code::kInternal));
  // The connection goes on.
  BOOST_TEST(Number("SELECT a FROM t") == 1);
}

BOOST_AUTO_TEST_CASE(AnErrorDoesNotShowValues) {
  BOOST_REQUIRE(writer->Run("CREATE TABLE t (a TEXT UNIQUE)").ok());
  const std::string_view secret = "hidden value";
  BOOST_REQUIRE(writer->Run("INSERT INTO t VALUES ($1)", {secret}).ok());
  const base::Error error = writer->Run("INSERT INTO t VALUES ($1)", {secret}).error();
  BOOST_TEST(error.what.find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(CommitKeepsAndRollbackDrops) {
  BOOST_REQUIRE(writer->Run("CREATE TABLE t (a INTEGER)").ok());
  BOOST_REQUIRE(writer->Begin().ok());
  BOOST_REQUIRE(writer->Run("INSERT INTO t VALUES (1)").ok());
  BOOST_REQUIRE(writer->Commit().ok());
  BOOST_REQUIRE(writer->Begin().ok());
  BOOST_REQUIRE(writer->Run("INSERT INTO t VALUES (2)").ok());
  writer->Rollback();
  writer->Rollback();  // nothing is open: nothing happens
  BOOST_TEST(Number("SELECT count(*) FROM t") == 1);
}

BOOST_AUTO_TEST_CASE(AReadSeesOneSnapshot) {
  BOOST_REQUIRE(writer->Run("CREATE TABLE t (a INTEGER)").ok());
  const std::unique_ptr<Connection> reader = Open(Access::kRead);
  BOOST_REQUIRE(reader->BeginRead().ok());
  BOOST_TEST(reader->Run("SELECT a FROM t").value() == 0);
  BOOST_REQUIRE(writer->Run("INSERT INTO t VALUES (1)").ok());
  BOOST_TEST(reader->Run("SELECT a FROM t").value() == 0);
  reader->Rollback();
  BOOST_TEST(reader->Run("SELECT a FROM t").value() == 1);
}

BOOST_AUTO_TEST_CASE(AReaderCannotWrite) {
  BOOST_REQUIRE(writer->Run("CREATE TABLE t (a INTEGER)").ok());
  const std::unique_ptr<Connection> reader = Open(Access::kRead);
  BOOST_TEST(!reader->Run("INSERT INTO t VALUES (1)").ok());
}

BOOST_AUTO_TEST_CASE(AReadThatTakesTooLongIsStopped) {
  Settings settings;
  settings.read_timeout = std::chrono::milliseconds(1);
  const std::unique_ptr<Connection> reader = Open(Access::kRead, settings);
  BOOST_REQUIRE(reader->BeginRead().ok());
  const auto endless = reader->Run(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  BOOST_REQUIRE(!endless.ok());
  BOOST_TEST((endless.error().code == Code::kTimeout));
  reader->Rollback();
  BOOST_REQUIRE(reader->BeginRead().ok());
  BOOST_TEST(reader->Run("SELECT 1").ok());
}

BOOST_AUTO_TEST_CASE(AWriterWaitsForAnotherOnlySoLong) {
  Settings settings;
  settings.busy_timeout = std::chrono::milliseconds(1);
  const std::unique_ptr<Connection> other = Open(Access::kWrite, settings);
  BOOST_REQUIRE(writer->Begin().ok());
  const base::Status refused = other->Begin();
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == Code::kUnavailable));
  BOOST_TEST((refused.error().retry == base::Retry::kLater));
  writer->Rollback();
  BOOST_TEST(other->Begin().ok());
  other->Rollback();
}

BOOST_AUTO_TEST_CASE(AFullDatabaseIsUnavailableAndClean) {
  BOOST_REQUIRE(writer->Run("CREATE TABLE t (a TEXT)").ok());
  BOOST_REQUIRE(writer->Run("PRAGMA max_page_count=10").ok());
  BOOST_REQUIRE(writer->Begin().ok());
  const std::string big(1 << 20, 'x');
  const auto full = writer->Run("INSERT INTO t VALUES ($1)", {std::string_view(big)});
  BOOST_REQUIRE(!full.ok());
  BOOST_TEST((full.error().code == Code::kUnavailable));
  BOOST_TEST((full.error().retry == base::Retry::kLater));
  writer->Rollback();
  BOOST_TEST(Number("SELECT count(*) FROM t") == 0);
  BOOST_TEST(writer->Run("INSERT INTO t VALUES ('small')").ok());
}

BOOST_AUTO_TEST_CASE(CommitsAreDurableAndTheFileIsPrivate) {
  BOOST_TEST(Number("PRAGMA synchronous") == 2);
  BOOST_TEST(Number("PRAGMA foreign_keys") == 1);
  BOOST_TEST(Number("PRAGMA page_size") == 8192);
  BOOST_REQUIRE(writer->Run("CREATE TABLE t (a INTEGER)").ok());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    BOOST_REQUIRE(::stat((path + suffix).c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0600u);
  }
}

BOOST_AUTO_TEST_CASE(WhatRootMakesBelongsToTheOwnerOfTheFolder) {
  if (::geteuid() != 0) return;  // only root can give away
  BOOST_REQUIRE(::chown(folder.path().c_str(), 65534, 65534) == 0);
  const std::string other = folder.File("other.db");
  const std::unique_ptr<Connection> connection = std::move(Connect(other, Access::kWrite).value());
  BOOST_REQUIRE(connection->Run("CREATE TABLE t (a INTEGER)").ok());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    BOOST_REQUIRE(::stat((other + suffix).c_str(), &status) == 0);
    BOOST_TEST(status.st_uid == 65534u);
  }
}

BOOST_AUTO_TEST_CASE(WhatCannotBeOpenedIsExplained) {
  const auto missing = Connect(folder.File("none/store.db"), Access::kWrite);
  BOOST_TEST((missing.error().code == Code::kNotFound));
  BOOST_TEST(missing.error().what.find("none/store.db") != std::string::npos);
  BOOST_TEST((Connect(folder.path(), Access::kWrite).error().code == Code::kForbidden));
  fiscalgate::testing::WriteFile(folder.File("text"), std::string(5000, 'x'));
  BOOST_TEST((Connect(folder.File("text"), Access::kWrite).error().code == Code::kMalformed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::sqlite
