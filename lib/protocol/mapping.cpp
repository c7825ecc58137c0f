#include "lib/protocol/mapping.h"

#include <algorithm>
#include <charconv>

#include "lib/base/check.h"
#include "lib/base/limits.h"
#include "lib/ffd/enumerations.h"

namespace fiscalgate::protocol {
namespace {

using base::JsonValue;

constexpr std::string_view kPayment = "payment", kField = "field", kTaxation = "taxation",
                           kUnit = "unit";

base::Error Invalid(std::string_view group, std::string_view key, std::string_view what) {
  return {base::Code::kInvalid, "mapping: \"" + ffd::CutWord(group) + "\"" +
                                    (key.empty() ? "" : ", \"" + ffd::CutWord(key) + "\"") + ": " +
                                    std::string(what)};
}

// In the overlay a payment or a field goes by its tag, all else by the value of its tag.
int KeyOf(const MappingRow& row) {
  return row.group == kPayment || row.group == kField ? row.tag : row.tag_value;
}

std::optional<int> NumberOf(std::string_view key) {
  int number = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
  const bool is_whole = error == std::errc() && end == key.data() + key.size();
  const bool is_plain = !key.empty() && (key.size() == 1 || key[0] != '0') && key[0] != '-';
  if (!is_whole || !is_plain) return std::nullopt;
  return number;
}

// Names as providers have them: no quotes, blanks or control characters.
bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= base::kMaxMappingValueBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.' || c == '/' || c == '%';
         });
}

// What is known to have a field is written into it.
bool MayBeLeftOut(const MappingRow& row) {
  if (row.group == kTaxation) return true;
  return (row.group == kUnit || row.group == kField) && row.certainty == Certainty::kUnknown;
}

}  // namespace

std::string_view CertaintyName(Certainty certainty) {
  switch (certainty) {
    case Certainty::kDocumented:
      return "documented";
    case Certainty::kInferred:
      return "inferred";
    case Certainty::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view MappingReasonName(MappingReason reason) {
  switch (reason) {
    case MappingReason::kNone:
      return "";
    case MappingReason::kNotExpressible:
      return ffd::FaultName(ffd::FaultCode::kNotExpressible);
    case MappingReason::kUnconfirmed:
      break;
  }
  return ffd::FaultName(ffd::FaultCode::kUnconfirmedValue);
}

base::Result<Mapping> Mapping::Make(const MappingTable& table, std::string_view overlay) {
  Mapping mapping(table);
  if (overlay.empty()) return mapping;
  if (overlay.size() > base::kMaxMappingBytes) {
    return base::Error{base::Code::kTooLarge, "mapping: the text is too long"};
  }
  const auto document = base::ParseJson(overlay);
  if (!document.ok()) {
    return base::Error{document.error().code, "mapping: " + document.error().what};
  }
  if (!document->root().is_object()) {
    return base::Error{base::Code::kInvalid, "mapping: not an object"};
  }
  for (const auto& [group, values] : document->root().members) {
    if (auto status = mapping.ReadGroup(group, values); !status.ok()) return status.error();
  }
  return mapping;
}

base::Status Mapping::ReadGroup(std::string_view group, const JsonValue& values) {
  const bool is_known = std::any_of(table_->rows.begin(), table_->rows.end(),
                                    [&](const MappingRow& row) { return row.group == group; });
  if (!is_known) return Invalid(group, "", "no such group");
  if (!values.is_object()) return Invalid(group, "", "not an object");
  for (const auto& [key, value] : values.members) {
    const auto number = NumberOf(key);
    const auto row =
        std::find_if(table_->rows.begin(), table_->rows.end(), [&](const MappingRow& one) {
          return one.group == group && number && KeyOf(one) == *number;
        });
    if (row == table_->rows.end()) return Invalid(group, key, "the provider has no place for it");
    if (auto status = ReadValue(*row, value); !status.ok()) return status;
  }
  return base::Ok();
}

base::Status Mapping::ReadValue(const MappingRow& row, const JsonValue& value) {
  const std::string key = std::to_string(KeyOf(row));
  const bool is_true = value.kind == base::JsonKind::kBool && value.boolean;
  Confirmed confirmed;
  if (value.is_null()) {
    if (!MayBeLeftOut(row)) return Invalid(row.group, key, "must not be left out");
  } else if (row.group == kField) {
    if (!is_true || row.certainty == Certainty::kUnknown) {
      return Invalid(row.group, key, "a field can only be confirmed (true) or left out (null)");
    }
    confirmed.value.emplace();
  } else if (is_true) {
    if (row.value.empty()) return Invalid(row.group, key, "no value is known that could be true");
    confirmed.value = row.value;
  } else if (value.is_string() || (value.is_number() && table_->has_numbers)) {
    confirmed.value = value.text;
    if (!IsName(value.text)) return Invalid(row.group, key, "not a provider's value");
    if (table_->has_numbers && !NumberOf(value.text)) return Invalid(row.group, key, "no number");
  } else {
    return Invalid(row.group, key, "neither a text nor true nor null");
  }
  const bool is_other = confirmed.value && *confirmed.value != row.value;
  if (is_other && row.certainty == Certainty::kDocumented) {
    return Invalid(row.group, key, "the documents give another value");
  }
  if (is_other && IsTaken(row, *confirmed.value)) {
    return Invalid(row.group, key, "this value means something else already");
  }
  confirmed_[{row.tag, row.tag_value}] = std::move(confirmed);
  return base::Ok();
}

bool Mapping::IsTaken(const MappingRow& row, std::string_view value) const {
  if (row.group == kTaxation) return false;
  return std::any_of(table_->rows.begin(), table_->rows.end(), [&](const MappingRow& other) {
    if (other.group != row.group || KeyOf(other) == KeyOf(row)) return false;
    const auto found = confirmed_.find({other.tag, other.tag_value});
    if (found != confirmed_.end()) return found->second.value == value;
    return other.certainty == Certainty::kDocumented && other.value == value;
  });
}

MappedValue Mapping::Find(int tag, int tag_value) const {
  const auto row = std::find_if(
      table_->rows.begin(), table_->rows.end(),
      [&](const MappingRow& one) { return one.tag == tag && one.tag_value == tag_value; });
  if (row == table_->rows.end()) return {MappingReason::kNotExpressible, false, {}};
  const auto confirmed = confirmed_.find({tag, tag_value});
  if (confirmed != confirmed_.end()) {
    const auto& value = confirmed->second.value;
    return {MappingReason::kNone, !value, value ? std::string_view(*value) : std::string_view()};
  }
  if (row->certainty == Certainty::kDocumented) return {MappingReason::kNone, false, row->value};
  return {MappingReason::kUnconfirmed, false, {}};
}

bool Mapping::HasNames(int tag) const {
  return std::any_of(table_->rows.begin(), table_->rows.end(), [&](const MappingRow& row) {
    return row.tag == tag && row.tag_value != kCarried;
  });
}

bool Mapping::IsConfirmed(int tag, int tag_value) const {
  return confirmed_.count({tag, tag_value}) != 0;
}

void Mapping::Write(const MappedValue& found, base::JsonWriter* writer) const {
  FG_CHECK(found && !found.is_left_out && !found.value.empty());
  if (table_->has_numbers) {
    writer->Raw(found.value);
  } else {
    writer->String(found.value);
  }
}

bool Mapping::WriteMember(std::string_view key, int tag, int tag_value,
                          base::JsonWriter* writer) const {
  const MappedValue found = Find(tag, tag_value);
  if (found.is_left_out) return true;
  if (found) Write(found, &writer->Key(key));
  return static_cast<bool>(found);
}

}  // namespace fiscalgate::protocol
