"""The receipts of which make_cases.py makes its rows."""
import copy

GS = "\u001d"
ORGANISATION, PERSON = "7707083893", "500100732259"
REMOVED = object()


def item(**changes):
    row = {"productName_1030": "Чай", "price_1079": 11.00, "qty_1023": 1, "unit_2108": 0, "paymentFormCode_1214": 4,
           "productTypeCode_1212": 1, "tax_1199": 6}
    row.update(changes)
    return {key: value for key, value in row.items() if value is not REMOVED}


def sale(items=None, total=None, **changes):
    items = items if items is not None else [item()]
    total = total if total is not None else 11
    receipt = {"purchases": items, "payments": {"ecash_1081": total}, "taxationType_1055": 1, "receiptType_1054": 1,
               "sendToEmail_1008": "buyer@example.ru"}
    receipt.update(changes)
    return {key: value for key, value in receipt.items() if value is not REMOVED}


MARK = "0104601234567890215AbCdEfGhIjKl" + GS + "91EE06" + GS + "92" + "x" * 44


def marked(**changes):
    row = dict(productTypeCode_1212=33, markingCode_2000=MARK, processingMode_2102=0, plannedStatus_2003=1)
    row.update(changes)
    return item(**row)


SUPPLIER = {"supplierPhone_1171": "+79161234567", "supplierName_1225": "ООО Поставщик"}
BANK = {"agentOperation_1044": "Перевод", "paymentAgentPhone_1073": "+79161234567",
        "transferOperatorPhone_1075": "+79161234568", "transferOperatorName_1026": "Банк",
        "transferOperatorAddress_1005": "Москва", "transferOperatorInn_1016": ORGANISATION}


def agent(kind=32, **changes):
    row = dict(agentType_1222=kind, supplierInfo_1224=SUPPLIER, supplierInn_1226=ORGANISATION)
    row.update(changes)
    return item(**row)


def correction(items=None, basis=None, **changes):
    row = dict(correctionType_1173=0, correctionBasis_1174=basis or {"date_1178": "15.01.2026"})
    row.update(changes)
    return sale(items, **row)


tables = {}


def case(table, name, receipt, faults=(), warnings=(), **options):
    def rows(found):
        return [dict(zip(("path", "code", "detail"), one)) for one in found]
    row = {"name": name, "receipt": copy.deepcopy(receipt)}
    if options:
        row["options"] = options
    row["faults"], row["warnings"] = rows(faults), rows(warnings)
    tables.setdefault(table, []).append(row)
