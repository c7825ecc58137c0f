// The BIT driver by push: one POST of the command list, one answer with all results.
//
// What the answers mean (the driver's documentation names only the first two; the rest is chosen
// here so that nothing is ever printed twice):
//   entries, each success or error      done, or failed at the first error; what follows was not
//   run
//   {"result":false,"error"}            failed: the driver says why
//   HTTP 4xx                            nothing was run: stays queued, the operator must mend the
//   register HTTP 5xx, another status, garbage   unknown no answer unknown not sent stays queued:
//   the register is off
// A register that deduplicates answers the same order number with the first result: asking is
// sending again.
#pragma once

#include "lib/protocol/provider.h"

namespace fiscalgate::protocol::bit {

class BitProvider final : public Provider {
 public:
  Step Start(const Work& work) const override;
  Step OnAnswer(const Work& work, const http::Answer& answer) const override;
  bool CanAsk(const task::Register& register_) const override;
};

}  // namespace fiscalgate::protocol::bit
