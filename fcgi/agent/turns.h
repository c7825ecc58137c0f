// The turns this agent repeats: the last one of each run of the gateway, for it may be several
// nodes, and a poll may come to any. A turn is RUN.NUMBER; without a dot it is a run of its own.
#pragma once

#include <deque>
#include <string>
#include <string_view>

namespace fiscalgate::agent {

class Turns {
 public:
  void Keep(const std::string& turn);
  // Separated by commas, the latest first; "" at first.
  std::string Header() const;

 private:
  std::deque<std::string> turns_;  // the latest first, at most kMaxTurns
};

}  // namespace fiscalgate::agent
