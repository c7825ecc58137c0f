// What can go wrong with a register or a cloud service, on demand: rules set by control calls, each
// with a count or a rate. A rate is drawn from a generator of its own, seeded by the rule, with
// whole numbers only: the same seed gives the same run of faults on every machine. Any thread.
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
  // Of cloud services, see fcgi/emulator/cloud.
  kCloseBefore,        // nothing is registered, the connection is closed
  kHangBefore,         // nothing is registered, no answer
  kHangAfter,          // registered, no answer
  kServer500,          // nothing is registered
  kBusy503,            // nothing is registered, Retry-After
  kGarbage,            // registered, 200 with what nobody can read
  kHuge,               // registered, 200 with more than a megabyte
  kTokenExpired,       // every token given so far
  kUnauthorizedStorm,  // 401 to every protected call
  kConflict409,        // registered, but said to be known before
  kError,              // the document ends in error
  kExpire524,          // the document expires unprinted
  kDecline,            // the payment is declined
  kNoNotification,
  kDuplicateNotification,
  kReorderedNotification,
  kWrongSignature,
};

struct FaultKind {
  Fault fault;
  std::string_view name;         // "paper-out"
  std::string_view description;  // for people, in Russian
};
std::span<const FaultKind> AllFaults();  // of a driver
// One of a cloud service, with what it means there.
FaultKind CloudFault(Fault fault);
std::string_view FaultName(Fault fault);
std::optional<Fault> FaultFromName(std::string_view name);  // of a driver's

struct FaultRule {
  static constexpr std::int64_t kEndless = -1;
  static constexpr int kAlways = 1'000'000;

  Fault fault = Fault::kRefuse;
  std::int64_t left = 1;          // times it still strikes
  int rate_millionths = kAlways;  // how often, of 1,000,000
  std::uint64_t seed = 1;
  int delay_ms = 0;       // of kSlow and kBusy503
  std::int64_t hits = 0;  // times it has struck
  std::string step = {};  // of cloud services: the only kind of call it strikes; "" = all
  std::string text = {};  // of kError: what the service says
};

class FaultBox {
 public:
  // Errors: kTooLarge over kMaxFaultRules.
  base::Status Add(const FaultRule& rule);
  void Clear();
  // The oldest rule of one of these faults that strikes now, in this step.
  std::optional<FaultRule> Draw(std::span<const Fault> faults, std::string_view step = {});
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
