#include "fcgi/emulator/parking.h"

#include "lib/base/limits.h"

namespace fiscalgate::emulator {

http::Response DropResponse() { return {200, {{"X-Accel-Redirect", "/emulator-drop"}}, ""}; }

Parking::Parking(const base::Clock& clock) : clock_(clock), thread_([this] { Loop(); }) {}

Parking::~Parking() { Stop(); }

void Parking::ReplyLater(ExchangePtr exchange, http::Response response, base::Milliseconds delay) {
  Park({std::move(exchange), std::move(response), false}, delay);
}

void Parking::Hang(ExchangePtr exchange) {
  Park({std::move(exchange), DropResponse(), true}, base::kMaxFaultDelay);
}

void Parking::Park(Parked parked, base::Milliseconds delay) {
  {
    std::lock_guard lock(mutex_);
    if (!stopped_ && parked_.size() < base::kMaxParkedRequests) {
      parked_.emplace(clock_.Mono() + delay, std::move(parked));
      woken_ = true;
      changed_.notify_one();
      return;
    }
  }
  parked.exchange->Reply(std::move(parked.response));
}

void Parking::ReleaseHung() {
  std::lock_guard lock(mutex_);
  release_hung_ = true;
  changed_.notify_one();
}

void Parking::Wake() {
  std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_one();
}

std::size_t Parking::size() const {
  std::lock_guard lock(mutex_);
  return parked_.size();
}

void Parking::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

// The caller holds the mutex.
std::vector<Parking::Parked> Parking::TakeDue() {
  std::vector<Parked> due;
  const base::MonoTime now = clock_.Mono();
  for (auto next = parked_.begin(); next != parked_.end();) {
    const bool released = release_hung_ && next->second.hung;
    if (next->first > now && !released && !stopped_) {
      if (!release_hung_) break;
      ++next;
      continue;
    }
    due.push_back(std::move(next->second));
    next = parked_.erase(next);
  }
  release_hung_ = false;
  woken_ = false;
  return due;
}

void Parking::ReplyAll(std::vector<Parked> parked) {
  for (Parked& one : parked) one.exchange->Reply(std::move(one.response));
}

void Parking::Loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    std::vector<Parked> due = TakeDue();
    if (!due.empty()) {
      lock.unlock();
      ReplyAll(std::move(due));
      lock.lock();
      continue;
    }
    if (stopped_) return;
    const auto ready = [this] { return woken_ || release_hung_ || stopped_; };
    if (parked_.empty()) {
      changed_.wait(lock, ready);
    } else {
      changed_.wait_for(lock, parked_.begin()->first - clock_.Mono(), ready);
    }
  }
}

}  // namespace fiscalgate::emulator
