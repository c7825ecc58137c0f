#include "fcgi/admin.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/cloud_providers.h"
#include "fcgi/settings.h"

namespace fiscalgate {
namespace {

// The program's own option, if it has one.
std::string ConfigPath(const CLI::App& app) {
  const CLI::Option* option = app.get_option_no_throw("--config");
  return option != nullptr && option->count() > 0 ? option->as<std::string>() : kDefaultConfigPath;
}

}  // namespace

void AddAdminCommands(CLI::App& app, int* exit_code) {
  const auto desk = std::make_shared<admin::Desk>();
  desk->config_path = [&app] { return ConfigPath(app); };
  desk->exit_code = exit_code;
  desk->cloud_providers = [] { return AllCloudProviders({}); };

  CLI::App* command =
      app.add_subcommand("admin", "Shops, registers, groups, couriers, tasks and callbacks");
  command->fallthrough()->require_subcommand(1);
  command->add_option("--store", desk->store_url, "The store, instead of the configured one");
  command->add_option("--key-file", desk->key_file, "Its key file, instead of the configured one");
  command->add_flag("--json", desk->json, "Answer in JSON, for scripts");

  admin::AddShopCommands(*command, desk);
  admin::AddRegisterCommands(*command, desk);
  admin::AddGroupCommands(*command, desk);
  admin::AddProviderCommands(*command, desk);
  admin::AddTaskCommands(*command, desk);
  admin::AddCallbackCommands(*command, desk);
  admin::AddCourierCommands(*command, desk);
  admin::AddKeyCommands(*command, desk);
  admin::AddUpkeepCommands(*command, desk);
  admin::AddBackupCommands(*command, desk);
  admin::AddArchiveCommands(*command, desk);
  admin::AddDoctorCommand(*command, desk);
  admin::AddValidateCommand(*command, desk);
}

}  // namespace fiscalgate
