"""WooCommerce in a running shop: one receipt an operation whatever comes twice, and the pages of the owner. How to run: see
woocommerce_case.py."""
import concurrent.futures
import html
import json
import re
import time
import unittest
import urllib.parse

from woocommerce_case import URL, ShopCase
from processes import free_ports, wait_until
from protocol import request
from test_php_sdk import signed
from wordpress_site import Refused, Site, inputs_of, plain


class OnceTest(ShopCase):
    """One receipt an operation, whatever comes twice."""

    def test_two_workers_at_once(self):
        order = self.order(("third", 3))
        links = self.owner.scheduled(order["id"]) * 4
        self.assertTrue(links)

        def run(link):
            worker = Site(URL)
            worker.jar, worker.opener = self.owner.jar, self.owner.opener
            return worker.open(link)

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(run, links))
        self.assertFiscalised(order)

    def test_buttons_statuses_and_payments_at_once(self):
        order = self.order(("kettle", 1), paid=False, status="on-hold")
        path = f"/orders/{order['id']}"
        bodies = [{"set_paid": True}, {"status": "completed"}, {"status": "processing"}, {"set_paid": True}] * 2
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda body: self.owner.api("PUT", path, body), bodies))
        self.assertFiscalised(order)
        self.assertEqual(len(self.emulator.receipts(order["id"])), 1)

    def callback(self, body, headers):
        return request(f"{URL}/wp-json/fiscalgate/v1/callback", body, headers, "POST").status

    def test_callbacks_are_believed_only_if_they_are_genuine_and_news(self):
        self.owner.settings(gateway=f"http://127.0.0.1:{free_ports(1)[0]}")  # the shop's own tasks run besides
        self.addCleanup(self.set_up)
        order = self.order(("third", 1))
        code = self.shop["code"]

        def body(number, **more):
            outcome = {"result": True, "id": "", "order_id": str(number), "seq": 900001, "state": "failed", "error": "бумага", **more}
            return ("json=" + urllib.parse.quote(json.dumps(outcome))).encode()

        news = body(order["id"])
        self.assertEqual(self.callback(news, {}), 401)
        self.assertEqual(self.callback(news, signed(news, "w1", "another code")), 401)
        self.assertEqual(self.callback(news, signed(news, "w1", code, time.time() - 400)), 401)
        self.assertEqual(self.callback(news + b"x", signed(news, "w1", code)), 401)
        for number in ("nobody", "99999999", f"{order['id']}-settle", f"{order['id']}-refund-1"):
            stranger = body(number)
            self.assertEqual(self.callback(stranger, signed(stranger, "w2", code)), 404, number)
        self.assertEqual(self.callback(b"json=1", signed(b"json=1", "w3", code)), 400)
        self.assertEqual(self.owner.states(order["id"]), {"sale": "planned"})
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: self.callback(news, signed(news, "w4", code)), range(6)))
        self.assertEqual(answers, [200] * 6)
        self.assertEqual(self.owner.states(order["id"]), {"sale": "failed"})
        older = body(order["id"], seq=900000, state="done")
        self.assertEqual(self.callback(older, signed(older, "w5", code)), 200)
        self.assertEqual(self.owner.states(order["id"]), {"sale": "failed"}, "an older result changes nothing")

    def test_the_button_of_many_orders(self):
        self.owner.settings(on_payment="no", statuses=[])
        self.addCleanup(self.set_up, on_payment="yes", statuses=["processing", "completed"])
        orders = [self.order(("third", count)) for count in (1, 2)]
        unpaid = self.order(("third", 3), paid=False)
        self.assertEqual([self.owner.states(order["id"]) for order in orders], [{}, {}])
        self.assertRegex(self.owner.panel(orders[0]["id"])[""], "There is no receipt|Чека нет")
        posts = "post.php" in self.owner.order_url(0)
        target = "edit.php?post_type=shop_order" if posts else "admin.php?page=wc-orders"
        page = self.owner.open(f"/wp-admin/{target}")
        nonce = dict(inputs_of(page, "posts-filter" if posts else "wc-orders-filter"))["_wpnonce"]
        box = re.search(r'id="cb-select-\d+" type="checkbox" name="([^"]+)"', page)[1]
        query = urllib.parse.urlencode([("_wpnonce", nonce), ("action", "fiscalgate_make"), ("action2", "-1"),
                                        *((box, order["id"]) for order in [*orders, unpaid])])
        self.owner.open(f"/wp-admin/{target}&{query}", headers={"Referer": f"{URL}/wp-admin/{target}"})
        for order in orders:
            self.assertFiscalised(order)
        self.assertEqual(self.owner.states(unpaid["id"]), {})


class PollingTest(ShopCase):
    """The gateway cannot reach the shop."""
    SETTINGS = {"callback.allow_networks": []}

    def test_the_shop_asks_for_what_nobody_tells_it(self):
        order = self.order(("third", 1))
        self.owner.run_queue(order["id"])
        self.assertEqual(self.owner.states(order["id"]), {"sale": "sent"})
        wait_until(lambda: self.emulator.receipts(order["id"]), 20, "the receipt")
        self.assertEqual(self.owner.states(order["id"]), {"sale": "sent"})
        self.owner.press(order["id"], "ask:sale")
        self.assertFiscalised(order)


class OwnerTest(ShopCase):
    def test_the_connection_check_and_the_settings_page(self):
        self.assertTrue(self.owner.check_connection().startswith("success"))
        page = self.owner.open("/wp-admin/admin.php?page=fiscalgate")
        for secret in (self.shop["code"], self.token):
            self.assertNotIn(secret, page)
        seen = self.look(f"{URL}/wp-admin/admin.php?page=fiscalgate", "#wpbody-content", "settings")
        self.assertEqual(seen["faults"], [])
        self.owner.settings(code="another code")
        self.addCleanup(self.set_up)
        self.assertTrue(self.owner.check_connection().startswith("error"))
        order = self.order(("third", 1))
        self.owner.run_queue(order["id"])
        self.assertEqual(self.owner.states(order["id"]), {"sale": "refused"})
        self.look(self.admin_url(order["id"]), "#fiscalgate-receipts", "order-panel-refused")
        health = self.health()
        self.assertEqual(health["status"], "critical")
        self.assertIn(str(order["id"]), health["description"])
        self.set_up()  # what was refused for the settings goes on by itself once they are right
        for link in self.sweeps():
            self.owner.open(link)
        self.assertFiscalised(order)

    def health(self):
        """What Site Health says of receipts."""
        page = self.owner.open("/wp-admin/site-health.php")
        tests = json.loads(re.search(r"var SiteHealth = (\{.*?\});\n", page, re.S)[1])["site_status"]["direct"]
        return next(one for one in tests if one["test"] == "fiscalgate")

    def sweeps(self):
        page = self.owner.open("/wp-admin/admin.php?page=wc-status&tab=action-scheduler&status=pending&s=fiscalgate_sweep")
        rows = [row for row in re.findall(r"<tr\b.*?</tr>", page, re.S) if "settings" in plain(row)]
        return [f"{URL}/wp-admin/" + html.unescape(re.search(r'href="([^"]*row_action=run[^"]*)"', row)[1]).split("/wp-admin/")[-1] for row in rows]

    def test_the_test_mode_prints_nothing(self):
        self.owner.settings(test_mode="yes")
        self.addCleanup(self.set_up)
        order = self.order(("third", 3))
        self.settle_all(order["id"], {"sale": "tested"})
        self.assertEqual(self.emulator.receipts(order["id"]), [])
        self.set_up()
        self.owner.press(order["id"], "retry:sale")
        self.assertFiscalised(order)

    def test_vat_by_tax_class_and_for_delivery(self):
        self.owner.settings(**{"vat][standard": "6", "vat_delivery": "5"})
        self.addCleanup(self.set_up, **{"vat][standard": "auto", "vat_delivery": "auto"})
        lines = self.assertFiscalised(self.order(("kettle", 1), ("book", 1))).splitlines()
        rates = {lines[at].strip(): lines[at + 2].strip() for at in range(len(lines) - 2) if lines[at].startswith(("Товар", "Курьер"))}
        self.assertEqual(rates["Курьер"], "НДС 0 %")
        self.assertEqual(rates['Товар "kettle"'], "БЕЗ НДС")
        if "vat-10" in self.tax_classes():
            self.assertEqual(rates['Товар "book"'], "НДС 10 %")

    def test_orders_before_the_day_and_other_ways_of_payment_say_why(self):
        self.owner.settings(after="2999-01-01")
        self.addCleanup(self.set_up, methods=[])
        order = self.order(("third", 1))
        self.assertEqual(self.owner.states(order["id"]), {})
        self.set_up(methods=["cod"])
        other = self.order(("third", 1))
        self.assertEqual(self.owner.states(other["id"]), {})
        self.assertRegex(self.owner.panel(other["id"])[""], "way of payment|Способ оплаты")
        self.owner.press(other["id"], "make:sale")
        self.assertFiscalised(other)

    def test_a_stranger_presses_no_button(self):
        order = self.order(("third", 1))
        with self.assertRaises(Refused) as refused:
            self.owner.post("/wp-admin/admin-post.php", {"action": "fiscalgate_order", "order": order["id"], "do": "refund-all:"})
        self.assertEqual(refused.exception.status, 403)
        self.assertEqual(self.owner.api("GET", f"/orders/{order['id']}/refunds"), [])
        self.assertFiscalised(order)

    def test_site_health_says_that_all_is_well_or_not(self):
        self.assertIn(self.health()["status"], ("good", "critical"))
        page = plain(self.owner.open("/wp-admin/site-health.php?tab=debug"))
        self.assertIn(self.shop["account_id"], page)
        self.assertNotIn(self.shop["code"], page)


if __name__ == "__main__":
    unittest.main()
