#include "fcgi/admin/provider_words.h"

#include <algorithm>
#include <array>

#include "fcgi/admin/desk.h"
#include "fcgi/admin/table.h"
#include "lib/ffd/enumerations.h"
#include "lib/task/check_settings.h"

namespace fiscalgate::admin {
namespace {

using protocol::CloudProvider;
using protocol::CloudSetting;
using protocol::kCarried;
using protocol::Mapping;
using protocol::MappingRow;
using protocol::MappingTable;

constexpr std::array kNamed = {1054, 1055, 1199, 1212, 1214, 2108};

std::string_view TagName(int tag) {
  const ffd::Tag* found = ffd::FindTag(tag);
  return found == nullptr ? std::string_view() : found->name_ru;
}

bool HasRow(const MappingTable& table, int tag, int value) {
  return std::any_of(table.rows.begin(), table.rows.end(), [&](const MappingRow& row) {
    return row.tag == tag && row.tag_value == value;
  });
}

bool HasRow(const MappingTable& table, int tag) {
  return std::any_of(table.rows.begin(), table.rows.end(),
                     [&](const MappingRow& row) { return row.tag == tag; });
}

MappingLine LineOf(const MappingRow& row, const Mapping& mapping) {
  MappingLine line;
  line.group = row.group;
  line.tag = row.tag;
  line.tag_value = row.tag_value;
  line.meaning =
      row.tag_value == kCarried ? TagName(row.tag) : ffd::EnumerationName(row.tag, row.tag_value);
  line.value = row.value;
  line.field = row.field;
  line.state = protocol::CertaintyName(row.certainty);
  line.source = row.source;
  if (mapping.IsConfirmed(row.tag, row.tag_value)) {
    const protocol::MappedValue found = mapping.Find(row.tag, row.tag_value);
    line.state = found.is_left_out ? "left_out" : "confirmed";
    if (!found.value.empty()) line.value = found.value;
  }
  return line;
}

MappingLine NoPlace(int tag, int value, std::string_view meaning) {
  MappingLine line;
  line.tag = tag;
  line.tag_value = value;
  line.meaning = meaning;
  line.state = protocol::MappingReasonName(protocol::MappingReason::kNotExpressible);
  return line;
}

void AddValuesWithoutPlace(const MappingTable& table, std::vector<MappingLine>* lines) {
  for (const int tag : kNamed) {
    const ffd::Enumeration* values = ffd::FindEnumeration(tag);
    if (values == nullptr || !HasRow(table, tag) || HasRow(table, tag, kCarried)) continue;
    for (const ffd::EnumerationValue& each : values->values) {
      if (!HasRow(table, tag, each.value)) lines->push_back(NoPlace(tag, each.value, each.name_ru));
    }
  }
}

// What a shop may say of a receipt or of an item.
void AddTagsWithoutPlace(const MappingTable& table, std::vector<MappingLine>* lines) {
  for (const ffd::Tag& tag : ffd::AllTags()) {
    const bool is_asked = (tag.places & (ffd::kReceipt | ffd::kItem | ffd::kPayments)) != 0 &&
                          tag.filled_by != ffd::FilledBy::kByDevice &&
                          !protocol::IsComputed(tag.number);
    if (is_asked && !HasRow(table, tag.number)) {
      lines->push_back(NoPlace(tag.number, kCarried, tag.name_ru));
    }
  }
}

std::string ValueText(int value) { return value == kCarried ? "" : std::to_string(value); }

std::string_view KindOf(const CloudSetting& setting) {
  if (setting.is_secret) return setting.is_required ? "secret, required" : "secret";
  return setting.is_required ? "required" : "";
}

void WriteSetting(const CloudSetting& setting, base::JsonWriter* writer) {
  writer->BeginObject().Key("name").String(setting.name);
  writer->Key("is_secret").Bool(setting.is_secret);
  writer->Key("is_required").Bool(setting.is_required);
  writer->Key("default").String(setting.standard);
  writer->Key("help").String(Say(setting.help_en, setting.help_ru)).EndObject();
}

std::string_view FfdOf(const CloudProvider& provider) {
  const auto defaults = DefaultsOf(provider.name());
  return defaults ? task::FfdVersionName(defaults->ffd_version) : "";
}

std::string_view ProfileNameOf(const CloudProvider& provider) {
  const auto defaults = DefaultsOf(provider.name());
  return defaults ? ffd::ProfileOf(defaults->profile).name : "";
}

}  // namespace

std::vector<MappingLine> MappingLines(const Mapping& mapping) {
  std::vector<MappingLine> lines;
  for (const MappingRow& row : mapping.table().rows) lines.push_back(LineOf(row, mapping));
  AddValuesWithoutPlace(mapping.table(), &lines);
  AddTagsWithoutPlace(mapping.table(), &lines);
  return lines;
}

void WriteMappingLines(const std::vector<MappingLine>& lines, base::JsonWriter* writer) {
  writer->BeginArray();
  for (const MappingLine& line : lines) {
    writer->BeginObject().Key("group").String(line.group).Key("tag").Int(line.tag);
    if (line.tag_value != kCarried) writer->Key("tag_value").Int(line.tag_value);
    writer->Key("meaning").String(line.meaning).Key("value").String(line.value);
    writer->Key("field").String(line.field).Key("state").String(line.state);
    writer->Key("source").String(line.source).EndObject();
  }
  writer->EndArray();
}

std::string MappingLinesTable(const std::vector<MappingLine>& lines) {
  Table table({"GROUP", "TAG", "VALUE", "MEANING", "STATE", "PROVIDER'S", "WHERE", "WHOSE WORD"});
  for (const MappingLine& line : lines) {
    table.Add({std::string(line.group), std::to_string(line.tag), ValueText(line.tag_value),
               std::string(line.meaning), std::string(line.state), line.value, line.field,
               std::string(line.source)});
  }
  return table.Text();
}

void WriteProvider(const CloudProvider& provider, base::JsonWriter* writer) {
  writer->BeginObject().Key("name").String(provider.name());
  writer->Key("profile").String(ProfileNameOf(provider));
  writer->Key("ffd_version").String(FfdOf(provider)).Key("settings").BeginArray();
  for (const CloudSetting& setting : provider.Settings()) WriteSetting(setting, writer);
  writer->EndArray();
  if (const MappingTable* table = MappingTableOf(provider.name()); table != nullptr) {
    WriteMappingLines(MappingLines(Mapping(*table)), &writer->Key("mapping"));
  }
  writer->EndObject();
}

std::string ProviderText(const CloudProvider& provider) {
  Table settings({"NAME", "KIND", "DEFAULT", "WHAT"});
  for (const CloudSetting& each : provider.Settings()) {
    settings.Add({std::string(each.name), std::string(KindOf(each)),
                  each.standard.empty() ? "-" : std::string(each.standard),
                  std::string(Say(each.help_en, each.help_ru))});
  }
  std::string text = settings.Text();
  const MappingTable* table = MappingTableOf(provider.name());
  if (table == nullptr) return text;
  text += "\n\n";
  text += Say(
      "What is inferred or unknown is sent only when you have confirmed it with the provider, by "
      "--mapping with its group and value: {\"vat\": {\"2\": true}} confirms, a text in place of "
      "true gives the provider's own word, null says that nothing needs to be sent. A payment or a "
      "field goes by its tag. What is not expressible is refused when it is posted.",
      "Что выведено (inferred) или неизвестно (unknown), передаётся только после того, как вы "
      "подтвердите это у провайдера: --mapping с группой и значением; {\"vat\": {\"2\": true}} "
      "подтверждает, текст вместо true задаёт слово провайдера, null — передавать ничего не нужно. "
      "Оплаты и поля называются своим тегом. Чего передать нельзя (not_expressible), то не "
      "принимается.");
  return text + "\n\n" + MappingLinesTable(MappingLines(Mapping(*table)));
}

void WriteProviders(const CloudProviders& providers, base::JsonWriter* writer) {
  writer->BeginArray();
  for (const auto& each : providers) {
    writer->BeginObject().Key("name").String(each->name());
    writer->Key("profile").String(ProfileNameOf(*each));
    writer->Key("ffd_version").String(FfdOf(*each)).EndObject();
  }
  writer->EndArray();
}

std::string ProviderTable(const CloudProviders& providers) {
  Table table({"NAME", "PROFILE", "FFD", "REQUIRED"});
  for (const auto& each : providers) {
    std::string required;
    for (const CloudSetting& setting : each->Settings()) {
      if (!setting.is_required) continue;
      required += (required.empty() ? "" : ", ") + std::string(setting.name);
    }
    table.Add({std::string(each->name()), std::string(ProfileNameOf(*each)),
               std::string(FfdOf(*each)), required.empty() ? "-" : required});
  }
  return table.Text();
}

}  // namespace fiscalgate::admin
