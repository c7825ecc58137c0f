"""What the gateway turns away: with which answer, in which language, and that nothing of it is left behind."""
import json
import socket
import time
import unittest
import urllib.parse

from support import StandCase, new_order, receipt, sample, sample_data
from protocol import encode_data, form_fields, post_form, request, sign

URL = "/api/fiscal/create-receipt.php"


class Refusals(StandCase):
    def fields(self, order, data=None, **more):
        data = sample_data() if data is None else data
        return form_fields(self.shop["account_id"], self.token, self.shop["code"], order, data, **more)

    def setUp(self):
        self.token = self.register()

    def assertNothingStored(self, order):
        """The same order is a new one when it is posted well."""
        self.assertEqual(self.stand.admin("task", "list", "--order", order), [])
        answer = self.post(self.token, order)
        self.assertEqual(answer.status, 202, answer)

    def refuse(self, status, code, fields, order):
        answer = post_form(self.stand.url + URL, fields)
        body = self.assertRefused(answer, status, code)
        self.assertNothingStored(order)
        return body

    def test_MalformedForms(self):
        changes = {
            "no data": {"BIT_DATA": None}, "empty data": {"BIT_DATA": ""}, "no signature": {"BIT_SIGNATURE": None},
            "no order": {"BIT_ORDER_ID": None}, "no token": {"BIT_KKT_TOKEN": None}, "no account": {"BIT_ACCOUNT_ID": None},
            "not base64": {"BIT_DATA": "%%%"}, "long order": {"BIT_ORDER_ID": "9" * 200},
            "callback without a scheme": {"BIT_CALLBACK_SUCCESS": "shop.example/ok"},
            "callback with a password": {"BIT_CALLBACK_SUCCESS": "http://me:secret@shop.example/ok"},
            "callback to a file": {"BIT_CALLBACK_FAILED": "file:///etc/passwd"},
        }
        for name, change in changes.items():
            with self.subTest(name):
                order = new_order()
                fields = {**self.fields(order), **change}
                fields = {key: value for key, value in fields.items() if value is not None}
                if "BIT_SIGNATURE" in fields and "BIT_DATA" in fields and "callback" in name:
                    fields["BIT_SIGNATURE"] = sign(fields, sample_data(), self.shop["code"])
                body = self.refuse(400, "malformed", fields, order)
                self.assertTrue(any(field in body["errors"][0]["path"] for field in change), body)

    def test_DataThatIsNoJson(self):
        for text in ("", "[", "{]", "[1,]", "nonsense", '"text"', "[" * 10_000 + "]" * 10_000, '[{"a":1,"a":2}]',
                     '[{"name":"\\ud800"}]', "[1e999999]", "﻿[]", "null"):
            with self.subTest(text[:20]):
                order = new_order()
                answer = post_form(self.stand.url + URL, self.fields(order, text))
                codes = {400: "malformed", 413: "too_large", 422: "invalid"}
                self.assertIn(answer.status, codes, answer)
                self.assertRefused(answer, answer.status, codes[answer.status])
                self.assertNothingStored(order)

    def test_UnknownShopAndWrongSignatureAreOneAnswer(self):
        order = new_order()
        wrong = {**self.fields(order), "BIT_SIGNATURE": "0" * 32}
        unknown = form_fields("nobody", self.token, self.shop["code"], order, sample_data())
        changed = {**self.fields(order), "BIT_DATA": encode_data(sample_data().replace("11.00", "12.00"))}
        bodies = [self.refuse(401, "unauthorized", fields, order) if fields is changed else
                  self.assertRefused(post_form(self.stand.url + URL, fields), 401, "unauthorized")
                  for fields in (wrong, unknown, changed)]
        self.assertEqual(bodies[0], bodies[1])
        self.assertEqual(bodies[0], bodies[2])

    def test_EverySignedFieldIsSigned(self):
        for name in ("BIT_ACCOUNT_ID", "BIT_KKT_TOKEN", "BIT_ORDER_ID", "BIT_CALLBACK_SUCCESS", "BIT_CALLBACK_FAILED"):
            with self.subTest(name):
                fields = self.fields(new_order(), success="http://shop.example/a", failed="http://shop.example/b")
                fields[name] += "1"
                self.assertRefused(post_form(self.stand.url + URL, fields), 401, "unauthorized")

    def test_RegisterOfAnotherShop(self):
        other, order = self.stand.add_shop(), new_order()
        foreign = self.register(shop=other)
        body = self.assertRefused(self.post(foreign, order), 403, "forbidden")
        self.assertEqual(body["errors"][0]["path"], "BIT_KKT_TOKEN")
        unknown = self.assertRefused(self.post("f" * 32, order), 403, "forbidden")
        self.assertEqual(body, unknown)
        self.assertNothingStored(order)

    def test_DisabledShop(self):
        shop, order = self.stand.add_shop(), new_order()
        token = self.register(shop=shop)
        self.stand.admin("shop", "disable", shop["account_id"])
        answer = self.wait_for_status(403, token, order, shop)
        self.assertRefused(answer, 403, "forbidden")
        self.stand.admin("shop", "enable", shop["account_id"])
        self.assertEqual(self.wait_for_status(202, token, order, shop).status, 202)

    def wait_for_status(self, status, token, order, shop):
        """What an operator changes is noticed within a moment."""
        deadline = time.monotonic() + 5
        answer = self.stand.post(shop, token, order)
        while answer.status != status and time.monotonic() < deadline:
            answer = self.stand.post(shop, token, new_order())
        return answer

    def test_InvalidReceipts(self):
        def change(where, value):
            def apply(package):
                target = package[0]["data"]
                for key in where[:-1]:
                    target = target[key]
                if value is None:
                    del target[where[-1]]
                else:
                    target[where[-1]] = value
            return apply
        purchase = ("purchases", 0)
        cases = {
            "/0/data/taxationType_1055": change(("taxationType_1055",), 5),
            "/0/data/receiptType_1054": change(("receiptType_1054",), 9),
            "/0/data/purchases/0/tax_1199": change(purchase + ("tax_1199",), 99),
            "/0/data/purchases/0/price_1079": change(purchase + ("price_1079",), -1),
            "/0/data/purchases/0/qty_1023": change(purchase + ("qty_1023",), "many"),
            "/0/data/purchases/0/nothing_9999": change(purchase + ("nothing_9999",), 1),
            "/0/data/purchases": change(("purchases",), []),
            "/0/data/payments": change(("payments", "cash_1031"), 1.00),
            "/0/data/payments/cash_1031": change(("payments", "cash_1031"), 10.001),
        }
        for path, apply in cases.items():
            with self.subTest(path):
                package, order = sample(), new_order()
                apply(package)
                body = self.refuse(422, "invalid", self.fields(order, json.dumps(package)), order)
                self.assertIn(path, [entry["path"] for entry in body["errors"]], body)

    def test_AllFaultsComeAtOnce(self):
        package = sample()
        package[0]["data"]["taxationType_1055"] = 5
        package[0]["data"]["purchases"][0]["tax_1199"] = 99
        package.append({"name": "?", "type": "kktDance", "data": {}})
        body = self.assertRefused(self.post(self.token, None, package), 422, "invalid")
        paths = {entry["path"] for entry in body["errors"]}
        self.assertLessEqual({"/0/data/taxationType_1055", "/0/data/purchases/0/tax_1199", "/1/type"}, paths)

    def test_TwoLanguages(self):
        package = sample()
        package[0]["data"]["taxationType_1055"] = 5
        russian = self.post(self.token, None, package).json
        english = self.post(self.token, None, package, headers={"Accept-Language": "en"}).json
        for body, letters in ((russian, "абвгдеёжзийклмнопрстуфхцчшщыэюя"), (english, "abcdefghijklmnopqrstuvwxyz")):
            for text in (body["error"], body["errors"][0]["message"]):
                found = {c for c in text.lower() if c.isalpha() and not c.isdigit()}
                self.assertTrue(found & set(letters), text)
        self.assertNotEqual(russian["error"], english["error"])
        self.assertNotEqual(russian["errors"][0]["message"], english["errors"][0]["message"])
        self.assertEqual(russian["errors"][0]["code"], english["errors"][0]["code"])

    def test_ShopOverItsLimit(self):
        shop = self.stand.add_shop(rate_per_second=1)
        token = self.register(shop=shop)
        answers = [self.stand.post(shop, token, new_order()) for _ in range(10)]
        refused = [answer for answer in answers if answer.status != 202]
        self.assertTrue(refused)
        for answer in refused:
            self.assertRefused(answer, 429, "rate_limited")
            self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        self.assertEqual(self.post(self.token).status, 202)

    def test_OtherMethodsAndPaths(self):
        self.assertRefused(request(self.stand.url + URL), 405, "method_not_allowed")
        self.assertRefused(request(self.stand.url + "/nothing/here"), 404, "not_found")


class Hostile(StandCase):
    """A clear answer, never a crash: afterwards the gateway still serves."""

    def setUp(self):
        self.token = self.register()

    def tearDown(self):
        self.assertIsNone(self.stand.gateway.poll(), "the gateway has ended")
        self.done(self.accept(self.token))

    def body(self, data, status=(400,)):
        answer = post_form(self.stand.url + URL, data)
        self.assertIn(answer.status, status, answer)
        self.assertIs(answer.json["result"], False)
        return answer

    def signed(self, text):
        order = new_order()
        return form_fields(self.shop["account_id"], self.token, self.shop["code"], order, text)

    def test_NoFields(self):
        for body in (b"", b"&", b"=", b"&&&===&", b"\x00", b"x" * 1000, b"%", b"%zz=%", b"a=1;b=2"):
            with self.subTest(body[:10]):
                self.body(body)

    def test_OneMegabyte(self):
        for body in (b"BIT_DATA=" + b"A" * (1024 * 1024 - 9), b"x" * 1024 * 1024, b"&" * 1024 * 1024, b"a=&" * 349_525):
            self.body(body, (400, 413))

    def test_OverOneMegabyte(self):
        answer = self.body(b"x" * (1024 * 1024 + 1), (413,))
        self.assertRefused(answer, 413, "too_large")

    def test_LargeData(self):
        package = sample()
        package[0]["name"] = "x" * 300_000
        self.assertRefused(post_form(self.stand.url + URL, self.signed(json.dumps(package))), 413, "too_large")

    def test_TenThousandBrackets(self):
        for text in ("[" * 10_000, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000, '[{"data":' * 5_000):
            self.body(self.signed(text), (400, 413))

    def test_InvalidUtf8(self):
        for raw in (b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xd0"):
            fields = self.signed("[]")
            fields["BIT_DATA"] = urllib.parse.quote(raw)  # decoded twice: once as a form, once as data
            self.body(fields)
            self.body(urllib.parse.urlencode({**fields, "BIT_ORDER_ID": raw}).encode(), (400, 401))

    def test_NulBytes(self):
        self.body(self.signed('[{"name":"a\x00b"}]'))
        self.body(urllib.parse.urlencode({**self.signed("[]"), "BIT_ORDER_ID": "a\x00b"}).encode(), (400, 401))
        package = sample()
        package[0]["data"]["purchases"][0]["productName_1030"] = "a\u0000b"
        self.body(self.signed(json.dumps(package)), (400, 422))

    def test_DuplicateKeys(self):
        text = sample_data().replace('"taxationType_1055": 1', '"taxationType_1055": 1, "taxationType_1055": 2')
        self.body(self.signed(text), (400, 422))
        twice = urllib.parse.urlencode(list(self.signed(sample_data()).items()) + [("BIT_ORDER_ID", "other")])
        self.body(twice.encode(), (400, 401))

    def test_TwoHundredFiftyItems(self):
        def package(count):
            command = receipt("Позиция с довольно длинным названием", 100)
            command["data"]["purchases"] *= count
            command["data"]["payments"] = {"ecash_1081": float(count)}
            return [command]
        order = new_order()
        self.done(self.accept(self.token, order, package(250)))
        self.assertPrinted(order)
        self.body(self.signed(json.dumps(package(251))), (422,))

    def test_ThirtyKilobytesReceipt(self):
        command = receipt("Ж" * 100, 100)
        command["data"]["purchases"] *= 90
        command["data"]["payments"] = {"ecash_1081": 90.0}
        self.assertGreater(len(json.dumps([command], ensure_ascii=False).encode()), 30_000)
        order = new_order()
        self.done(self.accept(self.token, order, [command]))
        self.assertPrinted(order)

    def test_HalfARequestHoldsNobodyUp(self):
        held = []
        for _ in range(50):
            line = socket.create_connection(("127.0.0.1", self.stand.port))
            line.sendall(b"POST /api/fiscal/create-receipt.php HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nBIT_")
            held.append(line)
        self.done(self.accept(self.token))
        for line in held:
            line.close()


if __name__ == "__main__":
    unittest.main()
