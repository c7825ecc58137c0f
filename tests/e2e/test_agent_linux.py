"""The agent on Linux: what it must do on any platform, and what only Linux lets us see."""
import base64
import re
import resource
import signal
import stat
import subprocess
import unittest

from agent_program import Agents, Behaviour, Platform
from agent_real import Real
from agent_secure import Secure
from agent_support import AgentCase
from agent_fakes import MESSAGE, Proxy, hold_then_answer
from support import SHORT


def resident_kb(pid):
    with open(f"/proc/{pid}/status") as status:
        return max(int(line.split()[1]) for line in status if line.startswith(("VmRSS:", "VmHWM:")))


def files_up_to(size):
    """Writing behind that fails, as on a full disk."""
    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return prepare


class Linux(Behaviour, Agents):
    def test_FullDiskBeginsNothing(self):
        agent = self.start(before=files_up_to(70))  # the journal's own name fits, a lease does not
        self.assertReport(self.give(), "not_sent", 0, "cannot write its journal")
        agent.kill()
        self.restart()
        self.assertReport(self.give(), "answered", 1)

    def test_DiskThatFillsUpMeanwhileLosesNothing(self):
        agent = self.start(before=files_up_to(160))  # a lease fits, the answer does not
        self.assertEqual(self.assertReport(self.give(), "answered", 1)[3], MESSAGE)
        agent.line("cannot write the answer into the journal")

    def test_StopWaitsForTheDriver(self):
        self.driver.script = hold_then_answer
        agent = self.start()
        lease = self.give()
        self.driver.wait(lambda request: request, "request")
        agent.process.terminate()
        agent.line("is stopping")
        self.driver.release.set()
        self.assertEqual(self.assertReport(lease, "answered", 1)[3], MESSAGE)
        self.assertEqual(agent.end(), 0)
        agent.line("has stopped")

    def test_StopDoesNotWaitForever(self):
        self.driver.script = hold_then_answer
        agent = self.start(grace_s=1)
        lease = self.give()
        self.driver.wait(lambda request: request, "request")
        self.assertEqual(agent.stop(), 0)
        self.assertReport(lease, "no_answer", 1, "the agent was stopped")

    def test_SixteenRegistersAreSmall(self):
        registers = {f"kkt{n}": {"key": f"key-{n}"} for n in range(16)}
        agent = self.start(registers)
        for name in registers.values():
            self.assertEqual(self.gateway.report(self.give(key=name["key"]))[1], "answered")
        self.assertSmall(agent)

    def assertSmall(self, agent):
        if not SHORT:  # a sanitizer is not
            self.assertLess(resident_kb(agent.process.pid), 15 * 1024)


class LinuxSecure(Secure, Agents):
    def after_tls(self, agent):
        if not SHORT:
            self.assertLess(resident_kb(agent.process.pid), 15 * 1024)

    def test_ProxyMayWantALogin(self):
        proxy = Proxy(login=base64.b64encode(b"user:pass").decode())
        self.addCleanup(proxy.stop)
        self.secure_gateway()
        with_login = proxy.url.replace("http://", "http://user:pass@")
        self.configure({"kkt1": {"ca": self.ca(), "proxy": with_login}})
        self.assertEqual(self.run_command("check").returncode, 0)
        self.configure({"kkt1": {"ca": self.ca(), "proxy": proxy.url}})
        self.assertIn("the proxy does not let us through", self.run_command("check").text)


class LinuxAndTheRealGateway(Real, AgentCase):
    platform = Platform


class Install(Agents):
    """Into a folder that stands for the whole system: nothing is started."""

    def install(self, *words, stdin=None):
        done = subprocess.run([*self.platform.command, "install", "--root", str(self.folder), "--gateway", "https://gw.example",
                               *words], env=self.platform.env, capture_output=True, text=True, input=stdin)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("key-", done.stdout + done.stderr)
        return (self.folder / "etc/fiscalgate-agent/agent.conf").read_text()

    def mode(self, path):
        return stat.S_IMODE((self.folder / path).stat().st_mode)

    def test_FilesAreWhereTheyBelong(self):
        self.install("--key", "key-one")
        self.assertEqual(self.mode("etc/fiscalgate-agent/agent.conf"), 0o600)
        self.assertEqual(self.mode("usr/local/bin/fiscalgate-agent"), 0o755)
        self.assertEqual(self.mode("etc/systemd/system/fiscalgate-agent.service"), 0o644)
        done = subprocess.run(["systemd-analyze", "verify", f"--root={self.folder}", "fiscalgate-agent.service"],
                              capture_output=True, text=True)
        faults = re.findall(r"fiscalgate-agent\.service:\d+: .*", done.stderr)
        self.assertEqual(faults, [], done.stderr)

    def test_RegistersAreAddedAndReplaced(self):
        self.install("--key", "key-one")
        config = self.install("--key", "-", stdin="key-two\n")
        self.assertIn("[register kkt1]\ngateway = https://gw.example\nkey = key-one\n", config)
        self.assertIn("[register kkt2]\ngateway = https://gw.example\nkey = key-two\n", config)
        config = self.install("--key", "key-three", "--name", "KKT1", "--driver", "http://127.0.0.1:5000")
        self.assertNotIn("key-one", config)
        self.assertEqual(config.count("[register"), 2)
        subprocess.run([*self.platform.command, "uninstall", "--root", str(self.folder), "--name", "kkt2"], check=True,
                       capture_output=True)
        config = (self.folder / "etc/fiscalgate-agent/agent.conf").read_text()
        self.assertEqual(config.count("[register"), 1)
        subprocess.run([*self.platform.command, "uninstall", "--root", str(self.folder), "--purge"], check=True,
                       capture_output=True)
        left = sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        self.assertEqual(left, [])

    def test_BadSettingsChangeNothing(self):
        for words in (["--key", "key one"], ["--key", "k", "--driver", "https://x"], ["--key", "k", "--proxy", "socks://x"],
                      ["--key", "k", "--name", "a b"], ["--key", "k", "--gateway", "http://gw.example"], ["--key"], ["--nonsense"]):
            done = subprocess.run([*self.platform.command, "install", "--root", str(self.folder), "--gateway",
                                   "https://gw.example", *words], env=self.platform.env, capture_output=True, text=True)
            self.assertNotEqual(done.returncode, 0, words)
            self.assertTrue(done.stderr)
        self.assertFalse((self.folder / "etc/fiscalgate-agent/agent.conf").exists())


if __name__ == "__main__":
    unittest.main()
