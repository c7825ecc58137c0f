#!/usr/bin/env python3
"""`make run` and `make demo`: everything on one machine, one receipt from the shop's post to the shop's callback.

    conf/demo/demo.py [--once] [--provider bit|bifit|bepaid|freepayment|orangedata] [--via push|agent] [--build build]
                      [--port 8080] [--kkt-port 44735] [--shop-port 8090]

Starts from an empty build/run each time. Without --once it stays until Ctrl-C or TERM. Exit status 0 only if the receipt
was fiscalised and the callback delivered.
"""
import argparse
import datetime
import fcntl
import json
import os
import pathlib
import shlex
import shutil
import signal
import sys
import time
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cloud import PROVIDERS, add_service, sale  # noqa: E402
from processes import follow_parent, port_is_taken, wait_until  # noqa: E402
from sample_shop import SampleShop  # noqa: E402
from stand import ROOT, Stand, sample_data  # noqa: E402

COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ
FINAL = ("done", "failed", "unknown", "cancelled")
LIFE_SECONDS = 30


def bold(text):
    return f"\033[1m{text}\033[0m" if COLOUR else text


def say(text=""):
    print(text, flush=True)


def give_up(text):
    say(f"fiscalgate: {text}")
    sys.exit(1)


class Stopped(Exception):
    pass


def stop_on_signals():
    def stop(number, _):
        raise Stopped(signal.Signals(number).name)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def check_ports(options):
    wanted = {"PORT": options.port, "KKT_PORT": options.kkt_port, "SHOP_PORT": options.shop_port}
    if len(set(wanted.values())) < len(wanted):
        give_up("PORT, KKT_PORT and SHOP_PORT must differ: " + ", ".join(f"{k}={v}" for k, v in wanted.items()))
    for variable, port in wanted.items():
        if not 1 <= port <= 65535:
            give_up(f"{variable}={port} is no port")
        if port_is_taken(port):
            give_up(f"port {port} of 127.0.0.1 is taken; choose another: make run {variable}={port + 1}")


def take_folder(build):
    """An empty build/run, and a lock on it: two demos in one folder would pull it from under each other."""
    lock = open(build / "run.lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        give_up(f"another `make run` or `make demo` works in {build / 'run'}; stop it, or use another folder: BUILD=build2")
    folder = build / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    return folder, lock


def write_env(stand, shop, token, callback_url):
    values = {"BASE_URL": stand.url, "EMULATOR_URL": stand.emulators[0].url, "BIT_ACCOUNT_ID": shop["account_id"],
              "BIT_KKT_TOKEN": token, "BIT_DATAINTEGRITY_CODE": shop["code"], "CALLBACK_URL": callback_url}
    path = stand.folder / "demo.env"
    path.touch(mode=0o600)
    path.write_text("".join(f"{key}={shlex.quote(value)}\n" for key, value in values.items()), encoding="utf-8")
    return path


class Life:
    """What happened to one receipt, and when; times count from the moment before the post."""

    def __init__(self):
        self.started = time.time()

    def tell(self, what, at=None):
        say(f"  {((at or time.time()) - self.started) * 1000:8.1f} ms  {what}")


def utc(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def tell_attempts(life, status):
    for attempt in status["attempts"]:
        number = attempt["number"]
        life.tell(f"sent to the register (attempt {number})", utc(attempt["started_at"]))
        if attempt.get("ended_at"):
            life.tell(f"the register's answer: {attempt['result']}", utc(attempt["ended_at"]))


def follow(stand, sample_shop, shop, token, callback_url, data):
    """Posts the receipt and tells its life. Returns the final status, or None."""
    order = f"demo-{int(time.time())}"
    life = Life()
    answer = stand.post(shop, token, order, data, success=callback_url, failed=callback_url)
    if answer.status != 202:
        say(f"  refused: {answer}")
        return None
    life.tell(f"accepted: HTTP 202, order {order}, id {answer.json['id']}")
    task_id, deadline, status = answer.json["id"], time.time() + LIFE_SECONDS, {}
    while time.time() < deadline:
        status = stand.status(task_id, wait=5).json
        if status["state"] in FINAL:
            break
        life.tell(f"{status['state']}: {status['wait_reason'] or 'waiting'}")
    tell_attempts(life, status)
    life.tell(bold(f"{status['state']}") + (f": {status['error']}" if status["error"] else ""), utc(status["changed_at"]))
    came = sample_shop.wait_for(order, max(0.1, deadline - time.time()))
    if came:
        genuine = "genuine" if came[0].genuine else "NOT genuine"
        life.tell(f"the shop got the callback (signature {genuine}) and said SUCCESSFUL", came[0].at)
    while time.time() < deadline and (status["callback"] or {}).get("state") != "delivered":
        time.sleep(0.02)
        status = stand.status(task_id).json
    life.tell(f"callback {(status['callback'] or {}).get('state', 'missing')}")
    return status


def show_mark(stand, status, provider):
    for command in status["commands"]:
        mark = command.get("mark")
        if not mark:
            continue
        say()
        say(bold("Fiscal mark"))
        for key, value in mark.items():
            shown = f"{value:.2f}" if key.startswith("total_") else value
            say(f"  {key:24} {shown}")
        say(f"  {'QR':24} {command['qr']}")
        if provider == "bit":
            fd = next(value for key, value in mark.items() if key.endswith("_1040"))
            show_paper(stand.emulators[0].receipt_text(fd))
        else:
            show_document(provider, stand.emulators[0].documents()[-1])


def show_paper(text):
    say()
    say(bold("As the register printed it"))
    for line in text.splitlines():
        say(f"  {line}")


def show_document(provider, document):
    """The provider's own numbers."""
    say()
    say(bold(f"As {provider} has it"))
    for key, value in document.items():
        if key != "text":
            say(f"  {key:24} {value}")
    show_paper(document["text"])


def test_page(stand, shop, token, callback_url):
    """What stands behind the # is not sent anywhere: it fills the page in."""
    about = {"account": shop["account_id"], "token": token, "code": shop["code"], "driver": stand.emulators[0].url,
             "success": callback_url, "failed": callback_url}
    return f"{stand.url}/test#{urllib.parse.urlencode(about)}"


GOODS = [{"name": "Пицца «Маргарита»", "price": "490.00"}, {"name": "Лимонад, 0,5 л", "price": "120.00"},
         {"name": "Салат «Цезарь»", "price": "380.00"}]


def add_courier(stand, shop):
    """Gives {"login", "password"}."""
    path = stand.folder / "goods.json"
    path.write_text(json.dumps(GOODS, ensure_ascii=False), encoding="utf-8")
    stand.admin("courier", "goods", "--shop", shop["account_id"], "--file", path)
    return stand.admin("courier", "add", "--shop", shop["account_id"], "--register", "demo-register", "--name", "Пётр Смирнов",
                       "--login", "courier")


def show_addresses(stand, sample_shop, shop, token, status, env_file):
    say()
    say(bold("Look around"))
    rows = [("gateway", stand.url), ("this receipt, for its buyer", status["receipt_url"]),
            ("sell with a phone", f"{stand.url}/courier   login courier, password {add_courier(stand, shop)['password']}"),
            ("try receipts in a browser", test_page(stand, shop, token, sample_shop.url + "/callback")),
            ("its state, for the shop", f"{stand.url}/api/fiscal/receipts/{status['id']}"),
            ("the register", f"{stand.emulators[0].url}/emulator/"), ("figures", f"{stand.url}/metrics"),
            ("callbacks the shop got", f"{sample_shop.url}/"), ("logs", os.path.relpath(stand.folder)),
            ("BIT_ACCOUNT_ID", shop["account_id"]), ("BIT_KKT_TOKEN", token), ("BIT_DATAINTEGRITY_CODE", shop["code"])]
    for name, value in rows:
        say(f"  {name:28} {value}")
    post = os.path.relpath(ROOT / "conf" / "demo" / "post.py")
    program = os.path.relpath(stand.program, stand.folder)
    say()
    say(bold("Try it, in another terminal"))
    say(f"  python3 {post} {os.path.relpath(env_file)} --order my-1 --item 'Чай' --sum 250.00")
    say(f"  python3 {post} {os.path.relpath(env_file)} --order my-2 --item 'Чай [fault:lose-answer]' --sum 250.00")
    say(f"  (cd {os.path.relpath(stand.folder)} && {program} admin task list --config fiscalgate.toml)")


def start_agent(stand):
    """The program beside the register: it asks the gateway for work, nothing calls it."""
    agent = stand.add_agent().add_register("demo-register", stand.set_up_agent("demo-register"), stand.emulators[0].url)
    agent.start()
    wait_until(lambda: stand.admin("register", "show", "demo-register")["agent"].get("seen_at"), 15, "agent",
               alive=[agent.process], step=0.2)
    say("  an agent beside the register fetches requests from the gateway")


def stop_all(stand, sample_shop):
    say()
    say("stopping: " + ", ".join(f"{name} {'ok' if status == 0 else f'with status {status}'}"
                                 for name, status in stand.stop().items()))
    if sample_shop:
        sample_shop.stop()
    say("stopped")


def set_up(stand, options):
    """Gives the shop, the token of its register, and what it will post."""
    if options.provider == "bit":
        stand.add_emulator("emulator", port=options.kkt_port)
        stand.start()
        shop = stand.add_shop(account_id="demo-shop")
        token = stand.add_register(stand.emulators[0], shop, name="demo-register", via=options.via)
        if options.via == "agent":
            start_agent(stand)
        return shop, token, sample_data()
    service = add_service(stand, options.provider, port=options.kkt_port)
    stand.start()
    shop = stand.add_shop(account_id="demo-shop")
    say(f"  the register is one of {options.provider}: what its emulator understands is confirmed, as an operator would do")
    words = service.register_words(options.provider, service.tls_url)
    return shop, stand.add_cloud_register(words, shop, name="demo-register"), sale(options.provider)


def demo(options, folder):
    sample_shop, stand, good = None, Stand(folder, options.build, port=options.port, settings={"pages.test": True, "pages.courier": True}), False
    try:
        say(bold("Starting") + f" nginx, gateway, emulated register and sample shop in {os.path.relpath(folder)}")
        shop, token, data = set_up(stand, options)
        sample_shop = SampleShop(options.shop_port, [shop["code"]]).start()
        callback_url = sample_shop.url + "/callback"
        env_file = write_env(stand, shop, token, callback_url)
        say(bold("The life of one receipt"))
        status = follow(stand, sample_shop, shop, token, callback_url, data)
        good = bool(status) and status["state"] == "done" and (status["callback"] or {}).get("state") == "delivered"
        if status:
            show_mark(stand, status, options.provider)
            show_addresses(stand, sample_shop, shop, token, status, env_file)
        say()
        say(bold("Fiscalised, and the shop was told." if good else "That did not work; see the logs."))
        if good and not options.once:
            say("Ctrl-C stops everything.")
            while stand.all_alive():
                time.sleep(0.5)
            good = False
            say("a program ended by itself; see the logs")
    except Stopped as stopped:
        say(f"\n{stopped}")
        good = good and not options.once
    except Exception as error:  # whatever it is: say it, and leave nothing running
        say(f"fiscalgate: {error}")
        for log in sorted(folder.glob("*.log")) + sorted(folder.glob("nginx/*.log")):
            say(f"--- {log.name}")
            say("\n".join(log.read_text(errors="replace").splitlines()[-8:]))
        good = False
    finally:
        stop_all(stand, sample_shop)
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--with-parent", action="store_true", help="end when the program that started this ends")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--via", choices=("push", "agent"), default="push", help="how the driver is reached")
    parser.add_argument("--provider", choices=("bit", *PROVIDERS), default="bit", help="who fiscalises")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--kkt-port", type=int, default=44735)
    parser.add_argument("--shop-port", type=int, default=8090)
    options = parser.parse_args()
    if options.provider != "bit" and options.via == "agent":
        parser.error("an agent stands beside a register with a driver; --provider is a service in the cloud")
    options.build = options.build.resolve()
    if options.with_parent:
        follow_parent()
    stop_on_signals()
    check_ports(options)
    folder, lock = take_folder(options.build)
    with lock:
        return 0 if demo(options, folder) else 1


if __name__ == "__main__":
    sys.exit(main())
