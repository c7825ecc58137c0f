#include "lib/base/certificate.h"

#include <charconv>
#include <optional>
#include <string>

#include "lib/base/text.h"

namespace fiscalgate::base {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

// Tags of DER, X.690.
constexpr unsigned char kSequence = 0x30, kVersion = 0xA0, kUtcTime = 0x17, kTime = 0x18;

struct Item {
  unsigned char tag = 0;
  std::string_view content;
};

// Takes the first item off `bytes`; empty if they are not DER.
std::optional<Item> Next(std::string_view* bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>((*bytes)[i]); };
  if (bytes->size() < 2) return std::nullopt;
  Item item;
  item.tag = at(0);
  std::size_t length = at(1), head = 2;
  if (length >= 0x80) {
    const std::size_t count = length - 0x80;
    if (count == 0 || count > 4 || bytes->size() < head + count) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8 | at(head + i);
    head += count;
  }
  if (bytes->size() - head < length) return std::nullopt;
  item.content = bytes->substr(head, length);
  bytes->remove_prefix(head + length);
  return item;
}

std::optional<int> Number(std::string_view digits) {
  int number = 0;
  const auto end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || at != end || number < 0) return std::nullopt;
  return number;
}

// "260131235959Z" (its years are 1950 to 2049) or "20500131235959Z".
std::optional<WallTime> TimeOf(const Item& item) {
  const std::size_t year_digits = item.tag == kTime ? 4 : 2;
  std::string_view text = item.content;
  if (item.tag != kUtcTime && item.tag != kTime) return std::nullopt;
  if (text.size() != year_digits + 11 || text.back() != 'Z') return std::nullopt;
  auto year = Number(text.substr(0, year_digits));
  text.remove_prefix(year_digits);
  std::optional<int> part[5];
  for (std::size_t i = 0; i < 5; ++i) part[i] = Number(text.substr(2 * i, 2));
  if (!year || !part[0] || !part[1] || !part[2] || !part[3] || !part[4]) return std::nullopt;
  if (year_digits == 2) *year += *year < 50 ? 2000 : 1900;
  using namespace std::chrono;
  const year_month_day day{std::chrono::year(*year), month(static_cast<unsigned>(*part[0])),
                           std::chrono::day(static_cast<unsigned>(*part[1]))};
  if (!day.ok() || *part[2] > 23 || *part[3] > 59 || *part[4] > 60) return std::nullopt;
  return time_point_cast<Milliseconds>(sys_days(day) + hours(*part[2]) + minutes(*part[3]) +
                                       seconds(*part[4]));
}

// RFC 5280: Certificate { TBSCertificate { [version], serial, algorithm, issuer, validity, ...
std::optional<CertificateTerm> TermOf(std::string_view der) {
  const auto certificate = Next(&der);
  if (!certificate || certificate->tag != kSequence) return std::nullopt;
  std::string_view rest = certificate->content;
  const auto signed_part = Next(&rest);
  if (!signed_part || signed_part->tag != kSequence) return std::nullopt;
  rest = signed_part->content;
  auto item = Next(&rest);
  if (item && item->tag == kVersion) item = Next(&rest);
  for (int passed = 0; item && passed < 3; ++passed) item = Next(&rest);
  if (!item || item->tag != kSequence) return std::nullopt;
  rest = item->content;
  const auto from = Next(&rest), until = Next(&rest);
  if (!from || !until) return std::nullopt;
  const auto not_before = TimeOf(*from), not_after = TimeOf(*until);
  if (!not_before || !not_after) return std::nullopt;
  return CertificateTerm{*not_before, *not_after};
}

}  // namespace

Result<std::vector<CertificateTerm>> ReadCertificateTerms(std::string_view pem) {
  std::vector<CertificateTerm> terms;
  for (auto at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin)) {
    pem.remove_prefix(at + kBegin.size());
    const auto end = pem.find(kEnd);
    const auto der =
        end == std::string_view::npos ? std::nullopt : Base64DecodeLenient(pem.substr(0, end));
    const auto term = der ? TermOf(*der) : std::nullopt;
    if (!term) return Error{Code::kMalformed, "a certificate cannot be read"};
    terms.push_back(*term);
  }
  if (terms.empty()) return Error{Code::kNotFound, "there is no certificate"};
  return terms;
}

}  // namespace fiscalgate::base
