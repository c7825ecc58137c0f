#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/ffd/tags.h"
#include "lib/protocol/bit/command_check.h"
#include "lib/protocol/bit/front.h"
#include "lib/protocol/bit/replaced_rates.h"
#include "lib/protocol/bit/text_edits.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonMember;
using base::JsonValue;
using ffd::FaultCode;
using ffd::Faults;

constexpr std::size_t kShownBytes = 64;  // of a posted value in a fault's detail

void Add(std::string path, FaultCode code, Faults* faults, std::string detail = {}) {
  if (faults->size() < base::kMaxFaults) {
    faults->push_back({std::move(path), code, std::move(detail), {}});
  }
}

std::optional<CommandType> ReadType(const JsonValue& command, const CommandPlace& place,
                                    Faults* faults) {
  const JsonValue* type = command.Find("type");
  const std::string path = place.command + "/type";
  if (type == nullptr) {
    Add(path, FaultCode::kMissing, faults);
    return std::nullopt;
  }
  if (!type->is_string()) {
    Add(path, FaultCode::kWrongType, faults, "string");
    return std::nullopt;
  }
  const auto known = CommandTypeFromName(type->text);
  if (!known) {
    Add(path, FaultCode::kUnknownCommand, faults, base::Truncate(type->text, kShownBytes));
  }
  return known;
}

// Reads commands one by one into the result.
class PackageReader {
 public:
  PackageReader(const ffd::CheckOptions& options, ReadPackageResult* result)
      : options_(options), result_(*result) {}

  void ReadCommand(const JsonValue& command, const CommandPlace& place) {
    Faults* faults = &result_.faults;
    if (!command.is_object()) {
      return Add(place.command, FaultCode::kWrongType, faults, "object");
    }
    const JsonValue* name = command.Find("name");
    if (name != nullptr && !name->is_string() && !name->is_null()) {
      Add(place.command + "/name", FaultCode::kWrongType, faults, "string");
    }
    const auto type = ReadType(command, place, faults);
    if (!type) return;
    const std::string_view type_name = CommandTypeName(*type);
    if (auto checked = CheckCommand(*type, command, place, options_, faults)) {
      Keep(std::move(*checked), *command.Find("data"));
    }
    const JsonValue& posted = *command.Find("type");
    if (posted.text != type_name) {
      std::string put_right;
      base::AppendJsonString(type_name, &put_right);
      edits_.Replace(posted.raw, std::move(put_right));
    }
    result_.commands.push_back(
        {std::string(command.FindText("name")), std::string(type_name), &command});
  }

  // The list as posted, but for the edits.
  void Finish(const JsonValue& list) {
    if (result_.faults.empty()) result_.commands_json = edits_.Apply(list.raw);
  }

 private:
  void Keep(ffd::Checked checked, const JsonValue& data) {
    const bool may_replace = options_.vat_policy == ffd::VatPolicy::kReplace;
    if (may_replace && checked.faults.empty()) EditReplacedRates(data, checked.receipt, &edits_);
    Append(std::move(checked.faults), &result_.faults);
    Append(std::move(checked.warnings), &result_.warnings);
    result_.receipts.push_back({result_.commands.size(), std::move(checked.receipt), checked.size});
  }

  static void Append(Faults from, Faults* to) {
    for (ffd::Fault& fault : from) {
      if (to->size() == base::kMaxFaults) return;
      to->push_back(std::move(fault));
    }
  }

  const ffd::CheckOptions& options_;
  ReadPackageResult& result_;
  TextEdits edits_;
};

bool IsLoneReceipt(const JsonValue& root) {
  if (!root.is_object() || root.Find("type") != nullptr) return false;
  for (const JsonMember& member : root.members) {
    if (member.key == "purchases" || member.key == "payments" || ffd::TagOfKey(member.key) != 0) {
      return true;
    }
  }
  return false;
}

std::string WrapReceipt(std::string_view receipt) {
  std::string list = R"([{"name":"Чек","type":)";
  base::AppendJsonString(CommandTypeName(CommandType::kReceipt), &list);
  return list.append(R"(,"data":)").append(receipt).append("}]");
}

base::Result<ReadPackageResult> ReadLoneReceipt(const JsonValue& receipt,
                                                const ffd::CheckOptions& options,
                                                base::JsonReader reader) {
  auto document = base::ParseJson(WrapReceipt(receipt.raw), reader);
  if (!document.ok()) return document.error();
  ReadPackageResult result{std::move(document).value(), {}, {}, {}, {}};
  const JsonValue& list = result.document.root();
  result.is_lone = true;
  PackageReader package(options, &result);
  package.ReadCommand(list.items[0], CommandPlace{});
  package.Finish(list);
  return result;
}

void ReadList(const JsonValue& list, const ffd::CheckOptions& options, ReadPackageResult* result) {
  if (!list.is_array()) return Add("", FaultCode::kWrongType, &result->faults, "array");
  if (list.items.empty()) return Add("", FaultCode::kEmpty, &result->faults);
  if (list.items.size() > base::kMaxCommands) {
    return Add("", FaultCode::kTooManyCommands, &result->faults,
               std::to_string(base::kMaxCommands));
  }
  result->commands.reserve(list.items.size());
  PackageReader package(options, result);
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const std::string path = "/" + std::to_string(i);
    package.ReadCommand(list.items[i], {path, path + "/data"});
  }
  package.Finish(list);
}

}  // namespace

base::Result<ReadPackageResult> ReadPackage(std::string_view data, const ffd::CheckOptions& options,
                                            base::JsonReader reader) {
  auto document = base::ParseJson(data, reader);
  if (!document.ok()) return document.error();
  if (IsLoneReceipt(document->root())) return ReadLoneReceipt(document->root(), options, reader);
  ReadPackageResult result{std::move(document).value(), {}, {}, {}, {}};
  ReadList(result.document.root(), options, &result);
  return result;
}

}  // namespace fiscalgate::protocol::bit
