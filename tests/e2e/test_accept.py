"""What the gateway takes, in every dialect that real clients speak, and what it answers."""
import base64
import concurrent.futures
import hashlib
import hmac
import json
import time
import unittest
import urllib.parse

from support import StandCase, new_order, receipt, sample, sample_data
from protocol import encode_data, form_fields, post_form, request, sign


class HappyPath(StandCase):
    def test_ReceiptIsFiscalisedAndTheShopIsTold(self):
        token, order = self.register(), new_order()
        answer = self.post(token, order, **self.callback())
        self.assertEqual(answer.status, 202, answer)
        body = answer.json
        self.assertEqual((body["result"], body["order_id"], body["state"], body["duplicate"]),
                         (True, order, "queued", False))
        status = self.done(body["id"])
        mark = status["commands"][0]["mark"]
        printed = self.emulator.receipts(order)
        self.assertEqual(len(printed), 1)
        self.assertEqual(printed[0]["mark"], mark)
        self.assertIn("fn=", status["commands"][0]["qr"])
        came = self.site.wait_for(order)
        self.assertTrue(came and came[0].genuine, came)
        self.assertEqual(came[0].path, "/callback/success")
        result = came[0].result
        self.assertEqual((result["result"], result["id"], result["order_id"], result["state"]),
                         (True, body["id"], order, "done"))
        self.assertIn("success", result["0"])
        self.until(body["id"], lambda s: s["callback"]["state"] == "delivered")

    def test_AddressesOfTheAnswerWork(self):
        answer = self.post(self.register())
        self.done(answer.json["id"])
        self.assertEqual(request(answer.json["status_url"]).json["id"], answer.json["id"])
        page = request(answer.json["receipt_url"])
        self.assertEqual(page.status, 200, page)
        self.assertIn("товар 123", page.text)
        self.assertIn("<svg", page.text)
        self.assertNotIn(answer.json["id"], page.text)

    def test_IdsAreNotGuessable(self):
        token = self.register()
        first, second = self.accept(token), self.accept(token)
        self.assertNotEqual(first, second)
        self.assertGreaterEqual(len(first), 20)
        self.assertEqual(self.stand.status("x" * len(first)).status, 404)
        self.assertEqual(self.stand.status(first[:-1] + ("b" if first[-1] == "a" else "a")).status, 404)


class Duplicates(StandCase):
    def test_SameOrderTwiceReturnsTheSameTask(self):
        token, order = self.register(), new_order()
        task_id = self.accept(token, order)
        again = self.post(token, order)
        self.assertEqual((again.status, again.json["id"], again.json["duplicate"]), (200, task_id, True))
        self.done(task_id)
        later = self.post(token, order)
        self.assertEqual((later.status, later.json["id"], later.json["state"]), (200, task_id, "done"))
        self.assertIs(later.json["outcome"]["result"], True)
        self.assertPrinted(order)

    def test_SameOrderFromManyAtOnceIsOneTask(self):
        token, order = self.register(), new_order()
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _: self.post(token, order), range(24)))
        self.assertEqual(sorted(a.status for a in answers), [200] * 23 + [202])
        self.assertEqual(len({a.json["id"] for a in answers}), 1)
        self.done(answers[0].json["id"])
        self.assertPrinted(order)

    def test_SameOrderWithOtherContentIsAConflict(self):
        token, order = self.register(), new_order()
        task_id = self.accept(token, order)
        self.assertRefused(self.post(token, order, [receipt("другое")]), 409, "conflict")
        self.assertRefused(self.post(token, order, **self.callback()), 409, "conflict")
        self.done(task_id)
        self.assertPrinted(order)
        self.assertEqual(self.emulator.receipts(order)[0]["mark"]["total_1020"], 11.0)

    def test_SameOrderOfTwoShopsIsTwoTasks(self):
        other, order = self.stand.add_shop(), new_order()
        first = self.accept(self.register(), order)
        second = self.accept(self.register(shop=other), order, shop=other)
        self.assertNotEqual(first, second)


class Dialects(StandCase):
    def fields(self, token, order, text):
        return form_fields(self.shop["account_id"], token, self.shop["code"], order, text)

    def assertDone(self, answer, order):
        self.assertEqual(answer.status, 202, answer)
        self.done(answer.json["id"])
        self.assertPrinted(order)

    def test_EveryPath(self):
        token = self.register()
        for path in ("/api/fiscal/create-receipt.php", "/api/fiscal/create-receipt", "/api/create-receipt.php"):
            with self.subTest(path):
                order = new_order()
                self.assertDone(self.post(token, order, path=path), order)

    def test_EveryFormOfBase64(self):
        text = sample_data().replace("товар 123", "товар ~~~ ~~ ~")
        plain = encode_data(text)
        self.assertIn("+", plain)
        rawurlencode = base64.b64encode(urllib.parse.quote(text, safe="-._~").encode()).decode()
        forms = {"standard": plain, "rawurlencode": rawurlencode, "unpadded": plain.rstrip("="),
                 "url-safe": plain.translate(str.maketrans("+/", "-_")), "plus as space": plain.replace("+", " ")}
        token = self.register()
        for name, data in forms.items():
            with self.subTest(name):
                order = new_order()
                fields = self.fields(token, order, text)
                fields["BIT_DATA"] = data
                self.assertDone(post_form(self.stand.url + "/api/fiscal/create-receipt.php", fields), order)

    def test_EveryFormOfItems(self):
        token = self.register()
        item = sample()[0]["data"]["purchases"][0]
        for items in ({"purchases": [item]}, {"1059": [item]}, {"purchase1_1059": item}, {"pp_1059": item},
                      {"purchase1_1059": item, "purchase2_1059": item}):
            with self.subTest(", ".join(items)):
                command, order = sample()[0], new_order()
                del command["data"]["purchases"]
                command["data"].update(items)
                if len(items) == 2:
                    command["data"]["payments"]["cash_1031"] = 21
                self.assertDone(self.post(token, order, [command]), order)

    def test_OneReceiptInsteadOfAList(self):
        token, order = self.register(), new_order()
        self.assertDone(self.post(token, order, sample()[0]["data"]), order)

    def test_TagStandsAfterTheLastUnderscore(self):
        token, order, command = self.register(), new_order(), sample()[0]
        line = command["data"]["purchases"][0]
        line["the_name_of_it_1030"] = line.pop("productName_1030")
        self.assertDone(self.post(token, order, [command]), order)

    def test_CyrillicLettersInCommandTypes(self):
        token = self.register()
        cashier = {"cashierName_1021": "Пупкин Иван Трофимович", "cashierInn_1203": ""}
        for kind in ("kktСashIn", "kktСashOu", "kktCashIn", "kktCashOut"):
            with self.subTest(kind):
                task_id = self.accept(token, data=[{"name": "деньги", "type": kind, "cashSum": 10, "data": cashier}])
                self.done(task_id)

    def test_SignatureOverTheEncodedTextIsASwitchOfTheShop(self):
        tolerant = self.stand.add_shop(accept_encoded_signature=True)
        for shop, status in ((self.shop, 401), (tolerant, 202)):
            token, order = self.register(shop=shop), new_order()
            fields = form_fields(shop["account_id"], token, shop["code"], order, sample_data())
            fields["BIT_SIGNATURE"] = sign(fields, fields["BIT_DATA"], shop["code"])
            answer = post_form(self.stand.url + "/api/fiscal/create-receipt.php", fields)
            self.assertEqual(answer.status, status, answer)

    def test_SecretPostedByMistakeIsIgnored(self):
        token, order = self.register(), new_order()
        self.assertDone(self.post(token, order, BIT_DATAINTEGRITY_CODE=self.shop["code"]), order)


class Asking(StandCase):
    def test_LongPollAnswersWhenTheTaskIsOver(self):
        token = self.register()
        self.emulator.fault("slow", count=1, delay_ms=700)
        task_id = self.accept(token)
        started = time.monotonic()
        status = self.stand.status(task_id, wait=20).json
        self.assertEqual(status["state"], "done", status)
        self.assertLess(time.monotonic() - started, 5)

    def test_LongPollEndsWhenItsTimeIsOver(self):
        token = self.register()
        self.emulator.fault("hang", count=1)
        task_id = self.accept(token)
        started = time.monotonic()
        status = self.stand.status(task_id, wait=1).json
        self.assertEqual(status["state"], "sending", status)
        self.assertGreater(time.monotonic() - started, 0.9)
        self.emulator.clear_faults()

    def test_ManyLongPollsCostNobodyAThread(self):
        token = self.register()
        self.emulator.fault("hang", count=1)
        task_id = self.accept(token)
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            waiting = [pool.submit(self.stand.status, task_id, 20) for _ in range(200)]
            time.sleep(0.5)
            started = time.monotonic()
            self.assertEqual(request(self.stand.url + "/healthz").status, 200)
            self.assertEqual(self.post(self.register()).status, 202)
            self.assertLess(time.monotonic() - started, 2)
            self.emulator.clear_faults()
            states = {future.result().json["state"] for future in waiting}
        self.assertEqual(len(states), 1)

    def events(self, shop=None, code=None, **query):
        shop = shop or self.shop
        fields = {"account": shop["account_id"], "after": 0, "ts": int(time.time()), **query}
        text = urllib.parse.urlencode(fields)
        signature = hmac.new((code or shop["code"]).encode(), f"GET /api/fiscal/events?{text}".encode(), hashlib.sha256)
        return request(f"{self.stand.url}/api/fiscal/events?{text}&signature={signature.hexdigest()}")

    def test_FeedGivesEveryOutcomeInOrder(self):
        shop = self.stand.add_shop()
        token = self.register(shop=shop)
        ids = [self.accept(token, shop=shop) for _ in range(5)]
        for task_id in ids:
            self.done(task_id)
        first = self.events(shop, limit=3).json
        self.assertEqual([e["id"] for e in first["events"]], ids[:3])
        self.assertTrue(first["more"])
        rest = self.events(shop, after=first["next"]).json
        self.assertEqual([e["id"] for e in rest["events"]], ids[3:])
        self.assertIs(rest["events"][0]["outcome"]["result"], True)
        self.assertEqual(self.events(shop, after=rest["next"]).json["events"], [])

    def test_FeedIsOnlyForItsShop(self):
        self.assertRefused(self.events(code="wrong"), 401, "unauthorized")
        self.assertRefused(self.events(ts=int(time.time()) - 3600), 401, "unauthorized")
        self.assertRefused(self.events(shop={"account_id": "nobody", "code": "x"}), 401, "unauthorized")

    def test_FeedCanBeWaitedFor(self):
        shop = self.stand.add_shop()
        token = self.register(shop=shop)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.events, shop, wait=20)
            task_id = self.accept(token, shop=shop)
            self.assertEqual([e["id"] for e in waiting.result().json["events"]], [task_id])


if __name__ == "__main__":
    unittest.main()
