#include "fcgi/check_report.h"

#include <charconv>

#include "fcgi/error_reply.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/ffd/cp866.h"
#include "lib/ffd/dates.h"
#include "lib/ffd/enumerations.h"
#include "lib/ffd/normalised.h"
#include "lib/ffd/totals.h"
#include "lib/task/check_settings.h"

namespace fiscalgate {
namespace {

using base::JsonValue;
using protocol::bit::PackageReceipt;
using protocol::bit::ReadPackageResult;

// A segment of a JSON pointer as a key.
std::string Unescape(std::string_view segment) {
  std::string key;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const bool escaped = segment[i] == '~' && i + 1 < segment.size();
    key += escaped ? (segment[++i] == '1' ? '/' : '~') : segment[i];
  }
  return key;
}

const JsonValue* Step(const JsonValue& value, std::string_view segment) {
  if (!value.is_array()) return value.Find(Unescape(segment));
  std::size_t index = 0;
  const char* const end = segment.data() + segment.size();
  const auto [stop, error] = std::from_chars(segment.data(), end, index);
  const bool known = error == std::errc() && stop == end && index < value.items.size();
  return known ? &value.items[index] : nullptr;
}

const JsonValue* Follow(const JsonValue* value, std::string_view pointer) {
  while (value != nullptr && !pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    value = Step(*value, pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  return value;
}

// A lone receipt was wrapped into a list; its paths were not.
const JsonValue* ValueAt(const ReadPackageResult& package, const std::string& path) {
  const JsonValue& root = package.document.root();
  if (const JsonValue* found = Follow(&root, path)) return found;
  return Follow(Follow(&root, "/0/data"), path);
}

void WriteMoney(std::string_view key, base::Money money, base::JsonWriter* writer) {
  writer->Key(key).Raw(base::FormatMoney(money));
}

void WriteTotals(const ffd::Receipt& receipt, base::JsonWriter* writer) {
  const ffd::Payments& paid = receipt.payments;
  writer->Key("totals").BeginObject();
  WriteMoney("total_1020", receipt.Total(), writer);
  WriteMoney("cash_1031", paid.cash_1031, writer);
  WriteMoney("ecash_1081", paid.electronic_1081, writer);
  WriteMoney("prepayment_1215", paid.prepayment_1215, writer);
  WriteMoney("credit_1216", paid.credit_1216, writer);
  WriteMoney("barter_1217", paid.barter_1217, writer);
  WriteMoney("change", ChangeOf(receipt), writer);
  writer->EndObject().Key("vat").BeginArray();
  for (const VatLine& line : VatLines(receipt)) {
    writer->BeginObject().Key("rate_1199").Int(line.rate).Key("name").String(line.name);
    writer->Key("tag").Int(line.tag);
    WriteMoney("turnover", line.turnover, writer);
    WriteMoney("vat", line.vat, writer);
    writer->EndObject();
  }
  writer->EndArray();
}

void WriteReceipt(const PackageReceipt& receipt, base::JsonWriter* writer) {
  const auto bytes = [&](std::string_view key, std::size_t count) {
    writer->Key(key).Int(static_cast<std::int64_t>(count));
  };
  writer->BeginObject();
  bytes("command", receipt.command);
  writer->Key("receipt");
  ffd::WriteNormalisedReceipt(receipt.receipt, writer);
  WriteTotals(receipt.receipt, writer);
  writer->Key("tlv").BeginObject();
  bytes("document_bytes", receipt.size.document);
  bytes("document_limit", base::kMaxDocumentTlvBytes);
  bytes("largest_item_bytes", receipt.size.largest_item);
  bytes("item_limit", base::kMaxItemTlvBytes);
  writer->EndObject().EndObject();
}

void WriteOptions(const ffd::CheckOptions& options, base::JsonWriter* writer) {
  writer->Key("checked_for").BeginObject();
  writer->Key("ffd_version").String(task::FfdVersionName(options.version));
  writer->Key("date").String(ffd::FormatDay(options.date));
  writer->Key("profile").String(ffd::ProfileOf(options.provider).name);
  writer->Key("taxation_mask").Int(options.allowed_taxation);
  writer->Key("vat_policy").String(task::VatPolicyName(options.vat_policy));
  writer->Key("inn_policy").String(options.strict_inn ? "refuse" : "warn");
  writer->Key("lenient").Bool(options.lenient).EndObject();
}

}  // namespace

base::Money ChangeOf(const ffd::Receipt& receipt) {
  const base::Money change = receipt.payments.Total() - receipt.Total();
  return change.kopecks > 0 ? change : base::Money{};
}

std::vector<VatLine> VatLines(const ffd::Receipt& receipt) {
  std::vector<VatLine> lines;
  const ffd::Totals totals = ffd::TotalsOf(receipt);
  for (const ffd::VatSum& sum : ffd::VatSums(totals)) {
    const auto rate = static_cast<std::size_t>(sum.rate);
    lines.push_back({sum.rate, sum.tag, std::string(ffd::EnumerationName(1199, sum.rate)),
                     totals.turnover[rate], totals.vat[rate]});
  }
  return lines;
}

std::vector<ReplacedText> ReplacedTexts(const ReadPackageResult& package) {
  std::vector<ReplacedText> texts;
  for (const ffd::Fault& warning : package.warnings) {
    if (warning.code != ffd::FaultCode::kCharactersReplaced) continue;
    const JsonValue* const posted = ValueAt(package, warning.path);
    if (posted == nullptr || !posted->is_string()) continue;
    const std::string_view text = base::Trim(posted->text);
    texts.push_back({warning.path, std::string(text), ffd::AsPrinted(text)});
  }
  return texts;
}

namespace {

http::Response Accepted(const ReadPackageResult& package, const ffd::CheckOptions& options,
                        const ErrorEntries& warnings) {
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(true);
  WriteOptions(options, &writer);
  WriteEntries(warnings, "warnings", &writer);
  writer.Key("receipts").BeginArray();
  for (const PackageReceipt& receipt : package.receipts) {
    WriteReceipt(receipt, &writer);
  }
  writer.EndArray().Key("replaced_characters").BeginArray();
  for (const ReplacedText& text : ReplacedTexts(package)) {
    writer.BeginObject().Key("path").String(text.path).Key("posted").String(text.posted);
    writer.Key("printed").String(text.printed).EndObject();
  }
  writer.EndArray().EndObject();
  return JsonResponse(writer.Take());
}

}  // namespace

http::Response CheckAnswer(const ReadPackageResult& package, const ffd::CheckOptions& options,
                           base::Language language) {
  const ErrorEntries warnings = EntriesOf(package.warnings, language);
  if (package.faults.empty()) return Accepted(package, options, warnings);
  return ErrorResponse(base::Code::kInvalid, language, EntriesOf(package.faults, language), 0,
                       warnings);
}

base::Result<std::string> CommandsOf(const std::string& json, base::JsonReader reader) {
  if (base::Trim(json).substr(0, 1) == "[") return json;
  auto document = base::ParseJson(json, reader);
  if (!document) return document.error();
  const JsonValue* const commands = document->root().Find("commands");
  return commands == nullptr ? json : std::string(commands->raw);
}

}  // namespace fiscalgate
