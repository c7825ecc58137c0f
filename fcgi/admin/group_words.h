// A group of registers as typed and as shown. Pure.
#pragma once

#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/task/directory.h"

namespace fiscalgate::admin {

base::Result<task::Group> FindGroup(const task::Directory& directory, const std::string& name);

// Registers by name, shops by account id. Errors: kNotFound; kInvalid: a member is checked
// otherwise than the others, answers repeated orders by itself, or there are too many.
base::Status LinkToGroup(const std::vector<std::string>& registers,
                         const std::vector<std::string>& shops, const task::Directory& directory,
                         task::Group* group);
base::Status UnlinkFromGroup(const std::vector<std::string>& registers,
                             const std::vector<std::string>& shops,
                             const task::Directory& directory, task::Group* group);
// Whether `r` as it is to be still fits into the groups it is a member of. Errors: kInvalid.
base::Status CheckGroupsOf(const task::Register& r, const task::Directory& directory);

void WriteGroup(const task::Group& group, const task::Directory& directory, bool reveal,
                base::JsonWriter* writer);
std::string GroupSheet(const task::Group& group, const task::Directory& directory, bool reveal);
std::string GroupTable(const task::Directory& directory);
// What the shops' owners have to enter on their sites.
std::string GroupToPaste(const task::Group& group);

}  // namespace fiscalgate::admin
