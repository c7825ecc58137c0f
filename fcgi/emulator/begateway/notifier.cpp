#include "fcgi/emulator/begateway/notifier.h"

#include <utility>

#include "lib/base/log.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator::begateway {
namespace {

constexpr std::size_t kMaxTried = 1000;
constexpr std::chrono::seconds kTimeout{10};

http::SendOptions Options() {
  http::SendOptions options;
  options.total_timeout = kTimeout;
  // An emulator speaks to shops on the same machine.
  options.guard = std::make_shared<http::AddressGuard>(http::AddressGuard::AllowAll());
  return options;
}

bool IsTaken(const http::Answer& answer) {
  return answer.delivery == http::Delivery::kAnswered && answer.response.status / 100 == 2;
}

}  // namespace

Notifier::Notifier(http::Sender& sender, const base::Clock& clock, base::RsaPrivateKey key,
                   std::string shop_id, base::Secret secret_key, std::function<void()> ring)
    : sender_(sender),
      clock_(clock),
      key_(std::move(key)),
      shop_id_(std::move(shop_id)),
      secret_key_(std::move(secret_key)),
      ring_(std::move(ring)) {}

void Notifier::Add(Notification notification, base::Milliseconds delay,
                   base::Milliseconds first_pause) {
  {
    std::lock_guard lock(mutex_);
    jobs_.emplace(clock_.Mono() + delay, Job{std::move(notification), first_pause});
  }
  ring_();
}

http::Request Notifier::RequestOf(const Job& job) const {
  const Notification& one = job.notification;
  const bool is_spoiled = one.spoiled && job.attempt == 1;
  const std::string password = is_spoiled ? "wrong" : secret_key_.Reveal();
  http::Request request;
  request.method = "POST";
  request.url = one.url;
  request.headers = {
      {"Content-Type", "application/json"},
      {"Authorization", "Basic " + base::Base64Encode(shop_id_ + ":" + password)},
      {"Content-Signature", base::Base64Encode(key_.Sign(is_spoiled ? one.body + " " : one.body))}};
  request.body = one.body;
  return request;
}

void Notifier::Send(Job job) {
  http::Request request = RequestOf(job);
  sender_.Send(std::move(request), Options(),
               [this, job = std::move(job)](http::Answer answer) { Done(job, answer); });
}

void Notifier::Done(Job job, const http::Answer& answer) {
  const Notification& one = job.notification;
  Tried tried{
      one.uid,     one.url, job.attempt, one.spoiled && job.attempt == 1, answer.response.status,
      answer.error};
  log::Info("notification", {{"uid", one.uid}, {"attempt", job.attempt}, {"status", tried.status}});
  const bool repeats = !IsTaken(answer) && job.attempt < kMaxAttempts;
  {
    std::lock_guard lock(mutex_);
    if (tried_.size() == kMaxTried) tried_.erase(tried_.begin());
    tried_.push_back(std::move(tried));
    if (repeats) {
      const base::MonoTime due = clock_.Mono() + job.pause;
      ++job.attempt;
      job.pause *= 2;
      jobs_.emplace(due, std::move(job));
    }
  }
  if (repeats) ring_();
}

std::optional<base::MonoTime> Notifier::Turn() {
  std::vector<Job> due;
  {
    std::lock_guard lock(mutex_);
    const auto end = jobs_.upper_bound(clock_.Mono());
    for (auto job = jobs_.begin(); job != end; ++job) due.push_back(std::move(job->second));
    jobs_.erase(jobs_.begin(), end);
  }
  for (Job& job : due) Send(std::move(job));
  std::lock_guard lock(mutex_);
  if (jobs_.empty()) return std::nullopt;
  return jobs_.begin()->first;
}

std::vector<Tried> Notifier::tried() const {
  std::lock_guard lock(mutex_);
  return tried_;
}

}  // namespace fiscalgate::emulator::begateway
