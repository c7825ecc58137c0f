"""Receipts are checked before a register sees them: what is refused, warned of, replaced, shown."""
import copy
import json
import re
import subprocess
import unittest

from support import StandCase, new_order, receipt, sample
from processes import wait_until
from protocol import form_fields, post_form, request

VALIDATE = "/api/fiscal/validate"


def codes(entries):
    return [(entry["path"], entry["code"]) for entry in entries]


class Checks(StandCase):
    def check_json(self, body, shop=None, code=None, **headers):
        shop = shop or self.shop
        headers = {"Content-Type": "application/json", "BIT-Account-ID": shop["account_id"],
                   "Authorization": f"Bearer {code or shop['code']}", **headers}
        return request(self.stand.url + VALIDATE, json.dumps(body).encode(), headers, "POST")

    def test_SignedAndKeyedChecksSayTheSameAndStoreNothing(self):
        token, order = self.register(), new_order()
        fields = form_fields(self.shop["account_id"], token, self.shop["code"], order, sample())
        for path in (VALIDATE, VALIDATE + ".php"):
            signed = post_form(self.stand.url + path, fields)
            self.assertEqual(signed.status, 200, signed)
        keyed = self.check_json({"commands": sample()}, **{"BIT-KKT-Token": token})
        self.assertEqual(keyed.json, signed.json)
        report = keyed.json["receipts"][0]
        self.assertEqual(report["totals"]["total_1020"], 11)
        self.assertEqual([(line["rate_1199"], line["turnover"]) for line in report["vat"]], [(6, 11)])
        self.assertLess(report["tlv"]["document_bytes"], report["tlv"]["document_limit"])
        self.assertEqual(report["receipt"]["purchases"][0]["productName_1030"], "товар 123")
        self.assertEqual(self.stand.admin("task", "list", "--order", order), [])
        self.done(self.accept(token, order))  # the order number is still free

    def test_TheNormalisedReceiptIsItselfAcceptable(self):
        marked = receipt(sendToEmail_1008="buyer@example.ru")
        code = "0104601234567890215AbCdEfGhIjKl\u001d91EE06\u001d92" + "x" * 44
        marked["data"]["purchases"][0].update(productTypeCode_1212=33, unit_2108=0, markingCode_2000=code, processingMode_2102=0,
                                              plannedStatus_2003=1)
        for data in (sample(), [receipt(item="Чай «Утро»")], [marked]):
            first = self.check_json(data).json["receipts"][0]
            again = self.check_json([{"type": "kktReceiptFiscalization", "data": first["receipt"]}])
            self.assertEqual(again.status, 200, again)
            self.assertEqual(again.json["receipts"][0], first)
            self.assertEqual(again.json["warnings"], [])
        self.assertEqual(first["receipt"]["purchases"][0]["markingCode_2000"], code)

    def test_CheckAndPostRefuseAlike(self):
        token, data = self.register(), [receipt()]
        item = data[0]["data"]["purchases"][0]
        item.update(tax_1199=1, amount_1043=1, vat_9999=1)
        posted, checked = self.post(token, data=data), self.check_json(data)
        self.assertRefused(posted, 422, "invalid")
        self.assertEqual(posted.json["errors"], checked.json["errors"])
        found = dict(codes(posted.json["errors"]))
        self.assertEqual(found["/0/data/purchases/0/amount_1043"], "item_sum_mismatch")
        self.assertEqual(found["/0/data/purchases/0/vat_9999"], "unknown_tag")
        self.assertEqual(found["/0/data/purchases/0/tax_1199"], "vat_rate_expired")

    def test_ThreeHundredFaultsComeBackTogether(self):
        data = [receipt()]
        item = data[0]["data"]["purchases"][0]
        data[0]["data"]["purchases"] = [dict(copy.deepcopy(item), tax_1199=77, unit_2108=-1) for _ in range(150)]
        answer = self.check_json(data)
        self.assertRefused(answer, 422, "invalid")
        self.assertGreaterEqual(len(answer.json["errors"]), 300)

    def test_AStrangerLearnsNothing(self):
        wrong = self.check_json(sample(), code="guess")
        self.assertRefused(wrong, 401, "unauthorized")
        nobody = self.check_json(sample(), shop={"account_id": "nobody", "code": "guess"})
        self.assertEqual(nobody.body, wrong.body)

    def test_WarningsTravelWithAnAcceptedReceiptAndNeverBlock(self):
        token, order = self.register(), new_order()
        data = [receipt(item="Чай «Утро» — 100 г…")]
        for status in (202, 200):
            answer = self.post(token, order, data)
            self.assertEqual(answer.status, status, answer)
            self.assertEqual(codes(answer.json["warnings"]),
                             [("/0/data/purchases/0/productName_1030", "characters_replaced")])
        self.assertNotIn("warnings", self.post(token).json)
        shown = self.check_json(data).json["replaced_characters"][0]
        self.assertEqual((shown["posted"], shown["printed"]), ("Чай «Утро» — 100 г…", 'Чай "Утро" - 100 г...'))
        status = self.done(answer.json["id"])
        text = self.emulator.receipt_text(status["commands"][0]["mark"]["fd_1040"])
        self.assertIn('Чай "Утро" - 100 г...', text)

    def test_AnOldRateIsReplacedForAShopThatWantsIt(self):
        shop = self.stand.add_shop(vat_policy="replace")
        token = self.register(shop=shop)
        answer = self.post(token, data=[receipt() | {"data": self.with_rate(1)}], shop=shop)
        self.assertEqual(answer.status, 202, answer)
        self.assertIn("vat_rate_replaced", [entry["code"] for entry in answer.json["warnings"]])
        mark = self.done(answer.json["id"])["commands"][0]["mark"]
        for width in (32, 48):
            text = self.emulator.control(f"/emulator/receipt/{mark['fd_1040']}.txt?width={width}", method="GET").text
            self.assertIn("НДС 22 %", text)
            self.assertIn("=45.08", text)  # 22/122 of 250.00
            self.assertLessEqual(max(map(len, text.splitlines())), width)

    def test_TheSwitchesOfAShopTakeEffectWhileTheGatewayRuns(self):
        shop = self.stand.add_shop()
        token = self.register(shop=shop)
        agent = {"agentType_1222": 32, "supplierInn_1226": "7707083894",
                 "supplierInfo_1224": {"supplierPhone_1171": "+79161234567", "supplierName_1225": "Поставщик"}}
        old_rate, bad_inn, two_regimes = [receipt() | {"data": self.with_rate(1)}], [receipt()], [receipt(taxationType_1055=5)]
        bad_inn[0]["data"]["purchases"][0].update(agent)
        sales = {"vat_rate_expired": old_rate, "inn_checksum": bad_inn, "several_bits": two_regimes}

        def settled(code, status, member):
            def found():
                answer = self.post(token, data=sales[code], shop=shop)
                return answer.status == status and code in [entry["code"] for entry in answer.json.get(member, [])]
            return found

        for words, code, status, member in ((("--vat-policy", "warn"), "vat_rate_expired", 202, "warnings"),
                                            (("--vat-policy", "refuse"), "vat_rate_expired", 422, "errors"),
                                            (("--inn-policy", "refuse"), "inn_checksum", 422, "errors"),
                                            (("--inn-policy", "warn"), "inn_checksum", 202, "warnings"),
                                            (("--lenient-receipts",), "several_bits", 202, "warnings"),
                                            (("--no-lenient-receipts",), "several_bits", 422, "errors")):
            self.stand.admin("shop", "set", shop["account_id"], *words)
            wait_until(settled(code, status, member), 15, f"{words}: {code}")

    @staticmethod
    def with_rate(rate):
        data = receipt()["data"]
        data["purchases"][0]["tax_1199"] = rate
        return data

    def test_TheRegistersSettingsCount(self):
        token = self.register(taxation_mask=2)
        self.assertEqual(codes(self.assertRefused(self.post(token), 422, "invalid")["errors"]),
                         [("/0/data/taxationType_1055", "taxation_not_allowed")])
        fine = [receipt()]
        fine[0]["data"]["purchases"][0]["qty_1023"], fine[0]["data"]["payments"] = 1.0001, {"ecash_1081": 250.03}
        for profile, places in (("bit", None), ("atol", "3"), ("bifit", "3"), ("orangedata", None), ("begateway", None)):
            answer = self.post(self.register(profile=profile), data=fine)
            if places is None:
                self.assertEqual(answer.status, 202, answer)
                continue
            self.assertEqual(codes(self.assertRefused(answer, 422, "invalid")["errors"]),
                             [("/0/data/purchases/0/qty_1023", "too_many_places")])
            self.assertIn(places, answer.json["errors"][0]["message"])
        old = self.register(ffd_version="1.05")
        errors = codes(self.assertRefused(self.post(old), 422, "invalid")["errors"])
        self.assertIn(("/0/data/purchases/0/unit_2108", "not_in_version"), errors)


class Limited(StandCase):
    SHOP = {"rate": 2}

    def test_ChecksAreLimitedAsPostsAre(self):
        headers = {"Authorization": f"Bearer {self.shop['code']}", "BIT-Account-ID": self.shop["account_id"]}
        answers = [request(self.stand.url + VALIDATE, json.dumps(sample()).encode(), headers, "POST") for _ in range(12)]
        self.assertEqual({answer.status for answer in answers}, {200, 429})
        limited = next(answer for answer in answers if answer.status == 429)
        self.assertRefused(limited, 429, "rate_limited")
        self.assertIn("Retry-After", limited.headers)


class Shell(StandCase):
    def run_validate(self, text, *words):
        (self.folder / "receipt.json").write_text(text, encoding="utf-8")
        return subprocess.run([str(self.stand.program), "admin", "--config", "fiscalgate.toml", *words],
                              cwd=self.folder, input=text, capture_output=True, text=True, timeout=60,
                              env={**self.stand.env, "LC_ALL": "C"})

    def test_AFileOrStandardInputIsChecked(self):
        text = json.dumps(sample())
        for words in (("validate", "receipt.json"), ("validate", "-"),
                      ("validate", "receipt.json", "--shop", self.shop["account_id"])):
            done = self.run_validate(text, *words)
            self.assertEqual(done.returncode, 0, done)
            self.assertIn("товар 123", done.stdout)
        done = self.run_validate(text, "--json", "validate", "-")
        self.assertEqual(json.loads(done.stdout)["receipts"][0]["totals"]["total_1020"], 11)

    def test_FaultsMakeTheExitStatusOne(self):
        data = sample()
        data[0]["data"]["purchases"][0]["tax_1199"] = 1
        done = self.run_validate(json.dumps(data), "validate", "receipt.json")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("vat_rate_expired", done.stdout)
        done = self.run_validate(json.dumps(data), "--json", "validate", "-")
        self.assertEqual((done.returncode, json.loads(done.stdout)["code"]), (1, "invalid"))
        self.assertEqual(self.run_validate(json.dumps(data), "validate", "-", "--date", "2025-12-31").returncode, 0)
        self.assertEqual(self.run_validate("{", "validate", "-").returncode, 1)
        self.assertEqual(self.run_validate("", "validate", "no-such-file.json").returncode, 1)


class Pages(StandCase):
    def test_TheReceiptPageIsThereFromTheStart(self):
        away = self.register(url="http://127.0.0.1:9/")
        url = self.post(away).json["receipt_url"]
        for language, words in (("ru", "Чек оформляется"), ("en", "being processed")):
            page = request(f"{url}?lang={language}")
            self.assertEqual(page.status, 200)
            self.assertIn(words, page.text)
            self.assertIn("товар 123", page.text)
            self.assertIn(words, request(url, headers={"Accept-Language": language}).text)

    def test_TheReceiptPageShowsTheWholeReceipt(self):
        answer = self.post(self.register())
        mark = self.done(answer.json["id"])["commands"][0]["mark"]
        page = request(answer.json["receipt_url"] + "?lang=en")
        for text in ("товар 123", "Total", "Cashless", "No VAT", mark["fn_1041"], mark["fpd_1077"], "<svg", "@media print",
                     'name="viewport"'):
            self.assertIn(text, page.text)
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertNotIn("<script", page.text)

    def test_EveryFaultOfARefusalIsInTheCatalogue(self):
        data = [receipt()]
        data[0]["data"]["purchases"][0].update(tax_1199=1, amount_1043=1, qty_1023=-1)
        errors = self.post(self.register(), data=data).json["errors"]
        for language in ("ru", "en"):
            page = request(f"{self.stand.url}/docs/faults?lang={language}")
            self.assertEqual(page.status, 200)
            known = set(re.findall(r'<section id="(\w+)">', page.text))
            self.assertGreater(len(known), 80)
            self.assertLessEqual({entry["code"] for entry in errors}, known)


if __name__ == "__main__":
    unittest.main()
