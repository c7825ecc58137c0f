#include "lib/ffd/rules/identity.h"

#include <algorithm>

#include "lib/ffd/enumerations.h"

namespace fiscalgate::ffd::rules {
namespace {

constexpr std::size_t kOrganisation = 10, kPerson = 12;
constexpr int kWeights[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
constexpr std::size_t kMaxContact = 64;
constexpr std::size_t kMinPhoneDigits = 7, kMaxPhoneDigits = 15;

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The check digit at `at` follows from the digits before it, weighted from the end of the weights.
bool DigitFits(std::string_view inn, std::size_t at) {
  const std::size_t skip = std::size(kWeights) - at;
  int sum = 0;
  for (std::size_t i = 0; i < at; ++i) sum += (inn[i] - '0') * kWeights[skip + i];
  return sum % 11 % 10 == inn[at] - '0';
}

struct InnRule {
  bool may_be_foreign = false, must_be_person = false, is_own = false;
};

void CheckInn(std::string_view inn, const InnRule& rule, const Spot& spot, const Context& context) {
  if (inn.empty()) return;
  const InnFault fault = FindInnFault(inn, rule.may_be_foreign);
  if (fault == InnFault::kNotAnInn || (rule.must_be_person && inn.size() != kPerson)) {
    context.report.Add(FaultCode::kBadInn, spot, rule.must_be_person ? "12" : "");
  } else if (fault == InnFault::kChecksum) {
    const bool is_error = rule.is_own || context.options.strict_inn;
    context.report.Add(is_error ? Severity::kError : Severity::kWarning, FaultCode::kInnChecksum,
                       spot);
  }
}

void CheckPhoneList(const std::vector<std::string>& phones, Spot spot, const Context& context) {
  const std::size_t most = ProfileOf(context.options.provider).max_phone;
  for (const std::string& phone : phones) {
    if (IsPhone(phone) && phone.size() <= most) continue;
    context.report.Add(FaultCode::kBadPhone, spot, std::to_string(most));
  }
}

void CheckAgentPhones(const std::optional<Agent>& agent, Spot spot, const Context& context) {
  if (!agent) return;
  const auto check = [&](int tag, const std::vector<std::string>& phones) {
    spot.tag = tag;
    CheckPhoneList(phones, spot, context);
  };
  check(1073, agent->agent_phones_1073);
  check(1074, agent->operator_phones_1074);
  check(1075, agent->transfer_phones_1075);
}

void CheckSupplierPhones(const std::optional<Supplier>& supplier, Spot spot,
                         const Context& context) {
  if (!supplier) return;
  spot.tag = 1171;
  CheckPhoneList(supplier->phones_1171, spot, context);
}

void CheckBuyer(const Buyer& buyer, const Context& context) {
  // Before FFD 1.2 the buyer's tags stand in the receipt itself.
  const Spot spot{
      .group = context.receipt.given.Has(1227) || context.receipt.given.Has(1228) ? 0 : 1256};
  const auto at = [&](int tag) { return Spot{.tag = tag, .group = spot.group}; };
  if (!buyer.inn_1228.empty()) {
    if (buyer.name_1227.empty()) context.report.Add(FaultCode::kBuyerNameMissing, at(1227));
  } else if (!buyer.name_1227.empty() && context.options.version == FfdVersion::k12 &&
             (buyer.birth_date_1243.empty() || buyer.document_code_1245.empty() ||
              buyer.document_1246.empty())) {
    context.report.Add(FaultCode::kBuyerDocumentMissing, at(0), "1243, 1245, 1246");
  }
  if (buyer.document_code_1245.empty()) return;
  const bool is_number = buyer.document_code_1245.size() == 2 && IsDigits(buyer.document_code_1245);
  if (!is_number || !IsInEnumeration(1245, std::stoi(buyer.document_code_1245))) {
    context.report.Add(FaultCode::kBadEnum, at(1245), buyer.document_code_1245);
  }
}

void CheckAgencies(const std::vector<Industry>& list, int item, int group, const Context& context) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string& id = list[i].agency_1262;
    if (id.empty()) continue;
    if (id.size() == 3 && IsDigits(id) && IsInEnumeration(1262, std::stoi(id))) continue;
    context.report.Add(FaultCode::kBadEnum,
                       {.tag = 1262, .item = item, .group = group, .index = static_cast<int>(i)},
                       id);
  }
}

}  // namespace

InnFault FindInnFault(std::string_view inn, bool may_be_foreign) {
  if ((inn.size() != kOrganisation && inn.size() != kPerson) || !IsDigits(inn)) {
    return InnFault::kNotAnInn;
  }
  if (inn.find_first_not_of('0') == std::string_view::npos) {
    return may_be_foreign && inn.size() == kPerson ? InnFault::kNone : InnFault::kNotAnInn;
  }
  const bool fits =
      inn.size() == kOrganisation ? DigitFits(inn, 9) : DigitFits(inn, 10) && DigitFits(inn, 11);
  return fits ? InnFault::kNone : InnFault::kChecksum;
}

bool IsPhone(std::string_view text) {
  return text.size() > kMinPhoneDigits && text.size() <= kMaxPhoneDigits + 1 && text[0] == '+' &&
         IsDigits(text.substr(1));
}

bool IsEmail(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.size() <= kMaxContact &&
         std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == ';';
         });
}

bool IsCountryCode(std::string_view text) { return text.size() == 3 && IsDigits(text); }

void CheckInns(const Context& context) {
  const Receipt& receipt = context.receipt;
  CheckInn(receipt.cashier_inn_1203, {.must_be_person = true, .is_own = true}, {.tag = 1203},
           context);
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras) return;
    CheckInn(item.extras->supplier_inn_1226, {.may_be_foreign = true}, {.tag = 1226, .item = i},
             context);
    if (item.extras->agent_1223) {
      CheckInn(item.extras->agent_1223->transfer_inn_1016, {},
               {.tag = 1016, .item = i, .group = 1223}, context);
    }
  });
  if (!receipt.extras) return;
  CheckInn(receipt.extras->user_inn_1018, {.is_own = true}, {.tag = 1018}, context);
  if (receipt.extras->agent) {
    CheckInn(receipt.extras->agent->transfer_inn_1016, {}, {.tag = 1016}, context);
  }
  if (receipt.extras->buyer_1256) {
    const int group = receipt.given.Has(1228) ? 0 : 1256;
    CheckInn(receipt.extras->buyer_1256->inn_1228, {.may_be_foreign = true},
             {.tag = 1228, .group = group}, context);
  }
}

void CheckContacts(const Context& context) {
  const Receipt& receipt = context.receipt;
  const std::string& contact = receipt.buyer_contact_1008;
  const bool may_be_none = ProfileOf(context.options.provider).contact_may_be_none;
  if (!contact.empty() && !IsPhone(contact) && !IsEmail(contact) &&
      !(may_be_none && contact == "none")) {
    context.report.Add(FaultCode::kBadContact, {.tag = 1008});
  }
  if (contact.empty() && (receipt.electronic || context.options.electronic)) {
    context.report.Add(FaultCode::kContactMissing, {.tag = 1008});
  }
  const std::string& sender = receipt.sender_email_1117;
  if (!sender.empty() && !IsEmail(sender) && !(may_be_none && sender == "none")) {
    context.report.Add(FaultCode::kBadEmail, {.tag = 1117});
  }
}

void CheckPhones(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras) return;
    CheckAgentPhones(item.extras->agent_1223, {.item = i, .group = 1223}, context);
    CheckSupplierPhones(item.extras->supplier_1224, {.item = i, .group = 1224}, context);
  });
  if (!context.receipt.extras) return;
  CheckAgentPhones(context.receipt.extras->agent, {}, context);
  CheckSupplierPhones(context.receipt.extras->supplier, {}, context);
}

void CheckPeople(const Context& context) {
  const Receipt& receipt = context.receipt;
  if (!receipt.cashier_inn_1203.empty() && receipt.cashier_name_1021.empty()) {
    context.report.Add(FaultCode::kCashierNameMissing, {.tag = 1021});
  }
  if (receipt.extras && receipt.extras->buyer_1256)
    CheckBuyer(*receipt.extras->buyer_1256, context);
}

void CheckCountries(const Context& context) {
  const auto check = [&](const std::string& code, const Spot& spot) {
    if (!code.empty() && !IsCountryCode(code)) {
      context.report.Add(FaultCode::kBadCountry, spot, code);
    }
  };
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras) return;
    check(item.extras->country_1230, {.tag = 1230, .item = i});
    CheckAgencies(item.extras->industries_1260, i, item.given.Has(1260) ? 1260 : 1261, context);
  });
  if (!context.receipt.extras) return;
  CheckAgencies(context.receipt.extras->industries_1261, -1, 1261, context);
  const auto& buyer = context.receipt.extras->buyer_1256;
  if (buyer) check(buyer->citizenship_1244, {.tag = 1244, .group = 1256});
}

}  // namespace fiscalgate::ffd::rules
