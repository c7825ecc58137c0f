#!/usr/bin/env python3
"""Posts one receipt as a shop would, waits for its outcome and prints it.

    conf/demo/post.py build/run/demo.env --order my-1 --item 'Чай' --sum 250.00
"""
import argparse
import json
import shlex
import sys

from protocol import CREATE_RECEIPT, form_fields, post_form, request


def read_env(path):
    with open(path, encoding="utf-8") as file:
        return dict(part.split("=", 1) for line in file for part in shlex.split(line))


def receipt(item, total):
    return [{"name": "receipt", "type": "kktReceiptFiscalization", "data": {
        "purchases": [{"productName_1030": item, "price_1079": total, "qty_1023": 1, "unit_2108": 0,
                       "paymentFormCode_1214": 4, "productTypeCode_1212": 1, "tax_1199": 6}],
        "cashierName_1021": "Пупкин Иван Трофимович", "payments": {"ecash_1081": total},
        "taxationType_1055": 1, "receiptType_1054": 1, "sendToEmail_1008": "buyer@example.com", "electronically": True}}]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("env")
    parser.add_argument("--order", required=True)
    parser.add_argument("--item", default="Чай")
    parser.add_argument("--sum", type=float, default=250.0)
    options = parser.parse_args()
    env = read_env(options.env)
    fields = form_fields(env["BIT_ACCOUNT_ID"], env["BIT_KKT_TOKEN"], env["BIT_DATAINTEGRITY_CODE"], options.order,
                         receipt(options.item, options.sum), env["CALLBACK_URL"], env["CALLBACK_URL"])
    answer = post_form(env["BASE_URL"] + CREATE_RECEIPT, fields)
    print(f"HTTP {answer.status}", json.dumps(answer.json, ensure_ascii=False, indent=2))
    if answer.status not in (200, 202):
        return 1
    status = request(f"{env['BASE_URL']}/api/fiscal/receipts/{answer.json['id']}?wait=25")
    print(json.dumps(status.json, ensure_ascii=False, indent=2))
    return 0 if status.json["state"] == "done" else 1


if __name__ == "__main__":
    sys.exit(main())
