"""The whole system on one machine under one folder: emulators, gateway, nginx, and the admin commands that set it up.

Used by the demo (fixed ports, kept for a look) and by the tests (free ports, a temporary folder). Every program runs in
the folder, as a child that cannot outlive this process.
"""
import json
import os
import pathlib
import secrets
import signal
import subprocess

from nginx import Nginx
from processes import free_ports, start, stop, wait_until
from protocol import CREATE_RECEIPT, form_fields, post_form, request

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "data" / "bit" / "sample_receipt.json"


def sample_data():
    return SAMPLE.read_text(encoding="utf-8")


class AdminError(Exception):
    pass


class Emulator:
    """One emulated BIT driver: its process, its folder, its faults."""

    def __init__(self, stand, name, port):
        self.stand, self.name, self.port, self.process = stand, name, port, None
        self.tokens = []  # none: every token in a header of its own is accepted
        self.url = f"http://127.0.0.1:{port}"

    @property
    def socket(self):
        return f"./{self.name}.sock"

    @property
    def command(self):
        command = [self.stand.program, "emulator", "--socket", self.socket, "--state", f"./{self.name}"]
        for token in self.tokens:
            command += ["--kkt-token", token]
        return command

    def start(self):
        self.process = start(self.command, self.stand.folder / f"{self.name}.log", cwd=self.stand.folder)
        wait_until((self.stand.folder / self.socket).exists, 15, self.name, alive=[self.process])
        return self

    def stop(self):
        return stop(self.process) if self.process else 0

    def kill(self):
        """Without its socket, so that start waits for the new one."""
        self.process.kill()
        self.process.wait()
        (self.stand.folder / self.socket).unlink(missing_ok=True)

    def control(self, path, body=None, method="POST"):
        data = None if body is None else json.dumps(body).encode()
        answer = request(self.url + path, data, {"Content-Type": "application/json"} if data else {}, method)
        if answer.status != 200:
            raise RuntimeError(f"{self.name}: {path}: {answer}")
        return answer

    def fault(self, name, **how):
        """count= times, or rate= of 1 with seed=; delay_ms= of slow."""
        return self.control("/emulator/faults", {"fault": name, **how})

    def clear_faults(self):
        return self.control("/emulator/faults", method="DELETE")

    def deduplicate(self, on):
        return self.control("/emulator/settings", {"deduplicate": on})

    def receipts(self, order=None):
        lines = self.control("/emulator/journal?kind=receipt", method="GET").json
        return [line for line in lines if order is None or line["order_id"] == str(order)]

    def receipt_text(self, fd):
        return self.control(f"/emulator/receipt/{fd}.txt", method="GET").text


class Agent:
    """The agent's program, as on the computer beside a register: its process, its folder with journal and settings."""

    def __init__(self, stand, name):
        self.stand, self.name, self.process, self.registers = stand, name, None, []

    @property
    def log(self):
        return self.stand.folder / f"{self.name}.log"

    def add_register(self, name, key, driver, gateway=None):
        self.registers.append(f"[register {name}]\ngateway = {gateway or self.stand.url}\nkey = {key}\ndriver = {driver}\n")
        settings = self.stand.folder / f"{self.name}.conf"
        settings.touch(mode=0o600)
        settings.write_text(f"lang = en\nstate = {self.name}\n" + "".join(self.registers), encoding="utf-8")
        return self

    def start(self):
        command = [self.stand.build / "fiscalgate-agent", "run", "--config", f"{self.name}.conf"]
        self.process = start(command, self.log, cwd=self.stand.folder)
        return self

    def stop(self):
        return stop(self.process) if self.process else 0


class Gateway:
    """One running gateway: its process, its configuration, its socket. nginx gives each a port of its own."""

    def __init__(self, stand, name, port, config, settings=None):
        self.stand, self.name, self.port, self.process = stand, name, port, None
        self.config, self.settings = stand.folder / config, dict(settings or {})
        self.url = f"http://127.0.0.1:{port}"

    @property
    def socket(self):
        return f"./{self.name}.sock"

    def write_config(self):
        """Relative paths: the programs run in the folder."""
        sections = {
            "server": {"socket": self.socket, "public_url": self.stand.url},
            "store": {"url": "sqlite:./store/fiscalgate.db"},
            "keys": {"file": "./key"},
            "log": {"level": "info"},
            "callback": {"allow_networks": ["127.0.0.0/8"]},
            "dispatch": {"allow_networks": ["127.0.0.0/8"]},
            "pages": {},
            "limits": {"shop_rate_per_second": 0},
        }
        for key, value in {**self.stand.settings, **self.settings}.items():
            section, name = key.split(".")
            sections[section][name] = value
        text = "".join(f"[{section}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
                       for section, keys in sections.items())
        self.config.write_text(text, encoding="utf-8")

    def start(self, wait=True, **how):
        command = [self.stand.program, "serve", "--config", self.config.name]
        self.process = start(command, self.stand.folder / f"{self.name}.log", cwd=self.stand.folder, env=self.stand.env, **how)
        if wait:
            self.wait_until_ready()
        return self.process

    def wait_until_ready(self, seconds=20):
        socket = self.stand.folder / self.socket
        wait_until(socket.exists, seconds, f"socket of {self.name}", alive=[self.process])
        wait_until(self.is_ready, seconds, f"{self.name} ready", alive=[self.process])

    def is_ready(self):
        try:
            return request(self.url + "/readyz", timeout=5).status == 200
        except OSError:
            return False

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        return stop(self.process) if self.process else 0

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Stand:
    def __init__(self, folder, build, port=None, settings=None):
        self.folder, self.build = pathlib.Path(folder), pathlib.Path(build)
        self.program = self.build / "fiscalgate"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = dict(settings or {})  # "callback.timeout_ms": 500
        self.nginx = Nginx(self.folder / "nginx")
        self.emulators, self.agents, self.env = [], [], dict(os.environ)
        self.gateways = [Gateway(self, "gateway", self.port, "fiscalgate.toml")]

    # ---- programs

    def add_emulator(self, name="emulator", port=None, **tls):
        emulator = Emulator(self, name, port or free_ports(1)[0])
        self.nginx.add_emulator(emulator.port, emulator.socket, name=f"fiscalgate_{name}", **tls)
        self.emulators.append(emulator)
        return emulator

    def add_agent(self, name="agent"):
        agent = Agent(self, name)
        self.agents.append(agent)
        return agent

    def add_gateways(self, names, settings=None):
        """These, instead of the one: equal nodes on one database, each with a port of its own; the stand's port is any of
        them. `settings` of one, by its name."""
        ports = free_ports(len(names))
        self.gateways = [Gateway(self, name, port, f"{name}.toml", (settings or {}).get(name))
                         for name, port in zip(names, ports)]
        return self.gateways

    @property
    def gateway(self):
        """The process of the first, which is the only one mostly."""
        return self.gateways[0].process

    @property
    def config(self):
        return self.folder / "fiscalgate.toml"

    def write_config(self):
        """Also one for the operator's commands, which is the gateway's own where there is one."""
        for gateway in self.gateways:
            gateway.write_config()
        if all(gateway.config != self.config for gateway in self.gateways):
            Gateway(self, "gateway", self.port, self.config.name).write_config()

    def start_gateway(self, wait=True, **how):
        return self.gateways[0].start(wait, **how)

    def is_ready(self):
        return all(gateway.is_ready() for gateway in self.gateways)

    def stop_gateway(self):
        return self.gateways[0].stop()

    def kill_gateway(self):
        self.gateways[0].kill()

    def start(self):
        """Everything, in the order in which it depends on each other."""
        self.nginx.add_gateway(self.port, *(gateway.socket for gateway in self.gateways))
        for gateway in self.gateways:
            if gateway.port != self.port:
                self.nginx.add_gateway(gateway.port, gateway.socket, name=f"fiscalgate_{gateway.name}")
        self.write_config()
        (self.folder / "store").mkdir(mode=0o700)
        self.admin("key", "create")
        for emulator in self.emulators:
            emulator.start()
        self.nginx.start(self.folder)
        for gateway in self.gateways:
            gateway.start()
        return self

    def stop(self):
        """Returns the exit statuses by name; all zero where everything ended well."""
        statuses = {agent.name: agent.stop() for agent in self.agents}
        statuses.update({gateway.name: gateway.stop() for gateway in self.gateways})
        for emulator in self.emulators:
            statuses[emulator.name] = emulator.stop()
        if self.nginx.process:
            statuses["nginx"] = stop(self.nginx.process)
        return statuses

    def all_alive(self):
        processes = [self.nginx.process] + [one.process for one in self.gateways + self.emulators + self.agents]
        return all(process.poll() is None for process in processes)

    def log_text(self):
        """All that every program has said."""
        logs = sorted(self.folder.glob("*.log")) + sorted(self.folder.glob("nginx/*.log"))
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)

    # ---- the operator

    def admin_text(self, *words):
        env = {**(os.environ if self.env is None else self.env), "LC_ALL": "C"}
        done = subprocess.run([str(self.program), "admin", "--config", "fiscalgate.toml", *map(str, words)],
                              cwd=self.folder, capture_output=True, text=True, timeout=60, env=env)
        if done.returncode != 0:
            raise AdminError((done.stderr or done.stdout).strip())
        return done.stdout

    def admin(self, *words):
        return json.loads(self.admin_text("--json", *words))

    def add_shop(self, account_id=None, **options):
        """Gives {"account_id", "code"}; options as of `admin shop add`."""
        shop = {"account_id": account_id or f"shop-{secrets.token_hex(4)}", "code": new_secret()}
        self.admin("shop", "add", "--account", shop["account_id"], "--name", shop["account_id"], "--code", shop["code"],
                   *_as_words(options))
        return shop

    def set_up_agent(self, register, *words):
        """A register of that name is reached by an agent: gives its key."""
        return self.admin("register", "agent-setup", register, "--gateway", self.url, *words)["key"]

    def add_register(self, emulator, shop, token=None, name=None, url=None, **options):
        """Gives its token; options as of `admin register add`."""
        token = token or new_secret()
        self.admin("register", "add", "--name", name or f"register-{secrets.token_hex(4)}", "--token", token,
                   "--url", url or emulator.url, "--shop", shop["account_id"], *_as_words(options))
        return token

    def add_cloud_register(self, words, shop, token=None, name=None):
        """`words` as CloudService.register_words gives them. Gives its token."""
        token = token or new_secret()
        self.admin("register", "add", "--name", name or f"register-{secrets.token_hex(4)}", "--token", token,
                   "--shop", shop["account_id"], *words)
        return token

    def rotate_code(self, shop):
        code = new_secret()
        self.admin("shop", "rotate", shop["account_id"], "--code", code)
        return code

    # ---- a shop

    def post(self, shop, token, order, data=None, headers=None, path=CREATE_RECEIPT, timeout=40, **more):
        data = sample_data() if data is None else data
        fields = form_fields(shop["account_id"], token, shop["code"], order, data, **more)
        return post_form(self.url + path, fields, headers, timeout)

    def status(self, task_id, wait=0, timeout=40):
        return request(f"{self.url}/api/fiscal/receipts/{task_id}" + (f"?wait={wait}" if wait else ""), timeout=timeout)


_OPTIONS = {"rate_per_second": "rate", "header_generation": "headers", "body_encoding": "encoding"}


def _as_words(options):
    """accept_encoded_signature=True, timeout_ms=500 -> --accept-encoded-signature --timeout-ms 500"""
    words = []
    for name, value in options.items():
        words.append("--" + _OPTIONS.get(name, name).replace("_", "-"))
        if value is not True:
            words.append(value)
    return words


def new_secret():
    return secrets.token_hex(16)
