#include "lib/agents/message.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate::agents {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kEnd = "\r\n";

bool IsTokenCharacter(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || kOthers.find(c) != std::string_view::npos;
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenCharacter);
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool IsFieldValue(std::string_view text) {
  return std::none_of(text.begin(), text.end(), IsControl);
}

bool IsTarget(std::string_view text) {
  return text.starts_with('/') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// The agent knows these better: they are of its own connection.
bool IsOfConnection(std::string_view name) {
  for (const std::string_view own : {"Host", "Content-Length", "Connection", "Transfer-Encoding"}) {
    if (base::EqualsIgnoreCase(name, own)) return true;
  }
  return false;
}

std::string_view TargetOf(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return url;
  const std::size_t path = url.find('/', scheme + 3);
  return path == std::string_view::npos ? std::string_view("/") : url.substr(path);
}

// Takes a line without its end; empty if there is none.
std::optional<std::string_view> TakeLine(std::string_view* text) {
  const std::size_t end = text->find(kEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(end + kEnd.size());
  return line;
}

// "HTTP/1.1 200 OK"; 0 if it is none.
int StatusOf(std::string_view line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12) return 0;
  if ((line[7] != '0' && line[7] != '1') || line[8] != ' ') return 0;
  if ((line.size() > 12 && line[12] != ' ') || !IsFieldValue(line)) return 0;
  int status = 0;
  const auto [end, fault] = std::from_chars(line.data() + 9, line.data() + 12, status);
  const bool whole = fault == std::errc() && end == line.data() + 12;
  return whole && status >= 200 && status <= 599 ? status : 0;
}

bool ReadHeader(std::string_view line, http::Headers* headers) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) return false;
  const std::string_view value = base::Trim(line.substr(colon + 1));
  if (!IsFieldValue(value)) return false;
  headers->emplace_back(line.substr(0, colon), value);
  return true;
}

Error Malformed(const char* what) { return {Code::kMalformed, what}; }
Error TooLarge(const char* what) { return {Code::kTooLarge, what}; }

}  // namespace

base::Result<std::string> WriteRequest(const http::Request& request) {
  const std::string_view target = TargetOf(request.url);
  if (!IsToken(request.method) || !IsTarget(target)) {
    return Error{Code::kInvalid, "the method or the path cannot be sent"};
  }
  std::string text = request.method + " " + std::string(target) + " HTTP/1.1\r\n";
  for (const auto& [name, value] : request.headers) {
    if (IsOfConnection(name)) continue;
    if (!IsToken(name) || !IsFieldValue(value)) {
      return Error{Code::kInvalid, "a header of the request cannot be sent"};
    }
    text.append(name).append(": ").append(value).append(kEnd);
  }
  return text.append(kEnd).append(request.body);
}

base::Result<http::Response> ReadResponse(std::string_view message) {
  http::Response response;
  std::string_view rest = message;
  const auto first = TakeLine(&rest);
  if (!first || (response.status = StatusOf(*first)) == 0) return Malformed("no status line");
  for (;;) {
    const auto line = TakeLine(&rest);
    if (!line) return Malformed("the headers have no end");
    if (line->empty()) break;
    if (response.headers.size() == base::kMaxAgentHeaders) return TooLarge("too many headers");
    if (!ReadHeader(*line, &response.headers)) return Malformed("a header cannot be read");
  }
  if (message.size() - rest.size() > base::kMaxAnswerHeaderBytes) {
    return TooLarge("the headers are too long");
  }
  if (rest.size() > base::kMaxAnswerBytes) return TooLarge("the body is too long");
  response.body = rest;
  return response;
}

}  // namespace fiscalgate::agents
