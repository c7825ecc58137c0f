"""What an operator does and sees: configuration, reload, health, metrics, log, and the admin commands."""
import json
import os
import re
import signal
import subprocess
import tempfile
import unittest

from support import BUILD, CONTACT, ROOT, StandCase, new_order, receipt
from processes import wait_until
from protocol import request


class Configuration(unittest.TestCase):
    def check(self, text, env=None):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write(text)
            file.flush()
            return subprocess.run([BUILD / "fiscalgate", "--check-config", "--config", file.name], capture_output=True,
                                  text=True, timeout=30, env={**os.environ, **(env or {})})

    def test_ExampleIsValidAndNamesEveryDefault(self):
        path = ROOT / "conf" / "fiscalgate.toml"
        done = subprocess.run([BUILD / "fiscalgate", "serve", "--config", path, "--check-config"], capture_output=True,
                              text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_EveryFaultIsNamedWithItsLine(self):
        done = self.check('[server]\nthreads = "many"\nsocet = "x"\n\n[callback]\ntimeout_ms = -5\nallow_networks = ["home"]\n')
        self.assertNotEqual(done.returncode, 0)
        for line, key in ((2, "threads"), (3, "socet"), (6, "timeout_ms"), (7, "allow_networks")):
            self.assertRegex(done.stdout + done.stderr, rf"\.toml:{line}:.*{key}")

    def test_BrokenFileIsNamedWithItsLine(self):
        done = self.check("[server]\nthreads = = 3\n")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stdout + done.stderr, r"\.toml:2:")

    def test_EnvironmentOverridesAKey(self):
        self.assertEqual(self.check("").returncode, 0)
        done = self.check("", {"FISCALGATE_SERVER_THREADS": "many"})
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("FISCALGATE_SERVER_THREADS", done.stdout + done.stderr)


class Running(StandCase):
    def events(self, name):
        lines = (self.folder / "gateway.log").read_text(encoding="utf-8").splitlines()
        return [line for line in map(json.loads, filter(None, lines)) if line["event"] == name]

    def reload(self):
        count = len(self.events("reloaded")) + len(self.events("config_fault"))
        self.stand.gateway.send_signal(signal.SIGHUP)
        wait_until(lambda: len(self.events("reloaded")) + len(self.events("config_fault")) > count, 10, "reload")

    def restore(self):
        self.stand.settings.clear()
        self.stand.write_config()
        self.reload()

    def test_ReloadChangesLimitsWithoutARestart(self):
        self.addCleanup(self.restore)
        token, pid = self.register(), self.stand.gateway.pid
        self.stand.settings["limits.shop_rate_per_second"] = 1
        self.stand.write_config()
        self.reload()
        statuses = [self.post(token).status for _ in range(10)]
        self.assertIn(429, statuses)
        self.assertEqual((self.stand.gateway.pid, self.stand.gateway.poll()), (pid, None))

    def test_BrokenConfigurationKeepsTheOldOne(self):
        self.addCleanup(self.restore)
        token = self.register()
        self.stand.config.write_text("[server]\nnonsense = 1\n", encoding="utf-8")
        self.reload()
        self.assertIn("nonsense", self.events("config_fault")[-1]["fault"])
        self.done(self.accept(token))

    def test_NotReadyWithoutRoomOnTheDiskAndOldWorkGoesOn(self):
        self.addCleanup(self.restore)
        token = self.register()
        self.emulator.fault("slow", count=1, delay_ms=2500)
        under_way = self.accept(token)
        self.stand.settings["limits.min_free_disk_mb"] = 1 << 30
        self.stand.write_config()
        self.reload()
        wait_until(lambda: request(self.stand.url + "/readyz").status == 503, 10, "not ready")
        self.assertIn("disk_full", request(self.stand.url + "/readyz").json["reasons"])
        refused = self.post(token)
        self.assertRefused(refused, 503, "unavailable")
        self.assertGreaterEqual(int(refused.headers["Retry-After"]), 1)
        self.assertEqual(request(self.stand.url + "/healthz").status, 200)
        self.done(under_way)
        self.restore()
        wait_until(lambda: request(self.stand.url + "/readyz").status == 200, 10, "ready")
        self.done(self.accept(token))

    def metrics(self):
        text = request(self.stand.url + "/metrics").text
        return {m.group(1): float(m.group(2)) for m in re.finditer(r"^(fiscalgate_\S+) (\S+)$", text, re.MULTILINE)}

    def test_MetricsCount(self):
        before = self.metrics()
        token, order = self.register(pass_unknown=True), new_order()
        self.done(self.accept(token, order, **self.callback()))
        self.site.wait_for(order)
        self.post(token, order, **self.callback())
        self.post("f" * 32)
        self.final(self.accept(token, data=[receipt("Чай [fault:lose-answer]")]))
        wait_until(lambda: self.grown(before, "unknown") > 0, 10, "gauges")
        for part, by in (("accepted_total", 2), ("duplicates_total", 1), ("refused_total{code=\"forbidden\"}", 1)):
            self.assertEqual(self.grown(before, part), by, part)
        names = " ".join(self.metrics())
        for part in ("lane", "oldest", "attempts", "outcomes", "unknown", "callback", "group"):
            self.assertIn(part, names)

    def grown(self, before, part):
        return sum(value - before.get(name, 0) for name, value in self.metrics().items() if part in name)

    def test_LogTellsALifeAndNoSecrets(self):
        token, order = self.register(), new_order()
        task_id = self.accept(token, order, **self.callback())
        self.done(task_id)
        self.until(task_id, lambda s: s["callback"]["state"] == "delivered")
        log = self.folder / "gateway.log"
        wait_until(lambda: log.read_text(encoding="utf-8").count(task_id) >= 3, 5, "three lines of this task in the log")
        log = log.read_text(encoding="utf-8")
        life = [line["event"] for line in map(json.loads, filter(None, log.splitlines())) if line.get("task") == task_id]
        self.assertIn("task_accepted", life)
        self.assertIn("attempt_ended", life)
        for secret in (token, self.shop["code"], CONTACT):
            self.assertNotIn(secret, log)

    def test_SecretsAreShownOnlyOnce(self):
        shop = self.stand.add_shop()
        shown = json.dumps([self.stand.admin("shop", "list"), self.stand.admin("shop", "show", shop["account_id"])])
        self.assertIn(shop["account_id"], shown)
        self.assertNotIn(shop["code"], shown)
        token = self.register(name="shown")
        shown = json.dumps([self.stand.admin("register", "list"), self.stand.admin("register", "show", "shown")])
        self.assertNotIn(token, shown)

    def test_TasksAreListedForPeopleAndForScripts(self):
        token, order = self.register(), new_order()
        task_id = self.accept(token, order)
        self.done(task_id)
        rows = self.stand.admin("task", "list", "--order", order)
        self.assertEqual([row["id"] for row in rows], [task_id])
        shown = self.stand.admin("task", "show", task_id)
        self.assertEqual((shown["id"], shown["state"]), (task_id, "done"))
        table = self.stand.admin_text("task", "list", "--order", order)
        self.assertIn(order, table)
        self.assertIn("done", table)

    def test_NotFoundAndNotAllowedAreClear(self):
        for words in (("task", "show", "nothing"), ("shop", "show", "nobody"), ("task", "retry", "nothing", "--why", "x")):
            with self.subTest(words), self.assertRaises(Exception) as caught:
                self.stand.admin(*words)
            self.assertTrue(str(caught.exception))

    def test_SecondGatewayOnTheSameSocketIsRefused(self):
        done = subprocess.run([BUILD / "fiscalgate", "serve", "--config", "fiscalgate.toml"], cwd=self.folder,
                              capture_output=True, text=True, timeout=30)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("gateway.sock", done.stderr)
        self.assertEqual(request(self.stand.url + "/readyz").status, 200)


if __name__ == "__main__":
    unittest.main()
