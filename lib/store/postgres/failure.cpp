#include "lib/store/postgres/failure.h"

namespace fiscalgate::store::postgres {
namespace {

using base::Code;
using base::Error;
using base::Retry;

bool Begins(std::string_view text, std::string_view with) { return text.rfind(with, 0) == 0; }

// The server is going, coming, or not the one to write to; or it has lost what we had prepared.
bool EndsTheLink(std::string_view state, std::string_view severity) {
  return severity == "FATAL" || severity == "PANIC" || Begins(state, "08") ||
         Begins(state, "57P") || state == "25006" || state == "25P03" || state == "26000" ||
         state == "42P05";
}

// A prepared statement whose columns have changed with the tables: another connection prepares it
// anew. (What it says depends on the server's language; so does this.)
bool IsOfAnOldPlan(std::string_view state, const std::string& what) {
  return state == "0A000" && what.find("cached plan") != std::string::npos;
}

Error ErrorOf(std::string_view state, const std::string& what) {
  if (state == "40001" || state == "40P01") {
    return {Code::kUnavailable, "another transaction stood in the way: " + what, Retry::kAtOnce};
  }
  if (state == "53100") return {Code::kUnavailable, "the disk is full: " + what, Retry::kLater};
  if (state == "55P03") {
    return {Code::kUnavailable, "another transaction holds a lock: " + what, Retry::kLater};
  }
  if (state == "57014") {
    return {Code::kTimeout, "the question took too long, ask for less: " + what};
  }
  if (state == "22021" || state == "22P05") {
    return {Code::kInvalid, "a text is not what the database can keep: " + what};
  }
  if (Begins(state, "23")) return {Code::kConflict, what};
  if (Begins(state, "53") || Begins(state, "58")) {
    return {Code::kUnavailable, "the server is short of something: " + what, Retry::kLater};
  }
  return {Code::kInternal, what};
}

}  // namespace

Failure FailureOf(std::string_view sqlstate, std::string_view severity, const std::string& what,
                  std::string_view sql) {
  const std::string text = "postgresql: " + what + " (" + std::string(sqlstate) + ") in \"" +
                           std::string(sql.substr(0, 40)) + "\"";
  if (EndsTheLink(sqlstate, severity) || IsOfAnOldPlan(sqlstate, what)) return LostLink(text);
  return {ErrorOf(sqlstate, text), false};
}

Failure LostLink(const std::string& what) {
  return {{Code::kUnavailable, "the database cannot be reached: " + what, Retry::kLater}, true};
}

}  // namespace fiscalgate::store::postgres
