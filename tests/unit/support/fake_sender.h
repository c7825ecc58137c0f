// A sender that keeps what it should send; a test answers by hand, or by a script. Any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "lib/http/sender.h"

namespace fiscalgate::testing {

inline http::Answer Answered(int status, std::string body = "", http::Headers headers = {}) {
  http::Answer answer;
  answer.delivery = http::Delivery::kAnswered;
  answer.response = {status, std::move(headers), std::move(body)};
  return answer;
}

inline http::Answer NotAnswered(http::Delivery delivery, std::string error) {
  http::Answer answer;
  answer.delivery = delivery;
  answer.error = std::move(error);
  return answer;
}

class FakeSender final : public http::Sender {
 public:
  struct Sent {
    http::Request request;
    http::SendOptions options;
    std::function<void(http::Answer)> done;  // empty once answered
  };
  // Gives the answer at once, or nothing: then the test answers.
  using Script = std::function<std::optional<http::Answer>(const http::Request&)>;

  explicit FakeSender(Script script = {}) : script_(std::move(script)) {}

  void Send(http::Request request, http::SendOptions options,
            std::function<void(http::Answer)> done) override {
    auto answer = script_ ? script_(request) : std::nullopt;
    {
      std::lock_guard lock(mutex_);
      sent_.push_back({std::move(request), std::move(options), answer ? nullptr : done});
      came_.notify_all();
    }
    if (answer) done(std::move(*answer));
  }

  std::size_t count() const {
    std::lock_guard lock(mutex_);
    return sent_.size();
  }
  Sent at(std::size_t index) const {
    std::lock_guard lock(mutex_);
    return sent_.at(index);
  }
  // How many were sent to addresses that begin so.
  std::size_t CountTo(const std::string& prefix) const {
    std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const Sent& sent : sent_) count += sent.request.url.starts_with(prefix) ? 1 : 0;
    return count;
  }
  std::size_t open() const {
    std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const Sent& sent : sent_) count += sent.done ? 1 : 0;
    return count;
  }

  void Answer(std::size_t index, http::Answer answer) {
    std::function<void(http::Answer)> done;
    {
      std::lock_guard lock(mutex_);
      done = std::exchange(sent_.at(index).done, nullptr);
    }
    done(std::move(answer));
  }
  void AnswerLast(http::Answer answer) { Answer(count() - 1, std::move(answer)); }

  // Every request that has no answer yet and goes to such an address.
  void AnswerAll(const std::string& prefix, const http::Answer& answer) {
    std::vector<std::function<void(http::Answer)>> waiting;
    {
      std::lock_guard lock(mutex_);
      for (Sent& sent : sent_) {
        if (sent.done && sent.request.url.starts_with(prefix)) {
          waiting.push_back(std::exchange(sent.done, nullptr));
        }
      }
    }
    for (const auto& done : waiting) done(answer);
  }

  // For tests with threads: false if it takes longer than any healthy machine needs.
  bool WaitForCount(std::size_t count) {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, std::chrono::seconds(20), [&] { return sent_.size() >= count; });
  }

 private:
  Script script_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Sent> sent_;
};

}  // namespace fiscalgate::testing
