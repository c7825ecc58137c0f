// The journal of one register: which requests the driver may have seen, and what became of them,
// until the gateway has recorded it. One file, only ever appended to, in a folder of its own; each
// record is on the disk before its function says true. The agent's instance name is minted with the
// journal and lives as long as it.
//
// A record torn by a power cut is dropped: nothing was done after it. A record that is damaged in
// the middle of the file is another matter: what was begun can no longer be told. Such a journal is
// put aside and a new one is minted, with another instance name, so that the gateway asks a person.
//
// One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/agent/delivery.h"
#include "fcgi/agent/journal_record.h"
#include "fcgi/agent/platform.h"

namespace fiscalgate::agent {

// A lease that the gateway has not acknowledged.
struct Held {
  std::string lease;
  std::int64_t wall_ms = 0;  // when it was begun or answered
  bool answered = false;     // else only begun
  Delivery delivery = Delivery::kNoAnswer;
  std::string error;
  std::int64_t body_at = -1;  // in the file, or in `body` if the disk did not take it
  std::size_t body_bytes = 0;
  std::string body;
};

class Journal {
 public:
  enum class Opened { kReady, kMinted, kMintedAgain, kFailed };

  // What was begun and not answered becomes no_answer, with this reason. kMintedAgain: the old
  // journal was damaged and is put aside. kFailed: see error().
  Opened Open(const std::string& folder, std::string_view crash_reason);
  // Changes nothing; also while another process has it open.
  bool Look(const std::string& folder);

  const std::string& instance() const { return instance_; }
  const std::deque<Held>& held() const { return held_; }
  // Whether it is held, or was among the last that were.
  bool Knows(std::string_view lease) const;

  // False: the disk does not take it; the driver must not be called.
  bool Begin(std::string_view lease, std::int64_t wall_ms);
  // False: it is held in memory only.
  bool Answer(std::string_view lease, std::int64_t wall_ms, Delivery delivery,
              std::string_view error, std::string_view body);
  // Once more for the answers that are in memory only.
  bool Persist();
  // False: after a restart it will be held again, and reported a second time, which is harmless.
  bool Forget(const std::string& lease, std::int64_t wall_ms);
  // The body of an answer. False: the disk does not give it back.
  bool ReadBody(const Held& held, std::string* body);

  // Makes the file small again if it has grown. False: it is as it was.
  bool Compact();
  std::int64_t bytes() const { return end_; }
  const std::string& error() const { return error_; }

 private:
  enum class Loaded { kWhole, kAbsent, kDamaged, kFailed };
  Loaded Load();
  Loaded LoadRecords(std::int64_t size);
  void Apply(const Record& record, std::int64_t body_at);
  bool AnyRecordAfter(std::int64_t offset, std::int64_t size);
  bool ReadFrame(std::int64_t offset, std::int64_t size, std::string* frame);
  bool Mint();
  bool PutAside();
  bool CloseUnanswered(std::string_view reason);
  bool Append(const Record& record);
  bool Mend();
  bool CutToHead();
  bool Rewrite();
  bool WriteAll(platform::File* file, std::int64_t* end, std::vector<std::int64_t>* bodies);
  Held* Find(std::string_view lease);
  void Remember(const std::string& lease);
  bool Fail(const std::string& why);

  std::string path_;
  platform::File file_;
  bool dirty_ = false;  // there may be bytes behind end_
  std::int64_t end_ = 0;
  std::int64_t head_bytes_ = 0;
  std::string instance_;
  std::deque<Held> held_;
  std::deque<std::string> seen_;
  std::string error_;
};

}  // namespace fiscalgate::agent
