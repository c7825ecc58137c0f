// What a register answers for a printed receipt, and the QR text a buyer can check at the tax
// service.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/decimal.h"
#include "lib/base/json.h"

namespace fiscalgate::ffd {

struct FiscalMark {
  std::string fn_1041;       // serial number of the fiscal drive, 16 digits
  std::int64_t fd_1040 = 0;  // number of the fiscal document
  std::string fpd_1077;      // fiscal sign, decimal, up to 10 digits
  std::string time_1012;     // local time of the register, "2026-11-21T13:15:00"
  std::int64_t shift_1038 = 0;
  std::int64_t receipt_number_1042 = 0;  // within the shift
  std::string register_number_1037;
  base::Money total_1020;
  int receipt_type_1054 = 1;
};

// "t=20261121T1315&s=11.00&fn=...&i=...&fp=...&n=1": the text of the QR code on every receipt.
// (FFD, tag 1196.)
std::string QrText(const FiscalMark& mark);

// As an object with keys <name>_<tag>; what we store, show and send.
void WriteFiscalMark(const FiscalMark& mark, base::JsonWriter* writer);
// By tag numbers, whatever the names. Empty unless 1041, 1040 and 1077 are there and are numbers;
// what else cannot be read is left out.
std::optional<FiscalMark> ReadFiscalMark(const base::JsonValue& object);

}  // namespace fiscalgate::ffd
