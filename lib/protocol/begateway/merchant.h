// The settings of one register at bePaid or Freepayment, read. Plain values; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/rsa.h"
#include "lib/protocol/begateway/codec.h"
#include "lib/protocol/cloud.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate::protocol::begateway {

struct Merchant {
  Account wire;
  std::optional<base::RsaPublicKey> public_key;  // of notifications
  Mapping mapping;
  std::string operator_group, currency, language, return_url;
  std::string notification_url;  // "" if the gateway has no public address
  std::string fingerprint;       // of whom we speak to, and as whom; no secret in it
  http::SendOptions options;
  // To read packages again: without secrets.
  task::Register register_;
};

// Those of the profile, with its addresses as standards.
std::vector<CloudSetting> SettingsOf(const Profile& profile);

// Errors: kInvalid, kMalformed: which setting, and what is wrong with it.
base::Result<Merchant> ReadMerchant(const Profile& profile, const CloudSurroundings& surroundings,
                                    const task::Register& register_);

}  // namespace fiscalgate::protocol::begateway
