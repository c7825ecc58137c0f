// Receipts, documents and comparisons for the tests of the cloud providers.
#pragma once

#include <map>
#include <string>

#include "lib/ffd/check.h"
#include "lib/protocol/mapping.h"
#include "tests/unit/ffd/check_options_json.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::testing {

// Without the blanks between values: every other byte stays.
inline std::string Minify(std::string_view json) {
  std::string out;
  bool is_text = false, is_escaped = false;
  for (const char c : json) {
    if (!is_text && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
    if (c == '"' && !is_escaped) is_text = !is_text;
    is_escaped = is_text && c == '\\' && !is_escaped;
    out += c;
  }
  return out;
}

struct NamedReceipt {
  ffd::Receipt receipt;
  ffd::FfdVersion version = ffd::FfdVersion::k12;
};

inline NamedReceipt ReceiptOf(const base::JsonValue& row) {
  const ffd::CheckOptions options = ffd::testing::OptionsOf(row);
  ffd::Checked checked = ffd::CheckReceipt(*row.Find("receipt"), "", options);
  BOOST_REQUIRE_MESSAGE(checked.faults.empty(), row.FindText("name"));
  return {std::move(checked.receipt), options.version};
}

// The receipts of cloud/receipts.json and those of ffd/accepted.json that have no faults.
inline std::map<std::string, NamedReceipt> AllReceipts() {
  std::map<std::string, NamedReceipt> all;
  for (const char* table : {"ffd/accepted.json", "cloud/receipts.json"}) {
    const auto document = LoadTable(table);
    for (const base::JsonValue& row : document.root().items) {
      const base::JsonValue* const faults = row.Find("faults");
      if (faults != nullptr && !faults->items.empty()) continue;
      all[Text(row, "name")] = ReceiptOf(row);
    }
  }
  return all;
}

inline protocol::Mapping MappingOf(const protocol::MappingTable& table, std::string_view overlay) {
  const auto mapping = protocol::Mapping::Make(table, overlay);
  BOOST_REQUIRE_MESSAGE(mapping.ok(), (mapping.ok() ? "" : mapping.error().what));
  return *mapping;
}

// "not_expressible /taxationType_1055 (1055 = 8)", one a line.
inline std::string Lines(const ffd::Faults& faults) {
  std::string text;
  for (const ffd::Fault& fault : faults) {
    text += std::string(ffd::FaultName(fault.code)) + " " + fault.path;
    if (!fault.detail.empty()) text += " (" + fault.detail + ")";
    text += "\n";
  }
  return text;
}

}  // namespace fiscalgate::testing
