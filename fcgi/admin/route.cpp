// fiscalgate admin shop route
#include <algorithm>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/register_words.h"
#include "fcgi/admin/shop_words.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

struct Given {
  std::string account, from, to;
  bool clear = false;
};

Result<task::Register> RegisterNamed(const task::Directory& directory, const std::string& name) {
  for (const task::Register& r : directory.registers()) {
    if (r.name == name) return r;
  }
  return Error{Code::kNotFound,
               std::string(Say("no register has the name ", "нет кассы с именем ")) + name};
}

Status CheckGiven(const Given& given) {
  const bool leads = !given.from.empty() && !given.to.empty() && !given.clear;
  const bool clears = given.clear && given.to.empty();
  if (leads || clears) return base::Ok();
  return Error{Code::kInvalid,
               std::string(Say("give --from and --to, or --clear, alone or with --from",
                               "укажите --from и --to либо --clear, один или с --from"))};
}

// A shop that is sent there may go there.
Status LetIn(store::Store& store, const task::Shop& shop, const task::Directory& directory,
             task::Register to) {
  if (task::Directory::MayUse(to, shop.key)) return base::Ok();
  Status linked = LinkShop(shop.account_id, directory, &to);
  if (linked.ok()) linked = CheckSharing(to);
  return linked.ok() ? store.UpdateRegister(to) : linked;
}

Status Lead(store::Store& store, const Given& given, const task::Directory& directory,
            task::Shop* shop) {
  const Result<task::Register> from = RegisterNamed(directory, given.from);
  if (!from) return from.error();
  const Result<task::Register> to = RegisterNamed(directory, given.to);
  if (!to) return to.error();
  if (from->key == to->key) {
    return Error{Code::kInvalid, std::string(Say("--from and --to are the same register",
                                                 "--from и --to — одна и та же касса"))};
  }
  if (!task::Directory::MayUse(*from, shop->key)) {
    return Error{Code::kInvalid, std::string(Say("the shop does not use the register ",
                                                 "магазин не пользуется кассой ")) +
                                     from->name};
  }
  Status good = LetIn(store, *shop, directory, *to);
  if (good.ok()) shop->routes[from->key] = to->key;
  return good;
}

Status Clear(const Given& given, const task::Directory& directory, task::Shop* shop) {
  if (given.from.empty()) {
    shop->routes.clear();
    return base::Ok();
  }
  const Result<task::Register> from = RegisterNamed(directory, given.from);
  if (!from) return from.error();
  shop->routes.erase(from->key);
  return base::Ok();
}

Status Route(const Desk& desk, store::Store& store, const Given& given) {
  Status good = CheckGiven(given);
  if (!good) return good;
  const Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  const task::Shop* found = (*directory)->FindShop(given.account);
  if (found == nullptr) {
    return Error{Code::kNotFound, std::string(Say("no shop has the account id ",
                                                  "нет магазина с идентификатором ")) +
                                      given.account};
  }
  task::Shop shop = *found;
  good = given.clear ? Clear(given, **directory, &shop) : Lead(store, given, **directory, &shop);
  if (good.ok()) good = store.UpdateShop(shop);
  if (!good) return good;
  base::JsonWriter writer;
  WriteShop(shop, false, &writer, &**directory);
  desk.Answer(&writer);
  desk.Print(ShopSheet(shop, false, &**directory));
  return base::Ok();
}

}  // namespace

void AddRouteCommand(CLI::App* noun, const DeskPtr& desk) {
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "route",
                           "Lead what a shop posts for one register to another; the shop itself "
                           "need not be touched");
  verb->add_option("account", given->account, "BIT_ACCOUNT_ID")->required();
  verb->add_option("--from", given->from, "Name of the register whose token it posts");
  verb->add_option("--to", given->to, "Name of the register that fiscalises instead");
  verb->add_flag("--clear", given->clear, "No longer; without --from for none of its registers");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) { return Route(*desk, store, *given); });
  });
}

}  // namespace fiscalgate::admin
