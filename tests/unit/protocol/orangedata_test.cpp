#include "lib/base/text.h"
#include "lib/protocol/orangedata/codec.h"
#include "lib/protocol/orangedata/mapping_table.h"
#include "tests/unit/protocol/cloud.h"

namespace fiscalgate::protocol::orangedata {
namespace {

using base::JsonValue;
using testing::AllReceipts;
using testing::Lines;
using testing::LoadTable;
using testing::MappingOf;
using testing::ReadData;
using testing::Text;

Account SampleAccount() {
  Account account;
  account.base_url = "https://apip.orangedata.ru:2443/";
  account.inn = "7727401209";
  account.group = "Main";
  account.key = "7727401209";
  return account;
}

Mapping Confirmed() { return MappingOf(Table(), R"({"vat":{"1":true,"3":true,"11":true}})"); }

base::RsaPrivateKey SampleKey() {
  const auto table = LoadTable("cloud/rsa.json");
  auto key =
      base::RsaPrivateKey::Load(base::Secret(Text(*table.root().Find("private"), "pkcs8_pem")));
  BOOST_REQUIRE(key.ok());
  return *key;
}

std::string NameOf(SubmitOutcome outcome) {
  constexpr const char* kNames[] = {"accepted",     "exists", "refused",
                                    "unauthorized", "busy",   "unclear"};
  return kNames[static_cast<int>(outcome)];
}
std::string NameOf(StatusOutcome outcome) {
  constexpr const char* kNames[] = {"done",           "queued",  "not_found", "unauthorized",
                                    "marking_failed", "expired", "busy",      "unclear"};
  return kNames[static_cast<int>(outcome)];
}

http::Response ResponseOf(const JsonValue& row) {
  http::Response response;
  response.status = std::stoi(std::string(row.Find("status")->text));
  response.body = Text(row, "body");
  if (const JsonValue* pause = row.Find("retry_header")) {
    response.headers = {{"retry-after", std::string(pause->text)}};
  }
  return response;
}

void CheckErrors(const JsonValue& row, const std::vector<std::string>& errors) {
  const JsonValue* const expected = row.Find("errors");
  if (expected == nullptr) return;
  BOOST_REQUIRE_EQUAL(errors.size(), expected->items.size());
  for (std::size_t i = 0; i < errors.size(); ++i) BOOST_TEST(errors[i] == expected->items[i].text);
}

void CheckPause(const JsonValue& row, std::optional<std::chrono::seconds> pause) {
  const JsonValue* const expected = row.Find("retry");
  BOOST_REQUIRE_EQUAL(pause.has_value(), expected != nullptr);
  if (pause) BOOST_TEST(std::to_string(pause->count()) == expected->text);
}

void CheckStatus(const JsonValue& row) {
  const Endpoint endpoint =
      row.Find("endpoint") == nullptr ? Endpoint::kDocuments : Endpoint::kCorrections;
  const StatusAnswer answer = ReadStatusAnswer(ResponseOf(row), endpoint);
  BOOST_TEST(NameOf(answer.outcome) == row.FindText("outcome"));
  BOOST_TEST(answer.mark.has_value() == (answer.outcome == StatusOutcome::kDone));
  BOOST_TEST((answer.mark ? ffd::QrText(*answer.mark) : "") == row.FindText("qr"));
  CheckErrors(row, answer.errors);
  CheckPause(row, answer.retry_after);
  const JsonValue* const marking = row.Find("marking");
  if (marking == nullptr) return;
  BOOST_REQUIRE_EQUAL(answer.marking.size(), marking->items.size());
  for (std::size_t i = 0; i < answer.marking.size(); ++i) {
    BOOST_TEST(std::to_string(answer.marking[i].position) == marking->items[i].items[0].text);
    BOOST_TEST(answer.marking[i].item_code == marking->items[i].items[1].text);
    BOOST_TEST(answer.marking[i].check_result.find("oismStatus") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE(orangedata_test)

BOOST_AUTO_TEST_CASE(EveryReceiptBecomesTheseBytesOrIsRefused) {
  const auto receipts = AllReceipts();
  const auto table = LoadTable("orangedata/documents.json");
  for (const JsonValue& row : table.root().items) {
    BOOST_TEST_CONTEXT(row.FindText("receipt")) {
      const auto& [receipt, version] = receipts.at(Text(row, "receipt"));
      const std::string faults = Lines(CheckExpressible(receipt, version, Confirmed()));
      if (row.Find("faults") != nullptr) {
        BOOST_TEST(!faults.empty());
        continue;
      }
      BOOST_TEST(faults == "");
      const auto document =
          WriteDocument(SampleAccount(), row.FindText("receipt"), receipt, version, Confirmed());
      BOOST_REQUIRE(document.ok());
      BOOST_TEST(*document == row.FindText("document"));
      BOOST_TEST(base::ParseJson(*document).ok());
    }
  }
  BOOST_TEST(table.root().items.size() + 3 >= receipts.size());  // vendors' long ones are enough
}

BOOST_AUTO_TEST_CASE(TheVendorsEchoIsOfTheDocumentThatIsWritten) {
  const auto receipts = AllReceipts();
  const auto& [receipt, version] = receipts.at("sample_of_bepaid");
  const std::string id = "5b95328a-a657-496a-bcef-93a87efd8477";
  const auto document = WriteDocument(SampleAccount(), id, receipt, version, Confirmed());
  BOOST_REQUIRE(document.ok());
  const std::string body = ReadData("orangedata/status_body.json");
  BOOST_TEST(EchoMatches(body, *document));
  const std::pair<std::string_view, std::string_view> kOthers[] = {
      {"5b95328a-a657", "6b95328a-a657"}, {"\"price\": 11.0", "\"price\": 11.01"},
      {"\"tax\": 3", "\"tax\": 4"},       {"name1", "name2"},
      {"\"type\": 1", "\"type\": 2"},     {"7727401209", "7727401208"},
      {"\"content\"", "\"contents\""},    {"\"quantity\": 1.0", "\"quantity\": 2"},
      {"\"positions\"", "\"position\""}};
  for (const auto& [from, to] : kOthers) {
    std::string other = body;
    BOOST_REQUIRE(other.find(from) != std::string::npos);
    other.replace(other.find(from), from.size(), to);
    BOOST_TEST(!EchoMatches(other, *document), from);
  }
  BOOST_TEST(!EchoMatches("", *document));
  BOOST_TEST(!EchoMatches(body, "[]"));
}

BOOST_AUTO_TEST_CASE(TheVendorsStatusGivesAWholeMark) {
  http::Response response;
  response.status = 200;
  response.body = ReadData("orangedata/status_body.json");
  const StatusAnswer answer = ReadStatusAnswer(response, Endpoint::kDocuments);
  BOOST_REQUIRE(answer.mark.has_value());
  BOOST_TEST(ffd::QrText(*answer.mark) ==
             "t=20231122T1118&s=18.00&fn=9999078900011495&i=192058&fp=872970506&n=1");
  BOOST_TEST(answer.mark->shift_1038 == 173);
  BOOST_TEST(answer.mark->receipt_number_1042 == 130);
  BOOST_TEST(answer.mark->register_number_1037 == "0000000000034229");
  BOOST_TEST(answer.body == response.body);
}

BOOST_AUTO_TEST_CASE(AnswersAreUnderstoodOrUnclear) {
  const auto table = LoadTable("orangedata/answers.json");
  for (const JsonValue& row : table.root().items) {
    BOOST_TEST_CONTEXT(row.FindText("name")) {
      if (row.FindText("of") == "status") {
        CheckStatus(row);
        continue;
      }
      const SubmitAnswer answer = ReadSubmitAnswer(ResponseOf(row));
      BOOST_TEST(NameOf(answer.outcome) == row.FindText("outcome"));
      CheckErrors(row, answer.errors);
      CheckPause(row, answer.retry_after);
    }
  }
}

BOOST_AUTO_TEST_CASE(TheSignatureIsOverTheExactBody) {
  const auto key = SampleKey();
  const auto public_key = base::RsaPublicKey::Load(key.PublicDer());
  BOOST_REQUIRE(public_key.ok());
  const std::string body = R"({"id":"1","text":"чек"})";
  const http::Request request = SubmitRequest(SampleAccount(), Endpoint::kDocuments, body, key);
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.url == "https://apip.orangedata.ru:2443/api/v2/documents/");
  BOOST_TEST(request.body == body);
  BOOST_TEST(http::FindHeader(request.headers, "Content-Type") ==
             "application/json; charset=utf-8");
  const std::string signature(http::FindHeader(request.headers, "X-Signature"));
  BOOST_TEST(public_key->Verify(body, *base::Base64DecodeLenient(signature)));
  BOOST_TEST(signature.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(EachKindHasItsAddresses) {
  const Account account = SampleAccount();
  const std::string api = "https://apip.orangedata.ru:2443/api/v2/";
  BOOST_TEST(StatusRequest(account, Endpoint::kDocuments, "a/b 1").url ==
             api + "documents/7727401209/status/a%2Fb%201");
  BOOST_TEST(StatusRequest(account, Endpoint::kCorrections, "1").url ==
             api + "corrections/7727401209/status/1");
  BOOST_TEST(StatusRequest(account, Endpoint::kCorrections12, "1").url ==
             api + "correction12/7727401209/status/1");
  BOOST_TEST(http::FindHeader(StatusRequest(account, Endpoint::kDocuments, "1").headers,
                              "X-Signature") == "");
  BOOST_TEST(DevicesRequest(account).url == api + "devices/status/7727401209/Main");
  const http::Request test = SelfTestRequest(account, SampleKey());
  BOOST_TEST(test.url == api + "check/");
  BOOST_TEST(test.body == R"({"inn":"7727401209","group":"Main","key":"7727401209"})");
  BOOST_TEST(ReceiptPage(account, "1") == "https://cheques-test.orangedata.ru/7727401209/1");
  Account real = account;
  real.base_url = "https://api.orangedata.ru:12003";
  BOOST_TEST(ReceiptPage(real, "1") == "https://cheques-lk.orangedata.ru/7727401209/1");
}

BOOST_AUTO_TEST_CASE(AnAccountAndAnIdHaveTheirLimits) {
  BOOST_TEST(CheckAccount(SampleAccount()).ok());
  const auto bad = [](auto change) {
    Account account = SampleAccount();
    change(account);
    return !CheckAccount(account).ok();
  };
  BOOST_TEST(bad([](Account& account) { account.base_url.clear(); }));
  BOOST_TEST(bad([](Account& account) { account.inn = "772740120"; }));
  BOOST_TEST(bad([](Account& account) { account.inn = "77274012O9"; }));
  BOOST_TEST(bad([](Account& account) { account.key.clear(); }));
  BOOST_TEST(bad([](Account& account) { account.key = std::string(33, '1'); }));
  BOOST_TEST(bad([](Account& account) { account.group = std::string(33, 'M'); }));
  const auto receipts = AllReceipts();
  const auto& [receipt, version] = receipts.at("sample_of_bepaid");
  for (const std::string& id : {std::string(), std::string(65, '1')}) {
    BOOST_TEST(!WriteDocument(SampleAccount(), id, receipt, version, Confirmed()).ok());
  }
}

BOOST_AUTO_TEST_CASE(AnUnconfirmedValueIsNeverWritten) {
  const auto receipts = AllReceipts();
  const auto& [receipt, version] = receipts.at("plain_card");  // 22 %
  BOOST_TEST(!WriteDocument(SampleAccount(), "1", receipt, version, Mapping(Table())).ok());
  BOOST_TEST(WriteDocument(SampleAccount(), "1", receipt, version, Confirmed()).ok());
}

BOOST_AUTO_TEST_CASE(DevicesAreReadWhateverTheyCallThemselves) {
  http::Response response;
  response.status = 200;
  response.body =
      R"({"devices":[{"deviceSN":"0001660038015559","state":"Ready"},{"id":7,"status":3},{},1]})";
  const DevicesAnswer answer = ReadDevicesAnswer(response);
  BOOST_REQUIRE(answer.is_read);
  BOOST_REQUIRE_EQUAL(answer.devices.size(), 4u);
  BOOST_TEST(answer.devices[0].serial == "0001660038015559");
  BOOST_TEST(answer.devices[0].state == "Ready");
  BOOST_TEST(answer.devices[1].serial == "7");
  BOOST_TEST(answer.devices[1].state == "3");
  BOOST_TEST(answer.devices[2].raw == "{}");
  response.status = 400;
  response.body = R"({"errors":["Группа не найдена"]})";
  BOOST_TEST(!ReadDevicesAnswer(response).is_read);
  BOOST_TEST(ReadDevicesAnswer(response).errors.at(0) == "Группа не найдена");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::orangedata
