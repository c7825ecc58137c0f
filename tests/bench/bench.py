#!/usr/bin/env python3
"""`make bench`: the figures of the README side by side, measured in one run on this machine.

    tests/bench/bench.py [--build build] [--quick] [--only rivals,disk,reader,check,queued,agents,waiting,latency,nodes,clusters,claims,finished]

Everything runs on free loopback ports under build/bench. Rivals take turns (a b c a b c ...); every figure is the median
of its rounds, every ratio the median of the ratios within each round. Ends with one table; exit status 1 if something did
not work, not if a figure disappoints.
"""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import stands  # noqa: E402
import claims  # noqa: E402
import finished  # noqa: E402
import clusters  # noqa: E402
import nodes  # noqa: E402
from idle_agents import IdleAgents, make_keys  # noqa: E402
from stands import Gateway, Nginx, Noop, Php, Stand, free_ports, run_load, slow_disk  # noqa: E402
from waiting import Waiting  # noqa: E402

SECTIONS = ("rivals", "disk", "reader", "check", "queued", "agents", "waiting", "latency", "nodes", "clusters", "claims", "finished")
DELAY_MS = 5
IDLE_AGENTS = 1000


def say(text):
    print(text, flush=True)


class Rounds:
    """Loads the targets in turn and keeps the results by name."""

    def __init__(self, options, label):
        self.options, self.label, self.results = options, label, {}

    def run(self, targets, only_round=None):
        for number in range(self.options.rounds) if only_round is None else [only_round]:
            for target in targets:
                result = run_load(self.options.build, target, f"{self.label}-{number}-", self.options.seconds)
                self.results.setdefault(target.name, []).append(result)
                say(f"  {self.label} {number + 1}/{self.options.rounds} {target.name:10} {result['per_second']:9.0f}/s"
                    f"  p50 {result['p50_ms']:7.2f}  p99 {result['p99_ms']:7.2f}  max {result['max_ms']:7.1f} ms")
        return self

    def median(self, name, key):
        return statistics.median(result[key] for result in self.results[name])

    def ratio(self, one, other, key="per_second"):
        """Within each round first: what disturbs the machine disturbs neighbours alike."""
        pairs = zip(self.results[one], self.results[other])
        return statistics.median(left[key] / right[key] for left, right in pairs)


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, figure, wanted=""):
        self.rows.append((what, figure, wanted))

    def add_rounds(self, what, rounds, name):
        self.add(what, f"{rounds.median(name, 'per_second'):,.0f}/s   p50 {rounds.median(name, 'p50_ms'):.2f} ms   "
                       f"p99 {rounds.median(name, 'p99_ms'):.2f} ms")

    def add_goal(self, what, ratio, at_least=None, at_most=None):
        met = (at_least is None or ratio >= at_least) and (at_most is None or ratio <= at_most)
        wanted = f"at least {at_least}" if at_most is None else f"at most {at_most}"
        self.add(what, f"{ratio:.2f}", wanted + ("" if met else ": goal missed"))

    def print(self):
        width = max(len(row[0]) for row in self.rows)
        figures = max(len(row[1]) for row in self.rows)
        say("")
        for what, figure, wanted in self.rows:
            say(f"{what:{width}}  {figure:{figures}}  {wanted}".rstrip())


class Bench:
    def __init__(self, options):
        self.options, self.table = options, Table()
        self.folder = options.build / "bench"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.running = []

    def section(self, name):
        """An empty folder and an nginx for it."""
        folder = self.folder / name
        folder.mkdir()
        say(f"{name}:")
        return folder, self.keep(Nginx(folder / "nginx"))

    def keep(self, thing):
        self.running.append(thing)
        return thing

    def stop_all(self):
        while self.running:
            self.running.pop().stop()

    def gateway(self, name, folder, settings=None):
        return self.keep(Gateway(name, folder, free_ports(1)[0], self.options.build, settings))

    def start(self, nginx, *things, env=None):
        for thing in things:
            thing.add_to(nginx)
        nginx.start()
        for thing in things:
            thing.start(env) if env else thing.start()

    # ---- sections

    def rivals(self):
        folder, nginx = self.section("rivals")
        a = self.gateway("gateway", folder)
        b = self.keep(Php(folder / "php", free_ports(1)[0]))
        c = self.keep(Noop(folder / "noop", free_ports(1)[0], self.options.build))
        self.start(nginx, a, b, c)
        rounds = Rounds(self.options, "rivals").run([a.target, b.target, c.target])
        self.stop_all()
        acknowledged = sum(sum(r["statuses"].values()) for r in rounds.results["gateway"])
        if a.queued() != acknowledged:
            raise RuntimeError(f"{acknowledged} receipts were acknowledged, {a.queued()} are in the database")
        size = rounds.results["gateway"][0]["form_bytes"]
        self.table.add(f"one receipt: {len(stands.RECEIPT.read_bytes().strip())} bytes of JSON, {size} bytes on the wire", "")
        self.table.add_rounds("(a) gateway, acknowledged after the commit", rounds, "gateway")
        self.table.add_rounds("(b) php-fpm, 16 children, the same checks", rounds, "php-fpm")
        self.table.add_rounds("(c) nginx to a program that does nothing", rounds, "no-op")
        self.table.add("a / b", f"{rounds.ratio('gateway', 'php-fpm'):.2f}", "at least 4, goal 6")
        self.table.add("a / c", f"{rounds.ratio('gateway', 'no-op'):.2f}", "at least 0.3, goal 0.5")
        self.table.add("p99 of b / p99 of a", f"{rounds.ratio('php-fpm', 'gateway', 'p99_ms'):.1f}", "goal 20")

    def disk(self):
        folder, nginx = self.section("disk")
        a = self.gateway("gateway", folder)
        b = self.keep(Php(folder / "php", free_ports(1)[0]))
        self.start(nginx, a, b, env=slow_disk(self.options.build, DELAY_MS, folder))
        rounds = Rounds(self.options, "disk").run([a.target, b.target])
        self.stop_all()
        self.table.add_rounds(f"(a) with a flush of {DELAY_MS} ms", rounds, "gateway")
        self.table.add_rounds(f"(b) with a flush of {DELAY_MS} ms", rounds, "php-fpm")
        self.table.add(f"a / b with a flush of {DELAY_MS} ms", f"{rounds.ratio('gateway', 'php-fpm'):.1f}")

    def reader(self):
        folder, nginx = self.section("reader")
        fast = self.gateway("simdjson", folder, {"server.json_reader": "simdjson"})
        plain = self.gateway("jsoncpp", folder, {"server.json_reader": "jsoncpp"})
        self.start(nginx, fast, plain)
        rounds = Rounds(self.options, "reader").run([fast.target, plain.target])
        self.stop_all()
        self.table.add_rounds("(a) reading with simdjson", rounds, "simdjson")
        self.table.add_rounds("(a) reading with jsoncpp", rounds, "jsoncpp")
        self.table.add("simdjson / jsoncpp, end to end", f"{rounds.ratio('simdjson', 'jsoncpp'):.2f}", "at least 1.3")

    def check(self):
        """The check by itself, beside what the gateway's process spends on a whole post."""
        folder, nginx = self.section("check")
        gateway = self.gateway("gateway", folder)
        self.start(nginx, gateway)
        shares, costs = [], []
        for number in range(self.options.rounds):
            spent, stored = gateway.cpu_seconds(), gateway.queued()
            run_load(self.options.build, gateway.target, f"check-{number}-", self.options.seconds)
            cost = (gateway.cpu_seconds() - spent) * 1e6 / (gateway.queued() - stored)
            figures = json.loads(subprocess.run([self.options.build / "tests/bench/check", stands.RECEIPT], check=True,
                                                capture_output=True, text=True).stdout)
            costs.append(cost)
            shares.append(figures["check_us"] / cost)
            say(f"  check {number + 1}/{self.options.rounds}  post {cost:.1f} us  check {figures['check_us']:.2f} us")
        self.stop_all()
        self.table.add(f"check of a receipt of {figures['bytes']} bytes, all rules",
                       f"{figures['check_us']:.2f} us   JSON {figures['parse_us']:.2f} us   "
                       f"all reading {figures['read_us']:.2f} us")
        self.table.add("processor time of the gateway for a whole post", f"{statistics.median(costs):.1f} us")
        self.table.add("share of the check in it", f"{statistics.median(shares):.1%}", "at most 15%")
        sizes = {row["items"]: row["check_us"] for row in figures["sizes"]}
        self.table.add("check of 10, 50, 100, 250 items, us an item",
                       "   ".join(f"{sizes[items] / items:.2f}" for items in (10, 50, 100, 250)), "grows linearly: all alike")

    def queued(self):
        folder, nginx = self.section("queued")
        empty, full = self.gateway("empty", folder), self.gateway("full", folder)
        self.start(nginx, empty, full)
        full.stop()
        say(f"  filling {self.options.queued:,} tasks")
        full.fill(self.options.queued)
        full.start()
        memory = [full.memory_mb()]
        rounds = Rounds(self.options, "queued").run([empty.target, full.target])
        memory.append(full.memory_mb())
        self.stop_all()
        self.table.add_rounds("(a) with an empty queue", rounds, "empty")
        self.table.add_rounds(f"(a) with {self.options.queued:,} tasks queued", rounds, "full")
        self.table.add("full / empty", f"{rounds.ratio('full', 'empty'):.2f}", "at least 0.9")
        for when, (resident, proportional) in zip(("after its start", "after the load"), memory):
            self.table.add(f"memory with {self.options.queued:,} queued, {when}",
                           f"{resident:.0f} MB resident, {proportional:.0f} MB proportional", "under 100 MB")

    def agents(self):
        """Acceptance while agents wait for work that does not come, and while none is there."""
        folder, nginx = self.section("agents")
        alone, waited_on = self.gateway("alone", folder), self.gateway("waited-on", folder)
        self.start(nginx, alone, waited_on)
        say(f"  adding {IDLE_AGENTS:,} registers")
        keys = make_keys(waited_on.stand, {"account_id": waited_on.target.account}, IDLE_AGENTS)
        agents = self.keep(IdleAgents(waited_on.stand.port, keys).start())
        agents.wait_until_parked()
        idle, _ = waited_on.memory_mb()
        rounds = Rounds(self.options, "agents").run([alone.target, waited_on.target])
        loaded, _ = waited_on.memory_mb()
        self.stop_all()
        self.table.add_rounds("(a) without agents", rounds, "alone")
        self.table.add_rounds(f"(a) with {IDLE_AGENTS:,} idle agents", rounds, "waited-on")
        self.table.add("with agents / without", f"{rounds.ratio('waited-on', 'alone'):.2f}", "at least 0.9")
        self.table.add(f"memory with {IDLE_AGENTS:,} idle agents",
                       f"{idle:.0f} MB resident, {loaded:.0f} MB after the load", "under 100 MB")

    def waiting(self):
        """Receipts that a provider has taken and prints much later."""
        say("waiting:")
        waiting, count = self.keep(Waiting(self.folder / "waiting", self.options.build)).start(), self.options.waiting
        memory, threads = waiting.size()
        say(f"  posting {count:,} receipts")
        behind = waiting.fill(count)
        filled_memory, filled_threads = waiting.size()
        busy = waiting.watch()
        self.stop_all()
        self.table.add(f"{count:,} receipts waiting at a provider: memory", f"{memory:.0f} MB before, {filled_memory:.0f} MB with them")
        self.table.add("threads before, and with them", f"{threads}, {filled_threads}", "the same")
        self.table.add("the provider had all, after the last post", f"{behind:.1f} s")
        self.table.add("share of one processor to go on asking about them", f"{busy:.1%}")

    def latency(self):
        """From the moment before the post to the answer that holds the fiscal mark, one receipt at a time."""
        say("latency:")
        stand = self.keep(Stand(self.folder / "latency", self.options.build))
        stand.add_emulator("emulator")
        stand.start()
        shop = stand.add_shop(account_id="bench-shop")
        token = stand.add_register(stand.emulators[0], shop, name="bench-register")
        stands.wait_until_known(stand, shop, token)
        data, took = stands.RECEIPT.read_text(encoding="utf-8").strip(), []
        for number in range(self.options.receipts + 5):
            begun = time.perf_counter()
            answer = stand.post(shop, token, f"latency-{number}", data)
            if answer.status != 202:
                raise RuntimeError(f"receipt {number}: {answer}")
            status = stand.status(answer.json["id"], wait=25).json
            took.append((time.perf_counter() - begun) * 1000)
            if status["state"] != "done":
                raise RuntimeError(f"receipt {number}: {status}")
        self.stop_all()
        took = sorted(took[5:])  # the first ones open the shift and warm the caches
        self.table.add(f"idle, post to fiscal mark by push, median of {len(took)}",
                       f"{statistics.median(took):.1f} ms   worst {took[-1]:.1f} ms", "median under 20 ms")


    def nodes(self):
        """Acceptance into PostgreSQL by one node and by three, beside SQLite and beside plain inserts of the same row."""
        folder, nginx = self.section("nodes")
        server = self.keep(nodes.Database()).start()
        plain = nodes.PlainInserts(server, self.new_database(server, "plain"), folder)
        sqlite = self.gateway("sqlite", folder)
        url, several = server.new_database("one"), server.new_database("three")
        ports = free_ports(4)
        one = self.keep(nodes.Node("one", folder, ports[0], self.options.build, url))
        first = nodes.Node("first", folder, ports[1], self.options.build, several)
        others = [nodes.Node(name, folder, port, self.options.build, several, first)
                  for name, port in zip(("second", "third"), ports[2:])]
        three = nodes.Several("three", [self.keep(node) for node in (first, *others)])
        three.add_to(nginx)
        self.start(nginx, sqlite, one, first, *others)
        rounds, rates = Rounds(self.options, "nodes"), []
        memory = [first.memory_mb()]
        cost = self.cost_of_a_receipt(server, one)
        for _ in range(self.options.rounds):
            rounds.run([sqlite.target, one.target, three.target], only_round=len(rates))
            rates.append(plain.run(self.options.seconds))
            say(f"  nodes {len(rates)}/{self.options.rounds} {plain.name:10} {rates[-1]:9.0f}/s")
        memory.append(first.memory_mb())
        accepted = sum(sum(r["statuses"].values()) for r in rounds.results["three"])
        there = int(server.sql("SELECT count(*) FROM task WHERE order_id LIKE 'nodes-%'", "three"))
        if there != accepted:
            raise RuntimeError(f"{accepted} receipts were acknowledged by three nodes, {there} are in the database")
        self.stop_all()
        for what, name in (("(a) on SQLite", "sqlite"), ("(a) on PostgreSQL, one node", "one"),
                           ("(a) on PostgreSQL, three nodes on this machine", "three")):
            self.table.add_rounds(what, rounds, name)
        self.table.add("plain inserts of the same row, pgbench, 32 clients", f"{statistics.median(rates):,.0f}/s")
        for what, name in (("one node", "one"), ("three nodes", "three")):
            ratio = statistics.median(r["per_second"] / rate for r, rate in zip(rounds.results[name], rates))
            self.table.add(f"{what} / plain inserts", f"{ratio:.2f}", "goal 0.5")
        self.table.add("one node on PostgreSQL / SQLite", f"{rounds.ratio('one', 'sqlite'):.2f}")
        self.table.add("one receipt accepted: processor time", f"gateway {cost[0]:.0f} us, PostgreSQL {cost[1]:.0f} us")
        self.table.add("one receipt accepted: disk", f"{cost[2]:,.0f} bytes of log, {cost[3]:,.0f} bytes of tables")
        for when, (resident, proportional) in zip(("after its start", "after the load"), memory):
            self.table.add(f"memory of a node, {when}", f"{resident:.0f} MB resident, {proportional:.0f} MB proportional")

    def clusters(self):
        """Acceptance by several of them side by side."""
        clusters.measure(self, say)

    def claims(self):
        """Tasks through lanes on PostgreSQL: accepted, claimed and ended, by one writer."""
        say("claims:")
        (self.folder / "claims").mkdir()
        full, held = claims.measure(self, say)
        queued, minute = f"{self.options.queued:,} queued", f"a snapshot open while it works for {len(held.results) * held.seconds} s"
        for what, rate in (("nothing queued", full.rates()[0]), (queued, full.rates()[1]), (minute, held.rates()[1])):
            self.table.add(f"claims a second on PostgreSQL, {what}", f"{rate:,.0f}/s")
        self.table.add_goal(f"{queued} / nothing queued", full.ratio(), at_least=0.8)
        self.table.add_goal(f"{minute} / none", held.ratio(), at_least=0.8)
        self.table.add_goal("the last quarter of it / none", held.ratio(share=0.25), at_least=0.8)
        for what, pairs in (("queued", full), ("held", held)):
            self.table.add_goal(f"processor time of the server a claim, {what} / empty", pairs.ratio("cpu_us"), at_most=1.25)

    def finished(self):
        """Statuses from PostgreSQL, of tasks of a year, few and many."""
        folder, nginx = self.section("finished")
        rounds, few, many = Rounds(self.options, "finished"), self.options.few_finished, self.options.finished
        room, costs = finished.measure(self, folder, nginx, rounds, say)
        self.stop_all()
        self.table.add_rounds(f"statuses from PostgreSQL, any of {few:,} finished tasks of a year", rounds, "few")
        self.table.add_rounds(f"any of {many:,}", rounds, "many")
        self.table.add_rounds(f"the newest {finished.NEWEST:,} of {many:,}", rounds, "newest")
        self.table.add_goal(f"any of {many:,} / any of {few:,}", rounds.ratio("many", "few"), at_least=0.8)
        self.table.add_goal("the newest / any of few", rounds.ratio("newest", "few"), at_least=0.8)
        self.table.add("processor time of the server a status, few, many, newest",
                       ", ".join(f"{statistics.median(costs[name]):.0f} us" for name in ("few", "many", "newest")))
        self.table.add("disk for a finished task of one item, without its event", f"{sum(size for _, size in room):,.0f} bytes: "
                       + ", ".join(f"{table} {size:,.0f}" for table, size in room if size >= 1))

    def cost_of_a_receipt(self, server, node):
        """(us of the gateway, us of the server, bytes of its log, bytes of its tables)"""
        before = (node.cpu_seconds(), server.cpu_seconds(), server.wal_bytes(), server.size_bytes("one"))
        result = run_load(self.options.build, node.target, "cost-", self.options.seconds)
        count = sum(result["statuses"].values())
        after = (node.cpu_seconds(), server.cpu_seconds(), server.wal_bytes(), server.size_bytes("one"))
        return [(now - then) * scale / count for now, then, scale in zip(after, before, (1e6, 1e6, 1, 1))]

    @staticmethod
    def new_database(server, name):
        server.new_database(name)
        return name


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=stands.ROOT / "build")
    parser.add_argument("--quick", action="store_true", help="short rounds and a small queue: a look, not a figure")
    parser.add_argument("--finished", type=int, help="finished tasks of that section, if not 10,000,000: they take 2 KB each")
    parser.add_argument("--only", default=",".join(SECTIONS))
    options = parser.parse_args()
    options.build = options.build.resolve()
    options.rounds, options.seconds = (2, 2) if options.quick else (5, 6)
    options.queued = 100_000 if options.quick else 1_000_000
    options.few_finished, options.finished = 10_000, options.finished or (200_000 if options.quick else 10_000_000)
    options.waiting = 1_000 if options.quick else 10_000
    options.receipts = 20 if options.quick else 100
    options.sections = options.only.split(",")
    unknown = set(options.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    return options


def command(options):
    size = [f"--finished {options.finished}"] * (options.finished != (200_000 if options.quick else 10_000_000))
    words = ["--quick"] * options.quick + size + [f"--only {options.only}"] * (options.sections != list(SECTIONS))
    return "make bench" + (f" BENCH='{' '.join(words)}'" if words else "")


def main():
    options = read_options()
    bench = Bench(options)
    try:
        for name in options.sections:
            getattr(bench, name)()
            shutil.rmtree(bench.folder / name)  # gigabytes; a section that failed stays for a look
    finally:
        bench.stop_all()
        if bench.table.rows:
            bench.table.print()
            say(f"\nrepeat with: {command(options)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
