// A store with one shop and one register, for the tests that every engine must pass.
//
// STORE_TEST(Name) { ... } runs once for each engine with a fresh, empty store in `world`;
// LASTING_STORE_TEST(Name) only for those whose store outlives the program.
#pragma once

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <vector>

#include "lib/store/store.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::store::testing {

// The name of the database in such an url.
std::string DatabaseOf(const std::string& url);

// The engines to test; "memory" and "sqlite" always, "postgresql" where there is a server to start.
std::vector<std::string> Engines();
// Those that keep what they are given on a disk.
std::vector<std::string> LastingEngines();

class World {
 public:
  explicit World(const std::string& engine);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Store& store() { return *store_; }
  const std::string& url() const { return url_; }
  // All that a thief of the disk would have; the store should be closed.
  std::string StoredBytes() const;
  const base::KeyRing& keys() const { return keys_; }
  base::WallTime now() const { return clock_.Now(); }
  void Pass(std::chrono::milliseconds time) { clock_.Advance(time); }

  // Another store on the same data, as another process would have.
  std::unique_ptr<Store> OpenAnother();
  // Closes the store and opens it again. Closed before a fork: an open file must not be inherited.
  void Close() { store_.reset(); }
  void Reopen();
  // Another program goes on with the store. What is in memory ends with its program: there the one
  // that is open goes on, and only what a start does to it can be tested.
  void Restart();

  task::Shop NewShop(const std::string& account) const;
  task::Register NewRegister(const std::string& name) const;
  task::ShopKey shop = 0;
  task::RegisterKey lane = 0;

  // Of the shop, for the register, with two commands and both callback addresses.
  task::NewTask NewTask(const std::string& order) const;
  // Waits for the answer.
  Result<Accepted> Accept(task::NewTask task) { return AcceptBy(*store_, std::move(task)); }
  static Result<Accepted> AcceptBy(Store& store, task::NewTask task);
  task::Task Accept(const std::string& order);

  // One entry of a batch; gives its flag.
  bool Apply(const Claim& claim);
  bool Apply(const Conclusion& conclusion);
  bool Apply(const Release& release);
  Claim SendOf(const task::Task& task, const std::string& lease = "lease") const;
  Claim AskOf(const task::Task& task, const std::string& lease = "ask") const;
  Conclusion EndOf(const task::Task& task, task::State state, const std::string& lease = "lease",
                   const std::string& error = "") const;
  Release ReleaseOf(const task::Task& task, const std::string& lease = "lease") const;

  // Accepted, sent and ended so.
  task::Task AcceptAndEnd(const std::string& order, task::State state,
                          const std::string& error = "");
  TaskView View(const task::Task& task);

 private:
  std::unique_ptr<Store> Open() const;
  bool lasts() const { return !url_.empty(); }
  ::fiscalgate::testing::FakeClock clock_;
  ::fiscalgate::testing::TempDir folder_;
  std::string url_;
  base::KeyRing keys_;
  std::unique_ptr<Store> store_;
};

task::CommandResult Done(int index, const std::string& text = "printed");
task::CommandResult Failed(int index, const std::string& text = "paper out");
ffd::FiscalMark Mark();

// "state|index=state,index=state|seq": what the tests' ResultWriter makes of a result.
std::string WrittenResult(const task::Task& task, const std::vector<task::CommandResult>& results,
                          std::int64_t seq);

}  // namespace fiscalgate::store::testing

#define FG_STORE_TEST_ON(engines, name)                                       \
  static void name##Body(::fiscalgate::store::testing::World& world);         \
  BOOST_DATA_TEST_CASE(name, boost::unit_test::data::make(engines), engine) { \
    ::fiscalgate::store::testing::World fresh(engine);                        \
    name##Body(fresh);                                                        \
  }                                                                           \
  static void name##Body([[maybe_unused]] ::fiscalgate::store::testing::World& world)

// What an operation means: it must mean the same everywhere.
#define STORE_TEST(name) FG_STORE_TEST_ON(::fiscalgate::store::testing::Engines(), name)

// What storage is: it lasts, several processes share it, secrets lie sealed in it, writes of many
// threads reach it in groups, months of it are archived, a backup of it is restored. The store in
// memory is one process's, for as long as that lives, and has no part in this.
#define LASTING_STORE_TEST(name) \
  FG_STORE_TEST_ON(::fiscalgate::store::testing::LastingEngines(), name)
