// The group commit: one thread that owns the writing connection, takes all writes that wait,
// applies them in one transaction and tells each its end after the commit.
//
// Submit and Call from any thread but the writer's own. A write that fails is undone alone: the
// group is rolled back and applied again with a savepoint around each, so Apply may run twice; a
// group that met another transaction is run again as a whole. A full disk, a lock that another
// process holds too long, or a server that is gone fails the whole group with kUnavailable. If
// nobody knows how a commit ended, the group waits for the truth, and what comes meanwhile is
// refused. Any other failure to begin or commit is fatal: `on_fatal`, and if that returns, all
// writes fail from then on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "lib/base/inbox.h"
#include "lib/base/result.h"
#include "lib/store/connection.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

class Write {
 public:
  virtual ~Write() = default;
  // Inside the transaction. An error undoes what this write did. May run again: must not use up
  // what it was given.
  virtual Status Apply(Connection& connection) = 0;
  virtual class SteppedWrite* stepped() { return nullptr; }
  // Once, after the commit, or with the reason why there is none. Must only hand the result on.
  virtual void Finish(const Status& committed) = 0;
};

// One whose statements need little of each other's rows: those of a whole group are run together,
// step by step, before all other writes.
class SteppedWrite : public Write {
 public:
  // Adds the statements of the step; adding none ends it. Step 0 begins anew.
  virtual Status Step(int number, std::vector<Statement>* next) = 0;
  // Whether the steps after the first only read. A group of such writes is committed together with
  // their first step; the rest is read after the commit.
  virtual bool first_step_writes_all() const { return false; }
  Status Apply(Connection& connection) final;
  SteppedWrite* stepped() final { return this; }
};

class Writer {
 public:
  using OnFatal = std::function<void(const base::Error&)>;
  using OnGroup = std::function<void(std::size_t operations, double seconds)>;

  Writer(std::unique_ptr<Connection> connection, OnFatal on_fatal, OnGroup on_group);
  ~Writer();

  // False: kMaxPendingWrites wait already, or the writer is stopping; Finish will not be called.
  [[nodiscard]] bool Submit(std::unique_ptr<Write> write);
  // Runs `work` in the next group and waits for the commit. Not refused when Submit is: the few
  // callers that wait are what drains the queues.
  template <typename T>
  Result<T> Call(std::function<Result<T>(Connection&)> work);

  GroupStats stats() const;
  // Refuses new writes, finishes those that wait, ends the thread, closes the connection.
  void Stop();

 private:
  template <typename T>
  class Waiting;
  struct Pending {
    std::unique_ptr<Write> write;
    bool counted = false;  // against kMaxPendingWrites
    Status result = base::Ok();
  };
  using Group = std::vector<Pending>;

  void Loop();
  void Handle(Group* group);
  Status Commit(Group* group);
  Status CommitOnce(Group* group);
  // After a commit whose end is not known: how it ended.
  Status Settle(const base::Error& doubt);
  void RefuseMeanwhile(const base::Error& why);
  Status ApplyAll(Group* group);
  Status CommitAtOnce(Group* group);
  Status ApplySteps(Group* group);
  Status RunSteps(std::vector<SteppedWrite*>* going, int number);
  Status ApplyWithSavepoints(Group* group);
  Status ApplyWithSavepoint(Pending* pending);
  void Count(std::size_t operations, double seconds);

  std::unique_ptr<Connection> connection_;
  const OnFatal on_fatal_;
  const OnGroup on_group_;
  base::Inbox<Pending> inbox_;
  std::atomic<std::size_t> submitted_{0};
  Status broken_ = base::Ok();  // only on the writer's thread
  std::mutex pause_mutex_;
  std::condition_variable pause_;
  mutable std::mutex stats_mutex_;
  GroupStats stats_;
  std::thread thread_;
};

// A write whose caller sleeps until it is over.
template <typename T>
class Writer::Waiting final : public Write {
 public:
  struct Outcome {
    std::mutex mutex;
    std::condition_variable over;
    std::optional<Result<T>> result;
  };
  Waiting(std::function<Result<T>(Connection&)> work, std::shared_ptr<Outcome> outcome)
      : work_(std::move(work)), outcome_(std::move(outcome)) {}

  Status Apply(Connection& connection) override {
    result_.emplace(work_(connection));
    if (!result_->ok()) return result_->error();
    return base::Ok();
  }
  void Finish(const Status& committed) override {
    if (!committed.ok()) result_.emplace(committed.error());
    const std::lock_guard lock(outcome_->mutex);
    outcome_->result = std::move(result_);
    outcome_->over.notify_one();
  }

 private:
  std::function<Result<T>(Connection&)> work_;
  std::shared_ptr<Outcome> outcome_;
  std::optional<Result<T>> result_;
};

template <typename T>
Result<T> Writer::Call(std::function<Result<T>(Connection&)> work) {
  FG_CHECK(std::this_thread::get_id() != thread_.get_id());
  auto outcome = std::make_shared<typename Waiting<T>::Outcome>();
  if (!inbox_.Push(Pending{std::make_unique<Waiting<T>>(std::move(work), outcome)})) {
    return base::Error{base::Code::kUnavailable, "the store is stopping", base::Retry::kLater};
  }
  std::unique_lock lock(outcome->mutex);
  outcome->over.wait(lock, [&] { return outcome->result.has_value(); });
  return std::move(*outcome->result);
}

}  // namespace fiscalgate::store
