#include "lib/protocol/begateway/profile.h"

namespace fiscalgate::protocol::begateway {
namespace {

constexpr Profile kProfiles[] = {
    {"bepaid", "https://gateway.bepaid.by", "https://checkout.bepaid.by", "https://api.bepaid.by"},
    {"freepayment", "https://gateway.freepayment.online", "https://checkout.freepayment.online",
     "https://api.freepayment.online"},
};

}  // namespace

std::span<const Profile> AllProfiles() { return kProfiles; }

const Profile* FindProfile(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

}  // namespace fiscalgate::protocol::begateway
