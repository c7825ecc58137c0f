#include "lib/ffd/extras_reader.h"

#include <algorithm>
#include <charconv>

#include "lib/base/text.h"
#include "lib/ffd/agent_reader.h"
#include "lib/ffd/group_visitor.h"
#include "lib/ffd/industry_reader.h"

namespace fiscalgate::ffd {
namespace {

using base::JsonValue;

constexpr char kGroupSeparator = '\x1D';

bool ReadPart(std::string_view digits, std::int64_t* out) {
  digits = base::Trim(digits);
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, *out);
  return read.ec == std::errc() && read.ptr == end;
}

void ReadFraction(const JsonValue& value, const Path& path, FaultSink& sink, Fraction* out) {
  if (value.is_string()) {
    const std::size_t slash = value.text.find('/');
    if (slash == std::string_view::npos ||
        !ReadPart(value.text.substr(0, slash), &out->numerator_1293) ||
        !ReadPart(value.text.substr(slash + 1), &out->denominator_1294)) {
      sink.Add(path, FaultCode::kBadNumber, value.text);
      return;
    }
    out->given.Insert(*FindTag(1293));
    out->given.Insert(*FindTag(1294));
    return;
  }
  out->given =
      VisitGroup(value, path, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
        if (tag.number != 1293 && tag.number != 1294) return false;
        ReadInt(v, p, sink, tag.number == 1293 ? &out->numerator_1293 : &out->denominator_1294);
        return true;
      });
}

// 1223 and 1224 are one to the reader: shops mix them up, and their tags do not overlap.
void ReadAgentGroup(int group, const JsonValue& value, const Path& path, FaultSink& sink,
                    Item* item) {
  ItemExtras& extras = ExtrasOf(*item);
  if (group == 1223 && !extras.agent_1223) extras.agent_1223.emplace();
  if (group == 1224 && !extras.supplier_1224) extras.supplier_1224.emplace();
  ReadItemGroup(value, path, sink, item);
}

std::string* TextOf(int tag, ItemExtras& extras) {
  switch (tag) {
    case 1162:
      return &extras.code_1162;
    case 1197:
      return &extras.unit_name_1197;
    case 1226:
      return &extras.supplier_inn_1226;
    case 1230:
      return &extras.country_1230;
    default:
      return &extras.customs_1231;
  }
}

int* NumberOf(int tag, ItemExtras& extras) {
  switch (tag) {
    case 1222:
      return &extras.agent_type_1222;
    case 2003:
      return &extras.status_2003;
    case 2100:
      return &extras.code_type_2100;
    default:
      return &extras.mode_2102;
  }
}

base::Money* SumOf(int tag, ItemExtras& extras) {
  switch (tag) {
    case 1198:
      return &extras.unit_vat_1198;
    case 1200:
      return &extras.vat_amount_1200;
    default:
      return &extras.excise_1229;
  }
}

}  // namespace

std::string MarkingCode(std::string_view posted) {
  const auto is_gs1 = [](std::string_view code) {
    return code.size() > 18 && code.substr(0, 2) == "01" && code.substr(16, 2) == "21";
  };
  if (posted.find(kGroupSeparator) != std::string_view::npos || is_gs1(posted)) {
    return std::string(posted);
  }
  const auto decoded = base::Base64DecodeLenient(posted);
  const auto is_of_code = [](char c) { return (c >= ' ' && c <= '~') || c == kGroupSeparator; };
  const bool is_code =
      decoded && !decoded->empty() && std::all_of(decoded->begin(), decoded->end(), is_of_code);
  return is_code ? *decoded : std::string(posted);
}

bool ReadItemExtra(const Tag& tag, const JsonValue& value, const Path& path, FaultSink& sink,
                   Item* item) {
  std::string_view text;
  switch (tag.number) {
    case 1222:
    case 2003:
    case 2100:
    case 2102:
      ReadEnum(tag, value, path, sink, NumberOf(tag.number, ExtrasOf(*item)));
      break;
    case 1162:
    case 1197:
    case 1226:
    case 1230:
    case 1231:
      ReadWord(value, path, sink, TextOf(tag.number, ExtrasOf(*item)));
      break;
    case 1198:
    case 1200:
    case 1229:
      ReadMoney(value, path, sink, SumOf(tag.number, ExtrasOf(*item)));
      break;
    case 1223:
    case 1224:
      ReadAgentGroup(tag.number, value, path, sink, item);
      break;
    case 1260:
    case 1261:
      ReadIndustries(value, path, sink, &ExtrasOf(*item).industries_1260);
      break;
    case 1291:
      ReadFraction(value, path, sink, &ExtrasOf(*item).fraction_1291.emplace());
      break;
    case 2000:
      if (ReadText(value, path, sink, &text)) ExtrasOf(*item).marking_code_2000 = MarkingCode(text);
      break;
    default:
      return false;
  }
  item->given.Insert(tag);
  return true;
}

void ReadItemGroup(const JsonValue& value, const Path& path, FaultSink& sink, Item* item) {
  VisitGroup(value, path, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
    // Whatever is posted: a group in a group ends here.
    if (tag.type == TagType::kGroup && tag.number != 1291) return false;
    ItemExtras& extras = ExtrasOf(*item);
    return ReadAgentTag(tag, v, p, sink, &extras.agent_1223, &extras.supplier_1224) ||
           ReadItemExtra(tag, v, p, sink, item);
  });
}

}  // namespace fiscalgate::ffd
