// The object "fiscalization" of a payment or a refund (the variant of Orange Data), and how a
// receipt becomes one. Plain values; pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/ffd/receipt.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate::protocol::begateway {

struct Tax {
  std::string system;  // "" is left out
  std::string percent;
};

// Texts that are "" are left out: the provider then has its defaults, full_pay and full_cashless.
struct Position {
  std::string name, type, pay_type, pay_method;
  base::Money amount;  // of the whole position
  base::Quantity quantity;
  std::string description, nomenclature_code;
  bool untaxed = false;
  std::vector<Tax> taxes;
};

struct Fiscalization {
  std::string external_id;     // ours, at most 255
  std::string operator_group;  // the group of devices ("MAIN"), at most 255
  std::vector<Position> positions;
};

// The receipt has passed CheckExpressible with this mapping; if it has not: kInvalid. The
// positions' amounts come to the payment's amount, as the provider demands.
base::Result<Fiscalization> ToFiscalization(const ffd::Receipt& receipt, const Mapping& mapping,
                                            std::string_view external_id,
                                            std::string_view operator_group);

void WriteFiscalization(const Fiscalization& fiscalization, base::JsonWriter* writer);

}  // namespace fiscalgate::protocol::begateway
