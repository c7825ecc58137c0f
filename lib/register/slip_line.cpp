#include "lib/register/slip_line.h"

#include "lib/base/json.h"
#include "lib/register/journal_line.h"

namespace fiscalgate::register_ {

std::string WriteSlipLine(const Slip& slip) {
  base::JsonWriter writer;
  writer.BeginObject().Key("kind").String(slip.kind).Key("order_id").String(slip.order_id);
  writer.Key("key").String(slip.command_key).Key("rrn").String(slip.rrn);
  writer.Key("payment_rrn").String(slip.payment_rrn);
  writer.Key("sum_kopecks").Int(slip.sum.kopecks);
  writer.Key("at_ms").Int(base::ToMillis(slip.printed_at));
  writer.Key("text").String(slip.text).EndObject();
  return writer.Take();
}

std::optional<Slip> ReadSlipLine(std::string_view line) {
  const auto parsed = base::ParseJson(line, base::JsonReader::kSimdjson);
  if (!parsed || !parsed->root().is_object()) return std::nullopt;
  const base::JsonValue& root = parsed->root();
  const auto sum = FindInt(root, "sum_kopecks");
  const auto at = FindInt(root, "at_ms");
  Slip slip;
  slip.kind = root.FindText("kind");
  if (!sum || !at || slip.kind.empty()) return std::nullopt;
  slip.order_id = root.FindText("order_id");
  slip.command_key = root.FindText("key");
  slip.rrn = root.FindText("rrn");
  slip.payment_rrn = root.FindText("payment_rrn");
  slip.sum = {*sum};
  slip.printed_at = base::FromMillis(*at);
  slip.text = root.FindText("text");
  return slip;
}

}  // namespace fiscalgate::register_
