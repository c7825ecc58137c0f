// The jobs that wait for a slot: first come, first served within an origin; origins take turns, so
// that a thousand jobs for one dead address hold up nobody else. Private to this room; one thread.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "lib/http/transfer.h"

namespace fiscalgate::http {

class Queue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Queue(std::size_t max_running, std::size_t max_per_origin)
      : max_running_(max_running), max_per_origin_(max_per_origin) {}

  void Add(JobPtr job);
  // The next job that may start now, counted as running until Finished; null if there is none.
  JobPtr StartNext();
  void Finished(const Job& job);
  // Takes out the jobs whose total time ran out while they waited.
  std::vector<JobPtr> TakeExpired(Time now);
  std::vector<JobPtr> TakeAll();
  // When the first waiting job runs out of time; Time::max() if none waits.
  Time next_expiry() const { return next_expiry_; }

  static Time Deadline(const Job& job) { return job.accepted_at + job.options.total_timeout; }

 private:
  struct Origin {
    std::deque<JobPtr> waiting;
    std::size_t running = 0;
    bool in_turn = false;  // has its place in turns_
  };
  void OfferTurn(const std::string& name, Origin* origin);
  void ForgetIfIdle(std::map<std::string, Origin>::iterator place);

  const std::size_t max_running_;
  const std::size_t max_per_origin_;
  std::size_t running_ = 0;
  std::map<std::string, Origin> origins_;
  std::deque<std::string> turns_;  // origins that have a job to start
  Time next_expiry_ = Time::max();
};

}  // namespace fiscalgate::http
