// fiscalgate admin register add|list|show|set|enable|disable|link|unlink
#include "fcgi/admin/checks.h"
#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/register_words.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
using Change = std::function<Status(const task::Directory&, task::Register*)>;

Result<task::Register> FindRegister(const task::Directory& directory, const std::string& name) {
  for (const task::Register& r : directory.registers()) {
    if (r.name == name) return r;
  }
  return Error{Code::kNotFound,
               std::string(Say("no register has the name ", "нет кассы с именем ")) + name};
}

void Show(const Desk& desk, const task::Register& r, const task::Directory& directory,
          bool reveal) {
  base::JsonWriter writer;
  WriteRegister(r, directory, reveal, &writer);
  desk.Answer(&writer);
  desk.Print(RegisterSheet(r, directory, reveal));
}

// Reads the register, lets `change` act on it, writes it back, shows it.
Status ChangeRegister(const Desk& desk, store::Store& store, const std::string& name,
                      const Change& change) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  Result<task::Register> r = FindRegister(**directory, name);
  if (!r) return r.error();
  Status status = change(**directory, &*r);
  if (status.ok()) status = CheckSharing(*r);
  if (status.ok()) status = store.UpdateRegister(*r);
  if (status.ok()) Show(desk, *r, **directory, false);
  return status;
}

void AddRegisterOptions(CLI::App* verb, RegisterOptions* options) {
  verb->add_option("--url", options->url, "Address of the driver, http:// or https://");
  verb->add_option("--token", options->token, "BIT_KKT_TOKEN; made if not given");
  verb->add_option("--bank-token", options->bank_token, "BIT_BNK_TRM_TOKEN of a bank terminal");
  verb->add_option("--pin", options->pin, "Public key of the driver, sha256//...");
  verb->add_option("--headers", options->headers, "Generation of the headers: 1.2 or 1.5");
  verb->add_option("--body,--encoding", options->body,
                   "Encoding of the body: json, form, base64 or hex (1.2 always posts a form)");
  verb->add_option("--ffd-version", options->ffd_version, "FFD of its firmware: 1.05, 1.1 or 1.2");
  verb->add_option("--taxation-mask", options->taxation_mask,
                   "Tax regimes it is registered with, the sum of their numbers in tag 1055");
  verb->add_option("--profile", options->profile,
                   "Whose limits receipts are held to: bit, atol, orangedata, bifit or begateway");
  verb->add_option("--timeout-ms", options->timeout_ms, "For the whole answer");
  AddSwitch(verb, "deduplicating", &options->deduplicating,
            "It answers the same order number with the first result: it may be asked again");
  AddSwitch(verb, "pass-unknown", &options->pass_unknown,
            "Go on past a task whose outcome is unknown");
}

void AddAdd(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string name;
    RegisterOptions options;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "add", "Add a register; prints what to enter in the shop");
  verb->add_option("--name", given->name, "Name for people, unique")->required();
  verb->add_option("--shop", given->options.shops, "Account id of a shop that may use it; repeat");
  AddRegisterOptions(verb, &given->options);
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      task::Register r = NewRegister(given->name, "");
      Status good = CheckName(r.name);
      if (good.ok()) good = ApplyRegisterOptions(given->options, **directory, &r);
      if (good.ok()) good = CheckSharing(r);
      if (!good) return good;
      Result<task::RegisterKey> added = store.AddRegister(r);
      if (!added) return added.error();
      base::JsonWriter writer;
      WriteRegister(r, **directory, true, &writer);
      desk->Answer(&writer);
      desk->Print(RegisterToPaste(r));
      return base::Ok();
    });
  });
}

void AddList(CLI::App* noun, const DeskPtr& desk) {
  AddVerb(noun, "list", "List the registers")->callback([desk] {
    desk->Run([&](store::Store& store) -> Status {
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      base::JsonWriter writer;
      writer.BeginArray();
      for (const task::Register& r : (*directory)->registers()) {
        WriteRegister(r, **directory, false, &writer);
      }
      writer.EndArray();
      desk->Answer(&writer);
      desk->Print(RegisterTable(**directory));
      return base::Ok();
    });
  });
}

void AddShow(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string name;
    bool reveal = false;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "show", "Show one register");
  verb->add_option("name", given->name, "Its name")->required();
  verb->add_flag("--reveal", given->reveal, "Show its tokens too");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      Result<task::Register> r = FindRegister(**directory, given->name);
      if (!r) return r.error();
      Show(*desk, *r, **directory, given->reveal);
      return base::Ok();
    });
  });
}

void AddSet(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string name;
    std::optional<std::string> new_name;
    RegisterOptions options;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "set", "Change a register; what is not given stays");
  verb->add_option("name", given->name, "Its name")->required();
  verb->add_option("--rename", given->new_name, "Its new name");
  AddRegisterOptions(verb, &given->options);
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) {
      return ChangeRegister(*desk, store, given->name,
                            [&](const task::Directory& directory, task::Register* r) -> Status {
                              if (given->new_name) {
                                Status good = CheckName(*given->new_name);
                                if (!good) return good;
                                r->name = *given->new_name;
                              }
                              return ApplyRegisterOptions(given->options, directory, r);
                            });
    });
  });
}

void AddEnable(CLI::App* noun, const DeskPtr& desk, bool enable) {
  const auto name = std::make_shared<std::string>();
  CLI::App* verb = enable ? AddVerb(noun, "enable", "Let it work again")
                          : AddVerb(noun, "disable", "Send it nothing more; what waits stays");
  verb->add_option("name", *name, "Its name")->required();
  verb->callback([desk, name, enable] {
    desk->Run([&](store::Store& store) {
      return ChangeRegister(*desk, store, *name,
                            [&](const task::Directory&, task::Register* r) -> Status {
                              r->enabled = enable;
                              return base::Ok();
                            });
    });
  });
}

void AddLink(CLI::App* noun, const DeskPtr& desk, bool link) {
  struct Given {
    std::string name;
    std::vector<std::string> shops;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = link ? AddVerb(noun, "link", "Let shops use it")
                        : AddVerb(noun, "unlink", "Let shops use it no more");
  verb->add_option("name", given->name, "Its name")->required();
  verb->add_option("--shop", given->shops, "Account id of a shop; repeat")->required();
  verb->callback([desk, given, link] {
    desk->Run([&](store::Store& store) {
      return ChangeRegister(
          *desk, store, given->name, [&](const task::Directory& directory, task::Register* r) {
            for (const std::string& account : given->shops) {
              Status done =
                  link ? LinkShop(account, directory, r) : UnlinkShop(account, directory, r);
              if (!done) return done;
            }
            return base::Ok();
          });
    });
  });
}

}  // namespace

void AddRegisterCommands(CLI::App& admin, const DeskPtr& desk) {
  CLI::App* noun = AddNoun(admin, "register", "What fiscalises");
  AddAdd(noun, desk);
  AddList(noun, desk);
  AddShow(noun, desk);
  AddSet(noun, desk);
  AddEnable(noun, desk, true);
  AddEnable(noun, desk, false);
  AddLink(noun, desk, true);
  AddLink(noun, desk, false);
}

}  // namespace fiscalgate::admin
