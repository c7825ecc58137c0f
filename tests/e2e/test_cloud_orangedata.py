"""Orange Data as a register."""
import http.client
import ssl
import subprocess

from cloud_support import CloudCase, Conformance
from certificates import Authority
from test_cloud_bifit import COMMON_FAULTS


class OrangeData(Conformance, CloudCase):
    PROVIDER = "orangedata"
    STEPS = (("document", b"/api/v2/documents/"), ("question", b"/status/"))
    PASSING_FAULTS = COMMON_FAULTS + (("conflict-409", {"count": 1}), ("expire-524", {"count": 1}))
    REPLACED_SECRETS = ("signing_key",)

    def secret_words(self, values):
        if any(set(value) == {"0"} for value in values.values()):  # a key, but another
            made = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], check=True,
                                  capture_output=True, text=True).stdout
            values = {name: made for name in values}
        return super().secret_words(values)

    def test_TheClientCertificateIsShown(self):
        token = self.cloud_register("orangedata-tls", self.service.tls_url)
        self.end_done(self.send(token=token))

    def test_ACertificateOfNobodysIsAnsweredAsDescribed(self):
        certificate, key = Authority(self.folder, "nobody-ca").issue_for_client("nobody")
        trusted = ssl.create_default_context(cafile=self.service.authority)
        trusted.load_cert_chain(certificate, key)
        for method, path in (("GET", "/api/v2/documents/7725327863/status/any"), ("POST", "/api/v2/documents/"),
                             ("GET", "/emulator/status")):
            with self.subTest(path):
                connection = http.client.HTTPSConnection("localhost", self.service.tls_port, timeout=10, context=trusted)
                connection.request(method, path, b"{}" if method == "POST" else None, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                self.assertEqual((answer.status, answer.read()), (401, b""))
                connection.close()

    def test_AnUnknownClientIsRefusedAndWaits(self):
        name = "orangedata-stranger"
        certificate, key = Authority(self.folder, "stranger-ca").issue_for_client("stranger")
        token = self.cloud_register(name, self.service.tls_url)
        self.stand.admin("register", "set", name, "--setting-file", f"client_certificate={certificate}",
                         "--secret", f"client_key=@{key}")
        task_id = self.send(token=token)
        self.until(task_id, lambda status: status["wait_reason"], 30)
        self.assertPrintedOnce(0)
        self.stand.admin("register", "set", name, "--setting-file", f"client_certificate={self.service.client[0]}",
                         "--secret", f"client_key=@{self.service.client[1]}")
        self.end_done(task_id, 90)

    def test_ACorrectionIsFiscalised(self):
        package = self.sale()
        package[0]["data"] = {"receiptType_1054": 1, "taxationType_1055": 1, "total_1020": 11, "payments": {"ecash_1081": 11},
                              "correctionType_1173": 1, "vatSum20_1102": 1.83, "timeZone_1011": 2,
                              "correctionBasis_1174": {"date_1178": "15.01.2025", "documentNumber_1179": "7-08/123"}}
        self.end_done(self.send(package))
