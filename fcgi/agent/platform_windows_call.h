// One call of WinHTTP, which reports what happens on threads of its own. Wait: one thread; Close:
// any.
#pragma once

#include <windows.h>
// After windows.h, which it needs.
#include <winhttp.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

#include "fcgi/agent/platform.h"
#include "fcgi/agent/platform_windows_trust.h"

namespace fiscalgate::agent::platform {

// WinHTTP reports to it until its handle is closed for good.
class Call {
 public:
  Call(HINTERNET request, const PrivateCa* ca, std::wstring host)
      : request_(request), ca_(ca), host_(std::move(host)) {
    DWORD_PTR self = reinterpret_cast<DWORD_PTR>(this);
    WinHttpSetOption(request, WINHTTP_OPTION_CONTEXT_VALUE, &self, sizeof self);
  }
  // Waits until nobody can report any more.
  ~Call() {
    Close();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_; });
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  HINTERNET request() const { return request_; }
  // Any thread; what is under way ends.
  void Close() {
    HINTERNET handle = nullptr;
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
      std::swap(handle, open_);
    }
    changed_.notify_all();
    if (handle != nullptr) WinHttpCloseHandle(handle);
  }
  // True: the step was done; its number of bytes, if it has one, is in `bytes`.
  bool Wait(BOOL started, std::int64_t deadline, DWORD* bytes);

  Trouble trouble() const { return trouble_; }
  std::string error() const { return error_; }

  static void CALLBACK OnNotice(HINTERNET handle, DWORD_PTR self, DWORD status, void* information,
                                DWORD size);

 private:
  void Take(HINTERNET handle, DWORD status, void* information, DWORD size);
  void CheckCertificate(HINTERNET handle);

  HINTERNET const request_;
  const PrivateCa* const ca_;
  const std::wstring host_;
  std::mutex mutex_;
  std::condition_variable changed_;
  HINTERNET open_ = request_;
  bool done_ = false, ended_ = false, closed_ = false;
  DWORD bytes_ = 0, code_ = 0, secure_ = 0;
  std::string untrusted_;
  Trouble trouble_ = Trouble::kNone;
  std::string error_;
};

}  // namespace fiscalgate::agent::platform
