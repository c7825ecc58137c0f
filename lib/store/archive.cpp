#include "lib/store/archive.h"

#include <algorithm>
#include <cstring>

#include "lib/base/crypto.h"
#include "lib/store/archive_removal.h"
#include "lib/store/migrations.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kTasksAtOnce = 100;  // are removed

std::uint64_t HashOf(const std::string& line) {
  std::uint64_t hash = 0;
  std::memcpy(&hash, base::Sha256(line).data(), sizeof hash);
  return hash;
}

std::string InItsTable(const std::string& table) { return table; }

}  // namespace

struct Archive::Inside {
  Engine engine;
  std::unique_ptr<Connection> connection;
  std::unique_ptr<Turn> turn;
  Watch watch;
  const MonthParts* parts() const { return engine.month_parts.get(); }
};

struct Archive::Written {
  task::TaskSeq seq = 0;
  std::uint64_t hash = 0;
};

class Archive::Run {
 public:
  Run(Inside& inside, Month month, WallTime now)
      : inside_(inside),
        connection_(*inside.connection),
        slices_(SlicesOf(month, inside.parts() != nullptr)),
        written_(slices_.size()),
        now_(now) {
    archived_.month = month;
  }

  Status Allow();
  Status Write(ArchiveFile* file);
  Status Remove(const std::string& who);
  ArchivedMonth& archived() { return archived_; }

 private:
  using All = std::vector<Written>;
  void Tell(ArchiveStep step, std::int64_t tasks) const {
    if (inside_.watch) inside_.watch(step, tasks);
  }
  Status Write(Slice slice, ArchiveFile* file, All* all);
  Status Claim(const std::string& who);
  Status Release(const std::string& who, const Status& removed);
  Status RemoveParts(Slice slice, const All& all);
  Status DropParts(Slice slice, const All& all);
  Status Compare(Slice slice, const All& all);
  Status RemoveRows(Slice slice, const All& all);
  // Gives how many are gone.
  Status RemoveSome(TaskReader& reader, All::const_iterator begin, All::const_iterator end,
                    std::int64_t* gone);
  std::string Name() const { return MonthName(archived_.month); }

  Inside& inside_;
  Connection& connection_;
  const std::vector<Slice> slices_;
  std::vector<All> written_;
  const WallTime now_;
  std::int64_t tasks_ = 0;
  bool swept_ = true;
  ArchivedMonth archived_;
};

Result<std::shared_ptr<Archive::Inside>> Archive::Connect(const std::string& url, bool to_look) {
  Result<Engine> engine = EngineOf(url);
  if (!engine) return engine.error();
  const bool shared = static_cast<bool>(engine->connect_migrator);
  Result<std::unique_ptr<Connection>> connection = shared    ? engine->connect_migrator()
                                                   : to_look ? engine->connect_reader()
                                                             : engine->connect_writer();
  if (!connection) return connection.error();
  const int version = FindSchema(**connection).version;
  if (version != NewestSchemaVersion()) {
    return Error{Code::kInvalid, "the store has tables of version " + std::to_string(version) +
                                     ": migrate it first"};
  }
  auto inside = std::make_shared<Inside>();
  inside->engine = std::move(*engine);
  inside->connection = std::move(*connection);
  return inside;
}

Result<Archive> Archive::Look(const std::string& url) {
  Result<std::shared_ptr<Inside>> inside = Connect(url, true);
  if (!inside) return inside.error();
  return Archive(std::move(*inside));
}

Result<Archive> Archive::Open(const std::string& url) {
  // A store that is not there is not made.
  Result<std::shared_ptr<Inside>> there = Connect(url, true);
  if (!there) return there.error();
  Result<std::shared_ptr<Inside>> inside = Connect(url, false);
  if (!inside) return inside.error();
  Result<std::unique_ptr<Turn>> turn = (*inside)->engine.take_turn();
  if (!turn) return turn.error();
  (*inside)->turn = std::move(*turn);
  Archive archive(std::move(*inside));
  Result<std::vector<Month>> out = archive.LeftOut();
  if (!out) return out.error();
  Connection& connection = *archive.inside_->connection;
  for (const Month month : *out) {
    Status back = archive.inside_->parts()->PutBack(connection, month);
    if (!back) return back.error();
  }
  Status swept = archive.SweepLeft();
  if (!swept) return swept.error();
  return archive;
}

// What a run that was killed has not come to.
Status Archive::SweepLeft() {
  Connection& connection = *inside_->connection;
  Result<Month> month = MonthBeingArchived(connection);
  if (!month) return month.error();
  if (*month == 0) return base::Ok();
  if (inside_->parts() != nullptr) {
    Result<bool> any = HasTasks(connection, {*month, true});
    if (!any) return any.error();
    Status swept = *any ? base::Ok() : Sweep(connection, *month, nullptr);
    if (!swept) return swept;
  }
  return InTransaction(connection, [&] { return EndArchiving(connection); });
}

void Archive::OnStep(Watch watch) { inside_->watch = std::move(watch); }

Result<std::vector<MonthStock>> Archive::StockBefore(Month before) {
  return CountStock(*inside_->connection, inside_->parts() != nullptr, before);
}

Result<std::vector<Month>> Archive::LeftOut() {
  if (inside_->parts() == nullptr) return std::vector<Month>();
  return inside_->parts()->ThatAreOut(*inside_->connection);
}

Result<ArchivedMonth> Archive::Take(Month month, const std::string& folder, const std::string& who,
                                    WallTime now) {
  FG_CHECK(inside_->turn != nullptr);
  Run run(*inside_, month, now);
  Status status = run.Allow();
  if (!status) return status.error();
  Result<ArchiveFile> file = ArchiveFile::Create(folder, month, NewestSchemaVersion(), now);
  if (!file) return file.error();
  ArchivedMonth& archived = run.archived();
  archived.path = file->path();
  status = run.Write(&*file);
  const bool any = archived.content.tasks > 0;
  if (status.ok() && any) status = run.Remove(who);
  // Only as long as every row is still in the store.
  if ((!status.ok() || !any) && archived.removed == 0) file->Remove();
  if (!status) return status.error();
  if (!any) archived.path.clear();
  return std::move(archived);
}

// The same as StockBefore finds, without counting.
Status Archive::Run::Allow() {
  Result<bool> held = IsHeld(connection_, archived_.month);
  if (!held) return held.error();
  if (*held) return Error{Code::kConflict, Name() + " is held"};
  for (const Slice slice : slices_) {
    Status none = NothingLives(connection_, slice);
    if (none.ok()) none = NothingWaits(connection_, slice, inside_.parts() != nullptr);
    if (!none) return none;
  }
  return base::Ok();
}

Status Archive::Run::Write(ArchiveFile* file) {
  for (std::size_t i = 0; i < slices_.size(); ++i) {
    Status written = Write(slices_[i], file, &written_[i]);
    if (!written) return written;
  }
  if (tasks_ == 0) return base::Ok();
  Result<ArchiveContent> content = file->Finish();
  if (!content) return content.error();
  archived_.content = std::move(*content);
  Tell(ArchiveStep::kWritten, tasks_);
  return base::Ok();
}

Status Archive::Run::Write(Slice slice, ArchiveFile* file, All* all) {
  Result<TaskReader> reader =
      TaskReader::Open(connection_, inside_.engine.dialect, slice, InItsTable);
  if (!reader) return reader.error();
  for (task::TaskSeq after = 0;;) {
    Result<std::vector<TaskLine>> lines = reader->Next(after);
    if (!lines) return lines.error();
    if (lines->empty()) return base::Ok();
    for (const TaskLine& line : *lines) {
      Status added = file->Add(line);
      if (!added) return added;
      all->push_back({line.seq, HashOf(line.text)});
    }
    after = lines->back().seq;
    tasks_ += static_cast<std::int64_t>(lines->size());
    Tell(ArchiveStep::kWriting, tasks_);
  }
}

Status Archive::Run::Remove(const std::string& who) {
  Status status = inside_.turn->Check();
  if (status.ok()) status = Claim(who);
  if (!status) return status;
  Tell(ArchiveStep::kClaimed, tasks_);
  for (std::size_t i = 0; i < slices_.size() && status.ok(); ++i) {
    if (written_[i].empty()) continue;
    status = slices_[i].numbered ? RemoveParts(slices_[i], written_[i])
                                 : RemoveRows(slices_[i], written_[i]);
  }
  Status released = Release(who, status);
  return status.ok() ? released : status;
}

Status Archive::Run::Claim(const std::string& who) {
  return InTransaction(connection_, [&]() -> Status {
    Status begun = BeginArchiving(connection_, archived_.month);
    if (!begun) return begun;
    return WriteAudit(connection_, {who, "archive month", Name(), archived_.path, now_});
  });
}

Status Archive::Run::Release(const std::string& who, const Status& removed) {
  return InTransaction(connection_, [&]() -> Status {
    // What is left to be swept is the next run's.
    Status ended = swept_ ? EndArchiving(connection_) : base::Ok();
    if (!ended || removed.ok()) return ended;
    return WriteAudit(connection_,
                      {who, "archive month stopped", Name(), removed.error().what, now_});
  });
}

// Out of sight first: then nothing can change between the last look and the end.
Status Archive::Run::RemoveParts(Slice slice, const All& all) {
  const MonthParts& parts = *inside_.parts();
  Status out = parts.TakeOut(connection_, slice.month, [&](Connection& connection) {
    return NothingLives(connection, slice);
  });
  if (!out) {
    return Error{out.error().code, Name() + " cannot leave the store now: " + out.error().what};
  }
  Tell(ArchiveStep::kOut, tasks_);
  Status done = inside_.turn->Check();
  if (done.ok()) done = connection_.Begin();
  if (done.ok()) done = DropParts(slice, all);
  if (done.ok()) {
    archived_.removed += static_cast<std::int64_t>(all.size());  // also if nobody hears of it
    done = connection_.Commit();
  }
  if (!done) {
    connection_.Rollback();
    Status back = parts.PutBack(connection_, slice.month);
    return back.ok() ? done : back;
  }
  done = Sweep(connection_, slice.month,
               [&](std::int64_t rows) { Tell(ArchiveStep::kRemoving, std::min(rows, tasks_)); });
  swept_ = done.ok();
  return done;
}

// In the caller's transaction. It writes nothing before its last moment: as long as one that has
// written something goes on, the feed of events stands still.
Status Archive::Run::DropParts(Slice slice, const All& all) {
  Status done = inside_.parts()->Seal(connection_, slice.month);
  if (done.ok()) done = Compare(slice, all);
  if (!done) return done;
  Tell(ArchiveStep::kCompared, tasks_);
  // One may have been replayed: then it is no longer as it was written.
  done = NothingWaits(connection_, slice, true);
  return done.ok() ? inside_.parts()->Drop(connection_, slice.month) : done;
}

Status Archive::Run::Compare(Slice slice, const All& all) {
  const auto in_part = [&](const std::string& table) {
    return inside_.parts()->PartOf(table, slice.month);
  };
  Result<TaskReader> reader = TaskReader::Open(connection_, inside_.engine.dialect, slice, in_part);
  if (!reader) return reader.error();
  const Error changed{Code::kConflict, "tasks of " + Name() +
                                           " have changed while they were written: nothing was "
                                           "removed, try again"};
  std::size_t at = 0;
  for (task::TaskSeq after = 0;; after = all[at - 1].seq) {
    Result<std::vector<TaskLine>> lines = reader->Next(after);
    if (!lines) return lines.error();
    if (lines->empty()) return at == all.size() ? base::Ok() : Status(changed);
    for (const TaskLine& line : *lines) {
      if (at == all.size() || all[at].seq != line.seq || all[at].hash != HashOf(line.text)) {
        return changed;
      }
      ++at;
    }
  }
}

// Some at a time: what is removed was compared in the same transaction.
Status Archive::Run::RemoveRows(Slice slice, const All& all) {
  Result<TaskReader> reader =
      TaskReader::Open(connection_, inside_.engine.dialect, slice, InItsTable);
  if (!reader) return reader.error();
  for (std::size_t from = 0; from < all.size(); from += kTasksAtOnce) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end =
        all.begin() + static_cast<std::ptrdiff_t>(std::min(from + kTasksAtOnce, all.size()));
    Status removed = inside_.turn->Check();
    if (!removed) return removed;
    std::int64_t gone = 0;
    removed = InTransaction(connection_, [&] { return RemoveSome(*reader, begin, end, &gone); });
    archived_.removed += gone;  // also if nobody hears of it
    if (!removed) return removed;
    archived_.changed += end - begin - gone;
    Tell(ArchiveStep::kRemoving, archived_.removed);
    LetOthersIn();
  }
  return base::Ok();
}

Status Archive::Run::RemoveSome(TaskReader& reader, All::const_iterator begin,
                                All::const_iterator end, std::int64_t* gone) {
  *gone = 0;
  const MonthParts* parts = inside_.parts();
  Status alone = parts == nullptr ? base::Ok() : parts->HoldAll(connection_);
  if (!alone) return alone;
  std::vector<task::TaskSeq> tasks;
  for (auto at = begin; at != end; ++at) tasks.push_back(at->seq);
  Result<std::vector<TaskLine>> lines = reader.Read(tasks);
  if (!lines) return lines.error();
  Removal removal(inside_.engine.dialect, parts != nullptr);
  std::int64_t same = 0;
  for (const TaskLine& line : *lines) {
    const auto its = std::find_if(begin, end, [&](const Written& w) { return w.seq == line.seq; });
    if (its == end || its->hash != HashOf(line.text)) continue;
    removal.Add(line);
    ++same;
  }
  Status removed = removal.Run(connection_);
  if (removed.ok()) *gone = same;
  return removed;
}

}  // namespace fiscalgate::store
