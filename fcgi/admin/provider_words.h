// Providers of cloud registers as shown: what they want to know, and how they write the values of
// receipts. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcgi/cloud_providers.h"
#include "lib/base/json.h"
#include "lib/protocol/cloud.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate::admin {

// One value of a tag, or a tag whose value is carried as it is.
struct MappingLine {
  std::string_view group;  // "vat"; of what has no place: ""
  int tag = 0, tag_value = protocol::kCarried;
  std::string_view meaning;  // of the value, or of the tag
  std::string value, field;  // the provider's
  // documented, confirmed or left_out: it is sent, or need not be. inferred or unknown: only once
  // it is confirmed. not_expressible: there is no place for it.
  std::string_view state;
  std::string_view source;
};
// The table's rows, then what the provider cannot be told.
std::vector<MappingLine> MappingLines(const protocol::Mapping& mapping);
void WriteMappingLines(const std::vector<MappingLine>& lines, base::JsonWriter* writer);
std::string MappingLinesTable(const std::vector<MappingLine>& lines);

void WriteProvider(const protocol::CloudProvider& provider, base::JsonWriter* writer);
std::string ProviderText(const protocol::CloudProvider& provider);
void WriteProviders(const CloudProviders& providers, base::JsonWriter* writer);
std::string ProviderTable(const CloudProviders& providers);

}  // namespace fiscalgate::admin
