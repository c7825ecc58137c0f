// What agents say of leases, and what of it may change a task. Evidence is kept whatever it says;
// it is applied at most once, and only to the task's last attempt (fcgi/agent/README.md). Plain
// values and pure rules; any thread.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/task/task.h"

namespace fiscalgate::store {

using base::Result;
using base::Status;
using base::WallTime;

inline constexpr std::string_view kNeverReceived = "never_received";

// As it came.
struct Told {
  std::string delivery;  // "not_sent" | "no_answer" | "answered", or kNeverReceived
  int http_status = 0;
  std::string body;  // the driver's answer, or what happened; kept to kKeptEvidenceBytes

  // Else it is concluded from its silence.
  bool by_agent() const { return delivery != kNeverReceived; }
};

// Told of a lease for which nobody waits any more.
struct Proof {
  enum class Meaning {
    kOutcome,  // done or failed
    kNotDone,  // nothing was done: it may be sent again
    kNothing,  // it stays unknown
  };
  task::TaskSeq seq = 0;
  std::string lease;
  Told told;
  Meaning meaning = Meaning::kNothing;
  task::Outcome outcome;    // of kOutcome
  std::string wait_reason;  // of kNotDone
  WallTime at;
};

struct ProofApplied {
  enum class What {
    kApplied,
    kRepeated,  // this lease was told before; nothing was written
    kKept,      // the task has moved on, or the proof says nothing
  };
  What what = What::kKept;
  bool contradicts = false;  // what somebody has said, or what was done since
  task::State before = task::State::kUnknown;
};

// As it is kept.
struct Evidence {
  std::string lease;
  Told told;
  WallTime received_at;
  bool applied = false;
  std::string note;  // for people, where it contradicts
};

struct Ruling {
  bool applies = false;
  std::string_view note;  // not empty: it contradicts
};

// `is_last`: the lease is of the task's last attempt that may have reached the register. `told`:
// the agent has said before how that attempt ended.
Ruling RuleOn(const task::Task& task, bool is_last, bool told, const Proof& proof);

}  // namespace fiscalgate::store
