#!/usr/bin/env python3
"""Runs one module of tests/e2e and prints one JSON line a test: {"test", "ok", "seconds", "skipped": why, "text"}. For tests/run.py;
by hand `python3 -m unittest` in tests/e2e does as well."""
import json
import pathlib
import signal
import sys
import time
import unittest

sys.dont_write_bytecode = True
E2E = pathlib.Path(__file__).resolve().parent / "e2e"
sys.path[:0] = [str(E2E), str(E2E / "cms")]


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.texts, self.reason = [], ""

    def startTest(self, test):
        super().startTest(test)
        self.started, self.texts, self.reason = time.monotonic(), [], ""

    def stopTest(self, test):
        super().stopTest(test)
        self.tell(test, time.monotonic() - self.started)

    def tell(self, test, seconds):
        name = test.id() if hasattr(test, "id") else str(test)
        print(json.dumps({"test": name, "ok": not self.texts, "seconds": round(seconds, 2), "skipped": self.reason,
                          "text": "\n".join(self.texts)}, ensure_ascii=False), flush=True)

    def fail(self, test, err):
        self.texts.append(self._exc_info_to_string(err, test))

    def addError(self, test, err):
        self.fail(test, err)
        if not isinstance(test, unittest.TestCase):  # setUpClass or tearDownClass
            self.tell(test, 0)
            self.texts = []

    def addFailure(self, test, err):
        self.fail(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.texts.append(str(subtest))
            self.fail(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.reason = reason

    def addUnexpectedSuccess(self, test):
        self.texts.append("expected to fail, but passed")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    suite = unittest.defaultTestLoader.loadTestsFromName(sys.argv[1])
    suite.run(Result())
    return 0  # the lines tell


if __name__ == "__main__":
    sys.exit(main())
