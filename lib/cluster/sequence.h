// What was seen of a growing column that many transactions write at once: numbers are taken in
// order, but appear in any. Pure; one thread.
#pragma once

#include <cstdint>
#include <map>

#include "lib/store/nodes.h"

namespace fiscalgate::cluster {

class Sequence {
 public:
  explicit Sequence(std::int64_t last = 0) : above_(last) {}

  // What to look for next.
  store::Unseen unseen() const;
  // One number that was found by a look with this `next_transaction`; the greater ones in ascending
  // order. False: it was seen before.
  bool Take(std::int64_t number, std::int64_t next_transaction);
  // After all of a look were taken: who could still have brought a missing number has ended.
  void Settle(std::int64_t oldest_running);

  // Nothing will appear at or below it any more.
  std::int64_t complete() const;
  // More was missing at once than is kept: what was in between may never be seen. Says so once.
  bool TakeJump();

 private:
  std::int64_t above_;
  std::map<std::int64_t, std::int64_t> missing_;  // and when they were missed
  bool jumped_ = false;
};

}  // namespace fiscalgate::cluster
