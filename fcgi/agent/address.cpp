#include "fcgi/agent/address.h"

#include <algorithm>

#include "fcgi/agent/text.h"

namespace fiscalgate::agent {
namespace {

bool IsHostChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '-' || c == '_';
}

bool IsPathChar(char c) { return c > ' ' && c < '\x7f' && c != '?' && c != '#' && c != '\\'; }

// Takes the host off the front of the text.
bool TakeHost(std::string_view* text, std::string* host) {
  if (text->starts_with('[')) {
    const auto end = text->find(']');
    if (end == std::string_view::npos) return false;
    *host = text->substr(1, end - 1);
    text->remove_prefix(end + 1);
    return host->find(':') != std::string::npos &&
           host->find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos;
  }
  const auto end = std::find_if_not(text->begin(), text->end(), IsHostChar);
  *host = std::string(text->begin(), end);
  text->remove_prefix(host->size());
  return !host->empty() && host->size() <= 253;
}

}  // namespace

std::optional<Address> Address::Parse(std::string_view text) {
  Address address;
  if (EqualNoCase(text.substr(0, 8), "https://")) {
    address.tls = true;
  } else if (!EqualNoCase(text.substr(0, 7), "http://")) {
    return std::nullopt;
  }
  text.remove_prefix(address.tls ? 8 : 7);
  if (!TakeHost(&text, &address.host)) return std::nullopt;
  address.port = address.tls ? 443 : 80;
  if (text.starts_with(':')) {
    text.remove_prefix(1);
    const auto digits = text.substr(0, text.find('/'));
    const auto port = ParseNumber(digits, 65535);
    if (!port || *port == 0) return std::nullopt;
    address.port = static_cast<std::uint16_t>(*port);
    text.remove_prefix(digits.size());
  }
  if (!text.empty() && text.front() != '/') return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), IsPathChar)) return std::nullopt;
  while (text.ends_with('/')) text.remove_suffix(1);
  address.path = text;
  return address;
}

bool Address::IsLoopback() const {
  if (EqualNoCase(host, "localhost") || host == "::1") return true;
  const bool numeric = host.find_first_not_of("0123456789.") == std::string::npos;
  return numeric && host.starts_with("127.");
}

std::string Address::HostPort() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

std::string Address::Text() const { return (tls ? "https://" : "http://") + HostPort() + path; }

std::optional<Proxy> Proxy::Parse(std::string_view text) {
  Proxy proxy;
  std::string plain(text);
  const auto begin = text.find("://");
  const auto at = text.rfind('@');
  if (begin != std::string_view::npos && at != std::string_view::npos) {
    const std::string_view login = text.substr(begin + 3, at - begin - 3);
    const auto colon = login.find(':');
    proxy.user = login.substr(0, colon);
    if (colon != std::string_view::npos) proxy.password = login.substr(colon + 1);
    plain = std::string(text.substr(0, begin + 3)) + std::string(text.substr(at + 1));
  }
  const auto address = Address::Parse(plain);
  if (!address || address->tls || !address->path.empty()) return std::nullopt;
  proxy.address = *address;
  return proxy;
}

}  // namespace fiscalgate::agent
