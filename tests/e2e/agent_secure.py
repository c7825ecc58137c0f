"""The agent behind TLS with a CA of its own, and behind proxies."""
import pathlib
import shutil
import tempfile

from agent_fakes import FakeGateway, Proxy
from certificates import Authority, openssl
from processes import free_ports


class Secure:
    """TLS with a CA of its own, and proxies. `make_certificates` is called once for the class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificates = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-ca-"))
        cls.addClassCleanup(shutil.rmtree, cls.certificates, ignore_errors=True)
        make_certificates(cls.certificates)

    def secure_gateway(self, name="server"):
        self.gateway.stop()
        self.gateway = FakeGateway(tls=(self.certificates / f"{name}.crt", self.certificates / f"{name}.key"))

    def ca(self):
        return self.platform.path(self.certificates / "ca.crt")

    def test_PrivateCaIsTrusted(self):
        self.secure_gateway()
        agent = self.start({"kkt1": {"ca": self.ca()}})
        self.assertReport(self.give(), "answered", 1)
        self.after_tls(agent)

    def after_tls(self, agent):
        pass

    def test_CertificateOfAnotherCaIsNot(self):
        self.secure_gateway("stranger")
        self.configure({"kkt1": {"ca": self.ca()}})
        self.assertIn("is not trusted", self.run_command("check").text)
        self.assertEqual(self.gateway.seen, [], "the key must not be sent")
        self.configure()
        self.assertIn("is not trusted", self.run_command("check").text)
        self.assertEqual(self.gateway.seen, [], "the key must not be sent")

    def test_CertificateOfAnotherNameIsNot(self):
        self.secure_gateway("othername")
        self.configure({"kkt1": {"ca": self.ca()}})
        self.assertIn("is not trusted", self.run_command("check").text)
        self.assertEqual(self.gateway.seen, [], "the key must not be sent")

    def test_ProxyIsUsed(self):
        self.secure_gateway()
        proxy = Proxy()
        self.addCleanup(proxy.stop)
        self.start({"kkt1": {"ca": self.ca(), "proxy": proxy.url}})
        self.assertReport(self.give(), "answered", 1)
        proxy.wait(lambda line: line.startswith(f"CONNECT localhost:{self.gateway.port} "), "tunnel")
        self.assertEqual([line for line in proxy.seen if "CONNECT" not in line], [], "the driver is not behind it")

    def test_ProxyThatIsOffIsNamed(self):
        port = free_ports(1)[0]
        self.configure({"kkt1": {"proxy": f"http://127.0.0.1:{port}"}})
        self.assertEqual(self.run_command("check").returncode, 1)
        self.assertEqual(self.gateway.seen, [])


def make_certificates(folder):
    """ca.crt; server.crt for localhost by it; othername.crt for another name by it; stranger.crt by nobody."""
    authority = Authority(folder)
    authority.issue_for_server()
    authority.issue("othername", "elsewhere.example", "serverAuth", "subjectAltName=DNS:elsewhere.example")
    authority.make_key("stranger")
    openssl(folder, "req", "-x509", "-key", "stranger.key", "-days", "2", "-subj", "/CN=localhost", "-out", "stranger.crt",
            "-addext", "subjectAltName=DNS:localhost")
