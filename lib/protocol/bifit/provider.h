// Registers of BIFIT's fiscal processing, as an operator sets them up. Any thread.
#pragma once

#include "lib/protocol/cloud.h"

namespace fiscalgate::protocol::bifit {

class BifitProvider final : public CloudProvider {
 public:
  std::string_view name() const override { return "bifit"; }
  std::span<const CloudSetting> Settings() const override;
  base::Result<std::shared_ptr<const CloudAccount>> Open(
      const task::Register& register_) const override;
};

}  // namespace fiscalgate::protocol::bifit
