#include <boost/test/data/test_case.hpp>

#include "tests/unit/http/client_fixture.h"
#include "tests/unit/support/raw_server.h"

namespace fiscalgate::http {

using testing::RawConnection;
using testing::RawServer;

namespace {

struct GuardedFixture : ClientFixture {
  GuardedFixture() { options.guard = std::make_shared<AddressGuard>(); }
};

void AnswerAll(RawConnection& peer) {
  while (!peer.ReadRequest().empty() &&
         peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
  }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_client_guard, GuardedFixture)

const char* const kHosts[] = {"127.0.0.1",          "localhost", "2130706433", "0x7f.1",
                              "0177.0.0.1",         "0",         "127.1",      "[::1]",
                              "[::ffff:127.0.0.1]", "[::]",      "10.0.0.1",   "169.254.169.254",
                              "192.168.1.1",        "[fe80::1]", "[fd00::1]",  "[64:ff9b::7f00:1]",
                              "[::7f00:1]"};

BOOST_DATA_TEST_CASE(PrivateAddressIsRefusedBeforeAConnection,
                     boost::unit_test::data::make(kHosts)) {
  RawServer server(AnswerAll);
  const Answer answer =
      Get("http://" + std::string(sample) + ":" + std::to_string(server.port()) + "/");
  BOOST_TEST(answer.delivery == Delivery::kNotSent);
  BOOST_TEST(answer.error == "the address is not allowed");
  BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(AllowedNetworkIsReached) {
  RawServer server(AnswerAll);
  options.guard = std::make_shared<AddressGuard>(*AddressGuard::WithAllowed({"127.0.0.0/8"}));
  BOOST_TEST(Get(server.Url()).response.status == 200);
}

// Else a registered address would open the way for a posted one.
BOOST_AUTO_TEST_CASE(ConnectionKeptUnderAWiderGuardIsNotUsed) {
  std::atomic<int> requests{0};
  RawServer server([&](RawConnection& peer) {
    while (!peer.ReadRequest().empty()) {
      ++requests;
      peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  });
  const auto narrow = options.guard;
  options.guard = std::make_shared<AddressGuard>(AddressGuard::AllowAll());
  BOOST_TEST(Get(server.Url()).response.status == 200);
  options.guard = narrow;
  const Answer answer = Get(server.Url());
  BOOST_TEST(answer.delivery == Delivery::kNotSent);
  BOOST_TEST(answer.error == "the address is not allowed");
  BOOST_TEST(requests == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::http
