#include "fcgi/emulator/begateway/clerk.h"

namespace fiscalgate::emulator::begateway {

void Clerk::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void Clerk::Stop() {
  {
    std::lock_guard lock(mutex_);
    is_stopped_ = true;
    rung_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Clerk::Ring() {
  std::lock_guard lock(mutex_);
  is_rung_ = true;
  rung_.notify_all();
}

void Clerk::Loop() {
  for (;;) {
    const auto rest = turn_();
    std::unique_lock lock(mutex_);
    const auto called = [this] { return is_rung_ || is_stopped_; };
    if (rest) {
      rung_.wait_for(lock, *rest, called);
    } else {
      rung_.wait(lock, called);
    }
    if (is_stopped_) return;
    is_rung_ = false;
  }
}

}  // namespace fiscalgate::emulator::begateway
