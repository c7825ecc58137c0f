// How tables are made that have a part for each month. Texts only; any thread.
#pragma once

#include <string>
#include <vector>

namespace fiscalgate::store::postgres {

// The step of the migrations: makes the tables anew, with what is in them.
std::vector<std::string> MonthTables();

// What a part has for itself alone; "": nothing.
std::string KeyOfPart(const std::string& table);

}  // namespace fiscalgate::store::postgres
