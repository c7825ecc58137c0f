#include "lib/ffd/cp866.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "lib/base/text.h"

namespace fiscalgate::ffd {
namespace {

// The upper half, from 0x80 on, as Unicode.
constexpr char16_t kUpper[129] =
    u"АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп"
    u"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
    u"рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u00A0";

struct Replacement {
  char16_t from;
  std::string_view to;  // ASCII or Russian, as UTF-8
};

// Sorted by code.
constexpr Replacement kReplacements[] = {
    {u'\u00A2', "c"},   {u'\u00A3', "GBP"},  {u'\u00A5', "JPY"}, {u'\u00A7', "п."},
    {u'\u00A9', "(C)"}, {u'\u00AB', "\""},   {u'\u00AC', "-"},   {u'\u00AD', ""},
    {u'\u00AE', "(R)"}, {u'\u00B1', "+-"},   {u'\u00B2', "2"},   {u'\u00B3', "3"},
    {u'\u00B4', "'"},   {u'\u00B5', "мк"},   {u'\u00B9', "1"},   {u'\u00BB', "\""},
    {u'\u00BC', "1/4"}, {u'\u00BD', "1/2"},  {u'\u00BE', "3/4"}, {u'\u00C4', "A"},
    {u'\u00D6', "O"},   {u'\u00D7', "x"},    {u'\u00DC', "U"},   {u'\u00DF', "ss"},
    {u'\u00E0', "a"},   {u'\u00E1', "a"},    {u'\u00E2', "a"},   {u'\u00E4', "a"},
    {u'\u00E7', "c"},   {u'\u00E8', "e"},    {u'\u00E9', "e"},   {u'\u00EA', "e"},
    {u'\u00F1', "n"},   {u'\u00F3', "o"},    {u'\u00F4', "o"},   {u'\u00F6', "o"},
    {u'\u00F7', ":"},   {u'\u00F8', "o"},    {u'\u00FC', "u"},   {u'\u0406', "I"},
    {u'\u0456', "i"},   {u'\u0490', "Г"},    {u'\u0491', "г"},   {u'\u2002', " "},
    {u'\u2003', " "},   {u'\u2009', " "},    {u'\u200B', ""},    {u'\u200C', ""},
    {u'\u200D', ""},    {u'\u200E', ""},     {u'\u200F', ""},    {u'\u2010', "-"},
    {u'\u2011', "-"},   {u'\u2012', "-"},    {u'\u2013', "-"},   {u'\u2014', "-"},
    {u'\u2015', "-"},   {u'\u2018', "'"},    {u'\u2019', "'"},   {u'\u201A', "'"},
    {u'\u201C', "\""},  {u'\u201D', "\""},   {u'\u201E', "\""},  {u'\u201F', "\""},
    {u'\u2020', "+"},   {u'\u2022', "·"},    {u'\u2026', "..."}, {u'\u202F', " "},
    {u'\u2030', "%o"},  {u'\u2032', "'"},    {u'\u2033', "\""},  {u'\u2039', "<"},
    {u'\u203A', ">"},   {u'\u2044', "/"},    {u'\u20AC', "EUR"}, {u'\u20BD', "руб."},
    {u'\u2103', "°C"},  {u'\u2122', "(TM)"}, {u'\u2190', "<-"},  {u'\u2192', "->"},
    {u'\u2212', "-"},   {u'\u2215', "/"},    {u'\u2248', "~"},   {u'\u2260', "<>"},
    {u'\u2264', "<="},  {u'\u2265', ">="},   {u'\u25CF', "·"},   {u'\u2605', "*"},
    {u'\u2713', "+"},   {u'\u2714', "+"},    {u'\uFE0E', ""},    {u'\uFE0F', ""},
    {u'\uFEFF', ""},
};

// Upper half by code, for the way there.
struct Code {
  char16_t unicode;
  unsigned char byte;
};

constexpr std::array<Code, 128> kCodes = [] {
  std::array<Code, 128> codes{};
  for (std::size_t i = 0; i < codes.size(); ++i) {
    codes[i] = {kUpper[i], static_cast<unsigned char>(0x80 + i)};
  }
  std::sort(codes.begin(), codes.end(),
            [](const Code& a, const Code& b) { return a.unicode < b.unicode; });
  return codes;
}();
static_assert(std::is_sorted(std::begin(kReplacements), std::end(kReplacements),
                             [](const Replacement& a, const Replacement& b) {
                               return a.from < b.from;
                             }));

// What becomes of one character.
struct Fate {
  char byte = 0;  // in CP866, if it is there
  bool is_kept = false;
  std::string_view replacement;  // UTF-8
};

Fate FateOf(std::uint32_t c) {
  if (c >= 0x20 && c < 0x7F) return {static_cast<char>(c), true, {}};
  if (c < 0x80) return {0, false, " "};
  if (c > 0xFFFF) return {0, false, "?"};
  const auto unicode = static_cast<char16_t>(c);
  const auto code = std::lower_bound(kCodes.begin(), kCodes.end(), unicode,
                                     [](const Code& a, char16_t b) { return a.unicode < b; });
  if (code != kCodes.end() && code->unicode == unicode) {
    return {static_cast<char>(code->byte), true, {}};
  }
  const auto* const found =
      std::lower_bound(std::begin(kReplacements), std::end(kReplacements), unicode,
                       [](const Replacement& a, char16_t b) { return a.from < b; });
  if (found != std::end(kReplacements) && found->from == unicode) return {0, false, found->to};
  return {0, false, "?"};
}

// Takes the next character; U+FFFD and one byte for what is no UTF-8.
std::uint32_t Next(std::string_view* text) {
  const std::size_t length = base::Utf8Length(*text);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>((*text)[i]); };
  std::uint32_t c = 0xFFFD;
  if (length == 1) c = byte(0);
  if (length == 2) c = (byte(0) & 0x1Fu) << 6 | (byte(1) & 0x3Fu);
  if (length == 3) c = (byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
  if (length == 4) c = 0x10000;  // none of these is in any table
  text->remove_prefix(std::max<std::size_t>(length, 1));
  return c;
}

// Most of a receipt is ASCII and Russian letters: А-я and ё without a table. Takes them from the
// front and gives their number.
std::size_t SkipPlain(std::string_view* text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text->data());
  const auto* const end = at + text->size();
  const auto* const begin = at;
  std::size_t count = 0;
  for (; at != end; ++count) {
    if (*at >= 0x20 && *at < 0x7F) {
      ++at;
    } else if (end - at > 1 && ((at[0] == 0xD0 && at[1] >= 0x90 && at[1] <= 0xBF) ||
                                (at[0] == 0xD1 && at[1] >= 0x80 && at[1] <= 0x8F) ||
                                (at[0] == 0xD1 && at[1] == 0x91))) {
      at += 2;
    } else {
      break;
    }
  }
  text->remove_prefix(static_cast<std::size_t>(at - begin));
  return count;
}

std::size_t Characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

Cp866Count CountCp866(std::string_view utf8) {
  Cp866Count count;
  while (true) {
    count.bytes += SkipPlain(&utf8);
    if (utf8.empty()) return count;
    const Fate fate = FateOf(Next(&utf8));
    count.bytes += fate.is_kept ? 1 : Characters(fate.replacement);
    count.is_changed |= !fate.is_kept;
  }
}

std::string ToCp866(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const Fate fate = FateOf(Next(&utf8));
    if (fate.is_kept) {
      out += fate.byte;
      continue;
    }
    std::string_view rest = fate.replacement;
    while (!rest.empty()) out += FateOf(Next(&rest)).byte;
  }
  return out;
}

std::string AsPrinted(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const std::string_view before = utf8;
    const Fate fate = FateOf(Next(&utf8));
    out.append(fate.is_kept ? before.substr(0, before.size() - utf8.size()) : fate.replacement);
  }
  return out;
}

}  // namespace fiscalgate::ffd
