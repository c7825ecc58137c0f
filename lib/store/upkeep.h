// What is done to a store as a whole, by an operator and not by the gateway. One thread; may take
// as long as the store is large.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace fiscalgate::store {

struct Migrated {
  int from = 0, to = 0;  // versions of the tables; 0 = there were none
};
// Brings the tables to the version of this program. Only forwards; programs that do it at the same
// time take turns. Errors: those of opening; kInternal: made by a newer version.
base::Result<Migrated> MigrateStore(const std::string& url);

struct CopiedTable {
  std::string name;
  std::int64_t rows = 0;
  std::string sum;  // of all its rows as they were read back, whatever their order
};
// Everything in `from`, an SQLite file that nobody else can write to meanwhile, into `to`, an empty
// PostgreSQL database. All of it or nothing: every table is read back and compared before the
// commit. The key file stays the same. Errors: kInvalid (wrong kinds of stores, or another version
// of the tables), kConflict (the other one is not empty), kInternal (what was read back differs).
base::Result<std::vector<CopiedTable>> CopyStore(const std::string& from, const std::string& to);

}  // namespace fiscalgate::store
