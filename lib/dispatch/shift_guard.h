// The shift guard: what is known of each register's shift, and when the gateway closes it by
// itself. Pure but for what it remembers; the dispatcher's thread.
//
// A shift is closed when it is kShiftGuardAge old, or when the hour has come that was set for its
// register (within kShiftWindow after it); then a new one is opened, unless the register is set
// otherwise. Both are tasks of the gateway's own, with an order number that names the shift: they
// are made once, however often they are asked for.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/protocol/provider.h"
#include "lib/store/store.h"
#include "lib/task/device.h"

namespace fiscalgate::dispatch {

class ShiftGuard {
 public:
  void Load(std::vector<task::DeviceState> states);
  // What is known of the register with these news; empty if they say nothing new.
  std::optional<task::DeviceState> With(task::RegisterKey key, const task::DeviceNews& news,
                                        base::WallTime at) const;
  void Keep(const task::DeviceState& state);
  const task::DeviceState* Find(task::RegisterKey key) const;

  // Whether its shift is to be closed now. Says so once for each shift.
  bool IsTimeToClose(const task::Register& r, base::WallTime now);
  bool WatchesAny() const;

 private:
  std::unordered_map<task::RegisterKey, task::DeviceState> states_;
  std::unordered_map<task::RegisterKey, base::WallTime> closing_;  // shifts by when they began
};

// The last moment, up to now, at which the clock at the register's place showed that minute of the
// day.
base::WallTime LastAt(int minute_of_day, int utc_offset_minutes, base::WallTime now);

// The tasks that end the shift of `state` and, if asked for, begin the next. Empty: the provider
// has no such commands.
std::vector<store::ServiceOrder> OrdersToClose(const protocol::Provider& provider,
                                               const task::Register& r,
                                               const task::DeviceState& state, bool reopen,
                                               base::WallTime now);

}  // namespace fiscalgate::dispatch
