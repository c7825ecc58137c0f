"""The real agent and the gateway are killed while receipts are on their way: nothing lost, nothing printed twice."""
import os
import random
import time
import unittest

from support import SHORT, new_order, receipt
from agent_support import AgentCase

KILLS = int(os.environ.get("FISCALGATE_KILLS", "0")) or (4 if SHORT else 12)
SEED = int(os.environ.get("FISCALGATE_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)


class Crashes(AgentCase):
    def kill_agent(self):
        self.program.process.kill()
        self.program.process.wait()
        self.program.start()

    def settle(self, task_id, order):
        """As an operator would, with the register's tape in hand."""
        time.sleep(0.3)  # what the driver was at is on the tape by now
        word = "--printed" if self.printed(order) else "--not-printed"
        self.stand.admin("task", "settle", task_id, word, "--why", "by the tape")

    def look_at(self, open_orders):
        """Takes out what is done; settles what the agent itself cannot tell. Gives how many."""
        settled = 0
        for order, task_id in list(open_orders.items()):
            state = self.stand.status(task_id).json["state"]
            self.assertIn(state, ("queued", "sending", "unknown", "done"))
            if state == "done":
                del open_orders[order]
            elif state == "unknown" and any(e["delivery"] == "no_answer" for e in self.show(task_id)["evidence"]):
                self.settle(task_id, order)
                settled += 1
        return settled

    def test_nothing_is_lost_and_nothing_is_printed_twice(self):
        print(f"\nFISCALGATE_SEED={SEED}", flush=True)
        chance, orders, open_orders, settled = random.Random(SEED), [], {}, 0
        beside = self.agent()
        self.program = self.stand.add_agent().add_register(beside.name, beside.key, self.emulator.url).start()
        self.emulator.fault("slow", delay_ms=80, rate=0.7, seed=SEED % 1000)
        for _ in range(KILLS):
            for _ in range(3):
                orders.append(new_order())
                open_orders[orders[-1]] = self.accept(beside.token, orders[-1], [receipt()])
            time.sleep(chance.random() * 0.3)
            if chance.random() < 0.5:
                self.restart_gateway()
            else:
                self.kill_agent()
            settled += self.look_at(open_orders)
        self.emulator.clear_faults()
        deadline = time.monotonic() + 90
        while open_orders:
            self.assertLess(time.monotonic(), deadline, {o: self.show(t) for o, t in open_orders.items()})
            settled += self.look_at(open_orders)
            time.sleep(0.2)
        self.assertEqual([order for order in orders if self.printed(order) != 1], [])
        self.assertNotIn("evidence_contradicts", self.stand.log_text())
        print(f"{len(orders)} receipts, {KILLS} kills, {settled} settled by hand", flush=True)


if __name__ == "__main__":
    unittest.main()
