// What the dispatcher's thread does, one turn at a time: take what came, read the heads of ready
// lanes, commit once, send. It never waits and starts no thread, so tests turn it by hand.
//
// In one turn, in this order:
//   answers     become endings: conclusions and releases
//   ready lanes are looked at; each head gives a claim, a pause, or nothing
//   commit      one store::DispatchBatch with all of it
//   send        only what was claimed by that commit
// An ending stays in memory, and its lane busy, until it is stored; a claim that cannot be stored
// is not made.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "lib/base/mailbox.h"
#include "lib/dispatch/attempt.h"
#include "lib/dispatch/board.h"
#include "lib/dispatch/dispatcher.h"
#include "lib/dispatch/shift_guard.h"

namespace fiscalgate::dispatch {

struct Letter {  // an answer to a request of an attempt
  task::RegisterKey lane = 0;
  std::uint64_t ticket = 0;
  http::Answer answer;
  std::optional<store::Told> told = {};  // kept as evidence: the request never reached the agent
};
struct OlderCame {  // a task that stands before others that were there already
  task::RegisterKey lane = 0;
};
using Mail = std::variant<Letter, AgentAnswer, AgentSynced, AgentIsBack, NeverReceived, OlderCame,
                          cluster::LanesMoved, TaskChanged>;
using Mailbox = base::Mailbox<Mail>;

class Engine {
 public:
  // Where it gets everything from; kept by reference or copied as Dispatcher does.
  struct Surroundings {
    store::Store& store;
    http::Sender& sender;
    const base::Clock& clock;
    Dispatcher::Providers providers;
    std::function<task::DirectoryPtr()> directory;
    std::function<void(const task::Task&)> on_change;
    std::function<double()> random;  // uniform in [0, 1)
  };
  Engine(Surroundings surroundings, Options options);

  // Makes what was in mid-flight unknown. False: the store refused, Turn tries again.
  bool Recover();
  // When to turn again at the latest, if nothing comes; empty: never.
  std::optional<MonoTime> Turn();
  // Its silence on that lease means nothing any more. Any thread.
  void AgentSpoke(const AgentAnswer& answer) const;
  // Stopping was asked for, and nothing runs any more or the grace is over.
  bool finished() const;

  Mailbox& mailbox() { return *mailbox_; }
  const base::Clock& clock() const { return with_.clock; }
  Counters counters() const;
  std::size_t in_flight() const { return running_.size(); }

 private:
  struct Ending {
    task::RegisterKey lane = 0;
    std::variant<store::Conclusion, store::Release> what;
  };
  struct Starting {
    Attempt attempt;
    Verdict verdict;
  };
  struct Setup {  // what the directory says of a lane now
    const task::Register* register_ = nullptr;
    std::shared_ptr<const protocol::Provider> provider;
    std::string fault;  // why nothing can be sent; empty: it can
    bool pass_unknown = false, can_ask = false;
  };

  // Cloud registers are the business of Conversations, other lanes that of other nodes.
  bool IsOurs(task::RegisterKey key) const;
  void TakePost();
  void TakeAnswer(Letter letter);
  void Count(http::Delivery delivery);
  void Advance(Attempt& attempt, Verdict verdict);
  void RelookAll();

  void LookAtReadyLanes();
  void Look(Lane& lane);
  Setup SetupOf(task::RegisterKey lane) const;
  // Null: the gateway has no such provider.
  std::shared_ptr<const protocol::Provider> ProviderOf(const task::Register& r) const;
  base::Result<std::optional<store::LaneHead>> ReadHead(Lane& lane, bool pass_unknown);
  bool AskInBetween(Lane& lane, const Setup& setup);
  void LookAtUnknown(Lane& lane, const Setup& setup, store::LaneHead head);
  void CallAgent(const task::Task& unknown);
  void LookAtHead(Lane& lane, const Setup& setup, store::LaneHead head);
  void StartAttempt(Lane& lane, const Setup& setup, store::LaneHead head, task::AttemptKind kind);
  bool AsksWhereItWasSent(const Attempt& attempt) const;
  void Explain(const store::LaneHead& head, const std::string& reason);

  // Shifts: shifts.cpp.
  void GuardShifts();
  store::Conclusion ConclusionFor(const Attempt& attempt, const Over& end);
  bool IsRepeated(const Attempt& attempt, const store::Conclusion& conclusion);
  void KeepDevice(const Attempt& attempt, const store::Conclusion& conclusion);
  void Ordered(const std::vector<bool>& made);

  // Groups: groups.cpp.
  void Settle(const Lane& lane);
  void ShowHealth();
  void WantMoves(task::RegisterKey ill);
  bool IsUsable(task::RegisterKey key) const;
  void PlanMoves();
  void PlanMove(task::RegisterKey from, const task::Group& group);
  void Moved(const std::vector<std::int64_t>& counts);

  void Commit();
  void Refused(const base::Error& error);
  void Claimed(const std::vector<bool>& granted);
  void Ended(const store::DispatchApplied& applied);
  void EndOne(const Ending& ending, bool stored);
  void Concluded(Lane& lane, const Attempt& attempt, const store::Conclusion& conclusion);
  void Tell(const Attempt& attempt, const store::Conclusion& conclusion);
  void Send(Attempt& attempt, protocol::SendStep step);
  void Drop(const Starting& starting);

  // Nodes: nodes.cpp.
  bool Has(task::RegisterKey lane) const;
  bool MayBegin() const;
  void Take(const cluster::LanesMoved& news);
  void Take(TaskChanged news);
  void AbandonIfOver(task::RegisterKey lane);
  void Abandon(const Attempt& attempt);
  bool BringAsProof(Attempt& attempt, const Ending& ending);
  std::string NodeToClaimWith() const;

  // Agents: evidence.cpp.
  struct Weighed {
    store::Proof proof;
    task::Task task;
    std::function<void(Recorded)> recorded;
  };
  void SendByAgent(const Attempt& attempt, protocol::SendStep step);
  void Take(Letter letter) { TakeAnswer(std::move(letter)); }
  void Take(AgentAnswer answer);
  void Take(AgentSynced news) { synced_.push_back(std::move(news)); }
  void Take(AgentIsBack news);
  void Take(NeverReceived news);
  void Take(OlderCame news);
  void TakeLate(AgentAnswer answer);
  void LookForLost(AgentSynced news);
  void WeighEvidence();
  void Weigh(AgentAnswer answer);
  bool RecallsNext(const store::LeaseHolder& holder, const std::string& lease);
  store::Proof ProofOf(const AgentAnswer& answer, store::LeaseHolder holder) const;
  void Proved(const std::vector<store::ProofApplied>& applied);
  void ProvedOne(const Weighed& weighed, const store::ProofApplied& applied);

  bool MayLook() const;
  bool HasPlace() const;
  bool HasPlaceForFailing() const;
  std::optional<MonoTime> NextTurn() const;

  Surroundings with_;
  Options options_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  std::shared_ptr<const http::AddressGuard> open_guard_;
  task::DirectoryPtr directory_;  // of this turn
  MonoTime now_{};                // of this turn

  Board board_;
  // Fingerprint of each lane's register when the lane was last looked at.
  std::unordered_map<task::RegisterKey, std::size_t> settings_;
  std::unordered_map<task::RegisterKey, Attempt> running_;
  std::unordered_map<task::TaskSeq, task::RegisterKey> carried_;  // of those, by agents
  // The unknown task for which each lane's agent was last called.
  std::unordered_map<task::RegisterKey, task::TaskSeq> called_for_;
  std::size_t failing_taken_ = 0;  // places taken by attempts of failing lanes
  std::uint64_t last_ticket_ = 0;

  // Gathered for the next commit.
  std::vector<Starting> starting_;
  std::vector<Ending> endings_;
  std::vector<store::Hold> holds_;
  std::vector<store::ServiceOrder> services_;
  std::vector<store::Move> moves_;

  ShiftGuard guard_;
  std::optional<MonoTime> guard_at_ = MonoTime();  // when shifts are looked at; empty: on news
  std::vector<task::RegisterKey> touched_;         // lanes of groups settled in this turn
  std::unordered_set<task::RegisterKey> ill_;      // of those: cannot be reached, or stand still
  std::unordered_set<task::RegisterKey> leaving_;  // whose tasks are to be moved, if they can be
  std::vector<Weighed> proofs_;

  std::vector<Weighed> lost_ends_;  // to be brought as proof

  // Not weighed yet.
  std::vector<AgentAnswer> late_;
  std::vector<AgentSynced> synced_;

  bool recovered_ = false;
  bool refused_ = false;  // the last commit was
  MonoTime retry_at_{};
  std::optional<MonoTime> stop_by_;

  struct AtomicCounters {
    std::atomic<std::int64_t> not_sent{0}, no_answer{0}, answered{0};
    std::atomic<std::int64_t> done{0}, failed{0}, unknown{0}, lost_leases{0};
    std::atomic<std::int64_t> repeated{0}, moved{0};
    std::atomic<std::int64_t> evidence_applied{0}, evidence_repeated{0}, evidence_kept{0};
    std::atomic<std::int64_t> contradictions{0};
  };
  AtomicCounters count_;
};

}  // namespace fiscalgate::dispatch
