#include "fcgi/cloud_providers.h"

#include "lib/protocol/begateway/mapping_table.h"
#include "lib/protocol/begateway/provider.h"
#include "lib/protocol/bifit/mapping_table.h"
#include "lib/protocol/bifit/provider.h"
#include "lib/protocol/orangedata/mapping_table.h"
#include "lib/protocol/orangedata/provider.h"

namespace fiscalgate {
namespace {

using protocol::MappingTable;

struct Entry {
  std::string_view name;
  ProviderDefaults defaults;
  const MappingTable& (*table)();
};

// Behind beGateway are documents of FFD 1.05.
constexpr Entry kEntries[] = {
    {"bit", {ffd::Provider::kBit, ffd::FfdVersion::k12}, nullptr},
    {"bifit", {ffd::Provider::kBifit, ffd::FfdVersion::k12}, &protocol::bifit::Table},
    {"bepaid", {ffd::Provider::kBegateway, ffd::FfdVersion::k105}, &protocol::begateway::Table},
    {"freepayment",
     {ffd::Provider::kBegateway, ffd::FfdVersion::k105},
     &protocol::begateway::Table},
    {"orangedata",
     {ffd::Provider::kOrangeData, ffd::FfdVersion::k12},
     &protocol::orangedata::Table},
};

const Entry* Find(std::string_view provider) {
  for (const Entry& entry : kEntries) {
    if (entry.name == provider) return &entry;
  }
  return nullptr;
}

}  // namespace

CloudProviders AllCloudProviders(const protocol::CloudSurroundings& surroundings) {
  CloudProviders all = {std::make_shared<protocol::bifit::BifitProvider>()};
  for (const auto& profile : protocol::begateway::AllProfiles()) {
    all.push_back(std::make_shared<protocol::begateway::BegatewayProvider>(profile, surroundings));
  }
  all.push_back(std::make_shared<protocol::orangedata::OrangeDataProvider>());
  return all;
}

std::optional<ProviderDefaults> DefaultsOf(std::string_view provider) {
  const Entry* entry = Find(provider);
  if (entry == nullptr) return std::nullopt;
  return entry->defaults;
}

const MappingTable* MappingTableOf(std::string_view provider) {
  const Entry* entry = Find(provider);
  return entry == nullptr || entry->table == nullptr ? nullptr : &entry->table();
}

}  // namespace fiscalgate
