#include "fcgi/handlers/create_receipt.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {
namespace {

using testing::GatewayFixture;

struct Fixture : GatewayFixture {
  // Status, and the code of the first entry of "errors".
  void BoostExpect(const http::Response& response, int status, std::string_view entry = {}) {
    BOOST_TEST(response.status == status, response.body);
    const auto document = base::ParseJson(response.body);
    BOOST_REQUIRE(document.ok());
    const base::JsonValue& root = document->root();
    BOOST_TEST(!root.Find("result")->boolean);
    BOOST_TEST(!root.FindText("error").empty());
    const base::JsonValue* errors = root.Find("errors");
    BOOST_REQUIRE(errors != nullptr);
    if (entry.empty()) return;
    BOOST_REQUIRE(!errors->items.empty());
    BOOST_TEST(errors->items[0].FindText("code") == entry);
  }
  std::size_t Stored() { return store.ListTasks({}).value().size(); }
  std::int64_t Refused(base::Code code) { return intake.refused[static_cast<std::size_t>(code)]; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(CreateReceiptTest, Fixture)

BOOST_AUTO_TEST_CASE(SignedReceiptIsAcceptedAndItsLaneTold) {
  const http::Response response = Create(Signed(Form("7")));
  BOOST_TEST(response.status == 202);
  const auto document = base::ParseJson(response.body);
  BOOST_REQUIRE(document.ok());
  const base::JsonValue& root = document->root();
  const std::string id(root.FindText("id"));
  BOOST_TEST(root.Find("result")->boolean);
  BOOST_TEST(root.FindText("order_id") == "7");
  BOOST_TEST(root.FindText("state") == "queued");
  BOOST_TEST(!root.Find("duplicate")->boolean);
  BOOST_TEST(root.FindText("status_url") == "https://kassa.example/api/fiscal/receipts/" + id);
  BOOST_TEST(root.FindText("receipt_url") == links.Receipt(id));
  const auto view = store.FindTask(id).value();
  BOOST_REQUIRE(view.has_value());
  BOOST_TEST(view->package.commands == testing::kReceipt);
  BOOST_TEST(view->package.callback_success == "https://shop.example/ok");
  BOOST_REQUIRE(notified.size() == 1u);
  BOOST_TEST(notified[0] == lane);
  BOOST_TEST(intake.accepted == 1);
  BOOST_TEST(intake.pending_writes == 0);
}

BOOST_AUTO_TEST_CASE(SameOrderTwiceReturnsTheSameTask) {
  const std::string id = Accept("7");
  const http::Response again = Create(Signed(Form("7")));
  BOOST_TEST(again.status == 200);
  const auto document = base::ParseJson(again.body);
  BOOST_TEST(document->root().FindText("id") == id);
  BOOST_TEST(document->root().Find("duplicate")->boolean);
  BOOST_TEST(document->root().Find("outcome") == nullptr);
  BOOST_TEST(notified.size() == 1u);
  BOOST_TEST(intake.duplicates == 1);
}

BOOST_AUTO_TEST_CASE(SameOrderAfterItsEndReturnsTheOutcome) {
  const std::string id = Accept("7");
  Conclude(id, task::State::kFailed);
  const http::Response again = Create(Signed(Form("7")));
  BOOST_TEST(again.status == 200);
  const auto document = base::ParseJson(again.body);
  BOOST_REQUIRE(document.ok());
  BOOST_TEST(document->root().FindText("state") == "failed");
  const base::JsonValue* outcome = document->root().Find("outcome");
  BOOST_REQUIRE(outcome != nullptr);
  BOOST_TEST(outcome->FindText("error") == "paper <out>");
  BOOST_TEST(outcome->Find("0")->FindText("error") == "paper <out>");
}

BOOST_AUTO_TEST_CASE(SameOrderWithOtherContentIsAConflict) {
  Accept("7");
  auto form = Form("7");
  form.callback_success = "https://shop.example/elsewhere";
  BoostExpect(Create(Signed(form)), 409, "conflict");
  BOOST_TEST(Stored() == 1u);
  BOOST_TEST(Refused(base::Code::kConflict) == 1);
}

BOOST_AUTO_TEST_CASE(UnknownShopAndWrongSignatureLookTheSame) {
  auto form = Form("7");
  form.account_id = "nobody";
  const http::Response unknown = Create(Signed(form));
  const http::Response wrong = Create(Signed(Form("7"), "guess"));
  BoostExpect(unknown, 401);
  BOOST_TEST(unknown.body == wrong.body);
  BOOST_TEST(Stored() == 0u);
}

BOOST_AUTO_TEST_CASE(TextIsRussianUnlessEnglishIsAskedFor) {
  http::Request request = Signed(Form("7"), "guess");
  BOOST_TEST(Create(request).body.find("подпись") != std::string::npos);
  request.headers = {{"accept-language", "en-GB,en;q=0.9"}};
  BOOST_TEST(Create(request).body.find("signature") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(DisabledShopIsForbiddenOnlyToItself) {
  ChangeShop([](task::Shop& changed) { changed.enabled = false; });
  BoostExpect(Create(Signed(Form("7"))), 403, "shop_disabled");
  BoostExpect(Create(Signed(Form("7"), "guess")), 401);
}

BOOST_AUTO_TEST_CASE(RegisterOfAnotherShopAndUnknownRegisterAreForbidden) {
  auto form = Form("7");
  form.account_id = "other";
  BoostExpect(Create(Signed(form, "another")), 403, "register_not_allowed");
  form = Form("7");
  form.kkt_token = "no such token";
  BoostExpect(Create(Signed(form)), 403, "register_not_allowed");
  ChangeRegister([](task::Register& changed) { changed.enabled = false; });
  BoostExpect(Create(Signed(Form("7"))), 403, "register_disabled");
  BOOST_TEST(Stored() == 0u);
}

BOOST_AUTO_TEST_CASE(BankTokenMustBeTheRegisters) {
  auto form = Form("7");
  form.bank_token = "stolen";
  BoostExpect(Create(Signed(form)), 403, "bank_terminal_not_allowed");
  form.bank_token = "bank-token";
  BOOST_TEST(Create(Signed(form)).status == 202);
}

BOOST_AUTO_TEST_CASE(ShopAddedAMomentAgoIsServed) {
  task::Shop late;
  late.account_id = "late";
  late.code = base::Secret("late-code");
  const task::ShopKey key = store.AddShop(late).value();
  task::Register till = *directory.Current()->FindRegister(lane);
  till.shops.push_back(key);
  FG_CHECK(store.UpdateRegister(till).ok());
  auto form = Form("7");
  form.account_id = "late";
  BOOST_TEST(Create(Signed(form, "late-code")).status == 202);
}

BOOST_AUTO_TEST_CASE(SecretChangedAMomentAgoIsTaken) {
  task::Shop changed = *directory.Current()->FindShop(shop);
  changed.code = base::Secret("new-secret");
  FG_CHECK(store.UpdateShop(changed).ok());
  BOOST_TEST(Create(Signed(Form("7"), "new-secret")).status == 202);
  BoostExpect(Create(Signed(Form("8"))), 401);
}

BOOST_AUTO_TEST_CASE(UnsignedProgUrlIsOnlyTrustedWhereTheShopAllowsIt) {
  auto form = Form("1");
  form.prog_url = "https://evil.example/";
  const auto stored_url = [this](const http::Response& response) {
    const std::string id(base::ParseJson(response.body)->root().FindText("id"));
    return store.FindTask(id).value()->package.prog_url;
  };
  BOOST_TEST(stored_url(Create(Signed(form))) == "");
  ChangeShop([](task::Shop& changed) { changed.allow_prog_url = true; });
  form.order_id = "2";
  BOOST_TEST(stored_url(Create(Signed(form))) == "https://evil.example/");
  form.order_id = "3";
  form.prog_url = "https://till.example:44735/";  // the register's own: nothing to remember
  BOOST_TEST(stored_url(Create(Signed(form))) == "");
}

BOOST_AUTO_TEST_CASE(MalformedFormsNameTheField) {
  http::Request request;
  request.method = "POST";
  BoostExpect(Create(request), 400, "malformed");
  request.body = "BIT_ACCOUNT_ID=shop-1&BIT_ACCOUNT_ID=shop-1";
  const http::Response response = Create(request);
  BoostExpect(response, 400, "malformed");
  BOOST_TEST(response.body.find("\"path\":\"BIT_ACCOUNT_ID\"") != std::string::npos);
  BOOST_TEST(Stored() == 0u);
}

BOOST_AUTO_TEST_CASE(TextThatIsNotJsonIsMalformed) {
  BoostExpect(Create(Signed(Form("7", "[{"))), 400, "malformed");
  BoostExpect(Create(Signed(Form("7", std::string(10'000, '[')))), 413, "too_large");
  BOOST_TEST(Stored() == 0u);
}

BOOST_AUTO_TEST_CASE(AllFaultsOfAReceiptComeAtOnceWithTheirPaths) {
  std::string data = testing::kReceipt;
  data.replace(data.find("\"tax_1199\":6"), 12, "\"tax_1199\":99");
  data.replace(data.find("\"taxationType_1055\":1"), 21, "\"taxationType_1055\":5");
  const http::Response response = Create(Signed(Form("7", data)));
  BoostExpect(response, 422);
  BOOST_TEST(response.body.find("/0/data/1059/0/tax_1199") != std::string::npos);
  BOOST_TEST(response.body.find("/0/data/taxationType_1055") != std::string::npos);
  BOOST_TEST(Stored() == 0u);
}

BOOST_AUTO_TEST_CASE(ShopOverItsRateIsToldToWait) {
  ChangeShop([](task::Shop& changed) { changed.rate_per_second = 2; });
  BOOST_TEST(Create(Signed(Form("1"))).status == 202);
  BOOST_TEST(Create(Signed(Form("2"))).status == 202);
  const http::Response third = Create(Signed(Form("3")));
  BoostExpect(third, 429);
  BOOST_TEST(http::FindHeader(third.headers, "Retry-After") == "1");
  clock.Advance(std::chrono::milliseconds(500));
  BOOST_TEST(Create(Signed(Form("3"))).status == 202);
}

BOOST_AUTO_TEST_CASE(StrangersDoNotUseUpAShopsRate) {
  ChangeShop([](task::Shop& changed) { changed.rate_per_second = 1; });
  for (int i = 0; i < 10; ++i) BoostExpect(Create(Signed(Form("7"), "guess")), 401);
  BOOST_TEST(Create(Signed(Form("7"))).status == 202);
}

BOOST_AUTO_TEST_CASE(FullInboxIs503) {
  store.full = true;
  const http::Response response = Create(Signed(Form("7")));
  BoostExpect(response, 503);
  BOOST_TEST(!http::FindHeader(response.headers, "Retry-After").empty());
  BOOST_TEST(intake.pending_writes == 0);
}

BOOST_AUTO_TEST_CASE(TooManyPendingWritesAre503) {
  intake.max_pending_writes = 0;
  BoostExpect(Create(Signed(Form("7"))), 503);
  BOOST_TEST(Stored() == 0u);
  BOOST_TEST(intake.pending_writes == 0);
}

BOOST_AUTO_TEST_CASE(CommitRefusedForWantOfRoomIs503AndRemembered) {
  store.failing = base::Code::kUnavailable;
  BoostExpect(Create(Signed(Form("7"))), 503);
  BOOST_TEST(intake.store_refuses);
  BOOST_TEST(notified.empty());
}

BOOST_AUTO_TEST_CASE(FullDiskRefusesBeforeTheStoreIsAsked) {
  disk.set_min_free_bytes(~std::uint64_t{0});
  disk.Check();
  BoostExpect(Create(Signed(Form("7"))), 503);
  BOOST_TEST(Stored() == 0u);
}

BOOST_AUTO_TEST_CASE(AGroupsTokenGoesToTheShortestLineOfItsMembers) {
  const task::RegisterKey second = AddMember("second");
  AddGroup({lane, second});
  outlook->Add(lane, 5);
  const std::string id = AcceptFor("1", "group-token");
  const task::Task task = store.FindTask(id).value()->task;
  BOOST_TEST(task.register_key == second);
  BOOST_TEST(task.group == 1);
  BOOST_TEST(notified.back() == second);
}

BOOST_AUTO_TEST_CASE(WhatDidNotComeIsNotCounted) {
  const task::RegisterKey second = AddMember("second");
  AddGroup({lane, second});
  outlook->Add(lane, 1);
  AcceptFor("1", "group-token");  // now both have one
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(Create(Signed(FormFor("1", "group-token"))).status == 200);
    store.full = true;
    BoostExpect(Create(Signed(FormFor("2", "group-token"))), 503);
    store.full = false;
  }
  outlook->Add(lane, 1);
  BOOST_TEST(outlook->Take({lane, second}, clock.Mono()) == second);
}

BOOST_AUTO_TEST_CASE(DisabledMembersAreNotChosen) {
  const task::RegisterKey second = AddMember("second");
  AddGroup({lane, second});
  ChangeRegister([](task::Register& r) { r.enabled = false; });
  for (const char* order : {"1", "2", "3"}) {
    const std::string id = AcceptFor(order, "group-token");
    BOOST_TEST(store.FindTask(id).value()->task.register_key == second);
  }
}

BOOST_AUTO_TEST_CASE(AGroupIsOnlyForItsShops) {
  task::Group group = AddGroup({lane});
  group.shops.clear();
  FG_CHECK(store.UpdateGroup(group).ok());
  directory.Poll();
  BoostExpect(Create(Signed(FormFor("1", "group-token"))), 403);
  group.shops = {shop};
  group.enabled = false;
  FG_CHECK(store.UpdateGroup(group).ok());
  directory.Poll();
  BoostExpect(Create(Signed(FormFor("1", "group-token"))), 403);
}

BOOST_AUTO_TEST_CASE(ABankTerminalChoosesTheMemberItStandsAt) {
  const task::RegisterKey second = AddMember("second");
  AddGroup({lane, second});
  for (const char* order : {"1", "2", "3"}) {
    protocol::bit::PostedForm form = FormFor(order, "group-token");
    form.bank_token = "bank of second";
    const http::Response response = Create(Signed(form));
    BOOST_TEST(response.status == 202);
    BOOST_TEST(notified.back() == second);
  }
  protocol::bit::PostedForm form = FormFor("4", "group-token");
  form.bank_token = "nobody's";
  BoostExpect(Create(Signed(form)), 403);
}

BOOST_AUTO_TEST_CASE(ShopsMayHaveADeadlineAndRefundsGoFirst) {
  std::string id = Accept("1");
  BOOST_TEST(!store.FindTask(id).value()->task.deadline_at.has_value());
  ChangeShop([](task::Shop& changed) { changed.deadline_s = 90; });
  id = Accept("2");
  const task::Task task = store.FindTask(id).value()->task;
  BOOST_TEST((task.deadline_at == clock.Now() + std::chrono::seconds(90)));
  BOOST_TEST((task.priority == task::Priority::kOrdinary));
  std::string refund = testing::kReceipt;
  refund.replace(refund.find(R"("receiptType_1054":1)"), 20, R"("receiptType_1054":2)");
  BOOST_TEST(Create(Signed(Form("3", refund))).status == 202);
  store::TaskFilter filter;
  filter.order_id = "3";
  BOOST_TEST((store.ListTasks(filter).value().at(0).priority == task::Priority::kRefund));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
