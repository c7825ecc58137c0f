"""Registers reached by an agent: delivery, lost answers, lost errands, restarts. The agent is the plain one of
plain_agent.py, told what to do step by step."""
import statistics
import threading
import time
import unittest

from support import new_order, receipt
from agent_support import AgentCase
from processes import wait_until
from plain_agent import PlainAgent

DONE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"1.kktReceiptFiscalization":{"success":"ok"}}'


class Delivery(AgentCase):
    def test_a_receipt_goes_to_the_driver_and_back(self):
        agent, order = self.agent().start(), new_order()
        agent_thread_stop = agent.stop
        try:
            status = self.done(self.accept(agent.token, order, **self.callback()))
        finally:
            agent_thread_stop()
        self.assertEqual(agent.told, ["applied"])
        self.assertEqual(self.printed(order), 1)
        self.assertEqual(status["attempts"][0]["result"], "answered")
        self.assertTrue(status["commands"][0]["mark"])
        self.assertTrue(self.site.wait_for(order, 10))
        evidence = self.show(status["id"])["evidence"]
        self.assertEqual([(e["delivery"], e["http_status"], e["applied"]) for e in evidence], [("answered", 200, True)])
        self.assertIn("HTTP/1.1 200", evidence[0]["body"])

    def test_an_idle_agent_has_it_within_a_tenth_of_a_second(self):
        agent, took = self.agent(), []
        agent.sync()
        for _ in range(9):
            came = {}

            def wait():
                came["errand"] = agent.poll(10)
                came["at"] = time.monotonic()
            thread = threading.Thread(target=wait)
            thread.start()
            self.wait_for_polls(1)
            task_id = self.accept(agent.token)
            accepted = time.monotonic()
            thread.join()
            took.append(came["at"] - accepted)
            self.assertEqual(agent.answer(came["errand"].lease, agent.run(came["errand"])).recorded, "applied")
            self.done(task_id)
        print(f"\nacceptance to agent: median {statistics.median(took) * 1000:.1f} ms, "
              f"slowest {max(took) * 1000:.1f} ms", flush=True)
        self.assertLess(statistics.median(took), 0.1)

    def test_one_machine_serves_several_registers(self):
        agents, tasks = [self.agent() for _ in range(4)], []
        for agent in agents:
            agent.start()
        for agent in agents:
            tasks += [self.accept(agent.token, f"{agent.name}-{i}", **self.callback()) for i in range(5)]
        for task_id in tasks:
            self.done(task_id)
        for agent in agents:
            agent.stop()
            self.assertEqual(agent.told, ["applied"] * 5)
            for i in range(5):
                self.assertEqual(self.printed(f"{agent.name}-{i}"), 1)

    def test_a_task_waits_for_an_agent_and_goes_as_soon_as_it_comes(self):
        agent, order = self.agent(), new_order()
        task_id = self.accept(agent.token, order)
        status = self.until(task_id, lambda status: status["wait_reason"])
        self.assertIn("агент не на связи", status["wait_reason"])
        self.assertEqual(status["state"], "queued")
        self.until(task_id, lambda status: status["attempts"][0]["tries"] >= 3)  # the lane's pauses have grown
        agent.start()
        started = time.monotonic()
        self.done(task_id)
        agent.stop()
        self.assertLess(time.monotonic() - started, 2)
        self.assertEqual(self.printed(order), 1)

    def test_a_driver_that_is_off_costs_no_receipt(self):
        agent, order = self.agent(), new_order()
        task_id, errand = self.hand_over(agent, order)
        self.assertEqual(agent.answer(errand.lease, delivery="not_sent", error="отказ в соединении").recorded, "applied")
        status = self.until(task_id, lambda status: status["wait_reason"])
        self.assertEqual(status["state"], "queued")
        self.assertIn("отказ в соединении", status["wait_reason"])
        errand = agent.poll(10)
        agent.answer(errand.lease, agent.run(errand))
        self.done(task_id)
        self.assertEqual(self.printed(order), 1)

    def test_a_driver_that_fell_silent_leaves_it_unknown(self):
        agent = self.agent()
        task_id, errand = self.hand_over(agent)
        self.assertEqual(agent.answer(errand.lease, delivery="no_answer", error="тайм-аут").recorded, "applied")
        self.assertIn("тайм-аут", self.final(task_id)["error"])
        # It was told of this lease: that it no longer holds it proves nothing, after a restart either.
        agent.sync()
        self.restart_gateway()
        agent.sync()
        agent.sync()
        self.after_a_turn()
        self.assertEqual(self.stand.status(task_id).json["state"], "unknown")

    def test_a_megabyte_of_an_answer_comes_through(self):
        agent = self.agent()
        task_id, errand = self.hand_over(agent, data=[receipt()])
        message = agent.run(errand)
        head, _, body = message.partition(b"\r\n\r\n")
        padded = head + b"\r\nX-Padding: " + b"x" * 5000 + b"\r\n\r\n" + body + b" " * (1024 * 1024 - len(body))
        self.assertEqual(agent.answer(errand.lease, padded).recorded, "applied")
        self.assertIn("bytes of JSON", self.final(task_id)["error"])  # more than a driver has ever to say
        self.assertEqual(agent.answer("ab" * 16, padded + b" ").status, 404)


class LostOnTheWay(AgentCase):
    def test_an_answer_whose_receipt_was_lost_is_taken_once(self):
        agent, order = self.agent(), new_order()
        task_id, errand = self.hand_over(agent, order)
        message = agent.run(errand)
        self.assertEqual(agent.answer(errand.lease, message).recorded, "applied")
        events = self.show(task_id)["seq"]
        for _ in range(3):
            self.assertEqual(agent.answer(errand.lease, message).recorded, "repeated")
        shown = self.show(task_id)
        self.assertEqual((shown["state"], shown["seq"], len(shown["evidence"])), ("done", events, 1))
        self.assertEqual(self.printed(order), 1)

    def test_an_errand_lost_on_its_way_is_sent_again_at_once(self):
        agent, order = self.agent(), new_order()
        agent.sync()
        task_id = self.accept(agent.token, order)
        lost = agent.lease(5)  # nobody reads this
        self.assertEqual(lost.status, 200)
        errand = agent.poll(10)
        self.assertIsNotNone(errand)
        self.assertNotEqual(errand.lease, lost.headers["Fiscalgate-Lease"])
        agent.answer(errand.lease, agent.run(errand))
        self.done(task_id)
        self.assertEqual(self.printed(order), 1)
        self.assertEqual([e["delivery"] for e in self.show(task_id)["evidence"]], ["never_received", "answered"])

    def test_a_poll_of_before_proves_nothing(self):
        agent = self.agent()
        task_id, errand = self.hand_over(agent)
        for turn in ("", "0123456789abcdef.7", agent.turn + "1"):
            self.assertEqual(agent.lease(turn=turn, held=[]).status, 204)
        self.after_a_turn()
        self.assertEqual(self.stand.status(task_id).json["state"], "sending")
        self.assertEqual(agent.renew(errand.lease).status, 200)
        agent.answer(errand.lease, agent.run(errand))
        self.done(task_id)

    def test_a_newer_poll_takes_the_place_of_the_older(self):
        agent = self.agent()
        agent.sync()
        replies = []
        older = threading.Thread(target=lambda: replies.append(agent.lease(20)))
        older.start()
        self.wait_for_polls(1)
        newer = threading.Thread(target=lambda: replies.append(agent.lease(2)))
        newer.start()
        older.join(2)
        self.assertFalse(older.is_alive())
        self.assertEqual(replies[0].status, 204)
        newer.join()

    def test_garbage_is_kept_and_leaves_it_unknown(self):
        agent, order = self.agent(), new_order()
        task_id, errand = self.hand_over(agent, order)
        self.assertEqual(agent.answer(errand.lease, b"not http").status, 400)
        self.assertEqual(self.final(task_id)["state"], "unknown")
        agent.held = []
        agent.sync()
        agent.sync()
        self.after_a_turn()
        shown = self.show(task_id)
        self.assertEqual(shown["state"], "unknown")
        self.assertEqual([e["body"] for e in shown["evidence"]], ["not http"])

    def test_an_answer_to_no_lease_is_refused_and_one_to_anothers_settles_nothing(self):
        agent = self.agent()
        self.assertEqual(agent.answer("ab" * 16, DONE).status, 404)
        self.assertEqual(agent.answer("", DONE).status, 400)
        self.assertEqual(agent.answer("ab" * 16, DONE, delivery="perhaps").status, 400)
        self.assertEqual(agent.renew("ab" * 16).status, 410)
        other = self.agent()
        task_id, errand = self.hand_over(other)
        self.assertEqual(agent.answer(errand.lease, DONE).recorded, "evidence")
        self.assertEqual(self.stand.status(task_id).json["state"], "sending")
        self.assertEqual(other.answer(errand.lease, other.run(errand)).recorded, "applied")
        self.done(task_id)


class Restarts(AgentCase):
    def test_killed_between_hand_over_and_answer_it_takes_the_answer_later(self):
        agent, order = self.agent(), new_order()
        task_id, errand = self.hand_over(agent, order, [receipt()])
        message = agent.run(errand)
        self.restart_gateway()
        self.assertEqual(self.final(task_id)["state"], "unknown")
        agent.sync()  # it holds the lease: that disproves nothing
        self.after_a_turn()
        self.assertEqual(self.stand.status(task_id).json["state"], "unknown")
        self.assertEqual(agent.answer(errand.lease, message).recorded, "applied")
        self.assertTrue(self.done(task_id)["commands"][0]["mark"])
        self.assertEqual(agent.answer(errand.lease, message).recorded, "repeated")
        self.assertEqual(self.printed(order), 1)
        # The lane goes on.
        agent.start()
        self.done(self.accept(agent.token))
        agent.stop()

    def test_killed_with_an_errand_that_never_arrived_it_sends_again_once(self):
        agent, order = self.agent(), new_order()
        agent.sync()
        task_id = self.accept(agent.token, order)
        self.assertEqual(agent.lease(5).status, 200)  # nobody reads this
        self.restart_gateway()
        self.assertEqual(self.stand.status(task_id).json["state"], "unknown")
        agent.start()
        self.until(task_id, lambda status: status["state"] == "done")
        agent.stop()
        self.assertEqual(self.printed(order), 1)
        self.assertEqual([e["delivery"] for e in self.show(task_id)["evidence"]], ["never_received", "answered"])

    def test_a_new_computer_disproves_nothing(self):
        agent = self.agent()
        task_id, errand = self.hand_over(agent)
        self.restart_gateway()
        key = self.stand.set_up_agent(agent.name, "--new-pc")
        self.secrets.append(key)
        other = PlainAgent(self.stand.url, key, self.emulator.url)
        other.sync()
        other.sync()
        self.after_a_turn()
        self.assertEqual(self.stand.status(task_id).json["state"], "unknown")

    def test_an_orderly_stop_waits_for_the_answer(self):
        agent, order = self.agent(), new_order()
        task_id, errand = self.hand_over(agent, order)
        self.stand.gateway.terminate()
        wait_until(lambda: '"event":"stopping"' in self.stand.log_text(), 10, "the stop")
        self.assertEqual(agent.lease(20).status, 503)
        self.assertEqual(agent.answer(errand.lease, agent.run(errand)).recorded, "applied")
        self.assertEqual(self.stand.gateway.wait(15), 0)
        self.stand.start_gateway()
        shown = self.show(task_id)
        self.assertEqual((shown["state"], shown["attempt_list"][0]["result"]), ("done", "answered"))
        self.assertEqual(self.printed(order), 1)

    def test_what_an_operator_said_is_outweighed_by_what_was_printed(self):
        agent, order = self.agent(), new_order()
        task_id, errand = self.hand_over(agent, order)
        message = agent.run(errand)
        self.restart_gateway()
        self.final(task_id)
        self.stand.admin("task", "settle", task_id, "--not-printed", "--why", "a guess")
        self.until(task_id, lambda status: "агент не на связи" in status["wait_reason"])
        before = self.figure("fiscalgate_contradictions_total")
        self.assertEqual(agent.answer(errand.lease, message).recorded, "applied")
        self.done(task_id)
        self.assertEqual(self.printed(order), 1)
        self.assertEqual(self.figure("fiscalgate_contradictions_total"), before + 1)
        self.assertTrue(self.show(task_id)["evidence"][0]["note"])
        self.assertIn("evidence_contradicts", self.stand.log_text())

    def test_a_receipt_printed_twice_by_a_wrong_word_is_an_alarm(self):
        agent, order = self.agent(), new_order()
        task_id, errand = self.hand_over(agent, order)
        message = agent.run(errand)
        self.restart_gateway()
        self.final(task_id)
        agent.sync()
        self.stand.admin("task", "settle", task_id, "--not-printed", "--why", "a guess")
        again = agent.poll(10)
        agent.answer(again.lease, agent.run(again))
        self.done(task_id)
        before = self.figure("fiscalgate_contradictions_total")
        self.assertEqual(agent.answer(errand.lease, message).recorded, "evidence")
        self.assertEqual(self.figure("fiscalgate_contradictions_total"), before + 1)


if __name__ == "__main__":
    unittest.main()
