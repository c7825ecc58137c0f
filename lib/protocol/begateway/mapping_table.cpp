// Sources: the fiscalization pages of bePaid and Freepayment for Orange Data, which say the same;
// the longer lists of Freepayment's reference.
#include "lib/protocol/begateway/mapping_table.h"

namespace fiscalgate::protocol::begateway {
namespace {

using enum Certainty;

constexpr std::string_view kByOrder = "Freepayment has the name; the number follows from the order";
constexpr std::string_view kListed = "the table of parameters";
constexpr std::string_view kShown = "the table and the sample";
constexpr std::string_view kOthers = "the list ends in: and others";
constexpr std::string_view kNotListed = "not in the list";
constexpr std::string_view kItself = "there is no field; a register may know it by itself";

// Group, field, tag, its value, the provider's value, certainty, source.
// clang-format off
constexpr MappingRow kRows[] = {
    {"operation", "the transaction", 1054, 1, "payment", kDocumented, "the documents: payment and capture"},
    {"operation", "the transaction", 1054, 2, "refund", kDocumented, "the documents: refund"},

    {"taxation", "positions[].taxes[].system", 1055, 1, "standard", kDocumented, kListed},
    {"taxation", "positions[].taxes[].system", 1055, 2, "simplified", kInferred, "does not tell the two kinds of the simplified regime apart"},
    {"taxation", "positions[].taxes[].system", 1055, 4, "simplified", kInferred, "does not tell the two kinds of the simplified regime apart"},
    {"taxation", "positions[].taxes[].system", 1055, 16, "", kUnknown, kOthers},
    {"taxation", "positions[].taxes[].system", 1055, 32, "", kUnknown, kOthers},

    {"vat", "positions[].taxes[].percent", 1199, 1, "20", kDocumented, kListed},
    {"vat", "positions[].taxes[].percent", 1199, 2, "10", kDocumented, kListed},
    {"vat", "positions[].taxes[].percent", 1199, 3, "20/120", kDocumented, kShown},
    {"vat", "positions[].taxes[].percent", 1199, 4, "10/110", kDocumented, kListed},
    {"vat", "positions[].taxes[].percent", 1199, 5, "0", kDocumented, kListed},
    {"vat", "positions[].taxes[].percent", 1199, 6, "untaxed", kDocumented, "the table of parameters: untaxed is true, no taxes"},
    {"vat", "positions[].taxes[].percent", 1199, 7, "5", kInferred, kNotListed},
    {"vat", "positions[].taxes[].percent", 1199, 8, "7", kInferred, kNotListed},
    {"vat", "positions[].taxes[].percent", 1199, 9, "5/105", kInferred, kNotListed},
    {"vat", "positions[].taxes[].percent", 1199, 10, "7/107", kInferred, kNotListed},
    {"vat", "positions[].taxes[].percent", 1199, 11, "22", kInferred, kNotListed},
    {"vat", "positions[].taxes[].percent", 1199, 12, "22/122", kInferred, kNotListed},

    {"subject", "positions[].type", 1212, 1, "product", kDocumented, kShown},
    {"subject", "positions[].type", 1212, 2, "product_excise", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 3, "work", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 4, "service", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 5, "gambling_bet", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 6, "gambling_win", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 7, "lottery_bet", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 8, "lottery_win", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 9, "copyright_licence", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 10, "prepaid", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 11, "agent_commission", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 12, "settlement", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 13, "other", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 14, "property_right", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 15, "non_oper", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 16, "reducing", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 17, "sales_charge", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 18, "resort", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 19, "deposit", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 20, "expense", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 21, "insurance_pension_IP", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 22, "insurance_pension", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 23, "insurance_health_IP", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 24, "insurance_health", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 25, "insurance_social", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 26, "casino", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 27, "agent_payment", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 30, "unmarked_excisable", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 31, "marked_excisable", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 32, "product_unmarked", kInferred, kByOrder},
    {"subject", "positions[].type", 1212, 33, "product_marked", kInferred, kByOrder},

    {"method", "positions[].pay_type", 1214, 1, "full_prepay", kDocumented, kListed},
    {"method", "positions[].pay_type", 1214, 2, "partial_prepay", kDocumented, kListed},
    {"method", "positions[].pay_type", 1214, 3, "advance", kDocumented, kListed},
    {"method", "positions[].pay_type", 1214, 4, "full_pay", kDocumented, kShown},
    {"method", "positions[].pay_type", 1214, 5, "partial_credit", kInferred, kByOrder},
    {"method", "positions[].pay_type", 1214, 6, "full_credit", kInferred, kByOrder},
    {"method", "positions[].pay_type", 1214, 7, "payback_credit", kInferred, kByOrder},

    {"payment", "positions[].pay_method", 1031, kCarried, "full_cash", kDocumented, kListed},
    {"payment", "positions[].pay_method", 1081, kCarried, "full_cashless", kDocumented, kShown},
    {"payment", "positions[].pay_method", 1215, kCarried, "", kUnknown, kOthers},
    {"payment", "positions[].pay_method", 1216, kCarried, "", kUnknown, kOthers},
    {"payment", "positions[].pay_method", 1217, kCarried, "", kUnknown, kOthers},

    {"unit", "", 2108, 0, "", kUnknown, "there is no field; behind it are documents of FFD 1.05"},

    {"field", "customer.email, customer.phone", 1008, kCarried, "", kDocumented, "the documents: one of them is a must"},
    {"field", "", 1009, kCarried, "", kUnknown, kItself},
    {"field", "", 1011, kCarried, "", kUnknown, kItself},
    {"field", "", 1021, kCarried, "", kUnknown, kItself},
    {"field", "positions[].quantity", 1023, kCarried, "", kDocumented, kListed},
    {"field", "positions[].name", 1030, kCarried, "", kDocumented, kListed},
    {"field", "positions[].amount", 1079, kCarried, "", kDocumented, "the table of parameters: price times quantity"},
    {"field", "", 1117, kCarried, "", kUnknown, kItself},
    {"field", "", 1125, kCarried, "", kUnknown, kItself},
    {"field", "positions[].nomenclature_code", 1162, kCarried, "", kInferred, "the table of parameters; how the code is to be written is not said"},
    {"field", "", 1187, kCarried, "", kUnknown, kItself},
    {"field", "positions[].description", 1191, kCarried, "", kInferred, "the table of parameters; whether it is printed is not said"},
    {"field", "", 1203, kCarried, "", kUnknown, kItself},
};
// clang-format on

}  // namespace

const MappingTable& Table() {
  static constexpr MappingTable kTable = {"begateway", kRows, false, &CheckRest};
  return kTable;
}

}  // namespace fiscalgate::protocol::begateway
