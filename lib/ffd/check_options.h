// What a receipt is checked against: the register's version and regimes, the provider's limits, the
// shop's switches. Plain value.
#pragma once

#include <optional>

#include "lib/base/clock.h"
#include "lib/ffd/dates.h"
#include "lib/ffd/profile.h"
#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {

// What to do with a VAT rate that is no longer valid on the receipt's date.
enum class VatPolicy { kRefuse, kWarn, kReplace };

inline constexpr unsigned kAllTaxation = 0x3F;  // 1055: six regimes

struct CheckOptions {
  FfdVersion version = FfdVersion::k12;
  // Of a receipt that names no zone (1011).
  Day date = MakeDay(2026, 1, 1);
  // If given, the date of a receipt with a zone is that of this moment there.
  std::optional<base::WallTime> now = {};
  VatPolicy vat_policy = VatPolicy::kRefuse;
  // A wrong check digit in the INN of a supplier, a buyer or an operator is a fault. The cashier's
  // and the shop's own always are.
  bool strict_inn = false;
  // What the vendor's own samples and plug-ins get wrong is mended and becomes a warning: several
  // bits in 1055, payments that differ from the items, 1054 = 0, a missing 2108, tags of another
  // FFD version.
  bool lenient = false;
  unsigned allowed_taxation = kAllTaxation;  // 1062 of the register
  Provider provider = Provider::kBit;
  // The register prints nothing, whatever the receipt says.
  bool electronic = false;
};

}  // namespace fiscalgate::ffd
