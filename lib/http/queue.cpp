#include "lib/http/queue.h"

#include <algorithm>

namespace fiscalgate::http {

void Queue::OfferTurn(const std::string& name, Origin* origin) {
  if (origin->in_turn || origin->waiting.empty() || origin->running >= max_per_origin_) return;
  origin->in_turn = true;
  turns_.push_back(name);
}

void Queue::ForgetIfIdle(std::map<std::string, Origin>::iterator place) {
  const Origin& origin = place->second;
  if (origin.running == 0 && origin.waiting.empty() && !origin.in_turn) origins_.erase(place);
}

void Queue::Add(JobPtr job) {
  const std::string name = job->url.Origin();
  next_expiry_ = std::min(next_expiry_, Deadline(*job));
  Origin& origin = origins_[name];
  origin.waiting.push_back(std::move(job));
  OfferTurn(name, &origin);
}

JobPtr Queue::StartNext() {
  while (running_ < max_running_ && !turns_.empty()) {
    const std::string name = std::move(turns_.front());
    turns_.pop_front();
    const auto place = origins_.find(name);
    Origin& origin = place->second;
    origin.in_turn = false;
    if (origin.waiting.empty()) {  // they expired
      ForgetIfIdle(place);
      continue;
    }
    JobPtr job = std::move(origin.waiting.front());
    origin.waiting.pop_front();
    ++origin.running;
    ++running_;
    OfferTurn(name, &origin);
    return job;
  }
  return nullptr;
}

void Queue::Finished(const Job& job) {
  const auto place = origins_.find(job.url.Origin());
  FG_CHECK(place != origins_.end() && place->second.running > 0 && running_ > 0);
  --place->second.running;
  --running_;
  OfferTurn(place->first, &place->second);
  ForgetIfIdle(place);
}

std::vector<JobPtr> Queue::TakeExpired(Time now) {
  std::vector<JobPtr> expired;
  if (now < next_expiry_) return expired;
  next_expiry_ = Time::max();
  for (auto& [name, origin] : origins_) {
    std::deque<JobPtr> kept;
    for (JobPtr& job : origin.waiting) {
      if (Deadline(*job) <= now) {
        expired.push_back(std::move(job));
      } else {
        next_expiry_ = std::min(next_expiry_, Deadline(*job));
        kept.push_back(std::move(job));
      }
    }
    origin.waiting = std::move(kept);
  }
  return expired;
}

std::vector<JobPtr> Queue::TakeAll() { return TakeExpired(Time::max()); }

}  // namespace fiscalgate::http
