// An engine of conversations in a world a test turns by hand: the real store, a clock, a sender
// that keeps what it is given, and a cloud service that is nothing but its answers.
#pragma once

#include <boost/test/unit_test.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/id.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/dispatch/talk_engine.h"
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

// What a test may turn while accounts are open.
struct CloudScript {
  bool needs_session = false;
  std::string fault;  // why an account cannot be opened
  bool has_health = false;
  milliseconds session_life{3'600'000};
  milliseconds renew_before{600'000};
  int opened = 0;
};

// Notes are "" -> "post" -> "doc" -> "over" or "failed". POST /post is one document by its body,
// however often it comes; GET /doc/<id> gives it.
class FakeTalkAccount final : public protocol::CloudAccount {
 public:
  FakeTalkAccount(std::string origin, std::shared_ptr<CloudScript> script)
      : origin_(std::move(origin)), script_(std::move(script)) {}

  ffd::Faults Check(const protocol::bit::ReadPackageResult&) const override { return {}; }
  protocol::CloudLinks LinksOf(const task::Task&, const task::Package&) const override {
    return {};
  }

  protocol::Move Next(const protocol::Talk& talk) const override {
    const std::string& notes = talk.head.task.notes;
    if (notes == "impossible") return Failed("impossible");
    return notes == "doc" ? AskFor(talk, "GET", "/doc/", "doc", State::kWaiting)
                          : AskFor(talk, "POST", "/post/", "post", State::kSending);
  }

  protocol::Move OnAnswer(const protocol::Talk& talk, const http::Answer& answer) const override {
    const task::Task& task = talk.head.task;
    const auto again = [&](std::string reason, bool trouble) {
      return protocol::Later{task.notes, task.state, protocol::AskAgainPause(talk.asks),
                             std::move(reason), trouble};
    };
    if (answer.delivery != Delivery::kAnswered) return again("no answer", true);
    const int status = answer.response.status;
    if (status == 401) return protocol::Renew{};
    if (status >= 500) return again("busy", true);
    if (status == 422) return Failed(answer.response.body);
    if (task.notes == "post") {
      return protocol::Later{"doc", State::kWaiting, seconds(2), "", false};
    }
    if (status == 202) return again("printing", false);
    return protocol::Over{{State::kDone, "", {}}, "over"};
  }

  bool NeedsSession() const override { return script_->needs_session; }
  protocol::Query LogInQuery(const protocol::Session* last) const override {
    protocol::Query query;
    query.request.method = "POST";
    query.request.url = origin_ + (last == nullptr ? "/login" : "/refresh");
    return query;
  }
  protocol::LogIn OnLogIn(const http::Answer& answer, base::WallTime now) const override {
    protocol::LogIn log_in;
    if (answer.delivery != Delivery::kAnswered || answer.response.status != 200) {
      log_in.error = "wrong token";
      return log_in;
    }
    log_in.session.emplace();
    log_in.session->access = base::Secret(answer.response.body);
    log_in.session->ends_at = now + script_->session_life;
    log_in.session->renew_at = log_in.session->ends_at - script_->renew_before;
    return log_in;
  }

  std::optional<protocol::Query> HealthQuery(const protocol::Session*) const override {
    if (!script_->has_health) return std::nullopt;
    protocol::Query query;
    query.request.method = "GET";
    query.request.url = origin_ + "/health";
    return query;
  }
  protocol::Health OnHealth(const http::Answer& answer) const override {
    protocol::Health health;
    health.is_well = answer.response.status == 200;
    health.text = answer.response.body;
    health.news.fn_memory_1052 = true;
    return health;
  }

 private:
  protocol::Ask AskFor(const protocol::Talk& talk, const char* method, const char* path,
                       const char* notes, State state) const {
    protocol::Ask ask;
    ask.request.method = method;
    ask.request.url = origin_ + path + talk.head.task.order_id;
    ask.request.body = talk.head.task.order_id;
    if (talk.session != nullptr) {
      ask.request.headers.push_back({"Authorization", talk.session->access.Reveal()});
    }
    ask.notes = notes;
    ask.state = state;
    return ask;
  }
  static protocol::Over Failed(std::string error) {
    return {{State::kFailed, std::move(error), {}}, "failed"};
  }

  const std::string origin_;
  const std::shared_ptr<CloudScript> script_;
};

class FakeTalkProvider final : public protocol::CloudProvider {
 public:
  explicit FakeTalkProvider(std::shared_ptr<CloudScript> script) : script_(std::move(script)) {}
  std::string_view name() const override { return "cloud"; }
  std::span<const protocol::CloudSetting> Settings() const override { return {}; }
  base::Result<std::shared_ptr<const protocol::CloudAccount>> Open(
      const task::Register& register_) const override {
    ++script_->opened;
    if (!script_->fault.empty()) return base::Error{base::Code::kInvalid, script_->fault};
    return std::shared_ptr<const protocol::CloudAccount>(
        std::make_shared<FakeTalkAccount>("https://" + register_.name, script_));
  }

 private:
  const std::shared_ptr<CloudScript> script_;
};

// The service: documents by their key, and what goes wrong.
struct FakeService {
  std::map<std::string, int> documents;  // by order number: how often it was printed
  int polls_until_done = 1;
  std::map<std::string, int> polls;
  int requests = 0;
  std::string token;  // the one that is accepted; empty: any

  http::Answer Serve(const http::Request& request) {
    ++requests;
    const auto given = request.headers.empty() ? "" : request.headers.front().second;
    if (!token.empty() && given != token) return Answered(401);
    if (request.method == "POST") {
      documents.try_emplace(request.body, 0);
      if (documents[request.body] == 0) documents[request.body] = 1;
      return Answered(201);
    }
    return Answered(++polls[request.body] > polls_until_done ? 200 : 202);
  }
};

class TalkWorld {
 public:
  TalkWorld() : store(*stores.store) {
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
  void Restart() {
    BOOST_REQUIRE(stores.store->Recover(clock.Now()).ok());
    engine = std::make_unique<TalkEngine>(
        TalkEngine::Surroundings{store, sender, clock, accounts, [this] { return directory; },
                                 [this](const task::Task& task) { changes.push_back(task); },
                                 [] { return 0.5; }},
        options);
  }
  void Reload() { directory = store.LoadDirectory().value(); }

  task::RegisterKey AddRegister(const std::string& name, const std::string& provider = "cloud") {
    task::Register r;
    r.name = name;
    r.provider = provider;
    r.kkt_token = base::Secret("token of " + name);
    r.shops = {shop_key};
    r.key = store.AddRegister(r).value();
    Reload();
    engine->mailbox().AskRescan();
    return r.key;
  }
  template <typename Change>
  void ChangeRegister(task::RegisterKey key, const Change& change) {
    task::Register r = *directory->FindRegister(key);
    change(r);
    FG_CHECK(store.UpdateRegister(r).ok());
    Reload();
    engine->mailbox().AskRescan();
  }

  task::NewTask NewPost(task::RegisterKey lane, const std::string& order) {
    task::NewTask post;
    post.id = base::NewId(clock.Now());
    post.shop = shop_key;
    post.register_key = lane;
    post.order_id = order;
    post.content_hash = std::string(32, 'h');
    post.package.commands = "[]";
    post.accepted_at = clock.Now();
    return post;
  }
  // Accepts without telling the engine.
  task::Task Put(task::RegisterKey lane, const std::string& order) {
    return testing::Accept(store, NewPost(lane, order)).task;
  }
  std::string Post(task::RegisterKey lane, const std::string& order) {
    const std::string id = Put(lane, order).id;
    engine->mailbox().Ring(lane);
    return id;
  }
  // `count` tasks at once, in group commits.
  void PutMany(task::RegisterKey lane, int count);

  // Turns until there is nothing to do now.
  void Run() {
    for (int turns = 0; turns < 5'000; ++turns) {
      next = engine->Turn();
      most_in_memory = std::max(most_in_memory, engine->in_flight());
      const bool post = engine->mailbox().HasPost();
      if (!post && (!next || *next > clock.Mono())) return;
      if (engine->finished()) return;
    }
    BOOST_FAIL("the engine turns for ever");
  }
  void Pass(milliseconds time) {
    clock.Advance(time);
    Run();
  }
  // Second by second, as timers would have it.
  void PassSlowly(seconds time) {
    for (seconds passed{0}; passed < time; ++passed) Pass(seconds(1));
  }
  void Answer(const http::Answer& answer) {
    sender.AnswerLast(answer);
    Run();
  }

  store::TaskView View(const std::string& id) { return *store.FindTask(id).value(); }
  State StateOf(const std::string& id) { return View(id).task.state; }
  std::string LastUrl() { return sender.at(sender.count() - 1).request.url; }
  TalkHealth HealthOf(task::RegisterKey key) {
    for (const TalkHealth& health : engine->health()) {
      if (health.register_key == key) return health;
    }
    return {};
  }

  std::shared_ptr<CloudScript> script = std::make_shared<CloudScript>();
  protocol::CloudAccounts accounts{{std::make_shared<FakeTalkProvider>(script)}};
  testing::FakeClock clock;
  // Gives an answer at once, if it is set and gives one.
  testing::FakeSender::Script serve;
  testing::FakeSender sender{
      [this](const http::Request& request) { return serve ? serve(request) : std::nullopt; }};
  testing::InSqlite stores;
  testing::StoreProxy store;
  task::ShopKey shop_key = 0;
  task::DirectoryPtr directory;
  TalkOptions options;
  std::vector<task::Task> changes;
  std::unique_ptr<TalkEngine> engine;
  std::optional<base::MonoTime> next;
  std::size_t most_in_memory = 0;
};

inline void TalkWorld::PutMany(task::RegisterKey lane, int count) {
  constexpr int kAtOnce = 2'000;
  for (int done = 0; done < count;) {
    const int until = std::min(done + kAtOnce, count);
    auto left = std::make_shared<std::promise<void>>();
    auto future = left->get_future();
    auto open = std::make_shared<std::atomic<int>>(until - done);
    for (; done < until; ++done) {
      const bool taken = store.Accept(NewPost(lane, "order-" + std::to_string(done)),
                                      [left, open](store::Result<store::Accepted> accepted) {
                                        FG_CHECK(accepted.ok());
                                        if (--*open == 0) left->set_value();
                                      });
      FG_CHECK(taken);
    }
    future.wait();
  }
}

}  // namespace fiscalgate::dispatch
