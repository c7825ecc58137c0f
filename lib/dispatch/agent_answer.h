// What agents tell the dispatcher, and what it says when that is stored. Plain values.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/http/sender.h"
#include "lib/store/evidence.h"
#include "lib/task/task.h"

namespace fiscalgate::dispatch {

enum class Recorded {
  kApplied,       // the task has this outcome
  kRepeated,      // this was known
  kEvidence,      // the task had been settled otherwise, or it says nothing; kept for the operator
  kUnknownLease,  // no attempt ever had it; nothing is stored
  kNotNow,        // not stored; the agent must come again
};

struct AgentAnswer {
  task::RegisterKey register_key = 0;
  std::string lease;
  store::Told told;     // as it is kept
  http::Answer answer;  // as the provider reads it
  // Once, after the commit, on the dispatcher's thread; must only hand on. Dropped uncalled if the
  // dispatcher stops before.
  std::function<void(Recorded)> recorded;
};

// The agent's polls prove something from now on: what it does not hold and has not told of earlier
// runs never arrived.
struct AgentSynced {
  task::RegisterKey register_key = 0;
  std::string instance;
  std::vector<std::string> held;
};

// It polls again after a request was put off because it did not.
struct AgentIsBack {
  task::RegisterKey register_key = 0;
};

// A lease that ended in silence never arrived.
struct NeverReceived {
  task::RegisterKey register_key = 0;
  std::string lease;
};

// Something was written about a task, perhaps by another node to which its agent brought the
// answer.
struct TaskChanged {
  task::TaskSeq seq = 0;
};

}  // namespace fiscalgate::dispatch
