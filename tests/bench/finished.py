"""Statuses read from PostgreSQL while it keeps ten thousand finished tasks, and ten million, of twelve months.

The rows are those that a receipt of one item leaves when it is printed at the first attempt, as real tables have them; only
events are left out, which no status reads. They are put in by SQL, a month at a time.
"""
import datetime
import hashlib
import random

import nodes
import stands
from stands import Target

MONTHS = 12
SAMPLE = 200_000  # tasks that are read, at most
NEWEST = 10_000
TABLES = ("task_order", "task", "package", "attempt", "command_result", "evidence")
# No log of what goes into a table that its own transaction has made: in the end it is on the disk all the same. Vacuumed once,
# when all is there.
SERVER = ("wal_level=minimal", "max_wal_senders=0", "max_wal_size=8GB", "maintenance_work_mem=256MB", "autovacuum=off")
FILL_SECONDS = 1800  # at most, a month

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # of ids
_SHIFTS = range(45, -1, -5)
_KIND = '"name":"Фискализация заказа","type":"kktReceiptFiscalization"'
_COMMANDS = f"""[{{{_KIND},"data":{{"purchases":[{{"productName_1030":"Чай чёрный байховый","price_1079":249.90,\
"qty_1023":1,"paymentFormCode_1214":4,"productTypeCode_1212":1,"tax_1199":6}}],"cashierName_1021":"Иванова А. А.",\
"payments":{{"ecash_1081":249.90}},"taxationType_1055":2,"receiptType_1054":1,"sendToEmail_1008":"buyer@example.com",\
"electronically":true}}}}]"""
_MARK = """"fn_1041":"9999064382008144","fd_1040":' || i || ',"fpd_1077":"0872606101","dateTime_1012":"2026-11-22T11:56:19",\
"shift_1038":1,"receiptNumber_1042":1,"regNumber_1037":"0000079200603719","total_1020":249.90,"receiptType_1054":1"""
_ID = " || ".join(f"substr('{_ALPHABET}', (ms >> {shift} & 31)::integer + 1, 1)" for shift in _SHIFTS) + (
    " || substr(md5(i::text), 1, 16)")

_TASKS = """
CREATE TEMP VIEW filled AS
SELECT {number}::bigint AS month, ({number}::bigint << 36) + i AS seq, i, 'filled-' || lpad(i::text, 10, '0') AS order_id,
    {begin} + (i - {first}) * {step} AS ms
FROM generate_series({first}::bigint, {last}) i;
"""
_ROWS = {
    "task_order": "(shop, order_id, seq) SELECT 1, order_id, seq FROM filled",
    "task": f"""(seq, id, shop, register, order_id, content_hash, state, attempts, accepted_at, changed_at, event, month)
        SELECT seq, {_ID}, 1, 1, order_id, sha256(order_id::bytea), 10, 1, ms, ms + 5391, i, month FROM filled""",
    "package": f"""(task, commands, callback_success, callback_failed, prog_url)
        SELECT seq, '{_COMMANDS}', '', '', '' FROM filled""",
    "attempt": """(task, number, kind, tries, started_at, ended_at, sent_to, result, http_status, lease)
        SELECT seq, 1, 0, 1, ms + 380, ms + 5391, 'http://127.0.0.1:44735', 'answered', 200, md5(order_id) FROM filled""",
    "command_result": f"""(task, place, name, type, state, text, raw, mark)
        SELECT seq, 0, 'Фискализация заказа', 'kktReceiptFiscalization', 0, 'Чек пробит',
        '{{{_KIND},"success":"Чек пробит",{_MARK}}}', '{{{_MARK}}}' FROM filled""",
}
_MAKE = "CREATE TABLE {part} (LIKE {model} INCLUDING ALL);\n"
_ATTACH = "ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES {values};\n"
_ROOM = """
SELECT coalesce(parent.relname, c.relname), sum(pg_total_relation_size(c.oid)) FROM pg_class c
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class parent ON parent.oid = i.inhparent
WHERE c.relkind = 'r' AND coalesce(parent.relname, c.relname) = ANY ('{{{tables}}}') GROUP BY 1 ORDER BY 2 DESC
"""


class Month:
    """Its number, as the store counts them; the tasks it has; when they came."""

    def __init__(self, number, first, last, now):
        self.number, self.first, self.last = number, first, last
        self.year, self.in_year = number // 12, number % 12 + 1
        begin = datetime.datetime(self.year, self.in_year, 1, tzinfo=datetime.timezone.utc)
        end = datetime.datetime((number + 1) // 12, (number + 1) % 12 + 1, 1, tzinfo=datetime.timezone.utc)
        self.begin = int(begin.timestamp() * 1000)
        self.step = int((min(end, now) - begin).total_seconds() * 1000) // (last - first + 1)

    @property
    def suffix(self):
        return f"_{self.year}_{self.in_year:02}"

    def id_of(self, i):
        ms = self.begin + (i - self.first) * self.step
        return "".join(_ALPHABET[ms >> shift & 31] for shift in _SHIFTS) + hashlib.md5(str(i).encode()).hexdigest()[:16]

    def values_of(self, table):
        if table == "task":
            return f"IN ({self.number})"
        return f"FROM ({self.number << 36}) TO ({self.number + 1 << 36})"


def months_of(count):
    """The last twelve, this one among them, with as many tasks each."""
    now = datetime.datetime.now(datetime.timezone.utc)
    this = now.year * 12 + now.month - 1
    edges = [count * part // MONTHS for part in range(MONTHS + 1)]
    return [Month(this - MONTHS + 1 + part, edges[part] + 1, edges[part + 1], now) for part in range(MONTHS)]


class Filled:
    """A gateway's database with so many finished tasks in it."""

    def __init__(self, server, node, count):
        self.server, self.node, self.name, self.count = server, node, node.name, count
        self.months = months_of(count)

    def fill(self):
        for month in self.months:
            self.server.sql(self.sql_of(month, self.months[-1]), self.name, FILL_SECONDS)
        self.server.sql(f"SELECT setval('task_seq_seq', {self.count + 1}, false)", self.name)
        for upkeep in ("VACUUM ANALYZE", "CHECKPOINT"):  # or the server would do it while it is measured
            self.server.sql(upkeep, self.name, FILL_SECONDS)

    @staticmethod
    def sql_of(month, this):
        """One transaction. Partitions of this month are there: those of the others are made like them."""
        text, attach = _TASKS.format(**vars(month)), ""
        for table in TABLES:
            part = table if table == "task_order" else table + month.suffix
            if part != table and month is not this:
                text += _MAKE.format(part=part, model=table + this.suffix)
                attach += _ATTACH.format(table=table, part=part, values=month.values_of(table))
            if table in _ROWS:
                text += f"INSERT INTO {part} {_ROWS[table]};\n"
        return text + attach

    def target(self, folder, name, numbers):
        """It is asked for the statuses of these tasks."""
        per_month = iter(self.months)
        month, lines = next(per_month), []
        for i in sorted(numbers):
            while i > month.last:
                month = next(per_month)
            lines.append(f"/api/fiscal/receipts/{month.id_of(i)}\n")
        path = folder / f"{name}.paths"
        path.write_text("".join(lines))
        return Target(name, self.node.stand.port, reads=path)

    def check(self):
        """The first and the last of each month are there, as the shop would see them."""
        for month in self.months:
            for i in (month.first, month.last):
                status = self.node.stand.status(month.id_of(i)).json
                mark = status["commands"][0]["mark"]["fd_1040"]
                if (status["order_id"], status["state"], mark) != (f"filled-{i:010}", "done", i):
                    raise RuntimeError(f"task {i} of {self.name}: {status}")

    def room(self):
        """[(table, bytes a task)], with its indexes."""
        lines = self.server.sql(_ROOM.format(tables=",".join(TABLES)), self.name).splitlines()
        return [(table, int(size) / self.count) for table, size in (line.split("|") for line in lines)]


def measure(bench, folder, nginx, rounds, say):
    """Rounds of "few", "many", and of many the "newest". Gives [(table, bytes a task)], and us of the server a status in each
    round, by name."""
    options, server = bench.options, bench.keep(nodes.Database(*SERVER)).start()
    ports = stands.free_ports(2)
    stores = []
    for name, port, count in zip(("few", "many"), ports, (options.few_finished, options.finished)):
        node = bench.keep(nodes.Node(name, folder, port, options.build, server.new_database(name)))
        stores.append(Filled(server, node, count))
    bench.start(nginx, *(store.node for store in stores))
    targets = []
    for store in stores:
        say(f"  filling {store.count:,} finished tasks")
        store.fill()
        store.check()
        numbers = random.sample(range(1, store.count + 1), min(SAMPLE, store.count))
        targets.append(store.target(folder, store.name, numbers))
    many = stores[-1]
    newest = range(max(many.count - NEWEST, 0) + 1, many.count + 1)
    targets.append(many.target(folder, "newest", newest))
    costs = {}
    for number in range(options.rounds):
        for target in targets:
            before = server.cpu_seconds()
            rounds.run([target], only_round=number)
            spent, result = server.cpu_seconds() - before, rounds.results[target.name][-1]
            costs.setdefault(target.name, []).append(spent * 1e6 / sum(result["statuses"].values()))
    return many.room(), costs
