// A dispatcher's engine in a world a test turns by hand: a store (either), a clock, a sender that
// keeps what it is given, a provider that does as told.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/id.h"
#include "lib/base/log.h"
#include "lib/dispatch/engine.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_sender.h"
#include "tests/unit/support/store_proxy.h"
#include "tests/unit/support/stores.h"

namespace fiscalgate::dispatch {

using http::Delivery;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using task::State;
using testing::Answered;
using testing::NotAnswered;

// Sends to the register's url; reads "done", "failed" and "again" (one more request) in a body.
class ScriptedProvider final : public protocol::Provider {
 public:
  bool can_ask = false;
  std::function<protocol::Step(const protocol::Work&)> start = Ask;
  std::function<protocol::Step(const protocol::Work&, const http::Answer&)> on_answer = Read;

  protocol::Step Start(const protocol::Work& work) const override { return start(work); }
  protocol::Step OnAnswer(const protocol::Work& work, const http::Answer& answer) const override {
    return on_answer(work, answer);
  }
  bool CanAsk(const task::Register&) const override { return can_ask; }

  static protocol::Step Ask(const protocol::Work& work) {
    protocol::SendStep step;
    step.request.method = "POST";
    step.request.url = work.register_.url;
    step.request.body = work.head.task.order_id;
    step.options.fresh_connection = true;
    return step;
  }
  static protocol::Step Read(const protocol::Work& work, const http::Answer& answer) {
    if (answer.delivery == Delivery::kNotSent) return protocol::PostponeStep{"register is off"};
    if (answer.delivery == Delivery::kNoAnswer) return End(State::kUnknown, "lost");
    if (answer.response.status >= 400) return protocol::PostponeStep{"refused"};
    const std::string& body = answer.response.body;
    if (body == "done") return End(State::kDone, "");
    if (body == "failed") return End(State::kFailed, "no paper");
    if (body == "again") return Ask(work);
    return End(State::kUnknown, "garbage");
  }
  static protocol::Step End(State state, std::string error) {
    return protocol::FinishStep{{state, std::move(error), {}}};
  }
};

template <typename Stores>
class World {
 public:
  World() : provider(std::make_shared<ScriptedProvider>()), store(*stores.store) {
    log::SetLevel(log::Level::kError);
    task::Shop shop;
    shop.account_id = "A1";
    shop.name = "shop";
    shop.code = base::Secret("code");
    shop_key = store.AddShop(shop).value();
    Reload();
    Restart();
  }

  // A new engine over the same store, as after a start of the program.
  void Restart() { Restart({{"bit", provider}}); }
  void Restart(Dispatcher::Providers providers) {
    engine = std::make_unique<Engine>(
        Engine::Surroundings{
            store, sender, clock, std::move(providers), [this] { return directory; },
            [this](const task::Task& task) { changes.push_back(task); }, [] { return 0.5; }},
        options);
  }
  void Reload() { directory = store.LoadDirectory().value(); }

  task::RegisterKey AddRegister(const std::string& name, bool pass_unknown = false) {
    task::Register r;
    r.name = name;
    r.provider = "bit";
    r.kkt_token = base::Secret("token of " + name);
    r.url = "http://" + name + "/";
    r.pass_unknown = pass_unknown;
    r.shops = {shop_key};
    r.key = store.AddRegister(r).value();
    Reload();
    return r.key;
  }
  template <typename Change>
  void ChangeRegister(task::RegisterKey key, const Change& change) {
    task::Register r = *directory->FindRegister(key);
    change(r);
    FG_CHECK(store.UpdateRegister(r).ok());
    Reload();
  }

  // Accepts without telling the engine.
  std::string Put(task::RegisterKey lane, const std::string& order) {
    task::NewTask post;
    post.id = base::NewId(clock.Now());
    post.shop = shop_key;
    post.register_key = lane;
    post.order_id = order;
    post.content_hash = std::string(32, 'h');
    post.package.commands = "[]";
    post.accepted_at = clock.Now();
    return testing::Accept(store, post).task.id;
  }
  std::string Post(task::RegisterKey lane, const std::string& order) {
    const std::string id = Put(lane, order);
    engine->mailbox().Ring(lane);
    return id;
  }

  // Turns until there is nothing to do now.
  void Run() {
    for (int turns = 0; turns < 1000; ++turns) {
      next = engine->Turn();
      if (!HasPost() && (!next || *next > clock.Mono())) return;
      if (engine->finished()) return;
    }
    BOOST_FAIL("the engine turns for ever");
  }
  void Pass(milliseconds time) {
    clock.Advance(time);
    Run();
  }
  void Answer(const http::Answer& answer) {
    sender.AnswerLast(answer);
    Run();
  }
  void AnswerDone() { Answer(Answered(200, "done")); }

  store::TaskView View(const std::string& id) { return *store.FindTask(id).value(); }
  State StateOf(const std::string& id) { return View(id).task.state; }
  std::string LastOrderSent() { return sender.at(sender.count() - 1).request.body; }

  testing::FakeClock clock;
  testing::FakeSender sender;
  std::shared_ptr<ScriptedProvider> provider;
  Stores stores;
  testing::StoreProxy store;
  task::ShopKey shop_key = 0;
  task::DirectoryPtr directory;
  Options options;
  std::vector<task::Task> changes;
  std::unique_ptr<Engine> engine;
  std::optional<MonoTime> next;

 private:
  bool HasPost() { return engine->mailbox().HasPost(); }
};

}  // namespace fiscalgate::dispatch
