#include "lib/protocol/settings_reader.h"

#include <charconv>

#include "lib/base/text.h"
#include "lib/http/url.h"

namespace fiscalgate::protocol {
namespace {

bool IsHere(const http::Url& url) {
  return url.host == "localhost" || url.host == "127.0.0.1" || url.host == "::1";
}

}  // namespace

void SettingsReader::Refuse(std::string_view name, std::string_view what) {
  if (fault_) return;
  fault_ = base::Error{base::Code::kInvalid,
                       "setting \"" + std::string(name) + "\": " + std::string(what)};
}

std::string SettingsReader::Text(std::string_view name, std::string_view standard) {
  const auto given = register_.settings.find(std::string(name));
  const std::string_view text =
      given == register_.settings.end() ? std::string_view() : base::Trim(given->second);
  return std::string(text.empty() ? standard : text);
}

std::string SettingsReader::RequiredText(std::string_view name) {
  std::string text = Text(name);
  if (text.empty()) Refuse(name, "is required");
  return text;
}

base::Secret SettingsReader::Secret(std::string_view name) {
  const auto given = register_.secrets.find(std::string(name));
  if (given == register_.secrets.end()) return {};
  return base::Secret(std::string(base::Trim(given->second.Reveal())));
}

base::Secret SettingsReader::RequiredSecret(std::string_view name) {
  base::Secret secret = Secret(name);
  if (secret.empty()) Refuse(name, "is required");
  return secret;
}

std::string SettingsReader::Url(std::string_view name, std::string_view standard) {
  std::string text = Text(name, standard);
  const auto url = http::Url::Parse(text);
  if (!url.ok()) {
    Refuse(name, "not an absolute address");
  } else if (url->scheme != "https" && !IsHere(*url)) {
    Refuse(name, "only https, since secrets are sent there");
  } else if (text.find_first_of("?#") != std::string::npos) {
    Refuse(name, "an address without query is needed");
  }
  return text;
}

int SettingsReader::Number(std::string_view name, int standard, int min, int max) {
  const std::string text = Text(name);
  if (text.empty()) return standard;
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < min || number > max) {
    Refuse(name, "not a number from " + std::to_string(min) + " to " + std::to_string(max));
    return standard;
  }
  return number;
}

int SettingsReader::Choice(std::string_view name, std::initializer_list<std::string_view> words) {
  const std::string text = Text(name, *words.begin());
  std::string known;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.begin()[i] == text) return static_cast<int>(i);
    known += (i == 0 ? "" : ", ") + std::string(words.begin()[i]);
  }
  Refuse(name, "none of " + known);
  return 0;
}

std::string SettingsReader::Certificates(std::string_view name) {
  std::string text = Text(name);
  if (!text.empty() && text.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    Refuse(name, "not a certificate in PEM");
  }
  return text;
}

}  // namespace fiscalgate::protocol
