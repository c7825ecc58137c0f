#include "fcgi/emulator/fault_marks.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::emulator {

BOOST_AUTO_TEST_SUITE(fault_marks)

BOOST_AUTO_TEST_CASE(AMarkIsFoundInAName) {
  const auto marks = MarksInName("Чай [fault:paper-out] чёрный");
  BOOST_REQUIRE(marks.size() == 1U);
  BOOST_TEST((marks[0].fault == Fault::kPaperOut));
  BOOST_TEST(!marks[0].always);
}

BOOST_AUTO_TEST_CASE(AMarkMayHaveADelayAndStrikeAlways) {
  const auto marks = MarksInName("[fault:slow:1500:always][fault:hang]");
  BOOST_REQUIRE(marks.size() == 2U);
  BOOST_TEST(marks[0].delay_ms == 1500);
  BOOST_TEST(marks[0].always);
  BOOST_TEST((marks[1].fault == Fault::kHang));
}

BOOST_AUTO_TEST_CASE(WhatIsNoMarkIsLeftAlone) {
  for (const char* name :
       {"Чай", "[fault:]", "[fault:fire]", "[fault:slow", "fault:slow]", "[fault:slow:-1]",
        "[fault:slow:99999999999]", "[fault:slow:1x]", "[fault:slow:240001]", "[fault:slow::]"}) {
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(MarksInName(name).empty()); }
  }
}

BOOST_AUTO_TEST_CASE(OnlyNamesOfItemsAreLookedAt) {
  const auto document =
      base::ParseJson(R"([{"name":"[fault:hang]","data":{"purchases":[{"productName_1030":"a"},)"
                      R"({"1030":"b [fault:fn-full]"}],"cashierName_1021":"[fault:refuse]"}}])");
  BOOST_REQUIRE(document.ok());
  const auto marks = MarksInCommand(document->root().items[0]);
  BOOST_REQUIRE(marks.size() == 1U);
  BOOST_TEST((marks[0].fault == Fault::kFnFull));
}

BOOST_AUTO_TEST_CASE(AMarkStrikesOncePerOrderUnlessAlways) {
  MarkMemory memory;
  FaultMark mark;
  mark.fault = Fault::kPaperOut;
  BOOST_TEST(memory.Strikes(mark, "1"));
  BOOST_TEST(!memory.Strikes(mark, "1"));
  BOOST_TEST(memory.Strikes(mark, "2"));
  mark.fault = Fault::kHang;
  BOOST_TEST(memory.Strikes(mark, "1"));
  mark.always = true;
  BOOST_TEST(memory.Strikes(mark, "1"));
  BOOST_TEST(memory.Strikes(mark, "1"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator
