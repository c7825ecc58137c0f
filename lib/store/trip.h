// Statements that go to the engine together, with the texts they view. One thread; once.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/store/connection.h"

namespace fiscalgate::store {

class Trip {
 public:
  // A text that stays until the trip is over.
  std::string_view Keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  void Add(std::string_view sql, std::vector<Param> params,
           std::function<void(const Row&)> on_row = nullptr) {
    statements_.push_back({sql, std::move(params), std::move(on_row)});
  }
  // In the order they were added; the first error ends it. Without any it costs nothing.
  base::Status Run(Connection& connection) const {
    return statements_.empty() ? base::Ok() : connection.RunAll(statements_);
  }

 private:
  std::deque<std::string> texts_;
  std::vector<Statement> statements_;
};

}  // namespace fiscalgate::store
