#!/usr/bin/env python3
"""Runs the unit tests, the end-to-end tests and the crash test; the last line is "N passed, N failed".

    tests/run.py [--build DIR] [--only unit|e2e|crash|browser|php] [--short] [--match TEXT] [--jobs N]

Every test module runs in a process of its own, some at the same time. What a module starts dies with it, and a module
dies with this program, however it ends. --short leaves out what is slow under a sanitizer.
"""
import argparse
import collections
import json
import os
import pathlib
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "conf" / "demo"))
from processes import die_with_parent  # noqa: E402

UNIT_SECONDS = 600
MODULE_SECONDS = 420
CRASH_SECONDS = 420
CLUSTER_SECONDS = 900  # most of it waits until all is over, however slow the machine
CRASH_KILLS = 100
LONG = ("crash", "crash_postgresql", "cluster", "test_nodes", "browser", "test_agent_late", "test_agent_windows", "test_cloud_bifit",
        "test_cloud_orangedata")
POOLED = "store_accept,store_dispatch,store_callbacks,store_evidence,store_conversations"
MATRIX_RUNS, MATRIX_JOBS = 86, 4  # every step with every victim twice; `make check` does it 500 times
SANITIZER_ENV = {
    "ASAN_OPTIONS": "abort_on_error=0:exitcode=99:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1:exitcode=99",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1:exitcode=99:die_after_fork=0",
}


class Job:
    """One process; its lines that are JSON are results of single tests, all others are its talk."""

    def __init__(self, name, command, seconds):
        self.name, self.command, self.seconds = name, command, seconds
        self.passed = self.failed = 0
        self.talk, self.failures, self.rest, self.skipped = [], [], b"", collections.Counter()

    def start(self, env):
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT,
                                        stdin=subprocess.DEVNULL, env=env, preexec_fn=die_with_parent(signal.SIGTERM))
        os.set_blocking(self.process.stdout.fileno(), False)

    def read(self):
        """True while there may be more."""
        data = self.process.stdout.read()
        if data is None:
            return True
        lines = (self.rest + data).split(b"\n")
        self.rest = lines.pop()
        for line in lines:
            self.line(line.decode("utf-8", "replace"))
        return bool(data)

    def line(self, text):
        if text.startswith('{"test":'):
            result = json.loads(text)
            if result.get("skipped") and result["ok"]:
                self.skipped[result["skipped"]] += 1  # neither passed nor failed, and told
            else:
                self.count(result["test"], result["ok"], result["text"])
        else:
            self.talk.append(text)

    def count(self, test, ok, text=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            self.failures.append((test, text))

    def overdue(self):
        return time.monotonic() - self.started > self.seconds

    def finish(self):
        code = self.process.wait()
        if code != 0 and self.failed == 0:
            self.count(self.name, False, f"ended with status {code}\n" + "\n".join(self.talk[-40:]))


class UnitJob(Job):
    """The Boost program: its report says how many cases there were."""

    def __init__(self, binary, name="unit", only=None, env=None):
        self.report, self.env = tempfile.NamedTemporaryFile(suffix=".xml"), env or {}
        command = [str(binary), "--log_level=error", "--color_output=no", "--report_format=XML", "--report_level=detailed",
                   f"--report_sink={self.report.name}"]
        super().__init__(name, command + ([f"--run_test={only}"] if only else []), UNIT_SECONDS)

    def start(self, env):
        super().start({**env, **self.env})

    def finish(self):
        code = self.process.wait()
        try:
            cases = list(xml.parse(self.report.name).iter("TestCase"))
        except (xml.ParseError, OSError):
            cases = []
        for case in cases:
            self.count(case.get("name"), case.get("result") == "passed" or case.get("result") == "skipped")
        if not cases or (code != 0 and self.failed == 0):
            self.count(self.name, False, f"ended with status {code}")
        if self.failed:
            talk = [line for line in self.talk if not line.startswith('{"time"')]  # the program's own log
            self.failures.append(("what it said", "\n".join(talk[-80:])))


def jobs_of(options, build):
    jobs = []
    if options.only in (None, "crash"):
        kills = 12 if options.short else CRASH_KILLS
        jobs.append(Job("crash", [sys.executable, "tests/crash/crash.py", "--build", str(build), "--kills", str(kills),
                                  "--as-test"], CRASH_SECONDS))
        jobs.append(Job("crash_postgresql", [sys.executable, "tests/crash/crash.py", "--build", str(build), "--kills",
                                             str(kills // 2), "--store", "postgresql", "--as-test"], CRASH_SECONDS))
        jobs.append(Job("cluster", [sys.executable, "tests/cluster/cluster.py", "--build", str(build), "--short", "--as-test"],
                        CLUSTER_SECONDS))
        runs = MATRIX_RUNS // 2 if options.short else MATRIX_RUNS
        jobs.append(Job("matrix", [sys.executable, "tests/crash/matrix.py", "--build", str(build), "--runs", str(runs),
                                   "--jobs", str(MATRIX_JOBS), "--as-test"], CRASH_SECONDS))
        jobs.append(Job("matrix_postgresql", [sys.executable, "tests/crash/matrix.py", "--build", str(build), "--runs", str(runs),
                                              "--jobs", str(MATRIX_JOBS), "--store", "postgresql", "--as-test"], CRASH_SECONDS))
    if options.only in (None, "unit"):
        jobs.append(UnitJob(build / "tests" / "unit"))
        # The same through PgBouncer, where nothing of a connection outlives a transaction.
        if shutil.which("pgbouncer", path="/usr/sbin:/usr/bin"):
            jobs.append(UnitJob(build / "tests" / "unit", "store_by_pooler", POOLED, {"FISCALGATE_TEST_ENGINE": "pooled"}))
    if options.only in (None, "e2e"):
        for path in sorted((ROOT / "tests" / "e2e").glob("test_*.py")) + sorted((ROOT / "tests" / "e2e" / "cms").glob("test_*.py")):
            jobs.append(Job(path.stem, [sys.executable, "tests/run_module.py", path.stem], MODULE_SECONDS))
    if options.only in (None, "browser"):
        jobs.append(Job("browser", [sys.executable, "tests/browser/run_browser.py"], MODULE_SECONDS))
        reporter = ROOT / "tests" / "browser" / "reporter.mjs"
        jobs.append(Job("bit_driver", ["node", "--test", f"--test-reporter={reporter}", "--test-reporter-destination=stdout",
                                       "tests/browser/bit_driver.unit.mjs"], MODULE_SECONDS))
    # They do not touch what was built.
    if options.only == "php" or (options.only is None and not options.short):
        jobs.append(Job("php", [sys.executable, "tests/php/run_php.py"], MODULE_SECONDS))
    jobs.sort(key=lambda job: job.name not in LONG)  # so that none of them is left alone at the end
    if options.match:
        jobs = [job for job in jobs if options.match in job.name]
    return jobs


def say(job, seconds):
    print(f"  {'ok  ' if not job.failed else 'FAIL'}  {job.name:24} {job.passed:4} passed"
          f"{f', {job.failed} failed' if job.failed else ''}  ({seconds:.1f} s)", flush=True)
    for reason, count in job.skipped.items():
        print(f"        {count} skipped: {reason}")
    for test, text in job.failures:
        print(f"        {test}")
        for line in text.rstrip().splitlines():
            print(f"          {line}")
    sys.stdout.flush()


def run(jobs, workers, env):
    """All jobs, `workers` at a time. From one thread: a child's parent is the thread that made it."""
    waiting, running, selector = list(jobs), [], selectors.DefaultSelector()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                job = waiting.pop(0)
                job.start(env)
                running.append(job)
                selector.register(job.process.stdout, selectors.EVENT_READ, job)
            for key, _ in selector.select(timeout=1):
                job = key.data
                if not job.read():
                    selector.unregister(job.process.stdout)
                    running.remove(job)
                    job.finish()
                    say(job, time.monotonic() - job.started)
            for job in running:
                if job.overdue() and job.process.poll() is None:
                    job.count(job.name, False, f"over {job.seconds} s: stopped\n" + "\n".join(job.talk[-40:]))
                    job.process.kill()
    finally:
        for job in running:
            job.process.terminate()
        for job in running:
            job.process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--only", choices=("unit", "e2e", "crash", "browser", "php"))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--match", default="")
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1)  # most of them wait
    options = parser.parse_args()
    build = (ROOT / options.build).resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    env = dict(os.environ, **SANITIZER_ENV, FISCALGATE_BUILD=str(build), PYTHONDONTWRITEBYTECODE="1")
    if options.short:
        env["FISCALGATE_TESTS_SHORT"] = "1"
    jobs = jobs_of(options, build)
    started = time.monotonic()
    print(f"{len(jobs)} test modules, {options.jobs} at a time", flush=True)
    try:
        run(jobs, options.jobs, env)
    except KeyboardInterrupt:
        print("interrupted")
        return 130
    passed, failed = sum(job.passed for job in jobs), sum(job.failed for job in jobs)
    print(f"in {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
