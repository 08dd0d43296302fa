"""Random kills under load: messages are handed in by several senders at once, both ways, while nodes and commands die at
random times, until the asked number of kills is reached."""

import signal
import time

from nodes import INBOX, OFFICES, SERVICES
from program import wait
from scripted import ScriptedRun
from told import Told

SENDERS = 3


class LoadedRun(ScriptedRun):
    def __init__(self, setting, name, seed, ports, kills, **arguments):
        super().__init__(setting, name, seed, ports, **arguments)
        self.wanted, self.next_kill = kills, 0
        self.sending = []  # (told, started) under way
        self.again = []  # (when, told) of what has to be handed in once more
        self.stopped_until = {}
        self.ended_badly = []

    def _conversation(self):
        wait(lambda: self.kills >= self.wanted and not self.sending and not self.again, self.seconds * 4, "all kills",
             self.work, 0.005)
        for name in list(self.stopped_until):
            self.resume(name)
        wait(self.save_all, self.seconds, "everything in the inbox saved", self.keep_up, 0.02)

    def work(self):
        self.keep_up()
        self.look_at_senders()
        while len(self.sending) + len(self.again) < SENDERS and self.kills < self.wanted:
            self.hand_in(Told(self.invent()))
        # Also when the kills are done: one that stands still may hold what the senders wait for.
        for name in [name for name, until in self.stopped_until.items() if time.monotonic() >= until]:
            self.resume(name)
        if self.kills < self.wanted:
            self.strike()

    # Senders.

    def invent(self):
        choose = self.random
        person, service = choose.choice(list(OFFICES)), choose.choice(SERVICES)
        kind = choose.random()
        if kind < 0.25:
            return self.writer.referral(person, service, choose.choice([["pdf", "jpg"], ["pdf"], ["jpg"]]))
        if kind < 0.6:
            copies = [other for other in SERVICES if other != service] if choose.random() < 0.4 else []
            return self.writer.dialog(person, service, copies, choose.choice([[], [], ["pdf"]]))
        return self.writer.epikrise(person, service, choose.choice([[], ["pdf"]]))

    def hand_in(self, told):
        if told not in self.told:
            self.told.append(told)
        submission = told.submission
        self.sending.append((told, self.program.start(submission.arguments() + ["--node", self.folders[submission.node]])))

    def look_at_senders(self):
        for told, started in [entry for entry in self.sending if entry[1].status is not None]:
            self.sending.remove((told, started))
            told.heard(started.status, started.complaint(), started.out())
            if not told.is_taken:
                self.again.append((time.monotonic() + (0 if started.killed_by_us else 0.2), told))
        for entry in [entry for entry in self.again if time.monotonic() >= entry[0]]:
            self.again.remove(entry)
            self.hand_in(entry[1])

    def end_senders(self, name):
        """Commands on that node end, and nobody hears how."""
        for told, started in self.sending:
            if told.submission.node == name:
                started.kill()
                started.wait(10)

    # Kills.

    def strike(self):
        now = time.monotonic()
        if self.next_kill == 0:
            self.next_kill = now + self.random.uniform(0.1, 1.0)
        if now < self.next_kill:
            return
        self.next_kill = now + self.random.expovariate(1 / 0.35)
        lot, name = self.random.random(), self.random.choice(list(self.nodes))
        node = self.nodes[name]
        if lot < 0.12 and self.sending:
            self.random.choice(self.sending)[1].kill()
            self.kills += 1
        elif node.running is None or name in self.stopped_until:
            return
        elif lot < 0.2:
            node.running.process.send_signal(signal.SIGSTOP)
            self.stopped_until[name] = now + self.random.uniform(0.1, 1.5)
        elif lot < 0.3:
            listened = node.listens
            status = node.stop()
            # Asked to stop before it began to serve, it may simply be gone.
            if status != 0 and (listened or status != -signal.SIGTERM) and node.ends[-1].killed_by_us:
                self.ended_badly.append(("node", "%s ended with %s after SIGTERM: %s" % (name, status, node.ends[-1].complaint)))
        else:
            self.kill_node(name)
            self.kills += 1

    def kill_node(self, name):
        self.nodes[name].kill()

    def resume(self, name):
        del self.stopped_until[name]
        running = self.nodes[name].running
        if running is not None and running.status is None:
            running.process.send_signal(signal.SIGCONT)

    def further_wrongs(self):
        return super().further_wrongs() + self.ended_badly
