// What the dialog and the receipt page show of a cloud register's provider.
#include <boost/test/unit_test.hpp>

#include "fcgi/handlers/create_receipt_dialog.h"
#include "fcgi/handlers/dialog.h"
#include "fcgi/handlers/receipt_page.h"
#include "tests/unit/fcgi/cloud_fixture.h"

namespace fiscalgate::testing {
namespace {

struct Fixture : CloudGatewayFixture {
  http::Response Get(DialogEndpoint::Act act, const std::string& id, const std::string& end = "") {
    DialogEndpoint endpoint(dialog, act);
    return Ask(endpoint, {"GET", links.Dialog(id) + end, "", {}, ""});
  }
  http::Response Retry(const std::string& id, const std::string& secret,
                       const std::string& accept = "application/json") {
    DialogEndpoint endpoint(dialog, &Dialog::Retry);
    return Ask(endpoint, {"POST",
                          links.Dialog(id) + "/retry",
                          "",
                          {{"Accept", accept}},
                          base::BuildForm({{"secret", secret}})});
  }
  http::Response Page(const std::string& id, const std::string& end = "") {
    const std::string url = links.Receipt(id).substr(std::string("https://kassa.example").size());
    return Ask(receipt, {"GET", url + end, "", {}, ""});
  }

  int acts = 0;
  ReceiptPage receipt{store, links, cloud};
  std::shared_ptr<const Dialog> dialog = std::make_shared<const Dialog>(
      Dialog::Parts{store, clock, waiters, links, [this](const task::Task&) { ++acts; }, cloud,
                    [this](task::RegisterKey key) { notified.push_back(key); }});
};

bool Has(const http::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cloud_pages, Fixture)

BOOST_AUTO_TEST_CASE(ATaskThatIsToBePaidSendsTheBuyerThere) {
  will.payment_url = "https://pay.example/?a=1&b=2";
  const std::string id = AcceptInCloud("1");
  constexpr std::string_view kHidden = R"(<p id="pay" class="buttons" hidden>)";
  BOOST_TEST(Has(Get(&Dialog::ShowPage, id), kHidden));
  Begin(id);
  const http::Response page = Get(&Dialog::ShowPage, id);
  BOOST_TEST(!Has(page, kHidden));
  BOOST_TEST(Has(page, "Ждём оплаты"));
  BOOST_TEST(Has(page, R"(href="https://pay.example/?a=1&amp;b=2")"));
  const auto state = base::ParseJson(Get(&Dialog::TellState, id, "/state").body);
  BOOST_TEST(state->root().FindText("payment_url") == "https://pay.example/?a=1&b=2");
  BOOST_TEST(Has(Page(id), "Перейти к оплате"));
}

BOOST_AUTO_TEST_CASE(TheProvidersReceiptIsALinkAndAQrCode) {
  const std::string bare = AcceptInCloud("1");
  BOOST_TEST(Get(&Dialog::ShowLinkQr, bare, "/link.svg").status == 404);
  BOOST_TEST(Page(bare, "/link.svg").status == 404);
  BOOST_TEST(!Has(Page(bare), "Чек на сайте провайдера"));
  will.receipt_base = "https://cloud.example/receipts/";
  const std::string id = AcceptInCloud("2");
  BOOST_TEST(Has(Get(&Dialog::ShowPage, id), "/link.svg\""));
  const http::Response qr = Get(&Dialog::ShowLinkQr, id, "/link.svg");
  BOOST_TEST(qr.status == 200);
  BOOST_TEST(Has(qr, "<svg"));
  BOOST_TEST(http::FindHeader(qr.headers, "Content-Type") == "image/svg+xml");
  BOOST_TEST(Page(id, "/link.svg").body == qr.body);
  const http::Response page = Page(id);
  BOOST_TEST(Has(page, "Чек на сайте провайдера"));
  BOOST_TEST(Has(page, "<svg"));
}

BOOST_AUTO_TEST_CASE(AFailedTaskHasAButtonThatFiscalisesAgain) {
  const std::string id = AcceptInCloud("1");
  FailInCloud(id);
  notified.clear();
  BOOST_TEST(Has(Get(&Dialog::ShowPage, id), "Повторить фискализацию"));
  const auto failed = base::ParseJson(Get(&Dialog::TellState, id, "/state").body);
  BOOST_TEST(failed->root().Find("can_retry")->boolean);
  BOOST_TEST(Retry(id, "guess").status == 403);
  BOOST_TEST(acts == 0);
  const http::Response response = Retry(id, links.DialogSecret(id));
  BOOST_TEST(response.status == 200);
  const auto picture = base::ParseJson(response.body);
  BOOST_TEST(picture->root().FindText("state") == "queued");
  BOOST_TEST(!picture->root().Find("can_retry")->boolean);
  BOOST_TEST(acts == 1);
  BOOST_TEST((notified == std::vector<task::RegisterKey>{cloud_lane}));
  // A second click, and one without scripts.
  BOOST_TEST(Retry(id, links.DialogSecret(id)).status == 200);
  BOOST_TEST(Retry(id, links.DialogSecret(id), "text/html").status == 303);
  BOOST_TEST(acts == 1);
}

BOOST_AUTO_TEST_CASE(ATaskThatADriverFailedHasNoSuchButtonInTheCloudEither) {
  const std::string id = Accept("1");
  Conclude(id, task::State::kFailed);
  task::Register moved = *directory.Current()->FindRegister(lane);
  moved.provider = "orangedata";
  moved.settings = {{"inn", "7725327863"}};
  moved.secrets = {{"key", base::Secret("hidden words")}};
  BOOST_REQUIRE(store.UpdateRegister(moved).ok());
  directory.Poll();
  const auto state = base::ParseJson(Get(&Dialog::TellState, id, "/state").body);
  BOOST_TEST(!state->root().Find("can_retry")->boolean);
  BOOST_TEST(Retry(id, links.DialogSecret(id)).status == 403);
  BOOST_TEST((store.FindTask(id).value()->task.state == task::State::kFailed));
}

BOOST_AUTO_TEST_CASE(ATaskOfADriverHasNoSuchButton) {
  const std::string id = Accept("1");
  Conclude(id, task::State::kFailed);
  const auto state = base::ParseJson(Get(&Dialog::TellState, id, "/state").body);
  BOOST_TEST(!state->root().Find("can_retry")->boolean);
  BOOST_TEST(Retry(id, links.DialogSecret(id)).status == 403);
  BOOST_TEST((store.FindTask(id).value()->task.state == task::State::kFailed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::testing
