#include "fcgi/agent/commands.h"

#include "fcgi/agent/agent.h"
#include "fcgi/agent/platform_service.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {
namespace {

struct Option {
  const char* name;
  std::string Options::*text;
};

constexpr Option kTexts[] = {
    {"--config", &Options::config}, {"--root", &Options::root},   {"--gateway", &Options::gateway},
    {"--key", &Options::key},       {"--name", &Options::name},   {"--driver", &Options::driver},
    {"--ca", &Options::ca},         {"--proxy", &Options::proxy},
};

struct Flag {
  const char* name;
  bool Options::*flag;
};

constexpr Flag kFlags[] = {
    {"--service", &Options::service},
    {"--purge", &Options::purge},
    {"--plain-http", &Options::plain_http},
};

bool IsCommand(const std::string& word) {
  for (const char* one : {"run", "install", "uninstall", "check", "status", "version", "help"}) {
    if (word == one) return true;
  }
  return false;
}

// "--name=value" or "--name value"; moves past what was used.
bool TakeOption(const std::vector<std::string>& words, std::size_t* at, Options* options) {
  const std::string& word = words[*at];
  const auto equals = word.find('=');
  const std::string name = word.substr(0, equals);
  for (const Flag& flag : kFlags) {
    if (word == flag.name) return options->*flag.flag = true;
  }
  std::string value;
  if (equals != std::string::npos) {
    value = word.substr(equals + 1);
  } else if (*at + 1 < words.size()) {
    value = words[*at + 1];
  } else {
    return false;
  }
  if (equals == std::string::npos) ++*at;
  if (name == "--lang") return SetLanguage(value);
  for (const Option& option : kTexts) {
    if (name != option.name) continue;
    options->*option.text = value;
    return !value.empty();
  }
  return false;
}

}  // namespace

std::optional<Options> ParseOptions(const std::vector<std::string>& words, std::string* error) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--version" || word == "--help" || word == "-h") {
      options.command = word == "--version" ? "version" : "help";
      return options;
    }
    if (options.command.empty() && IsCommand(word)) {
      options.command = word;
    } else if (!word.starts_with("--") || !TakeOption(words, &i, &options)) {
      // What stands behind "=" may be a key.
      *error = Tr("непонятно: ", "not understood: ") + word.substr(0, word.find('='));
      return std::nullopt;
    }
  }
  if (options.command.empty()) options.command = "help";
  return options;
}

std::string HelpText() {
  return Tr(
      "fiscalgate-agent: передаёт чеки шлюза драйверу кассы на этом компьютере\n\n"
      "  install --gateway URL --key КЛЮЧ   поставить службу и добавить кассу; ещё раз: ещё одну\n"
      "      --name ИМЯ     имя кассы (иначе kkt1, kkt2 …); то же имя: заменить её настройки\n"
      "      --driver URL   драйвер, обычно http://localhost:44735\n"
      "      --ca ФАЙЛ      сертификат удостоверяющего центра шлюза (PEM)\n"
      "      --proxy URL    http://[имя:пароль@]адрес:порт, или none\n"
      "      --plain-http   разрешить шлюз без https (ключ виден в сети)\n"
      "      --key -        прочесть ключ со стандартного ввода\n"
      "  check              проверить шлюз, ключ, часы и драйвер\n"
      "  status             что в журналах ещё не передано шлюзу\n"
      "  uninstall          снять службу; --name ИМЯ: убрать одну кассу; --purge: и журналы\n"
      "  run                работать (так запускает служба)\n\n"
      "  --config ФАЙЛ, --lang ru|en, --version\n",
      "fiscalgate-agent: relays the gateway's receipts to the cash register's driver on this PC\n\n"
      "  install --gateway URL --key KEY   install the service, add a register; again: one more\n"
      "      --name NAME    the register's name (else kkt1, kkt2 ...); the same: new settings for "
      "it\n"
      "      --driver URL   the driver, usually http://localhost:44735\n"
      "      --ca FILE      certificate of the gateway's own CA (PEM)\n"
      "      --proxy URL    http://[user:password@]host:port, or none\n"
      "      --plain-http   allow a gateway without https (the key is seen on the network)\n"
      "      --key -        read the key from standard input\n"
      "  check              check gateway, key, clock and driver\n"
      "  status             what in the journals is not yet reported to the gateway\n"
      "  uninstall          remove the service; --name NAME: one register; --purge: journals, too\n"
      "  run                work (as the service does)\n\n"
      "  --config FILE, --lang ru|en, --version\n");
}

int Complain(const std::string& what) {
  platform::PrintError("fiscalgate-agent: " + what + "\n");
  return 1;
}

std::string ConfigPath(const Options& options) {
  return options.config.empty() ? platform::DefaultPlaces(options.root).config : options.config;
}

std::optional<Config> ConfigFor(const Options& options) {
  std::string error;
  auto config = LoadConfig(ConfigPath(options), &error);
  const platform::Places places = platform::DefaultPlaces(options.root);
  if (!config) {
    Complain(error);
    // Nobody sees what a service prints.
    if (options.service) Log(places.log).Write(Level::kError, "", error);
    return std::nullopt;
  }
  if (config->state.empty()) config->state = places.state;
  if (config->log.empty() && options.service) config->log = places.log;
  return config;
}

int RunCommand(const Options& options) {
  const auto config = ConfigFor(options);
  if (!config) return 1;
  if (!config->lang.empty()) SetLanguage(config->lang);
  Log log(config->log, !platform::LinesAreStamped());
  Agent agent(*config, log);
  return platform::RunUntilStopped(
      options.service, [&] { return agent.Start(); }, [&] { agent.Stop(); });
}

}  // namespace fiscalgate::agent
