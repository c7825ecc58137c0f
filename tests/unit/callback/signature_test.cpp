#include "lib/callback/signature.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "lib/base/json.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::callback {
namespace {

// Made by another program than ours; the shop's side is held to the same.
base::JsonDocument Vectors() {
  auto read = base::ParseJson(testing::ReadFile("tests/data/webhook/signatures.json"));
  BOOST_REQUIRE(read.ok());
  return std::move(read).value();
}

std::string Text(const base::JsonValue& object, std::string_view key) {
  BOOST_REQUIRE(object.Find(key) != nullptr);
  return std::string(object.FindText(key));
}

std::int64_t Number(const base::JsonValue& object, std::string_view key) {
  BOOST_REQUIRE(object.Find(key) != nullptr);
  return std::strtoll(std::string(object.Find(key)->text).c_str(), nullptr, 10);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_signature)

BOOST_AUTO_TEST_CASE(SignaturesAreThoseOfTheVectors) {
  const base::JsonDocument vectors = Vectors();
  const auto& cases = vectors.root().Find("signatures")->items;
  BOOST_TEST(cases.size() >= 5u);
  for (const base::JsonValue& each : cases) {
    BOOST_TEST_CONTEXT(Text(each, "name")) {
      const base::Secret code(Text(each, "code"));
      BOOST_TEST(WebhookSecretText(code) == Text(each, "secret"));
      BOOST_TEST(SignatureHeader(WebhookKey(code), Text(each, "id"), Number(each, "timestamp"),
                                 Text(each, "body")) == Text(each, "signature"));
    }
  }
}

BOOST_AUTO_TEST_CASE(ChecksComeOutAsTheVectorsSay) {
  const base::JsonDocument vectors = Vectors();
  const auto& cases = vectors.root().Find("checks")->items;
  BOOST_TEST(cases.size() >= 15u);
  for (const base::JsonValue& each : cases) {
    BOOST_TEST_CONTEXT(Text(each, "name")) {
      const std::string key = WebhookKey(base::Secret(Text(each, "code")));
      const bool valid = Verify(key, Text(each, "id"), Number(each, "timestamp"),
                                Text(each, "body"), Text(each, "header"), Number(each, "now"));
      BOOST_TEST(valid == each.Find("valid")->boolean);
    }
  }
}

BOOST_AUTO_TEST_CASE(KeyIsOfTheSizeTheStandardWants) {
  BOOST_TEST(WebhookKey(base::Secret("")).size() == 32u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::callback
