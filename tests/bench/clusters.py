"""Shops shared out over clusters that know nothing of each other: each has a database and a node of its own. All of them are on
this machine, so that together they can only carry what one carries; what they cost each other shows as less than that."""
import concurrent.futures
import statistics

import nodes
import stands
from processes import free_ports

COUNTS = (1, 2, 4)
CLIENTS = 32  # of all together


def together(bench, members, prefix):
    """Receipts a second, of all of them."""
    def load(member):
        return stands.run_load(bench.options.build, member.target, prefix, bench.options.seconds, connections=CLIENTS // len(members))
    with concurrent.futures.ThreadPoolExecutor(len(members)) as pool:
        return sum(result["per_second"] for result in pool.map(load, members))


def measure(bench, say):
    folder, nginx = bench.section("clusters")
    members = []
    for number, port in enumerate(free_ports(max(COUNTS)), 1):
        url = bench.keep(nodes.Database()).start().new_database("fiscalgate")
        members.append(bench.keep(nodes.Node(f"cluster{number}", folder, port, bench.options.build, url)))
    bench.start(nginx, *members)
    rounds = []
    for number in range(bench.options.rounds):
        rates = {}
        for count in COUNTS if number % 2 == 0 else reversed(COUNTS):
            rates[count] = together(bench, members[:count], f"clusters-{number}-{count}-")
        rounds.append(rates)
        say(f"  clusters {number + 1}/{bench.options.rounds} " + "  ".join(f"{count}: {rates[count]:,.0f}/s" for count in COUNTS))
    bench.stop_all()
    for count in COUNTS:
        rate, share = (statistics.median(value) for value in zip(*((r[count], r[count] / r[COUNTS[0]]) for r in rounds)))
        what = "(a) on PostgreSQL, shops in one cluster" if count == 1 else f"the same shops over {count} clusters, on the same processors"
        bench.table.add(what, f"{rate:,.0f}/s" + ("" if count == 1 else f"   {share:.2f} of one"))
