// The BIT cloud API as served to shops: the form of create-receipt (API 1.0 to 1.5, sections 4 to 6
// of its description), decoded, its signature checked, its commands read.
//
// Pure; any thread. Three steps, so that a caller can stop at the first that fails:
//   DecodeForm -> (find the shop) -> SignatureMatches -> ReadPackage
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/ffd/fault.h"
#include "lib/ffd/reader.h"
#include "lib/task/directory.h"

namespace fiscalgate::protocol::bit {

// The fields as posted; `data` is the decoded JSON text: base64, then percent-decoding.
struct PostedForm {
  std::string account_id, kkt_token, bank_token, order_id;
  std::string data;          // the exact text the shop signed
  std::string encoded_data;  // BIT_DATA as it arrived (base64; for shops that sign that)
  std::string callback_success, callback_failed, prog_url, signature;
};

// Errors: kMalformed: which field is missing, cannot be decoded, or is over its limit.
base::Result<PostedForm> DecodeForm(std::string_view body);

// md5(account + token + order + data + success + failed + code), in constant time, with the current
// code or, until it runs out, the previous one.
bool SignatureMatches(const PostedForm& form, const task::Shop& shop, base::WallTime now);
// What a client computes: for tests, the sample shop and the documentation page.
std::string Sign(const PostedForm& form, std::string_view code);

// What makes two posts of one order "the same content": SHA-256 over token, bank token, data and
// callbacks.
std::string ContentHash(const PostedForm& form);

struct PackageCommand {
  std::string name, type;                  // type in its documented Latin spelling
  const base::JsonValue* value = nullptr;  // the whole command object, in the document
};

struct ReadPackageResult {
  base::JsonDocument document;
  std::vector<PackageCommand> commands;
  std::string commands_json;  // what is stored and relayed: a JSON list, command bytes as posted
  ffd::Faults faults;         // empty: acceptable
};

// Errors: kMalformed: not JSON (with the place). All other faults are in the result.
base::Result<ReadPackageResult> ReadPackage(std::string_view data, const ffd::ReadOptions& options,
                                            base::JsonReader reader = base::JsonReader::kSimdjson);

}  // namespace fiscalgate::protocol::bit
