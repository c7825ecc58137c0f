// An absolute http(s) URL, taken apart and checked by libcurl's parser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace fiscalgate::http {

struct Url {
  std::string scheme;  // "http" | "https"
  std::string host;    // lower case, without brackets
  std::uint16_t port = 0;
  std::string path_and_query;

  // "https://shop.example:8443": what a breaker or a connection cap is keyed by.
  std::string Origin() const;

  // Errors: kMalformed: not absolute, other scheme, user name or password in it, no host, over
  // kMaxUrlBytes.
  static base::Result<Url> Parse(std::string_view text);
};

}  // namespace fiscalgate::http
