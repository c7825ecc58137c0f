// Tables of vectors under tests/data, for tests that run over their rows.
#pragma once

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "lib/base/json.h"

namespace fiscalgate::testing {

inline std::string ReadData(const std::string& name) {
  std::ifstream file("tests/data/" + name, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file, "cannot open tests/data/" + name + ": run from the top folder");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline base::JsonDocument LoadTable(const std::string& name) {
  auto table = base::ParseJson(ReadData(name));
  BOOST_REQUIRE_MESSAGE(table.ok(), name);
  return std::move(table).value();
}

inline std::string Text(const base::JsonValue& row, std::string_view key) {
  return std::string(row.FindText(key));
}

inline bool Flag(const base::JsonValue& row, std::string_view key) {
  const base::JsonValue* value = row.Find(key);
  return value != nullptr && value->boolean;
}

}  // namespace fiscalgate::testing
