"""The gateway on PostgreSQL: from the post to the callback, and over restarts and crashes of the database under load."""
import signal
import threading
import time
import unittest

from postgres_support import Postgres
from processes import wait_until
from protocol import request
from support import SHORT, StandCase, new_order

CRASHES = 2 if SHORT else 4
PASSWORD = "a-password-nobody-may-read"


class OnPostgres(StandCase):
    SETTINGS = {"callback.timeout_ms": 2000}

    @classmethod
    def arrange(cls):
        cls.server = Postgres()
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()
        url = cls.server.new_database("fiscalgate")
        # Not needed to get in; it must not come out anywhere.
        cls.stand.settings["store.url"] = url.replace("fiscalgate@", f"fiscalgate:{PASSWORD}@")
        cls.secrets_of_url = [PASSWORD]

    @classmethod
    def tearDownClass(cls):
        cls.secrets += cls.secrets_of_url
        super().tearDownClass()

    def rows(self, question):
        return int(self.server.sql(question, "fiscalgate"))

    def test_AReceiptIsAcceptedPrintedAndToldToTheShop(self):
        token, order = self.register(), new_order()
        task_id = self.accept(token, order, **self.callback())
        status = self.done(task_id)
        self.assertEqual(status["order_id"], order)
        self.until(task_id, lambda s: s["callback"] and s["callback"]["state"] == "delivered")
        self.assertPrinted(order)
        again = self.post(token, order, **self.callback())
        self.assertEqual((again.status, again.json["id"]), (200, task_id))

    def test_ANulByteIsRefusedLikeEverywhere(self):
        answer = self.post(self.register(), "a\0b")
        self.assertIn(answer.status, (400, 422), answer)

    def test_SecretsAreSealedInTheTables(self):
        self.register()
        dump = self.server.run("pg_dump", "-h", self.server.folder, "-U", "fiscalgate", "fiscalgate")
        for secret in self.secrets:
            self.assertNotIn(secret, dump)
            self.assertNotIn(secret.encode().hex(), dump)

    def test_TheConfigurationIsNamedWithoutThePassword(self):
        text = self.stand.config.read_text(encoding="utf-8")
        self.addCleanup(self.stand.config.write_text, text, encoding="utf-8")
        self.stand.config.write_text(text.replace("fiscalgate?", "fiscalgate").replace("/fiscalgate\"", ":x/fiscalgate\""),
                                     encoding="utf-8")
        with self.assertRaises(Exception) as refused:
            self.stand.admin("shop", "list")
        self.assertNotIn(PASSWORD, str(refused.exception))

    def test_WhileTheDatabaseIsAwayPostsAreRefusedAndThenAllGoesOn(self):
        token = self.register()
        before = self.accept(token)
        self.done(before)
        self.server.signal(signal.SIGINT)
        for _ in range(5):
            answer = self.post(token)
            self.assertRefused(answer, 503, "unavailable")
            self.assertIn("retry-after", {name.lower() for name in answer.headers})
        self.assertEqual(request(self.stand.url + "/readyz").status, 503)
        self.assertEqual(request(self.stand.url + "/healthz").status, 200)
        self.server.start()
        wait_until(self.stand.is_ready, 15, "ready again", alive=[self.stand.gateway])
        self.done(self.accept(token))
        self.assertEqual(self.stand.status(before).json["state"], "done")

    def post_until(self, stop, number, token, answers):
        posted = 0
        while not stop.is_set():
            posted += 1
            order = f"load-{number}-{posted}"
            try:
                answer = self.post(token, order, timeout=20)
                answers.append((order, answer.status, answer.json.get("id")))
            except OSError as error:
                answers.append((order, repr(error), None))
            time.sleep(0.02 if answers[-1][1] == 202 else 0.1)

    def test_CrashesOfTheDatabaseUnderLoadLeaveExactlyWhatWasAcknowledged(self):
        stop, answers, tokens = threading.Event(), [], [self.register() for _ in range(3)]
        threads = [threading.Thread(target=self.post_until, args=(stop, number, token, answers))
                   for number, token in enumerate(tokens)]
        for thread in threads:
            thread.start()
        try:
            for number in range(CRASHES):
                enough = sum(status == 202 for _, status, _ in answers) + 15
                wait_until(lambda: sum(status == 202 for _, status, _ in answers) > enough, 60, "load", alive=[self.stand.gateway])
                self.server.signal(signal.SIGQUIT if number % 2 else signal.SIGINT)
                wait_until(lambda: any(status == 503 for _, status, _ in answers[-3:]), 20, "refusals")
                self.server.start()
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual({status for _, status, _ in answers} - {202, 503}, set())
        acknowledged = {order: task_id for order, status, task_id in answers if status == 202}
        refused = [order for order, status, _ in answers if status == 503]
        self.assertTrue(refused)
        for order, task_id in acknowledged.items():
            self.assertIn(self.final(task_id, 90)["state"], ("done", "unknown"), order)
        there = set(self.server.sql("SELECT order_id FROM task WHERE order_id LIKE 'load-%'", "fiscalgate").split())
        self.assertEqual(there, set(acknowledged))
        printed = [line["order_id"] for line in self.emulator.receipts()]
        self.assertEqual([order for order in acknowledged if printed.count(order) > 1], [])
        states = [self.stand.status(task_id).json["state"] for task_id in acknowledged.values()]
        self.assertEqual(states.count("unknown"), 0, "a commit in doubt is settled, not guessed")


if __name__ == "__main__":
    unittest.main()
