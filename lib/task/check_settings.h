// What a shop's switches and a register's settings mean for the check of a receipt, and their names
// for the store and for operators. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/ffd/check_options.h"
#include "lib/task/directory.h"

namespace fiscalgate::task {

// A receipt of `shop` for `register_`, today: in the zone the receipt names (1011), else in Moscow.
ffd::CheckOptions CheckOptionsFor(const Shop& shop, const Register& register_, base::WallTime now);

std::string_view VatPolicyName(ffd::VatPolicy policy);  // "refuse", "warn", "replace"
std::optional<ffd::VatPolicy> VatPolicyNamed(std::string_view name);

std::string_view InnPolicyName(InnPolicy policy);  // "warn", "refuse"
std::optional<InnPolicy> InnPolicyNamed(std::string_view name);

std::string_view ViaName(Via via);  // "push", "agent"
std::optional<Via> ViaNamed(std::string_view name);

std::string_view FfdVersionName(ffd::FfdVersion version);  // "1.05", "1.1", "1.2"
std::optional<ffd::FfdVersion> FfdVersionNamed(std::string_view name);

}  // namespace fiscalgate::task
