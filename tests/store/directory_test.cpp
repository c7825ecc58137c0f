#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using base::Code;

BOOST_AUTO_TEST_SUITE(store_directory)

STORE_TEST(AShopComesBackAsItWasAdded) {
  task::Shop shop = world.NewShop("shop-2");
  shop.enabled = false;
  shop.previous_code = base::Secret("old code");
  shop.previous_until = world.now();
  shop.accept_encoded_signature = true;
  shop.allow_prog_url = true;
  shop.lenient_receipts = true;
  shop.demand_successful = true;
  shop.rate_per_second = 7;
  shop.vat_policy = ffd::VatPolicy::kReplace;
  shop.inn_policy = task::InnPolicy::kRefuse;
  const task::ShopKey key = world.store().AddShop(shop).value();

  const task::DirectoryPtr directory = world.store().LoadDirectory().value();
  const task::Shop* found = directory->FindShop("shop-2");
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(found->key == key);
  BOOST_TEST(found->name == shop.name);
  BOOST_TEST(!found->enabled);
  BOOST_TEST(found->code.Reveal() == shop.code.Reveal());
  BOOST_TEST(found->previous_code.Reveal() == "old code");
  BOOST_TEST((found->previous_until == world.now()));
  BOOST_TEST(found->accept_encoded_signature);
  BOOST_TEST(found->allow_prog_url);
  BOOST_TEST(found->lenient_receipts);
  BOOST_TEST(found->demand_successful);
  BOOST_TEST(found->rate_per_second == 7);
  BOOST_TEST((found->vat_policy == ffd::VatPolicy::kReplace));
  BOOST_TEST((found->inn_policy == task::InnPolicy::kRefuse));

  const task::Shop* plain = directory->FindShop(world.shop);
  BOOST_REQUIRE(plain != nullptr);
  BOOST_TEST(plain->enabled);
  BOOST_TEST(plain->previous_code.empty());
  BOOST_TEST(!plain->accept_encoded_signature);
  BOOST_TEST(!plain->allow_prog_url);
  BOOST_TEST(!plain->lenient_receipts);
  BOOST_TEST(!plain->demand_successful);
}

STORE_TEST(ARegisterComesBackAsItWasAdded) {
  const task::ShopKey second = world.store().AddShop(world.NewShop("shop-2")).value();
  task::Register r = world.NewRegister("till-2");
  r.enabled = false;
  r.bank_token = base::Secret("bank");
  r.pinned_public_key = "sha256//abc=";
  r.header_generation = "1.2";
  r.body_encoding = "hex";
  r.deduplicating = true;
  r.pass_unknown = true;
  r.timeout_ms = 12'345;
  r.ffd_version = ffd::FfdVersion::k105;
  r.taxation_mask = 3;
  r.profile = ffd::Provider::kAtol;
  r.shops = {world.shop, second};
  const task::RegisterKey key = world.store().AddRegister(r).value();

  const task::DirectoryPtr directory = world.store().LoadDirectory().value();
  const task::Register* found = directory->FindRegisterByToken("token of till-2");
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(found->key == key);
  BOOST_TEST(found->name == "till-2");
  BOOST_TEST(!found->enabled);
  BOOST_TEST(found->provider == "bit");
  BOOST_TEST(found->bank_token.Reveal() == "bank");
  BOOST_TEST(found->url == r.url);
  BOOST_TEST(found->pinned_public_key == r.pinned_public_key);
  BOOST_TEST(found->header_generation == "1.2");
  BOOST_TEST(found->body_encoding == "hex");
  BOOST_TEST(found->deduplicating);
  BOOST_TEST(found->pass_unknown);
  BOOST_TEST(found->timeout_ms == 12'345);
  BOOST_TEST((found->ffd_version == ffd::FfdVersion::k105));
  BOOST_TEST(found->taxation_mask == 3u);
  BOOST_TEST((found->profile == ffd::Provider::kAtol));
  BOOST_TEST(found->shops == (std::vector<task::ShopKey>{world.shop, second}));

  const task::Register* plain = directory->FindRegister(world.lane);
  BOOST_REQUIRE(plain != nullptr);
  BOOST_TEST(plain->bank_token.empty());
  BOOST_TEST(!plain->deduplicating);
  BOOST_TEST(!plain->pass_unknown);
  BOOST_TEST(plain->shops == std::vector<task::ShopKey>{world.shop});
}

STORE_TEST(NamesAccountsAndTokensAreTakenOnce) {
  BOOST_TEST((world.store().AddShop(world.NewShop("shop-1")).error().code == Code::kConflict));
  BOOST_TEST(
      (world.store().AddRegister(world.NewRegister("till-1")).error().code == Code::kConflict));
  task::Register same_token = world.NewRegister("till-2");
  same_token.kkt_token = world.NewRegister("till-1").kkt_token;
  const Result<task::RegisterKey> refused = world.store().AddRegister(same_token);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == Code::kConflict));
  BOOST_TEST(refused.error().what.find("token of") == std::string::npos);
  const task::DirectoryPtr directory = world.store().LoadDirectory().value();
  BOOST_TEST(directory->shops().size() == 1u);
  BOOST_TEST(directory->registers().size() == 1u);
}

STORE_TEST(AnUpdateReplacesEverything) {
  task::Shop shop = world.NewShop("renamed");
  shop.key = world.shop;
  shop.code = base::Secret("new code");
  BOOST_TEST(world.store().UpdateShop(shop).ok());
  task::Register r = world.NewRegister("renamed");
  r.key = world.lane;
  r.kkt_token = base::Secret("new token");
  BOOST_TEST(world.store().UpdateRegister(r).ok());

  const task::DirectoryPtr directory = world.store().LoadDirectory().value();
  BOOST_TEST(directory->FindShop("shop-1") == nullptr);
  BOOST_TEST(directory->FindShop("renamed")->key == world.shop);
  BOOST_TEST(directory->FindShop("renamed")->code.Reveal() == "new code");
  BOOST_TEST(directory->FindRegisterByToken("token of till-1") == nullptr);
  BOOST_TEST(directory->FindRegisterByToken("new token")->key == world.lane);
  BOOST_TEST(directory->FindRegister(world.lane)->shops.empty());
}

STORE_TEST(AnUpdateMustNotTakeWhatIsTaken) {
  world.store().AddShop(world.NewShop("shop-2")).value();
  world.store().AddRegister(world.NewRegister("till-2")).value();
  task::Shop shop = world.NewShop("shop-2");
  shop.key = world.shop;
  BOOST_TEST((world.store().UpdateShop(shop).error().code == Code::kConflict));
  task::Register r = world.NewRegister("till-2");
  r.key = world.lane;
  BOOST_TEST((world.store().UpdateRegister(r).error().code == Code::kConflict));
  r = world.NewRegister("till-1");
  r.key = world.lane;
  r.kkt_token = base::Secret("token of till-2");
  BOOST_TEST((world.store().UpdateRegister(r).error().code == Code::kConflict));
  BOOST_TEST(world.store().LoadDirectory().value()->FindShop("shop-1") != nullptr);
}

STORE_TEST(WhatIsNotThereIsNotUpdated) {
  task::Shop shop = world.NewShop("shop-9");
  BOOST_TEST((world.store().UpdateShop(shop).error().code == Code::kNotFound));
  shop.key = 999;
  BOOST_TEST((world.store().UpdateShop(shop).error().code == Code::kNotFound));
  task::Register r = world.NewRegister("till-9");
  BOOST_TEST((world.store().UpdateRegister(r).error().code == Code::kNotFound));
  r.key = 999;
  BOOST_TEST((world.store().UpdateRegister(r).error().code == Code::kNotFound));
}

STORE_TEST(ARegisterOfAShopThatIsNotThereIsNotAdded) {
  task::Register r = world.NewRegister("till-2");
  r.shops = {world.shop, 999};
  BOOST_TEST((world.store().AddRegister(r).error().code == Code::kNotFound));
  // All or nothing: neither the register nor its first link has stayed.
  const task::DirectoryPtr directory = world.store().LoadDirectory().value();
  BOOST_TEST(directory->registers().size() == 1u);
  r.shops = {world.shop};
  BOOST_TEST(world.store().AddRegister(r).ok());
}

STORE_TEST(ARegisterThatIsRefusedStaysAsItWas) {
  task::Register r = world.NewRegister("renamed");
  r.key = world.lane;
  r.shops = {999};
  BOOST_TEST((world.store().UpdateRegister(r).error().code == Code::kNotFound));
  const task::DirectoryPtr directory = world.store().LoadDirectory().value();
  BOOST_TEST(directory->FindRegister(world.lane)->name == "till-1");
  BOOST_TEST(directory->FindRegister(world.lane)->shops == std::vector<task::ShopKey>{world.shop});
}

STORE_TEST(EveryChangeRaisesTheVersion) {
  const std::int64_t before = world.store().OperatorVersion().value();
  world.store().AddShop(world.NewShop("shop-2")).value();
  const std::int64_t after = world.store().OperatorVersion().value();
  BOOST_TEST(after > before);
  BOOST_TEST(world.store().LoadDirectory().value()->version() == after);
  task::Register r = world.NewRegister("till-1");
  r.key = world.lane;
  BOOST_REQUIRE(world.store().UpdateRegister(r).ok());
  BOOST_TEST(world.store().OperatorVersion().value() > after);
}

LASTING_STORE_TEST(EveryChangeRaisesTheVersionForOtherProcessesToo) {
  const std::unique_ptr<Store> other = world.OpenAnother();
  const std::int64_t before = other->OperatorVersion().value();
  world.store().AddShop(world.NewShop("shop-2")).value();
  const std::int64_t after = other->OperatorVersion().value();
  BOOST_TEST(after > before);
  BOOST_TEST(other->LoadDirectory().value()->version() == after);
  BOOST_TEST(other->LoadDirectory().value()->FindShop("shop-2") != nullptr);
  task::Register r = world.NewRegister("till-1");
  r.key = world.lane;
  BOOST_REQUIRE(other->UpdateRegister(r).ok());
  BOOST_TEST(world.store().OperatorVersion().value() > after);
}

STORE_TEST(ARefusedChangeLeavesTheVersionAlone) {
  const std::int64_t before = world.store().OperatorVersion().value();
  BOOST_REQUIRE(!world.store().AddShop(world.NewShop("shop-1")).ok());
  BOOST_TEST(world.store().OperatorVersion().value() == before);
}

LASTING_STORE_TEST(AnotherKeyDoesNotOpenTheStore) {
  Options options;
  options.url = world.url();
  const Result<std::unique_ptr<Store>> opened =
      Store::Open(options, base::KeyRing::FromBytes(std::string(32, 'x')));
  BOOST_REQUIRE(!opened.ok());
  BOOST_TEST((opened.error().code == Code::kForbidden));
  BOOST_TEST(opened.error().what.find("key file") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
