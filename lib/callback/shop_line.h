// Lines of shops: which shop may be looked at now, which at what time, and how many deliveries may
// run. Pure; the relay's thread.
//
// A shop is proven while its last delivery succeeded, suspect while it failed, unproven before its
// first. Suspects get one place at a time and at most kMaxSuspectCallbacks together; with the
// unproven kMaxUnprovenCallbacks; so proven shops always have places left, whatever the others do.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <unordered_map>

#include "lib/base/due_set.h"
#include "lib/task/task.h"

namespace fiscalgate::callback {

using base::Milliseconds;
using base::MonoTime;

enum class Standing { kProven, kUnproven, kSuspect };
inline constexpr std::size_t kStandings = 3;

// Places for running deliveries.
class Places {
 public:
  bool Has(Standing standing) const;
  void Take(Standing standing) { ++taken_[static_cast<std::size_t>(standing)]; }
  void Give(Standing standing) { --taken_[static_cast<std::size_t>(standing)]; }
  std::size_t taken() const { return taken_[0] + taken_[1] + taken_[2]; }

 private:
  std::array<std::size_t, kStandings> taken_{};
};

class ShopLine {
 public:
  explicit ShopLine(task::ShopKey key) : key_(key) {}
  task::ShopKey key() const { return key_; }
  Standing standing() const { return standing_; }
  std::size_t in_flight() const { return in_flight_; }
  bool HasPlace() const;
  void Sent() { ++in_flight_; }
  void Ended(bool delivered);
  // It has callbacks that failed before we knew it.
  void Suspect() { standing_ = Standing::kSuspect; }

 private:
  task::ShopKey key_;
  Standing standing_ = Standing::kUnproven;
  std::size_t in_flight_ = 0;
};

class ShopLines {
 public:
  ShopLine& At(task::ShopKey key);
  // To be looked at as soon as there is a place. Nothing happens while the shop has all its places
  // taken: the end of a delivery makes it ready.
  void MakeReady(const ShopLine& line);
  // To be made ready then; replaces an earlier time.
  void WakeAt(const ShopLine& line, std::optional<MonoTime> when) { due_.Set(line.key(), when); }
  void WakeDue(MonoTime now);
  // Takes the next ready line that `places` has a place for; the three standings take turns.
  ShopLine* Next(const Places& places);
  bool HasReady(const Places& places) const;
  std::optional<MonoTime> Earliest() const { return due_.Earliest(); }

 private:
  struct Entry {
    ShopLine line;
    bool in_line = false;
  };
  std::unordered_map<task::ShopKey, Entry> entries_;
  std::array<std::deque<task::ShopKey>, kStandings> ready_;
  std::size_t turn_ = 0;
  base::DueSet due_;
};

}  // namespace fiscalgate::callback
