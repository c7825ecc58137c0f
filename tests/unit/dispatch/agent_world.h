// An engine's world with an agent beside one register: what is carried is kept, silence and word
// are made by hand.
#pragma once

#include <boost/test/unit_test.hpp>

#include "lib/dispatch/engine.h"
#include "tests/unit/dispatch/world.h"

namespace fiscalgate::dispatch {

using agents::Silence;
using testing::AllStores;

inline constexpr char kInstance[] = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

// Keeps what it should carry; a test is silent by hand.
class FakeCarrier final : public agents::Carrier {
 public:
  struct Errand {
    task::RegisterKey lane;
    agents::Errand errand;
    std::function<void(Silence)> silent;
  };
  void Carry(task::RegisterKey lane, agents::Errand errand,
             std::function<void(Silence)> silent) override {
    errands.push_back({lane, std::move(errand), std::move(silent)});
  }
  void Told(task::RegisterKey, const std::string& lease) override { told.push_back(lease); }
  bool Recall(task::RegisterKey, const std::string& lease) override {
    if (handed_over || errands.empty() || errands.back().errand.lease != lease) return false;
    auto silent = std::exchange(errands.back().silent, nullptr);
    if (!silent) return false;
    silent(Silence::kNobody);
    return true;
  }
  void CallAgain(task::RegisterKey lane) override { called.push_back(lane); }
  bool handed_over = true;
  std::vector<Errand> errands;
  std::vector<std::string> told;
  std::vector<task::RegisterKey> called;
};

template <typename Stores>
struct AgentWorld : World<Stores> {
  using Base = World<Stores>;

  AgentWorld() {
    this->options.carrier = &carrier;
    this->Restart();
    lane = this->AddRegister("kkt");
    Bind(kInstance);
  }
  void Bind(const std::string& instance) {
    this->ChangeRegister(lane, [&](task::Register& r) {
      r.via = task::Via::kAgent;
      r.agent_key = base::Secret("key of " + instance);
      r.agent_instance = instance;
    });
    this->engine->mailbox().AskRescan();
    this->Run();
  }
  std::string PutCommand(task::RegisterKey to, const std::string& order) {
    task::NewTask post;
    post.id = base::NewId(this->clock.Now());
    post.shop = this->shop_key;
    post.register_key = to;
    post.order_id = order;
    post.content_hash = std::string(32, 'h');
    post.package.commands = R"([{"name":"r","type":"kktReceiptFiscalization"}])";
    post.accepted_at = this->clock.Now();
    const std::string id = testing::Accept(this->store, post).task.id;
    this->engine->mailbox().Ring(to);
    return id;
  }
  std::string Lease(std::size_t index) const { return carrier.errands.at(index).errand.lease; }
  std::string LastLease() const { return carrier.errands.back().errand.lease; }
  void BeSilent(Silence silence) {
    std::exchange(carrier.errands.back().silent, nullptr)(silence);
    this->Run();
  }
  // Gives what was recorded; empty while it is not stored.
  using Word = std::shared_ptr<std::optional<Recorded>>;
  Word Tell(const std::string& lease, http::Answer answer, const std::string& delivery,
            task::RegisterKey key = 0) {
    auto word = std::make_shared<std::optional<Recorded>>();
    AgentAnswer told{key == 0 ? lane : key,
                     lease,
                     {delivery, answer.response.status, answer.response.body},
                     std::move(answer),
                     [word](Recorded recorded) { *word = recorded; }};
    this->engine->AgentSpoke(told);
    this->engine->mailbox().Put(std::move(told));
    this->Run();
    return word;
  }
  Word TellDone(const std::string& lease) { return Tell(lease, Answered(200, "done"), "answered"); }
  void Sync(std::vector<std::string> held = {}, const std::string& instance = kInstance) {
    this->engine->mailbox().Put(AgentSynced{lane, instance, std::move(held)});
    this->Run();
  }

  FakeCarrier carrier;
  task::RegisterKey lane = 0;
};

template <typename Word>
bool Is(const Word& word, Recorded recorded) {
  return word->has_value() && **word == recorded;
}

}  // namespace fiscalgate::dispatch
