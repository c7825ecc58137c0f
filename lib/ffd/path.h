// Where a value stands in the posted text, and where its faults go. A path is a chain on the stack;
// it becomes text only when there is a fault to tell.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/ffd/fault.h"

namespace fiscalgate::ffd {

// Views its keys and the path above: lives no longer than they do.
class Path {
 public:
  // `pointer` is a JSON pointer already ("" or "/0/data").
  explicit Path(std::string_view pointer) : key_(pointer) {}
  Path(const Path& above, std::string_view key) : above_(&above), key_(key) {}
  Path(const Path& above, std::size_t index) : above_(&above), index_(index), is_index_(true) {}

  // RFC 6901; an overlong key is cut and ends in "...".
  std::string Text() const;

 private:
  const Path* above_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

// Appends up to base::kMaxFaults of each and drops the rest. Without `warnings` those are dropped.
class FaultSink {
 public:
  explicit FaultSink(Faults* faults, Faults* warnings = nullptr)
      : faults_(faults), warnings_(warnings) {}
  void Add(const Path& path, FaultCode code, std::string_view detail = {});
  // A key that is not known; the fault names the nearest known one.
  void AddUnknown(const Path& path, FaultCode code, std::string_view key, std::string_view detail);
  // As `severity` says.
  void Add(Severity severity, const Path& path, FaultCode code, std::string_view detail = {});

 private:
  Faults* faults_;
  Faults* warnings_;
  std::size_t hints_ = 0;
};

// At most as many bytes as a fault may quote.
std::string CutWord(std::string_view text);

}  // namespace fiscalgate::ffd
