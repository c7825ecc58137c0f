#!/usr/bin/env python3
"""Writes built_receipts.json: orders of shops, the receipts that are made of them, and their signed forms.

Each row says how the order is put together (`build`), which lines come of it (`items`: name, price in kopecks, quantity in
millionths, VAT, code), the exact JSON (`data`), the form's fields and a posted body. Computed here with fractions and
Python's own md5, base64 and percent-encoding; a shop's library makes the same of `build`, the gateway reads the same out of
`body`. `refused` are orders of which no receipt is made. Run by hand after a change: python3 tests/data/bit/make_built.py
"""
import base64
import hashlib
import json
import os
from fractions import Fraction
from urllib.parse import quote, quote_plus

HERE = os.path.dirname(os.path.abspath(__file__))
PHP_SAFE = "-._~"  # what rawurlencode leaves alone
CODE = "code-of-the-built-receipts"
ACCOUNT, TOKEN, CALLBACK = "1042", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "https://shop.example/fiscal?x=1&lang=ru"
ALL = ["goods", "delivery", "fees"]
M = 10 ** 6
SALE, RETURN = 1, 2
VAT_22, VAT_10, NO_VAT = 11, 2, 6
CALCULATED = {1: 3, 2: 4, 7: 9, 8: 10, 11: 12}  # the rate of a prepayment, by that of the goods


def half_up(value):
    return int((value + Fraction(1, 2)) // 1)


def multiply(price, quantity):
    return half_up(Fraction(price * quantity, M))


def split(total, quantity, wanted):
    """(price, quantity) pairs that make the total; the first found of: the shop's price, the nearest, a pair."""
    if total == 0:
        return []
    for price in (wanted, half_up(Fraction(total * M, quantity))):
        if multiply(price, quantity) == total:
            return [(price, quantity)]
    low, high = 0, total + 1
    while high - low > 1:  # the highest price that does not make more
        middle = (low + high) // 2
        low, high = (middle, high) if multiply(middle, quantity) <= total else (low, middle)
    dear = total - multiply(low, quantity)
    return [(p, q) for p, q in ((low + 1, dear * M), (low, quantity - dear * M)) if p > 0 and q > 0]


def deal(amount, weights):
    """Shares in proportion: each ends where its part of the whole ends, in whole kopecks."""
    everything, seen, dealt, shares = sum(weights), 0, 0, []
    for weight in weights:
        seen += weight
        due = amount * seen // everything if everything else 0
        shares.append(due - dealt)
        dealt = due
    return shares


class Order:
    def __init__(self, build):
        self.build, self.lines, self.codes = build, [], []
        self.method = build.get("method", 4)
        for step in build["steps"]:
            getattr(self, step["add"])(step)
        excess = sum(line["sum"] for line in self.lines) - build["total"]
        if excess > 0 and (build.get("reduce") or excess <= build.get("allow", 0)):
            self.take(excess, ALL)
        elif excess < 0 and -excess <= build.get("allow", 0):
            self.put(-excess)

    def line(self, kind, step, price, quantity, subject):
        self.lines.append({"kind": kind, "name": step["name"], "price": price, "quantity": quantity, "sum": step.get("sum"),
                           "vat": step["vat"], "subject": step.get("subject", subject), "codes": step.get("codes", []),
                           "unit": step.get("unit", 0)})
        if self.lines[-1]["sum"] is None:
            self.lines[-1]["sum"] = multiply(price, quantity)

    def item(self, step):
        self.line("goods", step, step["price"], step["quantity"], 1)

    def delivery(self, step):
        self.line("delivery", step, 0, M, 4)

    def fee(self, step):
        self.line("fees", step, 0, M, 4)

    def discount(self, step):
        self.take(step["sum"], step.get("kinds", ["goods"]))

    def rounding(self, step):
        self.take(-step["sum"], ALL) if step["sum"] < 0 else self.put(step["sum"])

    def take(self, amount, kinds):
        chosen = [line for line in self.lines if line["kind"] in kinds]
        for line, share in zip(chosen, deal(amount, [line["sum"] for line in chosen])):
            line["sum"] -= share

    def put(self, amount):
        for line, share in zip(self.lines, deal(amount, [line["sum"] for line in self.lines])):
            line["sum"] += share

    def items(self):
        for line in self.lines:
            vat = CALCULATED.get(line["vat"], line["vat"]) if self.method in (1, 2, 3) else line["vat"]
            codes = list(line["codes"])
            for price, quantity in split(line["sum"], line["quantity"], line["price"]):
                for part in [M] * (quantity // M) if codes else [quantity]:
                    yield {**line, "price": price, "quantity": part, "vat": vat, "code": codes.pop(0) if codes else ""}


class Literal(float):
    def __new__(cls, text):
        self = super().__new__(cls, text)
        self.text = text
        return self

    def __repr__(self):
        return self.text


def roubles(kopecks):
    return f"{kopecks // 100}.{kopecks % 100:02}"


def units(millionths):
    whole, part = divmod(millionths, M)
    return str(whole) + (f".{part:06}".rstrip("0") if part else "")


def text_of(value):
    """JSON without blanks, with numbers as they are written here."""
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(text_of(k) + ":" + text_of(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text_of, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def purchase(item, method, kind):
    data = {"productName_1030": item["name"], "price_1079": Literal(roubles(item["price"])),
            "qty_1023": Literal(units(item["quantity"])),
            "amount_1043": Literal(roubles(multiply(item["price"], item["quantity"]))), "unit_2108": item["unit"],
            "paymentFormCode_1214": method, "productTypeCode_1212": item["subject"], "tax_1199": item["vat"]}
    if item["code"]:
        data.update({"markingCode_2000": item["code"], "processingMode_2102": 0, "plannedStatus_2003": 3 if kind == RETURN else 1})
    return data


def package(order):
    build = order.build
    receipt = {"purchases": [purchase(item, order.method, build["type"]) for item in order.items()]}
    if "site" in build:
        receipt.update({"internetPayment_1125": 1, "place_1187": build["site"]})
    kinds = {"cash": "cash_1031", "electronic": "ecash_1081", "prepayment": "prepayment_1215"}
    payments = build.get("payments", {"electronic": build["total"]})
    receipt["payments"] = {kinds[kind]: Literal(roubles(payments[kind])) for kind in kinds if payments.get(kind)}
    receipt.update({"taxationType_1055": build["tax_system"], "receiptType_1054": build["type"],
                    "sendToEmail_1008": build["contact"], "electronically": True})
    return text_of([{"name": "Чек", "type": "kktReceiptFiscalization", "data": receipt}])


def row(name, order_id, **build):
    build = {"type": SALE, "tax_system": 1, "contact": "buyer@example.ru", **build}
    order = Order(build)
    items = [[i["name"], i["price"], i["quantity"], i["vat"], i["code"]] for i in order.items()]
    assert sum(multiply(price, quantity) for _, price, quantity, _, _ in items) == build["total"], name
    data = package(order)
    fields = {"BIT_ACCOUNT_ID": ACCOUNT, "BIT_KKT_TOKEN": TOKEN, "BIT_ORDER_ID": order_id,
              "BIT_DATA": base64.b64encode(quote(data, safe=PHP_SAFE).encode()).decode(),
              "BIT_CALLBACK_SUCCESS": CALLBACK, "BIT_CALLBACK_FAILED": CALLBACK}
    signed = ACCOUNT + TOKEN + order_id + data + CALLBACK + CALLBACK + CODE
    fields["BIT_SIGNATURE"] = hashlib.md5(signed.encode()).hexdigest()
    return {"name": name, "code": CODE, "order": order_id, "build": build, "items": items, "total": build["total"], "data": data,
            "fields": fields, "body": "&".join(k + "=" + quote_plus(v) for k, v in fields.items())}


def refused(name, lines, **build):
    build = {"type": SALE, "tax_system": 1, "contact": "buyer@example.ru", **build}
    order = Order(build)
    assert sum(line["sum"] for line in order.lines) == lines != build["total"], name
    return {"name": name, "build": build, "lines": lines, "total": build["total"]}


def item(name, price, quantity=M, vat=VAT_22, **more):
    return {"add": "item", "name": name, "price": price, "quantity": quantity, "vat": vat, **more}


def part(add, name, total, vat=VAT_22):
    return {"add": add, "name": name, "sum": total, "vat": vat}


def discount(total, *kinds):
    return {"add": "discount", "sum": total, **({"kinds": list(kinds)} if kinds else {})}


CODES = ["010460043993125621JgXJ5.T\x1d91EE06\x1d92abc", "010460043993125621JgXJ6.T\x1d91EE06\x1d92abd",
         "010460043993125621JgXJ7.T\x1d91EE06\x1d92abe"]


def main():
    tea, honey = item("Чай «Иван», 100 г", 39990), item("Мёд", 3333, 3 * M, VAT_10)
    rows = [
        row("one_line", "1237", total=25000, steps=[item("Чай", 25000)]),
        row("three_times_a_third", "1238", total=10000, steps=[item("Мёд", 3333, 3 * M, sum=10000)]),
        row("three_by_33_33", "1239", total=9999, steps=[item("Мёд", 3333, 3 * M)]),
        row("a_weight_that_fits", "1240", total=105112, steps=[item("Сыр", 2199, 47_800_000, VAT_10, unit=11)]),
        row("a_weight_that_does_not_fit", "1241", total=105100, steps=[item("Сыр", 2199, 47_800_000, VAT_10, sum=105100, unit=11)]),
        row("delivery_and_surcharge", "1242", total=41380,
            steps=[tea | {"price": 39980}, part("delivery", "Доставка", 1000), part("fee", "Оплата картой", 400)]),
        row("coupon_of_a_percent", "1243", total=44990,
            steps=[tea, honey, discount(4999)], site="https://shop.example/чай"),
        row("coupon_on_everything", "1244", total=40000, contact="+79161234567",
            steps=[tea, honey, part("delivery", "Доставка", 30000, NO_VAT), discount(39989, *ALL)]),
        row("free_delivery", "1245", total=39990,
            steps=[tea, part("delivery", "Доставка", 35000), discount(35000, "delivery")]),
        row("gift_is_dropped", "1246", total=39990, steps=[tea, item("Подарок", 0), item("Открытка", 500, sum=0)]),
        row("rounded_down_by_the_shop", "1247", total=49900, steps=[tea, honey, {"add": "rounding", "sum": -89}]),
        row("rounded_up_by_the_shop", "1248", total=50000, steps=[tea, honey, {"add": "rounding", "sum": 11}]),
        row("taxes_rounded_line_by_line", "1249", total=49991, allow=3, steps=[tea, honey]),
        row("gift_card", "1250", total=49989, payments={"electronic": 29989, "prepayment": 20000}, steps=[tea, honey]),
        row("prepayment", "1251", total=49989, method=1, steps=[tea, honey]),
        row("settlement_of_a_prepayment", "1251-settle", total=49989, payments={"prepayment": 49989}, steps=[tea, honey]),
        row("refund_of_one_line", "1252-refund-2", type=RETURN, total=9999, steps=[honey]),
        row("refund_of_an_amount", "1252-refund-3", type=RETURN, total=10000, reduce=True, steps=[tea, honey]),
        row("marked_goods", "1253", total=29999, steps=[item("Сорочка", 10000, 3 * M, subject=33, codes=CODES), discount(1)]),
        row("marked_goods_come_back", "1253-refund-1", type=RETURN, total=10000, steps=[item("Сорочка", 10000, subject=33, codes=CODES[:1])]),
        row("less_than_a_kopeck_each", "1254", total=2, steps=[item("Гвоздь", 1, 3 * M), discount(1)]),
        row("quotes_and_signs", "1255", total=100, steps=[item("100% \"ёлка\" + a=b & c; <i>~'()*!</i> \\ /", 100)]),
    ]
    no = [
        refused("a_kopeck_short", 49989, total=49990, steps=[tea, honey]),
        refused("delivery_forgotten", 20200, total=20700, steps=[item("Чай", 20200)]),
        refused("more_than_the_rounding_allowed", 49989, total=49993, allow=3, steps=[tea, honey]),
        refused("reduced_below_nothing_is_added", 9999, total=10000, reduce=True, steps=[honey]),
    ]
    with open(os.path.join(HERE, "built_receipts.json"), "w", encoding="utf-8") as out:
        json.dump({"built": rows, "refused": no}, out, ensure_ascii=False, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
