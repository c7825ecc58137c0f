// fiscalgate admin shop add|list|show|set|rotate|enable|disable (route: route.cpp)
#include "fcgi/admin/checks.h"
#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/shop_words.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

constexpr int kDefaultGraceHours = 24;
constexpr int kMaxGraceHours = 24 * 366;

Result<task::Shop> FindShop(store::Store& store, const std::string& account) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  const task::Shop* shop = (*directory)->FindShop(account);
  if (shop != nullptr) return *shop;
  return Error{
      Code::kNotFound,
      std::string(Say("no shop has the account id ", "нет магазина с идентификатором ")) + account};
}

void Show(const Desk& desk, const task::Shop& shop, bool reveal,
          const task::Directory* directory = nullptr) {
  base::JsonWriter writer;
  WriteShop(shop, reveal, &writer, directory);
  desk.Answer(&writer);
  desk.Print(ShopSheet(shop, reveal, directory));
}

// Just made: the secrets are shown.
void ShowNew(const Desk& desk, const task::Shop& shop) {
  base::JsonWriter writer;
  WriteShop(shop, true, &writer);
  desk.Answer(&writer);
  desk.Print(ShopToPaste(shop));
}

// Reads the shop, lets `change` act on it, writes it back.
Status Change(store::Store& store, const std::string& account, task::Shop* shop,
              const std::function<Status(task::Shop*)>& change) {
  Result<task::Shop> found = FindShop(store, account);
  if (!found) return found.error();
  *shop = std::move(*found);
  Status changed = change(shop);
  return changed.ok() ? store.UpdateShop(*shop) : changed;
}

void AddShopOptions(CLI::App* verb, ShopOptions* options) {
  verb->add_option("--name", options->name, "Name for people");
  verb->add_option("--rate", options->rate, "Accepted posts a second; 0 = the general limit");
  AddSwitch(verb, "accept-encoded-signature", &options->accept_encoded_signature,
            "Accept a signature over the encoded BIT_DATA");
  AddSwitch(verb, "allow-prog-url", &options->allow_prog_url,
            "Trust a BIT_PROG_URL that is not the register's own: it is not signed");
  AddSwitch(
      verb, "lenient-receipts", &options->lenient_receipts,
      "Mend what older plugins get wrong (several bits in 1055, payments that differ from the "
      "items, a missing 2108) into warnings");
  verb->add_option("--vat-policy", options->vat_policy,
                   "A VAT rate that is no longer valid: refuse, warn or replace");
  verb->add_option(
      "--inn-policy", options->inn_policy,
      "A wrong check digit in the INN of a supplier, buyer or operator: warn or refuse");
  verb->add_option("--deadline", options->deadline,
                   "Fail a task that was not sent after so long: 90m, 2h, 1d; 0 = let it wait");
  verb->add_option("--bitrix24-webhook", options->bitrix24_webhook,
                   "Tell its portal what was printed, by https://portal/rest/1/secret/ with the "
                   "right \"cashbox\"; \"\" = the portal asks");
  AddSwitch(verb, "demand-successful", &options->demand_successful,
            "A callback is delivered only if the shop answers SUCCESSFUL");
}

void AddAdd(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string account, code;
    ShopOptions options;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "add", "Add a shop; prints what to enter on its site");
  verb->add_option("--account", given->account, "BIT_ACCOUNT_ID; made if not given");
  verb->add_option("--code", given->code, "Integrity code; made if not given");
  AddShopOptions(verb, &given->options);
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      task::Shop shop = NewShop(given->account, given->code);
      Status good = CheckAccountId(shop.account_id);
      if (good.ok()) good = CheckCode(shop.code.Reveal());
      if (good.ok()) good = ApplyShopOptions(given->options, &shop);
      if (!good) return good;
      Result<task::ShopKey> added = store.AddShop(shop);
      if (!added) return added.error();
      ShowNew(*desk, shop);
      return base::Ok();
    });
  });
}

void AddList(CLI::App* noun, const DeskPtr& desk) {
  AddVerb(noun, "list", "List the shops")->callback([desk] {
    desk->Run([&](store::Store& store) -> Status {
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      base::JsonWriter writer;
      writer.BeginArray();
      for (const task::Shop& shop : (*directory)->shops()) {
        WriteShop(shop, false, &writer, &**directory);
      }
      writer.EndArray();
      desk->Answer(&writer);
      desk->Print(ShopTable((*directory)->shops()));
      return base::Ok();
    });
  });
}

void AddShow(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string account;
    bool reveal = false;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "show", "Show one shop");
  verb->add_option("account", given->account, "BIT_ACCOUNT_ID")->required();
  verb->add_flag("--reveal", given->reveal, "Show its secrets too");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      Result<task::Shop> shop = FindShop(store, given->account);
      if (!shop) return shop.error();
      Show(*desk, *shop, given->reveal, &**directory);
      return base::Ok();
    });
  });
}

void AddSet(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string account;
    ShopOptions options;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "set", "Change a shop; what is not given stays");
  verb->add_option("account", given->account, "BIT_ACCOUNT_ID")->required();
  AddShopOptions(verb, &given->options);
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      task::Shop shop;
      Status changed = Change(store, given->account, &shop, [&](task::Shop* each) {
        return ApplyShopOptions(given->options, each);
      });
      if (changed.ok()) Show(*desk, shop, false);
      return changed;
    });
  });
}

void AddRotate(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string account, code;
    int grace_hours = kDefaultGraceHours;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "rotate", "Give a shop a new integrity code");
  verb->alias("rotate-code");
  verb->add_option("account", given->account, "BIT_ACCOUNT_ID")->required();
  verb->add_option("--code", given->code, "The new code; made if not given");
  verb->add_option("--grace-hours", given->grace_hours, "How long the old code is accepted")
      ->capture_default_str();
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      task::Shop shop;
      Status changed = Change(store, given->account, &shop, [&](task::Shop* each) {
        RotateCode(given->code, Now() + std::chrono::hours(given->grace_hours), each);
        Status good = CheckRange("--grace-hours", given->grace_hours, 0, kMaxGraceHours);
        return good.ok() ? CheckCode(each->code.Reveal()) : good;
      });
      if (changed.ok()) ShowNew(*desk, shop);
      return changed;
    });
  });
}

void AddEnable(CLI::App* noun, const DeskPtr& desk, bool enable) {
  const auto account = std::make_shared<std::string>();
  CLI::App* verb = enable ? AddVerb(noun, "enable", "Let a shop post again")
                          : AddVerb(noun, "disable", "Refuse what a shop posts; old work goes on");
  verb->add_option("account", *account, "BIT_ACCOUNT_ID")->required();
  verb->callback([desk, account, enable] {
    desk->Run([&](store::Store& store) -> Status {
      task::Shop shop;
      Status changed = Change(store, *account, &shop, [&](task::Shop* each) {
        each->enabled = enable;
        return base::Ok();
      });
      if (changed.ok()) Show(*desk, shop, false);
      return changed;
    });
  });
}

}  // namespace

void AddShopCommands(CLI::App& admin, const DeskPtr& desk) {
  CLI::App* noun = AddNoun(admin, "shop", "Who may post");
  AddAdd(noun, desk);
  AddList(noun, desk);
  AddShow(noun, desk);
  AddSet(noun, desk);
  AddRotate(noun, desk);
  AddEnable(noun, desk, true);
  AddEnable(noun, desk, false);
  AddRouteCommand(noun, desk);
  AddBitrix24Command(noun, desk);
}

}  // namespace fiscalgate::admin
