// The three calls to the gateway, as values: who is asked, what came back, what that means. One
// thread per object; Cancel and Resume from any.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/agent/delivery.h"
#include "fcgi/agent/driver.h"
#include "fcgi/agent/platform.h"

namespace fiscalgate::agent {

enum class Verdict {
  kOk,
  kLeaseEnded,     // 410
  kRefused,        // the gateway's own 400, 404, 413: it will never take this
  kUnauthorized,   // 401
  kForbidden,      // 403
  kOtherInstance,  // 409
  kTooOld,         // 426
  kLater,          // 429, 503
  kRedirect,       // 3xx
  kServerError,    // any other status
  kNotGateway,     // a good status, but not in our language
  kNoName,
  kNoConnection,
  kTls,
  kProxy,
  kTimeout,
  kSetting,
  kCancelled,
};

struct Response {
  Verdict verdict = Verdict::kOk;
  std::string detail;  // for people; no secrets
  std::int64_t retry_after_ms = 0;
  bool dated = false;  // then the gateway's clock is ahead of ours by
  std::int64_t skew_ms = 0;

  // Of a lease:
  std::string turn;
  std::string lease;  // empty: no work
  std::int64_t begin_within_ms = 0;
  std::int64_t timeout_ms = 0;
  std::string request;

  std::string recorded;  // of an answer: applied, repeated, evidence
};

struct Poll {
  std::int64_t wait_ms = 0;
  std::string turns;  // Turns::Header
  std::vector<std::string> held;
  DriverState driver = DriverState::kUnknown;
};

struct Report {
  std::string lease;
  Delivery delivery = Delivery::kNotSent;
  std::string error;
  std::string message;
};

class Gateway {
 public:
  Gateway(const platform::Route& route, std::string key);

  Response Lease(const std::string& instance, const Poll& poll);
  Response Renew(const std::string& instance, const std::string& lease);
  Response Answer(const std::string& instance, const Report& report, std::int64_t timeout_ms);

  void Cancel() { line_->Cancel(); }
  void Resume() { line_->Resume(); }

 private:
  platform::Headers CommonHeaders(const std::string& instance) const;
  static Response Judge(const platform::Reply& reply);

  const std::string key_;
  const std::unique_ptr<platform::HttpLine> line_;
};

// What is wrong and what to do about it, in the language that is spoken.
std::string Advice(const Response& response);
std::string ClockAdvice(std::int64_t skew_ms);

}  // namespace fiscalgate::agent
