#include "lib/protocol/bit/codec.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonValue;
using testing::Flag;
using testing::LoadTable;
using testing::Text;

http::Headers HeadersOf(const JsonValue& row) {
  http::Headers headers;
  for (const JsonValue& pair : row.Find("headers")->items) {
    headers.emplace_back(pair.items[0].text, pair.items[1].text);
  }
  return headers;
}

std::vector<std::string> KnownOf(const JsonValue& row) {
  std::vector<std::string> known = {Text(row, "kkt_token"), Text(row, "bank_token")};
  if (const JsonValue* listed = row.Find("known")) {
    known.clear();
    for (const JsonValue& token : listed->items) known.emplace_back(token.text);
  }
  return known;
}

DriverRequest RequestOf(const JsonValue& row) {
  return {Text(row, "order_id"), Text(row, "kkt_token"), Text(row, "bank_token"),
          Text(row, "commands")};
}

BodyEncoding EncodingOf(std::string_view name) {
  if (name == "form") return BodyEncoding::kForm;
  if (name == "base64") return BodyEncoding::kBase64;
  return name == "hex" ? BodyEncoding::kHex : BodyEncoding::kJson;
}

void CheckDecoded(const JsonValue& row) {
  const http::Request incoming{"POST", "/", "", HeadersOf(row), Text(row, "body")};
  const auto request = DecodeDriverRequest(incoming, KnownOf(row));
  if (Flag(row, "malformed")) {
    BOOST_REQUIRE(!request.ok());
    BOOST_TEST((request.error().code == base::Code::kMalformed));
    return;
  }
  BOOST_REQUIRE_MESSAGE(request.ok(), (request.ok() ? "" : request.error().what));
  BOOST_TEST(request->order_id == row.FindText("order_id"));
  BOOST_TEST(request->kkt_token == row.FindText("kkt_token"));
  BOOST_TEST(request->bank_token == row.FindText("bank_token"));
  BOOST_TEST(request->commands == row.FindText("commands"));
}

BOOST_AUTO_TEST_SUITE(bit_request_test)

BOOST_AUTO_TEST_CASE(RequestsAreWrittenByteForByte) {
  const auto table = LoadTable("bit/driver_requests.json");
  int rows = 0;
  for (const JsonValue& row : table.root().items) {
    if (!Flag(row, "encoded")) continue;
    ++rows;
    BOOST_TEST_CONTEXT(row.FindText("name")) {
      const auto generation =
          row.FindText("generation") == "1.2" ? HeaderGeneration::k12 : HeaderGeneration::k15;
      const auto request = EncodeDriverRequest(RequestOf(row), "http://192.0.2.1:44735", generation,
                                               EncodingOf(row.FindText("encoding")));
      BOOST_TEST(request.method == "POST");
      BOOST_TEST(request.url == "http://192.0.2.1:44735");
      BOOST_TEST((request.headers == HeadersOf(row)));
      BOOST_TEST(request.body == row.FindText("body"));
    }
  }
  BOOST_TEST(rows == 5);
}

BOOST_AUTO_TEST_CASE(RequestsOfEveryGenerationAndEncodingAreRead) {
  const auto table = LoadTable("bit/driver_requests.json");
  for (const JsonValue& row : table.root().items) {
    BOOST_TEST_CONTEXT(row.FindText("name")) { CheckDecoded(row); }
  }
}

BOOST_AUTO_TEST_CASE(AnEmptyBankTokenIsNoHeader) {
  for (const auto generation : {HeaderGeneration::k12, HeaderGeneration::k15}) {
    const auto request =
        EncodeDriverRequest({"1", "k", "", "[]"}, "http://a", generation, BodyEncoding::kJson);
    for (const auto& [name, value] : request.headers) {
      BOOST_TEST(!name.empty());
      BOOST_TEST(!value.empty(), name);
    }
  }
}

BOOST_AUTO_TEST_CASE(EveryByteOfEightyItemsComesThroughInEveryEncoding) {
  std::string commands = "[";
  for (int i = 0; i < 80; ++i) commands += "{\"name\":\"Ёж № " + std::to_string(i) + " +%&=\"},";
  commands.back() = ']';
  for (const auto encoding :
       {BodyEncoding::kJson, BodyEncoding::kForm, BodyEncoding::kBase64, BodyEncoding::kHex}) {
    for (const auto generation : {HeaderGeneration::k12, HeaderGeneration::k15}) {
      const auto sent =
          EncodeDriverRequest({"1", "k", "t", commands}, "http://a", generation, encoding);
      const auto read = DecodeDriverRequest(sent, {"k", "t"});
      BOOST_REQUIRE(read.ok());
      BOOST_TEST(read->commands == commands);
      BOOST_TEST(read->kkt_token == "k");
      BOOST_TEST(read->bank_token == "t");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bit
