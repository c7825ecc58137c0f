#include "fcgi/emulator/marking_code.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/text.h"

namespace fiscalgate::emulator {

BOOST_AUTO_TEST_SUITE(marking_code)

BOOST_AUTO_TEST_CASE(PlausibleCodesAreKnownPlainAndInBase64) {
  for (const std::string code : {"010460043993125621JgXJ5.T\x1D"
                                 "93dGVz",
                                 "0104600439931256215abc", "00000046198488X?io+qCABm8wAYa"}) {
    BOOST_TEST_CONTEXT(code) {
      BOOST_TEST(LooksLikeMarkingCode(code));
      BOOST_TEST(LooksLikeMarkingCode(base::Base64Encode(code)));
    }
  }
}

BOOST_AUTO_TEST_CASE(OtherTextIsNoCode) {
  for (const std::string& text :
       {std::string(), std::string("чай"), std::string("4600439931256"),
        std::string("010460043993125621"), std::string("0104600439931256"),
        std::string("01046004399312562 21abc"), std::string("010460043993125622abc"),
        "010460043993125621" + std::string(300, 'a')}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!LooksLikeMarkingCode(text)); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator
