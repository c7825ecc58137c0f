// A register as typed and as shown. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/task/directory.h"

namespace fiscalgate::admin {

// What was given on the command line; the rest stays as it is.
struct RegisterOptions {
  std::optional<std::string> token, bank_token, url, pin, headers, body, ffd_version, profile;
  std::optional<bool> deduplicating, pass_unknown;
  std::optional<int> timeout_ms, taxation_mask;
  std::vector<std::string> shops;  // account ids, added
};

// Errors: kInvalid; kNotFound for a shop that is not in the directory. Then the register is not to
// be used.
base::Status ApplyRegisterOptions(const RegisterOptions& options, const task::Directory& directory,
                                  task::Register* r);

// Makes a token if none is given.
task::Register NewRegister(const std::string& name, const std::string& token);

// The order number is all a deduplicating register tells orders by, and two shops may use the same.
base::Status CheckSharing(const task::Register& r);
// Errors: kNotFound: no such shop.
base::Status LinkShop(const std::string& account, const task::Directory& directory,
                      task::Register* r);
base::Status UnlinkShop(const std::string& account, const task::Directory& directory,
                        task::Register* r);

void WriteRegister(const task::Register& r, const task::Directory& directory, bool reveal,
                   base::JsonWriter* writer);
std::string RegisterSheet(const task::Register& r, const task::Directory& directory, bool reveal);
std::string RegisterTable(const task::Directory& directory);
// What the shops' owners have to enter on their sites.
std::string RegisterToPaste(const task::Register& r);

}  // namespace fiscalgate::admin
