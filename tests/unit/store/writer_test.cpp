#include "lib/store/writer.h"

#include <boost/test/unit_test.hpp>
#include <future>

#include "lib/base/limits.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using base::Retry;

// Remembers what was run; fails when told to. Read by the test only when the writer is idle or
// over.
class FakeConnection final : public Connection {
 public:
  struct Script {
    std::vector<std::string> said;
    std::vector<Status> begins, commits;  // the next results, in order; then Ok
    std::string fails;                    // a statement that does, so far as nothing else is said
    bool broken_savepoints = false;
  };
  explicit FakeConnection(std::shared_ptr<Script> script) : script_(std::move(script)) {}

  Result<std::int64_t> Run(std::string_view sql, Params,
                           const std::function<void(const Row&)>&) override {
    script_->said.emplace_back(sql.substr(0, sql.find(' ')));
    if (sql == script_->fails) return Error{Code::kUnavailable, "away", Retry::kLater};
    if (script_->broken_savepoints && sql.rfind("ROLLBACK", 0) == 0) {
      return Error{Code::kInternal, "no transaction"};
    }
    return std::int64_t{0};
  }
  Status Begin() override { return Next("begin", &script_->begins); }
  Status BeginRead() override { return base::Ok(); }
  Status Commit() override { return Next("commit", &script_->commits); }
  void Rollback() override { script_->said.emplace_back("rollback"); }

 private:
  Status Next(const char* name, std::vector<Status>* results) {
    script_->said.emplace_back(name);
    if (results->empty()) return base::Ok();
    Status result = results->front();
    results->erase(results->begin());
    return result;
  }
  std::shared_ptr<Script> script_;
};

class FakeWrite final : public Write {
 public:
  FakeWrite(std::string name, Status applies, std::shared_ptr<FakeConnection::Script> script,
            std::function<void(const Status&)> finished)
      : name_(std::move(name)),
        applies_(std::move(applies)),
        script_(std::move(script)),
        finished_(std::move(finished)) {}
  Status Apply(Connection&) override {
    script_->said.push_back("apply " + name_);
    return applies_;
  }
  void Finish(const Status& committed) override {
    script_->said.push_back("finish " + name_);
    finished_(committed);
  }

 private:
  std::string name_;
  Status applies_;
  std::shared_ptr<FakeConnection::Script> script_;
  std::function<void(const Status&)> finished_;
};

// Writes in its first step; if `reads`, it looks at something afterwards.
class ShortWrite final : public SteppedWrite {
 public:
  ShortWrite(std::string name, bool reads, std::function<void(const Status&)> finished)
      : write_("write-" + name),
        read_("read-" + name),
        reads_(reads),
        finished_(std::move(finished)) {}
  bool first_step_writes_all() const override { return true; }
  Status Step(int number, std::vector<Statement>* next) override {
    if (number == 0) next->push_back({write_, {}});
    if (number == 1 && reads_) next->push_back({read_, {}});
    return base::Ok();
  }
  void Finish(const Status& committed) override { finished_(committed); }

 private:
  std::string write_, read_;
  bool reads_;
  std::function<void(const Status&)> finished_;
};

struct Fixture {
  std::shared_ptr<FakeConnection::Script> script = std::make_shared<FakeConnection::Script>();
  std::vector<Error> fatal;
  std::vector<std::size_t> groups;
  std::vector<std::pair<std::string, Status>> finished;
  std::promise<void> held, release;
  std::unique_ptr<Writer> writer;

  void Start() {
    writer = std::make_unique<Writer>(
        std::make_unique<FakeConnection>(script), [this](const Error& e) { fatal.push_back(e); },
        [this](std::size_t operations, double) { groups.push_back(operations); });
  }
  void Submit(const std::string& name, Status applies = base::Ok()) {
    BOOST_REQUIRE(writer->Submit(std::make_unique<FakeWrite>(
        name, std::move(applies), script,
        [this, name](const Status& status) { finished.emplace_back(name, status); })));
  }
  void SubmitShort(const std::string& name, bool reads = false) {
    BOOST_REQUIRE(writer->Submit(std::make_unique<ShortWrite>(
        name, reads, [this, name](const Status& status) { finished.emplace_back(name, status); })));
  }
  // Keeps the writer in the first completion while more is submitted: they become one group.
  void Hold() {
    BOOST_REQUIRE(writer->Submit(
        std::make_unique<FakeWrite>("hold", base::Ok(), script, [this](const Status&) {
          held.set_value();
          release.get_future().wait();
        })));
    held.get_future().wait();
    script->said.clear();
  }
  void Finish() {
    release.set_value();
    writer->Stop();
  }
  bool Succeeded(std::size_t index) const { return finished.at(index).second.ok(); }
};

const Error kFull{Code::kUnavailable, "full", Retry::kLater};
const Error kBroken{Code::kInternal, "io error"};
const Error kRefused{Code::kConflict, "taken"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store_writer, Fixture)

BOOST_AUTO_TEST_CASE(AGroupIsOneTransactionAndIsFinishedAfterTheCommit) {
  Start();
  Hold();
  Submit("a");
  Submit("b");
  Finish();
  const std::vector<std::string> expected = {"begin",  "apply a",  "apply b",
                                             "commit", "finish a", "finish b"};
  BOOST_TEST(script->said == expected, boost::test_tools::per_element());
  BOOST_TEST((groups == std::vector<std::size_t>{1, 2}));
  BOOST_TEST(writer->stats().groups == 2);
  BOOST_TEST(writer->stats().operations == 3);
}

BOOST_AUTO_TEST_CASE(WhatOnlyReadsAfterItsFirstStepDoesSoAfterTheCommit) {
  Start();
  Hold();
  SubmitShort("a");
  SubmitShort("b", true);
  Finish();
  const std::vector<std::string> expected = {"begin",  "write-a", "write-b",
                                             "commit", "read-b",  "rollback"};
  BOOST_TEST(script->said == expected, boost::test_tools::per_element());
  BOOST_TEST((Succeeded(0) && Succeeded(1)));
}

BOOST_AUTO_TEST_CASE(AReadThatFailsAfterTheCommitFailsAlone) {
  Start();
  Hold();
  SubmitShort("a");
  SubmitShort("b", true);
  script->fails = "read-b";
  Finish();
  BOOST_TEST(Succeeded(0));
  BOOST_TEST((finished.at(1).second.error().code == Code::kUnavailable));
  BOOST_TEST(fatal.empty());
}

BOOST_AUTO_TEST_CASE(BesideOtherWritesAllStepsComeBeforeTheCommit) {
  Start();
  Hold();
  SubmitShort("a", true);
  Submit("b");
  Finish();
  const std::vector<std::string> expected = {"begin",   "write-a", "read-a",
                                             "apply b", "commit",  "finish b"};
  BOOST_TEST(script->said == expected, boost::test_tools::per_element());
  BOOST_TEST((Succeeded(0) && Succeeded(1)));
}

BOOST_AUTO_TEST_CASE(AFailedWriteIsUndoneAlone) {
  Start();
  Hold();
  Submit("a");
  Submit("b", kRefused);
  Submit("c");
  Finish();
  const std::vector<std::string> expected = {
      "begin",   "apply a",   "apply b",  "rollback", "begin",   "SAVEPOINT", "apply a",
      "RELEASE", "SAVEPOINT", "apply b",  "ROLLBACK", "RELEASE", "SAVEPOINT", "apply c",
      "RELEASE", "commit",    "finish a", "finish b", "finish c"};
  BOOST_TEST(script->said == expected, boost::test_tools::per_element());
  BOOST_TEST(Succeeded(0));
  BOOST_TEST((finished.at(1).second.error().code == Code::kConflict));
  BOOST_TEST(Succeeded(2));
  BOOST_TEST(fatal.empty());
}

BOOST_AUTO_TEST_CASE(AFullDiskInAWriteRefusesTheGroupAndTheNextOneWorks) {
  Start();
  Hold();
  Submit("a");
  std::promise<void> over;
  BOOST_REQUIRE(
      writer->Submit(std::make_unique<FakeWrite>("b", kFull, script, [&](const Status& status) {
        finished.emplace_back("b", status);
        over.set_value();
      })));
  release.set_value();
  over.get_future().wait();
  BOOST_TEST(writer->Call<int>([](Connection&) -> Result<int> { return 7; }).ok());
  writer->Stop();
  BOOST_TEST((finished.at(0).second.error().code == Code::kUnavailable));
  BOOST_TEST((finished.at(0).second.error().retry == Retry::kLater));
  BOOST_TEST(!Succeeded(1));
  BOOST_TEST(fatal.empty());
}

BOOST_AUTO_TEST_CASE(AFullDiskAtTheCommitRefusesTheGroupAndIsNotFatal) {
  script->commits = {base::Ok(), kFull};
  Start();
  Hold();
  Submit("a");
  Finish();
  BOOST_TEST((finished.at(0).second.error().code == Code::kUnavailable));
  BOOST_TEST(fatal.empty());
}

BOOST_AUTO_TEST_CASE(ALockThatAnotherHoldsRefusesTheGroup) {
  script->begins = {base::Ok(), kFull};
  Start();
  Hold();
  Submit("a");
  Finish();
  BOOST_TEST((finished.at(0).second.error().code == Code::kUnavailable));
  BOOST_TEST(fatal.empty());
}

BOOST_AUTO_TEST_CASE(AFailedCommitIsFatalAndNothingIsWrittenAfterIt) {
  script->commits = {base::Ok(), kBroken};
  Start();
  Hold();
  Submit("a");
  Finish();
  BOOST_REQUIRE(fatal.size() == 1u);
  BOOST_TEST(fatal[0].what == "io error");
  BOOST_TEST(!Succeeded(0));
  const std::vector<std::string> expected = {"begin", "apply a", "commit", "rollback", "finish a"};
  BOOST_TEST(script->said == expected, boost::test_tools::per_element());
  const Result<int> late = writer->Call<int>([](Connection&) -> Result<int> { return 1; });
  BOOST_TEST(!late.ok());
}

BOOST_AUTO_TEST_CASE(ATransactionThatIsLostIsFatal) {
  script->broken_savepoints = true;
  Start();
  Hold();
  Submit("a", kRefused);
  Submit("b");
  Finish();
  BOOST_TEST(fatal.size() == 1u);
  BOOST_TEST(!Succeeded(0));
  BOOST_TEST(!Succeeded(1));
}

BOOST_AUTO_TEST_CASE(ACallGivesTheValueAfterTheCommit) {
  Start();
  const Result<int> seven = writer->Call<int>([&](Connection& connection) -> Result<int> {
    BOOST_REQUIRE(connection.Run("work").ok());
    return 7;
  });
  BOOST_TEST(seven.value() == 7);
  BOOST_TEST(script->said.back() == "commit");
  const Result<int> refused =
      writer->Call<int>([](Connection&) -> Result<int> { return kRefused; });
  BOOST_TEST((refused.error().code == Code::kConflict));
}

BOOST_AUTO_TEST_CASE(AfterStopNothingIsTaken) {
  Start();
  writer->Stop();
  writer->Stop();
  BOOST_TEST(!writer->Submit(std::make_unique<FakeWrite>(
      "late", base::Ok(), script, [](const Status&) { BOOST_ERROR("not taken"); })));
  const Result<int> late = writer->Call<int>([](Connection&) -> Result<int> { return 1; });
  BOOST_TEST((late.error().code == Code::kUnavailable));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store
