// The `fiscalgate` program: chooses the command.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "fcgi/admin.h"
#include "fcgi/emulator.h"
#include "fcgi/serve.h"
#include "fcgi/settings.h"
#include "fcgi/version.h"

int main(int argc, char** argv) {
  using namespace fiscalgate;
  int exit_code = 0;
  std::string config_path = kDefaultConfigPath;
  bool check_config = false;

  CLI::App app("Fiscalgate: a gateway from online shops to cash registers");
  app.set_version_flag("--version", "fiscalgate " FISCALGATE_VERSION);
  app.add_flag("--check-config", check_config, "Read the configuration, name its faults, and end");
  app.add_option("--config", config_path, "Configuration file")->capture_default_str();
  app.require_subcommand(0, 1);

  CLI::App* serve = app.add_subcommand("serve", "Run the gateway");
  serve->fallthrough();
  serve->callback([&] {
    if (!check_config) exit_code = Serve(config_path);
  });
  AddAdminCommands(app, &exit_code);
  AddEmulatorCommand(app, &exit_code);

  CLI11_PARSE(app, argc, argv);
  if (check_config) return CheckConfig(config_path);
  if (app.get_subcommands().empty()) {
    std::fputs(app.help().c_str(), stdout);
    return 1;
  }
  return exit_code;
}
