#include "fcgi/handlers/events.h"

#include <limits>
#include <utility>

#include "fcgi/error_reply.h"
#include "fcgi/query.h"
#include "lib/base/json.h"
#include "lib/base/text.h"

namespace fiscalgate {
namespace {

using base::Code;

constexpr std::string_view kSigned = "GET /api/fiscal/events?";
constexpr std::string_view kSignature = "&signature=";
constexpr std::int64_t kBiggest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kDefaultLimit = 100;

bool SignatureMatches(std::string_view query, std::string_view signature, const task::Shop& shop,
                      base::WallTime now) {
  const std::string given = base::ToLower(signature);
  const auto fits = [&](const base::Secret& code) {
    return !code.empty() && base::ConstantTimeEqual(Events::Sign(query, code), given);
  };
  return fits(shop.code) || (now < shop.previous_until && fits(shop.previous_code));
}

std::string Describe(const std::vector<store::Event>& events, std::int64_t after, int limit) {
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(true).Key("events").BeginArray();
  for (const store::Event& event : events) {
    writer.BeginObject().Key("seq").Int(event.seq).Key("id").String(event.task_id);
    writer.Key("order_id").String(event.order_id);
    writer.Key("state").String(task::StateName(event.state));
    writer.Key("at").String(base::FormatUtc(event.at));
    writer.Key("outcome").Raw(event.result_json).EndObject();
  }
  writer.EndArray().Key("next").Int(events.empty() ? after : events.back().seq);
  writer.Key("more").Bool(events.size() == static_cast<std::size_t>(limit)).EndObject();
  return writer.Take();
}

}  // namespace

std::string Events::Sign(std::string_view query, const base::Secret& code) {
  return base::HexEncode(base::HmacSha256(code.Reveal(), std::string(kSigned).append(query)));
}

void Events::Handle(ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  const auto shop = Authenticate(request.query);
  if (!shop) return exchange->Reply(ErrorResponse(Code::kUnauthorized, LanguageOf(request)));
  const Query query(request.query);
  const auto after = query.Int("after", 0, 0, kBiggest);
  const auto limit =
      query.Int("limit", kDefaultLimit, 1, static_cast<std::int64_t>(base::kMaxEventsPerPage));
  const auto wait = query.Int("wait", 0, 0, 1'000'000);
  for (const auto& [name, value] : {std::pair("after", after), {"limit", limit}, {"wait", wait}}) {
    if (value) continue;
    return exchange->Reply(ErrorResponse(Code::kMalformed, LanguageOf(request),
                                         {{name, "malformed", "not a number in range"}}));
  }
  const Ask ask{*shop, *after, static_cast<int>(*limit),
                std::min(std::chrono::seconds(*wait), base::kMaxWait)};
  exchange = Look(std::move(exchange), ask, ask.wait.count() == 0);
  if (!exchange) return;
  waiters_.Park(
      Waiters::OfShop(ask.shop), std::chrono::steady_clock::now() + ask.wait, std::move(exchange),
      [this, ask](ExchangePtr waiting, bool last) { return Look(std::move(waiting), ask, last); });
}

std::optional<task::ShopKey> Events::Authenticate(const std::string& query) const {
  const task::DirectoryPtr current = directory_.Current();
  if (const auto shop = Authenticate(query, *current)) return shop;
  const task::DirectoryPtr fresh = directory_.LookAgain();
  return fresh == current ? std::nullopt : Authenticate(query, *fresh);
}

std::optional<task::ShopKey> Events::Authenticate(std::string_view query,
                                                  const task::Directory& directory) const {
  const auto end = query.rfind(kSignature);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view signed_part = query.substr(0, end);
  const Query fields(signed_part);
  const auto ts = fields.Int("ts", 0, 0, kBiggest / 1000);
  const base::WallTime now = clock_.Now();
  const std::int64_t now_s = base::ToMillis(now) / 1000;
  const std::int64_t most = std::chrono::seconds(kMaxClockDifference).count();

  const task::Shop* shop = directory.FindShop(fields.Text("account"));
  static const task::Shop nobody = [] {
    task::Shop made;
    made.code = base::Secret(base::RandomBytes(16));
    return made;
  }();
  const bool matches = SignatureMatches(signed_part, query.substr(end + kSignature.size()),
                                        shop == nullptr ? nobody : *shop, now);
  if (!matches || shop == nullptr || !shop->enabled || !ts) return std::nullopt;
  if (*ts < now_s - most || *ts > now_s + most) return std::nullopt;
  return shop->key;
}

ExchangePtr Events::Look(ExchangePtr exchange, const Ask& ask, bool last) const {
  const std::int64_t complete = complete_ ? complete_() : kBiggest;
  auto events = store_.EventsAfter(ask.shop, ask.after, ask.limit);
  if (events) std::erase_if(*events, [&](const store::Event& e) { return e.seq > complete; });
  if (!events) {
    exchange->Reply(ErrorResponse(events.error().code, LanguageOf(exchange->request())));
  } else if (last || !events->empty()) {
    exchange->Reply(JsonResponse(Describe(*events, ask.after, ask.limit)));
  } else {
    return exchange;
  }
  return nullptr;
}

}  // namespace fiscalgate
