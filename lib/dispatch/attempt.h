// One attempt: from the claim of a task to what is written about its end. Pure but for the
// provider's own code; the dispatcher's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "lib/dispatch/agent_answer.h"
#include "lib/protocol/provider.h"

namespace fiscalgate::dispatch {

struct Attempt {
  store::LaneHead head;
  task::DirectoryPtr directory;               // keeps `register_` alive
  const task::Register* register_ = nullptr;  // as it was when the attempt began
  std::shared_ptr<const protocol::Provider> provider;
  task::AttemptKind kind = task::AttemptKind::kSend;
  std::string lease;
  std::string node = {};     // it was claimed by, where there are several
  std::uint64_t ticket = 0;  // tells an answer to this attempt from one to an earlier
  bool failing = false;      // the lane's register failed last
  int answers = 0;           // taken so far, in a conversation of several requests
  // Where an agent has said how it ended: what is kept of it, and who waits for the commit.
  std::optional<store::Told> told = {};
  std::function<void(Recorded)> recorded = {};

  protocol::Work work() const { return {head, *register_, kind}; }
};

// Proven that nothing was done.
struct NotDone {
  std::string reason, detail;
};
// It may have been, or was.
struct Over {
  task::Outcome outcome;
  std::string result;  // of the attempt: "not_sent" | "no_answer" | "answered"
  int http_status = 0;
};
using Verdict = std::variant<protocol::SendStep, NotDone, Over>;

// What the provider's first step means.
Verdict Judge(const Attempt& attempt, protocol::Step step);
// What an answer means. The provider decides, within two bounds that hold for every provider: a
// first request that was not sent never makes a task fail, and a request without an answer never
// lets it be sent again.
Verdict Judge(const Attempt& attempt, const http::Answer& answer);

store::Claim ClaimOf(const Attempt& attempt, const Verdict& verdict, base::WallTime now);
store::Release ReleaseOf(const Attempt& attempt, const NotDone& end, base::WallTime now);
store::Conclusion ConclusionOf(const Attempt& attempt, const Over& end, base::WallTime now);
// The task as it is once the conclusion is stored.
task::Task Concluded(const Attempt& attempt, const store::Conclusion& conclusion);

}  // namespace fiscalgate::dispatch
