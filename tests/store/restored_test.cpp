// What an old copy of a store is not believed.
#include "lib/store/restored.h"

#include "lib/store/sql_store.h"
#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using task::State;
using What = ProofApplied::What;

namespace {

// As `restore` does it with a copy; the store is closed meanwhile.
std::int64_t Distrust(World& world) {
  world.Close();
  const Engine engine = EngineOf(world.url()).value();
  const std::unique_ptr<Connection> connection = engine.connect_writer().value();
  BOOST_REQUIRE(connection->Begin().ok());
  const Result<std::int64_t> count =
      DistrustCopy(*connection, engine.dialect, WrittenResult,
                   {world.now() - std::chrono::hours(1), "an operator", world.now()});
  BOOST_REQUIRE_MESSAGE(count.ok(), (count.ok() ? "" : count.error().what));
  BOOST_REQUIRE(connection->Commit().ok());
  world.Reopen();
  return *count;
}

std::int64_t CountOf(const World& world, const std::string& sql) {
  const std::unique_ptr<Connection> connection =
      EngineOf(world.url()).value().connect_reader().value();
  std::int64_t count = 0;
  BOOST_REQUIRE(connection->Run(sql, {}, [&](const Row& row) { count = row.Int(0); }).ok());
  return count;
}

Proof NotPrinted(const World& world, const task::Task& task, const std::string& delivery) {
  Proof proof;
  proof.seq = task.seq;
  proof.lease = "lease";
  proof.told = {delivery, 0, "it never arrived"};
  proof.meaning = Proof::Meaning::kNotDone;
  proof.wait_reason = "it never arrived";
  proof.at = world.now();
  return proof;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_restored)

LASTING_STORE_TEST(WhatWasNotOverBecomesUnknownAndTheRestStays) {
  const task::Task done = world.AcceptAndEnd("1", State::kDone);
  const task::Task failed = world.AcceptAndEnd("2", State::kFailed, "paper out");
  const task::Task unknown = world.AcceptAndEnd("3", State::kUnknown, "timed out");
  const task::Task sending = world.Accept("4"), queued = world.Accept("5");
  BOOST_REQUIRE(world.Apply(world.SendOf(sending)));
  BOOST_TEST(Distrust(world) == 3);
  BOOST_TEST((world.View(done).task.state == State::kDone));
  BOOST_TEST((world.View(failed).task.state == State::kFailed));
  for (const task::Task& task : {unknown, sending, queued}) {
    const TaskView view = world.View(task);
    BOOST_TEST((view.task.state == State::kUnknown));
    BOOST_TEST(view.task.error.find("restored from a backup of ") == 0u);
    BOOST_TEST(view.task.lease == "");
    BOOST_TEST(view.attempts.back().number == view.task.attempts);
    BOOST_TEST(view.attempts.back().result == "no_answer");
  }
  // The lane stands: nothing is sent.
  const auto head = world.store().HeadOf(world.lane, false).value();
  BOOST_REQUIRE(head.has_value());
  BOOST_TEST((head->task.state == State::kUnknown));
  BOOST_TEST(!world.store().HeadOf(world.lane, true).value().has_value());
  BOOST_TEST(CountOf(world, "SELECT count(*) FROM audit WHERE act = 'restore store'") == 1);
}

LASTING_STORE_TEST(NoSilenceAndNoWordOfAnAgentQueuesItAgain) {
  const task::Task sending = world.Accept("1"), unknown = world.Accept("2");
  for (const task::Task& task : {sending, unknown}) {
    Claim claim = world.SendOf(task, task.seq == sending.seq ? "lease" : "another");
    claim.agent = "agent-1";
    BOOST_REQUIRE(world.Apply(claim));
  }
  BOOST_REQUIRE(world.Apply(world.EndOf(unknown, State::kUnknown, "another", "timed out")));
  Distrust(world);
  // What an agent does not hold any more it may have told after the copy was made.
  BOOST_TEST(world.store().UnknownLeases(world.lane).value().empty());
  for (const char* delivery : {"never_received", "not_sent"}) {
    DispatchBatch batch;
    batch.proofs = {NotPrinted(world, sending, delivery)};
    BOOST_TEST((world.store().Apply(batch).value().proofs.at(0).what == What::kKept));
    BOOST_TEST((world.View(sending).task.state == State::kUnknown));
  }
}

LASTING_STORE_TEST(ARegisterMayBeAskedWhereItWasOrWouldHaveBeenSent) {
  const task::Task sent = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  const task::Task queued = world.Accept("2");
  task::NewTask unposted = world.NewTask("3");
  unposted.package.prog_url = "";
  const task::Task registered = world.Accept(unposted).value().task;
  Distrust(world);
  BOOST_TEST(world.View(sent).attempts.back().sent_to == "http://till:44735");
  BOOST_TEST(world.View(queued).attempts.back().sent_to == "http://10.0.0.1:44735");
  BOOST_TEST(world.View(registered).attempts.back().sent_to == "http://127.0.0.1:44735");
  BOOST_TEST(world.Apply(world.AskOf(queued)));
}

LASTING_STORE_TEST(AShopThatHasReadFurtherSeesWhatComesNext) {
  const task::Task queued = world.Accept("1");
  constexpr std::int64_t kReadSince = 100'000'000;
  Distrust(world);
  const auto events = world.store().EventsAfter(world.shop, kReadSince, 10).value();
  BOOST_REQUIRE(events.size() == 1u);
  BOOST_TEST(events[0].task == queued.seq);
  BOOST_TEST((events[0].state == State::kUnknown));
  const task::Task next = world.Accept("2");
  BOOST_REQUIRE(world.Apply(world.SendOf(next)));
  BOOST_REQUIRE(world.Apply(world.EndOf(next, State::kDone)));
  const auto more = world.store().EventsAfter(world.shop, events[0].seq, 10).value();
  BOOST_REQUIRE(more.size() == 1u);
  BOOST_TEST(more[0].task == next.seq);
}

LASTING_STORE_TEST(AnOperatorSettlesItEitherWay) {
  const task::Task one = world.Accept("1"), other = world.Accept("2");
  Distrust(world);
  BOOST_TEST(world.store().SettleTask(one.id, true, Mark(), "me", "on the tape", world.now()).ok());
  BOOST_TEST(
      world.store().SettleTask(other.id, false, {}, "me", "not on the tape", world.now()).ok());
  BOOST_TEST((world.View(one).task.state == State::kDone));
  const auto head = world.store().HeadOf(world.lane, false).value();
  BOOST_REQUIRE(head.has_value());
  BOOST_TEST(head->task.seq == other.seq);
  BOOST_TEST(world.Apply(world.SendOf(other)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
