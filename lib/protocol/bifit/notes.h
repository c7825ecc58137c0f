// What a conversation with BIFIT remembers between two moves: a JSON text of its own, stored with
// the task before the request that depends on it leaves. It may have been written by another
// version, or by nobody who should: hostile until read. No secrets in it. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace fiscalgate::protocol::bifit {

enum class Stage {
  kPost,     // the receipt is on its way: under its key, until a document number comes back
  kAsk,      // the document is asked for
  kReload,   // the document is on its way to be fiscalised once more
  kRefused,  // over: the receipt was refused, no document was made
  kFailed,   // over: the document is in error
};

struct Notes {
  Stage stage = Stage::kPost;
  std::string key;               // Idempotency-Key, 64 hex digits
  std::string body;              // the exact bytes posted under it
  std::string url;               // of the service it was posted to last
  bool doubt = false;            // an answer to the post was lost: a document may be there
  std::int64_t document = 0;     // its number; 0: not known yet
  int reloads = 0;               // that were sent
  base::WallTime reload_at;      // an error seen before this is not acted upon
  bool owed = false;             // a reload is due whatever the policy says
  bool closed = false;           // a reload was refused: there will be no other
  bool renewed = false;          // a reload was answered 401 once
  base::WallTime missing_since;  // the service has not known the document since; 0: it does
};

std::string WriteNotes(const Notes& notes);
// Errors: kMalformed, kInvalid: what is wrong; never quotes the notes.
base::Result<Notes> ReadNotes(std::string_view text);

}  // namespace fiscalgate::protocol::bifit
