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
#include "lib/base/language.h"
#include "lib/base/result.h"
#include "lib/ffd/check.h"
#include "lib/task/directory.h"

namespace fiscalgate::protocol::bit {

// The fields as posted; `data` is the decoded JSON text: base64, then percent-decoding.
struct PostedForm {
  std::string account_id, kkt_token, bank_token, order_id;
  std::string data;          // the exact text the shop signed
  std::string encoded_data;  // BIT_DATA as it arrived (base64; for shops that sign that)
  std::string callback_success, callback_failed, prog_url, signature;
};

// Errors: kMalformed: which field is missing, posted twice, cannot be decoded, or is over its
// limit; kTooLarge: the form or BIT_DATA as a whole. Texts name the field, never its value.
base::Result<PostedForm> DecodeForm(std::string_view body);

// What an error of DecodeForm or ReadPackage says to a person.
std::string FormErrorText(const base::Error& error, base::Language language);

// md5(account + token + order + data + success + failed + code), in constant time, with the current
// code or, until it runs out, the previous one. A shop may be allowed to sign BIT_DATA as encoded.
bool SignatureMatches(const PostedForm& form, const task::Shop& shop, base::WallTime now);
// What a client computes: for tests, the sample shop and the documentation page.
std::string Sign(const PostedForm& form, std::string_view code);

// What makes two posts of one order "the same content": SHA-256 over token, bank token, data and
// callbacks.
std::string ContentHash(const PostedForm& form);

struct PackageCommand {
  std::string name, type;                  // type in its documented Latin spelling
  const base::JsonValue* value = nullptr;  // the whole command object, in the document, as posted
};

// A receipt in the package, as it would be printed.
struct PackageReceipt {
  std::size_t command = 0;  // its place in `commands`
  ffd::Receipt receipt;
  ffd::TlvSize size;
};

struct ReadPackageResult {
  base::JsonDocument document;  // of a single receipt: of the list it was wrapped into
  std::vector<PackageCommand> commands;
  std::string commands_json;  // what is stored and relayed: a JSON list, command bytes as posted
  ffd::Faults faults;         // empty: acceptable
  ffd::Faults warnings;       // never block
  std::vector<PackageReceipt> receipts = {};
  bool is_lone = false;  // one receipt object was posted: paths begin at it
};

// Reads a list of commands, or one receipt object (API 1.0 and 1.1), whose faults have paths from
// the posted root. Receipts are checked by all rules of the fiscal document. What goes to the
// register differs from what was posted only in mistyped command types and, if the options replace
// VAT rates, in those. Errors: kMalformed: not JSON (with the place), kTooLarge. All other faults
// are in the result; with faults, `commands_json` is empty and the receipts mean little.
base::Result<ReadPackageResult> ReadPackage(std::string_view data, const ffd::CheckOptions& options,
                                            base::JsonReader reader = base::JsonReader::kSimdjson);

}  // namespace fiscalgate::protocol::bit
