// fiscalgate admin register add|set --provider ... --setting ...; register check-mapping
#include "fcgi/admin/register_cloud.h"

#include <algorithm>

#include "fcgi/admin/files.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/provider_words.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

void AddList(CLI::App* verb, const std::string& name, std::vector<std::string>* values,
             const std::string& what) {
  verb->add_option("--" + name, *values, what)->allow_extra_args(false);
}

// Nothing where something was to be read must not take away what is there.
Result<std::string> ReadText(const std::string& text, const std::string& what) {
  Result<std::string> read = ReadGiven(text, what);
  if (read.ok() && read->empty() && !text.empty()) {
    return Error{Code::kInvalid, std::string(Say("nothing was given for ", "пусто: ")) + what};
  }
  return read;
}

Status ReadInto(std::string_view option, const std::vector<std::string>& typed, bool is_file,
                NamedValues* values) {
  for (const std::string& each : typed) {
    auto pair = ReadPair(option, each);
    if (!pair) return pair.error();
    Result<std::string> text = ReadText(is_file ? "@" + pair->second : pair->second, pair->first);
    if (!text) return text.error();
    values->emplace_back(std::move(pair->first), std::move(*text));
  }
  return base::Ok();
}

// It can be read once.
Status CheckOneStandardInput(const CloudTyped& typed) {
  const auto is_it = [](const std::string& text) { return text.ends_with("=-"); };
  const auto count = std::count_if(typed.secrets.begin(), typed.secrets.end(), is_it) +
                     std::count_if(typed.settings.begin(), typed.settings.end(), is_it) +
                     (typed.mapping == "-" ? 1 : 0);
  if (count <= 1) return base::Ok();
  return Error{Code::kInvalid, std::string(Say("only one value can be read from standard input",
                                               "со стандартного ввода читается одно значение"))};
}

Result<task::Register> FindCloudRegister(store::Store& store, const std::string& name) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  for (const task::Register& r : (*directory)->registers()) {
    if (r.name == name && r.is_cloud()) return r;
  }
  return Error{
      Code::kNotFound,
      std::string(Say("no cloud register has the name ", "нет облачной кассы с именем ")) + name};
}

Status CheckMapping(const Desk& desk, store::Store& store, const std::string& name, bool all) {
  Result<task::Register> r = FindCloudRegister(store, name);
  if (!r) return r.error();
  const protocol::MappingTable* table = MappingTableOf(r->provider);
  if (table == nullptr) return Error{Code::kNotFound, r->provider};
  const auto mapping = protocol::Mapping::Make(*table, r->mapping);
  if (!mapping) return mapping.error();
  std::vector<MappingLine> lines = MappingLines(*mapping);
  if (!all) {
    std::erase_if(lines, [](const MappingLine& line) { return line.state == "documented"; });
  }
  base::JsonWriter writer;
  WriteMappingLines(lines, &writer);
  desk.Answer(&writer);
  desk.Print(MappingLinesTable(lines));
  return base::Ok();
}

}  // namespace

void AddCloudOptions(CLI::App* verb, CloudTyped* typed) {
  verb->add_option("--provider", typed->provider,
                   "Who fiscalises: bit (a driver; the default), or a service in the cloud, see "
                   "fiscalgate admin provider list");
  AddList(verb, "setting", &typed->settings,
          "name=value of a cloud register's setting; name=@FILE reads it; repeat. What there is: "
          "fiscalgate admin provider show NAME");
  AddList(verb, "setting-file", &typed->setting_files, "name=PATH: a setting from a file; repeat");
  AddList(verb, "secret", &typed->secrets,
          "name=@FILE or name=- (asks, or reads standard input); repeat. name=value works too, but "
          "others on this machine can read it while the command runs");
  verb->add_option("--mapping", typed->mapping,
                   "What you have confirmed with the provider, JSON, @FILE or -: see fiscalgate "
                   "admin provider show NAME");
  AddList(verb, "unset", &typed->unset, "Name of a setting or secret to take away, or mapping");
}

Result<CloudOptions> ReadCloudOptions(const CloudTyped& typed) {
  CloudOptions options;
  options.provider = typed.provider;
  options.unset = typed.unset;
  Status good = CheckOneStandardInput(typed);
  if (good.ok()) good = ReadInto("--setting", typed.settings, false, &options.settings);
  if (good.ok()) good = ReadInto("--setting-file", typed.setting_files, true, &options.settings);
  if (good.ok()) good = ReadInto("--secret", typed.secrets, false, &options.secrets);
  if (!good) return good.error();
  if (typed.mapping) {
    Result<std::string> mapping = ReadText(*typed.mapping, "--mapping");
    if (!mapping) return mapping.error();
    options.mapping = std::move(*mapping);
  }
  return options;
}

Status CheckMayChangeProvider(const CloudOptions& options, const task::Register& r,
                              store::Store& store) {
  if (!options.provider || *options.provider == r.provider) return base::Ok();
  const Result<store::Gauges> gauges = store.ReadGauges();
  if (!gauges) return gauges.error();
  for (const store::LaneDepth& lane : gauges->lanes) {
    if (lane.register_key != r.key || lane.live == 0) continue;
    return Error{Code::kConflict,
                 std::string(Say("the register has tasks that are not over, they are its present "
                                 "provider's; let them end, or cancel or settle them (fiscalgate "
                                 "admin task list), or add another register and move the shops "
                                 "there (fiscalgate admin shop route): ",
                                 "у кассы есть незавершённые задания, они принадлежат её нынешнему "
                                 "провайдеру; дождитесь их конца, отмените или разрешите их "
                                 "(fiscalgate admin task list) либо добавьте другую кассу и "
                                 "переведите магазины на неё (fiscalgate admin shop route): ")) +
                     std::to_string(lane.live)};
  }
  return base::Ok();
}

void AddCheckMapping(CLI::App* noun, const DeskPtr& desk) {
  struct Given {
    std::string name;
    bool all = false;
  };
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(noun, "check-mapping",
                           "What a cloud register's provider can be told, and what you have to "
                           "confirm with it first");
  verb->add_option("name", given->name, "Its name")->required();
  verb->add_flag("--all", given->all, "What the provider documents too");
  verb->callback([desk, given] {
    desk->Run(
        [&](store::Store& store) { return CheckMapping(*desk, store, given->name, given->all); });
  });
}

}  // namespace fiscalgate::admin
