"""What became of every order, as seen from outside: by the shops' notes, the answers of every node, the journals of the registers
and the site that was called back. The database is not asked."""
import json
import time
import urllib.parse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from protocol import request

SETTLE_SECONDS = 300
ENDED = ("done", "failed", "unknown", "cancelled")
THREADS = 4
TELL_SECONDS = 10


class Tally:
    def __init__(self, cluster, shoppers):
        self.cluster = cluster
        self.lane_of = {order: shopper.lane for shopper in shoppers for order in shopper.acknowledged}
        self.acknowledged = {order: task for shopper in shoppers for order, task in shopper.acknowledged.items()}
        self.in_doubt = [order for shopper in shoppers for order in shopper.in_doubt]
        self.repeats = sum((shopper.repeats for shopper in shoppers), Counter())
        self.untrue = [line for shopper in shoppers for line in shopper.broken]
        self.lost, self.twice, self.counts = [], [], Counter()

    # ---- asking

    def ask(self, url, order):
        """(state, where its callback is); what was answered instead, if there is no such task."""
        try:
            answer = request(f"{url}/api/fiscal/receipts/{self.acknowledged[order]}", timeout=20)
        except OSError as error:
            return repr(error), ""
        if answer.status != 200 or answer.json["order_id"] != order:
            return f"HTTP {answer.status}", ""
        return answer.json["state"], (answer.json["callback"] or {}).get("state", "")

    def ask_all(self, url, orders):
        with ThreadPoolExecutor(THREADS) as pool:
            return dict(zip(orders, pool.map(lambda order: self.ask(url, order), orders)))

    def is_settled(self, order, answer):
        state, callback = answer
        if state == "unknown":
            return self.lane_of[order].kind == "plain"  # elsewhere somebody can be asked
        return state in ENDED and callback in ("", "delivered")

    def settle(self):
        """Waits until nothing changes any more; gives how long that took. What does not settle is found below."""
        pending, started = list(self.acknowledged), time.monotonic()
        told_at = started
        while pending and time.monotonic() - started < SETTLE_SECONDS:
            answers = self.ask_all(self.cluster.stand.url, pending)
            pending = [order for order in pending if not self.is_settled(order, answers[order])]
            if time.monotonic() - told_at > TELL_SECONDS:
                told_at = time.monotonic()
                waiting = Counter((self.lane_of[order].name, *answers[order]) for order in pending)
                self.cluster.say("   not over yet: " + ", ".join(
                    f"{count} at {lane} ({state}{callback and ', callback ' + callback})" for (lane, state, callback), count
                    in waiting.most_common(6)))
            time.sleep(0.3 if pending else 0)
        return time.monotonic() - started

    # ---- judging

    def count(self):
        nodes = self.cluster.stand.gateways
        answers = [self.ask_all(node.url, list(self.acknowledged)) for node in nodes]
        printed = Counter(line["order_id"] for emulator in self.cluster.stand.emulators for line in emulator.receipts())
        told = self.told()
        for order in self.acknowledged:
            self.judge(order, [answer[order] for answer in answers], printed[order], told.get(order, []))
        self.twice = [f"{order}: printed {times} times" for order, times in printed.items() if times > 1]
        if self.cluster.site.not_genuine:
            self.untrue.append(f"{self.cluster.site.not_genuine} callbacks with a wrong signature")
        return self

    def told(self):
        """order -> [(path, state)] of the callbacks that came."""
        told = {}
        for messages in self.cluster.site.messages.values():
            for path, body in messages:
                result = json.loads(urllib.parse.parse_qs(body.decode())["json"][0])
                told.setdefault(result["order_id"], []).append((path, result["state"]))
        return told

    def judge(self, order, answers, printed, told):
        states = [state for state, _ in answers]
        state = states[0]
        self.counts[state if state in ENDED else "not over"] += 1
        if len(set(states)) > 1:
            self.untrue.append(f"{order}: the nodes say {states}")
        if any(state not in ENDED for state in states):
            self.lost.append(f"{order}: acknowledged as {self.acknowledged[order]}, at the end {states}")
        elif state == "done" and not printed:
            self.lost.append(f"{order}: done, but not printed")
        elif state in ("failed", "cancelled") and printed:
            self.untrue.append(f"{order}: {state}, but printed")
        elif state == "unknown" and self.lane_of[order].kind != "plain":
            self.untrue.append(f"{order}: unknown for good, though there is one who knows")
        self.judge_callbacks(order, state, told)

    def judge_callbacks(self, order, state, told):
        wanted = {"done": ("/success", "done"), "failed": ("/failed", "failed")}.get(state)
        if wanted and wanted not in told:
            self.untrue.append(f"{order}: {state}, but the shop was not told")
        if wanted and set(told) - {wanted}:
            self.untrue.append(f"{order}: {state}, but the shop was told {told}")

    def repeated_callbacks(self):
        site = self.cluster.site
        return site.count - len(site.messages)
