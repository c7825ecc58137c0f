// The dictionary of errors: what the words of a register, a fiscal drive, a bank terminal or a
// driver mean for the shop. The driver passes on the words of whatever stands behind it, so they
// are recognised by what they say, in Russian and English, not by numbers alone. Words that nobody
// foresaw are `register_error`: the operator is to look. Constant data; pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lib/base/language.h"
#include "lib/task/task.h"

namespace fiscalgate::protocol::bit {

struct DriverError {
  std::string_view code;  // goes to shops: never rename
  task::ErrorClass error_class;
  std::string_view advice_ru, advice_en;  // what to do, one sentence
};

// Errors that the code itself asks about.
inline constexpr std::string_view kShiftOver24h = "shift_over_24h";
inline constexpr std::string_view kShiftNotOpen = "shift_not_open";
inline constexpr std::string_view kShiftAlreadyOpen = "shift_already_open";

const DriverError& ClassifyDriverError(std::string_view text);
// Whether these words say that the shift is over and leave no doubt that this is all that happened.
// The class of an error is advice; this has a receipt sent again.
bool ProvesShiftOver(std::string_view text);
// nullptr for a code that is not in the dictionary. It also holds what no driver
// says: deadline_passed, payment_expired.
const DriverError* FindDriverError(std::string_view code);
std::span<const DriverError> AllDriverErrors();

// What to do about a failed task; empty if nothing is known.
std::string_view AdviceFor(std::string_view code, base::Language language);

// Letters small, ё as е, everything that is no letter or digit one space. For texts of any driver.
std::string FoldDriverText(std::string_view text);

}  // namespace fiscalgate::protocol::bit
