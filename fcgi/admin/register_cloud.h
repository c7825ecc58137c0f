// The options of a cloud register on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fcgi/admin/cloud_words.h"
#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"

namespace fiscalgate::admin {

// As typed.
struct CloudTyped {
  std::optional<std::string> provider, mapping;
  std::vector<std::string> settings, setting_files, secrets, unset;
};
void AddCloudOptions(CLI::App* verb, CloudTyped* typed);
// Reads files and standard input. Errors: kInvalid, kNotFound, kTooLarge.
Result<CloudOptions> ReadCloudOptions(const CloudTyped& typed);

// Errors: kConflict: the register is to get another provider, and has tasks that are not over.
Status CheckMayChangeProvider(const CloudOptions& options, const task::Register& r,
                              store::Store& store);

// What of the values of receipts may be sent, and what has to be confirmed.
void AddCheckMapping(CLI::App* noun, const DeskPtr& desk);

}  // namespace fiscalgate::admin
