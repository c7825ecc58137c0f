// The tables, as numbered steps that only go forwards.
//
// A step that was released is never edited: a change is a new step. Run at every Open, on the
// writing connection; two processes that open at once take turns.
#pragma once

#include "lib/store/connection.h"
#include "lib/store/dialect.h"

namespace fiscalgate::store {

// The version this program knows.
int NewestSchemaVersion();

// All missing steps in one transaction, up to `last`. Errors: kInternal "made by a newer version".
base::Status Migrate(Connection& connection, const Dialect& dialect,
                     int last = NewestSchemaVersion());

}  // namespace fiscalgate::store
