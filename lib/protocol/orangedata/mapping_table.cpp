// Source: Orange Data, API 2.31.3 for FFD 1.05 and 1.2. Rates of 22 % are not in it.
#include "lib/protocol/orangedata/mapping_table.h"

namespace fiscalgate::protocol::orangedata {
namespace {

using enum Certainty;

// A rate of 20 % that is printed as 22 % would be a false record.
constexpr std::string_view kTwenty =
    "20 % in API 2.31; since 2026 the vendor's own client knows a flag useTax20, and what the "
    "number means without it is not public";
constexpr std::string_view kApi = "API 2.31";

// Group, field, tag, its value, the provider's value, certainty, source.
// clang-format off
constexpr MappingRow kRows[] = {
    {"operation", "content.type", 1054, 1, "1", kDocumented, kApi},
    {"operation", "content.type", 1054, 2, "2", kDocumented, kApi},
    {"operation", "content.type", 1054, 3, "3", kDocumented, kApi},
    {"operation", "content.type", 1054, 4, "4", kDocumented, kApi},

    {"taxation", "checkClose.taxationSystem", 1055, 1, "0", kDocumented, "API 2.31: the number of the bit"},
    {"taxation", "checkClose.taxationSystem", 1055, 2, "1", kDocumented, "API 2.31: the number of the bit"},
    {"taxation", "checkClose.taxationSystem", 1055, 4, "2", kDocumented, "API 2.31: the number of the bit"},
    {"taxation", "checkClose.taxationSystem", 1055, 8, "3", kDocumented, "API 2.31: the number of the bit"},
    {"taxation", "checkClose.taxationSystem", 1055, 16, "4", kDocumented, "API 2.31: the number of the bit"},
    {"taxation", "checkClose.taxationSystem", 1055, 32, "5", kDocumented, "API 2.31: the number of the bit"},

    {"vat", "positions[].tax", 1199, 1, "1", kInferred, kTwenty},
    {"vat", "positions[].tax", 1199, 2, "2", kDocumented, kApi},
    {"vat", "positions[].tax", 1199, 3, "3", kInferred, kTwenty},
    {"vat", "positions[].tax", 1199, 4, "4", kDocumented, kApi},
    {"vat", "positions[].tax", 1199, 5, "5", kDocumented, kApi},
    {"vat", "positions[].tax", 1199, 6, "6", kDocumented, kApi},
    {"vat", "positions[].tax", 1199, 7, "7", kDocumented, "API 2.31, in the list; its type column still ends at 6"},
    {"vat", "positions[].tax", 1199, 8, "8", kDocumented, "API 2.31, in the list; its type column still ends at 6"},
    {"vat", "positions[].tax", 1199, 9, "9", kDocumented, "API 2.31, in the list; its type column still ends at 6"},
    {"vat", "positions[].tax", 1199, 10, "10", kDocumented, "API 2.31, in the list; its type column still ends at 6"},
    {"vat", "positions[].tax", 1199, 11, "11", kInferred, "API 2.31 ends at 10; its numbers so far are those of the tag"},
    {"vat", "positions[].tax", 1199, 12, "12", kInferred, "API 2.31 ends at 10; its numbers so far are those of the tag"},

    {"subject", "positions[].paymentSubjectType", 1212, 1, "1", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 2, "2", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 3, "3", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 4, "4", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 5, "5", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 6, "6", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 7, "7", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 8, "8", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 9, "9", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 10, "10", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 11, "11", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 12, "12", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 13, "13", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 14, "14", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 15, "15", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 16, "16", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 17, "17", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 18, "18", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 19, "19", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 20, "20", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 21, "21", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 22, "22", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 23, "23", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 24, "24", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 25, "25", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 26, "26", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 27, "27", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 30, "30", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 31, "31", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 32, "32", kDocumented, kApi},
    {"subject", "positions[].paymentSubjectType", 1212, 33, "33", kDocumented, kApi},

    {"method", "positions[].paymentMethodType", 1214, 1, "1", kDocumented, kApi},
    {"method", "positions[].paymentMethodType", 1214, 2, "2", kDocumented, kApi},
    {"method", "positions[].paymentMethodType", 1214, 3, "3", kDocumented, kApi},
    {"method", "positions[].paymentMethodType", 1214, 4, "4", kDocumented, kApi},
    {"method", "positions[].paymentMethodType", 1214, 5, "5", kDocumented, kApi},
    {"method", "positions[].paymentMethodType", 1214, 6, "6", kDocumented, kApi},
    {"method", "positions[].paymentMethodType", 1214, 7, "7", kDocumented, kApi},

    {"payment", "checkClose.payments[].type", 1031, kCarried, "1", kDocumented, kApi},
    {"payment", "checkClose.payments[].type", 1081, kCarried, "2", kDocumented, kApi},
    {"payment", "checkClose.payments[].type", 1215, kCarried, "14", kDocumented, kApi},
    {"payment", "checkClose.payments[].type", 1216, kCarried, "15", kDocumented, kApi},
    {"payment", "checkClose.payments[].type", 1217, kCarried, "16", kDocumented, kApi},

    {"field", "agentInfo.paymentOperatorAddress", 1005, kCarried, "", kDocumented, kApi},
    {"field", "customerContact", 1008, kCarried, "", kDocumented, kApi},
    {"field", "settlementAddress", 1009, kCarried, "", kDocumented, kApi},
    {"field", "timeZone", 1011, kCarried, "", kDocumented, kApi},
    {"field", "agentInfo.paymentOperatorINN", 1016, kCarried, "", kDocumented, kApi},
    {"field", "cashier", 1021, kCarried, "", kDocumented, kApi},
    {"field", "positions[].quantity", 1023, kCarried, "", kDocumented, kApi},
    {"field", "agentInfo.paymentOperatorName", 1026, kCarried, "", kDocumented, kApi},
    {"field", "positions[].text", 1030, kCarried, "", kDocumented, kApi},
    {"field", "automatNumber", 1036, kCarried, "", kDocumented, kApi},
    {"field", "agentInfo.paymentAgentOperation", 1044, kCarried, "", kDocumented, kApi},
    {"field", "agentType", 1057, kCarried, "", kDocumented, kApi},
    {"field", "agentInfo.paymentAgentPhoneNumbers", 1073, kCarried, "", kDocumented, kApi},
    {"field", "agentInfo.paymentOperatorPhoneNumbers", 1074, kCarried, "", kDocumented, kApi},
    {"field", "agentInfo.paymentTransferOperatorPhoneNumbers", 1075, kCarried, "", kDocumented, kApi},
    {"field", "positions[].price", 1079, kCarried, "", kDocumented, kApi},
    {"field", "payments[].amount", 1082, kCarried, "", kDocumented, kApi},
    {"field", "additionalUserAttribute", 1084, kCarried, "", kDocumented, kApi},
    {"field", "additionalUserAttribute.name", 1085, kCarried, "", kDocumented, kApi},
    {"field", "additionalUserAttribute.value", 1086, kCarried, "", kDocumented, kApi},
    {"field", "senderEmail", 1117, kCarried, "", kDocumented, kApi},
    {"field", "isInternetStore", 1125, kCarried, "", kDocumented, kApi},
    {"field", "positions[].nomenclatureCode", 1162, kCarried, "", kDocumented, kApi},
    {"field", "supplierInfo.phoneNumbers", 1171, kCarried, "", kDocumented, kApi},
    {"field", "correctionType", 1173, kCarried, "", kDocumented, kApi},
    {"field", "causeDocumentDate, causeDocumentNumber", 1174, kCarried, "", kDocumented, kApi},
    {"field", "causeDocumentDate", 1178, kCarried, "", kDocumented, kApi},
    {"field", "causeDocumentNumber", 1179, kCarried, "", kDocumented, kApi},
    {"field", "settlementPlace", 1187, kCarried, "", kDocumented, kApi},
    {"field", "positions[].additionalAttribute", 1191, kCarried, "", kDocumented, kApi},
    {"field", "additionalAttribute", 1192, kCarried, "", kDocumented, kApi},
    {"field", "positions[].unitOfMeasurement", 1197, kCarried, "", kDocumented, kApi},
    {"field", "positions[].unitTaxSum", 1198, kCarried, "", kDocumented, kApi},
    {"field", "positions[].taxSum", 1200, kCarried, "", kDocumented, kApi},
    {"field", "cashierINN", 1203, kCarried, "", kDocumented, kApi},
    {"field", "positions[].agentType", 1222, kCarried, "", kDocumented, kApi},
    {"field", "positions[].agentInfo", 1223, kCarried, "", kDocumented, kApi},
    {"field", "positions[].supplierInfo", 1224, kCarried, "", kDocumented, kApi},
    {"field", "supplierInfo.name", 1225, kCarried, "", kDocumented, kApi},
    {"field", "positions[].supplierINN", 1226, kCarried, "", kDocumented, kApi},
    {"field", "customer, customerInfo.name", 1227, kCarried, "", kDocumented, kApi},
    {"field", "customerINN, customerInfo.inn", 1228, kCarried, "", kDocumented, kApi},
    {"field", "positions[].excise", 1229, kCarried, "", kDocumented, kApi},
    {"field", "positions[].manufacturerCountryCode", 1230, kCarried, "", kDocumented, kApi},
    {"field", "positions[].customsDeclarationNumber", 1231, kCarried, "", kDocumented, kApi},
    {"field", "checkClose.electronicPaymentsInfo", 1234, kCarried, "", kDocumented, kApi},
    {"field", "electronicPaymentsInfo.payments[]", 1235, kCarried, "", kDocumented, kApi},
    {"field", "payments[].type", 1236, kCarried, "", kDocumented, kApi},
    {"field", "payments[].id", 1237, kCarried, "", kDocumented, kApi},
    {"field", "payments[].additionalInfo", 1238, kCarried, "", kDocumented, kApi},
    {"field", "customerInfo.birthDate", 1243, kCarried, "", kDocumented, kApi},
    {"field", "customerInfo.citizenship", 1244, kCarried, "", kDocumented, kApi},
    {"field", "customerInfo.identityDocumentCode", 1245, kCarried, "", kDocumented, kApi},
    {"field", "customerInfo.identityDocumentData", 1246, kCarried, "", kDocumented, kApi},
    {"field", "customerInfo.address", 1254, kCarried, "", kDocumented, kApi},
    {"field", "customerInfo", 1256, kCarried, "", kDocumented, kApi},
    {"field", "positions[].industryAttributes", 1260, kCarried, "", kDocumented, kApi},
    {"field", "industryAttribute", 1261, kCarried, "", kDocumented, kApi},
    {"field", "industryAttribute.foivId", 1262, kCarried, "", kDocumented, kApi},
    {"field", "industryAttribute.causeDocumentDate", 1263, kCarried, "", kDocumented, kApi},
    {"field", "industryAttribute.causeDocumentNumber", 1264, kCarried, "", kDocumented, kApi},
    {"field", "industryAttribute.value", 1265, kCarried, "", kDocumented, kApi},
    {"field", "operationalAttribute", 1270, kCarried, "", kDocumented, kApi},
    {"field", "operationalAttribute.id", 1271, kCarried, "", kDocumented, kApi},
    {"field", "operationalAttribute.value", 1272, kCarried, "", kDocumented, kApi},
    {"field", "operationalAttribute.date", 1273, kCarried, "", kDocumented, kApi},
    {"field", "positions[].fractionalQuantity", 1291, kCarried, "", kDocumented, kApi},
    {"field", "fractionalQuantity.numerator", 1293, kCarried, "", kDocumented, kApi},
    {"field", "fractionalQuantity.denominator", 1294, kCarried, "", kDocumented, kApi},
    {"field", "positions[].itemCode", 2000, kCarried, "", kDocumented, kApi},
    {"field", "positions[].plannedStatus", 2003, kCarried, "", kDocumented, kApi},
    {"field", "positions[].quantityMeasurementUnit", 2108, kCarried, "", kDocumented, kApi},
};
// clang-format on

}  // namespace

const MappingTable& Table() {
  static constexpr MappingTable kTable = {"orangedata", kRows, true, &CheckRest};
  return kTable;
}

}  // namespace fiscalgate::protocol::orangedata
