"""What the tests of the WooCommerce plugin in a running shop share.

    FISCALGATE_WOOCOMMERCE_URL=http://127.0.0.1:8101 FISCALGATE_WOOCOMMERCE_ADMIN=user:password
    FISCALGATE_WOOCOMMERCE_KEY=user:application-password python3 -m unittest test_woocommerce test_woocommerce_owner

The shop takes roubles and reaches this machine, and this machine reaches it. The driver installs the plugin from its zip, changes
its settings, makes goods, coupons and orders, and takes goods and coupons away again. FISCALGATE_WOOCOMMERCE_PAYMENT names a way
of payment of the checkout, else the first is taken; FISCALGATE_PICTURES a folder for pictures of the pages.
"""
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1])]
from support import ROOT, StandCase, new_order  # noqa: E402
from wordpress_site import Buyer, Refused, Site  # noqa: E402

URL = os.environ.get("FISCALGATE_WOOCOMMERCE_URL", "").rstrip("/")
ADMIN = os.environ.get("FISCALGATE_WOOCOMMERCE_ADMIN", "admin:admin").split(":", 1)
KEY = os.environ.get("FISCALGATE_WOOCOMMERCE_KEY", "").split(":", 1)
PAYMENT = os.environ.get("FISCALGATE_WOOCOMMERCE_PAYMENT", "")
PICTURES = os.environ.get("FISCALGATE_PICTURES", "")
PERSON = {**Buyer.ADDRESS, "email": Buyer.EMAIL}
GOODS = {"third": "33.33", "kettle": "490.00", "book": "350.50", "screw": "0.01", "gift": "0", "deleted": "150.00"}


def kopecks(text):
    return round(float(text) * 100)


@unittest.skipUnless(URL, "FISCALGATE_WOOCOMMERCE_URL is not set: there is no running WooCommerce to try the plugin in")
class ShopCase(StandCase):
    """The plugin is installed and set up; goods and coupons are there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.token = cls.register()
        out = cls.folder / "plugins"
        subprocess.run([sys.executable, ROOT / "cms-plugins" / "build.py", "--only", "woocommerce", "--quiet", "--out", out],
                       check=True, stdout=subprocess.DEVNULL)
        cls.owner = Site(URL).log_in(*ADMIN).use_key(*KEY)
        cls.owner.install(out / "fiscalgate-for-woocommerce.zip")
        cls.set_up()
        cls.goods = {name: cls.make("products", cls.product(name, price)) for name, price in GOODS.items()}
        cls.coupons = {"percent": cls.coupon("percent", "10"), "third": cls.coupon("percent", "33.33"), "fixed": cls.coupon("fixed_cart", "50"),
                       "delivery": cls.coupon("fixed_cart", "0", free_shipping=True)}

    @classmethod
    def set_up(cls, **more):
        cls.owner.settings(**{"gateway": cls.stand.url, "account": cls.shop["account_id"], "token": cls.token, "code": cls.shop["code"],
                              "taxation": "1", "prepayment": "no", "test_mode": "no", "gift": "discount", "after": "", **more})

    @classmethod
    def product(cls, name, price):
        tax = {"book": "vat-10"}.get(name, "")
        return {"name": f"Товар «{name}»", "regular_price": price, "tax_class": tax if tax in cls.tax_classes() else "", "type": "simple"}

    @classmethod
    def tax_classes(cls):
        return [one["slug"] for one in cls.owner.api("GET", "/taxes/classes")]

    @classmethod
    def make(cls, kind, about):
        made = cls.owner.api("POST", f"/{kind}", about)
        cls.addClassCleanup(cls.take_away, kind, made["id"])
        return made["id"]

    @classmethod
    def take_away(cls, kind, number):
        try:
            cls.owner.api("DELETE", f"/{kind}/{number}?force=true")
        except Refused:
            pass  # a test has taken it away already

    @classmethod
    def coupon(cls, kind, amount, **more):
        code = new_order("coupon")
        cls.make("coupons", {"code": code, "discount_type": kind, "amount": amount, **more})
        return code

    # ---- acting

    def order(self, *lines, coupons=(), fees=(), shipping="250", paid=True, **more):
        """An order as a manager enters it: [(goods, quantity)], fees as (name, sum)."""
        body = {"payment_method": "bacs", "billing": PERSON, "shipping": {k: v for k, v in PERSON.items() if k != "email"},
                "line_items": [{"product_id": self.goods[name], "quantity": quantity} for name, quantity in lines],
                "coupon_lines": [{"code": self.coupons[name]} for name in coupons],
                "fee_lines": [{"name": name, "total": total, "tax_status": "none" if total.startswith("-") else "taxable"} for name, total in fees],
                "shipping_lines": [{"method_id": "flat_rate", "method_title": "Курьер", "total": shipping}] if shipping else [],
                "set_paid": paid, **more}
        return self.owner.api("POST", "/orders", body)

    def settle_all(self, order, expected, seconds=20):
        """Runs the queue until the operations are in these states."""
        deadline = time.monotonic() + seconds
        while True:
            states = self.owner.states(order)
            if states == expected:
                return
            if time.monotonic() > deadline:
                self.fail(f"{order}: {states} instead of {expected}: {self.owner.panel(order)}")
            self.owner.run_queue(order)

    def done(self, order, *operations):
        self.settle_all(order, {key: "done" for key in operations or ("sale",)})

    def receipt(self, number):
        printed = self.emulator.receipts(number)
        self.assertEqual(len(printed), 1, f"receipts of {number}")
        return printed[0]

    def total(self, number):
        return kopecks(self.receipt(number)["mark"]["total_1020"])

    def assertFiscalised(self, order):
        self.done(order["id"])
        self.assertEqual(self.total(order["id"]), kopecks(order["total"]), self.receipt(order["id"])["text"])
        return self.receipt(order["id"])["text"]

    def look(self, page, part, name, **more):
        """What a browser shows, and a picture of it."""
        pictures = pathlib.Path(PICTURES or self.folder)
        ask = {"modules": str(ROOT / "build" / "browser"), "url": URL, "user": ADMIN[0], "password": ADMIN[1], "page": page, "part": part,
               "picture": str(pictures / f"{name}.png"), **more}
        done = subprocess.run(["node", pathlib.Path(__file__).resolve().parent / "panel.mjs", json.dumps(ask)], capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def admin_url(self, order):
        return self.owner.order_url(order)


class Nonsense(http.server.ThreadingHTTPServer):
    """Where the gateway should be, and is not."""
    daemon_threads = True

    def __init__(self, status, text, hang=False):
        self.over = threading.Event()

        class Page(http.server.BaseHTTPRequestHandler):
            def do_POST(page):
                page.rfile.read(int(page.headers["Content-Length"]))
                if hang:
                    self.over.wait(60)
                page.send_response(status)
                page.send_header("Content-Length", str(len(text)))
                page.end_headers()
                try:
                    page.wfile.write(text.encode())
                except OSError:
                    pass  # the shop has heard enough

            def log_message(page, *_):
                pass

        super().__init__(("127.0.0.1", 0), Page)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.shutdown()
        self.server_close()
