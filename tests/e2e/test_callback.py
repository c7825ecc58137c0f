"""How a shop is told: signed, again until it confirms, never into a private network, and replayed when asked."""
import sqlite3
import unittest

from support import StandCase, new_order, receipt
from protocol import webhook_is_genuine


class Delivery(StandCase):
    def setUp(self):
        self.site.answer = lambda received: (200, "SUCCESSFUL")
        self.token = self.register()

    def callbacks(self, order, state=None):
        rows = self.stand.admin("callback", "list", *(["--state", state] if state else []), "--limit", 1000)
        return [row for row in rows if row["order_id"] == order]

    def test_CallbackIsSignedOverItsRawBody(self):
        order = new_order()
        self.done(self.accept(self.token, order, **self.callback()))
        came = self.site.wait_for(order)[0]
        headers = {name.lower(): value for name, value in came.headers.items()}
        self.assertEqual(headers["content-type"], "application/x-www-form-urlencoded")
        self.assertTrue(came.body.startswith(b"json="))
        self.assertTrue(webhook_is_genuine(headers, came.body, self.shop["code"]))
        self.assertFalse(webhook_is_genuine(headers, came.body + b" ", self.shop["code"]))
        self.assertFalse(webhook_is_genuine(headers, came.body, "another code"))
        self.assertFalse(webhook_is_genuine(headers, came.body, self.shop["code"], now=int(headers["webhook-timestamp"]) + 900))

    def test_ShopThatWasDownGetsItLater(self):
        order = new_order()
        self.site.answer = lambda received: (500, "down")
        task_id = self.accept(self.token, order, **self.callback())
        self.done(task_id)
        status = self.until(task_id, lambda s: s["callback"]["attempts"] == 1)
        self.assertEqual((status["callback"]["state"], status["callback"]["last_status"]), ("pending", 500))
        self.site.answer = lambda received: (200, "SUCCESSFUL")
        self.stand.admin("callback", "replay", status["callback"]["webhook_id"])
        self.until(task_id, lambda s: s["callback"]["state"] == "delivered")
        came = self.site.of_order(order)
        self.assertEqual(len(came), 2)
        self.assertEqual(came[0].headers["webhook-id"], came[1].headers["webhook-id"])
        self.assertEqual(came[0].body, came[1].body)

    def test_ShopThatHangsUpIsAskedAgain(self):
        order = new_order()
        self.site.answer = lambda received: (0, "")
        task_id = self.accept(self.token, order, **self.callback())
        status = self.until(task_id, lambda s: s["callback"] and s["callback"]["attempts"] == 1)
        self.assertEqual(status["callback"]["state"], "pending")

    def test_RedirectIsNoDelivery(self):
        for answer in ((302, "there"), (410, "gone"), (404, "nothing")):
            with self.subTest(answer[0]):
                order = new_order()
                self.site.answer = lambda received: answer
                task_id = self.accept(self.register(), order, **self.callback())
                status = self.until(task_id, lambda s: s["callback"] and s["callback"]["attempts"] >= 1)
                self.assertEqual((status["callback"]["state"], status["callback"]["last_status"]), ("pending", answer[0]))

    def test_ShopMayDemandItsWord(self):
        shop = self.stand.add_shop(demand_successful=True)
        self.site.codes.append(shop["code"])
        token, order = self.register(shop=shop), new_order()
        self.site.answer = lambda received: (200, "<html>login please</html>")
        task_id = self.accept(token, order, shop=shop, **self.callback())
        status = self.until(task_id, lambda s: s["callback"] and s["callback"]["attempts"] == 1)
        self.assertEqual(status["callback"]["state"], "pending")
        self.site.answer = lambda received: (200, "\nSUCCESSFUL\n")
        self.stand.admin("callback", "replay", status["callback"]["webhook_id"])
        self.until(task_id, lambda s: s["callback"]["state"] == "delivered")

    def test_DeliveredCallbackCanBeReplayed(self):
        order = new_order()
        task_id = self.accept(self.token, order, **self.callback())
        status = self.until(task_id, lambda s: s["callback"] and s["callback"]["state"] == "delivered")
        self.stand.admin("callback", "replay", status["callback"]["webhook_id"])
        self.assertEqual(len(self.site.wait_for(order, count=2)), 2)

    def test_FailureGoesToTheOtherAddress(self):
        order = new_order()
        self.accept(self.token, order, [receipt("Чай [fault:paper-out]")], **self.callback("c"))
        came = self.site.wait_for(order)[0]
        self.assertEqual((came.path, came.result["result"], came.result["state"]), ("/c/failed", False, "failed"))
        self.assertIn("error", came.result["0"])

    def test_NoAddressMeansNoCallback(self):
        status = self.done(self.accept(self.token))
        self.assertIsNone(status["callback"])

    def test_RotatedCodeSignsWithBothUntilTheOldRunsOut(self):
        shop = self.stand.add_shop()
        old = dict(shop)
        token, order = self.register(shop=shop), new_order()
        new_code = self.stand.rotate_code(shop)
        self.secrets += [old["code"], new_code]
        self.site.codes += [old["code"], new_code]
        answer = self.post(token, order, shop={**shop, "code": new_code}, **self.callback())
        for _ in range(100):
            if answer.status == 202:
                break
            answer = self.post(token, order, shop={**shop, "code": new_code}, **self.callback())
        self.assertEqual(answer.status, 202, answer)
        came = self.site.wait_for(order)[0]
        for code in (old["code"], new_code):
            self.assertTrue(webhook_is_genuine(came.headers, came.body, code), "a signature for each code")
        self.assertEqual(self.post(token, shop=old).status, 202, "the old code still signs posts")


class DeadLetters(StandCase):
    def test_CallbackIsDeadAfterItsLastPauseAndCanBeReplayed(self):
        self.site.answer = lambda received: (503, "closed")
        order = new_order()
        task_id = self.accept(self.register(), order, **self.callback())
        self.until(task_id, lambda s: s["callback"] and s["callback"]["attempts"] == 1)
        self.stand.stop_gateway()
        with sqlite3.connect(self.folder / "store" / "fiscalgate.db") as database:
            database.execute("UPDATE callback SET attempts = 10, due_at = 0")
        database.close()
        self.stand.start_gateway()
        status = self.until(task_id, lambda s: s["callback"]["state"] == "dead")
        webhook_id = status["callback"]["webhook_id"]
        self.assertEqual([row["webhook_id"] for row in self.stand.admin("callback", "list", "--state", "dead")], [webhook_id])
        self.site.answer = lambda received: (200, "ok")
        self.stand.admin("callback", "replay", webhook_id)
        self.until(task_id, lambda s: s["callback"]["state"] == "delivered")


class PrivateNetworks(StandCase):
    SETTINGS = {"callback.allow_networks": []}

    def test_CallbackIntoAPrivateNetworkIsNeverMade(self):
        port = self.site.server_address[1]
        token = self.register(pass_unknown=True)
        for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "0", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"):
            with self.subTest(host):
                order = new_order()
                url = f"http://{host}:{port}/private"
                answer = self.post(token, order, success=url, failed=url)
                if answer.status == 400:
                    continue  # not even taken
                task_id = answer.json["id"]
                self.done(task_id)
                status = self.until(task_id, lambda s: s["callback"]["attempts"] >= 1)
                self.assertEqual(status["callback"]["state"], "pending")
                self.assertEqual(self.site.of_order(order), [])
        self.assertEqual(len(self.site.received), 0)


if __name__ == "__main__":
    unittest.main()
