#include "fcgi/emulator.h"

#include <signal.h>

#include <cstdio>
#include <filesystem>

#include "fcgi/emulator/device.h"
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

}  // namespace

int RunEmulator(const EmulatorOptions& options) {
  BlockSignals();
  if (auto opened = OpenLog(options); !opened) return CannotStart(opened.error());
  if (auto made = MakeFolder(options.state_dir); !made) return CannotStart(made.error());
  const base::SystemClock clock;
  auto opened = emulator::Device::Open(options.state_dir, clock);
  if (!opened) return CannotStart(opened.error());
  emulator::Device& device = **opened;
  device.columns = options.columns;
  device.seed = options.seed;
  device.driver->set_deduplicate(options.deduplicate);
  const Router router = emulator::MakeRouter({options.kkt_tokens, options.bank_tokens}, device);

  auto server = Server::Listen(ServerOptionsOf(options));
  if (!server) return CannotStart(server.error());
  (*server)->Start(router);
  log::Info("emulator_started", {{"socket", (*server)->name()}, {"state", options.state_dir}});
  const int signal = WaitForStop();
  log::Info("emulator_stopping", {{"signal", signal}});
  device.parking.Stop();
  (*server)->Stop();
  log::Flush();
  return 0;
}

}  // namespace fiscalgate
