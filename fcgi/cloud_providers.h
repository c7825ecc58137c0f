// The providers of cloud registers: the one place that names them, and what else of a register
// follows from its provider. Constant data; any thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/ffd/check_options.h"
#include "lib/ffd/profile.h"
#include "lib/protocol/cloud.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate {

using CloudProviders = std::vector<std::shared_ptr<const protocol::CloudProvider>>;

CloudProviders AllCloudProviders(const protocol::CloudSurroundings& surroundings);

// What holds for a register of this provider until its operator says otherwise.
struct ProviderDefaults {
  ffd::Provider profile;
  ffd::FfdVersion ffd_version;
};
// Of "bit" too; empty for a name that no provider has.
std::optional<ProviderDefaults> DefaultsOf(std::string_view provider);

// How it writes the values of the fiscal document; null for "bit" and what is no provider.
const protocol::MappingTable* MappingTableOf(std::string_view provider);

}  // namespace fiscalgate
