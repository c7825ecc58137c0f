// fiscalgate admin validate FILE
#include <memory>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/files.h"
#include "fcgi/admin/options.h"
#include "fcgi/admin/validate_words.h"
#include "fcgi/check_report.h"
#include "lib/base/limits.h"
#include "lib/task/check_settings.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

struct Given {
  std::string file, shop, register_name;
  ValidateOptions options;
};

// `account`: of a cloud register, else null.
Status Check(const Desk& desk, const Given& given, ffd::CheckOptions check,
             const protocol::CloudAccount* account = nullptr) {
  Status good = ApplyValidateOptions(given.options, &check);
  if (!good) return good;
  Result<std::string> text = ReadAll(given.file);
  if (!text) return text.error();
  Result<std::string> commands = CommandsOf(*text, base::JsonReader::kJsoncpp);
  if (!commands) return commands.error();
  auto package = protocol::bit::ReadPackage(*commands, check);
  if (!package) return package.error();
  if (account != nullptr && package->faults.empty()) package->faults = account->Check(*package);
  const base::Language language =
      Say("en", "ru") == "en" ? base::Language::kEnglish : base::Language::kRussian;
  base::JsonWriter writer;
  writer.Raw(CheckAnswer(*package, check, language).body);
  desk.Answer(&writer);
  desk.Print(CheckSheet(*package, check));
  if (package->faults.empty()) return base::Ok();
  return Error{Code::kInvalid,
               std::string(Say("faults: ", "ошибок: ")) + std::to_string(package->faults.size())};
}

struct Checker {
  ffd::CheckOptions options;
  std::shared_ptr<const protocol::CloudAccount> account;
};

Result<Checker> CheckerOf(const Desk& desk, store::Store& store, const Given& given) {
  Result<task::DirectoryPtr> directory = store.LoadDirectory();
  if (!directory) return directory.error();
  task::Shop shop;
  task::Register r;
  if (!given.shop.empty()) {
    const task::Shop* found = (*directory)->FindShop(given.shop);
    if (found == nullptr) return Error{Code::kNotFound, "--shop " + given.shop};
    shop = *found;
  }
  if (!given.register_name.empty()) {
    const task::Register* found = nullptr;
    for (const task::Register& known : (*directory)->registers()) {
      if (known.name == given.register_name) found = &known;
    }
    if (found == nullptr) return Error{Code::kNotFound, "--register " + given.register_name};
    r = *found;
  }
  Checker checker{task::CheckOptionsFor(shop, r, Now()), nullptr};
  if (given.register_name.empty() || !r.is_cloud()) return checker;
  for (const auto& provider : desk.cloud_providers()) {
    if (provider->name() != r.provider) continue;
    auto opened = provider->Open(r);
    if (!opened) return opened.error();
    checker.account = std::move(*opened);
  }
  return checker;
}

void Run(Desk* desk, const Given& given) {
  if (given.shop.empty() && given.register_name.empty()) {
    return desk->RunWithoutStore(
        [&] { return Check(*desk, given, task::CheckOptionsFor({}, {}, Now())); });
  }
  desk->Run([&](store::Store& store) -> Status {
    Result<Checker> checker = CheckerOf(*desk, store, given);
    if (!checker) return checker.error();
    return Check(*desk, given, checker->options, checker->account.get());
  });
}

}  // namespace

void AddValidateCommand(CLI::App& admin, const DeskPtr& desk) {
  const auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(&admin, "validate", "Check receipts; exit status 1 if there are faults");
  ValidateOptions& options = given->options;
  verb->add_option("file", given->file, "Commands or one receipt, as JSON; - reads standard input")
      ->required();
  verb->add_option("--shop", given->shop, "With the switches of the shop of this account id");
  verb->add_option("--register", given->register_name, "With the settings of this register");
  verb->add_option("--ffd-version", options.ffd_version, "1.05, 1.1 or 1.2");
  verb->add_option("--profile", options.profile, "bit, atol, orangedata, bifit or begateway");
  verb->add_option("--taxation-mask", options.taxation_mask, "Tax regimes of the register");
  verb->add_option("--vat-policy", options.vat_policy, "refuse, warn or replace");
  verb->add_option("--inn-policy", options.inn_policy, "warn or refuse");
  verb->add_option("--date", options.date, "Of the receipt, today if not given: 2026-01-31");
  AddSwitch(verb, "lenient", &options.lenient, "As for a shop with lenient receipts");
  verb->callback([desk, given] { Run(desk.get(), *given); });
}

}  // namespace fiscalgate::admin
