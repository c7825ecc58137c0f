#include "lib/http/transfer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate::http {
namespace {

using base::Code;
using base::Error;
using base::Retry;

Error Refuse(Code code, std::string what) { return {code, std::move(what), Retry::kNever}; }

bool IsToken(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool IsHeaderValue(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

// libcurl takes anything that does not begin like this for the name of a key file.
bool ArePins(std::string_view text) {
  constexpr std::string_view kStart = "sha256//";
  while (true) {
    const auto end = text.find(';');
    const auto pin = text.substr(0, end);
    if (!pin.starts_with(kStart) || pin.size() == kStart.size()) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

base::Status CheckTls(const SendOptions& options, bool tls) {
  if (!options.pinned_public_key.empty()) {
    if (!tls) return Refuse(Code::kForbidden, "a pinned key needs https");
    if (!ArePins(options.pinned_public_key)) {
      return Refuse(Code::kMalformed, "a pin is sha256//<base64>");
    }
  }
  if (options.client_certificate.empty() != options.client_key.empty()) {
    return Refuse(Code::kMalformed, "a client certificate and its key go together");
  }
  if (!options.client_certificate.empty() && !tls) {
    return Refuse(Code::kForbidden, "a client certificate needs https");
  }
  if (!options.trusted_authorities.empty() && !tls) {
    return Refuse(Code::kForbidden, "trusted authorities need https");
  }
  return base::Ok();
}

std::string HeaderLine(const std::string& name, const std::string& value) {
  // For libcurl "Name:" takes a header away, and "Name;" sends it empty.
  return base::Trim(value).empty() ? name + ";" : name + ": " + value;
}

}  // namespace

base::Status CheckJob(Job* job) {
  const SendOptions& options = job->options;
  FG_CHECK(options.guard != nullptr);
  auto url = Url::Parse(job->request.url);
  if (!url.ok()) return url.error();
  job->url = std::move(url.value());
  const bool tls = job->url.scheme == "https";
  if (!tls && !options.allow_plain_http) {
    return Refuse(Code::kForbidden, "plain http is not allowed here");
  }
  const base::Status secure = CheckTls(options, tls);
  if (!secure) return secure;
  if (!IsToken(job->request.method)) return Refuse(Code::kMalformed, "not an HTTP method");
  for (const auto& [name, value] : job->request.headers) {
    if (!IsToken(name)) return Refuse(Code::kMalformed, "not a header name");
    if (!IsHeaderValue(value)) return Refuse(Code::kMalformed, "not a header value: " + name);
  }
  return base::Ok();
}

Transfer::Transfer(JobPtr job, std::chrono::milliseconds left)
    : job_(std::move(job)), handle_(curl_easy_init()) {
  FG_CHECK(handle_ != nullptr);
  SetConnection(left);
  SetIsolation();
  SetTrust();
  SetIdentity();
  SetRequest();
  SetHeaders();
  SetHooks();
}

Transfer::~Transfer() {
  curl_easy_cleanup(handle_);
  curl_slist_free_all(header_list_);
}

template <typename Value>
void Transfer::Set(CURLoption option, Value value) {
  if (curl_easy_setopt(handle_, option, value) != CURLE_OK) usable_ = false;
}

void Transfer::SetConnection(std::chrono::milliseconds left) {
  const SendOptions& options = job_->options;
  // 0 would mean "no time-out" to libcurl.
  const auto total = std::max<long>(1, static_cast<long>(left.count()));
  const auto connect = std::max<long>(1, static_cast<long>(options.connect_timeout.count()));
  Set(CURLOPT_TIMEOUT_MS, total);
  Set(CURLOPT_CONNECTTIMEOUT_MS, std::min(connect, total));
  Set(CURLOPT_NOSIGNAL, 1L);
  Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  // A name server that does not answer must not hold this thread: without it, giving up a transfer
  // joins the resolver's thread.
  Set(CURLOPT_QUICK_EXIT, 1L);
  const long fresh = options.fresh_connection ? 1L : 0L;
  Set(CURLOPT_MAXAGE_CONN, static_cast<long>(base::kMaxIdleConnectionAge.count()));
  Set(CURLOPT_FRESH_CONNECT, fresh);
  Set(CURLOPT_FORBID_REUSE, fresh);
}

// What libcurl would do of its own accord, or by the environment's.
void Transfer::SetIsolation() {
  Set(CURLOPT_PROXY, "");
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  Set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  Set(CURLOPT_PROTOCOLS_STR, job_->options.allow_plain_http ? "http,https" : "https");
  Set(CURLOPT_PATH_AS_IS, 1L);
}

void Transfer::SetTrust() {
  const std::string& pin = job_->options.pinned_public_key;
  Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  Set(CURLOPT_SSL_VERIFYPEER, pin.empty() ? 1L : 0L);
  Set(CURLOPT_SSL_VERIFYHOST, pin.empty() ? 2L : 0L);
  if (!pin.empty()) Set(CURLOPT_PINNEDPUBLICKEY, pin.c_str());
  const std::string& authorities = job_->options.trusted_authorities;
  if (authorities.empty()) return;
  // libcurl would add the folder of the system's authorities to them.
  Set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  SetBlob(CURLOPT_CAINFO_BLOB, authorities);
}

// libcurl uses a live connection again only for the same certificate and the same authorities.
void Transfer::SetIdentity() {
  const SendOptions& options = job_->options;
  if (options.client_certificate.empty()) return;
  SetBlob(CURLOPT_SSLCERT_BLOB, options.client_certificate);
  SetBlob(CURLOPT_SSLKEY_BLOB, options.client_key.Reveal());
  // An encrypted key must fail, not ask at the terminal.
  Set(CURLOPT_KEYPASSWD, "");
}

// Not copied: the job lives as long as the handle.
void Transfer::SetBlob(CURLoption option, const std::string& text) {
  curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
  Set(option, &blob);
}

void Transfer::SetRequest() {
  const Request& request = job_->request;
  Set(CURLOPT_URL, request.url.c_str());
  Set(CURLOPT_USERAGENT, "fiscalgate");
  if (request.method == "HEAD") {
    Set(CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET" || !request.body.empty()) {
    Set(CURLOPT_POSTFIELDS, request.body.c_str());
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    if (request.method != "POST") Set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void Transfer::SetHeaders() {
  const auto add = [this](const std::string& line) {
    curl_slist* longer = curl_slist_append(header_list_, line.c_str());
    FG_CHECK(longer != nullptr);
    header_list_ = longer;
  };
  const Headers& headers = job_->request.headers;
  for (const auto& [name, value] : headers) add(HeaderLine(name, value));
  // "Expect: 100-continue" costs a second with servers that do not know it.
  add("Expect:");
  if (FindHeader(headers, "Content-Type").empty()) add("Content-Type:");
  Set(CURLOPT_HTTPHEADER, header_list_);
}

void Transfer::SetHooks() {
  Set(CURLOPT_PRIVATE, static_cast<void*>(this));
  Set(CURLOPT_ERRORBUFFER, static_cast<char*>(error_text_));
  Set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::OnOpenSocket);
  Set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  Set(CURLOPT_PREREQFUNCTION, &Transfer::OnBeforeRequest);
  Set(CURLOPT_PREREQDATA, static_cast<void*>(this));
  Set(CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  Set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  Set(CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  Set(CURLOPT_WRITEDATA, static_cast<void*>(this));
}

curl_socket_t Transfer::OnOpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(self);
  if (purpose != CURLSOCKTYPE_IPCXN || !transfer->job_->options.guard->Allows(address->addr)) {
    transfer->address_refused_ = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// A live connection may have been opened under another, wider guard, so the address is asked about
// once more.
int Transfer::OnBeforeRequest(void* self, char* peer, char*, int peer_port, int) {
  auto* transfer = static_cast<Transfer*>(self);
  if (!transfer->job_->options.guard->AllowsText(peer, static_cast<std::uint16_t>(peer_port))) {
    transfer->address_refused_ = true;
    return CURL_PREREQFUNC_ABORT;
  }
  const std::function<bool()>& permit = transfer->job_->options.permit;
  if (permit && !permit()) {
    transfer->permit_refused_ = true;
    return CURL_PREREQFUNC_ABORT;
  }
  transfer->request_begun_ = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t Transfer::OnHeader(char* data, std::size_t one, std::size_t size, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  const std::size_t bytes = one * size;
  return transfer->TakeHeaderLine({data, bytes}) ? bytes : 0;
}

bool Transfer::TakeHeaderLine(std::string_view line) {
  header_bytes_ += line.size();
  headers_too_long_ = header_bytes_ > base::kMaxAnswerHeaderBytes;
  if (headers_too_long_) return false;
  if (line.starts_with("HTTP/")) {
    // An interim answer (100) may come before the real one.
    response_.headers.clear();
    headers_complete_ = false;
    return true;
  }
  if (headers_complete_) return true;  // a trailer after a chunked body
  const std::string_view text = base::Trim(line);
  headers_complete_ = text.empty();
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) {
    response_.headers.emplace_back(base::Trim(text.substr(0, colon)),
                                   base::Trim(text.substr(colon + 1)));
  }
  return true;
}

std::size_t Transfer::OnBody(char* data, std::size_t one, std::size_t size, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  const std::size_t bytes = one * size;
  std::string& body = transfer->response_.body;
  if (bytes > transfer->job_->options.max_answer_bytes - body.size()) {
    transfer->body_too_long_ = true;
    return 0;
  }
  body.append(data, bytes);
  return bytes;
}

Delivery Transfer::WithoutAnswer() const {
  return request_begun_ ? Delivery::kNoAnswer : Delivery::kNotSent;
}

Answer Transfer::Judge(CURLcode code) {
  Answer answer;
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  // libcurl calls it a success when the peer closes in the middle of the headers, or after an
  // interim answer.
  if (code == CURLE_OK && headers_complete_ && status >= 200) {
    answer.delivery = Delivery::kAnswered;
    response_.status = static_cast<int>(status);
    answer.response = std::move(response_);
    return answer;
  }
  answer.delivery = WithoutAnswer();
  answer.error = Describe(code);
  return answer;
}

Answer Transfer::Abandon(const char* why) const {
  Answer answer;
  answer.delivery = WithoutAnswer();
  answer.error = why;
  return answer;
}

std::string Transfer::Describe(CURLcode code) const {
  if (address_refused_ && !request_begun_) return "the address is not allowed";
  if (permit_refused_ && !request_begun_) return "it might not leave any more";
  if (headers_too_long_) return "the answer's headers are too long";
  if (body_too_long_) return "the answer is too long";
  if (code == CURLE_OK) return "the answer is not complete";
  const char* text = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
  return base::Truncate(text, base::kMaxErrorBytes);
}

}  // namespace fiscalgate::http
