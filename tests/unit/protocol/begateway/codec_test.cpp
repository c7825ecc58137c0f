#include "lib/protocol/begateway/codec.h"
#include "lib/protocol/begateway/mapping_table.h"
#include "tests/unit/protocol/cloud.h"

namespace fiscalgate::protocol::begateway {
namespace {

using base::JsonValue;
using base::Secret;
using testing::AllReceipts;
using testing::Lines;
using testing::LoadTable;
using testing::MappingOf;
using testing::Minify;
using testing::ReadData;
using testing::Text;

constexpr std::string_view kVendors[] = {"bepaid", "freepayment"};
constexpr std::string_view kOverlay =
    R"({"taxation":{"1":null,"2":null},"vat":{"11":true},"subject":{"4":true},)"
    R"("field":{"1021":null,"1023":true,"1125":null,"1162":true,"1187":null,"1191":true}})";

Account SampleAccount(std::string_view vendor = "bepaid") {
  return AccountOf(*FindProfile(vendor), "361", Secret("b8647b68898b084b"));
}

// What the documents' sample shows, but for its card.
TransactionRequest SampleRequest() {
  TransactionRequest request;
  request.amount = {1800};
  request.description = "qwerty";
  request.tracking_id = "your_uniq_number";
  request.language = "en";
  request.billing_address = {{"first_name", "John"},   {"last_name", "Doe"},
                             {"country", "RU"},        {"city", "Moscow"},
                             {"state", "99"},          {"zip", "00001"},
                             {"address", "Street 1 "}, {"phone", "+1 (123) 1234567890"}};
  request.card_token = "a-token";
  request.customer = {
      {"email", "john.doe@example.com"}, {"ip", "0.0.0.0"}, {"phone", "+12312312312345"}};
  Fiscalization fiscalization{"id", "MAIN", {}};
  Position position;
  position.type = "product";
  position.quantity = {1'000'000};
  position.name = "985621466";
  position.amount = {1100};
  position.description = "123456789";
  position.taxes = {{"simplified", "10"}};
  fiscalization.positions.push_back(position);
  position.name = "name1";
  position.amount = {700};
  position.description = "string 510";
  position.taxes = {{"", "20/120"}};
  fiscalization.positions.push_back(position);
  request.fiscalization = fiscalization;
  return request;
}

TransactionRequest RefundRequest() {
  TransactionRequest request;
  request.operation = Operation::kRefund;
  request.amount = {1800};
  request.parent_uid = "a5c5";
  request.reason = "возврат";
  request.tracking_id = "7-1";
  return request;
}

std::string Body(const base::Result<http::Request>& request) {
  return request.ok() ? request->body : request.error().what;
}

BOOST_AUTO_TEST_SUITE(begateway_test)

BOOST_AUTO_TEST_CASE(TheDocumentsRequestIsWrittenByteForByteButForItsCard) {
  for (const std::string_view vendor : kVendors) {
    std::string expected = Minify(ReadData("begateway/" + std::string(vendor) + "_request.json"));
    const std::size_t card = expected.find("\"credit_card\":{");
    const std::size_t end = expected.find('}', card) + 1;
    expected.replace(card, end - card, R"("credit_card":{"token":"a-token"})");
    const auto request = SubmitRequest(SampleAccount(vendor), SampleRequest(), "r-1");
    BOOST_TEST(Body(request) == expected);
    BOOST_TEST(request->url ==
               std::string(FindProfile(vendor)->gateway) + "/transactions/payments");
    BOOST_TEST(http::FindHeader(request->headers, "RequestID") == "r-1");
    BOOST_TEST(http::FindHeader(request->headers, "Content-Type") == "application/json");
    BOOST_TEST(http::FindHeader(request->headers, "Authorization") ==
               "Basic MzYxOmI4NjQ3YjY4ODk4YjA4NGI=");
  }
}

BOOST_AUTO_TEST_CASE(EveryReceiptBecomesTheseBytesOrIsRefused) {
  const auto receipts = AllReceipts();
  const Mapping mapping = MappingOf(Table(), kOverlay);
  const auto table = LoadTable("begateway/documents.json");
  for (const JsonValue& row : table.root().items) {
    const auto& [receipt, version] = receipts.at(Text(row, "receipt"));
    const std::string faults = Lines(CheckExpressible(receipt, version, mapping));
    BOOST_TEST(faults.empty() == (row.Find("faults") == nullptr), row.FindText("receipt"));
    if (!faults.empty()) continue;
    const auto fiscalization = ToFiscalization(receipt, mapping, row.FindText("receipt"), "MAIN");
    BOOST_REQUIRE(fiscalization.ok());
    base::JsonWriter json;
    WriteFiscalization(*fiscalization, &json);
    BOOST_TEST(json.Take() == row.FindText("document"));
  }
}

BOOST_AUTO_TEST_CASE(WhatIsNotConfirmedIsNeverWritten) {
  const auto receipts = AllReceipts();
  for (const char* name : {"sale_for_all", "plain_card", "simplified_without_vat", "expense"}) {
    BOOST_TEST(!ToFiscalization(receipts.at(name).receipt, Mapping(Table()), "1", "MAIN").ok());
  }
  const auto& receipt = receipts.at("described").receipt;
  BOOST_TEST(ToFiscalization(receipt, MappingOf(Table(), kOverlay), "1", "MAIN").ok());
  BOOST_TEST(!ToFiscalization(receipt, MappingOf(Table(), kOverlay), "1", "").ok());
  BOOST_TEST(
      !ToFiscalization(receipt, MappingOf(Table(), kOverlay), std::string(256, '1'), "MAIN").ok());
  BOOST_TEST(!ToFiscalization(receipt, Mapping(Table()), "1", "MAIN").ok());  // its 1162 and 1191
}

BOOST_AUTO_TEST_CASE(TheTaxationStandsBesideTheRate) {
  const auto receipts = AllReceipts();
  const Mapping mapping = MappingOf(Table(), R"({"field":{"1021":null,"1023":true}})");
  const auto& [receipt, version] = receipts.at("weighed_cash");
  BOOST_TEST(Lines(CheckExpressible(receipt, version, mapping)) == "");
  const auto fiscalization = ToFiscalization(receipt, mapping, "1", "MAIN");
  BOOST_REQUIRE(fiscalization.ok());
  base::JsonWriter json;
  WriteFiscalization(*fiscalization, &json);
  BOOST_TEST(json.Take().find(R"("taxes":[{"system":"standard","percent":"20"}])") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(LaterOperationsNameTheFirst) {
  TransactionRequest request = RefundRequest();
  request.fiscalization = SampleRequest().fiscalization;
  const auto refund = SubmitRequest(SampleAccount(), request, "r-2");
  BOOST_TEST(Body(refund).starts_with(
      R"({"request":{"parent_uid":"a5c5","amount":1800,"reason":"возврат","tracking_id":"7-1",)"
      R"("fiscalization":{"external_id":"id","operator":"MAIN",)"));
  BOOST_TEST(refund->url == "https://gateway.bepaid.by/transactions/refunds");
  request.operation = Operation::kCapture;
  request.reason.clear();
  request.duplicate_check = false;
  BOOST_TEST(Body(SubmitRequest(SampleAccount(), request, "r-3"))
                 .starts_with(R"({"request":{"parent_uid":"a5c5","amount":1800,)"
                              R"("tracking_id":"7-1","duplicate_check":false,"fiscal)"));
  BOOST_TEST(SubmitRequest(SampleAccount(), request, "r-3")->url ==
             "https://gateway.bepaid.by/transactions/captures");
  request.operation = Operation::kVoid;
  request.fiscalization.reset();
  BOOST_TEST(SubmitRequest(SampleAccount(), request, "r-4")->url ==
             "https://gateway.bepaid.by/transactions/voids");
  request = SampleRequest();
  request.operation = Operation::kAuthorization;
  BOOST_TEST(SubmitRequest(SampleAccount(), request, "r-5")->url ==
             "https://gateway.bepaid.by/transactions/authorizations");
}

BOOST_AUTO_TEST_CASE(AlternativeMethodsGoToTheirOwnHost) {
  TransactionRequest request = SampleRequest();
  request.card_token.clear();
  request.method = {{"type", "erip"}, {"account_number", "123"}};
  const auto payment = SubmitRequest(SampleAccount(), request, "r-1");
  BOOST_REQUIRE(payment.ok());
  BOOST_TEST(payment->url == "https://api.bepaid.by/beyag/transactions/payments");
  BOOST_TEST(payment->body.find(R"("method":{"type":"erip","account_number":"123"})") !=
             std::string::npos);
  TransactionRequest refund = RefundRequest();
  refund.method = {{"type", "erip"}};
  BOOST_TEST(SubmitRequest(SampleAccount(), refund, "r-2")->url ==
             "https://api.bepaid.by/beyag/transactions/refunds");
}

BOOST_AUTO_TEST_CASE(ARequestThatWouldBeRefusedIsNotWritten) {
  const auto refuses = [](auto change) {
    TransactionRequest request = SampleRequest();
    change(request);
    return !SubmitRequest(SampleAccount(), request, "r").ok();
  };
  BOOST_TEST(!refuses([](TransactionRequest&) {}));
  BOOST_TEST(refuses([](TransactionRequest& r) { r.amount = {1801}; }));
  BOOST_TEST(refuses([](TransactionRequest& r) { r.amount = {0}, r.fiscalization.reset(); }));
  BOOST_TEST(refuses([](TransactionRequest& r) { r.description.clear(); }));
  BOOST_TEST(refuses([](TransactionRequest& r) { r.currency.clear(); }));
  BOOST_TEST(refuses([](TransactionRequest& r) { r.tracking_id = std::string(256, '1'); }));
  BOOST_TEST(refuses([](TransactionRequest& r) { r.card_token.clear(); }));
  BOOST_TEST(refuses([](TransactionRequest& r) { r.method = {{"type", "erip"}}; }));
  BOOST_TEST(refuses([](TransactionRequest& r) { r.operation = Operation::kCapture; }));
  TransactionRequest refund = RefundRequest();
  refund.reason.clear();
  BOOST_TEST(!SubmitRequest(SampleAccount(), refund, "r").ok());
  BOOST_TEST(!SubmitRequest(SampleAccount(), SampleRequest(), "").ok());
}

BOOST_AUTO_TEST_CASE(CardDataNeverLeave) {
  for (const std::string& text :
       {std::string("4111111111111111"), std::string("4111 1111 1111 1111")}) {
    TransactionRequest request = SampleRequest();
    request.description = "card " + text;
    const auto refused = SubmitRequest(SampleAccount(), request, "r");
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().what.find("1111") == std::string::npos);
    request = SampleRequest();
    request.card_token = text;
    BOOST_TEST(!SubmitRequest(SampleAccount(), request, "r").ok());
  }
  TransactionRequest request = SampleRequest();
  request.customer.push_back({"verification_value", "737"});
  BOOST_TEST(!SubmitRequest(SampleAccount(), request, "r").ok());
}

BOOST_AUTO_TEST_CASE(APaymentPageHasItsToken) {
  CheckoutRequest request;
  request.amount = {1800};
  request.description = "Заказ 7";
  request.tracking_id = "7";
  request.language = "ru";
  request.success_url = "https://shop.example/ok";
  request.notification_url = "https://gate.example/n";
  request.customer = {{"email", "buyer@example.ru"}};
  Account account = SampleAccount();
  account.test = true;
  const auto page = CheckoutTokenRequest(account, request);
  BOOST_TEST(
      Body(page) ==
      R"({"checkout":{"test":true,"transaction_type":"payment","settings":{)"
      R"("success_url":"https://shop.example/ok","notification_url":"https://gate.example/n",)"
      R"("language":"ru"},"order":{"currency":"RUB","amount":1800,"description":"Заказ 7",)"
      R"("tracking_id":"7"},"customer":{"email":"buyer@example.ru"}}})");
  BOOST_TEST(page->url == "https://checkout.bepaid.by/ctp/api/checkouts");
  BOOST_TEST(http::FindHeader(page->headers, "X-API-Version") == "2");
  request.fiscalization = SampleRequest().fiscalization;
  BOOST_TEST(Body(CheckoutTokenRequest(account, request)).find(R"(,"fiscalization":{)") !=
             std::string::npos);
  request.operation = Operation::kRefund;
  BOOST_TEST(!CheckoutTokenRequest(account, request).ok());
}

BOOST_AUTO_TEST_CASE(QuestionsHaveNoContentType) {
  const Account account = SampleAccount("freepayment");
  const std::pair<http::Request, std::string_view> kQuestions[] = {
      {ByUid(account, Api::kCards, "1-a"), "https://gateway.freepayment.online/transactions/1-a"},
      {ByUid(account, Api::kAlternative, "1"),
       "https://api.freepayment.online/beyag/transactions/1"},
      {ByTrackingId(account, Api::kCards, "a/b"),
       "https://gateway.freepayment.online/v2/transactions/tracking_id/a%2Fb"},
      {ByTrackingId(account, Api::kAlternative, "7"),
       "https://api.freepayment.online/beyag/transactions/tracking_id/7"},
      {CheckoutStatusRequest(account, "t"),
       "https://checkout.freepayment.online/ctp/api/checkouts/t"}};
  for (const auto& [request, url] : kQuestions) {
    BOOST_TEST(request.method == "GET");
    BOOST_TEST(request.url == url);
    BOOST_TEST(http::FindHeader(request.headers, "Content-Type") == "");
    BOOST_TEST(!http::FindHeader(request.headers, "Authorization").empty());
  }
}

BOOST_AUTO_TEST_CASE(AnAccountIsWhole) {
  BOOST_TEST(CheckAccount(SampleAccount()).ok());
  BOOST_TEST(AllProfiles().size() == 2u);
  BOOST_TEST((FindProfile("begateway") == nullptr));
  const auto bad = [](auto change) {
    Account account = SampleAccount();
    change(account);
    return !CheckAccount(account).ok();
  };
  BOOST_TEST(bad([](Account& account) { account.gateway_url.clear(); }));
  BOOST_TEST(bad([](Account& account) { account.shop_id.clear(); }));
  BOOST_TEST(bad([](Account& account) { account.shop_id = "3:6"; }));
  BOOST_TEST(bad([](Account& account) { account.secret_key = Secret(); }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::begateway
