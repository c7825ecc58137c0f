#!/usr/bin/env python3
"""A small shop that receives callbacks: checks the signature, answers SUCCESSFUL, keeps what it got. Buyers who come back
from the dialog get a page.

    conf/demo/sample_shop.py --port 8090 --code CODE

GET / lists what came. Tests use the class and make it misbehave through `answer`.
"""
import argparse
import collections
import html
import http.server
import json
import threading
import time
import urllib.parse

from protocol import webhook_is_genuine

Received = collections.namedtuple("Received", "at path headers body genuine result")
_KEPT = 10_000


class SampleShop(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port, codes, host="127.0.0.1"):
        self.codes = list(codes)       # integrity codes; a callback must fit one
        self.received = collections.deque(maxlen=_KEPT)
        self.changed = threading.Condition()
        self.answer = lambda received: (200, "SUCCESSFUL")  # or a tuple (status, text); (0, "") closes the line
        super().__init__((host, port), _Page)

    @property
    def url(self):
        return f"http://{self.server_address[0]}:{self.server_address[1]}"

    def start(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        self.shutdown()
        self.server_close()

    def take(self, path, headers, body):
        genuine = any(webhook_is_genuine(headers, body, code) for code in self.codes)
        fields = urllib.parse.parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        try:
            result = json.loads(fields["json"][0])
        except (KeyError, ValueError):
            result = None
        received = Received(time.time(), path, dict(headers.items()), body, genuine, result)
        with self.changed:
            self.received.append(received)
            self.changed.notify_all()
        return self.answer(received) if genuine else (401, "wrong signature")

    def of_order(self, order):
        return [r for r in list(self.received) if r.result and r.result.get("order_id") == str(order)]

    def wait_for(self, order, seconds=15, count=1):
        """The callbacks of that order, once there are `count`; fewer when the time is over."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while len(self.of_order(order)) < count and time.monotonic() < deadline:
                self.changed.wait(deadline - time.monotonic())
        return self.of_order(order)


_WELCOME = """<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Магазин</title><h1>{title}</h1>
<p>Это пришло через браузер покупателя и не подписано: показать можно, верить нельзя. Верить можно только подписанному
сообщению шлюза — <a href="/">вот они</a>.</p><pre>{result}</pre></html>"""


def welcome(body):
    """The page for a browser that comes back from the dialog, or nothing if this is no such post."""
    try:
        text = urllib.parse.parse_qs(body.decode())["json"][0]
        done = json.loads(text).get("result") is True
    except (KeyError, ValueError, AttributeError):
        return ""
    return _WELCOME.format(title="Спасибо за покупку" if done else "Чек не пробит", result=html.escape(text))


class _Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        page = "" if self.headers.get("webhook-signature") else welcome(body)
        if page:
            return self.reply(200, page, "text/html; charset=utf-8")
        status, text = self.server.take(self.path, self.headers, body)
        if status == 0:
            self.close_connection = True
            return None
        return self.reply(status, text, "text/plain; charset=utf-8")

    def do_GET(self):
        rows = [{"path": r.path, "genuine": r.genuine, "webhook-id": r.headers.get("webhook-id"), "result": r.result}
                for r in list(self.server.received)[-50:]]
        self.reply(200, json.dumps(rows, ensure_ascii=False, indent=2), "application/json; charset=utf-8")

    def reply(self, status, text, kind):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--code", action="append", required=True)
    options = parser.parse_args()
    with SampleShop(options.port, options.code) as shop:
        print(f"callbacks to {shop.url}/callback/success", flush=True)
        shop.serve_forever()
