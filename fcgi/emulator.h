// `fiscalgate emulator`: a stand-in for a BIT driver with its cash register and bank terminal, or,
// with a word behind it, for a cloud service; with faults on demand. What it does and what had to
// be chosen: fcgi/emulator/README.md and fcgi/emulator/cloud/README.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace fiscalgate {

struct OrangeDataOptions {
  std::string public_key_file, key_name, inn;
  std::string company = "ООО Эмулятор";
};

struct BifitOptions {
  std::string connector_token, broker_token;
  std::string mapping_file;
};

struct BegatewayOptions {
  std::string shop_id, secret_key;
  std::string public_url;  // "" = as a request was addressed
  std::string inn = "7727401209";
  std::string company = "ООО Эмулятор";
  int taxation = 1;  // 1055, where a receipt names none
};

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

  std::string service;      // a cloud service: "orangedata"...; "" = the driver
  int processing_ms = 300;  // of a document there
  OrangeDataOptions orangedata;
  BifitOptions bifit;
  BegatewayOptions begateway;
};

// Runs until SIGTERM or SIGINT. The exit code: 0, or 1 if it could not start. Main thread only,
// before any other thread is there.
int RunEmulator(const EmulatorOptions& options);

// Adds the subcommand; when it is chosen, it runs and leaves its exit code in `exit_code`, which
// must outlive the parsing.
void AddEmulatorCommand(CLI::App& app, int* exit_code);

}  // namespace fiscalgate
