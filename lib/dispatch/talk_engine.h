// What the thread of Conversations does, one turn at a time: take what came, look at lanes that may
// have work, commit once, send. It never waits and starts no thread, so tests turn it by hand.
//
// In one turn, in this order:
//   answers   become moves: something to ask, to wait for, or an end
//   lanes     that were touched are looked at: due conversations and queued ones take their turns
//             for free places
//   commit    one store::CloudBatch with all of it
//   send      what had to be stored before; a plain repeat left at once
// What is to be stored stays in memory until it is. A conversation that is dropped instead stays
// due in the store.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "lib/base/due_set.h"
#include "lib/base/mailbox.h"
#include "lib/dispatch/conversations.h"
#include "lib/dispatch/talk_lane.h"

namespace fiscalgate::dispatch {

struct TalkAnswer {
  enum class To { kTask, kLogIn, kHealth };
  task::RegisterKey lane = 0;
  To to = To::kTask;
  task::TaskSeq seq = 0;
  std::uint64_t ticket = 0;
  http::Answer answer;
};
struct TalkNudge {
  task::RegisterKey lane = 0;
  task::TaskSeq seq = 0;
};
using TalkMail = std::variant<TalkAnswer, TalkNudge, cluster::LanesMoved>;

class TalkEngine {
 public:
  // Where it gets everything from; kept by reference or copied as Conversations does.
  struct Surroundings {
    store::Store& store;
    http::Sender& sender;
    const base::Clock& clock;
    const protocol::CloudAccounts& accounts;
    std::function<task::DirectoryPtr()> directory;
    std::function<void(const task::Task&)> on_change;
    std::function<double()> random;  // uniform in [0, 1)
  };
  using Mailbox = base::Mailbox<TalkMail>;

  TalkEngine(Surroundings surroundings, TalkOptions options);

  // When to turn again at the latest, if nothing comes; empty: never.
  std::optional<base::MonoTime> Turn();
  // Stopping was asked for, and nothing runs any more or the grace is over.
  bool finished() const;

  Mailbox& mailbox() { return *mailbox_; }
  const base::Clock& clock() const { return with_.clock; }
  std::size_t in_flight() const { return talks_.size(); }
  TalkCounters counters() const;           // any thread
  std::vector<TalkHealth> health() const;  // any thread

 private:
  // talk_engine.cpp
  void TakePost();
  void Take(TalkAnswer letter);
  void Take(const TalkNudge& nudge);
  void Take(const cluster::LanesMoved& news);
  bool Has(task::RegisterKey lane) const;
  void TakeAnswer(TalkAnswer letter);
  void LookAgainAtAll();
  TalkLane& At(task::RegisterKey key);
  void Touch(TalkLane& lane);
  // What due_at is counted in: it goes on evenly, however the wall clock is set meanwhile.
  base::WallTime EvenTime() const;
  bool MayLook() const;
  std::optional<base::MonoTime> NextTurn() const;
  void Send(task::RegisterKey lane, TalkAnswer::To to, task::TaskSeq seq, std::uint64_t ticket,
            http::Request request, http::SendOptions options);

  // talk_look.cpp: what a lane may do now.
  void LoadDevices();
  void LookAtLanes();
  void Look(TalkLane& lane);
  void Refresh(TalkLane& lane);
  void Explain(TalkLane& lane);
  void ShowHealth(const TalkLane& lane);
  void Fill(TalkLane& lane);
  std::size_t PlacesOf(const TalkLane& lane) const;
  void ReadDue(TalkLane& lane);
  std::size_t BeginQueued(TalkLane& lane, std::size_t places);
  void CarryOn(TalkLane& lane, store::LaneHead head, bool is_new);

  // talk_service.cpp: requests that belong to no task.
  void LogIn(TalkLane& lane);
  void TakeLogIn(TalkLane& lane, const TalkAnswer& letter);
  void LookAtService(TalkLane& lane);
  void TakeHealth(TalkLane& lane, const TalkAnswer& letter);
  void LearnDevice(task::RegisterKey key, const task::DeviceNews& news);

  // talk_moves.cpp: what a move means.
  protocol::Talk TalkOf(const Conversation& talk, const TalkLane& lane) const;
  void Follow(Conversation& talk, protocol::Move move, const http::Answer* answer);
  void FollowOne(Conversation& talk, protocol::Ask ask, const http::Answer* answer);
  void FollowOne(Conversation& talk, protocol::Later later, const http::Answer* answer);
  void FollowOne(Conversation& talk, protocol::Over over, const http::Answer* answer);
  void FollowOne(Conversation& talk, protocol::Renew renew, const http::Answer* answer);
  void Weigh(Conversation& talk, const protocol::Move& move, const http::Answer& answer);
  void Trouble(Conversation& talk, const std::string& why);
  store::Progress ProgressOf(const Conversation& talk, task::State state, const std::string& notes,
                             base::WallTime now) const;
  void SendAsk(Conversation& talk);
  void Leave(task::TaskSeq seq);

  // talk_commit.cpp
  void Commit();
  store::CloudBatch Batch() const;
  void Refused(const base::Error& error);
  void Stored(const store::CloudApplied& applied);
  bool IsStored(const Conversation& talk, const store::CloudApplied& applied, std::size_t* begin,
                std::size_t* progress, std::size_t* end) const;
  void GoOn(Conversation& talk);
  void Tell(const Conversation& talk);

  Surroundings with_;
  TalkOptions options_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  std::shared_ptr<const http::AddressGuard> open_guard_;
  task::DirectoryPtr directory_;  // of this turn
  base::MonoTime now_{};          // of this turn
  base::WallTime began_{};        // by the wall clock, at the first turn
  base::MonoTime mono_began_{};   // the same moment

  std::unordered_map<task::RegisterKey, TalkLane> lanes_;
  std::deque<task::RegisterKey> line_;  // lanes to be looked at
  base::DueSet due_;                    // when the others are
  std::unordered_map<task::TaskSeq, Conversation> talks_;
  std::uint64_t last_ticket_ = 0;
  std::unordered_map<task::RegisterKey, task::DeviceState> devices_;
  bool devices_loaded_ = false;
  bool seen_any_ = false;  // the lanes of the directory were looked at once

  std::string node_;  // to claim with in this turn, where there are several

  // Gathered for the next commit.
  std::vector<task::TaskSeq> pending_;  // conversations with something to store
  std::vector<store::Hold> holds_;
  std::map<task::TaskSeq, task::RegisterKey> hastens_;
  std::map<task::RegisterKey, task::DeviceState> learned_;

  bool refused_ = false;  // the last commit was
  base::MonoTime retry_at_{};
  std::optional<base::MonoTime> stop_by_;

  mutable std::mutex mutex_;  // guards shown_
  std::map<task::RegisterKey, TalkHealth> shown_;

  struct AtomicCounters {
    std::atomic<std::int64_t> begun{0}, done{0}, failed{0}, unknown{0};
    std::atomic<std::int64_t> not_sent{0}, no_answer{0}, answered{0};
    std::atomic<std::int64_t> log_ins{0}, log_ins_failed{0};
    std::atomic<std::int64_t> breakers_opened{0}, nudges{0}, lost_leases{0}, late{0};
  };
  AtomicCounters count_;
};

}  // namespace fiscalgate::dispatch
