#!/usr/bin/env python3
"""Writes the tables of receipts in this folder: each row a whole receipt, the options it is checked with, and what
must be found. A row is made of one of the receipts below and what is changed in it; what must be found is written
by hand here.

    tests/data/ffd/make_cases.py
"""
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from receipts import (BANK, GS, MARK, ORGANISATION, PERSON, REMOVED, SUPPLIER, agent, case, correction,  # noqa: E402
                      item, marked, sale, tables)

HERE = pathlib.Path(__file__).resolve().parent
P = "/purchases/0/"


def one(tag_key, code, *detail):
    return [(P + tag_key, code, *detail)]


# What is accepted.
A = "accepted"
case(A, "plain_sale", sale())
case(A, "old_dialect_items", {"pp_1059": item(), "x_1059": item(), "payments": {"card_1081": 22}, "sno_1055": 2,
                              "kind_1054": 1})
seed_item = {"productName_1030": "товар 123", "price_1079": 11.00, "qty_1023": 1.00, "unit_2108": 10,
             "paymentFormCode_1214": 2, "productTypeCode_1212": 3, "tax_1199": 6,
             "additionalAttribut_1191": "что-то дополнительное"}
seed = {"purchases": [seed_item], "cashierName_1021": "Пупкин Иван Трофимович", "cashierInn_1203": "",
        "payments": {"cash_1031": 10.00, "ecash_1081": 1.00, "prepayment_1215": 0, "credit_1216": 0,
                     "barter_1217": 0},
        "taxationType_1055": 5, "receiptType_1054": 1, "sendToEmail_1008": "kkm@example.ru", "electronically": True}
case(A, "vendors_sample_with_two_regimes", seed, [("/taxationType_1055", "several_bits", "5")])
case(A, "vendors_sample_lenient", seed, [], [("/taxationType_1055", "several_bits", "5")], lenient=True)
first = dict(seed, receiptType_1054=0, taxationType_1055=1,
             payments={"cash_1031": 100.00, "ecash_1081": 12.00, "prepayment_1215": 0})
first["purchases"] = [dict(seed_item, price_1079=55.50), dict(seed_item, price_1079=55.50, qty_1023=2)]
case(A, "vendors_older_sample", first, [("/receiptType_1054", "bad_enum", "0"), ("/payments", "payments_too_low", "166.50")])
case(A, "vendors_older_sample_lenient", first, [], [("/receiptType_1054", "bad_enum", "0"),
                                                  ("/payments", "payments_too_low", "166.50")], lenient=True)
for count in (20, 40, 80):
    goods = [dict(seed_item, productName_1030=f"товар {i + 1}", price_1079=10 + i, qty_1023=1 + i % 3,
                  paymentFormCode_1214=4) for i in range(count)]
    paid = sum((10 + i) * (1 + i % 3) for i in range(count))
    case(A, f"vendors_shape_{count}_items", dict(seed, purchases=REMOVED, taxationType_1055=1,
                                                payments={"ecash_1081": paid}) | {"1059": goods})
    tables[A][-1]["receipt"].pop("purchases")
case(A, "marked_piece", sale([marked()]))
case(A, "marked_in_base64", sale([marked(markingCode_2000="MDEwNDYwMTIzNDU2Nzg5MDIxNUFiQ2RFZkdoSWpLbB05MUVFMDYdOTJ4eHh4")]))
case(A, "marked_part_of_a_package", sale([marked(fraction_1291={"numerator_1293": 1, "denominator_1294": 10},
                                                 plannedStatus_2003=5)]))
case(A, "marked_by_weight", sale([marked(unit_2108=11, qty_1023=0.5, price_1079=22, plannedStatus_2003=2)]))
case(A, "marked_in_the_drivers_group", sale([item(productTypeCode_1212=33, markirovka={
    "markingCode_2000": MARK, "processingMode_2102": 0, "plannedStatus_2003": 5, "part_1291": "1/10"})]))
case(A, "marked_return", sale([marked(plannedStatus_2003=3)], receiptType_1054=2))
case(A, "commissioner", sale([agent()]))
case(A, "bank_agent", sale([agent(1, agentInfo_1223=BANK)]))
case(A, "agent_in_the_drivers_group", sale([item(agent={
    "agentCode_1222": 64, "supplierPhone_1171": "+79161234567", "supplierName_1225": "ООО Поставщик",
    "supplierINN_1226": ORGANISATION})]))
case(A, "receipt_agent_1_05", sale([item(unit_2108=REMOVED)], agentType_1057=32, supplierPhone_1171="+79161234567"),
     version="1.05")
case(A, "correction_1_2", correction())
case(A, "correction_by_order", correction(None, {"date_1178": "2026-01-15", "documentNumber_1179": "12-3"},
                                          correctionType_1173=1))
case(A, "correction_1_05_without_items",
     {"receiptType_1054": 1, "taxationType_1055": 1, "total_1020": 11, "payments": {"ecash_1081": 11},
      "correctionType_1173": 0, "correctionBasis_1174": {"date_1178": "15.01.2026"}}, version="1.05")
case(A, "bso", sale(**{"1000": "БСО"}))
case(A, "internet", sale(internetPayment_1125=1, place_1187="https://shop.example"))
case(A, "buyer_with_document", sale(clientInfo_1256={
    "clientName_1227": "Иванов Иван", "birthDate_1243": "01.02.1980", "citizenship_1244": "643",
    "documentCode_1245": "21", "documentData_1246": "4509 123456"}))
case(A, "buyer_of_the_drivers_group", sale(sendToEmail_1008=REMOVED, electronically=True, clientInfo={
    "email_1008": "buyer@example.ru", "name_1227": "ООО Покупатель", "inn_1228": ORGANISATION}))
case(A, "all_receipt_groups", sale(
    userAttribute_1084={"name_1085": "заказ", "value_1086": "15"},
    operationalAttribute_1270={"operationId_1271": 0, "operationData_1272": "x", "operationDate_1273": "2026-01-31T10:00:00"},
    industryAttribute_1261=[{"foivId_1262": "030", "foivDate_1263": "21.11.2023", "n_1264": "1944", "v_1265": "a=b"}],
    ecashDetails_1234=[{"amount_1082": 11, "method_1236": 1, "id_1237": "r1"}], timeZone_1011=2))
case(A, "expense", sale([item(productTypeCode_1212=27)], receiptType_1054=3))
case(A, "expense_return", sale(receiptType_1054=4))
case(A, "numbers_as_texts", sale([item(price_1079="11.00", qty_1023="1", tax_1199="6")]))

# Form.
F = "form"
case(F, "not_an_object", [1], [("", "wrong_type", "object")])
case(F, "wrong_type", sale([item(price_1079=[])]), one("price_1079", "wrong_type", "number"))
case(F, "missing", sale([item(price_1079=REMOVED)]), one("price_1079", "missing"))
case(F, "empty_name", sale([item(productName_1030="  ")]), one("productName_1030", "empty"))
case(F, "unknown_tag", sale([item(unit_9108=0)]), one("unit_9108", "unknown_tag", "9108"))
case(F, "not_a_tag", sale([item(productName="x")]), one("productName", "not_a_tag", "productName"))
case(F, "tag_not_here", sale([item(cash_1031=5)]), one("cash_1031", "tag_not_here", "1031"))
case(F, "duplicate_tag", sale([item(cost_1079=11)]), one("cost_1079", "duplicate_tag", "1079"))
case(F, "too_many_items", sale([item(price_1079=1)] * 251, 251), [("/purchases", "too_many_items", "250")])
case(F, "bad_number", sale([item(price_1079="11,00")]), one("price_1079", "bad_number", "11,00"))
case(F, "too_many_places", sale([item(price_1079=11.001)]), one("price_1079", "too_many_places", "2"))
case(F, "out_of_range", sale([item(qty_1023=0)]), one("qty_1023", "out_of_range", "0"))
case(F, "negative", sale([item(price_1079=-11)]), one("price_1079", "negative", "-11"))
case(F, "bad_enum", sale([item(tax_1199=77)]), one("tax_1199", "bad_enum", "77"))
case(F, "bad_unit", sale([item(unit_2108=7)]), one("unit_2108", "bad_enum", "7"))
case(F, "bad_document_code", sale(clientInfo_1256={"n_1227": "И", "i_1228": PERSON, "documentCode_1245": "01"}),
     [("/clientInfo_1256/documentCode_1245", "bad_enum", "01")])
case(F, "bad_agency", sale(x_1261=[{"f_1262": "073", "d_1263": "21.11.2023", "n_1264": "1", "v_1265": "x"}]),
     [("/x_1261/0/f_1262", "bad_enum", "073")])
case(F, "bad_date", sale(clientInfo_1256={"n_1227": "И", "i_1228": PERSON, "birthDate_1243": "31.02.1980"}),
     [("/clientInfo_1256/birthDate_1243", "bad_date", "31.02.1980")])
case(F, "group_not_whole", sale(userAttribute_1084={"name_1085": "x"}), [("/userAttribute_1084/value_1086", "missing")])
case(F, "industry_not_whole", sale([item(industryAttribute_1260={"foivId_1262": "030"})]),
     [(P + "industryAttribute_1260/" + key, "missing") for key in
      ("basisDocumentDate_1263", "basisDocumentNumber_1264", "industryValue_1265")])

# Sums and payments.
S = "sums"
case(S, "half_up", sale([item(price_1079=9999, qty_1023=2.474, amount_1043=24737.53)], 24737.53))
case(S, "a_kopeck_is_tolerated", sale([item(price_1079=3.33, qty_1023=0.333, amount_1043=1.12)], 1.12))
case(S, "item_sum_mismatch", sale([item(price_1079=3.33, qty_1023=0.333, amount_1043=1.13)], 1.13),
     one("amount_1043", "item_sum_mismatch", "1.11"))
case(S, "no_kopeck_where_the_provider_multiplies", sale([item(price_1079=3.33, qty_1023=0.333, amount_1043=1.12)], 1.12),
     one("amount_1043", "item_sum_mismatch", "1.11"), provider="orangedata")
case(S, "total_without_kopecks", sale([item(price_1079=10.99)], 10, total_1020=10))
case(S, "total_mismatch", sale([item(price_1079=10.99)], 10.99, total_1020=10.98),
     [("/total_1020", "total_mismatch", "10.99")])
case(S, "payments_too_low", sale(total=10.99), [("/payments", "payments_too_low", "11.00")])
case(S, "payments_too_low_lenient", sale(total=10.99), [], [("/payments", "payments_too_low", "11.00")], lenient=True)
case(S, "change_from_cash", sale(payments={"cash_1031": 500}))
case(S, "non_cash_too_high", sale(total=11.01), [("/payments", "non_cash_too_high", "11.00")])
case(S, "no_payment", sale(payments={"cash_1031": 0}), [("/payments", "no_payment")])
case(S, "gift", sale([item(price_1079=0)], payments={"cash_1031": 0}))
case(S, "cash_not_needed", sale(payments={"ecash_1081": 11, "cash_1031": 5}), [],
     [("/payments/cash_1031", "cash_not_needed", "5.00")])
case(S, "cashless_details_mismatch", sale(ecashDetails_1234=[{"amount_1082": 5, "method_1236": 1, "id_1237": "r1"}]), [],
     [("/ecashDetails_1234", "cashless_details_mismatch", "5.00")])

# Limits.
L = "limits"
case(L, "name_of_128", sale([item(productName_1030="ё" * 128)]))
case(L, "name_too_long", sale([item(productName_1030="ё" * 129)]), one("productName_1030", "too_long", "128"))
case(L, "name_grows_by_transliteration", sale([item(productName_1030="ё" * 126 + "…")]),
     one("productName_1030", "too_long", "128"), [(P + "productName_1030", "characters_replaced")])
case(L, "attribute_too_long", sale(additionalAttribute_1192="х" * 17), [("/additionalAttribute_1192", "too_long", "16")])
case(L, "atol_items", sale([item(price_1079=1)] * 101, 101), [("/purchases", "too_many_items", "100")], provider="atol")
case(L, "atol_sum", sale([item(price_1079=42949672.96)], 42949672.96),
     [(P + "price_1079", "sum_too_high", "42949672.95"), (P + "amount_1043", "sum_too_high", "42949672.95"),
      ("/total_1020", "sum_too_high", "42949672.95")], provider="atol")
case(L, "atol_quantity", sale([item(price_1079=0.01, qty_1023=100000)], 1000),
     one("qty_1023", "quantity_too_high", "99999.999"), provider="atol")
case(L, "atol_places", sale([item(price_1079=10, qty_1023=0.1234)], 1.23), one("qty_1023", "too_many_places", "3"),
     provider="atol")
case(L, "bifit_places", sale([item(price_1079=10, qty_1023=0.1234)], 1.23), one("qty_1023", "too_many_places", "3"),
     provider="bifit")
case(L, "begateway_places", sale([item(price_1079=1000000, qty_1023=0.123456)], 123456), provider="begateway")
case(L, "atol_phone", sale([agent(supplierInfo_1224={"p_1171": "+123456789012345", "n_1225": "x"})]), provider="atol")
case(L, "orangedata_address", sale(address_1009="а" * 244), [("/address_1009", "too_long", "243")], provider="orangedata")
case(L, "bit_address", sale(address_1009="а" * 244))
case(L, "orangedata_user_attribute", sale(userAttribute_1084={"name_1085": "а" * 60, "value_1086": "б" * 176}),
     [("/userAttribute_1084", "too_long", "235")], provider="orangedata")
case(L, "orangedata_marking_code", sale([marked(markingCode_2000=MARK + "y" * 200)]),
     one("markingCode_2000", "too_long", "223"), provider="orangedata")
case(L, "agent_group_too_long", sale([agent(1, agentInfo_1223=dict(BANK, transferOperatorAddress_1005="а" * 200))]),
     one("agentInfo_1223", "too_long", "243"), provider="orangedata")
case(L, "item_too_large", sale([agent(1, productName_1030="т" * 128, additionalAttribut_1191="а" * 64,
                                      agentInfo_1223=dict(BANK, transferOperatorAddress_1005="а" * 256),
                                      supplierInfo_1224=dict(SUPPLIER, supplierName_1225="п" * 256),
                                      industryAttribute_1260={"f_1262": "030", "d_1263": "21.11.2023",
                                                              "n_1264": "1" * 32, "v_1265": "v" * 256})]),
     [("/purchases/0", "item_too_large")])
case(L, "document_too_large", sale([item(price_1079=1, productName_1030="т" * 128)] * 195, 195),
     [("", "document_too_large")])


def industry(letters):
    return {"foivId_1262": "030", "date_1263": "21.11.2023", "number_1264": "1", "value_1265": "я" * letters}


def full(letters):  # an item of 776 bytes and these
    return item(productName_1030="н" * 120, industryAttribute_1260=[industry(n) for n in (256, 256, letters)])


def long_sale(letters):  # 31 items of 1024 bytes, and as much beside them as is wanted
    return sale([full(248)] * 31, 341, address_1009="я" * 256, place_1187="я" * 256, additionalAttribute_1192="я",
                userAttribute_1084={"name_1085": "я", "value_1086": "я" * letters})


case(L, "item_of_1024_bytes", sale([full(248)]))
case(L, "item_of_1025_bytes", sale([full(249)]), [("/purchases/0", "item_too_large", "1025")])
case(L, "document_of_32768_bytes", long_sale(183))
case(L, "document_of_32769_bytes", long_sale(184), [("", "document_too_large", "32769")])
case(L, "quotes_and_dashes", sale([item(productName_1030="Чай «Утро» — №1 ёлка")]), [],
     one("productName_1030", "characters_replaced", 'Чай "Утро" - №1 ёлка'))
case(L, "unknown_characters", sale([item(productName_1030="Чай 茶")]), [],
     one("productName_1030", "characters_replaced", "Чай ?"))

# Versions.
V = "versions"
case(V, "unit_of_1_2_in_1_05", sale(), one("unit_2108", "not_in_version", "2108"), version="1.05")
case(V, "unit_of_1_2_in_1_05_lenient", sale(), [], one("unit_2108", "not_in_version", "2108"), version="1.05", lenient=True)
case(V, "unit_name_in_1_2", sale([item(unitName_1197="шт")]), one("unitName_1197", "not_in_version", "1197"))
case(V, "unit_name_in_1_05", sale([item(unit_2108=REMOVED, unitName_1197="шт")]), version="1.05")
case(V, "receipt_agent_in_1_2", sale(agentType_1057=32), [("/agentType_1057", "not_in_version", "1057")])
case(V, "buyer_of_1_05_in_1_2", sale(clientName_1227="ООО", clientInn_1228=ORGANISATION),
     [("/clientName_1227", "not_in_version", "1227"), ("/clientInn_1228", "not_in_version", "1228")])
case(V, "unit_missing", sale([item(unit_2108=REMOVED)]), one("unit_2108", "unit_missing"))
case(V, "unit_missing_lenient", sale([item(unit_2108=REMOVED)]), [], one("unit_2108", "unit_missing"), lenient=True)
case(V, "marked_subject_in_1_05", sale([item(unit_2108=REMOVED, productTypeCode_1212=32)]),
     one("productTypeCode_1212", "subject_not_in_version", "32"), version="1.05")
case(V, "filled_by_the_register", sale(**{"1040": 5}), [], [("/1040", "filled_by_register", "1040")])

# Identity.
I = "identity"
case(I, "cashier_inn", sale(cashierName_1021="Иванов", cashierInn_1203=PERSON))
case(I, "cashier_inn_of_an_organisation", sale(cashierName_1021="Иванов", cashierInn_1203=ORGANISATION),
     [("/cashierInn_1203", "bad_inn", "12")])
case(I, "cashier_inn_checksum", sale(cashierName_1021="Иванов", cashierInn_1203="500100732258"),
     [("/cashierInn_1203", "inn_checksum")])
case(I, "cashier_name_missing", sale(cashierInn_1203=PERSON), [], [("/cashierName_1021", "cashier_name_missing")])
case(I, "own_inn_checksum", sale(inn_1018="7707083894"), [("/inn_1018", "inn_checksum")])
case(I, "supplier_inn_checksum", sale([agent(supplierInn_1226="7707083894")]), [], one("supplierInn_1226", "inn_checksum"))
case(I, "supplier_inn_checksum_strict", sale([agent(supplierInn_1226="7707083894")]),
     one("supplierInn_1226", "inn_checksum"), strict_inn=True)
case(I, "foreign_supplier", sale([agent(supplierInn_1226="000000000000")]), strict_inn=True)
case(I, "supplier_inn_too_short", sale([agent(supplierInn_1226="77")]), one("supplierInn_1226", "bad_inn"))
case(I, "contact_is_no_contact", sale(sendToEmail_1008="покупатель"), [("/sendToEmail_1008", "bad_contact")])
case(I, "contact_is_a_phone", sale(sendToEmail_1008="+79161234567"))
case(I, "phone_without_plus", sale(sendToEmail_1008="89161234567"), [("/sendToEmail_1008", "bad_contact")])
case(I, "contact_none", sale(sendToEmail_1008="none"), [("/sendToEmail_1008", "bad_contact")])
case(I, "contact_none_of_orangedata", sale(sendToEmail_1008="none"), provider="orangedata")
case(I, "contact_missing", sale(sendToEmail_1008=REMOVED, electronically=True), [("/sendToEmail_1008", "contact_missing")])
case(I, "contact_missing_for_a_register_without_paper", sale(sendToEmail_1008=REMOVED),
     [("/sendToEmail_1008", "contact_missing")], electronic=True)
case(I, "no_contact_on_paper", sale(sendToEmail_1008=REMOVED))
case(I, "bad_sender", sale(senderEmail_1117="shop"), [("/senderEmail_1117", "bad_email")])
case(I, "bad_phone", sale([agent(supplierInfo_1224={"supplierPhone_1171": "8 916 000", "n_1225": "x"})]),
     one("supplierInfo_1224/supplierPhone_1171", "bad_phone", "19"))
case(I, "buyer_name_missing", sale(clientInfo_1256={"clientInn_1228": ORGANISATION}), [],
     [("/clientInfo_1256/clientName_1227", "buyer_name_missing")])
case(I, "buyer_document_missing", sale(clientInfo_1256={"clientName_1227": "Иванов"}), [],
     [("/clientInfo_1256", "buyer_document_missing", "1243, 1245, 1246")])
case(I, "country_in_letters", sale([item(countryCode_1230="RU")]), one("countryCode_1230", "bad_country", "RU"))

# Agents.
G = "agents"
case(G, "several_bits", sale([agent(48)]), [], one("agentType_1222", "several_agent_bits", "48"))
case(G, "type_missing", sale([agent(agentType_1222=REMOVED)]), one("agentType_1222", "agent_type_missing"))
case(G, "supplier_inn_missing", sale([agent(supplierInn_1226=REMOVED)]), one("supplierInn_1226", "supplier_inn_missing"))
case(G, "supplier_missing", sale([agent(supplierInfo_1224=REMOVED)]), one("supplierInfo_1224", "supplier_missing"))
case(G, "supplier_phone_missing", sale([agent(supplierInfo_1224={"n_1225": "x"})]),
     one("supplierInfo_1224/supplierPhone_1171", "supplier_missing", "1171"))
case(G, "bank_agent_without_operation", sale([agent(1, agentInfo_1223={k: v for k, v in BANK.items() if "1044" not in k})]),
     one("agentInfo_1223/agentOperation_1044", "agent_data_missing", "1044"))
case(G, "paying_agent", sale([agent(4, agentInfo_1223={"a_1073": ["+79161234567"], "b_1074": ["+79161234568", "+79161234569"]})]))
case(G, "paying_agent_without_phones", sale([agent(8)]),
     [(P + "agentInfo_1223/paymentAgentPhone_1073", "agent_data_missing", "1073"),
      (P + "agentInfo_1223/paymentOperatorPhone_1074", "agent_data_missing", "1074")])
case(G, "commissioner_with_an_operation", sale([agent(32, agentInfo_1223={"op_1044": "x"})]), [],
     one("agentInfo_1223/op_1044", "agent_data_not_for_kind", "1044"))

# Marking.
M = "marking"
case(M, "code_missing", sale([marked(markingCode_2000=REMOVED)]), one("markingCode_2000", "marking_code_missing"))
case(M, "mode_missing", sale([marked(processingMode_2102=REMOVED)]), one("processingMode_2102", "marking_mode_missing"))
case(M, "mode_is_zero", sale([marked(processingMode_2102=1)]), one("processingMode_2102", "bad_enum", "1"))
case(M, "status_missing", sale([marked(plannedStatus_2003=REMOVED)]), one("plannedStatus_2003", "marking_status_missing"))
case(M, "subject_without_code", sale([marked(productTypeCode_1212=32)]),
     one("markingCode_2000", "marking_code_not_allowed", "32"))
case(M, "plain_subject_with_code", sale([marked(productTypeCode_1212=1)]),
     one("markingCode_2000", "marking_code_not_allowed", "1"))
case(M, "returned_status_in_a_sale", sale([marked(plannedStatus_2003=3)]), [],
     one("plannedStatus_2003", "marking_status_wrong", "3"))
case(M, "sold_status_in_a_return", sale([marked()], receiptType_1054=2), [],
     one("plannedStatus_2003", "marking_status_wrong", "1"))
case(M, "unchanged_status", sale([marked(plannedStatus_2003=255)]))
case(M, "two_pieces_of_one_code", sale([marked(qty_1023=2)], 22), one("qty_1023", "marked_quantity", "2"))
HALF = {"numerator_1293": 1, "denominator_1294": 2}
case(M, "fraction_of_kilograms", sale([marked(unit_2108=11, fraction_1291=HALF)]), one("fraction_1291", "fraction_unit"))
case(M, "fraction_above_one", sale([marked(fraction_1291="10/1")]), one("fraction_1291", "bad_fraction", "10/1"))
case(M, "fraction_of_zero", sale([marked(fraction_1291="0/5")]), one("fraction_1291", "bad_fraction", "0/5"))
case(M, "fraction_without_code", sale([item(fraction_1291=HALF)]), one("fraction_1291", "fraction_without_code"))
case(M, "fraction_not_whole", sale([marked(fraction_1291={"n_1293": 1})]), one("fraction_1291/denominator_1294", "missing"))
case(M, "separator_lost", sale([marked(markingCode_2000=MARK.replace(GS, ""))]), [],
     one("markingCode_2000", "group_separator_lost"))

# VAT.
N = "vat"
case(N, "twenty_until_2025", sale([item(tax_1199=1)]), date="2025-12-31")
case(N, "twenty_is_over", sale([item(tax_1199=1)]), one("tax_1199", "vat_rate_expired", "20 %"), date="2026-01-01")
case(N, "twenty_calculated_is_over", sale([item(tax_1199=3)]), one("tax_1199", "vat_rate_expired", "20/120"),
     date="2026-01-01")
case(N, "twenty_warned", sale([item(tax_1199=1)]), [], one("tax_1199", "vat_rate_expired", "20 %"), vat_policy="warn")
case(N, "twenty_replaced", sale([item(tax_1199=1)]), [], one("tax_1199", "vat_rate_replaced", "20 % -> 22 %"),
     vat_policy="replace")
case(N, "twenty_replaced_with_its_sums", sale([item(tax_1199=3, taxAmount_1200=1.83)], vatSum20_120_1106=1.83), [],
     one("tax_1199", "vat_rate_replaced", "20/120 -> 22/122"), vat_policy="replace")
case(N, "twenty_in_a_return", sale([item(tax_1199=1)], receiptType_1054=2))
case(N, "twenty_in_a_correction_of_2025", correction([item(tax_1199=1)], {"date_1178": "31.12.2025"}))
case(N, "twenty_in_a_correction_of_2026", correction([item(tax_1199=1)], {"date_1178": "01.01.2026"}),
     one("tax_1199", "vat_rate_expired", "20 %"))
case(N, "twenty_two_from_2026", sale([item(tax_1199=11)]), date="2026-01-01")
case(N, "twenty_two_not_yet", sale([item(tax_1199=11)]), one("tax_1199", "vat_rate_not_yet", "22 %"), date="2025-12-31")
case(N, "twenty_two_in_a_correction_of_2025", correction([item(tax_1199=12)], {"date_1178": "31.12.2025"}),
     one("tax_1199", "vat_rate_not_yet", "22/122"))
case(N, "twenty_two_in_a_return_of_2025", sale([item(tax_1199=11)], receiptType_1054=2),
     one("tax_1199", "vat_rate_not_yet", "22 %"), date="2025-06-01")
case(N, "five_of_the_simplified", sale([item(tax_1199=7)], taxationType_1055=2))
case(N, "seven_of_the_simplified", sale([item(tax_1199=10)], taxationType_1055=4))
case(N, "five_of_the_general", sale([item(tax_1199=7)]), one("tax_1199", "vat_not_for_taxation", "1"))
case(N, "five_before_2025", sale([item(tax_1199=7)], taxationType_1055=2), one("tax_1199", "vat_rate_not_yet", "5 %"),
     date="2024-12-31")
case(N, "eighteen", sale([item(tax_1199=18)]), one("tax_1199", "vat_rate_retired", "18"))
case(N, "eighteen_calculated", sale([item(tax_1199="118")]), one("tax_1199", "vat_rate_retired", "118"))
case(N, "item_amount", sale([item(tax_1199=11, taxAmount_1200=1.98)]))
case(N, "item_amount_wrong", sale([item(tax_1199=11, taxAmount_1200=2.20)]),
     one("taxAmount_1200", "vat_amount_mismatch", "1.98"))
case(N, "receipt_sum", sale([item(tax_1199=2)], vatSum10_1103=1.00))
case(N, "receipt_sum_wrong", sale([item(tax_1199=2)], vatSum10_1103=5), [("/vatSum10_1103", "vat_sum_mismatch", "1.00")])
case(N, "turnover_wrong", sale(turnoverNoVat_1105=5), [("/turnoverNoVat_1105", "vat_sum_mismatch", "11.00")])

# Taxation.
T = "taxation"
case(T, "two_regimes", sale(taxationType_1055=3), [("/taxationType_1055", "several_bits", "3")])
case(T, "not_of_this_register", sale(taxationType_1055=32), [("/taxationType_1055", "taxation_not_allowed", "32")],
     allowed_taxation=3)
case(T, "of_this_register", sale(taxationType_1055=2), allowed_taxation=3)
case(T, "imputed_income", sale(taxationType_1055=8), [("/taxationType_1055", "taxation_retired")])
case(T, "imputed_income_returned", sale(taxationType_1055=8, receiptType_1054=2))
case(T, "no_regime", sale(taxationType_1055=64), [("/taxationType_1055", "bad_enum", "64")])

# Internet.
W = "internet"
case(W, "place_missing", sale(internetPayment_1125=1), [("/place_1187", "internet_place_missing")])
case(W, "place_is_a_street", sale(internetPayment_1125=1, place_1187="улица Мира, 5"),
     [("/place_1187", "internet_place_not_url")])
case(W, "place_is_a_cyrillic_site", sale(internetPayment_1125=1, place_1187="магазин.рф/чай"))
case(W, "contact_missing", sale(internetPayment_1125=1, place_1187="shop.example", sendToEmail_1008=REMOVED),
     [("/sendToEmail_1008", "internet_contact_missing")])
case(W, "automat", sale(automatNumber_1036="7", address_1009="Москва", place_1187="холл"))
case(W, "automat_without_address", sale(automatNumber_1036="7", place_1187="холл"), [],
     [("/address_1009", "automat_address_missing")])

# Methods.
K = "methods"
case(K, "advance", sale([item(paymentFormCode_1214=3, productTypeCode_1212=10)]))
case(K, "advance_of_goods", sale([item(paymentFormCode_1214=3)]), [], one("productTypeCode_1212", "advance_subject"))
case(K, "prepayment_on_credit", sale([item(paymentFormCode_1214=1)], payments={"barter_1217": 11}), [],
     [("/payments", "prepayment_unpaid")])
case(K, "prepayment_by_prepayment", sale([item(paymentFormCode_1214=1)], payments={"prepayment_1215": 5, "ecash_1081": 6}),
     [], [("/payments/prepayment_1215", "prepayment_offset")])
case(K, "settlement_by_prepayment", sale(payments={"prepayment_1215": 11}))
case(K, "credit", sale([item(paymentFormCode_1214=6)], payments={"credit_1216": 11}))
case(K, "credit_paid_at_once", sale([item(paymentFormCode_1214=6)]), [], one("paymentFormCode_1214", "credit_unpaid"))
case(K, "full_settlement_on_credit", sale(payments={"credit_1216": 11}), [],
     [("/payments/credit_1216", "credit_without_item")])
case(K, "repayment", sale([item(paymentFormCode_1214=7, productTypeCode_1212=10)]))
case(K, "repayment_of_goods", sale([item(paymentFormCode_1214=7)]), [],
     one("productTypeCode_1212", "credit_repayment_subject"))
case(K, "payment_settled_in_full", sale([item(productTypeCode_1212=10)]), [],
     one("paymentFormCode_1214", "payment_subject_method", "4"))
case(K, "excise", sale([item(productTypeCode_1212=2, excise_1229=1)]))
case(K, "excise_of_plain_goods", sale([item(excise_1229=1)]), [], one("excise_1229", "excise_not_allowed"))
case(K, "declaration", sale([item(customsDeclaration_1231="10702020/1", countryCode_1230="156")]))
case(K, "declaration_without_country", sale([item(customsDeclaration_1231="10702020/1")]), [],
     one("countryCode_1230", "origin_missing"))
case(K, "declaration_of_russia", sale([item(customsDeclaration_1231="10702020/1", countryCode_1230="643")]), [],
     one("countryCode_1230", "origin_missing"))

# Corrections.
C = "correction"
B = "/correctionBasis_1174"
case(C, "type_missing", correction(correctionType_1173=REMOVED), [("/correctionType_1173", "correction_type_missing")])
case(C, "basis_missing", correction(correctionBasis_1174=REMOVED), [(B, "correction_basis_missing")])
case(C, "date_missing", correction(None, {"documentNumber_1179": "5"}), [(B + "/date_1178", "correction_date_missing")])
case(C, "date_is_none", correction(None, {"date_1178": "31.02.2026"}), [(B + "/date_1178", "bad_date", "31.02.2026")])
case(C, "date_with_time", correction(None, {"date_1178": "2026-01-15T12:30:00"}), [(B + "/date_1178", "correction_date_time")])
case(C, "date_at_midnight", correction(None, {"date_1178": "2026-01-15T00:00:00"}))
case(C, "date_in_seconds", correction(None, {"date_1178": 1768435200}))
case(C, "date_tomorrow", correction(None, {"date_1178": "02.02.2026"}),
     [(B + "/date_1178", "correction_date_future", "02.02.2026")])
case(C, "order_without_number", correction(correctionType_1173=1), [(B + "/documentNumber_1179", "correction_number_missing")])
case(C, "items_missing_in_1_2",
     {"receiptType_1054": 1, "taxationType_1055": 1, "total_1020": 11, "payments": {"ecash_1081": 11},
      "correctionType_1173": 0, "correctionBasis_1174": {"date_1178": "15.01.2026"}}, [("/purchases", "missing")])
case(C, "items_in_1_05", correction([item(unit_2108=REMOVED)]), [("/purchases", "correction_items")], version="1.05")
case(C, "return_in_1_05",
     {"receiptType_1054": 2, "taxationType_1055": 1, "total_1020": 11, "payments": {"ecash_1081": 11},
      "correctionType_1173": 0, "correctionBasis_1174": {"date_1178": "15.01.2026"}},
     [("/receiptType_1054", "correction_operation", "2")], version="1.05")
case(C, "description", correction(None, {"date_1178": "15.01.2026", "description_1177": "ошибка"}),
     [], [(B + "/description_1177", "correction_description_dropped")])

for table, rows in tables.items():
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names)), table
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (HERE / f"{table}.json").write_text("[\n" + lines + "\n]\n", encoding="utf-8")
