// One position of a document posted to Orange Data. Only for content.cpp. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "fcgi/emulator/cloud/fields.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::emulator::orangedata {

ffd::Item ReadPosition(cloud::Fields* fields, bool is_newest, std::vector<std::string>* errors);

}  // namespace fiscalgate::emulator::orangedata
