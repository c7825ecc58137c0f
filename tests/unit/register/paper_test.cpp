#include "lib/register/paper.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::register_ {

BOOST_AUTO_TEST_SUITE(paper)

BOOST_AUTO_TEST_CASE(APairStandsAtBothEdges) {
  Paper paper;
  paper.Pair("ИТОГ", "=11.00");
  BOOST_TEST(paper.Take() == "ИТОГ" + std::string(48 - 4 - 6, ' ') + "=11.00\n");
}

BOOST_AUTO_TEST_CASE(NarrowPaperHas32Columns) {
  Paper paper(Paper::kNarrowColumns);
  paper.Rule().Pair("ИТОГ", "=11.00").Line("Чай чёрный байховый крупнолистовой");
  BOOST_TEST(paper.Take() == std::string(32, '-') + "\nИТОГ" + std::string(32 - 4 - 6, ' ') +
                                 "=11.00\nЧай чёрный байховый\nкрупнолистовой\n");
}

BOOST_AUTO_TEST_CASE(ALongLineIsWrappedAtItsWords) {
  Paper paper;
  paper.Line("Чай чёрный байховый крупнолистовой высший сорт индийский");
  BOOST_TEST(paper.Take() == "Чай чёрный байховый крупнолистовой высший сорт\nиндийский\n");
}

BOOST_AUTO_TEST_CASE(ALongWordIsCut) {
  Paper paper;
  std::string word;
  for (int i = 0; i < 50; ++i) word += "ы";
  paper.Line(word);
  BOOST_TEST(paper.Take() == word.substr(0, 96) + "\nыы\n");
}

BOOST_AUTO_TEST_CASE(APairThatDoesNotFitTakesTwoLines) {
  Paper paper;
  paper.Pair(std::string(45, 'a'), "=100.00");
  BOOST_TEST(paper.Take() == std::string(45, 'a') + "\n" + std::string(41, ' ') + "=100.00\n");
}

BOOST_AUTO_TEST_CASE(ControlCharactersBecomeSpaces) {
  Paper paper;
  paper.Line("a\nb\x1b[2Jc\x7f");
  BOOST_TEST(paper.Take() == "a b [2Jc \n");
}

BOOST_AUTO_TEST_CASE(CentredTextIsInTheMiddle) {
  Paper paper;
  paper.Centre("ЧЕК!");
  BOOST_TEST(paper.Take() == std::string(22, ' ') + "ЧЕК!\n");
}

BOOST_AUTO_TEST_CASE(TimeIsThatOfMoscow) {
  const base::WallTime evening = base::FromMillis(1'795'298'400'000);  // 2026-11-21T22:00:00Z
  BOOST_TEST(LocalTime(evening) == "2026-11-22T01:00:00");
  BOOST_TEST(ShortLocalTime(evening) == "22.11.26 01:00");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::register_
