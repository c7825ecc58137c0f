"""A thousand agents with nothing to do: each keeps a long poll at the gateway, all on one thread."""
import random
import selectors
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
ADMIN_AT_ONCE = 4
POLL = ("POST /api/agent/lease HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nFiscalgate-Agent: {instance}\r\n"
        "Fiscalgate-Version: 1.0.0 bench\r\nFiscalgate-Wait: 25\r\nFiscalgate-Driver: ok\r\n{turn}Content-Length: 0\r\n\r\n")


def make_keys(stand, shop, count):
    """Registers that are reached by agents; gives the agents' keys."""
    def make(number):
        name = f"idle-{number}"
        stand.admin("register", "add", "--name", name, "--via", "agent", "--shop", shop["account_id"])
        return stand.set_up_agent(name)
    with ThreadPoolExecutor(ADMIN_AT_ONCE) as pool:
        return list(pool.map(make, range(count)))


class Agent:
    def __init__(self, key):
        self.key, self.turn, self.socket, self.head = key, "", None, b""
        self.instance = "".join(random.choices(ALPHABET, k=26))

    def poll(self, port):
        if not self.socket:
            self.socket = socket.create_connection(("127.0.0.1", port))
        turn = f"Fiscalgate-Turn: {self.turn}\r\n" if self.turn else ""
        self.socket.sendall(POLL.format(key=self.key, instance=self.instance, turn=turn).encode())

    def take_answer(self):
        """True once a whole answer (204, without a body) has come."""
        data = self.socket.recv(65536)
        if not data:
            raise RuntimeError("an idle agent's connection was closed")
        self.head += data
        if b"\r\n\r\n" not in self.head:
            return False
        lines, self.head = self.head.decode().split("\r\n"), b""
        if " 204 " not in lines[0]:
            raise RuntimeError(f"an idle agent was answered {lines[0]}")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        self.turn = headers["fiscalgate-turn"]
        return True


class IdleAgents:
    def __init__(self, port, keys):
        self.port, self.agents = port, [Agent(key) for key in keys]
        self.selector, self.stopping, self.fault = selectors.DefaultSelector(), False, None
        self.parked = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def start(self):
        for agent in self.agents:
            agent.poll(self.port)
            self.selector.register(agent.socket, selectors.EVENT_READ, agent)
        self.thread.start()
        return self

    def run(self):
        """An agent whose turn is known has its poll parked until its time is over."""
        try:
            while not self.stopping:
                for key, _ in self.selector.select(0.2):
                    if key.data.take_answer():
                        key.data.poll(self.port)
                if all(agent.turn for agent in self.agents):
                    self.parked.set()
        except (OSError, RuntimeError) as error:
            self.fault = self.fault or (None if self.stopping else error)
            self.parked.set()

    def wait_until_parked(self, seconds=60):
        if not self.parked.wait(seconds) or self.fault:
            raise RuntimeError(f"idle agents: {self.fault or 'not all were answered'}")

    def stop(self):
        self.stopping = True
        self.thread.join()
        for agent in self.agents:
            agent.socket.close()
        if self.fault:
            raise RuntimeError(f"idle agents: {self.fault}")
