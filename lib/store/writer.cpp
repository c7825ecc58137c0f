#include "lib/store/writer.h"

#include <algorithm>
#include <chrono>

#include "lib/base/limits.h"
#include "lib/base/log.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Retry;
using SteadyClock = std::chrono::steady_clock;

template <typename Group>
bool EndsWithFirstStep(const Group& group) {
  return std::all_of(group.begin(), group.end(), [](const auto& pending) {
    SteppedWrite* const write = pending.write->stepped();
    return write != nullptr && write->first_step_writes_all();
  });
}

}  // namespace

Status SteppedWrite::Apply(Connection& connection) {
  for (int number = 0;; ++number) {
    std::vector<Statement> statements;
    Status stepped = Step(number, &statements);
    if (!stepped.ok() || statements.empty()) return stepped;
    Status done = connection.RunAll(statements);
    if (!done) return done;
  }
}

Writer::Writer(std::unique_ptr<Connection> connection, OnFatal on_fatal, OnGroup on_group)
    : connection_(std::move(connection)),
      on_fatal_(std::move(on_fatal)),
      on_group_(std::move(on_group)),
      inbox_(base::kMaxPendingWrites + base::kReservedWrites),
      thread_([this] { Loop(); }) {}

Writer::~Writer() { Stop(); }

bool Writer::Submit(std::unique_ptr<Write> write) {
  if (submitted_.fetch_add(1) < base::kMaxPendingWrites &&
      inbox_.Push(Pending{std::move(write), true})) {
    return true;
  }
  submitted_.fetch_sub(1);
  return false;
}

GroupStats Writer::stats() const {
  const std::lock_guard lock(stats_mutex_);
  return stats_;
}

void Writer::Stop() {
  inbox_.Close();
  if (!thread_.joinable()) return;
  thread_.join();
  connection_.reset();
}

void Writer::Loop() {
  for (;;) {
    Group group = inbox_.TakeAll();
    if (!group.empty()) {
      Handle(&group);
    } else if (inbox_.closed()) {
      return;
    }
  }
}

void Writer::Handle(Group* group) {
  const auto began = SteadyClock::now();
  Status committed = broken_.ok() ? Commit(group) : broken_;
  const std::chrono::duration<double> took = SteadyClock::now() - began;
  if (!committed.ok() && committed.error().retry == Retry::kUnknown) {
    committed = Settle(committed.error());
  }
  if (broken_.ok() && !committed.ok() && committed.error().code != Code::kUnavailable) {
    broken_ = committed;
    inbox_.Close();
    on_fatal_(committed.error());
  }
  if (committed.ok()) Count(group->size(), took.count());
  for (Pending& pending : *group) {
    if (pending.counted) submitted_.fetch_sub(1);
    pending.write->Finish(committed.ok() ? pending.result : committed);
    pending.write.reset();
  }
}

Status Writer::Commit(Group* group) {
  for (int run = 1;; ++run) {
    Status status = CommitOnce(group);
    if (status.ok() || status.error().retry != Retry::kAtOnce) return status;
    if (run == base::kMaxGroupRuns) {
      return base::Error{Code::kUnavailable, status.error().what, Retry::kLater};
    }
  }
}

Status Writer::CommitOnce(Group* group) {
  for (Pending& pending : *group) pending.result = base::Ok();
  Status status = connection_->Begin();
  if (!status) return status;
  bool ends_itself = EndsWithFirstStep(*group);
  status = ends_itself ? CommitAtOnce(group) : ApplyAll(group);
  if (!status.ok() && status.error().code != Code::kUnavailable) {
    connection_->Rollback();
    ends_itself = false;
    status = connection_->Begin();
    if (status.ok()) status = ApplyWithSavepoints(group);
  }
  if (status.ok() && !ends_itself) status = connection_->Commit();
  if (!status) connection_->Rollback();
  return status;
}

Status Writer::Settle(const base::Error& doubt) {
  log::Error("commit_in_doubt", {{"error", doubt.what}});
  std::optional<SteadyClock::time_point> last;
  for (;;) {
    Result<bool> known = connection_->WasCommitted();
    if (known) {
      log::Warn("commit_settled", {{"committed", *known ? "yes" : "no"}});
      if (*known) return base::Ok();
      return base::Error{Code::kUnavailable, "the connection was lost before the commit",
                         Retry::kLater};
    }
    RefuseMeanwhile(known.error());
    if (!inbox_.closed()) continue;
    const auto now = SteadyClock::now();
    if (!last) last = now + base::kMaxSettlingAtStop;
    // Whoever waits for an answer gets none: there is none that is true.
    if (now > *last) {
      return base::Error{Code::kInternal, "ended without knowing how a commit ended"};
    }
    std::unique_lock lock(pause_mutex_);
    pause_.wait_for(lock, base::kSettlePause);
  }
}

void Writer::RefuseMeanwhile(const base::Error& why) {
  const base::Error refusal{Code::kUnavailable, why.what, Retry::kLater};
  for (Pending& pending : inbox_.TakeAll(SteadyClock::now() + base::kSettlePause)) {
    if (pending.counted) submitted_.fetch_sub(1);
    pending.write->Finish(refusal);
  }
}

Status Writer::ApplyAll(Group* group) {
  Status stepped = ApplySteps(group);
  if (!stepped) return stepped;
  for (Pending& pending : *group) {
    if (pending.write->stepped() != nullptr) continue;
    Status applied = pending.write->Apply(*connection_);
    if (!applied) return applied;
  }
  return base::Ok();
}

Status Writer::CommitAtOnce(Group* group) {
  std::vector<SteppedWrite*> reading;
  std::vector<Statement> statements;
  for (Pending& pending : *group) {
    reading.push_back(pending.write->stepped());
    Status stepped = reading.back()->Step(0, &statements);
    if (!stepped) return stepped;
  }
  Status committed = connection_->RunAllAndCommit(statements);
  if (!committed) return committed;
  (void)connection_->BeginRead().ok();  // where it fails, the reads say so
  const Status read = RunSteps(&reading, 1);
  connection_->Rollback();
  // What the others wrote stands.
  for (Pending& pending : *group) {
    const auto unread = std::find(reading.begin(), reading.end(), pending.write->stepped());
    if (!read.ok() && unread != reading.end()) pending.result = read;
  }
  return base::Ok();
}

Status Writer::ApplySteps(Group* group) {
  std::vector<SteppedWrite*> going;
  for (Pending& pending : *group) {
    if (SteppedWrite* write = pending.write->stepped()) going.push_back(write);
  }
  return RunSteps(&going, 0);
}

// From that step on. Those that have not come to their end are left in `going`.
Status Writer::RunSteps(std::vector<SteppedWrite*>* going, int number) {
  for (; !going->empty(); ++number) {
    std::vector<Statement> statements;
    std::vector<SteppedWrite*> left;
    for (SteppedWrite* write : *going) {
      const std::size_t before = statements.size();
      Status stepped = write->Step(number, &statements);
      if (!stepped) return stepped;
      if (statements.size() > before) left.push_back(write);
    }
    *going = std::move(left);
    if (going->empty()) return base::Ok();
    Status done = connection_->RunAll(statements);
    if (!done) return done;
  }
  return base::Ok();
}

Status Writer::ApplyWithSavepoints(Group* group) {
  for (Pending& pending : *group) {
    Status alive = ApplyWithSavepoint(&pending);
    if (!alive) return alive;
  }
  return base::Ok();
}

// An error of the write goes to the write; what is returned is whether the transaction lives on.
Status Writer::ApplyWithSavepoint(Pending* pending) {
  const auto run = [this](std::string_view sql) -> Status {
    Result<std::int64_t> done = connection_->Run(sql);
    if (!done) return done.error();
    return base::Ok();
  };
  Status status = run("SAVEPOINT one_write");
  if (!status) return status;
  pending->result = pending->write->Apply(*connection_);
  if (!pending->result.ok()) {
    if (pending->result.error().code == Code::kUnavailable) return pending->result;
    status = run("ROLLBACK TO SAVEPOINT one_write");
    if (!status) return status;
  }
  return run("RELEASE SAVEPOINT one_write");
}

void Writer::Count(std::size_t operations, double seconds) {
  {
    const std::lock_guard lock(stats_mutex_);
    ++stats_.groups;
    stats_.operations += static_cast<std::int64_t>(operations);
    stats_.seconds += seconds;
  }
  if (on_group_) on_group_(operations, seconds);
}

}  // namespace fiscalgate::store
