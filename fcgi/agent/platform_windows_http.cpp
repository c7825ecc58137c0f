// Calls to the gateway with WinHTTP, asynchronously, because only such a call can be given up.
#include <windows.h>
// After windows.h, which it needs.
#include <winhttp.h>

#include <algorithm>
#include <mutex>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform.h"
#include "fcgi/agent/platform_windows.h"
#include "fcgi/agent/platform_windows_call.h"
#include "fcgi/agent/platform_windows_trust.h"
#include "fcgi/agent/text.h"

namespace fiscalgate::agent::platform {
namespace {

constexpr std::size_t kMaxReplyBytes = kMaxRequestBytes + kMaxHeadBytes;
constexpr DWORD kAutomaticProxy = 4;  // WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY, Windows 8.1
constexpr DWORD kNotices = WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS | WINHTTP_CALLBACK_FLAG_HANDLES |
                           WINHTTP_CALLBACK_FLAG_SEND_REQUEST |
                           WINHTTP_CALLBACK_FLAG_SECURE_FAILURE;

class Handle {
 public:
  explicit Handle(HINTERNET handle = nullptr) : handle_(handle) {}
  ~Handle() { Reset(nullptr); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  void Reset(HINTERNET handle) {
    if (handle_ != nullptr) WinHttpCloseHandle(handle_);
    handle_ = handle;
  }
  HINTERNET get() const { return handle_; }

 private:
  HINTERNET handle_;
};

class WinHttpLine : public HttpLine {
 public:
  explicit WinHttpLine(const Route& route) : route_(route) {}

  Reply Post(const std::string& path, const Headers& headers, std::string_view body,
             std::int64_t timeout_ms) override;
  Reply Send(const wchar_t* method, const std::string& path, const Headers& headers,
             std::string_view body, std::int64_t timeout_ms);
  void Cancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (call_ != nullptr) call_->Close();
  }
  void Resume() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = false;
  }

 private:
  bool Prepare(std::string* error);
  HINTERNET OpenSession() const;
  HINTERNET OpenRequest(const wchar_t* method, const std::string& path, std::int64_t timeout_ms);
  void SetProxyLogin(HINTERNET request) const;
  bool Exchange(Call* call, const Headers& headers, std::string_view body, std::int64_t deadline,
                Reply* reply);
  static void ReadHead(HINTERNET request, Reply* reply);
  bool ReadBody(Call* call, std::int64_t deadline, Reply* reply);
  bool Begin(Call* call);
  bool End();

  const Route route_;
  std::unique_ptr<PrivateCa> ca_;
  bool met_ = false;  // the last call found a server that is trusted
  Handle session_, connection_;
  std::string buffer_ = std::string(16 * 1024, '\0');  // outlives a call that is given up
  std::mutex mutex_;
  Call* call_ = nullptr;
  bool cancelled_ = false;
};

HINTERNET WinHttpLine::OpenSession() const {
  const std::wstring name = L"fiscalgate-agent/" + Wide(kVersion);
  if (route_.proxy == "none") {
    return WinHttpOpen(name.c_str(), WINHTTP_ACCESS_TYPE_NO_PROXY, nullptr, nullptr,
                       WINHTTP_FLAG_ASYNC);
  }
  if (const auto proxy = Proxy::Parse(route_.proxy)) {
    const std::wstring address =
        Wide(proxy->address.host + ":" + std::to_string(proxy->address.port));
    return WinHttpOpen(name.c_str(), WINHTTP_ACCESS_TYPE_NAMED_PROXY, address.c_str(), nullptr,
                       WINHTTP_FLAG_ASYNC);
  }
  const HINTERNET session =
      WinHttpOpen(name.c_str(), kAutomaticProxy, nullptr, nullptr, WINHTTP_FLAG_ASYNC);
  if (session != nullptr) return session;
  return WinHttpOpen(name.c_str(), WINHTTP_ACCESS_TYPE_DEFAULT_PROXY, nullptr, nullptr,
                     WINHTTP_FLAG_ASYNC);
}

bool WinHttpLine::Prepare(std::string* error) {
  if (connection_.get() != nullptr) return true;
  if (route_.gateway.tls && !route_.ca_file.empty() && ca_ == nullptr) {
    auto ca = std::make_unique<PrivateCa>();
    if (!ca->Load(route_.ca_file, error)) return false;
    ca_ = std::move(ca);
  }
  session_.Reset(OpenSession());
  DWORD protocols = WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2 | WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_3;
  if (!WinHttpSetOption(session_.get(), WINHTTP_OPTION_SECURE_PROTOCOLS, &protocols,
                        sizeof protocols)) {
    protocols = WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2;  // before Windows 11
    WinHttpSetOption(session_.get(), WINHTTP_OPTION_SECURE_PROTOCOLS, &protocols, sizeof protocols);
  }
  WinHttpSetStatusCallback(session_.get(), &Call::OnNotice, kNotices, 0);
  connection_.Reset(
      WinHttpConnect(session_.get(), Wide(route_.gateway.host).c_str(), route_.gateway.port, 0));
  if (connection_.get() != nullptr) return true;
  *error = Reason("WinHTTP");
  return false;
}

HINTERNET WinHttpLine::OpenRequest(const wchar_t* method, const std::string& path,
                                   std::int64_t timeout_ms) {
  const HINTERNET request = WinHttpOpenRequest(
      connection_.get(), method, Wide(route_.gateway.path + path).c_str(), nullptr,
      WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES,
      WINHTTP_FLAG_ESCAPE_DISABLE | (route_.gateway.tls ? WINHTTP_FLAG_SECURE : 0));
  if (request == nullptr) return nullptr;
  DWORD never = WINHTTP_DISABLE_REDIRECTS | WINHTTP_DISABLE_COOKIES;
  WinHttpSetOption(request, WINHTTP_OPTION_DISABLE_FEATURE, &never, sizeof never);
  DWORD no_logon = WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH;
  WinHttpSetOption(request, WINHTTP_OPTION_AUTOLOGON_POLICY, &no_logon, sizeof no_logon);
  const int connect = static_cast<int>(kConnectMs), all = static_cast<int>(timeout_ms);
  WinHttpSetTimeouts(request, connect, connect, all, all);
  if (ca_ != nullptr) {
    // Its issuer is looked at in CheckCertificate; name and dates stay with WinHTTP as well.
    DWORD flags = SECURITY_FLAG_IGNORE_UNKNOWN_CA;
    WinHttpSetOption(request, WINHTTP_OPTION_SECURITY_FLAGS, &flags, sizeof flags);
  }
  SetProxyLogin(request);
  return request;
}

void WinHttpLine::SetProxyLogin(HINTERNET request) const {
  const auto proxy = Proxy::Parse(route_.proxy);
  if (!proxy || proxy->user.empty()) return;
  WinHttpSetCredentials(request, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_BASIC,
                        Wide(proxy->user).c_str(), Wide(proxy->password).c_str(), nullptr);
}

bool WinHttpLine::Begin(Call* call) {
  const std::lock_guard lock(mutex_);
  call_ = call;
  return !cancelled_;
}

// True: it was cancelled.
bool WinHttpLine::End() {
  const std::lock_guard lock(mutex_);
  call_ = nullptr;
  return cancelled_;
}

// With a CA of its own the first request of a connection holds no key: should a system send it
// although its certificate was refused, nothing is given away.
Reply WinHttpLine::Post(const std::string& path, const Headers& headers, std::string_view body,
                        std::int64_t timeout_ms) {
  Reply reply;
  if (!Prepare(&reply.error)) {
    reply.trouble = Trouble::kSetting;
    return reply;
  }
  if (ca_ != nullptr && !met_) {
    reply = Send(L"HEAD", "/", {}, {}, kConnectMs);
    if (reply.trouble != Trouble::kNone) return reply;
  }
  reply = Send(L"POST", path, headers, body, timeout_ms);
  met_ = reply.trouble == Trouble::kNone;
  return reply;
}

Reply WinHttpLine::Send(const wchar_t* method, const std::string& path, const Headers& headers,
                        std::string_view body, std::int64_t timeout_ms) {
  Reply reply;
  const HINTERNET request = OpenRequest(method, path, timeout_ms);
  if (request == nullptr) {
    reply.trouble = Trouble::kConnect;
    reply.error = Reason("WinHTTP");
    return reply;
  }
  Call call(request, ca_.get(), Wide(route_.gateway.host));
  const bool done = Begin(&call) && Exchange(&call, headers, body, AwakeMs() + timeout_ms, &reply);
  if (End()) {
    reply.trouble = Trouble::kCancelled;
  } else if (!done && reply.trouble == Trouble::kNone) {
    reply.trouble = call.trouble();
    reply.error = call.error();
  }
  // A proxy's refusal of a tunnel comes as an answer.
  if (reply.trouble == Trouble::kNone && reply.status == 407) reply.trouble = Trouble::kProxy;
  return reply;
}

bool WinHttpLine::Exchange(Call* call, const Headers& headers, std::string_view body,
                           std::int64_t deadline, Reply* reply) {
  std::wstring lines = L"Content-Type: application/octet-stream\r\n";
  for (const auto& [name, value] : headers) lines += Wide(name + ": " + value + "\r\n");
  const auto size = static_cast<DWORD>(body.size());
  void* const data = size == 0 ? WINHTTP_NO_REQUEST_DATA : const_cast<char*>(body.data());
  const HINTERNET request = call->request();
  const BOOL sent = WinHttpSendRequest(request, lines.c_str(), static_cast<DWORD>(lines.size()),
                                       data, size, size, reinterpret_cast<DWORD_PTR>(call));
  if (!call->Wait(sent, deadline, nullptr)) return false;
  if (!call->Wait(WinHttpReceiveResponse(request, nullptr), deadline, nullptr)) return false;
  ReadHead(request, reply);
  return ReadBody(call, deadline, reply);
}

void WinHttpLine::ReadHead(HINTERNET request, Reply* reply) {
  DWORD status = 0, size = sizeof status;
  WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
                      WINHTTP_HEADER_NAME_BY_INDEX, &status, &size, WINHTTP_NO_HEADER_INDEX);
  reply->status = static_cast<int>(status);
  DWORD bytes = 0;
  WinHttpQueryHeaders(request, WINHTTP_QUERY_RAW_HEADERS_CRLF, WINHTTP_HEADER_NAME_BY_INDEX,
                      WINHTTP_NO_OUTPUT_BUFFER, &bytes, WINHTTP_NO_HEADER_INDEX);
  std::wstring raw(bytes / sizeof(wchar_t), L'\0');
  if (raw.empty() ||
      !WinHttpQueryHeaders(request, WINHTTP_QUERY_RAW_HEADERS_CRLF, WINHTTP_HEADER_NAME_BY_INDEX,
                           raw.data(), &bytes, WINHTTP_NO_HEADER_INDEX)) {
    return;
  }
  const std::string narrow = Narrow(raw);
  std::string_view text(narrow);
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || line.starts_with("HTTP/")) continue;
    reply->headers.emplace_back(Trim(line.substr(0, colon)), Trim(line.substr(colon + 1)));
  }
}

bool WinHttpLine::ReadBody(Call* call, std::int64_t deadline, Reply* reply) {
  while (true) {
    DWORD count = 0;
    const BOOL started = WinHttpReadData(call->request(), buffer_.data(),
                                         static_cast<DWORD>(buffer_.size()), nullptr);
    if (!call->Wait(started, deadline, &count)) return false;
    if (count == 0) return true;
    if (reply->body.size() + count > kMaxReplyBytes) {
      reply->trouble = Trouble::kTooLong;
      return false;
    }
    reply->body.append(buffer_, 0, count);
  }
}

}  // namespace

std::unique_ptr<HttpLine> OpenHttpLine(const Route& route) {
  return std::make_unique<WinHttpLine>(route);
}

}  // namespace fiscalgate::agent::platform
