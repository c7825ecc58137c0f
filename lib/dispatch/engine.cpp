#include "lib/dispatch/engine.h"

#include <algorithm>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/log.h"

namespace fiscalgate::dispatch {
namespace {

void Earlier(std::optional<MonoTime>& earliest, std::optional<MonoTime> other) {
  if (other && (!earliest || *other < *earliest)) earliest = other;
}

}  // namespace

Engine::Engine(Surroundings surroundings, Options options)
    : with_(std::move(surroundings)),
      options_(std::move(options)),
      open_guard_(std::make_shared<const http::AddressGuard>(http::AddressGuard::AllowAll())) {
  if (!options_.posted_guard) options_.posted_guard = std::make_shared<const http::AddressGuard>();
}

bool Engine::Recover() {
  // Where there are several nodes, lanes are recovered as they are taken.
  auto recovered = options_.holdings != nullptr
                       ? store::Result<store::Recovered>(store::Recovered{})
                       : with_.store.Recover(with_.clock.Now());
  if (!recovered.ok()) {
    Refused(recovered.error());
    return false;
  }
  auto devices = with_.store.DeviceStates();
  if (!devices.ok()) {
    Refused(devices.error());
    return false;
  }
  guard_.Load(std::move(*devices));
  recovered_ = true;
  directory_ = with_.directory();
  for (const task::RegisterKey lane : recovered->lanes) {
    if (IsOurs(lane)) board_.At(lane);
  }
  for (const task::TaskSeq seq : recovered->unknown) {
    const auto view = with_.store.FindTaskBySeq(seq);
    if (!view.ok() || !*view) continue;
    log::Warn("task_unknown_after_restart", {{"task", (*view)->task.id}});
    with_.on_change((*view)->task);
  }
  return true;
}

std::optional<MonoTime> Engine::Turn() {
  now_ = with_.clock.Mono();
  directory_ = with_.directory();
  TakePost();
  board_.WakeDue(now_);
  if (now_ >= retry_at_ && (recovered_ || Recover())) {
    WeighEvidence();
    LookAtReadyLanes();
    GuardShifts();
    PlanMoves();
    Commit();
  }
  ShowHealth();
  return NextTurn();
}

bool Engine::finished() const {
  if (!stop_by_) return false;
  return running_.empty() || now_ >= *stop_by_;
}

Counters Engine::counters() const {
  Counters counters;
  counters.attempts_not_sent = count_.not_sent;
  counters.attempts_no_answer = count_.no_answer;
  counters.attempts_answered = count_.answered;
  counters.done = count_.done;
  counters.failed = count_.failed;
  counters.unknown = count_.unknown;
  counters.repeated = count_.repeated;
  counters.moved = count_.moved;
  counters.evidence_applied = count_.evidence_applied;
  counters.evidence_repeated = count_.evidence_repeated;
  counters.evidence_kept = count_.evidence_kept;
  counters.contradictions = count_.contradictions;
  counters.lost_leases = count_.lost_leases + mailbox_->late();
  return counters;
}

bool Engine::IsOurs(task::RegisterKey key) const {
  const task::Register* r = directory_->FindRegister(key);
  return (r == nullptr || !r->is_cloud()) && Has(key);
}

void Engine::TakePost() {
  Mailbox::Post post = mailbox_->Take();
  if (post.stop && !stop_by_) stop_by_ = now_ + options_.grace;
  for (Mail& mail : post.letters) {
    std::visit([this](auto& letter) { Take(std::move(letter)); }, mail);
  }
  for (const task::RegisterKey key : post.rung) {
    if (!IsOurs(key)) continue;
    Lane& lane = board_.At(key);
    lane.Ring();
    Settle(lane);
  }
  if (post.rescan) RelookAll();
}

void Engine::Take(OlderCame news) {
  if (!IsOurs(news.lane)) return;
  Lane& lane = board_.At(news.lane);
  lane.Forget();
  lane.Ring();
  Settle(lane);
}

void Engine::TakeAnswer(Letter letter) {
  const auto it = running_.find(letter.lane);
  if (it == running_.end() || it->second.ticket != letter.ticket) {
    ++count_.lost_leases;
    return;
  }
  Attempt& attempt = it->second;
  attempt.ticket = 0;
  attempt.answers += 1;
  attempt.told = std::move(letter.told);
  Count(letter.answer.delivery);
  Advance(attempt, Judge(attempt, letter.answer));
}

void Engine::Count(http::Delivery delivery) {
  switch (delivery) {
    case http::Delivery::kNotSent:
      ++count_.not_sent;
      break;
    case http::Delivery::kNoAnswer:
      ++count_.no_answer;
      break;
    case http::Delivery::kAnswered:
      ++count_.answered;
      break;
  }
}

void Engine::Advance(Attempt& attempt, Verdict verdict) {
  const task::RegisterKey lane = attempt.head.task.register_key;
  const base::WallTime now = with_.clock.Now();
  if (auto* send = std::get_if<protocol::SendStep>(&verdict)) {
    Send(attempt, std::move(*send));
  } else if (const auto* not_done = std::get_if<NotDone>(&verdict)) {
    endings_.push_back({lane, ReleaseOf(attempt, *not_done, now)});
  } else {
    endings_.push_back({lane, ConclusionFor(attempt, std::get<Over>(verdict))});
  }
}

void Engine::Send(Attempt& attempt, protocol::SendStep step) {
  step.options.guard = step.registered_address ? open_guard_ : options_.posted_guard;
  attempt.ticket = ++last_ticket_;
  if (options_.holdings != nullptr) step.options.permit = options_.holdings->Permit(attempt.node);
  if (attempt.register_->via == task::Via::kAgent) return SendByAgent(attempt, std::move(step));
  // The mailbox outlives the engine for answers that come after the stop.
  with_.sender.Send(std::move(step.request), std::move(step.options),
                    [mailbox = mailbox_, lane = attempt.head.task.register_key,
                     ticket = attempt.ticket](http::Answer answer) {
                      mailbox->Put(Letter{lane, ticket, std::move(answer)});
                    });
}

void Engine::Commit() {
  store::DispatchBatch batch;
  const base::WallTime now = with_.clock.Now();
  const std::string node = NodeToClaimWith();
  for (Starting& starting : starting_) {
    starting.attempt.node = node;
    batch.claims.push_back(ClaimOf(starting.attempt, starting.verdict, now));
    batch.claims.back().node = node;
  }
  for (const Ending& ending : endings_) {
    if (const auto* conclusion = std::get_if<store::Conclusion>(&ending.what)) {
      batch.conclusions.push_back(*conclusion);
    } else {
      batch.releases.push_back(std::get<store::Release>(ending.what));
    }
  }
  batch.holds = holds_;
  batch.services = services_;
  batch.moves = moves_;
  for (const Weighed& weighed : proofs_) batch.proofs.push_back(weighed.proof);
  const bool nothing_own = services_.empty() && moves_.empty() && proofs_.empty();
  if (batch.claims.empty() && endings_.empty() && batch.holds.empty() && nothing_own) return;
  const auto applied = with_.store.Apply(batch);
  if (!applied.ok()) return Refused(applied.error());
  refused_ = false;
  holds_.clear();
  Ended(*applied);
  Proved(applied->proofs);
  Ordered(applied->services);
  Moved(applied->moved);
  Claimed(applied->claims);
}

void Engine::Refused(const base::Error& error) {
  if (!refused_) log::Error("dispatch_not_stored", {{"error", error.what}});
  refused_ = true;
  retry_at_ = with_.clock.Mono() + base::kStoreRetryPause;
  for (const Starting& starting : starting_) {
    Drop(starting);
    Lane& lane = board_.At(starting.attempt.head.task.register_key);
    lane.PauseUntil(retry_at_);
    Settle(lane);
  }
  starting_.clear();
  for (const store::Move& move : std::exchange(moves_, {})) {
    if (options_.outlook) options_.outlook->Add(move.to, -1);
    leaving_.insert(move.from);
  }
}

void Engine::Drop(const Starting& starting) {
  if (starting.attempt.failing) --failing_taken_;
}

void Engine::Claimed(const std::vector<bool>& granted) {
  FG_CHECK(granted.size() == starting_.size());
  for (std::size_t i = 0; i < granted.size(); ++i) {
    Starting& starting = starting_[i];
    const task::RegisterKey key = starting.attempt.head.task.register_key;
    if (granted[i]) {
      Attempt& attempt = running_.emplace(key, std::move(starting.attempt)).first->second;
      if (attempt.kind == task::AttemptKind::kSend) board_.At(key).Claimed(attempt.head.task);
      Advance(attempt, std::move(starting.verdict));
      continue;
    }
    Drop(starting);
    Lane& lane = board_.At(key);
    lane.MissClaim(now_);
    Settle(lane);
  }
  starting_.clear();
}

void Engine::Ended(const store::DispatchApplied& applied) {
  std::size_t conclusion = 0, release = 0;
  const std::vector<Ending> endings = std::exchange(endings_, {});
  for (const Ending& ending : endings) {
    const bool stored = std::holds_alternative<store::Conclusion>(ending.what)
                            ? applied.conclusions.at(conclusion++)
                            : applied.releases.at(release++);
    EndOne(ending, stored);
  }
}

void Engine::EndOne(const Ending& ending, bool stored) {
  auto node = running_.extract(ending.lane);
  FG_CHECK(!node.empty());
  Attempt& attempt = node.mapped();
  carried_.erase(attempt.head.task.seq);
  if (attempt.failing) --failing_taken_;
  Lane& lane = board_.At(ending.lane);
  if (!stored) {
    ++count_.lost_leases;
    lane.Forget();
    lane.Free();
    if (BringAsProof(attempt, ending)) attempt.recorded = nullptr;
  } else if (const auto* conclusion = std::get_if<store::Conclusion>(&ending.what)) {
    Concluded(lane, attempt, *conclusion);
  } else {
    lane.Fail(now_, with_.random());
    log::Info("attempt_put_off", {{"task", attempt.head.task.id},
                                  {"register", attempt.register_->name},
                                  {"failures", lane.failures()},
                                  {"reason", std::get<store::Release>(ending.what).detail}});
  }
  Settle(lane);
  if (attempt.recorded) attempt.recorded(stored ? Recorded::kApplied : Recorded::kEvidence);
}

void Engine::Concluded(Lane& lane, const Attempt& attempt, const store::Conclusion& conclusion) {
  const bool unknown = conclusion.outcome.state == task::State::kUnknown;
  const task::TaskSeq seq = conclusion.seq;
  if (attempt.kind == task::AttemptKind::kAsk) {
    lane.Asked(seq, !unknown, now_, with_.random());
  } else if (unknown) {
    lane.NoteUnknown(seq, now_, with_.random());
  }
  // A lane that passes unknown tasks must not make one of every task while its register is silent.
  if (unknown && conclusion.result != "answered" && attempt.register_->pass_unknown) {
    lane.Fail(now_, with_.random());
  } else {
    lane.Free();
  }
  if (!conclusion.repeat_because.empty()) lane.Forget();
  KeepDevice(attempt, conclusion);
  Tell(attempt, conclusion);
}

void Engine::Tell(const Attempt& attempt, const store::Conclusion& conclusion) {
  const task::State state = conclusion.outcome.state;
  log::Info("attempt_ended", {{"task", attempt.head.task.id},
                              {"register", attempt.register_->name},
                              {"kind", task::AttemptKindName(attempt.kind)},
                              {"state", task::StateName(state)},
                              {"result", conclusion.result},
                              {"http_status", conclusion.http_status},
                              {"error_code", conclusion.outcome.error_code},
                              {"repeated", !conclusion.repeat_because.empty()}});
  if (!conclusion.repeat_because.empty()) {
    ++count_.repeated;
    return;
  }
  if (state == attempt.head.task.state) return;
  if (state == task::State::kDone) ++count_.done;
  if (state == task::State::kFailed) ++count_.failed;
  if (state == task::State::kUnknown) ++count_.unknown;
  with_.on_change(dispatch::Concluded(attempt, conclusion));
}

std::optional<MonoTime> Engine::NextTurn() const {
  std::optional<MonoTime> next = stop_by_;
  if (finished()) return now_;
  if (now_ < retry_at_) {
    Earlier(next, retry_at_);
    return next;
  }
  const bool ready = MayLook() && HasPlace() && board_.HasReady(HasPlaceForFailing());
  const bool ordering = !services_.empty() || !leaving_.empty();
  const bool weighing = !proofs_.empty() || !late_.empty() || !lost_ends_.empty();
  if (!endings_.empty() || weighing || ready || (ordering && MayLook())) return now_;
  Earlier(next, board_.Earliest());
  if (MayLook()) Earlier(next, guard_at_);
  return next;
}

}  // namespace fiscalgate::dispatch
