// The options of a row of tests/data/ffd.
#pragma once

#include <boost/test/unit_test.hpp>

#include "lib/base/json.h"
#include "lib/ffd/check_options.h"

namespace fiscalgate::ffd::testing {

// Rows without a date are of the first of February 2026.
inline CheckOptions OptionsOf(const base::JsonValue& row) {
  CheckOptions options{.date = MakeDay(2026, 2, 1)};
  const base::JsonValue* given = row.Find("options");
  if (given == nullptr) return options;
  for (const auto& [key, value] : given->members) {
    if (key == "version") {
      options.version = value.text == "1.05" ? FfdVersion::k105 : FfdVersion::k12;
    } else if (key == "date") {
      options.date = ParseDate(value.text)->day;
    } else if (key == "vat_policy") {
      options.vat_policy = value.text == "warn"      ? VatPolicy::kWarn
                           : value.text == "replace" ? VatPolicy::kReplace
                                                     : VatPolicy::kRefuse;
    } else if (key == "provider") {
      options.provider = *ProviderNamed(value.text);
    } else if (key == "allowed_taxation") {
      options.allowed_taxation = static_cast<unsigned>(std::stoi(std::string(value.text)));
    } else if (key == "strict_inn") {
      options.strict_inn = value.boolean;
    } else if (key == "lenient") {
      options.lenient = value.boolean;
    } else {
      BOOST_REQUIRE_MESSAGE(key == "electronic", key);
      options.electronic = value.boolean;
    }
  }
  return options;
}

}  // namespace fiscalgate::ffd::testing
