// Settings, what is refused at acceptance, links, notifications, and what must never be kept.
#include "lib/protocol/begateway/account.h"

#include "lib/protocol/begateway/notes.h"
#include "tests/unit/protocol/begateway/talker.h"
#include "tests/unit/protocol/cloud.h"

namespace fiscalgate::protocol::begateway::testing {
namespace {

using fiscalgate::testing::Lines;
using fiscalgate::testing::LoadTable;
using fiscalgate::testing::Text;

std::string FaultsOf(const std::string& package, const task::Register& r = SampleRegister()) {
  const auto read = ReadSample(package);
  BOOST_REQUIRE(read.ok());
  BOOST_TEST(Lines(read->faults) == "");
  return Lines(Open(r)->Check(*read));
}

std::string WhyNot(const std::function<void(task::Register&)>& change) {
  task::Register r = SampleRegister();
  change(r);
  const auto account = TryOpen(r);
  return account.ok() ? "" : account.error().what;
}

base::RsaPrivateKey NotifierKey() {
  const auto table = LoadTable("cloud/rsa.json");
  auto key =
      base::RsaPrivateKey::Load(base::Secret(Text(*table.root().Find("private"), "pkcs8_pem")));
  BOOST_REQUIRE(key.ok());
  return *key;
}

Notice NoticeOf(const CloudAccount& account, const std::string& body,
                const http::Headers& headers) {
  http::Request request;
  request.method = "POST";
  request.url = "/api/callback/bepaid/7";
  request.headers = headers;
  request.body = body;
  return account.ReadNotice(request);
}

http::Headers Password(const std::string& pair) {
  return {{"authorization", "Basic " + base::Base64Encode(pair)}};
}

BOOST_AUTO_TEST_SUITE(begateway_account)

BOOST_AUTO_TEST_CASE(BothProfilesHaveTheirOwnAddresses) {
  for (const Profile& profile : AllProfiles()) {
    const BegatewayProvider provider(profile, {});
    BOOST_TEST(provider.name() == profile.name);
    std::map<std::string_view, CloudSetting> settings;
    for (const CloudSetting& setting : provider.Settings()) settings[setting.name] = setting;
    BOOST_TEST(settings.at("gateway_url").standard == profile.gateway);
    BOOST_TEST(settings.at("checkout_url").standard == profile.checkout);
    BOOST_TEST(settings.at("api_url").standard == profile.api);
    BOOST_TEST(settings.at("secret_key").is_secret);
    BOOST_TEST(settings.at("secret_key").is_required);
    BOOST_TEST(!settings.at("public_key").is_secret);
    Talker talk(ByToken(), SampleRegister(std::string(profile.name)));
    talk.Next();
    BOOST_TEST(talk.ask().request.url == std::string(profile.gateway) + "/transactions/payments");
  }
}

BOOST_AUTO_TEST_CASE(SettingsAreReadAndFaultsNameThem) {
  using R = task::Register;
  BOOST_TEST(WhyNot([](R&) {}) == "");
  BOOST_TEST(WhyNot([](R& r) { r.settings.erase("shop_id"); }).starts_with("shop_id"));
  BOOST_TEST(WhyNot([](R& r) { r.settings["shop_id"] = "3:6"; }).starts_with("shop_id"));
  BOOST_TEST(WhyNot([](R& r) { r.secrets.clear(); }).starts_with("secret_key"));
  BOOST_TEST(
      WhyNot([](R& r) { r.settings.erase("operator_group"); }).starts_with("operator_group"));
  BOOST_TEST(WhyNot([](R& r) { r.settings["gateway_url"] = "x"; }).starts_with("gateway_url"));
  BOOST_TEST(WhyNot([](R& r) { r.settings["api_url"] = "http://a.example"; }) ==
             "api_url: нужен https");
  BOOST_TEST(WhyNot([](R& r) { r.settings["api_url"] = "http://127.0.0.1:8090"; }) == "");
  BOOST_TEST(WhyNot([](R& r) { r.settings["test"] = "maybe"; }).starts_with("test"));
  BOOST_TEST(WhyNot([](R& r) { r.settings["currency"] = "rub"; }).starts_with("currency"));
  BOOST_TEST(WhyNot([](R& r) { r.settings["language"] = "russian"; }).starts_with("language"));
  BOOST_TEST(WhyNot([](R& r) { r.settings["return_url"] = "shop"; }).starts_with("return_url"));
  BOOST_TEST(WhyNot([](R& r) { r.settings["public_key"] = "AAAA"; }).starts_with("public_key"));
  BOOST_TEST(WhyNot([](R& r) { r.mapping = "{"; }).starts_with("mapping"));
}

BOOST_AUTO_TEST_CASE(SettingsReachTheRequest) {
  task::Register r = SampleRegister();
  r.settings["test"] = "true";
  r.settings["return_url"] = "https://shop.example/back";
  r.settings["language"] = "en";
  r.settings["gateway_url"] = "http://127.0.0.1:8090/";
  r.settings["trusted_authorities"] = "PEM";
  r.timeout_ms = 12'345;
  Talker talk(ByToken(), r);
  talk.Next();
  BOOST_TEST(talk.ask().request.url == "http://127.0.0.1:8090/transactions/payments");
  for (const char* part :
       {R"("test":true)", R"("return_url":"https://shop.example/back")", R"("language":"en")"}) {
    BOOST_TEST(talk.ask().request.body.find(part) != std::string::npos, part);
  }
  BOOST_TEST(talk.ask().options.trusted_authorities == "PEM");
  BOOST_TEST(talk.ask().options.total_timeout.count() == 12'345);
  Talker own(Payment(R"("card_token":"t","return_url":"https://a.example/","language":"de",)"
                     R"("description":"Чай","customer":{"phone":"+79161234567"})"),
             r);
  own.Next();
  for (const char* part :
       {R"("return_url":"https://a.example/")", R"("language":"de")", R"("description":"Чай")",
        R"("phone":"+79161234567")", R"("email":"john.doe@example.com")"}) {
    BOOST_TEST(own.ask().request.body.find(part) != std::string::npos, part);
  }
}

BOOST_AUTO_TEST_CASE(EveryWayOfPayingIsAccepted) {
  for (const std::string& package :
       {ByToken(), Payment(""), Payment(R"("authorization_uid":"a-1")"), Return(),
        Payment(R"("method":{"type":"erip","account_number":"1"})"),
        Payment(R"("card_token":"t","customer":{"ip":"0.0.0.0"},"billing_address":{"zip":"1"})"),
        Return(R"("rrn":"p-1","reason":"брак","method":{"type":"erip"})")}) {
    BOOST_TEST(FaultsOf(package) == "", package);
  }
}

BOOST_AUTO_TEST_CASE(WhatThisProviderCannotDoIsRefused) {
  const std::pair<std::string, std::string> kCases[] = {
      {"[" + ReceiptJson() + "]", "missing  (bnkCardPayment, bnkCardReturn)\n"},
      {Payment(R"("card_token":"t","authorization_uid":"a")"),
       "not_expressible /0/data/authorization_uid\n"},
      {Payment(R"("card_token":"t","method":{"type":"erip"})"),
       "not_expressible /0/data/card_token\n"},
      {Payment(R"("method":{"account_number":"1"})"), "missing /0/data/method (type)\n"},
      {Payment(R"("method":"erip")"), "wrong_type /0/data/method (object)\n"},
      {Payment(R"("card_token":7)"), "wrong_type /0/data/card_token (card_token)\n"},
      {Payment(R"("cardtoken":"t")"), "not_expressible /0/data/cardtoken\n"},
      {Payment(R"("customer":{"iq":"1"})"), "not_expressible /0/data/customer/iq\n"},
      {Payment(R"("return_url":"shop")"), "wrong_type /0/data/return_url (URL)\n"},
      {Payment(R"("description":")" + std::string(256, 'x') + "\""),
       "too_long /0/data/description (255)\n"},
      {Payment(R"("description":"4200000000000000")"), "card_number /0/data/description\n"},
      {Return(R"("rrn":"p-1","card_token":"t")"), "not_expressible /0/data/card_token\n"}};
  for (const auto& [package, faults] : kCases) BOOST_TEST(FaultsOf(package) == faults);
}

BOOST_AUTO_TEST_CASE(MoneyAndReceiptAreTheSameSumTheSameWay) {
  std::string package = ByToken();
  package.replace(package.find("18.00"), 5, "17.99");
  BOOST_TEST(FaultsOf(package) == "total_mismatch /0/data/sum (18.00)\n");
  package = Return();
  package.replace(package.find("\"receiptType_1054\":2"), 20, "\"receiptType_1054\":1");
  BOOST_TEST(FaultsOf(package) == "not_expressible /1/data/receiptType_1054 (1054)\n");
  package = ByToken();
  package.replace(package.find("\"receiptType_1054\":1"), 20, "\"receiptType_1054\":2");
  BOOST_TEST(FaultsOf(package) == "not_expressible /1/data/receiptType_1054 (1054)\n");
}

BOOST_AUTO_TEST_CASE(WhatIsNotConfirmedIsRefusedAndWithAConfirmationAccepted) {
  std::string package = ByToken();
  package.replace(package.find("\"productTypeCode_1212\":1"), 24, "\"productTypeCode_1212\":4");
  BOOST_TEST(FaultsOf(package) ==
             "unconfirmed_value /1/data/purchases/0/productTypeCode_1212 (1212 = 4)\n");
  task::Register r = SampleRegister();
  r.mapping = R"({"subject":{"4":true}})";
  BOOST_TEST(FaultsOf(package, r) == "");
}

BOOST_AUTO_TEST_CASE(ANotificationNamesItsTaskIfItIsGenuine) {
  const std::string body = Said{}.One();
  const auto account = Open();
  const Notice notice = NoticeOf(*account, body, Password("361:" + std::string(kSecret)));
  BOOST_TEST((notice.what == Notice::What::kTask));
  BOOST_TEST(notice.task_id == kTaskId);
  for (const http::Headers& headers :
       {http::Headers{}, Password("361:wrong"), Password("362:" + std::string(kSecret))}) {
    const Notice refused = NoticeOf(*account, body, headers);
    BOOST_TEST((refused.what == Notice::What::kNotGenuine));
    BOOST_TEST(refused.task_id == "");
  }
  for (const std::string& odd :
       {std::string("x"), std::string("{}"), Said{.tracking_id = ""}.One()}) {
    BOOST_TEST((NoticeOf(*account, odd, Password("361:" + std::string(kSecret))).what ==
                Notice::What::kNotUnderstood));
  }
}

BOOST_AUTO_TEST_CASE(WithThePublicKeyTheSignatureDecides) {
  const auto key = NotifierKey();
  task::Register r = SampleRegister();
  r.settings["public_key"] = base::Base64Encode(key.PublicDer());
  const auto account = Open(r);
  const std::string body = Said{}.One();
  const std::string signature = base::Base64Encode(key.Sign(body));
  BOOST_TEST(
      (NoticeOf(*account, body, {{"content-signature", signature}}).what == Notice::What::kTask));
  BOOST_TEST((NoticeOf(*account, body + " ", {{"content-signature", signature}}).what ==
              Notice::What::kNotGenuine));
  http::Headers both = Password("361:" + std::string(kSecret));
  both.emplace_back("Content-Signature", "AAAA");
  BOOST_TEST((NoticeOf(*account, body, both).what == Notice::What::kNotGenuine));
}

BOOST_AUTO_TEST_CASE(NeitherSecretsNorCardsNorTheBuyerAreKept) {
  const std::string card = "4200000000000000";
  Talker talk(ByToken());
  const auto is_clean = [&](const std::string& text) {
    for (const std::string& word :
         {std::string(kSecret), card, std::string("john.doe"), std::string(kCardToken)}) {
      BOOST_TEST(text.find(word) == std::string::npos, text);
    }
  };
  talk.Next();
  is_clean(talk.head.task.notes);
  talk.Hear(500, "card " + card + " " + kSecret);
  is_clean(talk.head.task.notes + talk.later().reason);
  talk.Next();
  talk.Hear(200, List({{.status = "pending", .fiscal = "none", .message = "card " + card}}));
  is_clean(talk.head.task.notes + talk.later().reason);
  talk.Next();
  talk.Hear(200, Said{.fiscal = "failed", .message = card, .fiscal_message = "no " + card}.One());
  is_clean(talk.head.task.notes + talk.outcome().error);
  for (const auto& result : talk.outcome().commands) is_clean(result.text + result.raw);
  Talker refused(ByToken());
  refused.Next();
  refused.Hear(
      422, R"({"response":{"message":"Number )" + card + R"(","errors":{"a":")" + card + R"("}}})");
  is_clean(refused.head.task.notes + refused.outcome().error);
}

BOOST_AUTO_TEST_CASE(AReceiptInfoWithCardDataIsNotKept) {
  std::string answer = Said{.fiscal = "successful"}.One();
  const std::size_t at = answer.find(R"("id":"f-1","fsNumber")");
  BOOST_REQUIRE(at != std::string::npos);
  answer.insert(at, R"("pan":"4200000000000000",)");
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(200, answer);
  BOOST_TEST((talk.outcome().state == task::State::kDone));
  BOOST_TEST(talk.outcome().commands[1].raw.find("receipt_info") == std::string::npos);
  BOOST_TEST(talk.outcome().commands[1].raw.find("ofd_qr_code") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(NotesAreReadAsWrittenAndNotOtherwise) {
  Notes notes;
  notes.merchant = "m";
  notes.phase = Phase::kAsking;
  notes.api = Api::kAlternative;
  notes.round = 3;
  notes.request_id = RequestIdOf(kTaskId, 3);
  notes.made_at = base::FromMillis(1), notes.posted_at = base::FromMillis(2);
  notes.none_since = base::FromMillis(3);
  notes.posts = 4, notes.flips = 1;
  notes.uid = "u\"1", notes.token = "t", notes.payment_url = "https://x";
  notes.is_paid = notes.is_page_over = notes.is_page_open = notes.is_over = true;
  notes.refusal = "нет";
  notes.failed = {"a", "b"};
  const std::string text = WriteNotes(notes);
  const auto read = ReadNotes(text);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(WriteNotes(*read) == text);
  const auto document = base::ParseJson(text);
  for (const auto& [key, value] : document->root().members) {
    std::string without = text;
    const std::string member = "\"" + std::string(key) + "\":" + std::string(value.raw);
    const std::size_t at = without.find(member);
    without.replace(at, member.size(), "\"x\":null");
    BOOST_TEST(!ReadNotes(without).has_value(), key);
  }
  notes.uid.clear();
  BOOST_TEST(!ReadNotes(WriteNotes(notes)).has_value());
}

BOOST_AUTO_TEST_CASE(ARequestIdIsAUuidOfItsTaskAndRound) {
  const std::string id = RequestIdOf(kTaskId, 1);
  BOOST_TEST(id.size() == 36u);
  BOOST_TEST(id[14] == '8');
  BOOST_TEST(id == RequestIdOf(kTaskId, 1));
  BOOST_TEST(id != RequestIdOf(kTaskId, 2));
  BOOST_TEST(id != RequestIdOf("01jd3q4c5e6f7g8h9jkmnpqrsv", 1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::begateway::testing
