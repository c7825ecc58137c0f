// One SQL connection, as the store needs it: the seam between the typed operations (SQL written
// once, with $1 placeholders) and an engine. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/result.h"

namespace fiscalgate::store {

// A bound value; text and bytes are only viewed, for the time of the call.
struct Bytes {
  std::string_view view;
};
using Param = std::variant<std::nullptr_t, std::int64_t, std::string_view, Bytes>;
// All values of one statement: $1 is the first. Only viewed, like what is in them.
class Params {
 public:
  Params() = default;
  Params(std::initializer_list<Param> list) : first_(std::data(list)), size_(list.size()) {}
  Params(const std::vector<Param>& list) : first_(list.data()), size_(list.size()) {}
  std::size_t size() const { return size_; }
  const Param& operator[](std::size_t index) const { return first_[index]; }

 private:
  const Param* first_ = nullptr;
  std::size_t size_ = 0;
};

// The current row of a result; valid only inside the callback.
class Row {
 public:
  virtual ~Row() = default;
  virtual std::int64_t Int(int column) const = 0;
  virtual std::string Text(int column) const = 0;  // also for bytes
  virtual bool IsNull(int column) const = 0;
};

// One of several that need nothing of each other's rows.
struct Statement {
  std::string_view sql;
  std::vector<Param> params;  // viewed until it has run
  std::function<void(const Row&)> on_row = nullptr;
};

class Connection {
 public:
  virtual ~Connection() = default;
  // Runs one statement; prepared once and kept, by its text. Gives the number of rows changed (or
  // read). Errors: kUnavailable (disk full, locked too long), kConflict (a constraint), kInvalid
  // (a text the engine cannot keep), kInternal (all else). With Retry::kAtOnce the whole
  // transaction may go through if it is run again: another one stood in its way.
  virtual base::Result<std::int64_t> Run(
      std::string_view sql, Params params = {},
      const std::function<void(const Row&)>& on_row = nullptr) = 0;
  // The same for several, in order; the first error ends it. An engine over a network does it in
  // one round trip.
  virtual base::Status RunAll(const std::vector<Statement>& statements) {
    for (const Statement& statement : statements) {
      base::Result<std::int64_t> done = Run(statement.sql, statement.params, statement.on_row);
      if (!done) return done.error();
    }
    return base::Ok();
  }
  virtual base::Status Begin() = 0;      // for writing
  virtual base::Status BeginRead() = 0;  // one snapshot for several reads; ended by Rollback
  // An error with Retry::kUnknown: the answer never came. Then nothing else may be done here until
  // WasCommitted has told how it ended.
  virtual base::Status Commit() = 0;
  // The end of a transaction: RunAll and Commit, in one round trip where that spares one. The
  // errors of both; after one of a statement the transaction is as after one of RunAll.
  virtual base::Status RunAllAndCommit(const std::vector<Statement>& statements) {
    base::Status done = RunAll(statements);
    return done.ok() ? Commit() : done;
  }
  // Errors: kUnavailable: it cannot be told yet; ask again.
  virtual base::Result<bool> WasCommitted() {
    return base::Error{base::Code::kInternal, "this engine always knows"};
  }
  // Also when no transaction is open (an engine may have ended it by itself): then it does nothing.
  virtual void Rollback() = 0;
};

}  // namespace fiscalgate::store
