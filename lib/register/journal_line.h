// A printed document <-> its line in the journal. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/json.h"
#include "lib/register/virtual_register.h"

namespace fiscalgate::register_ {

std::string WriteJournalLine(const Printed& document);
// Empty: not such a line.
std::optional<Printed> ReadJournalLine(std::string_view line);

// A member that is a whole number, for readers of journals.
std::optional<std::int64_t> FindInt(const base::JsonValue& object, std::string_view key);

}  // namespace fiscalgate::register_
