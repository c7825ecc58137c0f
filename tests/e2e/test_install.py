"""`make install`, the units and the nginx site: what a packager or a hosting engineer meets."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import BUILD, ROOT


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.root, ignore_errors=True)
        # -o: what is built is taken as it is.
        done = subprocess.run(["make", "install", f"DESTDIR={cls.root}", f"BUILD={BUILD}", "-o", f"{BUILD}/fiscalgate", "-o", f"{BUILD}/fiscalgate-agent"],
                              cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)

    def test_FilesAreWhereTheyBelong(self):
        for path, mode in (("usr/bin/fiscalgate", 0o755), ("usr/bin/fiscalgate-agent", 0o755), ("etc/fiscalgate/fiscalgate.toml", 0o644),
                           ("usr/lib/systemd/system/fiscalgate.service", 0o644),
                           ("usr/lib/systemd/system/fiscalgate.socket", 0o644),
                           ("usr/lib/sysusers.d/fiscalgate.conf", 0o644), ("etc/nginx/sites-available/fiscalgate", 0o644),
                           ("etc/nginx/snippets/fiscalgate-gateway.conf", 0o644),
                           ("usr/share/doc/fiscalgate/README.md", 0o644)):
            self.assertEqual((self.root / path).stat().st_mode & 0o777, mode, path)
        version = subprocess.run([self.root / "usr/bin/fiscalgate", "--version"], capture_output=True, text=True)
        self.assertRegex(version.stdout, r"^fiscalgate \d+\.\d+\.\d+")

    def test_ConfigurationOfTheOperatorIsKept(self):
        config = self.root / "etc/fiscalgate/fiscalgate.toml"
        config.write_text("# mine\n")
        subprocess.run(["make", "install", f"DESTDIR={self.root}", f"BUILD={BUILD}", "-o", f"{BUILD}/fiscalgate", "-o", f"{BUILD}/fiscalgate-agent"], cwd=ROOT,
                       capture_output=True, check=True)
        self.assertEqual(config.read_text(), "# mine\n")

    def test_NginxTakesTheSite(self):
        nginx = self.root / "etc/nginx"
        conf = nginx / "nginx.conf"
        conf.write_text("pid nginx.pid; error_log error.log;\nevents {}\nhttp {\n access_log off;\n" + "".join(
            f" {kind}_temp_path {kind};\n" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
            + " include sites-available/fiscalgate;\n}\n")
        done = subprocess.run(["nginx", "-t", "-p", nginx, "-c", conf, "-e", nginx / "error.log"], capture_output=True,
                              text=True, env={"PATH": "/usr/sbin:/usr/bin:/bin"})
        self.assertEqual(done.returncode, 0, done.stderr)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd here")
    def test_SystemdTakesTheUnits(self):
        done = subprocess.run(["systemd-analyze", "verify", f"--root={self.root}", "fiscalgate.service", "fiscalgate.socket"],
                              capture_output=True, text=True)
        # The folder holds no other units and no kill; what is wrong in ours comes with a line number.
        faults = re.findall(r"fiscalgate\.\w+:\d+: .*", done.stderr)
        self.assertEqual(faults, [], done.stderr)


if __name__ == "__main__":
    unittest.main()
