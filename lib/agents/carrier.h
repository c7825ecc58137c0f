// The seam between dispatch, which has a request for a driver, and those who hold the agents'
// polls.
//
// The agent's own answer does not come back this way: it is told to the dispatcher with the lease,
// because the agent may only forget it once it is stored. What comes back here is silence, and what
// it proves.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "lib/base/limits.h"
#include "lib/task/task.h"

namespace fiscalgate::agents {

// A request on its way to a driver.
struct Errand {
  std::string lease;
  std::string instance;               // of the agent that must take it; "" = any
  std::string message;                // the request as it goes to the driver (agents/message.h)
  std::chrono::milliseconds timeout;  // for the driver's whole answer
  // So long it waits for a poll of an agent that was here a moment ago.
  std::chrono::milliseconds fetch_within{base::kAgentFetch};
  // Asked just before it is handed over; false: it is not (kNobody). Empty: it may be.
  std::function<bool()> permit = {};
};

enum class Silence {
  kNobody,         // proven unsent: no agent polls, or it did not come for it in time
  kNeverReceived,  // proven unsent: handed over, and the agent has shown that it did not arrive
  kLost,           // handed over, and the lease has ended without a word
};

class Carrier {
 public:
  virtual ~Carrier() = default;
  // One errand a register at a time. `silent` is called at most once, by any thread (also at once,
  // by the caller's), unless Told comes first; it must only hand on.
  virtual void Carry(task::RegisterKey register_key, Errand errand,
                     std::function<void(Silence)> silent) = 0;
  // The agent has said what became of the lease: its silence means nothing any more. Any thread.
  virtual void Told(task::RegisterKey register_key, const std::string& lease) = 0;
  // Gives back (kNobody) the errand with this lease if no agent has been given it yet. False: one
  // has, or it has ended. Any thread.
  virtual bool Recall(task::RegisterKey register_key, const std::string& lease) = 0;
  // Answers the poll that waits, if one does: the agent makes another, and what it says there of its
  // leases it says now. Any thread.
  virtual void CallAgain(task::RegisterKey register_key) = 0;
};

}  // namespace fiscalgate::agents
