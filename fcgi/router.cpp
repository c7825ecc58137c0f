#include "fcgi/router.h"

#include <algorithm>
#include <utility>

#include "fcgi/error_reply.h"
#include "lib/base/check.h"

namespace fiscalgate {
namespace {

bool Matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && !path.empty()) {
    if (pattern.front() != '*') {
      if (pattern.front() != path.front()) return false;
      pattern.remove_prefix(1);
      path.remove_prefix(1);
      continue;
    }
    const std::size_t length = std::min(path.find('/'), path.size());
    if (length == 0) return false;
    pattern.remove_prefix(1);
    path.remove_prefix(length);
  }
  return pattern.empty() && path.empty();
}

}  // namespace

void Router::Add(std::string_view method, std::string_view pattern,
                 std::shared_ptr<Handler> handler) {
  FG_CHECK(!pattern.empty() && pattern.front() == '/' && handler != nullptr);
  entries_.push_back({std::string(method), std::string(pattern), std::move(handler)});
}

void Router::Route(ExchangePtr exchange) const {
  const http::Request& request = exchange->request();
  // The web server leaves out the body of an answer to HEAD.
  const bool head = request.method == "HEAD";
  const std::string_view method = head ? std::string_view("GET") : request.method;
  std::string allowed;
  for (const Entry& entry : entries_) {
    if (!Matches(entry.pattern, request.url)) continue;
    if (entry.method == method) {
      entry.handler->Handle(std::move(exchange));
      return;
    }
    if (!allowed.empty()) allowed += ", ";
    allowed += entry.method;
  }
  const base::Language language = LanguageOf(request);
  exchange->Reply(allowed.empty() ? ErrorResponse(base::Code::kNotFound, language)
                                  : MethodNotAllowed(language, allowed));
}

}  // namespace fiscalgate
