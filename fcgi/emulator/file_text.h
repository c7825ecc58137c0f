// A small file that an operator names: a key, a mapping. Any thread.
#pragma once

#include <string>

#include "lib/base/result.h"

namespace fiscalgate::emulator {

// Errors: kNotFound, kTooLarge.
base::Result<std::string> FileText(const std::string& path);

}  // namespace fiscalgate::emulator
