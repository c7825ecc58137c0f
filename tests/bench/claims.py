"""Tasks through their lanes on PostgreSQL: with nothing queued, with a million, and while somebody keeps a snapshot open."""
import json
import statistics
import subprocess

import nodes
from processes import die_with_parent, stop

LANES = 16
# As the gateway writes them; the registers are those that the first run has made.
_FILL = """
WITH taken AS (INSERT INTO task_order (shop, order_id) SELECT 1, 'fill-' || i FROM generate_series(1, {count}) i
               RETURNING seq, order_id),
     made AS (INSERT INTO task (seq, id, shop, register, order_id, content_hash, state, accepted_at, changed_at)
              SELECT seq, order_id, 1, 1 + seq % {lanes}, order_id, '\\x00', 0, 0, 0 FROM taken RETURNING seq)
INSERT INTO package (task, commands, callback_success, callback_failed, prog_url)
SELECT seq, repeat(' ', 600), '', '', '' FROM made
"""


class Store:
    """A database with lanes in it, for the program that takes tasks through them."""

    def __init__(self, server, name, build):
        self.server, self.name, self.build = server, name, build
        self.url = server.new_database(name)
        self.run(1)

    def run(self, seconds, *words):
        """Claims in each second, and what the program says of them."""
        begun = self.server.cpu_seconds()
        said = subprocess.run([self.build / "tests/bench/claims", self.url, str(LANES), str(seconds), *words], check=True,
                              capture_output=True, text=True).stdout
        result = json.loads(said)
        result["cpu_us"] = (self.server.cpu_seconds() - begun) * 1e6 / result["claims"]
        return result

    def fill(self, count):
        self.server.sql(_FILL.format(count=count, lanes=LANES), self.name)
        for upkeep in ("VACUUM ANALYZE", "CHECKPOINT"):  # or the server would do it while it is measured
            self.server.sql(upkeep, self.name)


class Snapshot:
    """A transaction that has read something and is left open."""

    def __init__(self, server, name):
        self.process = subprocess.Popen([server.programs / "psql", "-h", server.folder, "-U", nodes.USER, "-d", name, "-Xq"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent())
        self.process.stdin.write("BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT count(*) FROM task;\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("("):  # "(1 row)"
                break

    def stop(self):
        return stop(self.process)


class Pairs:
    """A store and the one with nothing queued, in turns of some seconds: what disturbs the machine disturbs neighbours alike."""

    def __init__(self, name, empty, store, seconds, say):
        self.name, self.empty, self.store, self.seconds, self.say, self.results = name, empty, store, seconds, say, []

    def run(self, count):
        for _ in range(count):
            self.results.append((self.empty.run(self.seconds), self.store.run(self.seconds)))
            rates = "  ".join(f"{name} {result['per_second']:5.0f}/s {result['cpu_us']:4.0f} us"
                              for name, result in zip(("empty", self.name), self.results[-1]))
            self.say(f"  claims {len(self.results)}/{count}  {rates}")
        return self

    def rates(self):
        """Medians, of the empty one first."""
        return [statistics.median(pair[side]["per_second"] for pair in self.results) for side in (0, 1)]

    def ratio(self, key="per_second", share=1):
        """Of the last pairs only, if a share is given."""
        last = self.results[-max(1, int(len(self.results) * share)):]
        return statistics.median(store[key] / empty[key] for empty, store in last)


def measure(bench, say):
    """Gives the pairs of the one with a queue, and of the one with a snapshot open; `bench` is the one of bench.py."""
    options, server = bench.options, bench.keep(nodes.Database()).start()
    stores = {name: Store(server, f"lanes_{name}", options.build) for name in ("empty", "full", "held")}
    say(f"  filling {options.queued:,} tasks")
    stores["full"].fill(options.queued)
    # After a checkpoint each page goes to the log whole when it is first changed, and a million tasks have many. That is
    # paid once in minutes of work, so it is paid before.
    for store in stores.values():
        store.run(2 * options.seconds)
    full = Pairs("full", stores["empty"], stores["full"], options.seconds, say).run(options.rounds)
    snapshot = bench.keep(Snapshot(server, stores["held"].name))
    held = Pairs("held", stores["empty"], stores["held"], options.seconds, say).run(2 * options.rounds)
    snapshot.stop()
    bench.stop_all()
    return full, held
