#!/usr/bin/env python3
"""Wires: TCP connections that can be cut. One program carries all of them; who starts it tells it what happens to which.

A wire passes on what comes. Silent, it passes nothing on and says nothing, as if a cable were out: what was on its way arrives
late, once it is healed. Cut, it resets what is open and refuses whoever comes, like a machine whose program is gone.
"""
import asyncio
import json
import pathlib
import signal
import socket
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "conf" / "demo"))
from processes import die_with_parent, free_ports  # noqa: E402

OPEN, SILENT, CUT = "open", "silent", "cut"
CHUNK = 65536


class Wire:
    def __init__(self, port, target):
        self.port, self.target, self.state, self.ends, self.listener = port, target, OPEN, set(), None
        self.open = asyncio.Event()
        self.open.set()

    async def set_state(self, state):
        self.state = state
        if state == SILENT:
            self.open.clear()
        else:
            self.open.set()  # whoever waits in it goes on, to see that it is cut
        if state == CUT and self.listener:
            self.listener.close()
            self.listener = None
            for end in list(self.ends):
                reset(end)
        if state != CUT and not self.listener:
            self.listener = await asyncio.start_server(self.connect, "127.0.0.1", self.port, backlog=512)

    async def connect(self, reader, writer):
        self.ends.add(writer)
        await self.open.wait()
        far = None
        try:
            if self.state == CUT:
                raise OSError("cut")
            far_reader, far = await asyncio.open_connection("127.0.0.1", self.target)
            self.ends.add(far)
            await asyncio.gather(self.pump(reader, far), self.pump(far_reader, writer))
        except OSError:
            reset(writer)
        finally:
            for end in (writer, far):
                self.ends.discard(end)
                if end:
                    end.close()

    async def pump(self, reader, writer):
        """One direction. Ends both when it ends."""
        try:
            while data := await reader.read(CHUNK):
                await self.open.wait()
                writer.write(data)
                await writer.drain()
        finally:
            await self.open.wait()  # nobody hears of an end through a silent wire
            writer.close()


def reset(end):
    """So that the other side sees an error and not an end."""
    line = end.get_extra_info("socket")
    if line is not None and line.fileno() >= 0:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.transport.abort()


async def serve(plan):
    """`plan`: name -> [port, target port]. A command is a line of JSON: name -> state."""
    wires = {name: Wire(port, target) for name, (port, target) in plan.items()}
    for wire in wires.values():
        await wire.set_state(OPEN)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    print("ready", flush=True)
    while line := await commands.readline():
        for name, state in json.loads(line).items():
            await wires[name].set_state(state)
        print("done", flush=True)


class Wires:
    """The program, from outside. A wire's name is "near>far"."""

    def __init__(self):
        self.plan, self.process, self.states, self.off = {}, None, {}, set()

    def add(self, near, far, target):
        """Gives the port to connect to instead."""
        port = free_ports(1)[0]
        self.plan[f"{near}>{far}"] = (port, target)
        self.states[f"{near}>{far}"] = OPEN
        return port

    def start(self):
        self.process = subprocess.Popen([sys.executable, __file__, json.dumps(self.plan)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent())
        self.hear("ready")
        return self

    def hear(self, word):
        said = self.process.stdout.readline().strip()
        if said != word:
            raise RuntimeError(f"the wires said {said!r} instead of {word}")

    def tell(self):
        states = {name: CUT if name.split(">")[1] in self.off else state for name, state in self.states.items()}
        self.process.stdin.write(json.dumps(states) + "\n")
        self.process.stdin.flush()
        self.hear("done")

    def between(self, near=(), far=()):
        """Names of the wires from one of these to one of those; () is anybody."""
        pairs = [name.split(">") for name in self.plan]
        return {">".join(pair) for pair in pairs if (not near or pair[0] in near) and (not far or pair[1] in far)}

    def set(self, state, names):
        self.states.update(dict.fromkeys(names, state))
        self.tell()

    def heal(self):
        """All of them."""
        self.set(OPEN, self.plan)

    def power(self, far, on):
        """Nobody listens behind these wires, or somebody does again."""
        self.off = self.off - {far} if on else self.off | {far}
        self.tell()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asyncio.run(serve(json.loads(sys.argv[1])))
