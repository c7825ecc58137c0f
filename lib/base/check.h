// FG_CHECK(condition): a bug stops the process, in every build. The supervisor starts it again and
// the store recovers; going on with a broken invariant could print a receipt twice.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace fiscalgate::base {

[[noreturn]] inline void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace fiscalgate::base

#define FG_CHECK(condition)                            \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::fiscalgate::base::CheckFailed(#condition, __FILE__, __LINE__))
