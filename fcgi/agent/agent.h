// All registers of this PC at work: a thread each, one that keeps their leases. One thread calls.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fcgi/agent/config.h"
#include "fcgi/agent/keeper.h"
#include "fcgi/agent/log.h"
#include "fcgi/agent/worker.h"

namespace fiscalgate::agent {

class Agent {
 public:
  // The log outlives the agent.
  Agent(const Config& config, Log& log);
  // False: another agent works with this folder, or it cannot be made; the log says so.
  bool Start();
  // What the drivers are doing is waited for, but not longer than the grace.
  void Stop();

 private:
  const Config config_;
  Log& log_;
  platform::Lock lock_;
  Keeper keeper_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

// The folder of one register's journal.
std::string FolderOf(const Config& config, const RegisterConfig& one);

}  // namespace fiscalgate::agent
