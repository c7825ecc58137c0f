// Tasks of a group leave a lane that cannot work, unless a register may have seen them.
#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"
#include "tests/unit/dispatch/world.h"

namespace fiscalgate::dispatch {
namespace {

template <typename Stores>
class GroupWorld : public World<Stores> {
 public:
  GroupWorld() {
    this->options.outlook = outlook;
    this->Restart();
    one = this->AddRegister("one");
    two = this->AddRegister("two");
    task::Group group;
    group.name = "hall";
    group.kkt_token = base::Secret("token of hall");
    group.members = {one, two};
    group.shops = {this->shop_key};
    key = this->store.AddGroup(group).value();
    this->Reload();
    this->engine->mailbox().AskRescan();
    this->Run();
  }
  std::string PostToGroup(task::RegisterKey lane, const std::string& order) {
    task::NewTask post;
    post.id = base::NewId(this->clock.Now());
    post.shop = this->shop_key;
    post.register_key = lane;
    post.group = key;
    post.order_id = order;
    post.content_hash = std::string(32, 'h');
    post.package.commands = "[]";
    post.accepted_at = this->clock.Now();
    const std::string id = testing::Accept(this->store, post).task.id;
    this->engine->mailbox().Ring(lane);
    return id;
  }
  task::RegisterKey LaneOf(const std::string& id) { return this->View(id).task.register_key; }
  std::string LastUrl() { return this->sender.at(this->sender.count() - 1).request.url; }

  std::shared_ptr<Outlook> outlook = std::make_shared<Outlook>();
  task::RegisterKey one = 0, two = 0;
  task::GroupKey key = 0;
};

const auto kOff = NotAnswered(Delivery::kNotSent, "connection refused");

BOOST_AUTO_TEST_SUITE(engine_group)

BOOST_AUTO_TEST_CASE_TEMPLATE(WhatCannotBeSentGoesToAnotherRegister, Stores, testing::AllStores) {
  GroupWorld<Stores> world;
  const std::string first = world.PostToGroup(world.one, "1");
  const std::string second = world.PostToGroup(world.one, "2");
  world.Run();
  BOOST_REQUIRE(world.sender.count() == 1u);
  world.Answer(kOff);
  BOOST_TEST(world.LaneOf(first) == world.two);
  BOOST_TEST(world.LaneOf(second) == world.two);
  BOOST_REQUIRE(world.sender.count() == 2u);
  BOOST_TEST(world.LastUrl() == "http://two/");
  BOOST_TEST(world.LastOrderSent() == "1");
  world.AnswerDone();
  BOOST_TEST(world.LastOrderSent() == "2");
  world.AnswerDone();
  BOOST_TEST((world.StateOf(first) == State::kDone));
  BOOST_TEST((world.StateOf(second) == State::kDone));
  BOOST_TEST(world.engine->counters().moved == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WhatARegisterMayHaveSeenStays, Stores, testing::AllStores) {
  GroupWorld<Stores> world;
  const std::string seen = world.PostToGroup(world.one, "1");
  const std::string behind = world.PostToGroup(world.one, "2");
  world.Run();
  world.Answer(NotAnswered(Delivery::kNoAnswer, "cut"));
  BOOST_TEST((world.StateOf(seen) == State::kUnknown));
  BOOST_TEST(world.LaneOf(seen) == world.one);
  // The lane stands still: what was never sent need not wait for an operator.
  BOOST_TEST(world.LaneOf(behind) == world.two);
  BOOST_TEST(world.LastUrl() == "http://two/");
  BOOST_REQUIRE(world.store.SettleTask(seen, false, {}, "ann", "no paper", world.clock.Now()).ok());
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(world.LastUrl() == "http://one/");
  world.Answer(kOff);
  world.Pass(minutes(2));
  BOOST_TEST(world.LaneOf(seen) == world.one);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TasksOfTheRegisterItselfStay, Stores, testing::AllStores) {
  GroupWorld<Stores> world;
  const std::string own = world.Post(world.one, "1");
  world.Run();
  world.Answer(kOff);
  BOOST_TEST(world.LaneOf(own) == world.one);
  BOOST_TEST((world.StateOf(own) == State::kQueued));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WhereNoneWorksTheyWaitForTheFirstThatDoes, Stores,
                              testing::AllStores) {
  GroupWorld<Stores> world;
  const std::string first = world.PostToGroup(world.one, "1");
  const std::string second = world.PostToGroup(world.two, "2");
  world.Run();
  world.sender.Answer(0, kOff);
  world.sender.Answer(1, kOff);
  world.Run();
  BOOST_TEST(world.LaneOf(first) == world.one);
  BOOST_TEST(world.LaneOf(second) == world.two);
  for (int i = 0; i < 20 && world.LaneOf(first) == world.one; ++i) {
    world.Pass(seconds(2));
    world.sender.AnswerAll("http://one/", kOff);
    world.sender.AnswerAll("http://two/", Answered(200, "done"));
    world.Run();
  }
  BOOST_TEST((world.StateOf(second) == State::kDone));
  BOOST_TEST(world.LaneOf(first) == world.two);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ADisabledRegisterGivesItsTasksAway, Stores, testing::AllStores) {
  GroupWorld<Stores> world;
  world.ChangeRegister(world.one, [](task::Register& r) { r.enabled = false; });
  world.engine->mailbox().AskRescan();
  const std::string id = world.PostToGroup(world.one, "1");
  world.Run();
  BOOST_TEST(world.LaneOf(id) == world.two);
  BOOST_TEST(world.LastUrl() == "http://two/");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TheOutlookIsToldWhoIsIll, Stores, testing::AllStores) {
  GroupWorld<Stores> world;
  world.PostToGroup(world.one, "1");
  world.Run();
  world.Answer(kOff);
  for (int i = 0; i < 4; ++i) {
    BOOST_TEST(world.outlook->Take({world.one, world.two}, world.clock.Mono()) == world.two);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AMoveThatIsNotStoredIsMadeLater, Stores, testing::AllStores) {
  GroupWorld<Stores> world;
  const std::string first = world.PostToGroup(world.one, "1");
  world.Run();
  bool refused = false;
  world.store.refuse = [&](const store::DispatchBatch& batch) {
    const bool refuse = !batch.moves.empty() && !refused;
    refused = refused || refuse;
    return refuse;
  };
  world.Answer(kOff);
  BOOST_TEST(refused);
  BOOST_TEST(world.LaneOf(first) == world.one);
  world.Pass(milliseconds(base::kStoreRetryPause));
  world.sender.AnswerAll("http://one/", kOff);  // its own pause may be over first
  world.Run();
  BOOST_TEST(world.LaneOf(first) == world.two);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::dispatch
