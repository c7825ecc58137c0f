#include "lib/task/directory.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::task {
namespace {

Directory TwoShops() {
  Shop first, second;
  first.key = 1;
  first.account_id = "100";
  second.key = 2;
  second.account_id = "200";
  Register near, far;
  near.key = 10;
  near.kkt_token = base::Secret("token-near");
  near.shops = {1};
  far.key = 20;  // has no token
  return Directory({first, second}, {near, far}, 5);
}

BOOST_AUTO_TEST_SUITE(directory_test)

BOOST_AUTO_TEST_CASE(ShopsAreFoundByAccountAndKey) {
  const Directory directory = TwoShops();
  BOOST_REQUIRE(directory.FindShop("200") != nullptr);
  BOOST_TEST(directory.FindShop("200")->key == 2);
  BOOST_REQUIRE(directory.FindShop(ShopKey{1}) != nullptr);
  BOOST_TEST(directory.FindShop(ShopKey{1})->account_id == "100");
  BOOST_TEST(directory.FindShop("300") == nullptr);
  BOOST_TEST(directory.FindShop("") == nullptr);
  BOOST_TEST(directory.FindShop(ShopKey{3}) == nullptr);
  BOOST_TEST(directory.version() == 5);
}

BOOST_AUTO_TEST_CASE(RegistersAreFoundByKeyAndToken) {
  const Directory directory = TwoShops();
  BOOST_REQUIRE(directory.FindRegisterByToken("token-near") != nullptr);
  BOOST_TEST(directory.FindRegisterByToken("token-near")->key == 10);
  BOOST_TEST(directory.FindRegisterByToken("token-far") == nullptr);
  BOOST_REQUIRE(directory.FindRegister(20) != nullptr);
  BOOST_TEST(directory.FindRegister(30) == nullptr);
}

BOOST_AUTO_TEST_CASE(AnEmptyTokenFindsNoRegister) {
  BOOST_TEST(TwoShops().FindRegisterByToken("") == nullptr);
}

BOOST_AUTO_TEST_CASE(OnlyListedShopsMayUseARegister) {
  const Directory directory = TwoShops();
  BOOST_TEST(Directory::MayUse(*directory.FindRegister(10), 1));
  BOOST_TEST(!Directory::MayUse(*directory.FindRegister(10), 2));
  BOOST_TEST(!Directory::MayUse(*directory.FindRegister(20), 1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::task
