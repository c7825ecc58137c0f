// The object "fiscalization" as it stands on the wire, read for itself: the rules that the gateway
// checks before it takes any money, the receipt that goes to the register, and what the fiscal
// service says of it afterwards. Names of values are those of the mapping table. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/emulator/begateway/complaints.h"
#include "lib/base/decimal.h"
#include "lib/base/json.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::emulator::begateway {

struct FiscalPosition {
  std::string name;
  base::Money amount, price;
  base::Quantity quantity;
  int subject_1212 = 1, method_1214 = 4, payment_tag = 1081, vat_1199 = 6;
};

struct FiscalOrder {
  std::string external_id, operator_group;
  std::string contact;
  int taxation_1055 = 0;  // 0 = no position names it
  std::vector<FiscalPosition> positions;
};

// What the merchant's back office and the transaction say.
struct FiscalTerms {
  base::Money amount;
  std::string_view currency;
  std::string_view contact;  // e-mail, else phone
  std::string_view inn;      // "" = not set in the back office
};

// Nothing if there is none: absent, null or an empty list. What is wrong goes to `complaints`.
std::optional<FiscalOrder> ReadFiscalOrder(const base::JsonValue* value, const FiscalTerms& terms,
                                           Complaints* complaints);

// `taxation` is of the register, for orders that name none.
ffd::Receipt ToReceipt(const FiscalOrder& order, int type_1054, int taxation);
// "" if the fiscal service takes it: a price that has to be rounded does not come to the amount.
std::string ServiceFault(const FiscalOrder& order);
// The document that the gateway sends to the fiscal service, which its answer repeats.
void WriteContent(const FiscalOrder& order, int type_1054, base::JsonWriter* writer);

// "11.0", "10.55"
std::string Roubles(base::Money money);

}  // namespace fiscalgate::emulator::begateway
