// A register as typed and as shown. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcgi/admin/shift_words.h"
#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/store/store.h"
#include "lib/task/directory.h"

namespace fiscalgate::admin {

// What was given on the command line; the rest stays as it is.
struct RegisterOptions {
  std::optional<std::string> token, bank_token, url, pin, headers, body, ffd_version, profile, via;
  std::optional<bool> deduplicating, pass_unknown;
  std::optional<int> timeout_ms, taxation_mask;
  std::vector<std::string> shops;  // account ids, added
  ShiftOptions shift;
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

// What came from its agent and from itself; null: nothing yet.
struct RegisterNews {
  const store::AgentStatus* agent = nullptr;
  const task::DeviceState* device = nullptr;
  base::WallTime now;
};
void WriteRegister(const task::Register& r, const task::Directory& directory, bool reveal,
                   base::JsonWriter* writer, const RegisterNews* news = nullptr);
std::string RegisterSheet(const task::Register& r, const task::Directory& directory, bool reveal);
std::string RegisterTable(const task::Directory& directory);
// Below the sheet of a register that an agent serves; `agent` is null if none has called yet.
void WriteAgent(const task::Register& r, const store::AgentStatus* agent, base::JsonWriter* writer);
std::string AgentSheet(const task::Register& r, const store::AgentStatus* agent,
                       base::WallTime now);

// What an agent needs to know, ready to paste on the computer beside the register.
struct AgentSetup {
  std::string gateway, key, name;
};
// The register's name on that computer.
std::string LocalNameOf(const task::Register& r);
// Errors: kInvalid: no address that an agent could call.
base::Status CheckGateway(const std::string& url);
// A new key where there is none or one is asked for; for another computer it is bound anew.
void RenewAgentKey(bool rotate, bool new_pc, task::Register* r);
void WriteAgentSetup(const task::Register& r, const AgentSetup& setup, base::JsonWriter* writer);
std::string AgentSetupToPaste(const AgentSetup& setup);

// What the shops' owners have to enter on their sites.
std::string RegisterToPaste(const task::Register& r);

}  // namespace fiscalgate::admin
