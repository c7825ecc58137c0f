#include "lib/base/certificate.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "lib/base/text.h"

namespace fiscalgate::base {
namespace {

// Made with openssl req -x509; until 2027 (two digits of the year) and until 2059 (four).
const std::string kNear =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBijCCATGgAwIBAgIUIn3kC5Vfp+lDmCOwrvgRzKJeLLswCgYIKoZIzj0EAwIw\n"
    "GzEZMBcGA1UEAwwQcmVjZWlwdHMuZXhhbXBsZTAeFw0yNjExMjIwNjExMTNaFw0y\n"
    "NzAzMDIwNjExMTNaMBsxGTAXBgNVBAMMEHJlY2VpcHRzLmV4YW1wbGUwWTATBgcq\n"
    "hkjOPQIBBggqhkjOPQMBBwNCAASywrKBYUGTlsUPUrcGla/mgpeTWEvjgPIr/PUB\n"
    "CCWU122vsA4qbKvRzYK7LECt+rpuLGtjxcjsLIOb9GPYUnmpo1MwUTAdBgNVHQ4E\n"
    "FgQUoHYahmdBGy3LW8xg2awZxykz9V8wHwYDVR0jBBgwFoAUoHYahmdBGy3LW8xg\n"
    "2awZxykz9V8wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBSe85P\n"
    "fFizYcWidz5GKSyHoGY9K6om8NY2XkXZqfy+dgIgf4leaht4HTQkzRvSK3B+cdSl\n"
    "51vZ8rZH+JFOeMu4zKQ=\n"
    "-----END CERTIFICATE-----\n";
const std::string kFar =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBjTCCATOgAwIBAgIUDdKH5HsmzFiHuvgio0uADw2TfM8wCgYIKoZIzj0EAwIw\n"
    "GzEZMBcGA1UEAwwQcmVjZWlwdHMuZXhhbXBsZTAgFw0yNjExMjIwNjExMTNaGA8y\n"
    "MDU5MDkzMDA2MTExM1owGzEZMBcGA1UEAwwQcmVjZWlwdHMuZXhhbXBsZTBZMBMG\n"
    "ByqGSM49AgEGCCqGSM49AwEHA0IABNZZdIQ7GHDn0qCSca4YA1iXy4S0um1F8tYI\n"
    "u54Gx6ihm5Z/pVKnjiOirHTNSTMyZdpbQ56JGEcefelYJ8X5kqyjUzBRMB0GA1Ud\n"
    "DgQWBBT8QCZQ7Ibxw+dfq8KsUNue/3AxYDAfBgNVHSMEGDAWgBT8QCZQ7Ibxw+df\n"
    "q8KsUNue/3AxYDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIDaN\n"
    "Fv9LOT9YRvTJiuxLptYkNPv0n6DJNTXDMwazrU3aAiEAv04W9c+x2PKmO7RDFbey\n"
    "SymNwnDtHp1XVktB0/jLOYs=\n"
    "-----END CERTIFICATE-----\n";

std::string Pem(const std::string& der) {
  return "-----BEGIN CERTIFICATE-----\n" + Base64Encode(der) + "\n-----END CERTIFICATE-----\n";
}

std::string Der(const std::string& pem) {
  const auto begin = pem.find('\n') + 1;
  return Base64DecodeLenient(pem.substr(begin, pem.find("-----END") - begin)).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_certificate)

BOOST_AUTO_TEST_CASE(TermsAreReadInOrder) {
  const auto terms = ReadCertificateTerms("# a chain\n" + kNear + "\n" + kFar);
  BOOST_REQUIRE(terms.ok());
  BOOST_REQUIRE(terms->size() == 2u);
  BOOST_TEST(FormatUtc((*terms)[0].not_before) == "2026-11-22T06:11:13.000Z");
  BOOST_TEST(FormatUtc((*terms)[0].not_after) == "2027-03-02T06:11:13.000Z");
  BOOST_TEST(FormatUtc((*terms)[1].not_after) == "2059-09-30T06:11:13.000Z");
}

BOOST_AUTO_TEST_CASE(WhatIsNoCertificateIsSaidSo) {
  for (const char* none : {"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}) {
    BOOST_TEST((ReadCertificateTerms(none).error().code == Code::kNotFound));
  }
  for (const std::string& broken :
       {std::string("-----BEGIN CERTIFICATE-----"), Pem(""), Pem("0"), Pem("\x30\x80"),
        Pem("\x30\x84\xff\xff\xff\xff"), Pem("\x30\x85\x01\x01\x01\x01\x01"),
        std::string("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----")}) {
    BOOST_TEST((ReadCertificateTerms(broken).error().code == Code::kMalformed));
  }
}

BOOST_AUTO_TEST_CASE(NoCutAndNoChangedByteIsReadBeyondItsEnd) {
  const std::string der = Der(kNear);
  for (std::size_t length = 0; length < der.size(); ++length) {
    BOOST_TEST(!ReadCertificateTerms(Pem(der.substr(0, length))).ok());
  }
  for (std::size_t at = 0; at < der.size(); ++at) {
    std::string changed = der;
    changed[at] = static_cast<char>(changed[at] ^ 0x5a);
    const auto terms = ReadCertificateTerms(Pem(changed));  // must only come back
    if (terms) BOOST_TEST(terms->size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(ADateThatIsNoneIsRefused) {
  std::string der = Der(kNear);
  const std::size_t month = der.find("2703020611");
  BOOST_REQUIRE(month != std::string::npos);
  for (const char* date : {"2713020611", "2702300611", "2700000611", "27030224xx", "27 3020611"}) {
    der.replace(month, 10, date);
    BOOST_TEST(!ReadCertificateTerms(Pem(der)).ok(), date);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::base
