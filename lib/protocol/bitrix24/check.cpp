#include "lib/protocol/bitrix24/check.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate::protocol::bitrix24 {
namespace {

constexpr std::size_t kPlacesOfMoney = 2;
constexpr std::size_t kMaxUuidBytes = 100;  // what the portal keeps of our answer has as many
constexpr int kMarkedExcisableWithoutCode = 30, kMarkedExcisable = 31, kMarkedWithoutCode = 32,
              kMarked = 33;
constexpr int kGoods = 1, kPayment = 10;
constexpr int kOtherUnit = 255;

struct TypeRow {
  std::string_view type;
  bool is_return;
  int method;  // tag 1214
};
constexpr TypeRow kTypes[] = {
    {"sell", false, 4},
    {"sellreturn", true, 4},
    {"sellreturncash", true, 4},
    {"advancepayment", false, 3},
    {"advancereturn", true, 3},
    {"advancereturncash", true, 3},
    {"prepayment", false, 2},
    {"prepaymentreturn", true, 2},
    {"prepaymentreturncash", true, 2},
    {"fullprepayment", false, 1},
    {"fullprepaymentreturn", true, 1},
    {"fullprepaymentreturncash", true, 1},
    {"credit", false, 6},
    {"creditreturn", true, 6},
    {"creditpayment", false, 7},
    {"creditpaymentreturn", true, 7},
    {"creditpaymentreturncash", true, 7},
};

struct NameRow {
  std::string_view name;
  int value;
};
constexpr NameRow kSubjects[] = {
    {"commodity", 1},
    {"excise", 2},
    {"job", 3},
    {"service", 4},
    {"gambling_bet", 5},
    {"gambling_prize", 6},
    {"lottery", 7},
    {"lottery_prize", 8},
    {"intellectual_activity", 9},
    {"payment", 10},
    {"agent_commission", 11},
    {"composite", 12},
    {"another", 13},
    {"property_right", 14},
    {"non-operating_gain", 15},
    {"sales_tax", 17},
    {"resort_fee", 18},
    {"deposit", 19},
    {"expense", 20},
    {"pension_insurance_ip", 21},
    {"pension_insurance", 22},
    {"medical_insurance_ip", 23},
    {"medical_insurance", 24},
    {"social_insurance", 25},
    {"casino_payment", 26},
    {"commodity_marking_no_marking_excise", kMarkedExcisableWithoutCode},
    {"commodity_marking_excise", kMarkedExcisable},
    {"commodity_marking_no_marking", kMarkedWithoutCode},
    {"commodity_marking", kMarked},
};

// Codes of OKEI.
constexpr NameRow kUnits[] = {
    {"", 0},     {"796", 0},  {"163", 10}, {"166", 11}, {"168", 12},  {"4", 20},
    {"5", 21},   {"6", 22},   {"51", 30},  {"53", 31},  {"55", 32},   {"111", 40},
    {"112", 41}, {"113", 42}, {"245", 50}, {"233", 51}, {"359", 70},  {"356", 71},
    {"355", 72}, {"354", 73}, {"256", 80}, {"257", 81}, {"2553", 82}, {"2554", 83},
};

template <std::size_t N>
std::optional<int> ValueOf(const NameRow (&rows)[N], std::string_view name) {
  for (const NameRow& row : rows) {
    if (row.name == name) return row.value;
  }
  return std::nullopt;
}

std::string_view WithoutZeros(std::string_view code) {
  while (code.size() > 1 && code[0] == '0') code.remove_prefix(1);
  return code;
}

std::size_t EndOfPlaces(std::string_view text, std::size_t places) {
  const std::size_t dot = text.find('.');
  return dot == std::string_view::npos ? text.size() : std::min(text.size(), dot + 1 + places);
}

// Whether the part that is cut off is digits, and whether it rounds up.
std::optional<bool> RoundsUp(std::string_view rest) {
  for (const char c : rest) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  return !rest.empty() && rest[0] >= '5';
}

std::optional<base::Quantity> ReadQuantity(std::string_view text) {
  const std::size_t end = EndOfPlaces(text, 6);
  const auto up = RoundsUp(text.substr(end));
  base::Quantity quantity;
  if (!up || base::ParseQuantity(text.substr(0, end), &quantity) != base::DecimalFault::kNone) {
    return std::nullopt;
  }
  if (*up) ++quantity.millionths;
  return quantity;
}

class Reader {
 public:
  Reader(const Field& posted, Problems* problems) : posted_(posted), problems_(*problems) {}

  Check Read() {
    ReadUuid();
    ReadType();
    ReadItems();
    ReadPayments();
    check_.email = base::Trim(posted_.Text("client_email"));
    check_.phone = base::Trim(posted_.Text("client_phone"));
    if (problems_.empty()) CheckSums();
    return std::move(check_);
  }

 private:
  void Complain(std::string path, std::string code, std::string russian, std::string english) {
    problems_.push_back({std::move(path), std::move(code), std::move(russian), std::move(english)});
  }

  void ReadUuid() {
    check_.uuid = posted_.Text("uuid");
    const bool fits = !check_.uuid.empty() && check_.uuid.size() <= kMaxUuidBytes &&
                      base::Trim(check_.uuid) == check_.uuid &&
                      std::none_of(check_.uuid.begin(), check_.uuid.end(), [](char c) {
                        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
                      });
    if (!fits) Complain("uuid", "uuid", "нет номера чека", "there is no number of the check");
  }

  void ReadType() {
    check_.type = posted_.Text("type");
    const auto* row = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const TypeRow& each) { return each.type == check_.type; });
    if (row == std::end(kTypes)) {
      return Complain("type", "check_type", "чеки такого типа не печатаются",
                      "checks of this type are not printed");
    }
    check_.is_return = row->is_return;
    check_.method = row->method;
    for (const std::string_view name : {"operation", "calculated_sign", "calculated"}) {
      const std::string_view sign = posted_.Text(name);
      if (sign.empty() || sign == (row->is_return ? "consumption" : "income")) continue;
      Complain(std::string(name), "calculated_sign", "приход или возврат — не то, что в type",
               "income or return differs from type");
    }
  }

  void ReadItems() {
    const Field* items = posted_.Find("items");
    if (items == nullptr || items->members.empty()) {
      return Complain("items", "no_items", "в чеке нет позиций", "the check has no items");
    }
    for (const auto& [key, item] : items->members) ReadItem("items[" + key + "]", item);
  }

  void ReadItem(const std::string& path, const Field& field) {
    CheckItem item;
    item.path = path;
    item.name = base::Trim(field.Text("name"));
    if (item.name.empty()) {
      Complain(path + "[name]", "no_name", "нет названия", "there is no name");
    }
    const auto sum = ReadRoubles(field.Text("sum"));
    if (!sum || *sum < base::Money{0}) {
      Complain(path + "[sum]", "bad_sum", "не сумма в рублях", "is no sum in roubles");
    }
    const auto quantity = ReadQuantity(field.Text("quantity"));
    if (!quantity || quantity->millionths <= 0) {
      Complain(path + "[quantity]", "bad_quantity", "не количество", "is no quantity");
    }
    item.sum = sum.value_or(base::Money{});
    item.quantity = quantity.value_or(base::Quantity{});
    item.price = ReadRoubles(field.Text("price"));
    item.vat_id = field.Text("vat").empty() ? "0" : field.Text("vat");
    item.has_vat_sum = ReadRoubles(field.Text("vat_sum")).value_or(base::Money{}) > base::Money{0};
    item.unit = ValueOf(kUnits, WithoutZeros(field.Text("measure_code"))).value_or(kOtherUnit);
    ReadSubject(field, &item);
    ReadSupplier(field, &item);
    check_.items.push_back(std::move(item));
  }

  void ReadSubject(const Field& field, CheckItem* item) {
    item->marking_code = field.Text("marking_code");
    const std::string_view name = field.Text("payment_object");
    // Items of an advance have none.
    const auto subject = name.empty() ? std::optional<int>(check_.method == 3 ? kPayment : kGoods)
                                      : ValueOf(kSubjects, name);
    if (!subject) {
      return Complain(item->path + "[payment_object]", "bad_payment_object",
                      "неизвестный предмет расчёта", "is no known subject");
    }
    item->subject = *subject;
    if (item->subject == kMarked || item->subject == kMarkedExcisable) {
      if (item->marking_code.empty()) --item->subject;
    } else {
      item->marking_code.clear();
    }
  }

  void ReadSupplier(const Field& field, CheckItem* item) {
    const Field* info = field.Find("supplier_info");
    if (info == nullptr) return;
    Supplier supplier{std::string(info->Text("name")), std::string(info->Text("inn")), {}};
    if (const Field* phones = info->Find("phones")) {
      for (const auto& phone : phones->members) supplier.phones.push_back(phone.second.text);
    }
    if (!supplier.inn.empty() || !supplier.name.empty()) item->supplier = std::move(supplier);
  }

  void ReadPayments() {
    const Field* payments = posted_.Find("payments");
    if (payments == nullptr) return;
    for (const auto& [key, payment] : payments->members) {
      const std::string path = "payments[" + key + "]";
      const auto sum = ReadRoubles(payment.Text("sum"));
      if (!sum || *sum < base::Money{0}) {
        Complain(path + "[sum]", "bad_sum", "не сумма в рублях", "is no sum in roubles");
        continue;
      }
      base::Money* place = PlaceOf(payment.Text("type"));
      if (place == nullptr) {
        Complain(path + "[type]", "bad_payment", "неизвестный вид оплаты",
                 "is no known kind of payment");
        continue;
      }
      *place = *place + *sum;
    }
  }

  base::Money* PlaceOf(std::string_view type) {
    if (type == "cash") return &check_.cash;
    if (type == "cashless") return &check_.cashless;
    if (type == "advance") return &check_.advance;
    return type == "credit" ? &check_.credit : nullptr;
  }

  void CheckSums() {
    const base::Money paid = check_.cash + check_.cashless + check_.advance + check_.credit;
    if (paid == check_.Total()) return;
    const std::string items = base::FormatMoney(check_.Total()), sum = base::FormatMoney(paid);
    Complain("payments", "sums_differ", "позиций на " + items + ", оплачено " + sum,
             "items make " + items + ", paid is " + sum);
  }

  const Field& posted_;
  Problems& problems_;
  Check check_;
};

}  // namespace

base::Money Check::Total() const {
  base::Money total;
  for (const CheckItem& item : items) total = total + item.sum;
  return total;
}

std::optional<base::Money> ReadRoubles(std::string_view text) {
  const std::size_t end = EndOfPlaces(text, kPlacesOfMoney);
  const auto up = RoundsUp(text.substr(end));
  base::Money money;
  if (!up || base::ParseMoney(text.substr(0, end), &money) != base::DecimalFault::kNone) {
    return std::nullopt;
  }
  if (*up) money.kopecks += text[0] == '-' ? -1 : 1;
  return money;
}

Check ReadCheck(const Field& posted, Problems* problems) { return Reader(posted, problems).Read(); }

}  // namespace fiscalgate::protocol::bitrix24
