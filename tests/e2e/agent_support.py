"""A stand for tests of agents: registers of their own, each with a plain agent beside it."""
from support import StandCase
from plain_agent import PlainAgent
from processes import wait_until
from protocol import request


class AgentCase(StandCase):
    numbers = iter(range(1, 1000))

    def agent(self, **options):
        """A register of its own and an agent beside it."""
        name = f"till-{next(self.numbers)}"
        token = self.register(name=name, via="agent", **options)
        key = self.stand.set_up_agent(name)
        self.secrets.append(key)
        agent = PlainAgent(self.stand.url, key, self.emulator.url)
        agent.name, agent.token = name, token
        return agent

    def show(self, task_id):
        return self.stand.admin("task", "show", task_id)

    def printed(self, order):
        return len(self.emulator.receipts(order))

    def hand_over(self, agent, order=None, data=None):
        """Accepted, and given to the agent. Gives the id and the errand."""
        agent.sync()
        task_id = self.accept(agent.token, order, data)
        errand = agent.poll(10)
        self.assertIsNotNone(errand)
        return task_id, errand

    def after_a_turn(self):
        """What had come to the dispatcher is dealt with: a receipt of another lane came after it and is done."""
        self.done(self.accept(self.register()))

    def wait_for_polls(self, count):
        """So many requests are parked at the gateway."""
        wait_until(lambda: self.figure("fiscalgate_parked_requests") >= count, 10, f"{count} parked requests")

    def restart_gateway(self):
        self.stand.kill_gateway()
        self.stand.start_gateway()

    def figure(self, line):
        for text in request(self.stand.url + "/metrics").text.splitlines():
            if text.startswith(line + " "):
                return float(text.rsplit(" ", 1)[1])
        return None
