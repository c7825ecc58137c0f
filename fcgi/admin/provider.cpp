// fiscalgate admin provider list|show
#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/provider_words.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

Status Show(const Desk& desk, const std::string& name) {
  const CloudProviders providers = desk.cloud_providers();
  for (const auto& each : providers) {
    if (each->name() != name) continue;
    base::JsonWriter writer;
    WriteProvider(*each, &writer);
    desk.Answer(&writer);
    desk.Print(ProviderText(*each));
    return base::Ok();
  }
  return Error{Code::kNotFound,
               std::string(Say("no such provider: ", "нет такого провайдера: ")) + name};
}

}  // namespace

void AddProviderCommands(CLI::App& admin, const DeskPtr& desk) {
  CLI::App* noun = AddNoun(admin, "provider", "Services that cloud registers are at");
  AddVerb(noun, "list", "List the providers")->callback([desk] {
    desk->RunWithoutStore([&]() -> Status {
      base::JsonWriter writer;
      WriteProviders(desk->cloud_providers(), &writer);
      desk->Answer(&writer);
      desk->Print(ProviderTable(desk->cloud_providers()));
      return base::Ok();
    });
  });
  const auto name = std::make_shared<std::string>();
  CLI::App* show = AddVerb(noun, "show", "What a provider wants to know, and what it can be told");
  show->add_option("name", *name, "Its name")->required();
  show->callback([desk, name] { desk->RunWithoutStore([&] { return Show(*desk, *name); }); });
}

}  // namespace fiscalgate::admin
