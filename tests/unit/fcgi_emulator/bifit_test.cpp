#include "fcgi/emulator/bifit/service.h"
#include "lib/protocol/bifit/codec.h"
#include "lib/protocol/bifit/mapping_table.h"
#include "tests/unit/fcgi_emulator/cloud_fixture.h"
#include "tests/unit/protocol/cloud.h"

namespace fiscalgate::emulator::bifit {
namespace {

namespace codec = protocol::bifit;
using base::Secret;

constexpr std::string_view kConnector = "P5cKbUUD9uSSrSlGdzspLblvBnD0GzTAE0cLmAPSEMxJ79DtLE";
constexpr std::string_view kBroker = "FkxvbtJgG3b2aCFF91TbNLz5Je";
constexpr std::string_view kBase = "http://h/processing-api";

struct Fixture : testing::CloudFixture {
  Fixture() {
    Begin([](cloud::Cloud& cloud_) {
      BifitOptions options;
      options.connector_token = kConnector;
      options.broker_token = kBroker;
      return Bifit::Make(options, cloud_);
    });
    access = LogIn().tokens.access;
  }

  codec::TokenAnswer LogIn() {
    return codec::ReadTokenAnswer(
        Call(codec::TokenRequest(kBase, Secret(std::string(kConnector)))));
  }
  codec::RegisterAnswer Post(std::string_view key, std::string body = Sample()) {
    return codec::ReadRegisterAnswer(
        Call(codec::RegisterRequest(kBase, access, key, std::move(body))));
  }
  codec::DocumentAnswer Ask(std::int64_t document) {
    return codec::ReadDocumentAnswer(Call(codec::DocumentRequest(kBase, access, document)), {});
  }
  codec::ReloadAnswer Reload(const std::vector<std::int64_t>& documents,
                             std::string_view broker = kBroker) {
    return codec::ReadReloadAnswer(
        Call(codec::ReloadRequest(kBase, access, Secret(std::string(broker)), documents)));
  }
  static std::string Sample() { return testing::ReadFile("tests/data/bifit/receipt.json"); }

  Secret access;
};

// The sample with one text replaced by another.
std::string With(std::string_view old_text, std::string_view new_text) {
  std::string body = Fixture::Sample();
  const std::size_t place = body.find(old_text);
  BOOST_REQUIRE(place != std::string::npos);
  return body.replace(place, old_text.size(), new_text);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emulator_bifit, Fixture)

BOOST_AUTO_TEST_CASE(TheVendorsSampleIsRegisteredAndPrintedOnce) {
  const auto registered = Post("key-1");
  BOOST_REQUIRE((registered.outcome == codec::RegisterOutcome::kRegistered));
  BOOST_TEST((Ask(registered.document).outcome == codec::DocumentOutcome::kPending));
  Processed();
  const auto answer = Ask(registered.document);
  BOOST_REQUIRE((answer.outcome == codec::DocumentOutcome::kDone));
  BOOST_TEST(answer.mark->total_1020.kopecks == 10000);
  BOOST_TEST(answer.mark->time_1012 == cloud->press->Find("key-1", 1)->mark.time_1012);
  BOOST_TEST(Ask(registered.document).mark->fd_1040 == answer.mark->fd_1040);
  const auto documents = View("/emulator/documents");
  BOOST_REQUIRE(documents.root().items.size() == 1U);
  BOOST_TEST(documents.root().items[0].FindText("idempotency_key") == "key-1");
  BOOST_TEST(documents.root().items[0].FindText("fpd") == answer.mark->fpd_1077);
}

BOOST_AUTO_TEST_CASE(TheSameKeyIsTheSameDocumentEvenAfterACrash) {
  const auto first = Post("key-1");
  BOOST_TEST(Post("key-1").document == first.document);
  Restart();
  BOOST_TEST(Post("key-1").document == first.document);
  BOOST_TEST(Post("key-2").document == first.document + 1);
  Processed();
  BOOST_TEST(CountPrinted() == 2U);
  Restart();
  BOOST_TEST((Ask(first.document).outcome == codec::DocumentOutcome::kDone));
  BOOST_TEST(CountPrinted() == 2U);
}

BOOST_AUTO_TEST_CASE(TheSameKeyWithAnotherReceiptIsAConflict) {
  BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kRegistered));
  const auto other = With("Услуга", "Другая");
  BOOST_TEST(Call(codec::RegisterRequest(kBase, access, "key-1", other)).status == 409);
}

BOOST_AUTO_TEST_CASE(AReceiptWithoutAKeyIsRefused) {
  BOOST_TEST((Post("").outcome == codec::RegisterOutcome::kRefused));
}

BOOST_AUTO_TEST_CASE(EveryReceiptThatTheGatewayCanTellIsTakenAndComesToItsTotal) {
  const auto mapping = testing::MappingOf(codec::Table(), Control("GET", "/emulator/mapping").body);
  int count = 0;
  for (auto& [name, named] : testing::AllReceipts()) {
    BOOST_TEST_CONTEXT(name) {
      ffd::Receipt receipt = named.receipt;
      receipt.cashier_name_1021 = "Иванов И.И.";
      if (!protocol::CheckExpressible(receipt, named.version, mapping).empty()) continue;
      const auto body = codec::WriteReceipt(receipt, mapping);
      BOOST_REQUIRE(body.ok());
      const auto registered = Post(name, *body);
      BOOST_TEST((registered.outcome == codec::RegisterOutcome::kRegistered), registered.error);
      Processed();
      const auto answer = Ask(registered.document);
      BOOST_TEST((answer.outcome == codec::DocumentOutcome::kDone), answer.error);
      BOOST_TEST(answer.mark.value_or(ffd::FiscalMark{}).total_1020.kopecks ==
                 receipt.Total().kopecks);
      ++count;
    }
  }
  BOOST_TEST(count > 10);
}

BOOST_AUTO_TEST_CASE(AWrongReceiptIsRefusedWithItsPlace) {
  const std::pair<std::string, const char*> kCases[] = {
      {With("SALE", "SELL"), "type:"},
      {With("COMMON", "OSN"), "taxSystem:"},
      {With(R"("name": "Иванов И.И.")", ""), "cashier.name:"},
      {With("FULL_PAY", "PAY"), "items[0].calculationMethod:"},
      {With("SERVICE", "THING"), "items[0].paymentSubject:"},
      {With("VAT_20", "VAT_19"), "items[0].vat:"},
      {With(R"("quantity": 1)", R"("quantity": 0)"), "items[0].quantity:"},
      {With(R"("quantity": 1)", R"("quantity": 2)"), "items[0].total:"},
      {With(R"("price": 100)", R"("price": "100")"), "items[0].price:"},
      {With(R"("CASH": 100)", R"("CASH": 99)"), "payments:"},
      {With(R"("CASH": 100)", R"("GOLD": 100)"), "payments.GOLD:"},
      {With(R"("total": 100, "payments")", R"("total": 101, "payments")"), "total:"},
  };
  for (const auto& [body, place] : kCases) {
    const auto response = Call(codec::RegisterRequest(kBase, access, "key-1", body));
    BOOST_TEST(response.status == 400);
    BOOST_TEST(response.body.find(place) != std::string::npos, response.body);
  }
  BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kRegistered));
}

BOOST_AUTO_TEST_CASE(ATokenIsGivenOnlyForTheConnectorsToken) {
  const auto refused =
      codec::ReadTokenAnswer(Call(codec::TokenRequest(kBase, Secret("someone else's"))));
  BOOST_TEST((refused.outcome == codec::TokenOutcome::kRefused));
  auto request = codec::TokenRequest(kBase, Secret(std::string(kConnector)));
  request.headers.clear();
  BOOST_TEST(Call(request).status == 400);
  request = codec::TokenRequest(kBase, Secret(std::string(kConnector)));
  request.body += "x";  // of the last field, the kind of grant
  BOOST_TEST(Call(request).status == 400);
}

BOOST_AUTO_TEST_CASE(ASessionEndsAndIsRenewedByItsRefreshToken) {
  const auto session = LogIn();
  BOOST_TEST((session.tokens.lives == std::chrono::seconds(3599)));
  BOOST_TEST(session.tokens.connector_id == "1001");
  clock.Advance(std::chrono::hours(1));
  BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kUnauthorized));
  const auto renewed =
      codec::ReadTokenAnswer(Call(codec::RefreshRequest(kBase, session.tokens.refresh)));
  BOOST_REQUIRE((renewed.outcome == codec::TokenOutcome::kGranted));
  access = renewed.tokens.access;
  Restart();
  BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kRegistered));
}

BOOST_AUTO_TEST_CASE(ARefreshTokenIsNoAccessTokenAndTheOtherWayRound) {
  const auto session = LogIn();
  access = session.tokens.refresh;
  BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kUnauthorized));
  const auto refused =
      codec::ReadTokenAnswer(Call(codec::RefreshRequest(kBase, session.tokens.access)));
  BOOST_TEST((refused.outcome == codec::TokenOutcome::kRefused));
}

BOOST_AUTO_TEST_CASE(ATokenThatWasTamperedWithIsRefused) {
  std::string text = access.Reveal();
  for (const std::size_t place : {std::size_t{2}, text.size() / 2, text.size() - 2}) {
    std::string wrong = text;
    wrong[place] = wrong[place] == 'A' ? 'B' : 'A';
    access = Secret(wrong);
    BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kUnauthorized));
  }
  access = Secret("");
  BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kUnauthorized));
}

BOOST_AUTO_TEST_CASE(TokensThatExpireOnDemandCanBeRenewed) {
  const auto session = LogIn();
  SetFault(R"({"fault":"token-expired"})");
  BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kUnauthorized));
  BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kUnauthorized));
  access = codec::ReadTokenAnswer(Call(codec::RefreshRequest(kBase, session.tokens.refresh)))
               .tokens.access;
  BOOST_TEST((Post("key-1").outcome == codec::RegisterOutcome::kRegistered));
}

BOOST_AUTO_TEST_CASE(RefreshTokensCanBeWithdrawn) {
  const auto session = LogIn();
  BOOST_TEST(Control("POST", "/emulator/settings", R"({"refresh_allowed":false})").status == 200);
  BOOST_TEST(
      (codec::ReadTokenAnswer(Call(codec::RefreshRequest(kBase, session.tokens.refresh))).outcome ==
       codec::TokenOutcome::kRefused));
  BOOST_TEST((LogIn().outcome == codec::TokenOutcome::kGranted));
}

BOOST_AUTO_TEST_CASE(OnlyADocumentInErrorIsFiscalisedAgain) {
  SetFault(R"({"fault":"error","text":"Неисправность кассы"})");
  const auto failed = Post("key-1").document;
  const auto done = Post("key-2").document;
  Processed();
  BOOST_REQUIRE((Ask(failed).outcome == codec::DocumentOutcome::kFailed));
  BOOST_TEST(Ask(failed).error == "Неисправность кассы");
  BOOST_TEST((Reload({failed, done}).outcome == codec::ReloadOutcome::kRefused));
  BOOST_TEST((Reload({failed}, "someone else's").outcome == codec::ReloadOutcome::kRefused));
  BOOST_TEST((Reload({failed + 9}).outcome == codec::ReloadOutcome::kRefused));
  BOOST_TEST((Reload({}).outcome == codec::ReloadOutcome::kRefused));
  BOOST_TEST((Ask(failed).outcome == codec::DocumentOutcome::kFailed));
  BOOST_TEST((Reload({failed}).outcome == codec::ReloadOutcome::kAccepted));
  BOOST_TEST((Ask(failed).outcome == codec::DocumentOutcome::kPending));
  Restart();
  Processed();
  BOOST_TEST((Ask(failed).outcome == codec::DocumentOutcome::kDone));
  BOOST_TEST((Reload({failed}).outcome == codec::ReloadOutcome::kRefused));
  BOOST_TEST(CountPrinted() == 2U);
}

BOOST_AUTO_TEST_CASE(TheBuyersPageIsThereBeforeTheReceipt) {
  const auto page = [this] {
    http::Request request;
    request.url = codec::OfflineLink(kBase, "key-1");
    return Call(request);
  };
  BOOST_TEST(page().body.find("ещё не поступил") != std::string::npos);
  Post("key-1");
  BOOST_TEST(page().body.find("в обработке") != std::string::npos);
  Processed();
  BOOST_TEST(page().body.find("ИТОГ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(AnUnknownDocumentIsNotFound) {
  BOOST_TEST((Ask(1).outcome == codec::DocumentOutcome::kNotFound));
  BOOST_TEST((Ask(254'001).outcome == codec::DocumentOutcome::kNotFound));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator::bifit
