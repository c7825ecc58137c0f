// What other threads have for a thread that works in turns: letters, bells, and two wishes (look at
// everything again; stop).
//
// A bell says "there is something new under this key" and nothing more, so it costs one flag a key,
// however often it is rung. The owner hears a bell only while it listens: it listens before it
// looks under the key, so that nothing is missed between the look and going to sleep; from the
// moment a rung bell is taken until then, ringing is free of wake-ups.
//
// Ring, Put, AskRescan, AskStop: any thread. The rest: the owner. Letters are not limited here:
// each answers something the owner has sent, and the owner limits that.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/base/clock.h"

namespace fiscalgate::base {

template <typename Letter>
class Mailbox {
 public:
  struct Post {
    std::vector<std::int64_t> rung;
    std::vector<Letter> letters;
    bool rescan = false;
    bool stop = false;
  };

  void Ring(std::int64_t key) {
    std::lock_guard lock(mutex_);
    Bell& bell = bells_.try_emplace(key, Bell::kListening).first->second;
    if (bell != Bell::kListening) return;
    bell = Bell::kRung;
    post_.rung.push_back(key);
    Wake();
  }

  // After Close a letter is late: dropped and counted.
  void Put(Letter letter) {
    std::lock_guard lock(mutex_);
    if (closed_) {
      ++late_;
      return;
    }
    post_.letters.push_back(std::move(letter));
    Wake();
  }

  void AskRescan() {
    std::lock_guard lock(mutex_);
    post_.rescan = true;
    Wake();
  }

  void AskStop() {
    std::lock_guard lock(mutex_);
    post_.stop = true;
    Wake();
  }

  void Listen(std::int64_t key) {
    std::lock_guard lock(mutex_);
    Bell& bell = bells_[key];
    if (bell == Bell::kDeaf) bell = Bell::kListening;
  }

  void Deafen(std::int64_t key) {
    std::lock_guard lock(mutex_);
    Bell& bell = bells_[key];
    if (bell == Bell::kListening) bell = Bell::kDeaf;
  }

  // Everything there is; does not wait.
  Post Take() {
    std::lock_guard lock(mutex_);
    for (const std::int64_t key : post_.rung) bells_[key] = Bell::kDeaf;
    return std::exchange(post_, {});
  }

  bool HasPost() const {
    std::lock_guard lock(mutex_);
    return SomethingIsIn();
  }

  // Until there is something to take, or the time is over.
  void Wait(std::optional<Milliseconds> at_most) {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    const auto something = [this] { return SomethingIsIn(); };
    if (at_most) {
      ready_.wait_for(lock, *at_most, something);
    } else {
      ready_.wait(lock, something);
    }
    waiting_ = false;
  }

  void Close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    late_ += static_cast<std::int64_t>(post_.letters.size());
    post_.letters.clear();
  }

  std::int64_t late() const { return late_; }

 private:
  enum class Bell : std::uint8_t { kDeaf, kListening, kRung };

  bool SomethingIsIn() const {
    return !post_.rung.empty() || !post_.letters.empty() || post_.rescan || post_.stop;
  }

  void Wake() {
    if (!waiting_) return;
    waiting_ = false;
    ready_.notify_one();
  }

  mutable std::mutex mutex_;
  std::condition_variable ready_;
  Post post_;
  std::unordered_map<std::int64_t, Bell> bells_;  // one a register or shop that was ever seen
  bool waiting_ = false;
  bool closed_ = false;
  std::atomic<std::int64_t> late_{0};
};

}  // namespace fiscalgate::base
