// One conversation with a register at bePaid, as the engine would lead it: keeps the notes, counts
// the questions, and can forget everything else at any moment.
#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

#include "lib/base/text.h"
#include "lib/protocol/begateway/provider.h"
#include "lib/protocol/bit/front.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::protocol::begateway::testing {

inline constexpr char kTaskId[] = "01jd3q4c5e6f7g8h9jkmnpqrst";
inline constexpr char kSecret[] = "b8647b68898b084b";
inline constexpr char kCardToken[] = "40bd001563085fc35165329ea1ff5c5ecbdbbeef40bd0015";

inline std::string ReceiptJson(int type = 1) {
  return R"({"name":"Чек","type":"kktReceiptFiscalization","data":{"receiptType_1054":)" +
         std::to_string(type) +
         R"(,"taxationType_1055":1,"sendToEmail_1008":"john.doe@example.com","purchases":[)"
         R"({"productName_1030":"Чай","price_1079":18.00,"qty_1023":1,"paymentFormCode_1214":4,)"
         R"("productTypeCode_1212":1,"tax_1199":1}],"payments":{"ecash_1081":18.00}}})";
}
inline std::string Payment(const std::string& data) {
  return R"([{"name":"Карта","type":"bnkCardPayment","data":{"sum":18.00)" +
         (data.empty() ? "" : "," + data) + "}}," + ReceiptJson() + "]";
}
inline std::string ByToken() {
  return Payment(R"("card_token":")" + std::string(kCardToken) + "\"");
}
inline std::string Return(const std::string& data = R"("rrn":"p-1")") {
  return R"([{"name":"Карта","type":"bnkCardReturn","data":{"sum":18.00,)" + data + "}}," +
         ReceiptJson(2) + "]";
}

inline task::Register SampleRegister(const std::string& provider = "bepaid") {
  task::Register r;
  r.key = 7;
  r.name = "cloud";
  r.provider = provider;
  r.ffd_version = ffd::FfdVersion::k105;
  r.settings = {{"shop_id", "361"}, {"operator_group", "MAIN"}};
  r.secrets = {{"secret_key", base::Secret(kSecret)}};
  return r;
}

inline base::Result<std::shared_ptr<const CloudAccount>> TryOpen(const task::Register& r) {
  const CloudSurroundings surroundings{"https://kassa.example/"};
  return BegatewayProvider(*FindProfile(r.provider), surroundings).Open(r);
}
inline std::shared_ptr<const CloudAccount> Open(const task::Register& r = SampleRegister()) {
  auto account = TryOpen(r);
  BOOST_REQUIRE_MESSAGE(account.ok(), (account.ok() ? "" : account.error().what));
  return *account;
}

inline base::Result<bit::ReadPackageResult> ReadSample(const std::string& package) {
  ffd::CheckOptions options;
  options.version = ffd::FfdVersion::k105;
  options.date = ffd::MakeDay(2025, 2, 1);
  return bit::ReadPackage(package, options);
}

class Talker {
 public:
  explicit Talker(const std::string& package, const task::Register& r = SampleRegister())
      : account_(testing::Open(r)) {
    const auto read = ReadSample(package);
    BOOST_REQUIRE(read.ok());
    BOOST_REQUIRE_MESSAGE(read->faults.empty(), (read->faults.empty() ? "" : read->faults[0].path));
    head.package.commands = read->commands_json;
    head.task.id = kTaskId;
    head.task.order_id = "order-7";
    head.task.state = task::State::kSending;
    head.task.accepted_at = now;
  }

  void Open(const task::Register& r) { account_ = testing::Open(r); }
  const Move& Next() { return Take(account_->Next({head, nullptr, now, head.task.asks})); }
  const Move& Hear(const http::Answer& answer) {
    return Take(account_->OnAnswer({head, nullptr, now, head.task.asks}, answer));
  }
  const Move& Hear(int status, const std::string& body) {
    http::Answer answer;
    answer.delivery = http::Delivery::kAnswered;
    answer.response = {status, {}, body};
    return Hear(answer);
  }
  const Move& Lose(http::Delivery delivery = http::Delivery::kNoAnswer) {
    http::Answer answer;
    answer.delivery = delivery;
    answer.error = "timed out";
    return Hear(answer);
  }
  // An operator has it tried again.
  const Move& Retry() {
    head.task.state = task::State::kSending;
    head.task.asks = 0;
    return Next();
  }

  // The last move, which has to be of that kind.
  const Ask& ask() const {
    BOOST_REQUIRE(std::holds_alternative<Ask>(move_));
    return std::get<Ask>(move_);
  }
  const Later& later() const {
    BOOST_REQUIRE(std::holds_alternative<Later>(move_));
    return std::get<Later>(move_);
  }
  const task::Outcome& outcome() const {
    BOOST_REQUIRE(std::holds_alternative<Over>(move_));
    return std::get<Over>(move_).outcome;
  }
  // "POST https://..."
  std::string Asked() const { return ask().request.method + " " + ask().request.url; }
  std::string_view Header(std::string_view name) const {
    return http::FindHeader(ask().request.headers, name);
  }
  CloudLinks links() const { return account_->LinksOf(head.task, head.package); }
  const Move& move() const { return move_; }

  store::LaneHead head;
  base::WallTime now = base::FromMillis(1'795'255'200'000);

 private:
  void Keep(const std::string& notes, task::State state) {
    // Never back: what the provider has it has.
    BOOST_REQUIRE(head.task.state != task::State::kWaiting || state == task::State::kWaiting);
    if (notes != head.task.notes) head.task.asks = 0;
    head.task.notes = notes;
    head.task.state = state;
  }
  const Move& Take(Move move) {
    move_ = std::move(move);
    if (const Ask* ask = std::get_if<Ask>(&move_)) {
      Keep(ask->notes, ask->state);
      ++head.task.asks;
    } else if (const Later* later = std::get_if<Later>(&move_)) {
      Keep(later->notes, later->state);
      BOOST_TEST(later->pause.count() > 0);
    } else if (const Over* over = std::get_if<Over>(&move_)) {
      head.task.notes = over->notes;
      head.task.state = over->outcome.state;
      head.results = over->outcome.commands;
    }
    return move_;
  }

  std::shared_ptr<const CloudAccount> account_;
  Move move_;
};

// What the provider says of one transaction.
struct Said {
  std::string uid = "p-1", type = "payment", status = "successful", fiscal = "pending";
  std::string tracking_id = kTaskId, redirect_url = {}, message = {};
  std::int64_t amount = 1800;
  std::string fiscal_message = {};

  std::string Receipts() const {
    if (fiscal != "successful") return "[{}]";
    return R"([{"ofd_qr_code":"https://ofd.example/q/1","ofd_link":"www.ofd.example",)"
           R"("receipt_num":42,"ofd_id":"872970506","total_amount":1800,"receipt_info":{)"
           R"("id":"f-1","fsNumber":"9999078900011495","documentNumber":42,"fp":"872970506",)"
           R"("shiftNumber":3,"documentIndex":5,"processedAt":"2026-11-21T13:00:00",)"
           R"("deviceRN":"0000000000034229","companyINN":"7727401209"}}])";
  }
  std::string Object() const {
    base::JsonWriter json;
    json.BeginObject().Key("uid").String(uid).Key("type").String(type);
    json.Key("status").String(status).Key("amount").Int(amount).Key("currency").String("RUB");
    json.Key("tracking_id").String(tracking_id).Key("message").String(message);
    if (!redirect_url.empty()) json.Key("redirect_url").String(redirect_url);
    json.Key(type).BeginObject().Key("rrn").String("999").Key("auth_code").String("654321");
    json.EndObject();
    json.Key("credit_card").BeginObject().Key("bin").String("420000").Key("last_4").String("0000");
    json.EndObject();
    if (fiscal != "none") {
      json.Key("fiscalization").BeginObject().Key("id").String("f-1").Key("type").String(type);
      json.Key("status").String(fiscal).Key("message").String(fiscal_message);
      json.Key("receipts").Raw(Receipts()).EndObject();
    }
    json.EndObject();
    return json.Take();
  }
  std::string One() const { return R"({"transaction":)" + Object() + "}"; }
};
inline std::string List(const std::vector<Said>& all) {
  std::string text;
  for (const Said& one : all) text += (text.empty() ? "" : ",") + one.Object();
  return R"({"transactions":[)" + text + "]}";
}

}  // namespace fiscalgate::protocol::begateway::testing
