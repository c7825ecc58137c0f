#include "lib/base/config_file.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::base {
namespace {

struct Variable {
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  const char* name_;
};

ConfigFile Parsed(std::string_view text) {
  auto file = ConfigFile::Parse(text, "test.toml");
  BOOST_REQUIRE_MESSAGE(file.ok(), text);
  return std::move(file).value();
}

BOOST_AUTO_TEST_SUITE(config_file_test)

BOOST_AUTO_TEST_CASE(ValuesAreReadByType) {
  ConfigFile file = Parsed(
      "name = 'x'\n[callback]\ntimeout_ms = 1_500\nplain = true\nallow = ['127.0.0.0/8', "
      "'fd00::/8']\n");
  BOOST_TEST(file.Text("name", "") == "x");
  BOOST_TEST(file.Int("callback.timeout_ms", 1, 0, 10'000) == 1500);
  BOOST_TEST(file.Bool("callback.plain", false));
  BOOST_TEST(file.List("callback.allow").size() == 2u);
  BOOST_TEST(file.Faults().empty());
}

BOOST_AUTO_TEST_CASE(MissingKeysGiveTheDefault) {
  ConfigFile file = Parsed("");
  BOOST_TEST(file.Text("a", "b") == "b");
  BOOST_TEST(file.Int("a.b", 7, 0, 5) == 7);
  BOOST_TEST(file.Bool("c", true));
  BOOST_TEST(file.List("d", {"x"}).size() == 1u);
  BOOST_TEST(file.Faults().empty());
}

BOOST_AUTO_TEST_CASE(AllFaultsComeTogetherInLineOrder) {
  ConfigFile file = Parsed(
      "unknown = 1\n"
      "[callback]\n"
      "timeout_ms = 99\n"
      "plain = 'yes'\n"
      "url = 5\n"
      "allow = ['a', 1]\n"
      "[calback]\n"
      "timeout_ms = 1\n"
      "[empty]\n");
  BOOST_TEST(file.List("callback.allow", {"kept"}).at(0) == "kept");
  BOOST_TEST(file.Text("callback.url", "kept") == "kept");
  BOOST_TEST(file.Bool("callback.plain", true));
  BOOST_TEST(file.Int("callback.timeout_ms", 5, 1, 10) == 5);
  const std::vector<std::string> expected = {
      "test.toml:1: unknown: there is no such setting",
      "test.toml:3: callback.timeout_ms: must be a whole number from 1 to 10",
      "test.toml:4: callback.plain: must be true or false",
      "test.toml:5: callback.url: must be a text in quotes",
      "test.toml:6: callback.allow: must be a list of texts in quotes",
      "test.toml:8: calback.timeout_ms: there is no such setting",
      "test.toml:9: empty: there is no such setting"};
  BOOST_TEST(file.Faults() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(AValueWhereATableShouldBeIsAFault) {
  ConfigFile file = Parsed("callback = 3\n");
  BOOST_TEST(file.Int("callback.timeout_ms", 5, 1, 10) == 5);
  BOOST_TEST(file.Faults().size() == 1u);
}

BOOST_AUTO_TEST_CASE(TheCallersOwnFaultsHaveTheirPlace) {
  ConfigFile file = Parsed("\nsocket = 'nowhere'\n");
  BOOST_TEST(file.Text("socket", "") == "nowhere");
  file.AddFault("socket", "is no socket");
  file.AddFault("key_file", "is required");
  const std::vector<std::string> expected = {"test.toml: key_file: is required",
                                             "test.toml:2: socket: is no socket"};
  BOOST_TEST(file.Faults() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(TheEnvironmentOverrides) {
  const Variable number("FISCALGATE_CALLBACK_TIMEOUT_MS", "9");
  const Variable flag("FISCALGATE_CALLBACK_PLAIN", "0");
  const Variable list("FISCALGATE_ALLOW", "10.0.0.0/8, fd00::/8,");
  ConfigFile file = Parsed("[callback]\ntimeout_ms = 5\nplain = true\n");
  BOOST_TEST(file.Int("callback.timeout_ms", 1, 1, 10) == 9);
  BOOST_TEST(!file.Bool("callback.plain", true));
  const std::vector<std::string> expected = {"10.0.0.0/8", "fd00::/8"};
  BOOST_TEST(file.List("allow") == expected, boost::test_tools::per_element());
  BOOST_TEST(file.Faults().empty());
}

BOOST_AUTO_TEST_CASE(ABadVariableIsNamed) {
  const Variable number("FISCALGATE_N", "12x");
  const Variable flag("FISCALGATE_B", "maybe");
  ConfigFile file = Parsed("n = 1\n");
  BOOST_TEST(file.Int("n", 3, 1, 10) == 3);
  BOOST_TEST(file.Bool("b", true));
  BOOST_REQUIRE(file.Faults().size() == 2u);
  BOOST_TEST(file.Faults()[0].find("environment variable FISCALGATE_N") == 0u);
}

BOOST_AUTO_TEST_CASE(ASyntaxErrorNamesFileAndLine) {
  const auto file = ConfigFile::Parse("a = 1\nb = = 2\n", "test.toml");
  BOOST_REQUIRE(!file.ok());
  BOOST_TEST((file.error().code == Code::kMalformed));
  BOOST_TEST(file.error().what.find("test.toml:2: ") == 0u, file.error().what);
}

BOOST_AUTO_TEST_CASE(FilesAreLoaded) {
  const testing::TempDir folder;
  const auto missing = ConfigFile::Load(folder.File("none.toml"));
  BOOST_REQUIRE(!missing.ok());
  BOOST_TEST((missing.error().code == Code::kNotFound));
  BOOST_TEST(!ConfigFile::Load(folder.path()).ok());
  testing::WriteFile(folder.File("a.toml"), "a = 'b'\n");
  auto file = ConfigFile::Load(folder.File("a.toml"));
  BOOST_REQUIRE(file.ok());
  BOOST_TEST(file->Text("a", "") == "b");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::base
