// fiscalgate admin shop bitrix24: what makes a cash register of this gateway in a portal
#include <algorithm>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "lib/protocol/bitrix24/registration.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
namespace bitrix24 = protocol::bitrix24;

struct Given {
  std::string account, register_name, url;
  bool reveal = false;
};

const task::Register* RegisterNamed(const task::Directory& directory, const std::string& name) {
  const auto& all = directory.registers();
  const auto at = std::find_if(all.begin(), all.end(),
                               [&](const task::Register& each) { return each.name == name; });
  return at == all.end() ? nullptr : &*at;
}

Error NotFound(std::string_view english, std::string_view russian, const std::string& what) {
  return {Code::kNotFound, std::string(Say(english, russian)) + what};
}

void Show(const Desk& desk, const std::string& handler, const std::string& cashbox) {
  base::JsonWriter writer;
  writer.BeginObject().Key("sale.cashbox.handler.add").Raw(handler);
  writer.Key("sale.cashbox.add").Raw(cashbox).EndObject();
  desk.Answer(&writer);
  desk.Print(std::string(Say("1. sale.cashbox.handler.add, once a portal:",
                             "1. sale.cashbox.handler.add, один раз на портал:")));
  desk.Print(handler);
  desk.Print(std::string(Say(
      "2. sale.cashbox.add, or by hand in the portal's settings of cash registers; put in what "
      "stands as …, and the portal's own ids of VAT rates (catalog.vat.list):",
      "2. sale.cashbox.add, или руками в настройках касс портала; вместо … впишите своё, в VAT — "
      "идентификаторы ставок портала (catalog.vat.list):")));
  desk.Print(cashbox);
}

Status Register(const Desk& desk, store::Store& store, const Given& given) {
  const std::string url = given.url.empty() ? desk.PublicUrl() : given.url;
  if (url.empty()) {
    return Error{Code::kInvalid, std::string(Say("server.public_url is not set: give --url",
                                                 "server.public_url не задан: укажите --url"))};
  }
  const Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  const task::Shop* shop = (*directory)->FindShop(given.account);
  if (shop == nullptr) {
    return NotFound("no shop has the account id ", "нет магазина с идентификатором ",
                    given.account);
  }
  const task::Register* register_ = RegisterNamed(**directory, given.register_name);
  if (register_ == nullptr) {
    return NotFound("no register has the name ", "нет кассы с именем ", given.register_name);
  }
  if (!task::Directory::MayUse(*register_, shop->key)) {
    return Error{Code::kInvalid, std::string(Say("the shop does not use the register ",
                                                 "магазин не пользуется кассой ")) +
                                     register_->name};
  }
  Show(desk, bitrix24::HandlerCall(url, *register_),
       bitrix24::CashboxCall(*shop, *register_, given.reveal));
  return base::Ok();
}

}  // namespace

void AddBitrix24Command(CLI::App* noun, const DeskPtr& desk) {
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "bitrix24",
                           "Print the REST calls that make a cash register of this gateway in a "
                           "Bitrix24 portal");
  verb->add_option("account", given->account, "BIT_ACCOUNT_ID")->required();
  verb->add_option("--register", given->register_name, "Name of the register")->required();
  verb->add_option("--url", given->url, "Address of the gateway; server.public_url if not given");
  verb->add_flag("--reveal", given->reveal, "With its secrets, ready to be sent");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) { return Register(*desk, store, *given); });
  });
}

}  // namespace fiscalgate::admin
