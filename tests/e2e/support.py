"""What the end-to-end tests share: a stand for a class of tests, and words for what they check.

By hand: cd tests/e2e && python3 -m unittest test_accept. FISCALGATE_BUILD names another build, FISCALGATE_KEEP=1 keeps the
folder of a stand for a look.
"""
import copy
import itertools
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "conf" / "demo"))
from processes import wait_until  # noqa: E402
from sample_shop import SampleShop  # noqa: E402
from stand import Stand, sample_data  # noqa: E402

BUILD = pathlib.Path(os.environ.get("FISCALGATE_BUILD", ROOT / "build")).resolve()
SHORT = bool(os.environ.get("FISCALGATE_TESTS_SHORT"))
FINAL = ("done", "failed", "unknown", "cancelled")
CONTACT = "kkmspb2008@yandex.ru"  # of the sample receipt; never whole in a log

_numbers = itertools.count(1)


def sample():
    """The sample package, to be changed at will."""
    return json.loads(sample_data())


def receipt(item="Чай", kopecks=25000, **more):
    """A command with one receipt of one item."""
    command = copy.deepcopy(sample()[0])
    line = command["data"]["purchases"][0]
    line["productName_1030"], line["price_1079"] = item, kopecks / 100
    command["data"]["payments"] = {"ecash_1081": kopecks / 100}
    command["data"].update(more)
    return command


def new_order(prefix="order"):
    return f"{prefix}-{os.getpid()}-{next(_numbers)}"


class StandCase(unittest.TestCase):
    """One stand for all tests of the class: a gateway, an emulator, a shop with its site."""
    SETTINGS = {}
    SHOP = {}

    @classmethod
    def arrange(cls):
        """More emulators and the like, before anything starts."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-e2e-"))
        cls.addClassCleanup(cls.remove_folder)
        cls.stand = Stand(cls.folder, BUILD, settings=cls.SETTINGS)
        cls.addClassCleanup(cls.stand.stop)
        cls.emulator = cls.stand.add_emulator()
        cls.arrange()
        cls.stand.start()
        cls.shop = cls.stand.add_shop(**cls.SHOP)
        cls.secrets = [cls.shop["code"]]
        cls.site = SampleShop(0, [cls.shop["code"]]).start()
        cls.addClassCleanup(cls.site.stop)

    @classmethod
    def tearDownClass(cls):
        """Every stand ends well, and what it leaves behind holds no secret."""
        statuses = cls.stand.stop()
        log = cls.stand.log_text()
        if any(statuses.values()):
            raise AssertionError(f"ended with {statuses}\n{log[-4000:]}")
        for secret in cls.secrets + [CONTACT]:
            if secret in log:
                at = log.index(secret)
                raise AssertionError(f"a secret is in the log: {log[max(0, at - 200):at + 20]}")
        database = b"".join(path.read_bytes() for path in (cls.folder / "store").glob("*"))
        for secret in cls.secrets:
            if secret.encode() in database:
                raise AssertionError("a secret is in the database as plain text")

    @classmethod
    def remove_folder(cls):
        if not os.environ.get("FISCALGATE_KEEP"):
            shutil.rmtree(cls.folder, ignore_errors=True)

    # ---- acting

    @classmethod
    def register(cls, emulator=None, shop=None, **options):
        """A register of its own for a test, so that no test stands in another's lane. Gives its token."""
        token = cls.stand.add_register(emulator or cls.emulator, shop or cls.shop, **options)
        cls.secrets.append(token)
        return token

    def callback(self, name="callback"):
        return {"success": f"{self.site.url}/{name}/success", "failed": f"{self.site.url}/{name}/failed"}

    def post(self, token, order=None, data=None, shop=None, **more):
        return self.stand.post(shop or self.shop, token, order or new_order(), data, **more)

    def accept(self, token, order=None, data=None, **more):
        answer = self.post(token, order, data, **more)
        self.assertEqual(answer.status, 202, answer)
        return answer.json["id"]

    def final(self, task_id, seconds=25):
        """The status once the task is over."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.stand.status(task_id, wait=max(1, int(deadline - time.monotonic())))
            if answer.status == 503 and time.monotonic() < deadline:  # its store is away
                wait_until(self.stand.is_ready, max(1, deadline - time.monotonic()), "ready again")
                continue
            status = answer.json
            if status["state"] in FINAL or time.monotonic() > deadline:
                self.assertIn(status["state"], FINAL, status)
                return status

    def until(self, task_id, condition, seconds=20):
        """The status once the condition holds."""
        deadline = time.monotonic() + seconds
        while True:
            status = self.stand.status(task_id).json
            if condition(status):
                return status
            if time.monotonic() > deadline:
                self.fail(f"not within {seconds} s: {status}")
            time.sleep(0.03)

    def done(self, task_id, seconds=25):
        status = self.final(task_id, seconds)
        self.assertEqual(status["state"], "done", status)
        return status

    # ---- checking

    def assertRefused(self, answer, status, code):
        self.assertEqual(answer.status, status, answer)
        body = answer.json
        self.assertIs(body["result"], False)
        self.assertEqual(body["code"], code, body)
        self.assertTrue(body["error"], body)
        self.assertIsInstance(body["errors"], list)
        for entry in body["errors"]:
            self.assertEqual(set(entry), {"path", "code", "message"})
        self.assertTrue(answer.headers["Content-Type"].startswith("application/json"), dict(answer.headers))
        return body

    def assertPrinted(self, order, times=1, emulator=None):
        self.assertEqual(len((emulator or self.emulator).receipts(order)), times, f"printed documents of {order}")
