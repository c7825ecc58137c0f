// What the emulated driver says of one command. Only the documents themselves go into it, so that a
// command answered from memory is answered in the same words. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "lib/register/virtual_register.h"
#include "lib/register/virtual_terminal.h"
#include "lib/task/task.h"

namespace fiscalgate::emulator {

task::CommandResult Done(const register_::Printed& document);
task::CommandResult Done(const register_::Slip& slip);
// With a printed text and no document behind it.
task::CommandResult DoneText(std::string_view words, std::string_view printed_text);
task::CommandResult Failed(std::string_view words);

}  // namespace fiscalgate::emulator
