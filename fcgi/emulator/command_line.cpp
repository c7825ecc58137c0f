#include <CLI/CLI.hpp>
#include <memory>

#include "fcgi/emulator.h"

namespace fiscalgate {
namespace {

constexpr int kMaxProcessingMs = 24 * 3600 * 1000;

void AddCommonOptions(CLI::App* command, EmulatorOptions* options) {
  command->add_option("--state", options->state_dir, "Folder of its journal")->required();
  command->add_option("--width", options->columns, "Columns of printed forms: 48 or 32")
      ->check(CLI::IsMember({48, 32}));
  command->add_option("--socket", options->socket, "FastCGI socket: a path, or 127.0.0.1:PORT")
      ->required();
  command->add_option("--socket-mode", options->socket_mode, "Mode of the socket, octal (0660)");
  command->add_option("--socket-group", options->socket_group, "Group of the socket");
  command->add_option("--threads", options->threads, "Request threads; 0 = by processors")
      ->check(CLI::Range(0, 256));
  command->add_option("--seed", options->seed,
                      "Makes faults that come by chance the same in every run");
  command->add_option("--log", options->log_file, "Log file, or stderr");
  command->add_option("--log-level", options->log_level, "debug, info, warn or error");
}

void AddDriverOptions(CLI::App* command, EmulatorOptions* options) {
  command->add_option("--kkt-token", options->kkt_tokens,
                      "Token of the cash register; may be repeated. Without it any is accepted");
  command->add_option("--bank-token", options->bank_tokens,
                      "Token of the bank terminal; may be repeated. Without it any is accepted");
  command->add_flag("--deduplicate", options->deduplicate,
                    "Answer a command again that was done under its order number");
}

// The common options may stand behind the service's name: what it does not know falls through.
CLI::App* AddService(CLI::App* command, std::string name, std::string description,
                     const std::shared_ptr<EmulatorOptions>& options) {
  CLI::App* service = command->add_subcommand(name, std::move(description));
  service->fallthrough();
  service->add_option("--processing-ms", options->processing_ms, "How long a document takes")
      ->check(CLI::Range(0, kMaxProcessingMs));
  service->callback([options, name = std::move(name)] { options->service = name; });
  return service;
}

void AddBegateway(CLI::App* service, BegatewayOptions* options) {
  service->add_option("--shop-id", options->shop_id, "The shop's id")->required();
  service->add_option("--secret-key", options->secret_key, "Its key")->required();
  service->add_option("--public-url", options->public_url,
                      "Where buyers reach its pages; without it as it is called");
  service->add_option("--inn", options->inn, "The shop's INN");
  service->add_option("--company", options->company, "Its name in the fiscal answers");
  service->add_option("--taxation", options->taxation, "Where a receipt names none: 1, 2, 4 ...")
      ->check(CLI::IsMember({1, 2, 4, 16, 32}));
}

void AddServices(CLI::App* command, const std::shared_ptr<EmulatorOptions>& options) {
  CLI::App* orangedata = AddService(command, "orangedata", "Stand in for Orange Data", options);
  orangedata
      ->add_option("--public-key", options->orangedata.public_key_file,
                   "File of the key that knows the signatures (PEM, base64 or DER)")
      ->required();
  orangedata->add_option("--key-name", options->orangedata.key_name,
                         "Its name in the documents; without it the INN");
  orangedata->add_option("--inn", options->orangedata.inn,
                         "The organisation. Without it any is accepted");
  orangedata->add_option("--company", options->orangedata.company, "Its name in the answers");

  CLI::App* bifit = AddService(command, "bifit", "Stand in for BIFIT's processing", options);
  bifit->add_option("--connector-token", options->bifit.connector_token,
                    "What a session is begun with. Without it any is accepted");
  bifit->add_option("--broker-token", options->bifit.broker_token,
                    "What a repeated fiscalization needs. Without it any is accepted");
  bifit->add_option("--mapping", options->bifit.mapping_file,
                    "Names of values (JSON), as a register's mapping; without it its own");

  AddBegateway(AddService(command, "begateway", "Stand in for bePaid or Freepayment", options),
               &options->begateway);
}

}  // namespace

void AddEmulatorCommand(CLI::App& app, int* exit_code) {
  const auto options = std::make_shared<EmulatorOptions>();
  CLI::App* command = app.add_subcommand(
      "emulator", "Run a stand-in for a BIT driver or a cloud service, with faults on demand");
  command->require_subcommand(0, 1);
  AddCommonOptions(command, options.get());
  AddDriverOptions(command, options.get());
  AddServices(command, options);
  // Runs after the service's own.
  command->callback([options, exit_code] { *exit_code = RunEmulator(*options); });
}

}  // namespace fiscalgate
