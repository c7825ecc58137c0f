#include "fcgi/agent/platform_windows_call.h"

#include <algorithm>
#include <chrono>

#include "fcgi/agent/platform_windows.h"

namespace fiscalgate::agent::platform {
namespace {

constexpr std::int64_t kLookMs = 5'000;  // the clock of a wait may stand still while the PC sleeps

Trouble TroubleOf(DWORD error) {
  switch (error) {
    case ERROR_WINHTTP_NAME_NOT_RESOLVED:
      return Trouble::kName;
    case ERROR_WINHTTP_TIMEOUT:
      return Trouble::kTimeout;
    case ERROR_WINHTTP_SECURE_FAILURE:
    case ERROR_WINHTTP_SECURE_CHANNEL_ERROR:
    case ERROR_WINHTTP_SECURE_INVALID_CA:
    case ERROR_WINHTTP_SECURE_CERT_DATE_INVALID:
    case ERROR_WINHTTP_SECURE_CERT_CN_INVALID:
    case ERROR_WINHTTP_SECURE_INVALID_CERT:
      return Trouble::kTls;
    case ERROR_WINHTTP_AUTODETECTION_FAILED:
    case ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT:
      return Trouble::kProxy;
    default:
      return Trouble::kConnect;
  }
}

std::string SecureFaults(DWORD flags) {
  std::string text;
  if (flags & WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA) text += " unknown CA;";
  if (flags & WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID) text += " another name;";
  if (flags & WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID) text += " expired or not yet valid;";
  if (flags & WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CERT) text += " invalid;";
  if (flags & WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR) text += " no common protocol;";
  return text;
}

}  // namespace

void CALLBACK Call::OnNotice(HINTERNET handle, DWORD_PTR self, DWORD status, void* information,
                             DWORD size) {
  if (self == 0) return;  // of a session or a connection
  auto* call = reinterpret_cast<Call*>(self);
  if (status == WINHTTP_CALLBACK_STATUS_SENDING_REQUEST) {
    call->CheckCertificate(handle);
  } else {
    call->Take(handle, status, information, size);
  }
}

// Between the handshake and the first byte of the request, which holds the key.
void Call::CheckCertificate(HINTERNET handle) {
  if (ca_ == nullptr) return;
  PCCERT_CONTEXT certificate = nullptr;
  DWORD size = sizeof certificate;
  std::string fault = "no certificate";
  if (WinHttpQueryOption(handle, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &certificate, &size)) {
    fault = ca_->FaultOf(certificate, host_);
    CertFreeCertificateContext(certificate);
  }
  if (fault.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    untrusted_ = fault;
  }
  Close();
}

void Call::Take(HINTERNET, DWORD status, void* information, DWORD size) {
  const std::lock_guard lock(mutex_);
  switch (status) {
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
      bytes_ = size;
      done_ = true;
      break;
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
      done_ = true;
      break;
    case WINHTTP_CALLBACK_STATUS_SECURE_FAILURE:
      secure_ = *static_cast<DWORD*>(information);
      break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
      code_ = static_cast<WINHTTP_ASYNC_RESULT*>(information)->dwError;
      ended_ = true;
      break;
    case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
      closed_ = ended_ = true;
      break;
    default:
      return;
  }
  changed_.notify_all();  // under the lock: after the last notice the object is gone
}

bool Call::Wait(BOOL started, std::int64_t deadline, DWORD* bytes) {
  const DWORD failure = started ? 0 : GetLastError();
  std::unique_lock lock(mutex_);
  if (failure != 0 && code_ == 0) code_ = failure;
  while (failure == 0 && !done_ && !ended_) {
    const std::int64_t left = std::min(deadline - AwakeMs(), kLookMs);
    if (left <= 0) {
      trouble_ = Trouble::kTimeout;
      error_ = "time-out";
      return false;
    }
    changed_.wait_for(lock, std::chrono::milliseconds(left));
  }
  if (!untrusted_.empty()) {
    trouble_ = Trouble::kTls;
    error_ = untrusted_;
    return false;
  }
  if (failure != 0 || !done_) {
    trouble_ = TroubleOf(code_);
    error_ = (code_ == 0 ? "cancelled" : SystemError(code_)) + SecureFaults(secure_);
    return false;
  }
  done_ = false;
  if (bytes != nullptr) *bytes = bytes_;
  return true;
}

}  // namespace fiscalgate::agent::platform
