#include <boost/test/unit_test.hpp>
#include <set>

#include "lib/base/text.h"
#include "lib/ffd/catalogue.h"
#include "lib/ffd/fault.h"

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

BOOST_AUTO_TEST_CASE(TheCatalogueIsWhole) {
  const auto entries = Catalogue();
  BOOST_TEST(entries.size() == kFaultCodes);
  for (const CatalogueEntry& entry : entries) {
    BOOST_TEST(!entry.code.empty());
    BOOST_TEST(!entry.severity.empty(), entry.code);
    BOOST_TEST((!entry.ru.empty() && !entry.en.empty() && entry.ru != entry.en), entry.code);
    BOOST_TEST((!entry.source.empty() && !entry.example.empty()), entry.code);
    BOOST_TEST(base::IsValidUtf8(entry.ru + entry.en + entry.source + entry.example), entry.code);
  }
  base::JsonWriter writer;
  WriteCatalogue(&writer);
  const auto document = base::ParseJson(writer.Take());
  BOOST_REQUIRE(document.ok());
  BOOST_TEST(document->root().items.size() == kFaultCodes);
}

BOOST_AUTO_TEST_CASE(ADetailIsNeverATemplate) {
  BOOST_TEST(FaultText({"/0", FaultCode::kBadNumber, "[%s]"}, Language::kEnglish) ==
             "not a number: [%s]");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::ffd
