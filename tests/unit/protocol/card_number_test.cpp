#include "lib/protocol/card_number.h"

#include "tests/unit/protocol/cloud.h"

namespace fiscalgate::protocol {
namespace {

using testing::Lines;

std::string Found(std::string_view json) {
  const auto document = base::ParseJson(json);
  BOOST_REQUIRE_MESSAGE(document.ok(), json);
  return Lines(FindCardData(document->root(), "/0"));
}

BOOST_AUTO_TEST_SUITE(card_number_test)

// The numbers are the payment systems' own for tests.
BOOST_AUTO_TEST_CASE(CardNumbersAreKnown) {
  for (const std::string_view text :
       {"4111111111111111", "4200000000000000", "5555444433331111", "2200000000000053",
        "378282246310005", "30569309025904", "6011111111111117", "3530111333300000",
        "2223000048400011", "6759649826438453", "4111 1111 1111 1111", "4111-1111-1111-1111",
        "card:4111111111111111.", "PAN4111111111111111", "карта4111111111111111, спасибо",
        "1 4111111111111111"}) {
    // A single digit before it joins the run: then nothing is there to be known.
    const bool is_joined = text.starts_with("1 ");
    BOOST_TEST(HasCardNumber(text) == !is_joined, text);
  }
}

BOOST_AUTO_TEST_CASE(OtherNumbersAreLeftAlone) {
  for (const std::string_view text :
       {"", "4111111111111112", "9999078900011495", "0001660038015559", "0000000000034229",
        "+79161234567", "7707083893", "500100732259", "4607001234560", "010460123456789021abcDEF",
        "41111111111111110000", "411111111111111111111111", "a5c5bf0f-38f3-4f15-862d-f5ed08b640c3",
        "41234567-1234-4234-8b34-123456789012",
        "8656cb1f676f80ff7aa84d72dc7fdb0be93781e84710cd47fe9aab86163cabf9",
        "t=20231122T1118&s=18.00&fn=9999078900011495&i=192058&fp=872970506&n=1",
        "2023-11-22T11:18:00.0000000+03:00"}) {
    BOOST_TEST(!HasCardNumber(text), text);
  }
}

BOOST_AUTO_TEST_CASE(EveryPlaceIsToldAndNoValue) {
  BOOST_TEST(Found(R"({"a":[1,{"number":"4111111111111111"}],"b":4111111111111111})") ==
             "card_number /0/a/1/number\ncard_number /0/b\n");
  BOOST_TEST(Found(R"({"card":{"verification_value":"123","CVV":321,"cvc":"","pan":null}})") ==
             "card_number /0/card/verification_value\ncard_number /0/card/CVV\n");
  BOOST_TEST(Found(R"({"4111111111111111":1})") == "card_number /0\n");
  BOOST_TEST(Found(R"("4111111111111111")") == "card_number /0\n");
  BOOST_TEST(
      Found(R"({"token":"40bd001563085fc35165329ea1ff5c5ecbdbbeef40bd001563085fc35165329e"})")
          .empty());
}

BOOST_AUTO_TEST_CASE(TheProvidersSampleHoldsOneAndItsAnswersDoNot) {
  for (const std::string vendor : {"bepaid", "freepayment"}) {
    BOOST_TEST(Found(testing::ReadData("begateway/" + vendor + "_request.json")) ==
               "card_number /0/request/credit_card/number\n"
               "card_number /0/request/credit_card/verification_value\n");
    BOOST_TEST(Found(testing::ReadData("begateway/" + vendor + "_first_answer.json")).empty());
    BOOST_TEST(Found(testing::ReadData("begateway/" + vendor + "_status_answer.json")).empty());
  }
}

BOOST_AUTO_TEST_CASE(NoReceiptOfTheTablesLooksLikeACard) {
  for (const char* table :
       {"ffd/accepted.json", "cloud/receipts.json", "bit/sample_receipt.json"}) {
    BOOST_TEST(Found(testing::ReadData(table)).empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol
