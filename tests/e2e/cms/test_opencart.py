"""The OpenCart plugins in a running shop: orders are paid over HTTP, receipts looked up at an emulated register, the tab
of an order in a browser.

    cd tests/e2e/cms && FISCALGATE_OPENCART_URL=http://127.0.0.1:8102 python3 -m unittest test_opencart

The shop is OpenCart 3.0, 4.0.2 or 4.1 on this machine, in roubles, with delivery "flat" and payment "cod"; the plugin is
installed if it is not there, and its settings are overwritten. More of the environment, all with a default:

    FISCALGATE_OPENCART_ADMIN     admin:admin
    FISCALGATE_OPENCART_GOODS     40:1          product:pieces, ... of one order
    FISCALGATE_OPENCART_COUPONS                 codes to be tried, with commas
    FISCALGATE_OPENCART_PAID      5             the status that means paid
    FISCALGATE_OPENCART_VAT       1=11,2=2      VAT (tag 1199) by tax class; 6 is the rest
    FISCALGATE_OPENCART_PICTURES                a folder for screenshots
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(HERE.parent), str(ROOT / "conf" / "demo"), str(ROOT / "cms-plugins")]
import build  # noqa: E402
from opencart_shop import OpenCart, Visitor  # noqa: E402
from processes import free_ports  # noqa: E402
from protocol import request, webhook_key  # noqa: E402
from support import StandCase  # noqa: E402

URL = os.environ.get("FISCALGATE_OPENCART_URL", "")
ADMIN = os.environ.get("FISCALGATE_OPENCART_ADMIN", "admin:admin")
GOODS = dict(map(int, pair.split(":")) for pair in os.environ.get("FISCALGATE_OPENCART_GOODS", "40:1").split(","))
COUPONS = [code for code in os.environ.get("FISCALGATE_OPENCART_COUPONS", "").split(",") if code]
PAID = int(os.environ.get("FISCALGATE_OPENCART_PAID", "5"))
VAT = os.environ.get("FISCALGATE_OPENCART_VAT", "1=11,2=2")
PICTURES = os.environ.get("FISCALGATE_OPENCART_PICTURES", "")
MODULES = ROOT / "build" / "browser"
PENDING, REFUNDED = 1, 11
AT_ONCE = {"sale[]": [PENDING, PAID]}  # "cod" gives an order its first status, within the checkout
QUICK_S = 8  # what a checkout of ten pages may take while the gateway is not there


def signed(body, message, code):
    stamp = str(int(time.time()))
    digest = hmac.new(webhook_key(code), f"{message}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": message, "webhook-timestamp": stamp, "webhook-signature": "v1," + base64.b64encode(digest).decode(),
            "Content-Type": "application/x-www-form-urlencoded"}


class Babbler(http.server.ThreadingHTTPServer):
    """A gateway that answers with garbage, or not at all until it is let go."""
    daemon_threads = True

    def __init__(self, is_silent):
        self.is_silent, self.gone, self.count = is_silent, threading.Event(), 0
        super().__init__(("127.0.0.1", 0), _Babble)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self):
        self.gone.set()
        self.shutdown()
        self.server_close()


class _Babble(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.count += 1
        if self.server.is_silent:
            self.server.gone.wait(60)
            return
        body = b"<html>\x00\xff{not json"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@unittest.skipUnless(URL, "FISCALGATE_OPENCART_URL names no running OpenCart")
class OpenCartTest(StandCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oc = OpenCart(URL, ADMIN)
        cls.kkt = cls.register()
        if not cls.oc.has_plugin():
            plugin = next(one for one in build.PLUGINS if one.folder == ("opencart3" if cls.oc.is_three else "opencart4"))
            cls.oc.install(build.write(plugin, cls.folder / "plugins"))
        cls.prefix = f"{os.getpid()}-"
        print(f"OpenCart {cls.oc.version}", file=sys.stderr)

    def setUp(self):
        answer = self.oc.save(self.fields())
        self.assertIn("success", answer, answer)

    def fields(self, **more):
        return {"enabled": "1", "url": self.stand.url, "account": self.shop["account_id"], "token": self.kkt,
                "code": self.shop["code"], "prefix": self.prefix, "site": "https://shop.example", "taxation": 1, "vat": 6,
                **{f"vatClasses[{pair.split('=')[0]}]": pair.split("=")[1] for pair in VAT.split(",")},
                "vatDelivery": 11, "vatFees": 11, "subject": 1, "subjectVirtual": 4, "subjectDelivery": 4, "method": 4,
                "payments[cod]": "electronic", "certificatesPay": "1", "sale[]": [PAID], "refund[]": [REFUNDED], **more}

    # ---- looking

    def panel(self, order):
        """Operation -> state and FD, as the page of the order has them when it is opened."""
        page = self.oc.owner.text(self.oc.order_address(order))
        found = re.findall(r'data-operation="([\w-]+)" data-state="(\w+)"(.*?)</section>', page, re.S)
        return {name: (state, (re.findall(r'fiscalgate-fd">(\d+)<', rest) or [""])[0]) for name, state, rest in found}

    def paid(self, order):
        """Kopecks, as the core's own page has them."""
        text = re.sub(r"<[^>]+>", " ", self.oc.owner.text(self.oc.order_address(order)))
        sums = re.findall(r"(?<!-)\b(?:Total|Итого)\s+([\d, ]+\.\d\d)", text)
        return round(float(sums[-1].replace(",", "").replace(" ", "")) * 100)

    def printed(self, order, operation="", seconds=20):
        """What the register printed under that number, once it has."""
        number, deadline = f"{self.prefix}{order}{operation}", time.monotonic() + seconds
        while time.monotonic() < deadline and not self.emulator.receipts(number):
            time.sleep(0.1)
        return self.emulator.receipts(number)

    def until_done(self, order, operation="sale", seconds=20):
        """Without anybody pressing anything: the result comes by itself."""
        deadline = time.monotonic() + seconds
        while self.panel(order).get(operation, ("",))[0] != "done" and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(self.panel(order)[operation][0], "done", self.panel(order))

    def total(self, receipts):
        return [round(one["mark"]["total_1020"] * 100) for one in receipts]

    def buy(self, **how):
        return self.oc.place(GOODS, **how)

    def sold(self, **how):
        order = self.buy(**how)
        self.oc.set_status(order, PAID)
        self.assertEqual(self.total(self.printed(order)), [self.paid(order)])
        self.until_done(order)
        return order

    # ---- tests

    def test_a_paid_order_gets_its_receipt_by_itself(self):
        order = self.buy()
        self.assertEqual(self.panel(order), {}, "it is not paid yet")
        self.oc.set_status(order, PAID)
        receipts = self.printed(order)
        self.assertEqual(self.total(receipts), [self.paid(order)])
        self.assertIn("buyer@example.com", receipts[0]["text"])
        self.until_done(order)
        self.assertEqual(self.panel(order), {"sale": ("done", str(receipts[0]["fd"]))})

    def test_coupons(self):
        for coupon in COUPONS:
            with self.subTest(coupon):
                self.sold(coupon=coupon)

    def test_statuses_that_flap_give_one_receipt(self):
        order = self.sold()
        for status in (PENDING, PAID, PENDING, PAID):
            self.oc.set_status(order, status)
        self.oc.set_status(order, REFUNDED)
        self.assertEqual(self.total(self.printed(order, "-refund-1")), [self.paid(order)])
        self.until_done(order, "refund-1")
        for status in (PAID, REFUNDED, PENDING, REFUNDED):
            self.oc.set_status(order, status)
        request(self.oc.cron_address())
        self.assertEqual(sorted(self.panel(order)), ["refund-1", "sale"])
        self.assertPrinted(f"{self.prefix}{order}")
        self.assertPrinted(f"{self.prefix}{order}-refund-1")

    def test_workers_at_once_give_one_receipt(self):
        order, cron = self.buy(), self.oc.cron_address()
        owners = [self.oc.log_in() for _ in range(4)]
        start, faults = threading.Barrier(8), []

        def work(act):
            start.wait()
            try:
                act()
            except Exception as fault:  # told to the test below
                faults.append(fault)

        acts = [lambda one=one: self.oc.set_status_as(one[0], one[1], order, PAID) for one in owners]
        acts += [lambda: request(cron)] * 4
        threads = [threading.Thread(target=work, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(faults, [])
        self.until_done(order)
        request(cron)
        self.assertEqual(self.total(self.printed(order)), [self.paid(order)])

    def test_parts_are_given_back_and_then_the_rest(self):
        order = self.sold()
        lines = re.findall(r'data-line="(\d+)" data-left="([\d.]+)"', self.oc.owner.text(self.oc.order_address(order)))
        self.oc.act(order, "refund", number=1, **{f"lines[{lines[0][0]}]": 1})
        again = self.oc.act(order, "refund", number=1, **{f"lines[{lines[0][0]}]": 1})
        self.assertIn("alert-danger", again["html"], "the same page was sent twice")
        self.until_done(order, "refund-1")
        self.oc.set_status(order, REFUNDED)
        self.until_done(order, "refund-2")
        parts = self.total(self.printed(order, "-refund-1") + self.printed(order, "-refund-2"))
        self.assertEqual((len(parts), sum(parts)), (2, self.paid(order)))
        more = self.oc.act(order, "refund", number=3, **{f"lines[{lines[0][0]}]": 1})
        self.assertIn("alert-danger", more["html"], "nothing is left")

    def test_the_gateway_is_down_while_orders_are_paid(self):
        self.oc.save(self.fields(**AT_ONCE))
        self.stand.stop_gateway()
        try:
            begin = time.monotonic()
            first, second = self.buy(), self.buy()
            self.assertLess(time.monotonic() - begin, 2 * QUICK_S)
            seen = self.panel(first), self.panel(second)
            self.assertEqual([one["sale"][0] for one in seen], ["new", "new"], "visible, and pending")
        finally:
            self.stand.start_gateway()
        # The first one was tried and has its pause; the second one was left to the cron.
        request(self.oc.cron_address())
        self.assertEqual(self.total(self.printed(second)), [self.paid(second)])
        self.oc.act(first, "retry", operation="sale")
        self.assertEqual(self.total(self.printed(first)), [self.paid(first)])
        self.until_done(first)
        self.until_done(second)

    def test_a_gateway_that_is_silent_or_babbles(self):
        for is_silent in (True, False):
            with self.subTest(silent=is_silent):
                babbler = Babbler(is_silent)
                try:
                    self.oc.save(self.fields(url=babbler.url, **AT_ONCE))
                    begin = time.monotonic()
                    order = self.buy()
                    self.assertLess(time.monotonic() - begin, QUICK_S)
                    deadline = time.monotonic() + 10
                    while not babbler.count and time.monotonic() < deadline:
                        time.sleep(0.1)
                    self.assertEqual(babbler.count, 1)
                    self.assertEqual(self.panel(order)["sale"][0], "new")
                finally:
                    babbler.stop()
                self.oc.save(self.fields())
                deadline = time.monotonic() + 30
                while not self.emulator.receipts(f"{self.prefix}{order}") and time.monotonic() < deadline:
                    self.oc.act(order, "retry", operation="sale")
                    time.sleep(0.5)
                self.assertEqual(self.total(self.printed(order)), [self.paid(order)])
                self.until_done(order)

    def test_a_register_that_fails_is_tried_again_under_another_number(self):
        self.emulator.fault("paper-out", count=1)
        order = self.buy()
        self.oc.set_status(order, PAID)
        deadline = time.monotonic() + 20
        while self.panel(order)["sale"][0] != "failed" and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(self.panel(order)["sale"][0], "failed")
        self.oc.act(order, "retry", operation="sale")
        self.assertEqual(self.total(self.printed(order, "-try-2")), [self.paid(order)])
        self.until_done(order)
        self.assertPrinted(f"{self.prefix}{order}", 0)

    def test_callbacks(self):
        order = self.sold()
        page = f"{self.oc.url}/index.php?route={self.oc.route(self.oc.module, 'callback')}"

        def post(number, message, code=self.shop["code"], state="failed", seq=1):
            text = json.dumps({"result": False, "id": "0123456789", "order_id": number, "seq": seq, "state": state})
            body = ("json=" + urllib.parse.quote(text)).encode()
            return request(page, body, signed(body, message, code), "POST")

        self.assertEqual(post(f"{self.prefix}{order}", "m1", "another code").status, 401)
        self.assertEqual(request(page, b"json={}", {}, "POST").status, 401)
        self.assertEqual(post("no-such-order", "m2").status, 404)
        repeat = post(f"{self.prefix}{order}", "m3", seq=1)
        self.assertEqual((repeat.status, repeat.text), (200, "SUCCESSFUL"))
        self.assertEqual(self.panel(order)["sale"][0], "done", "what is older changes nothing")
        self.assertEqual(request(page).status, 405)

    def test_pages_without_a_token_do_nothing(self):
        stranger = Visitor(self.oc.url)
        for method in ("cron", "probe"):
            route = self.oc.route(self.oc.module, method)
            self.assertEqual(stranger.open(f"/index.php?route={route}")[0], 403)
            self.assertEqual(stranger.open(f"/index.php?route={route}&token=wrong")[0], 403)
            self.assertEqual(stranger.open(f"/index.php?route={route}&token[]=wrong")[0], 403)
        for method in ("changed", "job"):
            self.assertIn(stranger.open(f"/index.php?route={self.oc.route(self.oc.module, method)}")[0], (200, 404))
        save = stranger.open(f"/{self.oc.admin_path}/index.php?route={self.oc.route(self.oc.module, 'save')}", {"enabled": "0"})[1]
        self.assertNotIn("success", save)
        self.assertIn('name="enabled" value="1" checked', self.oc.settings_page())

    def test_the_self_test_proves_that_the_event_comes(self):
        answer, probe = self.oc.self_test()
        self.assertEqual((answer["success"], probe), ("", {"fired": True}))

    def test_the_connection_check_tells_what_is_wrong(self):
        self.assertIn("success", self.oc.check(self.fields()))
        self.assertIn("error", self.oc.check(self.fields(code="another code")))
        self.assertIn("error", self.oc.check(self.fields(url=f"http://127.0.0.1:{free_ports(1)[0]}")))
        self.assertIn("url", self.oc.check(self.fields(url="http://gateway.example"))["fields"])

    def test_in_a_browser(self):
        if not (MODULES / "node_modules" / "playwright-core").exists():
            self.skipTest("build/browser/node_modules is missing; `make node-modules` installs it")
        order = self.sold()
        user, _, password = ADMIN.partition(":")

        def picture(name):
            return str(pathlib.Path(PICTURES).resolve() / f"opencart-{self.oc.version}-{name}.png") if PICTURES else ""

        wish = {"modules": str(MODULES), "admin": f"{self.oc.url}/{self.oc.admin_path}/", "user": user, "password": password,
                "orders": [{"route": self.oc.route("sale/order", "info"), "order": order, "picture": picture("order"),
                            "refund": {"line": 0, "quantity": "1"}}],
                "settings": self.oc.module, "picture": picture("settings")}
        done = subprocess.run(["node", str(HERE / "opencart_tab.mjs"), json.dumps(wish)], capture_output=True, text=True, timeout=180)
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = json.loads(done.stdout)
        before, after = seen["orders"][0]["before"], seen["orders"][0]["after"]
        fd = self.printed(order)[0]["fd"]
        self.assertEqual([(one["operation"], one["state"], one["fd"], one["qr"], one["buttons"]) for one in before],
                         [("sale", "done", str(fd), 1, [])])
        self.assertTrue(before[0]["page"].startswith(f"{self.stand.url}/r/"), before)
        self.assertEqual(sorted(one["operation"] for one in after), ["refund-1", "sale"])
        self.assertEqual(len(self.printed(order, "-refund-1")), 1)
        self.assertEqual(seen["faults"], [])
        self.assertRegex(seen["test"], "Events work|События работают")
        self.assertRegex(seen["check"], "Connected|Связь есть")
        self.assertNotIn(self.shop["code"], seen["shown"])
        self.assertNotIn(self.kkt, seen["shown"])


if __name__ == "__main__":
    unittest.main()
