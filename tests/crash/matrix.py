#!/usr/bin/env python3
"""Every step of a receipt's way, and at each of them somebody dies: gateway, agent, driver, nginx, or the connection.

    tests/crash/matrix.py [--runs 500] [--jobs 4] [--seed N] [--store sqlite|postgresql] [--build build]
                          [--keep]

A message is held on its way (tests/e2e/tap.py), the victim is killed with -9 and started again or the connection is cut, and then
the order must come to an end that is true by the journal of the emulated register: done and printed once, or unknown where nobody
can know. What is unknown is then settled as the journal says, and must end done and printed once. Exit status 0 only if
nothing was lost, nothing was printed twice, nothing said that was not so, and nothing left unknown that could be proved.
"""
import argparse
import collections
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "conf" / "demo"), str(ROOT / "tests" / "e2e")]
from postgres_support import Postgres  # noqa: E402
from processes import die_with_parent, free_ports, start, stop, wait_until  # noqa: E402
from stand import SAMPLE, Stand  # noqa: E402
from tap import FAR, NEAR, Tap  # noqa: E402

FINAL = ("done", "failed", "unknown", "cancelled")
CAUGHT_SECONDS, END_SECONDS = 20, 40
LEASE, ANSWER = b"/api/agent/lease", b"/api/agent/answer"
VICTIMS = ("gateway", "agent", "driver", "nginx", "connection")


class Step:
    """`wire`: whose messages are held; `provable`: victims after whose death the outcome can be known all the same."""

    def __init__(self, name, wire, side, fits, provable):
        self.name, self.wire, self.side, self.fits, self.provable = name, wire, side, fits, provable


def path_is(wanted):
    return lambda path, _: path == wanted


def is_lease(path, data):
    return path == LEASE and b"fiscalgate-lease:" in data.lower()


# The agent dies with the request in its journal and no answer: only the register knows. The same if its driver dies, or
# the connection between them (the emulated driver stands behind nginx). Everything else can be proved.
AGENT_STEPS = [
    Step("before the lease", "gateway", NEAR, path_is(LEASE), VICTIMS),
    Step("leased", "gateway", FAR, is_lease, VICTIMS),
    Step("sent", "driver", NEAR, lambda *_: True, ("gateway",)),
    Step("printed", "driver", FAR, lambda *_: True, ("gateway",)),
    Step("answered", "gateway", NEAR, path_is(ANSWER), VICTIMS),
    Step("recorded", "gateway", FAR, path_is(ANSWER), VICTIMS),
    Step("acknowledged", "gateway", NEAR, path_is(LEASE), VICTIMS),
]
# Without an agent the gateway itself is the one with the request in its hand.
PUSH_STEPS = [
    Step("pushed", "driver", NEAR, lambda *_: True, ()),
    Step("printed and pushed", "driver", FAR, lambda *_: True, ()),
]


class Agent:
    """The program beside the register, with wires to the gateway and to its driver."""

    def __init__(self, program, folder, key, gateway, driver):
        self.program, self.folder, self.process = program, folder, None
        folder.mkdir(mode=0o700)
        self.config = folder / "agent.conf"
        self.config.touch(mode=0o600)
        self.config.write_text(f"state = {folder / 'state'}\n\n[register till]\ngateway = {gateway}\nkey = {key}\n"
                               f"driver = {driver}\n", encoding="utf-8")

    def start(self):
        self.process = start([self.program, "run", "--config", self.config], self.folder / "agent.log")
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()


class Bench:
    """One stand with two lanes: one by an agent, one by push; wires before the gateway and before the driver."""

    def __init__(self, folder, build, store="sqlite"):
        self.sample = SAMPLE.read_text(encoding="utf-8")
        self.stand, self.database = Stand(folder, build), None
        if store == "postgresql":
            self.database = Postgres().start()
            self.stand.settings["store.url"] = self.database.new_database("fiscalgate")
        self.emulator = self.stand.add_emulator("emulator")
        self.taps, self.agent = {}, None

    def set_up(self):
        self.stand.start()
        ports = free_ports(3)
        self.taps = {"gateway": Tap(ports[0], self.stand.port), "driver": Tap(ports[1], self.emulator.port),
                     "pushed": Tap(ports[2], self.emulator.port)}
        self.shop = self.stand.add_shop()
        self.by_agent = self.stand.add_register(self.emulator, self.shop, name="agent-till", via="agent")
        self.by_push = self.stand.add_register(self.emulator, self.shop, name="push-till", url=self.taps["pushed"].url,
                                               timeout_ms=5000)
        key = self.stand.admin("register", "agent-setup", "agent-till")["key"]
        self.agent = Agent(self.stand.build / "fiscalgate-agent", self.stand.folder / "agent", key,
                           self.taps["gateway"].url, self.taps["driver"].url).start()
        # What is claimed before an agent has ever called could have gone to any, and nobody can prove a thing about it.
        first = self.stand.post(self.shop, self.by_agent, "first", self.sample).json["id"]
        wait_until(lambda: self.stand.status(first, wait=2).json["state"] == "done", 20, "the first receipt")

    def stop(self):
        if self.agent:
            stop(self.agent.process)
        for tap in self.taps.values():
            tap.stop()
        self.stand.stop()
        if self.database:
            self.database.stop()

    def kill(self, victim):
        {"gateway": self.stand.kill_gateway, "agent": self.agent.kill, "driver": self.emulator.kill,
         "nginx": self.stand.nginx.kill}[victim]()

    def revive(self, victim):
        {"gateway": self.stand.start_gateway, "agent": self.agent.start, "driver": self.emulator.start,
         "nginx": lambda: self.stand.nginx.start(self.stand.folder)}[victim]()

    def tap_of(self, step, push):
        return self.taps["pushed" if push else step.wire]


class Run:
    """One order, one step, one victim."""

    def __init__(self, bench, number, step, victim, push):
        self.bench, self.step, self.victim, self.push = bench, step, victim, push
        self.order = f"matrix-{number}"

    def __str__(self):
        return f"{self.order}: {self.victim} at \"{self.step.name}\""

    def play(self):
        tap = self.bench.tap_of(self.step, self.push)
        trap = tap.set_trap(self.step.side, self.fitting())
        before = self.step.name == "before the lease"
        if before:  # the next poll is held, and the order comes while it is
            tap.cut_unless_caught(trap)
            self.catch(trap)
        task = self.post()
        if not before:
            self.catch(trap)
        if self.victim == "connection":
            trap.cut()
        else:
            self.bench.kill(self.victim)
            if not self.must_be_back():
                trap.let_go()
            self.bench.revive(self.victim)
            trap.let_go()
        return self.judge(task)

    def fitting(self):
        """What follows the driver's answer to this order, and not an answer to an earlier one that is offered again."""
        driver, step = self.bench.taps["driver"], self.step
        asked = driver.requests
        if step.name not in ("answered", "recorded", "acknowledged"):
            return step.fits
        return lambda path, data: step.fits(path, data) and driver.requests > asked

    def must_be_back(self):
        """The driver behind a dead nginx is no closed port: a request to it would be answered 502, which proves nothing."""
        return self.step.name in ("before the lease", "leased") and self.victim in ("driver", "nginx")

    def catch(self, trap):
        if not trap.caught.wait(CAUGHT_SECONDS):
            raise TimeoutError(f"{self}: nothing came by")

    def post(self):
        bench = self.bench
        token = bench.by_push if self.push else bench.by_agent
        answer = bench.stand.post(bench.shop, token, self.order, bench.sample)
        if answer.status != 202:
            raise RuntimeError(f"{self}: {answer}")
        return answer.json["id"]

    def state(self, task):
        try:
            answer = self.bench.stand.status(task, wait=2)
        except OSError:
            return None
        return answer.json["state"] if answer.status == 200 else None

    def printed(self):
        return len(self.bench.emulator.receipts(self.order))

    def provable(self):
        return self.victim in self.step.provable

    def judge(self, task):
        """What is wrong, as lines; how it ended first."""
        wanted = ("done",) if self.provable() else ("done", "unknown")
        ended = self.wait_for(task, wanted)
        wrong = []
        if ended not in wanted:
            wrong.append(f"{self}: {ended} is not {' or '.join(wanted)}")
        if ended == "unknown":
            fate = "--printed" if self.printed() else "--not-printed"
            self.bench.stand.admin("task", "settle", task, fate, "--why", "by the journal of the register")
            self.wait_for(task, ("done",))
        printed, last = self.printed(), self.state(task)
        if last != "done":
            wrong.append(f"{self}: lost, at last {last}, printed {printed} times")
        if printed != 1:
            wrong.append(f"{self}: {last}, but printed {printed} times")
        return ended, wrong

    def wait_for(self, task, wanted):
        """The wanted state, or what it was when patience ended."""
        deadline = time.monotonic() + END_SECONDS
        state = None
        while time.monotonic() < deadline:
            state = self.state(task) or state
            if state in wanted:
                return state
            time.sleep(0.05)  # unknown is answered at once, however long the poll
        return state


def plan(runs, seed):
    """Every pair of step and victim equally often, in a random order."""
    pairs = [(step, victim, False) for step in AGENT_STEPS for victim in VICTIMS]
    pairs += [(step, victim, True) for step in PUSH_STEPS for victim in VICTIMS if victim != "agent"]
    all_runs = (pairs * (runs // len(pairs) + 1))[:runs]
    random.Random(seed).shuffle(all_runs)
    return all_runs


def work(options):
    """One job: a stand of its own, a share of the runs. Says one JSON line a run."""
    folder = tempfile.mkdtemp(prefix="fiscalgate-matrix-")
    bench, good = Bench(folder, pathlib.Path(options.build).resolve(), options.store), True
    try:
        bench.set_up()
        share = list(enumerate(plan(options.runs, options.seed)))[options.job::options.jobs]
        for number, (step, victim, push) in share:
            ended, wrong = Run(bench, number, step, victim, push).play()
            good = good and not wrong
            print(json.dumps({"step": step.name, "victim": victim, "ended": ended, "wrong": wrong}), flush=True)
    finally:
        bench.stop()
        if good and not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(json.dumps({"kept": folder}), flush=True)
    return 0 if good else 1


def run_jobs(options):
    """All jobs side by side; the table of what became of every pair."""
    command = [sys.executable, __file__, "--runs", str(options.runs), "--jobs", str(options.jobs), "--seed", str(options.seed),
               "--build", options.build, "--store", options.store] + (["--keep"] if options.keep else [])
    jobs = [subprocess.Popen([*command, "--job", str(number)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             preexec_fn=die_with_parent()) for number in range(options.jobs)]
    table, wrong, talk, runs = collections.defaultdict(collections.Counter), [], [], 0
    for job in jobs:
        for line in job.stdout:
            if not line.startswith("{"):
                talk.append(line.rstrip())
                continue
            said = json.loads(line)
            if "step" in said:
                runs += 1
                table[said["step"], said["victim"]][said["ended"]] += 1
                wrong += said["wrong"]
            else:
                talk.append(f"kept: {said['kept']}")
    statuses = [job.wait() for job in jobs]
    return table, wrong, talk, runs, all(status == 0 for status in statuses)


def show(table):
    for step in [step.name for step in AGENT_STEPS + PUSH_STEPS]:
        cells = []
        for victim in VICTIMS:
            ends = table.get((step, victim))
            if ends:
                cells.append(f"{victim}: " + ", ".join(f"{state} {count}" for state, count in sorted(ends.items(), key=str)))
        print(f"  {step:20} {' | '.join(cells)}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--build", default=str(ROOT / "build"))
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--keep", action="store_true", help="leave the folders for a look")
    parser.add_argument("--as-test", action="store_true", help="one JSON line for tests/run.py")
    parser.add_argument("--job", type=int, default=None, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1 << 31)
    if options.job is not None:
        return work(options)
    started = time.monotonic()
    print(f"matrix: {options.runs} runs, seed {options.seed}, {options.store}", flush=True)
    table, wrong, talk, runs, good = run_jobs(options)
    show(table)
    for line in wrong[:20] + talk[:40]:
        print(f"  {line}")
    good = good and not wrong and runs == options.runs
    print(f"  {runs} runs in {time.monotonic() - started:.0f} s, {len(wrong)} wrong", flush=True)
    if options.as_test:
        print(json.dumps({"test": f"crash matrix: {options.runs} runs, seed {options.seed}, {options.store}", "ok": good,
                          "text": "\n".join(wrong[:20] + talk[:40])}), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
