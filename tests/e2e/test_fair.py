"""Dead addresses and dead registers cost nobody else's time."""
import concurrent.futures
import socket
import statistics
import time
import unittest

from support import SHORT, StandCase, new_order

DEAD_ADDRESSES = 100 if SHORT else 1000


class DeadNeighbours(StandCase):
    @classmethod
    def arrange(cls):
        cls.other = cls.stand.add_emulator("other")
        # Takes connections and never says a word; every address of 127.0.0.0/8 leads here.
        cls.silent = socket.create_server(("0.0.0.0", 0), backlog=4096)
        cls.addClassCleanup(cls.silent.close)

    def one_life(self, token):
        """Seconds from the post to the callback of another shop's receipt."""
        order, started = new_order("alive"), time.monotonic()
        self.accept(token, order, shop=self.neighbour, **self.callback())
        self.assertTrue(self.site.wait_for(order, 20), "no callback")
        return time.monotonic() - started

    def test_DeadCallbacksAndADeadRegisterDelayNobody(self):
        self.neighbour = self.stand.add_shop()
        self.site.codes.append(self.neighbour["code"])
        alive = self.register(self.other, shop=self.neighbour)
        before = statistics.median(self.one_life(alive) for _ in range(5))

        hanging = self.register(timeout_ms=60_000)
        self.emulator.fault("hang", count=1)
        self.accept(hanging)
        busy, port = self.register(pass_unknown=True), self.silent.getsockname()[1]

        def post(number):
            url = f"http://127.{1 + number // 250}.{number % 250}.7:{port}/dead"
            return self.accept(busy, success=url, failed=url)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(post, range(DEAD_ADDRESSES)))
        for task_id in ids:
            self.done(task_id, seconds=90)

        lives = [self.one_life(alive) for _ in range(20)]
        self.assertLess(statistics.median(lives), max(0.5, 10 * before), f"{before:.3f} s before, then {lives}")
        self.assertLess(max(lives), 3, lives)
        pending = self.stand.admin("callback", "list", "--state", "pending", "--limit", 1000)
        self.assertEqual(len(pending), DEAD_ADDRESSES)
        self.emulator.clear_faults()


if __name__ == "__main__":
    unittest.main()
