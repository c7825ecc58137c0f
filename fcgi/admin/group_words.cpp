#include "fcgi/admin/group_words.h"

#include <algorithm>

#include "fcgi/admin/desk.h"
#include "fcgi/admin/table.h"
#include "lib/base/limits.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;

std::string YesNo(bool value) { return std::string(value ? Say("yes", "да") : Say("no", "нет")); }

Result<task::RegisterKey> RegisterOf(const std::string& name, const task::Directory& directory) {
  for (const task::Register& r : directory.registers()) {
    if (r.name == name) return r.key;
  }
  return Error{Code::kNotFound,
               std::string(Say("no register has the name ", "нет кассы с именем ")) + name};
}

Result<task::ShopKey> ShopOf(const std::string& account, const task::Directory& directory) {
  const task::Shop* shop = directory.FindShop(account);
  if (shop != nullptr) return shop->key;
  return Error{
      Code::kNotFound,
      std::string(Say("no shop has the account id ", "нет магазина с идентификатором ")) + account};
}

std::string NameOfRegister(task::RegisterKey key, const task::Directory& directory) {
  const task::Register* r = directory.FindRegister(key);
  return r != nullptr ? r->name : std::to_string(key);
}

std::string NameOfShop(task::ShopKey key, const task::Directory& directory) {
  const task::Shop* shop = directory.FindShop(key);
  return shop != nullptr ? shop->account_id : std::to_string(key);
}

template <typename NameOf>
std::string Names(const std::vector<std::int64_t>& keys, const task::Directory& directory,
                  const NameOf& name_of) {
  std::string text;
  for (const std::int64_t key : keys) text += (text.empty() ? "" : ", ") + name_of(key, directory);
  return text.empty() ? "-" : text;
}

void AddOnce(std::int64_t key, std::vector<std::int64_t>* keys) {
  if (std::find(keys->begin(), keys->end(), key) == keys->end()) keys->push_back(key);
}

Status Differ(const std::string& a, const std::string& b) {
  return Error{
      Code::kInvalid,
      a + " / " + b +
          std::string(Say(": --ffd-version, --taxation-mask and --profile must be the same "
                          "for all registers of a group",
                          ": --ffd-version, --taxation-mask и --profile должны быть "
                          "одинаковы у всех касс группы"))};
}

// Another register would take a repeated order for a new one.
Status Deduplicates(const std::string& name) {
  return Error{Code::kInvalid,
               name + std::string(Say(": a deduplicating register cannot be in a group",
                                      ": касса с защитой от повторов не может быть в группе"))};
}

// What is begun there can be ended only there.
Status InTheCloud(const std::string& name) {
  return Error{Code::kInvalid, name + std::string(Say(": a cloud register cannot be in a group",
                                                      ": облачная касса не может быть в группе"))};
}

Status CheckMembers(const task::Group& group, const task::Directory& directory) {
  if (group.members.size() > base::kMaxGroupMembers) {
    return Error{Code::kInvalid, std::string(Say("too many registers in one group: at most ",
                                                 "слишком много касс в группе, можно не больше ")) +
                                     std::to_string(base::kMaxGroupMembers)};
  }
  const task::Register* first = nullptr;
  for (const task::RegisterKey key : group.members) {
    const task::Register* r = directory.FindRegister(key);
    if (r == nullptr) continue;
    if (r->deduplicating) return Deduplicates(r->name);
    if (r->is_cloud()) return InTheCloud(r->name);
    if (first == nullptr) first = r;
    if (!task::ChecksAlike(*first, *r)) return Differ(first->name, r->name);
  }
  return base::Ok();
}

}  // namespace

Result<task::Group> FindGroup(const task::Directory& directory, const std::string& name) {
  for (const task::Group& group : directory.groups()) {
    if (group.name == name) return group;
  }
  return Error{Code::kNotFound,
               std::string(Say("no group has the name ", "нет группы с именем ")) + name};
}

Status LinkToGroup(const std::vector<std::string>& registers, const std::vector<std::string>& shops,
                   const task::Directory& directory, task::Group* group) {
  for (const std::string& name : registers) {
    const auto key = RegisterOf(name, directory);
    if (!key) return key.error();
    AddOnce(*key, &group->members);
  }
  for (const std::string& account : shops) {
    const auto key = ShopOf(account, directory);
    if (!key) return key.error();
    AddOnce(*key, &group->shops);
  }
  return CheckMembers(*group, directory);
}

Status UnlinkFromGroup(const std::vector<std::string>& registers,
                       const std::vector<std::string>& shops, const task::Directory& directory,
                       task::Group* group) {
  for (const std::string& name : registers) {
    const auto key = RegisterOf(name, directory);
    if (!key) return key.error();
    std::erase(group->members, *key);
  }
  for (const std::string& account : shops) {
    const auto key = ShopOf(account, directory);
    if (!key) return key.error();
    std::erase(group->shops, *key);
  }
  return base::Ok();
}

Status CheckGroupsOf(const task::Register& r, const task::Directory& directory) {
  for (const task::Group& group : directory.groups()) {
    const auto& members = group.members;
    if (std::find(members.begin(), members.end(), r.key) == members.end()) continue;
    if (r.deduplicating) return Deduplicates(r.name);
    if (r.is_cloud()) return InTheCloud(r.name);
    for (const task::RegisterKey key : members) {
      const task::Register* other = directory.FindRegister(key);
      if (other == nullptr || other->key == r.key || task::ChecksAlike(r, *other)) continue;
      return Differ(r.name, other->name);
    }
  }
  return base::Ok();
}

void WriteGroup(const task::Group& group, const task::Directory& directory, bool reveal,
                base::JsonWriter* writer) {
  writer->BeginObject().Key("name").String(group.name).Key("enabled").Bool(group.enabled);
  writer->Key("registers").BeginArray();
  for (const auto key : group.members) writer->String(NameOfRegister(key, directory));
  writer->EndArray().Key("shops").BeginArray();
  for (const auto key : group.shops) writer->String(NameOfShop(key, directory));
  writer->EndArray();
  if (reveal) writer->Key("token").String(group.kkt_token.Reveal());
  writer->EndObject();
}

std::string GroupSheet(const task::Group& group, const task::Directory& directory, bool reveal) {
  Sheet sheet;
  sheet.Add("name", group.name);
  sheet.Add("enabled", YesNo(group.enabled));
  sheet.Add("registers", Names(group.members, directory, NameOfRegister));
  sheet.Add("shops", Names(group.shops, directory, NameOfShop));
  if (reveal) sheet.Add("token", group.kkt_token.Reveal());
  return sheet.Text();
}

std::string GroupTable(const task::Directory& directory) {
  Table table({"NAME", "ENABLED", "REGISTERS", "SHOPS"});
  for (const task::Group& group : directory.groups()) {
    table.Add({group.name, YesNo(group.enabled), Names(group.members, directory, NameOfRegister),
               Names(group.shops, directory, NameOfShop)});
  }
  return table.empty() ? std::string(Say("no groups yet: fiscalgate admin group add",
                                         "групп ещё нет: fiscalgate admin group add"))
                       : table.Text();
}

std::string GroupToPaste(const task::Group& group) {
  Sheet sheet;
  sheet.Add("BIT_KKT_TOKEN", group.kkt_token.Reveal());
  return std::string(Say("Enter this in the shop instead of a register's token; it is not shown "
                         "again without --reveal:",
                         "Введите это в магазине вместо токена кассы; без --reveal больше не "
                         "показывается:")) +
         "\n\n" + sheet.Text();
}

}  // namespace fiscalgate::admin
