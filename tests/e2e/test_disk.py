"""A disk that is full or fails: new work is refused, accepted work is not lost."""
import os
import unittest

from support import BUILD, SHORT, StandCase, new_order
from processes import wait_until
from protocol import request

SHIM = BUILD / "tests" / "disk_shim.so"


@unittest.skipIf(SHORT, "a sanitizer wants to be loaded first")
class Disk(StandCase):
    @classmethod
    def arrange(cls):
        cls.switch = cls.folder / "disk"
        cls.stand.env = {**os.environ, "LD_PRELOAD": str(SHIM), "FISCALGATE_DISK_SHIM_CONTROL": str(cls.switch),
                         "FISCALGATE_DISK_SHIM_PATH": "fiscalgate.db"}

    def setUp(self):
        self.token = self.register()

    def tearDown(self):
        self.mend()
        if self.stand.gateway.poll() is not None:
            self.stand.start_gateway()

    def spoil(self, how):
        self.switch.write_text(how + "\n")

    def mend(self):
        self.switch.unlink(missing_ok=True)

    def test_FullDiskRefusesNewWorkAndLosesNone(self):
        self.emulator.fault("slow", count=1, delay_ms=700)
        before = [new_order() for _ in range(5)]
        ids = [self.accept(self.token, order) for order in before]
        self.spoil("fail_write=ENOSPC")
        refused = [new_order() for _ in range(5)]
        for order in refused:
            answer = self.post(self.token, order)
            self.assertRefused(answer, 503, "unavailable")
            self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        self.assertEqual(request(self.stand.url + "/readyz").status, 503)
        self.assertEqual(request(self.stand.url + "/healthz").status, 200)
        self.assertIsNone(self.stand.gateway.poll())
        self.mend()
        wait_until(lambda: request(self.stand.url + "/readyz").status == 200, 15, "ready again")
        for order in refused:
            ids.append(self.accept(self.token, order))  # 202: nothing of it was stored
        for task_id in ids:
            status = self.final(task_id, 40)
            self.assertIn(status["state"], ("done", "unknown"), status)
            if status["state"] == "unknown":
                self.stand.admin("task", "settle", task_id, "--printed", "--why", "test")
        for order in before + refused:
            self.assertPrinted(order)

    def test_FailingCommitStopsTheProcessAndLosesNone(self):
        before = [new_order() for _ in range(5)]
        ids = [self.accept(self.token, order) for order in before]
        for task_id in ids:
            self.done(task_id)
        order = new_order()
        self.spoil("fail_sync=EIO")
        answer = self.post(self.token, order)
        self.assertNotIn(answer.status, (200, 202), answer)
        wait_until(lambda: self.stand.gateway.poll() is not None, 10, "end of the gateway")
        self.assertNotEqual(self.stand.gateway.returncode, 0)
        self.mend()
        self.stand.start_gateway()
        for task_id in ids:
            self.assertEqual(self.stand.status(task_id).json["state"], "done")
        again = self.post(self.token, order)
        self.assertIn(again.status, (200, 202), again)
        self.done(again.json["id"])
        for one in before + [order]:
            self.assertPrinted(one)


if __name__ == "__main__":
    unittest.main()
