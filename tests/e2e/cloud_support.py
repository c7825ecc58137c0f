"""What every cloud provider has to stand, told once: accept, done, failed, every message lost, every process killed.

A module of tests names its provider and the messages of its conversation. The gateway speaks to the emulated service
through a wire that can be held at any message (tap.py); what was printed is counted in the service's own journal.
"""
import time

from support import FINAL, StandCase, new_order
from certificates import Authority
from cloud import FFD_VERSION, add_service, sale
from processes import free_ports, wait_until
from tap import FAR, NEAR, Tap

CAUGHT_SECONDS = 20
TIMEOUT_MS = 2000


class CloudCase(StandCase):
    """A stand with one emulated service, a wire before it, and a register that is reached by that wire."""
    PROVIDER = ""
    STEPS = ()  # (name, what a request line of that step holds)

    @classmethod
    def arrange(cls):
        cls.service = add_service(cls.stand, cls.PROVIDER)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tap = Tap(free_ports(1)[0], cls.service.port)
        cls.addClassCleanup(cls.tap.stop)
        cls.secrets += cls.service.secrets().values()
        cls.name = f"{cls.PROVIDER}-register"
        cls.token = cls.cloud_register(cls.name, cls.tap.url)

    @classmethod
    def cloud_register(cls, name, url=None, **how):
        words = cls.service.register_words(cls.PROVIDER, url, **how) + ["--timeout-ms", TIMEOUT_MS]
        token = cls.stand.add_cloud_register(words, cls.shop, name=name)
        cls.secrets.append(token)
        return token

    def setUp(self):
        self.tap.clear()
        self.service.clear_faults()
        self.service.processing(100)
        self.printed_before = len(self.service.documents())

    def sale(self, **more):
        package = sale(self.PROVIDER)
        package[-1]["data"].update(more)
        return package

    def send(self, package=None, token=None, **more):
        return self.accept(token or self.token, new_order(), package or self.sale(), **more)

    def assertPrintedOnce(self, times=1):
        """Since the test began, by the journal of the service."""
        documents = self.service.documents()[self.printed_before:]
        self.assertEqual(len(documents), times, documents)
        return documents

    def end_done(self, task_id, seconds=40):
        status = self.done(task_id, seconds)
        document = self.assertPrintedOnce()[0]
        mark = next(command["mark"] for command in status["commands"] if command.get("mark"))
        numbers = {key.rsplit("_", 1)[1]: str(value) for key, value in mark.items()}
        self.assertEqual((numbers["1041"], numbers["1040"], numbers["1077"]),
                         tuple(str(document[key]) for key in ("fn", "fd", "fpd")))
        return status

    def gateway_dies(self):
        self.stand.kill_gateway()
        self.stand.start_gateway()


class Conformance:
    """Mixed into a CloudCase of one provider."""

    def test_AReceiptIsAcceptedFiscalisedAndTheShopIsTold(self):
        self.service.processing(400)
        order = new_order()
        task_id = self.accept(self.token, order, self.sale(), **self.callback("done"))
        self.until(task_id, lambda status: status["state"] == "waiting")
        self.end_done(task_id)
        came = self.site.wait_for(order, 10)
        self.assertEqual([(each.genuine, each.result["result"]) for each in came], [(True, True)])

    def test_TheSameOrderTwiceIsOneDocument(self):
        order = new_order()
        first = self.accept(self.token, order, self.sale())
        again = self.post(self.token, order, self.sale())
        self.assertEqual((again.status, again.json["id"], again.json["duplicate"]), (200, first, True), again)
        self.end_done(first)

    def test_AFailureIsToldToTheShop(self):
        self.service.fault("error", count=1, text="Неверные данные чека")
        order = new_order()
        task_id = self.accept(self.token, order, self.sale(), **self.callback("failed"))
        status = self.final(task_id, 40)
        self.assertEqual(status["state"], "failed", status)
        self.assertTrue(status["error"])
        came = self.site.wait_for(order, 10)
        self.assertEqual([each.result["result"] for each in came], [False])
        self.assertPrintedOnce(0)

    def test_EveryMessageMayBeLost(self):
        for name, word in self.STEPS:
            for side in (NEAR, FAR):
                with self.subTest(f"{name}, {side}"):
                    self.setUp()
                    self.hold(word, side, lambda trap: trap.cut())

    def test_TheGatewayMayDieAtEveryMessage(self):
        for name, word in self.STEPS:
            for side in (NEAR, FAR):
                with self.subTest(f"{name}, {side}"):
                    self.setUp()
                    self.hold(word, side, self.die)

    def hold(self, word, side, then):
        """One receipt whose conversation meets `then` at that message."""
        trap, task_id = self.caught_at(word, side)
        then(trap)
        self.tap.clear()
        self.end_done(task_id)

    def caught_at(self, word, side):
        trap = self.tap.set_trap(side, lambda path, _: word in path)
        task_id = self.send()
        self.assertTrue(trap.caught.wait(CAUGHT_SECONDS), f"no message with {word}")
        return trap, task_id

    def die(self, trap):
        self.stand.kill_gateway()
        trap.let_go()
        self.stand.start_gateway()

    def test_FaultsOfTheServiceAreWaitedOut(self):
        for fault, how in self.PASSING_FAULTS:
            with self.subTest(fault):
                self.setUp()
                self.service.fault(fault, **how)
                self.end_done(self.send(), 60)

    def test_WhatIsNotConfirmedIsRefusedAtOnce(self):
        token = self.cloud_register(f"{self.PROVIDER}-unconfirmed", mapping=False)
        package = self.sale()
        package[-1]["data"]["purchases"][0]["tax_1199"] = 11
        answer = self.post(token, data=package)
        body = self.assertRefused(answer, 422, "invalid")
        self.assertIn("unconfirmed_value", {entry["code"] for entry in body["errors"]})
        self.assertPrintedOnce(0)

    def test_CardNumbersNeverEnter(self):
        package = self.sale()
        number = "4200000000000000"
        package[-1]["data"]["purchases"][0]["productName_1030"] = f"card {number}"
        answer = self.post(self.token, data=package)
        body = self.assertRefused(answer, 422, "invalid")
        self.assertIn("card_number", {entry["code"] for entry in body["errors"]})
        self.assertNotIn(number, self.stand.log_text())
        self.assertNotIn(number.encode(), self.database())

    def database(self):
        return b"".join(path.read_bytes() for path in (self.folder / "store").glob("*"))

    def test_SecretsAreReplacedWhileItRuns(self):
        name = f"{self.PROVIDER}-renewed"
        token = self.cloud_register(name)
        wrong = {key: "0" * 40 for key in self.REPLACED_SECRETS}
        self.stand.admin("register", "set", name, *self.secret_words(wrong))
        sent = []

        def refused():  # the running gateway notices the change within a moment; what began before it goes on after it
            sent.append(self.send(token=token))
            status = self.status_after(sent[-1], 3)
            return status["wait_reason"] or status["state"] == "failed"
        wait_until(refused, 40, "refusal of the wrong secret")
        right = {key: value for key, value in self.service.secrets().items() if key in wrong}
        self.stand.admin("register", "set", name, *self.secret_words(right))
        for task_id in sent:
            if self.final(task_id, 90)["state"] == "failed":
                self.stand.admin("task", "retry", task_id, "--why", "the key was replaced")
                self.until(task_id, lambda status: status["state"] == "done", 60)
        self.assertPrintedOnce(len(sent))

    def status_after(self, task_id, seconds):
        """Once it is over or says why it waits, at the latest after so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            status = self.stand.status(task_id, wait=1).json
            if status["state"] in FINAL or status["wait_reason"] or time.monotonic() > deadline:
                return status

    def secret_words(self, values):
        words = []
        for name, value in values.items():
            words += ["--secret", f"{name}=@{self.service.write_file('new-' + name, value)}"]
        return words

    def test_AServiceThatIsDownHoldsItsOwnRegisterOnly(self):
        port = free_ports(1)[0]
        down = self.cloud_register(f"{self.PROVIDER}-down", f"http://127.0.0.1:{port}")
        waiting = [self.send(token=down) for _ in range(8)]
        self.until(waiting[0], lambda status: status["wait_reason"])
        self.end_done(self.send())
        with Tap(port, self.service.port):
            for task_id in waiting:
                self.done(task_id, 90)
        self.assertPrintedOnce(1 + len(waiting))

    def test_AServerOfAnotherAuthorityGetsNothing(self):
        name = f"{self.PROVIDER}-foreign"
        token = self.cloud_register(name, self.service.tls_url)
        foreign = Authority(self.folder, "foreign-ca").certificate
        self.stand.admin("register", "set", name, "--setting-file", f"trusted_authorities={foreign}")
        sent = []

        def turned_away():  # the running gateway notices the change within a moment
            sent.append(self.send(token=token))
            status = self.status_after(sent[-1], 3)
            return status["wait_reason"] and status["state"] in ("queued", "sending")
        wait_until(turned_away, 40, "a server that is not trusted")
        self.assertLess(len(self.service.documents()) - self.printed_before, len(sent))
        self.stand.admin("register", "set", name, "--setting-file", f"trusted_authorities={self.service.authority}")
        for task_id in sent:
            self.done(task_id, 90)
        self.assertPrintedOnce(len(sent))

    def test_AShopIsSwitchedByOneCommand(self):
        driver = self.register(name=f"{self.PROVIDER}-driver", ffd_version=FFD_VERSION)
        self.done(self.accept(driver, new_order(), self.sale()[-1:]))
        self.assertPrintedOnce(0)
        self.stand.admin("shop", "route", self.shop["account_id"], "--from", f"{self.PROVIDER}-driver", "--to", self.name)

        def routed():  # within a moment
            status = self.final(self.accept(driver, new_order(), self.sale()), 40)
            return status["register"] == self.name and status
        status = wait_until(routed, 20, "receipt by the new way")
        self.assertEqual(status["state"], "done", status)
        self.assertPrintedOnce()
