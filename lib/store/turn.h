// What only one program at a time may do to a store: whoever does it holds the turn. It ends with
// its owner, also if that is killed. One thread.
#pragma once

#include "lib/base/result.h"

namespace fiscalgate::store {

class Turn {
 public:
  Turn() = default;
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  virtual ~Turn() = default;
  // Errors: kUnavailable: it was lost; somebody else may have it now.
  virtual base::Status Check() = 0;
};

}  // namespace fiscalgate::store
