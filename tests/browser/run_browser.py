#!/usr/bin/env python3
"""Runs the browser tests (tests/browser/*.test.mjs) against a stand of their own: nginx, the gateway and an emulator.

Prints one JSON line a test, for tests/run.py. By hand:
    python3 tests/browser/run_browser.py [--build build] [--match dialog] [--name TEXT]
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "conf" / "demo"))
from processes import die_with_parent  # noqa: E402
from stand import Stand  # noqa: E402

MODULES = ROOT / "build" / "browser"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=os.environ.get("FISCALGATE_BUILD", "build"))
    parser.add_argument("--match", default="")
    parser.add_argument("--name", default="")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not (MODULES / "node_modules").is_dir():
        sys.exit("browser tests: build/browser/node_modules is missing; `make node-modules` installs it")
    build = (ROOT / options.build).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-browser-"))
    stand = Stand(folder, build, settings={"pages.test": True, "pages.courier": True})
    try:
        emulator = stand.add_emulator()
        stand.start()
        shop = stand.add_shop()
        return run(stand, emulator, shop, build, options)
    finally:
        statuses = stand.stop()
        if any(statuses.values()):
            print(f"ended with {statuses}\n{stand.log_text()[-4000:]}")
        if not os.environ.get("FISCALGATE_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)


def run(stand, emulator, shop, build, options):
    about = {"url": stand.url, "emulator": emulator.url, "shop": shop, "program": str(stand.program), "folder": str(stand.folder),
             "build": str(build), "modules": str(MODULES)}
    files = [str(path) for path in sorted(HERE.glob("*.test.mjs")) if options.match in path.name]
    command = ["node", "--test", f"--test-reporter={HERE / 'reporter.mjs'}", "--test-reporter-destination=stdout"]
    if options.name:
        command.append(f"--test-name-pattern={options.name}")
    env = dict(os.environ, FISCALGATE_BROWSER_STAND=json.dumps(about), NO_PROXY="*")
    process = subprocess.Popen(command + files, cwd=ROOT, env=env, preexec_fn=die_with_parent(signal.SIGTERM))
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
