#include "lib/register/virtual_register.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "lib/base/json.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::register_ {
namespace {

using std::chrono::hours;

struct Fixture {
  Fixture() { Reopen(); }
  void Reopen() {
    kkt.reset();
    auto opened = VirtualRegister::Open(dir.path(), clock);
    BOOST_REQUIRE(opened.ok());
    kkt = std::move(opened).value();
  }
  std::string Drawer() const {
    const auto status = base::ParseJson(kkt->StatusJson());
    BOOST_REQUIRE(status.ok());
    return std::string(status->root().FindText("drawer"));
  }

  testing::TempDir dir;
  testing::FakeClock clock;
  std::unique_ptr<VirtualRegister> kkt;
};

ffd::Receipt Sale(std::int64_t price, std::int64_t cash, std::int64_t electronic) {
  ffd::Item item;
  item.name_1030 = "Чай чёрный";
  item.price_1079 = item.sum_1043 = {price};
  item.quantity_1023 = {1'000'000};
  item.vat_1199 = 1;
  ffd::Receipt receipt;
  receipt.type_1054 = 1;
  receipt.taxation_1055 = 1;
  receipt.items = {item};
  receipt.payments.cash_1031 = {cash};
  receipt.payments.electronic_1081 = {electronic};
  return receipt;
}

std::string Words(const base::Result<Printed>& printed) {
  BOOST_REQUIRE(!printed.ok());
  BOOST_TEST((printed.error().code == base::Code::kInvalid));
  return printed.error().what;
}

std::size_t Columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  }));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(virtual_register, Fixture)

BOOST_AUTO_TEST_CASE(TheDriveIsOfTheTestRange) {
  const auto printed = kkt->PrintReceipt(Sale(1100, 0, 1100), "1", "k");
  BOOST_REQUIRE(printed.ok());
  BOOST_TEST(printed->mark.fn_1041.size() == 16U);
  BOOST_TEST(printed->mark.fn_1041.starts_with("9999"));
  BOOST_TEST(printed->mark.register_number_1037.size() == 16U);
}

BOOST_AUTO_TEST_CASE(TheFirstReceiptOpensTheShift) {
  const auto printed = kkt->PrintReceipt(Sale(1100, 0, 1100), "1", "k");
  BOOST_REQUIRE(printed.ok());
  BOOST_REQUIRE(kkt->journal().size() == 2U);
  BOOST_TEST(kkt->journal()[0].kind == "open_shift");
  BOOST_TEST(kkt->journal()[0].order_id == "");
  BOOST_TEST(kkt->journal()[0].fd_1040 == 1);
  BOOST_TEST(printed->fd_1040 == 2);
  BOOST_TEST(printed->mark.fd_1040 == 2);
  BOOST_TEST(printed->mark.shift_1038 == 1);
  BOOST_TEST(printed->mark.receipt_number_1042 == 1);
  BOOST_TEST(printed->mark.time_1012 == "2026-11-21T13:00:00");
  BOOST_TEST(printed->mark.total_1020.kopecks == 1100);
}

BOOST_AUTO_TEST_CASE(FiscalSignsAreTenDigitsAndDiffer) {
  const auto one = kkt->PrintReceipt(Sale(1100, 0, 1100), "1", "k");
  const auto two = kkt->PrintReceipt(Sale(1100, 0, 1100), "2", "k");
  for (const auto& printed : {one, two}) {
    BOOST_REQUIRE(printed.ok());
    BOOST_TEST(printed->mark.fpd_1077.size() == 10U);
    BOOST_TEST(printed->mark.fpd_1077.find_first_not_of("0123456789") == std::string::npos);
  }
  BOOST_TEST(one->mark.fpd_1077 != two->mark.fpd_1077);
}

BOOST_AUTO_TEST_CASE(EverythingFollowsFromTheJournal) {
  BOOST_REQUIRE(kkt->CashIn({50'000}, "1", "a").ok());
  const auto before = kkt->PrintReceipt(Sale(1100, 2000, 0), "2", "b");
  BOOST_REQUIRE(before.ok());
  BOOST_REQUIRE(kkt->XReport("3", "c").ok());
  const std::string status = kkt->StatusJson();
  const std::vector<Printed> journal = kkt->journal();
  Reopen();
  BOOST_TEST(kkt->StatusJson() == status);
  BOOST_REQUIRE(kkt->journal().size() == journal.size());
  for (std::size_t i = 0; i < journal.size(); ++i) {
    BOOST_TEST(kkt->journal()[i].text == journal[i].text);
    BOOST_TEST(kkt->journal()[i].mark.fpd_1077 == journal[i].mark.fpd_1077);
    BOOST_TEST(kkt->journal()[i].order_id == journal[i].order_id);
  }
  const auto after = kkt->PrintReceipt(Sale(1100, 0, 1100), "4", "d");
  BOOST_REQUIRE(after.ok());
  BOOST_TEST(after->mark.fn_1041 == before->mark.fn_1041);
  BOOST_TEST(after->mark.fd_1040 == before->mark.fd_1040 + 1);
  BOOST_TEST(after->mark.receipt_number_1042 == 2);
}

BOOST_AUTO_TEST_CASE(ADocumentThatWasTornByACrashWasNotPrinted) {
  BOOST_REQUIRE(kkt->PrintReceipt(Sale(1100, 0, 1100), "1", "k").ok());
  kkt.reset();
  std::ofstream(dir.File("journal.jsonl"), std::ios::app) << R"({"fd":3,"kind":"rece)";
  Reopen();
  BOOST_TEST(kkt->journal().size() == 2U);
  const auto next = kkt->PrintReceipt(Sale(1100, 0, 1100), "2", "k");
  BOOST_REQUIRE(next.ok());
  BOOST_TEST(next->fd_1040 == 3);
  Reopen();
  BOOST_TEST(kkt->journal().size() == 3U);
}

BOOST_AUTO_TEST_CASE(AShiftOver24HoursTakesNoReceiptUntilItIsClosed) {
  BOOST_REQUIRE(kkt->PrintReceipt(Sale(1100, 0, 1100), "1", "k").ok());
  clock.Advance(hours(24) - std::chrono::milliseconds(1));
  BOOST_REQUIRE(kkt->PrintReceipt(Sale(1100, 0, 1100), "2", "k").ok());
  clock.Advance(std::chrono::milliseconds(1));
  BOOST_TEST(Words(kkt->PrintReceipt(Sale(1100, 0, 1100), "3", "k")).find("24 часа") !=
             std::string::npos);
  BOOST_REQUIRE(kkt->CloseShift("4", "k").ok());
  const auto printed = kkt->PrintReceipt(Sale(1100, 0, 1100), "3", "k");
  BOOST_REQUIRE(printed.ok());
  BOOST_TEST(printed->mark.shift_1038 == 2);
  BOOST_TEST(printed->mark.receipt_number_1042 == 1);
}

BOOST_AUTO_TEST_CASE(AShiftIsOpenedAndClosedOnce) {
  BOOST_TEST(Words(kkt->CloseShift("1", "k")) == "Смена не открыта");
  BOOST_REQUIRE(kkt->OpenShift("2", "k").ok());
  BOOST_TEST(Words(kkt->OpenShift("3", "k")) == "Смена уже открыта");
  const auto closed = kkt->CloseShift("4", "k");
  BOOST_REQUIRE(closed.ok());
  BOOST_TEST(closed->fd_1040 == 2);
  BOOST_TEST(closed->shift_1038 == 1);
}

BOOST_AUTO_TEST_CASE(OnlyCashReachesTheDrawerAndChangeDoesNotStay) {
  BOOST_REQUIRE(kkt->PrintReceipt(Sale(1100, 2000, 0), "1", "k").ok());
  BOOST_TEST(Drawer() == "11.00");
  BOOST_REQUIRE(kkt->PrintReceipt(Sale(1100, 100, 1000), "2", "k").ok());
  BOOST_TEST(Drawer() == "12.00");
  ffd::Receipt back = Sale(1200, 1200, 0);
  back.type_1054 = 2;
  BOOST_REQUIRE(kkt->PrintReceipt(back, "3", "k").ok());
  BOOST_TEST(Drawer() == "0.00");
}

BOOST_AUTO_TEST_CASE(TheDrawerGivesNoMoreThanItHolds) {
  BOOST_REQUIRE(kkt->CashIn({500}, "1", "k").ok());
  BOOST_TEST(Words(kkt->CashOut({501}, "2", "k")).find("Недостаточно") == 0U);
  ffd::Receipt back = Sale(600, 600, 0);
  back.type_1054 = 2;
  BOOST_TEST(Words(kkt->PrintReceipt(back, "3", "k")).find("Недостаточно") == 0U);
  BOOST_REQUIRE(kkt->CashOut({500}, "4", "k").ok());
  BOOST_TEST(Drawer() == "0.00");
  BOOST_TEST(Words(kkt->CashIn({0}, "5", "k")) != "");
  BOOST_TEST(Words(kkt->CashOut({0}, "6", "k")) != "");
}

BOOST_AUTO_TEST_CASE(ARefusedReceiptLeavesNoTrace) {
  ffd::Receipt empty = Sale(1100, 0, 1100), untyped = empty;
  empty.items.clear();
  untyped.type_1054 = 0;
  for (const ffd::Receipt& receipt :
       {empty, untyped, Sale(1100, 0, 1099), Sale(1100, 0, 1101), Sale(1100, 1099, 0)}) {
    Words(kkt->PrintReceipt(receipt, "1", "k"));
  }
  BOOST_TEST(kkt->journal().empty());
  BOOST_TEST(kkt->Find("1", "k") == nullptr);
}

BOOST_AUTO_TEST_CASE(ReportsStandOutsideTheFiscalDrive) {
  for (const auto& printed :
       {kkt->XReport("1", "k"), kkt->OpenDrawer("2", "k"), kkt->CashIn({100}, "3", "k")}) {
    BOOST_REQUIRE(printed.ok());
    BOOST_TEST(printed->fd_1040 == 0);
  }
  const auto opened = kkt->OpenShift("4", "k");
  BOOST_REQUIRE(opened.ok());
  BOOST_TEST(opened->fd_1040 == 1);
}

BOOST_AUTO_TEST_CASE(ADocumentIsFoundByItsOrderAndCommand) {
  BOOST_REQUIRE(kkt->PrintReceipt(Sale(1100, 0, 1100), "1", "k").ok());
  BOOST_REQUIRE(kkt->PrintReceipt(Sale(1100, 0, 1100), "1", "k").ok());
  Reopen();
  const Printed* found = kkt->Find("1", "k");
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(found->fd_1040 == 2);
  BOOST_TEST(kkt->Find("1", "other") == nullptr);
  BOOST_TEST(kkt->Find("2", "k") == nullptr);
  BOOST_TEST(kkt->Find("", "1k") == nullptr);
}

BOOST_AUTO_TEST_CASE(ThePaperIs48ColumnsWide) {
  ffd::Receipt receipt = Sale(123'456'78, 0, 123'456'78);
  receipt.items[0].name_1030 =
      "Стол письменный раскладной с тумбой, цвет «дуб сонома», 1200 × 600 × 750 мм";
  receipt.cashier_name_1021 = "Константинопольская-Задунайская Александра Константиновна";
  receipt.buyer_contact_1008 = std::string(60, 'a') + "@b.ru";
  const auto printed = kkt->PrintReceipt(receipt, "1", "k");
  BOOST_REQUIRE(printed.ok());
  BOOST_REQUIRE(kkt->CloseShift("2", "k").ok());
  for (const Printed& document : kkt->journal()) {
    std::istringstream lines(document.text);
    for (std::string line; std::getline(lines, line);) BOOST_TEST(Columns(line) <= 48U);
    std::istringstream narrow(document.narrow_text);
    for (std::string line; std::getline(narrow, line);) BOOST_TEST(Columns(line) <= 32U);
    BOOST_TEST(!document.narrow_text.empty());
  }
  BOOST_TEST(printed->text.find("ИТОГ") != std::string::npos);
  BOOST_TEST(printed->text.find("=20576.13") != std::string::npos);  // 20/120 of 123456.78
  BOOST_TEST(printed->text.find(printed->mark.fpd_1077) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(VatIsTakenOfTheTurnoverOfEachRate) {
  ffd::Receipt receipt = Sale(3333, 0, 9999);
  receipt.items.assign(3, receipt.items[0]);
  receipt.items[0].vat_1199 = receipt.items[1].vat_1199 = 11;
  receipt.items[2].vat_1199 = 6;
  const auto printed = kkt->PrintReceipt(receipt, "1", "k");
  BOOST_REQUIRE(printed.ok());
  // 22/122 of 66.66 is 12.02; of each item it would be 6.01.
  BOOST_TEST(printed->narrow_text.find("СУММА НДС 22 %            =12.02") != std::string::npos,
             printed->narrow_text);
  BOOST_TEST(printed->narrow_text.find("СУММА БЕЗ НДС             =33.33") != std::string::npos,
             printed->narrow_text);
}

BOOST_AUTO_TEST_CASE(TheFormShowsWhatARegisterCanPrint) {
  ffd::Receipt receipt = Sale(100, 0, 100);
  receipt.items[0].name_1030 = "Чай «Утро» — №1";
  const auto printed = kkt->PrintReceipt(receipt, "1", "k");
  BOOST_REQUIRE(printed.ok());
  BOOST_TEST(printed->text.find("Чай \"Утро\" - №1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ADocumentTooLongToReadBackIsRefused) {
  ffd::Receipt receipt = Sale(100, 0, 100);
  receipt.items[0].name_1030 = std::string(300'000, 'a');
  Words(kkt->PrintReceipt(receipt, "1", "k"));
  Reopen();
  BOOST_TEST(kkt->journal().size() == 1U);  // its shift
}

BOOST_AUTO_TEST_CASE(AFolderServesOneRegisterAtATime) {
  const auto second = VirtualRegister::Open(dir.path(), clock);
  BOOST_REQUIRE(!second.ok());
  BOOST_TEST((second.error().code == base::Code::kConflict));
}

BOOST_AUTO_TEST_CASE(ADamagedIdentityIsNotReplaced) {
  kkt.reset();
  std::ofstream(dir.File("register.json")) << "{}\n{}\n";
  const auto opened = VirtualRegister::Open(dir.path(), clock);
  BOOST_REQUIRE(!opened.ok());
  BOOST_TEST((opened.error().code == base::Code::kMalformed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::register_
