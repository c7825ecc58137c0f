#include "lib/base/rsa.h"

#include "lib/base/text.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::base {
namespace {

using testing::LoadTable;
using testing::Text;

std::string Der(std::string_view base64) { return *Base64DecodeLenient(base64); }

RsaPrivateKey KeyOf(const JsonValue& table) {
  auto key = RsaPrivateKey::Load(Secret(Text(*table.Find("private"), "pkcs8_pem")));
  BOOST_REQUIRE(key.ok());
  return *key;
}

// Keys and signatures were made by openssl.
BOOST_AUTO_TEST_SUITE(rsa_test)

BOOST_AUTO_TEST_CASE(EveryFormOfAPrivateKeySignsAsOpensslDoes) {
  const auto table = LoadTable("cloud/rsa.json");
  for (const auto& [form, text] : table.root().Find("private")->members) {
    for (const bool is_bare : {false, true}) {
      const bool is_der = form.ends_with("base64");
      if (is_bare && !is_der) continue;
      const auto key =
          RsaPrivateKey::Load(Secret(is_bare ? Der(text.text) : std::string(text.text)));
      BOOST_REQUIRE_MESSAGE(key.ok(), form);
      for (const JsonValue& row : table.root().Find("vectors")->items) {
        BOOST_TEST(Base64Encode(key->Sign(row.FindText("data"))) == row.FindText("signature"));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(EveryFormOfAPublicKeyKnowsTheSignature) {
  const auto table = LoadTable("cloud/rsa.json");
  for (const auto& [form, text] : table.root().Find("public")->members) {
    const auto key = RsaPublicKey::Load(text.text);
    BOOST_REQUIRE_MESSAGE(key.ok(), form);
    for (const JsonValue& row : table.root().Find("vectors")->items) {
      BOOST_TEST(key->Verify(row.FindText("data"), Der(row.FindText("signature"))));
    }
  }
  BOOST_TEST(RsaPublicKey::Load(KeyOf(table.root()).PublicDer()).ok());
}

BOOST_AUTO_TEST_CASE(OneOtherByteIsNoSignature) {
  const auto table = LoadTable("cloud/rsa.json");
  const auto key = RsaPublicKey::Load(table.root().Find("public")->FindText("spki_pem"));
  const auto other = RsaPublicKey::Load(table.root().FindText("other_public"));
  BOOST_REQUIRE((key.ok() && other.ok()));
  const std::string data = "{\"id\":\"1\"}";
  const std::string signature = KeyOf(table.root()).Sign(data);
  BOOST_TEST(key->Verify(data, signature));
  BOOST_TEST(!other->Verify(data, signature));
  BOOST_TEST(!key->Verify(data + " ", signature));
  BOOST_TEST(!key->Verify(data, ""));
  BOOST_TEST(!key->Verify(data, signature + '\0'));
  BOOST_TEST(!key->Verify(data, std::string(signature.size(), '\xFF')));
  for (std::size_t i = 0; i < signature.size(); i += 17) {
    std::string bent = signature;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    BOOST_TEST(!key->Verify(data, bent));
  }
}

BOOST_AUTO_TEST_CASE(WhatIsNoKeyIsRefusedAndNotQuoted) {
  const auto table = LoadTable("cloud/rsa.json");
  const std::string pem = Text(*table.root().Find("private"), "pkcs8_pem");
  const std::string der = Der(table.root().Find("private")->FindText("pkcs1_der_base64"));
  std::string bent = der;
  bent[300] = static_cast<char>(bent[300] ^ 1);
  for (const std::string& text :
       {std::string(), std::string("key"), std::string("0"), std::string("-----BEGIN "),
        std::string("-----BEGIN PRIVATE KEY-----"), pem.substr(0, pem.size() / 2),
        der.substr(0, 100), der + "x", bent, Text(table.root(), "small_private"),
        Text(table.root(), "encrypted"), Text(*table.root().Find("public"), "spki_pem")}) {
    const auto key = RsaPrivateKey::Load(Secret(text));
    BOOST_REQUIRE(!key.ok());
    BOOST_TEST((key.error().code == Code::kMalformed));
    BOOST_TEST(key.error().what.size() < 80u);
  }
  BOOST_TEST(!RsaPublicKey::Load("").ok());
  BOOST_TEST(!RsaPublicKey::Load(pem).ok());
  BOOST_TEST(!RsaPublicKey::Load(table.root().FindText("small_public")).ok());
  BOOST_TEST((RsaPublicKey::Load(std::string(100'000, 'A')).error().code == Code::kTooLarge));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::base
