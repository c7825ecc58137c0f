#include "fcgi/handlers/dialog.h"

#include <boost/test/unit_test.hpp>

#include "fcgi/handlers/create_receipt_dialog.h"
#include "fcgi/handlers/receipt_page.h"
#include "fcgi/handlers/static_file.h"
#include "fcgi/web/assets.h"
#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {
namespace {

struct Fixture : testing::GatewayFixture {
  http::Response Post(http::Request request) { return Ask(create_dialog, std::move(request)); }
  // Posts the order as a browser does; gives the path of its page.
  std::string Open(const std::string& order, std::string data = testing::kReceipt) {
    const http::Response response = Post(Signed(Form(order, std::move(data))));
    BOOST_REQUIRE_EQUAL(response.status, 303);
    return std::string(http::FindHeader(response.headers, "Location"));
  }
  std::string IdOf(const std::string& path) { return links.IdOfDialogToken(path.substr(3)); }
  http::Response Get(DialogEndpoint::Act act, const std::string& path,
                     const std::string& query = "") {
    DialogEndpoint endpoint(dialog, act);
    return Ask(endpoint, {"GET", path, query, {}, ""});
  }
  http::Response Page(const std::string& path, const std::string& query = "") {
    return Get(&Dialog::ShowPage, path, query);
  }
  base::JsonDocument State(const std::string& path, const std::string& query = "") {
    const http::Response response = Get(&Dialog::TellState, path + "/state", query);
    BOOST_REQUIRE_EQUAL(response.status, 200);
    return base::ParseJson(response.body).value();
  }
  http::Response Cancel(const std::string& path, const std::string& secret,
                        const std::string& accept = "") {
    DialogEndpoint endpoint(dialog, &Dialog::Cancel);
    http::Headers headers;
    if (!accept.empty()) headers.emplace_back("Accept", accept);
    return Ask(endpoint,
               {"POST", path + "/cancel", "", headers, base::BuildForm({{"secret", secret}})});
  }
  task::State StateOf(const std::string& path) {
    return store.FindTask(IdOf(path)).value()->task.state;
  }

  int acts = 0;
  CreateReceiptDialog create_dialog{{store, clock, directory, rate_limiter, disk, waiters, intake,
                                     metrics, links,
                                     [this](task::RegisterKey key) { notified.push_back(key); }}};
  std::shared_ptr<const Dialog> dialog = std::make_shared<const Dialog>(
      Dialog::Parts{store, clock, waiters, links, [this](const task::Task&) { ++acts; }});
};

bool Has(const http::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DialogTest, Fixture)

BOOST_AUTO_TEST_CASE(PostedFormIsQueuedAndLeadsToItsPage) {
  const std::string path = Open("7");
  BOOST_TEST(path.rfind("/d/", 0) == 0u);
  BOOST_TEST(notified.size() == 1u);
  BOOST_TEST(intake.accepted == 1);
  const auto view = store.FindTask(IdOf(path)).value();
  BOOST_REQUIRE(view.has_value());
  BOOST_TEST(view->task.order_id == "7");
  const http::Response page = Page(path);
  BOOST_TEST(page.status == 200);
  BOOST_TEST(Has(page, "Чек в очереди"));
  BOOST_TEST(Has(page, "data-state=\"queued\""));
}

BOOST_AUTO_TEST_CASE(SameOrderTwiceLeadsToTheSamePage) {
  const std::string path = Open("7");
  BOOST_TEST(Open("7") == path);
  Conclude(IdOf(path), task::State::kDone, Mark());
  BOOST_TEST(Open("7") == path);
  BOOST_TEST(store.ListTasks({}).value().size() == 1u);
}

BOOST_AUTO_TEST_CASE(LanguageOfTheAddressIsKept) {
  http::Request request = Signed(Form("7"));
  request.query = "lang=en";
  const std::string location(http::FindHeader(Post(request).headers, "Location"));
  BOOST_TEST(location.ends_with("?lang=en"));
  const std::string path = location.substr(0, location.find('?'));
  BOOST_TEST(Has(Page(path, "lang=en"), "The receipt is in the queue"));
}

BOOST_AUTO_TEST_CASE(RefusalIsAPageWithTheSameStatusAndFaults) {
  auto form = Form("7");
  http::Request wrong = Signed(form, "other code");
  const http::Response unauthorized = Post(wrong);
  BOOST_TEST(unauthorized.status == 401);
  BOOST_TEST(http::FindHeader(unauthorized.headers, "Content-Type").starts_with("text/html"));
  std::string data = testing::kReceipt;
  data.replace(data.find("\"tax_1199\":6"), 12, "\"tax_1199\":\"<b>\"");
  const http::Response invalid = Post(Signed(Form("8", data)));
  BOOST_TEST(invalid.status == 422);
  BOOST_TEST(Has(invalid, "/0/data/1059/0/tax_1199"));
  BOOST_TEST(!Has(invalid, "<b>"));
  Open("9");
  data = testing::kReceipt;
  data.replace(data.find("Чай"), 6, "Сок");
  BOOST_TEST(Post(Signed(Form("9", data))).status == 409);
  BOOST_TEST(store.ListTasks({}).value().size() == 1u);
}

BOOST_AUTO_TEST_CASE(PageLeavesOnlyToTheSignedAddressOfItsEnd) {
  const std::string done = Open("done"), failed = Open("failed");
  BOOST_TEST(!Has(Page(done), "shop.example"));
  Conclude(IdOf(done), task::State::kDone, Mark());
  BOOST_TEST(Has(Page(done), "action=\"https:&#x2F;&#x2F;shop.example&#x2F;ok\"") !=
             Has(Page(done), "action=\"https://shop.example/ok\""));
  Conclude(IdOf(failed), task::State::kFailed);
  BOOST_TEST(State(failed).root().FindText("leave_url") == "https://shop.example/failed");
  const auto state = State(done);
  const auto result = base::ParseJson(state.root().FindText("leave_json"));
  BOOST_REQUIRE(result.ok());
  BOOST_TEST(result->root().Find("result")->boolean);
  BOOST_TEST(result->root().FindText("order_id") == "done");
  BOOST_TEST(result->root().Find("id") == nullptr);
  BOOST_TEST(result->root().Find("0")->FindText("fpd_1077") == "1234567890");
}

BOOST_AUTO_TEST_CASE(WithoutCallbacksThePageStays) {
  auto form = Form("7");
  form.callback_success = form.callback_failed = "";
  const http::Response response = Post(Signed(form));
  const std::string path(http::FindHeader(response.headers, "Location"));
  Conclude(IdOf(path), task::State::kDone, Mark());
  BOOST_TEST(State(path).root().FindText("leave_url") == "");
  const std::string policy(http::FindHeader(Page(path).headers, "Content-Security-Policy"));
  BOOST_TEST(policy.ends_with("form-action 'self'"));
}

BOOST_AUTO_TEST_CASE(UnknownIsNeitherSuccessNorFailure) {
  const std::string path = Open("7");
  Conclude(IdOf(path), task::State::kUnknown);
  const auto state = State(path);
  BOOST_TEST(state.root().FindText("state") == "unknown");
  BOOST_TEST(state.root().FindText("leave_url") == "");
  BOOST_TEST(state.root().FindText("shop_site") == "https://shop.example/");
  BOOST_TEST(state.root().Find("in_work")->boolean);
}

BOOST_AUTO_TEST_CASE(StateAnswersAtOnceWhenSomethingIsNewAndWaitsOtherwise) {
  const std::string path = Open("7");
  const std::string version(State(path, "wait=25").root().FindText("version"));
  BOOST_TEST(!version.empty());
  auto exchange = std::make_unique<testing::FakeExchange>(
      http::Request{"GET", path + "/state", "wait=25&after=" + version, {}, ""});
  const auto answer = exchange->answer();
  dialog->TellState(std::move(exchange));
  const task::Task task = Conclude(IdOf(path), task::State::kDone, Mark());
  waiters.Wake(Waiters::OfTask(task.seq));
  const auto document = base::ParseJson(answer->Wait().body);
  BOOST_REQUIRE(document.ok());
  BOOST_TEST(document->root().FindText("version") != version);  // printed, or just being printed
  BOOST_TEST(State(path).root().FindText("state") == "printed");
}

BOOST_AUTO_TEST_CASE(PageSaysHowManyStandBefore) {
  Open("1");
  Open("2");
  BOOST_TEST(State(Open("3")).root().FindText("text").find("2.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(CancelNeedsTheSecretOfThePage) {
  const std::string path = Open("7");
  BOOST_TEST(Cancel(path, "").status == 403);
  BOOST_TEST(Cancel(path, links.DialogSecret(IdOf(Open("8")))).status == 403);
  BOOST_TEST((StateOf(path) == task::State::kQueued));
  BOOST_TEST(acts == 0);
  const std::string secret = links.DialogSecret(IdOf(path));
  BOOST_TEST(Has(Page(path), secret));
  const http::Response response = Cancel(path, secret);
  BOOST_TEST(response.status == 303);
  BOOST_TEST(http::FindHeader(response.headers, "Location") == path);
  BOOST_TEST((StateOf(path) == task::State::kCancelled));
  BOOST_TEST(acts == 1);
  BOOST_TEST(Cancel(path, secret).status == 303);
}

BOOST_AUTO_TEST_CASE(CancelThatComesTooLateSaysSo) {
  const std::string path = Open("7"), secret = links.DialogSecret(IdOf(path));
  Conclude(IdOf(path), task::State::kDone, Mark());
  const http::Response page = Cancel(path, secret);
  BOOST_TEST(page.status == 409);
  BOOST_TEST(Has(page, "Отменить уже нельзя"));
  const http::Response json = Cancel(path, secret, "application/json");
  BOOST_TEST(json.status == 409);
  BOOST_TEST(base::ParseJson(json.body)->root().FindText("state") == "printed");
}

BOOST_AUTO_TEST_CASE(TokensOfPagesOpenOnlyTheirPages) {
  const std::string path = Open("7"), id = IdOf(path);
  const std::string receipt = links.Receipt(id), token = receipt.substr(receipt.rfind('/') + 1);
  BOOST_TEST(path != "/d/" + token);
  BOOST_TEST(Page("/d/" + token).status == 404);
  BOOST_TEST(Page("/d/" + id).status == 404);
  BOOST_TEST(Page("/d/x").status == 404);
  ReceiptPage receipts(store, links);
  BOOST_TEST(Ask(receipts, {"GET", "/r/" + path.substr(3), "", {}, ""}).status == 404);
  Conclude(id, task::State::kDone, Mark());
  for (const auto act : {&Dialog::ShowPage, &Dialog::TellState}) {
    BOOST_TEST(!Has(Get(act, path), id));
  }
}

BOOST_AUTO_TEST_CASE(QrIsAPictureOnceThereIsAMark) {
  const std::string path = Open("7");
  BOOST_TEST(Get(&Dialog::ShowQr, path + "/qr.svg").status == 404);
  Conclude(IdOf(path), task::State::kDone, Mark());
  const http::Response picture = Get(&Dialog::ShowQr, path + "/qr.svg");
  BOOST_TEST(picture.status == 200);
  BOOST_TEST(http::FindHeader(picture.headers, "Content-Type") == "image/svg+xml");
  BOOST_TEST(Has(picture, "<svg"));
}

BOOST_AUTO_TEST_CASE(WordsFromOutsideAreEscaped) {
  const std::string path = Open("<b>7</b>");
  Conclude(IdOf(path), task::State::kFailed);
  const http::Response page = Page(path);
  BOOST_TEST(!Has(page, "<b>7"));
  BOOST_TEST(!Has(page, "paper <out>"));
  BOOST_TEST(Has(page, "paper &lt;out&gt;"));
}

BOOST_AUTO_TEST_CASE(PagesRunOnlyTheirOwnScriptsAndMayNotBeFramed) {
  for (const http::Response& page : {Page(Open("7")), Post({})}) {
    const std::string policy(http::FindHeader(page.headers, "Content-Security-Policy"));
    BOOST_TEST(policy.starts_with("default-src 'none'; script-src 'self'"));
    BOOST_TEST(policy.find("frame-ancestors 'none'") != std::string::npos);
    BOOST_TEST(policy.find("unsafe") == std::string::npos);
    BOOST_TEST(!Has(page, "<script>"));
    BOOST_TEST(!Has(page, "style=\""));
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(StaticFileTest)

namespace {

http::Response Fetch(const std::string& name, const std::string& query = "",
                     http::Headers headers = {}) {
  StaticFile file;
  return testing::GatewayFixture::Ask(file,
                                      {"GET", "/static/" + name, query, std::move(headers), ""});
}

}  // namespace

BOOST_AUTO_TEST_CASE(EveryEmbeddedFileIsThereWithAHashOfItsOwn) {
  std::vector<std::string> hashes;
  for (const web::Asset& asset : web::Assets()) {
    BOOST_TEST(!asset.body.empty(), asset.name);
    BOOST_TEST(asset.hash == base::HexEncode(base::Sha256(asset.body)).substr(0, 16));
    hashes.push_back(asset.hash);
  }
  std::sort(hashes.begin(), hashes.end());
  BOOST_TEST((std::adjacent_find(hashes.begin(), hashes.end()) == hashes.end()));
}

BOOST_AUTO_TEST_CASE(AddressWithTheHashIsKeptForEver) {
  const std::string url = web::AssetUrl("dialog.js");
  const http::Response response = Fetch("dialog.js", url.substr(url.find('?') + 1));
  BOOST_TEST(response.status == 200);
  BOOST_TEST(http::FindHeader(response.headers, "Cache-Control").find("immutable") !=
             std::string_view::npos);
  BOOST_TEST(http::FindHeader(response.headers, "Content-Type").starts_with("text/javascript"));
}

BOOST_AUTO_TEST_CASE(AddressWithAnOldHashIsAskedForAgain) {
  const http::Response response = Fetch("dialog.js", "v=0000000000000000");
  BOOST_TEST(http::FindHeader(response.headers, "Cache-Control") == "no-cache");
  const std::string tag(http::FindHeader(response.headers, "ETag"));
  const http::Response again = Fetch("dialog.js", "", {{"If-None-Match", "W/\"x\", " + tag}});
  BOOST_TEST(again.status == 304);
  BOOST_TEST(again.body.empty());
}

BOOST_AUTO_TEST_CASE(OtherNamesAndPagesAreNotFilesOfTheFolder) {
  BOOST_TEST(Fetch("nothing.js").status == 404);
  BOOST_TEST(Fetch("test.html").status == 404);
  BOOST_TEST(Fetch("..").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
