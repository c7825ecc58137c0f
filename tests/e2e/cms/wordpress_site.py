"""A running WordPress with WooCommerce, as its owner and its buyers use it: over HTTP only."""
import base64
import html
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid

PLUGIN = "fiscalgate-for-woocommerce"


class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(f"HTTP {status} {text[:800]}")
        self.status, self.text = status, text


def inputs_of(page, form_id=None):
    """What a browser would post of the first form, or of the one with that id, if nobody touched it."""
    forms = re.findall(r"<form\b([^>]*)>(.*?)</form>", page, re.S)
    fields = []
    for attributes, body in forms:
        if form_id is None or form_id in attributes:
            for tag in re.findall(r"<input\b[^>]*>", body):
                about = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)=["\']([^"\']*)["\']', tag)}
                kind = about.get("type", "text")
                if "name" in about and kind not in ("submit", "button") and (kind != "checkbox" or "checked" in tag):
                    fields.append((about["name"], about.get("value", "")))
            for name, choices in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.S):
                chosen = re.search(r'value="([^"]*)"[^>]*selected', choices) or re.search(r'value="([^"]*)"', choices)
                fields.append((html.unescape(name), html.unescape(chosen[1])))
            return fields
    raise AssertionError(f"no form {form_id} in {page[:500]}")


class Site:
    """One visitor: the owner, once log_in was called, else a guest."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar))
        self.headers, self.has_tables = {}, []

    def open(self, path, body=None, headers=None, method=None, timeout=60):
        request = urllib.request.Request(path if "://" in path else self.url + path, data=body, headers=headers or {}, method=method)
        try:
            with self.opener.open(request, timeout=timeout) as reply:
                self.last_headers = reply.headers
                return reply.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, error.read().decode("utf-8", "replace")) from None

    def post(self, path, fields):
        body = urllib.parse.urlencode(fields).encode()
        return self.open(path, body, {"Content-Type": "application/x-www-form-urlencoded"}, "POST")

    # ---- the owner

    def log_in(self, user, password):
        self.open("/wp-login.php")
        page = self.post("/wp-login.php", {"log": user, "pwd": password, "testcookie": "1", "redirect_to": self.url + "/wp-admin/"})
        if "wpadminbar" not in page:
            raise AssertionError("the login was refused")
        return self

    def install(self, archive):
        """Through the page that uploads a plugin, as an owner does; over an older one if there is one."""
        nonce = dict(inputs_of(self.open("/wp-admin/plugin-install.php?tab=upload"), "wp-upload-form"))["_wpnonce"]
        boundary = uuid.uuid4().hex
        parts = [b'Content-Disposition: form-data; name="_wpnonce"\r\n\r\n' + nonce.encode(),
                 f'Content-Disposition: form-data; name="pluginzip"; filename="{PLUGIN}.zip"\r\nContent-Type: application/zip\r\n\r\n'.encode()
                 + archive.read_bytes()]
        body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
        page = self.open("/wp-admin/update.php?action=upload-plugin", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        again = re.search(r'href="([^"]*overwrite=update-plugin[^"]*|[^"]*overwrite=downgrade-plugin[^"]*)"', page)
        if again:
            self.open("/wp-admin/" + html.unescape(again[1]) if "://" not in again[1] else html.unescape(again[1]))
        start = re.search(r'href="([^"]*action=activate[^"]*' + PLUGIN + r'[^"]*)"', self.open("/wp-admin/plugins.php"))
        if start:
            self.open("/wp-admin/" + html.unescape(start[1]))

    def settings(self, **values):
        """Saves the plugin's settings; what is not named stays as the page shows it."""
        page = self.open("/wp-admin/admin.php?page=fiscalgate")
        fields = inputs_of(page, 'action="' + self.url + "/wp-admin/options.php")
        for name, value in values.items():
            post = f"fiscalgate_settings[{name}]"
            fields = [(key, old) for key, old in fields if key not in (post, post + "[]")]
            fields += [(post + "[]", word) for word in value + [""]] if isinstance(value, list) else [(post, value)]
        return self.post("/wp-admin/options.php", fields)

    def check_connection(self):
        page = self.open("/wp-admin/admin.php?page=fiscalgate")
        answer = self.post("/wp-admin/admin-post.php", inputs_of(page, "admin-post.php"))
        return html.unescape(re.search(r'class="notice notice-(\w+) inline"><p>(.*?)</p>', answer, re.S).expand(r"\1 \2"))

    def order_url(self, order):
        """Where the shop keeps its orders decides: in tables of their own, or among the posts."""
        if not self.has_tables:
            try:
                self.has_tables = ["yes" if 'id="wc-orders-filter"' in self.open("/wp-admin/admin.php?page=wc-orders") else "no"]
            except Refused:
                self.has_tables = ["no"]
        page = f"admin.php?page=wc-orders&action=edit&id={order}" if self.has_tables == ["yes"] else f"post.php?post={order}&action=edit"
        return f"{self.url}/wp-admin/{page}"

    def order_page(self, order):
        return self.open(self.order_url(order))

    def press(self, order, button):
        """A button of the panel, by what it does: "retry:sale"."""
        page = self.order_page(order)
        if f'name="do" value="{button}"' not in page:
            raise AssertionError(f"no button {button} in {self.panel(order, page)}")
        return self.post("/wp-admin/admin-post.php", inputs_of(page, "fiscalgate-order-form") + [("do", button)])

    def panel(self, order, page=None):
        """Text of the panel by operation: {"sale": "..."}; "" for what stands below."""
        page = page or self.order_page(order)
        box = page[page.index('<div class="fiscalgate">'):]
        box = box[:box.index("</div>\n</div>") if "</div>\n</div>" in box else None]
        sections = {key: plain(text) for key, text in re.findall(r'<section[^>]*data-operation="([^"]+)"[^>]*>(.*?)</section>', box, re.S)}
        return {**sections, "": plain(re.sub(r"<section.*?</section>", "", box, flags=re.S))}

    def states(self, order):
        return dict(re.findall(r'data-operation="([^"]+)" data-state="([^"]+)"', self.order_page(order)))

    def scheduled(self, order=None):
        """Addresses that run what waits in the queue, as the page of scheduled actions has them."""
        page = self.open("/wp-admin/admin.php?page=wc-status&tab=action-scheduler&status=pending&s=fiscalgate_run")
        rows = re.findall(r"<tr\b.*?</tr>", page, re.S)
        links = []
        for row in rows:
            link = re.search(r'href="([^"]*row_action=run[^"]*)"', row)
            if link and (order is None or re.search(rf"\D{order}\D", plain(row))):
                link = html.unescape(link[1])
                links.append(link if "://" in link else f"{self.url}/wp-admin/{link.removeprefix('/wp-admin/')}")
        return links

    def run_queue(self, order=None):
        links = self.scheduled(order)
        for link in links:
            self.open(link)
        return len(links)

    # ---- WooCommerce's API

    def use_key(self, user, password):
        self.headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        return self

    def api(self, method, path, body=None):
        visitor = Site(self.url)  # the key, and no cookies
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", **self.headers}
        return json.loads(visitor.open("/wp-json/wc/v3" + path, data, headers, method))


class Buyer(Site):
    """A guest who buys through the Store API, as the block checkout does."""

    ADDRESS = {"first_name": "Иван", "last_name": "Покупатель", "company": "", "address_1": "ул. Ленина, 1", "address_2": "",
               "city": "Москва", "state": "Москва", "postcode": "101000", "country": "RU", "phone": "+79001234567"}
    EMAIL = "buyer@example.com"

    def store(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        text = self.open("/wp-json/wc/store/v1" + path, data, {"Content-Type": "application/json", **self.headers}, method)
        for name in ("Nonce", "Cart-Token"):
            if self.last_headers.get(name):
                self.headers[name] = self.last_headers[name]
        return json.loads(text)

    def buy(self, goods, payment, coupons=()):
        """`goods`: [(product id, quantity)]. Gives the answer of the checkout."""
        self.store("GET", "/cart")
        for product, quantity in goods:
            self.store("POST", "/cart/add-item", {"id": product, "quantity": quantity})
        billing = {**self.ADDRESS, "email": self.EMAIL}
        self.store("POST", "/cart/update-customer", {"billing_address": billing, "shipping_address": self.ADDRESS})
        for coupon in coupons:
            self.store("POST", "/cart/apply-coupon", {"code": coupon})
        return self.store("POST", "/checkout", {"billing_address": billing, "shipping_address": self.ADDRESS, "payment_method": payment,
                                                "payment_data": [], "customer_note": "", "create_account": False})


    def thanks(self, url):
        """The page of his order; a guest who comes back says who he is."""
        page = self.open(url)
        if 'name="check_submission"' in page:
            page = self.post(url, inputs_of(page, "woocommerce-verify-email") + [("email", self.EMAIL)])
        return page


def plain(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "[QR]", markup, flags=re.S))).split())
