#include <boost/test/unit_test.hpp>
#include <set>

#include "lib/base/text.h"
#include "lib/ffd/fault.h"
#include "lib/ffd/fault_table.h"

namespace fiscalgate::ffd {
namespace {

using base::Language;

constexpr int kCodes = static_cast<int>(kFaultCodes);

BOOST_AUTO_TEST_SUITE(fault_text_test)

BOOST_AUTO_TEST_CASE(EveryCodeHasANameAndTwoTexts) {
  std::set<std::string_view> names;
  for (int i = 0; i < kCodes; ++i) {
    const auto code = static_cast<FaultCode>(i);
    names.insert(FaultName(code));
    for (const std::string detail : {"", "DETAIL"}) {
      for (const Language language : {Language::kRussian, Language::kEnglish}) {
        const std::string text = FaultText({"/0", code, detail}, language);
        BOOST_TEST(!text.empty());
        BOOST_TEST(text.find_first_of("[]") == std::string::npos, text);
        BOOST_TEST(text.find("%s") == std::string::npos, text);
      }
    }
    BOOST_TEST(FaultText({"/0", code, ""}, Language::kRussian) !=
               FaultText({"/0", code, ""}, Language::kEnglish));
  }
  BOOST_TEST(names.size() == static_cast<std::size_t>(kCodes));
}

BOOST_AUTO_TEST_CASE(TheDetailStandsInTheText) {
  const Fault fault{"/0", FaultCode::kItemSumMismatch, "11.00"};
  BOOST_TEST(FaultText(fault, Language::kEnglish) ==
             "the item's sum is not its price times its quantity: 11.00 expected");
  BOOST_TEST(FaultText(fault, Language::kRussian).find("11.00") != std::string::npos);
  BOOST_TEST(FaultText({"/0", FaultCode::kTagNotHere, "1031"}, Language::kRussian) ==
             "тег 1031 не может стоять в этом месте");
  BOOST_TEST(FaultText({"/0", FaultCode::kTagNotHere, ""}, Language::kRussian) ==
             "тег не может стоять в этом месте");
}

BOOST_AUTO_TEST_CASE(TheNearestNameIsAsked) {
  const Fault fault{"/0", FaultCode::kUnknownTag, "9108", "unit_2108"};
  BOOST_TEST(FaultText(fault, Language::kEnglish) ==
             "no such FFD tag: 9108; did you mean unit_2108?");
  BOOST_TEST(FaultText(fault, Language::kRussian) ==
             "такого тега ФФД нет: 9108; возможно, unit_2108?");
}

BOOST_AUTO_TEST_CASE(TheTableIsWholeInBothLanguages) {
  const auto is_russian = [](std::string_view text) {
    return text.find("\xD0") != std::string_view::npos;
  };
  for (const FaultRow& row : AllFaults()) {
    BOOST_TEST((is_russian(row.ru) && !is_russian(row.en)), row.name);
    BOOST_TEST((is_russian(row.source_ru) && !is_russian(row.source_en)), row.name);
    BOOST_TEST((!row.source_en.empty() && !row.example_ru.empty()), row.name);
    for (const std::string_view text : {row.ru, row.source_ru, row.example_ru, row.example_en}) {
      BOOST_TEST(base::IsValidUtf8(text), row.name);
    }
    // Outside of quoted values an example that has only one form is in no language.
    bool is_quoted = false;
    for (const char c : row.ExampleEn()) {
      if (c == '"') is_quoted = !is_quoted;
      BOOST_TEST((is_quoted || static_cast<unsigned char>(c) < 0x80), row.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(ADetailIsNeverATemplate) {
  BOOST_TEST(FaultText({"/0", FaultCode::kBadNumber, "[%s]"}, Language::kEnglish) ==
             "not a number: [%s]");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::ffd
