#include "lib/base/language.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::base {
namespace {

BOOST_AUTO_TEST_SUITE(language_test)

BOOST_AUTO_TEST_CASE(EnglishOnlyWherePreferred) {
  for (const std::string_view header : {"en", "en-US", "en-US,en;q=0.9", "de,en;q=0.5",
                                        "ru;q=0.3, en;q=0.8", "EN", "ru;q=0,en;q=0.001"}) {
    BOOST_TEST((PickLanguage(header) == Language::kEnglish), header);
  }
  for (const std::string_view header :
       {"", "*", "de", "ru", "ru-RU,ru;q=0.9,en-US;q=0.8", "en;q=0.5,ru", "en;q=0", "en,ru",
        ",,;;q", "english", "en;q=0.8,ru;q=1.0"}) {
    BOOST_TEST((PickLanguage(header) == Language::kRussian), header);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::base
