// fiscalgate admin doctor [--certificate FILE] [--nginx FOLDER]
#include <memory>

#include "fcgi/admin/commands.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/doctor_checks.h"
#include "fcgi/admin/options.h"
#include "fcgi/disk_guard.h"
#include "fcgi/settings.h"
#include "lib/store/migrations.h"

namespace fiscalgate::admin {
namespace {

struct DoctorWords {
  std::vector<std::string> certificates;
  std::string nginx_folder = "/etc/nginx";
};

// Where the store and the key are: what the command line says counts, as for other commands.
Settings FindSettings(const Desk& desk, Findings* findings) {
  std::vector<std::string> faults;
  const auto loaded = LoadSettings(desk.config_path(), &faults);
  const bool given = !desk.store_url.empty() && !desk.key_file.empty();
  if (loaded) {
    findings->Ok("configuration", desk.config_path());
  } else if (!given) {
    for (const std::string& fault : faults) {
      findings->Fail("configuration", fault, "fiscalgate --check-config");
    }
  }
  Settings settings = loaded ? *loaded : Settings();
  if (!desk.store_url.empty()) settings.store_url = desk.store_url;
  if (!desk.key_file.empty()) settings.key_file = desk.key_file;
  return settings;
}

std::optional<store::Checkup> CheckStore(const Settings& settings, const base::KeyRing* keys,
                                         Findings* findings) {
  base::Result<store::Checkup> checkup = store::CheckUp(settings.store_url, keys);
  if (!checkup) {
    findings->Fail("store", checkup.error().what,
                   Say("is the url right, is the server up, may this user in?",
                       "верен ли адрес, работает ли сервер, есть ли доступ у пользователя?"));
    return std::nullopt;
  }
  JudgeStore(*checkup, findings);
  if (checkup->server) JudgeServer(*checkup->server, findings);
  return std::move(*checkup);
}

Findings Examine(const Desk& desk, const DoctorWords& words) {
  Findings findings;
  CheckVersions(&findings);
  const Settings settings = FindSettings(desk, &findings);
  const std::optional<base::KeyRing> keys = CheckKeyFile(settings.key_file, &findings);
  const auto checkup = CheckStore(settings, keys ? &*keys : nullptr, &findings);
  const std::string folder = FolderOfStore(settings.store_url);
  if (!folder.empty()) CheckDisk(folder, settings.min_free_disk_mb, &findings);
  CheckClock(&findings);
  CheckDescriptors(&findings);
  CheckCertificateFiles(words.certificates, words.nginx_folder, Now(), &findings);
  // Opening would change tables of another version.
  const bool opens = checkup && keys && checkup->key_fits &&
                     checkup->schema >= store::NewestSchemaVersion() && checkup->runs_on;
  if (!opens) return findings;
  store::Options options;
  options.url = settings.store_url;
  auto opened = store::Store::Open(options, *keys);
  if (!opened) {
    findings.Fail("store", opened.error().what, "");
    return findings;
  }
  if (store::Nodes* nodes = (*opened)->nodes()) {
    CheckNodes(*nodes, base::SystemClock(), &findings);
  }
  CheckWork(**opened, Now(), &findings);
  (*opened)->Stop();
  return findings;
}

}  // namespace

void AddDoctorCommand(CLI::App& admin, const DeskPtr& desk) {
  const auto words = std::make_shared<DoctorWords>();
  CLI::App* doctor = AddVerb(&admin, "doctor",
                             "Look at everything a gateway stands on. Exit code: 0 well, 1 "
                             "something is to be looked at, 2 something is broken");
  doctor->add_option("--certificate", words->certificates, "A certificate file to look at as well");
  doctor->add_option("--nginx", words->nginx_folder, "Whose sites name certificates")
      ->capture_default_str();
  doctor->callback([desk, words] {
    const Findings findings = Examine(*desk, *words);
    base::JsonWriter writer;
    findings.Write(&writer);
    desk->Answer(&writer);
    desk->Print(findings.Text());
    *desk->exit_code = findings.ExitCode();
  });
}

}  // namespace fiscalgate::admin
