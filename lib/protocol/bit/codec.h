// The wire form of a command list towards a BIT driver, and of its answer. Used by the provider
// (writes requests, reads answers) and by the emulator (reads requests, writes answers). Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/http/message.h"
#include "lib/task/directory.h"
#include "lib/task/task.h"

namespace fiscalgate::protocol::bit {

// ---- requests
struct DriverRequest {
  std::string order_id, kkt_token, bank_token;
  std::string commands;  // JSON list
};

enum class BodyEncoding {
  kJson,
  kForm,
  kBase64,
  kHex
};                                         // Content-Type decides (driver >= 1.26.15)
enum class HeaderGeneration { k12, k15 };  // token-named headers, or BIT_*

http::Request EncodeDriverRequest(const DriverRequest& request, const std::string& url,
                                  HeaderGeneration generation, BodyEncoding encoding);
// Reads every generation and encoding. For 1.2 the tokens are header NAMES with value 1:
// `known_tokens` are looked for. Errors: kMalformed.
base::Result<DriverRequest> DecodeDriverRequest(const http::Request& request,
                                                const std::vector<std::string>& known_tokens);

// ---- answers: {"result":false,"error":...} or entries {"0":{name,success|error,...},...}
struct DriverAnswer {
  bool refused = false;  // the whole packet
  std::string error;     // of a refused packet
  std::vector<task::CommandResult> entries;
};
// `sent` are the commands as sent, in order: entries are matched by position. Errors: kBadAnswer:
// cannot be understood (then nothing is known of what was printed).
base::Result<DriverAnswer> DecodeDriverAnswer(std::string_view body,
                                              const std::vector<task::CommandResult>& sent);
std::string EncodeDriverAnswer(const DriverAnswer& answer);

// ---- what the shop gets:
// {"0":{name,type,success|error,...},...,"result","id","order_id","seq","state"}
std::string WriteShopResult(const task::Task& task, const std::vector<task::CommandResult>& results,
                            std::int64_t seq);

}  // namespace fiscalgate::protocol::bit
