#include "lib/protocol/answer_text.h"

#include <algorithm>
#include <charconv>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/card_number.h"

namespace fiscalgate::protocol {
namespace {

using base::JsonValue;

constexpr std::chrono::seconds kMaxPause = std::chrono::hours(24);

std::optional<std::int64_t> Whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

std::string_view ScalarText(const JsonValue* value) {
  if (value == nullptr || (!value->is_string() && !value->is_number())) return {};
  return value->text;
}

std::optional<std::int64_t> WholeNumber(const JsonValue* value) {
  return Whole(base::Trim(ScalarText(value)));
}

std::optional<base::Money> Roubles(const JsonValue* value) {
  base::Money money;
  const auto fault = base::ParseMoney(base::Trim(ScalarText(value)), &money);
  if (fault != base::DecimalFault::kNone || money.kopecks < 0) return std::nullopt;
  return money;
}

std::string DigitsOf(const JsonValue* value, std::size_t max) {
  const std::string_view text = base::Trim(ScalarText(value));
  const bool is_number =
      !text.empty() && text.size() <= max &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? std::string(text) : std::string();
}

std::string LocalTime(std::string_view text) {
  constexpr std::string_view kPattern = "0000-00-00T00:00:00";
  if (text.size() < kPattern.size()) return {};
  std::string time(text.substr(0, kPattern.size()));
  if (time[10] == ' ') time[10] = 'T';
  for (std::size_t i = 0; i < time.size(); ++i) {
    const bool is_digit = time[i] >= '0' && time[i] <= '9';
    if (kPattern[i] == '0' ? !is_digit : time[i] != kPattern[i]) return {};
  }
  return time;
}

std::string KeptText(std::string_view text) {
  std::string kept = base::Truncate(base::Trim(text), base::kMaxErrorBytes);
  for (char& c : kept) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') c = ' ';
  }
  return HasCardNumber(kept) ? std::string("***") : kept;
}

bool IsWebPage(std::string_view body) { return base::Trim(body).starts_with('<'); }

std::optional<std::chrono::seconds> RetryAfter(const http::Headers& headers) {
  const auto seconds = Whole(base::Trim(http::FindHeader(headers, "Retry-After")));
  if (!seconds) return std::nullopt;
  return std::min(kMaxPause,
                  std::chrono::seconds(std::min<std::int64_t>(*seconds, kMaxPause.count())));
}

}  // namespace fiscalgate::protocol
