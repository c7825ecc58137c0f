"""Leases that end in silence: what is unknown then, and what a word that comes later makes of it. All cases wait together
for the same three quarters of a minute."""
import time
import unittest

from support import new_order
from agent_support import AgentCase

TIMEOUT_MS = 1000  # of the register: the lease ends 46 s after it was given


class Late(AgentCase):
    def given(self):
        agent, order = self.agent(timeout_ms=TIMEOUT_MS), new_order()
        task_id, errand = self.hand_over(agent, order)
        return agent, order, task_id, errand

    def test_what_becomes_of_leases_that_end_in_silence(self):
        printed, again, lost, renewed = self.given(), self.given(), self.given(), self.given()
        messages = {case[2]: case[0].run(case[3]) for case in (printed, again, renewed)}
        started = time.monotonic()
        for _ in range(3):
            self.assertEqual(self.stand.status(renewed[2], wait=12).json["state"], "sending")
            self.assertEqual(renewed[0].renew(renewed[3].lease).status, 200)
        for agent, order, task_id, errand in (printed, again, lost, renewed):
            status = self.until(task_id, lambda status: status["state"] == "unknown", 20)
            self.assertIn("агент не сообщил", status["error"])
            self.assertEqual(agent.renew(errand.lease).status, 410)
        self.assertGreater(time.monotonic() - started, 44)

        # Away all the time, the agent brings what the driver said; once.
        agent, order, task_id, errand = printed
        self.assertEqual(agent.answer(errand.lease, messages[task_id]).recorded, "applied")
        self.assertTrue(self.done(task_id)["commands"][0]["mark"])
        self.assertEqual(agent.answer(errand.lease, messages[task_id]).recorded, "repeated")
        self.assertEqual(self.printed(order), 1)

        # An operator was sure that it was not printed.
        agent, order, task_id, errand = again
        self.stand.admin("task", "settle", task_id, "--not-printed", "--why", "a guess")
        self.until(task_id, lambda status: "агент не на связи" in status["wait_reason"])
        before = self.figure("fiscalgate_contradictions_total")
        self.assertEqual(agent.answer(errand.lease, messages[task_id]).recorded, "applied")
        self.done(task_id)
        self.assertEqual(self.printed(order), 1)
        self.assertEqual(self.figure("fiscalgate_contradictions_total"), before + 1)

        # The agent has read it and put it aside: it does not hold it, and that proves nothing.
        agent, order, task_id, errand = lost
        agent.held = []
        agent.sync()
        agent.sync()
        self.after_a_turn()
        self.assertEqual(self.stand.status(task_id).json["state"], "unknown")
        agent.held = [errand.lease]
        self.assertEqual(agent.answer(errand.lease, delivery="not_sent", error="поздно").recorded, "applied")
        self.assertNotEqual(self.stand.status(task_id).json["state"], "unknown")


if __name__ == "__main__":
    unittest.main()
