#!/usr/bin/env python3
"""Runs what conf/cluster describes, with the real packages, as three machines on loopback (127.20.0.11 to .13), under load; then
one machine loses everything at once (kill -9), the one with the primary first, and comes back.

    tests/cluster/conf_on_loopback.py [--by servers|pooler] [--losses 2] [--build build] [--keep]

Wants etcd, patroni, haproxy and pgbouncer besides what the tests want. The files are taken as they are: only addresses, paths,
passwords and the size of the cache are others. Exit status 0 only if nothing was lost and nothing printed twice.
"""
import argparse
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "conf" / "demo"))
from processes import free_ports, start, stop, wait_until  # noqa: E402
from protocol import CREATE_RECEIPT, form_fields, post_form, request  # noqa: E402
from stand import SAMPLE, Stand  # noqa: E402

CONF = ROOT / "conf" / "cluster"
SNIPPETS = ROOT / "conf" / "nginx" / "snippets"
MACHINES = {"a": "127.20.0.11", "b": "127.20.0.12", "c": "127.20.0.13"}
PATH = "/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/bin"
POSTS = 8


class Machine:
    """One of the three: its folder stands for /etc, /var and /run."""

    def __init__(self, cluster, name, address):
        self.cluster, self.name, self.address = cluster, name, address
        self.folder = cluster.folder / name
        self.processes = {}
        for part in ("run", "log", "pg", "etcd", "bouncer"):
            (self.folder / part).mkdir(parents=True)
        self.own(self.folder)
        self.own(*self.folder.iterdir())

    def own(self, *paths):
        user = self.cluster.user
        for path in paths:
            if user:
                os.chown(path, user.pw_uid, user.pw_gid)

    def render(self, name, target, mode=0o600):
        text = (CONF / name).read_text(encoding="utf-8")
        for old, new in (("127.0.0.1", "@ADDRESS@"), ("@NAME@", self.name), ("@ADDRESS@", self.address), ("10.20.0.", "127.20.0."),
                         ("/var/lib/postgresql/15/fiscalgate", f"{self.folder}/pg/data"),
                         ("/var/lib/postgresql/fiscalgate.pgpass", f"{self.folder}/pg/pgpass"),
                         ("/var/run/postgresql", f"{self.folder}/run"), ("/var/log/postgresql", f"{self.folder}/log"),
                         ("/var/lib/etcd/fiscalgate", f"{self.folder}/etcd/data"), ("/etc/pgbouncer/", f"{self.folder}/bouncer/"),
                         ("/etc/fiscalgate/", f"{self.cluster.folder}/"), ("/run/fiscalgate/fcgi.sock", f"{self.address}:9000"),
                         ("https://receipts.example", self.cluster.url), ("shared_buffers: 1GB", "shared_buffers: 64MB")):
            text = text.replace(old, new)
        path = self.folder / target
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        self.own(path)
        return path

    def run(self, name, *command, env=None, as_postgres=True):
        user = self.cluster.user if as_postgres else None

        def become():
            os.setsid()  # what it starts dies with it
            if user:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
        self.processes[name] = start(command, self.folder / "log" / f"{name}.said", cwd=self.folder, before=become,
                                     env={"PATH": PATH, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", **(env or {})})

    def start_base(self, state):
        lines = [line.split("=", 1) for line in self.render("etcd.env", "etcd/env").read_text().splitlines()
                 if line and not line.startswith("#")]
        self.run("etcd", "etcd", env={**dict(lines), "ETCD_INITIAL_CLUSTER_STATE": state})
        self.run("patroni", "patroni", self.render("patroni.yml", "pg/patroni.yml"))

    def start_ways(self):
        (self.folder / "bouncer" / "userlist.txt").write_text(self.cluster.userlist)
        self.run("haproxy", "haproxy", "-db", "-f", self.render("haproxy.cfg", "haproxy.cfg"))
        self.run("pgbouncer", "pgbouncer", self.render("pgbouncer.ini", "bouncer/pgbouncer.ini"))

    def start_gateway(self):
        path = self.render("fiscalgate.toml", "fiscalgate.toml")
        text = path.read_text()
        if self.cluster.by == "pooler":
            lines = text.splitlines()
            text = "\n".join(line[2:] if line.startswith("# url =") else line for line in lines if not line.startswith("url ="))
        path.write_text(text + '\n[dispatch]\nallow_networks = ["127.0.0.0/8"]\n[limits]\nshop_rate_per_second = 0\n')
        self.run("gateway", self.cluster.build / "fiscalgate", "serve", "--config", path, as_postgres=False)

    def lose_everything(self):
        """As if the power had gone: every process of the machine, in one go."""
        for process in self.processes.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it had ended
        # Patroni lets its server outlive it.
        for pid in self.postgres():
            os.kill(pid, signal.SIGKILL)
        for process in self.processes.values():
            process.wait()
        self.processes.clear()
        wait_until(lambda: not self.postgres(), 20, "end of the server")

    def postgres(self):
        try:
            pid = int((self.folder / "pg" / "data" / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
            return [pid]
        except (OSError, ValueError, IndexError):
            return []

    def is_there(self):
        try:
            return urllib.request.urlopen(f"http://{self.address}:8008/health", timeout=2).status == 200
        except OSError:
            return False

    def stop(self):
        for name in ("gateway", "pgbouncer", "haproxy", "patroni", "etcd"):
            if name in self.processes:
                stop(self.processes[name], 30)
        for pid in self.postgres():
            os.kill(pid, signal.SIGQUIT)


class Cluster:
    def __init__(self, folder, build, by):
        self.folder, self.build, self.by = folder, build, by
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self.machines = [Machine(self, name, address) for name, address in MACHINES.items()]
        self.userlist = ""
        folder.chmod(0o755)

    def primary(self):
        for machine in self.machines:
            try:
                if urllib.request.urlopen(f"http://{machine.address}:8008/primary", timeout=2).status == 200:
                    return machine
            except OSError:
                continue
        return None

    def members(self):
        for machine in self.machines:
            try:
                with urllib.request.urlopen(f"http://{machine.address}:8008/cluster", timeout=2) as answer:
                    return json.load(answer)["members"]
            except OSError:
                continue
        return []

    def is_whole(self):
        """A leader, a synchronous standby, and all of them stream."""
        members = self.members()
        states = [member["state"] for member in members]
        return (len(members) == len(self.machines) and all(state in ("running", "streaming") for state in states)
                and any(member["role"] == "sync_standby" for member in members))

    def sql(self, text, database="postgres"):
        primary = wait_until(self.primary, 60, "primary")
        done = subprocess.run(["psql", "-h", primary.address, "-U", "postgres", "-d", database, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", text],
                              capture_output=True, text=True, env={"PATH": PATH, "PGPASSWORD": "PASSWORD-OF-POSTGRES"}, timeout=60)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def admin(self, *words):
        done = subprocess.run([self.build / "fiscalgate", "admin", "--config", self.machines[0].folder / "fiscalgate.toml", "--json",
                               *map(str, words)], capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stderr or done.stdout)
        return json.loads(done.stdout)

    def start(self):
        for machine in self.machines:
            machine.start_base("new")
        wait_until(self.is_whole, 120, "three servers")
        self.sql("CREATE ROLE fiscalgate LOGIN PASSWORD 'PASSWORD-OF-FISCALGATE'")
        self.sql("GRANT pg_read_all_stats TO fiscalgate")
        self.sql("CREATE DATABASE fiscalgate OWNER fiscalgate")
        secret = self.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'fiscalgate'")
        self.userlist = f'"fiscalgate" "{secret}"\n'
        pgpass = self.folder / "pgpass"
        pgpass.write_text("*:*:*:fiscalgate:PASSWORD-OF-FISCALGATE\n")
        pgpass.chmod(0o600)
        for machine in self.machines:
            machine.start_ways()
            machine.start_gateway()
            stop(machine.processes.pop("gateway"))  # only its configuration, for the commands
        subprocess.run([self.build / "fiscalgate", "admin", "--config", self.machines[0].folder / "fiscalgate.toml", "key", "create"], check=True)
        print("migrated:", self.admin("migrate"), flush=True)
        for machine in self.machines:
            machine.start_gateway()
        self.start_nginx()
        wait_until(self.is_ready, 60, "gateways ready")

    def start_nginx(self):
        folder = self.folder / "nginx"
        (folder / "snippets").mkdir(parents=True)
        for path in [*SNIPPETS.glob("*.conf"), CONF / "nginx" / "fiscalgate-repeatable.conf"]:
            shutil.copy(path, folder / "snippets")
        site = self.machines[0].render("nginx/fiscalgate.conf", "site.conf").read_text()
        site = site.replace("listen 80;", f"listen 127.0.0.1:{self.port};").replace("    listen [::]:80;\n", "")
        temporary = "".join(f" {kind}_temp_path {kind};\n" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
        (folder / "nginx.conf").write_text("daemon off; pid nginx.pid; error_log error.log; worker_processes 1;\nevents {}\nhttp {\n"
                                           f" access_log off;\n{temporary}{site}\n}}\n")
        self.nginx = start(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"], folder / "said.log",
                           env={"PATH": PATH})

    def is_ready(self):
        try:
            return request(self.url + "/readyz", timeout=5).status == 200
        except OSError:
            return False

    def stop(self):
        if hasattr(self, "nginx"):
            stop(self.nginx)
        for machine in self.machines:
            machine.stop()


class Load:
    """Shops that repeat an order until it is acknowledged."""

    def __init__(self, cluster, shop, tokens):
        self.cluster, self.shop, self.tokens = cluster, shop, tokens
        self.sample = SAMPLE.read_text(encoding="utf-8")
        self.stopping, self.lock = threading.Event(), threading.Lock()
        self.acknowledged, self.answers, self.moments = {}, Counter(), []
        self.threads = [threading.Thread(target=self.post, args=(number,)) for number in range(POSTS)]
        for thread in self.threads:
            thread.start()

    def post(self, number):
        token, count = self.tokens[number % len(self.tokens)], 0
        while not self.stopping.is_set():
            count += 1
            order = f"order-{number}-{count}"
            fields = form_fields(self.shop["account_id"], token, self.shop["code"], order, self.sample)
            while not self.stopping.is_set():
                try:
                    answer = post_form(self.cluster.url + CREATE_RECEIPT, fields, timeout=30)
                    what = answer.status
                except OSError as error:
                    answer, what = None, type(error).__name__
                with self.lock:
                    self.answers[what] += 1
                if what in (200, 202):
                    with self.lock:
                        self.acknowledged[order] = answer.json["id"]
                        self.moments.append(time.monotonic())
                    break
                self.stopping.wait(0.1)
            self.stopping.wait(0.02)

    def longest_gap(self, since):
        with self.lock:
            moments = [since] + sorted(moment for moment in self.moments if moment > since)
        return max((b - a for a, b in zip(moments, moments[1:])), default=0)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def lose(cluster, load, machine, what):
    began, before = time.monotonic(), len(load.acknowledged)
    machine.lose_everything()
    wait_until(lambda: len(load.acknowledged) > before + 50 and cluster.primary(), 120, "acknowledgements go on")
    time.sleep(5)
    print(f"lost {what} ({machine.name}): primary is {cluster.primary().name} now, longest without an acknowledgement "
          f"{load.longest_gap(began):.1f} s", flush=True)
    began = time.monotonic()
    machine.start_base("existing")
    machine.start_ways()
    machine.start_gateway()
    wait_until(lambda: machine.is_there() and cluster.is_whole(), 180, "the machine back")
    print(f"  {machine.name} is back after {time.monotonic() - began:.1f} s, longest without an acknowledgement meanwhile "
          f"{load.longest_gap(began):.1f} s", flush=True)


def tally(cluster, load, emulators):
    load.stop()
    print("answers:", dict(load.answers), flush=True)
    deadline = time.monotonic() + 240
    for _ in range(2):  # an operator who looks at the tape, for what is unknown
        states = Counter()
        for order, task_id in load.acknowledged.items():
            status = request(f"{cluster.url}/api/fiscal/receipts/{task_id}", timeout=30)
            while status.status != 200 or status.json["state"] not in ("done", "failed", "unknown"):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.05)
                status = request(f"{cluster.url}/api/fiscal/receipts/{task_id}?wait=5", timeout=30)
            states[status.json.get("state", status.status)] += 1
    printed = Counter(line["order_id"] for emulator in emulators for line in emulator.receipts())
    there = set(cluster.sql("SELECT order_id FROM task WHERE order_id LIKE 'order-%'", "fiscalgate").split())
    lost = [order for order in load.acknowledged if order not in there]
    unprinted = [order for order in load.acknowledged if printed[order] == 0]
    twice = [order for order, times in printed.items() if times > 1]
    print(f"acknowledged {len(load.acknowledged)}, states {dict(states)}, not printed {len(unprinted)}, lost {len(lost)}, "
          f"printed twice {len(twice)}", flush=True)
    return not lost and not twice and set(states) <= {"done", "unknown"} and len(unprinted) <= states["unknown"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--by", choices=("servers", "pooler"), default="servers")
    parser.add_argument("--losses", type=int, default=2)
    parser.add_argument("--build", default="build")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-conf-"))
    build = (ROOT / options.build).resolve()
    cluster = Cluster(folder, build, options.by)
    stand = Stand(folder / "emulators", build)
    ok = False
    try:
        emulators = [stand.add_emulator(f"emulator{number}") for number in range(2)]
        for emulator in emulators:
            emulator.start()
        stand.nginx.start(stand.folder)
        began = time.monotonic()
        cluster.start()
        print(f"all of it stands after {time.monotonic() - began:.1f} s, gateways by {options.by}", flush=True)
        shop = {"account_id": "shop", "code": "0123456789abcdef0123456789abcdef"}
        cluster.admin("shop", "add", "--account", "shop", "--name", "shop", "--code", shop["code"], "--rate", 0)
        tokens = []
        for number, emulator in enumerate(emulators):
            tokens.append(f"{number:032x}")
            cluster.admin("register", "add", "--name", f"till-{number}", "--token", tokens[-1], "--url", emulator.url, "--shop", "shop",
                          "--pass-unknown")
        load = Load(cluster, shop, tokens)
        try:
            wait_until(lambda: len(load.acknowledged) > 100, 60, "load")
            for number in range(options.losses):
                primary = wait_until(cluster.primary, 60, "primary")
                standby = next(machine for machine in cluster.machines if machine is not primary)
                lose(cluster, load, standby if number % 2 else primary, "a standby's machine" if number % 2 else "the primary's machine")
            print(json.dumps(cluster.members()), flush=True)
        finally:
            load.stop()
        ok = tally(cluster, load, emulators)
    finally:
        cluster.stop()
        stand.stop()
        if options.keep or not ok:
            print("kept:", folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
