#include "fcgi/emulator/begateway/card.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"

namespace fiscalgate::emulator::begateway {
namespace {

using base::JsonValue;
using protocol::ScalarText;

constexpr std::size_t kMaxText = 255;
constexpr std::string_view kUnknownToken = "unknown";
constexpr std::string_view kThreeDNumber = "4012000000003010";
constexpr std::string_view kMaybeDeclinedNumber = "4005550000000019";
constexpr int kDeclinedMonth = 10;

struct Word {
  std::string_view start;
  Plan plan;
};
constexpr Word kWords[] = {
    {"3ds-decline", Plan::kAskDecline}, {"3ds", Plan::kAskBuyer},
    {"page", Plan::kAskBuyer},          {"pending-decline", Plan::kLaterDecline},
    {"pending", Plan::kLater},          {"decline", Plan::kDecline},
};

bool IsNumber(std::string_view text) {
  constexpr std::size_t kMin = 12, kMax = 19;
  return text.size() >= kMin && text.size() <= kMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view BrandOf(std::string_view number) {
  switch (number.front()) {
    case '4':
      return "visa";
    case '5':
      return "master";
    case '2':
      return "mir";
    case '9':
      return "belkart";
    default:
      return "unknown";
  }
}

int SmallNumber(const JsonValue* value, int max) {
  const auto number = protocol::WholeNumber(value);
  return number && *number <= max ? static_cast<int>(*number) : 0;
}

bool IsOver(const Card& card, base::WallTime now) {
  if (card.exp_year == 0) return false;
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const auto last = std::chrono::year(card.exp_year) /
                    std::chrono::month(static_cast<unsigned>(std::clamp(card.exp_month, 1, 12)));
  return last < today.year() / today.month();
}

std::optional<CardRead> ByToken(std::string_view token, Card card, Complaints* complaints) {
  if (token.size() > kMaxText) {
    complaints->Add("credit_card/token", "is too long (maximum is 255 characters)");
    return std::nullopt;
  }
  if (token.starts_with(kUnknownToken)) {
    complaints->Add("credit_card/token", "does not exist");
    complaints->set_status(400);
    return std::nullopt;
  }
  card.token = token;
  card.first_1 = "4";
  card.last_4 = "0000";
  card.bin = "420000";
  card.bin_8 = "42000000";
  card.brand = "visa";
  return CardRead{std::move(card), PlanOf(token, Plan::kApprove)};
}

Plan PlanOfNumber(std::string_view number, int exp_month) {
  if (number == kThreeDNumber) return Plan::kAskBuyer;
  const bool is_declined = number == kMaybeDeclinedNumber && exp_month == kDeclinedMonth;
  return is_declined ? Plan::kDecline : Plan::kApprove;
}

std::optional<CardRead> ByNumber(std::string_view number, Card card, Complaints* complaints) {
  if (!IsNumber(number)) {
    complaints->Add("credit_card/number", number.empty() ? "can't be blank" : "is invalid");
    return std::nullopt;
  }
  card.first_1 = number.substr(0, 1);
  card.last_4 = number.substr(number.size() - 4);
  card.bin = number.substr(0, 6);
  card.bin_8 = number.substr(0, 8);
  card.brand = BrandOf(number);
  return CardRead{card, PlanOfNumber(number, card.exp_month)};
}

}  // namespace

Plan PlanOf(std::string_view text, Plan otherwise) {
  for (const Word& word : kWords) {
    if (text.starts_with(word.start)) return word.plan;
  }
  return otherwise;
}

std::optional<CardRead> ReadCard(const JsonValue* value, base::WallTime now,
                                 const base::Secret& stamp_key, Complaints* complaints) {
  if (value == nullptr || !value->is_object()) {
    complaints->Add("credit_card", "can't be blank");
    return std::nullopt;
  }
  Card card;
  card.holder = base::Truncate(ScalarText(value->Find("holder")), kMaxText);
  card.exp_month = SmallNumber(value->Find("exp_month"), 12);
  card.exp_year = SmallNumber(value->Find("exp_year"), 9999);
  const std::string_view token = ScalarText(value->Find("token"));
  const std::string_view number = ScalarText(value->Find("number"));
  card.stamp =
      base::HexEncode(base::HmacSha256(stamp_key.Reveal(), token.empty() ? number : token));
  if (IsOver(card, now)) {
    complaints->Add("credit_card/exp_year", "Date is expired");
    return std::nullopt;
  }
  return token.empty() ? ByNumber(number, std::move(card), complaints)
                       : ByToken(token, std::move(card), complaints);
}

void WriteCard(const Card& card, base::JsonWriter* writer) {
  base::JsonWriter& json = *writer;
  const auto text = [&json](std::string_view key, const std::string& value) {
    json.Key(key);
    value.empty() ? json.Null() : json.String(value);
  };
  const auto number = [&json](std::string_view key, int value) {
    json.Key(key);
    value == 0 ? json.Null() : json.Int(value);
  };
  json.BeginObject();
  text("holder", card.holder);
  text("stamp", card.stamp);
  text("brand", card.brand);
  text("last_4", card.last_4);
  text("first_1", card.first_1);
  text("bin", card.bin);
  text("bin_8", card.bin_8);
  for (const char* key : {"issuer_country", "issuer_name", "product"}) json.Key(key).Null();
  number("exp_month", card.exp_month);
  number("exp_year", card.exp_year);
  json.Key("token_provider").Null();
  text("token", card.token);
  json.EndObject();
}

Card ReadKeptCard(const JsonValue& value) {
  Card card;
  card.token = value.FindText("token");
  card.holder = value.FindText("holder");
  card.stamp = value.FindText("stamp");
  card.brand = value.FindText("brand");
  card.first_1 = value.FindText("first_1");
  card.last_4 = value.FindText("last_4");
  card.bin = value.FindText("bin");
  card.bin_8 = value.FindText("bin_8");
  card.exp_month = SmallNumber(value.Find("exp_month"), 12);
  card.exp_year = SmallNumber(value.Find("exp_year"), 9999);
  return card;
}

}  // namespace fiscalgate::emulator::begateway
