#include "lib/cluster/node.h"

#include <algorithm>
#include <utility>

#include "lib/base/crypto.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

namespace fiscalgate::cluster {
namespace {

constexpr std::size_t kTokenBytes = 16;
constexpr std::size_t kShownToken = 8;  // of a token, in the log

std::string Shown(const std::string& token) { return token.substr(0, kShownToken); }

}  // namespace

Node::Node(Parts parts) : parts_(std::move(parts)), last_run_(parts_.last_run_file) {}

Node::~Node() { Stop(); }

void Node::Start() {
  Turn();
  thread_ = std::thread([this] { Run(); });
}

void Node::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    something_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  const std::string token = std::exchange(token_, "");
  if (token.empty()) return;
  Lose({});
  const base::Status left = parts_.nodes.Leave(token);
  if (!left) log::Warn("node_not_left", {{"error", left.error().what}});
}

void Node::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    something_.wait_for(lock, base::kNewsPause, [this] { return stopping_ || hurry_; });
    hurry_ = false;
    if (stopping_) return;
    lock.unlock();
    Turn();
    lock.lock();
  }
}

// Said once while it lasts.
void Node::Trouble(std::string_view what, const base::Error& error) {
  troubled_in_turn_ = true;
  if (!std::exchange(troubled_, true)) log::Warn(what, {{"error", error.what}});
}

void Node::Turn() {
  troubled_in_turn_ = false;
  TakeTurn();
  if (troubled_in_turn_ || !std::exchange(troubled_, false)) return;
  log::Info("nodes_read_again");
}

void Node::TakeTurn() {
  const base::MonoTime now = parts_.clock.Mono();
  if (token_.empty()) Join();
  if (token_.empty()) return;
  if (now >= renew_at_) Renew();
  if (token_.empty()) return;
  if (now >= look_at_) LookAround();
  FetchWanted();
  RingOthers();
  Hear();
  if (now >= sweep_at_) Sweep();
}

void Node::Join() {
  store::Node node;
  node.token = base::HexEncode(base::RandomBytes(kTokenBytes));
  node.name = parts_.name;
  node.version = parts_.version;
  const base::Status joined = parts_.nodes.Join(node);
  if (!joined) return Trouble("node_not_joined", joined.error());
  token_ = node.token;
  renew_at_ = look_at_ = {};
  sweep_at_ = parts_.clock.Mono() + base::kLaneSweepPause;
  log::Info("node_joined", {{"node", Shown(token_)}});
  // The lock says that the last run here is over.
  if (!last_run_.token().empty()) {
    const auto gone = parts_.nodes.Leave(last_run_.token());
    if (!gone) log::Warn("last_run_not_expelled", {{"error", gone.error().what}});
  }
  last_run_.Keep(token_);
}

void Node::Renew() {
  // Counted from before it is asked for: others may see it later than that, never earlier.
  const base::MonoTime mono = parts_.clock.Mono();
  const base::WallTime wall = parts_.clock.Now();
  const auto renewed = parts_.nodes.Renew(token_);
  if (!renewed) return Trouble("node_not_renewed", renewed.error());
  if (!*renewed) return Expelled();
  renew_at_ = mono + base::kNodeRenewPause;
  const bool lapsed = Token().empty();
  {
    const std::lock_guard lock(lease_->mutex);
    lease_->token = token_;
    lease_->mono_until = mono + base::kNodeMaySend;
    lease_->wall_until = wall + base::kNodeMaySend;
  }
  if (!lapsed) return;
  parts_.listener.lanes({});  // what waits for the lease may begin
  parts_.listener.shares();
}

void Node::Expelled() {
  log::Warn("node_expelled", {{"node", Shown(token_)}});
  token_.clear();
  Lose({});
}

void Node::LookAround() {
  auto view = parts_.nodes.Look();
  const base::MonoTime now = parts_.clock.Mono();
  look_at_ = now + base::kNodeLookPause;
  looked_at_ = now;
  if (!view) {
    Trouble("nodes_not_read", view.error());
    const std::lock_guard lock(mutex_);
    return census_.SeeNothing();
  }
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    changed = census_.See(view->nodes, now);
  }
  Compare(*view);
  ExpelSilent();
  TakeFree(*view);
  GiveUpForeign();
  if (changed) {
    log::Info("nodes_seen", {{"nodes", view->nodes.size()}});
    parts_.listener.shares();
  }
}

void Node::ExpelSilent() {
  std::vector<store::Node> silent;
  {
    const std::lock_guard lock(mutex_);
    silent = census_.Silent(token_, parts_.clock.Mono());
  }
  for (const store::Node& node : silent) {
    const auto expelled = parts_.nodes.Expel(node.token, node.renewals);
    if (!expelled) {
      Trouble("node_not_expelled", expelled.error());
    } else if (*expelled) {
      log::Warn("silent_node_expelled", {{"node", Shown(node.token)}, {"name", node.name}});
      look_at_ = {};  // its lanes are free now
    }
  }
}

// What the store says against what this node thinks it has.
void Node::Compare(const store::ClusterView& view) {
  const auto before = std::exchange(holders_, {});
  std::vector<task::RegisterKey> lost;
  store::TakenLanes gained;
  LanesMoved rung;
  for (const store::LaneHolder& holder : view.lanes) {
    holders_.emplace(holder.lane, holder);
    const bool ours = holder.node == token_;
    if (!ours) leaving_.erase(holder.lane);
    if (!Has(holder.lane)) {
      // Taken by a commit whose answer did not come.
      if (ours && !leaving_.contains(holder.lane)) gained.lanes.push_back(holder.lane);
    } else if (!ours) {
      lost.push_back(holder.lane);
    } else if (const auto last = before.find(holder.lane);
               last != before.end() && last->second.bell < holder.bell) {
      rung.taken.push_back(holder.lane);
    }
  }
  if (!lost.empty()) Lose(lost);
  Gain(gained);
  if (!rung.taken.empty()) parts_.listener.lanes(rung);
}

void Node::TakeFree(const store::ClusterView& view) {
  std::vector<task::RegisterKey> free;
  {
    const std::lock_guard lock(mutex_);
    for (const task::Register& r : parts_.directory()->registers()) {
      const auto holder = holders_.find(r.key);
      const bool is_free = holder == holders_.end() || holder->second.node.empty();
      if (is_free && census_.OwnerOf(r.key) == token_) free.push_back(r.key);
    }
  }
  if (free.empty() || view.nodes.empty()) return;
  const auto taken = parts_.nodes.Take(token_, free, parts_.clock.Now());
  if (!taken) return Trouble("lanes_not_taken", taken.error());
  Gain(*taken);
}

// The lane of an agent stays where the agent polls.
bool Node::MayMoveAway(task::RegisterKey lane) const {
  const task::DirectoryPtr directory = parts_.directory();
  const task::Register* r = directory->FindRegister(lane);
  return r != nullptr && r->via != task::Via::kAgent;
}

// Those go where their agents poll, several times a second.
bool Node::AreOfAgents(const std::vector<task::RegisterKey>& lanes) const {
  return std::none_of(lanes.begin(), lanes.end(),
                      [this](task::RegisterKey lane) { return MayMoveAway(lane); });
}

void Node::GiveUpForeign() {
  std::vector<task::RegisterKey> foreign;
  for (const auto& [lane, holder] : holders_) {
    if (holder.node != token_ || !MayMoveAway(lane)) continue;
    const std::lock_guard lock(mutex_);
    const std::string owner = census_.OwnerOf(lane);
    if (!owner.empty() && owner != token_) {
      foreign.push_back(lane);
    } else {
      leaving_.erase(lane);  // its owner is gone again: the next look gains it
    }
  }
  std::vector<task::RegisterKey> fresh;
  for (const task::RegisterKey lane : foreign) {
    if (leaving_.insert(lane).second) fresh.push_back(lane);
  }
  if (!fresh.empty()) Lose(fresh);
  if (foreign.empty()) return;
  // What was claimed before stands before this in the line of the writer.
  const base::Status given = parts_.nodes.GiveUp(token_, foreign);
  if (!given) Trouble("lanes_not_given_up", given.error());
}

// Empty: all.
void Node::Lose(const std::vector<task::RegisterKey>& lanes) {
  LanesMoved moved;
  {
    const std::lock_guard lock(lease_->mutex);
    if (lanes.empty()) {
      moved.lost.assign(lease_->lanes.begin(), lease_->lanes.end());
      lease_->lanes.clear();
      lease_->token.clear();
    }
    for (const task::RegisterKey lane : lanes) {
      if (lease_->lanes.erase(lane) > 0) moved.lost.push_back(lane);
    }
  }
  if (lanes.empty()) leaving_.clear();
  if (moved.lost.empty()) return;
  const auto say = AreOfAgents(moved.lost) ? log::Debug : log::Info;
  say("lanes_lost", {{"lanes", moved.lost.size()}});
  parts_.listener.lanes(moved);
  // A poll that came here while this node thought it had the lane.
  for (const task::RegisterKey lane : moved.lost) {
    if (parts_.polls_here(lane)) Want(lane);
  }
}

void Node::Gain(const store::TakenLanes& taken) {
  if (taken.lanes.empty()) return;
  {
    const std::lock_guard lock(lease_->mutex);
    lease_->lanes.insert(taken.lanes.begin(), taken.lanes.end());
  }
  for (const task::RegisterKey lane : taken.lanes) {
    holders_[lane] = {lane, token_, holders_[lane].bell};
    leaving_.erase(lane);
  }
  const auto say = AreOfAgents(taken.lanes) && taken.unknown.empty() ? log::Debug : log::Info;
  say("lanes_taken", {{"lanes", taken.lanes.size()}, {"unknown", taken.unknown.size()}});
  parts_.listener.lanes({taken.lanes, {}, taken.unknown});
}

void Node::FetchWanted() {
  std::map<task::RegisterKey, Wanted> wanted;
  {
    const std::lock_guard lock(mutex_);
    wanted = wanted_;
  }
  for (auto& [lane, want] : wanted) {
    const bool over = Has(lane) || !parts_.polls_here(lane) || Fetch(lane, &want);
    const std::lock_guard lock(mutex_);
    Wanted& kept = wanted_[lane];
    // Another poll has come meanwhile: it is not answered by what was found for the one before.
    if (kept.polls != want.polls) continue;
    kept = want;
    if (over) wanted_.erase(lane);
  }
}

// True: this node has it now.
bool Node::Fetch(task::RegisterKey lane, Wanted* want) {
  const base::MonoTime now = parts_.clock.Mono();
  const auto found = holders_.find(lane);
  const std::string holder = found == holders_.end() ? "" : found->second.node;
  if (want->since == base::MonoTime{}) want->since = now;
  // Somebody else has taken it since. If a poll of this agent waits there too, one of the two has
  // been left by the agent, and neither knows which.
  if (want->holder && holder != *want->holder && !holder.empty()) {
    want->not_before = now + base::kWantedAgain;
  }
  if (looked_at_ > want->since) want->holder = holder;
  if (now < want->not_before) return false;
  const auto fetched = parts_.nodes.Fetch(token_, lane, parts_.clock.Now());
  if (!fetched) Trouble("lane_not_fetched", fetched.error());
  if (fetched) Gain(*fetched);
  if (Has(lane)) return true;
  // Its holder may wait for the agent there.
  if (!std::exchange(want->rung, true)) Ring(lane);
  return false;
}

void Node::RingOthers() {
  std::unordered_set<task::RegisterKey> to_ring;
  {
    const std::lock_guard lock(mutex_);
    to_ring = std::exchange(to_ring_, {});
  }
  for (const task::RegisterKey lane : to_ring) {
    const base::Status rung = parts_.nodes.Ring(lane);
    if (!rung) Trouble("lane_not_rung", rung.error());
  }
}

bool Node::Has(task::RegisterKey lane) const {
  const std::lock_guard lock(lease_->mutex);
  return lease_->lanes.contains(lane);
}

std::string Node::Token() const {
  const base::MonoTime mono = parts_.clock.Mono();
  const base::WallTime wall = parts_.clock.Now();
  const std::lock_guard lock(lease_->mutex);
  return mono < lease_->mono_until && wall < lease_->wall_until ? lease_->token : "";
}

std::function<bool()> Node::Permit(const std::string& token) const {
  return [lease = lease_, clock = &parts_.clock, token] {
    const base::MonoTime mono = clock->Mono();
    const base::WallTime wall = clock->Now();
    const std::lock_guard lock(lease->mutex);
    return !token.empty() && lease->token == token && mono < lease->mono_until &&
           wall < lease->wall_until;
  };
}

void Node::Want(task::RegisterKey lane) {
  if (Has(lane)) return;
  const std::lock_guard lock(mutex_);
  Wanted fresh;
  fresh.polls = wanted_[lane].polls + 1;
  wanted_[lane] = fresh;
  hurry_ = true;
  something_.notify_one();
}

void Node::Ring(task::RegisterKey lane) {
  if (Has(lane)) return parts_.listener.lanes({{lane}, {}, {}});
  const std::lock_guard lock(mutex_);
  to_ring_.insert(lane);
  hurry_ = true;
  something_.notify_one();
}

bool Node::OwnsShop(task::ShopKey shop) const {
  const std::string own = Token();
  const std::lock_guard lock(mutex_);
  return !own.empty() && census_.OwnerOf(shop) == own;
}

bool Node::IsFirst() const {
  const std::string own = Token();
  const std::lock_guard lock(mutex_);
  return !own.empty() && census_.First() == own;
}

std::pair<std::size_t, std::size_t> Node::size() const {
  std::size_t lanes = 0;
  {
    const std::lock_guard lock(lease_->mutex);
    lanes = lease_->lanes.size();
  }
  const std::lock_guard lock(mutex_);
  return {census_.size(), lanes};
}

}  // namespace fiscalgate::cluster
