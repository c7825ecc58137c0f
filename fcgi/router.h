// Path and method -> handler. Built once at the start, then immutable.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/exchange.h"

namespace fiscalgate {

class Router {
 public:
  // `pattern` is a path; a segment "*" stands for one non-empty segment ("/api/fiscal/receipts/*",
  // "/d/*/state").
  void Add(std::string_view method, std::string_view pattern, std::shared_ptr<Handler> handler);
  // Hands over; 404 for no such path, 405 with Allow for another method.
  void Route(ExchangePtr exchange) const;

 private:
  struct Entry {
    std::string method, pattern;
    std::shared_ptr<Handler> handler;
  };
  std::vector<Entry> entries_;
};

}  // namespace fiscalgate
