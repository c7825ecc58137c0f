// A register at Orange Data, and a conversation of it.
#pragma once

#include <string>
#include <utility>

#include "lib/protocol/orangedata/provider.h"
#include "tests/unit/protocol/cloud_script.h"

namespace fiscalgate::protocol::orangedata {

inline std::string PrivateKey() {
  const auto table = testing::LoadTable("cloud/rsa.json");
  return testing::Text(*table.root().Find("private"), "pkcs8_pem");
}

inline task::Register SampleRegister() {
  task::Register r;
  r.mapping = R"({"vat":{"1":true,"3":true}})";
  r.key = 6;
  r.provider = "orangedata";
  r.ffd_version = ffd::FfdVersion::k105;
  r.timeout_ms = 7000;
  r.settings["url"] = "https://apip.orangedata.ru:2443";
  r.settings["inn"] = "7727401209";
  r.settings["group"] = "Main";
  r.settings["client_certificate"] = "-----BEGIN CERTIFICATE-----\nMIIB\n";
  r.secrets["signing_key"] = base::Secret(PrivateKey());
  r.secrets["client_key"] = base::Secret("-----BEGIN PRIVATE KEY-----\nclient\n");
  return r;
}

inline task::Register With(const std::string& name, const std::string& value) {
  task::Register r = SampleRegister();
  r.settings[name] = value;
  return r;
}

inline testing::Conversation Talking(task::Register of = SampleRegister(),
                                     const std::string& receipt = "mixed_payments") {
  static const OrangeDataProvider kProvider;
  return testing::Conversation(kProvider, std::move(of), testing::PackageOf(receipt));
}

}  // namespace fiscalgate::protocol::orangedata
