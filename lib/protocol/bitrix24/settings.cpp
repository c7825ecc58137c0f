#include "lib/protocol/bitrix24/settings.h"

#include <algorithm>

#include "lib/base/text.h"

namespace fiscalgate::protocol::bitrix24 {
namespace {

using base::Code;
using base::Error;

struct RateRow {
  std::string_view word;
  int rate, calculated;  // tag 1199
};
constexpr RateRow kRates[] = {
    {"none", 6, 6},    {"0", 5, 5},      {"5", 7, 9},      {"7", 8, 10},
    {"10", 2, 4},      {"20", 1, 3},     {"22", 11, 12},   {"5/105", 9, 9},
    {"7/107", 10, 10}, {"10/110", 4, 4}, {"20/120", 3, 3}, {"22/122", 12, 12},
};

bool Separates(char c) { return c == ' ' || c == ',' || c == ';' || c == '\n' || c == '\r'; }

bool IsId(std::string_view text) {
  if (text == "advance") return true;
  return !text.empty() && text.size() <= 9 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view Param(const Field& posted, std::string_view section, std::string_view name) {
  return base::Trim(posted.TextAt({"cashbox_params", section, name}));
}

std::string PathOf(std::string_view section, std::string_view name) {
  return "cashbox_params[" + std::string(section) + "][" + std::string(name) + "]";
}

}  // namespace

Access ReadAccess(const Field& posted) {
  return {std::string(Param(posted, "AUTH", "ACCOUNT")),
          std::string(Param(posted, "AUTH", "TOKEN")), std::string(Param(posted, "AUTH", "CODE"))};
}

base::Result<VatRates> VatRates::Read(std::string_view text) {
  VatRates read;
  read.rates_ = {{"0", kRates[0].rate}};
  std::map<std::string, int> given;
  while (!text.empty()) {
    const auto end = std::find_if(text.begin(), text.end(), Separates);
    const std::string_view part = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view id = part.substr(0, equals);
    const std::string_view word = part.substr(std::min(part.size(), equals + 1));
    const auto* row = std::find_if(std::begin(kRates), std::end(kRates),
                                   [word](const RateRow& each) { return each.word == word; });
    if (!IsId(id) || row == std::end(kRates)) {
      return Error{Code::kInvalid, base::Truncate(part, 40)};
    }
    if (!given.emplace(id, row->rate).second) {
      return Error{Code::kInvalid, base::Truncate(part, 40)};
    }
  }
  for (const auto& [id, rate] : given) read.rates_[id] = rate;
  return read;
}

std::optional<int> VatRates::Find(const std::string& id) const {
  const auto at = rates_.find(id);
  return at == rates_.end() ? std::nullopt : std::optional<int>(at->second);
}

int CalculatedRate(int rate) {
  for (const RateRow& row : kRates) {
    if (row.rate == rate) return row.calculated;
  }
  return rate;
}

Settings ReadSettings(const Field& posted, Problems* problems) {
  Settings settings;
  const std::string_view word = Param(posted, "FISCAL", "TAX_SYSTEM");
  for (const TaxSystem& each : kTaxSystems) {
    if (each.word == word) settings.tax_system = each.value;
  }
  if (settings.tax_system == 0) {
    problems->push_back({PathOf("FISCAL", "TAX_SYSTEM"), "tax_system",
                         "в настройках кассы не выбрана система налогообложения",
                         "the settings of the cash register have no tax system"});
  }
  auto vat = VatRates::Read(Param(posted, "FISCAL", "VAT"));
  if (vat) {
    settings.vat = std::move(vat).value();
  } else {
    problems->push_back(
        {PathOf("FISCAL", "VAT"), "vat_rates",
         "ставки НДС в настройках кассы не читаются: " + vat.error().what,
         "VAT rates in the settings of the cash register cannot be read: " + vat.error().what});
  }
  settings.site = Param(posted, "FISCAL", "SITE");
  settings.cashier = Param(posted, "FISCAL", "CASHIER");
  return settings;
}

}  // namespace fiscalgate::protocol::bitrix24
