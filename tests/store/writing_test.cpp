// How writes reach the disk: in groups, answered after the commit, beside another writer.
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <fstream>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "lib/base/limits.h"
#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using task::State;

namespace {

// Counts down from any thread.
class Countdown {
 public:
  explicit Countdown(int count) : left_(count) {}
  void Tick() {
    const std::lock_guard lock(mutex_);
    --left_;
    zero_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    zero_.wait(lock, [this] { return left_ <= 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable zero_;
  int left_;
};

// A pipe from a child that may be killed at any moment; each line is written at once.
class Pipe {
 public:
  Pipe() { BOOST_REQUIRE(::pipe(ends_) == 0); }
  ~Pipe() {
    ::close(ends_[0]);
    if (ends_[1] >= 0) ::close(ends_[1]);
  }
  void Say(const std::string& line) const {
    const std::string text = line + "\n";
    if (::write(ends_[1], text.data(), text.size()) < 0) ::_exit(3);
  }
  // For the parent; then the end of the child ends the reading.
  void CloseWriting() {
    ::close(ends_[1]);
    ends_[1] = -1;
  }
  bool Read(std::string* line) {
    line->clear();
    char c = 0;
    while (::read(ends_[0], &c, 1) == 1) {
      if (c == '\n') return true;
      line->push_back(c);
    }
    return false;
  }

 private:
  int ends_[2];
};

// The child: accepts orders, tells each id when it is acknowledged, until it is killed.
[[noreturn]] void AcceptUntilKilled(World& world, const Pipe& acknowledged) {
  const std::unique_ptr<Store> store = world.OpenAnother();
  for (int i = 0; i < 1'000'000; ++i) {
    task::NewTask task = world.NewTask(std::to_string(::getpid()) + "-" + std::to_string(i));
    const bool taken = store->Accept(std::move(task), [&](Result<Accepted> accepted) {
      if (accepted.ok()) acknowledged.Say(accepted->task.id);
    });
    if (!taken) std::this_thread::yield();
  }
  ::_exit(0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_writing)

LASTING_STORE_TEST(WritesThatWaitTogetherAreCommittedTogether) {
  const GroupStats before = world.store().group_stats();
  Countdown answers(1000);
  std::atomic<int> accepted_count{0};
  for (int i = 0; i < 1000; ++i) {
    const bool taken =
        world.store().Accept(world.NewTask(std::to_string(i)), [&](Result<Accepted> accepted) {
          if (accepted.ok()) ++accepted_count;
          answers.Tick();
        });
    BOOST_REQUIRE(taken);
  }
  answers.Wait();
  const GroupStats after = world.store().group_stats();
  BOOST_TEST(accepted_count == 1000);
  BOOST_TEST(after.operations - before.operations == 1000);
  BOOST_TEST(after.groups - before.groups < 500);
  BOOST_TEST(after.seconds > before.seconds);
}

LASTING_STORE_TEST(AnAnswerComesOnlyWhenOthersCanSeeTheTask) {
  const std::unique_ptr<Store> other = world.OpenAnother();
  Countdown answers(200);
  std::atomic<int> missing{0};
  for (int i = 0; i < 200; ++i) {
    const bool taken =
        world.store().Accept(world.NewTask(std::to_string(i)), [&](Result<Accepted> accepted) {
          if (!other->FindTask(accepted->task.id).value().has_value()) ++missing;
          answers.Tick();
        });
    BOOST_REQUIRE(taken);
  }
  answers.Wait();
  BOOST_TEST(missing == 0);
}

STORE_TEST(ManyThreadsPostingOneOrderMakeOneTask) {
  constexpr int kThreads = 8;
  std::mutex mutex;
  std::set<std::string> ids;
  int created = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      const Accepted accepted = World::AcceptBy(world.store(), world.NewTask("1")).value();
      const std::lock_guard lock(mutex);
      ids.insert(accepted.task.id);
      created += accepted.what == Acceptance::kCreated ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(ids.size() == 1u);
  BOOST_TEST(created == 1);
}

LASTING_STORE_TEST(TheInboxIsBoundedAndCallersThatWaitStillPass) {
  // The first completion holds the writer, so that the inbox fills.
  std::promise<void> held, release;
  std::shared_future<void> released = release.get_future().share();
  BOOST_REQUIRE(world.store().Accept(world.NewTask("hold"), [&](Result<Accepted>) {
    held.set_value();
    released.wait();
  }));
  held.get_future().wait();
  std::size_t taken = 0;
  while (world.store().Accept(world.NewTask(std::to_string(taken)), [](Result<Accepted>) {})) {
    ++taken;
  }
  BOOST_TEST(taken <= base::kMaxPendingWrites);
  BOOST_TEST(taken + 1 >= base::kMaxPendingWrites);
  std::atomic<bool> probed{false};
  std::thread waiting([&] { probed = world.store().Probe().ok(); });
  release.set_value();
  waiting.join();
  BOOST_TEST(probed);
  // Drained: there is room again.
  BOOST_TEST(world.Accept(world.NewTask("later")).ok());
}

LASTING_STORE_TEST(StoppingFinishesWhatWasTaken) {
  constexpr int kCount = 300;
  std::atomic<int> answered{0};
  for (int i = 0; i < kCount; ++i) {
    BOOST_REQUIRE(world.store().Accept(world.NewTask(std::to_string(i)), [&](Result<Accepted> a) {
      if (a.ok()) ++answered;
    }));
  }
  world.store().Stop();
  BOOST_TEST(answered == kCount);
  world.Reopen();
  TaskFilter all;
  all.limit = 1000;
  BOOST_TEST(world.store().ListTasks(all).value().size() == std::size_t{kCount});
}

LASTING_STORE_TEST(AFailedWriteUndoesItselfAndNoOther) {
  // Held together in one group: an update that fails after it has written, between two accepts.
  std::promise<void> held, release;
  std::shared_future<void> released = release.get_future().share();
  BOOST_REQUIRE(world.store().Accept(world.NewTask("hold"), [&](Result<Accepted>) {
    held.set_value();
    released.wait();
  }));
  held.get_future().wait();
  Countdown answers(2);
  std::atomic<int> accepted_count{0};
  const auto count = [&](Result<Accepted> accepted) {
    if (accepted.ok()) ++accepted_count;
    answers.Tick();
  };
  BOOST_REQUIRE(world.store().Accept(world.NewTask("before"), count));
  Status failed = base::Ok();
  std::thread failing([&] {
    task::Register r = world.NewRegister("renamed");
    r.key = world.lane;
    r.shops = {999};  // found out after the register's row was changed
    failed = world.store().UpdateRegister(r);
  });
  BOOST_REQUIRE(world.store().Accept(world.NewTask("after"), count));
  release.set_value();
  answers.Wait();
  failing.join();
  BOOST_REQUIRE(!failed.ok());
  BOOST_TEST((failed.error().code == base::Code::kNotFound));
  BOOST_TEST(accepted_count == 2);
  BOOST_TEST(world.store().ListTasks({}).value().size() == 3u);
  BOOST_TEST(world.store().LoadDirectory().value()->FindRegister(world.lane)->name == "till-1");
}

LASTING_STORE_TEST(TwoProcessesWriteToOneStore) {
  Pipe pipe;
  world.Close();
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    const std::unique_ptr<Store> store = world.OpenAnother();
    int failed = 0;
    for (int i = 0; i < 100; ++i) {
      task::Shop shop = world.NewShop("child-" + std::to_string(i));
      if (!store->AddShop(shop).ok()) ++failed;
    }
    pipe.Say(std::to_string(failed));
    ::_exit(0);
  }
  pipe.CloseWriting();
  world.Reopen();
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST(world.Accept(world.NewTask(std::to_string(i))).ok());
  }
  std::string failed;
  BOOST_REQUIRE(pipe.Read(&failed));
  BOOST_TEST(failed == "0");
  ::waitpid(child, nullptr, 0);
  BOOST_TEST(world.store().LoadDirectory().value()->shops().size() == 101u);
}

LASTING_STORE_TEST(WhatWasAcknowledgedSurvivesAKill) {
  for (int round = 0; round < 5; ++round) {
    Pipe pipe;
    world.Close();
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) AcceptUntilKilled(world, pipe);
    pipe.CloseWriting();
    std::vector<std::string> acknowledged;
    std::string id;
    while (pipe.Read(&id)) {
      acknowledged.push_back(id);
      if (acknowledged.size() == 50u + 37u * static_cast<unsigned>(round)) ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WIFSIGNALED(status));
    world.Reopen();
    for (const std::string& each : acknowledged) {
      const Result<std::optional<TaskView>> found = world.store().FindTask(each);
      BOOST_REQUIRE(found.ok() && found->has_value());
      BOOST_TEST(((*found)->task.state == State::kQueued));
      BOOST_TEST(!(*found)->package.commands.empty());
    }
  }
}

LASTING_STORE_TEST(AKillBetweenClaimAndOutcomeLeavesAnUnknownTask) {
  const task::Task task = world.Accept("1");
  Pipe pipe;
  world.Close();
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    const std::unique_ptr<Store> store = world.OpenAnother();
    const bool claimed = store->Apply({{world.SendOf(task)}, {}, {}, {}}).value().claims.at(0);
    pipe.Say(claimed ? "claimed" : "not claimed");
    ::raise(SIGKILL);
  }
  pipe.CloseWriting();
  std::string said;
  BOOST_REQUIRE(pipe.Read(&said));
  BOOST_TEST(said == "claimed");
  ::waitpid(child, nullptr, 0);
  world.Reopen();
  BOOST_TEST(world.store().Recover(world.now()).value().unknown.size() == 1u);
  BOOST_TEST((world.View(task).task.state == State::kUnknown));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
