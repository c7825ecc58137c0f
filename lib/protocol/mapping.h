// How one provider writes the values of the fiscal document, and how sure that is. Each provider
// has a constant table of rows; each register may have an overlay: what its operator has confirmed
// with the provider. A value that is not documented is never used without such a confirmation.
//
// Pure; any thread. A Mapping is immutable and cheap to copy; it views its table, which is
// constant data.
//
// The overlay is a JSON text by group and tag value, hostile until parsed:
//   {"vat": {"2": "VAT_10", "11": true}, "taxation": {"2": null}, "field": {"1125": null}}
//   a text or number  the provider's value for this value of the tag
//   true              the table's own value is right
//   null              nothing needs to be sent: the register does it so by itself (a taxation, and
//                     of unit and field what has no known place)
// What is documented cannot be overruled, and two values of a tag cannot share a provider's value
// (but for the taxation, which some providers tell less finely).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/ffd/fault.h"
#include "lib/ffd/profile.h"
#include "lib/ffd/receipt.h"
#include "lib/ffd/spot.h"
#include "lib/ffd/tags.h"

namespace fiscalgate::protocol {

enum class Certainty {
  kDocumented,  // the provider's documents name the value and what it means
  kInferred,    // the name or its meaning follows from something else
  kUnknown,     // there is a place for it, but no name is known
};
std::string_view CertaintyName(Certainty certainty);

// In place of a tag's value: the whole value of the tag is carried as it is.
inline constexpr int kCarried = -1;

struct MappingRow {
  std::string_view group;  // "operation", "taxation", "vat", "subject", "method", "payment", "unit"
                           // or "field"
  std::string_view field;  // where it stands at the provider
  int tag;
  int tag_value;           // or kCarried
  std::string_view value;  // the provider's; of a carried tag and of what is unknown: ""
  Certainty certainty;
  std::string_view source;  // whose word it is, and what is doubtful
};

class Mapping;
class ExpressReport;
using ExpressRule = void (*)(const ffd::Receipt& receipt, ffd::FfdVersion version,
                             const Mapping& mapping, const ExpressReport& report);

struct MappingTable {
  std::string_view provider;
  std::span<const MappingRow> rows;
  bool has_numbers;  // values are JSON numbers
  ExpressRule rule;  // what rows cannot say; may be nullptr
};

enum class MappingReason {
  kNone,
  kNotExpressible,  // the provider has no place or no word for it
  kUnconfirmed,     // it has one, or may have, and nobody has confirmed it
};
std::string_view MappingReasonName(MappingReason reason);  // "not_expressible"

struct MappedValue {
  MappingReason reason = MappingReason::kNone;
  bool is_left_out = false;  // confirmed: the register does it by itself
  std::string_view value;    // "" unless there is one to be written; lives as long as the Mapping
  explicit operator bool() const { return reason == MappingReason::kNone; }
};

class Mapping {
 public:
  // Nothing is confirmed.
  explicit Mapping(const MappingTable& table) : table_(&table) {}
  // "" is an overlay that confirms nothing. Errors: kMalformed (not JSON, with the place),
  // kTooLarge, kInvalid (which key, and what is wrong with it).
  static base::Result<Mapping> Make(const MappingTable& table, std::string_view overlay);

  const MappingTable& table() const { return *table_; }
  MappedValue Find(int tag, int tag_value) const;
  // Whether the tag has a place at all.
  MappedValue FindField(int tag) const { return Find(tag, kCarried); }
  // Whether values of the tag have names of their own there.
  bool HasNames(int tag) const;
  // Whether the overlay speaks of it.
  bool IsConfirmed(int tag, int tag_value) const;
  // Writes the value as JSON. Only for a value that was found.
  void Write(const MappedValue& found, base::JsonWriter* writer) const;
  // Writes the member `key` where it has to be sent. False: the value has no confirmed name there.
  bool WriteMember(std::string_view key, int tag, int tag_value, base::JsonWriter* writer) const;

 private:
  struct Confirmed {
    std::optional<std::string> value;  // none: left out
  };
  base::Status ReadGroup(std::string_view group, const base::JsonValue& values);
  base::Status ReadValue(const MappingRow& row, const base::JsonValue& value);
  bool IsTaken(const MappingRow& row, std::string_view value) const;

  const MappingTable* table_;
  std::map<std::pair<int, int>, Confirmed> confirmed_;
};

// Whether every register computes the tag from the rest of the receipt (or knows but one value of
// it), so that nothing is lost where a provider has no place for it.
bool IsComputed(int tag);

// Where a rule of a provider tells what it found.
class ExpressReport {
 public:
  ExpressReport(const ffd::PathFinder& paths, ffd::FaultSink& sink) : paths_(paths), sink_(sink) {}
  void Add(ffd::FaultCode code, const ffd::Spot& spot, std::string_view detail = {}) const;
  // As the reason says; nothing for kNone.
  void Add(MappingReason reason, const ffd::Spot& spot, std::string_view detail) const;

 private:
  const ffd::PathFinder& paths_;
  ffd::FaultSink& sink_;
};

// Everything in the receipt that this register cannot be told, at once, as faults with the paths
// that `paths` gives: not_expressible and unconfirmed_value of tags and values, and what the
// provider's own rule says. To be asked at acceptance: what passes can be written by the provider's
// codec. The receipt has passed CheckReceipt. Linear in its length.
ffd::Faults CheckExpressible(const ffd::Receipt& receipt, ffd::FfdVersion version,
                             const Mapping& mapping, const ffd::PathFinder& paths);
// With the usual keys as paths.
ffd::Faults CheckExpressible(const ffd::Receipt& receipt, ffd::FfdVersion version,
                             const Mapping& mapping);

}  // namespace fiscalgate::protocol
