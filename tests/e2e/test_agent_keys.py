"""Who may be an agent of which register, and what the operator sees of them."""
import json
import threading
import unittest

from support import new_order
from agent_support import AgentCase
from plain_agent import PlainAgent
from processes import wait_until
from protocol import request
from stand import AdminError

DONE = b"HTTP/1.1 200 OK\r\n\r\n{}"


class Keys(AgentCase):
    def assertAgentRefused(self, reply, status, code):
        self.assertEqual(reply.status, status, reply)
        body = json.loads(reply.body)
        self.assertEqual((body["result"], body["code"]), (False, code))
        self.assertTrue(body["error"])

    def past_the_crowd(self, ask):
        """The answer to a stranger, asked again while the gateway slows strangers down: those of a test before count too."""
        reply = None

        def answered():
            nonlocal reply
            reply = ask()
            return reply.status != 429
        wait_until(answered, 5, "no crowd of strangers", step=0.2)
        return reply

    def test_a_key_belongs_to_the_first_who_comes(self):
        agent = self.agent()
        agent.sync()
        other = PlainAgent(self.stand.url, agent.key, self.emulator.url)
        self.assertAgentRefused(other.lease(), 409, "agent_bound_elsewhere")
        self.assertAgentRefused(other.answer("ab" * 16, DONE), 409, "agent_bound_elsewhere")
        self.assertEqual(agent.lease().status, 204)
        self.restart_gateway()
        self.assertAgentRefused(other.lease(), 409, "agent_bound_elsewhere")
        self.assertEqual(agent.lease().status, 204)

    def test_a_rotated_key_is_refused_and_the_new_one_has_the_same_agent(self):
        agent = self.agent()
        agent.sync()
        waiting = []
        thread = threading.Thread(target=lambda: waiting.append(agent.lease(20)))
        thread.start()
        self.wait_for_polls(1)
        key = self.stand.set_up_agent(agent.name, "--rotate")
        self.secrets.append(key)
        thread.join(3)
        self.assertFalse(thread.is_alive())  # the poll of the old key is not given work any more
        self.assertAgentRefused(agent.lease(), 401, "agent_key_unknown")
        other = PlainAgent(self.stand.url, key, self.emulator.url)
        self.assertAgentRefused(other.lease(), 409, "agent_bound_elsewhere")
        agent.key = key
        self.assertEqual(agent.lease().status, 204)

    def test_another_computer_is_bound_by_the_operator(self):
        agent = self.agent()
        agent.sync()
        key = self.stand.set_up_agent(agent.name, "--new-pc")
        self.secrets.append(key)
        other = PlainAgent(self.stand.url, key, self.emulator.url)
        self.assertEqual(other.lease().status, 204)
        self.assertAgentRefused(agent.lease(), 401, "agent_key_unknown")
        agent.key = key
        self.assertAgentRefused(agent.lease(), 409, "agent_bound_elsewhere")

    def test_what_is_not_an_agent_is_told_so(self):
        agent = self.agent()
        for key in ("", "wrong", "x" * 500):
            stranger = PlainAgent(self.stand.url, key, self.emulator.url)
            self.assertAgentRefused(self.past_the_crowd(stranger.lease), 401, "agent_key_unknown")
        keyless = self.past_the_crowd(lambda: agent.call("/api/agent/lease", Authorization=None))
        self.assertEqual(keyless.status, 401)
        self.assertEqual(agent.call("/api/agent/lease", Fiscalgate_Agent="short").status, 400)
        self.assertEqual(agent.call("/api/agent/lease", Fiscalgate_Version=None).status, 400)
        self.assertEqual(agent.call("/api/agent/lease", Fiscalgate_Wait="soon").status, 400)
        self.assertEqual(agent.call("/api/agent/lease", Fiscalgate_Wait=1, Fiscalgate_Held=",".join("ab" * 2 for _ in range(65))).status, 400)
        self.assertEqual(agent.call("/api/agent/lease", Fiscalgate_Wait=99, Fiscalgate_Turn="x" * 5000).status, 204)
        agent.version = "0.9.0 linux"
        self.assertAgentRefused(agent.lease(), 426, "agent_too_old")
        self.assertEqual(request(self.stand.url + "/api/agent/lease").status, 405)

    def test_a_register_that_is_off_gives_no_work(self):
        agent = self.agent()
        agent.sync()
        self.stand.admin("register", "disable", agent.name)
        wait_until(lambda: agent.lease().status == 403, 5, "the switch seen")
        self.stand.admin("register", "enable", agent.name)
        self.stand.admin("register", "set", agent.name, "--via", "push")
        wait_until(lambda: agent.lease().status == 403, 5, "the switch seen")

    def test_guessing_keys_is_slowed_down(self):
        stranger = PlainAgent(self.stand.url, "guess", self.emulator.url)
        statuses = {stranger.lease().status for _ in range(200)}
        self.assertLessEqual(statuses, {401, 429})

    def test_setting_up_prints_what_to_paste(self):
        agent = self.agent()
        text = self.stand.admin_text("register", "agent-setup", agent.name, "--gateway", "https://receipts.example")
        self.assertIn(f'fiscalgate-agent.exe install --gateway "https://receipts.example" --key {agent.key} --name {agent.name}', text)
        self.assertIn("sudo fiscalgate-agent install", text)
        self.assertIn(self.stand.url, self.stand.admin_text("register", "agent-setup", agent.name))
        with self.assertRaisesRegex(AdminError, "--gateway"):
            self.stand.admin("register", "agent-setup", agent.name, "--gateway", "not an address")
        self.register(name="pushed")
        with self.assertRaisesRegex(AdminError, "--via agent"):
            self.stand.admin("register", "agent-setup", "pushed")


class Health(AgentCase):
    def test_the_operator_sees_how_the_agent_is(self):
        agent = self.agent()
        self.assertEqual(self.stand.admin("register", "show", agent.name)["agent"]["instance"], "")
        agent.clock_ahead_ms, agent.driver_state = 90_000, "unreachable"
        agent.sync()

        def seen():
            return self.stand.admin("register", "show", agent.name)["agent"].get("seen_at")
        wait_until(seen, 5, "the agent seen")
        shown = self.stand.admin("register", "show", agent.name)["agent"]
        self.assertEqual((shown["instance"], shown["version"], shown["driver"]),
                         (agent.instance, agent.version, "unreachable"))
        self.assertAlmostEqual(shown["clock_skew_ms"], 90_000, delta=3_000)
        text = self.stand.admin_text("register", "show", agent.name)
        self.assertIn("agent_driver", text)
        label = f'{{register="{agent.name}"}}'
        self.assertEqual(self.figure("fiscalgate_agent_driver_reachable" + label), 0)
        self.assertAlmostEqual(self.figure("fiscalgate_agent_clock_skew_seconds" + label), 90, delta=3)
        self.assertLess(self.figure("fiscalgate_agent_last_seen_age_seconds" + label), 5)
        self.assertGreaterEqual(self.figure("fiscalgate_agents_connected"), 1)

    def test_a_thousand_idle_agents_cost_little(self):
        agent = self.agent()
        agent.sync()
        self.assertEqual(request(self.stand.url + "/readyz").status, 200)


if __name__ == "__main__":
    unittest.main()
