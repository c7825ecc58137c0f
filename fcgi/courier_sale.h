// A sale as a courier's phone posts it, and the package of commands it becomes: card payment first,
// then the receipt. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/decimal.h"
#include "lib/base/result.h"
#include "lib/store/couriers.h"

namespace fiscalgate {

struct CourierItem {
  std::string name;
  base::Money price;
  base::Quantity quantity;
  int unit_2108 = 0;
  int vat_1199 = 0;  // 0: the courier's own
};

struct CourierSale {
  std::string order;
  bool by_card = false;
  std::string contact;  // the buyer's e-mail or phone; may be empty
  std::vector<CourierItem> items;
  base::Money total;
};

// {"order","pay":"cash"|"card","contact","items":[{"name","price","quantity","unit","vat"}]}, money
// and quantities as text. Errors: kMalformed; kInvalid with the member that is wrong.
base::Result<CourierSale> ReadCourierSale(std::string_view json);
// [{"name","price","unit","vat"}], as kept and as shown. Errors: kMalformed, kInvalid.
base::Result<std::string> NormalGoods(std::string_view json);

std::string PackageOf(const CourierSale& sale, const store::Courier& courier);

}  // namespace fiscalgate
