"""A wire that can be stopped at a message: passes connections on to a port, until a message comes that a trap waits for.
`with Tap(port, target):` is a port that is off before and after."""
import re
import socket
import threading

NEAR, FAR = "near", "far"  # from the one who connected; from the one who is connected to
REQUEST_LINE = re.compile(rb"^[A-Z]+ (\S+) HTTP/1\.[01]\r?\n")
HOLD_SECONDS = 60


class Trap:
    """Catches the first message that fits and holds it until somebody says what becomes of it."""

    def __init__(self, side, fits):
        self.side, self.fits = side, fits
        self.caught, self.decided, self.passes = threading.Event(), threading.Event(), False

    def let_go(self):
        self.passes = True
        self.decided.set()

    def cut(self):
        self.decided.set()


class Tap:
    def __init__(self, port, target):
        self.target, self.trap, self.lock = target, None, threading.Lock()
        self.requests = 0  # that came by
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def set_trap(self, side, fits):
        """`fits(path, data)`: the path of the last request on that connection, and the bytes that came."""
        trap = Trap(side, fits)
        with self.lock:
            self.trap = trap
        return trap

    def clear(self):
        with self.lock:
            trap, self.trap = self.trap, None
        if trap:
            trap.let_go()

    def stop(self):
        self.clear()
        shut(self.listener)
        self.cut_all()

    def cut_all(self):
        with self.lock:
            ends = list(self.open)
        for end in ends:
            shut(end)

    def cut_unless_caught(self, trap):
        """Whoever waits on a connection has to come again, into the trap."""
        with self.lock:
            if self.trap is trap:
                for end in self.open:
                    shut(end)
                self.open.clear()  # what they have brought already is not to be caught any more

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target), timeout=10)
                far.settimeout(None)
            except OSError:  # nobody is there: the caller sees its connection closed
                near.close()
                continue
            with self.lock:
                self.open.update((near, far))
            talk = {"path": b""}
            for side, source, sink in ((NEAR, near, far), (FAR, far, near)):
                threading.Thread(target=self.pump, args=(side, source, sink, talk), daemon=True).start()

    def pump(self, side, source, sink, talk):
        try:
            while data := source.recv(65536):
                line = REQUEST_LINE.match(data) if side == NEAR else None
                if line:
                    talk["path"] = line[1]
                    self.requests += 1
                if not self.may_pass(side, source, talk["path"], data):
                    break
                sink.sendall(data)
        except OSError:
            pass  # either end has gone; the other is told below
        for end in (source, sink):
            shut(end)
        with self.lock:
            self.open.discard(source)

    def may_pass(self, side, source, path, data):
        with self.lock:
            trap = self.trap
            if not trap or trap.side != side or source not in self.open or not trap.fits(path, data):
                return True
            self.trap = None
        trap.caught.set()
        trap.decided.wait(HOLD_SECONDS)
        return trap.passes


def hang_up(end):
    """Also wakes whoever waits in it."""
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it was hung up already


def shut(end):
    hang_up(end)
    end.close()
