"""Stand-ins for both sides of the agent: a gateway that speaks its protocol, and a driver that does as it is told.

Both record what they saw, and a test waits for it; nothing here sleeps.
"""
import collections
import email.utils
import http.server
import itertools
import socket
import ssl
import threading
import time
import urllib.parse

from tap import hang_up

PATIENCE = 25  # seconds; a first start under wine is slow

Call = collections.namedtuple("Call", "kind headers body key")


class Recorder:
    """Things seen, in order, and waiting for them."""

    def __init__(self):
        self.changed = threading.Condition()
        self.seen = []

    def note(self, thing):
        with self.changed:
            self.seen.append(thing)
            self.changed.notify_all()

    def wait(self, condition, what, seconds=PATIENCE):
        """The first thing that meets the condition."""
        def found():
            return next((thing for thing in self.seen if condition(thing)), None)
        with self.changed:
            self.changed.wait_for(found, seconds)
            if found() is None:
                raise AssertionError(f"no {what} within {seconds} s; seen: {[str(s)[:300] for s in self.seen[-8:]]}")
            return found()


class FakeGateway(Recorder):
    """Leases out the requests it is given, to whoever polls with the key, one at a time for each key."""

    def __init__(self, tls=None, port=0):
        super().__init__()
        self.numbers = itertools.count(1)
        self.work = collections.defaultdict(collections.deque)  # key -> (lease, headers, message)
        self.turns = {}       # key -> the last turn given
        self.status = {}      # kind -> status instead of the usual, while it is there
        self.lose = set()     # kinds whose next answer is not sent
        self.reports = []     # (lease, delivery, error, body), once each
        self.repeats = collections.Counter()
        self.skew_s = 0
        self.refuse = set()    # leases whose answer is never taken
        self.evidence = set()  # leases that were settled meanwhile
        self.polls = collections.Counter()
        self.connections = set()
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            timeout = 60

            def setup(self):
                super().setup()
                fake.connections.add(self.connection)

            def finish(self):
                fake.connections.discard(self.connection)
                super().finish()

            def do_HEAD(self):
                fake.send(self, 404, {})

            def do_POST(self):
                fake.serve(self)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # agents are killed in the middle

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
            self.url = f"https://localhost:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def stop(self):
        with self.changed:
            self.status["closed"] = True
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()
        for connection in list(self.connections):
            hang_up(connection)

    # ---- what a test says

    def give(self, message, key="key-one", begin_within=50, timeout_ms=20_000, lease=None):
        lease = lease or f"lease{next(self.numbers):04d}_{int(time.monotonic_ns())}"
        headers = {"Fiscalgate-Lease": lease, "Fiscalgate-Begin-Within": begin_within, "Fiscalgate-Timeout": timeout_ms}
        with self.changed:
            self.work[key].append((lease, headers, message))
            self.changed.notify_all()
        return lease

    def set_status(self, kind, status):
        with self.changed:
            if status:
                self.status[kind] = status
            else:
                self.status.pop(kind, None)
            self.changed.notify_all()

    def report(self, lease, seconds=PATIENCE):
        """What the agent said became of it."""
        with self.changed:
            self.changed.wait_for(lambda: any(r[0] == lease for r in self.reports), seconds)
            found = [r for r in self.reports if r[0] == lease]
        if not found:
            raise AssertionError(f"no report of {lease} within {seconds} s; {self.reports} {[str(s)[:200] for s in self.seen[-6:]]}")
        return found[0]

    # ---- what the agent meets

    def serve(self, request):
        kind = request.path.rsplit("/", 1)[-1]
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.note(Call(kind, dict(request.headers.items()), body, key))
        status = self.status.get(kind)
        if status:
            return self.send(request, status, {"Retry-After": "1"} if status == 503 else {})
        answer = {"lease": self.lease, "renew": self.renew, "answer": self.answer}[kind](request, key, body)
        if kind in self.lose:
            self.lose.discard(kind)
            request.connection.close()
            request.close_connection = True
            return None
        return self.send(request, *answer)

    def lease(self, request, key, _):
        held = [h for h in request.headers.get("Fiscalgate-Held", "").split(",") if h]
        with self.changed:
            turn = request.headers.get("Fiscalgate-Turn")
            fresh = turn is not None and turn == self.turns.get(key)
            self.polls[key] += 1
            poll = self.polls[key]
            self.changed.notify_all()
            if fresh and not held:
                self.changed.wait_for(lambda: self.work[key] or self.polls[key] != poll or self.status,
                                      min(25, int(request.headers["Fiscalgate-Wait"])))
            turn = {"Fiscalgate-Turn": f"run.{next(self.numbers)}"}
            self.turns[key] = turn["Fiscalgate-Turn"]
            if self.status.get("lease"):
                return self.status["lease"], {}
            if fresh and not held and self.work[key] and self.polls[key] == poll:
                _, headers, message = self.work[key].popleft()
                return 200, {**turn, **headers}, message
        return 204, turn

    def renew(self, request, key, body):
        return 200, {}

    def answer(self, request, key, body):
        lease = request.headers["Fiscalgate-Lease"]
        if lease in self.refuse:
            return 404, {"Fiscalgate-Recorded": "refused"}
        with self.changed:
            known = any(r[0] == lease for r in self.reports)
            if known:
                self.repeats[lease] += 1
            else:
                error = urllib.parse.unquote(request.headers.get("Fiscalgate-Error", ""))
                self.reports.append((lease, request.headers["Fiscalgate-Delivery"], error, body))
            self.changed.notify_all()
        recorded = "evidence" if lease in self.evidence else "repeated" if known else "applied"
        return 200, {"Fiscalgate-Recorded": recorded}

    def send(self, request, status, headers, body=b""):
        try:
            request.send_response_only(status)
            request.send_header("Date", email.utils.formatdate(time.time() + self.skew_s, usegmt=True))
            for name, value in headers.items():
                request.send_header(name, str(value))
            if status != 204:
                request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        except OSError:
            request.close_connection = True


class FakeDriver(Recorder):
    """Records every request, byte by byte; `script(connection)` says what happens then. Connections without a
    request are only looks whether it is there."""

    def __init__(self, script=None, port=0):
        super().__init__()
        self.script = script or answer_with(ANSWER)
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.release = threading.Event()  # for scripts that wait
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                request = read_request(connection)
                if request:
                    self.note(request)
                    self.script(self, connection)
            except OSError:
                pass  # the agent was killed

    def stop(self):
        self.release.set()
        hang_up(self.listener)
        self.listener.close()

    @property
    def requests(self):
        return list(self.seen)


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        part = connection.recv(65536)
        if not part:
            raise OSError("cut off")
        body += part
    return head + b"\r\n\r\n" + body


BODY = '{"result":true,"0":{"name":"Чек","success":"ok"}}\x00\xff'.encode("utf-8", "surrogateescape") + bytes(range(256))
ANSWER = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Odd:  two  spaces \r\nContent-Length: "
          + str(len(BODY)).encode() + b"\r\n\r\n" + BODY)
# What the gateway is to get of it: all but the framing.
MESSAGE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Odd:  two  spaces \r\n\r\n" + BODY


def answer_with(data):
    return lambda driver, connection: connection.sendall(data)


def hold_then_answer(driver, connection):
    driver.release.wait(PATIENCE)
    connection.sendall(ANSWER)


def hang_up_in_the_middle(driver, connection):
    connection.sendall(ANSWER[:-20])


class Proxy(Recorder):
    """Passes CONNECT and absolute requests on; notes each first line."""

    def __init__(self, login=None):
        super().__init__()
        self.login = login
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(near,), daemon=True).start()

    def serve(self, near):
        with near:
            data = b""
            while b"\r\n\r\n" not in data:
                part = near.recv(65536)
                if not part:
                    return
                data += part
            line = data.split(b"\r\n")[0].decode()
            self.note(line)
            method, target, _ = line.split(" ")
            if self.login and f"proxy-authorization: basic {self.login}".encode() not in data.lower().replace(
                    self.login.lower().encode(), self.login.encode()):
                near.sendall(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
                return
            host, _, port = (target if method == "CONNECT" else urllib.parse.urlsplit(target).netloc).rpartition(":")
            with socket.create_connection((host, int(port))) as far:
                if method == "CONNECT":
                    near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                else:
                    far.sendall(data.replace(target.encode(), urllib.parse.urlsplit(target).path.encode(), 1))
                pump = threading.Thread(target=copy, args=(far, near), daemon=True)
                pump.start()
                copy(near, far)
                pump.join()

    def stop(self):
        hang_up(self.listener)
        self.listener.close()


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        hang_up(end)
