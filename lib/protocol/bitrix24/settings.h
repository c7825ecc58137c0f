// What the owner of a portal enters for a cash register there. The portal posts it with every check
// as `cashbox_params`; which fields it asks for is said by its registration (registration.h). Pure;
// any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/protocol/bitrix24/check.h"

namespace fiscalgate::protocol::bitrix24 {

struct Access {
  std::string account, token, code;
};
// Whose check it is; what is missing stays "".
Access ReadAccess(const Field& posted);

// VAT rates (tag 1199) by the ids of the portal's own list: "0=none 1=0 3=22 4=10 advance=22".
class VatRates {
 public:
  // Errors: kInvalid: which part cannot be read.
  static base::Result<VatRates> Read(std::string_view text);
  std::optional<int> Find(const std::string& id) const;

 private:
  std::map<std::string, int> rates_;
};
// 22 % becomes 22/122.
int CalculatedRate(int rate);

struct Settings {
  int tax_system = 0;  // tag 1055
  VatRates vat;
  std::string site;     // tag 1187; "" = none
  std::string cashier;  // tag 1021; "" = none
};
// Appends to `problems` all that is wrong.
Settings ReadSettings(const Field& posted, Problems* problems);

// The word for a tax system in the settings, and the value of tag 1055.
struct TaxSystem {
  std::string_view word;
  int value;
  std::string_view name_ru;
};
inline constexpr TaxSystem kTaxSystems[] = {
    {"OSN", 1, "общая"},
    {"USN_INCOME", 2, "упрощённая, доход"},
    {"USN_INCOME_OUTCOME", 4, "упрощённая, доход минус расход"},
    {"ESN", 16, "сельскохозяйственный налог"},
    {"PATENT", 32, "патент"},
};

}  // namespace fiscalgate::protocol::bitrix24
