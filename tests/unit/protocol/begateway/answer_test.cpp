#include "lib/protocol/begateway/answer.h"

#include "lib/base/text.h"
#include "tests/unit/protocol/cloud.h"

namespace fiscalgate::protocol::begateway {
namespace {

using base::JsonValue;
using base::Secret;
using testing::LoadTable;
using testing::ReadData;
using testing::Text;

constexpr std::string_view kVendors[] = {"bepaid", "freepayment"};

Account SampleAccount() {
  return AccountOf(*FindProfile("bepaid"), "361", Secret("b8647b68898b084b"));
}

http::Response ResponseOf(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

std::string NameOf(AnswerKind kind) {
  constexpr const char* kNames[] = {"transactions", "checkout", "refused", "not_found",
                                    "unauthorized", "busy",     "unclear"};
  return kNames[static_cast<int>(kind)];
}

std::string States(const Answer& answer) {
  std::string text;
  for (const Transaction& one : answer.transactions) {
    text.append(PaymentStateName(one.payment)).append(" ");
    text.append(FiscalStateName(one.fiscal.state)).append("\n");
  }
  return text;
}

std::string Expected(const JsonValue& row, std::string_view key) {
  std::string text;
  const JsonValue* const list = row.Find(key);
  if (list == nullptr) return text;
  for (const JsonValue& item : list->items) text += std::string(item.text) + "\n";
  return text;
}

void CheckAnswer(const JsonValue& row, const Answer& answer) {
  BOOST_TEST(NameOf(answer.kind) == row.FindText("kind"));
  BOOST_TEST(States(answer) == Expected(row, "states"));
  for (const Transaction& one : answer.transactions) {
    BOOST_TEST(one.fiscal.mark.has_value() == (one.fiscal.state == FiscalState::kDone));
    if (one.fiscal.mark) BOOST_TEST(ffd::QrText(*one.fiscal.mark) == row.FindText("qr"));
    if (row.Find("fiscal_message"))
      BOOST_TEST(one.fiscal.message == row.FindText("fiscal_message"));
  }
  if (row.Find("message") != nullptr) BOOST_TEST(answer.message == row.FindText("message"));
  if (row.Find("code") != nullptr) BOOST_TEST(answer.code == row.FindText("code"));
  if (row.Find("redirect")) BOOST_TEST(answer.checkout.redirect_url == row.FindText("redirect"));
  std::string errors;
  for (const AnswerError& error : answer.errors) errors += error.field + ": " + error.text + "\n";
  if (row.Find("errors") != nullptr) BOOST_TEST(errors == Expected(row, "errors"));
  BOOST_TEST(answer.retry_after.has_value() == (row.Find("retry") != nullptr));
}

base::RsaPrivateKey NotifierKey() {
  const auto table = LoadTable("cloud/rsa.json");
  auto key = base::RsaPrivateKey::Load(Secret(Text(*table.root().Find("private"), "pkcs8_pem")));
  BOOST_REQUIRE(key.ok());
  return *key;
}

BOOST_AUTO_TEST_SUITE(begateway_answer_test)

BOOST_AUTO_TEST_CASE(TheDocumentsFirstAnswerIsPaidAndNotYetFiscal) {
  for (const std::string_view vendor : kVendors) {
    const std::string body = ReadData("begateway/" + std::string(vendor) + "_first_answer.json");
    const Answer answer = ReadAnswer(ResponseOf(200, body));
    BOOST_REQUIRE((answer.kind == AnswerKind::kTransactions));
    BOOST_REQUIRE_EQUAL(answer.transactions.size(), 1u);
    const Transaction& one = answer.transactions[0];
    BOOST_TEST((one.payment == PaymentState::kSuccessful));
    BOOST_TEST((one.fiscal.state == FiscalState::kPending));
    BOOST_TEST(one.uid == "a5c5bf0f-38f3-4f15-862d-f5ed08b640c3");
    BOOST_TEST(one.fiscal.id == "5b95328a-a657-496a-bcef-93a87efd8477");
    BOOST_TEST(one.fiscal.external_id == "id");
    BOOST_TEST(one.amount.kopecks == 1800);
    BOOST_TEST(one.currency == "RUB");
    BOOST_TEST(one.tracking_id == "your_uniq_number");
    BOOST_TEST(one.rrn == "999");
    BOOST_TEST(one.auth_code == "654321");
    BOOST_TEST(one.redirect_url.find("/process/a5c5bf0f") != std::string::npos);
    BOOST_TEST(one.receipt_url.starts_with("https://"));
    BOOST_TEST(FindOurs(answer, Operation::kPayment, "your_uniq_number", {1800}, "RUB") == &one);
  }
}

BOOST_AUTO_TEST_CASE(TheDocumentsStatusHasTheWholeReceipt) {
  for (const std::string_view vendor : kVendors) {
    const std::string body = ReadData("begateway/" + std::string(vendor) + "_status_answer.json");
    const Answer answer = ReadAnswer(ResponseOf(200, body));
    BOOST_REQUIRE_EQUAL(answer.transactions.size(), 1u);
    const Fiscal& fiscal = answer.transactions[0].fiscal;
    BOOST_REQUIRE((fiscal.state == FiscalState::kDone));
    BOOST_TEST(fiscal.message == "Ok - Check processed");
    BOOST_TEST(ffd::QrText(*fiscal.mark) ==
               "t=20231122T1118&s=18.00&fn=9999078900011495&i=192058&fp=872970506&n=1");
    BOOST_TEST(fiscal.mark->shift_1038 == 173);
    BOOST_TEST(fiscal.ofd_link == "www.taxcom.ru");
    BOOST_TEST(
        fiscal.ofd_qr_code ==
        "https://cheques-test.orangedata.ru/7727401209/5b95328a-a657-496a-bcef-93a87efd8477");
    BOOST_TEST(body.find(fiscal.receipt_info) != std::string::npos);  // as answered
    BOOST_TEST(fiscal.receipt_info.starts_with("{"));
  }
}

BOOST_AUTO_TEST_CASE(AnswersAreUnderstoodOrUnclear) {
  const auto table = LoadTable("begateway/answers.json");
  for (const JsonValue& row : table.root().items) {
    BOOST_TEST_CONTEXT(row.FindText("name")) {
      http::Response response =
          ResponseOf(std::stoi(std::string(row.Find("status")->text)), Text(row, "body"));
      if (const JsonValue* pause = row.Find("retry_header")) {
        response.headers = {{"Retry-After", std::string(pause->text)}};
      }
      CheckAnswer(row, ReadAnswer(response));
    }
  }
}

BOOST_AUTO_TEST_CASE(OursIsFoundAmongOthersOfTheSameNumber) {
  const Answer answer = ReadAnswer(ResponseOf(200, R"({"transactions":[
    {"uid":"1","status":"failed","type":"payment","amount":100,"currency":"RUB","tracking_id":"7"},
    {"uid":"2","status":"pending","type":"payment","amount":100,"currency":"RUB","tracking_id":"7"},
    {"uid":"3","status":"successful","type":"payment","amount":100,"currency":"RUB","tracking_id":"7"},
    {"uid":"4","status":"successful","type":"payment","amount":101,"currency":"RUB","tracking_id":"7"},
    {"uid":"5","status":"successful","type":"refund","amount":100,"currency":"RUB","tracking_id":"7"},
    {"uid":"6","status":"successful","type":"payment","amount":200,"currency":"USD","tracking_id":"7"},
    {"uid":"7","status":"failed","type":"refund","amount":55,"currency":"RUB","tracking_id":"7"},
    {"uid":"8","status":"error","type":"refund","amount":55,"currency":"RUB","tracking_id":"7"}]})"));
  const auto found = [&](Operation operation, std::int64_t amount, std::string_view id = "7") {
    const Transaction* one = FindOurs(answer, operation, id, {amount}, "RUB");
    return one == nullptr ? std::string("-") : one->uid;
  };
  BOOST_TEST(found(Operation::kPayment, 100) == "3");
  BOOST_TEST(found(Operation::kPayment, 101) == "4");
  BOOST_TEST(found(Operation::kRefund, 100) == "5");
  BOOST_TEST(found(Operation::kRefund, 55) == "7");
  BOOST_TEST(found(Operation::kPayment, 200) == "-");
  BOOST_TEST(found(Operation::kPayment, 100, "8") == "-");
}

BOOST_AUTO_TEST_CASE(ANotificationIsGenuineByItsSignatureOrPassword) {
  const auto key = NotifierKey();
  const auto public_key = base::RsaPublicKey::Load(base::Base64Encode(key.PublicDer()));
  BOOST_REQUIRE(public_key.ok());
  const Account account = SampleAccount();
  const std::string body = ReadData("begateway/bepaid_status_answer.json");
  const std::string signature = base::Base64Encode(key.Sign(body));
  const std::string password = "Basic " + base::Base64Encode("361:b8647b68898b084b");
  const std::string wrong = "Basic " + base::Base64Encode("361:b8647b68898b084c");
  struct Case {
    http::Headers headers;
    bool with_key;
    Genuineness expected;
  };
  const Case kCases[] = {
      {{{"Content-Signature", signature}}, true, Genuineness::kGenuine},
      {{{"content-signature", signature}, {"Authorization", wrong}}, true, Genuineness::kGenuine},
      {{{"Content-Signature", "AAAA"}, {"Authorization", password}},
       true,
       Genuineness::kWrongSignature},
      {{{"Content-Signature", "%%%"}}, true, Genuineness::kWrongSignature},
      {{{"Content-Signature", signature}}, false, Genuineness::kUnsigned},
      {{{"Content-Signature", "AAAA"}, {"Authorization", password}}, false, Genuineness::kGenuine},
      {{{"Authorization", password}}, true, Genuineness::kGenuine},
      {{{"Authorization", wrong}}, true, Genuineness::kWrongPassword},
      {{{"Authorization", "Bearer x"}}, true, Genuineness::kWrongPassword},
      {{{"Authorization", "Basic"}}, false, Genuineness::kWrongPassword},
      {{}, true, Genuineness::kUnsigned}};
  for (const Case& one : kCases) {
    const auto found =
        CheckNotification(one.headers, body, account, one.with_key ? &*public_key : nullptr);
    BOOST_TEST(static_cast<int>(found) == static_cast<int>(one.expected));
  }
  BOOST_TEST((CheckNotification({{"Content-Signature", signature}}, body + " ", account,
                                &*public_key) == Genuineness::kWrongSignature));
  Account bare = account;
  bare.secret_key = Secret();
  BOOST_TEST((CheckNotification({{"Authorization", "Basic " + base::Base64Encode("361:")}}, body,
                                bare, nullptr) == Genuineness::kWrongPassword));
}

BOOST_AUTO_TEST_CASE(ANotificationTellsWhatAQuestionWould) {
  const auto told = ReadNotification(ReadData("begateway/bepaid_status_answer.json"));
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST((told->fiscal.state == FiscalState::kDone));
  for (const std::string_view body : {"", "x", "[]", "{}", R"({"transaction":[]})"}) {
    BOOST_TEST(!ReadNotification(body).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::begateway
