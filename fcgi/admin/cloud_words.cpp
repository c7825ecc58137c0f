#include "fcgi/admin/cloud_words.h"

#include <algorithm>

#include "fcgi/admin/desk.h"
#include "lib/base/text.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using protocol::CloudProvider;
using protocol::CloudSetting;

constexpr std::size_t kMaxValueBytes = 64 * 1024;  // a chain of certificates
constexpr std::size_t kPrintDigits = 6;
constexpr std::string_view kMapping = "mapping";

Error Invalid(std::string_view english, std::string_view russian, const std::string& what = {}) {
  return {Code::kInvalid, std::string(Say(english, russian)) + what};
}

const CloudProvider* Find(const CloudProviders& providers, std::string_view name) {
  for (const auto& each : providers) {
    if (each->name() == name) return each.get();
  }
  return nullptr;
}

const CloudSetting* Find(const CloudProvider& provider, std::string_view name) {
  for (const CloudSetting& each : provider.Settings()) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

std::string Line(const CloudSetting& setting) {
  return "\n  " + std::string(setting.is_secret ? "--secret " : "--setting ") +
         std::string(setting.name) + "=... " + std::string(Say(setting.help_en, setting.help_ru));
}

Error NoSuchProvider(const std::string& name, const CloudProviders& providers) {
  std::string known = "bit";
  for (const auto& each : providers) known += ", " + std::string(each->name());
  return Invalid("no such provider: ", "нет такого провайдера: ",
                 name + std::string(Say("; there are ", "; есть ")) + known);
}

Error NoSuchSetting(const std::string& name, const CloudProvider& provider) {
  std::string all;
  for (const CloudSetting& each : provider.Settings()) all += Line(each);
  return Invalid("the provider has no setting ", "у провайдера нет настройки ",
                 name + std::string(Say("; it has:", "; есть:")) + all);
}

Status CheckValue(const std::string& name, const std::string& value) {
  if (value.size() > kMaxValueBytes) {
    return Invalid("too long: ", "слишком длинное значение: ", name);
  }
  if (!base::IsValidUtf8(value) || value.find('\0') != std::string::npos) {
    return Invalid("not a text: ", "не текст: ", name);
  }
  return base::Ok();
}

// An empty value takes a setting away.
Status Put(const std::string& name, const std::string& value, bool is_secret,
           const CloudProvider& provider, task::Register* r) {
  const CloudSetting* setting = Find(provider, name);
  if (setting == nullptr) return NoSuchSetting(name, provider);
  if (setting->is_secret && !is_secret) {
    return Invalid(
        "a secret, give it with --secret: ", "это секрет, задайте его через --secret: ", name);
  }
  if (!setting->is_secret && is_secret) {
    return Invalid("no secret, give it with --setting: ",
                   "это не секрет, задайте его через --setting: ", name);
  }
  Status good = CheckValue(name, value);
  if (!good) return good;
  r->settings.erase(name);
  r->secrets.erase(name);
  if (value.empty()) return base::Ok();
  if (is_secret) {
    r->secrets[name] = base::Secret(value);
  } else {
    r->settings[name] = value;
  }
  return base::Ok();
}

Status TakeAway(const std::string& name, task::Register* r) {
  const bool is_mapping = name == kMapping && !r->mapping.empty();
  if (is_mapping) r->mapping.clear();
  if (r->settings.erase(name) + r->secrets.erase(name) > 0 || is_mapping) return base::Ok();
  return Invalid("nothing is set there: ", "не задано: ", name);
}

Status ChangeProvider(const std::string& name, const CloudProviders& providers, task::Register* r) {
  if (name == r->provider) return base::Ok();
  const auto defaults = DefaultsOf(name);
  if (!defaults || (name != "bit" && Find(providers, name) == nullptr)) {
    return NoSuchProvider(name, providers);
  }
  r->provider = name;
  r->profile = defaults->profile;
  r->ffd_version = defaults->ffd_version;
  r->settings.clear();
  r->secrets.clear();
  r->mapping.clear();
  if (r->is_cloud()) {
    r->url.clear();
    r->pinned_public_key.clear();
  }
  return base::Ok();
}

std::string Missing(const task::Register& r, const CloudProvider& provider) {
  std::string missing;
  for (const CloudSetting& each : provider.Settings()) {
    const std::string name(each.name);
    const bool is_there = r.settings.count(name) + r.secrets.count(name) > 0;
    if (each.is_required && !is_there) missing += Line(each);
  }
  return missing;
}

// What a driver has and a service has not.
Status CheckNoDriver(const task::Register& r) {
  if (r.via == task::Via::kAgent) {
    return Invalid("no agent stands beside a cloud register: give --via push",
                   "у облачной кассы не бывает агента: укажите --via push");
  }
  if (!r.url.empty() || !r.pinned_public_key.empty()) {
    return Invalid("--url and --pin are of a driver; a cloud register has --setting",
                   "--url и --pin — для драйвера; у облачной кассы есть --setting");
  }
  if (r.deduplicating) {
    return Invalid("--deduplicating is of a driver", "--deduplicating — только для драйвера");
  }
  return base::Ok();
}

// A text of several lines is a certificate or the like.
std::string Shown(const std::string& value) {
  if (value.find('\n') == std::string::npos) return value;
  return std::string(Say("a text of ", "текст, байт: ")) + std::to_string(value.size()) +
         std::string(Say(" bytes", "")) + ", " + PrintOf(base::Secret(value));
}

}  // namespace

std::string PrintOf(const base::Secret& secret) {
  return base::HexEncode(base::Sha256(secret.Reveal())).substr(0, kPrintDigits);
}

Result<std::pair<std::string, std::string>> ReadPair(std::string_view option,
                                                     const std::string& text) {
  const std::size_t end = text.find('=');
  if (end == std::string::npos || end == 0) {
    // What stands there may be a secret: it is not repeated.
    return Invalid("needs name=value: ", "нужно имя=значение: ", std::string(option));
  }
  return std::pair(text.substr(0, end), text.substr(end + 1));
}

Status ApplyCloudOptions(const CloudOptions& options, const CloudProviders& providers,
                         task::Register* r) {
  if (!options.is_given()) return base::Ok();
  if (options.provider) {
    Status changed = ChangeProvider(*options.provider, providers, r);
    if (!changed) return changed;
  }
  if (options.settings.empty() && options.secrets.empty() && !options.mapping &&
      options.unset.empty()) {
    return base::Ok();
  }
  const CloudProvider* provider = Find(providers, r->provider);
  if (provider == nullptr) {
    return Invalid("--setting, --secret, --mapping and --unset are of cloud registers: --provider",
                   "--setting, --secret, --mapping и --unset — для облачных касс: --provider");
  }
  Status good = base::Ok();
  for (const std::string& name : options.unset) {
    if (good.ok()) good = TakeAway(name, r);
  }
  for (const auto& [name, value] : options.settings) {
    if (good.ok()) good = Put(name, value, false, *provider, r);
  }
  for (const auto& [name, value] : options.secrets) {
    if (good.ok()) good = Put(name, value, true, *provider, r);
  }
  if (options.mapping) r->mapping = *options.mapping;
  return good;
}

Status CheckCloudRegister(const task::Register& r, const CloudProviders& providers) {
  if (!r.is_cloud()) return base::Ok();
  const CloudProvider* provider = Find(providers, r.provider);
  if (provider == nullptr) return NoSuchProvider(r.provider, providers);
  Status good = CheckNoDriver(r);
  if (!good) return good;
  const std::string missing = Missing(r, *provider);
  if (!missing.empty()) return Invalid("the provider needs:", "провайдеру нужно:", missing);
  const auto opened = provider->Open(r);
  if (opened.ok()) return base::Ok();
  return Error{Code::kInvalid, r.provider + ": " + opened.error().what};
}

void WriteCloud(const task::Register& r, base::JsonWriter* writer) {
  if (!r.is_cloud()) return;
  writer->Key("settings").BeginObject();
  for (const auto& [name, value] : r.settings) writer->Key(name).String(value);
  writer->EndObject().Key("secrets").BeginObject();
  for (const auto& [name, secret] : r.secrets) writer->Key(name).String(PrintOf(secret));
  writer->EndObject().Key("mapping");
  if (r.mapping.empty()) {
    writer->Null();
  } else {
    writer->Raw(r.mapping);  // it was read before it was stored
  }
}

void AddCloud(const task::Register& r, Sheet* sheet) {
  if (!r.is_cloud()) return;
  for (const auto& [name, value] : r.settings) sheet->Add("setting " + name, Shown(value));
  for (const auto& [name, secret] : r.secrets) {
    sheet->Add("secret " + name, std::string(Say("set, ", "задан, ")) + PrintOf(secret));
  }
  sheet->Add(std::string(kMapping), r.mapping.empty() ? "-" : Shown(r.mapping));
}

}  // namespace fiscalgate::admin
