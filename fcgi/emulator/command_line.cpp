#include <CLI/CLI.hpp>
#include <memory>

#include "fcgi/emulator.h"

namespace fiscalgate {

void AddEmulatorCommand(CLI::App& app, int* exit_code) {
  const auto options = std::make_shared<EmulatorOptions>();
  CLI::App* command =
      app.add_subcommand("emulator", "Run a stand-in for a BIT driver, with faults on demand");
  command->add_option("--state", options->state_dir, "Folder of its journal")->required();
  command->add_option("--width", options->columns, "Columns of printed forms: 48 or 32")
      ->check(CLI::IsMember({48, 32}));
  command->add_option("--socket", options->socket, "FastCGI socket: a path, or 127.0.0.1:PORT")
      ->required();
  command->add_option("--socket-mode", options->socket_mode, "Mode of the socket, octal (0660)");
  command->add_option("--socket-group", options->socket_group, "Group of the socket");
  command->add_option("--threads", options->threads, "Request threads; 0 = by processors")
      ->check(CLI::Range(0, 256));
  command->add_option("--kkt-token", options->kkt_tokens,
                      "Token of the cash register; may be repeated. Without it any is accepted");
  command->add_option("--bank-token", options->bank_tokens,
                      "Token of the bank terminal; may be repeated. Without it any is accepted");
  command->add_flag("--deduplicate", options->deduplicate,
                    "Answer a command again that was done under its order number");
  command->add_option("--seed", options->seed,
                      "Makes faults that come by chance the same in every run");
  command->add_option("--log", options->log_file, "Log file, or stderr");
  command->add_option("--log-level", options->log_level, "debug, info, warn or error");
  command->callback([options, exit_code] { *exit_code = RunEmulator(*options); });
}

}  // namespace fiscalgate
