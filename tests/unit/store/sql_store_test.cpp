// What a store does when its engine fails, and how it is opened; with SQLite under a connection
// that fails when told to.
#include "lib/store/sql_store.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>

#include "lib/base/id.h"
#include "lib/store/migrations.h"
#include "lib/store/sqlite/sqlite_connection.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

struct Faults {
  std::atomic<bool> full{false}, commit_fails{false};
};

class FaultyConnection final : public Connection {
 public:
  FaultyConnection(std::unique_ptr<Connection> real, std::shared_ptr<Faults> faults)
      : real_(std::move(real)), faults_(std::move(faults)) {}
  Result<std::int64_t> Run(std::string_view sql, Params params,
                           const std::function<void(const Row&)>& on_row) override {
    return real_->Run(sql, params, on_row);
  }
  // SQLite itself says when it is full: no page may be added.
  Status Begin() override {
    Result<std::int64_t> set =
        real_->Run(faults_->full ? "PRAGMA max_page_count=1" : "PRAGMA max_page_count=1000000");
    if (!set) return set.error();
    return real_->Begin();
  }
  Status BeginRead() override { return real_->BeginRead(); }
  Status Commit() override {
    if (!faults_->commit_fails) return real_->Commit();
    return Error{Code::kInternal, "the disk is broken"};
  }
  void Rollback() override { real_->Rollback(); }

 private:
  std::unique_ptr<Connection> real_;
  std::shared_ptr<Faults> faults_;
};

// Counts how often the engine is gone to.
class CountingConnection final : public Connection {
 public:
  CountingConnection(std::unique_ptr<Connection> real, std::shared_ptr<std::atomic<int>> trips)
      : real_(std::move(real)), trips_(std::move(trips)) {}
  Result<std::int64_t> Run(std::string_view sql, Params params,
                           const std::function<void(const Row&)>& on_row) override {
    ++*trips_;
    return real_->Run(sql, params, on_row);
  }
  Status RunAll(const std::vector<Statement>& statements) override {
    ++*trips_;
    return real_->RunAll(statements);
  }
  Status Begin() override { return real_->Begin(); }
  Status BeginRead() override { return real_->BeginRead(); }
  Status Commit() override { return real_->Commit(); }
  void Rollback() override { real_->Rollback(); }

 private:
  std::unique_ptr<Connection> real_;
  std::shared_ptr<std::atomic<int>> trips_;
};

struct Fixture {
  fiscalgate::testing::TempDir folder;
  std::shared_ptr<Faults> faults = std::make_shared<Faults>();
  std::shared_ptr<std::atomic<int>> trips;  // counted instead of failing, if it is there
  std::vector<std::string> fatal;
  base::KeyRing keys = base::KeyRing::FromBytes(std::string(32, 'k'));
  std::unique_ptr<Store> store;

  void Open() {
    const std::string path = folder.File("store.db");
    Engine engine;
    engine.dialect = sqlite::SqliteDialect();
    engine.connect_writer = [path, f = faults, t = trips]() -> Result<std::unique_ptr<Connection>> {
      Result<std::unique_ptr<Connection>> real = sqlite::Connect(path, sqlite::Access::kWrite);
      if (!real) return real;
      if (t == nullptr) {
        return std::unique_ptr<Connection>(std::make_unique<FaultyConnection>(std::move(*real), f));
      }
      return std::unique_ptr<Connection>(std::make_unique<CountingConnection>(std::move(*real), t));
    };
    engine.connect_reader = [path] { return sqlite::Connect(path, sqlite::Access::kRead); };
    Options options;
    options.on_fatal = [this](const Error& error) { fatal.push_back(error.what); };
    store = std::move(SqlStore::Create(std::move(engine), options, keys).value());
  }

  Result<Accepted> Accept(const std::string& order) const {
    task::NewTask task;
    task.id = base::NewId(base::FromMillis(1));
    task.shop = 1;
    task.register_key = 1;
    task.order_id = order;
    task.content_hash = std::string(32, 'h');
    task.package.commands = "[" + std::string(20'000, ' ') + "]";  // needs new pages
    std::promise<Result<Accepted>> promise;
    BOOST_REQUIRE(store->Accept(std::move(task), [&](Result<Accepted> accepted) {
      promise.set_value(std::move(accepted));
    }));
    return promise.get_future().get();
  }
  std::size_t Count() const { return store->ListTasks({}).value().size(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sql_store, Fixture)

BOOST_AUTO_TEST_CASE(AFullDiskRefusesNewWorkAndLosesNone) {
  Open();
  BOOST_TEST(Accept("1").ok());
  faults->full = true;
  const Result<Accepted> refused = Accept("2");
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == Code::kUnavailable));
  BOOST_TEST((refused.error().retry == base::Retry::kLater));
  BOOST_TEST(Count() == 1u);
  faults->full = false;
  BOOST_TEST(store->Probe().ok());
  BOOST_TEST((Accept("2")->what == Acceptance::kCreated));
  BOOST_TEST(Count() == 2u);
  BOOST_TEST(fatal.empty());
}

BOOST_AUTO_TEST_CASE(ClaimsAndEndsOfABatchCostTheSameNumberOfTripsHoweverManyThereAre) {
  trips = std::make_shared<std::atomic<int>>(0);
  Open();
  const auto trips_for = [&](int tasks, const std::string& name) {
    DispatchBatch claims, ends;
    for (int i = 0; i < tasks; ++i) {
      const task::TaskSeq seq = Accept(name + std::to_string(i))->task.seq;
      const std::string lease = name + " lease " + std::to_string(i);
      claims.claims.push_back({seq, task::State::kQueued, task::AttemptKind::kSend, lease, "till",
                               base::FromMillis(1)});
      Conclusion& end = ends.conclusions.emplace_back();
      end.seq = seq;
      end.lease = lease;
      end.outcome.state = task::State::kDone;
      end.result = "answered";
    }
    const int before = *trips;
    BOOST_REQUIRE(store->Apply(claims).value().claims ==
                  std::vector<bool>(claims.claims.size(), true));
    const int between = *trips;
    BOOST_REQUIRE(store->Apply(ends).value().conclusions ==
                  std::vector<bool>(claims.claims.size(), true));
    return std::pair(between - before, *trips - between);
  };
  BOOST_TEST((trips_for(1, "one") == std::pair(2, 3)));
  BOOST_TEST((trips_for(20, "many") == std::pair(2, 3)));
}

BOOST_AUTO_TEST_CASE(AFailedCommitIsFatalAndAcknowledgesNothing) {
  Open();
  BOOST_TEST(Accept("1").ok());
  faults->commit_fails = true;
  BOOST_TEST(!Accept("2").ok());
  BOOST_TEST(fatal == std::vector<std::string>{"the disk is broken"});
  BOOST_TEST(!store->Probe().ok());
  faults->commit_fails = false;
  store.reset();
  Open();
  BOOST_TEST(Count() == 1u);
}

BOOST_AUTO_TEST_CASE(AStoreOfTheFirstSchemaGetsTheStrictSettings) {
  const std::unique_ptr<Connection> connection =
      std::move(sqlite::Connect(folder.File("store.db"), sqlite::Access::kWrite).value());
  const Dialect& dialect = sqlite::SqliteDialect();
  BOOST_REQUIRE(Migrate(*connection, dialect, 1).ok());
  const auto run = [&](std::string_view sql) { BOOST_REQUIRE(connection->Run(sql).ok()); };
  run("INSERT INTO shop (account_id, name, enabled, code, previous_code, previous_until, "
      "accept_encoded_signature, allow_prog_url, lenient_receipts, demand_successful, "
      "rate_per_second) VALUES ('old', 'old', 1, '', '', 0, 0, 0, 0, 0, 0)");
  run("INSERT INTO register (name, enabled, provider, kkt_token, token_print, bank_token, url, "
      "pinned_public_key, header_generation, body_encoding, deduplicating, pass_unknown, "
      "timeout_ms) VALUES ('old', 1, 'bit', '', 'p', '', '', '', '1.5', 'json', 0, 0, 1000)");
  Open();
  const task::DirectoryPtr directory = store->LoadDirectory().value();
  const task::Shop* shop = directory->FindShop("old");
  BOOST_REQUIRE(shop != nullptr);
  BOOST_TEST((shop->vat_policy == ffd::VatPolicy::kRefuse));
  BOOST_TEST((shop->inn_policy == task::InnPolicy::kWarn));
  BOOST_REQUIRE_EQUAL(directory->registers().size(), 1u);
  const task::Register& r = directory->registers()[0];
  BOOST_TEST((r.ffd_version == ffd::FfdVersion::k12));
  BOOST_TEST(r.taxation_mask == ffd::kAllTaxation);
  BOOST_TEST((r.profile == ffd::Provider::kBit));
}

BOOST_AUTO_TEST_CASE(AnEmptyFileGetsTheNewestSchemaAndKeepsIt) {
  Open();
  store.reset();
  const std::unique_ptr<Connection> connection =
      std::move(sqlite::Connect(folder.File("store.db"), sqlite::Access::kWrite).value());
  std::int64_t version = 0;
  const auto read = [&] {
    BOOST_REQUIRE(connection
                      ->Run("SELECT max(version) FROM schema_version", {},
                            [&](const Row& row) { version = row.Int(0); })
                      .ok());
    return version;
  };
  BOOST_TEST(read() == NewestSchemaVersion());
  BOOST_TEST(Migrate(*connection, sqlite::SqliteDialect()).ok());
  BOOST_TEST(read() == NewestSchemaVersion());
}

BOOST_AUTO_TEST_CASE(AStoreOfANewerVersionIsNotTouched) {
  Open();
  store.reset();
  const std::unique_ptr<Connection> connection =
      std::move(sqlite::Connect(folder.File("store.db"), sqlite::Access::kWrite).value());
  BOOST_REQUIRE(connection->Run("INSERT INTO schema_version (version) VALUES (999)").ok());
  const Status migrated = Migrate(*connection, sqlite::SqliteDialect());
  BOOST_REQUIRE(!migrated.ok());
  BOOST_TEST((migrated.error().code == Code::kInternal));
  BOOST_TEST(migrated.error().what.find("newer") != std::string::npos);
  // No transaction was left open.
  BOOST_TEST(connection->Begin().ok());
}

BOOST_AUTO_TEST_CASE(SecretsAreNotInTheFileInClear) {
  Open();
  task::Shop shop;
  shop.account_id = "shop-1";
  shop.code = base::Secret("plain-integrity-code");
  BOOST_REQUIRE(store->AddShop(shop).ok());
  task::Register r;
  r.name = "till";
  r.kkt_token = base::Secret("plain-kkt-token");
  r.bank_token = base::Secret("plain-bank-token");
  BOOST_REQUIRE(store->AddRegister(r).ok());
  store.reset();
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    all += fiscalgate::testing::ReadFile(entry.path());
  }
  BOOST_TEST(all.find("shop-1") != std::string::npos);
  BOOST_TEST(all.find("plain-") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(OnlyKnownUrlsAreOpened) {
  for (const char* url : {"", "sqlite:", "/var/lib/store.db", "mysql://root:secret@host/db"}) {
    Options options;
    options.url = url;
    const Result<std::unique_ptr<Store>> opened = Store::Open(options, keys);
    BOOST_REQUIRE(!opened.ok());
    BOOST_TEST((opened.error().code == Code::kMalformed));
    BOOST_TEST(opened.error().what.find("secret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store
