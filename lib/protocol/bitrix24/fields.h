// What a portal posts, as a tree of texts: the form PHP makes of nested arrays
// (`items[0][name]=…`), or JSON with the same names. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.h"

namespace fiscalgate::protocol::bitrix24 {

struct Field {
  std::string text;                                    // of a leaf; numbers as they were written
  std::vector<std::pair<std::string, Field>> members;  // in the order posted; of a list "0", "1", …

  const Field* Find(std::string_view key) const;  // nullptr if there is none
  std::string_view Text(std::string_view key) const;
  // What `path` leads to, step by step; "" if there is nothing.
  std::string_view TextAt(std::initializer_list<std::string_view> path) const;
};

// Errors: kMalformed (which field, never its value), kTooLarge. A value that is no text is left out
// where the portal is known to post bytes (`nomenclature_code`), else refused.
base::Result<Field> ReadPosted(std::string_view body);

}  // namespace fiscalgate::protocol::bitrix24
