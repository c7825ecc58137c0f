#include "fcgi/settings.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate {
namespace {

using Faults = std::vector<std::string>;

base::Result<Settings> Parse(std::string_view text, Faults* faults) {
  return ParseSettings(text, "test.toml", faults);
}

bool Mentions(const Faults& faults, std::string_view text) {
  for (const auto& fault : faults) {
    if (fault.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SettingsTest)

BOOST_AUTO_TEST_CASE(EmptyFileGivesTheDefaults) {
  Faults faults;
  const auto settings = Parse("", &faults);
  BOOST_REQUIRE(settings.ok());
  BOOST_TEST(faults.empty());
  BOOST_TEST(settings->socket_mode == 0660u);
  BOOST_TEST(settings->min_free_disk_mb == 64);
  BOOST_TEST((settings->json_reader == base::JsonReader::kSimdjson));
}

BOOST_AUTO_TEST_CASE(EveryKeyIsRead) {
  Faults faults;
  const auto settings = Parse(R"(
[server]
socket = "/run/x.sock"
socket_mode = "0600"
socket_group = "www-data"
threads = 3
json_reader = "jsoncpp"
public_url = "https://kassa.example/"
[store]
url = "sqlite:/data/x.db"
[keys]
file = "/data/key"
[log]
file = "/data/log"
level = "warn"
[callback]
timeout_ms = 5000
allow_networks = ["10.0.0.0/8"]
allow_plain_http = false
[dispatch]
max_in_flight = 7
allow_networks = ["192.168.0.0/16", "fd00::/8"]
[pages]
test = true
courier = true
[limits]
shop_rate_per_second = 5
max_pending_writes = 10
min_free_disk_mb = 1
)",
                              &faults);
  BOOST_REQUIRE_MESSAGE(settings.ok(), (faults.empty() ? "" : faults[0]));
  BOOST_TEST(settings->socket == "/run/x.sock");
  BOOST_TEST(settings->socket_mode == 0600u);
  BOOST_TEST(settings->socket_group == "www-data");
  BOOST_TEST(settings->threads == 3);
  BOOST_TEST((settings->json_reader == base::JsonReader::kJsoncpp));
  BOOST_TEST(settings->public_url == "https://kassa.example");
  BOOST_TEST(settings->store_url == "sqlite:/data/x.db");
  BOOST_TEST(settings->key_file == "/data/key");
  BOOST_TEST(settings->log_file == "/data/log");
  BOOST_TEST((settings->log_level == log::Level::kWarn));
  BOOST_TEST(settings->callback_timeout.count() == 5000);
  BOOST_TEST(settings->callback_allow_networks.size() == 1u);
  BOOST_TEST(!settings->callback_allow_plain_http);
  BOOST_TEST(settings->dispatch_max_in_flight == 7);
  BOOST_TEST(settings->dispatch_allow_networks.size() == 2u);
  BOOST_TEST(settings->pages_test);
  BOOST_TEST(settings->pages_courier);
  BOOST_TEST(settings->shop_rate_per_second == 5);
  BOOST_TEST(settings->max_pending_writes == 10);
  BOOST_TEST(settings->min_free_disk_mb == 1);
}

BOOST_AUTO_TEST_CASE(AllFaultsComeAtOnceWithTheirPlace) {
  Faults faults;
  const auto settings = Parse(R"([server]
socket_mode = "0999"
json_reader = "fast"
public_url = "kassa.example"
[store]
url = "postgres:x"
[log]
level = "loud"
[callback]
allow_networks = ["10.0.0.0/99"]
timeout_ms = 1
[limits]
shop_rate = 5
)",
                              &faults);
  BOOST_TEST(!settings.ok());
  for (const char* place :
       {"test.toml:2", "server.socket_mode", "server.json_reader", "server.public_url", "store.url",
        "log.level", "callback.allow_networks", "callback.timeout_ms", "limits.shop_rate"}) {
    BOOST_TEST(Mentions(faults, place), place);
  }
  BOOST_TEST(faults.size() == 8u);
}

BOOST_AUTO_TEST_CASE(FileThatIsNotThereIsAFault) {
  Faults faults;
  const auto settings = LoadSettings("/nonexistent/fiscalgate.toml", &faults);
  BOOST_TEST(!settings.ok());
  BOOST_TEST(faults.size() == 1u);
}

BOOST_AUTO_TEST_CASE(OnlyKeysThatAreNotLiveNeedARestart) {
  Settings before, after;
  after.log_level = log::Level::kDebug;
  after.min_free_disk_mb = 5;
  BOOST_TEST(ChangedKeysThatNeedRestart(before, after).empty());
  after.threads = 9;
  after.callback_allow_networks = {"10.0.0.0/8"};
  const Faults expected = {"server.threads", "callback.allow_networks"};
  BOOST_TEST(ChangedKeysThatNeedRestart(before, after) == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
