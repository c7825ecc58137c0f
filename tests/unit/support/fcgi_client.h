// The web server's side of FastCGI, as small as tests need it: one request at a time over a unix
// socket. Blocking, with a time-out, so that a test that waits in vain fails.
#pragma once

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/check.h"
#include "lib/http/message.h"

namespace fiscalgate::testing {

class FcgiClient {
 public:
  using Params = std::vector<std::pair<std::string, std::string>>;

  explicit FcgiClient(const std::string& path) : fd_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    FG_CHECK(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    timeval timeout{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  }
  FcgiClient(FcgiClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_) {}
  FcgiClient(const FcgiClient&) = delete;
  FcgiClient& operator=(const FcgiClient&) = delete;
  ~FcgiClient() {
    if (fd_ >= 0) close(fd_);
  }
  bool connected() const { return connected_; }

  static std::string Record(unsigned char type, std::string_view content) {
    std::string out{'\1', static_cast<char>(type), '\0', '\1'};
    out += static_cast<char>(content.size() >> 8);
    out += static_cast<char>(content.size() & 0xff);
    out += std::string(2, '\0');
    return out.append(content);
  }
  static std::string Begin(bool keep) {
    return Record(1, std::string{'\0', '\1', keep ? '\1' : '\0', 0, 0, 0, 0, 0});
  }
  static std::string ParamRecords(const Params& params) {
    std::string content;
    for (const auto& [name, value] : params) {
      AppendLength(name.size(), &content);
      AppendLength(value.size(), &content);
      content += name + value;
    }
    return Stream(4, content);
  }
  static std::string Stream(unsigned char type, std::string_view content) {
    std::string out;
    for (; !content.empty(); content.remove_prefix(std::min<std::size_t>(content.size(), 32768))) {
      out += Record(type, content.substr(0, 32768));
    }
    return out + Record(type, "");
  }
  // As nginx would send it.
  static std::string Encode(const http::Request& request, bool keep = false) {
    Params params = {{"REQUEST_METHOD", request.method},
                     {"DOCUMENT_URI", request.url},
                     {"QUERY_STRING", request.query},
                     {"CONTENT_LENGTH", request.body.empty() && request.method == "GET"
                                            ? ""
                                            : std::to_string(request.body.size())},
                     {"REMOTE_ADDR", "192.0.2.7"}};
    for (const auto& [name, value] : request.headers) {
      params.emplace_back(VariableName(name), value);
    }
    return Begin(keep) + ParamRecords(params) + Stream(5, request.body);
  }

  bool SendRaw(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void Send(const http::Request& request, bool keep = false) { SendRaw(Encode(request, keep)); }
  void ShutdownWrite() { shutdown(fd_, SHUT_WR); }

  // Empty if the connection ended (or nothing came in time) before the end of the request.
  std::optional<http::Response> ReadResponse() {
    std::string text;
    for (;;) {
      const auto header = ReadBytes(8);
      if (!header) return std::nullopt;
      const auto byte = [&](std::size_t i) { return static_cast<unsigned char>((*header)[i]); };
      const auto content = ReadBytes(static_cast<std::size_t>(byte(4) * 256 + byte(5)));
      if (!content || !ReadBytes(byte(6))) return std::nullopt;
      if (byte(1) == 6) text += *content;
      if (byte(1) == 3) return Parse(text);
    }
  }
  // Whether the server has closed.
  bool AtEnd() {
    char byte = 0;
    return recv(fd_, &byte, 1, 0) == 0;
  }

 private:
  static void AppendLength(std::size_t length, std::string* out) {
    if (length < 128) {
      *out += static_cast<char>(length);
      return;
    }
    *out += static_cast<char>(0x80 | (length >> 24));
    for (int shift : {16, 8, 0}) *out += static_cast<char>((length >> shift) & 0xff);
  }
  static std::string VariableName(std::string_view header) {
    std::string name = header == "content-type" ? "" : "HTTP_";
    for (char c : header) {
      name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return name;
  }
  std::optional<std::string> ReadBytes(std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t done = 0; done < count;) {
      const ssize_t got = recv(fd_, bytes.data() + done, count - done, 0);
      if (got <= 0) return std::nullopt;
      done += static_cast<std::size_t>(got);
    }
    return bytes;
  }
  static http::Response Parse(std::string_view text) {
    http::Response response;
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return response;  // ended without an answer
    response.body = text.substr(end + 4);
    for (auto head = text.substr(0, end + 2); !head.empty();) {
      const auto line = head.substr(0, head.find("\r\n"));
      head.remove_prefix(line.size() + 2);
      const auto colon = line.find(": ");
      response.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    response.status = std::atoi(response.headers.front().second.c_str());
    return response;
  }

  int fd_;
  bool connected_ = false;
};

// One request over its own connection.
inline std::optional<http::Response> Fetch(const std::string& socket,
                                           const http::Request& request) {
  FcgiClient client(socket);
  client.Send(request);
  return client.ReadResponse();
}

}  // namespace fiscalgate::testing
