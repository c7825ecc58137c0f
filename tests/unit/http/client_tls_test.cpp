#include "tests/unit/http/client_fixture.h"
#include "tests/unit/support/tls_server.h"

namespace fiscalgate::http {

namespace {
constexpr char kOtherPin[] = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_client_tls, ClientFixture)

BOOST_AUTO_TEST_CASE(PinDecidesForACertificateThatNobodySigned) {
  testing::TlsServer server;

  const Answer unpinned = Post(server.Url(), "x");
  BOOST_TEST(unpinned.delivery == Delivery::kNotSent);
  BOOST_TEST(unpinned.error.find("certificate") != std::string::npos);

  options.pinned_public_key = kOtherPin;
  const Answer wrong = Post(server.Url(), "x");
  BOOST_TEST(wrong.delivery == Delivery::kNotSent);
  BOOST_TEST(wrong.error.find("key") != std::string::npos);

  // The first request the server has seen: nothing of those above reached it.
  options.pinned_public_key = server.pin();
  const Answer right = Post(server.Url(), "x");
  BOOST_TEST(right.delivery == Delivery::kAnswered);
  BOOST_TEST(right.response.body == "1");

  options.pinned_public_key = std::string(kOtherPin) + ";" + server.pin();
  BOOST_TEST(Post(server.Url(), "x").response.body == "2");
}

BOOST_AUTO_TEST_CASE(ConnectionTrustedByAPinIsNotUsedWithoutIt) {
  testing::TlsServer server;
  options.pinned_public_key = server.pin();
  BOOST_TEST(Post(server.Url(), "x").delivery == Delivery::kAnswered);
  options.pinned_public_key.clear();
  BOOST_TEST(Post(server.Url(), "x").delivery == Delivery::kNotSent);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::http
