"""`admin archive` and `admin hold`, beside a gateway that goes on; on both stores."""
import contextlib
import datetime
import fcntl
import gzip
import json
import os
import resource
import sqlite3
import subprocess
import sys
import termios
import time
import unittest

from postgres_support import Postgres
from processes import die_with_parent
from stand import AdminError
from support import StandCase, new_order


def month_before(months):
    today = datetime.datetime.now(datetime.timezone.utc)
    number = today.year * 12 + today.month - 1 - months
    return f"{number // 12}-{number % 12 + 1:02}"


class OnSqlite(StandCase):
    SETTINGS = {"callback.timeout_ms": 2000, "store.retention_months": 2}

    def sql(self, statement):
        with contextlib.closing(sqlite3.connect(self.folder / "store" / "fiscalgate.db", timeout=10)) as store, store:
            store.execute(statement)

    def age(self, order, months):
        """As if it had been accepted so many months ago."""
        self.sql(f"UPDATE task SET accepted_at = accepted_at - {months} * 31 * 86400000 WHERE order_id = '{order}'")

    def printed(self, prefix):
        """An order that is done, and told to the shop."""
        token, order = self.register(), new_order(prefix)
        task_id = self.accept(token, order, **self.callback())
        self.until(task_id, lambda s: s["callback"] and s["callback"]["state"] == "delivered")
        return token, order, task_id

    def archive(self, *words):
        folder = self.folder / "archive"
        folder.mkdir(exist_ok=True)
        return self.stand.admin("archive", "--to", folder, *words)

    def lines(self, path):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_AMonthGoesIntoAFileAndItsOrdersAreNeverPrintedAgain(self):
        token, order, task_id = self.printed("old")
        fresh_token, fresh, fresh_id = self.printed("fresh")
        self.age(order, 5)
        plan = self.archive("--dry-run")
        self.assertEqual([(month["tasks"], month["kept_because"]) for month in plan], [(1, [])])
        self.assertEqual(self.stand.status(task_id).status, 200)
        made = self.archive()
        self.assertEqual([month["tasks"] for month in made], [1])
        lines = self.lines(made[0]["file"])
        self.assertEqual(lines[1]["task"]["order_id"], order)
        self.assertEqual(lines[-1]["sha256"], made[0]["sha256"])
        self.assertEqual(os.stat(made[0]["file"]).st_mode & 0o777, 0o600)
        self.assertEqual(self.stand.status(task_id).status, 404)
        again = self.post(token, order, **self.callback())
        self.assertEqual((again.status, again.json["errors"][0]["code"]), (409, "archived"))
        self.assertEqual(self.stand.status(fresh_id).json["state"], "done")
        self.assertEqual(self.post(fresh_token, fresh, **self.callback()).status, 200)
        self.assertPrinted(order)
        self.assertEqual(self.archive(), [])
        for secret in self.secrets:
            self.assertNotIn(secret, json.dumps(lines, ensure_ascii=False))

    def test_WhatIsHeldStaysAndSaysWhy(self):
        _, order, task_id = self.printed("held")
        self.age(order, 8)
        self.stand.admin("hold", "add", "--task", task_id, "--why", "a court asks")
        self.assertEqual([hold["subject"] for hold in self.stand.admin("hold", "list")], [task_id])
        plan = self.archive("--dry-run")
        self.assertIn("a court asks", json.dumps(plan, ensure_ascii=False))
        with self.assertRaises(AdminError):
            self.archive()
        self.assertEqual(self.stand.status(task_id).status, 200)
        self.stand.admin("hold", "remove", "--task", task_id, "--why", "it has what it wanted")
        self.assertEqual([month["tasks"] for month in self.archive()], [1])
        self.assertEqual(self.stand.status(task_id).status, 404)

    def command(self, *words, language="C.UTF-8", **more):
        return subprocess.run([self.stand.program, "admin", "--config", self.stand.config, *map(str, words)],
                              cwd=self.folder, env={**os.environ, "LC_ALL": language}, capture_output=True, text=True, **more)

    def again_until(self, condition, folder):
        deadline = time.monotonic() + 20
        while not condition(said := self.command("archive", "--to", folder)):
            self.assertLess(time.monotonic(), deadline, said.stderr)

    def test_BadInputIsToldInTheLanguageOfTheOperatorAndChangesNothing(self):
        _, order, task_id = self.printed("bad")
        self.age(order, 3)
        folder = self.folder / "bad"
        folder.mkdir(exist_ok=True)
        for words, english, russian in (
                (("--to", folder, "--before", "x"), "month", "месяц"),
                (("--to", folder, "--before", "2025-13"), "month", "месяц"),
                (("--to", folder, "--before", month_before(-1)), "future", "будущем"),
                (("--to", folder / "none"), "no such folder", "нет такой папки"),
                (("--to", folder / "none", "--dry-run"), "no such folder", "нет такой папки")):
            with self.subTest(words=words):
                for language, expected in (("C.UTF-8", english), ("ru_RU.UTF-8", russian)):
                    said = self.command("archive", *words, language=language)
                    self.assertEqual(said.returncode, 1)
                    self.assertIn(expected, said.stderr)
                    self.assertEqual(said.stdout, "")
        self.assertEqual(list(folder.iterdir()), [])
        self.assertEqual(self.stand.status(task_id).status, 200)
        self.assertEqual(self.command("archive", "--before", month_before(300), "--to", folder).returncode, 0)
        self.assertEqual(self.command("archive", "--to", folder).returncode, 0)

    def test_TheCommandSaysWhatItDoes(self):
        _, order, _ = self.printed("told")
        self.age(order, 6)
        self.assertIn("--dry-run", self.command("archive", "--help").stdout)
        folder = self.folder / "told"
        folder.mkdir()
        plan = self.command("archive", "--to", folder, "--dry-run")
        self.assertIn(f"{month_before(6)}: 1 tasks, to be archived", plan.stdout)
        self.assertEqual(list(folder.iterdir()), [])
        said = self.command("archive", "--to", folder)
        self.assertIn(f"{month_before(6)}: written 1/1", said.stderr)
        self.assertIn(str(folder / f"fiscalgate-{month_before(6)}.jsonl.gz"), said.stdout)
        self.assertEqual(len(list(folder.iterdir())), 1)

    def test_OneRunAtATimeAndOneThatIsKilledIsGivenAgain(self):
        _, order, task_id = self.printed("killed")
        self.age(order, 9)
        folder = self.folder / "killed"
        folder.mkdir()
        # Nobody reads its progress: there is room for the first line, and the next one stops it.
        reading, writing = os.pipe()
        size = fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
        os.write(writing, bytes(size - len(f"{month_before(9)}: writing 0/1\n")))
        first = subprocess.Popen([self.stand.program, "admin", "--config", self.stand.config, "archive", "--to", folder],
                                 stderr=writing, stdout=subprocess.DEVNULL, cwd=self.folder,
                                 env={**os.environ, "LC_ALL": "C"}, preexec_fn=die_with_parent())
        try:
            deadline = time.monotonic() + 20
            while int.from_bytes(fcntl.ioctl(reading, termios.FIONREAD, bytes(4)), sys.byteorder) < size:
                self.assertLess(time.monotonic(), deadline)
            second = self.command("archive", "--to", folder)
            self.assertEqual((second.returncode, "already" in second.stderr), (1, True))
            self.assertEqual(self.command("archive", "--to", folder, "--dry-run").returncode, 0)
        finally:
            first.kill()
            first.wait()
            for pipe in (reading, writing):
                os.close(pipe)
        self.assertEqual(self.stand.status(task_id).status, 200)
        self.again_until(lambda said: said.returncode == 0, folder)
        self.assertEqual(self.stand.status(task_id).status, 404)
        files = sorted(folder.iterdir())  # the killed run had written its own to the end
        self.assertEqual([self.lines(path)[1]["task"]["order_id"] for path in files], [order] * 2)


class OnPostgres(OnSqlite):
    @classmethod
    def arrange(cls):
        cls.server = Postgres()
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()
        cls.stand.settings["store.url"] = cls.server.new_database("fiscalgate")

    def sql(self, statement):
        return self.server.sql(statement, "fiscalgate")

    def age(self, order, months):
        """Its number is moved to another month, with all that belongs to it; that month gets its partitions."""
        name = month_before(months).replace("-", "_")
        number = int(name[:4]) * 12 + int(name[5:]) - 1
        seq = f"(SELECT seq FROM task_order WHERE order_id = '{order}')"
        moved = f"({number}::bigint << 36) + ({seq} & ((1::bigint << 36) - 1))"
        values = f"FROM ({number << 36}) TO ({number + 1 << 36})"
        parts = [f"CREATE TABLE task_{name} PARTITION OF task (PRIMARY KEY (seq), UNIQUE (id)) FOR VALUES IN ({number})"]
        for table in ("package", "attempt", "command_result", "evidence"):
            key = " (PRIMARY KEY (key))" if table == "evidence" else ""
            parts.append(f"CREATE TABLE {table}_{name} PARTITION OF {table}{key} FOR VALUES {values}")
        if self.sql(f"SELECT to_regclass('task_{name}') IS NULL") == "t":
            self.sql("; ".join(parts))
        for table in ("package", "attempt", "command_result", "evidence", "event", "callback"):
            self.sql(f"UPDATE {table} SET task = {moved} WHERE task = {seq}")
        self.sql(f"UPDATE task SET seq = {moved}, month = {number} WHERE seq = {seq}; "
                 f"UPDATE task_order SET seq = {moved} WHERE order_id = '{order}'")

    def test_AFileThatCannotGrowIsAnErrorAndNothingIsRemoved(self):
        _, order, task_id = self.printed("full")
        self.age(order, 7)
        folder = self.folder / "full"
        folder.mkdir()

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))
        said = self.command("archive", "--to", folder, preexec_fn=limit)
        self.assertEqual(said.returncode, 1)
        self.assertIn("File too large", said.stderr)
        self.assertEqual(list(folder.iterdir()), [])
        self.assertEqual(self.stand.status(task_id).status, 200)
        self.assertEqual(self.command("archive", "--to", folder).returncode, 0)


if __name__ == "__main__":
    unittest.main()
