// The part of Engine that tells which lanes work, and moves tasks of groups away from those that do
// not.
#include <algorithm>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/dispatch/engine.h"

namespace fiscalgate::dispatch {
namespace {

bool IsMember(const task::Group& group, task::RegisterKey key) {
  return std::find(group.members.begin(), group.members.end(), key) != group.members.end();
}

}  // namespace

void Engine::Settle(const Lane& lane) {
  board_.Settle(lane);
  if (!directory_->groups().empty()) touched_.push_back(lane.key());
}

// Only lanes that were touched can have changed. One that is ready was not looked at yet: what it
// was stays true.
void Engine::ShowHealth() {
  for (const task::RegisterKey key : std::exchange(touched_, {})) {
    const Lane& lane = board_.At(key);
    if (lane.state() == LaneState::kReady) continue;
    const bool ill = lane.failing() || lane.state() == LaneState::kStanding;
    const bool was_ill = ill_.contains(key);
    if (!ill && !was_ill) continue;
    if (options_.outlook) options_.outlook->SetHealth(key, !ill, now_);
    if (ill) {
      ill_.insert(key);
      if (lane.state() != LaneState::kBusy) WantMoves(key);
    } else {
      ill_.erase(key);
      for (const task::RegisterKey other : ill_) WantMoves(other);
    }
  }
}

void Engine::WantMoves(task::RegisterKey ill) {
  const auto& groups = directory_->groups();
  const bool in_group = std::any_of(groups.begin(), groups.end(),
                                    [&](const task::Group& group) { return IsMember(group, ill); });
  if (in_group) leaving_.insert(ill);
}

bool Engine::IsUsable(task::RegisterKey key) const {
  const task::Register* r = directory_->FindRegister(key);
  return r != nullptr && r->enabled && !r->is_cloud() && !ill_.contains(key) &&
         ProviderOf(*r) != nullptr;
}

void Engine::PlanMoves() {
  if (!MayLook()) return;
  for (const task::RegisterKey from : std::exchange(leaving_, {})) {
    for (const task::Group& group : directory_->groups()) {
      if (IsMember(group, from)) PlanMove(from, group);
    }
  }
}

void Engine::PlanMove(task::RegisterKey from, const task::Group& group) {
  std::vector<task::RegisterKey> candidates;
  for (const task::RegisterKey member : group.members) {
    if (member != from && IsUsable(member)) candidates.push_back(member);
  }
  if (candidates.empty()) return;
  const task::RegisterKey to =
      options_.outlook ? options_.outlook->Take(candidates, now_) : candidates.front();
  moves_.push_back({group.key, from, to, base::kMaxMovesPerTurn});
}

void Engine::Moved(const std::vector<std::int64_t>& counts) {
  const std::vector<store::Move> moves = std::exchange(moves_, {});
  for (std::size_t i = 0; i < moves.size(); ++i) {
    const store::Move& move = moves[i];
    const std::int64_t count = counts.at(i);
    if (options_.outlook) {
      options_.outlook->Add(move.to, count - 1);  // one was counted when it was chosen
      options_.outlook->Add(move.from, -count);
    }
    if (count == 0) continue;
    count_.moved += count;
    log::Info("tasks_moved", {{"from", move.from}, {"to", move.to}, {"tasks", count}});
    Lane& lane = board_.At(move.to);
    lane.Forget();
    lane.Ring();
    Settle(lane);
    if (count == move.limit) leaving_.insert(move.from);
  }
}

}  // namespace fiscalgate::dispatch
