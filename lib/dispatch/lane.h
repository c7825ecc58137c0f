// The state of one lane: what it may do now, and when it is looked at again. Pure; the dispatcher's
// thread. It knows nothing of the tasks behind its head.
#pragma once

#include <optional>

#include "lib/base/clock.h"
#include "lib/store/store.h"
#include "lib/task/task.h"

namespace fiscalgate::dispatch {

using base::Milliseconds;
using base::MonoTime;

enum class LaneState {
  kIdle,      // nothing to do; a notice wakes it
  kReady,     // its head is to be looked at
  kBusy,      // an attempt runs, or its end is not stored yet
  kPaused,    // until a time
  kStanding,  // behind an unknown task, or without a usable register; until an operator acts
};

// Pause before an unknown task is asked about: 2 s, 10 s, 1 min, then 5 min, +-20 %. `asks` counts
// those in a row that settled nothing.
Milliseconds AskPause(int asks, double random);

class Lane {
 public:
  explicit Lane(task::RegisterKey key) : key_(key) {}

  task::RegisterKey key() const { return key_; }
  LaneState state() const { return state_; }
  bool failing() const { return failures_ > 0; }
  int failures() const { return failures_; }
  // When a timer must make it ready; empty: only an event does.
  std::optional<MonoTime> WakeAt() const;

  // A task was accepted.
  void Ring();
  // WakeAt has come.
  void Wake();
  // An operator changed something. A pause goes on unless the register itself was changed.
  void Relook(bool register_changed);

  // What looking at the head gave.
  void FoundNothing();
  void Stand();
  void PauseUntil(MonoTime until);
  void Begin();
  // The claim was not granted: the head has changed meanwhile. After several in a row it pauses.
  void MissClaim(MonoTime now);

  // How the attempt ended.
  void Free();                             // the register answered, or the lease was lost
  void Fail(MonoTime now, double random);  // the register cannot be reached: pause, without limit

  // Asking about unknown tasks. `seq` is the task that became, or was found, unknown.
  void NoteUnknown(task::TaskSeq seq, MonoTime now, double random);
  // There may be unknown tasks from before that this lane passes: at first, and after a Relook.
  void SuspectUnknown(MonoTime now, double random);
  // What was seen of the line spares the next look the rows before, while the line is long.
  // Forgotten by whatever may put a task there, and at kLaneHintAge: a look that finds nothing by a
  // hint proves nothing.
  store::LaneHint HintAt(MonoTime now) const;
  // A look without a hint: empty if nobody stands there.
  void SeenInFull(const std::optional<task::Task>& head, MonoTime now);
  void Claimed(const task::Task& task);
  void Forget();

  bool AskIsDue(MonoTime now) const { return ask_due_ && *ask_due_ <= now; }
  std::optional<MonoTime> ask_due() const { return ask_due_; }
  task::TaskSeq ask_after() const { return ask_after_; }
  bool Knows(task::TaskSeq unknown) const { return ask_due_ && noted_ == unknown; }
  void AskFromTheFirst() { ask_after_ = 0; }
  void NothingToAsk();
  void Asked(task::TaskSeq seq, bool settled, MonoTime now, double random);

 private:
  task::RegisterKey key_;
  LaneState state_ = LaneState::kReady;
  int failures_ = 0;
  int misses_ = 0;
  int asks_ = 0;
  MonoTime until_{};                 // of kPaused
  std::optional<MonoTime> ask_due_;  // empty: no unknown task is known
  task::TaskSeq ask_after_ = 0;      // the next to ask about comes after this one
  bool may_hide_unknown_ = true;
  task::TaskSeq noted_ = 0;  // the unknown task the pauses were begun for
  store::LaneHint hint_;
  int in_a_row_ = 0;  // claims since it was empty, or the hint forgotten
  MonoTime hint_until_{};
};

}  // namespace fiscalgate::dispatch
