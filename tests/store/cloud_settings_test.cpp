// What cloud registers brought into the directory: settings, secrets, mapping, routes.

#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using base::Code;
using base::Secret;

namespace {

task::Register CloudRegister(const World& world) {
  task::Register r = world.NewRegister("cloud");
  r.provider = "orangedata";
  r.settings = {{"inn", "7725327863"}, {"group", "Основная \"1\""}};
  r.secrets = {{"key", Secret("-----BEGIN\nсекрет\n")}, {"pass_phrase", Secret("hidden words")}};
  r.mapping = R"({"vat":{"2":true}})";
  r.shops = {world.shop};
  return r;
}

task::Register Found(World& world, task::RegisterKey key) {
  return *world.store().LoadDirectory().value()->FindRegister(key);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_cloud_settings)

STORE_TEST(SettingsSecretsAndMappingComeBack) {
  const task::Register r = CloudRegister(world);
  const task::RegisterKey key = world.store().AddRegister(r).value();
  const task::Register found = Found(world, key);
  BOOST_TEST(found.is_cloud());
  BOOST_TEST((found.settings == r.settings));
  BOOST_TEST(found.mapping == r.mapping);
  BOOST_REQUIRE_EQUAL(found.secrets.size(), 2u);
  BOOST_TEST(found.secrets.at("key").Reveal() == "-----BEGIN\nсекрет\n");
  BOOST_TEST(found.secrets.at("pass_phrase").Reveal() == "hidden words");
  const task::Register plain = Found(world, world.lane);
  BOOST_TEST(!plain.is_cloud());
  BOOST_TEST(plain.settings.empty());
  BOOST_TEST(plain.secrets.empty());
  BOOST_TEST(plain.mapping.empty());
}

STORE_TEST(SecretsAreReplacedAndTakenAwayAndTheVersionTells) {
  task::Register r = CloudRegister(world);
  r.key = world.store().AddRegister(r).value();
  const std::int64_t before = world.store().OperatorVersion().value();
  r.name = "renamed";
  r.secrets = {{"key", Secret("another")}};
  r.settings.clear();
  r.mapping = "";
  BOOST_REQUIRE(world.store().UpdateRegister(r).ok());
  BOOST_TEST(world.store().OperatorVersion().value() > before);
  const task::Register found = Found(world, r.key);
  BOOST_REQUIRE_EQUAL(found.secrets.size(), 1u);
  BOOST_TEST(found.secrets.at("key").Reveal() == "another");
  BOOST_TEST(found.settings.empty());
  BOOST_TEST(found.mapping.empty());
}

LASTING_STORE_TEST(SecretsAreNotReadableOnTheDisk) {
  BOOST_REQUIRE(world.store().AddRegister(CloudRegister(world)).ok());
  world.Close();
  const std::string all = world.StoredBytes();
  BOOST_TEST(all.find("7725327863") != std::string::npos);
  BOOST_TEST(all.find("hidden words") == std::string::npos);
  BOOST_TEST(all.find("pass_phrase") == std::string::npos);
}

STORE_TEST(AnotherProviderOnlyAfterTheLastTask) {
  task::Register r = CloudRegister(world);
  r.key = world.lane;
  r.name = "till-1";
  r.kkt_token = world.NewRegister("till-1").kkt_token;
  const task::Task queued = world.Accept("A-1");
  BOOST_TEST((world.store().UpdateRegister(r).error().code == Code::kConflict));
  BOOST_REQUIRE(world.Apply(world.SendOf(queued)));
  BOOST_TEST((world.store().UpdateRegister(r).error().code == Code::kConflict));
  BOOST_REQUIRE(world.Apply(world.EndOf(queued, task::State::kUnknown)));
  BOOST_TEST((world.store().UpdateRegister(r).error().code == Code::kConflict));
  BOOST_TEST(Found(world, world.lane).provider == "bit");
  BOOST_REQUIRE(
      world.store().SettleTask(queued.id, true, {}, "me", "seen on paper", world.now()).ok());
  BOOST_TEST(world.store().UpdateRegister(r).ok());
  BOOST_TEST(Found(world, world.lane).provider == "orangedata");
  // The same provider may get other settings at any time.
  world.Accept("A-2");
  r.settings["inn"] = "7707083893";
  BOOST_TEST(world.store().UpdateRegister(r).ok());
}

STORE_TEST(RoutesOfAShopComeBackAndAreReplaced) {
  const task::RegisterKey cloud = world.store().AddRegister(CloudRegister(world)).value();
  task::Shop shop = world.NewShop("shop-1");
  shop.key = world.shop;
  shop.routes = {{world.lane, cloud}};
  BOOST_REQUIRE(world.store().UpdateShop(shop).ok());
  world.store().AddShop(world.NewShop("shop-2")).value();
  auto directory = world.store().LoadDirectory().value();
  BOOST_TEST((directory->FindShop("shop-1")->routes == shop.routes));
  BOOST_TEST(directory->FindShop("shop-2")->routes.empty());
  shop.routes = {{cloud, world.lane}};
  BOOST_REQUIRE(world.store().UpdateShop(shop).ok());
  directory = world.store().LoadDirectory().value();
  BOOST_TEST((directory->FindShop("shop-1")->routes == shop.routes));
}

STORE_TEST(ARouteToNowhereOrToItsBeginningIsRefused) {
  task::Shop shop = world.NewShop("shop-1");
  shop.key = world.shop;
  shop.routes = {{world.lane, 999}};
  BOOST_TEST((world.store().UpdateShop(shop).error().code == Code::kNotFound));
  shop.routes = {{world.lane, world.lane}};
  BOOST_TEST((world.store().UpdateShop(shop).error().code == Code::kInvalid));
  BOOST_TEST(world.store().LoadDirectory().value()->FindShop("shop-1")->routes.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
