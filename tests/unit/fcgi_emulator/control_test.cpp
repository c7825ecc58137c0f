#include "fcgi/emulator/control.h"

#include "tests/unit/fcgi_emulator/emulator_fixture.h"

namespace fiscalgate::emulator {
namespace {

using testing::PlainCommand;
using testing::ReceiptCommand;

base::JsonDocument Parsed(const http::Response& response) {
  BOOST_TEST(response.status == 200);
  auto document = base::ParseJson(response.body);
  BOOST_REQUIRE(document.ok());
  return std::move(document).value();
}

std::string Text(const base::JsonValue& object, std::string_view key) {
  const base::JsonValue* value = object.Find(key);
  return value == nullptr ? "missing" : std::string(value->raw);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emulator_control, testing::EmulatorFixture)

BOOST_AUTO_TEST_CASE(TheJournalListsWhatWasPrintedAfterADocument) {
  Run("1", ReceiptCommand());
  Run("2", PlainCommand("kktXReport"));
  Run("3", ReceiptCommand());
  const auto all = Parsed(Get("/emulator/journal", "after=0"));
  BOOST_REQUIRE(all.root().items.size() == 4U);
  const base::JsonValue& receipt = all.root().items[1];
  BOOST_TEST(Text(receipt, "order_id") == "\"1\"");
  BOOST_TEST(Text(receipt, "kind") == "\"receipt\"");
  BOOST_TEST(Text(receipt, "fd") == "2");
  BOOST_TEST(ffd::ReadFiscalMark(*receipt.Find("mark"))->fd_1040 == 2);
  BOOST_TEST(receipt.FindText("text").find("ИТОГ") != std::string_view::npos);
  const auto later = Parsed(Get("/emulator/journal", "after=2"));
  BOOST_REQUIRE(later.root().items.size() == 2U);
  BOOST_TEST(Text(later.root().items[0], "kind") == "\"x_report\"");
  const auto receipts = Parsed(Get("/emulator/journal", "kind=receipt&limit=1&text=0"));
  BOOST_REQUIRE(receipts.root().items.size() == 1U);
  BOOST_TEST(Text(receipts.root().items[0], "text") == "missing");
}

BOOST_AUTO_TEST_CASE(ABadJournalQueryIsRefused) {
  for (const char* query : {"after=x", "after=-1", "after=", "limit=-1", "colour=red", "after=%"}) {
    BOOST_TEST_CONTEXT(query) { BOOST_TEST(Get("/emulator/journal", query).status == 400); }
  }
}

BOOST_AUTO_TEST_CASE(AReceiptIsShownAsItWasPrinted) {
  Run("1", ReceiptCommand());
  const auto response = Get("/emulator/receipt/2.txt");
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.body.find("Чай") != std::string::npos);
  for (const char* path : {"/emulator/receipt/3.txt", "/emulator/receipt/0.txt",
                           "/emulator/receipt/x.txt", "/emulator/receipt/-1"}) {
    BOOST_TEST(Get(path).status == 404);
  }
}

BOOST_AUTO_TEST_CASE(APrintedFormCanBeSeenInBothWidths) {
  Run("1", ReceiptCommand());
  const auto first_line = [this](const std::string& query) {
    const http::Response response = Get("/emulator/receipt/2.txt", query);
    BOOST_REQUIRE(response.status == 200);
    const std::size_t rule = response.body.find("---");
    return response.body.find('\n', rule) - rule;
  };
  BOOST_TEST(first_line("") == 48U);
  BOOST_TEST(first_line("width=32") == 32U);
  BOOST_TEST(first_line("width=48") == 48U);
  device->columns = 32;
  BOOST_TEST(first_line("") == 32U);
  for (const char* query : {"width=40", "width=x", "width=0"}) {
    BOOST_TEST(Get("/emulator/receipt/2.txt", query).status == 400);
  }
}

BOOST_AUTO_TEST_CASE(TheStatusNamesTheShiftAndTheFaults) {
  Run("1", ReceiptCommand());
  SetFault(R"({"fault":"paper-out","rate":0.3,"seed":42})");
  const auto status = Parsed(Get("/emulator/status"));
  const base::JsonValue* kkt = status.root().Find("register");
  BOOST_REQUIRE(kkt != nullptr);
  BOOST_TEST(Text(*kkt, "next_fd") == "3");
  BOOST_TEST(Text(*kkt, "shift_open") == "true");
  BOOST_REQUIRE(status.root().Find("faults")->items.size() == 1U);
  const base::JsonValue& rule = status.root().Find("faults")->items[0];
  BOOST_TEST(Text(rule, "fault") == "\"paper-out\"");
  BOOST_TEST(Text(rule, "rate") == "0.3");
  BOOST_TEST(Text(rule, "left") == "null");
  BOOST_TEST(Text(rule, "seed") == "42");
}

BOOST_AUTO_TEST_CASE(BadFaultsAreRefusedAndChangeNothing) {
  for (const char* body : {"", "[]", "{}", R"({"fault":"fire"})", R"({"fault":"slow","count":0})",
                           R"({"fault":"slow","count":1.5})", R"({"fault":"slow","rate":1.1})",
                           R"({"fault":"slow","rate":-0.1})", R"({"fault":"slow","rate":"x"})",
                           R"({"fault":"slow","delay_ms":240001})",
                           R"({"fault":"slow","colour":"red"})", R"({"fault":["slow"]})"}) {
    BOOST_TEST_CONTEXT(body) {
      BOOST_TEST(Call("POST", "/emulator/faults", body).status == 400);
      BOOST_TEST(device->faults.rules().empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(FaultsAreSetAndClearedFromThePage) {
  const auto post = [this](std::string body) {
    return Send({"POST",
                 "/emulator/faults",
                 "",
                 {{"content-type", "application/x-www-form-urlencoded"}},
                 std::move(body)})
        ->Wait();
  };
  const auto response = post("fault=paper-out&count=3&delay_ms=");
  BOOST_TEST(response.status == 303);
  BOOST_TEST(http::FindHeader(response.headers, "Location") == "/emulator/");
  BOOST_TEST(device->faults.rules().at(0).left == 3);
  BOOST_TEST(post("fault=none").status == 303);
  BOOST_TEST(device->faults.rules().empty());
}

BOOST_AUTO_TEST_CASE(DeduplicationIsSwitchedAtRunTime) {
  BOOST_TEST(!device->driver->deduplicate());
  Parsed(Call("POST", "/emulator/settings", R"({"deduplicate":true})"));
  BOOST_TEST(device->driver->deduplicate());
  for (const char* body : {"", "{}", R"({"deduplicate":1})", R"({"deduplicate":false,"other":1})",
                           R"({"unsent_1097":"many"})", R"({"first_unsent_1098":"soon"})"}) {
    BOOST_TEST(Call("POST", "/emulator/settings", body).status == 400);
  }
  BOOST_TEST(device->driver->deduplicate());
}

BOOST_AUTO_TEST_CASE(TheClockOnlyGoesForward) {
  for (const char* body :
       {"", "{}", R"({"advance_s":-1})", R"({"advance_s":"1"})", R"({"advance_s":99999999999})",
        R"({"advance_s":9223372036854775807})"}) {
    BOOST_TEST_CONTEXT(body) { BOOST_TEST(Call("POST", "/emulator/clock", body).status == 400); }
  }
  const auto status = Parsed(Call("POST", "/emulator/clock", R"({"advance_s":60})"));
  BOOST_TEST(Text(status.root(), "now") == "\"2026-11-21T10:01:00.000Z\"");
}

BOOST_AUTO_TEST_CASE(ThePageShowsDocumentsHarmlessly) {
  Run("<b>1</b>", ReceiptCommand("<script>alert(1)</script>"));
  for (const char* path : {"/emulator", "/emulator/"}) {
    const auto page = Get(path);
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body.find("&lt;script&gt;alert(1)") != std::string::npos);
    BOOST_TEST(page.body.find("<script>") == std::string::npos);
    BOOST_TEST(page.body.find("<b>1</b>") == std::string::npos);
    BOOST_TEST(page.body.find("lose-answer") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(OnlyThisMachineMayControl) {
  const auto response = Send({"GET", "/emulator/status", "", {}, ""}, "192.0.2.7")->Wait();
  BOOST_TEST(response.status == 403);
  BOOST_TEST(Send({"GET", "/emulator/status", "", {}, ""}, "::1")->Wait().status == 200);
}

BOOST_AUTO_TEST_CASE(ShiftReportsSayWhatWasSet) {
  Parsed(Call("POST", "/emulator/settings",
              R"({"fn_replace_1050":true,"unsent_1097":3,"first_unsent_1098":"2026-11-01"})"));
  const auto status = Parsed(Get("/emulator/status"));
  BOOST_TEST(status.root().Find("unsent_1097")->text == "3");
  BOOST_TEST(!device->driver->deduplicate());
  const auto report = Run("1", PlainCommand("kktXReport"));
  BOOST_TEST(testing::Said(report, "0", "unsentDocuments_1097") == "3");
  BOOST_TEST(testing::Said(report, "0", "firstUnsentDate_1098") == "2026-11-01");
  BOOST_TEST(report.root().Find("0")->Find("fnReplace_1050")->boolean);
  BOOST_TEST(!report.root().Find("0")->Find("ofdTimeout_1053")->boolean);
  BOOST_TEST(!testing::Said(report, "0", "printedText").empty());
  BOOST_TEST(testing::Said(Run("2", ReceiptCommand()), "0", "unsentDocuments_1097") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator
