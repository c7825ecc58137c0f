// Shops, registers and tasks as typed and as shown.
#include <boost/test/unit_test.hpp>

#include "fcgi/admin/register_words.h"
#include "fcgi/admin/shop_words.h"
#include "fcgi/admin/table.h"
#include "fcgi/admin/task_words.h"

namespace fiscalgate::admin {
namespace {

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

task::Shop ShopNumber(task::ShopKey key) {
  task::Shop shop = NewShop("shop-" + std::to_string(key), "the secret code");
  shop.key = key;
  return shop;
}

task::Directory TwoShops() { return task::Directory({ShopNumber(1), ShopNumber(2)}, {}, 1); }

std::string Json(const std::function<void(base::JsonWriter*)>& write) {
  base::JsonWriter writer;
  write(&writer);
  std::string text = writer.Take();
  BOOST_TEST(base::ParseJson(text).ok());
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(admin_table)

BOOST_AUTO_TEST_CASE(ColumnsAreAsWideAsTheirWidestCell) {
  Table table({"A", "LONG"});
  BOOST_TEST(table.empty());
  table.Add({"касса", "x"});
  table.Add({"b", "y"});
  BOOST_TEST(table.Text() == "A      LONG\nкасса  x\nb      y");
}

BOOST_AUTO_TEST_CASE(ACellCannotSteerTheTerminal) {
  Table table({"A"});
  table.Add(
      {"\x1b[2Ja\nb\xC2\x9B"
       "c"});
  BOOST_TEST(table.Text() == "A\n?[2Ja?b?c");
}

BOOST_AUTO_TEST_CASE(ALongCellIsCutAtACharacter) {
  std::string text;
  for (std::size_t i = 0; i < Table::kMaxCellWidth; ++i) text += "ж";
  Table table({"A"});
  table.Add({text});
  table.Add({text + "ж"});
  BOOST_TEST(table.Text() == "A\n" + text + "\n" + text + "…");
}

BOOST_AUTO_TEST_CASE(ASheetAlignsItsValues) {
  Sheet sheet;
  sheet.Add("a", "1");
  sheet.Add("long", "2");
  BOOST_TEST(sheet.Text() == "a     1\nlong  2");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(admin_shop_words)

BOOST_AUTO_TEST_CASE(WhatIsNotGivenIsMade) {
  const task::Shop first = NewShop("", ""), second = NewShop("", "");
  BOOST_TEST(first.account_id.size() == 16u);
  BOOST_TEST(first.code.Reveal().size() == 32u);
  BOOST_TEST(first.account_id != second.account_id);
  BOOST_TEST(first.code.Reveal() != second.code.Reveal());
  BOOST_TEST(first.previous_code.empty());
  const task::Shop given = NewShop("demo", "12345678");
  BOOST_TEST(given.account_id == "demo");
  BOOST_TEST(given.name == "demo");
  BOOST_TEST(given.code.Reveal() == "12345678");
}

BOOST_AUTO_TEST_CASE(PoliciesAreGivenByTheirNames) {
  task::Shop shop = ShopNumber(1);
  ShopOptions options;
  options.vat_policy = "replace";
  options.inn_policy = "refuse";
  BOOST_TEST(ApplyShopOptions(options, &shop).ok());
  BOOST_TEST((shop.vat_policy == ffd::VatPolicy::kReplace));
  BOOST_TEST((shop.inn_policy == task::InnPolicy::kRefuse));
  options.vat_policy = "sometimes";
  BOOST_TEST(!ApplyShopOptions(options, &shop).ok());
  BOOST_TEST((shop.vat_policy == ffd::VatPolicy::kReplace));
}

BOOST_AUTO_TEST_CASE(OnlyWhatIsGivenChanges) {
  task::Shop shop = ShopNumber(1);
  shop.allow_prog_url = true;
  ShopOptions options;
  options.rate = 5;
  options.lenient_receipts = true;
  BOOST_TEST(ApplyShopOptions(options, &shop).ok());
  BOOST_TEST(shop.rate_per_second == 5);
  BOOST_TEST(shop.lenient_receipts);
  BOOST_TEST(shop.allow_prog_url);
  BOOST_TEST(shop.name == "shop-1");
  ShopOptions off;
  off.allow_prog_url = false;
  BOOST_TEST(ApplyShopOptions(off, &shop).ok());
  BOOST_TEST(!shop.allow_prog_url);
  BOOST_TEST(shop.rate_per_second == 5);
}

BOOST_AUTO_TEST_CASE(AWrongOptionChangesNothing) {
  task::Shop shop = ShopNumber(1);
  ShopOptions options;
  options.name = "good";
  options.rate = -1;
  BOOST_TEST((ApplyShopOptions(options, &shop).error().code == base::Code::kInvalid));
  BOOST_TEST(shop.name == "shop-1");
}

BOOST_AUTO_TEST_CASE(ARotatedCodeIsAcceptedForAWhile) {
  task::Shop shop = ShopNumber(1);
  RotateCode("", base::FromMillis(5000), &shop);
  BOOST_TEST(shop.previous_code.Reveal() == "the secret code");
  BOOST_TEST(shop.code.Reveal().size() == 32u);
  BOOST_TEST((shop.previous_until == base::FromMillis(5000)));
  BOOST_TEST(Has(ShopSheet(shop, false), "1970-01-01T00:00:05.000Z"));
}

BOOST_AUTO_TEST_CASE(SecretsAreShownOnlyWhenAskedFor) {
  const task::Shop shop = ShopNumber(1);
  const std::string hidden = Json([&](base::JsonWriter* w) { WriteShop(shop, false, w); });
  const std::string shown = Json([&](base::JsonWriter* w) { WriteShop(shop, true, w); });
  BOOST_TEST(!Has(hidden, "the secret code"));
  BOOST_TEST(!Has(hidden, "whsec_"));
  BOOST_TEST(Has(shown, "\"code\":\"the secret code\""));
  BOOST_TEST(Has(shown, "\"webhook_secret\":\"whsec_"));
  BOOST_TEST(!Has(ShopSheet(shop, false), "the secret code"));
  BOOST_TEST(Has(ShopSheet(shop, true), "the secret code"));
  BOOST_TEST(!Has(ShopTable({shop}), "the secret code"));
  BOOST_TEST(Has(ShopTable({shop}), "shop-1"));
  BOOST_TEST(Has(ShopToPaste(shop), "the secret code"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(admin_register_words)

BOOST_AUTO_TEST_CASE(OptionsMakeARegister) {
  task::Register r = NewRegister("till", "");
  BOOST_TEST(r.kkt_token.Reveal().size() == 32u);
  BOOST_TEST(r.provider == "bit");
  RegisterOptions options;
  options.url = "https://till.example/";
  options.pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  options.headers = "1.2";
  options.body = "form";
  options.token = "token";
  options.bank_token = "bank";
  options.deduplicating = true;
  options.pass_unknown = true;
  options.timeout_ms = 500;
  options.shops = {"shop-2", "shop-1", "shop-2"};
  BOOST_TEST(ApplyRegisterOptions(options, TwoShops(), &r).ok());
  BOOST_TEST(r.url == *options.url);
  BOOST_TEST(r.pinned_public_key == *options.pin);
  BOOST_TEST(r.header_generation == "1.2");
  BOOST_TEST(r.body_encoding == "form");
  BOOST_TEST(r.kkt_token.Reveal() == "token");
  BOOST_TEST(r.bank_token.Reveal() == "bank");
  BOOST_TEST(r.deduplicating);
  BOOST_TEST(r.pass_unknown);
  BOOST_TEST(r.timeout_ms == 500);
  BOOST_TEST((r.shops == std::vector<task::ShopKey>{2, 1}));
}

BOOST_AUTO_TEST_CASE(EveryWrongOptionIsRefused) {
  std::vector<RegisterOptions> wrong(8);
  wrong[0].url = "till";
  wrong[1].pin = "sha256//abc";
  wrong[2].headers = "1.3";
  wrong[3].body = "xml";
  wrong[4].token = "";
  wrong[5].bank_token = "a b";
  wrong[6].timeout_ms = 1;
  wrong[7].pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  wrong[7].url = "http://plain.example/";
  for (const RegisterOptions& options : wrong) {
    task::Register r = NewRegister("till", "token");
    BOOST_TEST(
        (ApplyRegisterOptions(options, TwoShops(), &r).error().code == base::Code::kInvalid));
  }
  task::Register r = NewRegister("till", "token");
  RegisterOptions nobody;
  nobody.shops = {"nobody"};
  BOOST_TEST((ApplyRegisterOptions(nobody, TwoShops(), &r).error().code == base::Code::kNotFound));
}

BOOST_AUTO_TEST_CASE(AnEmptyOptionTakesAwayWhatWasThere) {
  task::Register r = NewRegister("till", "token");
  r.url = "https://till.example/";
  r.bank_token = base::Secret("bank");
  RegisterOptions options;
  options.url = "";
  options.bank_token = "";
  BOOST_TEST(ApplyRegisterOptions(options, TwoShops(), &r).ok());
  BOOST_TEST(r.url == "");
  BOOST_TEST(r.bank_token.empty());
}

BOOST_AUTO_TEST_CASE(ShopsAreLinkedOnceAndUnlinked) {
  task::Register r = NewRegister("till", "token");
  BOOST_TEST(LinkShop("shop-1", TwoShops(), &r).ok());
  BOOST_TEST(LinkShop("shop-1", TwoShops(), &r).ok());
  BOOST_TEST(r.shops == std::vector<task::ShopKey>{1});
  BOOST_TEST((UnlinkShop("nobody", TwoShops(), &r).error().code == base::Code::kNotFound));
  BOOST_TEST(UnlinkShop("shop-1", TwoShops(), &r).ok());
  BOOST_TEST(r.shops.empty());
}

BOOST_AUTO_TEST_CASE(ADeduplicatingRegisterIsNotShared) {
  task::Register r = NewRegister("till", "");
  r.shops = {1, 2};
  BOOST_TEST(CheckSharing(r).ok());
  r.deduplicating = true;
  BOOST_TEST(!CheckSharing(r).ok());
  r.shops = {1};
  BOOST_TEST(CheckSharing(r).ok());
}

BOOST_AUTO_TEST_CASE(TokensAreShownOnlyWhenAskedFor) {
  task::Register r = NewRegister("till", "hidden-token");
  r.bank_token = base::Secret("hidden-bank");
  r.shops = {2};
  const auto json = [&](bool reveal) {
    return Json([&](base::JsonWriter* w) { WriteRegister(r, TwoShops(), reveal, w); });
  };
  BOOST_TEST(!Has(json(false), "hidden-"));
  BOOST_TEST(Has(json(false), "\"shops\":[\"shop-2\"]"));
  BOOST_TEST(Has(json(false), "\"has_bank_token\":true"));
  BOOST_TEST(Has(json(true), "\"token\":\"hidden-token\""));
  BOOST_TEST(!Has(RegisterSheet(r, TwoShops(), false), "hidden-"));
  BOOST_TEST(Has(RegisterSheet(r, TwoShops(), true), "hidden-bank"));
  BOOST_TEST(!Has(RegisterTable(task::Directory({ShopNumber(2)}, {r}, 1)), "hidden-"));
  BOOST_TEST(Has(RegisterToPaste(r), "hidden-token"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(admin_task_words)

BOOST_AUTO_TEST_CASE(StatesAreReadByName) {
  BOOST_TEST((*ReadState("unknown").value() == task::State::kUnknown));
  BOOST_TEST(!ReadState("").value().has_value());
  BOOST_TEST(Has(ReadState("lost").error().what, "queued"));
  BOOST_TEST((*ReadCallbackState("dead").value() == store::CallbackState::kDead));
  BOOST_TEST(!ReadCallbackState("").value().has_value());
  BOOST_TEST(Has(ReadCallbackState("lost").error().what, "delivered"));
}

BOOST_AUTO_TEST_CASE(AMarkIsWholeOrAbsent) {
  BOOST_TEST(!ReadMark({}).value().has_value());
  MarkOptions options;
  options.fd = 42;
  BOOST_TEST((ReadMark(options).error().code == base::Code::kInvalid));
  options.fn = "9999078900001234";
  options.fpd = "1234567890";
  options.time = "2026-11-21T13:15:00";
  options.total = "1490.50";
  const ffd::FiscalMark mark = *ReadMark(options).value();
  BOOST_TEST(mark.fn_1041 == options.fn);
  BOOST_TEST(mark.fd_1040 == 42);
  BOOST_TEST(mark.fpd_1077 == options.fpd);
  BOOST_TEST(mark.time_1012 == options.time);
  BOOST_TEST(mark.total_1020.kopecks == 149'050);
  options.total = "1e3";
  BOOST_TEST(!ReadMark(options).ok());
  options.total.clear();
  options.time = "noon";
  BOOST_TEST(!ReadMark(options).ok());
  options.time.clear();
  options.fn = "12";
  BOOST_TEST(!ReadMark(options).ok());
}

BOOST_AUTO_TEST_CASE(ATaskShowsWhyItWaitsAndNotWhatWasBought) {
  store::TaskView view;
  view.task.id = "task-1";
  view.task.order_id = "order-1";
  view.task.shop = 2;
  view.task.wait_reason = "the register is off";
  view.package.commands = "[{\"contact\":\"buyer\"}]";
  view.attempts.push_back({});
  view.attempts[0].number = 1;
  view.attempts[0].tries = 3;
  view.callback.emplace();
  view.callback->webhook_id = "hook-1";
  ShownTask shown{view, "task-0", false};
  const auto json = [&] {
    return Json([&](base::JsonWriter* w) { WriteTaskView(shown, TwoShops(), w); });
  };
  BOOST_TEST(Has(json(), "\"state\":\"queued\""));
  BOOST_TEST(Has(json(), "\"behind\":\"task-0\""));
  BOOST_TEST(Has(json(), "\"shop\":\"shop-2\""));
  BOOST_TEST(Has(json(), "\"webhook_id\":\"hook-1\""));
  BOOST_TEST(!Has(json(), "buyer"));
  BOOST_TEST(Has(TaskSheet(shown, TwoShops()), "the register is off"));
  BOOST_TEST(Has(TaskSheet(shown, TwoShops()), "1 (x3)"));
  BOOST_TEST(!Has(TaskSheet(shown, TwoShops()), "buyer"));
  shown.package = true;
  BOOST_TEST(Has(json(), "\"commands\":[{\"contact\":\"buyer\"}]"));
  BOOST_TEST(Has(TaskSheet(shown, TwoShops()), "buyer"));
  BOOST_TEST(Has(TaskTable({view.task}, TwoShops()), "order-1"));
  BOOST_TEST(Has(CallbackTable({*view.callback}, TwoShops()), "hook-1"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::admin
