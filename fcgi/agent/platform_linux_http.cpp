// Calls to the gateway with libcurl: a handle that keeps its connection, and a multi handle,
// because waiting in it can be ended from another thread.
#include <curl/curl.h>

#include <algorithm>
#include <mutex>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform.h"
#include "fcgi/agent/text.h"

namespace fiscalgate::agent::platform {
namespace {

constexpr std::size_t kMaxReplyBytes = kMaxRequestBytes + kMaxHeadBytes;

Trouble TroubleOf(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return Trouble::kNone;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Trouble::kName;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return Trouble::kProxy;
    case CURLE_OPERATION_TIMEDOUT:
      return Trouble::kTimeout;
    case CURLE_WRITE_ERROR:
      return Trouble::kTooLong;
    case CURLE_SSL_CACERT_BADFILE:
      return Trouble::kSetting;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CERTPROBLEM:
      return Trouble::kTls;
    default:
      return Trouble::kConnect;
  }
}

class CurlLine : public HttpLine {
 public:
  explicit CurlLine(const Route& route) : route_(route), multi_(curl_multi_init()) {}
  ~CurlLine() override {
    Drop();
    curl_multi_cleanup(multi_);
  }
  CurlLine(const CurlLine&) = delete;
  CurlLine& operator=(const CurlLine&) = delete;

  Reply Post(const std::string& path, const Headers& headers, std::string_view body,
             std::int64_t timeout_ms) override;
  void Cancel() override {
    cancelled_ = true;
    curl_multi_wakeup(multi_);
  }
  void Resume() override { cancelled_ = false; }

 private:
  void Prepare();
  void Drop();
  CURLcode Perform();
  static std::size_t OnHeader(char* data, std::size_t one, std::size_t size, void* self);
  static std::size_t OnBody(char* data, std::size_t one, std::size_t size, void* self);

  const Route route_;
  CURLM* const multi_;
  CURL* easy_ = nullptr;
  std::atomic<bool> cancelled_{false};
  Reply reply_;
  std::size_t header_bytes_ = 0;
  bool head_complete_ = false;
  char error_[CURL_ERROR_SIZE] = {};
};

void CurlLine::Prepare() {
  error_[0] = '\0';
  if (easy_ != nullptr) return;
  easy_ = curl_easy_init();
  const auto set = [this](auto option, auto value) { curl_easy_setopt(easy_, option, value); };
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a name server that is silent holds nobody
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectMs));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROTOCOLS_STR, route_.gateway.tls ? "https" : "http");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_BUFFERSIZE, 16L * 1024);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!route_.ca_file.empty()) {
    set(CURLOPT_CAINFO, route_.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }
  if (route_.proxy == "none") {
    set(CURLOPT_PROXY, "");
  } else if (const auto proxy = Proxy::Parse(route_.proxy)) {
    set(CURLOPT_PROXY, proxy->address.Text().c_str());
    if (!proxy->user.empty()) set(CURLOPT_PROXYUSERNAME, proxy->user.c_str());
    if (!proxy->password.empty()) set(CURLOPT_PROXYPASSWORD, proxy->password.c_str());
  }
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(error_));
  set(CURLOPT_HEADERFUNCTION, &CurlLine::OnHeader);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &CurlLine::OnBody);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
}

void CurlLine::Drop() {
  if (easy_ == nullptr) return;
  curl_multi_remove_handle(multi_, easy_);
  curl_easy_cleanup(easy_);
  easy_ = nullptr;
}

Reply CurlLine::Post(const std::string& path, const Headers& headers, std::string_view body,
                     std::int64_t timeout_ms) {
  Prepare();
  reply_ = {};
  header_bytes_ = 0;
  head_complete_ = false;
  // "Expect: 100-continue" costs a second with servers that do not know it.
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  list = curl_slist_append(list, "Content-Type: application/octet-stream");
  list = curl_slist_append(list, "Accept:");
  for (const auto& [name, value] : headers) {
    list = curl_slist_append(list, (value.empty() ? name + ";" : name + ": " + value).c_str());
  }
  const std::string url = route_.gateway.Text() + path;
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body.data() == nullptr ? "" : body.data());
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
  CURLcode code = Perform();
  // To libcurl an end in the middle of the headers is an end like any other.
  if (code == CURLE_OK && !head_complete_) code = CURLE_GOT_NOTHING;
  curl_slist_free_all(list);
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  long proxy_status = 0;
  curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  reply_.trouble = cancelled_ ? Trouble::kCancelled : TroubleOf(code);
  if (code != CURLE_OK && proxy_status >= 300) reply_.trouble = Trouble::kProxy;
  if (reply_.trouble == Trouble::kNone) {
    reply_.status = static_cast<int>(status);
  } else {
    reply_.error = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
    Drop();  // and the connection with it: an answer still under way must never be read
  }
  return std::move(reply_);
}

CURLcode CurlLine::Perform() {
  curl_multi_add_handle(multi_, easy_);
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  for (int running = 1; !cancelled_;) {
    curl_multi_perform(multi_, &running);
    if (running == 0) {
      int left = 0;
      const CURLMsg* message = curl_multi_info_read(multi_, &left);
      result = message != nullptr ? message->data.result : CURLE_FAILED_INIT;
      break;
    }
    curl_multi_poll(multi_, nullptr, 0, 60'000, nullptr);
  }
  curl_multi_remove_handle(multi_, easy_);
  return result;
}

std::size_t CurlLine::OnHeader(char* data, std::size_t one, std::size_t size, void* self) {
  auto* line = static_cast<CurlLine*>(self);
  const std::size_t bytes = one * size;
  const std::string_view text(data, bytes);
  line->header_bytes_ += bytes;
  if (line->header_bytes_ > kMaxHeadBytes) return 0;
  if (text.starts_with("HTTP/")) {  // the last of several heads counts
    line->reply_.headers.clear();
    line->head_complete_ = false;
    return bytes;
  }
  if (Trim(text).empty()) line->head_complete_ = true;
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) {
    line->reply_.headers.emplace_back(Trim(text.substr(0, colon)), Trim(text.substr(colon + 1)));
  }
  return bytes;
}

std::size_t CurlLine::OnBody(char* data, std::size_t one, std::size_t size, void* self) {
  auto* line = static_cast<CurlLine*>(self);
  const std::size_t bytes = one * size;
  if (line->reply_.body.size() + bytes > kMaxReplyBytes) return 0;
  line->reply_.body.append(data, bytes);
  return bytes;
}

}  // namespace

std::unique_ptr<HttpLine> OpenHttpLine(const Route& route) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  return std::make_unique<CurlLine>(route);
}

}  // namespace fiscalgate::agent::platform
