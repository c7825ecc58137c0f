// Tables by months. A task that is over moves out of task_live, which stays as small as the queue,
// into the partition of the month it was accepted in, in the transaction that ends it: its `month`
// changes, the server moves the row. What belongs to a task is kept by the same months and never
// moves: a task's number begins with its month. A month is thrown away by dropping its partitions.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/store/month_parts.h"

namespace fiscalgate::store::postgres {

std::shared_ptr<const MonthParts> Months();

// Those that have partitions of months.
const std::vector<std::string>& TablesByMonth();

}  // namespace fiscalgate::store::postgres
