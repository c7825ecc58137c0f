// An exchange without a web server: made from a request, its answer can be waited for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "fcgi/exchange.h"
#include "lib/base/check.h"

namespace fiscalgate::testing {

// Outlives its exchange. Any thread.
class FakeAnswer {
 public:
  void Put(http::Response response) {
    std::lock_guard lock(mutex_);
    FG_CHECK(!response_);  // answered once
    response_ = std::move(response);
    came_.notify_all();
  }
  bool came() const {
    std::lock_guard lock(mutex_);
    return response_.has_value();
  }
  // Status 0 if none comes within ten seconds.
  http::Response Wait() {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, std::chrono::seconds(10), [this] { return response_.has_value(); });
    return response_.value_or(http::Response{});
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::optional<http::Response> response_;
};

class FakeExchange final : public Exchange {
 public:
  explicit FakeExchange(http::Request request, std::string remote_address = "192.0.2.7")
      : request_(std::move(request)), remote_address_(std::move(remote_address)) {}
  ~FakeExchange() override {
    if (!answer_->came()) answer_->Put({503, {}, "dropped"});
  }
  const http::Request& request() const override { return request_; }
  const std::string& remote_address() const override { return remote_address_; }
  void Reply(http::Response response) override { answer_->Put(std::move(response)); }
  std::shared_ptr<FakeAnswer> answer() const { return answer_; }

 private:
  const http::Request request_;
  const std::string remote_address_;
  const std::shared_ptr<FakeAnswer> answer_ = std::make_shared<FakeAnswer>();
};

}  // namespace fiscalgate::testing
