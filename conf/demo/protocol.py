"""What a shop needs to speak to the gateway: how a post is encoded and signed, how a callback is verified.

Written for reading: this is the whole client side, in the standard library.
"""
import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request

CREATE_RECEIPT = "/api/fiscal/create-receipt.php"


def encode_data(text):
    """BIT_DATA: base64(encodeURIComponent(json))."""
    return base64.b64encode(urllib.parse.quote(text, safe="!~*'()").encode()).decode()


def sign(fields, data_text, code):
    """BIT_SIGNATURE: md5 over the values in this order, the JSON text as it is before it is encoded."""
    text = "".join([fields["BIT_ACCOUNT_ID"], fields["BIT_KKT_TOKEN"], fields["BIT_ORDER_ID"], data_text,
                    fields.get("BIT_CALLBACK_SUCCESS", ""), fields.get("BIT_CALLBACK_FAILED", ""), code])
    return hashlib.md5(text.encode()).hexdigest()


def form_fields(account, token, code, order, data, success="", failed="", **more):
    """The complete, signed form. `data` is the JSON text, or a value that becomes one."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    fields = {"BIT_ACCOUNT_ID": account, "BIT_KKT_TOKEN": token, "BIT_ORDER_ID": str(order),
              "BIT_DATA": encode_data(text), "BIT_CALLBACK_SUCCESS": success, "BIT_CALLBACK_FAILED": failed}
    fields["BIT_SIGNATURE"] = sign(fields, text, code)
    fields.update(more)
    return fields


def webhook_key(code):
    return hmac.new(code.encode(), b"fiscalgate webhook v1", hashlib.sha256).digest()


def webhook_is_genuine(headers, body, code, now=None, tolerance_s=300):
    """Standard Webhooks: any of the signatures over id.timestamp.body, and a timestamp of about now."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs((now or time.time()) - int(stamp)) > tolerance_s:
        return False
    signed = f"{message_id}.{stamp}.".encode() + body
    wanted = base64.b64encode(hmac.new(webhook_key(code), signed, hashlib.sha256).digest())
    given = [part[3:].encode() for part in headers.get("webhook-signature", "").split() if part.startswith("v1,")]
    return any([hmac.compare_digest(wanted, signature) for signature in given])


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"HTTP {self.status} {self.text[:600]}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


# No proxy of the environment: everything here is on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def request(url, body=None, headers=None, method=None, timeout=40):
    """Any HTTP answer is an Answer; only a failed connection raises."""
    message = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
    try:
        with _opener.open(message, timeout=timeout) as reply:
            return Answer(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as reply:
        with reply:
            return Answer(reply.code, reply.headers, reply.read())


def post_form(url, fields, headers=None, timeout=40):
    body = fields if isinstance(fields, bytes) else urllib.parse.urlencode(fields).encode()
    return request(url, body, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}, "POST", timeout)
