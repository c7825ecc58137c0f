#include "lib/http/url.h"

#include <curl/curl.h>

#include <memory>

#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate::http {
namespace {

using base::Code;
using base::Error;

struct HandleCloser {
  void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};
using Handle = std::unique_ptr<CURLU, HandleCloser>;

Error Malformed(const char* what) { return {Code::kMalformed, what, base::Retry::kNever}; }

// "" if there is no such part.
std::string Part(CURLU* handle, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, part, &text, flags) != CURLUE_OK || text == nullptr) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

// libcurl forgives "http:/host" and "http:///host"; a URL that two readers may read in two ways is
// none.
bool HasPlainStart(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos || end + 3 >= text.size()) return false;
  const auto scheme = text.substr(0, end);
  if (!base::EqualsIgnoreCase(scheme, "http") && !base::EqualsIgnoreCase(scheme, "https")) {
    return false;
  }
  const char first = text[end + 3];
  return first != '/' && first != '\\' && first != '?' && first != '#';
}

std::string WithoutBrackets(std::string host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    return host.substr(1, host.size() - 2);
  }
  return host;
}

}  // namespace

std::string Url::Origin() const {
  const bool v6 = host.find(':') != std::string::npos;
  std::string origin = scheme + "://" + (v6 ? "[" + host + "]" : host);
  const bool usual = port == (scheme == "https" ? 443 : 80);
  return usual ? origin : origin + ":" + std::to_string(port);
}

base::Result<Url> Url::Parse(std::string_view text) {
  if (text.size() > base::kMaxUrlBytes) return Malformed("the URL is too long");
  if (text.find('\0') != std::string_view::npos) return Malformed("the URL holds a NUL byte");
  if (!HasPlainStart(text)) return Malformed("not an absolute http or https URL");
  const Handle handle(curl_url());
  FG_CHECK(handle != nullptr);
  const CURLUcode code =
      curl_url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(), CURLU_DISALLOW_USER);
  if (code == CURLUE_USER_NOT_ALLOWED) return Malformed("a URL must not hold a user name");
  if (code != CURLUE_OK) return Malformed("the URL cannot be read");
  Url url;
  url.scheme = base::ToLower(Part(handle.get(), CURLUPART_SCHEME));
  url.host = base::ToLower(WithoutBrackets(Part(handle.get(), CURLUPART_HOST)));
  const std::string port = Part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  // libcurl has already held the number to 1..65535.
  url.port = static_cast<std::uint16_t>(std::strtoul(port.c_str(), nullptr, 10));
  url.path_and_query = Part(handle.get(), CURLUPART_PATH);
  const std::string query = Part(handle.get(), CURLUPART_QUERY);
  if (!query.empty()) url.path_and_query += "?" + query;
  if (url.host.empty() || url.port == 0) return Malformed("the URL has no host");
  return url;
}

}  // namespace fiscalgate::http
