// POST /api/agent/answer: the agent says what became of a request (fcgi/agent/README.md). Answered
// 200 only after it is stored; until then the agent keeps it.
#pragma once

#include <functional>

#include "fcgi/agent_door.h"
#include "fcgi/exchange.h"
#include "lib/dispatch/agent_answer.h"

namespace fiscalgate {

class AgentAnswered final : public Handler {
 public:
  using Take = std::function<void(dispatch::AgentAnswer)>;
  AgentAnswered(AgentDoor& door, Take take) : door_(door), take_(std::move(take)) {}
  void Handle(ExchangePtr exchange) override;

 private:
  AgentDoor& door_;
  const Take take_;
};

}  // namespace fiscalgate
