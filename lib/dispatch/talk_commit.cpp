// The part of TalkEngine that stores what a turn has gathered, and goes on from there.

#include <utility>

#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/dispatch/talk_engine.h"
#include "lib/http/url.h"
#include "lib/store/nodes.h"

namespace fiscalgate::dispatch {
namespace {

std::string OriginOf(const Conversation& talk) {
  if (!talk.ask) return "";
  const auto url = http::Url::Parse(talk.ask->request.url);
  return url.ok() ? url->Origin() : "";
}

}  // namespace

store::CloudBatch TalkEngine::Batch() const {
  const base::WallTime now = with_.clock.Now();
  store::CloudBatch batch;
  for (const task::TaskSeq seq : pending_) {
    const Conversation& talk = talks_.at(seq);
    if (talk.is_new) {
      batch.begins.push_back({seq, talk.head.task.lease, OriginOf(talk), now, talk.node});
    }
    if (talk.progress) batch.progress.push_back(*talk.progress);
    if (talk.end) batch.ends.push_back(*talk.end);
  }
  batch.holds = holds_;
  for (const auto& [seq, lane] : hastens_) batch.hastens.push_back({seq, EvenTime()});
  for (const auto& [key, state] : learned_) batch.devices.push_back(state);
  return batch;
}

void TalkEngine::Commit() {
  if (pending_.empty() && holds_.empty() && hastens_.empty() && learned_.empty()) {
    refused_ = false;
    return;
  }
  const auto applied = with_.store.Apply(Batch());
  if (!applied.ok()) return Refused(applied.error());
  refused_ = false;
  holds_.clear();
  learned_.clear();
  for (const auto& [seq, key] : std::exchange(hastens_, {})) {
    // Who has the lane looks at it within a second.
    if (!Has(key)) {
      const base::Status rung = with_.store.nodes()->Ring(key);
      if (!rung) log::Warn("lane_not_rung", {{"lane", key}, {"error", rung.error().what}});
      continue;
    }
    TalkLane& lane = At(key);
    lane.may_have_due = true;
    Touch(lane);
  }
  Stored(*applied);
}

void TalkEngine::Refused(const base::Error& error) {
  if (!refused_) log::Error("conversations_not_stored", {{"error", error.what}});
  refused_ = true;
  retry_at_ = now_ + base::kStoreRetryPause;
}

void TalkEngine::Stored(const store::CloudApplied& applied) {
  std::size_t begin = 0, progress = 0, end = 0;
  for (const task::TaskSeq seq : std::exchange(pending_, {})) {
    Conversation& talk = talks_.at(seq);
    if (IsStored(talk, applied, &begin, &progress, &end)) {
      GoOn(talk);
      continue;
    }
    // Somebody else has changed the task: cancelled before it began, or too late to begin.
    ++count_.lost_leases;
    if (talk.is_new) At(talk.lane).hold_until = now_ + base::kMinTalkPause;
    // Its lane may have gone and come back meanwhile: then it goes on from the store.
    At(talk.lane).may_have_due = true;
    Touch(At(talk.lane));
    talk.ask.reset();
    Leave(seq);
  }
}

bool TalkEngine::IsStored(const Conversation& talk, const store::CloudApplied& applied,
                          std::size_t* begin, std::size_t* progress, std::size_t* end) const {
  bool all = true;
  if (talk.is_new) all = applied.begins.at((*begin)++) && all;
  if (talk.progress) all = applied.progress.at((*progress)++) && all;
  if (talk.end) all = applied.ends.at((*end)++) && all;
  return all;
}

void TalkEngine::GoOn(Conversation& talk) {
  task::Task& task = talk.head.task;
  if (std::exchange(talk.is_new, false)) {
    ++count_.begun;
    At(talk.lane).explained.clear();  // another is the first in the queue
    task.state = task::State::kSending;
    task.wait_reason.clear();
    ++task.attempts;
  }
  if (talk.end) {
    Tell(talk);
    return Leave(task.seq);
  }
  if (talk.progress && talk.progress->state == task::State::kWaiting) {
    task.state = task::State::kWaiting;
  }
  if (talk.progress && talk.progress->notes) {
    task.notes = *talk.progress->notes;
    task.asks = 0;
  }
  if (talk.ask && !stop_by_ && Has(talk.lane)) {
    talk.progress.reset();
    return SendAsk(talk);
  }
  if (talk.progress) {
    TalkLane& lane = At(talk.lane);
    const base::MonoTime due = now_ + (talk.progress->due_at - EvenTime());
    if (!lane.next_due || due < *lane.next_due) lane.next_due = due;
  }
  Leave(task.seq);
}

void TalkEngine::Tell(const Conversation& talk) {
  const store::Conclusion& conclusion = talk.end->conclusion;
  const task::Outcome& outcome = conclusion.outcome;
  log::Info("conversation_ended", {{"task", talk.head.task.id},
                                   {"lane", talk.lane},
                                   {"state", task::StateName(outcome.state)},
                                   {"http_status", conclusion.http_status},
                                   {"error_code", outcome.error_code}});
  if (outcome.state == task::State::kDone) ++count_.done;
  if (outcome.state == task::State::kFailed) ++count_.failed;
  if (outcome.state == task::State::kUnknown) ++count_.unknown;
  task::Task after = talk.head.task;
  after.state = outcome.state;
  after.error = outcome.error;
  after.error_code = outcome.error_code;
  after.error_class = outcome.error_class;
  after.notes = talk.end->notes;
  after.lease.clear();
  after.wait_reason.clear();
  after.due_at.reset();
  after.changed_at = conclusion.at;
  with_.on_change(after);
}

}  // namespace fiscalgate::dispatch
