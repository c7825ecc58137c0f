#include "fcgi/emulator.h"

#include <signal.h>

#include <cstdio>
#include <filesystem>
#include <functional>

#include "fcgi/emulator/begateway/gateway.h"
#include "fcgi/emulator/bifit/service.h"
#include "fcgi/emulator/cloud/routes.h"
#include "fcgi/emulator/device.h"
#include "fcgi/emulator/orangedata/service.h"
#include "fcgi/emulator/routes.h"
#include "fcgi/server.h"
#include "lib/base/log.h"

namespace fiscalgate {
namespace {

int CannotStart(const base::Error& error) {
  log::Error("emulator_not_started", {{"error", error.what}});
  log::Flush();
  std::fprintf(stderr, "fiscalgate emulator: %s\n", error.what.c_str());
  return 1;
}

base::Status OpenLog(const EmulatorOptions& options) {
  const auto level = log::ParseLevel(options.log_level);
  if (!level) return level.error();
  return log::Open(options.log_file, *level);
}

base::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return base::Ok();
  return base::Error{base::Code::kForbidden, folder + ": " + error.message()};
}

// Every thread made after this leaves signals to main.
void BlockSignals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

int WaitForStop() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  int signal = 0;
  while (sigwait(&stop, &signal) != 0) {
  }
  return signal;
}

ServerOptions ServerOptionsOf(const EmulatorOptions& options) {
  ServerOptions out;
  out.socket = options.socket;
  out.socket_mode = options.socket_mode;
  out.socket_group = options.socket_group;
  out.threads = options.threads;
  return out;
}

// Until the signal; `stop` lets go of what is parked.
int ServeUntilStopped(const EmulatorOptions& options, const Router& router,
                      const std::function<void()>& stop) {
  auto server = Server::Listen(ServerOptionsOf(options));
  if (!server) return CannotStart(server.error());
  (*server)->Start(router);
  log::Info("emulator_started", {{"socket", (*server)->name()}, {"state", options.state_dir}});
  const int signal = WaitForStop();
  log::Info("emulator_stopping", {{"signal", signal}});
  stop();
  (*server)->Stop();
  log::Flush();
  return 0;
}

int RunDriver(const EmulatorOptions& options) {
  const base::SystemClock clock;
  auto opened = emulator::Device::Open(options.state_dir, clock);
  if (!opened) return CannotStart(opened.error());
  emulator::Device& device = **opened;
  device.columns = options.columns;
  device.seed = options.seed;
  device.driver->set_deduplicate(options.deduplicate);
  const Router router = emulator::MakeRouter({options.kkt_tokens, options.bank_tokens}, device);
  return ServeUntilStopped(options, router, [&device] { device.parking.Stop(); });
}

using ServicePtr = std::unique_ptr<emulator::cloud::Service>;

base::Result<ServicePtr> MakeService(const EmulatorOptions& options,
                                     emulator::cloud::Cloud& cloud) {
  if (options.service == "orangedata") {
    return emulator::orangedata::OrangeData::Make(options.orangedata, cloud);
  }
  if (options.service == "begateway") {
    return emulator::begateway::Gateway::Make(options.begateway, options.state_dir, cloud);
  }
  if (options.service == "bifit") return emulator::bifit::Bifit::Make(options.bifit, cloud);
  return base::Error{base::Code::kNotFound, "no service of that name: " + options.service};
}

int RunCloud(const EmulatorOptions& options) {
  const base::SystemClock clock;
  auto opened = emulator::cloud::Cloud::Open(options.state_dir, clock);
  if (!opened) return CannotStart(opened.error());
  emulator::cloud::Cloud& cloud = **opened;
  cloud.seed = options.seed;
  cloud.numbers.Set(emulator::cloud::kProcessingMs, options.processing_ms);
  const auto service = MakeService(options, cloud);
  if (!service) return CannotStart(service.error());
  const Router router = emulator::cloud::MakeRouter(**service, cloud);
  return ServeUntilStopped(options, router, [&] {
    (*service)->Stop();
    cloud.parking.Stop();
  });
}

}  // namespace

int RunEmulator(const EmulatorOptions& options) {
  BlockSignals();
  if (auto opened = OpenLog(options); !opened) return CannotStart(opened.error());
  if (auto made = MakeFolder(options.state_dir); !made) return CannotStart(made.error());
  return options.service.empty() ? RunDriver(options) : RunCloud(options);
}

}  // namespace fiscalgate
