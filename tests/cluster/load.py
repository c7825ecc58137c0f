"""What goes on while things break: shops that post and repeat until they are heard, a site that is called back, and probes
that tell when every register prints again."""
import random
import threading
import time
from collections import Counter

from protocol import CREATE_RECEIPT, form_fields, post_form, request, webhook_is_genuine
from sample_shop import SampleShop

POST_TIMEOUT_S = 2.5  # then it repeats, and is heard by another node perhaps
# Of a shop, between two orders. An agent has its work from any of the nodes and is slower.
PAUSE_S = {"asked": (0.2, 0.9), "plain": (0.2, 0.9), "agent": (0.8, 2.2)}
REPEAT_S = (0.05, 0.25)  # before it repeats
POST_AGAIN_SHARE = 0.05
FINAL = ("done", "failed", "unknown", "cancelled")


class Acknowledgements:
    """Posts that were acknowledged: when, how, and when they began; all by one clock."""

    def __init__(self):
        self.lock, self.posts = threading.Lock(), []

    def add(self, began, at, status):
        with self.lock:
            self.posts.append((at, began, status))

    def __len__(self):
        return len(self.posts)

    def longest_gap(self, since, until):
        """The longest time in which nobody was acknowledged."""
        with self.lock:
            times = sorted(at for at, _, _ in self.posts if since <= at <= until)
        moments = [since, *times, until]
        return max(later - earlier for earlier, later in zip(moments, moments[1:]))

    def new_between(self, since, until):
        """Posts of that time that made a task in that time."""
        with self.lock:
            return sum(since <= began and at <= until and status == 202 for at, began, status in self.posts)


class Lane:
    """A register and how what is unknown there can be settled: "asked" (it knows its orders), "agent", or "plain" (nobody can)."""

    def __init__(self, name, token, kind):
        self.name, self.token, self.kind = name, token, kind


class Shopper:
    """Posts an order and repeats it until it is acknowledged, as a shop's plugin would."""

    def __init__(self, cluster, lane, seed):
        self.cluster, self.lane, self.random = cluster, lane, random.Random(seed)
        self.acknowledged = {}  # order -> id
        self.repeats, self.broken, self.in_doubt = Counter(), [], []

    def fields(self, order):
        shop, site = self.cluster.shop, self.cluster.site.url
        return form_fields(shop["account_id"], self.lane.token, shop["code"], order, self.cluster.data,
                           success=f"{site}/success", failed=f"{site}/failed")

    def order(self, order, stopping):
        """Gives the id; None if it was told to stop before there was one."""
        fields = self.fields(order)
        while True:
            began = time.monotonic()
            answer = self.post(fields)
            if answer and answer.status in (200, 202):
                self.cluster.acks.add(began, time.monotonic(), answer.status)
                self.acknowledged[order] = answer.json["id"]
                return answer.json["id"]
            if stopping.is_set():
                self.in_doubt.append(order)
                return None
            stopping.wait(self.random.uniform(*REPEAT_S))

    def post(self, fields):
        try:
            answer = post_form(self.cluster.stand.url + CREATE_RECEIPT, fields, timeout=POST_TIMEOUT_S)
        except OSError:
            self.repeats["silence"] += 1
            return None
        if answer.status not in (200, 202):
            self.repeats[answer.status] += 1
            if answer.status not in (503, 504):
                self.broken.append(f"{fields['BIT_ORDER_ID']}: {answer}")
        return answer

    def post_again(self, order):
        """What was acknowledged once is the same task for ever, at every node."""
        answer = self.post(self.fields(order))
        if answer and (answer.status == 202 or (answer.status == 200 and answer.json["id"] != self.acknowledged[order])):
            self.broken.append(f"{order}: acknowledged as {self.acknowledged[order]}, then {answer}")


class Poster(threading.Thread):
    """Posts to one register, one order after the other."""

    def __init__(self, cluster, lane, number, seed):
        super().__init__(daemon=True)
        self.shopper, self.prefix, self.stopping = Shopper(cluster, lane, seed), f"{lane.name}.{number}", threading.Event()

    def run(self):
        shopper, number = self.shopper, 0
        while not self.stopping.is_set():
            number += 1
            order = f"{self.prefix}-{number}"
            if shopper.order(order, self.stopping) and shopper.random.random() < POST_AGAIN_SHARE:
                shopper.post_again(order)
            self.stopping.wait(shopper.random.uniform(*PAUSE_S[shopper.lane.kind]))


class Probe(threading.Thread):
    """One order at one register, posted now: when was it acknowledged, when was it over?"""

    def __init__(self, cluster, lane, number):
        super().__init__(daemon=True)
        self.lane, self.shopper, self.stopping = lane, Shopper(cluster, lane, number), threading.Event()
        self.order, self.over_at, self.state = f"{lane.name}.probe-{number}", None, None

    def run(self):
        task_id = self.shopper.order(self.order, self.stopping)
        while task_id and not self.over_at and not self.stopping.is_set():
            self.state = self.ask(task_id) or self.state
            if self.state in FINAL:
                self.over_at = time.monotonic()
            self.stopping.wait(0.03)

    def ask(self, task_id):
        """A short wait: whoever stands still is not to be waited for longer."""
        try:
            answer = request(f"{self.shopper.cluster.stand.url}/api/fiscal/receipts/{task_id}?wait=1", timeout=2)
        except OSError:
            return None
        return answer.json["state"] if answer.status == 200 else None


class Site(SampleShop):
    """The shop's site: the same message may come more than once, and is counted."""

    def __init__(self, code):
        super().__init__(0, [code])
        self.lock, self.messages, self.count, self.not_genuine = threading.Lock(), {}, 0, 0

    def handle_error(self, *_):
        """A node was killed while it told us something."""

    def take(self, path, headers, body):
        if not webhook_is_genuine(headers, body, self.codes[0]):
            self.not_genuine += 1
            return 401, "wrong signature"
        with self.lock:
            self.count += 1
            self.messages.setdefault(headers["webhook-id"], []).append((path, body))
        return 200, "SUCCESSFUL"
