// What is written of a conversation with a cloud register (protocol/cloud.h) between its beginning
// and its end. Plain values; see store.h for the operations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/task/task.h"

namespace fiscalgate::store {

using base::WallTime;

// queued -> sending; the attempt is written, due at once. Its lease guards the conversation to its
// end, over restarts.
struct Begin {
  task::TaskSeq seq = 0;
  std::string lease;    // new, random
  std::string sent_to;  // origin
  WallTime at;
  std::string node = {};  // that must have the lane (nodes.h); "" = whoever asks
};

// What is kept between two moves. `notes` empty: as they were; else `asks` begins again at 0.
struct Progress {
  task::TaskSeq seq = 0;
  std::string lease;
  task::State state = task::State::kSending;  // or kWaiting; never back from waiting to sending
  std::optional<std::string> notes;
  bool asked = false;  // counts one ask
  WallTime due_at;
  std::string wait_reason;
  WallTime at;
};

// Makes a conversation due, whatever it waits for.
struct Hasten {
  task::TaskSeq seq = 0;
  WallTime at;
};

// One flag an entry, in order: false = the row was no longer as expected.
struct CloudApplied {
  std::vector<bool> begins, progress, ends;
};

}  // namespace fiscalgate::store
