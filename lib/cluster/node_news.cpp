// The part of Node that hears what the others have done.

#include <utility>

#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/cluster/node.h"

namespace fiscalgate::cluster {

void Node::Hear() {
  if (!knows_numbers_) {
    const auto last = parts_.nodes.LastNumbers();
    if (!last) return Trouble("news_not_read", last.error());
    tasks_ = Sequence(last->first);
    events_ = Sequence(last->second);
    complete_events_ = events_.complete();
    knows_numbers_ = true;
    return Sweep();
  }
  const auto news = parts_.nodes.NewsOf(tasks_.unseen(), events_.unseen());
  if (!news) return Trouble("news_not_read", news.error());
  HearAccepted(*news);
  HearEvents(*news);
}

void Node::HearAccepted(const store::News& news) {
  std::unordered_set<task::RegisterKey> lanes;
  for (const store::AcceptedRow& row : news.accepted) {
    if (tasks_.Take(row.seq, news.next_transaction) && Has(row.lane)) lanes.insert(row.lane);
  }
  tasks_.Settle(news.oldest_running);
  for (const task::RegisterKey lane : lanes) parts_.listener.accepted(lane);
  if (tasks_.TakeJump()) Sweep();
}

// Who waits for a feed is told again when nothing lesser can appear any more.
void Node::HearEvents(const store::News& news) {
  std::vector<store::EventRow> fresh;
  for (const store::EventRow& row : news.events) {
    if (events_.Take(row.seq, news.next_transaction)) fresh.push_back(row);
  }
  events_.Settle(news.oldest_running);
  complete_events_ = events_.complete();
  for (const store::EventRow& row : std::exchange(held_events_, {})) {
    (row.seq > complete_events_ ? held_events_ : fresh).push_back(row);
  }
  for (const store::EventRow& row : fresh) {
    if (row.seq > complete_events_ && held_events_.size() < base::kMaxMissingNumbers) {
      held_events_.push_back(row);
    }
    parts_.listener.event(row);
  }
}

// Lanes of ours with something queued, however it came there.
void Node::Sweep() {
  sweep_at_ = parts_.clock.Mono() + base::kLaneSweepPause;
  const auto lanes = parts_.nodes.QueuedLanes(token_);
  if (!lanes) return Trouble("lanes_not_swept", lanes.error());
  for (const task::RegisterKey lane : *lanes) {
    if (Has(lane)) parts_.listener.accepted(lane);
  }
}

}  // namespace fiscalgate::cluster
