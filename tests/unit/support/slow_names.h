// Host names whose look-up hangs: anything ending in ".hangs.test", for as long as one of these
// lives. (The test program answers getaddrinfo itself and passes other names on.)
#pragma once

namespace fiscalgate::testing {

class SlowNames {
 public:
  SlowNames();
  ~SlowNames();
  // Look-ups that hang now.
  static int hanging();
};

}  // namespace fiscalgate::testing
