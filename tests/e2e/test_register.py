"""What registers do to tasks: off, silent, forgetful, failing in the middle, behind TLS."""
import base64
import hashlib
import subprocess
import unittest

from support import ROOT, StandCase, new_order, receipt
from processes import free_ports, wait_until
from tap import Tap


class Off(StandCase):
    def test_RegisterThatIsOffKeepsItsTasksAndSaysWhy(self):
        port = free_ports(1)[0]
        token = self.register(url=f"http://127.0.0.1:{port}")
        orders = [new_order() for _ in range(3)]
        ids = [self.accept(token, order) for order in orders]
        status = self.until(ids[0], lambda s: s["wait_reason"])
        self.assertEqual(status["state"], "queued", status)
        self.assertIn("earlier task", self.stand_status_in_english(ids[1])["wait_reason"])
        with Tap(port, self.emulator.port):
            for task_id in ids:
                self.done(task_id)
        documents = [self.emulator.receipts(order) for order in orders]
        self.assertEqual([len(d) for d in documents], [1, 1, 1])
        numbers = [d[0]["fd"] for d in documents]
        self.assertEqual(numbers, sorted(numbers), "printed in the order of acceptance")

    def stand_status_in_english(self, task_id):
        from protocol import request
        return request(f"{self.stand.url}/api/fiscal/receipts/{task_id}", headers={"Accept-Language": "en"}).json

    def test_QueuedTaskCanBeCancelled(self):
        token = self.register(url=f"http://127.0.0.1:{free_ports(1)[0]}")
        self.accept(token)
        order = new_order()
        task_id = self.accept(token, order)
        self.stand.admin("task", "cancel", task_id, "--why", "test")
        self.assertEqual(self.final(task_id)["state"], "cancelled")
        self.assertPrinted(order, 0)

    def test_DisabledRegisterTakesNothing(self):
        token = self.register(name="to-be-disabled")
        self.stand.admin("register", "disable", "to-be-disabled")
        answer = wait_until(lambda: self.post(token) if self.post(token).status == 403 else None, 5, "refusal")
        self.assertRefused(answer, 403, "forbidden")


class LostAnswers(StandCase):
    def lose(self, token, order, fault="lose-answer", **more):
        task_id = self.accept(token, order, [receipt(f"Чай [fault:{fault}]")], **more)
        status = self.final(task_id)
        self.assertEqual(status["state"], "unknown", status)
        self.assertTrue(status["error"], status)
        return task_id

    def test_LostAnswerIsUnknownAndNeverSentAgain(self):
        token, order = self.register(), new_order()
        task_id = self.lose(token, order)
        again = self.post(token, order, [receipt("Чай [fault:lose-answer]")])
        self.assertEqual((again.status, again.json["id"], again.json["state"]), (200, task_id, "unknown"))
        behind = self.accept(token)  # the lane stands still behind it
        status = self.stand.status(behind, wait=1).json
        self.assertEqual(status["state"], "queued", status)
        self.assertTrue(status["wait_reason"], status)
        self.assertPrinted(order)
        self.stand.admin("task", "settle", task_id, "--printed", "--why", "it lies on the desk")
        self.assertEqual(self.done(behind)["attempts"][0]["number"], 1)
        self.assertPrinted(order)

    def test_OperatorSaysPrinted(self):
        token, order = self.register(), new_order()
        task_id = self.lose(token, order, **self.callback())
        self.stand.admin("task", "settle", task_id, "--printed", "--why", "found in the journal")
        self.done(task_id)
        self.assertPrinted(order)
        came = self.site.wait_for(order)
        self.assertEqual([c.result["state"] for c in came], ["done"])

    def test_OperatorSaysNotPrinted(self):
        token, order = self.register(), new_order()
        task_id = self.lose(token, order, fault="refuse")
        self.assertPrinted(order, 0)
        self.stand.admin("task", "settle", task_id, "--not-printed", "--why", "no paper came")
        status = self.done(task_id)
        self.assertEqual(len(status["attempts"]), 2, status)
        self.assertPrinted(order)

    def test_OnlyUnknownTasksCanBeSettled(self):
        task_id = self.accept(self.register())
        self.done(task_id)
        for how in ("--printed", "--not-printed"):
            with self.assertRaises(Exception):
                self.stand.admin("task", "settle", task_id, how, "--why", "test")
        self.assertEqual(self.stand.status(task_id).json["state"], "done")

    def test_Http500IsUnknown(self):
        token, order = self.register(), new_order()
        self.lose(token, order, fault="http-500")

    def test_LaneMayBeSetToPassUnknownTasks(self):
        token, order = self.register(pass_unknown=True), new_order()
        task_id = self.lose(token, order)
        self.done(self.accept(token))
        self.assertEqual(self.stand.status(task_id).json["state"], "unknown")
        self.assertPrinted(order)

    def test_SilentRegisterIsUnknownAfterItsTimeOut(self):
        token, order = self.register(timeout_ms=500), new_order()
        self.lose(token, order, fault="hang")
        self.emulator.clear_faults()


class Deduplicating(StandCase):
    def test_LostAnswerIsResolvedByAsking(self):
        self.emulator.deduplicate(True)
        token, order = self.register(deduplicating=True), new_order()
        task_id = self.accept(token, order, [receipt("Чай [fault:lose-answer]")], **self.callback())
        status = self.until(task_id, lambda s: s["state"] == "done")
        self.assertEqual([a["kind"] for a in status["attempts"]], ["send", "ask"], status)
        self.assertEqual(status["commands"][0]["mark"], self.emulator.receipts(order)[0]["mark"])
        self.assertPrinted(order)
        self.assertEqual(self.site.wait_for(order)[-1].result["state"], "done")


class Packages(StandCase):
    @classmethod
    def arrange(cls):
        cls.closed = cls.stand.add_emulator("closed")  # no shift is open here

    def shift(self, kind):
        return {"name": kind, "type": kind, "data": {"cashierName_1021": "Пупкин", "cashierInn_1203": ""}}

    def test_CommandsRunInOrderAndTheFirstFailureStopsTheRest(self):
        token, order = self.register(), new_order()
        package = [receipt("первый"), receipt("второй [fault:paper-out]"), receipt("третий")]
        task_id = self.accept(token, order, package, **self.callback())
        status = self.final(task_id)
        self.assertEqual(status["state"], "failed", status)
        self.assertEqual([c["state"] for c in status["commands"]], ["done", "failed", "not_run"])
        self.assertIn("бумаг", status["commands"][1]["text"])
        self.assertPrinted(order, 1)
        came = self.site.wait_for(order)
        self.assertEqual((came[0].path, came[0].result["result"]), ("/callback/failed", False))
        self.assertIn("error", came[0].result["1"])

        self.stand.admin("task", "retry", task_id, "--why", "paper is in")
        status = self.until(task_id, lambda s: s["state"] == "done")
        self.assertEqual([c["state"] for c in status["commands"]], ["done", "done", "done"])
        self.assertPrinted(order, 3)
        texts = [document["text"] for document in self.emulator.receipts(order)]
        for name, text in zip(("первый", "второй", "третий"), texts):
            self.assertIn(name, text)
        self.assertEqual(self.site.wait_for(order, count=2)[-1].path, "/callback/success")

    def test_RetryOfTheFirstCommandSendsAll(self):
        token, order = self.register(), new_order()
        task_id = self.accept(token, order, [receipt("a [fault:invalid-receipt]"), receipt("b")])
        self.assertEqual(self.final(task_id)["state"], "failed")
        self.stand.admin("task", "retry", task_id, "--why", "mended")
        self.until(task_id, lambda s: s["state"] == "done")
        self.assertPrinted(order, 2)

    def test_WholeShiftInOnePackage(self):
        token, order = self.register(self.closed), new_order()
        kinds = ["kktOpenShift", "kktXReport", "kktCloseShift"]
        package = [self.shift("kktOpenShift"), receipt(), self.shift("kktXReport"), self.shift("kktCloseShift")]
        status = self.done(self.accept(token, order, package))
        self.assertEqual(len(status["commands"]), 4)
        self.assertEqual([c["type"] for c in status["commands"] if c["type"] in kinds], kinds)

    def test_BankCommandsGoToTheTerminal(self):
        token = self.register(bank_token="b" * 32)
        self.secrets.append("b" * 32)
        package = [{"name": "Оплата", "type": "bnkCardPayment", "data": {"sum": 250}}, receipt()]
        status = self.done(self.accept(token, new_order(), package, BIT_BNK_TRM_TOKEN="b" * 32))
        self.assertEqual([c["state"] for c in status["commands"]], ["done", "done"])


class Wires(StandCase):
    """Both generations of headers, four encodings of the body, TLS with a pinned key, an address that came with a post."""

    @classmethod
    def arrange(cls):
        cls.certificate, cls.key = cls.folder / "driver.crt", cls.folder / "driver.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=router",
                        "-keyout", cls.key, "-out", cls.certificate], check=True, capture_output=True)
        cls.tls_port = free_ports(1)[0]
        cls.secure = cls.stand.add_emulator("secure", tls_port=cls.tls_port, certificate=cls.certificate, key=cls.key)

    def pin(self):
        public = subprocess.run(["openssl", "x509", "-in", self.certificate, "-pubkey", "-noout"], check=True,
                                capture_output=True).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public, check=True,
                             capture_output=True).stdout
        return "sha256//" + base64.b64encode(hashlib.sha256(der).digest()).decode()

    def test_EveryHeaderGenerationAndBodyEncoding(self):
        for generation, encoding in (("1.2", "json"), ("1.5", "json"), ("1.5", "form"), ("1.5", "base64"), ("1.5", "hex")):
            with self.subTest(f"{generation} {encoding}"):
                token, order = self.register(header_generation=generation, body_encoding=encoding), new_order()
                if generation == "1.2":
                    continue  # see test_TokenNamedHeaders: the emulator must know the token
                self.done(self.accept(token, order, [receipt("Чай с чабрецом + 100% «лист» & мёд")]))
                self.assertPrinted(order)

    def test_TokenNamedHeaders(self):
        token, order = "a1" * 16, new_order()
        self.emulator.stop()
        self.emulator.tokens = [token]
        self.emulator.start()
        try:
            self.register(token=token, header_generation="1.2")
            self.done(self.accept(token, order))
            self.assertPrinted(order)
        finally:
            self.emulator.stop()
            self.emulator.tokens = []
            self.emulator.start()

    def test_PinnedKeyIsTrusted(self):
        token, order = self.register(self.secure, url=f"https://127.0.0.1:{self.tls_port}", pin=self.pin()), new_order()
        self.done(self.accept(token, order))
        self.assertPrinted(order, emulator=self.secure)

    def test_OtherKeyIsNotTrustedAndNothingIsSent(self):
        for pin in ("sha256//" + base64.b64encode(b"x" * 32).decode(), None):
            with self.subTest(pin):
                options = {"pin": pin} if pin else {}
                token = self.register(self.secure, url=f"https://127.0.0.1:{self.tls_port}", **options)
                order = new_order()
                status = self.until(self.accept(token, order), lambda s: s["wait_reason"])
                self.assertEqual(status["state"], "queued", status)
                self.assertPrinted(order, 0, emulator=self.secure)

    def test_PostedAddressIsUsedOnlyWhereItIsAllowed(self):
        trusting = self.stand.add_shop(allow_prog_url=True)
        for shop, printed in ((self.shop, 0), (trusting, 1)):
            token, order = self.register(shop=shop, url=f"http://127.0.0.1:{free_ports(1)[0]}"), new_order()
            task_id = self.accept(token, order, shop=shop, BIT_PROG_URL=self.secure.url)
            if printed:
                self.until(task_id, lambda s: s["state"] == "done" or s["wait_reason"])
            else:
                self.until(task_id, lambda s: s["wait_reason"])
            self.assertPrinted(order, printed, emulator=self.secure)


class PostedAddressGuard(StandCase):
    SHOP = {"allow_prog_url": True}
    SETTINGS = {"dispatch.allow_networks": []}

    def test_PostedAddressMayNotPointIntoPrivateNetworks(self):
        token, order = self.register(url=f"http://127.0.0.1:{free_ports(1)[0]}"), new_order()
        status = self.until(self.accept(token, order, BIT_PROG_URL=self.emulator.url), lambda s: s["wait_reason"])
        self.assertEqual(status["state"], "queued", status)
        self.assertPrinted(order, 0)


if __name__ == "__main__":
    unittest.main()
