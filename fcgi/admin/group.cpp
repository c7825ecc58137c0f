// fiscalgate admin group add|list|show|set|link|unlink
#include "fcgi/admin/checks.h"
#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/group_words.h"
#include "fcgi/admin/options.h"
#include "lib/base/text.h"

namespace fiscalgate::admin {
namespace {

constexpr std::size_t kTokenBytes = 16;

struct Given {
  std::string name;
  std::optional<std::string> new_name, token;
  std::vector<std::string> registers, shops;
  std::optional<bool> enabled;
  bool reveal = false;
};
using Change = std::function<Status(const task::Directory&, task::Group*)>;

void AddLinkOptions(CLI::App* verb, Given* given) {
  verb->add_option("--register", given->registers, "Name of a register; repeat");
  verb->add_option("--shop", given->shops, "Account id of a shop; repeat");
}

Status ChangeGroup(const Desk& desk, store::Store& store, const std::string& name,
                   const Change& change) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  Result<task::Group> group = FindGroup(**directory, name);
  if (!group) return group.error();
  Status status = change(**directory, &*group);
  if (status.ok()) status = store.UpdateGroup(*group);
  if (!status) return status;
  base::JsonWriter writer;
  WriteGroup(*group, **directory, false, &writer);
  desk.Answer(&writer);
  desk.Print(GroupSheet(*group, **directory, false));
  return base::Ok();
}

Status AddGroup(const Desk& desk, store::Store& store, const Given& given) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  task::Group group;
  group.name = given.name;
  group.kkt_token =
      base::Secret(given.token.value_or(base::HexEncode(base::RandomBytes(kTokenBytes))));
  Status good = CheckName(group.name);
  if (good.ok()) good = CheckToken(group.kkt_token.Reveal());
  if (good.ok()) good = LinkToGroup(given.registers, given.shops, **directory, &group);
  if (!good) return good;
  Result<task::GroupKey> added = store.AddGroup(group);
  if (!added) return added.error();
  base::JsonWriter writer;
  WriteGroup(group, **directory, true, &writer);
  desk.Answer(&writer);
  desk.Print(GroupToPaste(group));
  return base::Ok();
}

Status SetGroup(const Given& given, task::Group* group) {
  Status good = given.new_name ? CheckName(*given.new_name) : base::Ok();
  if (good.ok() && given.token) good = CheckToken(*given.token);
  if (!good) return good;
  if (given.new_name) group->name = *given.new_name;
  if (given.token) group->kkt_token = base::Secret(*given.token);
  group->enabled = given.enabled.value_or(group->enabled);
  return base::Ok();
}

void AddAdd(CLI::App* noun, const DeskPtr& desk) {
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "add", "Add a group; prints what to enter in the shop");
  verb->add_option("--name", given->name, "Name for people, unique")->required();
  verb->add_option("--token", given->token, "BIT_KKT_TOKEN of the group; made if not given");
  AddLinkOptions(verb, given.get());
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) { return AddGroup(*desk, store, *given); });
  });
}

void AddList(CLI::App* noun, const DeskPtr& desk) {
  AddVerb(noun, "list", "List the groups")->callback([desk] {
    desk->Run([&](store::Store& store) -> Status {
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      base::JsonWriter writer;
      writer.BeginArray();
      for (const task::Group& group : (*directory)->groups()) {
        WriteGroup(group, **directory, false, &writer);
      }
      writer.EndArray();
      desk->Answer(&writer);
      desk->Print(GroupTable(**directory));
      return base::Ok();
    });
  });
}

void AddShow(CLI::App* noun, const DeskPtr& desk) {
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "show", "Show one group");
  verb->add_option("name", given->name, "Its name")->required();
  verb->add_flag("--reveal", given->reveal, "Show its token too");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      Result<task::Group> group = FindGroup(**directory, given->name);
      if (!group) return group.error();
      base::JsonWriter writer;
      WriteGroup(*group, **directory, given->reveal, &writer);
      desk->Answer(&writer);
      desk->Print(GroupSheet(*group, **directory, given->reveal));
      return base::Ok();
    });
  });
}

void AddSet(CLI::App* noun, const DeskPtr& desk) {
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "set", "Change a group; what is not given stays");
  verb->add_option("name", given->name, "Its name")->required();
  verb->add_option("--rename", given->new_name, "Its new name");
  verb->add_option("--token", given->token, "Its new BIT_KKT_TOKEN");
  AddSwitch(verb, "enabled", &given->enabled, "Take posts with its token, or refuse them");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) {
      return ChangeGroup(
          *desk, store, given->name,
          [&](const task::Directory&, task::Group* group) { return SetGroup(*given, group); });
    });
  });
}

void AddLink(CLI::App* noun, const DeskPtr& desk, bool link) {
  const auto given = std::make_shared<Given>();
  CLI::App* verb = link ? AddVerb(noun, "link", "Add registers, or shops that may use it")
                        : AddVerb(noun, "unlink", "Take registers or shops out");
  verb->add_option("name", given->name, "Its name")->required();
  AddLinkOptions(verb, given.get());
  verb->callback([desk, given, link] {
    desk->Run([&](store::Store& store) {
      return ChangeGroup(*desk, store, given->name,
                         [&](const task::Directory& directory, task::Group* group) {
                           const auto act = link ? LinkToGroup : UnlinkFromGroup;
                           return act(given->registers, given->shops, directory, group);
                         });
    });
  });
}

}  // namespace

void AddGroupCommands(CLI::App& admin, const DeskPtr& desk) {
  CLI::App* noun = AddNoun(admin, "group", "Several registers behind one token");
  AddAdd(noun, desk);
  AddList(noun, desk);
  AddShow(noun, desk);
  AddSet(noun, desk);
  AddLink(noun, desk, true);
  AddLink(noun, desk, false);
}

}  // namespace fiscalgate::admin
