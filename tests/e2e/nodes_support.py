"""Three gateways on one PostgreSQL database, each to be reached by itself and all of them through one nginx."""
import hashlib
import hmac
import signal
import socket
import threading
import time
import urllib.parse

from agent_support import AgentCase
from plain_agent import PlainAgent
from postgres_support import Postgres
from processes import wait_until
from protocol import CREATE_RECEIPT, form_fields, post_form, request
from stand import sample_data
from support import new_order

NODES = ("north", "east", "west")
MOVE_SECONDS = 10  # within that a dead node's registers work again
ATTEMPT_SECONDS = 2
NEWS_SECONDS = 0.3  # within that one node knows what another accepted


class NodesCase(AgentCase):
    SETTINGS = {"callback.timeout_ms": 2000}

    @classmethod
    def arrange(cls):
        cls.server = Postgres()
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()
        cls.stand.settings["store.url"] = cls.server.new_database("fiscalgate")
        cls.nodes = cls.stand.add_gateways(NODES)

    def setUp(self):
        self.addCleanup(self.all_up)

    def all_up(self):
        for node in self.nodes:
            if not node.is_running():
                node.start(wait=False)
            node.process.send_signal(signal.SIGCONT)
        for node in self.nodes:
            node.wait_until_ready()
        self.wait_for_lanes()

    # ---- who has what

    def holders(self):
        """Name of a register -> token of its node."""
        return dict(line.split("|") for line in self.server.sql(
            "SELECT r.name, l.node FROM lane l JOIN register r ON r.key = l.register JOIN node n ON n.token = l.node",
            "fiscalgate").splitlines())

    def wait_for_lanes(self):
        """Every node is there, and every register has one."""
        def settled():
            counts = self.server.sql("SELECT (SELECT count(*) FROM node), (SELECT count(*) FROM register WHERE provider = 'bit'), "
                                     "(SELECT count(*) FROM lane l JOIN node n ON n.token = l.node)", "fiscalgate")
            nodes, registers, lanes = map(int, counts.split("|"))
            return nodes == len(self.nodes) and lanes >= registers
        wait_until(settled, 20, "every register with a node")

    def registers_of(self, node, count=1, **options):
        """Tokens of new registers that fell to this node."""
        found, token = [], self.token_of(node)
        while len(found) < count:
            name = f"pushed-{next(self.numbers)}"
            register = self.register(name=name, **options)
            wait_until(lambda: name in self.holders(), 15, "a node for the register")
            if self.holders()[name] == token:
                found.append(register)
        return found

    def token_of(self, node):
        """A node leaves it beside its socket."""
        return (self.stand.folder / f"{node.name}.sock.node").read_text().strip()

    # ---- acting at one node

    def post_at(self, node, token, order=None, data=None, timeout=10, **more):
        fields = form_fields(self.shop["account_id"], token, self.shop["code"], order or new_order(),
                             sample_data() if data is None else data, **more)
        return post_form(node.url + CREATE_RECEIPT, fields, timeout=timeout)

    def accept_at(self, node, token, order=None, **more):
        answer = self.post_at(node, token, order, **more)
        self.assertEqual(answer.status, 202, answer)
        return answer.json["id"]

    def status_at(self, node, task_id, wait=0):
        return request(f"{node.url}/api/fiscal/receipts/{task_id}" + (f"?wait={wait}" if wait else ""), timeout=40)

    def everywhere(self, task_id):
        """The state, which all nodes agree on."""
        states = {node.name: self.status_at(node, task_id).json["state"] for node in self.nodes}
        self.assertEqual(len(set(states.values())), 1, states)
        return states[self.nodes[0].name]

    def events_at(self, node, after=0, wait=0, limit=100):
        fields = {"account": self.shop["account_id"], "after": after, "ts": int(time.time()), "wait": wait, "limit": limit}
        text = urllib.parse.urlencode(fields)
        signature = hmac.new(self.shop["code"].encode(), f"GET /api/fiscal/events?{text}".encode(), hashlib.sha256)
        return request(f"{node.url}/api/fiscal/events?{text}&signature={signature.hexdigest()}", timeout=40).json

    def last_event(self):
        """What ended before this is at or before the event that it gives."""
        task_id, after = self.accept_at(self.nodes[0], self.register()), 0
        while True:
            page = self.events_at(self.nodes[0], after, wait=20)
            after = page["next"]
            if any(event["id"] == task_id for event in page["events"]):
                return after

    def tell_at(self, node, task_id, word):
        """cancel or retry"""
        headers = {"Authorization": f"Bearer {self.shop['code']}", "BIT-Account-ID": self.shop["account_id"]}
        return request(f"{node.url}/api/fiscal/receipts/{task_id}/{word}", b"", headers, "POST")

    def agent_at(self, node, **options):
        """An agent that polls this node only."""
        agent = self.agent(**options)
        pinned = PlainAgent(node.url, agent.key, self.emulator.url)
        pinned.name, pinned.token = agent.name, agent.token
        return pinned


class LateRegister:
    """A way to a register on which connections do not come about until it is opened: whoever connects waits in the kernel."""

    def __init__(self, port):
        self.target, self.requests, self.lock = port, 0, threading.Lock()
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self.fillers.append(filler)

    def open(self):
        for filler in self.fillers:
            filler.close()
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(near,), daemon=True).start()

    def serve(self, near):
        """One request and its answer."""
        with near, socket.create_connection(("127.0.0.1", self.target)) as far:
            data = near.recv(65536)
            if not data:
                return
            with self.lock:
                self.requests += 1
            far.sendall(data)
            threading.Thread(target=pump, args=(near, far), daemon=True).start()
            pump(far, near)

    def close(self):
        self.listener.close()


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass  # an end has gone: so has the talk
