// What an emulated cloud service was asked to do: a journal of records on disk. A record is there
// when Put has returned. Whether it was printed stands in the register's journal, not here, so that
// the two cannot contradict each other. The caller holds the cloud's mutex.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/register/journal_file.h"

namespace fiscalgate::emulator::cloud {

// What will become of a document when its time has come.
enum class Fate { kPrint, kFail, kExpire, kNothing };

struct Record {
  std::string key;          // unique: a document's id, its idempotency key, a transaction's uid
  std::int64_t number = 0;  // 1, 2, 3... as they came; given by the ledger
  std::string kind;         // the service's own word: "documents", "receipt", "payment"
  std::string request;      // the body as it was posted
  std::string notes;        // the service's own, a JSON object or ""
  base::WallTime registered_at;
  base::WallTime due_at;  // processing ends
  Fate fate = Fate::kPrint;
  std::string error;  // of kFail: in the service's words
  int round = 1;      // a repeated fiscalization is another round, printed under its number
};

class Ledger {
 public:
  // Makes the file if there is none. Errors: as JournalFile::Open.
  static base::Result<std::unique_ptr<Ledger>> Open(const std::string& path);

  // Adds the record, or replaces all of it but its number. Errors: kTooLarge, kInternal; nothing
  // has changed then.
  base::Status Put(Record record);
  // Valid until the record is replaced.
  const Record* Find(std::string_view key) const;
  const Record* FindNumber(std::int64_t number) const;
  const std::deque<Record>& records() const { return records_; }  // by number

 private:
  bool Replay(std::string_view line);
  void Remember(Record record);

  std::unique_ptr<register_::JournalFile> file_;
  std::deque<Record> records_;
  std::unordered_map<std::string, std::size_t> by_key_;
};

}  // namespace fiscalgate::emulator::cloud
