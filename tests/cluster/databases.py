"""Three PostgreSQL servers, one of which is written to and two follow, and who decides which: a stand-in for what Patroni does
where it is in earnest (see conf/).

A commit is acknowledged when one of the two others has it too (`ANY 1`), always: with nobody there, commits wait. So what was
acknowledged is on one of the two others at least. When the primary is lost, both are asked and the one that has received more
becomes the primary; an old primary that may still live is ended first. It comes back as a follower, by pg_rewind.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import time

from postgres_support import USER, Postgres
from processes import free_ports, wait_until

NAMES = ("db1", "db2", "db3")
DATABASE = "fiscalgate"
CALM = "ANY 1 (db1, db2, db3)"  # nobody follows itself: two of the three
# How the stand-in finds out: it looks so often, and believes it after so many looks in vain.
LOOK_S, LOOKS = 0.3, 3
# In the file, which goes along with every copy: pg_rewind's own recovery reads only that.
SETTINGS = ["synchronous_commit=on", "hot_standby=on", "wal_keep_size=512MB", "max_wal_size=512MB", "max_wal_senders=10",
            "shared_buffers=32MB", "max_worker_processes=4", "wal_sender_timeout=4s", "wal_receiver_timeout=4s",
            "wal_receiver_status_interval=1s", "wal_retrieve_retry_interval=300ms", "log_line_prefix='%m [%p] %a '"]


class Member(Postgres):
    def __init__(self, group, name):
        self.group, self.name = group, name
        super().__init__(port=free_ports(1)[0])
        self.settings += ["listen_addresses=127.0.0.1", f"synchronous_standby_names={group.rule}"]

    @property
    def data(self):
        return self.folder / "data"

    def create(self, *words):
        """It gets its data from initdb or from another member."""

    def put(self, name, text):
        path = self.data / name
        path.write_text(text, encoding="utf-8")
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def follow(self, primary):
        """Whom it follows; None: nobody, though it stays a follower."""
        port = self.group.wires_to[self.name, primary.name] if primary else 0
        address = f"host=127.0.0.1 port={port} user={USER} application_name={self.name}" if primary else ""
        self.put("postgresql.auto.conf", f"primary_conninfo = '{address}'\n")
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGHUP)

    def start(self, wait=True):
        super().start(wait)
        self.group.wires.power(self.name, True)
        return self

    def power_cut(self):
        """All its processes at once: those of a killed server would else finish what they are at."""
        self.process.send_signal(signal.SIGSTOP)  # it makes no more
        for pid in children_of(self.process.pid):
            os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        self.group.wires.power(self.name, False)

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def received(self):
        """How far its copy of the log goes."""
        return int(self.sql("SELECT (greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn)::bigint"))


def children_of(parent):
    pids = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                pids.append(int(stat.parent.name))
        except (OSError, ValueError):
            continue  # it has ended
    return pids


class Databases:
    """`rule`: synchronous_standby_names; "" to see receipts lost."""

    def __init__(self, wires, rule=CALM):
        self.wires, self.rule, self.wires_to = wires, rule, {}
        self.members = {name: Member(self, name) for name in NAMES}
        self.primary = self.members[NAMES[0]]
        for near in self.members.values():
            for far in self.members.values():
                if near is not far:
                    self.wires_to[near.name, far.name] = wires.add(near.name, far.name, far.port)

    @property
    def followers(self):
        return [member for member in self.members.values() if member is not self.primary]

    def url(self, near=None):
        """For a node: through its wires. For an operator: straight."""
        ports = [self.wires_to[near, name] if near else member.port for name, member in self.members.items()]
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        return f"postgresql://{USER}@{hosts}/{DATABASE}?target_session_attrs=read-write"

    def add_node(self, node):
        for name, member in self.members.items():
            self.wires_to[node, name] = self.wires.add(node, name, member.port)

    def start(self):
        """After the wires."""
        Postgres.create(self.primary, "--data-checksums")  # pg_rewind needs them
        with open(self.primary.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write("\n".join(SETTINGS) + "\n")
        self.primary.start()
        for follower in self.followers:
            self.copy(follower)
            follower.start()
        self.wait_until_followed()
        self.primary.sql(f"CREATE DATABASE {DATABASE}")
        return self

    def copy(self, follower):
        shutil.rmtree(follower.data, ignore_errors=True)
        follower.run("pg_basebackup", "-h", "127.0.0.1", "-p", self.primary.port, "-U", USER, "-D", follower.data, "-X",
                     "stream", "-c", "fast", "--no-sync")
        self.make_follower(follower)

    def make_follower(self, follower):
        follower.put("standby.signal", "")
        follower.follow(self.primary)

    def wait_until_followed(self, seconds=30, by=2):
        def followed():
            return int(self.primary.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")) >= by
        wait_until(followed, seconds, f"{by} followers of {self.primary.name}", step=0.1)

    # ---- what a failover manager does

    def wait_until_missed(self):
        """As one who has only the network to look through: the primary has not answered for a while."""
        missed = 0
        while missed < LOOKS:
            missed = 0 if self.primary.is_ready() else missed + 1
            time.sleep(LOOK_S)

    def fail_over(self, choose=max):
        """The old one is ended, if it is not yet. Gives a line on whom it chose."""
        old, candidates = self.primary, self.followers
        if old.is_alive():
            old.power_cut()
        for follower in candidates:
            follower.follow(None)
        for follower in candidates:
            wait_until(lambda: follower.sql("SELECT count(*) FROM pg_stat_wal_receiver") == "0", 10, "the end of the stream")
        received = {follower.name: follower.received() for follower in candidates}
        chosen = choose(candidates, key=lambda follower: received[follower.name])
        if chosen.sql("SELECT pg_promote(true, 60)") != "t":
            raise RuntimeError(f"{chosen.name} cannot be promoted")
        self.primary = chosen
        for follower in candidates:
            if follower is not chosen:
                follower.follow(chosen)
        other = next(name for name in received if name != chosen.name)
        ahead = received[chosen.name] - received[other]
        return f"{chosen.name} is the primary now, " + (f"{ahead} bytes of the log ahead of {other}" if ahead else f"level with {other}")

    def bring_back(self, member):
        """A dead member follows again. Gives how."""
        if (member.data / "standby.signal").exists():
            member.follow(self.primary)
            member.start()
            return "as it was"
        self.primary.sql("CHECKPOINT")  # pg_rewind reads there which timeline it is on
        try:
            member.run("pg_rewind", "-D", member.data, "--no-sync", "--source-server",
                       f"host=127.0.0.1 port={self.primary.port} user={USER} dbname=postgres")
            self.make_follower(member)
            member.start()
            return "by pg_rewind"
        except (RuntimeError, TimeoutError, subprocess.TimeoutExpired) as error:
            member.put("rewind.log", str(error))
            if member.is_alive():
                member.power_cut()
        self.copy(member)
        member.start()
        return "by a new copy"

    def stop(self):
        for member in self.members.values():
            if member.is_alive():
                member.process.send_signal(signal.SIGCONT)
                member.power_cut()
            shutil.rmtree(member.folder, ignore_errors=True)
