#include "fcgi/admin/desk.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "fcgi/settings.h"
#include "lib/base/crypto.h"
#include "lib/protocol/bit/codec.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

std::string Joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += (all.empty() ? "" : "\n") + line;
  return all;
}

}  // namespace

Result<Desk::Place> Desk::FindPlace() const {
  if (!store_url.empty() && !key_file.empty()) return Place{store_url, key_file};
  std::vector<std::string> faults;
  Result<Settings> settings = LoadSettings(config_path(), &faults);
  if (!settings) {
    const std::string what = faults.empty() ? settings.error().what : Joined(faults);
    const std::string_view hint =
        Say("give --config FILE, or both --store URL and --key-file FILE",
            "укажите --config ФАЙЛ или вместе --store URL и --key-file ФАЙЛ");
    return Error{settings.error().code, what + "\n" + std::string(hint)};
  }
  return Place{store_url.empty() ? settings->store_url : store_url,
               key_file.empty() ? settings->key_file : key_file};
}

std::string Desk::PublicUrl() const {
  std::vector<std::string> faults;
  Result<Settings> settings = LoadSettings(config_path(), &faults);
  return settings ? settings->public_url : "";
}

Result<base::KeyRing> Desk::LoadKeys(const Place& place) {
  Result<base::KeyRing> keys = base::KeyRing::Load(place.key_file);
  if (keys.ok() || keys.error().code != Code::kNotFound) return keys;
  Error error = keys.error();
  error.what += Say("; make one with: fiscalgate admin key create",
                    "; создайте его: fiscalgate admin key create");
  return error;
}

int Desk::RetentionMonths() const {
  std::vector<std::string> faults;
  Result<Settings> settings = LoadSettings(config_path(), &faults);
  return settings ? settings->retention_months : 0;
}

Result<std::unique_ptr<store::Store>> Desk::Open() const {
  Result<Place> place = FindPlace();
  if (!place) return place.error();
  Result<base::KeyRing> keys = LoadKeys(*place);
  if (!keys) return keys.error();
  store::Options options;
  options.url = place->store_url;
  options.write_result = protocol::bit::WriteShopResult;
  return store::Store::Open(options, *keys);
}

void Desk::Run(const Work& work) {
  Result<std::unique_ptr<store::Store>> opened = Open();
  if (!opened) return Report(opened.error());
  Report(work(**opened));
  (*opened)->Stop();
}

void Desk::RunWithoutStore(const std::function<Status()>& work) { Report(work()); }

void Desk::Report(const Status& status) const {
  *exit_code = status.ok() ? 0 : 1;
  if (!status.ok()) std::fprintf(stderr, "fiscalgate: %s\n", status.error().what.c_str());
}

void Desk::Print(const std::string& line) const {
  if (!json) std::printf("%s\n", line.c_str());
}

void Desk::Answer(base::JsonWriter* writer) const {
  if (json) std::printf("%s\n", writer->Take().c_str());
}

std::string WhoIsThere() {
  // Only root may say who it is for: others could write any name there.
  const char* behind_sudo = ::geteuid() == 0 ? std::getenv("SUDO_USER") : nullptr;
  if (behind_sudo != nullptr && behind_sudo[0] != '\0') return behind_sudo;
  const passwd* user = ::getpwuid(::geteuid());
  return user != nullptr ? user->pw_name : "uid " + std::to_string(::geteuid());
}

base::WallTime Now() { return base::SystemClock().Now(); }

bool MeansRussian(const std::vector<const char*>& values) {
  for (const char* value : values) {
    if (value == nullptr || value[0] == '\0') continue;
    const std::string_view text = value;
    return text == "ru" || text.rfind("ru_", 0) == 0 || text.rfind("ru.", 0) == 0;
  }
  return false;
}

std::string_view Say(std::string_view english, std::string_view russian) {
  static const bool is_russian =
      MeansRussian({std::getenv("LC_ALL"), std::getenv("LC_MESSAGES"), std::getenv("LANG")});
  return is_russian ? russian : english;
}

}  // namespace fiscalgate::admin
