// What a start finds in mid-flight.
#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using task::State;

BOOST_AUTO_TEST_SUITE(store_recover)

STORE_TEST(WhatWasBeingSentIsUnknownAfterARestart) {
  const task::Task sent = world.Accept("1");
  const task::Task queued = world.Accept("2");
  BOOST_REQUIRE(world.Apply(world.SendOf(sent)));
  world.Restart();
  world.Pass(std::chrono::seconds(5));
  const Recovered recovered = world.store().Recover(world.now()).value();
  BOOST_TEST(recovered.unknown == std::vector<task::TaskSeq>{sent.seq});
  BOOST_TEST(recovered.lanes == std::vector<task::RegisterKey>{world.lane});

  const TaskView view = world.View(sent);
  BOOST_TEST((view.task.state == State::kUnknown));
  BOOST_TEST(view.task.lease == "");
  BOOST_TEST(view.task.error == "the gateway stopped between sending and the answer");
  BOOST_TEST(view.task.attempts == 1);
  BOOST_TEST(view.attempts.at(0).result == "no_answer");
  BOOST_TEST((view.attempts.at(0).ended_at == world.now()));
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 1u);
  BOOST_TEST(!view.callback.has_value());
  BOOST_TEST((world.View(queued).task.state == State::kQueued));
}

STORE_TEST(AnAskInFlightStaysUnknownWithoutASecondEvent) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  BOOST_REQUIRE(world.Apply(world.AskOf(task)));
  const Recovered recovered = world.store().Recover(world.now()).value();
  BOOST_TEST(recovered.unknown.empty());
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kUnknown));
  BOOST_TEST(view.task.lease == "");
  BOOST_TEST(view.attempts.at(1).result == "no_answer");
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 1u);
  BOOST_TEST(world.Apply(world.AskOf(task)));
}

STORE_TEST(NothingInFlightIsNothingToRecover) {
  world.AcceptAndEnd("1", State::kDone);
  const Recovered recovered = world.store().Recover(world.now()).value();
  BOOST_TEST(recovered.unknown.empty());
  BOOST_TEST(recovered.lanes.empty());
}

STORE_TEST(RecoveringTwiceChangesNothingMore) {
  const task::Task sent = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(sent)));
  BOOST_REQUIRE(world.store().Recover(world.now()).ok());
  BOOST_TEST(world.store().Recover(world.now()).value().unknown.empty());
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
