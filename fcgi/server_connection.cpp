#include "fcgi/server_connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstring>
#include <string_view>

#include "lib/base/check.h"
#include "lib/base/limits.h"

namespace fiscalgate {
namespace {

// What the environment of a request says, as views into it.
struct Environment {
  std::string_view document_uri, script_name, request_uri, content_length;
};

// What fits into the socket's buffer is written without waiting for the peer.
constexpr std::size_t kWrittenAtOnce = 64 * 1024;

// `which` is SO_RCVTIMEO or SO_SNDTIMEO. A socket that takes no time-out still works; only a stuck
// peer would hold its thread longer.
void SetTimeout(int fd, int which) {
  timeval timeout{};
  timeout.tv_sec = base::kPeerTimeout.count();
  (void)setsockopt(fd, SOL_SOCKET, which, &timeout, sizeof timeout);
}

// "HTTP_ACCEPT_LANGUAGE" without its prefix -> "accept-language"
std::string HeaderName(std::string_view name) {
  std::string header(name);
  for (char& c : header) {
    if (c == '_') {
      c = '-';
    } else if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return header;
}

void TakeVariable(std::string_view name, std::string_view value, Environment* environment,
                  http::Request* request, std::string* remote_address) {
  if (name.substr(0, 5) == "HTTP_") {
    request->headers.emplace_back(HeaderName(name.substr(5)), value);
  } else if (name == "REQUEST_METHOD") {
    request->method = value;
  } else if (name == "QUERY_STRING") {
    request->query = value;
  } else if (name == "CONTENT_TYPE") {
    if (!value.empty()) request->headers.emplace_back("content-type", value);
  } else if (name == "CONTENT_LENGTH") {
    environment->content_length = value;
  } else if (name == "DOCUMENT_URI") {
    environment->document_uri = value;
  } else if (name == "SCRIPT_NAME") {
    environment->script_name = value;
  } else if (name == "REQUEST_URI") {
    environment->request_uri = value;
  } else if (name == "SSL_CLIENT_VERIFY") {
    // No header of a client can have this name: theirs are written with hyphens.
    request->headers.emplace_back(name, value);
  } else if (name == "REMOTE_ADDR") {
    *remote_address = value;
  }
}

std::string_view PathOf(const Environment& environment) {
  if (!environment.document_uri.empty()) return environment.document_uri;
  if (!environment.script_name.empty()) return environment.script_name;
  return environment.request_uri.substr(0, environment.request_uri.find('?'));
}

// An agent brings the driver's whole answer, headers and all.
std::size_t MaxBodyOf(std::string_view path) {
  return path == "/api/agent/answer" ? base::kMaxAgentAnswerBytes : base::kMaxBodyBytes;
}

std::string Serialize(const http::Response& response) {
  std::string out;
  out.reserve(256 + response.body.size());
  out += "Status: ";
  out += http::ReasonPhrase(response.status);
  for (const auto& [name, value] : response.headers) {
    out += "\r\n";
    out += name;
    out += ": ";
    out += value;
  }
  out += "\r\nContent-Length: ";
  out += std::to_string(response.body.size());
  out += "\r\n\r\n";
  out += response.body;
  return out;
}

}  // namespace

void PrepareFastCgi() {
  // libfcgi catches these three to stop a single-threaded responder; here main decides what they
  // mean.
  constexpr int kSignals[] = {SIGPIPE, SIGUSR1, SIGTERM};
  struct sigaction before[3];
  for (int i = 0; i < 3; ++i) sigaction(kSignals[i], nullptr, &before[i]);
  FG_CHECK(FCGX_Init() == 0);
  for (int i = 0; i < 3; ++i) sigaction(kSignals[i], &before[i], nullptr);
}

FastCgiConnection::FastCgiConnection(int fd) {
  SetTimeout(fd, SO_RCVTIMEO);
  // No listen socket: when this connection fails, libfcgi must not go and accept another.
  FCGX_InitRequest(&request_, -1, FCGI_FAIL_ACCEPT_ON_INTR);
  request_.ipcFd = fd;
}

bool FastCgiConnection::PeerIsGone() const {
  pollfd peer{request_.ipcFd, 0, 0};
  return poll(&peer, 1, 0) > 0 && (peer.revents & (POLLHUP | POLLERR)) != 0;
}

FastCgiConnection::~FastCgiConnection() { FCGX_Free(&request_, 1); }

FastCgiConnection::ReadResult FastCgiConnection::Read(http::Request* request,
                                                      std::string* remote_address) {
  read_to_end_ = false;
  // "Kept" makes FCGX_Accept_r read from the connection it has; "detached" makes it close a broken
  // one at once instead of waiting two seconds for the peer to do so.
  request_.keepConnection = 1;
  FCGX_Detach(&request_);
  if (FCGX_Accept_r(&request_) != 0) return ReadResult::kBroken;

  Environment environment;
  request->headers.reserve(16);
  for (char** entry = request_.envp; *entry != nullptr; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (equals == nullptr) continue;
    TakeVariable({*entry, static_cast<std::size_t>(equals - *entry)}, equals + 1, &environment,
                 request, remote_address);
  }
  request->url = PathOf(environment);

  std::size_t announced = 0;
  const std::string_view length = environment.content_length;
  std::from_chars(length.data(), length.data() + length.size(), announced);
  const ReadResult result = ReadBody(announced, MaxBodyOf(request->url), &request->body);
  const bool truncated = !length.empty() && request->body.size() < announced;
  return result == ReadResult::kRequest && truncated ? ReadResult::kTruncated : result;
}

FastCgiConnection::ReadResult FastCgiConnection::ReadBody(std::size_t announced, std::size_t most,
                                                          std::string* body) {
  // One more than announced, so that the read meets the end of the body: what is left unread would
  // be taken for the next request.
  std::size_t room = std::min(announced, most) + 1;
  std::size_t filled = 0;
  for (;;) {
    body->resize(filled + room);
    const int got = FCGX_GetStr(body->data() + filled, static_cast<int>(room), request_.in);
    filled += static_cast<std::size_t>(std::max(got, 0));
    if (got < static_cast<int>(room)) break;
    if (filled > most) {
      body->clear();
      return Drain() ? ReadResult::kTooLarge : ReadResult::kBroken;
    }
    room = std::min(filled, most + 1 - filled);
  }
  body->resize(filled);
  if (FCGX_GetError(request_.in) != 0) return ReadResult::kBroken;
  read_to_end_ = true;
  // A parked request keeps what it needs for its answer, and no more.
  FCGX_FreeStream(&request_.in);
  return ReadResult::kRequest;
}

bool FastCgiConnection::Drain() {
  char scratch[16 * 1024];
  std::size_t drained = 0;
  while (drained < base::kMaxDrainedBytes) {
    const int got = FCGX_GetStr(scratch, sizeof scratch, request_.in);
    if (got < static_cast<int>(sizeof scratch)) {
      read_to_end_ = FCGX_GetError(request_.in) == 0;
      return read_to_end_;
    }
    drained += static_cast<std::size_t>(got);
  }
  return true;
}

bool FastCgiConnection::Write(const http::Response& response, bool may_keep) {
  const std::string text = Serialize(response);
  if (text.size() > kWrittenAtOnce) SetTimeout(request_.ipcFd, SO_SNDTIMEO);
  // A peer that has gone shows here and is no fault: what was asked for is done or stored.
  FCGX_PutStr(text.data(), static_cast<int>(text.size()), request_.out);
  if (read_to_end_) {
    FCGX_Detach(&request_);
  } else {
    // Linger: closing over unread data could destroy the answer before the peer reads it.
    FCGX_Attach(&request_);
  }
  const bool keep = may_keep && read_to_end_ && request_.keepConnection != 0;
  // As FCGX_Finish_r does, which would not without the input stream.
  const bool failed = (FCGX_FClose(request_.err) | FCGX_FClose(request_.out)) != 0;
  FCGX_Free(&request_, failed || !keep);
  return request_.ipcFd >= 0;
}

}  // namespace fiscalgate
