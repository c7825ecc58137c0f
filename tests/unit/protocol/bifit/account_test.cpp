#include "lib/protocol/bifit/account.h"

#include "lib/base/text.h"
#include "tests/unit/protocol/bifit/scene.h"

namespace fiscalgate::protocol::bifit {
namespace {

const std::vector<Story> kStories = {
    {"all goes well",
     {{"begin", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {kPending, "later waiting 4"},
      {"next", kGet},
      {kPending, "later waiting 8"},
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
      {"200 254934", "later waiting 2"}}},
    {"killed at every step",
     {{"begin", kPost},
      {"restart", kPost},
      {"200 254934", "later waiting 2"},
      {"restart", kGet},
      {"restart", kGet},
      {kMarked, kDone}}},
    {"the service is busy and says for how long",
     {{"begin", kPost},
      {"503+30", "later sending 30 trouble"},
      {"next", kPost},
      {"429", "later sending 8 trouble"},
      {"next", kPost},
      {"500 {\"message\":\"oops\"}", "later sending 16 trouble"},
      {"next", kPost},
      {"409", "later sending 4"},
      {"next", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {"503+60", "later waiting 60 trouble"},
      {"next", kGet},
      {"lost", "later waiting 8 trouble"}}},
    {"the token has ended",
     {{"begin", kPost},
      {"401 {\"error\":\"invalid_token\"}", "renew"},
      {"renew", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {"401", "renew"},
      {"renew", kGet},
      {kMarked, kDone}}},
    {"the account is not allowed to",
     {{"begin", kPost},
      {"403 {\"message\":\"no licence\"}", "later sending 4 trouble"},
      {"next", kPost}}},
    {"refused, mended and posted again under the same key",
     {{"begin", kPost},
      {"400 {\"message\":\"vat is required\"}", "failed vat_rate fix_receipt"},
      {"retry", kPost},
      {"422", "failed invalid_receipt fix_receipt"},
      {"retry", kPost},
      {"200 254934", "later waiting 2"}}},
    {"refused when a document may be there",
     {{"begin", kPost},
      {"lost", "later sending 4 trouble"},
      {"next", kPost},
      {"400 {\"message\":\"key was used\"}", "unknown"},
      {"retry", kPost},
      {"200 254934", "later waiting 2"}}},
    {"a web server's page is no refusal",
     {{"begin", kPost}, {"400 <html>", "later sending 4 trouble"}, {"next", kPost}}},
    {"garbage about the document",
     {{"begin", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {"200 garbage", "later waiting 4"},
      {"next", kGet},
      {"200 {\"status\":\"ERROR\",\"fiscalDriveNumber\":\"1\",\"fiscalDocumentNumber\":1,"
       "\"fiscalSign\":\"1\"}",
       "later waiting 8"},
      {"next", kGet},
      {kMarked, kDone}}},
};

std::string_view KeyOf(const Conversation& talk) {
  return http::FindHeader(talk.request().headers, "Idempotency-Key");
}

BOOST_AUTO_TEST_SUITE(bifit_account_test)

BOOST_AUTO_TEST_CASE(EveryConversationGoesAsTold) {
  for (const Story& story : kStories) {
    BOOST_TEST_CONTEXT(story.name) { Talking().Play(story.steps); }
  }
}

BOOST_AUTO_TEST_CASE(ADocumentThatIsNotFoundIsNotBelievedToBeGone) {
  Conversation talk = Talking();
  talk.Play({{"begin", kPost},
             {"200 254934", "later waiting 2"},
             {"next", kGet},
             {"404", "later waiting 4"},
             {"next", kGet},
             {"404", "later waiting 4"}});
  talk.Advance(std::chrono::minutes(61));
  talk.Play(
      {{"next", kGet}, {kPending, "later waiting 8"}, {"next", kGet}, {"404", "later waiting 4"}});
  talk.Advance(std::chrono::minutes(61));
  talk.Play({{"next", kGet}, {"404", "unknown"}, {"retry", kGet}, {kMarked, kDone}});
}

BOOST_AUTO_TEST_CASE(AClockThatWasAheadHoldsNothingUp) {
  Conversation talk = Talking();
  talk.Play({{"begin", kPost},
             {"200 254934", "later waiting 2"},
             {"next", kGet},
             {"404", "later waiting 4"}});
  talk.Advance(-std::chrono::hours(9000));
  talk.Play({{"next", kGet}, {"404", "later waiting 4"}});
  talk.Advance(std::chrono::minutes(61));
  talk.Play({{"next", kGet}, {"404", "unknown"}});
  Conversation again = Talking();
  again.Play({{"begin", kPost},
              {"200 254934", "later waiting 2"},
              {"next", kGet},
              {kLicence, "later waiting 60"}});
  again.Advance(-std::chrono::hours(9000));
  again.Play({{"next", kGet}, {kLicence, kReload}});
}

BOOST_AUTO_TEST_CASE(ADocumentIsNotAskedForAtAnotherAddress) {
  const std::string elsewhere = "https://fp.bifit.com/processing-api";
  Conversation talk = Talking();
  talk.Play({{"begin", kPost}, {"200 254934", "later waiting 2"}});
  talk.Change(With("url", elsewhere));
  talk.Play({{"next", "unknown"}});
  // Whoever has it tried again there has seen to it; where it began it is the same document.
  Conversation there = talk;
  there.Play({{"retry", kPost}});
  talk.Change(SampleRegister());
  talk.Play({{"retry", kPost}, {"200 254934", "later waiting 2"}, {"next", kGet}});
  Conversation doubtful = Talking();
  doubtful.Play({{"begin", kPost}, {"lost", "later sending 4 trouble"}});
  doubtful.Change(With("url", elsewhere));
  doubtful.Play({{"next", "unknown"}});
  // What has not left may go to another.
  Conversation fresh = Talking(With("url", "https://fp.bifit.con/processing-api"));
  fresh.Play({{"begin", kPost}, {"unsent", "later sending 4 trouble"}});
  fresh.Change(SampleRegister());
  fresh.Play({{"next", kPost}});
}

BOOST_AUTO_TEST_CASE(TheReceiptGoesOutOnceMintedUnderItsKey) {
  Conversation talk = Talking();
  const CloudLinks links = talk.Account()->LinksOf(talk.head().task, talk.head().package);
  talk.Play({{"begin", kPost}});
  // SHA-256 of the task's id begins with these 32 bits; 01.02.2025 15:00 is Moscow's time.
  const std::string hash = base::HexEncode(base::Sha256(talk.head().task.id)).substr(0, 8);
  std::string pin = std::to_string(std::stoul(hash, nullptr, 16) % 10'000);
  pin.insert(0, 4 - pin.size(), '0');
  const std::string expected =
      base::HexEncode(base::Sha256("17/" + pin + "/100.00/01.02.2025 15:00"));
  const std::string body = talk.request().body;
  BOOST_TEST(KeyOf(talk) == expected);
  BOOST_TEST(links.receipt_url == "https://fp-test.bifit.com/processing-api/receipts/" + expected);
  BOOST_TEST(talk.options().total_timeout.count() == 7000);
  const CloudLinks later = talk.Account()->LinksOf(talk.head().task, talk.head().package);
  BOOST_TEST(later.receipt_url == links.receipt_url);
  // Whatever happens to the package or the clock, the bytes and the key stay.
  talk.head().package.commands = PackageOf("weighed_cash");
  talk.head().task.number = 18;
  talk.Advance(std::chrono::hours(30));
  talk.Play({{"restart", kPost}});
  BOOST_TEST(KeyOf(talk) == expected);
  BOOST_TEST(talk.request().body == body);
  BOOST_TEST(body.find("Иванов И.И.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(TheRegistersCashierStandsInForNone) {
  std::string package = PackageOf("sample_of_bifit");
  const std::string cashier = "\"cashierName_1021\": \"Иванов И.И.\"";
  const std::size_t at = package.find(cashier);
  BOOST_REQUIRE(at != std::string::npos);
  package.replace(at, cashier.size(), "\"electronically\": true");
  ffd::CheckOptions options;
  options.version = ffd::FfdVersion::k105;
  options.now = base::FromMillis(1'738'411'200'000);
  const auto read = bit::ReadPackage(package, options);
  BOOST_REQUIRE(read.ok());
  BOOST_TEST(testing::Lines(Talking().Account()->Check(*read)) ==
             "cashier_name_missing /0/data/cashierName_1021\n");
  static const BifitProvider kProvider;
  Conversation talk(kProvider, With("cashier", "Сидоров С. С."), package);
  BOOST_TEST(testing::Lines(talk.Account()->Check(*read)) == "");
  talk.Play({{"begin", kPost}});
  BOOST_TEST(talk.request().body.find("Сидоров С. С.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(WhatCannotBeSentFailsBeforeAnythingIs) {
  Conversation unconfirmed = Talking(SampleRegister(), "mixed_payments");
  unconfirmed.Play({{"begin", "failed register_error call_operator"}});
  Conversation broken = Talking();
  broken.head().package.commands = "[{";
  broken.Play({{"begin", "failed register_error call_operator"}});
  Conversation uncounted = Talking();
  uncounted.head().task.number = 0;
  uncounted.Play({{"begin", "failed register_error call_operator"}});
  BOOST_TEST(uncounted.head().task.notes.empty());
}

// The register was another provider's when the task failed; its notes are gone with that.
BOOST_AUTO_TEST_CASE(WhatAnotherProviderHasPrintedOrNotBeenPaidForIsNotPrinted) {
  using task::CommandState;
  const std::string receipt = PackageOf("sample_of_bifit");
  const std::string card = R"([{"name":"К","type":"bnkCardPayment","data":{"sum":100}},)";
  const auto with_results = [&](const std::string& commands,
                                std::vector<task::CommandResult> results) {
    Conversation talk = Talking();
    talk.head().package.commands = commands;
    talk.head().results = std::move(results);
    return talk;
  };
  Conversation printed = with_results(
      receipt, {{0, "Чек", "kktReceiptFiscalization", CommandState::kDone, "", "", {}}});
  printed.Play({{"retry", "failed register_error call_operator"}});
  const std::string both = card + receipt.substr(1);
  Conversation declined =
      with_results(both, {{0, "К", "bnkCardPayment", CommandState::kFailed, "", "", {}}});
  declined.Play({{"retry", "failed register_error call_operator"}});
  Conversation paid =
      with_results(both, {{0, "К", "bnkCardPayment", CommandState::kDone, "", "", {}}});
  paid.Play({{"retry", kPost}});
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
  const std::string key(KeyOf(good));
  for (const std::string& text :
       {std::string("x"), std::string("{}"), std::string("[]"), std::string(300'000, ' '),
        changed("\"bifit\"", "\"bepaid\""), changed("\"version\":1", "\"version\":2"),
        changed("\"post\"", "\"ask\""), changed("\"post\"", "\"sent\""),
        changed(key, key.substr(1)), changed(key, "A" + key.substr(1)),
        changed("\"body\"", "\"bodies\""), changed("\"key\"", "\"document\":5,\"key\""),
        changed("\"key\"", "\"document\":-5,\"key\""), changed("\"key\"", "\"doubt\":1,\"key\""),
        changed("\"key\"", "\"reload_at\":1e3,\"key\""),
        changed("\"key\"", "\"reload_at\":99999999999999999,\"key\"")}) {
    Conversation talk = Talking();
    talk.head().task.notes = text;
    talk.Play({{"restart", "unknown"}, {"200 254934", "unknown"}});
    BOOST_TEST(talk.head().task.notes == text);
    BOOST_TEST(!talk.outcome().error.empty());
  }
}

BOOST_AUTO_TEST_CASE(SecretsThatAServiceEchoesAreNotKept) {
  Conversation talk = Talking();
  talk.Play({{"begin", kPost},
             {"403 {\"message\":\"denied to access-token-1 of P5cKbUUD9uConnector\"}",
              "later sending 4 trouble"},
             {"next", kPost},
             {"400 {\"message\":\"Cannot convert eyJhbGciOiJSUzI1NiJ9.e30.sig to JSON\"}",
              "failed invalid_receipt fix_receipt"}});
  BOOST_TEST(talk.outcome().error == "БИФИТ отклонил чек: Cannot convert *** to JSON");
  http::Answer answer;
  answer.delivery = http::Delivery::kAnswered;
  answer.response = {401, {}, R"({"error":"invalid_grant: P5cKbUUD9uConnector"})"};
  const LogIn refused = talk.Account()->OnLogIn(answer, {});
  BOOST_TEST(!refused.session);
  BOOST_TEST(refused.error == "БИФИТ, вход ответил HTTP 401: invalid_grant: ***");
}

BOOST_AUTO_TEST_CASE(ASessionIsRenewedAheadOfItsEnd) {
  const auto account = Talking().Account();
  BOOST_TEST(account->NeedsSession());
  BOOST_TEST(account->LogInQuery(nullptr).request.body.find("grant_type=token") !=
             std::string::npos);
  http::Answer answer;
  answer.delivery = http::Delivery::kAnswered;
  answer.response.status = 200;
  answer.response.body = R"({"access_token":"a","refresh_token":"r","expires_in":3600})";
  const base::WallTime now = base::FromMillis(1'000'000);
  const LogIn log_in = account->OnLogIn(answer, now);
  BOOST_REQUIRE(log_in.session.has_value());
  BOOST_TEST((log_in.session->renew_at - now == std::chrono::minutes(48)));
  BOOST_TEST((log_in.session->ends_at - now == std::chrono::minutes(60)));
  BOOST_TEST(account->LogInQuery(&*log_in.session).request.body.find("refresh_token=r&") !=
             std::string::npos);
  // A token near its end, or one that does not tell it, makes no storm of renewals.
  for (const char* body : {R"({"access_token":"a","expires_in":1})", R"({"access_token":"a"})"}) {
    answer.response.body = body;
    const LogIn brief = account->OnLogIn(answer, now);
    BOOST_REQUIRE(brief.session.has_value());
    BOOST_TEST((brief.session->renew_at - now >= std::chrono::seconds(8)));
    BOOST_TEST(account->LogInQuery(&*brief.session).request.body.find("grant_type=token") !=
               std::string::npos);
  }
  answer.response = {503, {{"Retry-After", "7"}}, ""};
  BOOST_TEST((account->OnLogIn(answer, now).retry_after == base::Milliseconds(7000)));
  answer.delivery = http::Delivery::kNoAnswer;
  answer.error = "time-out";
  BOOST_TEST(account->OnLogIn(answer, now).error == "БИФИТ, вход не ответил: time-out");
}

BOOST_AUTO_TEST_CASE(SettingsAreReadOrSaidToBeWrong) {
  const BifitProvider provider;
  BOOST_TEST(provider.Open(SampleRegister()).ok());
  BOOST_TEST(provider.Open(With("url", "")).ok());
  BOOST_TEST(provider.Open(With("url", "http://127.0.0.1:8080/processing-api")).ok());
  const std::pair<std::string, std::string> wrong[] = {
      {"url", "fp.bifit.com"},      {"url", "http://fp.bifit.com/processing-api"},
      {"url", "https://x/y?z"},     {"reload", "always"},
      {"reload_limit", "-1"},       {"reload_limit", "1001"},
      {"reload_limit", "x"},        {"document_shape", "{\"status\":\"x\"}"},
      {"trusted_authorities", "x"}, {"cashier", std::string(129, 'x')}};
  for (const auto& [name, value] : wrong) BOOST_TEST(!provider.Open(With(name, value)).ok(), name);
  task::Register without = SampleRegister();
  without.secrets.clear();
  const auto refused = provider.Open(without);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().what == "setting \"connector_token\": is required");
  without = SampleRegister();
  without.mapping = "{\"vat\":{\"99\":true}}";
  BOOST_TEST(!provider.Open(without).ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bifit
