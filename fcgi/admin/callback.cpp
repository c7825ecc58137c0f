// fiscalgate admin callback list|show|replay
#include <algorithm>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/task_words.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

struct ListOptions {
  std::string state;
  int limit = 50;
};

Status List(const Desk& desk, store::Store& store, const ListOptions& options) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  Result<std::optional<store::CallbackState>> state = ReadCallbackState(options.state);
  if (!state) return state.error();
  Result<std::vector<store::Callback>> callbacks = store.ListCallbacks(*state, options.limit);
  if (!callbacks) return callbacks.error();
  base::JsonWriter writer;
  writer.BeginArray();
  for (const store::Callback& callback : *callbacks) {
    WriteCallback(callback, **directory, false, &writer);
  }
  writer.EndArray();
  desk.Answer(&writer);
  desk.Print(CallbackTable(*callbacks, **directory));
  return base::Ok();
}

Status Show(const Desk& desk, store::Store& store, const std::string& webhook_id) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  Result<std::optional<store::Callback>> callback = store.FindCallback(webhook_id);
  if (!callback) return callback.error();
  if (!callback->has_value()) {
    return Error{
        Code::kNotFound,
        std::string(Say("no callback has the id ", "нет уведомления с номером ")) + webhook_id};
  }
  base::JsonWriter writer;
  WriteCallback(**callback, **directory, true, &writer);
  desk.Answer(&writer);
  desk.Print(CallbackSheet(**callback, **directory));
  return base::Ok();
}

struct ReplayOptions {
  std::string webhook_id, shop;
  bool dead = false;
};

Status ReplayDead(const Desk& desk, store::Store& store, const std::string& account) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  const task::Shop* shop = (*directory)->FindShop(account);
  if (shop == nullptr) {
    return Error{Code::kNotFound, std::string(Say("no shop has the account id ",
                                                  "нет магазина с идентификатором ")) +
                                      account};
  }
  Result<std::int64_t> count = store.ReplayDeadCallbacks(shop->key, WhoIsThere(), Now());
  if (!count) return count.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("replayed").Int(*count).EndObject();
  desk.Answer(&writer);
  desk.Print(std::to_string(*count) + std::string(Say(" callbacks will be delivered again",
                                                      " уведомлений будут доставлены снова")));
  return base::Ok();
}

Status Replay(const Desk& desk, store::Store& store, const ReplayOptions& given) {
  if (given.dead && !given.shop.empty() && given.webhook_id.empty()) {
    return ReplayDead(desk, store, given.shop);
  }
  if (given.webhook_id.empty() || given.dead || !given.shop.empty()) {
    return Error{Code::kInvalid,
                 std::string(Say("give one webhook id, or --dead and --shop ACCOUNT together",
                                 "укажите один webhook id или вместе --dead и --shop ACCOUNT"))};
  }
  Status replayed = store.ReplayCallback(given.webhook_id, WhoIsThere(), Now());
  return replayed.ok() ? Show(desk, store, given.webhook_id) : replayed;
}

}  // namespace

void AddCallbackCommands(CLI::App& admin, const DeskPtr& desk) {
  CLI::App* noun = AddNoun(admin, "callback", "What shops are told");

  const auto list = std::make_shared<ListOptions>();
  CLI::App* verb = AddVerb(noun, "list", "List callbacks, the newest first");
  verb->add_option("--state", list->state, "Only pending, delivered or dead ones");
  verb->add_option("--limit", list->limit, "At most so many, up to 1000")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  verb->callback(
      [desk, list] { desk->Run([&](store::Store& store) { return List(*desk, store, *list); }); });

  const auto id = std::make_shared<std::string>();
  verb = AddVerb(noun, "show", "Show one callback with its body");
  verb->add_option("webhook_id", *id, "Its webhook id")->required();
  verb->callback(
      [desk, id] { desk->Run([&](store::Store& store) { return Show(*desk, store, *id); }); });

  const auto replay = std::make_shared<ReplayOptions>();
  verb = AddVerb(noun, "replay", "Deliver again: one, or all dead ones of a shop");
  verb->add_option("webhook_id", replay->webhook_id, "Its webhook id");
  verb->add_flag("--dead", replay->dead, "All dead ones of the shop");
  verb->add_option("--shop", replay->shop, "Account id of the shop");
  verb->callback([desk, replay] {
    desk->Run([&](store::Store& store) { return Replay(*desk, store, *replay); });
  });
}

}  // namespace fiscalgate::admin
