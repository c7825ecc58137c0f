"""conf/cluster: the files that a hosting engineer copies can be read by the programs they are for."""
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import tempfile
import unittest

from support import BUILD, ROOT
from processes import free_ports, port_is_taken, start, stop, wait_until

CONF = ROOT / "conf" / "cluster"
SBIN = "/usr/sbin:/usr/bin:/bin"


class ClusterConf(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-conf-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def place(self, name, target=None, **changes):
        text = (CONF / name).read_text(encoding="utf-8").replace("@NAME@", "a").replace("@ADDRESS@", "127.0.0.1")
        for old, new in changes.items():
            text = text.replace(old, new)
        path = self.folder / (target or pathlib.Path(name).name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run_program(self, *command):
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, env={"PATH": SBIN, "HOME": "/"})

    def test_NginxTakesTheSite(self):
        for path in (ROOT / "conf" / "nginx" / "snippets").glob("*.conf"):
            (self.folder / "snippets").mkdir(exist_ok=True)
            shutil.copy(path, self.folder / "snippets")
        self.place("nginx/fiscalgate-repeatable.conf", "snippets/fiscalgate-repeatable.conf")
        self.place("nginx/fiscalgate.conf", "site.conf")
        temporary = "".join(f" {kind}_temp_path {kind};\n" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
        (self.folder / "nginx.conf").write_text(f"pid nginx.pid; error_log error.log;\nevents {{}}\nhttp {{\n access_log off;\n{temporary}"
                                                " include site.conf;\n}\n")
        done = self.run_program("nginx", "-t", "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_TheGatewayTakesItsConfigurationBothWays(self):
        path = self.place("fiscalgate.toml")
        lines = path.read_text(encoding="utf-8").splitlines()
        urls = [line for line in lines if line.startswith(("url =", "# url ="))]
        self.assertEqual(len(urls), 2)
        for url in urls:
            others = [line for line in lines if line not in urls]
            place = others.index("[store]") + 1
            path.write_text("\n".join(others[:place] + [url.removeprefix("# ")] + others[place:]), encoding="utf-8")
            done = self.run_program(BUILD / "fiscalgate", "--check-config", "--config", path)
            self.assertEqual((done.returncode, done.stdout.strip()), (0, "OK"), done.stdout)

    @unittest.skipUnless(shutil.which("pgbouncer", path=SBIN), "no pgbouncer here")
    def test_PgbouncerTakesItsConfiguration(self):
        port = free_ports(1)[0]
        path = self.place("pgbouncer.ini", **{"/var/run/postgresql": str(self.folder), "/var/log/postgresql": str(self.folder),
                                              "/etc/pgbouncer": str(self.folder), "6432": str(port)})
        self.place("pgbouncer.ini", "userlist.txt").write_text('"fiscalgate" "x"\n')
        self.folder.chmod(0o777)
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None  # it refuses to run as root
        said = self.folder / "said"
        process = start(["pgbouncer", path], said, env={"PATH": SBIN},
                        before=lambda: user and (os.setgroups([]), os.setgid(user.pw_gid), os.setuid(user.pw_uid)))
        self.addCleanup(stop, process)
        wait_until(lambda: port_is_taken(port), 20, "pgbouncer", alive=[process])
        self.assertNotRegex(said.read_text(), "WARNING|ERROR|FATAL")

    @unittest.skipUnless(shutil.which("haproxy", path=SBIN), "no haproxy here")
    def test_HaproxyTakesItsConfiguration(self):
        done = self.run_program("haproxy", "-c", "-f", self.place("haproxy.cfg"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("WARNING", done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("patroni", path=SBIN), "no patroni here")
    def test_PatroniTakesItsConfiguration(self):
        # Of its own address it wants that it is not 127.0.0.1.
        path = self.place("patroni.yml", **{"/var/lib/postgresql": str(self.folder), "127.0.0.1:": "127.20.0.11:", "10.20.0.": "127.20.0."})
        done = self.run_program("patroni", "--validate-config", path)
        faults = [line for line in (done.stdout + done.stderr).splitlines() if "didn't pass" in line]
        # Nobody runs on this machine, and it may be that somebody does on those ports.
        self.assertEqual([line for line in faults if "hosts" not in line and "listen" not in line], [], done.stdout)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd here")
    def test_SystemdTakesTheDropIns(self):
        units = self.folder / "usr/lib/systemd/system"
        units.mkdir(parents=True)
        (self.folder / "usr/bin").mkdir(parents=True)
        for program in ("fiscalgate", "patroni"):
            shutil.copy(BUILD / "fiscalgate", self.folder / "usr/bin" / program)
        for name in ("fiscalgate.service", "fiscalgate.socket"):
            shutil.copy(ROOT / "conf" / "systemd" / name, units)
        (units / "patroni.service").write_text("[Service]\nExecStart=/usr/bin/patroni\n")
        for name in ("fiscalgate.service", "fiscalgate.socket", "patroni.service"):
            self.place(f"systemd/{name}.conf", f"etc/systemd/system/{name}.d/cluster.conf")
        done = subprocess.run(["systemd-analyze", "verify", f"--root={self.folder}", "fiscalgate.service", "fiscalgate.socket",
                               "patroni.service"], capture_output=True, text=True)
        self.assertEqual(re.findall(r"cluster\.conf:\d+: .*", done.stderr), [], done.stderr)

    def test_ThePageNamesEveryFile(self):
        page = (CONF / "README.md").read_text(encoding="utf-8")
        for path in CONF.rglob("*"):
            if path.is_file() and path.name != "README.md":
                self.assertIn(path.name, page)


if __name__ == "__main__":
    unittest.main()
