"""WooCommerce orders in a running shop: what was paid, prepaid and paid back is what the receipts make. How to run: see
woocommerce_case.py."""
import time
import unittest

from woocommerce_case import PAYMENT, URL, Nonsense, ShopCase, kopecks
from processes import free_ports
from protocol import request
from wordpress_site import Buyer


class CheckoutTest(ShopCase):
    def buy(self, *goods):
        buyer = Buyer(URL)
        payment = PAYMENT or buyer.store("GET", "/cart")["payment_methods"][0]
        started = time.monotonic()
        answer = buyer.buy([(self.goods[name], quantity) for name, quantity in goods], payment)
        self.seconds = time.monotonic() - started
        order = self.owner.api("GET", f"/orders/{answer['order_id']}")
        if not order["date_paid"]:
            order = self.owner.api("PUT", f"/orders/{order['id']}", {"status": "processing"})  # the owner has seen the money
        return order, answer["payment_result"]["redirect_url"]

    def test_a_paid_order_gets_its_receipt_and_everybody_sees_it(self):
        order, thanks = self.buy(("third", 3), ("book", 1))
        text = self.assertFiscalised(order)
        self.assertIn(Buyer.EMAIL, text)
        mark = self.receipt(order["id"])["mark"]
        seen = self.look(self.admin_url(order["id"]), "#fiscalgate-receipts", "order-panel")
        for word in (mark["fn_1041"], str(mark["fd_1040"]), mark["fpd_1077"]):
            self.assertIn(word, seen["text"])
        self.assertEqual((len(seen["images"]), seen["faults"], seen["overflow"]), (1, [], False), seen)
        self.assertGreaterEqual(seen["images"][0]["width"], 120)
        page = [link for link in seen["links"] if link.startswith(self.stand.url)]
        self.assertEqual(request(page[0]).status, 200)
        self.assertTrue(page[0] in Buyer(URL).thanks(thanks), "the buyer's page of the order has no link")

    def test_a_gateway_that_is_away_holds_no_checkout_up(self):
        away = f"http://127.0.0.1:{free_ports(1)[0]}"
        self.owner.settings(gateway=away)
        self.addCleanup(self.set_up)
        order, _ = self.buy(("kettle", 1))
        self.assertLess(self.seconds, 15)
        self.assertIn(order["status"], ("processing", "completed"))
        self.owner.run_queue(order["id"])
        self.assertEqual(self.owner.states(order["id"]), {"sale": "planned"})
        self.assertRegex(self.owner.panel(order["id"])["sale"], "no answer")
        seen = self.look(self.admin_url(order["id"]), "#fiscalgate-receipts", "order-panel-away")
        self.assertEqual(seen["faults"], [])
        self.set_up()
        self.owner.press(order["id"], "retry:sale")
        self.assertFiscalised(order)

    def test_a_gateway_that_talks_nonsense_is_tried_again(self):
        for status, text in ((200, "<html>"), (200, ""), (502, "Bad Gateway"), (200, '{"result":true,"id":"x"}'), (200, "x" * 5_000_000)):
            with self.subTest(f"{status} {text[:20]}"), Nonsense(status, text) as nonsense:
                self.owner.settings(gateway=nonsense.url)
                self.addCleanup(self.set_up)
                order, _ = self.buy(("kettle", 1))
                self.owner.run_queue(order["id"])
                self.assertEqual(self.owner.states(order["id"]), {"sale": "planned"})
                self.set_up()
                self.owner.press(order["id"], "retry:sale")
                self.assertFiscalised(order)

    def test_a_gateway_that_never_answers_holds_no_checkout_up(self):
        with Nonsense(200, "", hang=True) as nonsense:
            self.owner.settings(gateway=nonsense.url)
            self.addCleanup(self.set_up)
            order, _ = self.buy(("kettle", 1))
            self.assertLess(self.seconds, 15)
            started = time.monotonic()
            self.owner.run_queue(order["id"])
            self.assertLess(time.monotonic() - started, 25)
            self.assertEqual(self.owner.states(order["id"]), {"sale": "planned"})
        self.set_up()
        self.owner.press(order["id"], "retry:sale")
        self.assertFiscalised(order)


class TotalsTest(ShopCase):
    """The receipt makes what was paid."""

    def cases(self):
        goods = [("third", 3), ("book", 2), ("kettle", 1)]
        yield "plain", goods, {}
        yield "3 x 33.33 with a coupon of 10 %", [("third", 3)], {"coupons": ["percent"]}
        yield "a coupon of a third", goods, {"coupons": ["third"]}
        yield "a coupon of 50 roubles over three goods", goods, {"coupons": ["fixed"]}
        yield "both coupons", goods, {"coupons": ["percent", "fixed"]}
        yield "free delivery", goods, {"shipping": "", "coupons": ["delivery"]}
        yield "delivery for nothing", goods, {"shipping": "0"}
        yield "a surcharge", goods, {"fees": [("Подарочная упаковка", "40")]}
        yield "a gift card as a fee below zero", goods, {"fees": [("Подарочная карта", "-333.33")]}
        yield "a line that costs nothing", [("gift", 1), ("third", 7)], {}
        yield "a kopeck", [("screw", 1)], {"shipping": ""}
        yield "13 x 0.01 and a third off", [("screw", 13), ("third", 1)], {"coupons": ["third"], "shipping": ""}

    def test_every_kind_of_order(self):
        for name, lines, more in self.cases():
            with self.subTest(name):
                self.assertFiscalised(self.order(*lines, **more))

    def test_prices_without_tax(self):
        setting = "/settings/tax/woocommerce_prices_include_tax"
        before = self.owner.api("GET", setting)["value"]
        self.addCleanup(self.owner.api, "PUT", setting, {"value": before})
        self.owner.api("PUT", setting, {"value": "no" if before == "yes" else "yes"})
        for name, lines, more in self.cases():
            with self.subTest(name):
                self.assertFiscalised(self.order(*lines, **more))

    def test_a_gift_card_as_an_advance(self):
        self.owner.settings(gift="advance")
        self.addCleanup(self.set_up)
        order = self.order(("kettle", 1), ("third", 3), fees=[("Подарочная карта", "-333.33")])
        self.done(order["id"])
        card = -sum(kopecks(line["total"]) + kopecks(line["total_tax"]) for line in order["fee_lines"])
        self.assertEqual(self.total(order["id"]), kopecks(order["total"]) + card)
        text = self.receipt(order["id"])["text"]
        self.assertIn(f"={card / 100:.2f}", text)
        self.assertIn(f"={order['total']}", text)

    def test_several_rates_of_tax(self):
        order = self.order(("kettle", 1), ("book", 1))
        text = self.assertFiscalised(order)
        rates = {float(line["rate_percent"]) for line in order["tax_lines"]}
        for rate in rates:
            self.assertIn(f"НДС {rate:g} %", text)

    def test_an_order_for_nothing_has_no_receipt(self):
        order = self.order(("gift", 1), shipping="")
        self.assertEqual(self.owner.states(order["id"]), {"sale": "free"})
        self.assertEqual(self.emulator.receipts(order["id"]), [])

    def test_the_goods_are_gone_before_the_receipt_is_made(self):
        order = self.order(("deleted", 2), ("third", 1), paid=False)
        self.take_away("products", self.goods["deleted"])
        self.owner.api("PUT", f"/orders/{order['id']}", {"set_paid": True})
        text = self.assertFiscalised(order)
        self.assertIn("deleted", text)


class RefundsTest(ShopCase):
    def refund(self, order, amount, lines=()):
        """`lines`: (position of the item, quantity, total, tax)."""
        items = order["line_items"]
        body = {"amount": amount, "api_refund": False, "reason": "проверка", "line_items": [
            {"id": items[at]["id"], "quantity": quantity, "refund_total": float(items[at]["total"]) / items[at]["quantity"] * quantity,
             "refund_tax": [{"id": tax["id"], "refund_total": float(tax["total"] or 0) / items[at]["quantity"] * quantity}
                            for tax in items[at]["taxes"]]} for at, quantity in lines]}
        return self.owner.api("POST", f"/orders/{order['id']}/refunds", body)["id"]

    def sold(self, *lines, **more):
        order = self.order(*(lines or (("third", 3), ("kettle", 1))), **more)
        self.assertFiscalised(order)
        return order

    def test_goods_then_a_sum_then_the_rest(self):
        order = self.sold(coupons=["percent"])
        first = order["line_items"][0]
        one = f"{(float(first['total']) + float(first['total_tax'])) / 3:.2f}"
        refunds = [self.refund(order, one, [(0, 1)]), self.refund(order, "100.00")]
        rest = kopecks(order["total"]) - kopecks(one) - 10000
        self.done(order["id"], "sale", *(f"refund-{number}" for number in refunds))
        self.owner.press(order["id"], "refund-all:")
        last = self.owner.api("GET", f"/orders/{order['id']}/refunds")[0]["id"]
        self.done(order["id"], "sale", *(f"refund-{number}" for number in [*refunds, last]))
        totals = [self.total(f"{order['id']}-refund-{count}") for count in (1, 2, 3)]
        self.assertEqual(totals, [kopecks(one), 10000, rest])
        texts = [self.receipt(f"{order['id']}-refund-{count}")["text"] for count in (1, 2, 3)]
        for text in texts:
            self.assertIn("ВОЗВРАТ ПРИХОДА", text)
        self.assertIn("third", texts[0])
        self.assertNotIn("kettle", texts[0])
        seen = self.look(self.admin_url(order["id"]), "#fiscalgate-receipts", "order-panel-refunds")
        self.assertEqual(len(seen["images"]), 4)

    def test_the_status_refunded_refunds_all(self):
        order = self.sold(fees=[("Подарочная карта", "-100")])
        self.owner.api("PUT", f"/orders/{order['id']}", {"status": "refunded"})
        refund = self.owner.api("GET", f"/orders/{order['id']}/refunds")[0]["id"]
        self.done(order["id"], "sale", f"refund-{refund}")
        self.assertEqual(self.total(f"{order['id']}-refund-1"), kopecks(order["total"]))

    def test_a_refund_waits_for_the_receipt_of_the_sale(self):
        order = self.order(("kettle", 1))
        refund = f"refund-{self.refund(order, '90.00')}"
        self.emulator.fault("paper-out", count=1)
        self.addCleanup(self.emulator.clear_faults)
        self.settle_all(order["id"], {"sale": "failed", refund: "planned"})
        self.emulator.clear_faults()
        self.owner.press(order["id"], "retry:sale")
        self.done(order["id"], "sale", refund)
        self.assertEqual(self.total(f"{order['id']}-try-2"), kopecks(order["total"]))
        self.assertEqual(self.total(f"{order['id']}-refund-1"), 9000)

    def test_prepayment_and_settlement(self):
        self.owner.settings(prepayment="yes")
        self.addCleanup(self.set_up)
        order = self.order(("third", 3), ("book", 1), ("kettle", 2), coupons=["percent"])
        text = self.assertFiscalised(order)
        self.assertIn("22/122", text)
        part = self.refund(order, "50.00")
        self.done(order["id"], "sale", f"refund-{part}")
        for status in ("completed", "processing", "completed"):  # it flaps
            self.owner.api("PUT", f"/orders/{order['id']}", {"status": status})
        self.done(order["id"], "sale", f"refund-{part}", "settle")
        self.assertEqual(self.total(f"{order['id']}-settle"), kopecks(order["total"]) - 5000)
        settle = self.receipt(f"{order['id']}-settle")["text"]
        self.assertNotIn("22/122", settle)
        after = self.refund(order, "60.00")
        self.done(order["id"], "sale", f"refund-{part}", "settle", f"refund-{after}")
        self.assertNotIn("22/122", self.receipt(f"{order['id']}-refund-2")["text"])


if __name__ == "__main__":
    unittest.main()
