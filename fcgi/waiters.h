// Long polls: requests that wait for something to happen to a task or to a shop. One thread looks
// for all of them: when woken, and when their time is over. Waiting costs no thread and no query.
//
// Park and Wake: any thread, never block on a look. Looks run on the waiters' own thread, one at a
// time, with no lock held.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "fcgi/exchange.h"
#include "lib/base/limits.h"
#include "lib/task/task.h"

namespace fiscalgate {

class Waiters {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // Looks; answers, or gives the exchange back to go on waiting. `last`: the time is over or we are
  // stopping: it must answer now.
  using Look = std::function<ExchangePtr(ExchangePtr exchange, bool last)>;
  // What is waited for.
  struct Key {
    enum class Kind { kTask, kShop } kind;
    std::int64_t number;
    auto operator<=>(const Key&) const = default;
  };
  static Key OfTask(task::TaskSeq seq) { return {Key::Kind::kTask, seq}; }
  static Key OfShop(task::ShopKey shop) { return {Key::Kind::kShop, shop}; }

  explicit Waiters(std::size_t limit = base::kMaxParkedRequests);
  ~Waiters();
  void Start();
  // From now on nothing waits: the first look is the last.
  void Hurry();
  // Hurries, and ends; what is parked afterwards is answered 503.
  void Stop();

  // Looks once soon, and then whenever woken. Too many waiting, or stopping: answered 503.
  void Park(Key key, Time until, ExchangePtr exchange, Look look);
  // Something has happened.
  void Wake(Key key);
  void WakeAll();
  std::size_t size() const;

 private:
  struct Waiter {
    Key key;
    ExchangePtr exchange;
    Look look;
    bool due = false;
  };
  using Line = std::multimap<Time, Waiter>;  // by the end of their time

  void Run();
  void LookAtNext(std::unique_lock<std::mutex>& lock, Line::iterator next);
  void Insert(Time until, Waiter waiter, bool due);
  void MakeDue(Line::iterator waiter);

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable something_;
  Line line_;
  std::multimap<Key, Line::iterator> by_key_;
  std::deque<Line::iterator> due_;
  std::optional<Key> looking_;  // what the look that runs now is about
  bool woken_while_looking_ = false;
  bool hurrying_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fiscalgate
