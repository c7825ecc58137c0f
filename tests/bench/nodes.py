"""Gateways that share a PostgreSQL database, and the plain insert of the same row that pgbench can do there."""
import os
import pathlib
import re
import shutil
import sys

import stands
from processes import free_ports

sys.path.insert(0, str(stands.ROOT / "tests" / "e2e"))
from postgres_support import USER, Postgres  # noqa: E402

CLIENTS = 32
# What a server for receipts would have set; fsync and synchronous_commit are on, as they must be.
SERVER = ("shared_buffers=512MB", "max_wal_size=4GB", "wal_compression=on", "max_connections=200")

_PLAIN_TABLE = """
CREATE TABLE plain (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text NOT NULL UNIQUE, shop bigint NOT NULL,
    order_id text NOT NULL, content_hash bytea NOT NULL, commands text NOT NULL, callback_success text NOT NULL,
    callback_failed text NOT NULL, state integer NOT NULL DEFAULT 0, accepted_at bigint NOT NULL, UNIQUE (shop, order_id))"""
_PLAIN_INSERT = """\
\\set order random(1, 9000000000000000)
INSERT INTO plain (id, shop, order_id, content_hash, commands, callback_success, callback_failed, accepted_at)
VALUES ('01' || lpad(:order::text, 24, '0'), 1, 'order-' || :order, sha256(:order::text::bytea), convert_from('\\x{commands}', 'UTF8'),
    'http://127.0.0.1:9/callback.php', 'http://127.0.0.1:9/callback.php', 1795255200000)
ON CONFLICT DO NOTHING;
"""


class Database(Postgres):
    def __init__(self, *settings):
        super().__init__((*SERVER, *settings))

    def cpu_seconds(self):
        """Of the server and all its processes, those that ended too. Twice: one that ends between its parent's line and its own
        is in neither."""
        return max(self._cpu_seconds_now(), self._cpu_seconds_now())

    def _cpu_seconds_now(self):
        total, tick = 0, os.sysconf("SC_CLK_TCK")
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, words = int(stat.parent.name), stat.read_text().rsplit(")", 1)[1].split()
            except OSError:  # it has just ended
                continue
            if pid == self.process.pid:
                total += sum(map(int, words[11:15]))
            elif int(words[1]) == self.process.pid:
                total += int(words[11]) + int(words[12])
        return total / tick

    def wal_bytes(self):
        return int(self.sql("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"))

    def size_bytes(self, name):
        return int(self.sql(f"SELECT pg_database_size('{name}')"))


class Node(stands.Gateway):
    """One of several with the same database. The first makes key, shop and register; the others are given its key."""

    def __init__(self, name, folder, port, build, url, first=None):
        super().__init__(name, folder, port, build, {"store.url": url})
        self.first = first

    def start(self, env=None):
        if self.first is None:
            return super().start(env)
        if self.target is None:
            self.stand.write_config()
            shutil.copy(self.first.stand.folder / "key", self.stand.folder / "key")
            its = self.first.target
            self.target = stands.Target(self.name, self.stand.port, its.account, its.token, its.code)
        self.stand.start_gateway()


class Several:
    """Nodes behind one port: nginx gives each its turn."""

    def __init__(self, name, nodes):
        self.name, self.nodes, self.port = name, nodes, free_ports(1)[0]

    def add_to(self, nginx):
        servers = " server unix:".join(f"{node.name}/gateway.sock;" for node in self.nodes).rstrip(";")
        nginx.add(self.port, self.name, servers)

    @property
    def target(self):
        its = self.nodes[0].target
        return stands.Target(self.name, self.port, its.account, its.token, its.code)


class PlainInserts:
    """pgbench: one row in one transaction, prepared, as many clients as the load has connections."""
    name = "pgbench"

    def __init__(self, server, database, folder):
        self.server, self.database = server, database
        server.sql(_PLAIN_TABLE, database)
        # In hexadecimal: pgbench would take what follows a colon for a variable of its own.
        self.script = pathlib.Path(server.folder) / "plain.sql"
        self.script.write_text(_PLAIN_INSERT.format(commands=stands.RECEIPT.read_bytes().strip().hex()), encoding="utf-8")

    def run(self, seconds):
        text = self.server.run("pgbench", "-h", self.server.folder, "-U", USER, "-n", "-M", "prepared", "-c", CLIENTS, "-j", 2,
                               "-T", seconds, "-f", self.script, self.database)
        return float(re.search(r"tps = ([0-9.]+)", text).group(1))
