// All lanes: which are ready, in what order, and which wake when. Looking for work costs as much as
// there are ready lanes, however many lanes there are. The dispatcher's thread.
//
// Lanes whose register failed last stand in a line of their own, so that a thousand dead registers
// are not looked at before a live one, and cannot take all places for running attempts.
#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "lib/base/due_set.h"
#include "lib/dispatch/lane.h"

namespace fiscalgate::dispatch {

class Board {
 public:
  // Creates it, ready to be looked at, if it was not known.
  Lane& At(task::RegisterKey key);
  // The lane was changed: put it where its state belongs.
  void Settle(const Lane& lane);
  // Makes ready what is due.
  void WakeDue(MonoTime now);
  // Takes the next ready lane; the two lines take turns. Null: there is none.
  Lane* Next(bool failing_too);
  bool HasReady(bool failing_too) const;
  std::optional<MonoTime> Earliest() const { return due_.Earliest(); }
  std::vector<task::RegisterKey> Keys() const;

 private:
  struct Place {
    Lane lane;
    bool in_line = false;
  };
  std::deque<task::RegisterKey>& Line(bool failing) { return failing ? failing_ : ready_; }
  Lane* Take(bool failing);

  std::unordered_map<task::RegisterKey, Place> places_;
  std::deque<task::RegisterKey> ready_, failing_;
  base::DueSet due_;
  bool failing_next_ = false;
};

}  // namespace fiscalgate::dispatch
