// The printed forms of a virtual register: what would stand on the paper, in Russian, clearly
// marked as no fiscal document; letters that a register has not are replaced as it would do it.
// Pure; any thread.
#pragma once

#include <string>

#include "lib/ffd/fiscal_mark.h"
#include "lib/ffd/receipt.h"
#include "lib/register/register_state.h"

namespace fiscalgate::register_ {

std::string ReceiptForm(const ffd::Receipt& receipt, const ffd::FiscalMark& mark,
                        std::size_t columns);

// Everything else: a title, the cash it is about (if any), and the state it was printed in.
struct ReportForm {
  std::string title;
  std::string sum_title = {};  // empty: no sum
  base::Money sum = {};
  bool with_totals = false;
  std::int64_t fd_1040 = 0;  // 0: outside the fiscal drive
  std::string fpd_1077 = {};
};
std::string ReportText(const ReportForm& form, const RegisterIdentity& identity,
                       const RegisterState& state, base::WallTime now, std::size_t columns);

}  // namespace fiscalgate::register_
