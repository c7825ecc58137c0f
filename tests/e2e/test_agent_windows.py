"""The agent for Windows, under wine: what it must do on any platform, and as a service."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from agent_program import REQUEST, Agents, Behaviour
from agent_real import Real
from agent_secure import Secure
from agent_support import AgentCase
from agent_fakes import MESSAGE, PATIENCE, hold_then_answer
from processes import die_with_parent, wait_until
from support import BUILD

WINE = "/usr/lib/wine/wine64"
WINE_SERVER = "/usr/lib/wine/wineserver64"


class Wine:
    """A Windows of our own in a folder, for all tests of the module; it ends with them."""
    stops_by_signal = False
    command = [WINE, str(BUILD / "fiscalgate-agent.exe")]

    @staticmethod
    def path(path):
        return "Z:" + str(path).replace("/", "\\")

    @classmethod
    def begin(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-wine-"))
        cls.env = dict(os.environ, WINEPREFIX=str(cls.folder), WINEDEBUG="-all", WINEDLLOVERRIDES="mscoree,mshtml=",
                       XDG_RUNTIME_DIR=str(cls.folder), DISPLAY="")
        cls.serve()
        cls.run("wineboot", "--init")
        # The first start leaves the service manager busy for half a minute; the second one does not.
        cls.leave()
        cls.serve()
        cls.run("cmd", "/c", "exit")  # the first process starts the services; they keep its output open

    @classmethod
    def serve(cls):
        # In the foreground, so that it is ours to end.
        cls.server = subprocess.Popen([WINE_SERVER, "-f", "-p"], env=cls.env, preexec_fn=die_with_parent(),
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @classmethod
    def run(cls, *words):
        subprocess.run([WINE, *words], env=cls.env, check=True, timeout=120, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    @classmethod
    def leave(cls):
        subprocess.run([WINE_SERVER, "-k"], env=cls.env)
        cls.server.wait(30)

    @classmethod
    def end(cls):
        cls.leave()
        shutil.rmtree(cls.folder, ignore_errors=True)


def setUpModule():
    Wine.begin()


def tearDownModule():
    Wine.end()


class Windows(Behaviour, Agents):
    platform = Wine


class WindowsSecure(Secure, Agents):
    platform = Wine


class WindowsAndTheRealGateway(Real, AgentCase):
    platform = Wine


class Service(Agents):
    """Installed by the program itself with wine's service manager."""
    platform = Wine

    def command(self, *words):
        done = subprocess.run([*self.platform.command, *words, "--lang", "en"], env=self.platform.env, capture_output=True,
                              timeout=150)
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")

    def log(self):
        path = Wine.folder / "drive_c/ProgramData/fiscalgate-agent/agent.log"
        return path.read_text() if path.exists() else "no log"

    def test_InstalledServiceWorksAndStopsInPeace(self):
        data = Wine.folder / "drive_c/ProgramData/fiscalgate-agent"
        status, text = self.command("install", "--gateway", self.gateway.url, "--key", "key-one", "--driver", self.driver.url)
        self.assertEqual(status, 0, text + self.log())
        self.assertTrue((Wine.folder / "drive_c/Program Files/fiscalgate-agent/fiscalgate-agent.exe").exists())
        self.assertReport(self.gateway.give(REQUEST), "answered", 1)
        status, text = self.command("check")
        self.assertEqual(status, 0, text)

        self.driver.script = hold_then_answer
        lease = self.gateway.give(REQUEST)
        self.driver.wait(lambda _: len(self.driver.requests) == 2, "request")
        removing = subprocess.Popen([*self.platform.command, "uninstall", "--purge"], env=self.platform.env,
                                    stdout=subprocess.DEVNULL, preexec_fn=die_with_parent())
        self.addCleanup(removing.kill)
        wait_until(lambda: "the agent is stopping" in self.log(), PATIENCE, "order to stop")
        self.driver.release.set()
        self.assertEqual(self.assertReport(lease, "answered", 2)[3], MESSAGE)
        self.assertEqual(removing.wait(60), 0, self.log())
        self.assertIn("the agent has stopped", self.log())
        self.assertNotIn("key-one", self.log())
        self.assertFalse((data / "agent.conf").exists())


if __name__ == "__main__":
    unittest.main()
