// Copies of SQLite stores: made beside a writer, brought back, refused.
#include "lib/store/backup.h"

#include <sys/stat.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "lib/base/id.h"
#include "lib/store/migrations.h"
#include "lib/store/sql_store.h"
#include "tests/unit/support/stores.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using fiscalgate::testing::ReadFile;
using fiscalgate::testing::WriteFile;

const WallTime kNoon = base::FromMillis(1'790'000'000'000);

struct Fixture {
  fiscalgate::testing::TempDir folder;
  base::KeyRing keys = base::KeyRing::FromBytes(std::string(32, 'k'));
  std::string path = folder.File("store.db"), copy = folder.File("copy.db");
  std::string url = "sqlite:" + path;
  int orders = 0;

  std::unique_ptr<Store> Open() const {
    Options options;
    options.url = url;
    return std::move(Store::Open(options, keys).value());
  }
  // With one shop, one register and a queued task.
  std::unique_ptr<Store> OpenNew() {
    std::unique_ptr<Store> store = Open();
    task::Shop shop;
    shop.account_id = "shop";
    BOOST_REQUIRE(store->AddShop(shop).ok());
    task::Register r;
    r.name = "till";
    r.provider = "bit";
    r.kkt_token = base::Secret("token");
    BOOST_REQUIRE(store->AddRegister(r).ok());
    Accept(*store);
    return store;
  }
  void Accept(Store& store, std::size_t size = 1000) {
    task::NewTask task;
    task.id = base::NewId(kNoon);
    task.shop = 1;
    task.register_key = 1;
    task.order_id = std::to_string(++orders);
    task.content_hash = std::string(32, 'h');
    task.package.commands = "[" + std::string(size, ' ') + "]";
    fiscalgate::testing::Accept(store, task);
  }
  Result<BackupMade> Backup() const { return BackupStore(url, copy, kNoon, nullptr); }
  Result<Restored> Restore(bool force = false) const {
    RestoreOrder order;
    order.from = copy;
    order.to = url;
    order.force = force;
    order.who = "me";
    order.now = kNoon + std::chrono::hours(1);
    return RestoreStore(order, keys, nullptr);
  }
  std::int64_t TasksIn(const std::string& state) const {
    const auto tasks = Open()->ListTasks({{}, {}, task::StateFromName(state), "", 1000});
    return static_cast<std::int64_t>(tasks.value().size());
  }
  static mode_t ModeOf(const std::string& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store_backup, Fixture)

BOOST_AUTO_TEST_CASE(AStoreIsCopiedWhileOthersWriteToIt) {
  const std::unique_ptr<Store> store = OpenNew();
  for (int i = 0; i < 40; ++i) Accept(*store, 500'000);
  std::int64_t calls = 0, first_written = 0;
  const auto made = BackupStore(url, copy, kNoon, [&](std::int64_t pages, std::int64_t of) {
    ++calls;
    BOOST_TEST(pages <= of);
    // As the gateway would, between two steps: it neither waits nor makes the copy begin anew.
    Accept(*store);
    if (first_written == 0) first_written = orders;
  });
  BOOST_REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().what));
  BOOST_TEST(calls > 1);
  BOOST_TEST(calls < 100);
  BOOST_TEST(made->summary.tasks == first_written - 1);
  BOOST_TEST(made->summary.queued == first_written - 1);
  BOOST_TEST(made->summary.shops == 1);
  BOOST_TEST(made->summary.registers == 1);
  BOOST_TEST(made->summary.schema == NewestSchemaVersion());
  BOOST_TEST(made->summary.bytes == static_cast<std::int64_t>(std::filesystem::file_size(copy)));
  BOOST_TEST(ModeOf(copy) == 0600u);
}

BOOST_AUTO_TEST_CASE(ACopyIsOneFileAndNothingIsLeftBesideIt) {
  OpenNew().reset();
  BOOST_REQUIRE(Backup().ok());
  for (const std::string& name : Files()) {
    BOOST_TEST((name == "copy.db" || name.starts_with("store.db")), name);
  }
}

BOOST_AUTO_TEST_CASE(AnExistingFileIsNotOverwritten) {
  OpenNew().reset();
  WriteFile(copy, "mine");
  BOOST_TEST((Backup().error().code == Code::kConflict));
  BOOST_TEST(ReadFile(copy) == "mine");
}

BOOST_AUTO_TEST_CASE(WhatAKilledBackupLeftIsNoHindrance) {
  OpenNew().reset();
  WriteFile(copy + ".part", std::string(100'000, 'x'));
  ::chmod((copy + ".part").c_str(), 0644);
  BOOST_REQUIRE(Backup().ok());
  BOOST_TEST(ModeOf(copy) == 0600u);
  BOOST_TEST(!std::filesystem::exists(copy + ".part"));
}

BOOST_AUTO_TEST_CASE(ABrokenStoreGivesNoBackup) {
  OpenNew().reset();
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(5 * 8192);
  file << std::string(20 * 8192, 'x');
  file.close();
  const auto made = Backup();
  BOOST_REQUIRE(!made.ok());
  BOOST_TEST((made.error().code == Code::kMalformed), made.error().what);
  BOOST_TEST(!std::filesystem::exists(copy));
  BOOST_TEST(!std::filesystem::exists(copy + ".part"));
}

BOOST_AUTO_TEST_CASE(WhatIsNoStoreIsNotBackedUp) {
  WriteFile(path, "");
  BOOST_TEST((Backup().error().code == Code::kInvalid));
  std::filesystem::remove(path);
  BOOST_TEST((Backup().error().code == Code::kNotFound));
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(ARestoredStoreHasWhatTheCopyHasAndSendsNothingByItself) {
  auto store = OpenNew();
  BOOST_REQUIRE(Backup().ok());
  Accept(*store);
  store.reset();
  std::filesystem::remove(path);
  const auto restored = Restore();
  BOOST_REQUIRE_MESSAGE(restored.ok(), (restored.ok() ? "" : restored.error().what));
  BOOST_TEST(restored->time_is_known);
  BOOST_TEST((restored->taken_at == kNoon));
  BOOST_TEST(restored->made_unknown == 1);
  BOOST_TEST(restored->summary.tasks == 1);
  BOOST_TEST(restored->summary.unknown == 1);
  BOOST_TEST(restored->kept_aside == "");
  BOOST_TEST(ModeOf(path) == 0600u);
  BOOST_TEST(TasksIn("unknown") == 1);
  BOOST_TEST(TasksIn("queued") == 0);
}

BOOST_AUTO_TEST_CASE(AsItIsKeepsTheQueue) {
  OpenNew().reset();
  BOOST_REQUIRE(Backup().ok());
  RestoreOrder order;
  order.from = copy;
  order.to = url;
  order.force = order.as_is = true;
  order.now = kNoon;
  BOOST_REQUIRE(RestoreStore(order, keys, nullptr).ok());
  BOOST_TEST(TasksIn("queued") == 1);
}

BOOST_AUTO_TEST_CASE(AStoreInUseIsNotReplaced) {
  const std::unique_ptr<Store> store = OpenNew();
  BOOST_REQUIRE(Backup().ok());
  const auto restored = Restore(true);
  BOOST_REQUIRE(!restored.ok());
  BOOST_TEST((restored.error().code == Code::kConflict));
  BOOST_TEST(restored.error().what.find("is open") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(AStoreWithSomethingInItIsKeptAside) {
  auto store = OpenNew();
  BOOST_REQUIRE(Backup().ok());
  Accept(*store);
  store.reset();
  const auto refused = Restore();
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == Code::kConflict));
  BOOST_TEST(refused.error().what.find("--force") != std::string::npos);
  BOOST_TEST(TasksIn("queued") == 2);
  const auto restored = Restore(true);
  BOOST_REQUIRE_MESSAGE(restored.ok(), (restored.ok() ? "" : restored.error().what));
  BOOST_TEST(TasksIn("unknown") == 1);
  url = "sqlite:" + restored->kept_aside;
  BOOST_TEST(TasksIn("queued") == 2);
}

BOOST_AUTO_TEST_CASE(AnEmptyStoreIsReplacedWithoutAWord) {
  OpenNew().reset();
  BOOST_REQUIRE(Backup().ok());
  std::filesystem::remove(path);
  Open().reset();
  const auto restored = Restore();
  BOOST_REQUIRE_MESSAGE(restored.ok(), (restored.ok() ? "" : restored.error().what));
  BOOST_TEST(restored->kept_aside == "");
}

// A WAL that is found beside a database is taken for its own.
BOOST_AUTO_TEST_CASE(WhatABrokenStoreLeftIsNotTakenForPartOfTheNewOne) {
  auto store = OpenNew();
  BOOST_REQUIRE(Backup().ok());
  Accept(*store);
  std::filesystem::copy_file(path + "-wal", folder.File("wal"));
  store.reset();
  for (const bool broken : {false, true}) {
    std::filesystem::copy_file(folder.File("wal"), path + "-wal");
    broken ? WriteFile(path, std::string(50'000, 'x'))
           : static_cast<void>(std::filesystem::remove(path));
    const auto restored = Restore(true);
    BOOST_REQUIRE_MESSAGE(restored.ok(), (restored.ok() ? "" : restored.error().what));
    BOOST_TEST(!std::filesystem::exists(path + "-wal"));
    BOOST_TEST(TasksIn("unknown") == 1);
    BOOST_TEST(TasksIn("queued") == 0);
    for (const std::string& name : Files()) {
      if (name.find("-wal") != std::string::npos) std::filesystem::remove(folder.File(name));
    }
  }
}

BOOST_AUTO_TEST_CASE(ACopySealedWithAnotherKeyIsRefused) {
  OpenNew().reset();
  BOOST_REQUIRE(Backup().ok());
  const std::string before = ReadFile(path);
  keys = base::KeyRing::FromBytes(std::string(32, 'o'));
  BOOST_TEST((Restore(true).error().code == Code::kForbidden));
  BOOST_TEST(ReadFile(path).size() == before.size());
}

BOOST_AUTO_TEST_CASE(ACopyOfANewerVersionIsRefused) {
  OpenNew().reset();
  {
    const auto connection = EngineOf(url).value().connect_writer().value();
    BOOST_REQUIRE(connection->Run("INSERT INTO schema_version (version) VALUES (1000)").ok());
  }
  BOOST_REQUIRE(Backup().ok());
  std::filesystem::remove(path);
  const auto restored = Restore();
  BOOST_REQUIRE(!restored.ok());
  BOOST_TEST(restored.error().what.find("newer version") != std::string::npos);
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(ABrokenCopyIsRefusedAndTouchesNothing) {
  auto store = OpenNew();
  for (int i = 0; i < 200; ++i) Accept(*store);
  store.reset();
  BOOST_REQUIRE(Backup().ok());
  std::string bytes = ReadFile(copy);
  for (std::size_t at = bytes.size() / 2; at < bytes.size(); ++at) bytes[at] = 'x';
  for (const std::string& broken : {bytes, bytes.substr(0, bytes.size() / 2), std::string("no")}) {
    WriteFile(copy, broken);
    const auto restored = Restore(true);
    BOOST_REQUIRE(!restored.ok());
    BOOST_TEST((restored.error().code == Code::kMalformed), restored.error().what);
    BOOST_TEST(TasksIn("queued") == 201);
  }
}

BOOST_AUTO_TEST_CASE(ACopyMadeByOtherMeansIsDatedByItsLastChange) {
  OpenNew().reset();
  std::filesystem::copy_file(path, copy);
  std::filesystem::remove(path);
  const auto restored = Restore();
  BOOST_REQUIRE_MESSAGE(restored.ok(), (restored.ok() ? "" : restored.error().what));
  BOOST_TEST(!restored->time_is_known);
  BOOST_TEST(restored->made_unknown == 1);
}

BOOST_AUTO_TEST_CASE(AServerHasToolsOfItsOwn) {
  const auto made =
      BackupStore("postgresql://me:secret@db1,db2:5433/receipts", "f", kNoon, nullptr);
  BOOST_REQUIRE(!made.ok());
  for (const char* word : {"pg_dump", "pg_basebackup", "--host=db1,db2", "--dbname=receipts"}) {
    BOOST_TEST(made.error().what.find(word) != std::string::npos, word);
  }
  BOOST_TEST(made.error().what.find("secret") == std::string::npos);
  RestoreOrder order;
  order.from = "f";
  order.to = "postgresql://me:secret@db1/receipts";
  const auto restored = RestoreStore(order, keys, nullptr);
  BOOST_REQUIRE(!restored.ok());
  BOOST_TEST(restored.error().what.find("pg_restore") != std::string::npos);
  BOOST_TEST(restored.error().what.find("--in-place") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store
