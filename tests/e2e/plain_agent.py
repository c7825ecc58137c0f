"""An agent without a disk: it speaks the gateway's agent protocol (fcgi/agent/README.md) step by step, as a test tells it.

Single calls are for what a real agent cannot be made to do at will: to lose an answer, to be late, to come back with less
than it was given.
"""
import http.client
import random
import threading
import time
import urllib.parse

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def new_instance():
    return "".join(random.SystemRandom().choices(ALPHABET, k=26))


class Errand:
    """A request for the driver, as it came."""

    def __init__(self, reply):
        self.lease = reply.headers["Fiscalgate-Lease"]
        self.begin_within = int(reply.headers["Fiscalgate-Begin-Within"])
        self.timeout_ms = int(reply.headers["Fiscalgate-Timeout"])
        self.message = reply.body


class Reply:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def recorded(self):
        return self.headers.get("Fiscalgate-Recorded")

    def __repr__(self):
        return f"HTTP {self.status} {dict(self.headers)} {self.body[:300]!r}"


class PlainAgent:
    def __init__(self, gateway, key, driver, instance=None):
        self.gateway, self.key, self.driver = urllib.parse.urlsplit(gateway), key, urllib.parse.urlsplit(driver)
        self.instance = instance or new_instance()
        self.version, self.clock_ahead_ms, self.driver_state = "1.0.0 linux-x86_64", 0, "ok"
        self.turn, self.held = "", []
        self.work, self.told = 0, []

    # ---- single calls

    def call(self, path, body=b"", timeout=40, **headers):
        """headers: Fiscalgate_Wait=5 and the like; None leaves one out."""
        sent = {"Authorization": f"Bearer {self.key}", "Fiscalgate-Agent": self.instance,
                "Fiscalgate-Version": self.version,
                "Fiscalgate-Clock": str(int(time.time() * 1000) + self.clock_ahead_ms)}
        for name, value in headers.items():
            sent[name.replace("_", "-")] = value
        line = http.client.HTTPConnection(self.gateway.hostname, self.gateway.port, timeout=timeout)
        try:
            line.request("POST", path, body, {k: str(v) for k, v in sent.items() if v is not None})
            return Reply(line.getresponse())
        finally:
            line.close()

    def lease(self, wait=0, turn=None, held=None):
        """One poll; nothing is remembered of it."""
        return self.call("/api/agent/lease", Fiscalgate_Wait=wait, Fiscalgate_Turn=self.turn if turn is None else turn,
                         Fiscalgate_Held=",".join(self.held if held is None else held),
                         Fiscalgate_Driver=self.driver_state)

    def poll(self, wait=20):
        """Polls until there is work or the time is over, as a real one does. Gives the errand, or None."""
        deadline = time.monotonic() + wait
        while True:
            reply = self.lease(max(0, min(25, int(deadline - time.monotonic()))))
            if reply.status not in (200, 204):
                raise RuntimeError(f"poll: {reply}")
            self.keep(reply)
            if reply.status == 200:
                errand = Errand(reply)
                self.held.append(errand.lease)
                return errand
            if time.monotonic() >= deadline:
                return None

    def sync(self):
        """From now on its polls prove something."""
        self.keep(self.lease())
        self.keep(self.lease())

    def keep(self, reply):
        """The last turn of each run of the gateway, the latest first."""
        turn = reply.headers["Fiscalgate-Turn"]
        run = turn.rpartition(".")[0]
        others = [one for one in self.turn.split(",") if one and one.rpartition(".")[0] != run]
        self.turn = ",".join([turn, *others][:8])

    def run(self, errand, timeout=30):
        """Hands the request to the driver; gives its answer as a message."""
        head, _, body = errand.message.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        method, path, _ = lines[0].split(" ")
        line = http.client.HTTPConnection(self.driver.hostname, self.driver.port, timeout=timeout)
        try:
            line.putrequest(method, path)
            for header in lines[1:]:
                name, _, value = header.partition(": ")
                line.putheader(name, value.encode())
            line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            response = line.getresponse()
            answer = f"HTTP/1.1 {response.status} {response.reason}\r\n"
            answer += "".join(f"{k}: {v}\r\n" for k, v in response.getheaders()) + "\r\n"
            return answer.encode() + response.read()
        finally:
            line.close()

    def answer(self, lease, message=b"", delivery="answered", error=""):
        reply = self.call("/api/agent/answer", message, Fiscalgate_Lease=lease, Fiscalgate_Delivery=delivery,
                          Fiscalgate_Error=urllib.parse.quote(error))
        if reply.status == 200 and lease in self.held:
            self.held.remove(lease)
        return reply

    def renew(self, lease):
        return self.call("/api/agent/renew", Fiscalgate_Lease=lease)

    # ---- on its own

    def start(self):
        self.stopping = False
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()
        return self

    def stop(self):
        self.stopping = True
        self.thread.join(30)

    def _work(self):
        while not self.stopping:
            try:
                errand = self.poll(1)
                if errand:
                    self.work += 1
                    self.told.append(self.answer(errand.lease, self.run(errand)).recorded)
            except (OSError, RuntimeError, http.client.HTTPException):
                time.sleep(0.1)
