"""BIFIT's processing as a register."""
import re

from cloud_support import CAUGHT_SECONDS, CloudCase, Conformance
from protocol import request
from support import new_order

COMMON_FAULTS = (("hang-before", {"count": 1}), ("hang-after", {"count": 1}), ("lose-answer", {"count": 1}),
                 ("close-before", {"count": 1}), ("busy-503", {"count": 2}), ("server-500", {"count": 2}),
                 ("garbage", {"count": 2}), ("huge", {"count": 1}), ("slow", {"count": 2, "delay_ms": 700}))


class Bifit(Conformance, CloudCase):
    PROVIDER = "bifit"
    STEPS = (("log-in", b"/oauth/token"), ("registration", b"/registration/receipts"), ("question", b"/protected/documents/"))
    PASSING_FAULTS = COMMON_FAULTS + (("token-expired", {"count": 1}), ("401-storm", {"count": 3}), ("conflict-409", {"count": 1}))
    REPLACED_SECRETS = ("connector_token",)

    def caught_at(self, word, side):
        if word != b"/oauth/token":
            return super().caught_at(word, side)
        self.stand.kill_gateway()  # it logs in when it starts, and then not for long
        trap = self.tap.set_trap(side, lambda path, _: word in path)
        self.stand.start_gateway()
        self.assertTrue(trap.caught.wait(CAUGHT_SECONDS), "no log-in")
        return trap, self.send()

    def test_TheLinkIsThereAtAcceptance(self):
        answer = self.post(self.token, new_order(), self.sale())
        self.assertEqual(answer.status, 202, answer)
        link = answer.json["receipt_url"]
        self.assertTrue(link.startswith(f"{self.tap.url}/processing-api/receipts/"), link)
        status = self.end_done(answer.json["id"])
        self.assertEqual(status["provider_receipt_url"], link)
        self.assertEqual(self.assertPrintedOnce()[0]["key"], link.rsplit("/", 1)[1])

    def test_ADocumentInErrorIsFiscalisedAgainByCommand(self):
        self.service.fault("error", count=1, text="wrong data")
        task_id = self.send()
        self.assertEqual(self.final(task_id, 40)["state"], "failed")
        self.stand.admin("task", "retry", task_id, "--why", "the account was mended")
        self.until(task_id, lambda status: status["state"] == "done", 40)
        self.assertPrintedOnce()

    def test_ACauseThatPassesIsTriedAgainByItself(self):
        self.service.fault("error", count=1)  # of the register; the first pause before another try is a minute
        task_id = self.send()
        self.until(task_id, lambda status: "документ в ошибке" in status["wait_reason"])
        self.end_done(task_id, 90)

    def test_OneLogInServesAll(self):
        self.gateway_dies()
        self.done(self.send(), 40)
        before = self.log_ins()
        for task_id in [self.send() for _ in range(20)]:
            self.done(task_id, 40)
        self.assertPrintedOnce(21)
        self.assertEqual(self.log_ins(), before)

    def log_ins(self):
        figures = request(f"{self.stand.url}/metrics").text
        return re.search(r'^fiscalgate_provider_log_ins_total\{result="done"\} (\d+)$', figures, re.MULTILINE)[1]
