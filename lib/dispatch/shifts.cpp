// The part of Engine that closes shifts in time, and sends again what failed because one was over.
#include <algorithm>
#include <iterator>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/dispatch/engine.h"

namespace fiscalgate::dispatch {
namespace {

constexpr char kRepeated[] =
    "смена превысила 24 часа, чек не напечатан: смена закрывается и открывается, затем чек будет "
    "отправлен ещё раз";

void Append(std::vector<store::ServiceOrder> from, std::vector<store::ServiceOrder>* to) {
  to->insert(to->end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

bool Holds(const std::vector<task::DeviceWarning>& warnings, const std::string& code) {
  return std::any_of(warnings.begin(), warnings.end(),
                     [&](const task::DeviceWarning& warning) { return warning.code == code; });
}

}  // namespace

void Engine::GuardShifts() {
  if (!MayLook() || !guard_at_ || now_ < *guard_at_) return;
  guard_at_.reset();
  if (!guard_.WatchesAny()) return;
  guard_at_ = now_ + base::kMaxGuardPause;
  const base::WallTime now = with_.clock.Now();
  for (const task::Register& r : directory_->registers()) {
    if (!IsOurs(r.key) || !guard_.IsTimeToClose(r, now)) continue;
    const auto provider = ProviderOf(r);
    if (provider == nullptr) continue;
    Append(OrdersToClose(*provider, r, *guard_.Find(r.key), r.shift_reopen, now), &services_);
  }
}

store::Conclusion Engine::ConclusionFor(const Attempt& attempt, const Over& end) {
  const base::WallTime now = with_.clock.Now();
  store::Conclusion conclusion = ConclusionOf(attempt, end, now);
  const task::DeviceNews news = attempt.provider->WhatIsKnown(attempt.work(), conclusion.outcome);
  conclusion.device = guard_.With(attempt.register_->key, news, now);
  if (!IsRepeated(attempt, conclusion)) return conclusion;
  const task::DeviceState* known = guard_.Find(attempt.register_->key);
  task::DeviceState state = known == nullptr ? task::DeviceState{} : *known;
  if (conclusion.device) state = *conclusion.device;
  auto orders = OrdersToClose(*attempt.provider, *attempt.register_, state, true, now);
  if (orders.empty()) return conclusion;
  for (store::ServiceOrder& order : orders) order.again_if_failed = true;
  Append(std::move(orders), &services_);
  conclusion.repeat_because = kRepeated;
  return conclusion;
}

// Once: a second such failure says that closing the shift did not help.
bool Engine::IsRepeated(const Attempt& attempt, const store::Conclusion& conclusion) {
  const task::Task& task = attempt.head.task;
  return conclusion.outcome.state == task::State::kFailed && task.repeats == 0 &&
         !task.is_service() && attempt.register_->shift_guard &&
         attempt.provider->IsShiftOver(conclusion.outcome);
}

void Engine::KeepDevice(const Attempt& attempt, const store::Conclusion& conclusion) {
  if (attempt.head.task.is_service() && conclusion.outcome.state == task::State::kFailed) {
    log::Error("service_failed", {{"task", attempt.head.task.id},
                                  {"register", attempt.register_->name},
                                  {"error", conclusion.outcome.error}});
  }
  if (!conclusion.device) return;
  const base::WallTime now = with_.clock.Now();
  std::vector<task::DeviceWarning> before;
  if (const task::DeviceState* known = guard_.Find(conclusion.device->register_key)) {
    before = task::WarningsOf(*known, now, base::Language::kEnglish);
  }
  guard_.Keep(*conclusion.device);
  if (!guard_at_) guard_at_ = now_ + base::kMaxGuardPause;
  for (const auto& warning : task::WarningsOf(*conclusion.device, now, base::Language::kEnglish)) {
    if (Holds(before, warning.code)) continue;
    log::Warn(
        "register_warning",
        {{"register", attempt.register_->name}, {"code", warning.code}, {"text", warning.text}});
  }
}

void Engine::Ordered(const std::vector<bool>& made) {
  const std::vector<store::ServiceOrder> orders = std::exchange(services_, {});
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (!made.at(i)) continue;
    const task::NewTask& task = orders[i].task;
    log::Info("service_ordered", {{"task", task.id}, {"order", task.order_id}});
    Lane& lane = board_.At(task.register_key);
    lane.Forget();
    lane.Ring();
    Settle(lane);
  }
}

}  // namespace fiscalgate::dispatch
