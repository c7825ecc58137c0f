// The wire form of BIFIT's fiscal processing: tokens, receipts, documents, repeated fiscalization
// and the link that works before the receipt is printed. For the provider (writes requests, reads
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

#include "lib/base/crypto.h"
#include "lib/base/result.h"
#include "lib/ffd/dates.h"
#include "lib/ffd/fiscal_mark.h"
#include "lib/ffd/receipt.h"
#include "lib/http/message.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate::protocol::bifit {

// "https://fp.bifit.com/processing-api" or "https://fp-test.bifit.com/processing-api" (documented).
// A slash at the end is allowed in every `base_url`.

// ---- tokens

// Both documented: by the connector's token, and by the refresh token of an earlier answer.
http::Request TokenRequest(std::string_view base_url, const base::Secret& connector_token);
http::Request RefreshRequest(std::string_view base_url, const base::Secret& refresh_token);

struct Tokens {
  base::Secret access, refresh;
  std::chrono::seconds lives{
      0};  // expires_in: 3599 when new, fewer if the same token is given again
  std::string connector_id;
};
enum class TokenOutcome {
  kGranted,
  kRefused,  // 400, 401, 403: this token or client is not accepted; repeating does not help
  kBusy,     // 429, 503
  kUnclear,
};
struct TokenAnswer {
  TokenOutcome outcome = TokenOutcome::kUnclear;
  Tokens tokens;
  std::string error;  // "invalid_grant: ..."; never a token
  std::optional<std::chrono::seconds> retry_after;
};
TokenAnswer ReadTokenAnswer(const http::Response& response);

// ---- receipts

// SHA-256 over "number/PIN/sum/DD.MM.YYYY HH:MM" as 64 lower-case hex digits (the recipe is
// documented, the spelling of the hash inferred from its use as a part of an address). `number` is
// the register's own counter, `pin` four digits; to be minted once and stored before the first
// sending. Errors: kInvalid.
base::Result<std::string> IdempotencyKey(std::int64_t number, std::string_view pin, base::Money sum,
                                         const ffd::DateTime& local_time);

// The receipt has passed CheckExpressible with this mapping; if it has not: kInvalid. Sums are
// numbers in roubles, without ".00" where there are no kopecks, as in the documents' sample.
base::Result<std::string> WriteReceipt(const ffd::Receipt& receipt, const Mapping& mapping);

http::Request RegisterRequest(std::string_view base_url, const base::Secret& access,
                              std::string_view idempotency_key, std::string body);

enum class RegisterOutcome {
  kRegistered,    // 2xx with a number (documented: the body is the bare number)
  kUnauthorized,  // 401: nothing was registered; once more with a new token
  kForbidden,     // 403: nothing was registered; the operator must mend the account
  kRefused,       // 400, 422: nothing was registered; the receipt is wrong
  kBusy,          // 429, 503: the same key again after the pause
  kUnclear,       // anything else, 409 among it: repeat with the same key
};
struct RegisterAnswer {
  RegisterOutcome outcome = RegisterOutcome::kUnclear;
  std::int64_t document = 0;  // of kRegistered
  std::string error;
  std::optional<std::chrono::seconds> retry_after;
};
RegisterAnswer ReadRegisterAnswer(const http::Response& response);

// ---- documents

http::Request DocumentRequest(std::string_view base_url, const base::Secret& access,
                              std::int64_t document);

// Where in the answer what is (RFC 6901), and what the states are called. The answer's shape is not
// public, so that everything here is inferred and belongs to the register's settings.
struct DocumentShape {
  std::string status = "/status";
  std::string error = "/errorMessage";
  std::string drive = "/fiscalDriveNumber";        // 1041
  std::string number = "/fiscalDocumentNumber";    // 1040
  std::string sign = "/fiscalSign";                // 1077
  std::string time = "/fiscalReceiptTime";         // 1012: local text, or milliseconds since 1970
  std::string shift = "/shiftNumber";              // 1038
  std::string receipt = "/receiptNumber";          // 1042
  std::string machine = "/kktRegistrationNumber";  // 1037
  std::string total = "/total";                    // 1020
  std::vector<std::string> failed = {"ERROR"};     // statuses of the documented "Ошибка"
  int zone_1011 = 2;                               // for milliseconds
};
// {"status": "/state", "failed": ["ERROR"], "zone": 2, ...}: what is not given stays as above.
// Errors: kMalformed, kTooLarge, kInvalid.
base::Result<DocumentShape> ReadDocumentShape(std::string_view json);

enum class DocumentOutcome {
  kDone,          // drive, number and sign are there, whatever the status is called
  kPending,       // 200 with a status that is not one of `failed`
  kFailed,        // a status of `failed`, and no fiscal sign
  kNotFound,      // 404
  kUnauthorized,  // 401: once more with a new token
  kBusy,          // 429, 503
  kUnclear,       // anything else: a sign beside a failed status, or no status
};
struct DocumentAnswer {
  DocumentOutcome outcome = DocumentOutcome::kUnclear;
  std::optional<ffd::FiscalMark> mark;  // of kDone; the kind and, if none is read, the total are 0
                                        // and to be set by whoever knows the receipt
  std::string status, error;
  std::string body;  // of kDone: as answered, to be kept
  std::optional<std::chrono::seconds> retry_after;
};
DocumentAnswer ReadDocumentAnswer(const http::Response& response, const DocumentShape& shape);

// ---- repeated fiscalization: of documents in error only, with the broker's token (documented);
// what the answer looks like is not

http::Request ReloadRequest(std::string_view base_url, const base::Secret& access,
                            const base::Secret& broker_token,
                            const std::vector<std::int64_t>& documents);
enum class ReloadOutcome { kAccepted, kUnauthorized, kRefused, kBusy, kUnclear };
struct ReloadAnswer {
  ReloadOutcome outcome = ReloadOutcome::kUnclear;  // any 2xx is kAccepted: then ask the document
  std::string error;
};
ReloadAnswer ReadReloadAnswer(const http::Response& response);

// Why a document is in error, by the words of its error: the four documented causes. Inferred.
enum class ErrorCause { kRegisterFault, kWrongData, kLicence, kDriveLimit, kOther };
ErrorCause CauseOf(std::string_view error);
// Whether the same document may go through later: all but wrong data and what is not known.
bool Passes(ErrorCause cause);

// ---- the link to a receipt that need not be printed yet (documented); its text is what a QR holds

std::string OfflineLink(std::string_view base_url, std::string_view idempotency_key);

}  // namespace fiscalgate::protocol::bifit
