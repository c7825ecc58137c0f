// fiscalgate admin register add|list|show|set|agent-setup|enable|disable|link|unlink
// (close-shift|open-shift|x-report: service.cpp; check-mapping: register_cloud.cpp)
#include <algorithm>

#include "fcgi/admin/checks.h"
#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/group_words.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/register_cloud.h"
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

Result<std::optional<task::DeviceState>> DeviceOf(store::Store& store, task::RegisterKey key) {
  Result<std::vector<task::DeviceState>> states = store.DeviceStates();
  if (!states) return states.error();
  for (const task::DeviceState& state : *states) {
    if (state.register_key == key) return std::optional(state);
  }
  return std::optional<task::DeviceState>();
}

// The same, how its agent is, and what it has told of itself.
Status ShowWithAgent(const Desk& desk, store::Store& store, const task::Register& r,
                     const task::Directory& directory, bool reveal) {
  Result<std::vector<store::AgentStatus>> agents = store.ListAgents();
  if (!agents) return agents.error();
  const auto agent =
      std::find_if(agents->begin(), agents->end(),
                   [&](const store::AgentStatus& status) { return status.register_key == r.key; });
  const store::AgentStatus* status = agent == agents->end() ? nullptr : &*agent;
  const Result<std::optional<task::DeviceState>> device = DeviceOf(store, r.key);
  if (!device) return device.error();
  const RegisterNews news{status, *device ? &**device : nullptr, Now()};
  base::JsonWriter writer;
  WriteRegister(r, directory, reveal, &writer, &news);
  desk.Answer(&writer);
  desk.Print(RegisterSheet(r, directory, reveal) + DeviceSheet(news.device, news.now));
  if (r.via == task::Via::kAgent) desk.Print(AgentSheet(r, status, Now()));
  return base::Ok();
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
  if (status.ok()) status = CheckGroupsOf(*r, **directory);
  if (status.ok()) status = store.UpdateRegister(*r);
  if (status.ok()) Show(desk, *r, **directory, false);
  return status;
}

void AddRegisterOptions(CLI::App* verb, RegisterOptions* options) {
  verb->add_option(
      "--via", options->via,
      "How the driver is reached: push (by its address; the default) or agent (beside it)");
  verb->add_option("--url", options->url,
                   "Address of the driver, http:// or https://; not for an agent");
  verb->add_option("--token", options->token,
                   "BIT_KKT_TOKEN; a new register gets one if not given");
  verb->add_option("--bank-token", options->bank_token, "BIT_BNK_TRM_TOKEN of a bank terminal");
  verb->add_option("--pin", options->pin,
                   "Public key of the driver's certificate, sha256//...: trusted instead of the "
                   "usual authorities");
  verb->add_option("--headers", options->headers,
                   "Generation of the headers: 1.2, or 1.5 (the default)");
  verb->add_option(
      "--body,--encoding", options->body,
      "Encoding of the body: json (the default), form, base64 or hex; 1.2 always posts a form");
  verb->add_option(
      "--ffd-version", options->ffd_version,
      "FFD of its firmware: 1.05, 1.1 or 1.2; as its provider's (bit: 1.2) if not given");
  verb->add_option(
      "--taxation-mask", options->taxation_mask,
      "Tax regimes it is registered with, the sum of their numbers in tag 1055; 63 = all");
  verb->add_option(
      "--profile", options->profile,
      "Whose limits receipts are checked by: bit, atol, orangedata, bifit or begateway; "
      "its provider's if not given");
  verb->add_option("--timeout-ms", options->timeout_ms,
                   "How long the driver may take for its whole answer; 60000 at first");
  verb->add_option("--shift-guard", options->shift.guard,
                   "on (the default) or off: close its shift before it is 24 hours old");
  verb->add_option("--shift-close", options->shift.close,
                   "Close its shift at this time of its day, like 23:50; or off");
  verb->add_option("--shift-reopen", options->shift.reopen,
                   "on (the default) or off: open a new shift after the gateway has closed one");
  verb->add_option("--time-zone", options->shift.time_zone,
                   "Of the place where it stands, hours from UTC; +3 at first");
  verb->add_option("--shift-cashier", options->shift.cashier,
                   "Cashier (1021) of what the gateway has it print by itself");
  AddSwitch(verb, "deduplicating", &options->deduplicating,
            "It answers the same order number with the first result: it may be asked again");
  AddSwitch(verb, "pass-unknown", &options->pass_unknown,
            "Go on past a task whose outcome is unknown");
}

// The provider first: what else is given overrules its defaults.
Status Apply(const Desk& desk, const CloudOptions& cloud, const RegisterOptions& options,
             const task::Directory& directory, task::Register* r) {
  const CloudProviders providers = desk.cloud_providers();
  Status good = ApplyCloudOptions(cloud, providers, r);
  if (good.ok()) good = ApplyRegisterOptions(options, directory, r);
  if (good.ok()) good = CheckCloudRegister(*r, providers);
  return good;
}

void AddAdd(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string name;
    RegisterOptions options;
    CloudTyped cloud;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "add", "Add a register; prints what to enter in the shop");
  verb->add_option("--name", given->name, "Name for people, unique")->required();
  verb->add_option("--shop", given->options.shops, "Account id of a shop that may use it; repeat");
  AddRegisterOptions(verb, &given->options);
  AddCloudOptions(verb, &given->cloud);
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      const Result<CloudOptions> cloud = ReadCloudOptions(given->cloud);
      if (!cloud) return cloud.error();
      Result<task::DirectoryPtr> directory = store.LoadDirectory();
      if (!directory) return directory.error();
      task::Register r = NewRegister(given->name, "");
      Status good = CheckName(r.name);
      if (good.ok()) good = Apply(*desk, *cloud, given->options, **directory, &r);
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
      return ShowWithAgent(*desk, store, *r, **directory, given->reveal);
    });
  });
}

void AddSet(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string name;
    std::optional<std::string> new_name;
    RegisterOptions options;
    CloudTyped cloud;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "set", "Change a register; what is not given stays");
  verb->add_option("name", given->name, "Its name")->required();
  verb->add_option("--rename", given->new_name, "Its new name");
  AddRegisterOptions(verb, &given->options);
  AddCloudOptions(verb, &given->cloud);
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) -> Status {
      const Result<CloudOptions> cloud = ReadCloudOptions(given->cloud);
      if (!cloud) return cloud.error();
      return ChangeRegister(*desk, store, given->name,
                            [&](const task::Directory& directory, task::Register* r) -> Status {
                              if (given->new_name) {
                                Status good = CheckName(*given->new_name);
                                if (!good) return good;
                                r->name = *given->new_name;
                              }
                              Status free = CheckMayChangeProvider(*cloud, *r, store);
                              if (!free) return free;
                              return Apply(*desk, *cloud, given->options, directory, r);
                            });
    });
  });
}

struct SetupOptions {
  std::string name, gateway;
  bool rotate = false, new_pc = false;
};

Status SetUpAgent(const Desk& desk, store::Store& store, const SetupOptions& given) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  Result<task::Register> r = FindRegister(**directory, given.name);
  if (!r) return r.error();
  if (r->via != task::Via::kAgent) {
    return Error{Code::kInvalid,
                 std::string(Say("the register is not reached by an agent; change that first: "
                                 "fiscalgate admin register set ",
                                 "касса работает не через агента; сначала измените это: fiscalgate "
                                 "admin register set ")) +
                     r->name + " --via agent"};
  }
  AgentSetup setup;
  setup.gateway = given.gateway.empty() ? desk.PublicUrl() : given.gateway;
  Status good = CheckGateway(setup.gateway);
  if (!good) return good;
  RenewAgentKey(given.rotate, given.new_pc, &*r);
  good = store.UpdateRegister(*r);
  if (!good) return good;
  setup.key = r->agent_key.Reveal();
  setup.name = LocalNameOf(*r);
  base::JsonWriter writer;
  WriteAgentSetup(*r, setup, &writer);
  desk.Answer(&writer);
  desk.Print(AgentSetupToPaste(setup));
  return base::Ok();
}

void AddAgentSetup(CLI::App* noun, const DeskPtr& desk) {
  const auto given = std::make_shared<SetupOptions>();
  CLI::App* verb = AddVerb(noun, "agent-setup", "Print what to run beside the register");
  verb->add_option("name", given->name, "Its name")->required();
  verb->add_flag("--rotate", given->rotate, "Replace the key; the old one is refused at once");
  verb->add_flag("--new-pc", given->new_pc,
                 "The agent moved to another computer, or lost its journal: a new key, bound anew");
  verb->add_option("--gateway", given->gateway,
                   "Address agents reach us by; server.public_url if not given");
  verb->callback([desk, given] {
    desk->Run([&](store::Store& store) { return SetUpAgent(*desk, store, *given); });
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
  AddAgentSetup(noun, desk);
  AddCheckMapping(noun, desk);
  AddEnable(noun, desk, true);
  AddEnable(noun, desk, false);
  AddLink(noun, desk, true);
  AddLink(noun, desk, false);
  AddServiceCommand(noun, desk, "close-shift", "Close its shift now", task::Service::kCloseShift);
  AddServiceCommand(noun, desk, "open-shift", "Open a shift now", task::Service::kOpenShift);
  AddServiceCommand(noun, desk, "x-report", "Print the report without closing the shift",
                    task::Service::kXReport);
}

}  // namespace fiscalgate::admin
