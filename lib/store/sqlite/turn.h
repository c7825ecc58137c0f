// The turn at a store in a file: a lock on another file beside it, which stays there, empty.
#pragma once

#include <memory>
#include <string>

#include "lib/store/turn.h"

namespace fiscalgate::store::sqlite {

// Errors: kConflict: another process has it; those of files.
base::Result<std::unique_ptr<Turn>> TakeTurn(const std::string& path);

}  // namespace fiscalgate::store::sqlite
