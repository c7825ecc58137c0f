// What a virtual register is: its serial numbers, made once, and everything that follows from its
// journal. The journal is the one source of truth: printing and reading back go through the same
// Apply. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/base/decimal.h"
#include "lib/base/result.h"
#include "lib/register/virtual_register.h"

namespace fiscalgate::register_ {

// Made at random when the folder is new; never changes.
struct RegisterIdentity {
  std::string fn_1041;               // 16 digits, 9999...: the range of test drives
  std::string register_number_1037;  // 16 digits, starts with zeros as real ones do
  base::Secret sign_key;             // for the fiscal sign
};

// Reads `path`, or makes it. Errors: as JournalFile::Open.
base::Result<RegisterIdentity> LoadIdentity(const std::string& path);

// Ten digits from a keyed hash over the document's numbers. Not the algorithm of a fiscal drive,
// which is secret: nobody but this register can check it.
std::string FiscalSign(const RegisterIdentity& identity, std::int64_t fd, std::string_view kind,
                       base::Money total, std::string_view local_time);

struct ShiftTotals {
  std::array<base::Money, 5> sums{};  // by 1054; [0] is unused
  std::array<std::int64_t, 5> counts{};
};

struct RegisterState {
  std::int64_t next_fd = 1;
  std::int64_t shift_1038 = 0;  // the last one opened
  bool shift_open = false;
  base::WallTime shift_opened_at;
  std::int64_t receipts_in_shift = 0;
  ShiftTotals totals;
  base::Money drawer;

  void Apply(const Printed& document);
};

}  // namespace fiscalgate::register_
