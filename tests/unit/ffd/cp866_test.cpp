#include "lib/ffd/cp866.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <set>
#include <string>

#include "lib/base/text.h"

namespace fiscalgate::ffd {
namespace {

std::string Utf8(std::uint32_t c) {
  std::string out;
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
  } else {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
  }
  return out += static_cast<char>(0x80 | (c & 0x3F));
}

BOOST_AUTO_TEST_SUITE(cp866_test)

BOOST_AUTO_TEST_CASE(RussianLettersHaveTheirCodes) {
  BOOST_TEST(ToCp866("Аяр") == "\x80\xEF\xE0");
  BOOST_TEST(ToCp866("Ёё№") == "\xF0\xF1\xFC");
  BOOST_TEST(ToCp866("abc 123") == "abc 123");
  BOOST_TEST(AsPrinted("Ёлка №5, 20°") == "Ёлка №5, 20°");
  BOOST_TEST(!CountCp866("Ёлка №5, 20°").is_changed);
}

BOOST_AUTO_TEST_CASE(SignsAreWrittenOut) {
  BOOST_TEST(AsPrinted("«Чай» — “а”, ‘б’…") == "\"Чай\" - \"а\", 'б'...");
  BOOST_TEST(AsPrinted("100 ₽ 5 € ±½ 3×4 ™") == "100 руб. 5 EUR +-1/2 3x4 (TM)");
  BOOST_TEST(AsPrinted("café") == "cafe");
  BOOST_TEST(AsPrinted("що і ґ") == "що i г");
  BOOST_TEST(CountCp866("«").is_changed);
}

BOOST_AUTO_TEST_CASE(WhatNobodyKnowsIsAQuestionMark) {
  BOOST_TEST(AsPrinted("茶") == "?");
  BOOST_TEST(AsPrinted("a\xF0\x9F\x8D\xB5z") == "a?z");
  BOOST_TEST(AsPrinted("a\xFFz") == "a?z");
  BOOST_TEST(AsPrinted("a\nb\tc") == "a b c");
  BOOST_TEST(CountCp866("a\nb").is_changed);
}

BOOST_AUTO_TEST_CASE(InvisibleSignsVanish) {
  BOOST_TEST(AsPrinted("a\u200B\u00ADb\uFEFF") == "ab");
  BOOST_TEST(CountCp866("a\u200B\u00ADb\uFEFF").bytes == 2u);
}

BOOST_AUTO_TEST_CASE(EveryCharacterCountsAsItIsWritten) {
  std::size_t characters = 0;
  for (std::uint32_t c = 1; c < 0x10000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::string text = "я" + Utf8(c) + "z";
    const std::string bytes = ToCp866(text);
    const Cp866Count count = CountCp866(text);
    if (bytes.size() != count.bytes) BOOST_TEST(bytes.size() == count.bytes, c);
    if (bytes.find('\0') != std::string::npos) BOOST_TEST(c == 0u, "a replacement is not in CP866");
    if (count.is_changed != (AsPrinted(text) != text)) BOOST_TEST(false, c);
    // What is printed prints as itself.
    if (AsPrinted(AsPrinted(text)) != AsPrinted(text)) BOOST_TEST(false, c);
    ++characters;
  }
  BOOST_TEST(characters == 0x10000u - 0x800u - 1);
}

BOOST_AUTO_TEST_CASE(TheUpperHalfIsWhole) {
  std::set<std::string> bytes;
  for (std::uint32_t c = 0x80; c < 0x10000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    if (!CountCp866(Utf8(c)).is_changed) bytes.insert(ToCp866(Utf8(c)));
  }
  BOOST_TEST(bytes.size() == 128u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::ffd
