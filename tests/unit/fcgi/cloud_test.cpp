// Acceptance for cloud registers: what is refused, where posts go, what the answers tell.
#include <boost/test/unit_test.hpp>

#include "fcgi/handlers/receipt_status.h"
#include "fcgi/handlers/retry_receipt.h"
#include "fcgi/handlers/validate.h"
#include "tests/unit/fcgi/cloud_fixture.h"

namespace fiscalgate::testing {
namespace {

struct Fixture : CloudGatewayFixture {
  base::JsonDocument Read(const http::Response& response) {
    auto document = base::ParseJson(response.body);
    BOOST_REQUIRE_MESSAGE(document.ok(), response.body);
    return std::move(document).value();
  }
  base::JsonDocument Status(const std::string& id) {
    return Read(Ask(status, {"GET", "/api/fiscal/receipts/" + id, "", {}, ""}));
  }
  http::Response Retry(const std::string& id, const std::string& account = "shop-1",
                       const std::string& code = "integrity") {
    return Ask(retry, {"POST",
                       "/api/fiscal/receipts/" + id + "/retry",
                       "",
                       {{"Authorization", "Bearer " + code}, {"BIT-Account-ID", account}},
                       ""});
  }
  void ExpectRefusal(const http::Response& response, int code, std::string_view entry) {
    BOOST_TEST(response.status == code, response.body);
    const auto document = Read(response);
    const base::JsonValue* errors = document.root().Find("errors");
    BOOST_REQUIRE(errors != nullptr && !errors->items.empty());
    BOOST_TEST(errors->items[0].FindText("code") == entry);
    BOOST_TEST(store.ListTasks({}).value().empty());
  }

  std::vector<task::Task> changes;
  ReceiptStatus status{store, waiters, links, [this] { return directory.Current(); }, cloud};
  Validate validate{clock, directory, intake, base::JsonReader::kSimdjson, cloud};
  RetryReceipt retry{{store, clock, directory, intake,
                      [this](const task::Task& task) { changes.push_back(task); },
                      [this](task::RegisterKey key) { notified.push_back(key); }, cloud}};
};

const ffd::Fault kUnconfirmed{
    "/0/data/purchases/0/tax_1199", ffd::FaultCode::kUnconfirmedValue, "1199 = 6", {}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cloud_acceptance, Fixture)

BOOST_AUTO_TEST_CASE(WhatTheProviderCannotBeToldIsRefusedAndNotStored) {
  will.faults = {kUnconfirmed};
  ExpectRefusal(Post("1"), 422, "unconfirmed_value");
}

BOOST_AUTO_TEST_CASE(AnAcceptedReceiptTellsItsLinks) {
  will.receipt_base = "https://cloud.example/receipts/";
  const http::Response response = Post("1");
  BOOST_TEST(response.status == 202);
  const auto document = Read(response);
  const std::string id(document.root().FindText("id"));
  const std::string page = links.Receipt(id);
  BOOST_TEST(document.root().FindText("receipt_url") == "https://cloud.example/receipts/0");
  BOOST_TEST(document.root().FindText("provider_receipt_url") ==
             "https://cloud.example/receipts/0");
  BOOST_TEST(document.root().FindText("receipt_page_url") == page);
  BOOST_TEST(document.root().FindText("provider_receipt_qr_url") == page + "/link.svg");
  BOOST_TEST(document.root().Find("payment_url") == nullptr);
  BOOST_TEST((notified == std::vector<task::RegisterKey>{cloud_lane}));
  const auto again = Read(Post("1"));
  BOOST_TEST(again.root().Find("duplicate")->boolean);
  BOOST_TEST(again.root().FindText("receipt_url") == "https://cloud.example/receipts/0");
  BOOST_TEST(Status(id).root().FindText("provider_receipt_url") ==
             "https://cloud.example/receipts/0");
}

BOOST_AUTO_TEST_CASE(WithoutLinksTheGatewaysOwnPageIsToldAsEver) {
  const auto document = Read(Post("1"));
  const std::string id(document.root().FindText("id"));
  BOOST_TEST(document.root().FindText("receipt_url") == links.Receipt(id));
  BOOST_TEST(document.root().Find("provider_receipt_url") == nullptr);
}

BOOST_AUTO_TEST_CASE(ThePaymentPageIsToldWhileTheProviderWaitsForIt) {
  will.payment_url = "https://pay.example/1";
  const std::string id = AcceptInCloud("1");
  BOOST_TEST(Status(id).root().Find("payment_url") == nullptr);
  Begin(id);
  BOOST_TEST(Status(id).root().FindText("payment_url") == "https://pay.example/1");
  BOOST_TEST(Read(Post("1")).root().FindText("payment_url") == "https://pay.example/1");
}

BOOST_AUTO_TEST_CASE(WhatIsNoAddressIsNoLink) {
  will.payment_url = "javascript:alert(1)";
  const std::string id = AcceptInCloud("1");
  Begin(id);
  BOOST_TEST(Status(id).root().Find("payment_url") == nullptr);
}

BOOST_AUTO_TEST_CASE(ARegisterWithoutItsSettingsIsNotReady) {
  ChangeCloud([](task::Register& r) { r.settings.clear(); });
  const http::Response response = Post("1");
  ExpectRefusal(response, 503, "register_not_ready");
  BOOST_TEST(http::FindHeader(response.headers, "Retry-After") == "60");
  ChangeCloud([](task::Register& r) { r.settings = {{"inn", "7725327863"}}; });
  BOOST_TEST(Post("1").status == 202);
}

BOOST_AUTO_TEST_CASE(WithoutProvidersNoCloudRegisterTakesAnything) {
  auto form = Form("1");
  form.kkt_token = "cloud-token";
  ExpectRefusal(Create(Signed(form)), 503, "register_not_ready");
}

BOOST_AUTO_TEST_CASE(SecretsAreReplacedWhileItRuns) {
  ChangeCloud([](task::Register& r) { r.secrets.clear(); });
  BOOST_TEST(Post("1").status == 503);
  ChangeCloud([](task::Register& r) { r.secrets = {{"key", base::Secret("another")}}; });
  BOOST_TEST(Post("1").status == 202);
}

BOOST_AUTO_TEST_CASE(ARouteMovesAShopWithoutItsKnowing) {
  Route();
  auto form = Form("1");
  form.bank_token = "bank-token";  // of the register it thinks of
  form.prog_url = "https://till.example:9999/";
  ChangeShop([](task::Shop& changed) { changed.allow_prog_url = true; });
  const http::Response response = Ask(create_in_cloud, Signed(form));
  BOOST_TEST(response.status == 202, response.body);
  const auto view = store.FindTask(Read(response).root().FindText("id")).value();
  BOOST_TEST(view->task.register_key == cloud_lane);
  BOOST_TEST(view->package.prog_url == "");
  form = Form("2");
  form.bank_token = "nobody's";
  BOOST_TEST(Ask(create_in_cloud, Signed(form)).status == 403);
}

BOOST_AUTO_TEST_CASE(ARouteIsFollowedOnceAndOnlyToWhereTheShopMay) {
  ChangeShop([&](task::Shop& changed) {
    changed.routes = {{lane, cloud_lane}, {cloud_lane, lane}};
  });
  const auto view = store.FindTask(Read(Post("1", "kkt-token")).root().FindText("id")).value();
  BOOST_TEST(view->task.register_key == cloud_lane);
  ChangeCloud([](task::Register& r) { r.shops.clear(); });
  BOOST_TEST(Post("2", "kkt-token").status == 403);
}

BOOST_AUTO_TEST_CASE(ARouteLeadsAwayFromARegisterThatIsOff) {
  Route();
  ChangeRegister([](task::Register& r) { r.enabled = false; });
  BOOST_TEST(Post("1", "kkt-token").status == 202);
  ChangeCloud([](task::Register& r) { r.enabled = false; });
  BOOST_TEST(Post("2", "kkt-token").status == 403);
}

BOOST_AUTO_TEST_CASE(ACheckFindsWhatAcceptanceWould) {
  const auto check = [&] {
    return Ask(validate, {"POST",
                          "/api/fiscal/validate",
                          "",
                          {{"Authorization", "Bearer integrity"},
                           {"BIT-Account-ID", "shop-1"},
                           {"BIT-KKT-Token", "cloud-token"}},
                          kReceipt});
  };
  BOOST_TEST(check().status == 200);
  will.faults = {kUnconfirmed};
  ExpectRefusal(check(), 422, "unconfirmed_value");
  ChangeCloud([](task::Register& r) { r.settings.clear(); });
  ExpectRefusal(check(), 503, "register_not_ready");
}

BOOST_AUTO_TEST_CASE(AFailedTaskIsRetriedByItsShop) {
  const std::string id = AcceptInCloud("1");
  BOOST_TEST(Retry(id).status == 409);
  FailInCloud(id);
  notified.clear();
  BOOST_TEST(Retry(id, "shop-1", "wrong").status == 401);
  BOOST_TEST(Retry(id, "other", "another").status == 404);
  BOOST_TEST(changes.empty());
  const http::Response response = Retry(id);
  BOOST_TEST(response.status == 200, response.body);
  BOOST_TEST(Read(response).root().FindText("state") == "queued");
  BOOST_REQUIRE_EQUAL(changes.size(), 1u);
  BOOST_TEST((changes[0].state == task::State::kQueued));
  BOOST_TEST((notified == std::vector<task::RegisterKey>{cloud_lane}));
  const http::Response again = Retry(id);
  BOOST_TEST(again.status == 409);
  BOOST_TEST(Read(again).root().FindText("state") == "queued");
  BOOST_TEST(changes.size() == 1u);
}

// The driver may have printed it, and the provider would print it again.
BOOST_AUTO_TEST_CASE(ATaskThatADriverFailedIsLeftToTheOperatorWhenItsRegisterMovesToTheCloud) {
  const std::string id = Accept("1");
  Conclude(id, task::State::kFailed);
  task::Register moved = *directory.Current()->FindRegister(lane);
  moved.provider = "orangedata";
  moved.settings = {{"inn", "7725327863"}};
  moved.secrets = {{"key", base::Secret("hidden words")}};
  BOOST_REQUIRE(store.UpdateRegister(moved).ok());
  directory.Poll();
  BOOST_TEST(Retry(id).status == 409);
  BOOST_TEST((store.FindTask(id).value()->task.state == task::State::kFailed));
}

BOOST_AUTO_TEST_CASE(ATaskOfADriverIsLeftToTheOperator) {
  const std::string id = Accept("1");
  Conclude(id, task::State::kFailed);
  BOOST_TEST(Retry(id).status == 409);
  BOOST_TEST((store.FindTask(id).value()->task.state == task::State::kFailed));
  BOOST_TEST(Retry("nothing").status == 404);
  BOOST_TEST(Retry(std::string(26, 'a')).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::testing
