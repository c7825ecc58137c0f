// The `fiscalgate-agent` program: chooses the command.
#include "fcgi/agent/commands.h"
#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform_service.h"
#include "fcgi/agent/words.h"

int main(int argc, char** argv) {
  using namespace fiscalgate::agent;
  const std::vector<std::string> words = platform::Begin(argc, argv);
  SetLanguage(platform::SystemLanguage());
  std::string error;
  const auto options = ParseOptions(words, &error);
  if (!options) {
    Complain(error);
    platform::PrintError(HelpText());
    return 2;
  }
  const std::string& command = options->command;
  if (command == "run") return RunCommand(*options);
  if (command == "install") return InstallCommand(*options);
  if (command == "uninstall") return UninstallCommand(*options);
  if (command == "check") return CheckCommand(*options);
  if (command == "status") return StatusCommand(*options);
  if (command == "version") {
    platform::Print(std::string("fiscalgate-agent ") + kVersion + " " + platform::Name() + "\n");
    return 0;
  }
  platform::Print(HelpText());
  return 0;
}
