// What agents say of themselves: version, driver, clock. Kept in memory for the metrics; what is to
// be stored is taken out now and then: at once what has changed, what only goes on once a minute.
// Any thread.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/base/clock.h"
#include "lib/store/store.h"

namespace fiscalgate::agents {

class Roster {
 public:
  explicit Roster(const base::Clock& clock) : clock_(clock) {}

  // `driver` is empty where the call says nothing of it.
  void Note(task::RegisterKey register_key, const std::string& version, const std::string& driver,
            std::int64_t clock_skew_ms);
  // What is to be stored; what could not be is given back.
  std::vector<store::AgentStatus> TakeDue();
  void GiveBack(const std::vector<store::AgentStatus>& due);
  std::vector<store::AgentStatus> All() const;

 private:
  struct Entry {
    store::AgentStatus status;
    bool changed = false;
    base::MonoTime written{};
    std::int64_t written_skew_ms = 0;
  };
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::unordered_map<task::RegisterKey, Entry> entries_;
};

}  // namespace fiscalgate::agents
