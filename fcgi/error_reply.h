// How a refusal looks on the wire: one table from base::Code to HTTP status, stable name and text,
// and the shape that holds them:
//   {"result":false,"code","error","errors":[{"path","code","message"}]}
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/language.h"
#include "lib/base/result.h"
#include "lib/ffd/fault.h"
#include "lib/http/message.h"

namespace fiscalgate {

// What exactly is wrong, where that can be said. `code` is a stable name, `message` for people.
struct ErrorEntry {
  std::string path, code, message;
};
using ErrorEntries = std::vector<ErrorEntry>;

int HttpStatus(base::Code code);
std::string_view CodeName(base::Code code);  // "rate_limited"; goes to shops: never rename
std::string_view CodeText(base::Code code, base::Language language);

// 429 and 503 get Retry-After. "warnings" is there only if there are any.
http::Response ErrorResponse(base::Code code, base::Language language,
                             const ErrorEntries& entries = {}, int retry_after_s = 1,
                             const ErrorEntries& warnings = {});
// 405 with Allow; the one refusal that no base::Code stands for.
http::Response MethodNotAllowed(base::Language language, std::string_view allowed);
// The same shape for what neither of them stands for.
http::Response NamedRefusal(int status, std::string_view name, std::string_view text);
ErrorEntries EntriesOf(const ffd::Faults& faults, base::Language language);

// The member `key` with the list of entries, in the shape above.
void WriteEntries(const ErrorEntries& entries, std::string_view key, base::JsonWriter* writer);

// 200 unless told otherwise; never cached.
http::Response JsonResponse(std::string body, int status = 200);

// By Accept-Language; Russian by default.
base::Language LanguageOf(const http::Request& request);

}  // namespace fiscalgate
