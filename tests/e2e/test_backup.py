"""`admin backup` beside a gateway under load, and `admin restore` of a copy that is older than what was printed."""
import os
import subprocess
import threading
import time
import unittest

from support import StandCase, new_order
from processes import wait_until
from stand import AdminError


class Backup(StandCase):
    def setUp(self):
        self.copy = f"{self.id().rsplit('.', 1)[1]}.db"
        self.token, self.ids = self.register(), {}

    def tearDown(self):
        if self.stand.gateway.poll() is not None:
            self.stand.start_gateway()

    def accept_all(self, count):
        orders = [new_order() for _ in range(count)]
        for order in orders:
            self.ids[order] = self.accept(self.token, order)
        return orders

    def printed_twice(self):
        printed = [line["order_id"] for line in self.emulator.receipts()]
        return [order for order in set(printed) if printed.count(order) > 1]

    def restore(self, *words):
        self.stand.kill_gateway()
        restored = self.stand.admin("restore", "--from", self.copy, *words)
        self.stand.start_gateway()
        return restored

    def settle_what_is_unknown(self):
        """As an operator with the tape in hand. Settling one may bring up the next."""
        for task in self.stand.admin("task", "list", "--state", "unknown"):
            printed = bool(self.emulator.receipts(task["order_id"]))
            self.stand.admin("task", "settle", task["id"], "--printed" if printed else "--not-printed", "--why", "the tape")

    def test_TheGatewayGoesOnWhileItIsCopied(self):
        stop, latencies = threading.Event(), []

        def load():
            while not stop.is_set():
                started = time.monotonic()
                self.accept_all(1)
                latencies.append(time.monotonic() - started)
        thread = threading.Thread(target=load)
        thread.start()
        try:
            wait_until(lambda: len(latencies) > 20, 20, "load")
            for number in range(3):
                made = self.stand.admin("backup", "--to", f"load-{number}.db")
                self.assertEqual(made["integrity"], "ok")
                self.assertGreater(made["tasks"], 20)
            before = len(latencies)
            wait_until(lambda: len(latencies) > before, 20, "load goes on")
        finally:
            stop.set()
            thread.join()
        self.assertLess(max(latencies), 5)
        self.assertEqual((self.folder / "load-0.db").stat().st_mode & 0o777, 0o600)
        for order in self.ids:
            self.done(self.ids[order])

    def test_WhatWasPrintedAfterTheCopyIsNotPrintedAgain(self):
        done = self.accept_all(3)
        for order in done:
            self.done(self.ids[order])
        self.emulator.fault("slow", count=1, delay_ms=2000)  # one in flight, others behind it
        later = self.accept_all(6)
        self.until(self.ids[later[0]], lambda s: s["state"] == "sending")
        made = self.stand.admin("backup", "--to", self.copy)
        self.assertGreaterEqual(made["queued"] + made["in_flight"], 6)
        for order in later:
            self.done(self.ids[order])
        restored = self.restore("--force")
        self.assertEqual(restored["made_unknown"], made["queued"] + made["in_flight"] + made["unknown"])
        for order in done:
            self.assertEqual(self.stand.status(self.ids[order]).json["state"], "done")
        for order in later:
            status = self.stand.status(self.ids[order]).json
            self.assertEqual(status["state"], "unknown")
            self.assertIn("restored from a backup of ", self.stand.admin("task", "show", self.ids[order])["error"])
        # A lane of its own goes on, so all had time to be sent again.
        self.done(self.accept(self.register()))
        self.assertEqual(self.printed_twice(), [])
        self.settle_what_is_unknown()
        after = self.accept_all(2)
        for order in done + later + after:
            self.done(self.ids[order])
            self.assertPrinted(order)

    def test_ARegisterThatRemembersSettlesItByItself(self):
        self.emulator.deduplicate(True)
        self.addCleanup(self.emulator.deduplicate, False)
        self.token = self.register(deduplicating=True)
        self.emulator.fault("slow", count=1, delay_ms=1500)
        orders = self.accept_all(4)
        self.until(self.ids[orders[0]], lambda s: s["state"] == "sending")
        self.stand.admin("backup", "--to", self.copy)
        for order in orders:
            self.done(self.ids[order])
        self.restore("--force")
        for order in orders:
            self.until(self.ids[order], lambda s: s["state"] == "done", 60)
            self.assertPrinted(order)

    def test_NothingIsRestoredUnderARunningGateway(self):
        self.stand.admin("backup", "--to", self.copy)
        with self.assertRaises(AdminError) as refused:
            self.stand.admin("restore", "--from", self.copy, "--force")
        self.assertIn(str(self.stand.gateway.pid), str(refused.exception))
        self.done(self.accept(self.token))

    def test_TheOutputSaysWhatIsNotInTheCopy(self):
        text = self.stand.admin_text("backup", "--to", self.copy)
        self.assertRegex(text, "key file is NOT in it.*key")
        env = {**os.environ, "LC_ALL": "ru_RU.UTF-8"}
        done = subprocess.run([str(self.stand.program), "admin", "--config", "fiscalgate.toml", "backup", "--to", "second.db"],
                              cwd=self.folder, capture_output=True, text=True, env=env, timeout=60)
        self.assertIn("Файла ключа в копии НЕТ", done.stdout)
        self.assertEqual(done.stderr, "")  # not a terminal: no progress
        self.stand.kill_gateway()
        text = self.stand.admin_text("restore", "--from", self.copy, "--force")
        self.assertIn("none is sent by itself", text)
        self.assertIn("Look at the registers' tapes first", text)


if __name__ == "__main__":
    unittest.main()
