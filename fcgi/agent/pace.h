// How long to wait before the next try: longer each time, a little different for each agent, so
// that a gateway that comes back is not met by all of them at once. One thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fiscalgate::agent {

class Pace {
 public:
  std::int64_t NextMs();
  void Reset() { step_ = 0; }

 private:
  std::size_t step_ = 0;
};

}  // namespace fiscalgate::agent
