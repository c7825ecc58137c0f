// What a check found in a package, for the shop and for people: warnings, the receipts as they
// would be stored, totals, VAT, sizes, and what the buyer sees where characters are replaced. Pure;
// any thread.
#pragma once

#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/language.h"
#include "lib/ffd/check_options.h"
#include "lib/http/message.h"
#include "lib/protocol/bit/front.h"

namespace fiscalgate {

// {"commands": ...} -> what stands under it; every other text is taken as it is. Errors: as
// ParseJson.
base::Result<std::string> CommandsOf(const std::string& json, base::JsonReader reader);

// 200 {"result":true,"checked_for","warnings","receipts","replaced_characters"}, or 422 in the
// shape of fcgi/error_reply.h with "warnings" besides.
http::Response CheckAnswer(const protocol::bit::ReadPackageResult& package,
                           const ffd::CheckOptions& options, base::Language language);

// A text in which characters are replaced.
struct ReplacedText {
  std::string path, posted, printed;
};
std::vector<ReplacedText> ReplacedTexts(const protocol::bit::ReadPackageResult& package);

// By rate: the turnover and the tax in it.
struct VatLine {
  int rate = 0, tag = 0;
  std::string name;
  base::Money turnover, vat;
};
std::vector<VatLine> VatLines(const ffd::Receipt& receipt);

// What was paid and handed back in cash.
base::Money ChangeOf(const ffd::Receipt& receipt);

}  // namespace fiscalgate
