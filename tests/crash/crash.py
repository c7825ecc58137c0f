#!/usr/bin/env python3
"""Kills the gateway with -9 at random moments, under load and with lost answers, and counts what became of every order.

    tests/crash/crash.py [--kills 100] [--seed N] [--build build] [--store sqlite|postgresql] [--keep]

Two registers: one deduplicates (a lost answer is resolved by asking), one does not (unknown stays unknown, its lane goes on).
Exit status 0 only if no acknowledged order is lost and none was printed twice. The seed makes a run repeatable as far as
a scheduler lets it.
"""
import argparse
import json
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "conf" / "demo"))
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from postgres_support import Postgres  # noqa: E402
from processes import wait_until  # noqa: E402
from protocol import CREATE_RECEIPT, form_fields, post_form, request  # noqa: E402
from stand import SAMPLE, Stand  # noqa: E402

CLIENTS_PER_REGISTER = 3
# From ready to the next kill: mostly too short for anything but work, now and then long enough to ask about what is unknown.
SHORT_UPTIME_S, LONG_UPTIME_S, LONG_SHARE = (0.02, 0.55), (1.5, 3.5), 0.1
SETTLE_SECONDS = 150
FINAL = ("done", "failed", "unknown")
# Rates of the emulator's faults, while the killing goes on.
FAULTS = [("lose-answer", 0.02, 0), ("slow", 0.03, 120), ("http-500", 0.01, 0), ("refuse", 0.02, 0),
          ("paper-out", 0.01, 0)]


class Client(threading.Thread):
    """Posts one order after the other; repeats each until it is acknowledged, as a shop's plugin would."""

    def __init__(self, run, name, token, seed):
        super().__init__(daemon=True)
        self.run_of, self.prefix, self.token, self.random = run, name, token, random.Random(seed)
        self.acknowledged = {}   # order -> id
        self.other_answers = Counter()
        self.broken = []

    def run(self):
        number = 0
        while not self.run_of.stopping.is_set():
            number += 1
            self.order_until_acknowledged(f"{self.prefix}-{number}")
            self.run_of.stopping.wait(self.random.uniform(0.0, 0.08))

    def order_until_acknowledged(self, order):
        shop = self.run_of.shop
        fields = form_fields(shop["account_id"], self.token, shop["code"], order, self.run_of.sample)
        while not self.run_of.stopping.is_set():
            try:
                answer = post_form(self.run_of.stand.url + CREATE_RECEIPT, fields, timeout=10)
            except OSError:
                self.other_answers["no answer"] += 1
                continue
            if answer.status in (200, 202):
                self.acknowledged[order] = answer.json["id"]
                if self.random.random() < 0.05:
                    self.post_again(order, fields)
                return
            self.other_answers[answer.status] += 1
            self.run_of.stopping.wait(0.02)

    def post_again(self, order, fields):
        """What was acknowledged once is the same task for ever."""
        try:
            answer = post_form(self.run_of.stand.url + CREATE_RECEIPT, fields, timeout=10)
        except OSError:
            return
        if answer.status in (200, 202) and (answer.status != 200 or answer.json["id"] != self.acknowledged[order]):
            self.broken.append(f"{order}: acknowledged as {self.acknowledged[order]}, then {answer}")


class CrashRun:
    def __init__(self, folder, build, seed, store):
        self.random, self.stopping = random.Random(seed), threading.Event()
        self.sample = SAMPLE.read_text(encoding="utf-8")
        self.stand, self.database = Stand(folder, build), None
        if store == "postgresql":
            self.database = Postgres().start()
            self.stand.settings["store.url"] = self.database.new_database("fiscalgate")
        self.starts = []

    def set_up(self):
        self.deduplicating = self.stand.add_emulator("deduplicating")
        self.forgetful = self.stand.add_emulator("forgetful")
        self.stand.start()
        self.shop = self.stand.add_shop(rate_per_second=0)
        tokens = [self.stand.add_register(self.deduplicating, self.shop, deduplicating=True, timeout_ms=2000),
                  self.stand.add_register(self.forgetful, self.shop, pass_unknown=True, timeout_ms=2000)]
        self.deduplicating.deduplicate(True)
        for emulator in self.stand.emulators:
            for fault, rate, delay_ms in FAULTS:
                emulator.fault(fault, rate=rate, delay_ms=delay_ms, seed=self.random.randrange(1 << 31))
        self.clients = [Client(self, f"{'dedup' if i == 0 else 'plain'}{n}", token, self.random.random())
                        for i, token in enumerate(tokens) for n in range(CLIENTS_PER_REGISTER)]

    def kill_and_start(self):
        self.stand.kill_gateway()
        started = time.monotonic()
        self.stand.start_gateway()
        self.starts.append(time.monotonic() - started)

    def torment(self, kills, say):
        for client in self.clients:
            client.start()
        for number in range(1, kills + 1):
            time.sleep(self.random.uniform(*(LONG_UPTIME_S if self.random.random() < LONG_SHARE else SHORT_UPTIME_S)))
            if self.stand.gateway.poll() is not None:
                raise RuntimeError(f"the gateway ended by itself with status {self.stand.gateway.returncode}")
            self.kill_and_start()
            if number % 10 == 0:
                say(f"  {number} kills, {sum(len(c.acknowledged) for c in self.clients)} orders acknowledged")
        self.stopping.set()
        for client in self.clients:
            client.join(15)

    def settle(self):
        """No more faults: what waits must go through, what is asked about must be answered."""
        for emulator in self.stand.emulators:
            emulator.clear_faults()
        wait_until(lambda: not self.unsettled(), SETTLE_SECONDS, "quiet lanes", step=0.5, alive=[self.stand.gateway])

    def unsettled(self):
        states = self.stand.admin("task", "list", "--state", "queued", "--limit", 1)
        states += self.stand.admin("task", "list", "--state", "sending", "--limit", 1)
        states += self.stand.admin("task", "list", "--state", "waiting", "--limit", 1)
        return states + [t for t in self.stand.admin("task", "list", "--state", "unknown", "--limit", 1000)
                         if t["order_id"].startswith("dedup")]

    def tally(self):
        """What every acknowledged order came to, and what the registers printed."""
        printed = Counter(line["order_id"] for e in self.stand.emulators for line in e.receipts())
        counts, lost, lies = Counter(), [], []
        for client in self.clients:
            lies += client.broken
            for order, task_id in client.acknowledged.items():
                answer = self.stand.status(task_id)
                state = answer.json.get("state") if answer.status == 200 else None
                counts[state] += 1
                if state not in FINAL:
                    lost.append(f"{order}: {answer}")
                elif state == "done" and printed[order] == 0:
                    lies.append(f"{order}: done, but not printed")
                elif state == "failed" and printed[order] > 0:
                    lies.append(f"{order}: failed, but printed")
        twice = [f"{order}: printed {count} times" for order, count in printed.items() if count > 1]
        return counts, lost, twice, lies


def report(run, counts, lost, twice, lies, seconds, kills, seed):
    acknowledged = sum(len(c.acknowledged) for c in run.clients)
    others = sum((c.other_answers for c in run.clients), Counter())
    starts = sorted(run.starts)
    for line in (lost + twice + lies)[:20]:
        print(f"  {line}")
    print(f"  kills {kills} in {seconds:.0f} s, seed {seed}; start to ready: median {starts[len(starts) // 2] * 1000:.0f} ms, "
          f"longest {starts[-1] * 1000:.0f} ms; answers while it was down: {dict(others)}")
    print(f"  acknowledged {acknowledged}, done {counts['done']}, failed {counts['failed']}, unknown {counts['unknown']}, "
          f"lost {len(lost)}, twice {len(twice)}, untrue {len(lies)}", flush=True)
    return acknowledged > kills and not (lost or twice or lies)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--build", default=str(ROOT / "build"))
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look")
    parser.add_argument("--as-test", action="store_true", help="one JSON line for tests/run.py")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seed = random.SystemRandom().randrange(1 << 31) if options.seed is None else options.seed
    folder = tempfile.mkdtemp(prefix="fiscalgate-crash-")
    print(f"crash: {options.kills} kills, seed {seed}, {options.store}", flush=True)
    run = CrashRun(folder, pathlib.Path(options.build).resolve(), seed, options.store)
    started, good = time.monotonic(), False
    try:
        run.set_up()
        run.torment(options.kills, lambda text: print(text, flush=True))
        run.settle()
        good = report(run, *run.tally(), time.monotonic() - started, options.kills, seed)
    finally:
        run.stopping.set()
        run.stand.stop()
        if run.database:
            run.database.stop()
        if options.keep or not good:
            print(f"  kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if options.as_test:
        print(json.dumps({"test": f"crash: {options.kills} kills, seed {seed}, {options.store}", "ok": good, "text": ""}), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
