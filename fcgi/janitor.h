// The janitor: one thread that does small chores, each at its own pace. A chore may read the store;
// it must not take long, for the others wait.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fiscalgate {

class Janitor {
 public:
  ~Janitor();
  // Before Start.
  void Every(std::chrono::milliseconds pause, std::function<void()> chore);
  void Start();
  // Waits for the chore that runs.
  void Stop();

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Chore {
    std::chrono::milliseconds pause;
    std::function<void()> run;
    Time due;
  };
  void Run();
  Time RunDueChores();

  std::vector<Chore> chores_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fiscalgate
