// A bounded inbox between threads: many may Push, one owner takes. A full inbox refuses; it never
// grows.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace fiscalgate::base {

template <typename T>
class Inbox {
 public:
  explicit Inbox(std::size_t limit) : limit_(limit) {}

  // False if the inbox is full or closed: the item was not taken.
  [[nodiscard]] bool Push(T item) {
    std::lock_guard lock(mutex_);
    if (closed_ || items_.size() >= limit_) return false;
    items_.push_back(std::move(item));
    if (items_.size() == 1) ready_.notify_one();
    return true;
  }

  // Waits until there is something, the deadline passes, Wake or Close is called; then takes all
  // there is.
  std::vector<T> TakeAll(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    ready_.wait_until(lock, deadline, [this] { return !items_.empty() || closed_ || woken_; });
    woken_ = false;
    return std::exchange(items_, {});
  }

  // Waits without a deadline.
  std::vector<T> TakeAll() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return !items_.empty() || closed_ || woken_; });
    woken_ = false;
    return std::exchange(items_, {});
  }

  void Wake() {
    std::lock_guard lock(mutex_);
    woken_ = true;
    ready_.notify_one();
  }

  // Refuses new items from now on; what is inside can still be taken.
  void Close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    ready_.notify_all();
  }

  bool closed() const {
    std::lock_guard lock(mutex_);
    return closed_;
  }
  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<T> items_;
  const std::size_t limit_;
  bool closed_ = false;
  bool woken_ = false;
};

}  // namespace fiscalgate::base
