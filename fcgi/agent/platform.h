// What differs between Linux and Windows: files, clocks, connections, HTTP calls. Paths and texts
// are UTF-8. Nothing throws; a failure is `false` (or empty) and a reason for people. Services and
// installation are in platform_service.h.
//
// Free functions: any thread. An object: one thread, but for what says otherwise.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcgi/agent/address.h"

namespace fiscalgate::agent::platform {

// ---- Files. What is made here is readable by its owner (and administrators) only.

class File {
 public:
  File() = default;
  ~File() { Close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool OpenToRead(const std::string& path);
  bool OpenToWrite(const std::string& path);  // made if it is not there
  void Close();
  bool is_open() const { return handle_ != kNone; }

  std::int64_t Size();  // -1 on failure
  bool ReadAt(std::int64_t offset, char* data, std::size_t size);
  bool WriteAt(std::int64_t offset, std::string_view bytes);
  bool Truncate(std::int64_t size);
  // True: what was written, and the size, survives a power cut.
  bool Flush();
  const std::string& error() const { return error_; }

 private:
  static constexpr std::intptr_t kNone = -1;
  bool Fail(const char* what);
  std::intptr_t handle_ = kNone;
  std::string error_;
};

// Held by one process at a time, for as long as the object lives; gone with a killed process.
class Lock {
 public:
  Lock() = default;
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  bool Take(const std::string& path);

 private:
  std::intptr_t handle_ = -1;
};

std::optional<std::string> ReadFile(const std::string& path, std::size_t limit, std::string* error);
// After a power cut there is the old file or the new one, never a part of it.
bool StoreFile(const std::string& path, std::string_view bytes, std::string* error);
// The same for a file that is already flushed and closed.
bool Rename(const std::string& from, const std::string& to, std::string* error);
bool MakeFolder(const std::string& path, std::string* error);  // with those above it
bool Exists(const std::string& path);
bool Remove(const std::string& path);
std::vector<std::string> List(const std::string& folder);  // names, sorted
std::uint64_t FreeBytes(const std::string& folder);

// ---- Clocks and chance.

std::int64_t AwakeMs();  // runs on while the PC sleeps, is never set
std::int64_t WallMs();   // since 1970, as the PC believes
std::string RandomBytes(std::size_t count);

// ---- A plain TCP connection.

enum class Io { kDone, kTimeout, kClosed, kFailed };

class Tcp {
 public:
  Tcp() = default;
  ~Tcp();
  Tcp(const Tcp&) = delete;
  Tcp& operator=(const Tcp&) = delete;

  bool Connect(const std::string& host, std::uint16_t port, std::int64_t timeout_ms);
  // At least one byte, or not kDone: then nothing was taken.
  Io Send(std::string_view bytes, std::int64_t timeout_ms, std::size_t* sent);
  Io Receive(char* buffer, std::size_t size, std::int64_t timeout_ms, std::size_t* received);
  const std::string& error() const { return error_; }

 private:
  bool ConnectTo(const void* address, std::size_t size, int family, std::int64_t timeout_ms);
  Io Wait(bool to_write, std::int64_t timeout_ms);
  std::intptr_t socket_ = -1;
  std::string error_;
};

// ---- Calls to the gateway: libcurl or WinHTTP. Redirects are never followed.

struct Route {
  Address gateway;
  std::string ca_file;  // PEM; empty: what the system trusts
  std::string proxy;    // a Proxy; empty: as the system says; "none"
};

enum class Trouble {
  kNone,
  kName,     // no such host
  kConnect,  // nobody there, or the connection broke
  kTls,      // not trusted, wrong name, wrong clock
  kProxy,    // the proxy does not let us through
  kTimeout,
  kTooLong,  // the answer
  kCancelled,
  kSetting,  // the CA file cannot be read and the like
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  Trouble trouble = Trouble::kNone;
  std::string error;
  int status = 0;
  Headers headers;
  std::string body;
};

class HttpLine {
 public:
  virtual ~HttpLine() = default;
  // POST to the gateway's address + path. The connection is kept for the next call.
  virtual Reply Post(const std::string& path, const Headers& headers, std::string_view body,
                     std::int64_t timeout_ms) = 0;
  // Ends the call under way, and every later one until Resume. Any thread.
  virtual void Cancel() = 0;
  virtual void Resume() = 0;
};

std::unique_ptr<HttpLine> OpenHttpLine(const Route& route);

}  // namespace fiscalgate::agent::platform
