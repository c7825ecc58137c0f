#include "lib/protocol/begateway/provider.h"

#include <utility>

#include "lib/protocol/begateway/account.h"

namespace fiscalgate::protocol::begateway {

BegatewayProvider::BegatewayProvider(const Profile& profile, CloudSurroundings surroundings)
    : profile_(profile), surroundings_(std::move(surroundings)), settings_(SettingsOf(profile)) {}

base::Result<std::shared_ptr<const CloudAccount>> BegatewayProvider::Open(
    const task::Register& register_) const {
  auto merchant = ReadMerchant(profile_, surroundings_, register_);
  if (!merchant.ok()) return merchant.error();
  return std::shared_ptr<const CloudAccount>(
      std::make_shared<const MerchantAccount>(std::move(merchant).value()));
}

}  // namespace fiscalgate::protocol::begateway
