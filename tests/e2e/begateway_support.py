"""What bePaid and Freepayment have in common: one engine."""
from cloud_support import Conformance
from protocol import request
from test_cloud_bifit import COMMON_FAULTS


class Begateway(Conformance):
    STEPS = (("payment", b"/transactions/payments"), ("question", b"/transactions/"))
    PASSING_FAULTS = COMMON_FAULTS
    REPLACED_SECRETS = ("secret_key",)

    def payment(self, **data):
        package = self.sale()
        package[0]["data"] = {"sum": package[0]["data"]["sum"], **data}
        return package

    def commands(self, status):
        return [(command["type"], command["state"]) for command in status["commands"]]

    def test_APaidOrderWhoseReceiptFailedIsExactlyThat(self):
        self.service.fault("error", count=1)
        status = self.final(self.send(), 40)
        self.assertEqual(status["state"], "failed")
        self.assertIs(status["paid_without_receipt"], True)
        self.assertEqual(self.commands(status), [("bnkCardPayment", "done"), ("kktReceiptFiscalization", "failed")])

    def test_ADeclinedCardPrintsNothing(self):
        self.service.fault("decline", count=1)
        status = self.final(self.send(), 40)
        self.assertEqual(status["state"], "failed")
        self.assertNotIn("paid_without_receipt", status)
        self.assertPrintedOnce(0)

    def test_AReturnIsARefundOfThatPayment(self):
        status = self.end_done(self.send())
        rrn = next(command["rrn"] for command in status["commands"] if command.get("rrn"))
        package = self.sale(receiptType_1054=2)
        package[0] = {"name": "Возврат", "type": "bnkCardReturn", "data": {"sum": package[0]["data"]["sum"], "rrn": rrn}}
        self.done(self.send(package), 40)
        self.assertPrintedOnce(2)

    def test_TheBuyerPaysOnTheProvidersPage(self):
        answer_id = self.send(self.payment())
        status = self.until(answer_id, lambda status: status.get("payment_url"))
        self.assertPrintedOnce(0)
        self.pay(status["payment_url"])
        self.end_done(answer_id)

    def pay(self, page, action="pay"):
        """Presses the button of the provider's page."""
        form = request(page)
        self.assertEqual(form.status, 200, form)
        answer = request(page, f"action={action}".encode(), {"Content-Type": "application/x-www-form-urlencoded"}, "POST")
        self.assertIn(answer.status, (200, 302, 303), answer)

    def test_NotificationsHastenAndNeverDecide(self):
        for fault in ("duplicate-notification", "wrong-signature", "reordered-notification", "no-notification"):
            with self.subTest(fault):
                self.setUp()
                self.service.fault(fault, count=1)
                self.end_done(self.send())

    def test_AForgedNotificationIsTurnedAway(self):
        url = f"{self.stand.url}/api/callback/{self.PROVIDER}/1"
        for body in (b'{"transaction":{"uid":"1","status":"successful","tracking_id":"x"}}', b"", b"{", b"[" * 5000):
            answer = request(url, body, {"Content-Type": "application/json", "Authorization": "Basic MTox"}, "POST")
            self.assertIn(answer.status, (400, 401, 404), answer)
