// What an operator gives by file or at the keyboard instead of on the command line, where everybody
// on the machine can read it. Called once each by a command; blocks on the keyboard.
#pragma once

#include <string>

#include "lib/base/result.h"

namespace fiscalgate::admin {

// The whole file; "-" is standard input. Errors: kNotFound; kTooLarge over kMaxBodyBytes.
base::Result<std::string> ReadAll(const std::string& path);

// "@FILE" -> what the file holds, without its last line end; "-" -> standard input likewise, one
// line, not shown, if a person types it; every other text is taken as it is.
base::Result<std::string> ReadGiven(const std::string& text, const std::string& prompt);

}  // namespace fiscalgate::admin
