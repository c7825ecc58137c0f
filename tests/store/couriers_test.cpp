#include "lib/store/couriers.h"

#include "tests/store/world.h"

namespace fiscalgate::store::testing {
namespace {

const By kBy{"ann", "test", {}};

Courier Make(World& world, const std::string& login) {
  Courier courier;
  courier.login = login;
  courier.name = "Анна";
  courier.shop = world.shop;
  courier.register_key = world.lane;
  courier.password = "hash";
  courier.prog_url = "https://till.example:44735/";
  courier.taxation_1055 = 2;
  courier.vat_1199 = 11;
  return courier;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_couriers)

STORE_TEST(ACourierIsFoundByLoginWithEverything) {
  Couriers& couriers = world.store().couriers();
  const auto key = couriers.Add(Make(world, "ann"), kBy);
  BOOST_REQUIRE(key.ok());
  const auto found = couriers.Find("ann").value();
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->key == *key);
  BOOST_TEST(found->name == "Анна");
  BOOST_TEST(found->password == "hash");
  BOOST_TEST(found->prog_url == "https://till.example:44735/");
  BOOST_TEST(found->taxation_1055 == 2);
  BOOST_TEST(found->vat_1199 == 11);
  BOOST_TEST(found->enabled);
  BOOST_TEST(!couriers.Find("bob").value().has_value());
}

STORE_TEST(ALoginIsOneCouriersOnly) {
  Couriers& couriers = world.store().couriers();
  BOOST_REQUIRE(couriers.Add(Make(world, "ann"), kBy).ok());
  const auto again = couriers.Add(Make(world, "ann"), kBy);
  BOOST_REQUIRE(!again.ok());
  BOOST_TEST((again.error().code == base::Code::kConflict));
  BOOST_REQUIRE(couriers.Add(Make(world, "bob"), kBy).ok());
  BOOST_TEST(couriers.List().value().size() == 2u);
}

STORE_TEST(ACourierIsChanged) {
  Couriers& couriers = world.store().couriers();
  Courier courier = Make(world, "ann");
  BOOST_TEST(!couriers
                  .Update(
                      [&] {
                        Courier none = courier;
                        none.key = 99;
                        return none;
                      }(),
                      kBy)
                  .ok());
  courier.key = couriers.Add(courier, kBy).value();
  courier.enabled = false;
  BOOST_REQUIRE(couriers.Update(courier, kBy).ok());
  BOOST_TEST(!couriers.Find("ann").value()->enabled);
}

STORE_TEST(GoodsAreReplacedWhole) {
  Couriers& couriers = world.store().couriers();
  BOOST_TEST(couriers.Goods(world.shop).value() == "[]");
  BOOST_REQUIRE(couriers.PutGoods(world.shop, "[1]", kBy).ok());
  BOOST_REQUIRE(couriers.PutGoods(world.shop, "[2]", kBy).ok());
  BOOST_TEST(couriers.Goods(world.shop).value() == "[2]");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
