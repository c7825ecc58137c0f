// What can go wrong with a register, on demand: rules set by control calls, each with a count or a
// rate. A rate is drawn from a generator of its own, seeded by the rule, with whole numbers only:
// the same seed gives the same run of faults on every machine. Any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace fiscalgate::emulator {

enum class Fault {
  // Before anything is run.
  kRefuse,   // the connection is closed
  kHttp500,  // an answer that is none
  kHang,     // no answer until the faults are cleared
  // After everything was run.
  kLoseAnswer,  // printed, then the connection is closed
  kSlow,        // printed, answered later
  // Of the device: the command fails.
  kPaperOut,
  kShiftOver24h,
  kFnFull,
  kInvalidReceipt,
};

struct FaultKind {
  Fault fault;
  std::string_view name;         // "paper-out"
  std::string_view description;  // for people, in Russian
};
std::span<const FaultKind> AllFaults();
std::string_view FaultName(Fault fault);
std::optional<Fault> FaultFromName(std::string_view name);

struct FaultRule {
  static constexpr std::int64_t kEndless = -1;
  static constexpr int kAlways = 1'000'000;

  Fault fault = Fault::kRefuse;
  std::int64_t left = 1;          // times it still strikes
  int rate_millionths = kAlways;  // how often, of 1,000,000
  std::uint64_t seed = 1;
  int delay_ms = 0;       // of kSlow
  std::int64_t hits = 0;  // times it has struck
};

class FaultBox {
 public:
  // Errors: kTooLarge over kMaxFaultRules.
  base::Status Add(const FaultRule& rule);
  void Clear();
  // The oldest rule of one of these faults that strikes now.
  std::optional<FaultRule> Draw(std::span<const Fault> faults);
  std::vector<FaultRule> rules() const;

 private:
  struct Entry {
    FaultRule rule;
    std::mt19937_64 random;
  };
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace fiscalgate::emulator
