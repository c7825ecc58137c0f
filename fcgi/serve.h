// `fiscalgate serve`: the gateway. And `fiscalgate --check-config`.
#pragma once

#include <string>

namespace fiscalgate {

// Runs until SIGTERM or SIGINT; SIGHUP reloads. The exit code: 0, or 1 if it could not start.
// Main thread only, before any other thread is there.
int Serve(const std::string& config_path);

// Prints every fault with file and line, or "OK". The exit code: 0, or 1 if there are faults.
int CheckConfig(const std::string& config_path);

}  // namespace fiscalgate
