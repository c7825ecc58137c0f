// What the commands say to CLI11 alike.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace fiscalgate::admin {

// A noun: its verbs follow; options of the program may come after them.
inline CLI::App* AddNoun(CLI::App& admin, const std::string& name, const std::string& what) {
  CLI::App* noun = admin.add_subcommand(name, what);
  noun->fallthrough()->require_subcommand(1);
  return noun;
}

inline CLI::App* AddVerb(CLI::App* noun, const std::string& name, const std::string& what) {
  CLI::App* verb = noun->add_subcommand(name, what);
  verb->fallthrough();
  return verb;
}

// --name and --no-name; not given leaves it empty.
inline void AddSwitch(CLI::App* verb, const std::string& name, std::optional<bool>* value,
                      const std::string& what) {
  verb->add_flag_function(
      "--" + name + ",!--no-" + name, [value](std::int64_t count) { *value = count > 0; }, what);
}

}  // namespace fiscalgate::admin
