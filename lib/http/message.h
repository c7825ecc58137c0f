// An HTTP message, in or out. Plain values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fiscalgate::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The first header of that name (case ignored), or "".
std::string_view FindHeader(const Headers& headers, std::string_view name);

// Outgoing: `url` is absolute. Incoming: `url` is the path, `query` what follows '?' (undecoded).
struct Request {
  std::string method = "GET";
  std::string url;
  std::string query;
  Headers headers;
  std::string body;
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

// "202 Accepted"
std::string_view ReasonPhrase(int status);

}  // namespace fiscalgate::http
