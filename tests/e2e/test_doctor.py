"""`admin doctor`: what it says of a stand that is well, and of what is broken."""
import json
import os
import signal
import subprocess
import unittest

from support import StandCase
from certificates import Authority
from postgres_support import Postgres

PASSWORD = "a-password-nobody-may-read"


class Doctor:
    def examine(self, *words, lang="C"):
        """(exit code, findings by topic, all that was written)"""
        command = [str(self.stand.program), "admin", "--config", "fiscalgate.toml", "--json", "doctor", *map(str, words)]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "LC_ALL": lang})
        said = json.loads(done.stdout)
        topics = {}
        for finding in said["findings"]:
            topics.setdefault(finding["topic"], []).append(finding)
        return done.returncode, topics, done.stdout + done.stderr

    def assertNoSecrets(self, text):
        for secret in self.secrets + [(self.folder / "key").read_text().strip()]:
            self.assertNotIn(secret, text)


class OnSqlite(Doctor, StandCase):
    def test_ARunningStandIsNotBroken(self):
        self.done(self.accept(self.register()))
        code, topics, text = self.examine()
        self.assertIn(code, (0, 1), text)  # the clock or the disk of this machine may be what they are
        for topic in ("versions", "configuration", "key_file", "schema", "lanes", "callbacks"):
            self.assertEqual([finding["level"] for finding in topics[topic]], ["ok"], text)
        self.assertIn(f"{self.stand.gateway.pid} (fiscalgate)", topics["store"][0]["text"])
        flush = topics["disk_flush"][0]["values"]
        self.assertGreaterEqual(flush["p99_us"], flush["p50_us"])
        self.assertGreater(flush["p50_us"], 0)
        self.assertGreater(topics["disk_free"][0]["values"]["free_mb"], 0)
        self.assertNoSecrets(text)

    def test_PeopleReadItInTheirLanguage(self):
        command = [str(self.stand.program), "admin", "--config", "fiscalgate.toml", "doctor"]
        for lang, words in (("C", "well"), ("ru_RU.UTF-8", "в порядке")):
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60,
                                  env={**os.environ, "LC_ALL": lang})
            self.assertIn(words, done.stdout)
            self.assertRegex(done.stdout, r"ok +schema")

    def test_UnknownTasksAndLostAgentsAreNamed(self):
        token = self.register(name="lost", pass_unknown=True)
        self.emulator.fault("lose-answer", count=1)
        self.assertEqual(self.final(self.accept(token))["state"], "unknown")
        self.stand.admin("register", "add", "--name", "far", "--via", "agent", "--shop", self.shop["account_id"])
        code, topics, text = self.examine()
        self.assertEqual(code, 1, text)
        self.assertEqual(topics["unknown"][0]["values"]["count"], 1)
        self.assertTrue(any(finding["text"].startswith("far: ") for finding in topics["agent"]), text)

    def test_CertificatesThatEndSoonAreNamed(self):
        certificate, _ = Authority(self.folder).issue_for_server()
        code, topics, text = self.examine("--certificate", certificate)
        self.assertEqual([finding["level"] for finding in topics["certificate"]], ["warn"], text)
        self.assertLessEqual(topics["certificate"][0]["values"]["days_left"], 2)

    def test_WhatIsBrokenMakesItFail(self):
        key = self.folder / "key"
        key.chmod(0o644)
        self.addCleanup(key.chmod, 0o600)
        code, topics, text = self.examine()
        self.assertEqual(code, 2, text)
        self.assertEqual(topics["key_file"][0]["level"], "fail")
        key.chmod(0o600)
        self.assertNoSecrets(text)
        code, topics, text = self.examine()
        self.assertNotEqual(code, 2, text)

    def test_AStoreThatIsNotThereIsNotMade(self):
        command = [str(self.stand.program), "admin", "--store", "sqlite:./nothing/here.db", "--key-file", "key", "doctor"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertRegex(done.stdout, r"fail +store")
        (self.folder / "empty").mkdir()
        command[3] = "sqlite:./empty/here.db"
        self.assertEqual(subprocess.run(command, cwd=self.folder, capture_output=True, timeout=60).returncode, 2)
        self.assertEqual(list((self.folder / "empty").iterdir()), [])


class OnPostgres(Doctor, StandCase):
    @classmethod
    def arrange(cls):
        cls.server = Postgres()
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()
        url = cls.server.new_database("fiscalgate")
        cls.stand.settings["store.url"] = url.replace("fiscalgate@", f"fiscalgate:{PASSWORD}@")

    def test_TheServerIsLookedAt(self):
        code, topics, text = self.examine()
        self.assertIn(code, (0, 1), text)
        for topic in ("schema", "replication", "vacuum", "connections", "clock_server"):
            self.assertEqual([finding["level"] for finding in topics[topic]], ["ok"], text)
        self.assertGreater(topics["commit"][0]["values"]["p50_us"], 0)
        self.assertEqual([finding["level"] for finding in topics["node"]], ["ok"], text)
        self.assertNotIn("disk_flush", topics)
        self.assertNotIn(PASSWORD, text)
        self.assertNoSecrets(text)

    def test_ANodeThatHasStoppedIsNamed(self):
        self.done(self.accept(self.register()))
        self.stand.gateway.send_signal(signal.SIGSTOP)
        try:
            code, topics, text = self.examine()
        finally:
            self.stand.gateway.send_signal(signal.SIGCONT)
        self.assertEqual([finding["level"] for finding in topics["node"]], ["warn"], text)

    def test_SettingsThatLoseReceiptsMakeItFail(self):
        self.server.sql("ALTER SYSTEM SET fsync = off")
        self.server.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        self.server.sql("ALTER SYSTEM SET synchronous_commit = local")  # or nothing could be committed
        self.server.sql("SELECT pg_reload_conf()")
        try:
            code, topics, text = self.examine()
        finally:
            for name in ("fsync", "synchronous_standby_names", "synchronous_commit"):
                self.server.sql(f"ALTER SYSTEM RESET {name}")
            self.server.sql("SELECT pg_reload_conf()")
        self.assertEqual(code, 2, text)
        self.assertEqual(topics["fsync"][0]["level"], "fail")
        self.assertEqual(topics["replication"][0]["level"], "fail")

    def test_AServerThatIsAwayIsSaidSoWithoutThePassword(self):
        command = [str(self.stand.program), "admin", "--store", f"postgresql://me:{PASSWORD}@127.0.0.1:9/x", "--key-file", "key",
                   "doctor"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertRegex(done.stdout, r"fail +store +.*127\.0\.0\.1")
        self.assertNotIn(PASSWORD, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
