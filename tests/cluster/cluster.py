#!/usr/bin/env python3
"""Three databases, three gateways, one nginx, posts without a pause, and something is always broken. Then all orders are counted.

    tests/cluster/cluster.py --demo                       every fault once, in order
    tests/cluster/cluster.py [--rounds 30] [--seed N]     at random moments
    options: --nodes 3, --build build, --keep

Exit status 0 only if nothing acknowledged is lost, nothing was printed twice, and nobody was told what is not so. What the
figures mean: README.md here.
"""
import argparse
import json
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "conf" / "demo"), str(ROOT / "tests" / "e2e"), str(ROOT / "tests" / "cluster")]
from databases import CALM, Databases  # noqa: E402
from faults import FAULTS, SHORT, Round  # noqa: E402
from load import Acknowledgements, Lane, Poster, Probe, Site  # noqa: E402
from stand import Stand, sample_data  # noqa: E402
from tally import Tally  # noqa: E402
from wires import Wires  # noqa: E402

POSTERS_PER_LANE = 2
CALM_SECONDS = (0.5, 2.5)  # of load before each blow
WHOLE_SECONDS = 60
CAUGHT_UP_SECONDS = 2  # until a receipt that is posted now is printed
# Rates of the emulated registers' own faults, all the time. Slow ones print first, so that a blow often falls between the paper and
# the answer. What a driver beside an agent does not answer nobody can ever know.
FAULT_RATES = {"asked": [("lose-answer", 0.01, 0), ("slow", 0.25, 300)], "plain": [("lose-answer", 0.01, 0), ("slow", 0.25, 300)],
               "agent": [("slow", 0.25, 300)]}
LANES = {"asked": 3, "plain": 3, "agent": 3}
SHOWN = 8  # lines of a kind, of what went wrong


class Cluster:
    def __init__(self, folder, build, seed, nodes, agents, rule=CALM):
        self.kinds = {**LANES, "agent": agents}
        self.random, self.started = random.Random(seed), time.monotonic()
        self.data, self.stand, self.wires = sample_data(), Stand(folder, build), Wires()
        self.databases = Databases(self.wires, rule)
        names = [f"node{number}" for number in range(1, nodes + 1)]
        for name in names:
            self.databases.add_node(name)
        self.stand.settings["store.url"] = self.databases.url()
        self.stand.settings["callback.timeout_ms"] = 2000
        self.stand.add_gateways(names, {name: {"store.url": self.databases.url(name)} for name in names})
        self.site, self.choose, self.lagging, self.pause_seconds = None, max, False, (10, 65)
        self.lanes, self.posters, self.probes, self.rounds = [], [], [], []
        self.acks = Acknowledgements()

    def say(self, text):
        print(f"{time.monotonic() - self.started:7.1f} s  {text}", flush=True)

    # ---- setting up

    def start(self):
        self.wires.start()
        self.databases.start()
        self.emulators = {kind: self.stand.add_emulator(kind) for kind in LANES}
        self.stand.start()
        self.shop = self.stand.add_shop(rate_per_second=0)
        self.site = Site(self.shop["code"]).start()
        for kind, count in self.kinds.items():
            self.lanes += [self.add_lane(kind, f"{kind}{number}") for number in range(1, count + 1)]
        self.emulators["asked"].deduplicate(True)
        for kind, faults in FAULT_RATES.items():
            for fault, rate, delay_ms in faults:
                self.emulators[kind].fault(fault, rate=rate, delay_ms=delay_ms, seed=self.random.randrange(1 << 31))
        for agent in self.stand.agents:
            agent.start()
        self.posters = [Poster(self, lane, number, self.random.random())
                        for lane in self.lanes for number in range(POSTERS_PER_LANE)]
        self.say(f"{self.databases.primary.name} is the primary, followed by "
                 f"{' and '.join(one.name for one in self.databases.followers)}; "
                 f"{', '.join(node.name for node in self.stand.gateways)} accept; {len(self.lanes)} registers")

    def add_lane(self, kind, name):
        options = {"asked": {"deduplicating": True}, "plain": {"pass_unknown": True}, "agent": {"via": "agent"}}[kind]
        emulator = self.emulators[kind]
        token = self.stand.add_register(emulator, self.shop, name=name, timeout_ms=2000, **options)
        if kind == "agent":
            self.stand.add_agent(f"beside-{name}").add_register(name, self.stand.set_up_agent(name), emulator.url)
        return Lane(name, token, kind)

    # ---- while it runs

    def torment(self, names):
        for poster in self.posters:
            poster.start()
        for number, name in enumerate(names, 1):
            time.sleep(self.random.uniform(*CALM_SECONDS))
            self.catch_up(number)
            self.say(f"round {number} of {len(names)}: {name}")
            round_ = Round(self, number, name)
            self.rounds.append(round_)
            FAULTS[name](round_)

    def probe(self, number):
        probes = [Probe(self, lane, number) for lane in self.lanes]
        self.probes += probes
        for probe in probes:
            probe.start()
        return probes

    def catch_up(self, number):
        """What has piled up at the registers in earlier rounds is not to be counted with the next."""
        deadline, times = time.monotonic() + WHOLE_SECONDS, 0
        while time.monotonic() < deadline:
            times, began = times + 1, time.monotonic()
            probes = self.probe(f"before-{number}-{times}")
            while not all(probe.over_at for probe in probes) and time.monotonic() < deadline:
                self.check_alive()
                time.sleep(0.02)
            if max(probe.over_at or deadline for probe in probes) - began < CAUGHT_UP_SECONDS:
                return

    def check_alive(self):
        """Nothing ends but what we end."""
        for node in self.stand.gateways:
            if node.process.poll() not in (None, -signal.SIGKILL, 0):
                raise RuntimeError(f"{node.name} ended with status {node.process.returncode}: see its log")

    def wait_until_whole(self):
        self.databases.wait_until_followed()
        nodes = [node for node in self.stand.gateways]
        for node in nodes:
            if not node.is_running():
                node.start(wait=False)
        for node in nodes:
            node.wait_until_ready(WHOLE_SECONDS)

    def stop_load(self):
        for thread in self.posters + self.probes:
            thread.stopping.set()
        for thread in self.posters + self.probes:
            thread.join(30)

    def tally(self):
        for emulator in self.stand.emulators:
            emulator.clear_faults()
        shoppers = [thread.shopper for thread in self.posters + self.probes]
        tally = Tally(self, shoppers)
        self.say(f"no more posts: {len(tally.acknowledged)} orders acknowledged; waiting until all is over")
        self.say(f"settled after {tally.settle():.1f} s; asking every node for every order")
        return tally.count()

    def stop(self):
        for node in self.stand.gateways:
            if node.is_running():
                node.process.send_signal(signal.SIGCONT)
        self.stand.stop()
        if self.site:
            self.site.stop()
        self.databases.stop()
        self.wires.stop()


def plan(options, source):
    """The rounds: each fault once, then at random."""
    faults = list(FAULTS)
    if options.demo:
        return faults
    if options.short:
        return list(SHORT)
    source.shuffle(faults)
    return (faults + source.choices(list(FAULTS), k=options.rounds))[:options.rounds]


def figures(rounds):
    """One line a fault: how often, how long nobody could accept, when every register printed again."""
    lines = [f"  {'':18} {'rounds':>6}  {'nobody accepts, s':>20}  {'every register prints, s':>24}"]
    for name in FAULTS:
        of_it = [one for one in rounds if one.name == name and one.unavailable is not None]
        if of_it:
            silences, printing = sorted(one.unavailable for one in of_it), sorted(one.slowest or 0 for one in of_it)
            lines.append(f"  {name:18} {len(of_it):6}  {middle(silences):20}  {middle(printing):>24}")
    return lines


def middle(values):
    return f"{values[len(values) // 2]:.2f} (at most {values[-1]:.2f})"


def report(cluster, tally, seed, judges_time):
    wrong = [line for one in cluster.rounds for line in one.wrong]
    for what, lines in (("lost", tally.lost), ("twice", tally.twice), ("untrue", tally.untrue), ("slow", wrong)):
        for line in lines[:SHOWN]:
            print(f"  {what}: {line}")
    print("\n".join(figures(cluster.rounds)))
    print(f"  answers that were no acknowledgement: {dict(tally.repeats) or 'none'}; callbacks {cluster.site.count}, "
          f"{tally.repeated_callbacks()} of them repeated; posts nobody was told the end of: {len(tally.in_doubt)}")
    counts = tally.counts
    table = {"acknowledged": len(tally.acknowledged), "done": counts["done"], "failed": counts["failed"],
             "unknown": counts["unknown"], "lost": len(tally.lost), "printed twice": len(tally.twice),
             "untrue": len(tally.untrue), "too slow": len(wrong)}
    print("  " + "  ".join(f"{name:>12}" for name in table))
    print("  " + "  ".join(f"{value:>12}" for value in table.values()))
    print(f"  {len(cluster.rounds)} rounds in {time.monotonic() - cluster.started:.0f} s, seed {seed}", flush=True)
    return len(tally.acknowledged) > 10 * len(cluster.rounds) and not (
        tally.lost or tally.twice or tally.untrue or (wrong and judges_time))


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--short", action="store_true", help="three rounds")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--agents", type=int, default=LANES["agent"], help="registers that are reached by an agent")
    parser.add_argument("--only", choices=tuple(FAULTS), help="all rounds of this kind")
    parser.add_argument("--build", default=str(ROOT / "build"))
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look")
    parser.add_argument("--unsafe", action="store_true",
                        help="without synchronous replication, and the wrong follower is chosen: receipts must be lost")
    parser.add_argument("--as-test", action="store_true", help="one JSON line for tests/run.py")
    return parser.parse_args()


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seed = random.SystemRandom().randrange(1 << 31) if options.seed is None else options.seed
    folder = tempfile.mkdtemp(prefix="fiscalgate-cluster-")
    print(f"cluster: seed {seed}", flush=True)
    cluster = Cluster(folder, pathlib.Path(options.build).resolve(), seed, options.nodes, options.agents,
                      "" if options.unsafe else CALM)
    if options.unsafe:
        cluster.choose, cluster.lagging = min, True
    if options.demo:
        cluster.pause_seconds = (10, 10)
    good, text = False, ""
    try:
        cluster.start()
        names = plan(options, cluster.random) if not options.only else [options.only] * options.rounds
        cluster.torment(names)
        cluster.stop_load()
        tally = cluster.tally()
        # Beside other tests a machine may be slow: there only what became of the orders counts.
        good = report(cluster, tally, seed, judges_time=not options.as_test)
        text = "\n".join((tally.lost + tally.twice + tally.untrue)[:SHOWN])
    finally:
        cluster.stop()
        if options.keep or not good:
            print(f"  kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if options.as_test:
        print(json.dumps({"test": f"cluster: {len(cluster.rounds)} rounds, seed {seed}", "ok": good, "text": text}), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
