// The part of Engine that looks at ready lanes and decides what their heads need.

#include <algorithm>
#include <functional>
#include <utility>

#include "lib/base/crypto.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/dispatch/engine.h"

namespace fiscalgate::dispatch {
namespace {

std::string NewLease() { return base::HexEncode(base::RandomBytes(16)); }

// Changes with everything that may let a register answer that did not.
std::size_t Fingerprint(const task::Register* r) {
  if (r == nullptr) return 0;
  std::size_t sum = 1;
  const auto mix = [&sum](std::size_t hash) { sum = sum * 1'000'003 + hash; };
  const std::hash<std::string> text;
  for (const std::string* field :
       {&r->provider, &r->url, &r->pinned_public_key, &r->header_generation, &r->body_encoding,
        &r->kkt_token.Reveal(), &r->bank_token.Reveal()}) {
    mix(text(*field));
  }
  mix((r->enabled ? 1u : 0u) | (r->deduplicating ? 2u : 0u) | (r->pass_unknown ? 4u : 0u) |
      (r->via == task::Via::kAgent ? 8u : 0u));
  mix(static_cast<std::size_t>(r->timeout_ms));
  return sum;
}

}  // namespace

bool Engine::MayLook() const {
  // After a refusal the endings that wait go first: they may pass where new work may not.
  return recovered_ && !stop_by_ && !(refused_ && !endings_.empty()) && MayBegin();
}

bool Engine::HasPlace() const {
  return running_.size() + starting_.size() < options_.max_in_flight;
}

bool Engine::HasPlaceForFailing() const {
  return failing_taken_ < (options_.max_in_flight + 1) / 2;
}

void Engine::RelookAll() {
  for (const task::Register& r : directory_->registers()) {
    if (IsOurs(r.key)) board_.At(r.key);
  }
  for (const task::RegisterKey key : board_.Keys()) {
    Lane& lane = board_.At(key);
    const auto seen = settings_.find(key);
    const std::size_t now = Fingerprint(directory_->FindRegister(key));
    lane.Relook(seen == settings_.end() || seen->second != now);
    Settle(lane);
  }
}

void Engine::LookAtReadyLanes() {
  for (std::size_t i = 0; i < base::kMaxLooksPerTurn && MayLook() && HasPlace(); ++i) {
    Lane* lane = board_.Next(HasPlaceForFailing());
    if (lane == nullptr) return;
    Look(*lane);
    Settle(*lane);
  }
}

Engine::Setup Engine::SetupOf(task::RegisterKey lane) const {
  Setup setup;
  setup.register_ = directory_->FindRegister(lane);
  if (setup.register_ == nullptr) {
    setup.fault = "касса не зарегистрирована";
    return setup;
  }
  setup.pass_unknown = setup.register_->pass_unknown;
  auto provider = ProviderOf(*setup.register_);
  if (!setup.register_->enabled) {
    setup.fault = "касса отключена";
  } else if (provider == nullptr) {
    setup.fault = "нет провайдера «" + setup.register_->provider + "»";
  } else {
    setup.provider = std::move(provider);
    setup.can_ask = setup.provider->CanAsk(*setup.register_);
  }
  return setup;
}

std::shared_ptr<const protocol::Provider> Engine::ProviderOf(const task::Register& r) const {
  const auto found = with_.providers.find(r.provider);
  return found == with_.providers.end() ? nullptr : found->second;
}

void Engine::Look(Lane& lane) {
  if (!IsOurs(lane.key())) return lane.FoundNothing();
  const Setup setup = SetupOf(lane.key());
  settings_[lane.key()] = Fingerprint(setup.register_);
  const bool asks_in_between = setup.pass_unknown && setup.can_ask;
  if (asks_in_between && AskInBetween(lane, setup)) return;
  // Listening before reading: a task accepted in between rings.
  mailbox_->Listen(lane.key());
  auto head = ReadHead(lane, setup.pass_unknown);
  if (!head.ok()) {
    log::Error("lane_not_read", {{"lane", lane.key()}, {"error", head.error().what}});
    return lane.PauseUntil(now_ + base::kStoreRetryPause);
  }
  const bool unknown = head->has_value() && (*head)->task.state == task::State::kUnknown;
  if (!asks_in_between && !unknown) lane.NothingToAsk();
  if (!head->has_value()) return lane.FoundNothing();
  mailbox_->Deafen(lane.key());
  if (!setup.fault.empty()) {
    Explain(**head, setup.fault);
    return lane.Stand();
  }
  if (unknown) return LookAtUnknown(lane, setup, std::move(**head));
  LookAtHead(lane, setup, std::move(**head));
}

base::Result<std::optional<store::LaneHead>> Engine::ReadHead(Lane& lane, bool pass_unknown) {
  const store::LaneHint hint = lane.HintAt(now_);
  if (hint.nothing_ahead) {
    auto head = with_.store.HeadOf(lane.key(), pass_unknown, hint);
    if (!head.ok() || head->has_value()) return head;
  }
  auto head = with_.store.HeadOf(lane.key(), pass_unknown, {});
  if (head.ok()) {
    lane.SeenInFull(head->has_value() ? std::optional((*head)->task) : std::nullopt, now_);
  }
  return head;
}

bool Engine::AskInBetween(Lane& lane, const Setup& setup) {
  lane.SuspectUnknown(now_, with_.random());
  if (!lane.AskIsDue(now_)) return false;
  auto found = with_.store.OldestUnknown(lane.key(), lane.ask_after());
  if (found.ok() && !found->has_value() && lane.ask_after() > 0) {
    lane.AskFromTheFirst();
    found = with_.store.OldestUnknown(lane.key(), 0);
  }
  if (!found.ok()) {
    log::Error("lane_not_read", {{"lane", lane.key()}, {"error", found.error().what}});
    lane.PauseUntil(now_ + base::kStoreRetryPause);
    return true;
  }
  if (!found->has_value()) {
    lane.NothingToAsk();
    return false;
  }
  StartAttempt(lane, setup, std::move(**found), task::AttemptKind::kAsk);
  return true;
}

void Engine::LookAtUnknown(Lane& lane, const Setup& setup, store::LaneHead head) {
  // The gateway's own commands are harmless to repeat: sending one again settles it.
  if (!setup.can_ask && !head.task.is_service()) {
    if (setup.register_->via == task::Via::kAgent) CallAgent(head.task);
    lane.NothingToAsk();
    return lane.Stand();
  }
  if (!lane.Knows(head.task.seq)) lane.NoteUnknown(head.task.seq, now_, with_.random());
  if (!lane.AskIsDue(now_)) return lane.PauseUntil(*lane.ask_due());
  StartAttempt(lane, setup, std::move(head), task::AttemptKind::kAsk);
}

// A poll that was waiting before the task became unknown proves nothing about it; the next one may.
// Once a task: an agent that has another tale to tell is not to be called for ever.
void Engine::CallAgent(const task::Task& unknown) {
  task::TaskSeq& called_for = called_for_[unknown.register_key];
  if (options_.carrier == nullptr || called_for == unknown.seq) return;
  called_for = unknown.seq;
  options_.carrier->CallAgain(unknown.register_key);
}

void Engine::LookAtHead(Lane& lane, const Setup& setup, store::LaneHead head) {
  if (head.task.state != task::State::kQueued) {
    // Claimed, and not by us. With other nodes: the lane has just left, and word of it is under
    // way. Without: a second gateway, or a bug. Not sending is the safe side.
    const auto say = options_.holdings == nullptr ? log::Error : log::Debug;
    say("lane_head_taken", {{"task", head.task.id}, {"lane", lane.key()}});
    return lane.Stand();
  }
  const auto& deadline = head.task.deadline_at;
  // The sweep of deadlines fails it within a second.
  if (deadline && *deadline <= with_.clock.Now()) {
    return lane.PauseUntil(now_ + base::kStoreRetryPause);
  }
  StartAttempt(lane, setup, std::move(head), task::AttemptKind::kSend);
}

void Engine::StartAttempt(Lane& lane, const Setup& setup, store::LaneHead head,
                          task::AttemptKind kind) {
  Attempt attempt;
  attempt.head = std::move(head);
  attempt.directory = directory_;
  attempt.register_ = setup.register_;
  attempt.provider = setup.provider;
  attempt.kind = kind;
  attempt.lease = NewLease();
  attempt.failing = lane.failing();
  Verdict verdict = Judge(attempt, attempt.provider->Start(attempt.work()));
  if (const auto* not_done = std::get_if<NotDone>(&verdict)) {
    Explain(attempt.head, not_done->reason);
    return lane.Fail(now_, with_.random());
  }
  if (kind == task::AttemptKind::kAsk && !AsksWhereItWasSent(attempt)) {
    log::Warn("not_asked_elsewhere", {{"task", attempt.head.task.id}, {"lane", lane.key()}});
    return lane.Asked(attempt.head.task.seq, false, now_, with_.random());
  }
  if (attempt.failing) ++failing_taken_;
  lane.Begin();
  starting_.push_back({std::move(attempt), std::move(verdict)});
}

// The register was given another address since: what stands there does not remember the task, and
// might do it as new. An operator settles it, or gives the register its address back.
bool Engine::AsksWhereItWasSent(const Attempt& attempt) const {
  const task::Task& task = attempt.head.task;
  if (task.is_service()) return true;
  const auto view = with_.store.FindTaskBySeq(task.seq);
  if (!view.ok() || !*view) return false;
  const auto& made = (*view)->attempts;
  const auto last = std::find_if(made.begin(), made.end(), [&](const task::Attempt& each) {
    return each.number == task.attempts;
  });
  if (last == made.end()) return false;
  // Where that attempt would go today: a question may go elsewhere than what it asks about.
  Attempt again = attempt;
  again.kind = last->kind;
  const Verdict verdict = Judge(again, again.provider->Start(again.work()));
  return ClaimOf(again, verdict, task.changed_at).sent_to == last->sent_to;
}

void Engine::Explain(const store::LaneHead& head, const std::string& reason) {
  if (head.task.state != task::State::kQueued || head.task.wait_reason == reason) return;
  holds_.push_back({head.task.seq, reason, with_.clock.Now()});
}

}  // namespace fiscalgate::dispatch
