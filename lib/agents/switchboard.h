// Where agents' polls and requests for their drivers meet: parked polls, requests that wait for
// one, leases that were handed over, and what a poll proves about them (fcgi/agent/README.md).
//
// It starts no thread and keeps no socket: a poll is a function to call with its reply, time is
// taken from the clock, and somebody calls Tick several times a second. Waiting costs one small
// record a register. Any thread may call anything; functions given to it are called without a lock
// held, and must only hand on.
//
// Turn. Every reply carries a new number under a random name of this run. A poll that repeats a
// number later than that of a reply with a lease was made by an agent that had given up the
// connection of that reply; if it has not read that reply and does not hold the lease, the lease
// never arrived. A poll with an older number than the last, or of another run, proves nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/agents/carrier.h"
#include "lib/base/clock.h"
#include "lib/base/limits.h"

namespace fiscalgate::agents {

struct PollReply {
  enum class What {
    kNothing,   // poll again
    kErrand,    // a request
    kStopping,  // poll again later
  };
  What what = What::kNothing;
  std::string turn;
  Errand errand;
  std::chrono::seconds begin_within{0};  // from the start of the poll
};

struct Poll {
  task::RegisterKey register_key = 0;
  std::string instance;
  std::string key_print;  // of the key it came with
  std::string turn;
  std::vector<std::string> held;
  std::chrono::milliseconds wait{0};
  std::function<void(PollReply)> reply;
};

class Switchboard final : public Carrier {
 public:
  // News that no errand in hand waits for.
  struct Listener {
    // A lease that ended in silence has proved never to have arrived.
    std::function<void(task::RegisterKey, const std::string& lease)> never_received;
    // The first poll in this run of the gateway that proves something: every lease of an earlier
    // run that this instance does not hold has been told, or never arrived.
    std::function<void(task::RegisterKey, const std::string& instance,
                       const std::vector<std::string>& held)>
        synced;
    // It polls again after an errand was given back for want of an agent.
    std::function<void(task::RegisterKey)> is_back;
  };
  struct Presence {
    task::RegisterKey register_key = 0;
    bool connected = false;
    std::chrono::milliseconds unseen{0};  // since its last call
  };

  Switchboard(const base::Clock& clock, Listener listener);
  ~Switchboard() override;

  void Carry(task::RegisterKey register_key, Errand errand,
             std::function<void(Silence)> silent) override;
  bool Recall(task::RegisterKey register_key, const std::string& lease) override;
  void Told(task::RegisterKey register_key, const std::string& lease) override;
  void CallAgain(task::RegisterKey register_key) override;

  void TakePoll(Poll poll);
  // False: the lease has ended.
  bool Renew(task::RegisterKey register_key, const std::string& lease);
  // Another node of the gateway may have given this register's agent leases: the next poll that
  // proves something counts as the first of this run.
  void Resync(task::RegisterKey register_key);
  // Answers what is due, ends leases.
  void Tick();
  // Answers parked polls that may no longer be given work: the key was replaced, the register
  // switched off.
  using MayStay = std::function<bool(task::RegisterKey, const std::string& key_print)>;
  void DropPolls(const MayStay& may_stay);
  // Parked polls are answered, errands that no agent has are given back; leases go on, for their
  // answers may still come.
  void Stop();

  // All registers that an agent has ever called for in this run.
  std::vector<Presence> Presences() const;
  std::size_t parked() const;
  // Whether a poll of this register's agent waits here, or did a moment ago.
  bool Waits(task::RegisterKey register_key) const;

 private:
  using Act = std::function<void()>;
  using Acts = std::vector<Act>;
  using Turn = std::int64_t;

  struct Parked {
    Poll poll;
    base::MonoTime came, until;
  };
  struct Waiting {
    Errand errand;
    std::function<void(Silence)> silent;
    base::MonoTime until;
  };
  struct Given {
    Turn turn = 0;
    std::string instance;
    base::MonoTime ends, ends_at_last;
    bool arrived = false;                 // the agent has shown that it has it
    std::function<void(Silence)> silent;  // empty: the lease has ended
  };
  struct Line {
    std::optional<Parked> parked;
    std::optional<Waiting> waiting;
    std::map<std::string, Given> given;
    Turn turn = 0;  // the last one given out
    base::MonoTime seen{};
    bool missed = false;   // an errand was given back for want of an agent
    bool present = false;  // for the log
    std::string synced;    // the instance whose polls have proved something
  };

  Turn TurnOf(std::string_view text) const;
  PollReply NextReply(Line* line) const;
  void ReplyNothing(Line* line, Parked parked, Acts* acts) const;
  void HandOver(Line* line, Parked parked, Waiting waiting, Acts* acts) const;
  void Greet(Line* line, const Poll& poll, Acts* acts) const;
  void Serve(Line* line, Parked parked, Acts* acts) const;
  void Prove(Line* line, const Poll& poll, Turn turn, bool newest, Acts* acts) const;
  void GiveBack(Line* line, Acts* acts) const;
  void TickLine(task::RegisterKey register_key, Line* line, base::MonoTime now, Acts* acts) const;
  static void Forget(Line* line);
  bool IsConnected(const Line& line, base::MonoTime now) const;
  void Seen(task::RegisterKey register_key, Line* line);

  const base::Clock& clock_;
  const Listener listener_;
  const std::string run_;  // of this run, random
  mutable std::mutex mutex_;
  std::unordered_map<task::RegisterKey, Line> lines_;
  bool stopping_ = false;
};

}  // namespace fiscalgate::agents
