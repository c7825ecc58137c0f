"""Thousands of receipts that a slow provider has taken and not printed yet: what they cost the gateway."""
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import stands
from cloud import add_service, sale
from stand import Stand

PROVIDER = "orangedata"
POSTS_AT_ONCE = 16
SLOW_MS = 24 * 3600 * 1000
WATCHED_SECONDS = 10


class Waiting:
    def __init__(self, folder, build):
        self.stand = Stand(folder, build)
        self.service = add_service(self.stand, PROVIDER)

    def start(self):
        self.stand.start()
        self.service.processing(SLOW_MS)
        self.shop = self.stand.add_shop(account_id="bench-shop")
        self.token = self.stand.add_cloud_register(self.service.register_words(PROVIDER), self.shop, name="slow")
        self.data = sale(PROVIDER)
        stands.wait_until_known(self.stand, self.shop, self.token)
        return self

    def stop(self):
        self.stand.stop()

    def post(self, number):
        answer = self.stand.post(self.shop, self.token, f"waiting-{number}", self.data)
        if answer.status != 202:
            raise RuntimeError(f"receipt {number}: {answer}")

    def fill(self, count):
        """Ends when the provider has all of them. Gives how long that took after the last post."""
        with ThreadPoolExecutor(POSTS_AT_ONCE) as pool:
            list(pool.map(self.post, range(count)))
        posted = time.monotonic()
        stands.wait_until(lambda: self.waiting() >= count, 300, "all at the provider", step=0.5)
        return time.monotonic() - posted

    def waiting(self):
        """Tasks that the provider has said it has."""
        with sqlite3.connect(self.stand.folder / "store" / "fiscalgate.db", timeout=60) as connection:
            return connection.execute("SELECT count(*) FROM task WHERE state = 2").fetchone()[0]

    def size(self):
        """(MB resident, threads)"""
        pid = self.stand.gateway.pid
        return stands.memory_mb(pid)[0], stands.threads(pid)

    def watch(self):
        """The share of one processor that asking about them takes."""
        before = stands.cpu_seconds(self.stand.gateway.pid)
        time.sleep(WATCHED_SECONDS)
        return (stands.cpu_seconds(self.stand.gateway.pid) - before) / WATCHED_SECONDS
