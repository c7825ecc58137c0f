"""Cloud registers as an operator sets them up, and what is accepted for them; no provider has to run."""
import json

from support import StandCase, receipt
from processes import free_ports, wait_until
from protocol import request
from stand import AdminError

CARD = "4111111111111111"
TOKEN = "a-token-of-the-connector"
MAPPING = json.dumps({"vat": {"6": True}, "payment": {"1081": "CARD"}, "unit": {"0": None}})


class CloudConfig(StandCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.url = f"http://127.0.0.1:{free_ports(1)[0]}"
        cls.secrets += [TOKEN, CARD]
        cls.token = cls.add("bifit-1", "--provider", "bifit", "--setting", f"url={cls.url}", "--secret",
                            f"connector_token=@{cls.file('token', TOKEN)}", "--mapping", f"@{cls.file('mapping', MAPPING)}")

    @classmethod
    def file(cls, name, text):
        path = cls.folder / f"given-{name}"
        path.write_text(text + "\n", encoding="utf-8")
        return path

    @classmethod
    def add(cls, name, *words):
        token = f"token-of-{name}-0123456789"
        cls.stand.admin("register", "add", "--name", name, "--token", token, "--shop", cls.shop["account_id"], *words)
        return token

    def refused(self, *words):
        """What an admin command says that is refused."""
        with self.assertRaises(AdminError) as caught:
            self.stand.admin(*words)
        return str(caught.exception)

    def test_SecretsAreNeverShown(self):
        shown = json.dumps(self.stand.admin("register", "show", "bifit-1", "--reveal"))
        shown += self.stand.admin_text("register", "show", "bifit-1", "--reveal")
        self.assertNotIn(TOKEN, shown)
        self.assertIn("connector_token", shown)
        self.assertIn(self.url, shown)

    def test_WhatIsMissingOrUnknownIsNamed(self):
        self.assertIn("--secret signing_key", self.refused("register", "add", "--name", "x", "--provider", "orangedata"))
        self.assertIn("bifit", self.refused("register", "add", "--name", "x", "--provider", "bifi"))
        self.assertIn("connector_token", self.refused("register", "set", "bifit-1", "--setting", "colour=red"))
        self.assertIn("mapping", self.refused("register", "set", "bifit-1", "--mapping", '{"vat":{"77":true}}'))
        self.assertIn("nothing", self.refused("register", "set", "bifit-1", "--secret", f"connector_token=@{self.file('nothing', '')}"))

    def test_WhatNeedsADriverIsRefused(self):
        self.refused("register", "set", "bifit-1", "--via", "agent")
        self.refused("register", "close-shift", "bifit-1", "--why", "test")
        self.refused("group", "add", "--name", "hall", "--register", "bifit-1")

    def test_ProvidersTellWhatTheyWantAndWhatTheyCanBeTold(self):
        names = [each["name"] for each in self.stand.admin("provider", "list")]
        self.assertEqual(names, ["bifit", "bepaid", "freepayment", "orangedata"])
        for name in names:
            shown = self.stand.admin("provider", "show", name)
            self.assertTrue(shown["settings"])
            self.assertEqual({line["state"] for line in shown["mapping"]} - {"unknown", "inferred"},
                             {"documented", "not_expressible"})
        lines = self.stand.admin("register", "check-mapping", "bifit-1", "--all")
        self.assertEqual([line["state"] for line in lines if line["group"] == "vat" and line["tag_value"] == 6], ["confirmed"])

    def test_TheLinkOfTheReceiptIsThereAtAcceptance(self):
        answer = self.post(self.token, data=[self.receipt()])
        self.assertEqual(answer.status, 202, answer)
        self.assertTrue(answer.json["provider_receipt_url"].startswith(f"{self.url}/receipts/"), answer)
        self.assertEqual(answer.json["receipt_url"], answer.json["provider_receipt_url"])
        qr = request(answer.json["provider_receipt_qr_url"])
        self.assertEqual((qr.status, qr.text[:4]), (200, "<svg"))
        self.assertIn(answer.json["provider_receipt_url"], request(answer.json["receipt_page_url"]).text)

    def test_CardDataAreRefusedAndLeaveNoTrace(self):
        by_value, by_key = self.receipt(), self.receipt()
        by_value["data"]["purchases"][0]["productName_1030"] = CARD
        by_key["data"][CARD] = "1"
        for package in (by_key, by_value):
            answer = self.post(self.token, data=[package])
            self.assertEqual(answer.status, 422, answer)
        self.assertIn("card_number", answer.text)
        self.assertNotIn(CARD, self.stand.log_text())
        for path in (self.folder / "store").glob("*"):
            self.assertNotIn(CARD.encode(), path.read_bytes())

    def test_WhatNobodyConfirmedIsRefusedUntilItIs(self):
        token = self.add("bifit-2", "--provider", "bifit", "--setting", f"url={self.url}", "--secret",
                         f"connector_token=@{self.file('token', TOKEN)}")
        answer = self.post(token, data=[self.receipt()])
        self.assertEqual(answer.status, 422, answer)
        self.assertIn("unconfirmed_value", {entry["code"] for entry in answer.json["errors"]})
        self.stand.admin("register", "set", "bifit-2", "--mapping", f"@{self.file('mapping', MAPPING)}")
        wait_until(lambda: self.post(token, data=[self.receipt()]).status == 202, 10, "the new mapping")

    def test_ARouteMovesAShopAndBack(self):
        driver = self.register(name="driver-1")
        self.stand.admin("shop", "route", self.shop["account_id"], "--from", "driver-1", "--to", "bifit-1")
        shown = self.stand.admin("shop", "show", self.shop["account_id"])
        self.assertEqual(shown["routes"], {"driver-1": "bifit-1"})
        wait_until(lambda: self.post(driver, data=[self.receipt()]).json.get("provider_receipt_url"), 10, "the route")
        self.stand.admin("shop", "route", self.shop["account_id"], "--clear")
        wait_until(lambda: not self.post(driver, data=[self.receipt()]).json.get("provider_receipt_url"), 10, "the way back")

    def test_AnotherProviderWaitsForTheLastTask(self):
        token = self.add("bifit-3", "--provider", "bifit", "--setting", f"url={self.url}", "--secret",
                         f"connector_token=@{self.file('token', TOKEN)}", "--mapping", f"@{self.file('mapping', MAPPING)}")
        self.assertEqual(self.post(token, data=[self.receipt()]).status, 202)
        self.assertIn("task list", self.refused("register", "set", "bifit-3", "--provider", "bit"))

    def receipt(self):
        command = receipt()
        command["data"]["purchases"] = [{"productName_1030": "Чай", "price_1079": 250, "qty_1023": 1, "unit_2108": 0,
                                         "paymentFormCode_1214": 4, "productTypeCode_1212": 1, "tax_1199": 6}]
        return command
