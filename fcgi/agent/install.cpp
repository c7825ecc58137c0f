// The commands that change the system: install and uninstall.
#include <algorithm>

#include "fcgi/agent/agent.h"
#include "fcgi/agent/commands.h"
#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform_service.h"
#include "fcgi/agent/text.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {
namespace {

std::string FolderOfFile(const std::string& path) {
  return path.substr(0, path.find_last_of("/\\"));
}

// The one that is meant: by name, by its key, or a new one under the next free name.
RegisterConfig* Choose(Config* config, const Options& options) {
  if (!options.name.empty()) {
    if (RegisterConfig* one = config->Find(options.name)) return one;
    RegisterConfig& fresh = config->registers.emplace_back();
    fresh.name = options.name;
    return &fresh;
  }
  for (RegisterConfig& one : config->registers) {
    if (one.key == options.key) return &one;
  }
  std::string name = "kkt1";
  for (int i = 2; config->Find(name) != nullptr; ++i) name = "kkt" + std::to_string(i);
  RegisterConfig& fresh = config->registers.emplace_back();
  fresh.name = name;
  return &fresh;
}

// The service may not be able to read the file where it lies.
bool CopyCertificate(const Options& options, RegisterConfig* one, std::string* error) {
  const auto pem = platform::ReadFile(options.ca, kMaxConfigBytes, error);
  if (!pem) return false;
  if (pem->find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    *error = options.ca + Tr(": это не сертификат PEM", ": this is no PEM certificate");
    return false;
  }
  const std::string name = Lower(one->name) + ".pem";
  one->ca = FolderOfFile(platform::DefaultPlaces("").config) + "/" + name;
  return platform::WritePublicFile(FolderOfFile(ConfigPath(options)) + "/" + name, *pem, error);
}

bool Change(const Options& options, Config* config, RegisterConfig* one, std::string* error) {
  one->gateway = options.gateway;
  one->key = options.key;
  if (!options.driver.empty()) one->driver = options.driver;
  if (!options.proxy.empty()) one->proxy = options.proxy;
  if (options.plain_http) one->plain_http = true;
  *error = FaultOf(*one);
  if (!error->empty()) return false;
  if (config->registers.size() > kMaxRegisters) {
    *error = Tr("слишком много касс для одного агента", "too many registers for one agent");
    return false;
  }
  return options.ca.empty() || CopyCertificate(options, one, error);
}

bool LoadOrNew(const Options& options, Config* config, std::string* error) {
  if (!platform::Exists(ConfigPath(options))) {
    config->lang = LanguageName();
    return true;
  }
  auto loaded = LoadConfig(ConfigPath(options), error);
  if (!loaded) return false;
  *config = std::move(*loaded);
  return true;
}

bool Unreported(const Config& config, const RegisterConfig& one) {
  Journal journal;
  return journal.Look(FolderOf(config, one)) && !journal.held().empty();
}

void Purge(const Config& config, const RegisterConfig& one) {
  const std::string folder = FolderOf(config, one);
  for (const std::string& name : platform::List(folder + "/refused")) {
    platform::Remove(folder + "/refused/" + name);
  }
  platform::Remove(folder + "/refused");
  for (const std::string& name : platform::List(folder)) platform::Remove(folder + "/" + name);
  platform::Remove(folder);
}

// Removes the journals of what is gone; one that holds something unreported stays. True: none did.
bool PurgeGone(const Config& config, const Config& left) {
  bool all = true;
  for (const RegisterConfig& one : config.registers) {
    if (std::any_of(left.registers.begin(), left.registers.end(),
                    [&](const auto& stays) { return stays.name == one.name; })) {
      continue;
    }
    if (!Unreported(config, one)) {
      Purge(config, one);
      continue;
    }
    all = false;
    Complain(one.name + Tr(": журнал оставлен: в нём есть непереданное",
                           ": the journal stays: something in it is not yet reported"));
  }
  return all;
}

}  // namespace

int InstallCommand(const Options& given) {
  Options options = given;
  if (options.key == "-") options.key = platform::ReadLine();
  if (options.gateway.empty() || options.key.empty()) {
    return Complain(
        Tr("нужны --gateway URL и --key КЛЮЧ", "--gateway URL and --key KEY are needed"));
  }
  std::string error;
  Config config;
  const std::string path = ConfigPath(options);
  if (!platform::ProtectFolder(FolderOfFile(path), &error) ||
      !LoadOrNew(options, &config, &error)) {
    return Complain(error);
  }
  RegisterConfig* one = Choose(&config, options);
  const std::string name = one->name;
  if (!Change(options, &config, one, &error) ||
      !platform::StoreFile(path, WriteConfig(config), &error)) {
    return Complain(error);
  }
  platform::Print(name + Tr(": записано в ", ": written to ") + path + "\n");
  if (!platform::InstallService(options.root, &error)) return Complain(error);
  platform::Print(
      Tr("служба fiscalgate-agent работает; проверить: fiscalgate-agent check\n",
         "the service fiscalgate-agent is set up; to check it: fiscalgate-agent check\n"));
  return 0;
}

int UninstallCommand(const Options& options) {
  const std::string path = ConfigPath(options);
  std::string error;
  const bool one_only = !options.name.empty();
  const auto placed = ConfigFor(options);
  const auto config = LoadConfig(path, &error);
  if ((!placed || !config) && (one_only || options.purge)) return 1;
  Config left = config.value_or(Config{});
  const auto gone = std::erase_if(left.registers, [&](const RegisterConfig& one) {
    return !one_only || EqualNoCase(one.name, options.name);
  });
  if (one_only && gone == 0) {
    return Complain(Tr("нет такой кассы: ", "no such register: ") + options.name);
  }
  if (!platform::UninstallService(options.root, &error)) return Complain(error);
  const bool purged = !options.purge || PurgeGone(*placed, left);
  if (one_only || (options.purge && purged)) {
    const bool written = left.registers.empty()
                             ? platform::Remove(path)
                             : platform::StoreFile(path, WriteConfig(left), &error);
    if (!written) return Complain(path + " " + error);
  }
  if (!left.registers.empty() && !platform::InstallService(options.root, &error)) {
    return Complain(error);
  }
  platform::Print(Tr("готово\n", "done\n"));
  return purged ? 0 : 1;
}

}  // namespace fiscalgate::agent
