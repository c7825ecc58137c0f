// The fiscal document of one receipt command. Plain values; texts as the shop wrote them (UTF-8),
// money in kopecks. `given` tells which tags were posted: an unset number is 0 and cannot tell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/decimal.h"
#include "lib/ffd/dates.h"
#include "lib/ffd/tag_set.h"

namespace fiscalgate::ffd {

// 1223; before FFD 1.2 also of the whole receipt.
struct Agent {
  TagSet given;
  std::string operation_1044, transfer_name_1026, transfer_address_1005, transfer_inn_1016;
  std::vector<std::string> agent_phones_1073, operator_phones_1074, transfer_phones_1075;
};

// 1224
struct Supplier {
  TagSet given;
  std::vector<std::string> phones_1171;
  std::string name_1225;
};

// 1291
struct Fraction {
  TagSet given;
  std::int64_t numerator_1293 = 0, denominator_1294 = 0;
};

// 1260 of an item, 1261 of the receipt
struct Industry {
  TagSet given;
  std::string agency_1262, date_1263, number_1264, value_1265;
};

// 1084
struct UserAttribute {
  TagSet given;
  std::string name_1085, value_1086;
};

// 1270
struct OperationAttribute {
  TagSet given;
  int id_1271 = 0;
  std::string data_1272;
  std::optional<DateTime> time_1273;
};

// 1235, of the list 1234
struct CashlessDetail {
  TagSet given;
  base::Money sum_1082;
  int method_1236 = 0;
  std::string id_1237, more_1238;
};

// 1256; before FFD 1.2 the name and the INN stand in the receipt itself.
struct Buyer {
  TagSet given;
  std::string name_1227, inn_1228, birth_date_1243, citizenship_1244, document_code_1245,
      document_1246, address_1254;
};

// 1174
struct CorrectionBasis {
  TagSet given;
  std::optional<DateTime> date_1178;
  std::string number_1179, description_1177;
};

// What few items have.
struct ItemExtras {
  int agent_type_1222 = 0;
  std::optional<Agent> agent_1223;
  std::optional<Supplier> supplier_1224;
  std::string supplier_inn_1226;
  std::string marking_code_2000;  // the code itself, GS and all, also if it was posted as base64
  int status_2003 = 0, code_type_2100 = 0, mode_2102 = 0;
  std::optional<Fraction> fraction_1291;
  std::vector<Industry> industries_1260;
  base::Money unit_vat_1198, vat_amount_1200, excise_1229;
  std::string unit_name_1197, country_1230, customs_1231, code_1162;
};

struct Item {
  std::string name_1030;
  base::Money price_1079;
  base::Quantity quantity_1023;
  base::Money sum_1043;  // as given, else price x quantity, half up
  int method_1214 = 0;   // признак способа расчёта
  int subject_1212 = 0;  // признак предмета расчёта
  int vat_1199 = 0;
  int unit_2108 = 0;
  std::string attribute_1191;
  std::optional<ItemExtras> extras;
  TagSet given;
};

struct Payments {
  base::Money cash_1031, electronic_1081, prepayment_1215, credit_1216, barter_1217;
  base::Money Total() const;
  base::Money NonCash() const;
};

// What few receipts have.
struct ReceiptExtras {
  std::optional<int> correction_type_1173;
  std::optional<CorrectionBasis> correction_1174;
  std::optional<Buyer> buyer_1256;
  std::optional<UserAttribute> user_attribute_1084;
  std::optional<OperationAttribute> operation_1270;
  std::vector<Industry> industries_1261;
  std::vector<CashlessDetail> cashless_1234;
  int agent_type_1057 = 0;
  std::optional<Agent> agent;        // FFD 1.05: beside 1057
  std::optional<Supplier> supplier;  // FFD 1.05: 1171
  base::Money vat_1102, vat_1103, turnover_1104, turnover_1105, vat_1106, vat_1107;
  std::string user_inn_1018;
};

struct Receipt {
  int type_1054 = 0;
  int taxation_1055 = 0;
  std::vector<Item> items;
  Payments payments;
  std::string buyer_contact_1008;
  std::string cashier_name_1021;
  std::string cashier_inn_1203;
  std::string address_1009, place_1187, automat_1036, sender_email_1117, attribute_1192;
  int zone_1011 = 0;
  bool internet_1125 = false;
  bool electronic = false;  // no paper
  bool is_cut = false;      // there were more items than are ever read
  bool is_bso = false;      // a form of strict accountability: 1000 says so
  std::optional<base::Money> given_total_1020;
  std::optional<ReceiptExtras> extras;
  TagSet given;

  // 1020: the items' sum; of a correction without items what is given, else what was paid.
  base::Money Total() const;
  bool IsCorrection() const;
  // 3 receipt, 4 BSO, 31 and 41 their corrections
  int FormCode() const;
};

// The group, made if it is not there yet.
ItemExtras& ExtrasOf(Item& item);
ReceiptExtras& ExtrasOf(Receipt& receipt);

}  // namespace fiscalgate::ffd
