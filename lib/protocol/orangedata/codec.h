// The wire form of Orange Data, API 2.31 ("Nebula"): documents and corrections for FFD 1.05 and
// 1.2, their signature, and what the answers mean. For the provider (writes requests, reads
// answers) and the emulator. Pure; any thread. README.md has the certainty of each line.
//
// Every answer is hostile: whatever cannot be understood becomes kUnclear, never "done".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/rsa.h"
#include "lib/ffd/fiscal_mark.h"
#include "lib/ffd/receipt.h"
#include "lib/http/message.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate::protocol::orangedata {

// ---- requests

// Of one register. Nothing here is secret: the signing key and the client certificate are.
struct Account {
  std::string base_url;  // "https://api.orangedata.ru:12003"
  std::string inn;       // 10 or 12 digits
  std::string group;     // of devices; "" lets the provider choose ("Main")
  std::string key;       // the name of the public key that knows the signature
  bool ignore_item_code_check =
      false;  // marking codes that fail the check are printed all the same
};
// Errors: kInvalid: which setting is missing or over its length.
base::Status CheckAccount(const Account& account);

// Where a document goes (documented; the trailing slash of the first three as in the documents).
enum class Endpoint { kDocuments, kCorrections, kCorrections12 };
Endpoint EndpointOf(const ffd::Receipt& receipt, ffd::FfdVersion version);

// The exact bytes that are signed and sent. `id`: 1 to 64 characters, unique in the organisation;
// the same id is never registered twice. The receipt has passed CheckExpressible with this mapping;
// if it has not: kInvalid.
base::Result<std::string> WriteDocument(const Account& account, std::string_view id,
                                        const ffd::Receipt& receipt, ffd::FfdVersion version,
                                        const Mapping& mapping);

// POST with X-Signature over the body's bytes.
http::Request SubmitRequest(const Account& account, Endpoint endpoint, std::string body,
                            const base::RsaPrivateKey& key);
// GET, unsigned (documented).
http::Request StatusRequest(const Account& account, Endpoint endpoint, std::string_view id);
http::Request DevicesRequest(const Account& account);
// POST /check/: is the certificate known and the signature right?
http::Request SelfTestRequest(const Account& account, const base::RsaPrivateKey& key);
// What the buyer may open (documented); of the test hosts another page.
std::string ReceiptPage(const Account& account, std::string_view id);

// ---- answers

enum class SubmitOutcome {
  kAccepted,      // 201: queued
  kExists,        // 409: this id is known: ask for its status (was it ours? see EchoMatches)
  kRefused,       // 400: nothing was registered; the receipt or the signature is wrong (a page of a
                  // web server in its place is unclear)
  kUnauthorized,  // 401: nothing was registered; certificate or key
  kBusy,          // 503, 429: nothing was registered; the same id again after the pause
  kUnclear,       // anything else: repeat the same id, it cannot be registered twice
};
struct SubmitAnswer {
  SubmitOutcome outcome = SubmitOutcome::kUnclear;
  std::vector<std::string> errors;  // as the provider says, cut to kMaxErrorBytes each
  std::optional<std::chrono::seconds> retry_after;
};
SubmitAnswer ReadSubmitAnswer(const http::Response& response);

// Why a marking code was refused (422).
struct MarkingFault {
  std::int64_t position = 0;  // from 0
  std::string item_code;
  std::string check_result;  // the object as answered, cut
};

enum class StatusOutcome {
  kDone,      // 200 with FN, number and sign
  kQueued,    // 202
  kNotFound,  // 400: organisation or receipt not found; after a 201 ask again before believing it
  kUnauthorized,   // 401
  kMarkingFailed,  // 422: not printed, and never will be under this id
  kExpired,        // an empty 524: not printed; a new id is needed
  kBusy,           // 503, 429
  kUnclear,
};
struct StatusAnswer {
  StatusOutcome outcome = StatusOutcome::kUnclear;
  std::optional<ffd::FiscalMark> mark;  // of kDone
  std::string body;                     // of kDone: as answered, to be kept
  std::vector<std::string> errors;
  std::vector<MarkingFault> marking;
  std::optional<std::chrono::seconds> retry_after;
};
// `endpoint`: a correction's mark is of a correction, and corrections of FFD 1.05 know no 422 or
// 524.
StatusAnswer ReadStatusAnswer(const http::Response& response, Endpoint endpoint);

// The body of a 200. Also what beGateway hands on as `receipt_info`. Empty unless fsNumber,
// documentNumber and fp are there and are numbers. The total is the echo's totalSum, else the sum
// of its positions, each rounded half up.
std::optional<ffd::FiscalMark> ReadMark(const base::JsonValue& status);

// Whether a 200 speaks of the document that was sent: id, INN, kind, and the positions' text,
// price, quantity and rate. Numbers are compared by value. A document without positions is compared
// by its sums.
bool EchoMatches(std::string_view status_body, std::string_view document);

// ---- devices

// Documented: a list under "devices"; what an entry looks like is not.
struct Device {
  std::string serial, state;  // "" where no member of a likely name was found
  std::string raw;            // as answered, cut
};
struct DevicesAnswer {
  bool is_read = false;
  std::vector<Device> devices;
  std::vector<std::string> errors;
};
DevicesAnswer ReadDevicesAnswer(const http::Response& response);

// {"errors": ["..."]}, a text, or nothing.
std::vector<std::string> ReadErrors(std::string_view body);

}  // namespace fiscalgate::protocol::orangedata
