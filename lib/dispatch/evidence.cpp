// The part of Engine that speaks with agents: requests go to the one who keeps their polls, and
// what they say of a lease is weighed even when nobody waits for it any more.

#include <algorithm>
#include <utility>

#include "lib/agents/message.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/dispatch/engine.h"

namespace fiscalgate::dispatch {
namespace {

using agents::Silence;
using http::Delivery;
using Meaning = store::Proof::Meaning;

http::Answer NotAnswered(Delivery delivery, std::string error) {
  http::Answer answer;
  answer.delivery = delivery;
  answer.error = std::move(error);
  return answer;
}

constexpr char kNeverArrived[] = "запрос не дошёл до агента";

store::Told ToldBySilence() { return {std::string(store::kNeverReceived), 0, kNeverArrived}; }

Letter LetterOf(task::RegisterKey lane, std::uint64_t ticket, Silence silence) {
  switch (silence) {
    case Silence::kNobody:
      return {lane, ticket, NotAnswered(Delivery::kNotSent, "агент не на связи")};
    case Silence::kNeverReceived:
      return {lane, ticket, NotAnswered(Delivery::kNotSent, kNeverArrived), ToldBySilence()};
    case Silence::kLost:
      break;
  }
  return {lane, ticket, NotAnswered(Delivery::kNoAnswer, "агент не сообщил, чем кончилось")};
}

AgentAnswer Silent(task::RegisterKey register_key, std::string lease) {
  return {register_key,
          std::move(lease),
          ToldBySilence(),
          NotAnswered(Delivery::kNotSent, kNeverArrived),
          {}};
}

// What an answer that ends nothing here means for a task nobody works at.
void ReadVerdict(Verdict verdict, task::AttemptKind kind, store::Proof* proof) {
  if (auto* over = std::get_if<Over>(&verdict)) {
    proof->outcome = std::move(over->outcome);
    const bool unknown = proof->outcome.state == task::State::kUnknown;
    proof->meaning = unknown ? Meaning::kNothing : Meaning::kOutcome;
  } else if (const auto* not_done = std::get_if<NotDone>(&verdict)) {
    // A question that was not put says nothing of what it asks about.
    if (kind == task::AttemptKind::kAsk) return;
    proof->meaning = Meaning::kNotDone;
    proof->wait_reason = not_done->reason;
  }
}

// A task of a group may have moved to another register since.
bool MayTell(const task::Task& task, task::RegisterKey teller) {
  return task.register_key == teller || task.group != 0;
}

task::Task AfterProof(task::Task task, const store::Proof& proof) {
  const bool outcome = proof.meaning == Meaning::kOutcome;
  task.state = outcome ? proof.outcome.state : task::State::kQueued;
  task.error = outcome ? proof.outcome.error : "";
  task.error_code = outcome ? proof.outcome.error_code : "";
  task.error_class = outcome ? proof.outcome.error_class : task::ErrorClass{};
  if (!outcome) task.attempts -= 1;
  task.lease.clear();
  task.wait_reason = outcome ? "" : proof.wait_reason;
  task.changed_at = proof.at;
  return task;
}

}  // namespace

void Engine::AgentSpoke(const AgentAnswer& answer) const {
  if (options_.carrier != nullptr) options_.carrier->Told(answer.register_key, answer.lease);
}

void Engine::SendByAgent(const Attempt& attempt, protocol::SendStep step) {
  const task::RegisterKey lane = attempt.head.task.register_key;
  const auto message = agents::WriteRequest(step.request);
  if (options_.carrier == nullptr || !message.ok()) {
    const std::string why = message.ok() ? "агентов здесь нет" : message.error().what;
    log::Error("errand_not_made", {{"task", attempt.head.task.id}, {"error", why}});
    return mailbox_->Put(Letter{lane, attempt.ticket, NotAnswered(Delivery::kNotSent, why)});
  }
  carried_[attempt.head.task.seq] = lane;
  agents::Errand errand;
  errand.lease = attempt.lease;
  errand.instance = attempt.register_->agent_instance;
  errand.message = *message;
  errand.timeout = step.options.total_timeout;
  errand.permit = step.options.permit;
  // Its next poll may come to another node.
  if (options_.holdings != nullptr) errand.fetch_within = base::kAgentFetchHere;
  options_.carrier->Carry(lane, std::move(errand),
                          [mailbox = mailbox_, lane, ticket = attempt.ticket](Silence silence) {
                            mailbox->Put(LetterOf(lane, ticket, silence));
                          });
}

void Engine::Take(AgentAnswer answer) {
  const auto it = running_.find(answer.register_key);
  if (it == running_.end() || it->second.lease != answer.lease) return TakeLate(std::move(answer));
  Attempt& attempt = it->second;
  if (attempt.ticket == 0) {
    // Its end waits for the store. If that is what the agent said, this is the same again.
    if (!attempt.recorded) return TakeLate(std::move(answer));
    std::exchange(attempt.recorded, std::move(answer.recorded))(Recorded::kNotNow);
    return;
  }
  attempt.ticket = 0;
  attempt.answers += 1;
  attempt.told = std::move(answer.told);
  attempt.recorded = std::move(answer.recorded);
  Count(answer.answer.delivery);
  Verdict verdict = Judge(attempt, answer.answer);
  if (std::holds_alternative<protocol::SendStep>(verdict)) {
    // A lease is one request.
    verdict = Over{{task::State::kUnknown, "агент передаёт только один запрос", {}},
                   "answered",
                   answer.answer.response.status};
  }
  Advance(attempt, std::move(verdict));
}

void Engine::Take(AgentIsBack news) {
  Lane& lane = board_.At(news.register_key);
  lane.Relook(true);
  Settle(lane);
}

void Engine::Take(NeverReceived news) {
  TakeLate(Silent(news.register_key, std::move(news.lease)));
}

// One entry a lease, however often it is told while the store refuses.
void Engine::TakeLate(AgentAnswer answer) {
  for (Weighed& weighed : proofs_) {
    if (weighed.proof.lease != answer.lease || !weighed.proof.told.by_agent()) continue;
    std::exchange(weighed.recorded, std::move(answer.recorded))(Recorded::kNotNow);
    return;
  }
  late_.push_back(std::move(answer));
}

void Engine::LookForLost(AgentSynced news) {
  const auto leases = with_.store.UnknownLeases(news.register_key);
  if (!leases.ok()) {
    log::Error("leases_not_read", {{"lane", news.register_key}, {"error", leases.error().what}});
    return synced_.push_back(std::move(news));
  }
  for (const store::UnknownLease& unknown : *leases) {
    const bool held =
        std::find(news.held.begin(), news.held.end(), unknown.lease) != news.held.end();
    if (held || unknown.told || unknown.agent != news.instance) continue;
    late_.push_back(Silent(news.register_key, unknown.lease));
  }
}

void Engine::WeighEvidence() {
  for (Weighed& end : std::exchange(lost_ends_, {})) proofs_.push_back(std::move(end));
  for (AgentSynced& news : std::exchange(synced_, {})) LookForLost(std::move(news));
  for (AgentAnswer& answer : std::exchange(late_, {})) Weigh(std::move(answer));
}

void Engine::Weigh(AgentAnswer answer) {
  const auto reply = [&](Recorded recorded) {
    if (answer.recorded) answer.recorded(recorded);
  };
  auto holder = with_.store.FindLease(answer.lease);
  if (!holder.ok()) {
    log::Error("lease_not_read", {{"error", holder.error().what}});
    return reply(Recorded::kNotNow);
  }
  if (!*holder) {
    log::Warn("lease_unknown", {{"lane", answer.register_key}});
    return reply(Recorded::kUnknownLease);
  }
  if (answer.told.by_agent() && RecallsNext(**holder, answer.lease)) {
    return late_.push_back(std::move(answer));
  }
  task::Task task = (*holder)->head.task;
  store::Proof proof = ProofOf(answer, std::move(**holder));
  if (!MayTell(task, answer.register_key)) {
    // Its agent forgets it now, and its silence must not be taken for proof later.
    log::Error("lease_of_another_register", {{"task", task.id}, {"lane", answer.register_key}});
    proof.meaning = Meaning::kNothing;
  }
  proofs_.push_back({std::move(proof), std::move(task), std::move(answer.recorded)});
}

// Word of an attempt that an operator did not wait for, while the next one is still here: it is
// taken back before an agent gets it, and the word is weighed once that is stored.
bool Engine::RecallsNext(const store::LeaseHolder& holder, const std::string& lease) {
  const task::Task& task = holder.head.task;
  const auto next = running_.find(task.register_key);
  if (next == running_.end()) return false;
  const Attempt& attempt = next->second;
  if (attempt.head.task.seq != task.seq || attempt.lease == lease) return false;
  if (attempt.ticket == 0) return true;
  return options_.carrier != nullptr && attempt.register_->via == task::Via::kAgent &&
         options_.carrier->Recall(task.register_key, attempt.lease);
}

store::Proof Engine::ProofOf(const AgentAnswer& answer, store::LeaseHolder holder) const {
  store::Proof proof;
  proof.seq = holder.head.task.seq;
  proof.lease = answer.lease;
  proof.told = answer.told;
  proof.at = with_.clock.Now();
  Attempt attempt;
  attempt.register_ = directory_->FindRegister(holder.head.task.register_key);
  if (attempt.register_ == nullptr) return proof;
  attempt.provider = ProviderOf(*attempt.register_);
  if (attempt.provider == nullptr) return proof;
  attempt.head = std::move(holder.head);
  // What was done since was not done when this was sent.
  if (!holder.is_last) attempt.head.results.clear();
  // Nor what is done by an operator's word only: no register has said a thing of it.
  std::erase_if(attempt.head.results, [](const task::CommandResult& r) { return r.raw.empty(); });
  attempt.directory = directory_;
  attempt.kind = holder.kind;
  attempt.lease = answer.lease;
  attempt.answers = 1;
  ReadVerdict(Judge(attempt, answer.answer), holder.kind, &proof);
  return proof;
}

void Engine::Proved(const std::vector<store::ProofApplied>& applied) {
  const std::vector<Weighed> all = std::exchange(proofs_, {});
  for (std::size_t i = 0; i < all.size(); ++i) ProvedOne(all[i], applied.at(i));
}

void Engine::ProvedOne(const Weighed& weighed, const store::ProofApplied& applied) {
  using What = store::ProofApplied::What;
  const store::Proof& proof = weighed.proof;
  const bool is_applied = applied.what == What::kApplied;
  const bool repeated = applied.what == What::kRepeated;
  ++(is_applied ? count_.evidence_applied
     : repeated ? count_.evidence_repeated
                : count_.evidence_kept);
  log::Info("evidence", {{"task", weighed.task.id},
                         {"delivery", proof.told.delivery},
                         {"before", task::StateName(applied.before)},
                         {"applied", is_applied},
                         {"repeated", repeated}});
  if (applied.contradicts) {
    ++count_.contradictions;
    log::Error("evidence_contradicts",
               {{"task", weighed.task.id}, {"state", task::StateName(applied.before)}});
  }
  if (is_applied) {
    const task::Task task = AfterProof(weighed.task, proof);
    if (task.state == task::State::kDone) ++count_.done;
    if (task.state == task::State::kFailed) ++count_.failed;
    Take(AgentIsBack{task.register_key});
    with_.on_change(task);
  }
  if (!weighed.recorded) return;
  weighed.recorded(is_applied ? Recorded::kApplied
                   : repeated ? Recorded::kRepeated
                              : Recorded::kEvidence);
}

}  // namespace fiscalgate::dispatch
