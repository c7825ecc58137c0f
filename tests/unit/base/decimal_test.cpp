#include "lib/base/decimal.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::base {
namespace {

BOOST_AUTO_TEST_SUITE(decimal_test)

BOOST_AUTO_TEST_CASE(MoneyIsReadExactly) {
  const std::pair<std::string_view, std::int64_t> kCases[] = {
      {"11.00", 1100},
      {"11", 1100},
      {"0.5", 50},
      {"11.500", 1150},
      {"-0.05", -5},
      {"-0", 0},
      {"0.29", 29},
      {"007", 700},
      {"1.10", 110},
      {"4.35", 435},
      {"99999999.99", kMaxKopecks},
      {"-99999999.99", -kMaxKopecks},
  };
  for (const auto& [literal, kopecks] : kCases) {
    Money money{-1};
    BOOST_TEST((ParseMoney(literal, &money) == DecimalFault::kNone), literal);
    BOOST_TEST(money.kopecks == kopecks, literal);
  }
}

BOOST_AUTO_TEST_CASE(BadMoneyIsRefusedAndChangesNothing) {
  const std::pair<std::string_view, DecimalFault> kCases[] = {
      {"", DecimalFault::kNotANumber},
      {"-", DecimalFault::kNotANumber},
      {"+1", DecimalFault::kNotANumber},
      {"1.", DecimalFault::kNotANumber},
      {".5", DecimalFault::kNotANumber},
      {"1e2", DecimalFault::kNotANumber},
      {"1,50", DecimalFault::kNotANumber},
      {" 1", DecimalFault::kNotANumber},
      {"1 ", DecimalFault::kNotANumber},
      {"--1", DecimalFault::kNotANumber},
      {"1.2.3", DecimalFault::kNotANumber},
      {"0x1", DecimalFault::kNotANumber},
      {"11.005", DecimalFault::kTooManyPlaces},
      {"100000000", DecimalFault::kOutOfRange},
      {"99999999999999999999999999999999999999", DecimalFault::kOutOfRange},
      {"-100000000.00", DecimalFault::kOutOfRange},
  };
  for (const auto& [literal, fault] : kCases) {
    Money money{77};
    BOOST_TEST((ParseMoney(literal, &money) == fault), literal);
    BOOST_TEST(money.kopecks == 77, literal);
  }
}

BOOST_AUTO_TEST_CASE(QuantityHasSixPlaces) {
  Quantity quantity;
  BOOST_TEST((ParseQuantity("0.123456", &quantity) == DecimalFault::kNone));
  BOOST_TEST(quantity.millionths == 123'456);
  BOOST_TEST((ParseQuantity("0.1234567", &quantity) == DecimalFault::kTooManyPlaces));
  BOOST_TEST((ParseQuantity("281474976.710655", &quantity) == DecimalFault::kNone));
  BOOST_TEST(quantity.millionths == kMaxQuantityMillionths);
  BOOST_TEST((ParseQuantity("281474976.710656", &quantity) == DecimalFault::kOutOfRange));
}

BOOST_AUTO_TEST_CASE(WrittenAsPeopleReadThem) {
  BOOST_TEST(FormatMoney({1100}) == "11.00");
  BOOST_TEST(FormatMoney({-5}) == "-0.05");
  BOOST_TEST(FormatMoney({0}) == "0.00");
  BOOST_TEST(FormatMoney({-12345}) == "-123.45");
  BOOST_TEST(FormatMoney({INT64_MIN}) == "-92233720368547758.08");
  BOOST_TEST(FormatQuantity({1'000'000}) == "1");
  BOOST_TEST(FormatQuantity({250'000}) == "0.25");
  BOOST_TEST(FormatQuantity({10'000'000}) == "10");
  BOOST_TEST(FormatQuantity({0}) == "0");
  BOOST_TEST(FormatQuantity({-1}) == "-0.000001");
}

BOOST_AUTO_TEST_CASE(ProductIsRoundedHalfUp) {
  BOOST_TEST(Multiply({9999'00}, {2'474'000}).value().kopecks == 2'473'753);  // 24737.526
  BOOST_TEST(Multiply({1}, {500'000}).value().kopecks == 1);
  BOOST_TEST(Multiply({1}, {499'999}).value().kopecks == 0);
  BOOST_TEST(Multiply({333}, {333'000}).value().kopecks == 111);  // 110.889
  BOOST_TEST(Multiply({-1}, {500'000}).value().kopecks == 0);
  BOOST_TEST(Multiply({-3}, {500'000}).value().kopecks == -1);
  BOOST_TEST(Multiply({-3}, {700'000}).value().kopecks == -2);
}

BOOST_AUTO_TEST_CASE(ProductThatDoesNotFitIsEmpty) {
  BOOST_TEST(Multiply({kMaxKopecks}, {1'000'000}).value().kopecks == kMaxKopecks);
  BOOST_TEST(!Multiply({kMaxKopecks}, {1'000'001'000}).has_value());
  BOOST_TEST(!Multiply({kMaxKopecks}, {kMaxQuantityMillionths}).has_value());
  BOOST_TEST(!Multiply({-kMaxKopecks}, {kMaxQuantityMillionths}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::base
