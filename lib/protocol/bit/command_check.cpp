#include "lib/protocol/bit/command_check.h"

#include "lib/ffd/path.h"
#include "lib/ffd/values.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonValue;
using ffd::FaultCode;
using ffd::FaultSink;
using ffd::Path;

const JsonValue* FindRequired(const JsonValue& object, std::string_view key, const Path& here,
                              FaultSink& sink) {
  const JsonValue* value = object.Find(key);
  if (value == nullptr) sink.Add(here, FaultCode::kMissing);
  return value;
}

void CheckSum(const JsonValue& object, std::string_view key, const Path& path, FaultSink& sink) {
  const Path here(path, key);
  const JsonValue* value = FindRequired(object, key, here, sink);
  base::Money sum;
  if (value == nullptr || !ffd::ReadMoney(*value, here, sink, &sum)) return;
  if (sum.kopecks == 0) sink.Add(here, FaultCode::kOutOfRange, value->text);
}

// A text that must say something.
void CheckText(const JsonValue& object, std::string_view key, const Path& path, FaultSink& sink) {
  const Path here(path, key);
  const JsonValue* value = FindRequired(object, key, here, sink);
  std::string_view text;
  if (value == nullptr || !ffd::ReadText(*value, here, sink, &text)) return;
  if (text.empty()) sink.Add(here, FaultCode::kEmpty);
}

bool IsObject(const JsonValue& value, const Path& path, FaultSink& sink) {
  if (!value.is_object()) sink.Add(path, FaultCode::kWrongType, "object");
  return value.is_object();
}

// The cashier's tags may be left out, and the data with them.
void CheckCashier(const JsonValue& command, const Path& path, FaultSink& sink) {
  const JsonValue* data = command.Find("data");
  if (data == nullptr || data->is_null() || !IsObject(*data, path, sink)) return;
  ffd::CheckGroup(*data, path, sink);
}

}  // namespace

std::optional<ffd::Checked> CheckCommand(CommandType type, const JsonValue& command,
                                         const CommandPlace& place,
                                         const ffd::CheckOptions& options, ffd::Faults* faults) {
  FaultSink sink(faults);
  const Path here(place.command), data_path(place.data);
  switch (type) {
    case CommandType::kCashIn:
    case CommandType::kCashOut:
      CheckSum(command, "cashSum", here, sink);
      CheckCashier(command, data_path, sink);
      return std::nullopt;
    case CommandType::kOpenShift:
    case CommandType::kCloseShift:
    case CommandType::kXReport:
    case CommandType::kOpenCashDrawer:
      CheckCashier(command, data_path, sink);
      return std::nullopt;
    case CommandType::kCardShortReport:
    case CommandType::kCardFullReport:
    case CommandType::kCardReconciliation:
    case CommandType::kCardLastResult:
      return std::nullopt;
    case CommandType::kReceipt:
    case CommandType::kCheckMark:
    case CommandType::kCardPayment:
    case CommandType::kCardReturn:
      break;
  }
  const JsonValue* data = FindRequired(command, "data", data_path, sink);
  if (data == nullptr || !IsObject(*data, data_path, sink)) return std::nullopt;
  if (type == CommandType::kReceipt) return ffd::CheckReceipt(*data, place.data, options);
  if (type == CommandType::kCheckMark) {
    CheckText(*data, "km_2000", data_path, sink);
  } else {
    CheckSum(*data, "sum", data_path, sink);
    if (type == CommandType::kCardReturn) CheckText(*data, "rrn", data_path, sink);
  }
  return std::nullopt;
}

}  // namespace fiscalgate::protocol::bit
