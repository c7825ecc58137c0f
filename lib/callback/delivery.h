// One delivery of a callback: the request that is sent, and what its answer means. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>

#include "lib/http/sender.h"
#include "lib/store/store.h"
#include "lib/task/directory.h"

namespace fiscalgate::callback {

// Signed over the raw body with the shop's code, and with the previous one too while a rotation
// lasts.
http::Request RequestFor(const store::Callback& callback, const task::Shop& shop,
                         base::WallTime now);

// Only 2xx is delivery, and only with the body SUCCESSFUL if the shop demands it.
bool IsDelivered(const http::Answer& answer, bool demand_successful);

// What is recorded of the try: delivered, pending with its next time, or dead.
store::Delivered RecordOf(const store::Callback& callback, const http::Answer& answer,
                          bool demand_successful, base::WallTime now, double random);

// Not tried, put off to `until`.
store::Delivered MoveOf(const store::Callback& callback, base::WallTime until, base::WallTime now);

}  // namespace fiscalgate::callback
