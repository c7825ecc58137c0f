"""What `make bench` measures, each behind the same nginx: the gateway, a php-fpm script, a program that does nothing."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "conf" / "demo"))
from nginx import SNIPPETS  # noqa: E402
from processes import free_ports, port_is_taken, start, stop, wait_until  # noqa: E402
from stand import Stand  # noqa: E402

RECEIPT = HERE / "receipt.json"
PHP_FPM = "/usr/sbin/php-fpm8.2"
PHP_CHILDREN = 16
_PATH = {"PATH": "/usr/sbin:/usr/local/sbin:/usr/bin:/bin"}

_NGINX = """\
{user}daemon off;
worker_processes auto;
worker_rlimit_nofile 8192;
pid nginx.pid;
error_log error.log error;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 1000000000;  # the load keeps its connections
    client_body_temp_path body;
    fastcgi_temp_path fastcgi;
    proxy_temp_path proxy;
    scgi_temp_path scgi;
    uwsgi_temp_path uwsgi;
{blocks}}}
"""

_BLOCK = """\
    upstream {upstream} {{ server unix:{socket}; }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        include snippets/{snippet};
        location {location} {{
            include snippets/fiscalgate-fastcgi.conf;
{more}            fastcgi_pass {upstream};
        }}
    }}
"""

_POOL = """\
[global]
error_log = {folder}/fpm.log
daemonize = no
[bench]
listen = {folder}/fpm.sock
listen.backlog = 4096
{user}pm = static
pm.max_children = {children}
clear_env = no
php_admin_value[error_log] = {folder}/php.log
php_admin_flag[log_errors] = on
php_admin_flag[display_errors] = off
"""

# Only what the script needs, with the index it needs to refuse a second order.
_BASELINE_TABLE = """\
CREATE TABLE task (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, shop INTEGER NOT NULL, order_id TEXT NOT NULL,
    content_hash BLOB NOT NULL, commands TEXT NOT NULL, callback_success TEXT NOT NULL, callback_failed TEXT NOT NULL,
    state INTEGER NOT NULL DEFAULT 0, accepted_at INTEGER NOT NULL, UNIQUE (shop, order_id))"""


def is_root():
    return os.geteuid() == 0


class Target:
    """One thing that takes posts: its port, and the shop's words for it. With `reads`, a file of paths, it is asked for those
    instead."""

    def __init__(self, name, port, account="bench-shop", token="0123456789abcdef0123456789abcdef", code="bench-code", reads=None):
        self.name, self.port, self.account, self.token, self.code, self.reads = name, port, account, token, code, reads

    @property
    def load_words(self):
        if self.reads:
            return ["--reads", self.reads]
        return ["--account", self.account, "--token", self.token, "--code", self.code, "--data", RECEIPT]


class Nginx:
    """One nginx for all of them: workers by the number of processors, no keepalive to FastCGI."""

    def __init__(self, folder):
        self.folder, self.blocks, self.ports, self.process = folder, [], [], None
        shutil.copytree(SNIPPETS, folder / "snippets")
        gateway = (SNIPPETS / "fiscalgate-gateway.conf").read_text(encoding="utf-8")
        # The limits alone: each block brings its own location.
        limits = "\n".join(line for line in gateway.split("\nlocation", 1)[0].splitlines())
        (folder / "snippets" / "limits.conf").write_text(limits + "\n", encoding="utf-8")

    def add(self, port, upstream, socket, location="/", more=()):
        lines = "".join(f"            fastcgi_param {name} {value};\n" for name, value in more)
        self.blocks.append(_BLOCK.format(port=port, upstream=upstream, socket=socket, snippet="limits.conf",
                                         location=location, more=lines))
        self.ports.append(port)

    def start(self):
        """Sockets have names relative to the folder above: nginx runs there."""
        conf = self.folder / "nginx.conf"
        conf.write_text(_NGINX.format(blocks="".join(self.blocks), user="user root;\n" if is_root() else ""),
                        encoding="utf-8")
        self.process = start(["nginx", "-p", self.folder, "-c", conf, "-e", self.folder / "error.log"],
                             self.folder / "error.log", cwd=self.folder.parent, env=_PATH)
        wait_until(lambda: all(map(port_is_taken, self.ports)), 10, "nginx listening", alive=[self.process])

    def stop(self):
        if self.process:
            stop(self.process)


class Php:
    """(b): a script with the same checks, 16 static children, opcache, persistent PDO SQLite, WAL."""

    def __init__(self, folder, port):
        self.folder, self.process, self.target = folder, None, Target("php-fpm", port)
        folder.mkdir()
        self.database = folder / "baseline.sqlite"
        with sqlite3.connect(self.database) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(_BASELINE_TABLE)
        target = self.target
        (folder / "settings.php").write_text(
            f"<?php return ['database' => '{self.database}', 'shops' => ['{target.account}' => "
            f"['key' => 1, 'code' => '{target.code}', 'tokens' => ['{target.token}']]]];\n", encoding="utf-8")
        user = "user = root\ngroup = root\n" if is_root() else ""
        (folder / "fpm.conf").write_text(_POOL.format(folder=folder, children=PHP_CHILDREN, user=user), encoding="utf-8")

    def add_to(self, nginx):
        nginx.add(self.target.port, "php", "php/fpm.sock", more=[
            ("SCRIPT_FILENAME", HERE / "baseline.php"), ("BASELINE_SETTINGS", self.folder / "settings.php")])

    def start(self, env=None):
        command = [PHP_FPM, "-d", "opcache.enable=1", "-d", "opcache.validate_timestamps=0", "-y",
                   self.folder / "fpm.conf", "-F"] + (["-R"] if is_root() else [])
        self.process = start(command, self.folder / "out.log", cwd=self.folder.parent, env={**_PATH, **(env or {})})
        wait_until((self.folder / "fpm.sock").exists, 10, "php-fpm", alive=[self.process])

    def stop(self):
        if self.process:
            stop(self.process)
            (self.folder / "fpm.sock").unlink(missing_ok=True)

    def rows(self):
        with sqlite3.connect(self.database) as connection:
            return connection.execute("SELECT count(*) FROM task").fetchone()[0]


class Noop:
    """(c): the ceiling."""

    def __init__(self, folder, port, build):
        self.folder, self.program, self.process = folder, build / "tests" / "bench" / "noop_responder", None
        self.target = Target("no-op", port)
        folder.mkdir()

    def add_to(self, nginx):
        nginx.add(self.target.port, "noop", "noop/noop.sock")

    def start(self):
        self.process = start([self.program, "noop/noop.sock", 8], self.folder / "out.log", cwd=self.folder.parent)
        wait_until((self.folder / "noop.sock").exists, 10, "no-op responder", alive=[self.process])

    def stop(self):
        if self.process:
            stop(self.process)


class _NoRegister:
    """Nobody listens there: tasks are accepted and stay queued."""

    def __init__(self):
        self.url = f"http://127.0.0.1:{free_ports(1)[0]}"


def wait_until_known(stand, shop, token):
    """The running gateway notices what an operator entered within a moment; a post without commands tells when."""
    wait_until(lambda: stand.post(shop, token, "probe", "{}").status not in (401, 403), 10, "shop and register known")


def memory_mb(pid):
    """(resident, proportional) of the process now."""
    values = {}
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        words = line.split()
        if words[0] in ("Rss:", "Pss:"):
            values[words[0]] = int(words[1]) / 1024
    return values["Rss:"], values["Pss:"]


def cpu_seconds(pid):
    """Of the process since its start, in user and system."""
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


class Gateway:
    """(a): `fiscalgate serve` with SQLite. Its register is away, so that only acceptance is measured."""

    def __init__(self, name, folder, port, build, settings=None):
        self.name, self.stand = name, Stand(folder / name, build, port, settings=settings)
        self.target = None

    def add_to(self, nginx):
        nginx.add(self.stand.port, self.name, f"{self.name}/gateway.sock")

    def start(self, env=None):
        """`nginx` runs already: readiness is asked through it."""
        self.stand.env = {**os.environ, **(env or {})}
        first = self.target is None
        if first:
            self.stand.write_config()
            (self.stand.folder / "store").mkdir(mode=0o700)
            self.stand.admin("key", "create")
        self.stand.start_gateway()
        if first:
            shop = self.stand.add_shop(account_id="bench-shop")
            token = self.stand.add_register(_NoRegister(), shop, name="bench-register")
            wait_until_known(self.stand, shop, token)
            self.target = Target(self.name, self.stand.port, shop["account_id"], token, shop["code"])

    def stop(self):
        self.stand.stop_gateway()

    def database(self):
        return sqlite3.connect(self.stand.folder / "store" / "fiscalgate.db", timeout=60)

    def queued(self):
        with self.database() as connection:
            return connection.execute("SELECT count(*) FROM task WHERE state = 0").fetchone()[0]

    def memory_mb(self):
        return memory_mb(self.stand.gateway.pid)

    def cpu_seconds(self):
        return cpu_seconds(self.stand.gateway.pid)

    def fill(self, count):
        """Puts so many queued tasks straight into the stopped gateway's database."""
        data = RECEIPT.read_text(encoding="utf-8").strip()
        callback = "http://127.0.0.1:9/callback.php"
        with self.database() as connection:
            connection.execute("PRAGMA synchronous=OFF")
            shop = connection.execute("SELECT key FROM shop").fetchone()[0]
            register = connection.execute("SELECT key FROM register").fetchone()[0]
            tasks = ((f"01{number:024d}", shop, register, f"filled-{number:010d}", number.to_bytes(32, "big"), 0,
                      1795255200000 + number, 1795255200000 + number) for number in range(1, count + 1))
            before = connection.execute("SELECT coalesce(max(seq), 0) FROM task").fetchone()[0]
            connection.executemany(
                "INSERT INTO task (id, shop, register, order_id, content_hash, state, accepted_at, changed_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", tasks)
            connection.execute(
                "INSERT INTO package (task, commands, callback_success, callback_failed, prog_url) "
                "SELECT seq, ?, ?, ?, '' FROM task WHERE seq > ?", (data, callback, callback, before))
        with self.database() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def slow_disk(build, delay_ms, folder):
    """Environment for a program whose disk takes so long to flush the databases under this folder. SQLite is loaded
    beside the shim: php loads it so that it would find the C library before the shim."""
    return {"LD_PRELOAD": f"{build / 'tests' / 'disk_shim.so'} libsqlite3.so.0",
            "FISCALGATE_DISK_SHIM": f"delay_ms={delay_ms}", "FISCALGATE_DISK_SHIM_PATH": str(folder)}


def run_load(build, target, prefix, seconds, warmup=0.5, connections=32, requests=0):
    command = [build / "tests" / "bench" / "load", "--port", target.port, *target.load_words, "--prefix", prefix,
               "--seconds", seconds, "--warmup", warmup, "--connections", connections, "--requests", requests]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds + 300)
    if done.returncode != 0:
        raise RuntimeError(f"load on {target.name}: {done.stderr.strip()[:500]}")
    result = json.loads(done.stdout)
    odd = {status: count for status, count in result["statuses"].items() if status != ("200" if target.reads else "202")}
    if odd or result["broken"]:
        raise RuntimeError(f"load on {target.name}: statuses {result['statuses']}, broken {result['broken']}; "
                           f"{done.stderr.strip()[:500]}")
    return result
