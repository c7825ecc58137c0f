// The only place that knows toml++: reads one TOML file and hands out typed values.
//
// Every fault names file, line and key, and all faults are collected, so that `--check-config`
// shows them together. Keys that nobody asked for are faults too: a misspelt limit must not be
// silently ignored. An environment variable overrides a key: FISCALGATE_CALLBACK_TIMEOUT_MS for
// callback.timeout_ms. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace fiscalgate::base {

class ConfigFile {
 public:
  // Errors: kNotFound, kMalformed ("fiscalgate.toml:12: ...").
  static Result<ConfigFile> Load(const std::string& path);
  static Result<ConfigFile> Parse(std::string_view text, const std::string& name);
  ConfigFile(ConfigFile&&) noexcept;
  ConfigFile& operator=(ConfigFile&&) noexcept;
  ~ConfigFile();

  // `key` is dotted ("callback.timeout_ms"). A missing key gives `otherwise`; a wrong type or a
  // number outside [min, max] is a fault and gives `otherwise`.
  std::string Text(std::string_view key, std::string_view otherwise);
  std::int64_t Int(std::string_view key, std::int64_t otherwise, std::int64_t min,
                   std::int64_t max);
  bool Bool(std::string_view key, bool otherwise);
  std::vector<std::string> List(std::string_view key, std::vector<std::string> otherwise = {});
  // For rules the caller checks itself; the place of the key is added.
  void AddFault(std::string_view key, std::string_view text);

  // After all values were read: the faults, unknown keys among them, in line order.
  std::vector<std::string> Faults() const;

 private:
  struct Impl;
  explicit ConfigFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fiscalgate::base
