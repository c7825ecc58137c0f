#include "lib/protocol/bit/driver_errors.h"

#include <set>

#include "tests/unit/protocol/tables.h"

namespace fiscalgate::protocol::bit {
namespace {

BOOST_AUTO_TEST_SUITE(bit_driver_errors)

BOOST_AUTO_TEST_CASE(WordsOfManyMakersAreRecognised) {
  const auto table = testing::LoadTable("bit/driver_errors.json");
  for (const base::JsonValue& row : table.root().items) {
    const std::string text = testing::Text(row, "text");
    const DriverError& error = ClassifyDriverError(text);
    BOOST_TEST(error.code == testing::Text(row, "code"), text << " is " << error.code);
    BOOST_TEST(task::ErrorClassName(error.error_class) == testing::Text(row, "class"), text);
  }
}

BOOST_AUTO_TEST_CASE(EveryCodeIsInTheTableOfVectors) {
  const auto table = testing::LoadTable("bit/driver_errors.json");
  std::set<std::string> tried;
  for (const base::JsonValue& row : table.root().items) tried.insert(testing::Text(row, "code"));
  for (const DriverError& error : AllDriverErrors()) {
    // No driver says these.
    if (error.code == "deadline_passed" || error.code == "payment_expired") continue;
    BOOST_TEST(tried.contains(std::string(error.code)), std::string(error.code));
  }
}

BOOST_AUTO_TEST_CASE(EveryCodeIsThereOnceAndSaysWhatToDo) {
  std::set<std::string_view> codes;
  for (const DriverError& error : AllDriverErrors()) {
    BOOST_TEST(codes.insert(error.code).second, std::string(error.code));
    BOOST_TEST(!error.advice_ru.empty());
    BOOST_TEST(!error.advice_en.empty());
    BOOST_TEST(FindDriverError(error.code) == &error);
    BOOST_TEST(AdviceFor(error.code, base::Language::kEnglish) == error.advice_en);
    BOOST_TEST(AdviceFor(error.code, base::Language::kRussian) == error.advice_ru);
  }
  BOOST_TEST(FindDriverError("no such code") == nullptr);
  BOOST_TEST(AdviceFor("no such code", base::Language::kRussian) == "");
}

BOOST_AUTO_TEST_CASE(OnlyPlainWordsProveThatTheShiftIsOver) {
  for (const char* text :
       {"Смена превысила 24 часа, закройте смену", "Ошибка -3822: Смена превысила 24 часа",
        "Продолжительность смены более 24 часов", "Превышена длительность смены",
        "Истекло 24ч смены, смена истекла", "Shift is longer than 24 hours", "Shift expired"}) {
    BOOST_TEST(ProvesShiftOver(text), text);
  }
  for (const char* text :
       {"Нет бумаги. Смена 24, чек 15", "Закончилась бумага, чек 3822", "Код ошибки 0x4E",
        "Смена 15, чек 3: истекло время ожидания ответа", "[-3822] Превышена длительность",
        "Смена превысила 24 часа: превышено время ожидания печати",
        "Чек напечатан, смена превысила 24 часа", "Смена 3: ОФД не отвечает 24 часа", ""}) {
    BOOST_TEST(!ProvesShiftOver(text), text);
  }
}

BOOST_AUTO_TEST_CASE(LettersAndMarksMakeNoDifference) {
  BOOST_TEST(FoldDriverText("  Ёлка, [-3822]: Shift! ") == " елка 3822 shift ");
  BOOST_TEST(FoldDriverText("") == " ");
  BOOST_TEST(FoldDriverText("\xD0") == " ");
  BOOST_TEST(FoldDriverText("ПРЯМО") == " прямо ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bit
