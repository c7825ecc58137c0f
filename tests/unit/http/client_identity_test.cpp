#include "tests/unit/http/client_fixture.h"
#include "tests/unit/support/tls_server.h"

namespace fiscalgate::http {
namespace {

using testing::MakeTlsIdentity;
using testing::TlsIdentity;
using testing::TlsServer;

struct IdentityFixture : ClientFixture {
  void Be(const TlsIdentity& who) {
    options.client_certificate = who.certificate;
    options.client_key = base::Secret(who.key);
  }
  const TlsIdentity alice = MakeTlsIdentity("alice"), bob = MakeTlsIdentity("bob");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_client_identity, IdentityFixture)

BOOST_AUTO_TEST_CASE(ServerSeesTheCertificateAndConnectionsAreNotSharedBetweenIdentities) {
  TlsServer server({alice, bob});
  options.trusted_authorities = server.certificate();
  Be(alice);
  BOOST_TEST(Post(server.Url(), "x").response.body == "1 alice #1");
  BOOST_TEST(Post(server.Url(), "x").response.body == "2 alice #1");
  Be(bob);
  BOOST_TEST(Post(server.Url(), "x").response.body == "3 bob #2");
  Be(alice);
  BOOST_TEST(Post(server.Url(), "x").response.body == "4 alice #1");
}

BOOST_AUTO_TEST_CASE(WithoutACertificateOrWithAnUnknownOneTheServerTellsWhy) {
  TlsServer server({alice});
  options.trusted_authorities = server.certificate();
  const Answer none = Post(server.Url(), "x");
  BOOST_TEST(none.delivery != Delivery::kAnswered);
  BOOST_TEST(none.error.find("certificate") != std::string::npos);
  Be(bob);
  const Answer unknown = Post(server.Url(), "x");
  BOOST_TEST(unknown.delivery != Delivery::kAnswered);
  BOOST_TEST(unknown.error.find("alert") != std::string::npos);
  // An identity's connection serves nobody without it.
  Be(alice);
  const Answer right = Post(server.Url(), "x");
  BOOST_TEST(right.response.body.substr(0, 7) == "1 alice");
  options.client_certificate.clear();
  options.client_key = {};
  BOOST_TEST(Post(server.Url(), "x").delivery != Delivery::kAnswered);
}

BOOST_AUTO_TEST_CASE(UnusableIdentityIsNotSentAndNotQuoted) {
  TlsServer server({alice});
  options.trusted_authorities = server.certificate();
  Be({alice.certificate, bob.key});
  const Answer mixed = Post(server.Url(), "x");
  BOOST_TEST(mixed.delivery == Delivery::kNotSent);
  BOOST_TEST(!mixed.error.empty());
  Be({alice.certificate, "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n"});
  const Answer garbage = Post(server.Url(), "x");
  BOOST_TEST(garbage.delivery == Delivery::kNotSent);
  BOOST_TEST(garbage.error.find("secret") == std::string::npos);
  Be(alice);
  BOOST_TEST(Post(server.Url(), "x").response.body.substr(0, 7) == "1 alice");
}

BOOST_AUTO_TEST_CASE(HalfAnIdentityAndOneWithoutTlsAreRefused) {
  options.client_certificate = alice.certificate;
  const Answer half = Post("https://127.0.0.1:9/", "x");
  BOOST_TEST(half.delivery == Delivery::kNotSent);
  BOOST_TEST(half.error == "a client certificate and its key go together");
  Be({"", alice.key});
  BOOST_TEST(Post("https://127.0.0.1:9/", "x").error == half.error);
  Be(alice);
  BOOST_TEST(Post("http://127.0.0.1:9/", "x").error == "a client certificate needs https");
}

BOOST_AUTO_TEST_CASE(AuthoritiesGivenReplaceTheSystems) {
  TlsServer server, other;
  options.trusted_authorities = other.certificate();
  BOOST_TEST(Post(server.Url(), "x").delivery == Delivery::kNotSent);
  options.trusted_authorities = server.certificate();
  BOOST_TEST(Post(server.Url(), "x").response.body == "1");
  // A connection trusted through one authority serves nobody who trusts another.
  options.trusted_authorities = other.certificate();
  BOOST_TEST(Post(server.Url(), "x").delivery == Delivery::kNotSent);
  options.trusted_authorities = "no certificate";
  BOOST_TEST(Post(server.Url(), "x").delivery == Delivery::kNotSent);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::http
