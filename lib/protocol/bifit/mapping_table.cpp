// Source: BIFIT's wiki pages on fiscal processing; what Swagger would say is not public.
#include "lib/protocol/bifit/mapping_table.h"

namespace fiscalgate::protocol::bifit {
namespace {

using enum Certainty;

constexpr std::string_view kNoName = "no name is known";
constexpr std::string_view kItself = "no field is known; a register may know it by itself";
constexpr std::string_view kWiki = "BIFIT's wiki";
constexpr std::string_view kShown = "BIFIT's wiki and its samples";
constexpr std::string_view kByCaption =
    "BIFIT's wiki has the name and a caption; the number follows from the caption";
constexpr std::string_view kByPattern = "by the pattern of VAT_20";
constexpr std::string_view kNoKey = "BIFIT's wiki lists the kind; its key is not shown";
constexpr std::string_view kSibling = "a sibling interface with the same names";

// Group, field, tag, its value, the provider's value, certainty, source.
// clang-format off
constexpr MappingRow kRows[] = {
    {"operation", "type", 1054, 1, "SALE", kDocumented, kShown},
    {"operation", "type", 1054, 2, "SALE_RETURN", kDocumented, kWiki},
    {"operation", "type", 1054, 3, "PURCHASE", kDocumented, kWiki},
    {"operation", "type", 1054, 4, "PURCHASE_RETURN", kDocumented, kWiki},

    {"taxation", "taxSystem", 1055, 1, "COMMON", kDocumented, kWiki},
    {"taxation", "taxSystem", 1055, 2, "SIMPLIFIED", kDocumented, kWiki},
    {"taxation", "taxSystem", 1055, 4, "SIMPLIFIED_WITH_EXPENSE", kInferred, "BIFIT's wiki, where the end of the name is cut off"},
    {"taxation", "taxSystem", 1055, 8, "ENVD", kInferred, kSibling},
    {"taxation", "taxSystem", 1055, 16, "COMMON_AGRICULTURAL", kInferred, kSibling},
    {"taxation", "taxSystem", 1055, 32, "PATENT", kInferred, kSibling},

    {"vat", "items[].vat", 1199, 1, "VAT_20", kDocumented, kShown},
    {"vat", "items[].vat", 1199, 2, "VAT_10", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 3, "VAT_20_120", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 4, "VAT_10_110", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 5, "VAT_0", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 6, "WITHOUT_VAT", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 7, "VAT_5", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 8, "VAT_7", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 9, "VAT_5_105", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 10, "VAT_7_107", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 11, "VAT_22", kInferred, kByPattern},
    {"vat", "items[].vat", 1199, 12, "VAT_22_122", kInferred, kByPattern},

    {"subject", "items[].paymentSubject", 1212, 1, "PRODUCT", kDocumented, kShown},
    {"subject", "items[].paymentSubject", 1212, 2, "EXCISABLE_PRODUCT", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 3, "JOB", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 4, "SERVICE", kDocumented, kShown},
    {"subject", "items[].paymentSubject", 1212, 5, "GAMBLING_RATE", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 6, "GAMBLING_WIN", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 7, "LOTTERY_TICKET", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 8, "LOTTERY_WIN", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 9, "PROVISION_RID", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 10, "PAYMENT", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 11, "AGENCY", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 12, "COMPOUND_SUBJECT", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 13, "OTHER_SUBJECT", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 14, "PROPERTY_LAW", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 15, "NON_OPERATING_INCOME", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 16, "INSURANCE_CONTRIBUTIONS", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 17, "TRADE_FEE", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 18, "RESORT_FEE", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 19, "PLEDGE", kInferred, kByCaption},
    {"subject", "items[].paymentSubject", 1212, 20, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 21, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 22, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 23, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 24, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 25, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 26, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 27, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 30, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 31, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 32, "", kUnknown, kNoName},
    {"subject", "items[].paymentSubject", 1212, 33, "", kUnknown, kNoName},

    {"method", "items[].calculationMethod", 1214, 1, "", kUnknown, kNoName},
    {"method", "items[].calculationMethod", 1214, 2, "", kUnknown, kNoName},
    {"method", "items[].calculationMethod", 1214, 3, "", kUnknown, kNoName},
    {"method", "items[].calculationMethod", 1214, 4, "FULL_PAY", kDocumented, kShown},
    {"method", "items[].calculationMethod", 1214, 5, "", kUnknown, kNoName},
    {"method", "items[].calculationMethod", 1214, 6, "", kUnknown, kNoName},
    {"method", "items[].calculationMethod", 1214, 7, "", kUnknown, kNoName},

    {"payment", "payments", 1031, kCarried, "CASH", kDocumented, "BIFIT's wiki, a sample"},
    {"payment", "payments", 1081, kCarried, "", kUnknown, kNoKey},
    {"payment", "payments", 1215, kCarried, "", kUnknown, kNoKey},
    {"payment", "payments", 1216, kCarried, "", kUnknown, kNoKey},
    {"payment", "payments", 1217, kCarried, "", kUnknown, kNoKey},

    {"unit", "", 2108, 0, "", kUnknown, "no field is known; a piece may be what is meant without one"},

    {"field", "client.address", 1008, kCarried, "", kDocumented, kWiki},
    {"field", "", 1009, kCarried, "", kUnknown, kItself},
    {"field", "", 1011, kCarried, "", kUnknown, kItself},
    {"field", "cashier.name", 1021, kCarried, "", kDocumented, kWiki},
    {"field", "items[].quantity", 1023, kCarried, "", kDocumented, kWiki},
    {"field", "items[].name", 1030, kCarried, "", kDocumented, kWiki},
    {"field", "items[].price", 1079, kCarried, "", kDocumented, kWiki},
    {"field", "", 1117, kCarried, "", kUnknown, kItself},
    {"field", "", 1125, kCarried, "", kUnknown, kItself},
    {"field", "", 1187, kCarried, "", kUnknown, kItself},
    {"field", "cashier.inn", 1203, kCarried, "", kDocumented, kWiki},
};
// clang-format on

}  // namespace

const MappingTable& Table() {
  static constexpr MappingTable kTable = {"bifit", kRows, false, &CheckRest};
  return kTable;
}

}  // namespace fiscalgate::protocol::bifit
