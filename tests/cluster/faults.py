"""What is done to the cluster, one function a round. Each breaks something, probes every register from that moment on, mends what it
broke and waits until the cluster is whole again. All that is random comes from the run's own source."""
import signal
import time

from wires import CUT, SILENT

# A register of a dead node prints again within this time, and the time that an attempt under way at the moment may take.
MOVE_SECONDS, ATTEMPT_SECONDS = 10, 2
RECOVERY_SECONDS = 60


class Round:
    """One fault, and what was measured of it."""

    def __init__(self, cluster, number, name):
        self.cluster, self.number, self.name = cluster, number, name
        self.probes, self.began, self.wrong, self.unavailable, self.slowest = [], None, [], None, None

    @property
    def random(self):
        return self.cluster.random

    def say(self, text):
        self.cluster.say(f"   {text}")

    def elapsed(self):
        return time.monotonic() - self.began

    def strike(self, text):
        """The moment from which all is counted; right before the blow."""
        self.began = time.monotonic()
        self.say(text)

    def probe(self):
        self.probes = self.cluster.probe(self.number)

    def all_over(self):
        return all(probe.over_at for probe in self.probes)

    def wait(self, seconds):
        """Of the fault's own time: so long after the blow."""
        self.cluster.check_alive()
        time.sleep(max(0, self.began + seconds - time.monotonic()))

    def recover(self, until=None):
        """Until every register has ended a receipt of after the blow. `until`: seconds after the blow, and what then happens."""
        limit = RECOVERY_SECONDS + (until[0] if until else 0)
        deadline = self.began + limit
        while not self.all_over() or until:
            if until and self.elapsed() > until[0]:
                action, until = until[1], None
                action()
            if time.monotonic() > deadline:
                waiting = [f"{probe.order} ({probe.state or 'not accepted'})" for probe in self.probes if not probe.over_at]
                self.complain(f"not over after {limit:.0f} s: {', '.join(waiting)}")
                break
            self.cluster.check_alive()
            time.sleep(0.02)
        self.measure()

    def complain(self, text):
        self.wrong.append(f"round {self.number}, {self.name}: {text}")
        self.say(f"WRONG: {text}")

    def measure(self):
        self.unavailable = self.cluster.acks.longest_gap(self.began, time.monotonic())
        over = [probe for probe in self.probes if probe.over_at]
        last = max(over, key=lambda probe: probe.over_at, default=None)
        self.slowest = last.over_at - self.began if last else None
        self.say(f"nobody could accept for {self.unavailable:.2f} s, "
                 + (f"every register prints after {self.slowest:.2f} s (the last was {last.lane.name})" if last else "nothing was printed"))

    def heal(self, *fallen):
        """`fallen`: databases to be brought back."""
        cluster = self.cluster
        cluster.wires.heal()
        for member in fallen:
            how = cluster.databases.bring_back(member)
            self.say(f"{member.name} follows {cluster.databases.primary.name} again, {how}")
        cluster.wait_until_whole()


def fail_over(round_):
    databases = round_.cluster.databases
    databases.wait_until_missed()
    round_.say(f"{databases.fail_over(round_.cluster.choose)} ({round_.elapsed():.2f} s)")


def lag(round_):
    """Sometimes one follower has stopped receiving a while before: it must not be the one that is chosen."""
    cluster = round_.cluster
    if round_.random.random() < 0.5 and not cluster.lagging:
        return ""
    followers = cluster.databases.followers
    behind = [round_.random.choice(followers)] if not cluster.lagging else followers
    names = {follower.name for follower in behind}
    cluster.wires.set(SILENT, cluster.wires.between(names, {cluster.databases.primary.name}))
    time.sleep(round_.random.uniform(0.5, 1.5))
    return f", after {' and '.join(sorted(names))} stopped receiving"


def kill_primary(round_):
    primary, how = round_.cluster.databases.primary, lag(round_)
    round_.strike(f"kill -9 {primary.name}, the primary{how}")
    primary.power_cut()
    round_.probe()
    fail_over(round_)
    round_.recover()
    round_.heal(primary)


def kill_node(round_):
    node = round_.random.choice(round_.cluster.stand.gateways)
    back = round_.random.uniform(0.5, 12)
    round_.strike(f"kill -9 {node.name}, to be started after {back:.1f} s")
    node.kill()
    round_.probe()
    round_.recover((back, lambda: node.start(wait=False)))
    if len(round_.cluster.stand.gateways) > 1 and (round_.slowest or 0) > MOVE_SECONDS + ATTEMPT_SECONDS:
        round_.complain(f"the registers of {node.name} printed only after {round_.slowest:.2f} s")
    round_.heal()


def kill_both(round_):
    primary, node = round_.cluster.databases.primary, round_.random.choice(round_.cluster.stand.gateways)
    back, how = round_.random.uniform(2, 10), lag(round_)
    round_.strike(f"kill -9 {primary.name}, the primary, and {node.name}, to be started after {back:.1f} s{how}")
    primary.power_cut()
    node.kill()
    round_.probe()
    fail_over(round_)
    round_.recover((back, lambda: node.start(wait=False)))
    round_.heal(primary)


def pause_node(round_):
    """SIGSTOP: it holds what it holds, and wakes up believing that nothing has happened."""
    node = round_.random.choice(round_.cluster.stand.gateways)
    pause = round_.random.uniform(*round_.cluster.pause_seconds)
    round_.strike(f"stop {node.name} for {pause:.1f} s")
    node.process.send_signal(signal.SIGSTOP)
    round_.probe()
    round_.recover((pause, lambda: node.process.send_signal(signal.SIGCONT)))
    round_.say(f"{node.name} is awake again")
    round_.heal()


def cut_node(round_):
    """A node that nobody has told that its database is out of reach."""
    node, state = round_.random.choice(round_.cluster.stand.gateways), round_.random.choice([SILENT, CUT])
    healed = round_.random.uniform(3, 14)
    wires = round_.cluster.wires
    round_.strike(f"{node.name} loses its databases ({state}) for {healed:.1f} s")
    wires.set(state, wires.between({node.name}))
    round_.probe()
    round_.recover((healed, wires.heal))
    round_.heal()


def cut_primary(round_):
    """The nodes lose a primary that lives; it comes back, or is given up."""
    cluster = round_.cluster
    primary, state, given_up = cluster.databases.primary, round_.random.choice([SILENT, CUT]), round_.random.random() < 0.6
    healed = round_.random.uniform(2, 8)
    what = "is given up" if given_up else f"is back after {healed:.1f} s"
    round_.strike(f"all nodes lose {primary.name}, the primary ({state}); it {what}")
    cluster.wires.set(state, cluster.wires.between({node.name for node in cluster.stand.gateways}, {primary.name}))
    round_.probe()
    if given_up:
        round_.wait(1)
        round_.say(f"{cluster.databases.fail_over(cluster.choose)} ({round_.elapsed():.2f} s)")
        round_.recover()
        round_.heal(primary)
    else:
        round_.recover((healed, cluster.wires.heal))
        round_.heal()


def lose_followers(round_):
    """No second copy: nothing may be acknowledged until there is one."""
    cluster, seconds = round_.cluster, round_.random.uniform(3, 6)
    primary = cluster.databases.primary
    round_.strike(f"nobody follows {primary.name} for {seconds:.1f} s")
    cluster.wires.set(SILENT, cluster.wires.between({one.name for one in cluster.databases.followers}, {primary.name}))
    silent = time.monotonic()
    round_.probe()
    round_.wait(seconds)
    early = cluster.acks.new_between(silent, time.monotonic())
    if early:
        round_.complain(f"{early} posts acknowledged without a second copy")
    cluster.wires.heal()
    round_.recover()
    round_.heal()


def restart_node(round_):
    """As for an upgrade: it ends what it has begun and hands the rest over."""
    node = round_.random.choice(round_.cluster.stand.gateways)
    round_.strike(f"{node.name} is restarted")
    round_.probe()
    status = node.stop()
    round_.say(f"it ended with status {status} after {round_.elapsed():.2f} s")
    if status != 0:
        round_.complain(f"{node.name} ended with status {status}")
    round_.recover((round_.elapsed() + round_.random.uniform(0.1, 5), lambda: node.start(wait=False)))
    round_.heal()


FAULTS = {
    "primary killed": kill_primary,
    "node killed": kill_node,
    "both killed": kill_both,
    "node paused": pause_node,
    "node cut off": cut_node,
    "primary cut off": cut_primary,
    "followers cut off": lose_followers,
    "node restarted": restart_node,
}
SHORT = ("primary killed", "node killed", "both killed")
