#include "fcgi/courier_sale.h"

#include <charconv>

#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate {
namespace {

using base::Code;
using base::DecimalFault;
using base::Error;
using base::JsonValue;
using base::JsonWriter;

constexpr std::size_t kMaxNameBytes = 512;  // tag 1030 has 128 characters
constexpr int kMaxCode = 255;

Error Wrong(const std::string& member, std::string_view what) {
  return {Code::kInvalid, member + ": " + std::string(what)};
}

// A number, or a text that holds one.
std::string_view Literal(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.Find(key);
  return value != nullptr && (value->is_string() || value->is_number()) ? value->text : "";
}

bool ReadCode(const JsonValue& object, std::string_view key, int* out) {
  if (object.Find(key) == nullptr) return true;
  const std::string_view text = Literal(object, key);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return fault == std::errc() && end == text.data() + text.size() && *out >= 0 && *out <= kMaxCode;
}

base::Result<CourierItem> ReadGoods(const JsonValue& value, const std::string& at) {
  CourierItem item;
  item.name = base::Trim(value.FindText("name"));
  if (item.name.empty() || item.name.size() > kMaxNameBytes) return Wrong(at + "/name", "missing");
  if (base::ParseMoney(Literal(value, "price"), &item.price) != DecimalFault::kNone ||
      item.price.kopecks <= 0) {
    return Wrong(at + "/price", "must be roubles, above zero");
  }
  if (!ReadCode(value, "unit", &item.unit_2108)) return Wrong(at + "/unit", "is no code of 2108");
  if (!ReadCode(value, "vat", &item.vat_1199)) return Wrong(at + "/vat", "is no code of 1199");
  return item;
}

base::Status ReadItems(const JsonValue& root, CourierSale* sale) {
  const JsonValue* items = root.Find("items");
  if (items == nullptr || !items->is_array() || items->items.empty() ||
      items->items.size() > base::kMaxItems) {
    return Wrong("/items", "must be a list that is not empty");
  }
  for (const JsonValue& value : items->items) {
    const std::string at = "/items/" + std::to_string(sale->items.size());
    auto item = ReadGoods(value, at);
    if (!item) return item.error();
    if (base::ParseQuantity(Literal(value, "quantity"), &item->quantity) != DecimalFault::kNone ||
        item->quantity.millionths <= 0) {
      return Wrong(at + "/quantity", "must be above zero");
    }
    const auto sum = base::Multiply(item->price, item->quantity);
    if (!sum) return Wrong(at, "is too much");
    sale->total = sale->total + *sum;
    if (sale->total.kopecks > base::kMaxKopecks) return Wrong("/items", "are too much together");
    sale->items.push_back(std::move(item).value());
  }
  return base::Ok();
}

void WriteItem(const CourierItem& item, int vat, JsonWriter* writer) {
  writer->BeginObject().Key("productName_1030").String(item.name);
  writer->Key("price_1079").Raw(base::FormatMoney(item.price));
  writer->Key("qty_1023").Raw(base::FormatQuantity(item.quantity));
  writer->Key("unit_2108").Int(item.unit_2108);
  writer->Key("paymentFormCode_1214").Int(4).Key("productTypeCode_1212").Int(1);
  writer->Key("tax_1199").Int(item.vat_1199 == 0 ? vat : item.vat_1199).EndObject();
}

void WriteReceipt(const CourierSale& sale, const store::Courier& courier, JsonWriter* writer) {
  writer->BeginObject().Key("name").String("Чек прихода");
  writer->Key("type").String("kktReceiptFiscalization").Key("data").BeginObject();
  writer->Key("1059").BeginArray();
  for (const CourierItem& item : sale.items) WriteItem(item, courier.vat_1199, writer);
  writer->EndArray().Key("cashierName_1021").String(courier.name);
  writer->Key("payments").BeginObject();
  writer->Key(sale.by_card ? "ecash_1081" : "cash_1031").Raw(base::FormatMoney(sale.total));
  writer->EndObject().Key("taxationType_1055").Int(courier.taxation_1055);
  writer->Key("receiptType_1054").Int(1);
  if (!sale.contact.empty()) writer->Key("sendToEmail_1008").String(sale.contact);
  // Without an address to send it to, it must be printed.
  writer->Key("electronically").Bool(!sale.contact.empty()).EndObject().EndObject();
}

}  // namespace

base::Result<CourierSale> ReadCourierSale(std::string_view json) {
  const auto document = base::ParseJson(json);
  if (!document) return document.error();
  const JsonValue& root = document->root();
  CourierSale sale;
  sale.order = root.FindText("order");
  if (sale.order.empty() || sale.order.size() > base::kMaxOrderIdBytes) {
    return Wrong("/order", "missing");
  }
  const std::string_view pay = root.FindText("pay");
  if (pay != "cash" && pay != "card") return Wrong("/pay", "must be cash or card");
  sale.by_card = pay == "card";
  sale.contact = base::Trim(root.FindText("contact"));
  if (auto read = ReadItems(root, &sale); !read) return read.error();
  return sale;
}

base::Result<std::string> NormalGoods(std::string_view json) {
  const auto document = base::ParseJson(json);
  if (!document) return document.error();
  if (!document->root().is_array()) return Error{Code::kInvalid, "goods must be a JSON list"};
  JsonWriter writer;
  writer.BeginArray();
  int place = 0;
  for (const JsonValue& value : document->root().items) {
    const auto item = ReadGoods(value, "/" + std::to_string(place++));
    if (!item) return item.error();
    writer.BeginObject().Key("name").String(item->name);
    writer.Key("price").String(base::FormatMoney(item->price)).Key("unit").Int(item->unit_2108);
    if (item->vat_1199 != 0) writer.Key("vat").Int(item->vat_1199);
    writer.EndObject();
  }
  writer.EndArray();
  return writer.Take();
}

std::string PackageOf(const CourierSale& sale, const store::Courier& courier) {
  JsonWriter writer;
  writer.BeginArray();
  if (sale.by_card) {
    writer.BeginObject().Key("name").String("Оплата картой").Key("type").String("bnkCardPayment");
    writer.Key("data").BeginObject().Key("sum").Raw(base::FormatMoney(sale.total));
    writer.EndObject().EndObject();
  }
  WriteReceipt(sale, courier, &writer);
  writer.EndArray();
  return writer.Take();
}

}  // namespace fiscalgate
