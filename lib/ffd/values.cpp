#include "lib/ffd/values.h"

#include <charconv>
#include <optional>
#include <string>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/ffd/enumerations.h"
#include "lib/ffd/tag_visitor.h"

namespace fiscalgate::ffd {
namespace {

using base::DecimalFault;
using base::JsonValue;

constexpr int kMoneyPlaces = 2;

std::optional<std::string_view> Literal(const JsonValue& value, const Path& path, FaultSink& sink) {
  if (value.is_number()) return value.text;
  if (value.is_string()) return base::Trim(value.text);
  sink.Add(path, FaultCode::kWrongType, "number");
  return std::nullopt;
}

// True if there is no fault.
bool Report(DecimalFault fault, std::string_view literal, int places, const Path& path,
            FaultSink& sink) {
  switch (fault) {
    case DecimalFault::kNone:
      return true;
    case DecimalFault::kNotANumber:
      sink.Add(path, FaultCode::kBadNumber, literal);
      return false;
    case DecimalFault::kTooManyPlaces:
      sink.Add(path, FaultCode::kTooManyPlaces, std::to_string(places));
      return false;
    case DecimalFault::kOutOfRange:
      sink.Add(path, FaultCode::kOutOfRange, literal);
      return false;
  }
  return false;
}

bool IsNotNegative(std::int64_t value, std::string_view literal, const Path& path,
                   FaultSink& sink) {
  if (value >= 0) return true;
  sink.Add(path, FaultCode::kNegative, literal);
  return false;
}

bool IsWrongType(bool is_right, std::string_view expected, const Path& path, FaultSink& sink) {
  if (!is_right) sink.Add(path, FaultCode::kWrongType, expected);
  return !is_right;
}

}  // namespace

bool ReadMoney(const JsonValue& value, const Path& path, FaultSink& sink, base::Money* out) {
  const auto literal = Literal(value, path, sink);
  return literal && Report(ParseMoney(*literal, out), *literal, kMoneyPlaces, path, sink) &&
         IsNotNegative(out->kopecks, *literal, path, sink);
}

bool ReadQuantity(const JsonValue& value, const Path& path, FaultSink& sink, base::Quantity* out) {
  const auto literal = Literal(value, path, sink);
  return literal &&
         Report(ParseQuantity(*literal, out), *literal, base::kMaxQuantityPlaces, path, sink) &&
         IsNotNegative(out->millionths, *literal, path, sink);
}

bool ReadInt(const JsonValue& value, const Path& path, FaultSink& sink, std::int64_t* out) {
  const auto literal = Literal(value, path, sink);
  if (!literal) return false;
  const std::size_t point = literal->find('.');
  const std::string_view whole = literal->substr(0, point);
  const std::string_view part = point == std::string_view::npos ? "0" : literal->substr(point + 1);
  const char* const end = whole.data() + whole.size();
  const auto read = std::from_chars(whole.data(), end, *out);
  if (read.ec == std::errc::result_out_of_range) {
    sink.Add(path, FaultCode::kOutOfRange, *literal);
    return false;
  }
  if (read.ec != std::errc() || read.ptr != end || part.empty() ||
      part.find_first_not_of('0') != std::string_view::npos) {
    sink.Add(path, FaultCode::kBadNumber, *literal);
    return false;
  }
  return IsNotNegative(*out, *literal, path, sink);
}

bool ReadEnum(const Tag& tag, const JsonValue& value, const Path& path, FaultSink& sink, int* out) {
  std::int64_t number = 0;
  if (!ReadInt(value, path, sink, &number)) return false;
  if (!IsInEnumeration(tag.number, number)) {
    sink.Add(path, FaultCode::kBadEnum, std::to_string(number));
    return false;
  }
  *out = static_cast<int>(number);
  return true;
}

bool ReadText(const JsonValue& value, const Path& path, FaultSink& sink, std::string_view* out) {
  if (IsWrongType(value.is_string() || value.is_number(), "string", path, sink)) return false;
  *out = value.text;
  return true;
}

void ReadWord(const JsonValue& value, const Path& path, FaultSink& sink, std::string* out) {
  std::string_view text;
  if (ReadText(value, path, sink, &text)) *out = base::Trim(text);
}

void ReadWords(const JsonValue& value, const Path& path, FaultSink& sink,
               std::vector<std::string>* out) {
  if (!value.is_array()) return ReadWord(value, path, sink, &out->emplace_back());
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    ReadWord(value.items[i], Path(path, i), sink, &out->emplace_back());
  }
}

bool ReadDate(const JsonValue& value, const Path& path, FaultSink& sink, DateTime* out) {
  std::string_view text;
  if (!ReadText(value, path, sink, &text)) return false;
  const auto date = ParseDate(base::Trim(text));
  if (!date) sink.Add(path, FaultCode::kBadDate, text);
  if (date) *out = *date;
  return date.has_value();
}

bool ReadFlag(const Tag& tag, const JsonValue& value, const Path& path, FaultSink& sink,
              bool* out) {
  int number = 0;
  if (value.kind == base::JsonKind::kBool) {
    *out = value.boolean;
    return true;
  }
  if (!ReadEnum(tag, value, path, sink, &number)) return false;
  *out = number != 0;
  return true;
}

bool ReadBool(const JsonValue& value, const Path& path, FaultSink& sink, bool* out) {
  if (IsWrongType(value.kind == base::JsonKind::kBool, "boolean", path, sink)) return false;
  *out = value.boolean;
  return true;
}

void CheckTagValue(const Tag& tag, const JsonValue& value, const Path& path, FaultSink& sink) {
  base::Money money;
  base::Quantity quantity;
  std::int64_t number = 0;
  std::string_view text;
  DateTime date;
  switch (tag.type) {
    case TagType::kText:
    case TagType::kInn:
      ReadText(value, path, sink, &text);
      return;
    case TagType::kPhone: {
      std::vector<std::string> phones;
      return ReadWords(value, path, sink, &phones);
    }
    case TagType::kTime:
    case TagType::kDay:
    case TagType::kDateText:
      ReadDate(value, path, sink, &date);
      return;
    case TagType::kBytes:
      IsWrongType(value.is_string(), "string", path, sink);
      return;
    case TagType::kByte:
    case TagType::kUint32:
    case TagType::kVarInt:
    case TagType::kBits:
      ReadInt(value, path, sink, &number);
      return;
    case TagType::kMoney:
      ReadMoney(value, path, sink, &money);
      return;
    case TagType::kQuantity:
      ReadQuantity(value, path, sink, &quantity);
      return;
    case TagType::kGroup:
      if (!value.is_string()) CheckGroup(value, path, sink);
      return;
  }
}

void CheckGroup(const JsonValue& value, const Path& path, FaultSink& sink) {
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      const Path here(path, i);
      if (!IsWrongType(value.items[i].is_object(), "object", here, sink)) {
        CheckGroup(value.items[i], here, sink);
      }
    }
    return;
  }
  if (IsWrongType(value.is_object(), "object", path, sink)) return;
  VisitTags(
      value, 0, path, sink,
      [&](const Tag& tag, const JsonValue& member, const Path& here) {
        CheckTagValue(tag, member, here, sink);
      },
      [](std::string_view, const JsonValue&, const Path&) { return false; });
}

}  // namespace fiscalgate::ffd
