// `fiscalgate emulator`: a stand-in for a BIT driver with its cash register and bank terminal, and
// faults on demand. What it does and what had to be chosen: fcgi/emulator/README.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace fiscalgate {

struct EmulatorOptions {
  std::string state_dir;     // made if there is none
  std::size_t columns = 48;  // of printed forms: 48 or 32
  std::string socket;        // as ServerOptions::socket
  unsigned socket_mode = 0660;
  std::string socket_group;
  int threads = 0;                      // 0 = chosen from the number of processors
  std::vector<std::string> kkt_tokens;  // none: any BIT_KKT_TOKEN is accepted
  std::vector<std::string> bank_tokens;
  bool deduplicate = false;  // answer a command again that was done under its order number
  std::uint64_t seed = 1;    // of fault rates that name none
  std::string log_file = "stderr";
  std::string log_level = "info";
};

// Runs until SIGTERM or SIGINT. The exit code: 0, or 1 if it could not start. Main thread only,
// before any other thread is there.
int RunEmulator(const EmulatorOptions& options);

// Adds the subcommand; when it is chosen, it runs and leaves its exit code in `exit_code`, which
// must outlive the parsing.
void AddEmulatorCommand(CLI::App& app, int* exit_code);

}  // namespace fiscalgate
