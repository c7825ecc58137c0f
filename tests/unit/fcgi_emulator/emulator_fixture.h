// An emulated driver in a folder of its own, reached through its table of paths.
#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "fcgi/emulator/device.h"
#include "fcgi/emulator/routes.h"
#include "lib/base/json.h"
#include "lib/protocol/bit/codec.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_exchange.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::testing {

inline constexpr std::string_view kKktToken = "0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kBankToken = "fedcba9876543210fedcba9876543210";

// A receipt command of one item at 11 roubles.
inline std::string ReceiptCommand(std::string_view item = "Чай") {
  return R"({"name":"Чек","type":"kktReceiptFiscalization","data":{"purchases":[)"
         R"({"productName_1030":")" +
         std::string(item) +
         R"(","price_1079":11.00,"qty_1023":1,"amount_1043":11.00,"unit_2108":0,)"
         R"("paymentFormCode_1214":4,"productTypeCode_1212":1,"tax_1199":6}],)"
         R"("payments":{"ecash_1081":11.00},"taxationType_1055":1,"receiptType_1054":1}})";
}

// A command that needs no data.
inline std::string PlainCommand(std::string_view type) {
  return R"({"name":"n","type":")" + std::string(type) + R"("})";
}

struct EmulatorFixture {
  EmulatorFixture() { Restart(); }

  // As after a crash: only the folder remains.
  void Restart() {
    device.reset();
    auto opened = emulator::Device::Open(dir.path(), clock);
    BOOST_REQUIRE(opened.ok());
    device = std::move(opened).value();
    router = std::make_unique<Router>(
        emulator::MakeRouter({{std::string(kKktToken)}, {std::string(kBankToken)}}, *device));
  }

  std::shared_ptr<FakeAnswer> Send(http::Request request, std::string from = "127.0.0.1") {
    auto exchange = std::make_unique<FakeExchange>(std::move(request), std::move(from));
    auto answer = exchange->answer();
    router->Route(std::move(exchange));
    return answer;
  }
  http::Response Get(std::string path, std::string query = "") {
    return Send({"GET", std::move(path), std::move(query), {}, ""})->Wait();
  }
  http::Response Call(std::string method, std::string path, std::string body) {
    return Send({std::move(method),
                 std::move(path),
                 "",
                 {{"content-type", "application/json"}},
                 std::move(body)})
        ->Wait();
  }
  static http::Request DriverRequest(std::string_view order, std::string_view commands) {
    return protocol::bit::EncodeDriverRequest(
        {std::string(order), std::string(kKktToken), std::string(kBankToken),
         "[" + std::string(commands) + "]"},
        "/", protocol::bit::HeaderGeneration::k15, protocol::bit::BodyEncoding::kJson);
  }
  // The driver's answer to the commands, parsed.
  base::JsonDocument Run(std::string_view order, std::string_view commands) {
    const http::Response response = Send(DriverRequest(order, commands), "192.0.2.7")->Wait();
    BOOST_TEST(response.status == 200);
    auto document = base::ParseJson(response.body);
    BOOST_REQUIRE(document.ok());
    return std::move(document).value();
  }
  std::size_t CountPrinted(std::string_view kind = "receipt") const {
    return device->driver->DocumentsAfter(0, kind, 1000).size();
  }
  void SetFault(const std::string& rule) {
    BOOST_REQUIRE(Call("POST", "/emulator/faults", rule).status == 200);
  }

  TempDir dir;
  FakeClock clock;
  std::unique_ptr<emulator::Device> device;
  std::unique_ptr<Router> router;
};

// A member of entry `index` of a driver's answer; "" if it is missing.
inline std::string Said(const base::JsonDocument& answer, std::string_view index,
                        std::string_view key) {
  const base::JsonValue* entry = answer.root().Find(index);
  const base::JsonValue* value = entry == nullptr ? nullptr : entry->Find(key);
  return value == nullptr ? "" : std::string(value->text);
}

inline bool IsDropped(const http::Response& response) {
  return http::FindHeader(response.headers, "X-Accel-Redirect") == "/emulator-drop" &&
         response.body.empty();
}

}  // namespace fiscalgate::testing
