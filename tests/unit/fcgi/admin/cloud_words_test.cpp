// Registers in the cloud and their providers as typed and as shown.
#include <boost/test/unit_test.hpp>

#include "fcgi/admin/cloud_words.h"
#include "fcgi/admin/group_words.h"
#include "fcgi/admin/provider_words.h"
#include "fcgi/admin/register_words.h"
#include "tests/unit/support/fake_cloud.h"

namespace fiscalgate::admin {
namespace {

using base::Code;

struct Fixture {
  base::Status Apply(const CloudOptions& options) {
    return ApplyCloudOptions(options, providers, &r);
  }
  // What ApplyCloudOptions or the check after it says.
  std::string Fault(const CloudOptions& options) {
    base::Status status = Apply(options);
    if (status.ok()) status = CheckCloudRegister(r, providers);
    return status.ok() ? "" : status.error().what;
  }
  static CloudOptions Good() {
    CloudOptions options;
    options.provider = "orangedata";
    options.settings = {{"inn", "7725327863"}};
    options.secrets = {{"key", "hidden words"}};
    return options;
  }
  std::string Json() {
    base::JsonWriter writer;
    WriteRegister(r, directory, true, &writer);
    return writer.Take();
  }

  const CloudProviders providers = {std::make_shared<testing::FakeCloudProvider>(),
                                    std::make_shared<testing::FakeCloudProvider>("bepaid")};
  const task::Directory directory{{}, {}, 1};
  task::Register r = NewRegister("cloud", "");
};

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(admin_cloud_words, Fixture)

BOOST_AUTO_TEST_CASE(ProviderBringsItsProfileAndFfd) {
  BOOST_TEST(Fault(Good()) == "");
  BOOST_TEST(r.provider == "orangedata");
  BOOST_TEST((r.profile == ffd::Provider::kOrangeData));
  BOOST_TEST((r.ffd_version == ffd::FfdVersion::k12));
  CloudOptions other = Good();
  other.provider = "bepaid";
  BOOST_TEST(Fault(other) == "");
  BOOST_TEST((r.profile == ffd::Provider::kBegateway));
  BOOST_TEST((r.ffd_version == ffd::FfdVersion::k105));
}

BOOST_AUTO_TEST_CASE(AnotherProviderForgetsWhatWasOfTheOld) {
  BOOST_TEST(Fault(Good()) == "");
  r.mapping = "{}";
  CloudOptions back;
  back.provider = "bit";
  BOOST_TEST(Fault(back) == "");
  BOOST_TEST(r.settings.empty());
  BOOST_TEST(r.secrets.empty());
  BOOST_TEST(r.mapping.empty());
  BOOST_TEST((r.profile == ffd::Provider::kBit));
}

BOOST_AUTO_TEST_CASE(WhatIsMissingIsNamedWithItsMeaning) {
  CloudOptions bare;
  bare.provider = "orangedata";
  const std::string fault = Fault(bare);
  BOOST_TEST(Has(fault, "--setting inn=... Taxpayer number"));
  BOOST_TEST(Has(fault, "--secret key=... Key"));
  BOOST_TEST(!Has(fault, "spare_key"));
}

BOOST_AUTO_TEST_CASE(WhatIsUnknownIsRefusedWithWhatThereIs) {
  CloudOptions options = Good();
  options.provider = "nobody";
  BOOST_TEST(Has(Fault(options), "bit, orangedata, bepaid"));
  options = Good();
  options.settings = {{"in", "1"}};
  const std::string fault = Fault(options);
  BOOST_TEST(Has(fault, "--setting inn=..."));
  BOOST_TEST(Has(fault, "--secret spare_key=..."));
}

BOOST_AUTO_TEST_CASE(SecretsAndSettingsAreNotMistakenForEachOther) {
  CloudOptions options = Good();
  options.settings.emplace_back("key", "x");
  BOOST_TEST(Has(Fault(options), "--secret"));
  options = Good();
  options.secrets.emplace_back("inn", "x");
  BOOST_TEST(Has(Fault(options), "--setting"));
}

BOOST_AUTO_TEST_CASE(TheProvidersOwnWordsAreTold) {
  CloudOptions options = Good();
  options.settings = {{"inn", "123"}};
  BOOST_TEST(Fault(options) == "orangedata: inn: ten digits");
}

BOOST_AUTO_TEST_CASE(AnEmptyValueAndUnsetTakeAway) {
  BOOST_TEST(Fault(Good()) == "");
  CloudOptions options;
  options.settings = {{"url", "https://x.example"}};
  options.secrets = {{"spare_key", "spare"}};
  BOOST_TEST(Fault(options) == "");
  options = {};
  options.settings = {{"url", ""}};
  options.unset = {"spare_key"};
  BOOST_TEST(Fault(options) == "");
  BOOST_TEST(r.settings.size() == 1u);
  BOOST_TEST(r.secrets.size() == 1u);
  BOOST_TEST(!Fault(options).empty());  // it is not there any more
  options = {};
  options.unset = {"inn"};
  BOOST_TEST(Has(Fault(options), "--setting inn=..."));
}

BOOST_AUTO_TEST_CASE(ValuesThatCouldNotBeReadAgainAreRefused) {
  CloudOptions options = Good();
  options.secrets = {{"key", std::string("a\0b", 3)}};
  BOOST_TEST(!Fault(options).empty());
  options.secrets = {{"key", "\xff"}};
  BOOST_TEST(!Fault(options).empty());
  options.secrets = {{"key", std::string(70'000, 'x')}};
  BOOST_TEST(!Fault(options).empty());
}

BOOST_AUTO_TEST_CASE(SecretsAreNeverShown) {
  CloudOptions options = Good();
  options.mapping = R"({"vat": {"11": true}})";
  BOOST_TEST(Fault(options) == "");
  const std::string sheet = RegisterSheet(r, directory, true), json = Json();
  BOOST_TEST(!Has(sheet + json, "hidden"));
  BOOST_TEST(Has(sheet, PrintOf(base::Secret("hidden words"))));
  const auto read = base::ParseJson(json);
  BOOST_REQUIRE(read.ok());
  BOOST_TEST(read->root().Find("settings")->FindText("inn") == "7725327863");
  BOOST_TEST(read->root().Find("secrets")->FindText("key") ==
             PrintOf(base::Secret("hidden words")));
  BOOST_TEST(read->root().Find("mapping")->Find("vat") != nullptr);
}

BOOST_AUTO_TEST_CASE(AMissingNameDoesNotRepeatWhatMayBeASecret) {
  const auto pair = ReadPair("--secret", "hiddenwords");
  BOOST_REQUIRE(!pair.ok());
  BOOST_TEST(!Has(pair.error().what, "hidden"));
  const auto good = ReadPair("--secret", "key=a=b");
  BOOST_TEST((*good == std::pair<std::string, std::string>("key", "a=b")));
}

BOOST_AUTO_TEST_CASE(OnlyARegisterInTheCloudHasSuchSettings) {
  CloudOptions options;
  options.settings = {{"inn", "7725327863"}};
  BOOST_TEST(Has(Fault(options), "--provider"));
}

BOOST_AUTO_TEST_CASE(WhatIsOfADriverIsNotOfTheCloud) {
  BOOST_TEST(Fault(Good()) == "");
  r.via = task::Via::kAgent;
  BOOST_TEST(Has(Fault({}), "--via push"));
  r.via = task::Via::kPush;
  r.url = "https://till.example/";
  BOOST_TEST(Has(Fault({}), "--url"));
  r.url.clear();
  r.deduplicating = true;
  BOOST_TEST(Has(Fault({}), "--deduplicating"));
}

BOOST_AUTO_TEST_CASE(ItIsInNoGroup) {
  BOOST_TEST(Fault(Good()) == "");
  r.key = 1;
  task::Group group;
  group.name = "hall";
  const task::Directory all({}, {r}, 1);
  BOOST_TEST(!LinkToGroup({"cloud"}, {}, all, &group).ok());
  group.members = {1};
  BOOST_TEST(!CheckGroupsOf(r, task::Directory({}, {r}, 1, {group})).ok());
}

BOOST_AUTO_TEST_CASE(AProviderIsShownWithAllItsSettings) {
  const std::string text = ProviderText(*providers[0]);
  for (const char* part : {"inn", "spare_key", "https://cloud.example", "secret, required"}) {
    BOOST_TEST(Has(text, part));
  }
  base::JsonWriter writer;
  WriteProvider(*providers[0], &writer);
  const auto read = base::ParseJson(writer.Take());
  BOOST_TEST(read->root().Find("settings")->items.size() == 4u);
  BOOST_TEST(!read->root().Find("mapping")->items.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(admin_mapping_lines)

namespace {

const MappingLine* LineOf(const std::vector<MappingLine>& lines, int tag, int value) {
  for (const MappingLine& line : lines) {
    if (line.tag == tag && line.tag_value == value) return &line;
  }
  return nullptr;
}

}  // namespace

BOOST_AUTO_TEST_CASE(EveryProviderHasATableWithDefaults) {
  for (const auto& provider : AllCloudProviders({})) {
    BOOST_TEST(DefaultsOf(provider->name()).has_value());
    BOOST_TEST(MappingTableOf(provider->name()) != nullptr);
    for (const protocol::CloudSetting& setting : provider->Settings()) {
      BOOST_TEST(!setting.help_ru.empty(), setting.name);
      BOOST_TEST(!setting.help_en.empty(), setting.name);
    }
  }
  BOOST_TEST(AllCloudProviders({}).size() == 4u);
  BOOST_TEST(MappingTableOf("bit") == nullptr);
}

BOOST_AUTO_TEST_CASE(WhatIsConfirmedIsToldApart) {
  const protocol::MappingTable& table = *MappingTableOf("bepaid");
  const auto bare = MappingLines(protocol::Mapping(table));
  BOOST_TEST(LineOf(bare, 1199, 1)->state == "documented");
  BOOST_TEST(LineOf(bare, 1199, 11)->state == "inferred");
  BOOST_TEST(LineOf(bare, 1055, 16)->state == "unknown");
  BOOST_TEST(LineOf(bare, 1054, 3)->state == "not_expressible");
  const auto mapping =
      protocol::Mapping::Make(table, R"({"vat":{"11":true,"12":"22of122"},"field":{"1021":null}})");
  const auto lines = MappingLines(*mapping);
  BOOST_TEST(LineOf(lines, 1199, 11)->state == "confirmed");
  BOOST_TEST(LineOf(lines, 1199, 12)->value == "22of122");
  BOOST_TEST(LineOf(lines, 1021, protocol::kCarried)->state == "left_out");
  BOOST_TEST(MappingLinesTable(lines).size() > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::admin
