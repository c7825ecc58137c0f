#include "lib/dispatch/shift_guard.h"

#include <algorithm>
#include <utility>

#include "lib/base/crypto.h"
#include "lib/base/id.h"
#include "lib/base/limits.h"

namespace fiscalgate::dispatch {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using task::ShiftState;

// Numbers of shifts begin anew with another fiscal drive: the minute tells them apart.
std::string ShiftName(const task::DeviceState& state) {
  const auto minute = std::chrono::floor<minutes>(state.shift_opened_at).time_since_epoch();
  return std::to_string(state.shift) + "-" + std::to_string(minute.count());
}

store::ServiceOrder Order(const std::string& what, std::string commands, const task::Register& r,
                          const task::DeviceState& state, base::WallTime now) {
  store::ServiceOrder order;
  order.task.id = base::NewId(now);
  order.task.shop = task::kGatewayShop;
  order.task.register_key = r.key;
  order.task.order_id = what + "-" + std::to_string(r.key) + "-" + ShiftName(state);
  order.task.content_hash = base::Sha256(commands);
  order.task.package.commands = std::move(commands);
  order.task.accepted_at = now;
  order.task.priority = task::Priority::kService;
  return order;
}

bool HourHasCome(const task::Register& r, const task::DeviceState& state, base::WallTime now) {
  if (r.shift_close_minute < 0) return false;
  const base::WallTime hour = LastAt(r.shift_close_minute, r.utc_offset_minutes, now);
  return state.shift_opened_at < hour && now - hour < base::kShiftWindow;
}

}  // namespace

void ShiftGuard::Load(std::vector<task::DeviceState> states) {
  for (const task::DeviceState& state : states) Keep(state);
}

std::optional<task::DeviceState> ShiftGuard::With(task::RegisterKey key,
                                                  const task::DeviceNews& news,
                                                  base::WallTime at) const {
  const task::DeviceState* known = Find(key);
  task::DeviceState state = known == nullptr ? task::DeviceState{} : *known;
  state.register_key = key;
  if (!task::Learn(news, at, &state)) return std::nullopt;
  return state;
}

void ShiftGuard::Keep(const task::DeviceState& state) { states_[state.register_key] = state; }

const task::DeviceState* ShiftGuard::Find(task::RegisterKey key) const {
  const auto found = states_.find(key);
  return found == states_.end() ? nullptr : &found->second;
}

bool ShiftGuard::IsTimeToClose(const task::Register& r, base::WallTime now) {
  const task::DeviceState* state = Find(r.key);
  if (state == nullptr || state->shift_state != ShiftState::kOpen || !r.enabled) return false;
  const bool old = r.shift_guard && now - state->shift_opened_at >= base::kShiftGuardAge;
  if (!old && !HourHasCome(r, *state, now)) return false;
  const auto closing = closing_.find(r.key);
  if (closing != closing_.end() && closing->second == state->shift_opened_at) return false;
  closing_[r.key] = state->shift_opened_at;
  return true;
}

bool ShiftGuard::WatchesAny() const {
  return std::any_of(states_.begin(), states_.end(),
                     [](const auto& each) { return each.second.shift_state == ShiftState::kOpen; });
}

base::WallTime LastAt(int minute_of_day, int utc_offset_minutes, base::WallTime now) {
  const base::WallTime there = now + minutes(utc_offset_minutes);
  const base::WallTime midnight = std::chrono::floor<days>(there);
  base::WallTime at = midnight + minutes(minute_of_day);
  if (at > there) at -= days(1);
  return at - minutes(utc_offset_minutes);
}

std::vector<store::ServiceOrder> OrdersToClose(const protocol::Provider& provider,
                                               const task::Register& r,
                                               const task::DeviceState& state, bool reopen,
                                               base::WallTime now) {
  std::string close = provider.ServiceCommands(task::Service::kCloseShift, r);
  if (close.empty()) return {};
  std::vector<store::ServiceOrder> orders;
  orders.push_back(Order("shift-close", std::move(close), r, state, now));
  if (!reopen) return orders;
  std::string open = provider.ServiceCommands(task::Service::kOpenShift, r);
  orders.push_back(Order("shift-open-after", std::move(open), r, state, now));
  return orders;
}

}  // namespace fiscalgate::dispatch
