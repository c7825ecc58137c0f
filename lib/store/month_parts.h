// What an engine that keeps months apart can do with a whole one: it has a part of its own in each
// of several tables. Without state; on a connection for changes of the tables, in no transaction.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/store/connection.h"
#include "lib/store/month.h"

namespace fiscalgate::store {

class MonthParts {
 public:
  virtual ~MonthParts() = default;
  // Makes the parts of this month and of the next two, by the server's clock. Cheap if they are
  // there. Any number of nodes at once. What has no part goes to one for the rest, and from there
  // into its own when that is made. Readers and writers are held up for a moment at most: rather it
  // gives up. Errors: kUnavailable: somebody uses the tables for long; try again later.
  virtual base::Status Make(Connection& connection) const = 0;

  // Takes the parts of a month out of their tables: nobody sees their rows any more, or changes
  // them. `may` is asked when nobody can change them any more; its error leaves all as it was.
  // Errors: kUnavailable, like Make.
  using May = std::function<base::Status(Connection&)>;
  virtual base::Status TakeOut(Connection& connection, Month month, const May& may) const = 0;
  // Puts those back that are out, with what was written beside them meanwhile.
  virtual base::Status PutBack(Connection& connection, Month month) const = 0;
  // In the caller's transaction: nobody else does anything with the parts before it is over.
  // Errors: kConflict: not all of them are out.
  virtual base::Status Seal(Connection& connection, Month month) const = 0;
  // For good; in the same transaction, if all are sealed.
  virtual base::Status Drop(Connection& connection, Month month) const = 0;
  // In the caller's transaction, which is to be a short one: nobody else does anything with any
  // task before it is over. Errors: kUnavailable, like Make.
  virtual base::Status HoldAll(Connection& connection) const = 0;
  // Months with parts that are out: somebody was interrupted.
  virtual base::Result<std::vector<Month>> ThatAreOut(Connection& connection) const = 0;

  // The name of a part; of a table without parts its own.
  virtual std::string PartOf(const std::string& table, Month month) const = 0;
};

}  // namespace fiscalgate::store
