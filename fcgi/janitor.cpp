#include "fcgi/janitor.h"

#include <algorithm>
#include <utility>

#include "lib/base/check.h"

namespace fiscalgate {

Janitor::~Janitor() { Stop(); }

void Janitor::Every(std::chrono::milliseconds pause, std::function<void()> chore) {
  FG_CHECK(!thread_.joinable());
  chores_.push_back({pause, std::move(chore), Time()});
}

void Janitor::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Janitor::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    stop_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Janitor::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const Time next = RunDueChores();
    lock.lock();
    stop_.wait_until(lock, next, [this] { return stopping_; });
  }
}

Janitor::Time Janitor::RunDueChores() {
  Time next = std::chrono::steady_clock::now() + std::chrono::hours(1);
  for (Chore& chore : chores_) {
    if (chore.due <= std::chrono::steady_clock::now()) {
      chore.run();
      chore.due = std::chrono::steady_clock::now() + chore.pause;
    }
    next = std::min(next, chore.due);
  }
  return next;
}

}  // namespace fiscalgate
