#include "lib/callback/delivery.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/callback/retry_after.h"
#include "lib/callback/signature.h"
#include "lib/task/schedule.h"

namespace fiscalgate::callback {
namespace {

using store::CallbackState;

std::string Signatures(const store::Callback& callback, const task::Shop& shop,
                       base::WallTime now) {
  const std::int64_t seconds = base::ToMillis(now) / 1000;
  const auto sign = [&](const base::Secret& code) {
    return SignatureHeader(WebhookKey(code), callback.webhook_id, seconds, callback.body);
  };
  std::string signatures = sign(shop.code);
  if (!shop.previous_code.empty() && now < shop.previous_until) {
    signatures += " " + sign(shop.previous_code);
  }
  return signatures;
}

// The beginning of what the shop said, fit to be stored and shown.
std::string Quote(std::string_view body) {
  std::string text(body.substr(0, base::kKeptAnswerBytes));
  // The cut may have gone through a character.
  if (base::IsValidUtf8(body)) text = base::Truncate(body, base::kKeptAnswerBytes);
  const bool is_text = base::IsValidUtf8(text);
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = ' ';
    if (byte >= 0x80 && !is_text) c = '?';
  }
  return std::string(base::Trim(text));
}

std::string FaultOf(const http::Answer& answer) {
  if (answer.delivery != http::Delivery::kAnswered) {
    return base::Truncate(answer.error, base::kMaxErrorBytes);
  }
  return Quote(answer.response.body);
}

std::optional<base::Milliseconds> Pause(int tries, const http::Answer& answer, base::WallTime now,
                                        double random) {
  const auto pause = task::CallbackPause(tries, random);
  if (!pause || answer.delivery != http::Delivery::kAnswered) return pause;
  const http::Response& response = answer.response;
  if (response.status != 429 && response.status != 503) return pause;
  const auto asked = ReadRetryAfter(http::FindHeader(response.headers, "Retry-After"), now);
  return asked ? std::clamp(*asked, *pause, 2 * *pause) : *pause;
}

}  // namespace

http::Request RequestFor(const store::Callback& callback, const task::Shop& shop,
                         base::WallTime now) {
  http::Request request;
  request.method = "POST";
  request.url = callback.url;
  request.body = callback.body;
  request.headers = {
      {"Content-Type", "application/x-www-form-urlencoded"},
      {"User-Agent", "Fiscalgate"},
      {"webhook-id", callback.webhook_id},
      {"webhook-timestamp", std::to_string(base::ToMillis(now) / 1000)},
      {"webhook-signature", Signatures(callback, shop, now)},
  };
  return request;
}

bool IsDelivered(const http::Answer& answer, bool demand_successful) {
  if (answer.delivery != http::Delivery::kAnswered) return false;
  const int status = answer.response.status;
  if (status < 200 || status > 299) return false;
  return !demand_successful || base::Trim(answer.response.body) == "SUCCESSFUL";
}

store::Delivered RecordOf(const store::Callback& callback, const http::Answer& answer,
                          bool demand_successful, base::WallTime now, double random) {
  store::Delivered record;
  record.key = callback.key;
  record.attempts = callback.attempts;
  record.at = now;
  record.due_at = now;
  if (answer.delivery == http::Delivery::kAnswered) record.status = answer.response.status;
  if (IsDelivered(answer, demand_successful)) {
    record.state = CallbackState::kDelivered;
    return record;
  }
  record.error = FaultOf(answer);
  const auto pause = Pause(callback.attempts + 1, answer, now, random);
  record.state = pause ? CallbackState::kPending : CallbackState::kDead;
  if (pause) record.due_at = now + *pause;
  return record;
}

store::Delivered MoveOf(const store::Callback& callback, base::WallTime until, base::WallTime now) {
  store::Delivered record;
  record.key = callback.key;
  record.attempts = callback.attempts;
  record.due_at = until;
  record.counted = false;
  record.at = now;
  return record;
}

}  // namespace fiscalgate::callback
