// Files and clocks of Windows.
#include <windows.h>
// After windows.h, which it needs.
#include <bcrypt.h>

#include <algorithm>
#include <cstdlib>

#include "fcgi/agent/platform.h"
#include "fcgi/agent/platform_windows.h"

namespace fiscalgate::agent::platform {
namespace {

HANDLE AsHandle(std::intptr_t handle) { return reinterpret_cast<HANDLE>(handle); }

std::string FolderOf(const std::string& path) {
  const auto slash = path.find_last_of("/\\");
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

OVERLAPPED At(std::int64_t offset) {
  OVERLAPPED place{};
  place.Offset = static_cast<DWORD>(offset & 0xFFFFFFFF);
  place.OffsetHigh = static_cast<DWORD>(offset >> 32);
  return place;
}

}  // namespace

std::wstring Wide(std::string_view utf8) {
  const int size = static_cast<int>(utf8.size());
  const int count = MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, nullptr, 0);
  std::wstring wide(static_cast<std::size_t>(count), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, wide.data(), count);
  return wide;
}

std::string Narrow(std::wstring_view wide) {
  const int size = static_cast<int>(wide.size());
  const int count =
      WideCharToMultiByte(CP_UTF8, 0, wide.data(), size, nullptr, 0, nullptr, nullptr);
  std::string utf8(static_cast<std::size_t>(count), '\0');
  WideCharToMultiByte(CP_UTF8, 0, wide.data(), size, utf8.data(), count, nullptr, nullptr);
  return utf8;
}

std::string SystemError(unsigned long code) {
  wchar_t text[512];
  const DWORD size =
      FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_FROM_HMODULE |
                         FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK,
                     GetModuleHandleW(L"winhttp.dll"), code, 0, text, std::size(text), nullptr);
  std::string said = Narrow({text, size});
  while (said.ends_with(' ') || said.ends_with('.')) said.pop_back();
  return said + (said.empty() ? "" : " ") + "[" + std::to_string(code) + "]";
}

std::string Reason(const std::string& what) { return what + ": " + SystemError(GetLastError()); }

bool File::Fail(const char* what) {
  error_ = Reason(what);
  return false;
}

bool File::OpenToRead(const std::string& path) {
  Close();
  error_.clear();
  handle_ = reinterpret_cast<std::intptr_t>(CreateFileW(
      Wide(path).c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
      nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
  return is_open() || Fail(path.c_str());
}

bool File::OpenToWrite(const std::string& path) {
  Close();
  error_.clear();
  handle_ = reinterpret_cast<std::intptr_t>(
      CreateFileW(Wide(path).c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, nullptr,
                  OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr));
  return is_open() || Fail(path.c_str());
}

void File::Close() {
  if (is_open()) CloseHandle(AsHandle(handle_));
  handle_ = kNone;
}

std::int64_t File::Size() {
  LARGE_INTEGER size{};
  if (GetFileSizeEx(AsHandle(handle_), &size)) return size.QuadPart;
  Fail("size");
  return -1;
}

bool File::ReadAt(std::int64_t offset, char* data, std::size_t size) {
  while (size > 0) {
    OVERLAPPED place = At(offset);
    DWORD count = 0;
    const auto piece = static_cast<DWORD>(std::min<std::size_t>(size, 1024 * 1024));
    if (!::ReadFile(AsHandle(handle_), data, piece, &count, &place)) return Fail("read");
    if (count == 0) {
      SetLastError(ERROR_HANDLE_EOF);
      return Fail("read");
    }
    data += count;
    offset += count;
    size -= count;
  }
  return true;
}

bool File::WriteAt(std::int64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    OVERLAPPED place = At(offset);
    DWORD count = 0;
    const auto piece = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1024 * 1024));
    if (!WriteFile(AsHandle(handle_), bytes.data(), piece, &count, &place)) return Fail("write");
    if (count == 0) {
      SetLastError(ERROR_DISK_FULL);
      return Fail("write");
    }
    offset += count;
    bytes.remove_prefix(count);
  }
  return true;
}

bool File::Truncate(std::int64_t size) {
  LARGE_INTEGER place{};
  place.QuadPart = size;
  return (SetFilePointerEx(AsHandle(handle_), place, nullptr, FILE_BEGIN) &&
          SetEndOfFile(AsHandle(handle_))) ||
         Fail("truncate");
}

bool File::Flush() { return FlushFileBuffers(AsHandle(handle_)) || Fail("flush"); }

Lock::~Lock() {
  if (handle_ != -1) CloseHandle(AsHandle(handle_));
}

bool Lock::Take(const std::string& path) {
  const HANDLE handle = CreateFileW(Wide(path).c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr,
                                    OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  handle_ = reinterpret_cast<std::intptr_t>(handle);
  return handle != INVALID_HANDLE_VALUE;
}

bool Rename(const std::string& from, const std::string& to, std::string* error) {
  if (MoveFileExW(Wide(from).c_str(), Wide(to).c_str(),
                  MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
    return true;
  }
  *error = Reason(to);
  return false;
}

bool MakeFolder(const std::string& path, std::string* error) {
  const std::wstring wide = Wide(path);
  if (CreateDirectoryW(wide.c_str(), nullptr) || GetLastError() == ERROR_ALREADY_EXISTS) {
    return true;
  }
  if (GetLastError() == ERROR_PATH_NOT_FOUND && FolderOf(path) != path &&
      MakeFolder(FolderOf(path), error) && CreateDirectoryW(wide.c_str(), nullptr)) {
    return true;
  }
  *error = Reason(path);
  return false;
}

bool Exists(const std::string& path) {
  return GetFileAttributesW(Wide(path).c_str()) != INVALID_FILE_ATTRIBUTES;
}

bool Remove(const std::string& path) {
  const std::wstring wide = Wide(path);
  return DeleteFileW(wide.c_str()) || RemoveDirectoryW(wide.c_str());
}

std::vector<std::string> List(const std::string& folder) {
  std::vector<std::string> names;
  WIN32_FIND_DATAW entry;
  const HANDLE search = FindFirstFileW(Wide(folder + "/*").c_str(), &entry);
  if (search == INVALID_HANDLE_VALUE) return names;
  do {
    const std::string name = Narrow(entry.cFileName);
    if (name != "." && name != "..") names.push_back(name);
  } while (FindNextFileW(search, &entry));
  FindClose(search);
  std::sort(names.begin(), names.end());
  return names;
}

std::uint64_t FreeBytes(const std::string& folder) {
  ULARGE_INTEGER bytes{};
  return GetDiskFreeSpaceExW(Wide(folder).c_str(), &bytes, nullptr, nullptr) ? bytes.QuadPart : 0;
}

std::int64_t AwakeMs() { return static_cast<std::int64_t>(GetTickCount64()); }

std::int64_t WallMs() {
  FILETIME time;
  GetSystemTimeAsFileTime(&time);
  const auto ticks = (static_cast<std::int64_t>(time.dwHighDateTime) << 32) | time.dwLowDateTime;
  constexpr std::int64_t kFrom1601To1970Ms = 11'644'473'600'000;
  return ticks / 10'000 - kFrom1601To1970Ms;
}

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  // An instance name that is not random would let two agents pass for one.
  if (BCryptGenRandom(nullptr, reinterpret_cast<PUCHAR>(bytes.data()), static_cast<ULONG>(count),
                      BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0) {
    std::abort();
  }
  return bytes;
}

}  // namespace fiscalgate::agent::platform
