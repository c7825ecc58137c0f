// `fiscalgate admin`: what an operator does on the command line. It opens the store itself, beside
// a running gateway, which notices within a moment.
#pragma once

namespace CLI {
class App;
}

namespace fiscalgate {

// Adds the command to the program. What it did is in *exit_code after parsing: 0, or 1 with a line
// on standard error that says what to do.
void AddAdminCommands(CLI::App& app, int* exit_code);

}  // namespace fiscalgate
