// The door of the gateway: limits that a reload may change, and counts of what came in and what was
// turned away. Any thread; every member is atomic.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "lib/base/limits.h"
#include "lib/base/result.h"

namespace fiscalgate {

struct Intake {
  static constexpr std::size_t kCodes = static_cast<std::size_t>(base::Code::kInternal) + 1;

  std::atomic<int> shop_rate_per_second{base::kDefaultShopRatePerSecond};
  std::atomic<std::int64_t> max_pending_writes{base::kMaxPendingWrites};

  std::atomic<std::int64_t> pending_writes{0};
  std::atomic<std::int64_t> accepted{0};
  std::atomic<std::int64_t> duplicates{0};
  std::array<std::atomic<std::int64_t>, kCodes> refused{};
  // The store refused a write for want of room; until it can write again we are not ready.
  std::atomic<bool> store_refuses{false};

  void CountRefusal(base::Code code) { ++refused[static_cast<std::size_t>(code)]; }
};

}  // namespace fiscalgate
