#include "lib/http/message.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::http {

BOOST_AUTO_TEST_SUITE(http_message)

BOOST_AUTO_TEST_CASE(HeaderIsFoundWhateverItsCase) {
  const Headers headers = {{"Retry-After", "5"}, {"retry-after", "6"}};
  BOOST_TEST(FindHeader(headers, "RETRY-AFTER") == "5");
  BOOST_TEST(FindHeader(headers, "Retry") == "");
}

BOOST_AUTO_TEST_CASE(StatusLineHasNumberAndPhrase) {
  BOOST_TEST(ReasonPhrase(202) == "202 Accepted");
  BOOST_TEST(ReasonPhrase(422) == "422 Unprocessable Content");
}

BOOST_AUTO_TEST_CASE(UnknownStatusIsOurFault) {
  BOOST_TEST(ReasonPhrase(0) == "500 Internal Server Error");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::http
