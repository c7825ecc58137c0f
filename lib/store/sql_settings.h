// What registers and shops have because of cloud registers: settings, secrets and mapping of a
// register, routes of a shop. For sql_directory.cpp only; inside the writer's transaction, but for
// the reads.
#pragma once

#include <vector>

#include "lib/base/crypto.h"
#include "lib/store/connection.h"
#include "lib/store/directory_parts.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

// `registers` and `shops` are in the order of their keys.
Status ReadCloudSettings(Connection& connection, Opener* opener,
                         std::vector<task::Register>* registers);
Status ReadRoutes(Connection& connection, std::vector<task::Shop>* shops);

// Errors: kConflict: another provider, and tasks that are not over.
Status CheckProvider(Connection& connection, const task::Register& r);
Status PutCloudSettings(Connection& connection, task::RegisterKey key, const task::Register& r,
                        const base::KeyRing& keys);
// Errors: kNotFound: a register of a route does not exist; kInvalid: a route to where it begins.
Status PutRoutes(Connection& connection, task::ShopKey key, const task::Shop& shop);

}  // namespace fiscalgate::store
