// The commands of the program, one function each; they give the exit status. The main thread calls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcgi/agent/config.h"

namespace fiscalgate::agent {

// What was given on the command line.
struct Options {
  std::string command;
  std::string config;  // file
  std::string root;    // in front of all paths, for packagers and tests
  bool service = false, purge = false, plain_http = false;
  std::string gateway, key, name, driver, ca, proxy;
};

// Empty: `error` says what is wrong.
std::optional<Options> ParseOptions(const std::vector<std::string>& words, std::string* error);
std::string HelpText();

int RunCommand(const Options& options);
int InstallCommand(const Options& options);
int UninstallCommand(const Options& options);
int CheckCommand(const Options& options);
int StatusCommand(const Options& options);

// The configuration with its places filled in; said on standard error if it cannot be had.
std::optional<Config> ConfigFor(const Options& options);
std::string ConfigPath(const Options& options);
int Complain(const std::string& what);

}  // namespace fiscalgate::agent
