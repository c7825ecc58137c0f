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

// What a register says of itself in the reports of a shift; set by a control call.
struct DeviceTags {
  bool fn_replace_1050 = false, fn_exhausted_1051 = false, fn_memory_1052 = false;
  bool ofd_timeout_1053 = false;
  std::int64_t unsent_1097 = 0;
  std::string first_unsent_1098;  // "2026-01-31"; empty = not said
};
// Into the entry of a report that was printed.
void AddDeviceTags(const DeviceTags& tags, task::CommandResult* result);

}  // namespace fiscalgate::emulator
