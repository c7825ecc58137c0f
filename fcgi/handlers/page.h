// What the pages for people have in common. Pure; any thread.
#pragma once

#include <string>

#include "lib/base/language.h"
#include "lib/http/message.h"

namespace fiscalgate {

// By `?lang=en` or `?lang=ru`, else by Accept-Language.
base::Language PageLanguage(const http::Request& request);

// 200 with headers that keep the page to itself; `policy` is its Content-Security-Policy.
http::Response HtmlPage(std::string html, const std::string& policy);
http::Response SvgPicture(std::string svg);

}  // namespace fiscalgate
