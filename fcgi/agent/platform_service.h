// The other half of the platform room: the process as a service, its installation, where its files
// are. Called from the main thread only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fiscalgate::agent::platform {

// Once, first thing in main; gives the arguments as UTF-8, without the program's name.
std::vector<std::string> Begin(int argc, char** argv);
// The language of the user or the system, "" if unknown.
std::string SystemLanguage();
void Print(std::string_view text);       // to standard output
void PrintError(std::string_view text);  // to standard error
std::string ReadLine();                  // from standard input
bool LinesAreStamped();  // whoever reads standard output stamps each line with the time
// "linux-x86_64"
std::string Name();

// Under `root`, which is empty but for packagers and tests.
struct Places {
  std::string config;   // the file
  std::string state;    // folder of journals
  std::string log;      // file, or empty: standard output
  std::string program;  // where the installed program is
};
Places DefaultPlaces(const std::string& root);

// Calls start(), waits for the order to stop (a signal, Ctrl-C, the service manager), calls stop().
// start() false: ends at once with 1. As a service (Windows), start() false is told to the manager.
int RunUntilStopped(bool as_service, const std::function<bool()>& start,
                    const std::function<void()>& stop);

// Copies this program to its place, registers the service and starts it, or restarts it. With a
// root nothing is started. False: `error` says what did not work.
bool InstallService(const std::string& root, std::string* error);
bool UninstallService(const std::string& root, std::string* error);
// Rights on the configuration's folder; the service must be able to read it.
bool ProtectFolder(const std::string& folder, std::string* error);
// A file that everybody may read (a certificate).
bool WritePublicFile(const std::string& path, std::string_view bytes, std::string* error);

}  // namespace fiscalgate::agent::platform
