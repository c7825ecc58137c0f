#include "lib/protocol/bit/front.h"

#include <set>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonValue;
using testing::LoadTable;
using testing::Text;

const base::WallTime kNow = base::FromMillis(1'795'255'200'000);

task::Shop ShopWith(const std::string& code, bool encoded = false) {
  task::Shop shop;
  shop.code = base::Secret(code);
  shop.accept_encoded_signature = encoded;
  return shop;
}

PostedForm SampleForm() {
  PostedForm form;
  form.account_id = "1";
  form.kkt_token = "token";
  form.bank_token = "bank";
  form.order_id = "7";
  form.data = "[]";
  form.encoded_data = "JTVCJTVE";
  form.callback_success = "http://a";
  form.callback_failed = "http://b";
  form.signature = Sign(form, "code");
  return form;
}

std::string BodyOf(const std::string& order, const std::string& data) {
  return base::BuildForm({{"BIT_ACCOUNT_ID", "1"},
                          {"BIT_KKT_TOKEN", "t"},
                          {"BIT_ORDER_ID", order},
                          {"BIT_DATA", base::Base64Encode(base::PercentEncode(data))},
                          {"BIT_SIGNATURE", "0"}});
}

BOOST_AUTO_TEST_SUITE(bit_front_test)

BOOST_AUTO_TEST_CASE(FormsOfRealClientsAreReadAndTheirSignatureFits) {
  const auto table = LoadTable("bit/forms.json");
  for (const JsonValue& row : table.root().Find("accepted")->items) {
    BOOST_TEST_CONTEXT(row.FindText("name")) {
      const auto form = DecodeForm(row.FindText("body"));
      BOOST_REQUIRE_MESSAGE(form.ok(), (form.ok() ? "" : form.error().what));
      const JsonValue& fields = *row.Find("fields");
      BOOST_TEST(form->account_id == fields.FindText("BIT_ACCOUNT_ID"));
      BOOST_TEST(form->kkt_token == fields.FindText("BIT_KKT_TOKEN"));
      BOOST_TEST(form->bank_token == fields.FindText("BIT_BNK_TRM_TOKEN"));
      BOOST_TEST(form->order_id == fields.FindText("BIT_ORDER_ID"));
      BOOST_TEST(form->callback_success == fields.FindText("BIT_CALLBACK_SUCCESS"));
      BOOST_TEST(form->callback_failed == fields.FindText("BIT_CALLBACK_FAILED"));
      BOOST_TEST(form->data == row.FindText("data"));
      const bool encoded = row.FindText("signs") == "encoded";
      const auto code = Text(row, "code");
      BOOST_TEST(SignatureMatches(*form, ShopWith(code), kNow) == !encoded);
      BOOST_TEST(SignatureMatches(*form, ShopWith(code, true), kNow));
      BOOST_TEST(!SignatureMatches(*form, ShopWith(code + "x", true), kNow));
      if (!encoded) BOOST_TEST(Sign(*form, code) == base::ToLower(row.FindText("signature")));
    }
  }
}

BOOST_AUTO_TEST_CASE(BadFormsAreRefusedAndTheFieldIsNamed) {
  const auto table = LoadTable("bit/forms.json");
  for (const JsonValue& row : table.root().Find("refused")->items) {
    BOOST_TEST_CONTEXT(row.FindText("name")) {
      const auto form = DecodeForm(row.FindText("body"));
      BOOST_REQUIRE(!form.ok());
      BOOST_TEST((form.error().code == base::Code::kMalformed));
      BOOST_TEST(form.error().what.find(row.FindText("says")) != std::string::npos,
                 form.error().what);
    }
  }
}

BOOST_AUTO_TEST_CASE(SecretPostedByMistakeIsInNoErrorText) {
  const auto form = DecodeForm("BIT_DATAINTEGRITY_CODE=topsecret&BIT_ORDER_ID=%00");
  BOOST_REQUIRE(!form.ok());
  BOOST_TEST(form.error().what.find("topsecret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(LimitsAreKeptToTheByte) {
  BOOST_TEST(DecodeForm(BodyOf(std::string(base::kMaxOrderIdBytes, '1'), "[]")).ok());
  BOOST_TEST(!DecodeForm(BodyOf(std::string(base::kMaxOrderIdBytes + 1, '1'), "[]")).ok());
  BOOST_TEST(DecodeForm(BodyOf("1", std::string(base::kMaxJsonBytes, 'a'))).ok());
  const auto large = DecodeForm(BodyOf("1", std::string(base::kMaxJsonBytes + 1, 'a')));
  BOOST_REQUIRE(!large.ok());
  BOOST_TEST((large.error().code == base::Code::kTooLarge));
  const auto huge = DecodeForm(std::string(base::kMaxBodyBytes + 1, 'a'));
  BOOST_REQUIRE(!huge.ok());
  BOOST_TEST((huge.error().code == base::Code::kTooLarge));
}

BOOST_AUTO_TEST_CASE(PreviousCodeFitsUntilItRunsOut) {
  const PostedForm form = SampleForm();
  task::Shop shop = ShopWith("new");
  BOOST_TEST(!SignatureMatches(form, shop, kNow));
  shop.previous_code = base::Secret("code");
  shop.previous_until = kNow + base::Milliseconds(1);
  BOOST_TEST(SignatureMatches(form, shop, kNow));
  BOOST_TEST(!SignatureMatches(form, shop, kNow + base::Milliseconds(1)));
}

BOOST_AUTO_TEST_CASE(AShopWithoutACodeFitsNothing) {
  PostedForm form = SampleForm();
  form.signature = Sign(form, "");
  task::Shop shop = ShopWith("");
  shop.previous_until = kNow + base::Milliseconds(1);
  BOOST_TEST(!SignatureMatches(form, shop, kNow));
}

BOOST_AUTO_TEST_CASE(SignaturesOfOtherShapesFitNothing) {
  PostedForm form = SampleForm();
  const std::string right = form.signature;
  for (const std::string& wrong :
       {std::string(), right.substr(1), right + "0", right + right, std::string(32, '0')}) {
    form.signature = wrong;
    BOOST_TEST(!SignatureMatches(form, ShopWith("code"), kNow), wrong);
  }
}

BOOST_AUTO_TEST_CASE(EverySignedFieldChangesTheSignature) {
  const PostedForm form = SampleForm();
  std::set<std::string> signatures = {Sign(form, "code"), Sign(form, "other")};
  for (auto member :
       {&PostedForm::account_id, &PostedForm::kkt_token, &PostedForm::order_id, &PostedForm::data,
        &PostedForm::callback_success, &PostedForm::callback_failed}) {
    PostedForm changed = form;
    changed.*member += "x";
    signatures.insert(Sign(changed, "code"));
  }
  // "x" at the end of one field and at the beginning of none: all differ.
  BOOST_TEST(signatures.size() == 8u);
}

BOOST_AUTO_TEST_CASE(ContentIsTheSameOnlyIfEveryPartOfItIs) {
  const PostedForm form = SampleForm();
  std::set<std::string> hashes = {ContentHash(form)};
  BOOST_TEST(hashes.begin()->size() == 32u);
  for (auto member : {&PostedForm::kkt_token, &PostedForm::bank_token, &PostedForm::data,
                      &PostedForm::callback_success, &PostedForm::callback_failed}) {
    PostedForm changed = form;
    changed.*member += "x";
    hashes.insert(ContentHash(changed));
  }
  BOOST_TEST(hashes.size() == 6u);
}

BOOST_AUTO_TEST_CASE(ContentDoesNotFlowFromOneFieldIntoTheNext) {
  PostedForm form = SampleForm();
  const std::string whole = ContentHash(form);
  form.callback_success = "http://ah";
  form.callback_failed = "ttp://b";
  BOOST_TEST(ContentHash(form) != whole);
}

BOOST_AUTO_TEST_CASE(HowAPostTravelledIsNoContent) {
  PostedForm form = SampleForm();
  const std::string whole = ContentHash(form);
  form.encoded_data = "other";
  form.prog_url = "https://203.0.113.7:44735";
  form.signature = "other";
  BOOST_TEST(ContentHash(form) == whole);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bit
