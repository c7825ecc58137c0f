#include "lib/register/register_state.h"

#include <fstream>
#include <sstream>

#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/register/journal_file.h"

namespace fiscalgate::register_ {
namespace {

constexpr std::size_t kSignKeyBytes = 32;

std::uint64_t ToNumber(std::string_view bytes, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    number = number << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

std::string Digits(std::uint64_t number, std::size_t count) {
  std::string out(count, '0');
  for (std::size_t i = count; i > 0; --i, number /= 10) {
    out[i - 1] = static_cast<char>('0' + number % 10);
  }
  return out;
}

RegisterIdentity NewIdentity() {
  RegisterIdentity identity;
  identity.fn_1041 = "9999" + Digits(ToNumber(base::RandomBytes(8), 8), 12);
  identity.register_number_1037 = "0000" + Digits(ToNumber(base::RandomBytes(8), 8), 12);
  identity.sign_key = base::Secret(base::RandomBytes(kSignKeyBytes));
  return identity;
}

std::string WriteIdentity(const RegisterIdentity& identity) {
  base::JsonWriter writer;
  writer.BeginObject().Key("fn_1041").String(identity.fn_1041);
  writer.Key("registerNumber_1037").String(identity.register_number_1037);
  writer.Key("sign_key").String(base::HexEncode(identity.sign_key.Reveal())).EndObject();
  return writer.Take();
}

bool ReadIdentity(std::string_view line, RegisterIdentity* out) {
  const auto document = base::ParseJson(line);
  if (!document) return false;
  const base::JsonValue& root = document->root();
  const auto key = base::HexDecode(root.FindText("sign_key"));
  out->fn_1041 = root.FindText("fn_1041");
  out->register_number_1037 = root.FindText("registerNumber_1037");
  if (!key || key->size() != kSignKeyBytes) return false;
  out->sign_key = base::Secret(*key);
  return out->fn_1041.size() == 16 && out->register_number_1037.size() == 16;
}

}  // namespace

base::Result<RegisterIdentity> LoadIdentity(const std::string& path) {
  // A file of one line, so it is as safe from half a write as the journal is.
  std::optional<RegisterIdentity> found;
  auto file = JournalFile::Open(path, [&found](std::string_view line) {
    RegisterIdentity identity;
    if (!ReadIdentity(line, &identity)) return false;
    found = std::move(identity);
    return true;
  });
  if (!file) return file.error();
  if (found) return *std::move(found);
  RegisterIdentity identity = NewIdentity();
  if (auto written = (*file)->Append(WriteIdentity(identity)); !written) return written.error();
  return identity;
}

std::string FiscalSign(const RegisterIdentity& identity, std::int64_t fd, std::string_view kind,
                       base::Money total, std::string_view local_time) {
  std::string text = identity.fn_1041 + "|" + std::to_string(fd) + "|";
  text += kind;
  text += "|" + std::to_string(total.kopecks) + "|";
  text += local_time;
  // Real signs are 32-bit numbers, so ten digits hold them.
  return Digits(ToNumber(base::HmacSha256(identity.sign_key.Reveal(), text), 4), 10);
}

void RegisterState::Apply(const Printed& document) {
  if (document.fd_1040 > 0) next_fd = document.fd_1040 + 1;
  drawer = drawer + document.drawer_change;
  if (document.kind == "open_shift") {
    shift_1038 = document.shift_1038;
    shift_open = true;
    shift_opened_at = document.printed_at;
    receipts_in_shift = 0;
    totals = {};
  } else if (document.kind == "close_shift") {
    shift_open = false;
  } else if (document.kind == "receipt") {
    ++receipts_in_shift;
    const auto type = static_cast<std::size_t>(document.mark.receipt_type_1054);
    if (type >= totals.counts.size()) return;
    ++totals.counts[type];
    totals.sums[type] = totals.sums[type] + document.mark.total_1020;
  }
}

}  // namespace fiscalgate::register_
