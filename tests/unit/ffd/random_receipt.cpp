#include "tests/unit/ffd/random_receipt.h"

#include <iterator>

#include "lib/base/decimal.h"
#include "lib/base/json.h"

namespace fiscalgate::ffd::testing {
namespace {

using base::JsonWriter;

constexpr std::string_view kWords[] = {"чай", "кофе",    "«Утро»", "№ 7",   "ёлка",
                                       "tea", "— 100 г", "груша",  "соль…", "крем-мыло",
                                       "茶",  "50 %",    "a\"b\\c"};
constexpr int kRates[] = {2, 4, 5, 6, 7, 8, 9, 10, 11, 12};
constexpr int kUnits[] = {0, 10, 11, 41, 71, 255};

bool OneIn(Random& random, int chances) { return Pick(random, 1, chances) == 1; }

template <typename List>
auto AnyOf(Random& random, const List& list) {
  return list[static_cast<std::size_t>(
      Pick(random, 0, static_cast<std::int64_t>(std::size(list)) - 1))];
}

std::string Name(Random& random) {
  std::string name;
  for (std::int64_t i = Pick(random, 1, 6); i > 0; --i) {
    name += std::string(name.empty() ? "" : " ") + std::string(AnyOf(random, kWords));
  }
  return name;
}

// A commissioner's, or a bank's agent's.
void WriteAgent(Random& random, JsonWriter& json) {
  const bool is_bank = OneIn(random, 2);
  json.Key("agentType_1222").Int(is_bank ? 1 : 32).Key("supplierInn_1226").String("7707083893");
  json.Key("supplierInfo_1224").BeginObject().Key("p_1171").BeginArray().String("+79161234567");
  if (OneIn(random, 2)) json.String("+79161234568");
  json.EndArray().Key("n_1225").String(Name(random)).EndObject();
  if (!is_bank) return;
  json.Key("agentInfo_1223").BeginObject().Key("o_1044").String("перевод");
  json.Key("p_1073").String("+79161234567").Key("p_1075").String("+79161234569");
  json.Key("n_1026").String("Банк").Key("a_1005").String(Name(random));
  json.Key("i_1016").String("7707083893").EndObject();
}

void WriteMark(Random& random, JsonWriter& json) {
  json.Key("mark_2000")
      .String("010460123456789021AbCd" + std::to_string(Pick(random, 1, 99999)) +
              "\x1D"
              "91EE06\x1D"
              "92abc");
  json.Key("status_2003").Int(1).Key("mode_2102").Int(0);
  if (!OneIn(random, 2)) return;
  const std::int64_t whole = Pick(random, 2, 70000);
  json.Key("part_1291").BeginObject().Key("n_1293").Int(Pick(random, 1, whole - 1));
  json.Key("d_1294").Int(whole).EndObject();
}

void WriteIndustry(Random& random, JsonWriter& json) {
  json.Key("industry_1260").BeginArray().BeginObject().Key("f_1262").String("030");
  json.Key("d_1263").String("21.11.2023").Key("n_1264").String("1944");
  json.Key("v_1265").String(Name(random)).EndObject().EndArray();
}

std::int64_t WriteItem(Random& random, int rate, JsonWriter& json) {
  const bool is_marked = OneIn(random, 6);
  const std::int64_t price =
      OneIn(random, 9) ? 0 : Pick(random, 1, OneIn(random, 5) ? 5000000 : 50000);
  std::int64_t quantity = Pick(random, 1, 20) * 1'000'000;
  if (OneIn(random, 3)) quantity = Pick(random, 1, 20'000'000);
  if (is_marked) quantity = 1'000'000;
  const std::int64_t sum = SlowProduct(price, quantity);
  json.BeginObject().Key("name_1030").String(Name(random));
  json.Key("price_1079").Raw(base::FormatMoney({price}));
  json.Key("qty_1023").Raw(base::FormatQuantity({quantity}));
  if (OneIn(random, 2)) json.Key("sum_1043").Raw(base::FormatMoney({sum}));
  json.Key("vat_1199").Int(rate).Key("how_1214").Int(4).Key("what_1212").Int(is_marked ? 33 : 1);
  json.Key("unit_2108").Int(is_marked ? 0 : AnyOf(random, kUnits));
  if (OneIn(random, 3)) json.Key("more_1191").String(std::string(AnyOf(random, kWords)));
  if (is_marked) WriteMark(random, json);
  if (OneIn(random, 5)) WriteAgent(random, json);
  if (OneIn(random, 8)) WriteIndustry(random, json);
  if (OneIn(random, 8)) json.Key("from_1230").String("156").Key("customs_1231").String("10702/5");
  json.EndObject();
  return sum;
}

void WritePayments(Random& random, std::int64_t total, JsonWriter& json) {
  const std::int64_t by_card = Pick(random, 0, total);
  const std::int64_t before = OneIn(random, 3) ? Pick(random, 0, total - by_card) : 0;
  const std::int64_t cash = total - by_card - before;
  const std::int64_t change = cash > 0 && OneIn(random, 3) ? Pick(random, 1, 10000) : 0;
  json.Key("payments").BeginObject().Key("card_1081").Raw(base::FormatMoney({by_card}));
  json.Key("before_1215").Raw(base::FormatMoney({before}));
  json.Key("cash_1031").Raw(base::FormatMoney({cash + change})).EndObject();
}

void WriteGroups(Random& random, JsonWriter& json) {
  if (OneIn(random, 3))
    json.Key("cashier_1021").String("Иванова А. П.").Key("inn_1203").String("500100732259");
  if (OneIn(random, 4)) json.Key("more_1192").String("заказ 15");
  if (OneIn(random, 4))
    json.Key("internet_1125").Int(1).Key("place_1187").String("https://shop.example");
  if (OneIn(random, 4)) {
    json.Key("buyer_1256").BeginObject().Key("n_1227").String(Name(random));
    json.Key("i_1228").String("7707083893").Key("a_1254").String("Москва").EndObject();
  }
  if (OneIn(random, 5)) {
    json.Key("user_1084")
        .BeginObject()
        .Key("n_1085")
        .String("x")
        .Key("v_1086")
        .String(Name(random));
    json.EndObject();
  }
  if (OneIn(random, 6)) {
    json.Key("kind_1173").Int(1).Key("basis_1174").BeginObject().Key("d_1178").String("15.01.2026");
    json.Key("n_1179").String("12-3").EndObject();
  }
}

}  // namespace

std::int64_t Pick(Random& random, std::int64_t low, std::int64_t high) {
  const auto width = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<std::int64_t>(random() % width);
}

std::int64_t SlowProduct(std::int64_t kopecks, std::int64_t millionths) {
  // Millionths of a kopeck, digit by digit of the quantity; 50,000.00 x 20 fits.
  std::int64_t product = 0;
  for (const char digit : std::to_string(millionths)) {
    product *= 10;
    for (char i = '0'; i < digit; ++i) product += kopecks;
  }
  const std::int64_t rest = product % 1'000'000;
  return product / 1'000'000 + (rest >= 500'000 ? 1 : 0);
}

std::int64_t SlowVat(std::int64_t sum, int percent) {
  // The least tax whose upper half a kopeck lies above the exact one.
  std::int64_t low = 0, high = sum;
  while (low < high) {
    const std::int64_t middle = (low + high) / 2;
    const bool is_above = (2 * middle + 1) * (100 + percent) > 2 * sum * percent;
    is_above ? high = middle : low = middle + 1;
  }
  return low;
}

RandomReceipt MakeRandomReceipt(Random& random) {
  RandomReceipt out;
  JsonWriter json;
  json.BeginObject().Key("type_1054").Int(1).Key("regime_1055").Int(2);
  json.Key("mail_1008").String("buyer@example.ru");
  WriteGroups(random, json);
  json.Key("1059").BeginArray();
  for (std::int64_t i = Pick(random, 1, 12); i > 0; --i) {
    const int rate = AnyOf(random, kRates);
    const std::int64_t sum = WriteItem(random, rate, json);
    out.turnover[static_cast<std::size_t>(rate)] += sum;
    out.total += sum;
  }
  json.EndArray();
  WritePayments(random, out.total, json);
  out.json = json.EndObject().Take();
  return out;
}

}  // namespace fiscalgate::ffd::testing
