// The tables, as numbered steps (steps.h) that only go forwards.
//
// An empty store gets all of them in one transaction; an older one gets each in its own, which
// waits for locks only in short pieces, so that gateways that run meanwhile are never held up for
// long. Programs that do it at the same time take turns. One thread.
#pragma once

#include "lib/store/connection.h"
#include "lib/store/dialect.h"

namespace fiscalgate::store {

// The version this program knows.
int NewestSchemaVersion();

struct Schema {
  int version = 0;  // 0 = there are no tables
  int needs = 0;    // what a program must know at least to run on them
};
base::Result<Schema> ReadSchema(Connection& connection);
// Its version. Both look in a transaction of their own, and leave nothing behind.
base::Result<int> SchemaVersion(Connection& connection);
// The same where nothing can be written; no tables, or none that can be read, are version 0.
Schema FindSchema(Connection& connection);
// Whether this program can run on them once it has brought them up to its own version.
bool RunsOn(const Schema& schema);

// All missing steps, up to `last`; tables of a newer version that need no newer program stay as
// they are. Errors: kInternal "made by a newer version"; kConflict: gateways that run could not go
// on with what is to be done; kUnavailable: somebody holds a lock for too long.
base::Status Migrate(Connection& connection, const Dialect& dialect,
                     int last = NewestSchemaVersion());
// Indexes that a migration which was interrupted has left out, or broken.
base::Status MakeIndexes(Connection& connection, const Dialect& dialect);

}  // namespace fiscalgate::store
