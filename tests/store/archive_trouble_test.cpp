// What may happen while a month goes into a file: kills, holds, changes, a full disk, a second run.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "lib/store/postgres/months.h"
#include "lib/store/postgres/postgres_connection.h"
#include "lib/store/sql_store.h"
#include "tests/store/archive_support.h"
#include "tests/store/postgres_server.h"

namespace fiscalgate::store::testing {
namespace {

using base::Code;
using task::State;
using Steps = std::vector<ArchiveStep>;

bool OnPostgres(const World& world) { return world.url().rfind("sqlite:", 0) != 0; }

std::string Ask(const World& world, const std::string& sql) {
  return PostgresServer::Shared().Run(DatabaseOf(world.url()), sql);
}

std::unique_ptr<Connection> Migrator(const World& world) {
  const auto address = postgres::Address::Parse(world.url()).value();
  return std::move(postgres::Connect(address, postgres::Access::kMigrate).value());
}

// Whether a whole file has it.
bool IsInAFile(const Files& files, const task::Task& task) {
  const std::vector<std::string> paths = files.all();
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
    if (!CheckArchive(path).ok()) return false;
    base::GzipReader file = std::move(base::GzipReader::Open(path).value());
    for (std::string line; file.NextLine(&line).value();) {
      if (line.find("\"id\":\"" + task.id + "\"") != std::string::npos) return true;
    }
    return false;
  });
}

bool IsInTheStore(World& world, const task::Task& task) {
  const auto view = world.store().FindTask(task.id).value();
  return view && view->results.size() == 2 && view->attempts.size() == 1 && view->callback;
}

std::vector<task::Task> Three(World& world, const std::string& prefix) {
  std::vector<task::Task> tasks;
  for (const char* name : {"a", "b", "c"}) {
    tasks.push_back(world.AcceptAndEnd(prefix + name, State::kDone));
  }
  DeliverAll(world);
  return tasks;
}

// A run in a process of its own that is killed at its n-th step. Gives whether there was one.
bool KilledAt(World& world, int n, Month month, const Files& files) {
  world.Close();
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    Result<Archive> archive = Archive::Open(world.url());
    if (!archive) ::_exit(1);
    archive->OnStep([left = n](ArchiveStep, std::int64_t) mutable {
      if (left-- == 0) ::kill(::getpid(), SIGKILL);
    });
    ::_exit(archive->Take(month, files.path(), "ann", world.now()).ok() ? 0 : 1);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
  return WIFSIGNALED(status);
}

// The last step of the run does this, once.
Result<ArchivedMonth> TakeWith(const World& world, Month month, const Files& files,
                               ArchiveStep when, const std::function<void()>& what) {
  Archive archive = Open(world);
  archive.OnStep([&, done = false](ArchiveStep step, std::int64_t) mutable {
    if (step == when && !std::exchange(done, true)) what();
  });
  return archive.Take(month, files.path(), "ann", world.now());
}

constexpr ArchiveStep kAllSteps[] = {ArchiveStep::kWriting,  ArchiveStep::kWritten,
                                     ArchiveStep::kClaimed,  ArchiveStep::kOut,
                                     ArchiveStep::kCompared, ArchiveStep::kRemoving};

// While it lives, no file grows over `bytes`: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    old_handler_ = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limited{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limited);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &old_);
    signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_{};
  sighandler_t old_handler_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_archive_trouble)

LASTING_STORE_TEST(ARunThatIsKilledAtAnyStepLosesNothing) {
  const Files files;
  bool killed = true;
  int steps = 0;
  for (int n = 0; killed; ++n) {
    const auto tasks = Three(world, std::to_string(n));
    const Month month = MonthOf(tasks[0]);
    killed = KilledAt(world, n, month, files);
    steps += killed ? 1 : 0;
    // Put right by the next run, or by the next gateway.
    if (n % 2 == 0) Open(world);
    world.Reopen();
    for (const task::Task& task : tasks) {
      const bool here = IsInTheStore(world, task);
      BOOST_TEST((here || IsInAFile(files, task)), "step " << n << " has lost " << task.order_id);
      const auto again = world.Accept(world.NewTask(task.order_id));
      BOOST_TEST((again->what == (here ? Acceptance::kSame : Acceptance::kArchived)));
    }
    const auto taken = Take(world, month, files);
    BOOST_REQUIRE_MESSAGE(taken.ok(), (taken.ok() ? "" : taken.error().what));
    for (const task::Task& task : tasks) {
      BOOST_TEST(IsInAFile(files, task));
      BOOST_TEST(!IsInTheStore(world, task));
    }
    BOOST_TEST(world.store().ListCallbacks(std::nullopt, 10).value().empty());
    BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().empty());
  }
  BOOST_TEST(steps == (OnPostgres(world) ? 7 : 4));
  for (const std::string& path : files.all()) BOOST_TEST(CheckArchive(path).ok());
}

LASTING_STORE_TEST(TwoRunsTakeTurns) {
  const Files files;
  const auto tasks = Three(world, "");
  {
    Archive first = Open(world);
    const auto second = Archive::Open(world.url());
    BOOST_REQUIRE(!second.ok());
    BOOST_TEST((second.error().code == Code::kConflict));
    BOOST_TEST(Archive::Look(world.url()).ok());
  }
  BOOST_TEST(Take(world, MonthOf(tasks[0]), files).ok());
}

LASTING_STORE_TEST(AHoldThatComesWhileARunGoesOnIsKeptOrRefused) {
  int number = 0;
  for (const ArchiveStep when : kAllSteps) {
    for (const auto kind : {LegalHold::Kind::kTask, LegalHold::Kind::kMonth}) {
      const Files files;
      const auto tasks = Three(world, std::to_string(number++));
      const Month month = MonthOf(tasks[0]);
      HoldOrder order = Held(month);
      order.at = world.now() + std::chrono::days(365 * 10);  // it is a month of the past
      order.kind = kind;
      order.task_id = tasks[2].id;
      bool held = false;
      const auto taken =
          TakeWith(world, month, files, when, [&] { held = AddHold(world.url(), order).ok(); });
      BOOST_TEST(taken.ok() == !held);
      for (const task::Task& task : tasks) BOOST_TEST(IsInTheStore(world, task) == held);
      if (held) {
        BOOST_TEST(RemoveHold(world.url(), order).ok());
        BOOST_TEST(Take(world, month, files).ok());
      }
      BOOST_TEST(!AddHold(world.url(), order).ok());  // too late
    }
  }
  BOOST_TEST(ListHolds(world.url()).value().empty());
}

LASTING_STORE_TEST(WhatChangesWhileARunGoesOnStays) {
  int number = 0;
  for (const ArchiveStep when : {ArchiveStep::kWritten, ArchiveStep::kClaimed}) {
    for (const int how : {0, 1, 2}) {
      const Files files;
      const auto tasks = Three(world, std::to_string(number++));
      const task::Task failed = world.AcceptAndEnd("f" + std::to_string(number), State::kFailed);
      DeliverAll(world);
      const std::string callback = world.View(tasks[0]).callback->webhook_id;
      const auto taken = TakeWith(world, MonthOf(tasks[0]), files, when, [&] {
        if (how == 0)
          BOOST_REQUIRE(world.store().ReplayCallback(callback, "ann", world.now()).ok());
        if (how == 1)
          BOOST_REQUIRE(world.store().RetryTask(failed.id, "ann", "", world.now()).ok());
        Proof late;
        late.seq = tasks[0].seq;
        late.lease = "lease";
        late.told = {"answered", 200, "as it came"};
        late.at = world.now();
        DispatchBatch batch;
        batch.proofs = {late};
        if (how == 2) BOOST_REQUIRE(world.store().Apply(batch).ok());
      });
      if (OnPostgres(world)) {
        BOOST_REQUIRE(!taken.ok());
        BOOST_TEST((taken.error().code == Code::kConflict), taken.error().what);
        for (const task::Task& task : tasks) BOOST_TEST(IsInTheStore(world, task));
        BOOST_TEST(files.count() == 0u);
      } else {
        BOOST_TEST(taken->changed == 1);
      }
      const TaskView view = world.View(how == 1 ? failed : tasks[0]);
      BOOST_TEST((view.task.state == State::kQueued) == (how == 1));
      BOOST_TEST(view.evidence.size() == (how == 2 ? 1u : 0u));
      if (how == 1) BOOST_REQUIRE(world.store().CancelTask(failed.id, "a", "", world.now()).ok());
      DeliverAll(world);
      BOOST_TEST(Take(world, MonthOf(tasks[0]), files).ok());
    }
  }
}

LASTING_STORE_TEST(AFullDiskLeavesEverythingInTheStoreAndNoFile) {
  const Files files;
  const auto tasks = Three(world, "");
  std::unique_ptr<FullDisk> full;
  const auto taken = TakeWith(world, MonthOf(tasks[0]), files, ArchiveStep::kWriting,
                              [&] { full = std::make_unique<FullDisk>(100); });
  full.reset();
  BOOST_REQUIRE(!taken.ok());
  BOOST_TEST((taken.error().code == Code::kUnavailable), taken.error().what);
  for (const task::Task& task : tasks) BOOST_TEST(IsInTheStore(world, task));
  BOOST_TEST(files.count() == 0u);
}

LASTING_STORE_TEST(AFileThatSomebodyElseHasMadeIsNotTouched) {
  const Files files;
  const auto tasks = Three(world, "");
  const Month month = MonthOf(tasks[0]);
  const std::string path = files.folder.File("fiscalgate-" + MonthName(month) + ".jsonl.gz");
  const auto taken = TakeWith(world, month, files, ArchiveStep::kWriting, [&] {
    ::fiscalgate::testing::WriteFile(path, "of another store");
    // Nor is what it writes just now.
    BOOST_TEST((ArchiveFile::Create(files.path(), month, 1, world.now()).ok()));
    BOOST_TEST((base::GzipWriter::Create(path + ".unfinished").error().code == Code::kConflict));
  });
  BOOST_REQUIRE(!taken.ok());
  BOOST_TEST((taken.error().code == Code::kConflict));
  BOOST_TEST(::fiscalgate::testing::ReadFile(path) == "of another store");
  for (const task::Task& task : tasks) BOOST_TEST(IsInTheStore(world, task));
}

LASTING_STORE_TEST(AMonthThatIsOverAndEmptyCannotBeHeld) {
  HoldOrder order = Held(MonthAt(world.now()) - 30);
  order.at = world.now();
  BOOST_TEST((AddHold(world.url(), order).error().code == Code::kNotFound));
  order.month = MonthAt(world.now()) + 1;
  BOOST_TEST(AddHold(world.url(), order).ok());
}

LASTING_STORE_TEST(LookingMakesNothing) {
  const Files files;
  BOOST_TEST(!Archive::Look("sqlite:" + files.folder.File("none.db")).ok());
  BOOST_TEST(!Archive::Open("sqlite:" + files.folder.File("none.db")).ok());
  BOOST_TEST(files.count() == 0u);
}

// Tasks of the time before months, and of a store that was copied.
LASTING_STORE_TEST(TasksWhoseNumbersTellNoMonthGoByTheirTime) {
  if (!OnPostgres(world)) return;
  const Files files;
  const auto tasks = Three(world, "");
  for (const char* table : {"package", "attempt", "command_result", "event", "callback"}) {
    Ask(world, "UPDATE " + std::string(table) + " SET task = task & ((1::bigint << 36) - 1)");
  }
  Ask(world, "UPDATE task_order SET seq = seq & ((1::bigint << 36) - 1)");
  Ask(world, "UPDATE task SET seq = seq & ((1::bigint << 36) - 1), month = 1");
  const task::Task fresh = world.AcceptAndEnd("fresh", State::kDone);
  DeliverAll(world);
  BOOST_TEST(IsInTheStore(world, tasks[0]));
  const Month month = MonthAt(tasks[0].accepted_at);
  const auto taken = TakeWith(world, month, files, ArchiveStep::kClaimed, [&] {
    const std::string callback = world.View(tasks[1]).callback->webhook_id;
    BOOST_REQUIRE(world.store().ReplayCallback(callback, "ann", world.now()).ok());
  });
  // By its number the fresh one is of the server's month, which may be the same.
  const bool together = MonthOf(fresh) == month;
  BOOST_REQUIRE_MESSAGE(taken.ok(), (taken.ok() ? "" : taken.error().what));
  BOOST_TEST(taken->changed == 1);
  BOOST_TEST(taken->removed == (together ? 3 : 2));
  BOOST_TEST(IsInTheStore(world, tasks[1]));
  BOOST_TEST(!IsInTheStore(world, tasks[0]));
  BOOST_TEST(IsInAFile(files, tasks[0]));
  BOOST_TEST((world.Accept(world.NewTask("a"))->what == Acceptance::kArchived));
}

LASTING_STORE_TEST(AMonthWithoutPartsOfItsOwnGoesToo) {
  if (!OnPostgres(world)) return;
  const Files files;
  const Month month =
      *MonthNamed(Ask(world, "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM')"));
  const auto connection = Migrator(world);
  const auto months = postgres::Months();
  const auto allow = [](Connection&) -> Status { return base::Ok(); };
  BOOST_REQUIRE(months->TakeOut(*connection, month, allow).ok());
  BOOST_REQUIRE(connection->Begin().ok());
  BOOST_REQUIRE(months->Seal(*connection, month).ok());
  BOOST_REQUIRE(months->Drop(*connection, month).ok());
  BOOST_REQUIRE(connection->Commit().ok());
  const auto tasks = Three(world, "");
  BOOST_TEST(Ask(world, "SELECT count(*)::text FROM task_other") == "3");
  const auto taken = Take(world, month, files);
  BOOST_REQUIRE_MESSAGE(taken.ok(), (taken.ok() ? "" : taken.error().what));
  BOOST_TEST(taken->removed == 3);
  BOOST_TEST(!IsInTheStore(world, tasks[0]));
}

LASTING_STORE_TEST(WhatIsWrittenBesideAMonthThatIsOutComesBackWithIt) {
  if (!OnPostgres(world)) return;
  const auto tasks = Three(world, "");
  const auto connection = Migrator(world);
  const auto allow = [](Connection&) -> Status { return base::Ok(); };
  BOOST_REQUIRE(postgres::Months()->TakeOut(*connection, MonthOf(tasks[0]), allow).ok());
  Ask(world,
      "INSERT INTO evidence (task, lease, received_at, delivery, http_status, body, applied, note) "
      "VALUES (" +
          std::to_string(tasks[0].seq) + ", 'lease', 0, 'answered', 200, '', 0, '')");
  BOOST_TEST(Archive::Look(world.url())->LeftOut().value().size() == 1u);
  world.Reopen();
  BOOST_TEST(Archive::Look(world.url())->LeftOut().value().empty());
  BOOST_TEST(world.View(tasks[0]).evidence.size() == 1u);
  BOOST_TEST(Ask(world, "SELECT count(*)::text FROM evidence_other") == "0");
}

// Somebody reads for long, as a dump does: the run waits in short pieces, and shops are served.
LASTING_STORE_TEST(PostsAreAcceptedWhileAMonthWaitsToLeave) {
  if (!OnPostgres(world)) return;
  const Files files;
  const auto tasks = Three(world, "");
  const auto reader = Migrator(world);
  BOOST_REQUIRE(reader->Begin().ok());
  BOOST_REQUIRE(reader->Run("SELECT count(*) FROM task").ok());
  Result<ArchivedMonth> taken = base::Error{Code::kInternal, ""};
  std::thread run([&] { taken = Take(world, MonthOf(tasks[0]), files); });
  std::chrono::steady_clock::duration longest{};
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; std::chrono::steady_clock::now() - begin < std::chrono::seconds(2); ++i) {
    const auto asked = std::chrono::steady_clock::now();
    const task::Task task = world.Accept("new " + std::to_string(i));
    longest = std::max(longest, std::chrono::steady_clock::now() - asked);
    BOOST_REQUIRE(world.store().CancelTask(task.id, "ann", "", world.now()).ok());
  }
  reader->Rollback();
  run.join();
  BOOST_TEST(std::chrono::duration<double>(longest).count() < 1.5);
  // Meanwhile there were new ones, or it has gone.
  BOOST_TEST((taken.ok() || taken.error().code == Code::kConflict));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
