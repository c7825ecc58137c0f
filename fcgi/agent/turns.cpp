#include "fcgi/agent/turns.h"

#include <algorithm>

#include "fcgi/agent/limits.h"

namespace fiscalgate::agent {
namespace {

std::string_view RunOf(std::string_view turn) { return turn.substr(0, turn.rfind('.')); }

}  // namespace

void Turns::Keep(const std::string& turn) {
  const auto same = [&](const std::string& other) { return RunOf(other) == RunOf(turn); };
  turns_.erase(std::remove_if(turns_.begin(), turns_.end(), same), turns_.end());
  turns_.push_front(turn);
  if (turns_.size() > kMaxTurns) turns_.pop_back();
}

std::string Turns::Header() const {
  std::string header;
  for (const std::string& turn : turns_) header += (header.empty() ? "" : ",") + turn;
  return header;
}

}  // namespace fiscalgate::agent
