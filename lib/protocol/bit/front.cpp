#include "lib/protocol/bit/front.h"

#include <array>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/http/url.h"

namespace fiscalgate::protocol::bit {
namespace {

enum class Need { kRequired, kOptional };

struct Field {
  std::string_view name;
  std::string PostedForm::*member;
  std::size_t limit;
  Need need;
};

// Every other field is ignored, BIT_DATAINTEGRITY_CODE among them: some pages post the secret by
// mistake, and it must go nowhere from here.
constexpr std::array<Field, 9> kFields = {{
    {"BIT_ACCOUNT_ID", &PostedForm::account_id, base::kMaxAccountIdBytes, Need::kRequired},
    {"BIT_KKT_TOKEN", &PostedForm::kkt_token, base::kMaxTokenBytes, Need::kRequired},
    {"BIT_BNK_TRM_TOKEN", &PostedForm::bank_token, base::kMaxTokenBytes, Need::kOptional},
    {"BIT_ORDER_ID", &PostedForm::order_id, base::kMaxOrderIdBytes, Need::kRequired},
    {"BIT_DATA", &PostedForm::encoded_data, base::kMaxBodyBytes, Need::kRequired},
    {"BIT_CALLBACK_SUCCESS", &PostedForm::callback_success, base::kMaxUrlBytes, Need::kOptional},
    {"BIT_CALLBACK_FAILED", &PostedForm::callback_failed, base::kMaxUrlBytes, Need::kOptional},
    {"BIT_PROG_URL", &PostedForm::prog_url, base::kMaxUrlBytes, Need::kOptional},
    {"BIT_SIGNATURE", &PostedForm::signature, base::kMaxTokenBytes, Need::kRequired},
}};

struct Phrase {
  std::string_view english, russian;
};
constexpr Phrase kMissing{"is missing", "не указан"};
constexpr Phrase kPostedTwice{"was posted twice", "указан дважды"};
constexpr Phrase kTooLong{"is too long", "слишком длинный"};
constexpr Phrase kControl{"has control characters", "содержит управляющие символы"};
constexpr Phrase kNotUtf8{"is not UTF-8", "не в кодировке UTF-8"};
constexpr Phrase kNotBase64{"is not base64", "не в base64"};
constexpr Phrase kBrokenEscape{"has a broken % escape under its base64",
                               "содержит под base64 неверную последовательность с %"};
constexpr Phrase kEmpty{"is empty", "пуст"};
constexpr Phrase kTooLarge{"is too large", "слишком велик"};
constexpr Phrase kNul{"has a NUL byte", "содержит нулевой байт"};
constexpr Phrase kSpaces{"begins or ends with a space", "начинается или заканчивается пробелом"};
constexpr Phrase kNotUrl{"is not an http or https address", "не адрес http или https"};
constexpr Phrase kPhrases[] = {kMissing,  kPostedTwice, kTooLong,      kControl,
                               kNotUtf8,  kNotBase64,   kBrokenEscape, kEmpty,
                               kTooLarge, kNul,         kSpaces,       kNotUrl};

base::Error Malformed(std::string_view field, const Phrase& phrase,
                      base::Code code = base::Code::kMalformed) {
  return {code, std::string(field).append(" ").append(phrase.english)};
}

std::size_t IndexOf(std::string_view name) {
  std::size_t i = 0;
  while (i < kFields.size() && kFields[i].name != name) ++i;
  return i;
}

bool HasControlCharacter(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  }
  return false;
}

// Moves the known fields out of the form. BIT_DATA is looked at later.
base::Status TakeFields(base::FormFields fields, PostedForm* form) {
  unsigned seen = 0;
  for (auto& [name, value] : fields) {
    const std::size_t i = IndexOf(name);
    if (i == kFields.size()) continue;
    const Field& field = kFields[i];
    if ((seen >> i & 1u) != 0) return Malformed(field.name, kPostedTwice);
    seen |= 1u << i;
    if (value.size() > field.limit) return Malformed(field.name, kTooLong);
    form->*field.member = std::move(value);
  }
  for (const Field& field : kFields) {
    const std::string& value = form->*field.member;
    if (field.need == Need::kRequired && value.empty()) return Malformed(field.name, kMissing);
    if (field.member == &PostedForm::encoded_data) continue;
    if (HasControlCharacter(value)) return Malformed(field.name, kControl);
    if (!base::IsValidUtf8(value)) return Malformed(field.name, kNotUtf8);
  }
  return base::Ok();
}

base::Status DecodeData(PostedForm* form) {
  const auto escaped = base::Base64DecodeLenient(form->encoded_data);
  if (!escaped) return Malformed("BIT_DATA", kNotBase64);
  auto text = base::PercentDecode(*escaped);
  if (!text) return Malformed("BIT_DATA", kBrokenEscape);
  if (text->empty()) return Malformed("BIT_DATA", kEmpty);
  if (text->size() > base::kMaxJsonBytes) {
    return Malformed("BIT_DATA", kTooLarge, base::Code::kTooLarge);
  }
  if (text->find('\0') != std::string::npos) return Malformed("BIT_DATA", kNul);
  if (!base::IsValidUtf8(*text)) return Malformed("BIT_DATA", kNotUtf8);
  form->data = std::move(*text);
  return base::Ok();
}

base::Status CheckUrl(std::string_view field, const std::string& url) {
  if (url.empty() || http::Url::Parse(url).ok()) return base::Ok();
  return Malformed(field, kNotUrl);
}

base::Status CheckMeaning(const PostedForm& form) {
  // A header loses the spaces around its value: at a register, " 7" and "7" would be one order.
  if (base::Trim(form.order_id) != form.order_id) {
    return Malformed("BIT_ORDER_ID", kSpaces);
  }
  if (auto status = CheckUrl("BIT_CALLBACK_SUCCESS", form.callback_success); !status.ok()) {
    return status;
  }
  if (auto status = CheckUrl("BIT_CALLBACK_FAILED", form.callback_failed); !status.ok()) {
    return status;
  }
  return CheckUrl("BIT_PROG_URL", form.prog_url);
}

std::string SignText(const PostedForm& form, std::string_view data, std::string_view code) {
  std::string all;
  all.reserve(form.account_id.size() + form.kkt_token.size() + form.order_id.size() + data.size() +
              form.callback_success.size() + form.callback_failed.size() + code.size());
  all.append(form.account_id).append(form.kkt_token).append(form.order_id).append(data);
  all.append(form.callback_success).append(form.callback_failed).append(code);
  return base::Md5Hex(all);
}

// BIT_DATA as the client had it before a form turned its '+' into spaces.
std::string MendPlus(std::string_view encoded) {
  std::string mended(encoded);
  for (char& c : mended) {
    if (c == ' ') c = '+';
  }
  return mended;
}

void AppendPrefixed(std::string_view text, std::string* out) {
  for (int shift = 0; shift < 64; shift += 8) {
    out->push_back(static_cast<char>(static_cast<std::uint64_t>(text.size()) >> shift & 0xFF));
  }
  out->append(text);
}

}  // namespace

base::Result<PostedForm> DecodeForm(std::string_view body) {
  if (body.size() > base::kMaxBodyBytes) {
    return base::Error{base::Code::kTooLarge, "the form is too large"};
  }
  auto fields = base::ParseForm(body);
  if (!fields.ok()) return fields.error();
  PostedForm form;
  if (auto status = TakeFields(std::move(fields).value(), &form); !status.ok()) {
    return status.error();
  }
  if (auto status = DecodeData(&form); !status.ok()) return status.error();
  if (auto status = CheckMeaning(form); !status.ok()) return status.error();
  return form;
}

std::string FormErrorText(const base::Error& error, base::Language language) {
  if (language == base::Language::kEnglish) return error.what;
  const std::size_t field = error.what.find(' ');
  for (const Phrase& phrase : kPhrases) {
    if (field == std::string::npos || error.what.rfind("BIT_", 0) != 0) break;
    if (std::string_view(error.what).substr(field + 1) == phrase.english) {
      return error.what.substr(0, field + 1).append(phrase.russian);
    }
  }
  return "Данные не читаются: " + error.what;
}

bool SignatureMatches(const PostedForm& form, const task::Shop& shop, base::WallTime now) {
  const std::string posted = base::ToLower(form.signature);
  const auto fits = [&](const base::Secret& code) {
    if (code.empty()) return false;
    if (base::ConstantTimeEqual(SignText(form, form.data, code.Reveal()), posted)) return true;
    return shop.accept_encoded_signature &&
           base::ConstantTimeEqual(SignText(form, MendPlus(form.encoded_data), code.Reveal()),
                                   posted);
  };
  return fits(shop.code) || (now < shop.previous_until && fits(shop.previous_code));
}

std::string Sign(const PostedForm& form, std::string_view code) {
  return SignText(form, form.data, code);
}

std::string ContentHash(const PostedForm& form) {
  const std::string_view parts[] = {form.kkt_token, form.bank_token, form.data,
                                    form.callback_success, form.callback_failed};
  std::string all;
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size() + 8;
  all.reserve(size);
  for (const std::string_view part : parts) AppendPrefixed(part, &all);
  return base::Sha256(all);
}

}  // namespace fiscalgate::protocol::bit
