#include "lib/base/json.h"

#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

#include "lib/base/limits.h"

namespace fiscalgate::base {
namespace {

constexpr JsonReader kReaders[] = {JsonReader::kJsoncpp, JsonReader::kSimdjson};

// A tree written out in full, offsets included, so that two trees can be compared as text.
void Describe(const JsonValue& value, const char* source, std::string* out) {
  *out += "<" + std::to_string(static_cast<int>(value.kind)) + (value.boolean ? "t" : "f") + "@" +
          std::to_string(value.raw.data() - source) + "+" + std::to_string(value.raw.size()) + " ";
  AppendJsonString(value.text, out);
  for (const JsonValue& item : value.items) Describe(item, source, out);
  for (const JsonMember& member : value.members) {
    AppendJsonString(member.key, out);
    Describe(member.value, source, out);
  }
  *out += ">";
}

std::string Tree(std::string_view text, JsonReader reader) {
  const auto document = ParseJson(text, reader);
  if (!document) return "refused";
  std::string out;
  Describe(document->root(), document->source().data(), &out);
  return out;
}

std::string Nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

const std::vector<std::string>& GoodDocuments() {
  static const std::vector<std::string> kDocuments = {
      "{}",
      "[]",
      " [ ] ",
      "\n{\t}\r",
      "null",
      " true ",
      "false",
      "0",
      "-0",
      "12.50",
      "\"\"",
      " \"text\" ",
      "[1,2,3]",
      "[ 1 , 2 , [ ] , { } ]",
      "{\"b\":1,\"a\":2,\"c\":{\"z\":[],\"y\":{}}}",
      "{\"\":0}",
      "{\"Ключ\":\"Значение\"}",
      "[0,-0,1,-1,10,0.5,-0.5,1.0,1e5,1E5,1e+5,1e-5,1.25e10,11.00]",
      "[123456789012345678901234567890,0.1234567890123456789012345678901234567890]",
      "[1e-999,1e308]",
      R"(["\"","\\","\/","\b\f\n\r\t","\u0041","\u00e9","\u0416\u0436","\u20AC","\ud83d\ude00"])",
      R"({"\u0061":1,"b\\":2,"c\"":3})",
      R"(["a\\","\\\"","x\\\\"])",
      "[\"\xF0\x9F\x98\x80\",\"\x7F\"]",
      "[true,false,null]",
      "{\"a\":[{\"b\":[{\"c\":null}]}],\"d\":\"]}\"}",
      Nested(kMaxJsonDepth, "[", "]"),
      "[\"/* no comment */\",\"// nor this\"]",
      "{\"a\" : 1 , \"b\"\n:\n2}",
  };
  return kDocuments;
}

const std::vector<std::string>& BadDocuments() {
  using namespace std::string_literals;
  static const std::vector<std::string> kDocuments = {
      "",
      " ",
      "{",
      "}",
      "[",
      "]",
      "[1",
      "[1,",
      "[1,]",
      "[,1]",
      "[1 2]",
      "[1,,2]",
      "[1}",
      "{\"a\":1]",
      "{\"a\":1,}",
      "{\"\":1,}",
      "{\"a\"}",
      "{\"a\":}",
      "{\"a\" 1}",
      "{a:1}",
      "{'a':1}",
      "{1:2}",
      "{null:2}",
      "{,}",
      "{\"a\":1 \"b\":2}",
      "{\"a\":1,,\"b\":2}",
      "[\"a\":1]",
      "{\"a\":1:2}",
      "{\"a\":\"b\":\"c\"}",
      "[\"a\" \"b\"]",
      "[\"a\"\"b\"]",
      "{} {}",
      "[] 1",
      "1 2",
      "null x",
      "[] // end",
      "/* c */ []",
      "[/* c */]",
      "{/* c */\"a\":1}",
      "{\"a\":1/* c */}",
      "{\"a\"/**/:1}",
      "[1] /* c */",
      "01",
      "[01]",
      "[-]",
      "[-01]",
      "[1.]",
      "[.5]",
      "[+1]",
      "[1e]",
      "[1e+]",
      "[--1]",
      "[1.2.3]",
      "[0x10]",
      "[1e999]",
      "[-1e999]",
      "[1e-0001]",
      "[0E1234]",
      "[NaN]",
      "[Infinity]",
      "[-Infinity]",
      "[1a]",
      "[tru]",
      "[truex]",
      "[True]",
      "[nul]",
      "[nulll]",
      "[falsey]",
      "tru",
      "nulll",
      "\"",
      "\"a",
      "[\"a]",
      "['a']",
      R"(["\x"])",
      R"(["\u12"])",
      R"(["\u12G4"])",
      R"(["\u0000"])",
      R"({"\u0000":1})",
      R"(["\ud800"])",
      R"(["\udc00"])",
      R"(["\ud800\u0041"])",
      R"(["\ud800x"])",
      R"(["\ud800\ud800"])",
      R"(["\udc00\ud800"])",
      R"({"\ud800":1})",
      "[\"\n\"]",
      "[\"\t\"]",
      "[\"\x01\"]",
      "{\"a\n\":1}",
      "[\"a\\\"]",
      "[\\\"a\\\"]",
      "{\"a\":1,\"a\":2}",
      R"({"a":1,"\u0061":2})",
      R"([{"x":{"k":1,"l":2,"k":3}}])",
      "\xEF\xBB\xBF{}",
      "[\"\xC0\xAF\"]",
      "[\"\xED\xA0\x80\"]",
      "[\"\xF5\x80\x80\x80\"]",
      "[\"\xD0\"]",
      "[\"\x80\"]",
      "[\xFF]",
      "{\"\xC3\x28\":1}",
      "[\"a\0b\"]"s,
      "[1\0]"s,
      "[]\0"s,
      "\0"s,
      "[1]\x01",
      "[\x0B]",
      "[\xC2\xA0]",
      Nested(kMaxJsonDepth + 1, "[", "]"),
      Nested(10'000, "[", "]"),
      Nested(10'000, "{\"a\":", "}"),
      std::string(10'000, '['),
      std::string(10'000, '{'),
      std::string(10'000, ']'),
      "[" + std::string(100'000, ' '),
  };
  return kDocuments;
}

BOOST_AUTO_TEST_SUITE(json_test)

BOOST_AUTO_TEST_CASE(BothReadersBuildTheSameTree) {
  for (const std::string& text : GoodDocuments()) {
    const std::string tree = Tree(text, JsonReader::kJsoncpp);
    BOOST_TEST(tree != "refused", text);
    BOOST_TEST(tree == Tree(text, JsonReader::kSimdjson), text);
  }
}

BOOST_AUTO_TEST_CASE(BothReadersRefuseTheSameDocuments) {
  for (const std::string& text : BadDocuments()) {
    for (const JsonReader reader : kReaders) {
      const auto document = ParseJson(text, reader);
      BOOST_TEST(!document.ok(), text.substr(0, 60) << " reader " << static_cast<int>(reader));
      if (!document.ok()) BOOST_TEST(!document.error().what.empty());
    }
  }
}

// Good documents with some bytes changed: whatever they become, both readers agree on it.
BOOST_AUTO_TEST_CASE(BothReadersAgreeOnDamagedDocuments) {
  constexpr std::string_view kBytes = "{}[]\",:\\/ \n0123.eE+-truefalsnu\x01\x7f\xd0\xff";
  std::mt19937 random(54);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (int round = 0; round < 50'000; ++round) {
    std::string text = GoodDocuments()[below(GoodDocuments().size())];
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(text.size() + 1);
      if (below(3) == 0 && at < text.size()) {
        text.erase(at, 1);
      } else {
        text.insert(at, 1, kBytes[below(kBytes.size())]);
      }
    }
    BOOST_REQUIRE_MESSAGE(Tree(text, JsonReader::kJsoncpp) == Tree(text, JsonReader::kSimdjson),
                          text);
  }
}

BOOST_AUTO_TEST_CASE(NumbersKeepTheirLiteral) {
  for (const JsonReader reader : kReaders) {
    const auto document = ParseJson(R"({"price_1079": 11.00, "qty": -1E2 })", reader);
    BOOST_REQUIRE(document.ok());
    BOOST_TEST(document->root().Find("price_1079")->text == "11.00");
    BOOST_TEST(document->root().Find("qty")->text == "-1E2");
  }
}

BOOST_AUTO_TEST_CASE(RawIsTheExactSource) {
  constexpr std::string_view kText = " [ {\"a\" : [1 , \"\\u0041\"] } , {} ] ";
  for (const JsonReader reader : kReaders) {
    const auto document = ParseJson(kText, reader);
    BOOST_REQUIRE(document.ok());
    const JsonValue& root = document->root();
    BOOST_TEST(root.raw == "[ {\"a\" : [1 , \"\\u0041\"] } , {} ]");
    BOOST_TEST(root.items[0].raw == "{\"a\" : [1 , \"\\u0041\"] }");
    BOOST_TEST(root.items[0].Find("a")->items[1].raw == "\"\\u0041\"");
    BOOST_TEST(root.items[0].Find("a")->items[1].text == "A");
    BOOST_TEST(root.items[1].raw == "{}");
  }
}

BOOST_AUTO_TEST_CASE(MembersKeepTheOrderOfTheSource) {
  for (const JsonReader reader : kReaders) {
    const auto document = ParseJson(R"({"z":1,"a":2,"m":3})", reader);
    BOOST_REQUIRE(document.ok());
    BOOST_TEST(document->root().members[0].key == "z");
    BOOST_TEST(document->root().members[1].key == "a");
    BOOST_TEST(document->root().members[2].key == "m");
  }
}

BOOST_AUTO_TEST_CASE(FindAnswersOnlyForObjects) {
  const auto document = ParseJson(R"({"a":"x","n":1,"l":[]})");
  BOOST_REQUIRE(document.ok());
  BOOST_TEST(document->root().FindText("a") == "x");
  BOOST_TEST(document->root().FindText("n", "none") == "none");
  BOOST_TEST(document->root().FindText("q", "none") == "none");
  BOOST_TEST(document->root().Find("l")->Find("a") == nullptr);
}

BOOST_AUTO_TEST_CASE(ViewsStayValidWhenTheDocumentMoves) {
  auto document = ParseJson(R"(["\u0041", "b"])", JsonReader::kSimdjson);
  BOOST_REQUIRE(document.ok());
  const JsonValue before = document->root();
  const JsonDocument moved = std::move(document).value();
  BOOST_TEST(before.items[0].text == "A");
  BOOST_TEST(moved.root().items.data() == before.items.data());
}

BOOST_AUTO_TEST_CASE(LimitsAreErrorsOfTheirOwn) {
  std::string many = "[0";
  for (std::size_t i = 0; i < kMaxJsonNodes - 2; ++i) many += ",0";
  for (const JsonReader reader : kReaders) {
    BOOST_TEST(ParseJson(many + "]", reader).ok());
    const auto too_many = ParseJson(many + ",0]", reader);
    BOOST_REQUIRE(!too_many.ok());
    BOOST_TEST((too_many.error().code == Code::kTooLarge));
    const auto too_deep = ParseJson(Nested(10'000, "[", "]"), reader);
    BOOST_REQUIRE(!too_deep.ok());
    BOOST_TEST((too_deep.error().code == Code::kTooLarge));
    const std::string longest = '"' + std::string(kMaxJsonBytes - 2, 'x') + '"';
    BOOST_TEST(ParseJson(longest, reader).ok());
    const auto too_long = ParseJson(longest + " ", reader);
    BOOST_REQUIRE(!too_long.ok());
    BOOST_TEST((too_long.error().code == Code::kTooLarge));
  }
}

BOOST_AUTO_TEST_CASE(ManyKeysWithOneTwiceAreRefused) {
  std::string text = "{";
  for (int i = 0; i < 5'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  for (const JsonReader reader : kReaders) {
    BOOST_TEST(ParseJson(text + "\"k\":0}", reader).ok());
    BOOST_TEST(!ParseJson(text + "\"k77\":0}", reader).ok());
  }
}

BOOST_AUTO_TEST_CASE(ErrorsNameThePlaceAndQuoteNothing) {
  for (const JsonReader reader : kReaders) {
    const auto document = ParseJson("{\n  \"a\": 1,\n  \"buyer\": secret@shop.ru }", reader);
    BOOST_REQUIRE(!document.ok());
    BOOST_TEST(document.error().what.find("line 3, column 1") == 0u, document.error().what);
    BOOST_TEST(document.error().what.find("secret") == std::string::npos);
    const auto twice = ParseJson("{\"secret\":1,\"secret\":2}", reader);
    BOOST_REQUIRE(!twice.ok());
    BOOST_TEST(twice.error().what.find("twice") != std::string::npos);
    BOOST_TEST(twice.error().what.find("secret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(AReaderWorksOnAfterAnError) {
  for (const JsonReader reader : kReaders) {
    BOOST_TEST(!ParseJson("[[[1,{\"a\":[", reader).ok());
    BOOST_TEST(Tree("[1,{\"a\":2}]", reader) == Tree("[1,{\"a\":2}]", JsonReader::kJsoncpp));
  }
}

BOOST_AUTO_TEST_CASE(WriterPutsTheCommas) {
  JsonWriter writer;
  writer.BeginObject().Key("id").String("x").Key("n").Int(-3).Key("list").BeginArray();
  writer.Int(1).Bool(true).Null().BeginObject().EndObject().Raw("{\"r\":1}").EndArray();
  writer.Key("empty").BeginArray().EndArray().EndObject();
  BOOST_TEST(writer.Take() == R"({"id":"x","n":-3,"list":[1,true,null,{},{"r":1}],"empty":[]})");
}

BOOST_AUTO_TEST_CASE(WriterEscapesAndRepairs) {
  std::string out;
  AppendJsonString("a\"b\\c\n\r\t\x01\x1f/Я", &out);
  BOOST_TEST(out == "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f/Я\"");
  out.clear();
  AppendJsonString("x\xFFy\xD0", &out);
  BOOST_TEST(out == "\"x\xEF\xBF\xBDy\xEF\xBF\xBD\"");
}

BOOST_AUTO_TEST_CASE(WrittenStringsReadBack) {
  std::string text;
  for (int c = 1; c < 128; ++c) text += static_cast<char>(c);
  text += "Чек №1 €😀";
  std::string json;
  AppendJsonString(text, &json);
  for (const JsonReader reader : kReaders) {
    const auto document = ParseJson(json, reader);
    BOOST_REQUIRE(document.ok());
    BOOST_TEST(document->root().text == text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::base
