#include "fcgi/serve.h"

#include <systemd/sd-daemon.h>

#include <csignal>
#include <cstdio>
#include <utility>
#include <vector>

#include "fcgi/serve_gateway.h"
#include "fcgi/serve_process.h"
#include "fcgi/settings.h"
#include "lib/base/log.h"

namespace fiscalgate {
namespace {

constexpr int kExitCannotStart = 1;

void WaitForTheEnd(const sigset_t& signals, const std::string& config_path, Gateway* gateway) {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0 || signal != SIGHUP) return;
    SayReloading();
    gateway->Reload(config_path);
    sd_notify(0, "READY=1");
  }
}

int CannotStart(const std::string& why) {
  log::Flush();
  std::fprintf(stderr, "fiscalgate: %s\n", why.c_str());
  return kExitCannotStart;
}

}  // namespace

int Serve(const std::string& config_path) {
  const sigset_t signals = BlockSignals();
  std::vector<std::string> faults;
  auto settings = LoadSettings(config_path, &faults);
  if (!settings) {
    for (const auto& fault : faults) CannotStart(fault);
    return kExitCannotStart;
  }
  if (auto opened = log::Open(settings->log_file, settings->log_level); !opened) {
    return CannotStart(opened.error().what);
  }
  RaiseDescriptorLimit();
  auto keys = base::KeyRing::Load(settings->key_file);
  if (!keys) return CannotStart(keys.error().what);

  Gateway gateway(std::move(settings).value(), std::move(keys).value());
  if (auto opened = gateway.Open(); !opened) return CannotStart(opened.error().what);
  gateway.Start();
  sd_notify(0, "READY=1");
  log::Info("started");
  log::Flush();
  WaitForTheEnd(signals, config_path, &gateway);
  sd_notify(0, "STOPPING=1");
  log::Info("stopping");
  gateway.Stop();
  log::Info("stopped");
  log::Flush();
  return 0;
}

int CheckConfig(const std::string& config_path) {
  std::vector<std::string> faults;
  const auto settings = LoadSettings(config_path, &faults);
  for (const auto& fault : faults) std::printf("%s\n", fault.c_str());
  if (settings) std::printf("OK\n");
  return settings ? 0 : 1;
}

}  // namespace fiscalgate
