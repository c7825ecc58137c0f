"""The agent between the things it was made for: a real gateway and the emulated driver, for either platform."""
from agent_fakes import PATIENCE
from agent_program import Running
from processes import wait_until
from support import new_order


class Real:
    """For an AgentCase with a `platform`."""

    def set_up_till(self, **options):
        """A register and the configuration of its agent. Gives the register's token."""
        name = f"till-{next(self.numbers)}"
        token = self.register(name=name, via="agent", **options)
        key = self.stand.set_up_agent(name)
        self.secrets.append(key)
        self.config, state = self.folder / f"{name}.conf", self.folder / f"{name}-state"
        self.config.touch(mode=0o600)
        self.config.write_text(f"lang = en\nstate = {self.platform.path(state)}\n[register {name}]\n"
                               f"gateway = {self.stand.url}\nkey = {key}\ndriver = {self.emulator.url}\n")
        return token

    def start_agent(self):
        agent = Running([*self.platform.command, "run", "--config", self.platform.path(self.config)], self.platform.env)
        self.addCleanup(lambda: agent.process.poll() is None and agent.kill())
        return agent

    def test_receipts_come_out_of_the_emulated_driver(self):
        token = self.set_up_till()
        agent = self.start_agent()
        orders = [new_order() for _ in range(3)]
        for order in orders:
            status = self.done(self.accept(token, order, **self.callback()))
            self.assertTrue(status["commands"][0]["mark"])
        self.assertEqual([self.printed(order) for order in orders], [1, 1, 1])
        self.assertTrue(self.site.wait_for(orders[-1], PATIENCE))
        if self.platform.stops_by_signal:
            self.assertEqual(agent.stop(), 0)

    def test_killed_while_the_driver_prints_it_says_that_nobody_knows(self):
        token, order = self.set_up_till(), new_order()
        agent = self.start_agent()
        self.emulator.fault("slow", count=1, delay_ms=1500)
        task = self.accept(token, order)
        wait_until(lambda: self.printed(order) == 1, PATIENCE, "the paper")
        agent.kill()
        self.start_agent()
        wait_until(lambda: self.stand.status(task).json["state"] == "unknown", PATIENCE, "unknown")
        self.stand.admin("task", "settle", task, "--printed", "--why", "the paper is there")
        self.assertEqual(self.done(task)["state"], "done")
        self.assertEqual(self.printed(order), 1)
