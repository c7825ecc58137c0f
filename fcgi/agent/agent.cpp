#include "fcgi/agent/agent.h"

#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform_service.h"
#include "fcgi/agent/text.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {

std::string FolderOf(const Config& config, const RegisterConfig& one) {
  return config.state + "/" + Lower(one.name);
}

Agent::Agent(const Config& config, Log& log)
    : config_(config), log_(log), keeper_(log, config.renew_s * 1000, config.probe_s * 1000) {}

bool Agent::Start() {
  std::string error;
  if (config_.registers.empty()) {
    log_.Write(Level::kError, "", Tr("в настройках нет ни одной кассы", "there is no register"));
    return false;
  }
  if (!platform::MakeFolder(config_.state, &error)) {
    log_.Write(Level::kError, "",
               Tr("папку журналов не создать: ", "no folder for journals: ") + error);
    return false;
  }
  if (!lock_.Take(config_.state + "/lock")) {
    log_.Write(
        Level::kError, "",
        Tr("с этой папкой уже работает другой агент: ", "another agent works with this folder: ") +
            config_.state);
    return false;
  }
  log_.Write(Level::kInfo, "",
             std::string("fiscalgate-agent ") + kVersion + " " + platform::Name());
  for (const RegisterConfig& one : config_.registers) {
    workers_.push_back(std::make_unique<Worker>(one, FolderOf(config_, one), log_, keeper_));
  }
  keeper_.Start();
  for (const auto& worker : workers_) worker->Start();
  return true;
}

void Agent::Stop() {
  log_.Write(Level::kInfo, "", Tr("агент останавливается", "the agent is stopping"));
  for (const auto& worker : workers_) worker->Stop();
  const std::int64_t deadline = platform::AwakeMs() + config_.grace_s * 1000;
  for (const auto& worker : workers_) {
    if (!worker->WaitForEnd(deadline)) worker->GiveUp();
  }
  for (const auto& worker : workers_) worker->Join();
  keeper_.Stop();
  log_.Write(Level::kInfo, "", Tr("агент остановлен", "the agent has stopped"));
}

}  // namespace fiscalgate::agent
