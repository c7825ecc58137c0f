// The agent as a process and a systemd service of Linux.
#include <malloc.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "fcgi/agent/platform.h"
#include "fcgi/agent/platform_service.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent::platform {
namespace {

constexpr std::size_t kMaxProgramBytes = 64 * 1024 * 1024;
constexpr char kUnitPath[] = "/etc/systemd/system/fiscalgate-agent.service";

// The key stays with root: systemd hands the configuration to a user that exists only while the
// service runs.
constexpr char kUnit[] = R"([Unit]
Description=Fiscalgate agent: relays receipts to the driver of the cash register
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=%PROGRAM% run --config ${CREDENTIALS_DIRECTORY}/agent.conf
LoadCredential=agent.conf:/etc/fiscalgate-agent/agent.conf
DynamicUser=yes
StateDirectory=fiscalgate-agent
StateDirectoryMode=0700
Restart=always
RestartSec=2
# The driver's answer is waited for.
TimeoutStopSec=90
UMask=0077
LimitCORE=0
MemoryMax=64M

# What it does not need, it cannot do.
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
)";

std::string OwnPath() {
  std::string path(4096, '\0');
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  path.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return path;
}

// The package's place if that is where this program lies, else the one for what an administrator
// brings.
std::string InstalledProgram() {
  const std::string own = OwnPath();
  return own.starts_with("/usr/bin/") ? own : "/usr/local/bin/fiscalgate-agent";
}

bool MakePublicFolder(const std::string& path) {
  if (path.empty() || mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return true;
  if (errno != ENOENT) return false;
  return MakePublicFolder(path.substr(0, path.rfind('/'))) && mkdir(path.c_str(), 0755) == 0;
}

bool WriteFileWithMode(const std::string& path, std::string_view bytes, mode_t mode,
                       std::string* error) {
  if (!MakePublicFolder(path.substr(0, path.rfind('/')))) {
    *error = path + ": " + std::strerror(errno);
    return false;
  }
  if (!StoreFile(path, bytes, error)) return false;
  if (chmod(path.c_str(), mode) == 0) return true;
  *error = path + ": " + std::strerror(errno);
  return false;
}

bool SystemCtl(std::vector<const char*> words, std::string* error) {
  words.insert(words.begin(), "systemctl");
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    execvp("systemctl", const_cast<char* const*>(words.data()));
    _exit(127);
  }
  int status = 0;
  if (child > 0 && waitpid(child, &status, 0) == child && status == 0) return true;
  *error = std::string("systemctl ") + words[1] +
           Tr(": не вышло; подробнее: journalctl -u fiscalgate-agent",
              " did not work; see journalctl -u fiscalgate-agent");
  return false;
}

void PrintTo(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(fd, text.data(), text.size());
    if (count < 0 && errno != EINTR) return;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

std::vector<std::string> Begin(int argc, char** argv) {
  // Small and steady rather than fast: few heaps, and large pieces go back to the system.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  mallopt(M_TRIM_THRESHOLD, 128 * 1024);
  signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  // Other users read the command line of a process; a key is not for them.
  for (int i = 1; i < argc; ++i) {
    char* const equals = std::strchr(argv[i], '=');
    if (std::strcmp(argv[i], "--key") == 0 && i + 1 < argc) {
      std::memset(argv[i + 1], 'x', std::strlen(argv[i + 1]));
    } else if (std::strncmp(argv[i], "--key=", 6) == 0) {
      std::memset(equals + 1, 'x', std::strlen(equals + 1));
    }
  }
  return words;
}

std::string SystemLanguage() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

void Print(std::string_view text) { PrintTo(STDOUT_FILENO, text); }

void PrintError(std::string_view text) { PrintTo(STDERR_FILENO, text); }

std::string ReadLine() {
  std::string line;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) {
    line += static_cast<char>(c);
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

bool LinesAreStamped() { return std::getenv("JOURNAL_STREAM") != nullptr; }

std::string Name() {
  utsname about{};
  uname(&about);
  return std::string("linux-") + about.machine;
}

Places DefaultPlaces(const std::string& root) {
  return {root + "/etc/fiscalgate-agent/agent.conf", root + "/var/lib/fiscalgate-agent", "",
          root + InstalledProgram()};
}

int RunUntilStopped(bool, const std::function<bool()>& start, const std::function<void()>& stop) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int one : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, one);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (!start()) return 1;
  int received = 0;
  sigwait(&signals, &received);
  stop();
  return 0;
}

bool InstallService(const std::string& root, std::string* error) {
  const std::string program = InstalledProgram();
  if (OwnPath() != root + program) {
    const auto bytes = ReadFile(OwnPath(), kMaxProgramBytes, error);
    if (!bytes || !WriteFileWithMode(root + program, *bytes, 0755, error)) return false;
  }
  std::string unit = kUnit;
  const std::string mark = "%PROGRAM%";
  unit.replace(unit.find(mark), mark.size(), program);
  if (!WriteFileWithMode(root + kUnitPath, unit, 0644, error)) return false;
  if (!root.empty()) return true;
  return SystemCtl({"daemon-reload"}, error) && SystemCtl({"enable", "fiscalgate-agent"}, error) &&
         SystemCtl({"restart", "fiscalgate-agent"}, error);
}

bool UninstallService(const std::string& root, std::string* error) {
  if (!Exists(root + kUnitPath)) return true;
  if (root.empty() && !SystemCtl({"disable", "--now", "fiscalgate-agent"}, error)) return false;
  Remove(root + kUnitPath);
  if (root.empty() && !SystemCtl({"daemon-reload"}, error)) return false;
  // A package removes its program itself.
  const std::string program = InstalledProgram();
  if (program.starts_with("/usr/local/")) Remove(root + program);
  return true;
}

bool ProtectFolder(const std::string& folder, std::string* error) {
  if (MakePublicFolder(folder)) return true;
  *error = folder + ": " + std::strerror(errno);
  return false;
}

bool WritePublicFile(const std::string& path, std::string_view bytes, std::string* error) {
  return WriteFileWithMode(path, bytes, 0644, error);
}

}  // namespace fiscalgate::agent::platform
