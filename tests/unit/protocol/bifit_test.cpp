#include "lib/base/text.h"
#include "lib/protocol/bifit/codec.h"
#include "lib/protocol/bifit/mapping_table.h"
#include "lib/protocol/json_pointer.h"
#include "tests/unit/protocol/cloud.h"

namespace fiscalgate::protocol::bifit {
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

constexpr std::string_view kTest = "https://fp-test.bifit.com/processing-api";
constexpr std::string_view kOverlay =
    R"({"vat":{"6":true,"11":true},"payment":{"1081":"CARD","1215":"PREPAID"},"unit":{"0":null},)"
    R"("field":{"1125":null,"1187":null,"1011":null}})";

http::Response ResponseOf(const JsonValue& row) {
  http::Response response;
  response.status = std::stoi(std::string(row.Find("status")->text));
  response.body = Text(row, "body");
  if (const JsonValue* pause = row.Find("retry_header")) {
    response.headers = {{"Retry-After", std::string(pause->text)}};
  }
  return response;
}

// What a row expects of the outcome, the error and the pause; `names` in the order of the enum.
template <typename Outcome>
void CheckOutcome(const JsonValue& row, Outcome outcome,
                  std::initializer_list<std::string_view> names, const std::string& error) {
  BOOST_TEST(names.begin()[static_cast<int>(outcome)] == row.FindText("outcome"));
  if (row.Find("error") != nullptr) BOOST_TEST(error == row.FindText("error"));
}

void CheckPause(const JsonValue& row, std::optional<std::chrono::seconds> pause) {
  const JsonValue* const expected = row.Find("retry");
  BOOST_REQUIRE_EQUAL(pause.has_value(), expected != nullptr);
  if (pause) BOOST_TEST(std::to_string(pause->count()) == expected->text);
}

void CheckToken(const JsonValue& row) {
  const TokenAnswer answer = ReadTokenAnswer(ResponseOf(row));
  CheckOutcome(row, answer.outcome, {"granted", "refused", "busy", "unclear"}, answer.error);
  CheckPause(row, answer.retry_after);
  BOOST_TEST(answer.tokens.access.empty() == (answer.outcome != TokenOutcome::kGranted));
  if (row.Find("life") == nullptr) return;
  BOOST_TEST(std::to_string(answer.tokens.lives.count()) == row.Find("life")->text);
}

void CheckRegister(const JsonValue& row) {
  const RegisterAnswer answer = ReadRegisterAnswer(ResponseOf(row));
  CheckOutcome(row, answer.outcome,
               {"registered", "unauthorized", "forbidden", "refused", "busy", "unclear"},
               answer.error);
  CheckPause(row, answer.retry_after);
  const JsonValue* const document = row.Find("document");
  BOOST_TEST(std::to_string(answer.document) ==
             (document == nullptr ? std::string_view("0") : document->text));
}

void CheckDocument(const JsonValue& row) {
  const DocumentAnswer answer = ReadDocumentAnswer(ResponseOf(row), {});
  CheckOutcome(row, answer.outcome,
               {"done", "pending", "failed", "not_found", "unauthorized", "busy", "unclear"},
               answer.error);
  CheckPause(row, answer.retry_after);
  BOOST_TEST(answer.mark.has_value() == (answer.outcome == DocumentOutcome::kDone));
  if (row.Find("qr") != nullptr) BOOST_TEST(ffd::QrText(*answer.mark) == row.FindText("qr"));
}

BOOST_AUTO_TEST_SUITE(bifit_test)

BOOST_AUTO_TEST_CASE(TheDocumentsReceiptIsWrittenByteForByte) {
  auto receipt = AllReceipts().at("sample_of_bifit").receipt;
  receipt.buyer_contact_1008 = "7ХХХХХХХХХХ";  // as printed there, in Cyrillic letters
  const auto body = WriteReceipt(receipt, Mapping(Table()));
  BOOST_REQUIRE(body.ok());
  BOOST_TEST(*body == Minify(ReadData("bifit/receipt.json")));
}

BOOST_AUTO_TEST_CASE(EveryReceiptBecomesTheseBytesOrIsRefused) {
  const auto receipts = AllReceipts();
  const Mapping mapping = MappingOf(Table(), kOverlay);
  const auto table = LoadTable("bifit/documents.json");
  for (const JsonValue& row : table.root().items) {
    const auto& [receipt, version] = receipts.at(Text(row, "receipt"));
    const std::string faults = Lines(CheckExpressible(receipt, version, mapping));
    BOOST_TEST(faults.empty() == (row.Find("faults") == nullptr), row.FindText("receipt"));
    if (!faults.empty()) continue;
    const auto body = WriteReceipt(receipt, mapping);
    BOOST_REQUIRE(body.ok());
    BOOST_TEST(*body == row.FindText("document"));
    BOOST_TEST(base::ParseJson(*body).ok());
  }
}

BOOST_AUTO_TEST_CASE(WhatIsNotConfirmedIsNeverWritten) {
  const auto receipts = AllReceipts();
  for (const char* name : {"weighed_cash", "sample_of_bifit"}) {
    BOOST_TEST(WriteReceipt(receipts.at(name).receipt, Mapping(Table())).ok());
  }
  for (const char* name : {"mixed_payments", "simplified_without_vat", "plain_card"}) {
    BOOST_TEST(!WriteReceipt(receipts.at(name).receipt, Mapping(Table())).ok());
  }
}

BOOST_AUTO_TEST_CASE(TokensAreAskedForAsDocumented) {
  const std::string client =
      "&client_id=processing-connector-token&client_secret=processing-connector-token&grant_type=";
  const http::Request first = TokenRequest(kTest, Secret("P5cKbUUD9u"));
  BOOST_TEST(first.method == "POST");
  BOOST_TEST(first.url == "https://fp-test.bifit.com/processing-api/oauth/token");
  BOOST_TEST(http::FindHeader(first.headers, "Content-Type") ==
             "application/x-www-form-urlencoded");
  BOOST_TEST(first.body == "token=P5cKbUUD9u" + client + "token");
  const http::Request again = RefreshRequest(std::string(kTest) + "/", Secret("a+b&c"));
  BOOST_TEST(again.url == first.url);
  BOOST_TEST(again.body == "refresh_token=a%2Bb%26c" + client + "refresh_token");
}

BOOST_AUTO_TEST_CASE(RequestsCarryTheirHeaders) {
  const Secret access("access_token");
  const http::Request request = RegisterRequest(kTest, access, "idempotency_key", "{}");
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.url ==
             "https://fp-test.bifit.com/processing-api/protected/documents/registration/receipts");
  BOOST_TEST(http::FindHeader(request.headers, "Authorization") == "Bearer access_token");
  BOOST_TEST(http::FindHeader(request.headers, "Idempotency-Key") == "idempotency_key");
  BOOST_TEST(http::FindHeader(request.headers, "Content-Type") == "application/json");
  const http::Request ask = DocumentRequest(kTest, access, 254934);
  BOOST_TEST(ask.method == "GET");
  BOOST_TEST(ask.url == "https://fp-test.bifit.com/processing-api/protected/documents/254934");
  const http::Request reload = ReloadRequest("https://fp.bifit.com/processing-api", access,
                                             Secret("FkxvbtJgG3b2"), {254934});
  BOOST_TEST(reload.url == "https://fp.bifit.com/processing-api/protected/documents/reload/token");
  BOOST_TEST(http::FindHeader(reload.headers, "Broker-token") == "FkxvbtJgG3b2");
  BOOST_TEST(reload.body == "[254934]");
}

BOOST_AUTO_TEST_CASE(TheKeyIsTheDocumentedHash) {
  const auto table = LoadTable("bifit/answers.json");
  for (const JsonValue& row : table.root().Find("keys")->items) {
    base::Money sum;
    BOOST_REQUIRE((base::ParseMoney(row.FindText("sum"), &sum) == base::DecimalFault::kNone));
    const auto time = ffd::ParseDate(row.FindText("time"));
    BOOST_REQUIRE(time.has_value());
    const auto key = IdempotencyKey(std::stoll(std::string(row.Find("number")->text)),
                                    row.FindText("pin"), sum, *time);
    BOOST_REQUIRE(key.ok());
    BOOST_TEST(*key == row.FindText("key"), row.FindText("text"));
  }
  for (const std::string_view pin : {"", "123", "12345", "12a4", "12 4"}) {
    BOOST_TEST(!IdempotencyKey(1, pin, {100}, {}).ok());
  }
  BOOST_TEST(!IdempotencyKey(0, "1234", {100}, {}).ok());
  BOOST_TEST(!IdempotencyKey(1, "1234", {-1}, {}).ok());
}

BOOST_AUTO_TEST_CASE(TheLinkWorksBeforeTheReceipt) {
  BOOST_TEST(OfflineLink(kTest, "abc123") ==
             "https://fp-test.bifit.com/processing-api/receipts/abc123");
  BOOST_TEST(OfflineLink(std::string(kTest) + "//", "a/b") ==
             "https://fp-test.bifit.com/processing-api/receipts/a%2Fb");
}

BOOST_AUTO_TEST_CASE(AnswersAreUnderstoodOrUnclear) {
  const auto table = LoadTable("bifit/answers.json");
  for (const JsonValue& row : table.root().Find("answers")->items) {
    BOOST_TEST_CONTEXT(row.FindText("of") << " " << row.FindText("name")) {
      const std::string_view of = row.FindText("of");
      if (of == "token") CheckToken(row);
      if (of == "register") CheckRegister(row);
      if (of == "document") CheckDocument(row);
      if (of == "reload") {
        const ReloadAnswer answer = ReadReloadAnswer(ResponseOf(row));
        CheckOutcome(row, answer.outcome,
                     {"accepted", "unauthorized", "refused", "busy", "unclear"}, answer.error);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(ABrokenTokenIsNeverTold) {
  http::Response response;
  response.status = 200;
  response.body = R"({"access_token":"secret secret","refresh_token":"secret"})";
  BOOST_TEST(ReadTokenAnswer(response).error.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(TheShapeOfADocumentIsASetting) {
  const auto shape = ReadDocumentShape(
      R"({"status":"/state/name","failed":["BAD","WORSE"],"drive":"/f/0/fn","number":"/f/0/fd",)"
      R"("sign":"/f/0/fp","time":"/f/0/t","zone":11})");
  BOOST_REQUIRE(shape.ok());
  http::Response response;
  response.status = 200;
  response.body =
      R"({"state":{"name":"OK"},"f":[{"fn":9999078902012345,"fd":"17","fp":12345,"t":0}]})";
  const DocumentAnswer answer = ReadDocumentAnswer(response, *shape);
  BOOST_REQUIRE((answer.outcome == DocumentOutcome::kDone));
  BOOST_TEST(answer.mark->fn_1041 == "9999078902012345");
  BOOST_TEST(answer.mark->time_1012 == "1970-01-01T12:00:00");
  response.body = R"({"state":{"name":"WORSE"},"errorMessage":"x"})";
  BOOST_TEST((ReadDocumentAnswer(response, *shape).outcome == DocumentOutcome::kFailed));
  BOOST_TEST(ReadDocumentShape("").ok());
  BOOST_TEST(ReadDocumentShape("{}").ok());
}

BOOST_AUTO_TEST_CASE(AShapeIsHostileUntilRead) {
  for (const std::string_view json :
       {"x", "[]", R"({"states":"/a"})", R"({"status":""})", R"({"status":"a"})",
        R"({"status":"/a~"})", R"({"status":"/a~2"})", R"({"status":5})", R"({"failed":[]})",
        R"({"failed":"ERROR"})", R"({"failed":[""]})", R"({"failed":[1]})", R"({"zone":0})",
        R"({"zone":12})", R"({"zone":"x"})"}) {
    BOOST_TEST(!ReadDocumentShape(json).ok(), json);
  }
  BOOST_TEST(!ReadDocumentShape(R"({"sign":"/)" + std::string(300, 'a') + R"("})").ok());
}

BOOST_AUTO_TEST_CASE(PointersAreThoseOfTheStandard) {
  const auto document =
      base::ParseJson(R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"k":{"0":{"x":[[5]]}}})");
  BOOST_REQUIRE(document.ok());
  const auto at = [&](std::string_view pointer) {
    const JsonValue* const value = FindAt(document->root(), pointer);
    return value == nullptr ? std::string("-") : std::string(value->raw);
  };
  BOOST_TEST(at("/foo/0") == "\"bar\"");
  BOOST_TEST(at("/") == "0");
  BOOST_TEST(at("/a~1b") == "1");
  BOOST_TEST(at("/m~0n") == "8");
  BOOST_TEST(at("/k/0/x/0/0") == "5");
  BOOST_TEST(at("").starts_with("{"));
  for (const std::string_view none :
       {"foo", "/foo/2", "/foo/00", "/foo/-", "/foo/", "/foo/0/x", "/nothing", "/m~n", "//"}) {
    BOOST_TEST(at(none) == "-", none);
  }
}

BOOST_AUTO_TEST_CASE(TheDocumentedCausesOfAnErrorAreKnown) {
  const std::pair<std::string_view, ErrorCause> kCauses[] = {
      {"Неисправность кассы", ErrorCause::kRegisterFault},
      {"Некорректно указанные данные в чеке (СНО)", ErrorCause::kWrongData},
      {"Закончилась лицензия", ErrorCause::kLicence},
      {"Достигнут предел чеков на ФН", ErrorCause::kDriveLimit},
      {"что-то еще", ErrorCause::kOther},
      {"", ErrorCause::kOther}};
  for (const auto& [text, cause] : kCauses) BOOST_TEST((CauseOf(text) == cause), text);
  BOOST_TEST((Passes(ErrorCause::kLicence) && !Passes(ErrorCause::kWrongData)));
  BOOST_TEST(!Passes(ErrorCause::kOther));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bifit
