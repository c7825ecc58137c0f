"""A FAKE Bitrix24 portal, written from its public documents: it posts checks as PHP posts nested arrays, asks what became of
them, and takes sale.cashbox.check.apply. No real portal was ever seen by these tests.
"""
import http.server
import itertools
import json
import threading
import urllib.parse

from protocol import post_form

_checks = itertools.count(1)

# Of the portal's own list of VAT rates; what they are is said in the settings of the cash register.
NO_VAT, ZERO, TWENTY_TWO, TEN = 1, 2, 3, 4
RATES = f"0=none {NO_VAT}=none {ZERO}=0 {TWENTY_TWO}=22 {TEN}=10 advance=22"


def php_fields(value, name=""):
    """http_build_query: a[b][0]=c, without what is null."""
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, (list, tuple)):
        pairs = enumerate(value)
    else:
        return [] if value is None else [(name, int(value) if isinstance(value, bool) else value)]
    return [field for key, inner in pairs for field in php_fields(inner, f"{name}[{key}]" if name else str(key))]


def item(name="Чай", price=250.0, quantity=1, vat=TWENTY_TWO, **more):
    total = round(price * quantity, 2)
    return {"name": name, "base_price": price, "price": price, "sum": total, "currency": "RUB", "quantity": quantity,
            "measure_code": "796", "vat": vat, "payment_object": "commodity", **more}


class FakePortal(http.server.ThreadingHTTPServer):
    """Its REST side: what was applied, by UUID."""
    daemon_threads = True

    def __init__(self, gateway, account, token, code, host="127.0.0.1"):
        self.gateway = gateway
        self.auth = {"ACCOUNT": account, "TOKEN": token, "CODE": code}
        self.fiscal = {"TAX_SYSTEM": "OSN", "VAT": RATES, "SITE": "https://shop.example", "CASHIER": ""}
        self.known, self.applied, self.changed = set(), [], threading.Condition()
        self.answer = None  # or (status, body): the portal is not well
        super().__init__((host, 0), _Rest)
        self.domain = f"{host}:{self.server_address[1]}"
        self.webhook = f"http://{self.domain}/rest/1/s3cr3tw3bh00k/"

    def start(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        self.shutdown()
        self.server_close()

    # ---- what the portal does with a cash register

    def check(self, items=None, kind="sell", payments=None, **more):
        number = next(_checks)
        items = [item()] if items is None else items
        total = round(sum(each["sum"] for each in items), 2)
        method = "full_payment" if kind.startswith("sell") else kind
        return {"type": kind, "calculated_sign": "consumption" if "return" in kind else "income", "unique_id": number,
                "items": [{**each, "payment_method": method} for each in items], "date_create": 1712235417 + number,
                "payments": payments or [{"type": "cashless", "is_cash": "N", "sum": total, "currency": "RUB"}],
                "client_email": "client@example.com", "client_phone": "+79161234567", "total_sum": total,
                "uuid": f"check|portal.example|{number}", "operation": "consumption" if "return" in kind else "income",
                "number_kkm": "", "service_email": "admin@example.com",
                "cashbox_params": {"AUTH": dict(self.auth), "FISCAL": dict(self.fiscal)}, **more}

    def print_raw(self, check):
        return post_form(self.gateway + "/api/bitrix24/print", urllib.parse.urlencode(php_fields(check)).encode())

    def print(self, check):
        """What the portal makes of the answer: (uuid, errors); neither: it believes that all is well."""
        answer = self.print_raw(check)
        if answer.status != 200:
            return None, []
        body = {key.upper(): value for key, value in answer.json.items()}
        if body.get("UUID"):
            with self.changed:
                self.known.add(body["UUID"])
        return body.get("UUID"), body.get("ERRORS", [])

    def ask(self, uuid):
        """The answer if the portal would go on asking or show an error; else what it saves as printed."""
        answer = post_form(self.gateway + "/api/bitrix24/check", {"uuid": uuid})
        return {key.upper(): value for key, value in answer.json.items()} if answer.status == 200 else {}

    # ---- what it is told

    def apply(self, path, fields):
        if self.answer:
            return self.answer
        if path != urllib.parse.urlsplit(self.webhook).path + "sale.cashbox.check.apply":
            return 401, {"error": "NO_AUTH_FOUND"}
        with self.changed:
            if fields.get("UUID") not in self.known:
                return 400, {"error": "ERROR_CHECK_NOT_FOUND"}
            self.applied.append(fields)
            self.changed.notify_all()
        return 200, {"result": True}

    def wait_applied(self, uuid, seconds=20):
        with self.changed:
            self.changed.wait_for(lambda: any(one["UUID"] == uuid for one in self.applied), seconds)
            return [one for one in self.applied if one["UUID"] == uuid]


class _Rest(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, said = self.server.apply(self.path, dict(urllib.parse.parse_qsl(body, keep_blank_values=True)))
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
