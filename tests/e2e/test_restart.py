"""The gateway is stopped, killed and started again: under load, with a socket that outlives it, in mid-flight."""
import concurrent.futures
import http.client
import json
import os
import socket
import threading
import unittest
import urllib.parse

from support import SHORT, StandCase, new_order, receipt, sample_data
from processes import wait_until
from protocol import CREATE_RECEIPT, form_fields, request


class InheritedSocket(StandCase):
    """As with systemd: the listening socket belongs to somebody else, requests wait in its backlog."""
    RESTARTS = 2 if SHORT else 5
    CLIENTS = 6

    @classmethod
    def setUpClass(cls):
        cls.listener = None
        super().setUpClass()

    @classmethod
    def arrange(cls):
        cls.listener = socket.socket(socket.AF_UNIX)
        cls.addClassCleanup(cls.listener.close)
        # A path beside the folder of the test may be too long for a socket's name; a relative one is not.
        here = os.open(".", os.O_RDONLY)
        os.chdir(cls.folder)
        try:
            cls.listener.bind("./gateway.sock")
        finally:
            os.fchdir(here)
            os.close(here)
        cls.listener.listen(4096)
        fd = cls.listener.fileno()

        def hand_over():
            os.dup2(fd, 3)
            os.environ["LISTEN_FDS"], os.environ["LISTEN_PID"] = "1", str(os.getpid())
        gateway, cls.stand.env = cls.stand.gateways[0], None  # the child's own, with what is set in it just before the program
        start = gateway.start
        gateway.start = lambda wait=True: start(wait, before=hand_over, pass_fds=(3,))

    def post_until(self, stop, number, token, counts):
        line = http.client.HTTPConnection("127.0.0.1", self.stand.port, timeout=20)
        while not stop.is_set():
            fields = form_fields(self.shop["account_id"], token, self.shop["code"], new_order(f"load{number}"), sample_data())
            try:
                line.request("POST", CREATE_RECEIPT, urllib.parse.urlencode(fields),
                             {"Content-Type": "application/x-www-form-urlencoded"})
                answer = line.getresponse()
                counts.append((answer.status, json.loads(answer.read()).get("id")))
            except (OSError, http.client.HTTPException) as error:
                counts.append((repr(error), None))
                line.close()
        line.close()

    def test_RestartsUnderLoadFailNoRequest(self):
        stop, counts = threading.Event(), []
        tokens = [self.register() for _ in range(2)]
        with concurrent.futures.ThreadPoolExecutor(self.CLIENTS) as pool:
            for number in range(self.CLIENTS):
                pool.submit(self.post_until, stop, number, tokens[number % 2], counts)
            try:
                for _ in range(self.RESTARTS):
                    already = len(counts)
                    wait_until(lambda: len(counts) > already + 50, 20, "load")
                    self.assertEqual(self.stand.stop_gateway(), 0)
                    self.stand.start_gateway()
            finally:
                stop.set()
        self.assertEqual([status for status, _ in counts if status != 202], [], f"of {len(counts)}")
        self.assertGreater(len(counts), self.RESTARTS * 50)
        for token_id in [task_id for _, task_id in counts[::20]]:
            self.done(token_id, seconds=60)


class OwnSocket(StandCase):
    def setUp(self):
        self.addCleanup(lambda: self.stand.gateway.poll() is None or self.stand.start_gateway())

    def test_AcceptedTasksSurviveAKill(self):
        token = self.register(url="http://127.0.0.1:9")  # nothing listens there
        ids = [self.accept(token) for _ in range(20)]
        self.stand.kill_gateway()
        self.stand.start_gateway()
        states = [self.stand.status(task_id).json["state"] for task_id in ids]
        # The head of the lane may be met in the middle of another try to connect.
        self.assertIn(states[0], ("queued", "sending"))
        self.assertEqual(set(states[1:]), {"queued"})

    def test_WhatWasInFlightIsUnknownAfterAKill(self):
        token, order = self.register(), new_order()
        task_id = self.accept(token, order, [receipt("Чай [fault:slow:3000]")])
        wait_until(lambda: self.emulator.receipts(order), 10, "printed")
        self.assertEqual(self.stand.status(task_id).json["state"], "sending")
        self.stand.kill_gateway()
        self.stand.start_gateway()
        self.assertEqual(self.final(task_id)["state"], "unknown")
        self.assertPrinted(order)

    def test_StopWaitsForARunningAttempt(self):
        token, order = self.register(), new_order()
        task_id = self.accept(token, order, [receipt("Чай [fault:slow:1500]")])
        wait_until(lambda: self.emulator.receipts(order), 10, "printed")
        self.assertEqual(self.stand.stop_gateway(), 0)
        self.stand.start_gateway()
        self.assertEqual(self.stand.status(task_id).json["state"], "done")
        self.assertPrinted(order)

    def test_CallbacksOwedAreDeliveredAfterAKill(self):
        token, order = self.register(), new_order()
        self.site.answer = lambda received: (503, "later")
        task_id = self.accept(token, order, **self.callback())
        status = self.until(task_id, lambda s: s["callback"] and s["callback"]["attempts"] == 1)
        self.stand.kill_gateway()
        self.stand.start_gateway()
        self.site.answer = lambda received: (200, "SUCCESSFUL")
        self.stand.admin("callback", "replay", status["callback"]["webhook_id"])
        self.until(task_id, lambda s: s["callback"]["state"] == "delivered")

    def test_LongPollsAreAnsweredWhenTheGatewayStops(self):
        token = self.register(url="http://127.0.0.1:9")
        task_id = self.accept(token)
        with concurrent.futures.ThreadPoolExecutor(5) as pool:
            waiting = [pool.submit(self.stand.status, task_id, 25) for _ in range(5)]
            wait_until(lambda: "fiscalgate_parked_requests 5" in request(self.stand.url + "/metrics").text, 5, "five waiting")
            self.assertEqual(self.stand.stop_gateway(), 0)
            for future in waiting:
                answer = future.result(timeout=10)
                self.assertEqual((answer.status, answer.json["state"]), (200, "queued"))


if __name__ == "__main__":
    unittest.main()
