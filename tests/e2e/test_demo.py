"""`make demo` and `make run` as a person meets them: a life of a receipt, clear messages, nothing left behind."""
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from support import BUILD, ROOT
from processes import die_with_parent, free_ports, wait_until
from protocol import request


def processes_in(folder):
    """Pids whose working directory is in the folder."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.readlink(entry / "cwd").startswith(str(folder)):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


class Demo(unittest.TestCase):
    def setUp(self):
        self.build = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate demo "))  # a path with a space
        self.addCleanup(shutil.rmtree, self.build, ignore_errors=True)
        for program in ("fiscalgate", "fiscalgate-agent"):
            (self.build / program).symlink_to(BUILD / program)
        self.ports = free_ports(3)

    def command(self, *more):
        names = ("--port", "--kkt-port", "--shop-port")
        ports = [str(word) for pair in zip(names, self.ports) for word in pair]
        return [sys.executable, str(ROOT / "conf" / "demo" / "demo.py"), "--build", str(self.build), *ports, *more]

    def run_once(self, *more):
        return subprocess.run(self.command("--once", *more), capture_output=True, text=True, timeout=120)

    def start(self):
        process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   preexec_fn=die_with_parent(signal.SIGTERM))
        self.addCleanup(process.stdout.close)
        return process

    def assertNothingLeft(self):
        wait_until(lambda: not processes_in(self.build), 10, "an end of all processes")

    def test_DemoReachesTheRegisterByAnAgent(self):
        done = self.run_once("--via", "agent")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for part in ("an agent beside the register", "sent to the register", "done", "callback delivered", "agent ok", "stopped"):
            self.assertIn(part, done.stdout)
        self.assertNothingLeft()

    def test_DemoShowsALifeAndEndsWell(self):
        for _ in range(2):  # over an old folder as well
            done = self.run_once()
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            for part in ("accepted", "sent to the register", "done", "callback delivered", "fn_1041", "fpd_1077", "t=", "stopped"):
                self.assertIn(part, done.stdout)
            self.assertNothingLeft()

    def test_RunStaysAndItsValuesWork(self):
        process = self.start()
        env = self.build / "run" / "demo.env"
        wait_until(lambda: "Ctrl-C" in process.stdout.readline(), 60, "the end of the life")
        values = subprocess.run(["sh", "-ec", f'. "{env}"; echo "$BASE_URL $EMULATOR_URL $BIT_ACCOUNT_ID $BIT_KKT_TOKEN '
                                 '$BIT_DATAINTEGRITY_CODE $CALLBACK_URL"'], capture_output=True, text=True, check=True)
        self.assertEqual(len(values.stdout.split()), 6)
        self.assertEqual(request(values.stdout.split()[0] + "/readyz").status, 200)
        post = subprocess.run([sys.executable, ROOT / "conf" / "demo" / "post.py", env, "--order", "my-1", "--sum", "5.50"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(post.returncode, 0, post.stdout + post.stderr)
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        self.assertEqual(process.wait(30), 0, rest)
        self.assertIn("stopped", rest)
        self.assertNothingLeft()

    def test_TakenPortIsAClearMessage(self):
        for index, variable in enumerate(("PORT", "KKT_PORT", "SHOP_PORT")):
            with self.subTest(variable), socket.create_server(("127.0.0.1", self.ports[index])):
                done = self.run_once()
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"{variable}={self.ports[index] + 1}", done.stdout)
                self.assertNotIn("Traceback", done.stdout + done.stderr)

    def test_SecondRunInTheSameFolderIsAClearMessage(self):
        process = self.start()
        wait_until(lambda: (self.build / "run" / "demo.env").exists(), 60, "start", alive=[process])
        self.ports = free_ports(3)
        done = self.run_once()
        self.assertEqual(done.returncode, 1)
        self.assertIn("BUILD=", done.stdout)
        process.terminate()
        process.communicate(timeout=30)
        self.assertNothingLeft()

    def test_KilledInMidStartItLeavesNothing(self):
        for _ in range(6):
            process = self.start()
            time.sleep(random.uniform(0.05, 1.2))
            process.kill()
            process.wait()
            self.assertNothingLeft()
        done = self.run_once()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
