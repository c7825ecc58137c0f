#include "lib/store/dialect.h"

#include <string_view>

namespace fiscalgate::store {
namespace {

void Replace(std::string* text, std::string_view place, const std::string& with) {
  for (std::size_t at = text->find(place); at != std::string::npos; at = text->find(place, at)) {
    text->replace(at, place.size(), with);
    at += with.size();
  }
}

}  // namespace

std::string Filled(std::string text, const std::string& table, const std::string& column) {
  Replace(&text, "{table}", table);
  Replace(&text, "{column}", column);
  return text;
}

}  // namespace fiscalgate::store
