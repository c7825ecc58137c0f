"""The agent as a program under test, on Linux and under wine, and what it must do on both."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest

from agent_fakes import MESSAGE, PATIENCE, FakeDriver, FakeGateway, Recorder, answer_with, hang_up_in_the_middle, hold_then_answer
from support import BUILD
from processes import die_with_parent

REQUEST = (b"POST / HTTP/1.1\r\nBIT_KKT_TOKEN: token\r\nBIT_BNK_TRM_TOKEN: \r\nContent-Type: application/json\r\n\r\n"
           + b'[{"name":"\xd0\xa7\xd0\xb5\xd0\xba\xff"}]\r\n\r\n\x00' + bytes(range(256)))
KEYS = ("key-one", "key-two")


class Running(Recorder):
    """An agent at work; what it logs is recorded line by line."""

    def __init__(self, command, env, before=None):
        super().__init__()
        tie = die_with_parent()

        def prepare():
            tie()
            if before:
                before()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                        env=env, preexec_fn=prepare)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.note(line.decode("utf-8", "replace").rstrip())
        self.note(f"the process has ended: {self.process.wait()}")

    def line(self, text, seconds=PATIENCE):
        return self.wait(lambda line: text in line, f"log line with {text!r}", seconds)

    def kill(self):
        self.process.kill()
        self.end()

    def stop(self):
        self.process.terminate()
        return self.end()

    def end(self):
        status = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.process.stdout.close()
        return status


class Platform:
    """Linux: the program as it is."""
    stops_by_signal = True
    command = [str(BUILD / "fiscalgate-agent")]
    env = dict(os.environ, LANG="en_US.UTF-8")

    @staticmethod
    def path(path):
        return str(path)


class Agents(unittest.TestCase):
    """A gateway, a driver and a folder for each test."""
    platform = Platform

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-agent-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.gateway = FakeGateway()
        self.addCleanup(lambda: self.gateway.stop())
        self.driver = FakeDriver()
        self.addCleanup(lambda: self.driver.stop())
        self.started = []

    def tearDown(self):
        for agent in self.started:
            if agent.process.poll() is None:
                agent.kill()
            for key in KEYS:
                self.assertNotIn(key, "\n".join(agent.seen))

    def configure(self, registers=None, **common):
        """registers: name -> settings over the usual ones."""
        text = f"lang = en\nstate = {self.platform.path(self.folder / 'state')}\n"
        text += "".join(f"{key} = {value}\n" for key, value in common.items())
        for name, settings in (registers or {"kkt1": {}}).items():
            settings = {"gateway": self.gateway.url, "key": "key-one", "driver": self.driver.url, **settings}
            text += f"[register {name}]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items())
        (self.folder / "agent.conf").write_text(text)

    def words(self, *words):
        return [*self.platform.command, *words, "--config", self.platform.path(self.folder / "agent.conf")]

    def start(self, registers=None, before=None, **common):
        self.configure(registers, **common)
        return self.restart(before)

    def restart(self, before=None):
        agent = Running(self.words("run"), self.platform.env, before)
        self.started.append(agent)
        return agent

    def run_command(self, *words):
        done = subprocess.run(self.words(*words), env=self.platform.env, capture_output=True, timeout=PATIENCE)
        done.text = (done.stdout + done.stderr).decode("utf-8", "replace")
        for key in KEYS:
            self.assertNotIn(key, done.text)
        return done

    def give(self, **more):
        return self.gateway.give(REQUEST, **more)

    def assertReport(self, lease, delivery, driver_requests, error=""):
        report = self.gateway.report(lease)
        self.assertEqual(report[1], delivery, report)
        self.assertIn(error, report[2])
        self.assertEqual(len(self.driver.requests), driver_requests)
        return report

    def nothing_held(self):
        """Once its last answer was taken, the agent polls with nothing in hand."""
        seen = self.gateway.seen
        last = max(place for place, call in enumerate(seen) if call.kind == "answer")
        self.gateway.wait(lambda call: call.kind == "lease" and seen.index(call) > last and
                          "Fiscalgate-Held" not in call.headers, "poll with nothing in hand")


class Behaviour:
    """What holds on both platforms."""

    def test_BothSidesGetTheBytesOfTheOther(self):
        agent = self.start()
        for number in (1, 2):
            self.assertEqual(self.assertReport(self.give(), "answered", number)[3], MESSAGE)
        head, _, body = REQUEST.partition(b"\r\n\r\n")
        host = self.driver.url.removeprefix("http://").encode()
        expected = head.replace(b"\r\n", b"\r\nHost: " + host + b"\r\n", 1)
        expected += f"\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        self.assertEqual(self.driver.requests[0], expected)
        poll = self.gateway.seen[0].headers
        self.assertRegex(poll["Fiscalgate-Agent"], "^[a-z2-7]{26}$")
        self.assertRegex(poll["Fiscalgate-Version"], r"^\d+\.\d+\.\d+ (linux|windows)-\w+$")
        self.assertRegex(poll["Fiscalgate-Clock"], r"^\d{13}$")
        agent.line("recorded it: applied")

    def test_DriverThatIsOffGotNothing(self):
        self.driver.stop()
        self.start()
        self.assertReport(self.give(), "not_sent", 0, "cannot reach the driver")
        lease = self.give()
        self.assertReport(lease, "not_sent", 0)
        poll = next(call for call in reversed(self.gateway.seen) if call.kind == "lease")
        self.assertEqual(poll.headers["Fiscalgate-Driver"], "unreachable")
        self.driver = FakeDriver(port=self.driver.port)
        self.assertReport(self.give(), "answered", 1)

    def test_AnswerThatIsCutOffIsNoAnswer(self):
        self.driver.script = hang_up_in_the_middle
        self.start()
        self.assertReport(self.give(), "no_answer", 1, "hung up in the middle")
        self.driver.script = lambda driver, connection: None
        self.assertReport(self.give(), "no_answer", 2)

    def test_SilentDriverIsNoAnswer(self):
        self.driver.script = hold_then_answer
        self.start()
        self.assertReport(self.give(timeout_ms=300), "no_answer", 1, "did not answer in time")

    def test_LongAnswers(self):
        head = b"HTTP/1.1 200 OK\r\n\r\n"
        longest = bytes(range(256)) * 4096
        self.driver.script = answer_with(head + longest[:-len(head)])  # ends where the driver hangs up
        self.start()
        self.assertEqual(self.assertReport(self.give(), "answered", 1)[3], head + longest[:-len(head)])
        self.driver.script = answer_with(head + longest)
        self.assertReport(self.give(), "no_answer", 2, "too long")
        self.driver.script = answer_with(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\nA: b\n\n"
                                         b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: x\r\n\r\n")
        self.assertEqual(self.assertReport(self.give(), "answered", 3)[3], b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nhello world")

    def test_LateRequestIsNotBegun(self):
        self.start()
        self.assertReport(self.give(begin_within=0), "not_sent", 0, "too late")

    def test_BadRequestIsNotBegun(self):
        self.start()
        for message in (b"POST / HTTP/1.1\r\nHost: elsewhere\r\n\r\n", b"GET http://elsewhere/ HTTP/1.1\r\n\r\n", b"nonsense"):
            self.assertReport(self.gateway.give(message), "not_sent", 0)

    def test_KilledWhileTheDriverWorks(self):
        self.driver.script = hold_then_answer
        agent = self.start()
        lease = self.give()
        self.driver.wait(lambda request: request, "request")
        agent.kill()
        status = self.run_command("status")
        self.assertIn("with the driver", status.text)
        self.restart()
        self.assertReport(lease, "no_answer", 1, "went down while the driver worked")
        self.driver.release.set()
        self.assertReport(self.give(), "answered", 2)

    def test_KilledBeforeTheAnswerWasRecorded(self):
        self.gateway.set_status("answer", 500)
        agent = self.start()
        lease = self.give()
        self.gateway.wait(lambda call: call.kind == "answer", "answer")
        agent.kill()
        self.gateway.set_status("answer", None)
        self.assertIn("answered", self.run_command("status").text)
        self.restart()
        self.assertEqual(self.assertReport(lease, "answered", 1)[3], MESSAGE)
        self.nothing_held()

    def test_LostAcknowledgementIsAskedForOnce(self):
        agent = self.start()
        self.gateway.wait(lambda call: call.kind == "lease", "poll")
        self.gateway.lose.add("answer")
        lease = self.give()
        agent.line("recorded it: repeated")
        self.assertEqual(self.gateway.repeats[lease], 1)
        self.assertReport(lease, "answered", 1)
        self.nothing_held()

    def test_LostLeaseLeavesNothingBehind(self):
        self.start()
        self.gateway.wait(lambda call: "Fiscalgate-Turn" in call.headers, "second poll")
        self.gateway.lose.add("lease")
        lost = self.give()
        self.assertReport(self.give(), "answered", 1)
        polls = [call.headers for call in self.gateway.seen if call.kind == "lease"]
        self.assertFalse([poll for poll in polls if lost in poll.get("Fiscalgate-Held", "")])

    def test_GatewayAwayWhileTheDriverWorks(self):
        self.driver.script = hold_then_answer
        agent = self.start()
        lease = self.give()
        self.driver.wait(lambda request: request, "request")
        self.gateway.stop()
        self.driver.release.set()
        agent.line("cannot reach the gateway")
        self.assertIn("answered", self.run_command("status").text)
        self.gateway = FakeGateway(port=self.gateway.port)
        self.assertEqual(self.assertReport(lease, "answered", 1)[3], MESSAGE)
        self.nothing_held()

    def test_AnswerThatIsRefusedIsPutAside(self):
        self.gateway.set_status("answer", 404)  # of somebody on the way: not the gateway's own word
        agent = self.start()
        lease = self.give()
        agent.line("not reported")
        poll = self.gateway.wait(lambda call: lease in call.headers.get("Fiscalgate-Held", ""), "poll that holds it")
        self.assertEqual(poll.kind, "lease")
        self.gateway.refuse.add(lease)
        self.gateway.set_status("answer", None)
        agent.line("put aside")
        files = list((self.folder / "state" / "kkt1" / "refused").iterdir())
        self.assertEqual(len(files), 1)
        self.assertTrue(files[0].read_bytes().endswith(MESSAGE))
        self.assertReport(self.give(), "answered", 2)

    def test_LeaseIsRenewedWhileTheDriverWorks(self):
        self.driver.script = hold_then_answer
        self.start(renew_s=1)
        lease = self.give()
        renewed = self.gateway.wait(lambda call: call.kind == "renew", "renewal")
        self.assertEqual(renewed.headers["Fiscalgate-Lease"], lease)
        self.driver.release.set()
        self.assertReport(lease, "answered", 1)

    def test_SameLeaseTwiceIsDoneOnce(self):
        agent = self.start()
        lease = self.give()
        self.assertReport(lease, "answered", 1)
        self.give(lease=lease)
        agent.line("not done again")
        self.assertEqual(len(self.driver.requests), 1)

    def test_TwoRegistersWorkAtTheSameTime(self):
        other = FakeDriver(hold_then_answer)
        self.addCleanup(other.stop)
        self.driver.script = hold_then_answer
        self.start({"kkt1": {}, "kkt2": {"key": "key-two", "driver": other.url}})
        leases = [self.give(), self.give(key="key-two")]
        for driver in (self.driver, other):
            driver.wait(lambda request: request, "request")
        for driver in (self.driver, other):
            driver.release.set()
        for lease in leases:
            self.assertReport(lease, "answered", 1)
        names = {call.headers["Fiscalgate-Agent"] for call in self.gateway.seen}
        self.assertEqual(len(names), 2)

    def test_OneAgentInOneFolder(self):
        self.start()
        self.gateway.wait(lambda call: call.kind == "lease", "poll")
        second = self.restart()
        second.line("another agent works with this folder")
        self.assertEqual(second.end(), 1)

    def test_CheckSaysWhatIsWrong(self):
        self.configure()
        self.assertEqual(self.run_command("check").returncode, 0)
        for status, english, russian in ((401, "does not know this key", "не знает этого ключа"),
                                         (403, "switched off in the gateway", "выключена"),
                                         (409, "belongs to another agent", "занят другим агентом"),
                                         (426, "too old", "устарела"), (503, "busy", "занят"), (502, "HTTP 502", "ошибкой"),
                                         (302, "redirects elsewhere", "перенаправляет"),
                                         (200, "no Fiscalgate gateway", "не шлюз Fiscalgate")):
            self.gateway.set_status("lease", status)
            for words, text in ((("check",), english), (("check", "--lang", "ru"), russian)):
                done = self.run_command(*words)
                self.assertIn(text, done.text)
                self.assertEqual(done.returncode, 1)
        self.gateway.set_status("lease", None)
        self.gateway.skew_s = 7200
        self.assertIn("by 7", self.run_command("check").text)
        self.driver.stop()
        done = self.run_command("check")
        self.assertIn("is it running?", done.text)
        self.gateway.stop()
        self.assertIn("cannot reach the gateway", self.run_command("check").text)
        names = {call.headers["Fiscalgate-Agent"] for call in self.gateway.seen}
        self.assertEqual(len(names), 1, "the journal's name is minted once")

    def test_RefusedKeyIsTriedAgain(self):
        self.gateway.set_status("lease", 401)
        agent = self.start()
        agent.line("does not know this key")
        self.gateway.set_status("lease", None)
        self.assertReport(self.give(), "answered", 1)

    def test_DamagedJournalIsPutAside(self):
        agent = self.start()
        for number in (1, 2, 3):
            self.assertReport(self.give(), "answered", number)
        agent.kill()
        before = self.gateway.seen[0].headers["Fiscalgate-Agent"]
        journal = self.folder / "state" / "kkt1" / "journal"
        bytes_ = bytearray(journal.read_bytes())
        bytes_[len(bytes_) // 2] ^= 1
        journal.write_bytes(bytes_)
        self.restart().line("journal was damaged")
        self.gateway.wait(lambda call: call.headers["Fiscalgate-Agent"] != before, "poll under a new name")
