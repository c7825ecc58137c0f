// Shifts are closed and opened in time; what failed because one was over is sent once more.
#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"
#include "tests/unit/dispatch/world.h"

namespace fiscalgate::dispatch {
namespace {

using std::chrono::hours;
using task::Service;

// Answers: "open N", "closed", "over" (failed: the shift is over), or as ScriptedProvider.
class ShiftProvider final : public protocol::Provider {
 public:
  protocol::Step Start(const protocol::Work& work) const override {
    return ScriptedProvider::Ask(work);
  }
  protocol::Step OnAnswer(const protocol::Work& work, const http::Answer& answer) const override {
    const std::string& body = answer.response.body;
    task::Outcome outcome;
    outcome.state = State::kDone;
    outcome.commands.push_back({0, "", "", task::CommandState::kDone, body, "", {}});
    if (body.starts_with("open") || body == "closed") return protocol::FinishStep{outcome};
    if (body != "over") return ScriptedProvider::Read(work, answer);
    outcome.state = State::kFailed;
    outcome.error = outcome.error_code = "over";
    outcome.commands[0].state = task::CommandState::kFailed;
    return protocol::FinishStep{outcome};
  }
  bool CanAsk(const task::Register&) const override { return false; }
  task::DeviceNews WhatIsKnown(const protocol::Work&, const task::Outcome& outcome) const override {
    task::DeviceNews news;
    const std::string text = outcome.commands.empty() ? "" : outcome.commands[0].text;
    if (text.starts_with("open ")) news.shift = std::stoi(text.substr(5));
    if (text.starts_with("open ")) news.shift_open = true;
    if (text == "closed") news.shift_open = false;
    news.shift_over_24h = outcome.error_code == "over";
    return news;
  }
  bool IsShiftOver(const task::Outcome& outcome) const override {
    return outcome.error_code == "over";
  }
  std::string ServiceCommands(Service service, const task::Register&) const override {
    return service == Service::kCloseShift ? R"(["close"])" : R"(["open"])";
  }
};

template <typename Stores>
class ShiftWorld : public World<Stores> {
 public:
  ShiftWorld() {
    Restart();
    lane = this->AddRegister("till");
    this->engine->mailbox().AskRescan();
    this->Run();
  }
  void Restart() {
    this->engine = std::make_unique<Engine>(
        Engine::Surroundings{this->store,
                             this->sender,
                             this->clock,
                             {{"bit", std::make_shared<ShiftProvider>()}},
                             [this] { return this->directory; },
                             [this](const task::Task& task) { this->changes.push_back(task); },
                             [] { return 0.5; }},
        this->options);
  }
  // Prints a receipt in shift `number`.
  void PrintIn(int number) {
    this->Post(lane, "receipt in " + std::to_string(number) + " of " +
                         std::to_string(this->sender.count()));
    this->Run();
    this->Answer(Answered(200, "open " + std::to_string(number)));
  }
  bool IsOpen(std::size_t index) { return this->sender.count() == index + 1; }
  std::string Sent(std::size_t index) { return this->sender.at(index).request.body; }
  std::vector<task::Task> Services() {
    store::TaskFilter filter;
    filter.shop = task::kGatewayShop;
    return this->store.ListTasks(filter).value();
  }

  task::RegisterKey lane = 0;
};

BOOST_AUTO_TEST_SUITE(engine_shift)

BOOST_AUTO_TEST_CASE_TEMPLATE(AShiftIsClosedAndOpenedBeforeItIsADayOld, Stores,
                              testing::AllStores) {
  ShiftWorld<Stores> world;
  world.PrintIn(7);
  world.Pass(base::kShiftGuardAge - minutes(2));
  BOOST_TEST(world.sender.count() == 1u);
  world.Pass(minutes(3));
  BOOST_REQUIRE(world.sender.count() == 2u);
  BOOST_TEST(world.Sent(1).starts_with("shift-close-1-7-"));
  world.Answer(Answered(200, "closed"));
  BOOST_REQUIRE(world.sender.count() == 3u);
  BOOST_TEST(world.Sent(2).starts_with("shift-open-after-1-7-"));
  world.Answer(Answered(200, "open 8"));
  for (const task::Task& task : world.Services()) {
    BOOST_TEST((task.state == State::kDone));
    BOOST_TEST((task.priority == task::Priority::kService));
  }
  world.Pass(hours(23));
  BOOST_TEST(world.sender.count() == 3u);
  world.Pass(hours(1));
  BOOST_REQUIRE(world.sender.count() == 4u);
  BOOST_TEST(world.Sent(3).starts_with("shift-close-1-8-"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ServiceTasksGoBeforeWhatWaits, Stores, testing::AllStores) {
  ShiftWorld<Stores> world;
  world.PrintIn(7);
  world.Post(world.lane, "running");
  world.Run();
  world.Post(world.lane, "waiting");
  world.Pass(base::kShiftGuardAge + minutes(1));
  BOOST_TEST(world.sender.count() == 2u);  // the lane is not free
  world.Answer(Answered(200, "open 7"));
  BOOST_TEST(world.LastOrderSent().starts_with("shift-close"));
  world.Answer(Answered(200, "closed"));
  world.Answer(Answered(200, "open 8"));
  BOOST_TEST(world.LastOrderSent() == "waiting");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EachShiftIsClosedOnceAlsoOverARestart, Stores, testing::AllStores) {
  ShiftWorld<Stores> world;
  world.PrintIn(7);
  world.Pass(base::kShiftGuardAge + minutes(1));
  world.Answer(Answered(200, "failed"));
  world.Answer(Answered(200, "failed"));
  BOOST_TEST(world.Services().size() == 2u);
  world.Restart();
  for (int i = 0; i < 5; ++i) world.Pass(minutes(5));
  BOOST_TEST(world.Services().size() == 2u);
  BOOST_TEST(world.sender.count() == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TheGuardMayBeOff, Stores, testing::AllStores) {
  ShiftWorld<Stores> world;
  world.ChangeRegister(world.lane, [](task::Register& r) { r.shift_guard = false; });
  world.PrintIn(7);
  world.Pass(hours(30));
  BOOST_TEST(world.sender.count() == 1u);
  const std::string id = world.Post(world.lane, "late");
  world.Run();
  world.Answer(Answered(200, "over"));
  BOOST_TEST((world.StateOf(id) == State::kFailed));
}

// FakeClock begins on 2026-11-21 at some hour; the window is set from what it says.
BOOST_AUTO_TEST_CASE_TEMPLATE(AShiftIsClosedAtItsHour, Stores, testing::AllStores) {
  ShiftWorld<Stores> world;
  const auto day = std::chrono::floor<std::chrono::days>(world.clock.Now());
  const auto utc_minute = std::chrono::floor<minutes>(world.clock.Now() - day).count();
  const int at = static_cast<int>((utc_minute + 180 + 120) % (24 * 60));  // in two hours, UTC+3
  world.ChangeRegister(world.lane, [at](task::Register& r) {
    r.shift_close_minute = at;
    r.shift_reopen = false;
  });
  world.PrintIn(7);
  world.Pass(minutes(110));
  BOOST_TEST(world.sender.count() == 1u);
  world.Pass(minutes(12));
  BOOST_REQUIRE(world.sender.count() == 2u);
  BOOST_TEST(world.LastOrderSent().starts_with("shift-close"));
  world.Answer(Answered(200, "closed"));
  BOOST_TEST(world.Services().size() == 1u);  // no new one was asked for
  world.Pass(hours(48));
  BOOST_TEST(world.sender.count() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AReceiptThatFailedForTheShiftIsSentOnceMore, Stores,
                              testing::AllStores) {
  ShiftWorld<Stores> world;
  const std::string id = world.Post(world.lane, "receipt");
  const std::string next = world.Post(world.lane, "next");
  world.Run();
  world.Answer(Answered(200, "over"));
  BOOST_TEST((world.StateOf(id) == State::kQueued));
  BOOST_TEST(world.View(id).task.wait_reason.find("24 часа") != std::string::npos);
  BOOST_TEST(world.View(id).attempts.at(0).result == "answered");
  BOOST_TEST(world.changes.empty());
  BOOST_TEST(world.LastOrderSent().starts_with("shift-close"));
  world.Answer(Answered(200, "closed"));
  BOOST_TEST(world.LastOrderSent().starts_with("shift-open"));
  world.Answer(Answered(200, "open 8"));
  BOOST_TEST(world.LastOrderSent() == "receipt");
  world.Answer(Answered(200, "open 8"));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.View(id).task.attempts == 2);
  BOOST_TEST(world.LastOrderSent() == "next");
  BOOST_TEST((world.StateOf(next) == State::kSending));
  BOOST_TEST(world.engine->counters().repeated == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASecondSuchFailureIsFinal, Stores, testing::AllStores) {
  ShiftWorld<Stores> world;
  const std::string id = world.Post(world.lane, "receipt");
  world.Run();
  world.Answer(Answered(200, "over"));
  world.Answer(Answered(200, "failed"));
  world.Answer(Answered(200, "failed"));
  BOOST_TEST(world.LastOrderSent() == "receipt");
  world.Answer(Answered(200, "over"));
  BOOST_TEST((world.StateOf(id) == State::kFailed));
  BOOST_TEST(world.View(id).task.error_code == "over");
  const std::size_t sent = world.sender.count();
  // The next receipt has the service tasks tried again.
  world.Post(world.lane, "another");
  world.Run();
  world.Answer(Answered(200, "over"));
  BOOST_TEST(world.sender.count() == sent + 2);
  BOOST_TEST(world.LastOrderSent().starts_with("shift-close"));
  BOOST_TEST(world.Services().size() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AnUnknownServiceTaskIsAskedBySendingItAgain, Stores,
                              testing::AllStores) {
  ShiftWorld<Stores> world;
  const std::string id = world.Post(world.lane, "receipt");
  world.Run();
  world.Answer(Answered(200, "over"));
  world.Answer(NotAnswered(Delivery::kNoAnswer, "cut"));
  BOOST_TEST((world.Services().back().state == State::kUnknown));
  BOOST_TEST(world.sender.count() == 2u);
  world.Pass(seconds(3));
  BOOST_REQUIRE(world.sender.count() == 3u);
  BOOST_TEST(world.Sent(2) == world.Sent(1));
  world.Answer(Answered(200, "closed"));
  world.Answer(Answered(200, "open 8"));
  BOOST_TEST(world.LastOrderSent() == "receipt");
  world.Answer(Answered(200, "open 8"));
  BOOST_TEST((world.StateOf(id) == State::kDone));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WhatIsKnownOfTheDeviceIsKept, Stores, testing::AllStores) {
  ShiftWorld<Stores> world;
  world.PrintIn(7);
  const base::WallTime opened = world.clock.Now();
  const auto states = world.store.DeviceStates().value();
  BOOST_REQUIRE(states.size() == 1u);
  BOOST_TEST(states[0].register_key == world.lane);
  BOOST_TEST(states[0].shift == 7);
  BOOST_TEST((states[0].shift_state == task::ShiftState::kOpen));
  BOOST_TEST((states[0].shift_opened_at == opened));
  world.Pass(hours(1));
  world.PrintIn(7);
  BOOST_TEST((world.store.DeviceStates().value()[0].shift_opened_at == opened));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(OrdersThatAreNotStoredAreMadeLater, Stores, testing::AllStores) {
  ShiftWorld<Stores> world;
  const std::string id = world.Post(world.lane, "receipt");
  world.Run();
  world.store.disk_full = true;
  world.Answer(Answered(200, "over"));
  BOOST_TEST((world.StateOf(id) == State::kSending));
  world.store.disk_full = false;
  world.Pass(seconds(1));
  BOOST_TEST((world.StateOf(id) == State::kQueued));
  BOOST_TEST(world.LastOrderSent().starts_with("shift-close"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::dispatch
