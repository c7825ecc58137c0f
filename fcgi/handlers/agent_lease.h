// POST /api/agent/lease: an agent asks for work and waits (fcgi/agent/README.md). 204 with a new
// turn, or 200 with one request for the driver. Waiting costs no thread.
#pragma once

#include "fcgi/agent_door.h"
#include "fcgi/exchange.h"
#include "lib/agents/switchboard.h"

namespace fiscalgate {

class AgentLease final : public Handler {
 public:
  AgentLease(AgentDoor& door, agents::Switchboard& switchboard)
      : door_(door), switchboard_(switchboard) {}
  void Handle(ExchangePtr exchange) override;

 private:
  AgentDoor& door_;
  agents::Switchboard& switchboard_;
};

}  // namespace fiscalgate
