// The agent as a process and a service of Windows.
#include <windows.h>
// After windows.h, which they need.
#include <aclapi.h>
#include <sddl.h>
#include <shellapi.h>
#include <shlobj.h>

#include <cstdlib>

#include "fcgi/agent/platform.h"
#include "fcgi/agent/platform_service.h"
#include "fcgi/agent/platform_windows.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent::platform {
namespace {

constexpr wchar_t kService[] = L"fiscalgate-agent";
constexpr wchar_t kAccount[] = L"NT AUTHORITY\\LocalService";
// The system, administrators and the service's account; nobody else, nothing inherited.
constexpr wchar_t kRights[] = L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;LS)";
constexpr std::size_t kMaxProgramBytes = 64 * 1024 * 1024;
constexpr DWORD kStopHintMs = 90'000;
constexpr DWORD kStartMs = 60'000;
constexpr DWORD kLookMs = 100;

struct Running {
  const std::function<bool()>* start = nullptr;
  const std::function<void()>* stop = nullptr;
  HANDLE asked = nullptr;
  SERVICE_STATUS_HANDLE handle = nullptr;
  int exit_code = 0;
} running;

void Tell(DWORD state, DWORD hint_ms, DWORD exit_code = NO_ERROR) {
  SERVICE_STATUS status{};
  status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
  status.dwCurrentState = state;
  // Before a shutdown there is time for the driver's answer; at a shutdown there is not.
  if (state == SERVICE_RUNNING) {
    status.dwControlsAccepted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN;
  }
  status.dwWin32ExitCode = exit_code;
  status.dwWaitHint = hint_ms;
  SetServiceStatus(running.handle, &status);
}

DWORD WINAPI OnControl(DWORD control, DWORD, void*, void*) {
  if (control == SERVICE_CONTROL_INTERROGATE) return NO_ERROR;
  if (control != SERVICE_CONTROL_STOP && control != SERVICE_CONTROL_PRESHUTDOWN) {
    return ERROR_CALL_NOT_IMPLEMENTED;
  }
  Tell(SERVICE_STOP_PENDING, kStopHintMs);
  SetEvent(running.asked);
  return NO_ERROR;
}

void WINAPI ServiceMain(DWORD, wchar_t**) {
  running.handle = RegisterServiceCtrlHandlerExW(kService, &OnControl, nullptr);
  if (running.handle == nullptr) return;
  Tell(SERVICE_START_PENDING, kStartMs);
  if (!(*running.start)()) {
    running.exit_code = 1;
    return Tell(SERVICE_STOPPED, 0, ERROR_SERVICE_SPECIFIC_ERROR);
  }
  Tell(SERVICE_RUNNING, 0);
  WaitForSingleObject(running.asked, INFINITE);
  (*running.stop)();
  Tell(SERVICE_STOPPED, 0);
}

BOOL WINAPI OnConsole(DWORD) {
  SetEvent(running.asked);
  return TRUE;
}

class ServiceHandle {
 public:
  explicit ServiceHandle(SC_HANDLE handle) : handle_(handle) {}
  ~ServiceHandle() {
    if (handle_ != nullptr) CloseServiceHandle(handle_);
  }
  ServiceHandle(const ServiceHandle&) = delete;
  ServiceHandle& operator=(const ServiceHandle&) = delete;
  SC_HANDLE get() const { return handle_; }

 private:
  SC_HANDLE handle_;
};

bool Fail(const char* what, std::string* error) {
  const DWORD code = GetLastError();
  *error = std::string(what) + ": " + SystemError(code);
  if (code == ERROR_ACCESS_DENIED) {
    *error += Tr(": запустите от имени администратора", ": run this as administrator");
  }
  return false;
}

bool WaitFor(SC_HANDLE service, DWORD state, DWORD patience_ms) {
  SERVICE_STATUS_PROCESS status{};
  DWORD size = 0;
  const std::int64_t deadline = AwakeMs() + patience_ms;
  // The service manager tells of changes only to those who ask.
  while (QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status),
                              sizeof status, &size)) {
    if (status.dwCurrentState == state) return true;
    if (AwakeMs() > deadline) return false;
    if (state == SERVICE_RUNNING && status.dwCurrentState == SERVICE_STOPPED) return false;
    ::Sleep(kLookMs);
  }
  return false;
}

bool StopAndWait(SC_HANDLE service, std::string* error) {
  SERVICE_STATUS status{};
  ControlService(service, SERVICE_CONTROL_STOP, &status);
  return WaitFor(service, SERVICE_STOPPED, kStopHintMs) || Fail("stop", error);
}

void Describe(SC_HANDLE service) {
  std::wstring text = Wide(Tr("Передаёт чеки шлюза Fiscalgate драйверу кассы на этом компьютере",
                              "Relays the receipts of a Fiscalgate gateway to the driver of the "
                              "cash register on this PC"));
  SERVICE_DESCRIPTIONW description{text.data()};
  ChangeServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, &description);
  SC_ACTION again[] = {
      {SC_ACTION_RESTART, 2'000}, {SC_ACTION_RESTART, 10'000}, {SC_ACTION_RESTART, 60'000}};
  SERVICE_FAILURE_ACTIONSW actions{};
  actions.dwResetPeriod = 3600;
  actions.cActions = 3;
  actions.lpsaActions = again;
  ChangeServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS, &actions);
}

// While other services are being started, the manager puts us off.
bool Start(SC_HANDLE service) {
  const std::int64_t deadline = AwakeMs() + kStartMs;
  while (!StartServiceW(service, 0, nullptr)) {
    if (GetLastError() == ERROR_SERVICE_ALREADY_RUNNING) return true;
    if (GetLastError() != ERROR_SERVICE_DATABASE_LOCKED || AwakeMs() > deadline) return false;
    ::Sleep(kLookMs);
  }
  return true;
}

bool CreateAndStart(SC_HANDLE manager, const std::string& program, std::string* error) {
  const std::wstring line = Wide("\"" + program + "\" run --service");
  SC_HANDLE opened =
      CreateServiceW(manager, kService, L"Fiscalgate agent", SERVICE_ALL_ACCESS,
                     SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                     line.c_str(), nullptr, nullptr, nullptr, kAccount, nullptr);
  if (opened == nullptr && GetLastError() == ERROR_SERVICE_EXISTS) {
    opened = OpenServiceW(manager, kService, SERVICE_ALL_ACCESS);
  }
  const ServiceHandle service(opened);
  if (opened == nullptr) return Fail("CreateService", error);
  Describe(opened);
  if (!Start(opened)) return Fail("StartService", error);
  if (WaitFor(opened, SERVICE_RUNNING, kStartMs)) return true;
  *error =
      Tr("служба не запустилась; что случилось, сказано в ", "the service did not start; see ") +
      DefaultPlaces("").log;
  return false;
}

std::string OwnPath() {
  std::wstring path(4096, L'\0');
  path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
  return Narrow(path);
}

// Not from the environment, which differs between a service and a console.
std::string SystemFolder(int which, const char* usual) {
  wchar_t path[MAX_PATH];
  return SHGetFolderPathW(nullptr, which, nullptr, SHGFP_TYPE_CURRENT, path) == S_OK ? Narrow(path)
                                                                                     : usual;
}

void PrintTo(DWORD which, std::string_view text) {
  const HANDLE handle = GetStdHandle(which);
  DWORD mode = 0, written = 0;
  if (handle == nullptr || handle == INVALID_HANDLE_VALUE) return;
  if (GetConsoleMode(handle, &mode)) {
    const std::wstring wide = Wide(text);
    WriteConsoleW(handle, wide.data(), static_cast<DWORD>(wide.size()), &written, nullptr);
  } else {
    WriteFile(handle, text.data(), static_cast<DWORD>(text.size()), &written, nullptr);
  }
}

}  // namespace

std::vector<std::string> Begin(int, char**) {
  std::vector<std::string> words;
  int count = 0;
  wchar_t** const wide = CommandLineToArgvW(GetCommandLineW(), &count);
  for (int i = 1; wide != nullptr && i < count; ++i) words.push_back(Narrow(wide[i]));
  LocalFree(wide);
  return words;
}

std::string SystemLanguage() {
  const LANGID language = GetUserDefaultUILanguage();
  return PRIMARYLANGID(language) == LANG_RUSSIAN ? "ru" : "en";
}

void Print(std::string_view text) { PrintTo(STD_OUTPUT_HANDLE, text); }

void PrintError(std::string_view text) { PrintTo(STD_ERROR_HANDLE, text); }

std::string ReadLine() {
  std::string line;
  const HANDLE handle = GetStdHandle(STD_INPUT_HANDLE);
  char c = 0;
  for (DWORD count = 0; ::ReadFile(handle, &c, 1, &count, nullptr) && count == 1 && c != '\n';) {
    line += c;
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

bool LinesAreStamped() { return false; }

std::string Name() { return "windows-x86_64"; }

Places DefaultPlaces(const std::string& root) {
  const std::string data = (root.empty() ? SystemFolder(CSIDL_COMMON_APPDATA, "C:\\ProgramData")
                                         : root + "\\ProgramData") +
                           "\\fiscalgate-agent";
  const std::string programs = root.empty() ? SystemFolder(CSIDL_PROGRAM_FILES, "C:\\Program Files")
                                            : root + "\\Program Files";
  return {data + "\\agent.conf", data + "\\state", data + "\\agent.log",
          programs + "\\fiscalgate-agent\\fiscalgate-agent.exe"};
}

int RunUntilStopped(bool as_service, const std::function<bool()>& start,
                    const std::function<void()>& stop) {
  running.start = &start;
  running.stop = &stop;
  running.asked = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  if (as_service) {
    std::wstring name = kService;
    const SERVICE_TABLE_ENTRYW table[] = {{name.data(), &ServiceMain}, {nullptr, nullptr}};
    if (!StartServiceCtrlDispatcherW(table)) {
      PrintError(Reason("service") + "\n");
      return 1;
    }
    return running.exit_code;
  }
  SetConsoleCtrlHandler(&OnConsole, TRUE);
  if (!start()) return 1;
  WaitForSingleObject(running.asked, INFINITE);
  stop();
  return 0;
}

bool InstallService(const std::string& root, std::string* error) {
  const std::string program = DefaultPlaces(root).program;
  const ServiceHandle manager(root.empty() ? OpenSCManagerW(nullptr, nullptr, SC_MANAGER_ALL_ACCESS)
                                           : nullptr);
  if (root.empty() && manager.get() == nullptr) return Fail("OpenSCManager", error);
  if (root.empty()) {
    const ServiceHandle old(OpenServiceW(manager.get(), kService, SERVICE_ALL_ACCESS));
    if (old.get() != nullptr && !StopAndWait(old.get(), error)) return false;
  }
  if (OwnPath() != program) {
    const auto bytes = ReadFile(OwnPath(), kMaxProgramBytes, error);
    if (!bytes || !MakeFolder(program.substr(0, program.rfind('\\')), error) ||
        !StoreFile(program, *bytes, error)) {
      return false;
    }
  }
  return !root.empty() || CreateAndStart(manager.get(), program, error);
}

bool UninstallService(const std::string& root, std::string* error) {
  if (!root.empty()) return true;
  const ServiceHandle manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_ALL_ACCESS));
  if (manager.get() == nullptr) return Fail("OpenSCManager", error);
  const ServiceHandle service(OpenServiceW(manager.get(), kService, SERVICE_ALL_ACCESS));
  if (service.get() == nullptr) {
    return GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST || Fail("OpenService", error);
  }
  if (!StopAndWait(service.get(), error)) return false;
  return DeleteService(service.get()) || Fail("DeleteService", error);
}

bool ProtectFolder(const std::string& folder, std::string* error) {
  if (!MakeFolder(folder, error)) return false;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  PACL list = nullptr;
  BOOL present = FALSE, defaulted = FALSE;
  DWORD failure = ERROR_INVALID_PARAMETER;
  if (ConvertStringSecurityDescriptorToSecurityDescriptorW(kRights, SDDL_REVISION_1, &descriptor,
                                                           nullptr) &&
      GetSecurityDescriptorDacl(descriptor, &present, &list, &defaulted)) {
    std::wstring path = Wide(folder);
    failure = SetNamedSecurityInfoW(path.data(), SE_FILE_OBJECT,
                                    DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                                    nullptr, nullptr, list, nullptr);
  }
  LocalFree(descriptor);
  if (failure == ERROR_SUCCESS) return true;
  SetLastError(failure);
  return Fail(folder.c_str(), error);
}

// Everybody who may read the folder.
bool WritePublicFile(const std::string& path, std::string_view bytes, std::string* error) {
  return StoreFile(path, bytes, error);
}

}  // namespace fiscalgate::agent::platform
