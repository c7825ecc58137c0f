#include "fcgi/emulator/driver_endpoint.h"

#include "lib/base/limits.h"
#include "tests/unit/fcgi_emulator/emulator_fixture.h"

namespace fiscalgate::emulator {
namespace {

namespace bit = protocol::bit;
using testing::IsDropped;
using testing::kBankToken;
using testing::kKktToken;
using testing::PlainCommand;
using testing::ReceiptCommand;
using testing::Said;

// The error of a packet that was refused as a whole.
std::string Refused(const http::Response& response) {
  BOOST_TEST(response.status == 200);
  const auto document = base::ParseJson(response.body);
  BOOST_REQUIRE(document.ok());
  const base::JsonValue* result = document->root().Find("result");
  BOOST_REQUIRE(result != nullptr);
  BOOST_TEST(!result->boolean);
  return std::string(document->root().FindText("error"));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(driver_endpoint, testing::EmulatorFixture)

BOOST_AUTO_TEST_CASE(EveryGenerationAndEncodingPrints) {
  std::size_t printed = 0;
  for (const auto generation : {bit::HeaderGeneration::k12, bit::HeaderGeneration::k15}) {
    for (const auto encoding : {bit::BodyEncoding::kJson, bit::BodyEncoding::kForm,
                                bit::BodyEncoding::kBase64, bit::BodyEncoding::kHex}) {
      const http::Request request =
          bit::EncodeDriverRequest({"1", std::string(kKktToken), "", "[" + ReceiptCommand() + "]"},
                                   "/", generation, encoding);
      BOOST_TEST(Send(request)->Wait().status == 200);
      BOOST_TEST(CountPrinted() == ++printed);
    }
  }
}

BOOST_AUTO_TEST_CASE(TokensThatAreHeaderNamesSayWhichDeviceTheyAreOf) {
  const std::string pay = R"([{"name":"n","type":"bnkCardPayment","data":{"sum":1}}])";
  const auto send = [&](std::string_view token) {
    return Send(bit::EncodeDriverRequest({"1", std::string(token), "", pay}, "/",
                                         bit::HeaderGeneration::k12, bit::BodyEncoding::kForm))
        ->Wait();
  };
  BOOST_TEST(Refused(send(kKktToken)) == "Неверный токен банковского терминала");
  BOOST_TEST(device->driver->Slips().empty());
  BOOST_TEST(send(kBankToken).status == 200);
  BOOST_TEST(device->driver->Slips().size() == 1U);
}

BOOST_AUTO_TEST_CASE(AWrongTokenIsRefusedAndPrintsNothing) {
  const auto send = [&](std::string kkt, std::string bank, const std::string& commands) {
    return Send(bit::EncodeDriverRequest({"1", std::move(kkt), std::move(bank), commands}, "/",
                                         bit::HeaderGeneration::k15, bit::BodyEncoding::kJson))
        ->Wait();
  };
  const std::string receipt = "[" + ReceiptCommand() + "]";
  BOOST_TEST(Refused(send("wrong", "", receipt)) == "Неверный токен ККТ");
  BOOST_TEST(Refused(send(std::string(kBankToken), "", receipt)) == "Неверный токен ККТ");
  BOOST_TEST(Refused(send(std::string(kKktToken), "wrong",
                          "[" + ReceiptCommand() + "," + PlainCommand("bnkCardSverkaItogov") +
                              "]")) == "Неверный токен банковского терминала");
  BOOST_TEST(CountPrinted("") == 0U);
}

BOOST_AUTO_TEST_CASE(WithoutConfiguredTokensAnyIsAccepted) {
  const Router open = MakeRouter({}, *device);
  auto exchange = std::make_unique<testing::FakeExchange>(
      bit::EncodeDriverRequest({"1", "any", "", "[" + ReceiptCommand() + "]"}, "/",
                               bit::HeaderGeneration::k15, bit::BodyEncoding::kJson));
  open.Route(std::move(exchange));
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(MalformedPacketsAreRefusedAsAWhole) {
  std::string many = PlainCommand("kktXReport");
  for (std::size_t i = 0; i < base::kMaxCommands; ++i) many += "," + PlainCommand("kktXReport");
  for (const std::string& commands :
       {std::string(), std::string("{}"), std::string("[]"), std::string("[1]"), std::string("[{]"),
        std::string("\xff"), "[" + many + "]", "[" + ReceiptCommand() + ",1]"}) {
    http::Request request = DriverRequest("1", "");
    request.body = commands;
    BOOST_TEST_CONTEXT(commands) { BOOST_TEST(Refused(Send(request)->Wait()) != ""); }
  }
  BOOST_TEST(CountPrinted("") == 0U);
}

BOOST_AUTO_TEST_CASE(ThePathOfAPostDoesNotMatter) {
  http::Request request = DriverRequest("1", ReceiptCommand());
  request.url = "/anything";
  BOOST_TEST(Send(request)->Wait().status == 200);
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(ABrowserMayPost) {
  const auto preflight = Send({"OPTIONS",
                               "/",
                               "",
                               {{"origin", "https://shop.example"},
                                {"access-control-request-headers", "action,bit_order_id"}},
                               ""})
                             ->Wait();
  BOOST_TEST(preflight.status == 204);
  const auto header = [](const http::Response& response, std::string_view name) {
    return http::FindHeader(response.headers, name);
  };
  BOOST_TEST(header(preflight, "Access-Control-Allow-Origin") == "https://shop.example");
  BOOST_TEST(header(preflight, "Access-Control-Allow-Headers") == "action,bit_order_id");
  BOOST_TEST(header(preflight, "Access-Control-Allow-Methods") == "POST, OPTIONS");
  http::Request request = DriverRequest("1", ReceiptCommand());
  request.headers.emplace_back("origin", "https://shop.example");
  BOOST_TEST(header(Send(request)->Wait(), "Access-Control-Allow-Origin") ==
             "https://shop.example");
}

BOOST_AUTO_TEST_CASE(ARefusedConnectionRunsNothing) {
  SetFault(R"({"fault":"refuse"})");
  BOOST_TEST(IsDropped(Send(DriverRequest("1", ReceiptCommand()))->Wait()));
  BOOST_TEST(CountPrinted() == 0U);
  Run("1", ReceiptCommand());
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(Http500RunsNothing) {
  SetFault(R"({"fault":"http-500"})");
  BOOST_TEST(Send(DriverRequest("1", ReceiptCommand()))->Wait().status == 500);
  BOOST_TEST(CountPrinted() == 0U);
}

BOOST_AUTO_TEST_CASE(AHungRequestPrintsNothingAndEndsWhenFaultsAreCleared) {
  SetFault(R"({"fault":"hang"})");
  const auto answer = Send(DriverRequest("1", ReceiptCommand()));
  BOOST_TEST(!answer->came());
  BOOST_TEST(device->parking.size() == 1U);
  Call("DELETE", "/emulator/faults", "");
  BOOST_TEST(IsDropped(answer->Wait()));
  BOOST_TEST(CountPrinted() == 0U);
}

BOOST_AUTO_TEST_CASE(ALostAnswerHasPrinted) {
  SetFault(R"({"fault":"lose-answer"})");
  BOOST_TEST(IsDropped(Send(DriverRequest("1", ReceiptCommand()))->Wait()));
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(ASlowAnswerHasPrintedAndComesLater) {
  SetFault(R"({"fault":"slow","delay_ms":5000})");
  const auto answer = Send(DriverRequest("1", ReceiptCommand()));
  BOOST_TEST(CountPrinted() == 1U);
  BOOST_TEST(!answer->came());
  clock.Advance(base::Milliseconds(5000));
  device->parking.Wake();
  const auto document = base::ParseJson(answer->Wait().body);
  BOOST_REQUIRE(document.ok());
  BOOST_TEST(Said(*document, "0", "success") == "Чек пробит");
}

BOOST_AUTO_TEST_CASE(AMarkedItemLosesItsAnswerOnce) {
  device->driver->set_deduplicate(true);
  const std::string commands = ReceiptCommand("Чай [fault:lose-answer]");
  BOOST_TEST(IsDropped(Send(DriverRequest("1", commands))->Wait()));
  BOOST_TEST(Said(Run("1", commands), "0", "success") == "Чек пробит");
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator
