// Provider: code that speaks to a register's service. It does no I/O: it is a small state machine
// that, given the work and what just happened, names the next step; the dispatcher sends, waits and
// saves. So a provider is tested with plain values, survives a restart in mid-conversation, and
// thousands run on one thread.
//
// A provider is immutable; any thread may call it.
#pragma once

#include <chrono>
#include <string>
#include <variant>

#include "lib/http/sender.h"
#include "lib/store/store.h"
#include "lib/task/device.h"
#include "lib/task/directory.h"
#include "lib/task/task.h"

namespace fiscalgate::protocol {

struct Work {
  const store::LaneHead& head;
  const task::Register& register_;
  task::AttemptKind kind = task::AttemptKind::kSend;
};

// Send this request. The guard is filled in by the dispatcher.
struct SendStep {
  http::Request request;
  http::SendOptions options;
  bool registered_address = true;  // the operator's own; false: it came with a post and is guarded
};
// It is over.
struct FinishStep {
  task::Outcome outcome;
};
// Proven that nothing was done: keep it queued, say why, try later.
struct PostponeStep {
  std::string reason;
};
using Step = std::variant<SendStep, FinishStep, PostponeStep>;

class Provider {
 public:
  virtual ~Provider() = default;
  // The first step of an attempt. kAsk is only used where CanAsk.
  virtual Step Start(const Work& work) const = 0;
  // What follows from the answer to the request of Start.
  virtual Step OnAnswer(const Work& work, const http::Answer& answer) const = 0;
  // Whether an unknown outcome can be resolved by asking this register.
  virtual bool CanAsk(const task::Register& register_) const = 0;

  // What the outcome of an attempt tells of the device.
  virtual task::DeviceNews WhatIsKnown(const Work&, const task::Outcome&) const { return {}; }
  // Whether this failure proves that nothing was printed because the shift is over, so that the
  // task may be sent again in a new shift.
  virtual bool IsShiftOver(const task::Outcome&) const { return false; }
  // The commands of a service task, as they are stored in its package; empty: it has no such thing.
  virtual std::string ServiceCommands(task::Service, const task::Register&) const { return {}; }
};

}  // namespace fiscalgate::protocol
