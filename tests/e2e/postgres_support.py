"""A PostgreSQL server of the tests' own, in a folder of its own, under an ordinary user; it ends with the one who started it."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "conf" / "demo"))
from processes import die_with_parent, wait_until  # noqa: E402

USER = "fiscalgate"


def programs():
    """The folder of the newest version; None if there is none."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Postgres:
    def __init__(self, settings=(), port=5432):
        self.programs, self.process, self.port = programs(), None, port
        if self.programs is None:
            raise RuntimeError("PostgreSQL is not installed; run conf/deps.sh test")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-pg-"))
        # The server refuses to run as root.
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.settings = ["listen_addresses=", f"port={port}", "max_connections=100", *settings]
        self.create()

    def create(self, *words):
        self.run("initdb", *words, "-D", self.folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                 "--no-sync", "--no-instructions")

    def prepare(self):
        tie = die_with_parent(signal.SIGQUIT)

        def become():
            if self.user:
                os.setgroups([])
                os.setgid(self.user.pw_gid)
                os.setuid(self.user.pw_uid)
            tie()
        return become

    def run(self, program, *words, timeout=120):
        done = subprocess.run([str(self.programs / program), *map(str, words)], capture_output=True, text=True,
                              preexec_fn=self.prepare(), cwd="/", env={**os.environ, "LC_ALL": "C.UTF-8"}, timeout=timeout)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, wait=True):
        command = [str(self.programs / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        for setting in self.settings:
            command += ["-c", setting]
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                            preexec_fn=self.prepare(), cwd="/", env={**os.environ, "LC_ALL": "C.UTF-8"})
        if wait:
            wait_until(self.is_ready, 60, "database", alive=[self.process])
        return self

    def is_ready(self):
        return subprocess.run([str(self.programs / "pg_isready"), "-h", str(self.folder), "-p", str(self.port), "-q"]).returncode == 0

    def sql(self, text, database="postgres", timeout=120):
        return self.run("psql", "-h", self.folder, "-p", self.port, "-U", USER, "-d", database, "-XAtq", "-v", "ON_ERROR_STOP=1",
                        "-c", text, timeout=timeout).strip()

    def new_database(self, name):
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, database):
        return f"postgresql://{USER}@{urllib.parse.quote(str(self.folder), safe='')}/{database}"

    def signal(self, number):
        """SIGINT: tidily, at once; SIGQUIT: as if it had crashed. Waits for the end."""
        self.process.send_signal(number)
        self.process.wait(60)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)
