"""Certificates of an authority of our own, by the openssl program: for servers on loopback and for clients."""
import subprocess


def openssl(folder, *words):
    subprocess.run(["openssl", *map(str, words)], cwd=folder, check=True, capture_output=True)


class Authority:
    """Files in one folder: NAME.crt and NAME.key, as PEM; two days."""

    def __init__(self, folder, name="ca"):
        self.folder, self.name = folder, name
        self.make_key(name)
        openssl(folder, "req", "-x509", "-key", f"{name}.key", "-days", "2", "-subj", f"/CN=An authority of ours ({name})",
                "-out", f"{name}.crt", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    @property
    def certificate(self):
        return self.folder / f"{self.name}.crt"

    def make_key(self, name):
        openssl(self.folder, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", f"{name}.key")
        (self.folder / f"{name}.key").chmod(0o600)

    def issue(self, name, subject, usage, more=""):
        """Gives (certificate, key)."""
        self.make_key(name)
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"extendedKeyUsage={usage}\nkeyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n{more}\n")
        openssl(self.folder, "req", "-new", "-key", f"{name}.key", "-subj", f"/CN={subject}", "-out", f"{name}.csr")
        openssl(self.folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.name}.crt", "-CAkey", f"{self.name}.key",
                "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", f"{name}.crt")
        return self.folder / f"{name}.crt", self.folder / f"{name}.key"

    def issue_for_server(self, name="server", host="localhost"):
        return self.issue(name, host, "serverAuth", f"subjectAltName=DNS:{host},IP:127.0.0.1")

    def issue_for_client(self, name="client"):
        return self.issue(name, name, "clientAuth")
