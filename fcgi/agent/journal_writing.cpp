// How the journal's file is written and kept small; see journal.h.
#include "fcgi/agent/journal.h"
#include "fcgi/agent/limits.h"

namespace fiscalgate::agent {

using platform::File;

bool Journal::Append(const Record& record) {
  if (!Mend()) return false;
  const std::string frame = EncodeRecord(record);
  if (!file_.WriteAt(end_, frame) || !file_.Flush()) {
    Fail(file_.error());
    const std::string why = error_;
    dirty_ = true;
    Mend();
    return Fail(why);
  }
  end_ += static_cast<std::int64_t>(frame.size());
  return true;
}

// Half a record behind the end would make the next one look like damage in the middle.
bool Journal::Mend() {
  if (!file_.is_open()) {
    if (!platform::Exists(path_)) return Fail("the journal is gone");
    if (!file_.OpenToWrite(path_)) return Fail(file_.error());
    if (file_.Size() < end_) {
      file_.Close();
      return Fail("the journal has been changed by somebody else");
    }
    dirty_ = true;
  }
  if (!dirty_) return true;
  if (!file_.Truncate(end_) || !file_.Flush()) return Fail(file_.error());
  dirty_ = false;
  return true;
}

bool Journal::Persist() {
  bool durable = true;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    if (held_[i].body_at >= 0) continue;
    const Held held = held_[i];
    durable = Answer(held.lease, held.wall_ms, held.delivery, held.error, held.body) && durable;
  }
  return durable;
}

bool Journal::Compact() {
  if (held_.empty() && end_ > kTrimBytes) return CutToHead();
  return end_ <= kRewriteBytes || Rewrite();
}

// Works on a full disk, too.
bool Journal::CutToHead() {
  if (!Mend()) return false;
  if (!file_.Truncate(head_bytes_) || !file_.Flush()) {
    end_ = head_bytes_;  // nothing behind it counts, whether it is still there or not
    dirty_ = true;
    return Fail(file_.error());
  }
  end_ = head_bytes_;
  const auto seen = seen_;
  seen_.clear();
  for (const std::string& lease : seen) Forget(lease, 0);
  return true;
}

bool Journal::Rewrite() {
  if (!Mend()) return false;
  File fresh;
  std::int64_t end = 0;
  std::vector<std::int64_t> bodies;
  if (!fresh.OpenToWrite(path_ + ".new")) return Fail(fresh.error());
  const bool written = WriteAll(&fresh, &end, &bodies) && fresh.Flush();
  if (!written) Fail(fresh.error());
  fresh.Close();
  if (!written) {
    platform::Remove(path_ + ".new");
    return false;
  }
  file_.Close();  // Windows replaces no open file
  if (!platform::Rename(path_ + ".new", path_, &error_)) {
    platform::Remove(path_ + ".new");
    Mend();
    return false;
  }
  end_ = end;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    held_[i].body_at = bodies[i];
    held_[i].body.clear();
  }
  return Mend();
}

bool Journal::WriteAll(File* file, std::int64_t* end, std::vector<std::int64_t>* bodies) {
  const auto put = [&](const Record& record) {
    const std::string frame = EncodeRecord(record);
    if (!file->WriteAt(*end, frame)) return false;
    *end += static_cast<std::int64_t>(frame.size());
    return true;
  };
  if (!file->Truncate(0)) return false;
  Record head;
  head.lease = instance_;
  if (!put(head)) return false;
  for (const std::string& lease : seen_) {
    Record seen;
    seen.kind = Record::Kind::kForgotten;
    seen.lease = lease;
    if (!put(seen)) return false;
  }
  for (const Held& held : held_) {
    std::string body;
    if (!ReadBody(held, &body)) return false;
    Record record;
    record.kind = held.answered ? Record::Kind::kAnswer : Record::Kind::kBegun;
    record.lease = held.lease;
    record.wall_ms = held.wall_ms;
    record.delivery = held.delivery;
    record.error = held.error;
    record.body = body;
    if (!put(record)) return false;
    bodies->push_back(held.answered ? *end - static_cast<std::int64_t>(body.size()) : -1);
  }
  return true;
}

}  // namespace fiscalgate::agent
