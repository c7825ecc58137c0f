#include "fcgi/agent/journal.h"

#include <algorithm>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/text.h"

namespace fiscalgate::agent {

using platform::File;

Journal::Opened Journal::Open(const std::string& folder, std::string_view crash_reason) {
  path_ = folder + "/journal";
  platform::Remove(path_ + ".new");  // of a rewriting that was not finished
  Opened opened = Opened::kReady;
  const Loaded loaded = Load();
  if (loaded == Loaded::kFailed) return Opened::kFailed;
  if (loaded == Loaded::kDamaged) {
    file_.Close();
    if (!PutAside()) return Opened::kFailed;
    opened = Opened::kMintedAgain;
  } else if (loaded == Loaded::kAbsent) {
    opened = Opened::kMinted;
  }
  if (loaded != Loaded::kWhole && !Mint()) return Opened::kFailed;
  file_.Close();
  if (!file_.OpenToWrite(path_)) {
    Fail(file_.error());
    return Opened::kFailed;
  }
  CloseUnanswered(crash_reason);
  return opened;
}

bool Journal::Look(const std::string& folder) {
  path_ = folder + "/journal";
  const Loaded loaded = Load();
  file_.Close();
  if (loaded == Loaded::kAbsent) return Fail("no journal");
  if (loaded == Loaded::kDamaged) return Fail("the journal is damaged");
  return loaded == Loaded::kWhole;
}

Journal::Loaded Journal::Load() {
  if (!platform::Exists(path_)) return Loaded::kAbsent;
  if (!file_.OpenToRead(path_)) {
    Fail(file_.error());
    return Loaded::kFailed;
  }
  const std::int64_t size = file_.Size();
  if (size < 0 || size > kMaxJournalBytes) {
    Fail(size < 0 ? file_.error() : "the journal is too long");
    return Loaded::kFailed;
  }
  return LoadRecords(size);
}

Journal::Loaded Journal::LoadRecords(std::int64_t size) {
  std::string frame;
  Record record;
  end_ = 0;
  while (ReadFrame(end_, size, &frame)) {
    if (!DecodeRecord(frame, &record)) {
      Fail("the journal was written by another version");
      return Loaded::kFailed;
    }
    const bool first = end_ == 0;
    if (first != (record.kind == Record::Kind::kInstance)) return Loaded::kDamaged;
    const auto next = end_ + static_cast<std::int64_t>(frame.size());
    Apply(record, next - static_cast<std::int64_t>(record.body.size()));
    end_ = next;
    if (first) head_bytes_ = end_;
  }
  if (!file_.error().empty()) {
    Fail(file_.error());
    return Loaded::kFailed;
  }
  if (end_ == 0 || AnyRecordAfter(end_, size)) return Loaded::kDamaged;
  dirty_ = end_ < size;
  return Loaded::kWhole;
}

bool Journal::ReadFrame(std::int64_t offset, std::int64_t size, std::string* frame) {
  const auto left = static_cast<std::size_t>(size - offset);
  if (left < kFrameHeadBytes) return false;
  frame->resize(kFrameHeadBytes);
  if (!file_.ReadAt(offset, frame->data(), kFrameHeadBytes)) return false;
  const std::size_t bytes = FrameBytes(*frame);
  if (bytes == 0 || bytes > left) return false;
  frame->resize(bytes);
  return file_.ReadAt(offset, frame->data(), bytes) && ChecksumHolds(*frame);
}

// Only the last record can be torn: each one was on the disk before the next was begun.
bool Journal::AnyRecordAfter(std::int64_t offset, std::int64_t size) {
  std::string frame;
  std::string tail(static_cast<std::size_t>(size - offset), '\0');
  if (tail.empty() || !file_.ReadAt(offset, tail.data(), tail.size())) return false;
  for (auto at = tail.find('F', 1); at != std::string::npos; at = tail.find('F', at + 1)) {
    const std::size_t bytes = FrameBytes(std::string_view(tail).substr(at));
    if (bytes == 0 || bytes > tail.size() - at) continue;
    if (ChecksumHolds(std::string_view(tail).substr(at, bytes))) return true;
  }
  return false;
}

void Journal::Apply(const Record& record, std::int64_t body_at) {
  switch (record.kind) {
    case Record::Kind::kInstance:
      instance_ = record.lease;
      break;
    case Record::Kind::kBegun:
    case Record::Kind::kAnswer: {
      Held* held = Find(record.lease);
      if (held == nullptr) held = &held_.emplace_back();
      held->lease = record.lease;
      held->wall_ms = record.wall_ms;
      if (record.kind == Record::Kind::kBegun) break;
      held->answered = true;
      held->delivery = record.delivery;
      held->error = record.error;
      held->body_at = body_at;
      held->body_bytes = record.body.size();
      held->body.clear();
      break;
    }
    case Record::Kind::kForgotten:
      std::erase_if(held_, [&](const Held& held) { return held.lease == record.lease; });
      Remember(record.lease);
      break;
  }
}

bool Journal::Mint() {
  Record head;
  head.lease = Base32(platform::RandomBytes(16));
  head.wall_ms = platform::WallMs();
  const std::string frame = EncodeRecord(head);
  if (!platform::StoreFile(path_, frame, &error_)) return false;
  instance_ = head.lease;
  held_.clear();
  seen_.clear();
  head_bytes_ = end_ = static_cast<std::int64_t>(frame.size());
  dirty_ = false;
  return true;
}

bool Journal::PutAside() {
  std::string aside = path_ + ".damaged";
  for (int i = 1; platform::Exists(aside); ++i) aside = path_ + ".damaged." + std::to_string(i);
  return platform::Rename(path_, aside, &error_);
}

bool Journal::CloseUnanswered(std::string_view reason) {
  bool durable = true;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    if (held_[i].answered) continue;
    const std::string lease = held_[i].lease;
    durable = Answer(lease, platform::WallMs(), Delivery::kNoAnswer, reason, {}) && durable;
  }
  return durable;
}

bool Journal::Knows(std::string_view lease) const {
  return std::any_of(held_.begin(), held_.end(),
                     [&](const Held& held) { return held.lease == lease; }) ||
         std::find(seen_.begin(), seen_.end(), lease) != seen_.end();
}

Held* Journal::Find(std::string_view lease) {
  const auto found = std::find_if(held_.begin(), held_.end(),
                                  [&](const Held& held) { return held.lease == lease; });
  return found == held_.end() ? nullptr : &*found;
}

void Journal::Remember(const std::string& lease) {
  seen_.push_back(lease);
  if (seen_.size() > kSeenLeases) seen_.pop_front();
}

bool Journal::Begin(std::string_view lease, std::int64_t wall_ms) {
  Record record;
  record.kind = Record::Kind::kBegun;
  record.lease = lease;
  record.wall_ms = wall_ms;
  if (!Append(record)) return false;
  Apply(record, end_);
  return true;
}

bool Journal::Answer(std::string_view lease, std::int64_t wall_ms, Delivery delivery,
                     std::string_view error, std::string_view body) {
  Record record;
  record.kind = Record::Kind::kAnswer;
  record.lease = lease;
  record.wall_ms = wall_ms;
  record.delivery = delivery;
  record.error = Shorten(error, kMaxErrorBytes);
  record.body = body;
  const bool durable = Append(record);
  Apply(record, durable ? end_ - static_cast<std::int64_t>(body.size()) : -1);
  if (!durable) Find(lease)->body = body;
  return durable;
}

bool Journal::Forget(const std::string& lease, std::int64_t wall_ms) {
  Record record;
  record.kind = Record::Kind::kForgotten;
  record.lease = lease;
  record.wall_ms = wall_ms;
  const bool durable = Append(record);
  Apply(record, end_);
  return durable;
}

bool Journal::ReadBody(const Held& held, std::string* body) {
  if (held.body_at < 0) {
    *body = held.body;
    return true;
  }
  body->resize(held.body_bytes);
  if (held.body_bytes == 0) return true;
  if (!Mend()) return false;
  return file_.ReadAt(held.body_at, body->data(), body->size()) || Fail(file_.error());
}

bool Journal::Fail(const std::string& why) {
  error_ = why;
  return false;
}

}  // namespace fiscalgate::agent
