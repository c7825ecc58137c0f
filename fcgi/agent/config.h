// The configuration file: `key = value` lines, a `[register NAME]` section for each register. It
// holds keys, so it is readable by its owner only, and nothing of a key gets into an error. One
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform.h"

namespace fiscalgate::agent {

inline constexpr char kDefaultDriver[] = "http://localhost:44735";

struct RegisterConfig {
  std::string name;
  std::string gateway;
  std::string key;
  std::string driver = kDefaultDriver;
  std::string ca;     // file
  std::string proxy;  // "" = the system's, "none", or an address
  bool plain_http = false;
};

struct Config {
  std::string lang;
  std::string log;                     // file; "" = standard output
  std::string state;                   // folder
  std::int64_t renew_s = kRenewS;      // between two renewals of a lease
  std::int64_t probe_s = kProbeS;      // between two looks whether the driver is there
  std::int64_t grace_s = kStopGraceS;  // for the driver, when the agent is stopped
  std::vector<RegisterConfig> registers;

  RegisterConfig* Find(std::string_view name);
};

// `error` names the line and what is wrong with it.
std::optional<Config> ParseConfig(std::string_view text, std::string* error);
std::string WriteConfig(const Config& config);

std::optional<Config> LoadConfig(const std::string& path, std::string* error);

// Empty, or what is wrong with these settings.
std::string FaultOf(const RegisterConfig& config);

// What is checked above, as the platform wants it.
platform::Route RouteOf(const RegisterConfig& config);
Address DriverOf(const RegisterConfig& config);

}  // namespace fiscalgate::agent
