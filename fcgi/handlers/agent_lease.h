// POST /api/agent/lease: an agent asks for work and waits (fcgi/agent/README.md). 204 with a new
// turn, or 200 with one request for the driver. Waiting costs no thread.
#pragma once

#include <functional>
#include <utility>

#include "fcgi/agent_door.h"
#include "fcgi/exchange.h"
#include "lib/agents/switchboard.h"

namespace fiscalgate {

class AgentLease final : public Handler {
 public:
  // `on_poll` is told of every poll that waits now.
  AgentLease(AgentDoor& door, agents::Switchboard& switchboard,
             std::function<void(task::RegisterKey)> on_poll = {})
      : door_(door), switchboard_(switchboard), on_poll_(std::move(on_poll)) {}
  void Handle(ExchangePtr exchange) override;

 private:
  AgentDoor& door_;
  agents::Switchboard& switchboard_;
  const std::function<void(task::RegisterKey)> on_poll_;
};

}  // namespace fiscalgate
