#include "fcgi/agent/config.h"

#include <algorithm>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/text.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {
namespace {

bool IsName(std::string_view name) {
  constexpr std::string_view kMarks = "-_.";
  return !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' &&
         name.back() != '.' && std::all_of(name.begin(), name.end(), [&](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  kMarks.find(c) != std::string_view::npos;
         });
}

bool IsKey(std::string_view key) {
  return !key.empty() && key.size() <= 256 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool SetSeconds(std::int64_t* setting, std::string_view value, std::int64_t max) {
  const auto number = ParseNumber(value, max);
  if (!number || *number == 0) return false;
  *setting = *number;
  return true;
}

bool SetCommon(Config* config, std::string_view key, const std::string& value) {
  if (key == "renew_s") return SetSeconds(&config->renew_s, value, 30);
  if (key == "probe_s") return SetSeconds(&config->probe_s, value, 3600);
  if (key == "grace_s") return SetSeconds(&config->grace_s, value, 600);
  std::string* text = key == "lang"    ? &config->lang
                      : key == "log"   ? &config->log
                      : key == "state" ? &config->state
                                       : nullptr;
  if (text == nullptr) return false;
  *text = value;
  return true;
}

bool SetRegister(RegisterConfig* one, std::string_view key, const std::string& value) {
  if (key == "plain_http") {
    one->plain_http = value == "yes";
    return value == "yes" || value == "no";
  }
  std::string* text = key == "gateway"  ? &one->gateway
                      : key == "key"    ? &one->key
                      : key == "driver" ? &one->driver
                      : key == "ca"     ? &one->ca
                      : key == "proxy"  ? &one->proxy
                                        : nullptr;
  if (text == nullptr) return false;
  *text = value;
  return true;
}

// "[register NAME]"
bool AddSection(Config* config, std::string_view line) {
  constexpr std::string_view kStart = "[register ";
  if (!line.starts_with(kStart) || !line.ends_with(']')) return false;
  const auto name = Trim(line.substr(kStart.size(), line.size() - kStart.size() - 1));
  if (!IsName(name) || config->Find(name) != nullptr) return false;
  config->registers.emplace_back().name = name;
  return true;
}

bool TakeLine(Config* config, std::string_view line) {
  if (line.starts_with('[')) return AddSection(config, line);
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  const auto key = Trim(line.substr(0, equals));
  const std::string value(Trim(line.substr(equals + 1)));
  return config->registers.empty() ? SetCommon(config, key, value)
                                   : SetRegister(&config->registers.back(), key, value);
}

}  // namespace

RegisterConfig* Config::Find(std::string_view name) {
  // Windows and its folders do not tell the cases apart.
  const auto found = std::find_if(registers.begin(), registers.end(),
                                  [&](const auto& one) { return EqualNoCase(one.name, name); });
  return found == registers.end() ? nullptr : &*found;
}

std::optional<Config> ParseConfig(std::string_view text, std::string* error) {
  Config config;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = Trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (TakeLine(&config, line)) continue;
    // The value may be a key: only what stands before it is quoted.
    *error = Tr("строка ", "line ") + std::to_string(number) + ": " +
             std::string(Shorten(Trim(line.substr(0, line.find('='))), 40)) +
             Tr(": непонятная настройка", ": this setting cannot be understood");
    return std::nullopt;
  }
  if (config.registers.size() > kMaxRegisters) {
    *error = Tr("слишком много касс", "too many registers");
    return std::nullopt;
  }
  for (const RegisterConfig& one : config.registers) {
    const std::string fault = FaultOf(one);
    if (fault.empty()) continue;
    *error = "[register " + one.name + "]: " + fault;
    return std::nullopt;
  }
  return config;
}

std::string FaultOf(const RegisterConfig& config) {
  if (!IsName(config.name)) {
    return Tr("имя кассы: до 40 латинских букв, цифр и знаков - _ .",
              "the name: up to 40 latin letters, digits and - _ .");
  }
  const auto gateway = Address::Parse(config.gateway);
  if (!gateway) {
    return Tr("адрес шлюза (gateway): нужен вид https://имя",
              "the gateway's address must look like https://name");
  }
  if (!gateway->tls && !gateway->IsLoopback() && !config.plain_http) {
    return Tr("адрес шлюза без https: ключ был бы виден в сети; если так и надо: plain_http = yes",
              "the gateway's address is not https, the key would be seen on the network; if that "
              "is meant: plain_http = yes");
  }
  if (!IsKey(config.key)) return Tr("нет ключа (key)", "there is no key");
  const auto driver = Address::Parse(config.driver);
  if (!driver || driver->tls || !driver->path.empty()) {
    return Tr("адрес драйвера (driver): нужен вид http://localhost:44735",
              "the driver's address must look like http://localhost:44735");
  }
  if (!config.proxy.empty() && config.proxy != "none" && !Proxy::Parse(config.proxy)) {
    return Tr("прокси (proxy): нужен вид http://имя:порт или none",
              "the proxy must look like http://name:port, or be none");
  }
  return {};
}

std::string WriteConfig(const Config& config) {
  std::string text;
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) text += std::string(key) + " = " + value + "\n";
  };
  const auto put_seconds = [&](const char* key, std::int64_t value, std::int64_t usual) {
    if (value != usual) put(key, std::to_string(value));
  };
  const Config usual;
  put("lang", config.lang);
  put("log", config.log);
  put("state", config.state);
  put_seconds("renew_s", config.renew_s, usual.renew_s);
  put_seconds("probe_s", config.probe_s, usual.probe_s);
  put_seconds("grace_s", config.grace_s, usual.grace_s);
  for (const RegisterConfig& one : config.registers) {
    text += "\n[register " + one.name + "]\n";
    put("gateway", one.gateway);
    put("key", one.key);
    put("driver", one.driver);
    put("ca", one.ca);
    put("proxy", one.proxy);
    if (one.plain_http) put("plain_http", "yes");
  }
  return text;
}

std::optional<Config> LoadConfig(const std::string& path, std::string* error) {
  const auto text = platform::ReadFile(path, kMaxConfigBytes, error);
  if (!text) return std::nullopt;
  auto config = ParseConfig(*text, error);
  if (!config) *error = path + ": " + *error;
  return config;
}

platform::Route RouteOf(const RegisterConfig& config) {
  return {*Address::Parse(config.gateway), config.ca, config.proxy};
}

Address DriverOf(const RegisterConfig& config) { return *Address::Parse(config.driver); }

}  // namespace fiscalgate::agent
