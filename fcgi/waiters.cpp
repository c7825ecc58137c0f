#include "fcgi/waiters.h"

#include <utility>

#include "lib/base/check.h"

namespace fiscalgate {

Waiters::Waiters(std::size_t limit) : limit_(limit) {}

Waiters::~Waiters() { Stop(); }

void Waiters::Start() {
  FG_CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Run(); });
}

void Waiters::Hurry() {
  std::lock_guard lock(mutex_);
  hurrying_ = true;
  something_.notify_all();
}

void Waiters::Stop() {
  {
    std::lock_guard lock(mutex_);
    hurrying_ = stopping_ = true;
    something_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Waiters::Park(Key key, Time until, ExchangePtr exchange, Look look) {
  std::lock_guard lock(mutex_);
  // The exchange is dropped after the lock and answers 503 by itself.
  // The one that is looked at has left the line and may come back.
  if (stopping_ || line_.size() + (looking_ ? 1 : 0) >= limit_) return;
  Insert(until, {key, std::move(exchange), std::move(look)}, true);
}

void Waiters::Wake(Key key) {
  std::lock_guard lock(mutex_);
  if (looking_ == key) woken_while_looking_ = true;
  const auto [first, last] = by_key_.equal_range(key);
  for (auto entry = first; entry != last; ++entry) MakeDue(entry->second);
}

void Waiters::WakeAll() {
  std::lock_guard lock(mutex_);
  woken_while_looking_ = looking_.has_value();
  for (auto waiter = line_.begin(); waiter != line_.end(); ++waiter) MakeDue(waiter);
}

std::size_t Waiters::size() const {
  std::lock_guard lock(mutex_);
  return line_.size();
}

void Waiters::Insert(Time until, Waiter waiter, bool due) {
  const Key key = waiter.key;
  const auto entry = line_.emplace(until, std::move(waiter));
  by_key_.emplace(key, entry);
  if (due) {
    MakeDue(entry);
  } else if (entry == line_.begin()) {
    something_.notify_all();
  }
}

void Waiters::MakeDue(Line::iterator waiter) {
  if (std::exchange(waiter->second.due, true)) return;
  due_.push_back(waiter);
  if (due_.size() == 1) something_.notify_all();
}

void Waiters::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (!due_.empty()) {
      const auto next = due_.front();
      due_.pop_front();
      LookAtNext(lock, next);
    } else if (line_.empty()) {
      if (stopping_) return;
      something_.wait(lock);
    } else if (hurrying_ || line_.begin()->first <= std::chrono::steady_clock::now()) {
      LookAtNext(lock, line_.begin());
    } else {
      something_.wait_until(lock, line_.begin()->first);
    }
  }
}

void Waiters::LookAtNext(std::unique_lock<std::mutex>& lock, Line::iterator next) {
  const Time until = next->first;
  Waiter waiter = std::move(next->second);
  const auto [first, last] = by_key_.equal_range(waiter.key);
  for (auto entry = first; entry != last; ++entry) {
    if (entry->second != next) continue;
    by_key_.erase(entry);
    break;
  }
  line_.erase(next);

  const bool over = hurrying_ || until <= std::chrono::steady_clock::now();
  looking_ = waiter.key;
  woken_while_looking_ = false;
  lock.unlock();
  ExchangePtr still_waiting = waiter.look(std::move(waiter.exchange), over);
  if (over) still_waiting.reset();
  lock.lock();
  looking_.reset();
  if (!still_waiting) return;
  waiter.exchange = std::move(still_waiting);
  waiter.due = false;
  Insert(until, std::move(waiter), woken_while_looking_);
}

}  // namespace fiscalgate
