// fiscalgate admin archive [--before YYYY-MM] [--to FOLDER] [--dry-run]
// fiscalgate admin hold add|remove|list
#include "lib/store/archive.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/table.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
using store::LegalHold;
using store::Month;
using store::MonthStock;

Error Wrong(std::string_view english, std::string_view russian) {
  return {Code::kInvalid, std::string(Say(english, russian))};
}

Result<Month> ReadMonth(const std::string& text) {
  if (const auto month = store::MonthNamed(text)) return *month;
  return Wrong("a month is written like 2025-01", "месяц пишется так: 2025-01");
}

// ---- archive

struct ArchiveOptions {
  std::string before, folder = ".";
  bool dry_run = false;
};

// The months to go are those before this one; the month that goes on is never among them.
Result<Month> LimitOf(const Desk& desk, const ArchiveOptions& options) {
  const Month now = store::MonthAt(Now());
  if (!options.before.empty()) {
    Result<Month> before = ReadMonth(options.before);
    if (!before.ok() || *before <= now) return before;
    return Wrong("--before is in the future: the month that goes on is not archived",
                 "--before в будущем: текущий месяц не архивируется");
  }
  const int kept = desk.RetentionMonths();
  if (kept > 0) return now - kept;
  return Wrong("give --before YYYY-MM, or set store.retention_months in the configuration",
               "укажите --before ГГГГ-ММ или store.retention_months в настройках");
}

std::string KindOf(const LegalHold& hold) {
  switch (hold.kind) {
    case LegalHold::Kind::kTask:
      return std::string(Say("task", "задание"));
    case LegalHold::Kind::kOrder:
      return std::string(Say("order", "заказ"));
    case LegalHold::Kind::kMonth:
      return std::string(Say("month", "месяц"));
  }
  base::CheckFailed("every kind has a name", __FILE__, __LINE__);
}

// Why it stays, in the reader's language.
std::vector<std::string> ReasonsOf(const MonthStock& stock) {
  std::vector<std::string> reasons;
  if (stock.live > 0) {
    reasons.push_back(std::string(Say("tasks not over: ", "незавершённых заданий: ")) +
                      std::to_string(stock.live));
  }
  if (stock.callbacks > 0) {
    reasons.push_back(
        std::string(Say("callbacks not delivered: ", "недоставленных уведомлений: ")) +
        std::to_string(stock.callbacks));
  }
  for (const LegalHold& hold : stock.holds) {
    reasons.push_back(std::string(Say("held: ", "удержано: ")) + KindOf(hold) + " " + hold.subject +
                      " (" + hold.why + ")");
  }
  return reasons;
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : "; ") + part;
  return all;
}

void WriteReasons(const std::vector<std::string>& reasons, base::JsonWriter* writer) {
  writer->Key("kept_because").BeginArray();
  for (const std::string& reason : reasons) writer->String(reason);
  writer->EndArray();
}

void Tell(const Desk& desk, const store::ArchivedMonth& month, base::JsonWriter* writer) {
  writer->BeginObject().Key("month").String(store::MonthName(month.month));
  writer->Key("tasks").Int(month.content.tasks).Key("file").String(month.path);
  writer->Key("sha256").String(month.content.sum).Key("changed").Int(month.changed);
  writer->Key("rows").BeginObject();
  for (const auto& [table, rows] : month.content.rows) writer->Key(table).Int(rows);
  writer->EndObject().EndObject();
  std::string line = store::MonthName(month.month) + ": " + std::to_string(month.content.tasks) +
                     std::string(Say(" tasks -> ", " заданий -> ")) + month.path;
  if (month.changed > 0) {
    line += std::string(Say("; changed meanwhile and kept: ", "; изменились и остались: ")) +
            std::to_string(month.changed);
  }
  desk.Print(line);
}

void TellPlan(const Desk& desk, const MonthStock& stock, bool dry_run, base::JsonWriter* writer) {
  const std::vector<std::string> reasons = ReasonsOf(stock);
  if (stock.may_go() && !dry_run) return;
  writer->BeginObject().Key("month").String(store::MonthName(stock.month));
  writer->Key("tasks").Int(stock.tasks);
  WriteReasons(reasons, writer);
  writer->EndObject();
  const std::string state = stock.may_go()
                                ? std::string(Say("to be archived", "будет в архиве"))
                                : std::string(Say("stays: ", "остаётся: ")) + Joined(reasons);
  desk.Print(store::MonthName(stock.month) + ": " + std::to_string(stock.tasks) +
             std::string(Say(" tasks, ", " заданий, ")) + state);
}

constexpr std::chrono::seconds kBetweenLines{10};

// While it goes on: on standard error, so that the answer stays what it is.
store::Archive::Watch ProgressOf(const MonthStock& stock) {
  const auto line = [name = store::MonthName(stock.month), of = stock.tasks](std::string_view what,
                                                                             std::int64_t tasks) {
    std::fprintf(stderr, "%s: %.*s %lld/%lld\n", name.c_str(), static_cast<int>(what.size()),
                 what.data(), static_cast<long long>(tasks), static_cast<long long>(of));
  };
  line(Say("writing", "запись"), 0);
  return [line, last = Now()](store::ArchiveStep step, std::int64_t tasks) mutable {
    using Step = store::ArchiveStep;
    const bool slow = step == Step::kWriting || step == Step::kRemoving;
    if (step != Step::kWritten && !(slow && Now() - last >= kBetweenLines)) return;
    last = Now();
    line(step == Step::kWriting   ? Say("writing", "запись")
         : step == Step::kWritten ? Say("written", "записано")
                                  : Say("removing", "удаление"),
         tasks);
  };
}

Status CheckFolder(const std::string& folder) {
  std::error_code fault;
  if (std::filesystem::is_directory(folder, fault)) return base::Ok();
  return Error{
      Code::kNotFound,
      std::string(Say("--to: there is no such folder: ", "--to: нет такой папки: ")) + folder};
}

Result<store::Archive> OpenArchive(const std::string& url, bool to_look) {
  if (to_look) return store::Archive::Look(url);
  Result<store::Archive> archive = store::Archive::Open(url);
  if (archive.ok() || archive.error().code != Code::kConflict) return archive;
  return Error{Code::kConflict, std::string(Say("archive runs already, here or on another machine",
                                                "архивация уже идёт, здесь или на другой машине"))};
}

// Its tasks are not counted: they are out of sight.
Status TellLeftOut(store::Archive& archive) {
  const Result<std::vector<Month>> out = archive.LeftOut();
  if (!out) return out.error();
  for (const Month month : *out) {
    std::fprintf(
        stderr, "%s: %s\n", store::MonthName(month).c_str(),
        std::string(Say("out of sight since a run was interrupted, or goes on; the next run "
                        "puts it back first",
                        "скрыт прерванной или идущей архивацией; следующая сначала вернёт "
                        "его на место"))
            .c_str());
  }
  return base::Ok();
}

Status ArchiveMonths(const Desk& desk, const ArchiveOptions& options) {
  Result<Desk::Place> place = desk.FindPlace();
  if (!place) return place.error();
  Result<Month> before = LimitOf(desk, options);
  if (!before) return before.error();
  Status folder = CheckFolder(options.folder);
  if (!folder) return folder;
  Result<store::Archive> archive = OpenArchive(place->store_url, options.dry_run);
  if (!archive) return archive.error();
  Status told = options.dry_run ? TellLeftOut(*archive) : base::Ok();
  if (!told) return told;
  // A file that gets larger than it may is an error, not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  Result<std::vector<MonthStock>> stock = archive->StockBefore(*before);
  if (!stock) return stock.error();
  base::JsonWriter writer;
  writer.BeginArray();
  std::string kept;
  Status status = base::Ok();
  for (const MonthStock& month : *stock) {
    TellPlan(desk, month, options.dry_run, &writer);
    if (!month.may_go()) kept += (kept.empty() ? "" : ", ") + store::MonthName(month.month);
    if (!month.may_go() || options.dry_run || !status.ok()) continue;
    archive->OnStep(ProgressOf(month));
    Result<store::ArchivedMonth> taken =
        archive->Take(month.month, options.folder, WhoIsThere(), Now());
    if (taken) Tell(desk, *taken, &writer);
    if (!taken) status = taken.error();
  }
  writer.EndArray();
  desk.Answer(&writer);
  if (stock->empty()) desk.Print(std::string(Say("nothing to archive", "архивировать нечего")));
  if (!status.ok() || kept.empty() || options.dry_run) return status;
  return Error{Code::kConflict, std::string(Say("not archived: ", "не архивированы: ")) + kept};
}

// ---- hold

struct HoldOptions {
  std::string task, order, shop, month, why;
};

Result<store::HoldOrder> OrderOf(const HoldOptions& options) {
  store::HoldOrder order;
  const int given = !options.task.empty() + !options.order.empty() + !options.month.empty();
  if (given != 1 || options.order.empty() != options.shop.empty()) {
    return Wrong("give one of: --task ID; --order NUMBER and --shop ACCOUNT; --month YYYY-MM",
                 "укажите одно из: --task НОМЕР; --order ЗАКАЗ и --shop МАГАЗИН; --month ГГГГ-ММ");
  }
  order.task_id = options.task;
  order.order_id = options.order;
  order.account_id = options.shop;
  order.kind = !options.task.empty()    ? LegalHold::Kind::kTask
               : !options.order.empty() ? LegalHold::Kind::kOrder
                                        : LegalHold::Kind::kMonth;
  if (order.kind == LegalHold::Kind::kMonth) {
    Result<Month> month = ReadMonth(options.month);
    if (!month) return month.error();
    order.month = *month;
  }
  order.why = options.why;
  order.who = WhoIsThere();
  order.at = Now();
  return order;
}

// The store's errors say it in English; these are the usual ones.
Error InWords(Error error) {
  if (error.code == Code::kNotFound) {
    error.what = std::string(Say("not found: ", "не найдено: ")) + error.what;
  } else if (error.code == Code::kConflict) {
    error.what = std::string(Say("it is held already: ", "уже удержано: ")) + error.what;
  }
  return error;
}

void WriteHold(const LegalHold& hold, base::JsonWriter* writer) {
  constexpr std::string_view kKinds[] = {"task", "order", "month"};
  writer->BeginObject().Key("kind").String(kKinds[static_cast<std::size_t>(hold.kind)]);
  writer->Key("subject").String(hold.subject).Key("month").String(store::MonthName(hold.month));
  writer->Key("why").String(hold.why).Key("who").String(hold.who);
  writer->Key("placed_at").String(base::FormatUtc(hold.placed_at)).EndObject();
}

Status List(const Desk& desk) {
  Result<Desk::Place> place = desk.FindPlace();
  if (!place) return place.error();
  Result<std::vector<LegalHold>> holds = store::ListHolds(place->store_url);
  if (!holds) return holds.error();
  base::JsonWriter writer;
  writer.BeginArray();
  Table table({std::string(Say("what", "что")), std::string(Say("which", "какой")),
               std::string(Say("month", "месяц")), std::string(Say("why", "почему")),
               std::string(Say("who", "кто")), std::string(Say("since", "с"))});
  for (const LegalHold& hold : *holds) {
    WriteHold(hold, &writer);
    table.Add({KindOf(hold), hold.subject, store::MonthName(hold.month), hold.why, hold.who,
               base::FormatUtc(hold.placed_at)});
  }
  writer.EndArray();
  desk.Answer(&writer);
  desk.Print(table.empty() ? std::string(Say("nothing is held", "ничего не удержано"))
                           : table.Text());
  return base::Ok();
}

Status Change(const Desk& desk, const HoldOptions& options, bool add) {
  Result<store::HoldOrder> order = OrderOf(options);
  if (!order) return order.error();
  Result<Desk::Place> place = desk.FindPlace();
  if (!place) return place.error();
  if (add) {
    Result<LegalHold> added = store::AddHold(place->store_url, *order);
    if (!added) return InWords(added.error());
  } else if (Status removed = store::RemoveHold(place->store_url, *order); !removed) {
    return InWords(removed.error());
  }
  return List(desk);
}

void AddChange(CLI::App* noun, const DeskPtr& desk, bool add) {
  const auto given = std::make_shared<HoldOptions>();
  CLI::App* verb = add ? AddVerb(noun, "add", "Keep a month out of the archive")
                       : AddVerb(noun, "remove", "Let it go again");
  verb->add_option("--task", given->task, "The month of the task with this id");
  verb->add_option("--order", given->order, "The month of this BIT_ORDER_ID");
  verb->add_option("--shop", given->shop, "of the shop with this account id");
  verb->add_option("--month", given->month, "This month, like 2025-01");
  verb->add_option("--why", given->why, "Reason, for the audit trail")->required();
  verb->callback(
      [desk, given, add] { desk->RunWithoutStore([&] { return Change(*desk, *given, add); }); });
}

}  // namespace

void AddArchiveCommands(CLI::App& admin, const DeskPtr& desk) {
  const auto given = std::make_shared<ArchiveOptions>();
  CLI::App* archive =
      AddVerb(&admin, "archive",
              "Write whole months of finished tasks into files and take them out of the store");
  archive->add_option("--before", given->before,
                      "The months before this one, like 2025-01; without it what is older than "
                      "store.retention_months");
  archive->add_option("--to", given->folder, "Folder for the files: fiscalgate-2025-01.jsonl.gz")
      ->capture_default_str();
  archive->add_flag("--dry-run", given->dry_run,
                    "Only say which months would go and what keeps the others; write nothing");
  archive->callback(
      [desk, given] { desk->RunWithoutStore([&] { return ArchiveMonths(*desk, *given); }); });
  CLI::App* hold = AddNoun(admin, "hold", "What must not be archived");
  AddChange(hold, desk, true);
  AddChange(hold, desk, false);
  AddVerb(hold, "list", "List what is held")->callback([desk] {
    desk->RunWithoutStore([&] { return List(*desk); });
  });
}

}  // namespace fiscalgate::admin
