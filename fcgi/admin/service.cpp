// fiscalgate admin register close-shift|open-shift|x-report
#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/task_words.h"
#include "lib/base/id.h"
#include "lib/protocol/bit/provider.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

struct Given {
  std::string name, why;
};

Result<task::NewTask> TaskFor(task::Service service, const std::string& verb,
                              const task::Directory& directory, const std::string& name) {
  const task::Register* found = nullptr;
  for (const task::Register& r : directory.registers()) {
    if (r.name == name) found = &r;
  }
  if (found == nullptr) {
    return Error{Code::kNotFound,
                 std::string(Say("no register has the name ", "нет кассы с именем ")) + name};
  }
  if (found->is_cloud()) {
    return Error{Code::kInvalid,
                 std::string(Say("a cloud register's shifts are its provider's business",
                                 "сменами облачной кассы занимается её провайдер"))};
  }
  task::NewTask task;
  task.accepted_at = Now();
  task.id = base::NewId(task.accepted_at);
  task.shop = task::kGatewayShop;
  task.register_key = found->key;
  task.order_id = verb + "-" + std::to_string(found->key) + "-" + task.id;
  task.package.commands = protocol::bit::BitProvider().ServiceCommands(service, *found);
  task.content_hash = base::Sha256(task.package.commands);
  task.priority = task::Priority::kService;
  return task;
}

Status OrderService(const Desk& desk, store::Store& store, task::Service service,
                    const std::string& verb, const Given& given) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  Result<task::NewTask> task = TaskFor(service, verb, **directory, given.name);
  if (!task) return task.error();
  Result<task::Task> ordered = store.OrderService(*task, WhoIsThere(), given.why);
  if (!ordered) return ordered.error();
  base::JsonWriter writer;
  WriteTask(*ordered, **directory, &writer);
  desk.Answer(&writer);
  desk.Print(
      std::string(Say("queued before everything else; see what comes of it: fiscalgate admin "
                      "task show ",
                      "поставлено перед всеми; результат покажет fiscalgate admin task "
                      "show ")) +
      ordered->id);
  return base::Ok();
}

}  // namespace

void AddServiceCommand(CLI::App* noun, const DeskPtr& desk, const std::string& name,
                       const std::string& what, task::Service service) {
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, name, what);
  verb->add_option("name", given->name, "Name of the register")->required();
  verb->add_option("--why", given->why, "Reason, for the audit trail")->required();
  verb->callback([desk, given, name, service] {
    desk->Run(
        [&](store::Store& store) { return OrderService(*desk, store, service, name, *given); });
  });
}

}  // namespace fiscalgate::admin
