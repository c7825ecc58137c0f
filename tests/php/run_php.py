#!/usr/bin/env python3
"""Runs the PHP tests: `php -l` on every file, the style, and each suite of PHPUnit under Debian's PHP and under others
from npm.

A suite is a folder here with a bootstrap.php. Prints one JSON line a test, for tests/run.py. By hand:
    python3 tests/php/run_php.py [--suite sdk] [--php debian,7.4] [--filter TEXT]
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "conf" / "demo"))
from processes import die_with_parent  # noqa: E402

WASM = ROOT / "build" / "php" / "node_modules" / ".bin" / "php-wasm-cli"
DEBIAN = "debian"
VERSIONS = [DEBIAN, "7.4", "8.0", "8.1", "8.3", "8.4", "8.5"]
ALONE = {"wordpress"}  # suites that need more than a PHP from npm has: sockets, a database, a CMS
SECONDS = 300
# What has the style of PSR-12; inside a plugin that of its CMS counts.
PSR12 = ("cms-plugins/php-sdk", "cms-plugins/joomshopping", "cms-plugins/opencart-common/src", "cms-plugins/bitrix/lib",
         "tests/php/sdk", "tests/php/support", "tests/php/joomshopping", "tests/php/opencart", "tests/php/woocommerce", "tests/php/wordpress",
         "tests/e2e/sdk_client.php")
# What PHP itself says while a test runs; PHPUnit leaves deprecations alone, and has some of its own.
NOTICE = re.compile(rf"(?:Deprecated|Warning|Notice|Fatal error|Parse error): .* in {re.escape(str(ROOT))}/.*")


def tell(test, ok, seconds=0.0, text=""):
    print(json.dumps({"test": test, "ok": ok, "seconds": round(seconds, 2), "text": text}, ensure_ascii=False), flush=True)
    return ok


def run(command, env=None):
    return subprocess.run([str(word) for word in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", timeout=SECONDS,
                          env={**os.environ, **(env or {})}, preexec_fn=die_with_parent(signal.SIGTERM))


def php_files():
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.php"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode == 0:
        return sorted(name for name in listing.stdout.splitlines() if (ROOT / name).is_file())
    return sorted(str(path.relative_to(ROOT)) for room in ("cms-plugins", "tests") for path in (ROOT / room).rglob("*.php"))


def lint():
    """Every file can be read, and says nothing while it is."""
    started, faults = time.monotonic(), []
    for name in php_files():
        done = run(["php", "-d", "display_errors=1", "-d", "error_reporting=-1", "-l", name])
        if done.returncode != 0 or "Deprecated" in done.stdout:
            faults.append(done.stdout.strip())
    return tell("php -l", not faults, time.monotonic() - started, "\n".join(faults))


def style():
    started = time.monotonic()
    done = run(["phpcs", "--standard=PSR12", "--extensions=php", "-n", "-s", "-q", "--report-width=120", "--ignore=*/fakes/*", *PSR12])
    return tell("phpcs PSR12", done.returncode == 0, time.monotonic() - started, done.stdout)


def composer():
    """What composer says of the manifests, where it is there."""
    if not shutil.which("composer"):
        return True
    ok = True
    for manifest in sorted((ROOT / "cms-plugins").glob("*/composer.json")):
        started = time.monotonic()
        done = run(["composer", "validate", "--strict", "--no-interaction", "--no-plugins", manifest],
                   {"COMPOSER_ALLOW_SUPERUSER": "1", "COMPOSER_DISABLE_NETWORK": "1"})
        name = manifest.parent.name
        ok &= tell(f"composer validate {name}", done.returncode == 0, time.monotonic() - started, done.stdout)
    return ok


def command_of(version, suite, report, text):
    options = ["-d", "display_errors=1", "-d", "error_reporting=-1", "-d", "zend.assertions=1"]
    phpunit = [shutil.which("phpunit"), "--do-not-cache-result", "--bootstrap", suite / "bootstrap.php", "--log-junit", report]
    if text:
        phpunit += ["--filter", text]
    if version == DEBIAN:
        return ["php", *options, *phpunit, suite], {}
    options += ["-d", "include_path=.:/usr/share/php"]
    return ["node", WASM, *options, *phpunit, "--exclude-group", "network", suite], {"PHP": version}


def cases_of(report):
    try:
        return list(xml.parse(report).iter("testcase"))
    except (xml.ParseError, OSError):
        return []


def run_suite(version, suite, text):
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fiscalgate-php-") as folder:
        report = pathlib.Path(folder) / "junit.xml"
        done = run(*command_of(version, suite, report, text))
        cases = cases_of(report)
    prefix, ok = f"{suite.name} {version}", True
    for case in cases:
        faults = [child.text or child.tag for child in case if child.tag in ("failure", "error", "warning")]
        name = f"{prefix} {case.get('class', '').split(chr(92))[-1]}::{case.get('name')}"
        ok &= tell(name, not faults, float(case.get("time", 0)), "\n".join(faults))
    notices = NOTICE.findall(done.stdout)
    if notices:
        ok = tell(f"{prefix} says nothing", False, 0, "\n".join(notices[:20]))
    if not cases or (ok and done.returncode != 0):
        ok = tell(prefix, False, time.monotonic() - started, f"ended with status {done.returncode}\n{done.stdout[-4000:]}")
    return ok


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--suite", default="")
    parser.add_argument("--php", default=",".join(VERSIONS))
    parser.add_argument("--filter", default="")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not WASM.exists() and options.php != DEBIAN:
        sys.exit("PHP tests: build/php/node_modules is missing; `make node-modules` installs it")
    suites = sorted(path.parent for path in HERE.glob("*/bootstrap.php") if options.suite in path.parent.name)
    ok = bool(suites)
    if not options.suite and not options.filter:
        ok &= lint() & style() & composer()
    for suite in suites:
        for version in options.php.split(","):
            if version == DEBIAN or suite.name not in ALONE:
                ok &= run_suite(version, suite, options.filter)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
