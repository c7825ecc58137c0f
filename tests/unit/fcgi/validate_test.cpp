#include "fcgi/handlers/validate.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {
namespace {

struct Fixture : testing::GatewayFixture {
  http::Response Check(http::Request request) { return Ask(validate, std::move(request)); }
  static http::Request WithKey(std::string body, const std::string& code = "integrity",
                               const std::string& account = "shop-1") {
    http::Request request;
    request.method = "POST";
    request.url = "/api/fiscal/validate";
    request.headers = {{"content-type", "application/json"},
                       {"authorization", "Bearer " + code},
                       {"bit-account-id", account}};
    request.body = std::move(body);
    return request;
  }
  static std::string Sample(std::string_view what = {}, std::string_view with = {}) {
    std::string text = testing::kReceipt;
    if (!what.empty()) text.replace(text.find(what), what.size(), with);
    return text;
  }
  std::size_t Stored() { return store.ListTasks({}).value().size(); }
  Validate validate{clock, directory, intake};
};

std::string TextAt(const http::Response& response, std::initializer_list<std::string_view> keys) {
  const auto document = base::ParseJson(response.body);
  BOOST_REQUIRE(document.ok());
  const base::JsonValue* value = &document->root();
  for (const std::string_view key : keys) {
    value =
        value->is_array() ? (value->items.empty() ? nullptr : &value->items[0]) : value->Find(key);
    BOOST_REQUIRE_MESSAGE(value != nullptr, key << " in " << response.body);
  }
  return std::string(value->is_string() ? value->text : value->raw);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ValidateTest, Fixture)

BOOST_AUTO_TEST_CASE(ASignedReceiptIsReportedAndNotStored) {
  const http::Response response = Check(Signed(Form("7")));
  BOOST_TEST(response.status == 200, response.body);
  BOOST_TEST(TextAt(response, {"result"}) == "true");
  BOOST_TEST(TextAt(response, {"warnings"}) == "[]");
  BOOST_TEST(TextAt(response, {"receipts", "0", "totals", "total_1020"}) == "11.00");
  BOOST_TEST(TextAt(response, {"receipts", "0", "vat", "0", "turnover"}) == "11.00");
  BOOST_TEST(TextAt(response, {"receipts", "0", "receipt", "purchases", "0", "amount_1043"}) ==
             "11.00");
  BOOST_TEST(TextAt(response, {"receipts", "0", "tlv", "item_limit"}) == "1024");
  BOOST_TEST(TextAt(response, {"checked_for", "ffd_version"}) == "1.2");
  BOOST_TEST(Stored() == 0u);
  BOOST_TEST(Create(Signed(Form("7"))).status == 202);
}

BOOST_AUTO_TEST_CASE(JsonWithTheShopsKeyIsCheckedInEveryForm) {
  const std::string list = testing::kReceipt;
  const auto root = base::ParseJson(list);
  const std::string lone(root->root().items[0].Find("data")->raw);
  for (const std::string& body : {list, "{\"commands\":" + list + "}", lone}) {
    const http::Response response = Check(WithKey(body));
    BOOST_TEST(response.status == 200, response.body);
    BOOST_TEST(TextAt(response, {"receipts", "0", "totals", "total_1020"}) == "11.00");
  }
}

BOOST_AUTO_TEST_CASE(AWrongKeyAndAnUnknownShopLookTheSame) {
  const http::Response wrong = Check(WithKey(testing::kReceipt, "guess"));
  BOOST_TEST(wrong.status == 401);
  BOOST_TEST(Check(WithKey(testing::kReceipt, "integrity", "nobody")).body == wrong.body);
  BOOST_TEST(Check(WithKey(testing::kReceipt, "")).status == 401);
  http::Request bare = WithKey(testing::kReceipt);
  bare.headers = {};
  BOOST_TEST(Check(bare).status == 401);
  BOOST_TEST(Check(Signed(Form("7"), "guess")).status == 401);
}

BOOST_AUTO_TEST_CASE(AllFaultsComeBackInTheShapeOfCreateReceipt) {
  const auto form = Form("7", Sample(R"("tax_1199":6)", R"("tax_1199":1)"));
  const http::Response checked = Check(Signed(form));
  BOOST_TEST(checked.status == 422);
  BOOST_TEST(checked.body == Create(Signed(form)).body);
  BOOST_TEST(TextAt(checked, {"errors", "0", "path"}) == "/0/data/1059/0/tax_1199");
  BOOST_TEST(TextAt(checked, {"errors", "0", "code"}) == "vat_rate_expired");
}

BOOST_AUTO_TEST_CASE(TheShopsAndTheRegistersSettingsCount) {
  const std::string old_rate = Sample(R"("tax_1199":6)", R"("tax_1199":1)");
  ChangeShop([](task::Shop& changed) { changed.vat_policy = ffd::VatPolicy::kReplace; });
  const http::Response replaced = Check(WithKey(old_rate));
  BOOST_TEST(replaced.status == 200, replaced.body);
  BOOST_TEST(TextAt(replaced, {"warnings", "0", "code"}) == "vat_rate_replaced");
  BOOST_TEST(TextAt(replaced, {"receipts", "0", "receipt", "purchases", "0", "tax_1199"}) == "11");
  ChangeRegister([](task::Register& changed) { changed.taxation_mask = 2; });
  const http::Response response = Check(WithKey(testing::kReceipt));
  BOOST_TEST(response.status == 422);
  BOOST_TEST(TextAt(response, {"errors", "0", "code"}) == "taxation_not_allowed");
  // A shop without a register is told the general rules.
  BOOST_TEST(Check(WithKey(testing::kReceipt, "another", "other")).status == 200);
}

BOOST_AUTO_TEST_CASE(ARegisterThatIsNamedMustBeTheShops) {
  http::Request request = WithKey(testing::kReceipt, "another", "other");
  request.headers.emplace_back("bit-kkt-token", "kkt-token");
  BOOST_TEST(Check(request).status == 403);
}

BOOST_AUTO_TEST_CASE(ItTellsWhatTheBuyerWillSee) {
  const http::Response response = Check(WithKey(Sample("Чай", "Чай «Утро»…")));
  BOOST_TEST(response.status == 200, response.body);
  BOOST_TEST(TextAt(response, {"warnings", "0", "code"}) == "characters_replaced");
  BOOST_TEST(TextAt(response, {"replaced_characters", "0", "posted"}) == "Чай «Утро»…");
  BOOST_TEST(TextAt(response, {"replaced_characters", "0", "printed"}) == "Чай \"Утро\"...");
}

BOOST_AUTO_TEST_CASE(WhatIsNoJsonIsMalformed) {
  BOOST_TEST(Check(WithKey("[{")).status == 400);
  BOOST_TEST(Check(WithKey("{\"commands\":")).status == 400);
  BOOST_TEST(Check(WithKey("{\"commands\":7}")).status == 422);
  BOOST_TEST(Check(WithKey("")).status == 400);
}

BOOST_AUTO_TEST_CASE(ChecksAreLimitedAndLeavePostsTheirTurns) {
  ChangeShop([](task::Shop& changed) { changed.rate_per_second = 2; });
  BOOST_TEST(Check(WithKey(testing::kReceipt)).status == 200);
  BOOST_TEST(Check(Signed(Form("7"))).status == 200);
  const http::Response third = Check(WithKey(testing::kReceipt));
  BOOST_TEST(third.status == 429);
  BOOST_TEST(!http::FindHeader(third.headers, "Retry-After").empty());
  BOOST_TEST(Create(Signed(Form("7"))).status == 202);
}

BOOST_AUTO_TEST_CASE(AnAcceptedReceiptTellsItsWarnings) {
  const auto form = Form("7", Sample("Чай", "Чай «Утро»"));
  for (const int status : {202, 200}) {
    const http::Response response = Create(Signed(form));
    BOOST_TEST(response.status == status);
    BOOST_TEST(TextAt(response, {"warnings", "0", "path"}) == "/0/data/1059/0/productName_1030");
  }
  BOOST_TEST(Create(Signed(Form("8"))).body.find("warnings") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(AReplacedRateIsWhatGoesToTheRegister) {
  ChangeShop([](task::Shop& changed) { changed.vat_policy = ffd::VatPolicy::kReplace; });
  const http::Response response =
      Create(Signed(Form("7", Sample(R"("tax_1199":6)", R"("tax_1199":1)"))));
  BOOST_REQUIRE(response.status == 202);
  const auto view = store.FindTask(TextAt(response, {"id"})).value();
  BOOST_TEST(view->package.commands == Sample(R"("tax_1199":6)", R"("tax_1199":11)"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
