#include "tests/unit/protocol/orangedata/scene.h"

namespace fiscalgate::protocol::orangedata {

BOOST_AUTO_TEST_SUITE(orangedata_settings_test)

BOOST_AUTO_TEST_CASE(DevicesTellWhetherTheServiceIsWell) {
  const auto account = Talking().Account();
  const auto query = account->HealthQuery(nullptr);
  BOOST_REQUIRE(query.has_value());
  BOOST_TEST(query->request.url ==
             "https://apip.orangedata.ru:2443/api/v2/devices/status/7727401209/Main");
  BOOST_TEST(!query->options.client_certificate.empty());
  http::Answer answer;
  answer.delivery = http::Delivery::kAnswered;
  answer.response = {200, {}, R"({"devices":[{"deviceSN":"000166","state":"Ready"}]})"};
  BOOST_TEST(account->OnHealth(answer).is_well);
  BOOST_TEST(account->OnHealth(answer).text == "касс в группе: 1 (000166: Ready)");
  answer.response.body = R"({"devices":[]})";
  BOOST_TEST(!account->OnHealth(answer).is_well);
  answer.response = {400, {}, R"({"errors":["Группа не найдена"]})"};
  BOOST_TEST(account->OnHealth(answer).text == "Orange Data ответил HTTP 400: Группа не найдена");
  answer.delivery = http::Delivery::kNotSent;
  answer.error = "refused";
  BOOST_TEST(!account->OnHealth(answer).is_well);
  BOOST_TEST(account->OnHealth(answer).text == "Orange Data недоступен: refused");
}

BOOST_AUTO_TEST_CASE(SettingsAreReadOrSaidToBeWrong) {
  const OrangeDataProvider provider;
  BOOST_TEST(provider.Open(SampleRegister()).ok());
  BOOST_TEST(provider.Open(With("url", "")).ok());
  BOOST_TEST(provider.Open(With("group", "")).ok());
  BOOST_TEST(provider.Open(With("ignore_item_code_check", "yes")).ok());
  const std::pair<std::string, std::string> wrong[] = {{"url", "http://api.orangedata.ru:12003"},
                                                       {"inn", ""},
                                                       {"inn", "123"},
                                                       {"group", std::string(33, 'x')},
                                                       {"key", std::string(33, 'x')},
                                                       {"client_certificate", ""},
                                                       {"client_certificate", "x"},
                                                       {"trusted_authorities", "x"},
                                                       {"ignore_item_code_check", "maybe"}};
  for (const auto& [name, value] : wrong) BOOST_TEST(!provider.Open(With(name, value)).ok(), name);
  task::Register r = SampleRegister();
  r.secrets["signing_key"] = base::Secret("-----BEGIN PRIVATE KEY-----\nsecretsecret\n");
  const auto refused = provider.Open(r);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().what.starts_with("setting \"signing_key\": "));
  BOOST_TEST(refused.error().what.find("secretsecret") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::protocol::orangedata
