// A relay's engine in a world a test turns by hand: a store (either), a clock, a sender that keeps
// what it is given.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/base/id.h"
#include "lib/base/log.h"
#include "lib/callback/engine.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_sender.h"
#include "tests/unit/support/store_proxy.h"
#include "tests/unit/support/stores.h"

namespace fiscalgate::callback {

using http::Delivery;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using store::CallbackState;
using testing::Answered;
using testing::NotAnswered;

// Brings a task to its end, so that its callback is written.
class Finisher {
 public:
  explicit Finisher(store::Store& store) : store_(store) {}

  task::ShopKey AddShop(const std::string& name) {
    task::Shop shop;
    shop.account_id = name;
    shop.name = name;
    shop.code = base::Secret("code of " + name);
    const task::ShopKey key = store_.AddShop(shop).value();
    if (register_ == 0) AddRegister(key);
    return key;
  }
  task::TaskSeq Finish(task::ShopKey shop, const std::string& url, base::WallTime now) {
    task::NewTask post;
    post.id = base::NewId(now);
    post.shop = shop;
    post.register_key = register_;
    post.order_id = "order-" + std::to_string(++orders_);
    post.content_hash = std::string(32, 'h');
    post.package.commands = "[]";
    post.package.callback_success = url;
    post.accepted_at = now;
    const task::TaskSeq seq = testing::Accept(store_, post).task.seq;
    store::DispatchBatch claim, end;
    claim.claims.push_back({seq, task::State::kQueued, task::AttemptKind::kSend, "lease", "", now});
    FG_CHECK(store_.Apply(claim).value().claims.at(0));
    end.conclusions.push_back(
        {seq, "lease", {task::State::kDone, "", {}}, "answered", 200, "", now});
    FG_CHECK(store_.Apply(end).value().conclusions.at(0));
    return seq;
  }

 private:
  void AddRegister(task::ShopKey shop) {
    task::Register r;
    r.name = "kkt";
    r.provider = "bit";
    r.kkt_token = base::Secret("token");
    r.shops = {shop};
    register_ = store_.AddRegister(r).value();
  }
  store::Store& store_;
  task::RegisterKey register_ = 0;
  int orders_ = 0;
};

template <typename Stores>
class World {
 public:
  World() : store(*stores.store), finisher(*stores.store) {
    log::SetLevel(log::Level::kError);
    Restart();
  }

  // A new engine over the same store, as after a start of the program.
  void Restart() {
    engine = std::make_unique<Engine>(
        Engine::Surroundings{store, sender, clock, [this] { return directory; },
                             [this](task::TaskSeq seq) { changes.push_back(seq); },
                             [] { return 0.5; }},
        options);
  }
  void Reload() { directory = store.LoadDirectory().value(); }

  task::ShopKey AddShop(const std::string& name) {
    const task::ShopKey key = finisher.AddShop(name);
    Reload();
    return key;
  }
  task::TaskSeq Put(task::ShopKey shop, const std::string& url) {
    return finisher.Finish(shop, url, clock.Now());
  }
  task::TaskSeq Post(task::ShopKey shop, const std::string& url) {
    const task::TaskSeq seq = Put(shop, url);
    engine->mailbox().Ring(shop);
    return seq;
  }

  // Turns until there is nothing to do now.
  void Run() {
    for (int turns = 0; turns < 2000; ++turns) {
      next = engine->Turn();
      if (!engine->mailbox().HasPost() && (!next || *next > clock.Mono())) return;
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
  store::Callback Callback(task::TaskSeq task) {
    return *(*store.FindTaskBySeq(task).value()).callback;
  }
  std::string HeaderOf(std::size_t index, std::string_view name) {
    return std::string(http::FindHeader(sender.at(index).request.headers, name));
  }

  testing::FakeClock clock;
  testing::FakeSender sender;
  Stores stores;
  testing::StoreProxy store;
  Finisher finisher;
  task::DirectoryPtr directory = std::make_shared<const task::Directory>(
      std::vector<task::Shop>{}, std::vector<task::Register>{}, 0);
  Options options;
  std::vector<task::TaskSeq> changes;
  std::unique_ptr<Engine> engine;
  std::optional<MonoTime> next;
};

}  // namespace fiscalgate::callback
