// fiscalgate admin task list|show|cancel|retry|settle
#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/task_words.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

Result<task::ShopKey> ShopKeyOf(const task::Directory& directory, const std::string& account) {
  const task::Shop* shop = directory.FindShop(account);
  if (shop != nullptr) return shop->key;
  return Error{
      Code::kNotFound,
      std::string(Say("no shop has the account id ", "нет магазина с идентификатором ")) + account};
}

Result<task::RegisterKey> RegisterKeyOf(const task::Directory& directory, const std::string& name) {
  for (const task::Register& r : directory.registers()) {
    if (r.name == name) return r.key;
  }
  return Error{Code::kNotFound,
               std::string(Say("no register has the name ", "нет кассы с именем ")) + name};
}

struct ListOptions {
  std::string shop, register_name, state, order;
  int limit = 50;
  bool paid_without_receipt = false;
};

Result<store::TaskFilter> FilterOf(const ListOptions& options, const task::Directory& directory) {
  store::TaskFilter filter;
  filter.order_id = options.order;
  filter.limit = options.limit;
  filter.paid_without_receipt = options.paid_without_receipt;
  Result<std::optional<task::State>> state = ReadState(options.state);
  if (!state) return state.error();
  filter.state = *state;
  if (!options.shop.empty()) {
    Result<task::ShopKey> key = ShopKeyOf(directory, options.shop);
    if (!key) return key.error();
    filter.shop = *key;
  }
  if (!options.register_name.empty()) {
    Result<task::RegisterKey> key = RegisterKeyOf(directory, options.register_name);
    if (!key) return key.error();
    filter.register_key = *key;
  }
  return filter;
}

Status List(const Desk& desk, store::Store& store, const ListOptions& options) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  Result<store::TaskFilter> filter = FilterOf(options, **directory);
  if (!filter) return filter.error();
  Result<std::vector<task::Task>> tasks = store.ListTasks(*filter);
  if (!tasks) return tasks.error();
  base::JsonWriter writer;
  writer.BeginArray();
  for (const task::Task& task : *tasks) WriteTask(task, **directory, &writer);
  writer.EndArray();
  desk.Answer(&writer);
  desk.Print(TaskTable(*tasks, **directory));
  return base::Ok();
}

Status Show(const Desk& desk, store::Store& store, const std::string& id, bool package) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  Result<std::optional<store::TaskView>> view = store.FindTask(id);
  if (!view) return view.error();
  if (!view->has_value()) {
    return Error{Code::kNotFound,
                 std::string(Say("no task has the id ", "нет задания с номером ")) + id};
  }
  ShownTask shown{**view, "", package};
  if ((*view)->behind) {
    Result<std::optional<store::TaskView>> first = store.FindTaskBySeq(*(*view)->behind);
    if (!first) return first.error();
    if (first->has_value()) shown.behind = (*first)->task.id;
  }
  base::JsonWriter writer;
  WriteTaskView(shown, **directory, &writer);
  desk.Answer(&writer);
  desk.Print(TaskSheet(shown, **directory));
  return base::Ok();
}

void AddList(CLI::App* noun, const DeskPtr& desk) {
  const auto options = std::make_shared<ListOptions>();
  CLI::App* verb = AddVerb(noun, "list", "List tasks, the newest first");
  verb->add_option(
      "--state", options->state,
      "Only in this state: queued, sending, waiting, done, failed, unknown or cancelled");
  verb->add_option("--shop", options->shop, "Only of the shop with this account id");
  verb->add_option("--register", options->register_name, "Only of the register with this name");
  verb->add_option("--order", options->order, "Only this BIT_ORDER_ID");
  verb->add_flag("--paid-without-receipt", options->paid_without_receipt,
                 "Only where the card was charged and the receipt was not printed");
  verb->add_option("--limit", options->limit, "At most so many, up to 1000")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  verb->callback([desk, options] {
    desk->Run([&](store::Store& store) { return List(*desk, store, *options); });
  });
}

void AddShow(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string id;
    bool package = false;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "show", "Show one task: results, attempts, callback");
  verb->add_option("id", given->id, "Its id")->required();
  verb->add_flag("--package", given->package, "Show what the shop posted too");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) { return Show(*desk, store, given->id, given->package); });
  });
}

struct ActOptions {
  std::string id, why;
};

void AddActOptions(CLI::App* verb, ActOptions* options) {
  verb->add_option("id", options->id, "The task's id")->required();
  verb->add_option("--why", options->why, "Reason, for the audit trail")->required();
}

// The act, then the task as it is now.
Status ActAndShow(const Desk& desk, store::Store& store, const std::string& id,
                  const std::function<Status()>& act) {
  Status done = act();
  return done.ok() ? Show(desk, store, id, false) : done;
}

void AddCancel(CLI::App* noun, const DeskPtr& desk) {
  const auto given = std::make_shared<ActOptions>();
  CLI::App* verb = AddVerb(noun, "cancel", "Take a queued task out of its line");
  AddActOptions(verb, given.get());
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) {
      return ActAndShow(*desk, store, given->id, [&] {
        return store.CancelTask(given->id, WhoIsThere(), given->why, Now());
      });
    });
  });
}

void AddRetry(CLI::App* noun, const DeskPtr& desk) {
  const auto given = std::make_shared<ActOptions>();
  CLI::App* verb =
      AddVerb(noun, "retry", "Put a failed task back; commands already done are not sent again");
  AddActOptions(verb, given.get());
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) {
      return ActAndShow(*desk, store, given->id, [&] {
        return store.RetryTask(given->id, WhoIsThere(), given->why, Now());
      });
    });
  });
}

struct SettleOptions {
  ActOptions act;
  bool printed = false, not_printed = false;
  MarkOptions mark;
};

Status Settle(store::Store& store, const SettleOptions& given) {
  Result<std::optional<ffd::FiscalMark>> mark = ReadMark(given.mark);
  if (!mark) return mark.error();
  if (given.printed == given.not_printed) {
    return Error{Code::kInvalid,
                 std::string(Say("look at the register's journal, then give --printed or "
                                 "--not-printed",
                                 "проверьте журнал кассы и укажите --printed или --not-printed"))};
  }
  if (given.not_printed && mark->has_value()) {
    return Error{Code::kInvalid, std::string(Say("what was not printed has no mark",
                                                 "у ненапечатанного чека нет признаков"))};
  }
  return store.SettleTask(given.act.id, given.printed, *mark, WhoIsThere(), given.act.why, Now());
}

void AddSettle(CLI::App* noun, const DeskPtr& desk) {
  const auto given = std::make_shared<SettleOptions>();
  CLI::App* verb = AddVerb(noun, "settle", "Say what became of a task whose outcome is unknown");
  AddActOptions(verb, &given->act);
  verb->add_flag("--printed", given->printed, "It was printed: the task is done");
  verb->add_flag("--not-printed", given->not_printed, "It was not: the task is queued again");
  verb->add_option("--fn", given->mark.fn, "Fiscal drive (1041), 16 digits");
  verb->add_option("--fd", given->mark.fd, "Number of the document (1040)");
  verb->add_option("--fpd", given->mark.fpd, "Fiscal sign (1077)");
  verb->add_option("--time", given->mark.time, "As printed (1012), like 2026-11-21T13:15:00");
  verb->add_option("--total", given->mark.total, "Total (1020), like 1490.50");
  verb->add_option("--shift", given->mark.shift, "Number of the shift (1038)");
  verb->add_option("--number", given->mark.receipt_number, "Number in the shift (1042)");
  verb->add_option("--register-number", given->mark.register_number,
                   "Registration number of the register (1037)");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) {
      return ActAndShow(*desk, store, given->act.id, [&] { return Settle(store, *given); });
    });
  });
}

}  // namespace

void AddTaskCommands(CLI::App& admin, const DeskPtr& desk) {
  CLI::App* noun = AddNoun(admin, "task", "What shops have posted");
  AddList(noun, desk);
  AddShow(noun, desk);
  AddCancel(noun, desk);
  AddRetry(noun, desk);
  AddSettle(noun, desk);
}

}  // namespace fiscalgate::admin
