// What a conversation with Orange Data remembers between two moves: a JSON text of its own, stored
// with the task before the request that depends on it leaves. It may have been written by another
// version, or by nobody who should: hostile until read. No secrets in it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/protocol/orangedata/codec.h"

namespace fiscalgate::protocol::orangedata {

enum class Stage {
  kPost,      // the document is on its way, under its id
  kAsk,       // its status is asked for
  kVerify,    // it was refused: asked whether an earlier post of it was not
  kFailed,    // over: nothing was printed under this id, nor ever will be
  kConflict,  // over: what the service has under this id does not look like ours
};

struct Notes {
  Stage stage = Stage::kPost;
  int turn = 1;    // of ids: `<task id>`, then `<task id>-2`
  std::string id;  // of the document
  Endpoint endpoint = Endpoint::kDocuments;
  std::string body;              // the exact bytes posted under it
  std::string place;             // address and INN it was posted to last
  bool doubt = false;            // an answer to the post was lost: the service may have it
  bool created = false;          // the service said 201 to this id
  bool exists = false;           // the service said 409 to this id
  int expired = 0;               // ids in a row that expired unprinted
  std::string refusal;           // what was said when it was refused
  base::WallTime missing_since;  // the service has not known the id since; 0: it does
};

// The document id of a task's turn.
std::string DocumentId(std::string_view task_id, int turn);

std::string WriteNotes(const Notes& notes);
// `task_id`: of the task they are kept with. Errors: kMalformed, kInvalid: what is wrong; never
// quotes the notes.
base::Result<Notes> ReadNotes(std::string_view text, std::string_view task_id);

}  // namespace fiscalgate::protocol::orangedata
