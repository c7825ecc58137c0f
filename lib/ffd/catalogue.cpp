#include "lib/ffd/catalogue.h"

#include "lib/ffd/fault_table.h"

namespace fiscalgate::ffd {
namespace {

std::string RankName(FaultRank rank) {
  switch (rank) {
    case FaultRank::kError:
      return "error";
    case FaultRank::kWarning:
      return "warning";
    case FaultRank::kSwitchable:
      return "switchable";
  }
  return "";
}

}  // namespace

std::vector<CatalogueEntry> Catalogue() {
  std::vector<CatalogueEntry> entries;
  entries.reserve(kFaultCodes);
  for (const FaultRow& row : AllFaults()) {
    const Fault bare{"", row.code, "", "", Severity::kError};
    entries.push_back({std::string(row.name), RankName(row.rank),
                       FaultText(bare, base::Language::kRussian),
                       FaultText(bare, base::Language::kEnglish), std::string(row.source),
                       std::string(row.example)});
  }
  return entries;
}

void WriteCatalogue(base::JsonWriter* writer) {
  writer->BeginArray();
  for (const CatalogueEntry& entry : Catalogue()) {
    writer->BeginObject().Key("code").String(entry.code).Key("severity").String(entry.severity);
    writer->Key("ru").String(entry.ru).Key("en").String(entry.en);
    writer->Key("source").String(entry.source).Key("example").String(entry.example).EndObject();
  }
  writer->EndArray();
}

}  // namespace fiscalgate::ffd
