#include "lib/protocol/orangedata/account.h"

#include "lib/base/text.h"
#include "tests/unit/protocol/orangedata/scene.h"

namespace fiscalgate::protocol::orangedata {
namespace {

using testing::Conversation;
using testing::PackageOf;
using testing::Step;

const std::string kId = "0123456789abcdef0123456789abcdef";
const std::string kPost = "POST /api/v2/documents/ sending";
const std::string kPostAgain = "POST /api/v2/documents/ waiting";
const std::string kGet = "GET /api/v2/documents/7727401209/status/" + kId + " waiting";
const std::string kVerify = "GET /api/v2/documents/7727401209/status/" + kId + " sending";
const std::string kGetSecond = "GET /api/v2/documents/7727401209/status/" + kId + "-2 waiting";
const std::string kNotFound = R"(400 {"errors":["Чек не найден"]})";
const std::string kDone = "done t=20250201T1501&s=11.00&fn=9999078900011495&i=17&fp=872970506&n=1";

// The service's answer about a document of this id with this much to pay.
std::string Marked(const std::string& id, const std::string& price = "11.00") {
  return R"(200 {"id":")" + id + R"(","fsNumber":"9999078900011495","documentNumber":17,)" +
         R"("fp":"872970506","processedAt":"2025-02-01T15:01:00","companyINN":"7727401209",)" +
         R"("content":{"type":1,"positions":[{"text":"Чай","quantity":1,"price":)" + price +
         R"(,"tax":1}]}})";
}
const std::string kMarked = Marked(kId);
const std::string kMarkingFailed =
    R"(422 {"errors":[{"position":0,"itemCode":"0104601234567890","checkResult":{}},)"
    R"({"position":7,"itemCode":"0104601234567890","checkResult":{}}]})";

struct Story {
  const char* name;
  std::vector<Step> steps;
};

const std::vector<Story> kStories = {
    {"all goes well",
     {{"begin", kPost},
      {"201", "later waiting 2"},
      {"next", kGet},
      {"202", "later waiting 4"},
      {"next", kGet},
      {"202", "later waiting 8"},
      {"next", kGet},
      {"202", "later waiting 16"},
      {"next", kGet},
      {kMarked, kDone}}},
    {"answers to the post are lost",
     {{"begin", kPost},
      {"lost", "later sending 4 trouble"},
      {"next", kPost},
      {"unsent", "later sending 4 trouble"},
      {"next", kPost},
      {"200 garbage", "later sending 8"},
      {"next", kPost},
      {"409", kGet},
      {"202", "later waiting 4"},
      {"next", kGet},
      {kMarked, kDone}}},
    {"killed at every step",
     {{"begin", kPost},
      {"restart", kPost},
      {"201", "later waiting 2"},
      {"restart", kGet},
      {"restart", kGet},
      {kMarked, kDone}}},
    {"the service is busy and says for how long",
     {{"begin", kPost},
      {"503+30 {\"errors\":[\"Очередь\"]}", "later sending 30 trouble"},
      {"next", kPost},
      {"500", "later sending 8 trouble"},
      {"next", kPost},
      {"201", "later waiting 2"},
      {"next", kGet},
      {"503+60", "later waiting 60 trouble"},
      {"next", kGet},
      {"lost", "later waiting 8 trouble"},
      {"next", kGet},
      {"200 garbage", "later waiting 16"},
      {"next", kGet},
      {"200 {\"fsNumber\":\"9999078900011495\"}", "later waiting 32"},
      {"next", kGet},
      {kMarked, kDone}}},
    {"certificate or key are not known",
     {{"begin", kPost},
      {"401", "later sending 4 trouble"},
      {"next", kPost},
      {"400 <html>No required SSL certificate was sent</html>", "later sending 8 trouble"},
      {"next", kPost},
      {"201", "later waiting 2"},
      {"next", kGet},
      {"401", "later waiting 4 trouble"}}},
    {"refused, mended and posted under a new id",
     {{"begin", kPost},
      {"400 {\"errors\":[\"Неверное значение\"]}", kVerify},
      {"restart", kVerify},
      {kNotFound, "failed invalid_receipt fix_receipt"},
      {"retry", kPost},
      {"201", "later waiting 2"},
      {"next", kGetSecond},
      {Marked(kId + "-2"), kDone}}},
    {"the signature is refused: nothing is wrong with the receipt",
     {{"begin", kPost},
      {"400 {\"errors\":[\"Подпись не прошла проверку\"]}", kVerify},
      {kNotFound, "failed access call_operator"}}},
    {"refused when an earlier post was not",
     {{"begin", kPost},
      {"lost", "later sending 4 trouble"},
      {"next", kPost},
      {"400 {\"errors\":[\"Подпись не прошла проверку\"]}", kVerify},
      {kNotFound, "later sending 4"},
      {"next", kVerify},
      {"202", "later waiting 4"},
      {"next", kGet},
      {kMarked, kDone}}},
    {"a marking code is refused",
     {{"begin", kPost},
      {"201", "later waiting 2"},
      {"next", kGet},
      {kMarkingFailed, "failed marking_code fix_receipt"},
      {"retry", kPost},
      {"201", "later waiting 2"},
      {"next", kGetSecond},
      {Marked(kId + "-2"), kDone}}},
    {"expired unprinted",
     {{"begin", kPost},
      {"201", "later waiting 2"},
      {"next", kGet},
      {"524", "later waiting 2"},
      {"next", kPostAgain},
      {"lost", "later waiting 4 trouble"},
      {"next", kPostAgain},
      {"409", kGetSecond},
      {Marked(kId + "-2"), kDone}}},
    {"a proxy's time-out is not an expiry",
     {{"begin", kPost},
      {"201", "later waiting 2"},
      {"next", kGet},
      {"524 <html>", "later waiting 4 trouble"},
      {"next", kGet}}},
};

BOOST_AUTO_TEST_SUITE(orangedata_account_test)

BOOST_AUTO_TEST_CASE(EveryConversationGoesAsTold) {
  for (const Story& story : kStories) {
    BOOST_TEST_CONTEXT(story.name) { Talking().Play(story.steps); }
  }
}

BOOST_AUTO_TEST_CASE(AnothersDocumentIsNotTakenForOurs) {
  Conversation talk = Talking();
  talk.Play({{"begin", kPost},
             {"409", kGet},
             {Marked(kId, "12.00"), "unknown"},
             {"retry", kGet},
             {Marked(kId, "12.00"), "unknown"},
             {"retry", kGet},
             {kMarked, kDone}});
  // What it has taken from us is ours, however it writes the echo.
  Talking().Play({{"begin", kPost},
                  {"201", "later waiting 2"},
                  {"next", kGet},
                  {Marked(kId, "\"11\""), kDone}});
}

BOOST_AUTO_TEST_CASE(AnAcceptedDocumentThatIsNotFoundIsPostedAgainInTime) {
  Conversation talk = Talking();
  talk.Play({{"begin", kPost}});
  const std::string body = talk.request().body;
  talk.Play({{"201", "later waiting 2"},
             {"next", kGet},
             {kNotFound, "later waiting 4"},
             {"next", kGet},
             {kNotFound, "later waiting 4"}});
  talk.Advance(std::chrono::minutes(9));
  talk.Play({{"next", kGet}, {"202", "later waiting 8"}, {"next", kGet}});
  talk.Play({{kNotFound, "later waiting 4"}});
  talk.Advance(std::chrono::minutes(10));
  talk.Play({{"next", kGet}, {kNotFound, kPostAgain}});
  BOOST_TEST(talk.request().body == body);
  talk.Play({{"409", kGet}, {kMarked, kDone}});
}

BOOST_AUTO_TEST_CASE(AClockThatWasAheadHoldsNothingUp) {
  Conversation talk = Talking();
  talk.Play({{"begin", kPost},
             {"201", "later waiting 2"},
             {"next", kGet},
             {kNotFound, "later waiting 4"}});
  talk.Advance(-std::chrono::hours(9000));
  talk.Play({{"next", kGet}, {kNotFound, "later waiting 4"}});
  talk.Advance(std::chrono::minutes(10));
  talk.Play({{"next", kGet}, {kNotFound, kPostAgain}});
}

BOOST_AUTO_TEST_CASE(WhatTheServiceHasIsNotAskedForElsewhere) {
  for (const task::Register& other :
       {With("inn", "7727401210"), With("url", "https://api.orangedata.ru:12003")}) {
    Conversation talk = Talking();
    talk.Play({{"begin", kPost}, {"201", "later waiting 2"}});
    talk.Change(other);
    talk.Play({{"next", "unknown"}, {"retry", "unknown"}});
    talk.Change(SampleRegister());
    talk.Play({{"retry", kGet}, {kMarked, kDone}});
  }
}

BOOST_AUTO_TEST_CASE(IdsThatExpireOneAfterAnotherComeToAnEnd) {
  Conversation talk = Talking();
  talk.Play({{"begin", kPost}, {"201", "later waiting 2"}});
  std::string last;
  for (int turn = 2; turn <= 11; ++turn) {
    const std::string pause = std::to_string(std::min(60, 1 << (turn - 1)));
    const std::string id = kId + (turn == 2 ? "" : "-" + std::to_string(turn - 1));
    talk.Play({{"next", "GET /api/v2/documents/7727401209/status/" + id + " waiting"},
               {"524", "later waiting " + pause},
               {"next", kPostAgain},
               {"201", "later waiting 2"}});
  }
  talk.Play({{"next", "GET /api/v2/documents/7727401209/status/" + kId + "-11 waiting"},
             {"524", "failed register_error call_operator"},
             {"retry", kPost}});
  BOOST_TEST(talk.request().body.starts_with("{\"id\":\"" + kId + "-12\""));
}

BOOST_AUTO_TEST_CASE(ThePositionsWhoseCodesWereRefusedAreNamed) {
  Conversation talk = Talking();
  talk.Play({{"begin", kPost},
             {"201", "later waiting 2"},
             {"next", kGet},
             {kMarkingFailed, "failed marking_code fix_receipt"}});
  BOOST_TEST(talk.outcome().error == "код маркировки не принят, позиции: 1 «Чай», 8");
}

BOOST_AUTO_TEST_CASE(TheBytesAreThoseOfTheFirstPost) {
  Conversation talk = Talking();
  talk.Play({{"begin", kPost}});
  const http::Request first = talk.request();
  BOOST_TEST(talk.options().total_timeout.count() == 7000);
  BOOST_TEST(talk.options().client_certificate.starts_with("-----BEGIN CERTIFICATE-----"));
  BOOST_TEST(talk.options().client_key.Reveal().ends_with("client"));
  BOOST_TEST(first.body.starts_with("{\"id\":\"" + kId + "\",\"inn\":\"7727401209\","));
  talk.head().package.commands = PackageOf("weighed_cash");
  talk.Advance(std::chrono::hours(30));
  talk.Play({{"restart", kPost}});
  BOOST_TEST(talk.request().body == first.body);
  BOOST_TEST((talk.request().headers == first.headers));
}

BOOST_AUTO_TEST_CASE(ACorrectionGoesWhereCorrectionsGo) {
  Conversation talk = Talking(SampleRegister(), "correction_1_05_by_order");
  talk.Play({{"begin", "POST /api/v2/corrections/ sending"},
             {"201", "later waiting 2"},
             {"next", "GET /api/v2/corrections/7727401209/status/" + kId + " waiting"},
             {"524", "later waiting 4 trouble"},  // corrections of FFD 1.05 do not expire
             {"next", "GET /api/v2/corrections/7727401209/status/" + kId + " waiting"}});
}

BOOST_AUTO_TEST_CASE(TheBuyersPageIsOfTheDocumentsId) {
  Conversation talk = Talking();
  const auto page = [&] {
    return talk.Account()->LinksOf(talk.head().task, talk.head().package).receipt_url;
  };
  const std::string first = "https://cheques-test.orangedata.ru/7727401209/" + kId;
  BOOST_TEST(page() == first);
  talk.Play({{"begin", kPost}, {"201", "later waiting 2"}, {"next", kGet}});
  BOOST_TEST(page() == first);
  talk.Play({{"524", "later waiting 2"}});
  BOOST_TEST(page() == first + "-2");
}

BOOST_AUTO_TEST_CASE(WhatCannotBeSentFailsBeforeAnythingIs) {
  Conversation unconfirmed = Talking(SampleRegister(), "plain_card");  // 22 %
  unconfirmed.Play({{"begin", "failed register_error call_operator"}});
  BOOST_TEST(unconfirmed.head().task.notes.empty());
  Conversation broken = Talking();
  broken.head().package.commands = "[{";
  broken.Play({{"begin", "failed register_error call_operator"}});
}

// The register was another provider's when the task failed; its notes are gone with that.
BOOST_AUTO_TEST_CASE(WhatAnotherProviderHasPrintedOrNotBeenPaidForIsNotPrinted) {
  using task::CommandState;
  const std::string receipt = PackageOf("mixed_payments");
  Conversation printed = Talking();
  printed.head().results = {{0, "Чек", "kktReceiptFiscalization", CommandState::kDone, "", "", {}}};
  printed.Play({{"retry", "failed register_error call_operator"}});
  Conversation declined = Talking();
  declined.head().package.commands =
      R"([{"name":"К","type":"bnkCardPayment","data":{"sum":11}},)" + receipt.substr(1);
  declined.Play({{"retry", "failed register_error call_operator"}});
  declined.head().results = {{0, "К", "bnkCardPayment", CommandState::kDone, "", "", {}}};
  declined.Play({{"retry", kPost}});
}

BOOST_AUTO_TEST_CASE(NotesThatCannotBeReadMakeNoNewDocument) {
  Conversation good = Talking();
  good.Play({{"begin", kPost}});
  const std::string notes = good.head().task.notes;
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = notes;
    BOOST_REQUIRE(text.find(from) != std::string::npos);
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& text :
       {std::string("x"), std::string("{}"), std::string("[]"), std::string(300'000, ' '),
        changed("\"orangedata\"", "\"bifit\""), changed("\"version\":1", "\"version\":2"),
        changed("\"post\"", "\"sent\""), changed("\"turn\":1", "\"turn\":0"),
        changed("\"turn\":1", "\"turn\":2"), changed(kId, "x" + kId),
        changed("\"id\":\"" + kId, "\"id\":\"other"), changed("\"documents\"", "\"elsewhere\""),
        changed("\"body\"", "\"bodies\""), changed("\"body\":{\"id\"", "\"body\":{\"key\""),
        changed("\"turn\"", "\"created\":1,\"turn\""),
        changed("\"turn\"", "\"missing_since\":-1,\"turn\"")}) {
    Conversation talk = Talking();
    talk.head().task.notes = text;
    talk.Play({{"restart", "unknown"}, {"201", "unknown"}});
    BOOST_TEST(talk.head().task.notes == text);
    BOOST_TEST(!talk.outcome().error.empty());
  }
  Conversation other = Talking();
  other.head().task.notes = notes;
  other.head().task.id = "another";
  other.Play({{"restart", "unknown"}});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::orangedata
