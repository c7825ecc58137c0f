// The query string of a request. Pure; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/text.h"

namespace fiscalgate {

class Query {
 public:
  // A query that cannot be read has no fields.
  explicit Query(std::string_view query);
  // The first field of that name, or "".
  std::string_view Text(std::string_view name) const;
  // `otherwise` if the field is missing; empty if it is no number in [min, max].
  std::optional<std::int64_t> Int(std::string_view name, std::int64_t otherwise, std::int64_t min,
                                  std::int64_t max) const;

 private:
  base::FormFields fields_;
};

}  // namespace fiscalgate
