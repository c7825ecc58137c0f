"""Public clients of providers, unchanged, against the emulated services."""
import json
import pathlib
import subprocess
import tempfile
import unittest

from support import BUILD, ROOT
from certificates import openssl
from cloud import INN, add_service
from stand import Stand

MODULES = ROOT / "build" / "clients"


class NodeOrangeData(unittest.TestCase):
    """The vendor's own client, from npm, over TLS with a client certificate."""

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="fiscalgate-clients-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        cls.stand = Stand(cls.folder, BUILD)
        cls.addClassCleanup(cls.stand.stop)
        cls.service = add_service(cls.stand, "orangedata").start()
        cls.stand.nginx.start(cls.folder)

    def run_client(self):
        openssl(self.folder, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "foreign.pem")
        about = {"modules": str(MODULES), "url": f"{self.service.tls_url}/api/v2", "inn": INN,
                 "ca": str(self.service.authority), "certificate": str(self.service.client[0]),
                 "key": str(self.service.client[1]), "signing_key": str(self.service.signing_key),
                 "foreign_key": str(self.folder / "foreign.pem")}
        done = subprocess.run(["node", ROOT / "tests" / "clients" / "orangedata.cjs", json.dumps(about)], capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return {step["step"]: step for step in map(json.loads, done.stdout.splitlines())}

    def test_ItSendsAsksAndIsRefusedAsByTheService(self):
        steps = self.run_client()
        self.assertEqual(steps["order"]["status"], 201)
        self.assertEqual(steps["same order"]["status"], 409)
        self.assertEqual(steps["correction"]["status"], 201)
        self.assertEqual(steps["foreign signature"]["status"], 400)
        self.assertTrue(steps["foreign signature"]["errors"])
        self.assertEqual(steps["unknown order"]["status"], 400)
        documents = self.service.documents()
        answers = [steps[name]["answer"] for name in ("order status", "correction status")]
        self.assertEqual([(a["fsNumber"], str(a["documentNumber"]), a["fp"]) for a in answers],
                         [(d["fn"], str(d["fd"]), d["fpd"]) for d in documents])
