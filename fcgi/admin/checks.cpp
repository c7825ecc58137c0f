#include "fcgi/admin/checks.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "fcgi/admin/desk.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/http/url.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
using base::Ok;
using base::Status;

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kMinCodeBytes = 8;
constexpr std::size_t kPinnedBytes = 32;  // of a SHA-256
constexpr std::string_view kPinPrefix = "sha256//";

Status Invalid(std::string_view english, std::string_view russian) {
  return Error{Code::kInvalid, std::string(Say(english, russian))};
}

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsVisible(char c) { return c > ' ' && c < '\x7F'; }
bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }
// What a header's name may hold: RFC 9110, section 5.6.2.
bool IsTokenCharacter(char c) {
  return IsAlnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool All(std::string_view text, bool (*fits)(char)) {
  return std::all_of(text.begin(), text.end(), fits);
}

bool IsPin(std::string_view pin) {
  if (pin.rfind(kPinPrefix, 0) != 0) return false;
  const std::string_view text = pin.substr(kPinPrefix.size());
  const std::optional<std::string> bytes = base::Base64DecodeLenient(text);
  // Written back, so that only the one form curl compares with is taken.
  return bytes && bytes->size() == kPinnedBytes && base::Base64Encode(*bytes) == text;
}

}  // namespace

Status CheckAccountId(std::string_view account_id) {
  const auto fits = [](char c) {
    return IsAlnum(c) || std::string_view("._@-").find(c) != std::string_view::npos;
  };
  if (!account_id.empty() && account_id.size() <= base::kMaxAccountIdBytes &&
      All(account_id, fits)) {
    return Ok();
  }
  return Invalid("--account: 1 to 128 of Latin letters, digits and . _ @ -",
                 "--account: от 1 до 128 латинских букв, цифр и знаков . _ @ -");
}

Status CheckName(std::string_view name) {
  if (!name.empty() && name.size() <= kMaxNameBytes && base::IsValidUtf8(name) &&
      std::none_of(name.begin(), name.end(), IsControl) && base::Trim(name) == name) {
    return Ok();
  }
  return Invalid("--name: 1 to 200 bytes, no line ends, no spaces around it",
                 "--name: от 1 до 200 байт, без переводов строки и пробелов по краям");
}

Status CheckCode(std::string_view code) {
  if (code.size() >= kMinCodeBytes && code.size() <= base::kMaxTokenBytes && All(code, IsVisible)) {
    return Ok();
  }
  return Invalid("--code: 8 to 128 visible ASCII characters; leave it out to have one made",
                 "--code: от 8 до 128 видимых знаков ASCII; без неё код создаётся сам");
}

Status CheckToken(std::string_view token) {
  if (!token.empty() && token.size() <= base::kMaxTokenBytes && All(token, IsTokenCharacter)) {
    return Ok();
  }
  return Invalid("a token: 1 to 128 Latin letters, digits and ! # $ % & ' * + - . ^ _ ` | ~",
                 "токен: от 1 до 128 латинских букв, цифр и знаков ! # $ % & ' * + - . ^ _ ` | ~");
}

Status CheckRegisterUrl(std::string_view url) {
  const base::Result<http::Url> parsed = http::Url::Parse(url);
  if (parsed.ok()) return Ok();
  return Error{Code::kInvalid, "--url: " + parsed.error().what +
                                   std::string(Say("; for example http://192.168.1.20:44735/",
                                                   "; например http://192.168.1.20:44735/"))};
}

Status CheckPin(std::string_view pin) {
  std::size_t end = pin.find(';');
  bool good = IsPin(pin.substr(0, end));
  while (good && end != std::string_view::npos) {
    pin.remove_prefix(end + 1);
    end = pin.find(';');
    good = IsPin(pin.substr(0, end));
  }
  if (good) return Ok();
  return Invalid(
      "--pin: sha256// and 44 characters of base64, several joined by ';'; to get it: openssl "
      "s_client -connect HOST:PORT </dev/null | openssl x509 -pubkey -noout | openssl pkey -pubin "
      "-outform der | openssl dgst -sha256 -binary | base64",
      "--pin: sha256// и 44 знака base64, несколько через ';'; получить: openssl s_client -connect "
      "HOST:PORT </dev/null | openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | "
      "openssl dgst -sha256 -binary | base64");
}

Status CheckOneOf(std::string_view option, std::string_view value,
                  std::initializer_list<std::string_view> allowed) {
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return Ok();
  std::string list;
  for (const std::string_view each : allowed) {
    list.append(list.empty() ? "" : ", ").append(each);
  }
  return Error{Code::kInvalid,
               std::string(option) + std::string(Say(": one of ", ": одно из ")) + list};
}

Status CheckRange(std::string_view option, std::int64_t value, std::int64_t min, std::int64_t max) {
  if (value >= min && value <= max) return Ok();
  return Error{Code::kInvalid, std::string(option) + std::string(Say(": from ", ": от ")) +
                                   std::to_string(min) + std::string(Say(" to ", " до ")) +
                                   std::to_string(max)};
}

base::Result<int> ReadDuration(std::string_view option, std::string_view text, int max_s) {
  constexpr std::pair<char, int> kUnits[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  int unit = 0;
  for (const auto& [letter, seconds] : kUnits) {
    if (stop + 1 == end && *stop == letter) unit = seconds;
  }
  if (text == "0") unit = 1;
  const bool good = error == std::errc() && unit > 0 && number >= 0 && number <= max_s / unit;
  if (good) return static_cast<int>(number) * unit;
  return Error{Code::kInvalid,
               std::string(option) + std::string(Say(": like 90m, 2h, 1d, or 0 for none",
                                                     ": например 90m, 2h, 1d; 0 — без срока"))};
}

Status CheckFiscalTime(std::string_view time) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
  bool good = time.size() == kForm.size();
  for (std::size_t i = 0; good && i < time.size(); ++i) {
    good = kForm[i] == 'd' ? time[i] >= '0' && time[i] <= '9' : time[i] == kForm[i];
  }
  if (good) return Ok();
  return Invalid("--time: as printed, in the form 2026-11-21T13:15:00",
                 "--time: как напечатано, в виде 2026-11-21T13:15:00");
}

}  // namespace fiscalgate::admin
