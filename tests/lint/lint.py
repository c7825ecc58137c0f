#!/usr/bin/env python3
"""Checks what a compiler does not: who includes whom, how long functions and files are, words that do not belong.

    tests/lint/lint.py [--report]     exit status 1 if anything is wrong; --report also lists the longest
"""
import ast
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import cpp_functions  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A file includes only from its own room or from rooms on a lower floor.
FLOORS = {"base": 0, "ffd": 1, "http": 1, "task": 2, "store": 3, "register": 3, "protocol": 3, "agents": 4,
          "cluster": 4, "dispatch": 5, "callback": 5, "metrics": 5, "fcgi": 6}
SAME_FLOOR = {("protocol", "store")}  # providers read the store's plain values

# Concrete stores and providers are named only where the program is put together.
COMPOSITION = re.compile(r"^fcgi/(serve|emulator|admin|cloud_providers)\w*\.(h|cpp)$|^fcgi/(serve|emulator|admin)/")
CONCRETE = re.compile(r"^lib/(store/(sqlite|postgres)/|protocol/\w+/provider\.h)")

# Every third-party header has one place: (header, files that may include it).
ONE_PLACE = [
    (r"fcgiapp\.h|fcgi_.*", r"fcgi/server\w*\.(h|cpp)|tests/bench/noop_responder\.cpp"),
    (r"curl/.*", r"lib/http/.*|fcgi/agent/platform_linux_http\.cpp"),
    (r"windows\.h|win\w+\.h|ws2tcpip\.h|bcrypt\.h|aclapi\.h|sddl\.h|shlobj\.h|shellapi\.h", r"fcgi/agent/platform_.*"),
    (r"zlib\.h", r"lib/base/gzip\.cpp"),
    (r"sqlite3\.h", r"lib/store/sqlite/.*"),
    (r"libpq-fe\.h", r"lib/store/postgres/.*"),
    (r"cryptopp/.*|crypto\+\+/.*", r"lib/base/crypto\w*\.cpp"),
    (r"json/.*|simdjson\.h", r"lib/base/json\w*\.cpp"),
    (r"toml\+\+/.*|toml\.hpp", r"lib/base/config_file\.cpp"),
    (r"spdlog/.*|fmt/.*", r"lib/base/log\.cpp"),
    (r"CLI/.*", r"fcgi/(main\.cpp|admin.*|\w+/command_line\.cpp)"),
    (r"prometheus/.*", r"lib/metrics/.*"),
    (r"kainjow/.*|mustache\.hpp", r"fcgi/web/.*"),
    (r"qrcodegen/.*", r"lib/ffd/qr_svg\.cpp"),
    (r"systemd/.*", r"fcgi/(serve|server)\w*\.cpp"),
    (r"boost/.*", r"tests/.*"),
]

MAX_FUNCTION_LINES = 70
MAX_FILE_LINES = 400
# Longer ones, each with its reason.
LONG_FILES = {
    "lib/ffd/fault_table.cpp": "a table, one row a code",
    "lib/store/store.h": "the one interface of the store, most of it its manual",
    "tests/unit/fcgi/server_test.cpp": "one fixture, one subject",
}
LONG_FUNCTIONS = {
    ("tests/unit/base/json_test.cpp", "BadDocuments"): "a table",
}

# (pattern, where it counts, what is wrong with it)
CODE = (".cpp", ".h", ".c")
WORDS = [
    (r"/(tmp|work|farm|root|home)/", None, "a path of one machine"),
    (r"(?<![\w.])shared/", None, "a folder that is not in the project"),
    (r"\bsub-?agents?\b|\bsessions? of\b", None, "the project speaks only of itself"),
    (r"\b(TODO|FIXME|XXX|HACK)\b", None, "unfinished work is not marked in the code"),
    (r"catch \(\.\.\.\) *\{ *\}", CODE, "an error is swallowed"),
    (r"std::async\b|\.detach\(\)", CODE, "a thread nobody waits for"),
    (r"\b(sleep_for|sleep_until|usleep|nanosleep)\(|(?<!\w)sleep\(", CODE, "sleeping: wait for what happens"),
    (r"\busing namespace\b(?! std::(chrono_)?literals| std::string_view_literals)", (".h",), "a header opens a namespace"),
]
NO_FLOATS = re.compile(r"^lib/(ffd|register)/|^lib/base/decimal")
# A program of its own: it has nothing of the gateway in it.
AGENT = "fcgi/agent/"
AGENT_USERS = re.compile(r"^fcgi/agent/|^tests/")
SELF = "tests/lint/"
# Sleeping is what these are for.
SLEEP_ALLOWED = re.compile(r"^tests/(bench|fault)/")


# What documents say of the project, by name.
NAMED_PATH = re.compile(r"`((?:lib|fcgi|tests|conf|cms-plugins)/[\w./-]+)`")
NAMED_METRIC = re.compile(r"\bfiscalgate_[a-z_]+[a-z]\b")
METRICS = "lib/metrics/metrics.cpp"


def tracked_files():
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    names = listing.stdout.splitlines() if listing.returncode == 0 else [
        str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file() and "build" not in p.relative_to(ROOT).parts]
    return sorted(n for n in names if (ROOT / n).is_file())


def room_of(name):
    parts = name.split("/")
    if parts[0] == "fcgi":
        return "fcgi"
    return parts[1] if parts[0] == "lib" and len(parts) > 2 else None


class Lint:
    def __init__(self):
        self.faults = []
        self.functions = []  # (lines, name, file, first line)
        self.files = []      # (lines, file)

    def fault(self, name, line, text):
        self.faults.append(f"{name}:{line}: {text}")

    def includes(self, name, lines):
        room = room_of(name)
        for number, line in enumerate(lines, 1):
            match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if not match:
                continue
            header = match.group(1)
            for pattern, where in ONE_PLACE:
                if re.fullmatch(pattern, header) and not re.fullmatch(where, name):
                    self.fault(name, number, f"{header} may only be included in {where}")
            ours = header.startswith(("lib/", "fcgi/"))
            if ours and name.startswith(AGENT) and not header.startswith(AGENT):
                self.fault(name, number, f"the agent includes nothing of the gateway: {header}")
            if header.startswith(AGENT) and not AGENT_USERS.match(name):
                self.fault(name, number, f"the gateway includes nothing of the agent: {header}")
            other = room_of(header)
            if room is None or other is None:
                continue
            if other not in FLOORS or room not in FLOORS:
                self.fault(name, number, f"a room without a floor: {room} or {other}")
            elif other != room and FLOORS[other] >= FLOORS[room] and (room, other) not in SAME_FLOOR:
                self.fault(name, number, f"{room} must not include {other}: it is not on a lower floor")
            if room == "fcgi" and CONCRETE.match(header) and not COMPOSITION.match(name):
                self.fault(name, number, f"{header} is only for the composition (serve, emulator, admin)")

    def words(self, name, lines):
        for number, line in enumerate(lines, 1):
            for pattern, suffixes, why in WORDS:
                if suffixes and not name.endswith(suffixes):
                    continue
                if "sleep" in why and SLEEP_ALLOWED.match(name):
                    continue
                if re.search(pattern, line):
                    self.fault(name, number, f"{why}: {line.strip()[:80]}")

    def sizes(self, name, text, lines):
        self.files.append((len(lines), name))
        if len(lines) > MAX_FILE_LINES and name not in LONG_FILES:
            self.fault(name, 1, f"{len(lines)} lines, over {MAX_FILE_LINES}: split it, or give its reason in the lint")
        found = cpp_functions.find(text) if name.endswith(CODE) else python_functions(text)
        for function, first, count in found:
            self.functions.append((count, function, name, first))
            if count > MAX_FUNCTION_LINES and (name, function) not in LONG_FUNCTIONS:
                self.fault(name, first, f"{function} has {count} lines, over {MAX_FUNCTION_LINES}")

    def header(self, name, text):
        if not text.startswith("//"):
            self.fault(name, 1, "a header opens with what it is, who may call it and what happens on failure")
        if "#pragma once" not in text:
            self.fault(name, 1, "no #pragma once")

    def document(self, name, lines):
        metrics = set(NAMED_METRIC.findall((ROOT / METRICS).read_text(encoding="utf-8")))
        for number, line in enumerate(lines, 1):
            for path in NAMED_PATH.findall(line):
                if not any((ROOT / f"{path}{end}").exists() for end in ("", ".h", ".cpp")):
                    self.fault(name, number, f"there is no {path}")
            for metric in NAMED_METRIC.findall(line):
                if metric not in metrics:
                    self.fault(name, number, f"no metric is called {metric}")

    def exceptions(self):
        long_files = {name for count, name in self.files if count > MAX_FILE_LINES}
        long_functions = {(name, function) for count, function, name, _ in self.functions if count > MAX_FUNCTION_LINES}
        for name in LONG_FILES.keys() - long_files:
            self.fault(name, 1, "no longer too long: take it out of the lint")
        for name, function in LONG_FUNCTIONS.keys() - long_functions:
            self.fault(name, 1, f"{function} is no longer too long: take it out of the lint")

    def floats(self, name, text):
        code = cpp_functions.without_comments_and_strings(text)
        for number, line in enumerate(code.splitlines(), 1):
            if re.search(r"\b(double|float)\b", line):
                self.fault(name, number, "floating point near money")

    def check(self, name):
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return  # test data
        lines = text.splitlines()
        if not name.startswith(SELF) and name != "LICENSE" and not name.startswith("tests/data/"):
            self.words(name, lines)
        if name.endswith(CODE):
            self.includes(name, lines)
        if name.endswith(CODE + (".py",)):
            self.sizes(name, text, lines)
        if name.endswith(".h"):
            self.header(name, text)
        if name.endswith(".md"):
            self.document(name, lines)
        if name.endswith(CODE) and NO_FLOATS.match(name):
            self.floats(name, text)
        if name.endswith(".sh") and subprocess.run(["sh", "-n", ROOT / name]).returncode:
            self.fault(name, 1, "the shell cannot read it")


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def main():
    lint = Lint()
    names = tracked_files()
    for name in names:
        lint.check(name)
    lint.exceptions()
    for fault in lint.faults:
        print(fault)
    if "--report" in sys.argv:
        print("longest functions:")
        for count, function, name, first in sorted(lint.functions, reverse=True)[:12]:
            print(f"  {count:4} {function}  {name}:{first}")
        print("longest files:")
        for count, name in sorted(lint.files, reverse=True)[:12]:
            print(f"  {count:4} {name}")
        for kind in ("lib/", "fcgi/", "tests/"):
            counts = sorted(c for c, n in lint.files if n.startswith(kind) and n.endswith(CODE))
            lengths = sorted(c for c, _, n, _ in lint.functions if n.startswith(kind) and n.endswith(CODE))
            if counts and lengths:
                print(f"  {kind:7} {len(counts)} files, {sum(counts)} lines, median file {counts[len(counts) // 2]}, "
                      f"median function {lengths[len(lengths) // 2]}")
    print(f"lint: {len(names)} files, {len(lint.functions)} functions, {len(lint.faults)} faults")
    return 1 if lint.faults else 0


if __name__ == "__main__":
    sys.exit(main())
