"""A rolling upgrade under load: the tables of the version to come appear under running nodes; old nodes go on, and start again, on
them; then they are replaced one by one. No post fails, nothing is lost, nothing printed twice."""
import json
import os
import socket
import subprocess
import threading
import time
import unittest

from nodes_support import NodesCase
from processes import start, wait_until
from stand import AdminError
from support import BUILD, new_order

NEXT = BUILD / "tests" / "fiscalgate-next"
CLIENTS = 4
HELD_SECONDS = 2.5  # by somebody who reads a table for long, while it is to be changed
SLOW_SECONDS = 5    # a post; a pause of the writer for a lock is 0.3 s


class RollingUpgrade(NodesCase):
    @classmethod
    def arrange(cls):
        """As systemd does it: the sockets outlive the gateways, and requests wait there during a restart."""
        super().arrange()
        here = os.open(".", os.O_RDONLY)
        os.chdir(cls.folder)  # a socket's name is short
        try:
            for node in cls.nodes:
                node.listener = socket.socket(socket.AF_UNIX)
                node.listener.bind(node.socket)
                node.listener.listen(4096)
                cls.addClassCleanup(node.listener.close)
                node.start = cls.starter(node)
        finally:
            os.fchdir(here)
            os.close(here)

    @classmethod
    def starter(cls, node):
        descriptor = node.listener.fileno()

        def hand_over():
            os.dup2(descriptor, 3)
            os.environ["LISTEN_FDS"], os.environ["LISTEN_PID"] = "1", str(os.getpid())

        def start_node(wait=True):
            node.process = start([cls.stand.program, "serve", "--config", node.config.name], cls.stand.folder / f"{node.name}.log",
                                 cwd=cls.stand.folder, env=None, before=hand_over, pass_fds=(3,))
            if wait:
                node.wait_until_ready()
            return node.process
        return start_node

    def next_admin(self, *words):
        done = subprocess.run([NEXT, "admin", "--config", "fiscalgate.toml", "--json", *words], cwd=self.folder, capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def post_all_the_time(self, stop, token, answers):
        while not stop.is_set():
            order, began = new_order("load"), time.monotonic()
            try:
                answer = self.post(token, order, timeout=30)
                answers.append((order, answer.status, answer.json.get("id"), time.monotonic() - began))
            except OSError as error:
                answers.append((order, repr(error), None, time.monotonic() - began))
            time.sleep(0.01)

    def restart(self, node):
        self.assertEqual(node.stop(), 0)
        node.start()
        time.sleep(0.5)

    def hold(self):
        """Somebody reads for a while: what wants to change the table has to wait, and nobody may stand in line behind it."""
        return threading.Thread(target=self.server.sql, args=(
            f"BEGIN; SELECT count(*) FROM task; SELECT count(*) FROM event; SELECT pg_sleep({HELD_SECONDS}); COMMIT", "fiscalgate"))

    def test_OldNodesGoOnUnderNewTablesAndAreReplacedOneByOne(self):
        tokens, stop, answers = [self.register() for _ in range(3)], threading.Event(), []
        threads = [threading.Thread(target=self.post_all_the_time, args=(stop, tokens[number % 3], answers)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        slowest = {}
        try:
            wait_until(lambda: len(answers) > 40, 30, "load")
            began, holder = len(answers), self.hold()
            holder.start()
            time.sleep(0.3)
            migrated = self.next_admin("migrate")
            holder.join()
            slowest["while the tables changed"] = max(took for *_, took in answers[began:])
            self.assertEqual(migrated["to"], migrated["from"] + 1)
            self.assertEqual(self.server.sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'next_event'::regclass", "fiscalgate"), "t")
            began = len(answers)
            wait_until(lambda: len(answers) > began + 40, 30, "old nodes on new tables")
            self.stand.admin("register", "list")  # an old command, too
            for node in self.nodes:
                self.restart(node)
            slowest["while old nodes were restarted"] = max(took for *_, took in answers[began:])
            began, self.stand.program = len(answers), NEXT
            for node in self.nodes:
                self.restart(node)
            wait_until(lambda: len(answers) > began + 40, 30, "new nodes")
            slowest["while nodes were replaced"] = max(took for *_, took in answers[began:])
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            type(self).stand.program = BUILD / "fiscalgate"
        print("\n" + f"{len(answers)} posts; the slowest " + ", ".join(f"{name}: {took:.2f} s" for name, took in slowest.items()), flush=True)
        self.assertEqual([(order, what) for order, what, *_ in answers if what not in (200, 202)], [], "failed posts")
        self.assertLess(slowest["while the tables changed"], SLOW_SECONDS)
        for order, _, task_id, _ in answers:
            self.done(task_id, 60)
        printed = [line["order_id"] for line in self.emulator.receipts()]
        self.assertEqual([order for order, *_ in answers if printed.count(order) != 1], [], "lost or printed twice")
        for node in self.nodes:
            log = (self.folder / f"{node.name}.log").read_text(encoding="utf-8")
            self.assertNotIn('"level":"error"', log)

    def test_AnOlderProgramIsRefusedWhereItsTablesAreGone(self):
        """What a step that contracts writes down."""
        self.server.sql("INSERT INTO schema_version (version, needs) VALUES (1000, 1000)", "fiscalgate")
        try:
            with self.assertRaises(AdminError) as refused:
                self.stand.admin("register", "list")
        finally:
            self.server.sql("DELETE FROM schema_version WHERE version = 1000", "fiscalgate")
        self.assertIn("newer version", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
