// What every emulated cloud service has alike, tried with one of them.
#include "fcgi/emulator/bifit/service.h"
#include "fcgi/emulator/cloud/fields.h"
#include "fcgi/emulator/cloud/overlay.h"
#include "lib/protocol/bifit/codec.h"
#include "lib/protocol/orangedata/mapping_table.h"
#include "tests/unit/fcgi_emulator/cloud_fixture.h"

namespace fiscalgate::emulator::cloud {
namespace {

namespace codec = protocol::bifit;
using testing::IsDropped;

constexpr std::string_view kBase = "http://h/processing-api";

struct Fixture : testing::CloudFixture {
  Fixture() {
    Begin([](Cloud& cloud_) { return bifit::Bifit::Make({}, cloud_); });
    access = LogIn();
  }
  base::Secret LogIn() {
    return codec::ReadTokenAnswer(Call(codec::TokenRequest(kBase, base::Secret("any"))))
        .tokens.access;
  }
  http::Request Registration(std::string_view key, std::string_view type = "SALE") {
    std::string body = testing::ReadFile("tests/data/bifit/receipt.json");
    body.replace(body.find("SALE"), 4, type);
    auto request = codec::RegisterRequest(kBase, access, key, std::move(body));
    request.url.erase(0, std::string_view("http://h").size());
    return request;
  }
  std::size_t CountRecords() { return View("/emulator/records").root().items.size(); }

  base::Secret access;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emulator_cloud, Fixture)

BOOST_AUTO_TEST_CASE(FaultsBeforeACallRegisterNothing) {
  SetFault(R"({"fault":"close-before"})");
  BOOST_TEST(IsDropped(Call(Registration("a"))));
  SetFault(R"({"fault":"server-500"})");
  BOOST_TEST(Call(Registration("a")).status == 500);
  SetFault(R"({"fault":"hang-before"})");
  const auto hung = Send(Registration("a"));
  BOOST_TEST(!hung->came());
  BOOST_TEST(Control("DELETE", "/emulator/faults").status == 200);
  BOOST_TEST(IsDropped(hung->Wait()));
  BOOST_TEST(CountRecords() == 0U);
}

BOOST_AUTO_TEST_CASE(FaultsAfterACallHaveRegisteredIt) {
  SetFault(R"({"fault":"lose-answer"})");
  BOOST_TEST(IsDropped(Call(Registration("a"))));
  SetFault(R"({"fault":"garbage"})");
  BOOST_TEST(!base::ParseJson(Call(Registration("b")).body).ok());
  SetFault(R"({"fault":"huge"})");
  BOOST_TEST(Call(Registration("c")).body.size() > 1024U * 1024U);
  SetFault(R"({"fault":"hang-after"})");
  const auto hung = Send(Registration("d"));
  BOOST_TEST(!hung->came());
  BOOST_TEST(Control("DELETE", "/emulator/faults").status == 200);
  BOOST_TEST(IsDropped(hung->Wait()));
  Processed();
  BOOST_TEST(CountPrinted() == 4U);
}

BOOST_AUTO_TEST_CASE(ASlowAnswerComesWhenItsTimeHasCome) {
  SetFault(R"({"fault":"slow","ms":5000})");
  const auto answer = Send(Registration("a"));
  BOOST_TEST(!answer->came());
  clock.Advance(std::chrono::seconds(5));
  cloud->parking.Wake();
  BOOST_TEST(answer->Wait().status == 200);
}

BOOST_AUTO_TEST_CASE(AFaultOfOneStepLeavesTheOthersAlone) {
  SetFault(R"({"fault":"server-500","on":"token","count":2})");
  BOOST_TEST(Call(Registration("a")).status == 200);
  BOOST_TEST(Call(codec::TokenRequest(kBase, base::Secret("any"))).status == 500);
  BOOST_TEST(Control("POST", "/emulator/faults", R"({"fault":"slow","on":"lunch"})").status == 400);
  const auto faults = View("/emulator/faults");
  BOOST_REQUIRE(faults.root().Find("faults")->items.size() == 1U);
  BOOST_TEST(faults.root().Find("faults")->items[0].FindText("on") == "token");
}

BOOST_AUTO_TEST_CASE(AFaultOfAnotherServiceIsUnknown) {
  BOOST_TEST(Control("POST", "/emulator/faults", R"({"fault":"expire-524"})").status == 400);
  BOOST_TEST(Control("POST", "/emulator/faults", R"({"fault":"paper-out"})").status == 400);
}

BOOST_AUTO_TEST_CASE(ProcessingTakesTheTimeThatIsSet) {
  BOOST_TEST(Control("POST", "/emulator/settings", R"({"processing_ms":10000})").status == 200);
  BOOST_TEST(Call(Registration("a")).status == 200);
  clock.Advance(std::chrono::milliseconds(9'999));
  BOOST_TEST(CountPrinted() == 0U);
  clock.Advance(std::chrono::milliseconds(1));
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(ASettingThatIsNoneChangesNothing) {
  for (const char* body : {"", "[]", "{}", R"({"colour":1})", R"({"processing_ms":-1})",
                           R"({"processing_ms":"1"})", R"({"processing_ms":1,"colour":1})"}) {
    BOOST_TEST(Control("POST", "/emulator/settings", body).status == 400);
  }
  BOOST_TEST(cloud->numbers.Get(kProcessingMs) == kDefaultProcessingMs);
}

BOOST_AUTO_TEST_CASE(TheRegisterLooksAfterItsShift) {
  for (int day = 0; day < 3; ++day) {
    BOOST_TEST(Call(Registration(std::to_string(day))).status == 200);
    Processed();
    BOOST_TEST(CountPrinted() == static_cast<std::size_t>(day + 1));
    clock.Advance(std::chrono::hours(25));
    if (day == 1) Restart();
    access = LogIn();
  }
}

BOOST_AUTO_TEST_CASE(CashThatGoesOutIsThereBefore) {
  BOOST_TEST(Call(Registration("a", "SALE_RETURN")).status == 200);
  Processed();
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(TheStatusCountsRecordsByTheirStage) {
  SetFault(R"({"fault":"error"})");
  BOOST_TEST(Call(Registration("a")).status == 200);
  BOOST_TEST(Call(Registration("b")).status == 200);
  Processed();
  BOOST_TEST(CountPrinted() == 1U);
  BOOST_TEST(Call(Registration("c")).status == 200);
  const auto status = View("/emulator/status");
  const base::JsonValue& counts = *status.root().Find("records");
  for (const char* stage : {"processing", "printed", "failed"}) {
    BOOST_REQUIRE(counts.Find(stage) != nullptr);
    BOOST_TEST(counts.Find(stage)->text == "1");
  }
}

BOOST_AUTO_TEST_CASE(ThePageTellsWhatIsKnownAndWhatWasChosen) {
  Call(Registration("<a>"));
  Processed();
  CountPrinted();
  const std::string page = Control("GET", "/emulator").body;
  BOOST_TEST(page.find("выбрано") != std::string::npos);
  BOOST_TEST(page.find("ИТОГ") != std::string::npos);
  BOOST_TEST(page.find("<a>") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(ControlIsForThisMachineOnly) {
  for (const char* path : {"/emulator/status", "/emulator/documents", "/emulator/records"}) {
    auto exchange = std::make_unique<testing::FakeExchange>(http::Request{"GET", path, "", {}, ""});
    const auto answer = exchange->answer();
    router->Route(std::move(exchange));
    BOOST_TEST(answer->Wait().status == 403);
  }
}

BOOST_AUTO_TEST_CASE(ATornLineOfTheLedgerIsDropped) {
  BOOST_TEST(Call(Registration("a")).status == 200);
  {
    std::ofstream file(dir.File("ledger.jsonl"), std::ios::app);
    file << R"({"key":"b","number":2,"ki)";
  }
  Restart();
  BOOST_TEST(CountRecords() == 1U);
  BOOST_TEST(Call(Registration("b")).status == 200);
  Restart();
  BOOST_TEST(CountRecords() == 2U);
}

BOOST_AUTO_TEST_CASE(TheOwnOverlayOfATableWithNumbersIsReadBack) {
  const auto& table = protocol::orangedata::Table();
  BOOST_TEST(protocol::Mapping::Make(table, WriteOverlay(table, {})).ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator::cloud
