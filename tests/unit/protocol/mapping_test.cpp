#include "lib/protocol/mapping.h"

#include "lib/base/crypto.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/ffd/reader.h"
#include "lib/protocol/begateway/mapping_table.h"
#include "lib/protocol/bifit/mapping_table.h"
#include "lib/protocol/orangedata/mapping_table.h"
#include "tests/unit/protocol/cloud.h"

namespace fiscalgate::protocol {
namespace {

using base::JsonValue;
using testing::AllReceipts;
using testing::Lines;
using testing::LoadTable;
using testing::MappingOf;
using testing::Text;

const MappingTable& TableOf(std::string_view name) {
  for (const MappingTable* table : {&orangedata::Table(), &bifit::Table(), &begateway::Table()}) {
    if (table->provider == name) return *table;
  }
  BOOST_FAIL("no such provider");
  return orangedata::Table();
}
constexpr std::string_view kProviders[] = {"orangedata", "bifit", "begateway"};

const MappingRow* RowOf(const MappingTable& table, int tag, int value) {
  for (const MappingRow& row : table.rows) {
    if (row.tag == tag && row.tag_value == value) return &row;
  }
  return nullptr;
}

// What the table of a provider says, as in tests/data/cloud/<provider>.json.
std::string Said(const Mapping& mapping, std::string_view group, int tag, int value) {
  const MappingRow* const row = RowOf(mapping.table(), tag, value);
  const MappedValue found = mapping.Find(tag, value);
  if (row == nullptr) {
    BOOST_TEST((found.reason == MappingReason::kNotExpressible));
    return IsComputed(tag) ? "computed" : "not_expressible";
  }
  BOOST_TEST(row->group == group);
  const std::string_view name = row->group == "field" ? row->field : row->value;
  if (found) return std::string(name);
  return std::string(MappingReasonName(found.reason)) +
         (name.empty() ? "" : ": " + std::string(name));
}

void CheckGroup(const Mapping& mapping, std::string_view group, int tag, const JsonValue& rows) {
  for (const auto& [key, expected] : rows.members) {
    const int number = std::stoi(std::string(key));
    const bool is_by_tag = group == "payment" || group == "field";
    const bool is_carried = is_by_tag || RowOf(mapping.table(), tag, number) == nullptr;
    const int asked = is_by_tag ? number : tag;
    const std::string group_name =
        group == "unit" && is_carried ? std::string("field") : std::string(group);
    BOOST_TEST(Said(mapping, group_name, asked, is_carried ? kCarried : number) == expected.text,
               mapping.table().provider << " " << group << " " << key);
  }
}

std::string Essentials(const MappingTable& table) {
  std::string text;
  for (const MappingRow& row : table.rows) {
    if (!text.empty()) text += "\n";
    text.append(row.group).append("|").append(std::to_string(row.tag)).append("|");
    text.append(std::to_string(row.tag_value)).append("|").append(row.value).append("|");
    text += CertaintyName(row.certainty);
  }
  return text;
}

BOOST_AUTO_TEST_SUITE(mapping_test)

BOOST_AUTO_TEST_CASE(EveryValueOfEveryProviderIsAsWritten) {
  for (const std::string_view provider : kProviders) {
    const auto table = LoadTable("cloud/" + std::string(provider) + ".json");
    const Mapping mapping(TableOf(provider));
    const std::pair<std::string_view, int> kGroups[] = {
        {"operation", 1054}, {"taxation", 1055}, {"vat", 1199},  {"subject", 1212},
        {"method", 1214},    {"payment", 0},     {"unit", 2108}, {"field", 0}};
    for (const auto& [group, tag] : kGroups) {
      CheckGroup(mapping, group, tag, *table.root().Find(group));
    }
  }
}

BOOST_AUTO_TEST_CASE(TheTablesAreTheFactsTheyWereMadeOf) {
  for (const std::string_view provider : kProviders) {
    const auto table = LoadTable("cloud/" + std::string(provider) + ".json");
    const MappingTable& rows = TableOf(provider);
    BOOST_TEST(std::to_string(rows.rows.size()) == table.root().Find("rows")->text);
    BOOST_TEST(base::HexEncode(base::Sha256(Essentials(rows))) ==
               table.root().FindText("checksum"));
  }
}

BOOST_AUTO_TEST_CASE(EveryRowSaysWhoseWordItIs) {
  for (const std::string_view provider : kProviders) {
    for (const MappingRow& row : TableOf(provider).rows) {
      BOOST_TEST(!row.source.empty(), provider << " " << row.tag);
      BOOST_TEST(ffd::FindTag(row.tag) != nullptr);
      const bool has_name = row.tag_value == kCarried ? !row.field.empty() : !row.value.empty();
      if (row.certainty == Certainty::kDocumented) BOOST_TEST(has_name, provider << " " << row.tag);
      if (row.certainty == Certainty::kUnknown) BOOST_TEST(row.value.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(AnUnconfirmedValueIsUsedOnlyOnceConfirmed) {
  const Mapping bare(bifit::Table());
  BOOST_TEST((bare.Find(1199, 2).reason == MappingReason::kUnconfirmed));
  BOOST_TEST(bare.Find(1199, 1).value == "VAT_20");
  const Mapping set =
      MappingOf(bifit::Table(), R"({"vat":{"2":"VAT_TEN","11":true},"payment":{"1081":"CARD"}})");
  BOOST_TEST(set.Find(1199, 2).value == "VAT_TEN");
  BOOST_TEST(set.Find(1199, 11).value == "VAT_22");
  BOOST_TEST(set.Find(1081, kCarried).value == "CARD");
  BOOST_TEST((set.Find(1199, 3).reason == MappingReason::kUnconfirmed));
  BOOST_TEST((set.IsConfirmed(1199, 2) && !set.IsConfirmed(1199, 1)));
  const Mapping left =
      MappingOf(begateway::Table(), R"({"taxation":{"1":null,"2":null},"field":{"1125":null}})");
  BOOST_TEST(
      (left.Find(1055, 2) && left.Find(1055, 2).is_left_out && left.Find(1055, 1).is_left_out));
  BOOST_TEST((left.FindField(1125) && left.FindField(1125).is_left_out));
}

BOOST_AUTO_TEST_CASE(AnOverlayIsHostileUntilRead) {
  const std::pair<std::string_view, std::string_view> kBad[] = {
      {"bifit", "x"},
      {"bifit", "[]"},
      {"bifit", R"({"vats":{}})"},
      {"bifit", R"({"vat":[]})"},
      {"bifit", R"({"vat":{"13":"VAT_25"}})"},
      {"bifit", R"({"vat":{"02":"VAT_10"}})"},
      {"bifit", R"({"vat":{"-1":"VAT_10"}})"},
      {"bifit", R"({"vat":{"":"VAT_10"}})"},
      {"bifit", R"({"vat":{"99999999999999":"VAT_10"}})"},
      {"bifit", R"({"vat":{"2":""}})"},
      {"bifit", R"({"vat":{"2":"VAT 10"}})"},
      {"bifit", R"({"vat":{"2":"VAT\"10"}})"},
      {"bifit", R"({"vat":{"2":10}})"},
      {"bifit", R"({"vat":{"2":false}})"},
      {"bifit", R"({"vat":{"2":null}})"},
      {"bifit", R"({"vat":{"2":{}}})"},
      {"bifit", R"({"vat":{"2":"VAT_10","2":"VAT_10"}})"},
      {"bifit", R"({"vat":{"1":"VAT_22"}})"},           // documented otherwise
      {"bifit", R"({"vat":{"2":"VAT_20"}})"},           // taken by a documented value
      {"bifit", R"({"vat":{"2":"A","3":"A"}})"},        // taken by another confirmation
      {"bifit", R"({"method":{"1":true}})"},            // nothing that could be true
      {"bifit", R"({"field":{"2000":true}})"},          // no place
      {"bifit", R"({"field":{"1125":true}})"},          // no field known
      {"bifit", R"({"field":{"1125":"isInternet"}})"},  // the codec could not write it
      {"bifit", R"({"field":{"1030":null}})"},          // known to have a field
      {"begateway", R"({"field":{"1191":null}})"},
      {"orangedata", R"({"vat":{"11":"VAT"}})"},  // numbers there
      {"orangedata", R"({"vat":{"11":1.5}})"},
      {"orangedata", R"({"vat":{"11":2}})"},
      {"begateway", R"({"operation":{"3":"payout"}})"},
      {"begateway", R"({"vat":{"6":null}})"},
  };
  for (const auto& [provider, overlay] : kBad) {
    const auto mapping = Mapping::Make(TableOf(provider), overlay);
    BOOST_REQUIRE_MESSAGE(!mapping.ok(), overlay);
    BOOST_TEST(mapping.error().what.size() < 300u);
  }
  const std::string long_name(base::kMaxMappingValueBytes + 1, 'A');
  BOOST_TEST(!Mapping::Make(bifit::Table(), R"({"vat":{"2":")" + long_name + R"("}})").ok());
  const std::string blanks(base::kMaxMappingBytes + 1, ' ');
  BOOST_TEST((Mapping::Make(bifit::Table(), blanks).error().code == base::Code::kTooLarge));
}

BOOST_AUTO_TEST_CASE(ConfirmingWhatIsSoAlreadyIsNoFault) {
  BOOST_TEST(Mapping::Make(bifit::Table(), R"({"vat":{"1":"VAT_20"},"subject":{"4":true}})").ok());
  BOOST_TEST(Mapping::Make(orangedata::Table(), R"({"vat":{"11":11,"12":"12"}})").ok());
  BOOST_TEST(Mapping::Make(begateway::Table(), R"({"taxation":{"2":true,"4":true}})").ok());
}

BOOST_AUTO_TEST_CASE(NumbersAreWrittenAsNumbers) {
  base::JsonWriter writer;
  const Mapping numbers(orangedata::Table()), words(bifit::Table());
  writer.BeginArray();
  numbers.Write(numbers.Find(1199, 4), &writer);
  words.Write(words.Find(1199, 1), &writer);
  BOOST_TEST(writer.EndArray().Take() == R"([4,"VAT_20"])");
}

BOOST_AUTO_TEST_CASE(WhatCannotBeExpressedIsToldAllAtOnce) {
  const auto receipts = AllReceipts();
  const auto table = LoadTable("cloud/expressible.json");
  for (const JsonValue& row : table.root().items) {
    const auto& [receipt, version] = receipts.at(Text(row, "receipt"));
    const Mapping mapping =
        MappingOf(TableOf(row.FindText("provider")),
                  row.Find("overlay") == nullptr ? std::string_view() : row.Find("overlay")->raw);
    std::string expected;
    for (const JsonValue& line : row.Find("faults")->items)
      expected += std::string(line.text) + "\n";
    BOOST_TEST(Lines(CheckExpressible(receipt, version, mapping)) == expected,
               row.FindText("provider") << " " << row.FindText("receipt"));
  }
}

BOOST_AUTO_TEST_CASE(PathsAreThoseOfThePostedText) {
  const std::string posted =
      R"({"r_1054":1,"t_1055":8,"p_1059":{"n_1030":"чай","p_1079":1,"q_1023":1,"v_1199":2,)"
      R"("m_1214":4,"s_1212":1,"agent":{"agentCode_1222":64}},"payments":{"c_1081":1}})";
  const auto document = base::ParseJson(posted);
  BOOST_REQUIRE(document.ok());
  ffd::Faults faults;
  const ffd::Receipt receipt = ffd::ReadReceipt(document->root(), "/0/data", {}, &faults);
  BOOST_REQUIRE(faults.empty());
  const ffd::Path root("/0/data");
  const ffd::PathFinder paths(&document->root(), root);
  const std::string lines =
      Lines(CheckExpressible(receipt, ffd::FfdVersion::k105, Mapping(bifit::Table()), paths));
  BOOST_TEST(lines.find("unconfirmed_value /0/data/t_1055 (1055 = 8)\n") != std::string::npos,
             lines);
  BOOST_TEST(
      lines.find("unconfirmed_value /0/data/p_1059/v_1199 (1199 = 2)\n") != std::string::npos,
      lines);
  BOOST_TEST(lines.find("not_expressible /0/data/p_1059/agent/agentCode_1222 (1222)\n") !=
                 std::string::npos,
             lines);
  BOOST_TEST(lines.find("unconfirmed_value /0/data/payments/c_1081 (1081)\n") != std::string::npos,
             lines);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol
