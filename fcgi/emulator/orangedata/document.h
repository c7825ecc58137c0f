// What is posted to Orange Data, read as strictly as its description is written: the emulator's own
// reader, which shares no code with the writer in lib/protocol/orangedata but the table of names.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/json.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::emulator::orangedata {

enum class Kind { kDocument, kCorrection, kCorrection12 };

struct MarkedItem {
  std::int64_t position = 0;  // from 0
  std::string item_code;
};

struct Document {
  std::string id, inn, group, key;
  bool ignore_item_code_check = false;
  ffd::Receipt receipt;
  std::vector<MarkedItem> marked;
  std::vector<std::string> errors;  // empty: acceptable
};

// Reads all of it, or only what stands around the content.
Document ReadDocument(const base::JsonValue& root, Kind kind);
Document ReadEnvelope(const base::JsonValue& root);

// The check of one marking code: a body of its own kind.
Document ReadItemCode(const base::JsonValue& root);

// For document.cpp.
void ReadContent(const base::JsonValue& content, Kind kind, Document* document);
void ReadOldCorrection(const base::JsonValue& content, Document* document);

}  // namespace fiscalgate::emulator::orangedata
