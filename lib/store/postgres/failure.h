// What a failure of the server or of the way to it means for the store.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace fiscalgate::store::postgres {

struct Failure {
  base::Error error;
  // The connection must not be used any more; if it was committing, nobody knows how that ended.
  bool link_is_over = false;
};

// By its SQLSTATE. `what` is the server's own text, without secrets; only the beginning of the
// statement is added to it, never a value.
Failure FailureOf(std::string_view sqlstate, std::string_view severity, const std::string& what,
                  std::string_view sql);

// No answer, or none in time.
Failure LostLink(const std::string& what);

}  // namespace fiscalgate::store::postgres
