"""Emulated cloud services beside a stand: their processes, their secrets, and the register that is set up for each.

A service is played by `fiscalgate emulator bifit|begateway|orangedata` behind nginx, a register at it is set up with the same
admin command as a real one, and with the values confirmed that its emulator tells to understand: what a real provider has not
documented, an operator confirms for himself.
"""
import json
import pathlib
import secrets

from certificates import Authority, openssl
from processes import free_ports
from stand import Emulator

SALE = pathlib.Path(__file__).resolve().parent / "sale.json"
PROVIDERS = ("bifit", "bepaid", "freepayment", "orangedata")
SERVICES = {"bifit": "bifit", "bepaid": "begateway", "freepayment": "begateway", "orangedata": "orangedata"}
INN = "7725327863"
FFD_VERSION = "1.05"  # of the sale below: beGateway knows no other


def sale(provider):
    """The same receipt for every provider; where the provider takes the money too, with the payment before it."""
    package = json.loads(SALE.read_text(encoding="utf-8"))
    if SERVICES[provider] == "begateway":
        total = sum(package[0]["data"]["payments"].values())
        package.insert(0, {"name": "Оплата", "type": "bnkCardPayment", "data": {"sum": total, "card_token": "card-of-a-buyer"}})
    return package


class CloudService(Emulator):
    """One emulated service; what a register must know of it is made before it starts."""
    service = ""

    def __init__(self, stand, name, port):
        super().__init__(stand, name, port)
        self.certifier = Authority(stand.folder, f"{name}-ca")
        self.authority = self.certifier.certificate
        self.server, self.tls_port = self.certifier.issue_for_server(f"{name}-server"), free_ports(1)[0]
        self.make_secrets()

    @property
    def command(self):
        return [self.stand.program, "emulator", self.service, "--socket", self.socket, "--state", f"./{self.name}",
                *map(str, self.options())]

    def make_secrets(self):
        pass

    def tls(self):
        """Of nginx in front of it."""
        return {"tls_port": self.tls_port, "certificate": self.server[0], "key": self.server[1]}

    @property
    def tls_url(self):
        """Where it is reached in the way of the real service; `url` is the same without TLS, for those who listen in."""
        return f"https://localhost:{self.tls_port}"

    def options(self):
        return []

    def settings(self, provider, url):
        """name -> value, as of `admin register add --setting`."""
        raise NotImplementedError

    def setting_files(self, url):
        return {"trusted_authorities": self.authority} if url.startswith("https:") else {}

    def secrets(self, url=""):
        """name -> value: given by files, never on a command line."""
        raise NotImplementedError

    def file(self, name):
        return self.stand.folder / f"{self.name}.{name}"

    def write_file(self, name, text):
        path = self.file(name)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return path

    def register_words(self, provider, url=None, mapping=True):
        words = ["--provider", provider, "--ffd-version", FFD_VERSION]
        for name, value in self.settings(provider, url or self.url).items():
            words += ["--setting", f"{name}={value}"]
        for name, path in self.setting_files(url or self.url).items():
            words += ["--setting-file", f"{name}={path}"]
        for name, value in self.secrets(url or self.url).items():
            words += ["--secret", f"{name}=@{self.write_file(name, value)}"]
        if mapping:
            words += ["--mapping", f"@{self.write_file('mapping.json', self.mapping())}"]
        return words

    def mapping(self):
        """The names that the running emulator understands beyond the documented ones."""
        return self.control("/emulator/mapping", method="GET").text

    def processing(self, milliseconds):
        return self.control("/emulator/settings", {"processing_ms": milliseconds})

    def documents(self):
        return self.control("/emulator/documents", method="GET").json


class Bifit(CloudService):
    service = "bifit"

    def make_secrets(self):
        self.connector_token, self.broker_token = secrets.token_hex(25), secrets.token_hex(16)

    def options(self):
        return ["--connector-token", self.connector_token, "--broker-token", self.broker_token]

    def settings(self, provider, url):
        return {"url": f"{url}/processing-api"}

    def secrets(self, url=""):
        return {"connector_token": self.connector_token, "broker_token": self.broker_token}


class Begateway(CloudService):
    service = "begateway"

    def make_secrets(self):
        self.shop_id, self.secret_key = "361", secrets.token_hex(32)

    def options(self):
        return ["--shop-id", self.shop_id, "--secret-key", self.secret_key, "--public-url", self.url]

    def settings(self, provider, url):
        return {"gateway_url": url, "checkout_url": url, "api_url": url, "shop_id": self.shop_id, "operator_group": "MAIN"}

    def secrets(self, url=""):
        return {"secret_key": self.secret_key}


class OrangeData(CloudService):
    """Over TLS it asks for a client certificate, as the service itself does."""
    service = "orangedata"

    def make_secrets(self):
        folder = self.stand.folder
        self.signing_key = self.file("signing.pem")
        openssl(folder, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.signing_key)
        openssl(folder, "pkey", "-in", self.signing_key, "-pubout", "-out", self.file("public.pem"))
        self.signing_key.chmod(0o600)
        self.client = self.certifier.issue_for_client(f"{self.name}-client")

    def tls(self):
        return {**super().tls(), "client_authority": self.authority}

    def options(self):
        return ["--public-key", self.file("public.pem"), "--inn", INN]

    def settings(self, provider, url):
        return {"url": url, "inn": INN, "group": "Main"}

    def setting_files(self, url):
        files = super().setting_files(url)
        return {**files, "client_certificate": self.client[0]} if files else files

    def secrets(self, url=""):
        signing = {"signing_key": self.signing_key.read_text()}
        return {**signing, "client_key": self.client[1].read_text()} if url.startswith("https:") else signing


CLASSES = {"bifit": Bifit, "begateway": Begateway, "orangedata": OrangeData}


def add_service(stand, provider, name=None, port=None):
    """An emulated service for that provider, before the stand starts."""
    service = SERVICES[provider]
    emulator = CLASSES[service](stand, name or service, port or free_ports(1)[0])
    stand.nginx.add_emulator(emulator.port, emulator.socket, name=f"fiscalgate_{emulator.name}",
                               kind="fiscalgate-emulator-cloud.conf", **emulator.tls())
    stand.emulators.append(emulator)
    return emulator
