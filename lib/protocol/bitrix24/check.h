// A check of Bitrix24 ("чек"): what a portal wants printed, read from what it posts to PRINT_URL.
// Pure; any thread. What is known of it from where: README.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/decimal.h"
#include "lib/protocol/bitrix24/fields.h"

namespace fiscalgate::protocol::bitrix24 {

// What is wrong, and where in the posted fields. `code` is a stable name.
struct Problem {
  std::string path, code, russian, english;
};
using Problems = std::vector<Problem>;

struct Supplier {
  std::string name, inn;
  std::vector<std::string> phones;
};

struct CheckItem {
  std::string path;  // "items[0]"
  std::string name;
  base::Money sum;
  base::Quantity quantity;
  std::optional<base::Money> price;  // as shown; the sum is what counts
  std::string vat_id;                // of the portal's own list of rates; "0": none
  bool has_vat_sum = false;          // the portal counted a tax above zero
  int subject = 0;                   // tag 1212
  int unit = 0;                      // tag 2108
  std::string marking_code;
  std::optional<Supplier> supplier;
};

struct Check {
  std::string uuid;        // the portal's own name of it; one of them is one receipt
  std::string type;        // "sell", …
  bool is_return = false;  // 1054 = 2, not 1
  int method = 0;          // tag 1214 of every item
  std::vector<CheckItem> items;
  base::Money cash, cashless, advance, credit;
  std::string email, phone;

  base::Money Total() const;
};

// Appends to `problems` all that is wrong; then the check means little.
Check ReadCheck(const Field& posted, Problems* problems);

// Roubles as PHP writes them, rounded to a kopeck: a price may have more places than money has.
std::optional<base::Money> ReadRoubles(std::string_view text);

}  // namespace fiscalgate::protocol::bitrix24
