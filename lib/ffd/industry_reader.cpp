#include "lib/ffd/industry_reader.h"

#include "lib/ffd/group_visitor.h"

namespace fiscalgate::ffd {
namespace {

using base::JsonValue;

void ReadIndustry(const JsonValue& value, const Path& path, FaultSink& sink, Industry* out) {
  out->given =
      VisitGroup(value, path, sink, [&](const Tag& tag, const JsonValue& v, const Path& p) {
        switch (tag.number) {
          case 1262:
            return ReadWord(v, p, sink, &out->agency_1262), true;
          case 1263:
            return ReadDateText(v, p, sink, &out->date_1263), true;
          case 1264:
            return ReadWord(v, p, sink, &out->number_1264), true;
          case 1265:
            return ReadWord(v, p, sink, &out->value_1265), true;
          default:
            return false;
        }
      });
}

}  // namespace

void ReadIndustries(const JsonValue& value, const Path& path, FaultSink& sink,
                    std::vector<Industry>* out) {
  ForEachGroup(value, path, [&](const JsonValue& one, const Path& here) {
    ReadIndustry(one, here, sink, &out->emplace_back());
  });
}

void ReadDateText(const JsonValue& value, const Path& path, FaultSink& sink, std::string* out) {
  DateTime date;
  if (ReadDate(value, path, sink, &date)) *out = FormatDay(date.day);
}

}  // namespace fiscalgate::ffd
