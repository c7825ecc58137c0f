// Months that go into files: what goes, what stays, and what is remembered of it.
#include "lib/base/id.h"
#include "lib/base/json.h"
#include "lib/store/postgres/months.h"
#include "lib/store/postgres/postgres_connection.h"
#include "tests/store/archive_support.h"
#include "tests/store/postgres_server.h"
#include "tests/store/world.h"

namespace fiscalgate::store::testing {
namespace {

using base::Code;
using task::State;

std::vector<std::string> LinesOf(const std::string& path) {
  std::vector<std::string> lines;
  base::GzipReader file = std::move(base::GzipReader::Open(path).value());
  for (std::string line; file.NextLine(&line).value();) lines.push_back(line);
  return lines;
}

MonthStock StockOf(const World& world, Month month) {
  const std::vector<MonthStock> all = Open(world).StockBefore(month + 1).value();
  for (const MonthStock& stock : all) {
    if (stock.month == month) return stock;
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_archive)

LASTING_STORE_TEST(AMonthGoesIntoAFileAndOutOfTheStore) {
  const Files files;
  const task::Task done = world.AcceptAndEnd("done", State::kDone);
  const task::Task failed = world.AcceptAndEnd("failed", State::kFailed, "paper out");
  DeliverAll(world);
  const Month month = MonthOf(done);
  BOOST_TEST(StockOf(world, month).tasks == 2);
  BOOST_TEST(StockOf(world, month).may_go());

  const Result<ArchivedMonth> taken = Take(world, month, files);
  BOOST_REQUIRE_MESSAGE(taken.ok(), (taken.ok() ? "" : taken.error().what));
  BOOST_TEST(taken->content.tasks == 2);
  BOOST_TEST(taken->removed == 2);
  BOOST_TEST(taken->changed == 0);
  BOOST_TEST(taken->path == files.path() + "/fiscalgate-" + MonthName(month) + ".jsonl.gz");
  BOOST_TEST(files.count() == 1u);
  BOOST_TEST((CheckArchive(taken->path).value() == taken->content));
  for (const char* table : {"task", "package", "attempt", "event", "callback"}) {
    BOOST_TEST(taken->content.rows.at(table) == 2);
  }
  BOOST_TEST(taken->content.rows.at("command_result") == 2);  // the failed one has none

  BOOST_TEST(!world.store().FindTask(done.id).value().has_value());
  BOOST_TEST(!world.store().FindTaskBySeq(failed.seq).value().has_value());
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().empty());
  BOOST_TEST(world.store().ListCallbacks(std::nullopt, 10).value().empty());
  BOOST_TEST(world.store().ListTasks({}).value().empty());
  BOOST_TEST(StockOf(world, month).tasks == 0);
}

LASTING_STORE_TEST(AnArchivedOrderIsNeverAcceptedAgain) {
  const Files files;
  const task::Task done = world.AcceptAndEnd("1", State::kDone);
  DeliverAll(world);
  BOOST_REQUIRE(Take(world, MonthOf(done), files).ok());
  BOOST_TEST((world.Accept(world.NewTask("1"))->what == Acceptance::kArchived));
  task::NewTask other = world.NewTask("1");
  other.content_hash = std::string(32, 'x');
  BOOST_TEST((world.Accept(other)->what == Acceptance::kArchived));
  BOOST_TEST((world.Accept(world.NewTask("2"))->what == Acceptance::kCreated));
  // Of the gateway's own, too.
  task::NewTask service = world.NewTask("1");
  const auto ordered = world.store().OrderService(service, "ann", "why not");
  BOOST_REQUIRE(!ordered.ok());
  BOOST_TEST((ordered.error().code == Code::kConflict));
  BOOST_TEST(world.store().ListTasks({}).value().size() == 1u);
}

// A shop's feed goes on from the last number it has seen.
LASTING_STORE_TEST(NumbersOfEventsGoOnWhereTheyWere) {
  const Files files;
  task::Task last;
  for (int i = 0; i < 3; ++i) last = world.AcceptAndEnd(std::to_string(i), State::kDone);
  DeliverAll(world);
  const std::int64_t seen = world.View(last).event_seq;
  BOOST_REQUIRE(Take(world, MonthOf(last), files).ok());
  world.AcceptAndEnd("new", State::kDone);
  const auto events = world.store().EventsAfter(world.shop, seen, 10).value();
  BOOST_REQUIRE(events.size() == 1u);
  BOOST_TEST(events[0].order_id == "new");
}

LASTING_STORE_TEST(AFileHasALineForEachTaskWithAllThatBelongsToIt) {
  const Files files;
  const task::Task task = world.AcceptAndEnd("заказ \"1\"\n", State::kDone);
  DeliverAll(world);
  const ArchivedMonth taken = Take(world, MonthOf(task), files).value();
  const std::vector<std::string> lines = LinesOf(taken.path);
  BOOST_REQUIRE(lines.size() == 3u);
  const auto head = base::ParseJson(lines[0]).value();
  BOOST_TEST(head.root().FindText("format") == "fiscalgate-archive");
  BOOST_TEST(head.root().FindText("month") == MonthName(taken.month));
  const auto line = base::ParseJson(lines[1]).value();
  const base::JsonValue* row = line.root().Find("task");
  BOOST_REQUIRE(row != nullptr);
  BOOST_TEST(row->FindText("id") == task.id);
  BOOST_TEST(row->FindText("order_id") == "заказ \"1\"\n");
  BOOST_TEST(row->FindText("content_hash").size() == 64u);  // bytes, in hex
  for (const char* part : {"package", "attempts", "events", "callbacks"}) {
    const base::JsonValue* rows = line.root().Find(part);
    BOOST_REQUIRE(rows != nullptr);
    BOOST_TEST(rows->items.size() == 1u);
  }
  BOOST_TEST(line.root().Find("results")->items.size() == 2u);
  BOOST_TEST(line.root().Find("evidence")->items.empty());
  BOOST_TEST(base::ParseJson(lines[2])->root().FindText("sha256") == taken.content.sum);
}

LASTING_STORE_TEST(AMonthStaysAsLongAsATaskOfItLivesOrACallbackWaits) {
  const Files files;
  const task::Task done = world.AcceptAndEnd("done", State::kDone);
  const task::Task queued = world.Accept("queued");
  const Month month = MonthOf(done);
  BOOST_TEST(StockOf(world, month).live == 1);
  BOOST_TEST(StockOf(world, month).callbacks == 1);
  const auto refused = [&] {
    const auto taken = Take(world, month, files);
    return !taken.ok() && taken.error().code == Code::kConflict;
  };
  BOOST_TEST(refused());
  BOOST_REQUIRE(world.store().CancelTask(queued.id, "ann", "", world.now()).ok());
  BOOST_TEST(refused());
  DeliverAll(world);
  BOOST_TEST(StockOf(world, month).may_go());
  BOOST_TEST(files.count() == 0u);
  BOOST_TEST(world.View(done).results.size() == 2u);
  BOOST_TEST(Take(world, month, files).ok());
}

LASTING_STORE_TEST(WhatIsHeldIsNeverArchived) {
  const Files files;
  const task::Task task = world.AcceptAndEnd("1", State::kDone);
  DeliverAll(world);
  const Month month = MonthOf(task);
  HoldOrder by_task = Held(month), by_order = Held(month);
  by_task.kind = LegalHold::Kind::kTask;
  by_task.task_id = task.id;
  by_order.kind = LegalHold::Kind::kOrder;
  by_order.account_id = "shop-1";
  by_order.order_id = "1";
  for (const HoldOrder& order : {Held(month), by_task, by_order}) {
    const LegalHold hold = AddHold(world.url(), order).value();
    BOOST_TEST(hold.month == month);
    BOOST_TEST(StockOf(world, month).holds.size() == 1u);
    const auto taken = Take(world, month, files);
    BOOST_REQUIRE(!taken.ok());
    BOOST_TEST((taken.error().code == Code::kConflict));
    const auto again = AddHold(world.url(), order);
    BOOST_REQUIRE(!again.ok());
    BOOST_TEST((again.error().code == Code::kConflict));
    BOOST_TEST(RemoveHold(world.url(), order).ok());
    const auto gone = RemoveHold(world.url(), order);
    BOOST_TEST((gone.error().code == Code::kNotFound));
  }
  BOOST_TEST(ListHolds(world.url()).value().empty());
  BOOST_TEST(files.count() == 0u);
  BOOST_TEST(Take(world, month, files).ok());
}

LASTING_STORE_TEST(OnlyWhatIsThereCanBeHeld) {
  HoldOrder order = Held(0);
  order.kind = LegalHold::Kind::kTask;
  order.task_id = base::EncodeBase32(std::string(16, 'x'));
  BOOST_TEST((AddHold(world.url(), order).error().code == Code::kNotFound));
  order.kind = LegalHold::Kind::kOrder;
  order.account_id = "nobody";
  order.order_id = "1";
  BOOST_TEST((AddHold(world.url(), order).error().code == Code::kNotFound));
  order.account_id = "shop-1";
  BOOST_TEST((AddHold(world.url(), order).error().code == Code::kNotFound));
  BOOST_TEST(ListHolds(world.url()).value().empty());
}

LASTING_STORE_TEST(OtherMonthsStayWhereTheyAre) {
  const Files files;
  const task::Task task = world.AcceptAndEnd("1", State::kDone);
  DeliverAll(world);
  BOOST_TEST(Take(world, MonthOf(task) - 1, files)->content.tasks == 0);
  BOOST_TEST(files.count() == 0u);
  BOOST_TEST(world.View(task).results.size() == 2u);
}

LASTING_STORE_TEST(AFileThatCannotBeWrittenLeavesEverythingInTheStore) {
  const task::Task task = world.AcceptAndEnd("1", State::kDone);
  DeliverAll(world);
  const auto taken = Open(world).Take(MonthOf(task), "/nowhere/at/all", "ann", world.now());
  BOOST_REQUIRE(!taken.ok());
  BOOST_TEST((taken.error().code == Code::kNotFound));
  BOOST_TEST(world.View(task).results.size() == 2u);
}

LASTING_STORE_TEST(ManyTasksGoWhileOthersComeAndNoneIsLost) {
  const Files files;
  task::Task last;
  for (int i = 0; i < 260; ++i) {
    last = world.Accept("old " + std::to_string(i));
    BOOST_REQUIRE(world.store().CancelTask(last.id, "ann", "", world.now()).ok());
  }
  while (!world.store().DueCallbacks(world.shop, world.now(), 1).value().empty()) DeliverAll(world);
  const Month month = MonthOf(last);
  const ArchivedMonth taken = Take(world, month, files).value();
  BOOST_TEST(taken.content.tasks == 260);
  BOOST_TEST(taken.removed == 260);
  BOOST_TEST((CheckArchive(taken.path).value() == taken.content));
  // The same month again: another file, the first stays as it is.
  world.AcceptAndEnd("new", State::kDone);
  DeliverAll(world);
  if (world.url().rfind("sqlite:", 0) != 0) return;  // its month is gone for good there
  const ArchivedMonth second = Take(world, month, files).value();
  BOOST_TEST(second.content.tasks == 1);
  BOOST_TEST(second.path != taken.path);
  BOOST_TEST((CheckArchive(taken.path).value() == taken.content));
}

BOOST_AUTO_TEST_CASE(ABrokenFileIsFoundOut) {
  World world("sqlite");
  const Files files;
  const task::Task task = world.AcceptAndEnd("1", State::kDone);
  DeliverAll(world);
  const std::string path = Take(world, MonthOf(task), files)->path;
  const std::string whole = ::fiscalgate::testing::ReadFile(path);
  const auto is_broken = [&](const std::string& bytes) {
    const std::string other = files.path() + "/other.gz";
    ::fiscalgate::testing::WriteFile(other, bytes);
    const auto content = CheckArchive(other);
    return !content.ok() && content.error().code == Code::kMalformed;
  };
  BOOST_TEST(is_broken(whole.substr(0, whole.size() - 9)));
  BOOST_TEST(is_broken(whole.substr(0, whole.size() / 2)));
  std::string flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 4);
  BOOST_TEST(is_broken(flipped));
  BOOST_TEST(is_broken(""));
  BOOST_TEST(is_broken("not an archive\n"));
  // Whole, but somebody has taken a task out of it.
  const std::vector<std::string> lines = LinesOf(path);
  base::GzipWriter file = std::move(base::GzipWriter::Create(files.path() + "/less.gz").value());
  BOOST_REQUIRE(file.Write(lines[0] + "\n" + lines[2] + "\n").ok());
  BOOST_REQUIRE(file.Finish().ok());
  BOOST_TEST(!CheckArchive(files.path() + "/less.gz").ok());
}

boost::test_tools::assertion_result ServerInstalled(boost::unit_test::test_unit_id) {
  return PostgresServer::IsInstalled();
}

BOOST_AUTO_TEST_CASE(ARunThatWasCutOffIsTakenBack,
                     *boost::unit_test::precondition(ServerInstalled)) {
  World world("postgresql");
  const task::Task task = world.AcceptAndEnd("1", State::kDone);
  const auto connection = std::move(
      postgres::Connect(postgres::Address::Parse(world.url()).value(), postgres::Access::kMigrate)
          .value());
  const auto months = postgres::Months();
  const auto refuse = [](Connection&) -> Status { return base::Error{Code::kConflict, "no"}; };
  BOOST_TEST(!months->TakeOut(*connection, MonthOf(task), refuse).ok());
  BOOST_TEST(world.View(task).results.size() == 2u);
  const auto allow = [](Connection&) -> Status { return base::Ok(); };
  BOOST_REQUIRE(months->TakeOut(*connection, MonthOf(task), allow).ok());
  BOOST_TEST(!world.store().FindTask(task.id).value().has_value());
  BOOST_TEST((world.Accept(world.NewTask("1"))->what == Acceptance::kArchived));
  BOOST_TEST((months->ThatAreOut(*connection).value() == std::vector<Month>{MonthOf(task)}));
  Open(world);
  BOOST_TEST(months->ThatAreOut(*connection).value().empty());
  BOOST_TEST(world.View(task).results.size() == 2u);
  BOOST_TEST((world.Accept(world.NewTask("1"))->what == Acceptance::kSame));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
