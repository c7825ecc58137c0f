// The fiscal document of one receipt command, as far as the gateway itself needs to read it.
#pragma once

#include <string>
#include <vector>

#include "lib/base/decimal.h"

namespace fiscalgate::ffd {

struct Item {
  std::string name_1030;
  base::Money price_1079;
  base::Quantity quantity_1023;
  base::Money sum_1043;  // as given, else price x quantity, half up
  int method_1214 = 0;   // признак способа расчёта
  int subject_1212 = 0;  // признак предмета расчёта
  int vat_1199 = 0;
  int unit_2108 = 0;
};

struct Payments {
  base::Money cash_1031, electronic_1081, prepayment_1215, credit_1216, barter_1217;
  base::Money Total() const;
  base::Money NonCash() const;
};

struct Receipt {
  int type_1054 = 0;
  int taxation_1055 = 0;
  std::vector<Item> items;
  Payments payments;
  std::string buyer_contact_1008;
  std::string cashier_name_1021;
  bool electronic = false;    // no paper
  base::Money Total() const;  // 1020
};

}  // namespace fiscalgate::ffd
