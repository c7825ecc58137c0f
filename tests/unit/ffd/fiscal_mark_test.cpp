#include "lib/ffd/fiscal_mark.h"

#include <boost/test/unit_test.hpp>

#include "lib/ffd/qr_svg.h"

namespace fiscalgate::ffd {
namespace {

FiscalMark Sample() {
  FiscalMark mark;
  mark.fn_1041 = "9999078900001234";
  mark.fd_1040 = 17;
  mark.fpd_1077 = "0123456789";
  mark.time_1012 = "2026-11-21T13:15:42";
  mark.shift_1038 = 3;
  mark.receipt_number_1042 = 5;
  mark.register_number_1037 = "0000000001012345";
  mark.total_1020 = {1100};
  mark.receipt_type_1054 = 2;
  return mark;
}

std::optional<FiscalMark> Read(std::string_view json) {
  const auto document = base::ParseJson(json);
  BOOST_REQUIRE_MESSAGE(document.ok(), json);
  return ReadFiscalMark(document->root());
}

std::string Written(const FiscalMark& mark) {
  base::JsonWriter writer;
  WriteFiscalMark(mark, &writer);
  return writer.Take();
}

BOOST_AUTO_TEST_SUITE(fiscal_mark_test)

BOOST_AUTO_TEST_CASE(QrTextIsAsTheTaxServiceReadsIt) {
  BOOST_TEST(QrText(Sample()) ==
             "t=20261121T1315&s=11.00&fn=9999078900001234&i=17&fp=0123456789&n=2");
}

BOOST_AUTO_TEST_CASE(WrittenMarksReadBack) {
  const auto read = Read(Written(Sample()));
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(Written(*read) == Written(Sample()));
  BOOST_TEST(read->total_1020.kopecks == 1100);
  BOOST_TEST(read->receipt_type_1054 == 2);
}

BOOST_AUTO_TEST_CASE(OnlyTheTagOfAKeyCounts) {
  const auto mark =
      Read(R"({"fiscal_sign_1077":12345,"n_1040":"7","1041":"99","t_1012":"2026-11-21 13:15"})");
  BOOST_REQUIRE(mark.has_value());
  BOOST_TEST(mark->fpd_1077 == "12345");
  BOOST_TEST(mark->fd_1040 == 7);
  BOOST_TEST(mark->time_1012 == "2026-11-21T13:15");
}

BOOST_AUTO_TEST_CASE(WithoutItsThreeNumbersThereIsNoMark) {
  for (const std::string_view json :
       {"{}", "[]", "null", R"({"a_1041":"1","b_1040":1})", R"({"a_1041":"1","c_1077":"1"})",
        R"({"b_1040":1,"c_1077":"1"})", R"({"a_1041":"1","b_1040":0,"c_1077":"1"})",
        R"({"a_1041":"1","b_1040":-1,"c_1077":"1"})",
        R"({"a_1041":"1&s=0","b_1040":1,"c_1077":"1"})",
        R"({"a_1041":"1","b_1040":1,"c_1077":"12345678901"})",
        R"({"a_1041":{},"b_1040":1,"c_1077":"1"})"}) {
    BOOST_TEST(!Read(json).has_value(), json);
  }
}

BOOST_AUTO_TEST_CASE(WhatElseCannotBeReadIsLeftOut) {
  const auto mark = Read(
      R"({"a_1041":"1","b_1040":1,"c_1077":"1","t_1012":"tomorrow","s_1038":"x","r_1037":"<b>","u_1020":"much","n_1054":9})");
  BOOST_REQUIRE(mark.has_value());
  BOOST_TEST(mark->time_1012 == "");
  BOOST_TEST(mark->shift_1038 == 0);
  BOOST_TEST(mark->register_number_1037 == "");
  BOOST_TEST(mark->total_1020.kopecks == 0);
  BOOST_TEST(mark->receipt_type_1054 == 1);
}

BOOST_AUTO_TEST_CASE(TheQrCodeIsOnePath) {
  const std::string svg = QrSvg(QrText(Sample()));
  BOOST_TEST(svg.find("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ") == 0u);
  BOOST_TEST(svg.find("<path d=\"M4 4h7v1h-7z") != std::string::npos);  // the corner mark
  BOOST_TEST(svg.find("<path") == svg.rfind("<path"));
  BOOST_TEST(svg.size() < 16'000u);
  BOOST_TEST(QrSvg(std::string(5000, 'x')).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::ffd
