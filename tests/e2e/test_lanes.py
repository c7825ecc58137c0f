"""Lanes beyond first in, first out: priorities, deadlines, cancelling, groups, shifts, errors that say what to do, cards."""
import json
import re
import unittest

from support import StandCase, new_order, receipt
from processes import free_ports, wait_until
from protocol import request
from tap import Tap

REFUND = {"receiptType_1054": 2}


def command(kind, **data):
    return {"name": kind, "type": kind, "data": data} if data else {"name": kind, "type": kind}


class Order(StandCase):
    def test_RefundsGoBeforeSalesThatWait(self):
        port = free_ports(1)[0]
        token = self.register(url=f"http://127.0.0.1:{port}")
        sales = [new_order("sale") for _ in range(3)]
        ids = [self.accept(token, order) for order in sales]
        refund = new_order("refund")
        ids.append(self.accept(token, refund, [receipt(**REFUND)]))
        self.until(ids[0], lambda s: s["wait_reason"])
        with Tap(port, self.emulator.port):
            for task_id in ids:
                self.done(task_id)
        numbers = [self.emulator.receipts(order)[0]["fd"] for order in [refund] + sales]
        self.assertEqual(numbers, sorted(numbers), "the refund first, then the sales as they came")

    def test_OperatorCommandsGoFirst(self):
        port = free_ports(1)[0]
        token = self.register(name="till-of-commands", url=f"http://127.0.0.1:{port}")
        waiting = self.accept(token, new_order(), [receipt(**REFUND)])
        self.until(waiting, lambda s: s["wait_reason"])
        ordered = self.stand.admin("register", "x-report", "till-of-commands", "--why", "end of the day")
        self.assertEqual((ordered["shop"], ordered["priority"]), ("gateway", 0))
        with Tap(port, self.emulator.port):
            self.done(waiting)
        shown = self.stand.admin("task", "show", ordered["id"])
        self.assertEqual(shown["state"], "done", shown)
        self.assertLess(shown["changed_at"], self.stand.status(waiting).json["changed_at"])
        self.assertIsNone(shown["callback"])


class Deadlines(StandCase):
    SHOP = {"deadline": "2s"}

    def test_TaskFailsWithCallbackRatherThanBePrintedLate(self):
        port = free_ports(1)[0]
        token, order = self.register(url=f"http://127.0.0.1:{port}"), new_order()
        task_id = self.accept(token, order, **self.callback())
        self.assertIn("deadline_at", self.stand.status(task_id).json)
        status = self.final(task_id)
        self.assertEqual((status["state"], status["error_code"]), ("failed", "deadline_passed"), status)
        self.assertTrue(status["advice"])
        came = self.site.wait_for(order)[0]
        self.assertEqual((came.path, came.result["error_code"]), ("/callback/failed", "deadline_passed"))
        with Tap(port, self.emulator.port):
            self.done(self.accept(token))  # the lane goes on
            self.assertPrinted(order, 0)
            self.stand.admin("task", "retry", task_id, "--why", "the buyer still waits")
            self.done(task_id)
        self.assertPrinted(order)
        self.assertNotIn("deadline_at", self.stand.status(task_id).json)

    def test_TaskThatIsSentInTimeIsNotHurried(self):
        token, order = self.register(), new_order()
        status = self.done(self.accept(token, order, [receipt("Чай [fault:slow:3500]")]))
        self.assertEqual(status["state"], "done")


class Cancel(StandCase):
    def cancel(self, task_id, shop=None, code=None):
        shop = shop or self.shop
        headers = {"Authorization": f"Bearer {code or shop['code']}", "BIT-Account-ID": shop["account_id"]}
        return request(f"{self.stand.url}/api/fiscal/receipts/{task_id}/cancel", b"", headers, "POST")

    def test_ShopTakesBackWhatWasNotSent(self):
        token, order = self.register(url=f"http://127.0.0.1:{free_ports(1)[0]}"), new_order()
        self.accept(token)  # the one that is tried again and again
        task_id = self.accept(token, order, **self.callback())
        answer = self.cancel(task_id)
        self.assertEqual((answer.status, answer.json["state"]), (200, "cancelled"))
        self.assertEqual(self.cancel(task_id).status, 200)
        self.assertEqual(self.final(task_id)["state"], "cancelled")
        self.assertEqual([c.path for c in self.site.wait_for(order)], ["/callback/failed"])
        self.assertPrinted(order, 0)

    def test_TooLateSaysTheState(self):
        token = self.register()
        done = self.accept(token)
        self.done(done)
        slow = self.accept(token, new_order(), [receipt("Чай [fault:slow:1500]")])
        self.until(slow, lambda s: s["state"] == "sending")
        for task_id, state in ((done, "done"), (slow, "sending")):
            answer = self.cancel(task_id)
            self.assertEqual((answer.status, answer.json["state"]), (409, state), answer)
            self.assertRefused(answer, 409, "conflict")
        self.done(slow)

    def test_OnlyTheShopItselfMayCancel(self):
        other = self.stand.add_shop()
        task_id = self.accept(self.register(url=f"http://127.0.0.1:{free_ports(1)[0]}"))
        self.assertRefused(self.cancel(task_id, code="wrong"), 401, "unauthorized")
        self.assertRefused(self.cancel(task_id, shop=other), 404, "not_found")
        self.assertNotEqual(self.stand.status(task_id).json["state"], "cancelled")


class Groups(StandCase):
    @classmethod
    def arrange(cls):
        cls.second = cls.stand.add_emulator("second")

    def group(self, name, *registers):
        """Gives the token of a new group of these registers."""
        words = [word for register in registers for word in ("--register", register)]
        made = self.stand.admin("group", "add", "--name", name, "--shop", self.shop["account_id"], *words)
        self.secrets.append(made["token"])
        return made["token"]

    def test_TasksAreSpreadOverTheRegisters(self):
        self.register(name="left"), self.register(self.second, name="right")
        token = self.group("both", "left", "right")
        orders = [new_order("spread") for _ in range(8)]
        for task_id in [self.accept(token, order) for order in orders]:
            status = self.done(task_id)
            self.assertEqual(status["group"], "both")
            self.assertIn(status["register"], ("left", "right"))
        by = [len([o for o in orders if emulator.receipts(o)]) for emulator in (self.emulator, self.second)]
        self.assertEqual(sum(by), 8)
        self.assertGreaterEqual(min(by), 2, by)

    def test_WhatOneCannotPrintTheOtherPrints(self):
        self.register(name="dead", url=f"http://127.0.0.1:{free_ports(1)[0]}")
        self.register(self.second, name="alive")
        token = self.group("half", "dead", "alive")
        orders = [new_order("half") for _ in range(6)]
        for task_id in [self.accept(token, order) for order in orders]:
            self.assertEqual(self.done(task_id)["register"], "alive")
        for order in orders:
            self.assertPrinted(order, 1, self.second)
        shown = self.stand.admin("task", "list", "--order", orders[0])[0]
        self.assertEqual((shown["group"], shown["register"]), ("half", "alive"))

    def test_WhatARegisterMayHaveSeenIsNotPrintedByAnother(self):
        self.register(name="forgetful"), self.register(self.second, name="helpful")
        token = self.group("pair", "forgetful", "helpful")
        orders = [new_order("lost") for _ in range(4)]
        ids = [self.accept(token, order, [receipt("Чай [fault:lose-answer]")]) for order in orders[:2]]
        for task_id in ids:
            self.assertEqual(self.final(task_id)["state"], "unknown")
        self.done(self.accept(self.register()))  # the dispatcher has looked at every lane since
        printed = [len(self.emulator.receipts(o)) + len(self.second.receipts(o)) for o in orders[:2]]
        self.assertEqual(printed, [1, 1])

    def test_RegistersOfAGroupMustCheckAlike(self):
        self.register(name="new", ffd_version="1.2"), self.register(name="old", ffd_version="1.05")
        with self.assertRaisesRegex(Exception, "must be the same"):
            self.group("mixed", "new", "old")
        self.group("alone", "new")
        self.register(name="other", ffd_version="1.2")
        self.stand.admin("group", "link", "alone", "--register", "other")
        with self.assertRaisesRegex(Exception, "must be the same"):
            self.stand.admin("register", "set", "other", "--taxation-mask", "1")

    def test_GroupsAreKeptAndShown(self):
        self.register(name="kept")
        token = self.group("shown", "kept")
        self.assertNotIn("token", self.stand.admin("group", "show", "shown"))
        self.assertEqual(self.stand.admin("group", "show", "shown", "--reveal")["token"], token)
        self.assertIn("shown", self.stand.admin_text("group", "list"))
        self.stand.admin("group", "set", "shown", "--no-enabled")
        answer = wait_until(lambda: (lambda a: a if a.status == 403 else None)(self.post(token)), 5, "refusal")
        self.assertRefused(answer, 403, "forbidden")
        self.stand.admin("group", "set", "shown", "--enabled", "--rename", "renamed")
        self.assertEqual(self.stand.admin("group", "unlink", "renamed", "--register", "kept")["registers"], [])
        with self.assertRaisesRegex(Exception, "token"):
            self.stand.admin("register", "add", "--name", "thief", "--token", token)


class Shifts(StandCase):
    def journal(self):
        return [line["kind"] for line in self.emulator.control("/emulator/journal", method="GET").json]

    def day_later(self):
        self.emulator.control("/emulator/clock", {"advance_s": 24 * 3600 + 60})

    def test_ReceiptThatMeetsAnOldShiftIsPrintedOnceInANewOne(self):
        token, order = self.register(name="overnight", shift_cashier="Иванова А."), new_order("overnight")
        self.done(self.accept(token))
        self.day_later()
        before = len(self.journal())
        task_id = self.accept(token, order, **self.callback())
        status = self.done(task_id)
        self.assertEqual(self.journal()[before:], ["close_shift", "open_shift", "receipt"])
        self.assertPrinted(order)
        self.assertEqual([a["result"] for a in status["attempts"]], ["answered", "answered"])
        self.assertEqual([c.result["state"] for c in self.site.wait_for(order)], ["done"])
        services = self.stand.admin("task", "list", "--register", "overnight", "--limit", "10")
        own = [t for t in services if t["shop"] == "gateway"]
        self.assertEqual(sorted(t["state"] for t in own), ["done", "done"])
        device = self.stand.admin("register", "show", "overnight")["device"]
        self.assertEqual(device["shift_state"], "open")

    def test_CardThatWasChargedIsNotChargedAgain(self):
        token, order = self.register(bank_token="b" * 32), new_order("card")
        self.secrets.append("b" * 32)
        self.done(self.accept(token))
        self.day_later()
        package = [command("bnkCardPayment", sum=250), receipt()]
        self.done(self.accept(token, order, package))
        self.assertPrinted(order)
        slips = self.emulator.control("/emulator/slips", method="GET").json
        self.assertEqual(len([s for s in slips if s["order_id"] == order]), 1)

    def test_GuardThatIsOffLeavesTheFailureToTheShop(self):
        token, order = self.register(shift_guard="off"), new_order("off")
        self.done(self.accept(token))
        self.day_later()
        status = self.final(self.accept(token, order))
        self.assertEqual((status["state"], status["error_code"]), ("failed", "shift_over_24h"), status)
        self.assertEqual(status["error_class"], "retry_later")
        self.assertPrinted(order, 0)
        self.emulator.control("/emulator/clock", {"advance_s": 0})
        closing = self.register(name="closing")
        self.stand.admin("register", "close-shift", "closing", "--why", "too old")
        wait_until(lambda: self.journal()[-1] == "close_shift" or None, 10, "closed shift")
        self.done(self.accept(closing))

    def test_WarningsOfDriveAndOfdAreSeen(self):
        self.register(name="ageing")
        self.emulator.control("/emulator/settings", {"fn_memory_1052": True, "unsent_1097": 12,
                                                     "first_unsent_1098": "2026-01-02"})
        self.stand.admin("register", "x-report", "ageing", "--why", "look at it")
        device = wait_until(lambda: self.stand.admin("register", "show", "ageing")["device"], 10, "news")
        self.assertEqual((device["unsent_1097"], device["fn_memory_1052"]), (12, True))
        codes = [warning["code"] for warning in device["warnings"]]
        self.assertIn("fn_memory", codes)
        self.assertIn("ofd_backlog", codes)
        self.assertIn("register_warning", self.stand.log_text())
        metrics = wait_until(lambda: self.metric('fiscalgate_register_unsent_documents{register="ageing"} 12'), 15, "metric")
        self.assertIn("fiscalgate_register_warnings", metrics)
        self.emulator.control("/emulator/settings", {"fn_memory_1052": False, "unsent_1097": 0, "first_unsent_1098": ""})

    def metric(self, line):
        text = request(f"{self.stand.url}/metrics").text
        return text if line in text else None


class Errors(StandCase):
    def test_ErrorsSayWhatToDo(self):
        token = self.register()
        for fault, code, kind in (("paper-out", "no_paper", "call_operator"), ("fn-full", "fn_full", "call_operator"),
                                  ("invalid-receipt", "invalid_receipt", "fix_receipt")):
            with self.subTest(fault):
                order = new_order(fault)
                task_id = self.accept(token, order, [receipt(f"Чай [fault:{fault}]")], **self.callback())
                status = self.final(task_id)
                self.assertEqual((status["state"], status["error_code"], status["error_class"]), ("failed", code, kind))
                self.assertRegex(status["advice"], "[а-я]")
                result = self.site.wait_for(order)[0].result
                self.assertEqual((result["error_code"], result["error_class"]), (code, kind))
                self.assertEqual(result["advice"], status["advice"])
                self.assertIn(code, self.stand.admin_text("task", "show", task_id))


class Cards(StandCase):
    TERMINAL = "c" * 32

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secrets.append(cls.TERMINAL)

    def slips(self, order=None):
        slips = self.emulator.control("/emulator/slips", method="GET").json
        return [s for s in slips if order is None or s["order_id"] == order]

    def run_package(self, token, *commands):
        return self.done(self.accept(token, new_order("card"), list(commands), BIT_BNK_TRM_TOKEN=self.TERMINAL))

    def test_ReceiptAloneIsRetriedAfterAPayment(self):
        token, order = self.register(bank_token=self.TERMINAL), new_order("paid")
        package = [command("bnkCardPayment", sum=250), receipt("Чай [fault:paper-out]")]
        task_id = self.accept(token, order, package, **self.callback())
        status = self.final(task_id)
        self.assertEqual(status["state"], "failed", status)
        self.assertIs(status["paid_without_receipt"], True)
        self.assertIs(self.site.wait_for(order)[0].result["paid_without_receipt"], True)
        self.assertIn("card was charged", self.stand.admin_text("task", "show", task_id))
        listed = self.stand.admin("task", "list", "--paid-without-receipt")
        self.assertEqual([t["id"] for t in listed], [task_id])
        self.stand.admin("task", "retry", task_id, "--why", "paper is in")
        status = self.done(task_id)
        self.assertNotIn("paid_without_receipt", status)
        self.assertEqual(self.stand.admin("task", "list", "--paid-without-receipt"), [])
        self.assertPrinted(order)
        self.assertEqual(len(self.slips(order)), 1, "charged once")

    def test_FailedReceiptWithoutPaymentIsNoSuchCase(self):
        token = self.register(bank_token=self.TERMINAL)
        status = self.final(self.accept(token, new_order(), [receipt("Чай [fault:paper-out]")]))
        self.assertNotIn("paid_without_receipt", status)

    def test_AllTerminalCommandsGoThroughTheLane(self):
        token = self.register(bank_token=self.TERMINAL)
        paid = self.run_package(token, command("bnkCardPayment", sum=250), receipt())
        rrn = self.slips()[-1]["rrn"]
        self.assertTrue(re.fullmatch(r"\d{12}", rrn))
        self.assertEqual([c["state"] for c in paid["commands"]], ["done", "done"])
        last = self.run_package(token, command("bnkCardLastOperationResult"))
        self.assertEqual(last["commands"][0]["state"], "done")
        returned = self.run_package(token, command("bnkCardReturn", sum=250, rrn=rrn), receipt(**REFUND))
        self.assertEqual([c["state"] for c in returned["commands"]], ["done", "done"])
        self.assertEqual(self.slips()[-1]["kind"], "card_return")
        for kind in ("bnkCardShortReport", "bnkCardFullReport", "bnkCardSverkaItogov"):
            with self.subTest(kind):
                self.run_package(token, command(kind))
        self.assertEqual(self.slips()[-1]["kind"], "card_reconciliation")

    def test_ReturnOfAnUnknownPaymentFailsWithAdvice(self):
        token = self.register(bank_token=self.TERMINAL)
        package = [command("bnkCardReturn", sum=1, rrn="000000000000")]
        status = self.final(self.accept(token, new_order(), package, BIT_BNK_TRM_TOKEN=self.TERMINAL))
        self.assertEqual((status["state"], status["error_code"]), ("failed", "bank_not_found"), json.dumps(status))


if __name__ == "__main__":
    unittest.main()
