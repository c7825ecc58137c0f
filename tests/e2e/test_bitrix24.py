"""A cash register of Bitrix24 that is this gateway: PRINT_URL, CHECK_URL and sale.cashbox.check.apply, as a fake portal
speaks them.
"""
import concurrent.futures
import json
import time
import unittest

from support import StandCase
from fake_portal import NO_VAT, TEN, TWENTY_TWO, ZERO, FakePortal, item
from protocol import post_form, request
from stand import AdminError

MARKS = ("REG_NUMBER_KKT", "FISCAL_DOC_ATTR", "FISCAL_DOC_NUMBER", "FISCAL_RECEIPT_NUMBER", "FN_NUMBER", "SHIFT_NUMBER",
         "PRINT_END_TIME")


class PortalCase(StandCase):
    def setUp(self):
        self.token = self.register()
        self.portal = self.open_portal()

    def open_portal(self, shop=None):
        shop = shop or self.shop
        portal = FakePortal(self.stand.url, shop["account_id"], self.token, shop["code"]).start()
        self.addCleanup(portal.stop)
        return portal

    def taken(self, check, portal=None):
        uuid, errors = (portal or self.portal).print(check)
        self.assertFalse(errors)
        self.assertTrue(uuid)
        return uuid

    def answered(self, uuid, status="DONE", seconds=20):
        """What CHECK_URL says once it is not WAIT any more."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.portal.ask(uuid)
            if answer["STATUS"] != "WAIT" or time.monotonic() > deadline:
                self.assertEqual(answer["STATUS"], status, answer)
                return answer
            self.stand.status(uuid, wait=1)

    def printed(self, check):
        """The one document of that check."""
        found = self.emulator.receipts(check["uuid"])
        self.assertEqual(len(found), 1, check["uuid"])
        return found[0]

    def refused(self, check):
        uuid, errors = self.portal.print(check)
        self.assertIsNone(uuid)
        self.assertTrue(errors)
        self.assertPrinted(check["uuid"], times=0)
        return "\n".join(errors)


class Printing(PortalCase):
    def test_CheckIsPrintedAndThePortalIsAnsweredWithItsMark(self):
        check = self.portal.check()
        uuid = self.taken(check)
        answer = self.answered(uuid)
        mark = self.printed(check)["mark"]
        self.assertEqual(answer["UUID"], uuid)
        for name in MARKS:
            self.assertTrue(answer[name], name)
        self.assertEqual((answer["FN_NUMBER"], int(answer["FISCAL_DOC_NUMBER"]), answer["FISCAL_DOC_ATTR"]),
                         (mark["fn_1041"], mark["fd_1040"], mark["fpd_1077"]))
        self.assertEqual((int(answer["SHIFT_NUMBER"]), int(answer["FISCAL_RECEIPT_NUMBER"]), answer["REG_NUMBER_KKT"]),
                         (mark["shift_1038"], mark["receiptNumber_1042"], mark["regNumber_1037"]))
        moscow = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(answer["PRINT_END_TIME"] + 3 * 3600))
        self.assertEqual(moscow[:16], mark["dateTime_1012"][:16])
        self.assertEqual(mark["total_1020"], 250.0)

    def test_JsonIsReadToo(self):
        check = self.portal.check()
        answer = request(self.stand.url + "/api/bitrix24/print", json.dumps(check).encode(),
                         {"Content-Type": "application/json"}, "POST")
        self.answered(answer.json["UUID"])
        self.printed(check)

    def test_SeveralRatesOfVatAndDelivery(self):
        items = [item("Чай", 100, 2, TWENTY_TWO), item("Хлеб", 50, 1, TEN), item("Экспорт", 30, 1, ZERO),
                 item("Книга", 70, 1, NO_VAT), item("Доставка", 300, 1, 0, payment_object="service", measure_code=None)]
        check = self.portal.check(items)
        self.answered(self.taken(check))
        text = self.emulator.receipt_text(self.printed(check)["mark"]["fd_1040"])
        for word in ("НДС 22 %", "НДС 10 %", "НДС 0 %", "БЕЗ НДС", "=650.00"):
            self.assertIn(word, text)

    def test_SumThatPriceTimesQuantityDoesNotMakeIsSplit(self):
        check = self.portal.check([item("Три", 33.333333333333, 3)])
        self.assertEqual(check["total_sum"], 100.0)
        self.answered(self.taken(check))
        self.assertEqual(self.printed(check)["mark"]["total_1020"], 100.0)

    def test_ReturnIsPrintedAsAReturn(self):
        for kind, how in (("sellreturn", "cashless"), ("sellreturncash", "cash")):
            with self.subTest(kind):
                payments = [{"type": how, "sum": 250}]
                self.answered(self.taken(self.portal.check(payments=payments)))
                check = self.portal.check(kind=kind, payments=payments)
                self.answered(self.taken(check))
                self.assertEqual(self.printed(check)["mark"]["receiptType_1054"], 2)

    def test_PrepaymentAndItsSettlement(self):
        first = self.portal.check([item(payment_object="payment")], "fullprepayment")
        self.answered(self.taken(first))
        text = self.emulator.receipt_text(self.printed(first)["mark"]["fd_1040"])
        self.assertIn("22/122", text)
        second = self.portal.check(payments=[{"type": "advance", "sum": 250}])
        self.answered(self.taken(second))
        self.assertPrinted(second["uuid"])

    def test_AdvanceHasTheRateOfTheSettings(self):
        line = {"name": "Аванс", "quantity": 1, "price": 500, "sum": 500, "base_price": 500}
        check = self.portal.check([line], "advancepayment")
        self.answered(self.taken(check))
        self.assertIn("22/122", self.emulator.receipt_text(self.printed(check)["mark"]["fd_1040"]))

    def test_MarkingCodeGoesIntoTheReceipt(self):
        code = "010460406000600021N4N57RSCBUZTQ\u001d91ffd0\u001d92dGVzdA=="
        check = self.portal.check([item("Ботинки", 4000, payment_object="commodity_marking", marking_code=code)])
        self.answered(self.taken(check))
        self.printed(check)


class Once(PortalCase):
    def test_SameCheckFromManyAtOnceIsOneReceipt(self):
        check = self.portal.check()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            # PHP puts the moment into every request.
            answers = list(pool.map(lambda n: self.portal.print({**check, "date_create": n}), range(16)))
        self.assertEqual(len({uuid for uuid, _ in answers}), 1, answers)
        self.answered(answers[0][0])
        self.assertEqual(self.taken(check), answers[0][0])
        self.printed(check)

    def test_SameNumberWithOtherContentIsAnError(self):
        check = self.portal.check()
        uuid = self.taken(check)
        again, errors = self.portal.print({**self.portal.check([item("другое", 99)]), "uuid": check["uuid"]})
        self.assertIsNone(again)
        self.assertTrue(errors)
        self.answered(uuid)
        self.assertEqual(self.printed(check)["mark"]["total_1020"], 250.0)

    def test_WhatIsNotKnownIsNeverTakenForAnError(self):
        check = self.portal.check()
        self.emulator.fault("lose-answer", count=1)
        uuid = self.taken(check)
        self.assertEqual(self.final(uuid)["state"], "unknown")
        self.assertEqual(self.portal.ask(uuid), {"STATUS": "WAIT"})
        self.stand.admin("task", "settle", uuid, "--printed", "--fd", 77, "--fpd", "1234567890", "--fn", "9999078900001234",
                         "--why", "on the tape")
        self.assertEqual(self.answered(uuid)["FISCAL_DOC_NUMBER"], "77")

    def test_RefusalOfTheRegisterIsToldInItsWords(self):
        check = self.portal.check()
        self.emulator.fault("paper-out", count=1)
        answer = self.answered(self.taken(check), "ERROR")
        self.assertIn("бумаг", answer["ERROR"].lower())
        self.assertPrinted(check["uuid"], times=0)

    def test_PortalThatAsksWhileTheGatewayIsAwayGoesOnAsking(self):
        check = self.portal.check()
        uuid = self.taken(check)
        self.answered(uuid)
        self.stand.stop_gateway()
        try:
            self.assertEqual(self.portal.ask(uuid), {"STATUS": "WAIT"})
            self.assertIn("Шлюз", self.refused_while_away(self.portal.check()))
        finally:
            self.stand.start_gateway()
        self.answered(uuid)

    def refused_while_away(self, check):
        uuid, errors = self.portal.print(check)
        self.assertIsNone(uuid)
        return "\n".join(errors)


class Refusals(PortalCase):
    def test_WrongSecretUnknownShopAndUnknownTokenPrintNothing(self):
        for name, wrong in (("CODE", "wrong"), ("ACCOUNT", "nobody"), ("TOKEN", "none"), ("CODE", "")):
            with self.subTest(f"{name}={wrong}"):
                portal = self.open_portal()
                portal.auth[name] = wrong
                check = portal.check()
                uuid, errors = portal.print(check)
                self.assertIsNone(uuid)
                self.assertTrue(errors)
                self.assertPrinted(check["uuid"], times=0)

    def test_UnknownUuidIsAnError(self):
        for uuid in ("", "x", "0" * 26, "check|portal.example|1"):
            with self.subTest(uuid):
                answer = self.portal.ask(uuid)
                self.assertEqual((answer["STATUS"], bool(answer["ERROR"])), ("ERROR", True))

    def test_EveryFaultOfACheckIsNamed(self):
        good = self.portal.check()
        for change, word in (({"type": "correctionsell"}, "type"), ({"uuid": ""}, "uuid"), ({"items": []}, "items"),
                             ({"operation": "consumption"}, "operation"),
                             ({"payments": [{"type": "cashless", "sum": 249}]}, "249.00"),
                             ({"payments": [{"type": "barter", "sum": 250}]}, "payments[0][type]"),
                             ({"items": [item(vat=99)]}, "99"), ({"items": [item(vat=NO_VAT, vat_sum=45.08)]}, "vat"),
                             ({"items": [item(payment_object="magic")]}, "payment_object"),
                             ({"items": [item(quantity=0)]}, "quantity"), ({"items": [item(name="")]}, "name")):
            with self.subTest(str(change)):
                check = {**self.portal.check(), **change}
                self.assertIn(word, self.refused(check))
        self.answered(self.taken(good))

    def test_SettingsThatCannotBeReadAreNamed(self):
        for name, value in (("TAX_SYSTEM", ""), ("TAX_SYSTEM", "ENVD"), ("VAT", "3=18"), ("VAT", "three=22"), ("VAT", "3=22 3=10")):
            with self.subTest(f"{name}={value}"):
                portal = self.open_portal()
                portal.fiscal[name] = value
                uuid, errors = portal.print(portal.check())
                self.assertIsNone(uuid)
                self.assertIn(name, errors[0])

    def test_RulesOfTheFiscalDocumentHold(self):
        self.assertIn("1008", self.refused(self.portal.check(client_email="", client_phone="")))

    def test_GarbageIsAnsweredInThePortalsForm(self):
        for body in (b"", b"{", b"[]", b"a[b=1&a=2&a=2", b"%zz=1", b"type=sell&type[x]=1", b"\xff=\xfe"):
            with self.subTest(body):
                answer = post_form(self.stand.url + "/api/bitrix24/print", body)
                self.assertEqual((answer.status, bool(answer.json["ERRORS"])), (200, True), answer)
                answer = post_form(self.stand.url + "/api/bitrix24/check", body)
                self.assertEqual((answer.status, answer.json["STATUS"]), (200, "ERROR"), answer)


class Telling(PortalCase):
    def setUp(self):
        self.portal = FakePortal(self.stand.url, "", "", "").start()
        self.addCleanup(self.portal.stop)
        self.told = self.stand.add_shop(bitrix24_webhook=self.portal.webhook)
        self.token = self.register(shop=self.told)
        self.secrets += [self.told["code"], "s3cr3tw3bh00k"]
        self.portal.auth = {"ACCOUNT": self.told["account_id"], "TOKEN": self.token, "CODE": self.told["code"]}

    def test_PortalIsToldByItsWebhook(self):
        check = self.portal.check()
        uuid = self.taken(check)
        # A register may be quicker than the portal, which refuses what it has not stored yet; then it is told again later.
        status = self.until(uuid, lambda s: s["callback"] and (s["callback"]["attempts"] or s["callback"]["state"] == "delivered"))
        if status["callback"]["state"] != "delivered":
            self.assertEqual(status["callback"]["last_status"], 400)
            self.stand.admin("callback", "replay", status["callback"]["webhook_id"])
        applied = self.portal.wait_applied(uuid)
        self.assertEqual(len(applied), 1)
        answer = self.answered(uuid)
        for name in MARKS + ("UUID",):
            self.assertEqual(applied[0][name], str(answer[name]), name)

    def test_PortalThatWasDownIsToldLater(self):
        self.portal.answer = (503, {})
        uuid = self.taken(self.portal.check())
        status = self.until(uuid, lambda s: s["state"] == "done" and s["callback"]["attempts"] >= 1)
        self.portal.answer = None
        self.stand.admin("callback", "replay", status["callback"]["webhook_id"])
        self.assertEqual(len(self.portal.wait_applied(uuid)), 1)
        self.assertNotIn("s3cr3tw3bh00k", json.dumps(self.stand.admin("callback", "list", "--limit", 1000)))

    def test_AddressThatIsNoWebhookIsRefused(self):
        for wrong in ("https://portal.example/", "https://portal.example/rest/1/", "ftp://portal.example/rest/1/x/",
                      "https://portal.example/rest/1/x/profile"):
            with self.subTest(wrong), self.assertRaises(AdminError):
                self.stand.admin("shop", "set", self.told["account_id"], "--bitrix24-webhook", wrong)


    def test_ShopThatMustSaySuccessfulHasNoPortal(self):
        with self.assertRaises(AdminError):
            self.stand.admin("shop", "set", self.told["account_id"], "--demand-successful")


class Registration(StandCase):
    def test_CallsForThePortalArePrinted(self):
        self.stand.add_register(self.emulator, self.shop, name="till-b24", taxation_mask=2)
        calls = self.stand.admin("shop", "bitrix24", self.shop["account_id"], "--register", "till-b24")
        handler = calls["sale.cashbox.handler.add"]
        self.assertEqual(handler["SETTINGS"]["PRINT_URL"], self.stand.url + "/api/bitrix24/print")
        self.assertEqual(handler["SETTINGS"]["CHECK_URL"], self.stand.url + "/api/bitrix24/check")
        asked = handler["SETTINGS"]["CONFIG"]
        self.assertEqual(set(asked["AUTH"]["ITEMS"]), {"ACCOUNT", "TOKEN", "CODE"})
        self.assertEqual(list(asked["FISCAL"]["ITEMS"]["TAX_SYSTEM"]["OPTIONS"]), ["USN_INCOME"])
        entered = calls["sale.cashbox.add"]["SETTINGS"]
        self.assertEqual({section: set(items) for section, items in entered.items()},
                         {section: set(part["ITEMS"]) for section, part in asked.items()})
        self.assertNotIn(self.shop["code"], json.dumps(calls))
        revealed = self.stand.admin("shop", "bitrix24", self.shop["account_id"], "--register", "till-b24", "--reveal")
        self.assertEqual(revealed["sale.cashbox.add"]["SETTINGS"]["AUTH"]["CODE"], self.shop["code"])


if __name__ == "__main__":
    unittest.main()
