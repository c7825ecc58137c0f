// fiscalgate admin courier add|list|password|enable|disable|goods
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "fcgi/admin/checks.h"
#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/table.h"
#include "fcgi/courier_sale.h"
#include "lib/base/crypto.h"
#include "lib/base/id.h"
#include "lib/base/limits.h"
#include "lib/base/password.h"
#include "lib/store/couriers.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
using store::Courier;

constexpr std::size_t kLoginLength = 6, kMaxLogin = 32;
constexpr std::size_t kPasswordLength = 12;  // 60 bits

store::By By(std::string act) { return {WhoIsThere(), std::move(act), Now()}; }

// Of the alphabet of ids: no letters that look alike.
std::string RandomWord(std::size_t length) {
  return base::EncodeBase32(base::RandomBytes(16)).substr(2, length);
}

Status CheckLogin(std::string_view login) {
  bool good = !login.empty() && login.size() <= kMaxLogin;
  for (const char c : login) {
    good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
  }
  if (good) return base::Ok();
  return Error{Code::kInvalid, std::string(Say("a login has 1 to 32 letters a-z, digits or -",
                                               "логин: от 1 до 32 знаков a-z, цифр или -"))};
}

Result<Courier> Find(store::Store& store, const std::string& login) {
  auto found = store.couriers().Find(login);
  if (!found) return found.error();
  if (*found) return std::move(**found);
  return Error{Code::kNotFound,
               std::string(Say("no courier has the login ", "нет курьера с логином ")) + login};
}

Result<const task::Shop*> FindShop(const task::Directory& directory, const std::string& account) {
  const task::Shop* shop = directory.FindShop(account);
  if (shop != nullptr) return shop;
  return Error{
      Code::kNotFound,
      std::string(Say("no shop has the account id ", "нет магазина с идентификатором ")) + account};
}

Result<const task::Register*> FindRegister(const task::Directory& directory,
                                           const std::string& name, task::ShopKey shop) {
  for (const task::Register& each : directory.registers()) {
    if (each.name == name && task::Directory::MayUse(each, shop)) return &each;
  }
  return Error{
      Code::kNotFound,
      std::string(Say("the shop has no register named ", "у магазина нет кассы с именем ")) + name};
}

void WriteCourier(const Courier& courier, const task::Directory& directory,
                  const std::string& password, base::JsonWriter* writer) {
  const task::Shop* shop = directory.FindShop(courier.shop);
  const task::Register* kkt = directory.FindRegister(courier.register_key);
  writer->BeginObject().Key("login").String(courier.login).Key("name").String(courier.name);
  writer->Key("enabled").Bool(courier.enabled);
  writer->Key("shop").String(shop == nullptr ? "" : shop->account_id);
  writer->Key("register").String(kkt == nullptr ? "" : kkt->name);
  writer->Key("taxation").Int(courier.taxation_1055).Key("vat").Int(courier.vat_1199);
  if (!password.empty()) writer->Key("password").String(password);
  writer->EndObject();
}

void ShowNew(const Desk& desk, const Courier& courier, const task::Directory& directory,
             const std::string& password) {
  base::JsonWriter writer;
  WriteCourier(courier, directory, password, &writer);
  desk.Answer(&writer);
  Sheet sheet;
  sheet.Add(std::string(Say("login", "логин")), courier.login);
  sheet.Add(std::string(Say("password", "пароль")), password);
  desk.Print(sheet.Text());
  desk.Print(std::string(Say("The password is shown this once. Sign-in: /courier",
                             "Пароль показан один раз. Вход: /courier")));
}

void AddAdd(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string shop, register_name;
    Courier courier;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "add", "Add a courier; prints login and password once");
  verb->add_option("--shop", given->shop, "BIT_ACCOUNT_ID of the shop")->required();
  verb->add_option("--register", given->register_name, "Name of the register")->required();
  verb->add_option("--name", given->courier.name, "Name of the courier: the cashier in receipts")
      ->required();
  verb->add_option("--login", given->courier.login, "Login; made if not given");
  verb->add_option("--taxation", given->courier.taxation_1055,
                   "Tax regime of the sales, tag 1055: 1, 2, 4, 8, 16 or 32")
      ->capture_default_str();
  verb->add_option("--vat", given->courier.vat_1199, "VAT rate where goods name none, tag 1199")
      ->capture_default_str();
  verb->add_option(
      "--prog-url", given->courier.prog_url,
      "Address of a driver of their own; a private one must be in dispatch.allow_networks");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      Courier courier = given->courier;
      if (courier.login.empty()) courier.login = RandomWord(kLoginLength);
      Status good = CheckLogin(courier.login);
      if (good.ok()) good = CheckName(courier.name);
      if (good.ok()) good = CheckRange("--vat", courier.vat_1199, 1, 12);
      if (good.ok()) {
        good = CheckOneOf("--taxation", std::to_string(courier.taxation_1055),
                          {"1", "2", "4", "8", "16", "32"});
      }
      if (good.ok() && !courier.prog_url.empty()) good = CheckRegisterUrl(courier.prog_url);
      if (!good) return good;
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      auto shop = FindShop(**directory, given->shop);
      if (!shop) return shop.error();
      auto kkt = FindRegister(**directory, given->register_name, (*shop)->key);
      if (!kkt) return kkt.error();
      courier.shop = (*shop)->key;
      courier.register_key = (*kkt)->key;
      const std::string password = RandomWord(kPasswordLength);
      courier.password = base::HashPassword(password);
      auto added = store.couriers().Add(courier, By("add courier"));
      if (!added) return added.error();
      ShowNew(*desk, courier, **directory, password);
      return base::Ok();
    });
  });
}

void AddList(CLI::App* noun, const DeskPtr& desk) {
  AddVerb(noun, "list", "List the couriers")->callback([desk] {
    desk->Run([&](store::Store& store) -> Status {
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      auto couriers = store.couriers().List();
      if (!couriers) return couriers.error();
      base::JsonWriter writer;
      Table table({"LOGIN", "NAME", "SHOP", "REGISTER", "STATE"});
      writer.BeginArray();
      for (const Courier& courier : *couriers) {
        WriteCourier(courier, **directory, "", &writer);
        const task::Shop* shop = (*directory)->FindShop(courier.shop);
        const task::Register* kkt = (*directory)->FindRegister(courier.register_key);
        table.Add({courier.login, courier.name, shop == nullptr ? "" : shop->account_id,
                   kkt == nullptr ? "" : kkt->name, courier.enabled ? "enabled" : "disabled"});
      }
      writer.EndArray();
      desk->Answer(&writer);
      desk->Print(table.Text());
      return base::Ok();
    });
  });
}

void AddPassword(CLI::App* noun, const DeskPtr& desk) {
  const auto login = std::make_shared<std::string>();
  CLI::App* verb =
      AddVerb(noun, "password", "Give a new password; whoever is signed in is not any more");
  verb->add_option("login", *login, "Login")->required();
  verb->callback([desk, login] {
    desk->Run([&](store::Store& store) -> Status {
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      auto courier = Find(store, *login);
      if (!courier) return courier.error();
      const std::string password = RandomWord(kPasswordLength);
      courier->password = base::HashPassword(password);
      Status updated = store.couriers().Update(*courier, By("new password of courier"));
      if (updated.ok()) ShowNew(*desk, *courier, **directory, password);
      return updated;
    });
  });
}

void AddEnable(CLI::App* noun, const DeskPtr& desk, bool enable) {
  const auto login = std::make_shared<std::string>();
  CLI::App* verb = enable ? AddVerb(noun, "enable", "Let a courier sign in again")
                          : AddVerb(noun, "disable", "Sign a courier out for good");
  verb->add_option("login", *login, "Login")->required();
  verb->callback([desk, login, enable] {
    desk->Run([&](store::Store& store) -> Status {
      auto courier = Find(store, *login);
      if (!courier) return courier.error();
      courier->enabled = enable;
      return store.couriers().Update(*courier, By(enable ? "enable courier" : "disable courier"));
    });
  });
}

Result<std::string> ReadFile(const std::string& path) {
  const auto failed = [&] { return Error{Code::kNotFound, path + ": " + std::strerror(errno)}; };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return failed();
  std::string text(base::kMaxJsonBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) return failed();
  return text;
}

void AddGoods(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string shop, file;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "goods",
                           "Replace what couriers of a shop sell: a JSON list of "
                           "{\"name\", \"price\", \"unit\" (2108), \"vat\" (1199)}");
  verb->add_option("--shop", given->shop, "BIT_ACCOUNT_ID of the shop")->required();
  verb->add_option("--file", given->file, "File with the list, JSON")->required();
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      Result<std::string> text = ReadFile(given->file);
      if (!text) return text.error();
      Result<std::string> goods = NormalGoods(*text);
      if (!goods) return goods.error();
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      auto shop = FindShop(**directory, given->shop);
      if (!shop) return shop.error();
      Status put = store.couriers().PutGoods((*shop)->key, *goods, By("goods of couriers"));
      if (!put) return put;
      base::JsonWriter writer;
      writer.Raw(*goods);
      desk->Answer(&writer);
      desk->Print(std::string(Say("goods replaced", "список товаров заменён")));
      return base::Ok();
    });
  });
}

}  // namespace

void AddCourierCommands(CLI::App& admin, const DeskPtr& desk) {
  CLI::App* noun = AddNoun(admin, "courier", "Who sells with a phone");
  AddAdd(noun, desk);
  AddList(noun, desk);
  AddPassword(noun, desk);
  AddEnable(noun, desk, true);
  AddEnable(noun, desk, false);
  AddGoods(noun, desk);
}

}  // namespace fiscalgate::admin
