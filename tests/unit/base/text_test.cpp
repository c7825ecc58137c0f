#include "lib/base/text.h"

#include <boost/test/unit_test.hpp>
#include <random>

#include "lib/base/limits.h"

namespace fiscalgate::base {
namespace {

using namespace std::string_literals;

std::string RandomText(std::mt19937& random, std::size_t size) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

BOOST_AUTO_TEST_SUITE(text_test)

BOOST_AUTO_TEST_CASE(PercentEncodeLeavesOnlyUnreserved) {
  BOOST_TEST(PercentEncode("aZ09-._~") == "aZ09-._~");
  BOOST_TEST(PercentEncode("а b+/!'()*") == "%D0%B0%20b%2B%2F%21%27%28%29%2A");
}

BOOST_AUTO_TEST_CASE(PercentDecodeKeepsPlusAndRefusesBrokenEscapes) {
  BOOST_TEST(PercentDecode("a+b%20%d0%B0").value() == "a+b а");
  BOOST_TEST(PercentDecode("").value().empty());
  BOOST_TEST(PercentDecode("%00").value() == "\0"s);
  for (const std::string_view broken : {"%", "%4", "a%4", "%zz", "%4g", "%%41", "%-1"}) {
    BOOST_TEST(!PercentDecode(broken).has_value(), broken);
  }
}

BOOST_AUTO_TEST_CASE(EveryByteSurvivesPercentAndHexAndBase64) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string text = RandomText(random, size);
    BOOST_TEST(PercentDecode(PercentEncode(text)).value() == text);
    BOOST_TEST(HexDecode(HexEncode(text)).value() == text);
    BOOST_TEST(Base64DecodeLenient(Base64Encode(text)).value() == text);
  }
}

BOOST_AUTO_TEST_CASE(FormFieldsComeInOrderWithPlusAsSpace) {
  const auto fields = ParseForm("a=1+2&b=%2B&a=3&empty=&alone&x=y=z&&%D1%8F=%26");
  BOOST_REQUIRE(fields.ok());
  const FormFields expected = {{"a", "1 2"},  {"b", "+"},   {"a", "3"}, {"empty", ""},
                               {"alone", ""}, {"x", "y=z"}, {"я", "&"}};
  BOOST_TEST((*fields == expected));
  BOOST_TEST(ParseForm("").value().empty());
}

BOOST_AUTO_TEST_CASE(BrokenFormsAreMalformed) {
  for (const std::string_view body : {"a=%", "a=%4", "%=1", "a=1&b=%G0", "a%00b=1"}) {
    const auto fields = ParseForm(body);
    BOOST_REQUIRE_MESSAGE(!fields.ok(), body);
    BOOST_TEST((fields.error().code == Code::kMalformed));
  }
}

BOOST_AUTO_TEST_CASE(FormsHaveALimitOfFields) {
  std::string body;
  for (std::size_t i = 0; i < kMaxFormFields; ++i) body += "a=1&";
  BOOST_TEST(ParseForm(body).ok());
  const auto fields = ParseForm(body + "a=1");
  BOOST_REQUIRE(!fields.ok());
  BOOST_TEST((fields.error().code == Code::kTooLarge));
}

BOOST_AUTO_TEST_CASE(BuiltFormsReadBack) {
  const FormFields fields = {{"json", "{\"a\":\"+ &=%\"}"}, {"имя", ""}};
  BOOST_TEST((ParseForm(BuildForm(fields)).value() == fields));
}

BOOST_AUTO_TEST_CASE(Base64HasItsTestVectors) {
  // RFC 4648, section 10.
  BOOST_TEST(Base64Encode("") == "");
  BOOST_TEST(Base64Encode("f") == "Zg==");
  BOOST_TEST(Base64Encode("fo") == "Zm8=");
  BOOST_TEST(Base64Encode("foo") == "Zm9v");
  BOOST_TEST(Base64Encode("foobar") == "Zm9vYmFy");
}

BOOST_AUTO_TEST_CASE(Base64IsReadAsClientsSendIt) {
  const std::string bytes = "\xFB\xEF\xBE\xFF\xFF\xFE";
  for (const std::string_view text :
       {"++++///+", "----___-", "    ///+", "++\r\n++\n///+", "+\n+++//\r\n/+\r\n"}) {
    BOOST_TEST((Base64DecodeLenient(text) == bytes), text);
  }
  for (const std::string_view text : {"Zm8", "Zm8=", "Zm8==", "Zm8=\r\n", "Z\nm\n8\n"}) {
    BOOST_TEST((Base64DecodeLenient(text) == "fo"), text);
  }
  BOOST_TEST((Base64DecodeLenient("") == ""));
}

BOOST_AUTO_TEST_CASE(OtherBase64IsRefused) {
  for (const std::string_view text :
       {"Z", "Zm9vY", "Zm9*", "Zm9v\tZg", "=Zg", "Zg=Zg", "Zg===", "Zh", "Zm9", "Zm9vЯ"}) {
    BOOST_TEST(!Base64DecodeLenient(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(HexIsReadInBothCases) {
  BOOST_TEST(HexEncode("\x01\xAB") == "01ab");
  BOOST_TEST(HexDecode("01aBCd").value() == "\x01\xAB\xCD");
  BOOST_TEST(!HexDecode("0").has_value());
  BOOST_TEST(!HexDecode("0g").has_value());
}

BOOST_AUTO_TEST_CASE(Utf8IsCheckedToTheLetter) {
  for (const std::string_view text :
       {"", "ascii only, and long enough", "Чек на 5 €", "\xF0\x9F\x98\x80", "\xED\x9F\xBF",
        "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xC2\x80"}) {
    BOOST_TEST(IsValidUtf8(text), text);
  }
  for (const std::string_view text :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82",
        "\xF0\x9F\x98", "12345678\xD0", "1234567\xD0(9"}) {
    BOOST_TEST(!IsValidUtf8(text), HexEncode(text));
  }
}

BOOST_AUTO_TEST_CASE(TrimCaseAndTruncate) {
  BOOST_TEST(Trim(" \t a b\r\n") == "a b");
  BOOST_TEST(Trim(" \n").empty());
  BOOST_TEST(EqualsIgnoreCase("Content-Type", "content-TYPE"));
  BOOST_TEST(!EqualsIgnoreCase("a", "ab"));
  BOOST_TEST(ToLower("ABc-Я") == "abc-Я");
  BOOST_TEST(Truncate("чек", 6) == "чек");
  BOOST_TEST(Truncate("чек", 5) == "че");
  BOOST_TEST(Truncate("чек", 1) == "");
}

BOOST_AUTO_TEST_CASE(ContactsAreMasked) {
  BOOST_TEST(MaskContact("buyer@shop.example") == "bu***@shop.example");
  BOOST_TEST(MaskContact("+79161234567") == "+7***67");
  BOOST_TEST(MaskContact("a@b.ru") == "***@b.ru");
  BOOST_TEST(MaskContact("почта@дом.рф") == "п***@дом.рф");
  BOOST_TEST(MaskContact("12345") == "***");
  BOOST_TEST(MaskContact("Иван Иванович") == "***");
  BOOST_TEST(MaskContact("") == "***");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::base
