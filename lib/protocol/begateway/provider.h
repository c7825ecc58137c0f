// bePaid and Freepayment among the cloud providers. For the composition only. Immutable; any
// thread.
#pragma once

#include <vector>

#include "lib/protocol/begateway/profile.h"
#include "lib/protocol/cloud.h"

namespace fiscalgate::protocol::begateway {

class BegatewayProvider final : public CloudProvider {
 public:
  // `profile` is one of AllProfiles.
  BegatewayProvider(const Profile& profile, CloudSurroundings surroundings);

  std::string_view name() const override { return profile_.name; }
  std::span<const CloudSetting> Settings() const override { return settings_; }
  base::Result<std::shared_ptr<const CloudAccount>> Open(
      const task::Register& register_) const override;

 private:
  const Profile& profile_;
  const CloudSurroundings surroundings_;
  const std::vector<CloudSetting> settings_;
};

}  // namespace fiscalgate::protocol::begateway
