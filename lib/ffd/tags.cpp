#include "lib/ffd/tags.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>

namespace fiscalgate::ffd {
namespace {

using enum TagType;
using enum FilledBy;

constexpr bool kFixed = true, kUpTo = false;

// One row a tag, sorted by number. Columns: number; type; the most bytes its value may take (0: no
// limit is known), always as many or up to as many; the tag whose enumeration holds its values;
// obligation in FFD 1.05, 1.1 and 1.2 (M mandatory, C on a condition, O optional, - not there,
// ? not established; of a tag of a group: within the group); who fills it; where it may stand; key;
// official name.
//
// Tags of the marking request (2000, 2003, 2100, 2101) are posted with an item. The BIT driver
// takes the industry attribute 1261 in items as well as in the receipt.
// clang-format off
constexpr Tag kTags[] = {
    {1000, kText,     0,    kUpTo,  0,    "M?M", kByDevice, kReceipt | kDevice,              "1000", "наименование документа"},
    {1005, kText,     256,  kUpTo,  0,    "C?C", kByShop,   kOldReceipt | kGroupOnly,        "transferOperatorAddress_1005", "адрес оператора перевода"},
    {1008, kText,     64,   kUpTo,  0,    "O?O", kByShop,   kReceipt,                        "sendToEmail_1008", "телефон или электронный адрес покупателя"},
    {1009, kText,     256,  kUpTo,  0,    "O?M", kByBoth,   kReceipt,                        "address_1009", "адрес расчетов"},
    {1011, kByte,     1,    kUpTo,  1011, "C?C", kByBoth,   kReceipt,                        "timeZone_1011", "часовая зона"},
    {1012, kTime,     4,    kUpTo,  0,    "M?M", kByDevice, kReceipt | kDevice,              "1012", "дата, время"},
    {1016, kInn,      12,   kFixed, 0,    "C?C", kByShop,   kOldReceipt | kGroupOnly,        "transferOperatorInn_1016", "ИНН оператора перевода"},
    {1018, kInn,      12,   kFixed, 0,    "O??", kByDevice, kReceipt | kDevice,              "inn_1018", "ИНН пользователя"},
    {1020, kMoney,    6,    kUpTo,  0,    "M?M", kByBoth,   kReceipt,                        "total_1020", "сумма расчета, указанного в чеке (БСО)"},
    {1021, kText,     64,   kUpTo,  0,    "C?C", kByShop,   kReceipt,                        "cashierName_1021", "кассир"},
    {1023, kQuantity, 8,    kUpTo,  0,    "C?M", kByShop,   kItem,                           "qty_1023", "количество предмета расчета"},
    {1026, kText,     64,   kUpTo,  0,    "C?C", kByShop,   kOldReceipt | kGroupOnly,        "transferOperatorName_1026", "наименование оператора перевода"},
    {1030, kText,     128,  kUpTo,  0,    "M?C", kByShop,   kItem,                           "productName_1030", "наименование предмета расчета"},
    {1031, kMoney,    6,    kUpTo,  0,    "O?O", kByShop,   kPayments,                       "cash_1031", "сумма по чеку (БСО) наличными"},
    {1036, kText,     20,   kUpTo,  0,    "C?C", kByShop,   kReceipt,                        "automatNumber_1036", "номер автомата"},
    {1037, kText,     20,   kFixed, 0,    "M?M", kByDevice, kReceipt | kDevice,              "1037", "регистрационный номер ККТ"},
    {1038, kUint32,   4,    kUpTo,  0,    "M?M", kByDevice, kReceipt | kDevice,              "1038", "номер смены"},
    {1040, kUint32,   4,    kUpTo,  0,    "M?M", kByDevice, kReceipt | kDevice,              "1040", "номер ФД"},
    {1041, kText,     16,   kFixed, 0,    "M?M", kByDevice, kReceipt | kDevice,              "1041", "номер ФН"},
    {1042, kUint32,   4,    kUpTo,  0,    "M?M", kByDevice, kReceipt | kDevice,              "1042", "номер чека за смену"},
    {1043, kMoney,    6,    kUpTo,  0,    "M?M", kByShop,   kItem,                           "amount_1043", "стоимость предмета расчета с учетом скидок и наценок"},
    {1044, kText,     24,   kUpTo,  0,    "C?C", kByShop,   kOldReceipt | kGroupOnly,        "agentOperation_1044", "операция банковского платежного агента"},
    {1048, kText,     256,  kUpTo,  0,    "O??", kByDevice, kReceipt | kDevice,              "1048", "наименование пользователя"},
    {1054, kByte,     1,    kUpTo,  1054, "M?M", kByShop,   kReceipt,                        "receiptType_1054", "признак расчета"},
    {1055, kBits,     1,    kUpTo,  1055, "O?O", kByShop,   kReceipt,                        "taxationType_1055", "применяемая система налогообложения"},
    {1057, kBits,     1,    kUpTo,  1222, "C?-", kByShop,   kReceipt,                        "agentType_1057", "признак агента"},
    {1059, kGroup,    1024, kUpTo,  0,    "M?M", kByShop,   kReceipt,                        "items_1059", "предмет расчета"},
    {1060, kText,     256,  kUpTo,  0,    "O?O", kByDevice, kReceipt | kDevice,              "1060", "адрес сайта ФНС"},
    {1062, kBits,     1,    kUpTo,  1055, "O?O", kByDevice, kDevice,                         "1062", "системы налогообложения"},
    {1073, kPhone,    19,   kUpTo,  0,    "O?C", kByShop,   kOldReceipt | kGroupOnly,        "paymentAgentPhone_1073", "телефон платежного агента"},
    {1074, kPhone,    19,   kUpTo,  0,    "O?C", kByShop,   kOldReceipt | kGroupOnly,        "paymentOperatorPhone_1074", "телефон оператора по приему платежей"},
    {1075, kPhone,    19,   kUpTo,  0,    "O?C", kByShop,   kOldReceipt | kGroupOnly,        "transferOperatorPhone_1075", "телефон оператора перевода"},
    {1077, kBytes,    6,    kFixed, 0,    "M?M", kByDevice, kReceipt | kDevice,              "1077", "ФПД"},
    {1079, kMoney,    6,    kUpTo,  0,    "M?M", kByShop,   kItem,                           "price_1079", "цена за единицу предмета расчета с учетом скидок и наценок"},
    {1081, kMoney,    6,    kUpTo,  0,    "O?O", kByShop,   kPayments,                       "ecash_1081", "сумма по чеку (БСО) безналичными"},
    {1082, kMoney,    6,    kUpTo,  0,    "MMM", kByShop,   kGroupOnly,                      "amount_1082", "сумма оплаты безналичными"},
    {1084, kGroup,    320,  kUpTo,  0,    "O?O", kByShop,   kReceipt,                        "userAttribute_1084", "дополнительный реквизит пользователя"},
    {1085, kText,     64,   kUpTo,  0,    "O?M", kByShop,   kGroupOnly,                      "name_1085", "наименование дополнительного реквизита пользователя"},
    {1086, kText,     256,  kUpTo,  0,    "O?M", kByShop,   kGroupOnly,                      "value_1086", "значение дополнительного реквизита пользователя"},
    {1102, kMoney,    6,    kUpTo,  0,    "C?C", kByBoth,   kReceipt,                        "vatSum20_1102", "сумма НДС чека по ставке 20%"},
    {1103, kMoney,    6,    kUpTo,  0,    "C?C", kByBoth,   kReceipt,                        "vatSum10_1103", "сумма НДС чека по ставке 10%"},
    {1104, kMoney,    6,    kUpTo,  0,    "C?C", kByBoth,   kReceipt,                        "turnoverVat0_1104", "сумма расчета по чеку с НДС по ставке 0%"},
    {1105, kMoney,    6,    kUpTo,  0,    "C?C", kByBoth,   kReceipt,                        "turnoverNoVat_1105", "сумма расчета по чеку без НДС"},
    {1106, kMoney,    6,    kUpTo,  0,    "C?C", kByBoth,   kReceipt,                        "vatSum20_120_1106", "сумма НДС чека по расч. ставке 20/120"},
    {1107, kMoney,    6,    kUpTo,  0,    "C?C", kByBoth,   kReceipt,                        "vatSum10_110_1107", "сумма НДС чека по расч. ставке 10/110"},
    {1108, kByte,     1,    kUpTo,  1108, "O?C", kByDevice, kReceipt | kDevice,              "internetSign_1108", "признак ККТ для расчетов только в Интернет"},
    {1115, kGroup,    0,    kUpTo,  0,    "CCC", kByDevice, kReceipt | kDevice,              "vatSums_1115", "суммы НДС чека (БСО)"},
    {1117, kText,     64,   kUpTo,  0,    "C?C", kByBoth,   kReceipt,                        "senderEmail_1117", "адрес электронной почты отправителя чека"},
    {1119, kGroup,    0,    kUpTo,  0,    "CCC", kByDevice, kGroupOnly | kDevice,            "vatSum_1119", "сумма НДС чека (БСО)"},
    {1120, kMoney,    6,    kUpTo,  0,    "CCC", kByDevice, kGroupOnly | kDevice,            "vatAmount_1120", "сумма НДС"},
    {1125, kByte,     1,    kUpTo,  1125, "CCC", kByShop,   kReceipt,                        "internetPayment_1125", "признак расчета в «Интернет»"},
    {1162, kBytes,    32,   kUpTo,  0,    "CC-", kByShop,   kItem,                           "nomenclatureCode_1162", "код товара"},
    {1163, kGroup,    256,  kUpTo,  0,    "--C", kByDevice, kItem | kDevice,                 "productCode_1163", "код товара"},
    {1171, kPhone,    19,   kUpTo,  0,    "O?C", kByShop,   kOldReceipt | kGroupOnly,        "supplierPhone_1171", "телефон поставщика"},
    {1173, kByte,     1,    kUpTo,  1173, "O?O", kByShop,   kReceipt,                        "correctionType_1173", "тип коррекции"},
    {1174, kGroup,    292,  kUpTo,  0,    "M?M", kByShop,   kReceipt,                        "correctionBasis_1174", "основание для коррекции"},
    {1177, kText,     256,  kUpTo,  0,    "OO-", kByShop,   kGroupOnly,                      "description_1177", "описание коррекции"},
    {1178, kDay,      4,    kUpTo,  0,    "M?M", kByShop,   kGroupOnly,                      "date_1178", "дата совершения корректируемого расчета"},
    {1179, kText,     32,   kUpTo,  0,    "M?C", kByShop,   kGroupOnly,                      "documentNumber_1179", "номер предписания налогового органа"},
    {1187, kText,     256,  kUpTo,  0,    "O?M", kByBoth,   kReceipt,                        "place_1187", "место расчетов"},
    {1191, kText,     64,   kUpTo,  0,    "O?O", kByShop,   kItem,                           "additionalAttribut_1191", "дополнительный реквизит предмета расчета"},
    {1192, kText,     16,   kUpTo,  0,    "O?O", kByShop,   kReceipt,                        "additionalAttribute_1192", "дополнительный реквизит чека (БСО)"},
    {1196, kText,     0,    kUpTo,  0,    "M?M", kByDevice, kReceipt | kDevice,              "1196", "QR-код"},
    {1197, kText,     16,   kUpTo,  0,    "OO-", kByShop,   kItem,                           "unitName_1197", "единица измерения предмета расчета"},
    {1198, kMoney,    6,    kUpTo,  0,    "O?O", kByShop,   kItem,                           "unitVat_1198", "размер НДС за единицу предмета расчета"},
    {1199, kByte,     1,    kUpTo,  1199, "C?C", kByShop,   kItem | kGroupOnly,              "tax_1199", "ставка НДС"},
    {1200, kMoney,    6,    kUpTo,  0,    "O?O", kByBoth,   kItem,                           "taxAmount_1200", "сумма НДС за предмет расчета"},
    {1203, kInn,      12,   kFixed, 0,    "O?O", kByShop,   kReceipt,                        "cashierInn_1203", "ИНН кассира"},
    {1209, kByte,     1,    kUpTo,  1209, "M?M", kByDevice, kReceipt | kDevice,              "ffdVersion_1209", "номер версии ФФД"},
    {1212, kByte,     1,    kUpTo,  1212, "O??", kByShop,   kItem,                           "productTypeCode_1212", "признак предмета расчета"},
    {1214, kByte,     1,    kUpTo,  1214, "C?C", kByShop,   kItem,                           "paymentFormCode_1214", "признак способа расчета"},
    {1215, kMoney,    6,    kUpTo,  0,    "O?O", kByShop,   kPayments,                       "prepayment_1215", "сумма по чеку (БСО) предоплатой (зачетом аванса и (или) предыдущих платежей)"},
    {1216, kMoney,    6,    kUpTo,  0,    "O?O", kByShop,   kPayments,                       "credit_1216", "сумма по чеку (БСО) постоплатой (в кредит)"},
    {1217, kMoney,    6,    kUpTo,  0,    "O?O", kByShop,   kPayments,                       "barter_1217", "сумма по чеку (БСО) встречным предоставлением"},
    {1222, kBits,     1,    kUpTo,  1222, "O?C", kByShop,   kItem,                           "agentType_1222", "признак агента по предмету расчета"},
    {1223, kGroup,    512,  kUpTo,  0,    "O?C", kByShop,   kItem,                           "agentInfo_1223", "данные агента"},
    {1224, kGroup,    512,  kUpTo,  0,    "O?C", kByShop,   kItem,                           "supplierInfo_1224", "данные поставщика"},
    {1225, kText,     256,  kUpTo,  0,    "O?C", kByShop,   kGroupOnly,                      "supplierName_1225", "наименование поставщика"},
    {1226, kInn,      12,   kFixed, 0,    "C?C", kByShop,   kItem,                           "supplierInn_1226", "ИНН поставщика"},
    {1227, kText,     256,  kUpTo,  0,    "O?C", kByShop,   kOldReceipt | kGroupOnly,        "clientName_1227", "покупатель (клиент)"},
    {1228, kInn,      12,   kFixed, 0,    "O?C", kByShop,   kOldReceipt | kGroupOnly,        "clientInn_1228", "ИНН покупателя (клиента)"},
    {1229, kMoney,    6,    kUpTo,  0,    "O?O", kByShop,   kItem,                           "excise_1229", "акциз"},
    {1230, kText,     3,    kFixed, 0,    "O?C", kByShop,   kItem,                           "countryCode_1230", "код страны происхождения товара"},
    {1231, kText,     32,   kUpTo,  0,    "O?C", kByShop,   kItem,                           "customsDeclaration_1231", "номер декларации на товар"},
    {1234, kGroup,    0,    kUpTo,  0,    "OOO", kByShop,   kReceipt,                        "ecashDetails_1234", "сведения обо всех оплатах по чеку (БСО) безналичными"},
    {1235, kGroup,    0,    kUpTo,  0,    "OOM", kByShop,   kGroupOnly,                      "ecashDetail_1235", "сведения об оплате безналичными"},
    {1236, kByte,     1,    kUpTo,  0,    "MMM", kByShop,   kGroupOnly,                      "method_1236", "признак способа оплаты безналичными"},
    {1237, kText,     256,  kUpTo,  0,    "MMM", kByShop,   kGroupOnly,                      "id_1237", "идентификаторы безналичной оплаты"},
    {1238, kText,     256,  kUpTo,  0,    "OOO", kByShop,   kGroupOnly,                      "additionalInfo_1238", "дополнительные сведения о безналичной оплате"},
    {1243, kDateText, 10,   kFixed, 0,    "-?C", kByShop,   kGroupOnly,                      "birthDate_1243", "дата рождения покупателя (клиента)"},
    {1244, kText,     3,    kFixed, 0,    "-?C", kByShop,   kGroupOnly,                      "citizenship_1244", "гражданство"},
    {1245, kText,     2,    kFixed, 1245, "-?C", kByShop,   kGroupOnly,                      "documentCode_1245", "код вида документа, удостоверяющего личность"},
    {1246, kText,     64,   kUpTo,  0,    "-?C", kByShop,   kGroupOnly,                      "documentData_1246", "данные документа, удостоверяющего личность"},
    {1254, kText,     256,  kUpTo,  0,    "-?C", kByShop,   kGroupOnly,                      "clientAddress_1254", "адрес покупателя (клиента)"},
    {1256, kGroup,    1024, kUpTo,  0,    "--O", kByShop,   kReceipt,                        "clientInfo_1256", "сведения о покупателе (клиенте)"},
    {1260, kGroup,    317,  kUpTo,  0,    "--C", kByShop,   kItem,                           "industryAttribute_1260", "отраслевой реквизит предмета расчета"},
    {1261, kGroup,    317,  kUpTo,  0,    "-?C", kByShop,   kReceipt | kItem,                "industryAttribute_1261", "отраслевой реквизит чека"},
    {1262, kText,     3,    kFixed, 1262, "--M", kByShop,   kGroupOnly,                      "foivId_1262", "идентификатор ФОИВ"},
    {1263, kDateText, 10,   kFixed, 0,    "--M", kByShop,   kGroupOnly,                      "basisDocumentDate_1263", "дата документа основания"},
    {1264, kText,     32,   kUpTo,  0,    "--M", kByShop,   kGroupOnly,                      "basisDocumentNumber_1264", "номер документа основания"},
    {1265, kText,     256,  kUpTo,  0,    "--M", kByShop,   kGroupOnly,                      "industryValue_1265", "значение отраслевого реквизита"},
    {1270, kGroup,    144,  kUpTo,  0,    "-?C", kByShop,   kReceipt,                        "operationalAttribute_1270", "операционный реквизит чека"},
    {1271, kByte,     1,    kUpTo,  0,    "-?M", kByShop,   kGroupOnly,                      "operationId_1271", "идентификатор операции"},
    {1272, kText,     64,   kUpTo,  0,    "-?M", kByShop,   kGroupOnly,                      "operationData_1272", "данные операции"},
    {1273, kTime,     4,    kUpTo,  0,    "-?M", kByShop,   kGroupOnly,                      "operationDate_1273", "дата, время операции"},
    {1291, kGroup,    52,   kUpTo,  0,    "--C", kByShop,   kItem,                           "fraction_1291", "дробное количество маркированного товара"},
    {1292, kText,     24,   kUpTo,  0,    "-?M", kByDevice, kGroupOnly | kDevice,            "fractionText_1292", "дробная часть"},
    {1293, kVarInt,   8,    kUpTo,  0,    "-?M", kByShop,   kGroupOnly,                      "numerator_1293", "числитель"},
    {1294, kVarInt,   8,    kUpTo,  0,    "-?M", kByShop,   kGroupOnly,                      "denominator_1294", "знаменатель"},
    {1300, kText,     32,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "codeUnknown_1300", "нераспознанный код товара (КТ Н)"},
    {1301, kText,     8,    kFixed, 0,    "--C", kByBoth,   kGroupOnly,                      "ean8_1301", "КТ EAN-8"},
    {1302, kText,     13,   kFixed, 0,    "--C", kByBoth,   kGroupOnly,                      "ean13_1302", "КТ EAN-13"},
    {1303, kText,     14,   kFixed, 0,    "--C", kByBoth,   kGroupOnly,                      "itf14_1303", "КТ ITF-14"},
    {1304, kText,     38,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "gs10_1304", "КТ GS1.0"},
    {1305, kText,     38,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "gs1m_1305", "КТ GS1.М"},
    {1306, kText,     38,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "kmk_1306", "КТ КМК"},
    {1307, kText,     20,   kFixed, 0,    "--C", kByBoth,   kGroupOnly,                      "mi_1307", "КТ МИ"},
    {1308, kText,     23,   kFixed, 0,    "--C", kByBoth,   kGroupOnly,                      "egais2_1308", "КТ ЕГАИС-2.0"},
    {1309, kText,     14,   kFixed, 0,    "--C", kByBoth,   kGroupOnly,                      "egais3_1309", "КТ ЕГАИС-3.0"},
    {1320, kText,     32,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "f1_1320", "КТ Ф.1"},
    {1321, kText,     32,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "f2_1321", "КТ Ф.2"},
    {1322, kText,     32,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "f3_1322", "КТ Ф.3"},
    {1323, kText,     32,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "f4_1323", "КТ Ф.4"},
    {1324, kText,     32,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "f5_1324", "КТ Ф.5"},
    {1325, kText,     32,   kUpTo,  0,    "--C", kByBoth,   kGroupOnly,                      "f6_1325", "КТ Ф.6"},
    {2000, kText,     256,  kUpTo,  0,    "--C", kByShop,   kItem,                           "markingCode_2000", "код маркировки"},
    {2003, kByte,     1,    kUpTo,  2003, "-?C", kByShop,   kItem,                           "plannedStatus_2003", "планируемый статус товара"},
    {2004, kBits,     1,    kUpTo,  2106, "-?C", kByDevice, kDevice,                         "kmCheckResult_2004", "результат проверки КМ"},
    {2005, kBits,     1,    kUpTo,  2106, "-?C", kByDevice, kDevice,                         "requestResults_2005", "результаты обработки запроса"},
    {2040, kUint32,   4,    kUpTo,  0,    "-?C", kByDevice, kDevice,                         "2040", "номер ФД кассового чека (в уведомлении)"},
    {2100, kByte,     1,    kUpTo,  2100, "-?C", kByDevice, kItem | kDevice,                 "markingCodeType_2100", "тип кода маркировки"},
    {2101, kText,     38,   kUpTo,  0,    "-?C", kByDevice, kItem | kDevice,                 "productId_2101", "идентификатор товара"},
    {2102, kByte,     1,    kUpTo,  2102, "--C", kByShop,   kItem,                           "processingMode_2102", "режим обработки кода маркировки"},
    {2105, kByte,     1,    kUpTo,  2105, "-?C", kByDevice, kDevice,                         "requestCodes_2105", "коды обработки запроса"},
    {2106, kBits,     1,    kUpTo,  2106, "--C", kByDevice, kItem | kDevice,                 "checkResult_2106", "результат проверки сведений о товаре"},
    {2107, kByte,     1,    kUpTo,  2107, "-?C", kByDevice, kReceipt | kDevice,              "2107", "результаты проверки маркированных товаров"},
    {2108, kByte,     1,    kUpTo,  2108, "--C", kByShop,   kItem,                           "unit_2108", "мера количества предмета расчета"},
    {2109, kByte,     1,    kUpTo,  2109, "-?C", kByDevice, kDevice,                         "oismStatus_2109", "ответ ОИСМ о статусе товара"},
    {2110, kByte,     1,    kUpTo,  2003, "-?C", kByBoth,   kDevice,                         "assignedStatus_2110", "присвоенный статус товара"},
    {2111, kByte,     1,    kUpTo,  2111, "-?C", kByDevice, kDevice,                         "notificationCodes_2111", "коды обработки уведомления"},
    {2114, kTime,     4,    kUpTo,  0,    "-?C", kByDevice, kDevice,                         "2114", "дата и время запроса"},
    {2115, kText,     4,    kFixed, 0,    "-?C", kByDevice, kItem | kDevice,                 "controlCode_2115", "контрольный код КМ"},
};
// clang-format on

constexpr int kFirst = kTags[0].number;
constexpr int kLast = kTags[std::size(kTags) - 1].number;
constexpr std::size_t kNumbers = static_cast<std::size_t>(kLast - kFirst) + 1;
constexpr std::uint8_t kNoTag = 255;
static_assert(std::size(kTags) < kNoTag);

// From number to row.
constexpr std::array<std::uint8_t, kNumbers> kRowOf = [] {
  std::array<std::uint8_t, kNumbers> rows{};
  rows.fill(kNoTag);
  for (std::size_t i = 0; i < std::size(kTags); ++i) {
    rows[static_cast<std::size_t>(kTags[i].number - kFirst)] = static_cast<std::uint8_t>(i);
  }
  return rows;
}();

constexpr std::size_t kMaxTagDigits = 9;

}  // namespace

std::span<const Tag> AllTags() { return kTags; }

const Tag* FindTag(int number) {
  if (number < kFirst || number > kLast) return nullptr;
  const std::uint8_t row = kRowOf[static_cast<std::size_t>(number - kFirst)];
  return row == kNoTag ? nullptr : &kTags[row];
}

int TagOfKey(std::string_view key) {
  const std::string_view digits = key.substr(key.rfind('_') + 1);  // npos + 1 is 0: the whole key
  if (digits.empty() || digits.size() > kMaxTagDigits || digits[0] < '0' || digits[0] > '9')
    return 0;
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() ? number : 0;
}

std::string_view TypeName(TagType type) {
  switch (type) {
    case kText:
      return "string";
    case kInn:
      return "string(inn)";
    case kPhone:
      return "string(phone)";
    case kByte:
      return "integer(byte)";
    case kUint32:
      return "integer(uint32)";
    case kVarInt:
      return "integer(VLN)";
    case kMoney:
      return "money";
    case kQuantity:
      return "quantity";
    case kTime:
      return "unixtime";
    case kDay:
      return "unixtime(date)";
    case kDateText:
      return "date";
    case kBits:
      return "bitmask(byte)";
    case kBytes:
      return "bytes";
    case kGroup:
      return "group(STLV)";
  }
  return "";
}

}  // namespace fiscalgate::ffd
