// The month a task was accepted in, as a number: what tasks are kept apart by, and archived by.
//
// A task's number begins with it where the engine keeps months apart (PostgreSQL); elsewhere, and
// of tasks that came from elsewhere, only the time of acceptance tells. Pure; UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/task/task.h"

namespace fiscalgate::store {

using Month = std::int64_t;  // year * 12 + month - 1

inline constexpr int kMonthBits = 36;                                   // below them: a counter
inline constexpr task::TaskSeq kFirstSeqWithMonth = 1LL << kMonthBits;  // smaller ones have none

Month MonthAt(base::WallTime time);
base::WallTime BeginOf(Month month);
// "2025-01"
std::string MonthName(Month month);
std::optional<Month> MonthNamed(std::string_view text);
// The number of the first task of a month that numbers tell.
constexpr task::TaskSeq FirstSeqOf(Month month) { return month << kMonthBits; }
Month MonthOf(task::TaskSeq seq, base::WallTime accepted_at);

// ---- in SQL: the values of task.month. 0 = it is live; 1 = it is over, and its number tells no
// month; else the month. (A store of SQLite that is older than the column has 0 for all.)
#define FG_MONTH_OF(seq) "CASE WHEN " seq " < 68719476736 THEN 1 ELSE " seq " >> 36 END"
// Where the task of a number can be, whatever its state.
#define FG_MONTHS_OF(seq) "(0, " FG_MONTH_OF(seq) ")"

}  // namespace fiscalgate::store
