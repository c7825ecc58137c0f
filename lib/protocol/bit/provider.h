// The BIT driver by push: one POST of the command list, one answer with all results.
//
// What the answers mean (the driver's documentation names only the first two; the rest is chosen
// here so that nothing is ever printed twice):
//   entries, each success or error      done, or failed at the first error; what follows was not
//   run
//   {"result":false,"error"}            failed: the driver says why
//   HTTP 4xx but 408 and 409            nothing was run: stays queued, the operator must mend the
//                                       register
//   another status, garbage, no answer  unknown
//   not sent                            stays queued: the register is off
//
// A failure carries its code and class from the dictionary of errors (driver_errors.h). Of a task
// of the gateway's own "the shift is closed already" and "is open already" are done: that is what
// was wanted. A register that deduplicates answers the same order number with the first result:
// asking is sending again.
#pragma once

#include "lib/protocol/provider.h"

namespace fiscalgate::protocol::bit {

class BitProvider final : public Provider {
 public:
  Step Start(const Work& work) const override;
  Step OnAnswer(const Work& work, const http::Answer& answer) const override;
  bool CanAsk(const task::Register& register_) const override;
  task::DeviceNews WhatIsKnown(const Work& work, const task::Outcome& outcome) const override;
  bool IsShiftOver(const task::Outcome& outcome) const override;
  std::string ServiceCommands(task::Service service, const task::Register& r) const override;
};

}  // namespace fiscalgate::protocol::bit
