#include "fcgi/agent/gateway.h"

#include <algorithm>
#include <cstdint>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform_service.h"
#include "fcgi/agent/text.h"

namespace fiscalgate::agent {
namespace {

using platform::Headers;
using platform::Reply;
using platform::Trouble;

const std::string* Find(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
    return EqualNoCase(header.first, name);
  });
  return found == headers.end() ? nullptr : &found->second;
}

std::string Get(const Headers& headers, std::string_view name) {
  const std::string* value = Find(headers, name);
  return value == nullptr ? std::string() : *value;
}

Verdict OfTrouble(Trouble trouble) {
  switch (trouble) {
    case Trouble::kNone:
      return Verdict::kOk;
    case Trouble::kName:
      return Verdict::kNoName;
    case Trouble::kConnect:
      return Verdict::kNoConnection;
    case Trouble::kTls:
      return Verdict::kTls;
    case Trouble::kProxy:
      return Verdict::kProxy;
    case Trouble::kTimeout:
      return Verdict::kTimeout;
    case Trouble::kTooLong:
      return Verdict::kNotGateway;
    case Trouble::kCancelled:
      return Verdict::kCancelled;
    case Trouble::kSetting:
      return Verdict::kSetting;
  }
  return Verdict::kNoConnection;
}

Verdict OfStatus(int status) {
  switch (status) {
    case 200:
    case 204:
      return Verdict::kOk;
    case 401:
      return Verdict::kUnauthorized;
    case 403:
      return Verdict::kForbidden;
    case 407:
      return Verdict::kProxy;
    case 409:
      return Verdict::kOtherInstance;
    case 410:
      return Verdict::kLeaseEnded;
    case 426:
      return Verdict::kTooOld;
    case 429:
    case 503:
      return Verdict::kLater;
    default:
      return status >= 300 && status < 400 ? Verdict::kRedirect : Verdict::kServerError;
  }
}

// A body that was cut off on the way must not reach a driver.
bool IsWhole(const Reply& reply) {
  const auto length = ParseNumber(Get(reply.headers, "Content-Length"), INT64_MAX);
  return length && static_cast<std::size_t>(*length) == reply.body.size();
}

bool TakeWork(Reply* reply, Response* response) {
  const auto within = ParseNumber(Get(reply->headers, "Fiscalgate-Begin-Within"), kMaxBeginWithinS);
  const auto timeout = ParseNumber(Get(reply->headers, "Fiscalgate-Timeout"), kMaxDriverMs);
  response->lease = Get(reply->headers, "Fiscalgate-Lease");
  if (!IsLease(response->lease) || !within || !timeout || !IsWhole(*reply)) return false;
  response->begin_within_ms = *within * 1000;
  response->timeout_ms = *timeout;
  response->request = std::move(reply->body);
  return true;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

}  // namespace

Gateway::Gateway(const platform::Route& route, std::string key)
    : key_(std::move(key)), line_(platform::OpenHttpLine(route)) {}

Headers Gateway::CommonHeaders(const std::string& instance) const {
  return {{"Authorization", "Bearer " + key_},
          {"Fiscalgate-Agent", instance},
          {"Fiscalgate-Version", std::string(kVersion) + " " + platform::Name()},
          {"Fiscalgate-Clock", std::to_string(platform::WallMs())}};
}

Response Gateway::Judge(const Reply& reply) {
  Response response;
  if (reply.trouble != Trouble::kNone) {
    response.verdict = OfTrouble(reply.trouble);
    response.detail = Shorten(reply.error, kMaxErrorBytes);
    return response;
  }
  response.verdict = OfStatus(reply.status);
  if (response.verdict != Verdict::kOk) {
    response.detail = "HTTP " + std::to_string(reply.status);
    if (response.verdict == Verdict::kRedirect) {
      response.detail += " " + std::string(Shorten(Get(reply.headers, "Location"), kMaxErrorBytes));
    }
  }
  if (const auto seconds = ParseNumber(Get(reply.headers, "Retry-After"), 600)) {
    response.retry_after_ms = *seconds * 1000;
  }
  if (const auto date = ParseHttpDate(Get(reply.headers, "Date"))) {
    response.dated = true;
    response.skew_ms = *date - platform::WallMs();
  }
  return response;
}

Response Gateway::Lease(const std::string& instance, const Poll& poll) {
  Headers headers = CommonHeaders(instance);
  headers.emplace_back("Fiscalgate-Wait", std::to_string(poll.wait_ms / 1000));
  // Not every HTTP library sends a header that is empty.
  if (!poll.turns.empty()) headers.emplace_back("Fiscalgate-Turn", poll.turns);
  if (!poll.held.empty()) headers.emplace_back("Fiscalgate-Held", Joined(poll.held));
  headers.emplace_back("Fiscalgate-Driver", DriverStateName(poll.driver));
  Reply reply = line_->Post("/api/agent/lease", headers, {}, poll.wait_ms + kPollMarginMs);
  Response response = Judge(reply);
  if (response.verdict != Verdict::kOk) return response;
  response.turn = Get(reply.headers, "Fiscalgate-Turn");
  const bool understood =
      IsTurn(response.turn) && (reply.status == 204 || TakeWork(&reply, &response));
  if (!understood) response.verdict = Verdict::kNotGateway;
  return response;
}

Response Gateway::Renew(const std::string& instance, const std::string& lease) {
  Headers headers = CommonHeaders(instance);
  headers.emplace_back("Fiscalgate-Lease", lease);
  return Judge(line_->Post("/api/agent/renew", headers, {}, kRenewTimeoutMs));
}

Response Gateway::Answer(const std::string& instance, const Report& report,
                         std::int64_t timeout_ms) {
  Headers headers = CommonHeaders(instance);
  headers.emplace_back("Fiscalgate-Lease", report.lease);
  headers.emplace_back("Fiscalgate-Delivery", DeliveryName(report.delivery));
  if (!report.error.empty()) {
    headers.emplace_back("Fiscalgate-Error", PercentEncode(Trim(report.error)));
  }
  const Reply reply = line_->Post("/api/agent/answer", headers, report.message, timeout_ms);
  Response response = Judge(reply);
  response.recorded = Get(reply.headers, "Fiscalgate-Recorded");
  if (response.verdict == Verdict::kOk) {
    const bool known = response.recorded == "applied" || response.recorded == "repeated" ||
                       response.recorded == "evidence";
    if (!known) response.verdict = Verdict::kNotGateway;
  } else if (response.recorded == "refused" &&
             (reply.status == 400 || reply.status == 404 || reply.status == 413)) {
    response.verdict = Verdict::kRefused;
  }
  return response;
}

}  // namespace fiscalgate::agent
