#include "fcgi/emulator/orangedata/service.h"
#include "lib/protocol/orangedata/codec.h"
#include "tests/unit/fcgi_emulator/cloud_fixture.h"

namespace fiscalgate::emulator::orangedata {
namespace {

namespace od = protocol::orangedata;
using testing::IsDropped;

std::string KeyText(std::string_view group, std::string_view name) {
  const auto keys = base::ParseJson(testing::ReadFile("tests/data/cloud/rsa.json"));
  BOOST_REQUIRE(keys.ok());
  return std::string(keys->root().Find(group)->FindText(name));
}

std::string TeaWith(std::string_view more_position, std::string_view more_content = "") {
  return R"({"type":1,"positions":[{"quantity":2,"price":5.50,"tax":6,"text":"Чай")" +
         std::string(more_position) +
         R"(}],"checkClose":{"payments":[{"type":2,"amount":11.00}],"taxationSystem":0},)"
         R"("customerContact":"buyer@example.ru")" +
         std::string(more_content) + "}";
}

struct Fixture : testing::CloudFixture {
  Fixture() {
    testing::WriteFile(dir.File("key.pem"), KeyText("public", "spki_pem"));
    Begin([this](cloud::Cloud& cloud_) {
      OrangeDataOptions options;
      options.public_key_file = dir.File("key.pem");
      options.inn = "7727401209";
      return OrangeData::Make(options, cloud_);
    });
  }

  http::Response Post(std::string body, od::Endpoint endpoint = od::Endpoint::kDocuments) {
    return Call(od::SubmitRequest(account, endpoint, std::move(body), key));
  }
  static std::string Document(std::string_view id, std::string_view content = TeaWith("")) {
    return R"({"id":")" + std::string(id) +
           R"(","inn":"7727401209","group":"Main","key":"7727401209","content":)" +
           std::string(content) + "}";
  }
  od::StatusAnswer Ask(std::string_view id, od::Endpoint endpoint = od::Endpoint::kDocuments) {
    return od::ReadStatusAnswer(Call(od::StatusRequest(account, endpoint, id)), endpoint);
  }
  std::string ErrorsOf(std::string body) {
    const auto answer = od::ReadSubmitAnswer(Post(std::move(body)));
    BOOST_TEST((answer.outcome == od::SubmitOutcome::kRefused));
    std::string all;
    for (const std::string& error : answer.errors) all += error + "\n";
    return all;
  }

  od::Account account{"http://h", "7727401209", "Main", "7727401209"};
  base::RsaPrivateKey key =
      *base::RsaPrivateKey::Load(base::Secret(KeyText("private", "pkcs8_pem")));
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emulator_orangedata, Fixture)

BOOST_AUTO_TEST_CASE(ADocumentIsQueuedThenPrintedOnce) {
  const std::string body = Document("a-1");
  BOOST_TEST(Post(body).status == 201);
  BOOST_TEST((Ask("a-1").outcome == od::StatusOutcome::kQueued));
  Processed();
  const auto answer = Ask("a-1");
  BOOST_REQUIRE((answer.outcome == od::StatusOutcome::kDone));
  BOOST_TEST(answer.mark->total_1020.kopecks == 1100);
  BOOST_TEST(answer.mark->receipt_type_1054 == 1);
  BOOST_TEST(od::EchoMatches(answer.body, body));
  BOOST_TEST(Ask("a-1").mark->fd_1040 == answer.mark->fd_1040);
  const auto documents = View("/emulator/documents");
  BOOST_REQUIRE(documents.root().items.size() == 1U);
  BOOST_TEST(documents.root().items[0].FindText("key") == "a-1");
  BOOST_TEST(documents.root().items[0].FindText("fpd") == answer.mark->fpd_1077);
  BOOST_TEST(documents.root().items[0].FindText("total") == "11.00");
}

BOOST_AUTO_TEST_CASE(TheSameIdIsAConflictWhateverItHolds) {
  BOOST_TEST(Post(Document("a-1")).status == 201);
  BOOST_TEST(Post(Document("a-1")).status == 409);
  BOOST_TEST(Post(Document("a-1", TeaWith(R"(,"additionalAttribute":"x")"))).status == 409);
  Processed();
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(WhatWasRegisteredAndPrintedOutlivesACrash) {
  BOOST_TEST(Post(Document("a-1")).status == 201);
  Restart();
  BOOST_TEST(Post(Document("a-1")).status == 409);
  Processed();
  const auto before = Ask("a-1");
  BOOST_REQUIRE((before.outcome == od::StatusOutcome::kDone));
  Restart();
  BOOST_TEST(Ask("a-1").mark->fd_1040 == before.mark->fd_1040);
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(EveryDocumentThatTheGatewayWritesIsTakenAndComesToItsTotal) {
  const auto table = base::ParseJson(testing::ReadFile("tests/data/orangedata/documents.json"));
  BOOST_REQUIRE(table.ok());
  for (const base::JsonValue& row : table->root().items) {
    const std::string body(row.FindText("document"));
    // The vendor of registers' own sample is paid short, and a lenient shop may print it.
    if (body.empty() || row.FindText("receipt").ends_with("lenient")) continue;
    BOOST_TEST_CONTEXT(row.FindText("receipt")) {
      const auto document = base::ParseJson(body);
      BOOST_REQUIRE(document.ok());
      const base::JsonValue& content = *document->root().Find("content");
      auto endpoint = od::Endpoint::kDocuments;
      if (content.Find("correctionType") != nullptr) {
        endpoint = content.Find("positions") == nullptr ? od::Endpoint::kCorrections
                                                        : od::Endpoint::kCorrections12;
      }
      const http::Response response = Post(body, endpoint);
      BOOST_TEST(response.status == 201, response.body);
      Processed();
      const auto answer = Ask(document->root().FindText("id"), endpoint);
      BOOST_TEST((answer.outcome == od::StatusOutcome::kDone));
      BOOST_TEST(od::EchoMatches(answer.body, body));
    }
  }
}

BOOST_AUTO_TEST_CASE(AWrongSignatureRegistersNothing) {
  auto request = od::SubmitRequest(account, od::Endpoint::kDocuments, Document("a-1"), key);
  request.body += " ";
  const auto answer = od::ReadSubmitAnswer(Call(request));
  BOOST_TEST((answer.outcome == od::SubmitOutcome::kRefused));
  BOOST_REQUIRE(answer.errors.size() == 1U);
  BOOST_TEST(answer.errors[0] == "Подпись не прошла проверку");
  BOOST_TEST((Ask("a-1").outcome == od::StatusOutcome::kNotFound));
}

BOOST_AUTO_TEST_CASE(WhatIsMissingIsNamedInTheVendorsWords) {
  const std::string errors = ErrorsOf(R"({"key":"7727401209"})");
  for (const char* words :
       {"Не указан идентификатор документа 'Id'", "Не указан ИНН организации 'INN'",
        "Отсутствует содержимое документа 'Content'"}) {
    BOOST_TEST(errors.find(words) != std::string::npos, errors);
  }
}

BOOST_AUTO_TEST_CASE(WrongContentIsRefusedWithItsPlace) {
  const std::pair<std::string, const char*> kCases[] = {
      {TeaWith(R"(,"paymentMethodType":9)"), "content.positions[0].paymentMethodType"},
      {TeaWith(R"(,"paymentSubjectType":29)"), "content.positions[0].paymentSubjectType"},
      {TeaWith(R"(,"nomenclatureCode":"AAA")"), "content.positions[0].nomenclatureCode"},
      {TeaWith(R"(,"itemCode":"0104601234567890215AbCdEf")", R"(,"ffdVersion":4)"),
       "content.positions[0].plannedStatus"},
      {TeaWith("", R"(,"totalSum":12.00)"), "content.totalSum"},
      {TeaWith("", R"(,"ffdVersion":3)"), "content.ffdVersion"},
      {TeaWith("", R"(,"cashierINN":"12")"), "content.cashierINN"},
      {R"({"type":5,"customerContact":"x"})", "content.type"},
      {R"({"type":5,"customerContact":"x"})", "content.customerContact"},
      {R"({"type":1,"positions":[]})", "content.positions"},
      {R"({"type":1,"positions":[1]})", "content.positions[0].quantity"},
      {R"({"type":1,"positions":[{"quantity":"1"}]})", "content.positions[0].quantity"},
      {R"({"type":1,"positions":[{"quantity":1,"price":5.555}]})", "content.positions[0].price"},
  };
  for (const auto& [content, place] : kCases) {
    const std::string errors = ErrorsOf(Document("a-1", content));
    BOOST_TEST(errors.find(std::string(place) + ":") != std::string::npos, errors);
  }
  BOOST_TEST(CountPrinted() == 0U);
}

BOOST_AUTO_TEST_CASE(PaymentsMustComeToTheTotal) {
  const auto paid = [](std::string_view payments) {
    return R"({"type":1,"positions":[{"quantity":1,"price":11,"tax":6,"text":"Чай"}],)"
           R"("customerContact":"none","checkClose":{"payments":)" +
           std::string(payments) + "}}";
  };
  BOOST_TEST(ErrorsOf(Document("a", paid(R"([{"type":2,"amount":10}])"))).find("checkClose") !=
             std::string::npos);
  BOOST_TEST(ErrorsOf(Document("a", paid(R"([{"type":2,"amount":12}])"))).find("checkClose") !=
             std::string::npos);
  BOOST_TEST(Post(Document("a", paid(R"([{"type":1,"amount":20}])"))).status == 201);
  Processed();
  BOOST_TEST(Ask("a").body.find(R"("change":9.00)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(AMalformedMarkingCodeIsRefusedUnlessItIsIgnored) {
  const std::string content =
      TeaWith(R"(,"itemCode":"no code","plannedStatus":1)", R"(,"ffdVersion":4)");
  BOOST_TEST(Post(Document("a-1", content)).status == 201);
  Processed();
  const auto answer = Ask("a-1");
  BOOST_TEST((answer.outcome == od::StatusOutcome::kMarkingFailed));
  BOOST_REQUIRE(answer.marking.size() == 1U);
  BOOST_TEST(answer.marking[0].item_code == "no code");
  BOOST_TEST(CountPrinted() == 0U);
  std::string ignored = Document("a-2", content);
  ignored.insert(1, R"("ignoreItemCodeCheck":true,)");
  BOOST_TEST(Post(ignored).status == 201);
  Processed();
  BOOST_TEST((Ask("a-2").outcome == od::StatusOutcome::kDone));
}

BOOST_AUTO_TEST_CASE(AClientWithoutAValidCertificateIsUnauthorized) {
  auto request = od::SubmitRequest(account, od::Endpoint::kDocuments, Document("a-1"), key);
  for (const char* verdict : {"NONE", "FAILED:unable to verify"}) {
    auto without = request;
    without.headers.emplace_back("SSL_CLIENT_VERIFY", verdict);
    BOOST_TEST((od::ReadSubmitAnswer(Call(without)).outcome == od::SubmitOutcome::kUnauthorized));
  }
  request.headers.emplace_back("SSL_CLIENT_VERIFY", "SUCCESS");
  BOOST_TEST(Call(request).status == 201);
}

BOOST_AUTO_TEST_CASE(AMarkingCodeIsCheckedWithoutBeingPrinted) {
  auto request = od::SubmitRequest(
      account, od::Endpoint::kDocuments,
      R"({"id":"c-1","inn":"7727401209","content":{"plannedStatus":1,"itemCode":"no code"}})", key);
  request.url = "http://h/api/v2/itemcode";
  BOOST_TEST(Call(request).status == 201);
  BOOST_TEST(Call(request).status == 409);
  http::Request question;
  question.url = "http://h/api/v2/itemcode/7727401209/status/c-1";
  BOOST_TEST(Call(question).status == 202);
  Processed();
  BOOST_TEST(Call(question).body.find(R"("checkResult":false)") != std::string::npos);
  BOOST_TEST(CountPrinted() == 0U);
}

BOOST_AUTO_TEST_CASE(TheSelfTestChecksTheSignature) {
  BOOST_TEST(Call(od::SelfTestRequest(account, key)).status == 200);
  auto wrong = od::SelfTestRequest(account, key);
  wrong.body += "\n";
  BOOST_TEST(Call(wrong).status == 400);
}

BOOST_AUTO_TEST_CASE(TheDevicesOfAGroupAreListed) {
  const auto answer = od::ReadDevicesAnswer(Call(od::DevicesRequest(account)));
  BOOST_TEST(answer.is_read);
  BOOST_REQUIRE(answer.devices.size() == 1U);
  BOOST_TEST(answer.devices[0].state == "Ready");
  account.inn = "7707083893";
  BOOST_TEST(!od::ReadDevicesAnswer(Call(od::DevicesRequest(account))).is_read);
}

BOOST_AUTO_TEST_CASE(FaultsEndADocumentUnprinted) {
  SetFault(R"({"fault":"error","text":"Фискальный накопитель неисправен"})");
  SetFault(R"({"fault":"expire-524"})");
  BOOST_TEST(Post(Document("a-1")).status == 201);
  BOOST_TEST(Post(Document("a-2")).status == 201);
  Processed();
  BOOST_TEST((Ask("a-1").outcome == od::StatusOutcome::kMarkingFailed));
  BOOST_TEST((Ask("a-2").outcome == od::StatusOutcome::kExpired));
  Restart();
  BOOST_TEST((Ask("a-2").outcome == od::StatusOutcome::kExpired));
  BOOST_TEST(CountPrinted() == 0U);
}

BOOST_AUTO_TEST_CASE(BusyNamesAPauseAndRegistersNothing) {
  SetFault(R"({"fault":"busy-503","ms":7000})");
  const auto answer = od::ReadSubmitAnswer(Post(Document("a-1")));
  BOOST_TEST((answer.outcome == od::SubmitOutcome::kBusy));
  BOOST_TEST((answer.retry_after == std::chrono::seconds(7)));
  BOOST_TEST(Post(Document("a-1")).status == 201);
}

BOOST_AUTO_TEST_CASE(AConflictThatIsOurOwnDocumentIsPrintedOnce) {
  SetFault(R"({"fault":"conflict-409"})");
  BOOST_TEST(Post(Document("a-1")).status == 409);
  Processed();
  BOOST_TEST((Ask("a-1").outcome == od::StatusOutcome::kDone));
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(AStormLocksEverybodyOutUntilItIsCleared) {
  SetFault(R"({"fault":"401-storm"})");
  BOOST_TEST(Post(Document("a-1")).status == 401);
  BOOST_TEST((Ask("a-1").outcome == od::StatusOutcome::kUnauthorized));
  BOOST_TEST(Control("DELETE", "/emulator/faults").status == 200);
  BOOST_TEST(Post(Document("a-1")).status == 201);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator::orangedata
