#include "fcgi/agent/config.h"

#include <boost/test/unit_test.hpp>

#include "fcgi/agent/commands.h"

namespace fiscalgate::agent {
namespace {

constexpr char kRegister[] = "[register kkt1]\ngateway = https://gate.example\nkey = secret\n";

std::string FaultIn(const std::string& text) {
  std::string error;
  return ParseConfig(text, &error) ? "" : error;
}

BOOST_AUTO_TEST_SUITE(agent_config)

BOOST_AUTO_TEST_CASE(WhatIsWrittenIsReadAgain) {
  Config config;
  config.lang = "en";
  config.state = "C:\\ProgramData\\x";
  config.renew_s = 5;
  auto& one = config.registers.emplace_back();
  one = {"kkt1",   "https://gate.example/a", "secret", "http://127.0.0.1:5",
         "ca.pem", "http://u:p@proxy:1",     false};
  config.registers.emplace_back() = {"kkt2", "http://10.0.0.1", "other", kDefaultDriver, "", "",
                                     true};
  std::string error;
  const std::string text = WriteConfig(config);
  const auto again = ParseConfig(text, &error);
  BOOST_REQUIRE_MESSAGE(again, error);
  BOOST_TEST(WriteConfig(*again) == text);
  BOOST_TEST(again->renew_s == 5);
  BOOST_TEST(again->registers[1].plain_http);
  BOOST_TEST(again->registers[0].proxy == "http://u:p@proxy:1");
}

BOOST_AUTO_TEST_CASE(EditorsOfWindowsAreUnderstood) {
  BOOST_TEST(FaultIn("\xEF\xBB\xBF# note\r\nlang=ru\r\n\r\n[register a]\r\ngateway=https://g\r\n"
                     "key=k\r\n") == "");
}

BOOST_AUTO_TEST_CASE(FaultsAreNamedAndKeysAreNot) {
  for (const std::string& bad :
       {std::string("nonsense = 1\n"), std::string("renew_s = 0\n"), std::string("[register]\n"),
        std::string("[register ../x]\n"), std::string("[register .x]\n"),
        std::string(kRegister) + kRegister, kRegister + std::string("key = two words\n"),
        kRegister + std::string("driver = https://localhost\n"),
        kRegister + std::string("gateway = http://gate.example\n"),
        kRegister + std::string("proxy = socks5://x\n"), std::string("secret-without-name\n"),
        std::string("[register a]\ngateway = https://g\n")}) {
    const std::string fault = FaultIn(bad);
    BOOST_TEST(!fault.empty(), bad);
    BOOST_TEST(fault.find("two words") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(CommandLines) {
  std::string error;
  const auto options = ParseOptions(
      {"install", "--gateway=https://g", "--key", "k", "--plain-http", "--name", "till"}, &error);
  BOOST_REQUIRE_MESSAGE(options, error);
  BOOST_TEST(options->command == "install");
  BOOST_TEST(options->gateway == "https://g");
  BOOST_TEST(options->key == "k");
  BOOST_TEST(options->name == "till");
  BOOST_TEST(options->plain_http);
  BOOST_TEST(ParseOptions({"--version"}, &error)->command == "version");
  BOOST_TEST(ParseOptions({}, &error)->command == "help");
  for (const std::vector<std::string>& bad : {std::vector<std::string>{"dance"},
                                              {"run", "--key"},
                                              {"run", "--unknown=secret"},
                                              {"install", "run"},
                                              {"run", "--lang", "de"}}) {
    BOOST_TEST(!ParseOptions(bad, &error));
    BOOST_TEST(error.find("secret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::agent
