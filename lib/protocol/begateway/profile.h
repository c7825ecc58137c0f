// The two services that run on beGateway: what differs are their hosts. Constant data; any thread.
#pragma once

#include <span>
#include <string_view>

namespace fiscalgate::protocol::begateway {

struct Profile {
  std::string_view name;      // "bepaid"
  std::string_view gateway;   // cards
  std::string_view checkout;  // the provider's own payment page
  std::string_view api;       // alternative payment methods
};

// bePaid's three are documented; of Freepayment only the checkout is to be seen in public, the
// other two are inferred by analogy and want the operator's confirmation (a register may set its
// own).
std::span<const Profile> AllProfiles();
// nullptr for an unknown name.
const Profile* FindProfile(std::string_view name);

}  // namespace fiscalgate::protocol::begateway
