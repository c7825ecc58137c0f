#include "fcgi/query.h"

#include <charconv>
#include <utility>

namespace fiscalgate {

Query::Query(std::string_view query) {
  if (auto fields = base::ParseForm(query)) fields_ = std::move(fields).value();
}

std::string_view Query::Text(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (key == name) return value;
  }
  return {};
}

std::optional<std::int64_t> Query::Int(std::string_view name, std::int64_t otherwise,
                                       std::int64_t min, std::int64_t max) const {
  const std::string_view text = Text(name);
  if (text.empty()) return otherwise;
  std::int64_t value = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  if (value < min || value > max) return std::nullopt;
  return value;
}

}  // namespace fiscalgate
