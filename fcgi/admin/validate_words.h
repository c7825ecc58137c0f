// A check of receipts as typed and as shown. Pure.
#pragma once

#include <optional>
#include <string>

#include "lib/base/result.h"
#include "lib/ffd/check_options.h"
#include "lib/protocol/bit/front.h"

namespace fiscalgate::admin {

// What was given on the command line; the rest is as the shop and the register have it, or the
// strict default.
struct ValidateOptions {
  std::optional<std::string> ffd_version, profile, vat_policy, inn_policy, date;
  std::optional<int> taxation_mask;
  std::optional<bool> lenient;
};

// Errors: kInvalid; then `check` is not to be used.
base::Status ApplyValidateOptions(const ValidateOptions& options, ffd::CheckOptions* check);

// Faults and warnings, a receipt's lines and sums.
std::string CheckSheet(const protocol::bit::ReadPackageResult& package,
                       const ffd::CheckOptions& check);

}  // namespace fiscalgate::admin
