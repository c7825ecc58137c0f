// What the lanes look like from outside, for those who choose between registers of a group: how
// long each line is, and whether its register works. The dispatcher tells health, whoever accepts
// and ends tasks tells lengths; now and then the lengths are set to what the store has counted.
//
// A register that is ill gets nothing until kProbePause has passed; then one task, as a probe: if
// it is still ill, the dispatcher moves the task on. Any thread; a mutex for a few lookups, the
// store is never read.
#pragma once

#include <mutex>
#include <unordered_map>
#include <vector>

#include "lib/base/clock.h"
#include "lib/store/store.h"

namespace fiscalgate::dispatch {

class Outlook {
 public:
  void SetHealth(task::RegisterKey key, bool healthy, base::MonoTime now);
  void SetLengths(const std::vector<store::LaneDepth>& lanes);
  // Tasks came into a line, or left it.
  void Add(task::RegisterKey key, std::int64_t tasks);

  // The healthy one with the shortest line, its line one longer at once; of equals another each
  // time. If all are ill, the shortest line. 0: there are no candidates.
  task::RegisterKey Take(const std::vector<task::RegisterKey>& candidates, base::MonoTime now);

 private:
  struct View {
    std::int64_t length = 0;
    bool healthy = true;
    base::MonoTime probe_at{};  // of one that is ill
  };
  std::mutex mutex_;
  std::unordered_map<task::RegisterKey, View> views_;
  std::size_t turn_ = 0;
};

}  // namespace fiscalgate::dispatch
