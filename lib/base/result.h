// Result<T>: a value, or an Error that says what failed outside of us and whether trying again
// helps.
//
// Three kinds of failure, three forms (see README, "How errors travel"):
//   * an expected outcome is an enum in the value (created, same, conflict), not an error;
//   * a failure from outside is a Result with one of the codes below;
//   * a bug is FG_CHECK: the process prints where and aborts, and the store recovers at the next
//   start.
// Our code does not throw. Libraries that throw are caught in their wrapper and become an Error.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "lib/base/check.h"

namespace fiscalgate::base {

// The closed list of failures. One table (fcgi/error_reply) maps it to an HTTP status and to text.
enum class Code {
  kMalformed,     // the bytes cannot be read as what they should be
  kUnauthorized,  // unknown shop or wrong signature
  kForbidden,     // known, but not allowed
  kNotFound,
  kConflict,  // the same name with other content, or a row that has changed meanwhile
  kTooLarge,  // over a limit of base/limits.h
  kInvalid,   // well-formed, but breaks a rule
  kRateLimited,
  kUnavailable,  // saturated, disk full, stopping: the same request may succeed later
  kTimeout,
  kUnreachable,  // no connection: nothing was sent
  kBadAnswer,    // a peer answered with something that cannot be used
  kInternal,
};

// kUnknown: nobody knows whether it was done.
enum class Retry { kNever, kLater, kAtOnce, kUnknown };

struct Error {
  Code code = Code::kInternal;
  std::string what;  // for the log and for operators; never holds a secret
  Retry retry = Retry::kNever;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    FG_CHECK(ok());
    return std::get<0>(state_);
  }
  T& value() & {
    FG_CHECK(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    FG_CHECK(ok());
    return std::get<0>(std::move(state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const {
    FG_CHECK(!ok());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

// For operations that give nothing back but may fail.
struct Unit {};
using Status = Result<Unit>;
inline Status Ok() { return Unit{}; }

}  // namespace fiscalgate::base
