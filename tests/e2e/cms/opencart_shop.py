"""A running OpenCart shop (3.0, 4.0 or 4.1), driven over HTTP as its buyers and its owner do.

Nothing of OpenCart is needed here but its address and a login of its admin.
"""
import html
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid

TIMEOUT = 60


class ShopError(Exception):
    pass


class Visitor:
    """One browser's session."""

    def __init__(self, base):
        self.base = base
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def open(self, address, data=None, headers=None):
        """Status and text, whatever the status is."""
        address = address.replace("&amp;", "&")
        address = address if "://" in address else self.base + address
        body = data if data is None or isinstance(data, bytes) else urllib.parse.urlencode(data, doseq=True).encode()
        try:
            with self.opener.open(urllib.request.Request(address, body, headers or {}), timeout=TIMEOUT) as reply:
                return reply.status, reply.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as reply:
            with reply:
                return reply.code, reply.read().decode("utf-8", "replace")

    def text(self, address, data=None, headers=None):
        status, text = self.open(address, data, headers)
        if status != 200:
            raise ShopError(f"{address}: HTTP {status}\n{text[:1500]}")
        return text

    def json(self, address, data=None, headers=None):
        """The answer of a page's script; one that names an error is raised."""
        text = self.text(address, data, headers)
        try:
            answer = json.loads(text)
        except ValueError:
            raise ShopError(f"{address}: no JSON but {text[:1500]}") from None
        if isinstance(answer, dict) and answer.get("error"):
            raise ShopError(f"{address}: {answer['error']}")
        return answer


class OpenCart:
    """`admin` is "name:password"; the shop keeps roubles and has a product, a delivery "flat" and a payment "cod"."""

    def __init__(self, url, admin="admin:admin", admin_path="admin"):
        self.url = url.rstrip("/")
        self.admin_path = admin_path
        self.user, _, self.password = admin.partition(":")
        self.owner, self.token = self.log_in()
        page = self.owner.text(self.admin_address("common/dashboard"))
        self.version = re.search(r"Version (\d+\.\d+\.\d+\.\d+)", page)[1]

    @property
    def is_three(self):
        return self.version.startswith("3.")

    @property
    def module(self):
        return "extension/module/fiscalgate" if self.is_three else "extension/fiscalgate_opencart4/module/fiscalgate"

    def route(self, controller, method=""):
        return controller + (("/" if self.is_three else ".") + method if method else "")

    # ---- the owner

    def log_in(self):
        owner = Visitor(self.url)
        login = {"username": self.user, "password": self.password}
        page = owner.text(f"/{self.admin_path}/index.php?route=common/login")
        secret = re.search(r"login_token=(\w+)", page)
        if secret:
            page = owner.text(f"/{self.admin_path}/index.php?route=common/login.login&login_token={secret[1]}", login)
        else:
            page = owner.text(f"/{self.admin_path}/index.php?route=common/login", login)
        token = re.search(r"user_token=(\w+)", page)
        if not token:
            raise ShopError("the admin's login does not work")
        return owner, token[1]

    def admin_address(self, route, **query):
        words = urllib.parse.urlencode({"route": route, "user_token": self.token, **query}, safe="/.")
        return f"{self.url}/{self.admin_path}/index.php?{words}"

    def has_plugin(self):
        return "fiscalgate-fault" in self.owner.open(self.admin_address(self.module))[1]

    def install(self, archive):
        """As the Installer's page and the plus of the module do."""
        self.upload(archive)
        self.change_module("install")

    def upload(self, archive):
        boundary = uuid.uuid4().hex
        head = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{archive.name}"\r\n'
                "Content-Type: application/zip\r\n\r\n").encode()
        body = head + archive.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = self.owner.json(self.admin_address(self.route("marketplace/installer", "upload")), body, kind)
        if not self.is_three:
            page = self.owner.text(self.admin_address("marketplace/installer.list"))
            found = re.findall(r"installer\.install[^\"']*extension_install_id=(\d+)", page)
            address = self.admin_address("marketplace/installer.install", extension_install_id=max(map(int, found)))
            answer = self.owner.json(address)
        while answer.get("next"):
            answer = self.owner.json(answer["next"])

    def change_module(self, how):
        """The plus and the minus of the page of modules: install, uninstall."""
        if self.is_three:
            return self.owner.text(self.admin_address(f"extension/extension/module/{how}", extension="fiscalgate"))
        return self.owner.json(self.admin_address(f"extension/module.{how}", extension="fiscalgate_opencart4", code="fiscalgate"))

    def settings_page(self):
        return self.owner.text(self.admin_address(self.module))

    def save(self, fields):
        return json.loads(self.owner.text(self.admin_address(self.route(self.module, "save")), fields))

    def check(self, fields):
        return json.loads(self.owner.text(self.admin_address(self.route(self.module, "check")), fields))

    def self_test(self):
        """What the button says, and what the shop's own side says to the page that pressed it."""
        answer = json.loads(self.owner.text(self.admin_address(self.route(self.module, "test")), {}))
        return answer, json.loads(self.owner.text(answer["probe"]))

    def cron_address(self):
        return html.unescape(re.search(r">([^<]*cron&amp;token=\w+)<", self.settings_page())[1])

    def set_status(self, order, status):
        """As the button of the order's page does."""
        self.set_status_as(self.owner, self.token, order, status)

    def set_status_as(self, owner, token, order, status):
        fields = {"order_id": order, "order_status_id": status, "comment": "", "notify": 0, "override": 0}
        if self.is_three:
            page = owner.text(self.admin_address("sale/order/info", order_id=order).replace(self.token, token))
            api = re.search(r"api_token=([a-z0-9]+)", page)[1]
            return owner.json(f"{self.url}/index.php?route=api/order/history&api_token={api}&store_id=0&order_id={order}", fields)
        call = {"call": "history_add", "currency": "RUB"} if self.version.startswith("4.1") else {"action": "sale/order.addHistory"}
        address = self.admin_address("sale/order.call", store_id=0, language="en-gb", order_id=order, **call)
        return owner.json(address.replace(self.token, token), fields)

    def order_address(self, order):
        return self.admin_address(self.route("sale/order", "info"), order_id=order)

    def act(self, order, action, **fields):
        """A button of the tab; gives its HTML as it is then."""
        fields = {"order_id": order, "action": action, **fields}
        return json.loads(self.owner.text(self.admin_address(self.route(self.module, "act")), fields))

    def last_order(self):
        page = self.owner.text(self.admin_address("sale/order" if self.is_three else "sale/order.list"))
        return max(map(int, re.findall(r"order_id=(\d+)", page)), default=0)

    # ---- a buyer

    def place(self, items, coupon="", email="buyer@example.com", pay="cod", ship="flat.flat"):
        """An order of a guest, confirmed; gives its number. `items`: product id -> pieces."""
        before, buyer = self.last_order(), Visitor(self.url)
        buyer.text("/index.php?route=common/home")
        for product, pieces in items.items():
            buyer.json(f"/index.php?route={self.route('checkout/cart', 'add')}", {"product_id": product, "quantity": pieces})
        if coupon:
            page = {"3": "extension/total/coupon/coupon", "4.0": "extension/opencart/total/coupon.save",
                    "4.1": "extension/opencart/checkout/coupon.save"}
            key = "3" if self.is_three else self.version[:3]
            buyer.json(f"/index.php?route={page[key]}", {"coupon": coupon})
        buyer.text("/index.php?route=checkout/checkout")
        if self.is_three:
            self._check_out_three(buyer, email, pay, ship)
        else:
            self._check_out_four(buyer, email, pay, ship)
        order = self.last_order()
        if order == before:
            raise ShopError("no order came of it")
        return order

    def _address(self, buyer):
        page = buyer.text(f"/index.php?route=checkout/{'guest' if self.is_three else 'checkout'}")
        country = re.search(r'<option value="(\d+)"[^>]*>(?:Russia|Росси)', page)[1]
        route = "checkout/checkout/country" if self.is_three else "localisation/country"
        zones = json.loads(buyer.text(f"/index.php?route={route}&country_id={country}"))["zone"]
        zone = next((one for one in zones if "Mos" in one["name"] or "Мос" in one["name"]), zones[0])["zone_id"]
        return {"company": "", "address_1": "Ленина, 1", "address_2": "", "city": "Москва", "postcode": "101000",
                "country_id": country, "zone_id": zone}

    def _check_out_three(self, buyer, email, pay, ship):
        who = {"customer_group_id": 1, "firstname": "Иван", "lastname": "Петров", "email": email, "telephone": "+79001234567"}
        buyer.json("/index.php?route=checkout/guest/save", {**who, **self._address(buyer), "shipping_address": 1})
        if ship:
            buyer.text("/index.php?route=checkout/shipping_method")
            buyer.json("/index.php?route=checkout/shipping_method/save", {"shipping_method": ship, "comment": ""})
        buyer.text("/index.php?route=checkout/payment_method")
        buyer.json("/index.php?route=checkout/payment_method/save", {"payment_method": pay, "comment": "", "agree": 1})
        buyer.text("/index.php?route=checkout/confirm")
        buyer.json(f"/index.php?route=extension/payment/{pay}/confirm")

    def _check_out_four(self, buyer, email, pay, ship):
        who = {"customer_group_id": 1, "firstname": "Иван", "lastname": "Петров", "email": email, "telephone": "+79001234567"}
        address = {f"shipping_{name}": value for name, value in self._address(buyer).items()}
        buyer.json("/index.php?route=checkout/register.save", {**who, "account": 0, "agree": 1, "address_match": 0, "password": "",
                   "shipping_firstname": "Иван", "shipping_lastname": "Петров", **address})
        if ship:
            buyer.json("/index.php?route=checkout/shipping_method.quote")
            buyer.json("/index.php?route=checkout/shipping_method.save", {"shipping_method": ship})
        buyer.json("/index.php?route=checkout/payment_method.getMethods")
        buyer.json("/index.php?route=checkout/payment_method.save", {"payment_method": f"{pay}.{pay}"})
        buyer.text("/index.php?route=checkout/confirm.confirm")
        buyer.json(f"/index.php?route=extension/opencart/payment/{pay}.confirm")
