#include "lib/ffd/fiscal_mark.h"

#include <algorithm>
#include <charconv>

#include "lib/base/text.h"
#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {
namespace {

using base::JsonValue;

constexpr std::size_t kMaxDriveDigits = 16, kMaxSignDigits = 10, kMaxRegisterDigits = 20;

// Only the tag counts, as in receipts: registers name their keys as they like.
std::string_view FindTagText(const JsonValue& object, int tag) {
  for (const base::JsonMember& member : object.members) {
    if (TagOfKey(member.key) == tag) return base::Trim(member.value.text);
  }
  return {};
}

bool IsDigits(std::string_view text, std::size_t max) {
  return !text.empty() && text.size() <= max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string DigitsOrNothing(std::string_view text, std::size_t max) {
  return IsDigits(text, max) ? std::string(text) : std::string();
}

std::int64_t IntOr(std::string_view text, std::int64_t otherwise) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= 0 ? value : otherwise;
}

// "2026-11-21T13:15" with or without seconds; a space for the T is mended. Else empty.
std::string ReadTime(std::string_view text) {
  constexpr std::string_view kPattern = "0000-00-00T00:00:00";
  if (text.size() != kPattern.size() && text.size() != kPattern.size() - 3) return {};
  std::string time(text);
  if (time[10] == ' ') time[10] = 'T';
  for (std::size_t i = 0; i < time.size(); ++i) {
    const bool fits =
        kPattern[i] == '0' ? time[i] >= '0' && time[i] <= '9' : time[i] == kPattern[i];
    if (!fits) return {};
  }
  return time;
}

// "2026-11-21T13:15:00" -> "20261121T1315"
std::string QrTime(std::string_view time) {
  std::string out;
  for (const char c : time.substr(0, 16)) {
    if (c != '-' && c != ':') out += c;
  }
  return out;
}

}  // namespace

std::string QrText(const FiscalMark& mark) {
  return "t=" + QrTime(mark.time_1012) + "&s=" + base::FormatMoney(mark.total_1020) +
         "&fn=" + mark.fn_1041 + "&i=" + std::to_string(mark.fd_1040) + "&fp=" + mark.fpd_1077 +
         "&n=" + std::to_string(mark.receipt_type_1054);
}

void WriteFiscalMark(const FiscalMark& mark, base::JsonWriter* writer) {
  writer->BeginObject();
  writer->Key("fn_1041").String(mark.fn_1041);
  writer->Key("fd_1040").Int(mark.fd_1040);
  writer->Key("fpd_1077").String(mark.fpd_1077);
  writer->Key("dateTime_1012").String(mark.time_1012);
  writer->Key("shift_1038").Int(mark.shift_1038);
  writer->Key("receiptNumber_1042").Int(mark.receipt_number_1042);
  writer->Key("regNumber_1037").String(mark.register_number_1037);
  writer->Key("total_1020").Raw(base::FormatMoney(mark.total_1020));
  writer->Key("receiptType_1054").Int(mark.receipt_type_1054);
  writer->EndObject();
}

std::optional<FiscalMark> ReadFiscalMark(const JsonValue& object) {
  FiscalMark mark;
  mark.fn_1041 = DigitsOrNothing(FindTagText(object, 1041), kMaxDriveDigits);
  mark.fd_1040 = IntOr(FindTagText(object, 1040), 0);
  mark.fpd_1077 = DigitsOrNothing(FindTagText(object, 1077), kMaxSignDigits);
  if (mark.fn_1041.empty() || mark.fd_1040 == 0 || mark.fpd_1077.empty()) return std::nullopt;
  mark.time_1012 = ReadTime(FindTagText(object, 1012));
  mark.shift_1038 = IntOr(FindTagText(object, 1038), 0);
  mark.receipt_number_1042 = IntOr(FindTagText(object, 1042), 0);
  mark.register_number_1037 = DigitsOrNothing(FindTagText(object, 1037), kMaxRegisterDigits);
  base::Money total;
  if (base::ParseMoney(FindTagText(object, 1020), &total) == base::DecimalFault::kNone) {
    mark.total_1020 = total;
  }
  const std::int64_t type = IntOr(FindTagText(object, 1054), 1);
  mark.receipt_type_1054 = type >= 1 && type <= 4 ? static_cast<int>(type) : 1;
  return mark;
}

}  // namespace fiscalgate::ffd
