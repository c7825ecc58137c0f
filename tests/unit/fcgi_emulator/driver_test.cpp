#include "fcgi/emulator/driver.h"

#include "tests/unit/fcgi_emulator/emulator_fixture.h"

namespace fiscalgate::emulator {
namespace {

using testing::PlainCommand;
using testing::ReceiptCommand;
using testing::Said;

std::string Cash(std::string_view type, std::string_view sum) {
  return R"({"name":"n","type":")" + std::string(type) + R"(","data":{},"cashSum":)" +
         std::string(sum) + "}";
}

std::string Card(std::string_view type, std::string_view data) {
  return R"({"name":"n","type":")" + std::string(type) + R"(","data":)" + std::string(data) + "}";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emulated_driver, testing::EmulatorFixture)

BOOST_AUTO_TEST_CASE(AReceiptIsAnsweredWithItsMark) {
  const auto answer = Run("1", ReceiptCommand());
  BOOST_TEST(Said(answer, "0", "success") == "Чек пробит");
  BOOST_TEST(Said(answer, "0", "name") == "Чек");
  const auto mark = ffd::ReadFiscalMark(*answer.root().Find("0"));
  BOOST_REQUIRE(mark.has_value());
  BOOST_TEST(mark->fd_1040 == 2);
  BOOST_TEST(mark->total_1020.kopecks == 1100);
}

BOOST_AUTO_TEST_CASE(AllFourteenCommandsAreKnown) {
  const auto first = Run(
      "1", PlainCommand("kktOpenShift") + "," + ReceiptCommand() + "," +
               Cash("kktCashIn", "100.50") + "," + Cash("kktCashOut", "\"0.50\"") + "," +
               PlainCommand("kktXReport") + "," + PlainCommand("kktOpenCashDraw") + "," +
               Card("kktCheckKM", R"({"km_2000":"0104600439931256215abc"})") + "," +
               Card("bnkCardPayment", R"({"sum":11.00})") + "," + PlainCommand("kktCloseShift"));
  for (int i = 0; i < 9; ++i) BOOST_TEST(Said(first, std::to_string(i), "success") != "");
  const std::string rrn = Said(first, "7", "rrn");
  BOOST_TEST(rrn.size() == 12U);
  const auto second =
      Run("2", Card("bnkCardReturn", R"({"sum":1,"rrn":")" + rrn + "\"}") + "," +
                   PlainCommand("bnkCardShortReport") + "," + PlainCommand("bnkCardFullReport") +
                   "," + PlainCommand("bnkCardLastOperationResult") + "," +
                   PlainCommand("bnkCardSverkaItogov"));
  for (int i = 0; i < 5; ++i) BOOST_TEST(Said(second, std::to_string(i), "slip") != "");
  BOOST_TEST(Said(second, "3", "rrn") == Said(second, "0", "rrn"));
}

BOOST_AUTO_TEST_CASE(TheFirstFailureStopsTheRest) {
  const auto answer = Run("1", ReceiptCommand() + "," + PlainCommand("kktOpenShift") + "," +
                                   PlainCommand("kktXReport"));
  BOOST_TEST(Said(answer, "0", "success") != "");
  BOOST_TEST(Said(answer, "1", "error") == "Смена уже открыта");
  BOOST_TEST(answer.root().Find("2") == nullptr);
  BOOST_TEST(CountPrinted("x_report") == 0U);
}

BOOST_AUTO_TEST_CASE(AnUnknownCommandFails) {
  const auto answer = Run("1", PlainCommand("kktDance"));
  BOOST_TEST(Said(answer, "0", "error") == "Неизвестная команда");
}

BOOST_AUTO_TEST_CASE(MissingDataFailsItsCommandAndPrintsNothing) {
  for (const std::string& command :
       {PlainCommand("kktReceiptFiscalization"), PlainCommand("kktCashIn"),
        PlainCommand("kktCashOut"), PlainCommand("kktCheckKM"), PlainCommand("bnkCardPayment"),
        PlainCommand("bnkCardReturn"), PlainCommand("bnkCardLastOperationResult"),
        Cash("kktCashIn", "1.001"), Cash("kktCashIn", "true"),
        Card("kktReceiptFiscalization", "[]"), Card("kktReceiptFiscalization", "{}"),
        Card("kktCheckKM", R"({"km_2000":"чай"})"), Card("bnkCardPayment", R"({"sum":[]})")}) {
    BOOST_TEST_CONTEXT(command) {
      BOOST_TEST(Said(Run("1", command), "0", "error") != "");
      BOOST_TEST(CountPrinted("") == 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(WithoutDeduplicationTheSameOrderPrintsAgain) {
  Run("1", ReceiptCommand());
  Run("1", ReceiptCommand());
  BOOST_TEST(CountPrinted() == 2U);
}

BOOST_AUTO_TEST_CASE(WithDeduplicationTheFirstResultIsAnsweredAgain) {
  device->driver->set_deduplicate(true);
  const std::string commands = ReceiptCommand() + "," + Card("bnkCardPayment", R"({"sum":11.00})") +
                               "," + Cash("kktCashIn", "5");
  const std::string first(Run("1", commands).source());
  clock.Advance(std::chrono::hours(1));
  BOOST_TEST(Run("1", commands).source() == first);
  Restart();
  device->driver->set_deduplicate(true);
  BOOST_TEST(Run("1", commands).source() == first);
  BOOST_TEST(CountPrinted() == 1U);
  BOOST_TEST(CountPrinted("cash_in") == 1U);
  BOOST_TEST(device->driver->Slips().size() == 1U);
}

BOOST_AUTO_TEST_CASE(DeduplicationTellsContentsOrdersAndRepetitionsApart) {
  device->driver->set_deduplicate(true);
  Run("1", ReceiptCommand() + "," + ReceiptCommand());
  BOOST_TEST(CountPrinted() == 2U);
  Run("1", ReceiptCommand("Кофе"));
  Run("2", ReceiptCommand());
  BOOST_TEST(CountPrinted() == 4U);
  Run("1", Cash("kktCashIn", "1") + "," + Cash("kktCashIn", "2"));
  BOOST_TEST(CountPrinted("cash_in") == 2U);
}

BOOST_AUTO_TEST_CASE(AfterAFailureTheRestIsDoneWhenTheOrderComesAgain) {
  device->driver->set_deduplicate(true);
  const std::string commands = ReceiptCommand("Чай") + "," + ReceiptCommand("Кофе");
  device->faults.Clear();
  SetFault(R"({"fault":"paper-out","rate":1})");
  BOOST_TEST(Said(Run("1", commands), "0", "error") == "Нет бумаги");
  Call("DELETE", "/emulator/faults", "");
  Run("1", ReceiptCommand("Чай"));
  const auto answer = Run("1", commands);
  BOOST_TEST(Said(answer, "1", "success") != "");
  BOOST_TEST(CountPrinted() == 2U);
}

BOOST_AUTO_TEST_CASE(DeviceFaultsFailTheirCommands) {
  const std::pair<const char*, const char*> kCases[] = {
      {"paper-out", "Нет бумаги"},
      {"shift-over-24h", "Смена превысила 24 часа, закройте смену"},
      {"fn-full", "Архив ФН заполнен"},
      {"invalid-receipt", "Касса не приняла данные чека"}};
  for (const auto& [name, words] : kCases) {
    SetFault(std::string(R"({"fault":")") + name + "\"}");
    BOOST_TEST(Said(Run(name, PlainCommand("kktOpenCashDraw")), "0", "success") != "");
    BOOST_TEST(Said(Run(name, ReceiptCommand()), "0", "error") == words);
    BOOST_TEST(CountPrinted() == 0U);
  }
  BOOST_TEST(Said(Run("after", ReceiptCommand()), "0", "success") != "");
}

BOOST_AUTO_TEST_CASE(AMarkedItemFailsItsReceiptOnce) {
  const std::string commands = ReceiptCommand("Чай [fault:fn-full]");
  BOOST_TEST(Said(Run("1", commands), "0", "error") == "Архив ФН заполнен");
  BOOST_TEST(Said(Run("1", commands), "0", "success") != "");
}

BOOST_AUTO_TEST_CASE(AnOldShiftIsClosedByCommand) {
  Run("1", ReceiptCommand());
  Call("POST", "/emulator/clock", R"({"advance_s":86400})");
  BOOST_TEST(Said(Run("2", ReceiptCommand()), "0", "error").find("24 часа") != std::string::npos);
  const auto answer = Run("3", PlainCommand("kktCloseShift") + "," + ReceiptCommand());
  BOOST_TEST(Said(answer, "1", "success") != "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator
