"""The PHP SDK against a real gateway: the README's plugin from the paid order to the believed callback, and every method of
the client over both transports."""
import json
import os
import pathlib
import subprocess
import unittest

from support import ROOT, StandCase, new_order
from processes import free_ports, start, stop, wait_until
from protocol import form_fields, post_form, request, webhook_key

import base64
import hashlib
import hmac
import socket
import time
import urllib.parse

SDK = ROOT / "cms-plugins" / "php-sdk"
PLUGIN = SDK / "examples" / "plugin.php"
CLIENT = pathlib.Path(__file__).resolve().parent / "sdk_client.php"
BUILT = json.loads((ROOT / "tests" / "data" / "bit" / "built_receipts.json").read_text(encoding="utf-8"))["built"]
# 399.90 + 3 x 33.33 - 50.00 + 300.00; the coupon leaves the honey a sum that is no price times three.
ORDER = {"lines": [{"name": "Чай «Иван», 100 г", "price": "399.90", "quantity": 1},
                   {"name": "Мёд", "price": 33.33, "quantity": "3.0"}],
         "delivery": "300.0000", "coupon": "50", "total": "749.89", "email": "buyer@example.ru", "phone": ""}


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def signed(body, webhook_id, code, at=None):
    stamp = str(int(at or time.time()))
    mac = hmac.new(webhook_key(code), f"{webhook_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": webhook_id, "webhook-timestamp": stamp, "webhook-signature": "v1," + base64.b64encode(mac).decode(),
            "Content-Type": "application/x-www-form-urlencoded"}


class PhpCase(StandCase):
    def settings(self, token, **more):
        folder = self.folder / new_order("shop")
        folder.mkdir()
        port = more.pop("port", 9)
        settings = {"url": self.stand.url, "account": self.shop["account_id"], "token": token, "code": self.shop["code"],
                    "callback": f"http://127.0.0.1:{port}/callback?from=fiscalgate", "site": "https://shop.example",
                    "folder": str(folder), **more}
        path = folder / "settings.json"
        path.write_text(json.dumps(settings), encoding="utf-8")
        return path

    def php(self, settings, *words):
        command = ["php", "-d", "display_errors=stderr", "-d", "error_reporting=-1", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, "SHOP": str(settings)})
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return done.stdout


class PluginTest(PhpCase):
    """examples/plugin.php, which the README shows."""

    def open_site(self, token, **more):
        """The shop's site: PHP's own server runs the plugin as the page for callbacks."""
        port = free_ports(1)[0]
        settings = self.settings(token, port=port, **more)
        command = ["php", "-d", "display_errors=stderr", "-d", "error_reporting=-1", "-S", f"127.0.0.1:{port}", str(PLUGIN)]
        log = settings.parent / "site.log"
        process = start(command, log, cwd=settings.parent, env={**os.environ, "SHOP": str(settings)})
        self.addCleanup(stop, process)
        wait_until(lambda: listens(port), 15, "the shop's site", alive=[process])
        self.callback_url = f"http://127.0.0.1:{port}/callback"
        return settings, log

    def paid(self, settings, order, **more):
        path = settings.parent / "order.json"
        path.write_text(json.dumps({**ORDER, "number": order, **more}), encoding="utf-8")
        self.php(settings, PLUGIN, "paid", path)

    def stored(self, settings, kind, order):
        path = settings.parent / f"{hashlib.sha1(order.encode()).hexdigest()}.{kind}"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def test_a_paid_order_gets_its_receipt_and_the_shop_believes_the_callback(self):
        settings, log = self.open_site(self.register())
        order = new_order()
        self.paid(settings, order)
        self.php(settings, PLUGIN, "cron")
        wait_until(lambda: self.stored(settings, "result", order), 20, "the callback")
        printed = self.emulator.receipts(order)
        self.assertEqual(len(printed), 1)
        text = self.emulator.receipt_text(printed[0]["fd"])
        result, post = self.stored(settings, "result", order), self.stored(settings, "post", order)
        self.assertEqual((result["state"], result["mark"]["fd_1040"]), ("done", printed[0]["fd"]))
        self.assertEqual(result["mark"]["total_1020"], "749.89")
        self.assertIn("749.89", text)
        self.assertEqual((post["due"], post["error"]), (None, ""))
        self.assertEqual(request(post["page"]).status, 200)
        lines = [(item["price_1079"], item["qty_1023"]) for item in json.loads(post["data"])[0]["data"]["purchases"]]
        self.assertEqual(lines, [(359.91, 1), (30, 1), (29.99, 2), (300, 1)])
        self.assertNotIn("Warning", log.read_text(encoding="utf-8"))

    def test_whatever_comes_twice_prints_once(self):
        settings, _ = self.open_site(self.register())
        order = new_order()
        self.paid(settings, order)
        self.php(settings, PLUGIN, "cron")
        wait_until(lambda: self.stored(settings, "result", order), 20, "the callback")
        first = self.stored(settings, "post", order)
        self.paid(settings, order, coupon="60", total="739.89")  # the hook again, by now of another content
        self.assertEqual(self.stored(settings, "post", order), first)
        path = settings.parent / f"{hashlib.sha1(order.encode()).hexdigest()}.post"
        path.write_text(json.dumps({**first, "due": 0}), encoding="utf-8")  # as after a lost answer
        self.php(settings, PLUGIN, "cron")
        self.assertEqual(self.stored(settings, "post", order)["due"], None)
        self.assertPrinted(order)

    def test_a_gateway_that_is_away_holds_nothing_up(self):
        settings, _ = self.open_site(self.register(), url=f"http://127.0.0.1:{free_ports(1)[0]}")
        order = new_order()
        self.paid(settings, order)
        self.php(settings, PLUGIN, "cron")
        post = self.stored(settings, "post", order)
        self.assertEqual(post["tries"], 1)
        self.assertTrue(40 <= post["due"] - time.time() <= 80, post)
        self.assertIn("no answer", post["error"])
        there = json.loads(settings.read_text(encoding="utf-8"))
        settings.write_text(json.dumps({**there, "url": self.stand.url}), encoding="utf-8")
        self.php(settings, PLUGIN, "cron")
        self.assertEqual(self.stored(settings, "post", order), post, "not before its time")
        path = settings.parent / f"{hashlib.sha1(order.encode()).hexdigest()}.post"
        path.write_text(json.dumps({**post, "due": 1}), encoding="utf-8")
        self.php(settings, PLUGIN, "cron")
        wait_until(lambda: self.stored(settings, "result", order), 20, "the callback")
        self.assertPrinted(order)

    def test_a_failure_is_told_with_an_advice(self):
        settings, _ = self.open_site(self.register())
        order = new_order()
        self.emulator.fault("paper-out", count=1)
        self.addCleanup(self.emulator.clear_faults)
        self.paid(settings, order)
        self.php(settings, PLUGIN, "cron")
        wait_until(lambda: self.stored(settings, "result", order), 20, "the callback")
        result = self.stored(settings, "result", order)
        self.assertEqual((result["state"], result["mark"]), ("failed", None))
        self.assertTrue(result["error"] and result["advice"], result)

    def test_callbacks_are_believed_only_if_they_are_genuine_and_news(self):
        settings, _ = self.open_site(self.register())
        order = new_order()
        self.paid(settings, order)
        text = json.dumps({"result": True, "id": "x", "order_id": order, "seq": 5, "state": "done"})
        body = ("json=" + urllib.parse.quote(text)).encode()
        code = self.shop["code"]

        def status(body, headers):
            return request(self.callback_url, body, headers, "POST").status

        self.assertEqual(status(body, signed(body, "w1", "another code")), 401)
        self.assertEqual(status(body, {}), 401)
        self.assertEqual(status(body, signed(body, "w1", code, time.time() - 400)), 401)
        self.assertEqual(status(body + b"x", signed(body, "w1", code)), 401)
        self.assertIsNone(self.stored(settings, "result", order))
        stranger = body.replace(order.encode(), b"nobody")
        self.assertEqual(status(stranger, signed(stranger, "w0", code)), 404)
        self.assertEqual(status(body, signed(body, "w1", code)), 200)
        self.assertEqual(self.stored(settings, "result", order)["state"], "done")
        older = body.replace(b"%22seq%22%3A%205", b"%22seq%22%3A%204").replace(b"done", b"failed")
        self.assertNotEqual(older, body)
        self.assertEqual(status(older, signed(older, "w2", code)), 200)
        self.assertEqual(self.stored(settings, "result", order)["state"], "done", "an older result changes nothing")

    def test_the_readme_shows_the_plugin_as_it_is(self):
        readme = (SDK / "README.md").read_text(encoding="utf-8")
        code = PLUGIN.read_text(encoding="utf-8")
        self.assertIn(code.strip(), readme)
        self.assertLessEqual(len(code.splitlines()), 50)


class ClientTest(PhpCase):
    """Every method, over curl and over sockets."""
    TRANSPORTS = ("curl", "stream")

    def ask(self, settings, *words):
        answer = json.loads(self.php(settings, CLIENT, *words))
        for secret in (self.shop["code"], "buyer@example.ru"):
            self.assertNotIn(secret, "".join(answer["log"]))
        return answer

    def test_create_and_status(self):
        for transport in self.TRANSPORTS:
            with self.subTest(transport):
                settings, order = self.settings(self.register(), transport=transport), new_order()
                created = self.ask(settings, "create", order)
                self.assertEqual((created["state"], created["duplicate"]), ("queued", False), created)
                status = self.ask(settings, "status", created["id"], 10)
                self.assertEqual((status["state"], status["order"]), ("done", order), status)
                self.assertEqual(status["mark"]["fd_1040"], self.emulator.receipts(order)[0]["fd"])
                self.assertTrue(status["qr"].startswith("t=20") and "&s=99.99&" in status["qr"], status)
                self.assertEqual(status["own_qr"], status["qr"])
                again = self.ask(settings, "create", order)
                self.assertEqual((again["id"], again["duplicate"], again["done"]), (created["id"], True, True))
                other = self.ask(settings, "conflict", order)
                self.assertEqual((other["thrown"], other["reason"]), ("ApiException", "conflict"), other)
                self.assertPrinted(order)

    def test_validate_prints_nothing_and_names_the_fault(self):
        for transport in self.TRANSPORTS:
            with self.subTest(transport):
                settings = self.settings(self.register(), transport=transport)
                self.assertEqual(len(self.ask(settings, "validate", 6)["receipts"]), 1)
                refused = self.ask(settings, "validate", 7)  # 5 % under the general regime
                self.assertEqual((refused["thrown"], refused["reason"]), ("ApiException", "receipt"))
                self.assertIn("vat_not_for_taxation", refused["error"])
                self.assertEqual(self.ask(settings, "connection")["receipts"], 1)
        self.assertEqual(self.emulator.receipts("check-1") + self.emulator.receipts("check"), [])

    def test_the_connection_check_tells_what_is_wrong(self):
        token = self.register()
        wrong = self.ask(self.settings(token, code="another code"), "connection")
        self.assertEqual((wrong["thrown"], wrong["reason"]), ("ApiException", "settings"))
        wrong = self.ask(self.settings("f" * 32), "connection")
        self.assertEqual((wrong["thrown"], wrong["reason"]), ("ApiException", "settings"))
        away = self.ask(self.settings(token, url=f"http://127.0.0.1:{free_ports(1)[0]}"), "connection")
        self.assertEqual((away["thrown"], away["reason"]), ("TransportException", "later"))

    def test_events_go_on_where_they_ended(self):
        for transport in self.TRANSPORTS:
            with self.subTest(transport):
                settings, order = self.settings(self.register(), transport=transport), new_order()
                before = self.ask(settings, "events", 0)["next"]
                created = self.ask(settings, "create", order)
                self.done(created["id"])
                events = self.ask(settings, "events", before)
                self.assertEqual(events["orders"], [f"{order} done"])
                self.assertEqual(self.ask(settings, "events", events["next"])["orders"], [])
                wrong = self.ask(self.settings("x", code="another code", transport=transport), "events", 0)
                self.assertEqual((wrong["thrown"], wrong["reason"]), ("ApiException", "settings"))

    def test_cancel_takes_back_what_was_not_sent(self):
        for transport in self.TRANSPORTS:
            with self.subTest(transport):
                nobody = self.register(url=f"http://127.0.0.1:{free_ports(1)[0]}")
                settings = self.settings(nobody, transport=transport)
                waiting = self.ask(settings, "create", new_order())
                self.assertEqual(self.ask(settings, "cancel", waiting["id"])["state"], "cancelled")
                self.assertEqual(self.ask(settings, "status", waiting["id"], 0)["state"], "cancelled")
                printed = self.ask(self.settings(self.register(), transport=transport), "create", new_order())
                self.done(printed["id"])
                self.assertEqual(self.ask(settings, "cancel", printed["id"])["state"], "done")


class BuiltReceiptsTest(StandCase):
    """What the SDK makes of orders, as the gateway reads it."""

    def test_the_gateway_takes_every_receipt_of_the_table(self):
        fields = BUILT[0]["fields"]
        account, token, code = fields["BIT_ACCOUNT_ID"], fields["BIT_KKT_TOKEN"], BUILT[0]["code"]
        self.stand.admin("shop", "add", "--account", account, "--name", account, "--code", code)
        self.stand.add_register(self.emulator, {"account_id": account}, token=token)
        self.secrets.extend([code, token])
        for row in BUILT:
            with self.subTest(row["name"]):
                answer = post_form(self.stand.url + "/api/fiscal/validate", row["body"].encode())
                self.assertEqual(answer.status, 200, answer)
                totals = answer.json["receipts"][0]["totals"]
                self.assertEqual(round(totals["total_1020"] * 100), row["total"], totals)


if __name__ == "__main__":
    unittest.main()
