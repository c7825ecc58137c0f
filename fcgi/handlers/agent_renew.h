// POST /api/agent/renew: the agent still waits for its driver (fcgi/agent/README.md). 200, or 410
// if the lease has ended.
#pragma once

#include "fcgi/agent_door.h"
#include "fcgi/exchange.h"
#include "lib/agents/switchboard.h"

namespace fiscalgate {

class AgentRenew final : public Handler {
 public:
  AgentRenew(AgentDoor& door, agents::Switchboard& switchboard)
      : door_(door), switchboard_(switchboard) {}
  void Handle(ExchangePtr exchange) override;

 private:
  AgentDoor& door_;
  agents::Switchboard& switchboard_;
};

}  // namespace fiscalgate
