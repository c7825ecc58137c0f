"""Child processes that never outlive us: not when we are killed, not when a test fails half-way."""
import ctypes
import os
import random
import signal
import socket
import subprocess
import time

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signal_number=signal.SIGKILL):
    """For preexec_fn: the kernel sends the signal when the thread that starts the child ends."""
    parent = os.getpid()

    def set_it():
        _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # it ended in between
            os._exit(1)
    return set_it


def follow_parent(signal_number=signal.SIGTERM):
    """We ourselves end when the one who started us does."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def start(command, log_path, env=None, cwd=None, pass_fds=(), before=None):
    """Starts a child whose output goes to a file; `before` runs in the child before the program."""
    tie = die_with_parent()

    def prepare():
        tie()
        if before:
            before()
    with open(log_path, "ab") as log:
        return subprocess.Popen([str(word) for word in command], stdout=log, stderr=subprocess.STDOUT,
                                stdin=subprocess.DEVNULL, env=env, cwd=cwd, pass_fds=pass_fds, preexec_fn=prepare)


def stop(process, seconds=15):
    """TERM, then KILL if it does not end. Returns the exit status."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def port_is_taken(port, host="127.0.0.1"):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def free_ports(count):
    """Ports nobody has now, below those that the kernel gives to outgoing connections."""
    ports = set()
    while len(ports) < count:
        port = random.SystemRandom().randrange(15_000, 32_000)
        if not port_is_taken(port):
            ports.add(port)
    return sorted(ports)


def wait_until(condition, seconds, what, step=0.02, alive=()):
    """Asks again until `condition` gives something true; fails at once if one of `alive` has ended."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        for process in alive:
            if process.poll() is not None:
                raise RuntimeError(f"{process.args[0]} ended with status {process.returncode} while waiting for {what}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {what} within {seconds} s")
        time.sleep(step)
