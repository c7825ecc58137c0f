#include "fcgi/router.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/support/fake_exchange.h"

namespace fiscalgate {
namespace {

using testing::FakeExchange;

class Named final : public Handler {
 public:
  explicit Named(std::string name) : name_(std::move(name)) {}
  void Handle(ExchangePtr exchange) override { exchange->Reply({200, {}, name_}); }

 private:
  std::string name_;
};

http::Response Ask(const std::string& method, const std::string& path) {
  Router router;
  router.Add("GET", "/api/receipts/*", std::make_shared<Named>("receipt"));
  router.Add("GET", "/api/receipts", std::make_shared<Named>("list"));
  router.Add("GET", "/api/receipts/*/qr.svg", std::make_shared<Named>("picture"));
  router.Add("POST", "/api/receipts", std::make_shared<Named>("create"));
  auto exchange = std::make_unique<FakeExchange>(http::Request{method, path, "", {}, ""});
  auto answer = exchange->answer();
  router.Route(std::move(exchange));
  return answer->Wait();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RouterTest)

BOOST_AUTO_TEST_CASE(PathAndMethodChooseTheHandler) {
  BOOST_TEST(Ask("GET", "/api/receipts").body == "list");
  BOOST_TEST(Ask("POST", "/api/receipts").body == "create");
  BOOST_TEST(Ask("GET", "/api/receipts/7").body == "receipt");
  BOOST_TEST(Ask("HEAD", "/api/receipts/7").body == "receipt");
}

BOOST_AUTO_TEST_CASE(StarIsOneSegmentAndNotEmpty) {
  BOOST_TEST(Ask("GET", "/api/receipts/").status == 404);
  BOOST_TEST(Ask("GET", "/api/receipts/7/8").status == 404);
  BOOST_TEST(Ask("GET", "/api/receipts/7/qr.svg").body == "picture");
  BOOST_TEST(Ask("GET", "/api/receipts//qr.svg").status == 404);
  BOOST_TEST(Ask("GET", "/api/receipts/7/qr.svg/").status == 404);
  BOOST_TEST(Ask("GET", "/api/receipts/7/8/qr.svg").status == 404);
}

BOOST_AUTO_TEST_CASE(UnknownPathIs404) { BOOST_TEST(Ask("GET", "/").status == 404); }

BOOST_AUTO_TEST_CASE(OtherMethodIs405AndNamesTheAllowed) {
  const auto response = Ask("DELETE", "/api/receipts");
  BOOST_TEST(response.status == 405);
  BOOST_TEST(http::FindHeader(response.headers, "Allow") == "GET, POST");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
