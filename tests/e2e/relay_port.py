"""A port that is off until it is needed: passes connections on to another port of this machine."""
import selectors
import socket
import threading


class RelayPort:
    def __init__(self, port, target):
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", port))
        self.wake, self.woken = socket.socketpair()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.wake.send(b"x")
        self.thread.join()

    def run(self):
        peers, selector = {}, selectors.DefaultSelector()
        selector.register(self.listener, selectors.EVENT_READ)
        selector.register(self.woken, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is self.woken:
                    return self.close(peers)
                if key.fileobj is self.listener:
                    near, _ = self.listener.accept()
                    far = socket.create_connection(("127.0.0.1", self.target))
                    peers[near], peers[far] = far, near
                    selector.register(near, selectors.EVENT_READ)
                    selector.register(far, selectors.EVENT_READ)
                elif key.fileobj in peers:
                    self.pump(key.fileobj, peers, selector)

    @staticmethod
    def pump(end, peers, selector):
        try:
            data = end.recv(65536)
            if data:
                return peers[end].sendall(data)
        except OSError:
            pass
        for one in (end, peers.pop(end)):
            peers.pop(one, None)
            selector.unregister(one)
            one.close()

    def close(self, peers):
        for end in [self.listener, self.wake, self.woken, *peers]:
            end.close()
