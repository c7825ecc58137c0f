#include "lib/store/writer.h"

#include <chrono>

#include "lib/base/limits.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using SteadyClock = std::chrono::steady_clock;

}  // namespace

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
  Status status = connection_->Begin();
  if (!status) return status;
  status = ApplyAll(group);
  if (!status.ok() && status.error().code != Code::kUnavailable) {
    connection_->Rollback();
    status = connection_->Begin();
    if (status.ok()) status = ApplyWithSavepoints(group);
  }
  if (status.ok()) status = connection_->Commit();
  if (!status) connection_->Rollback();
  return status;
}

Status Writer::ApplyAll(Group* group) {
  for (Pending& pending : *group) {
    Status applied = pending.write->Apply(*connection_);
    if (!applied) return applied;
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
