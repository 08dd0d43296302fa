"""The scripted run: all flows once between two nodes, while a process dies or a call fails somewhere.

    gp -> bup  a referral with two attachments, strong, receipt in the answer
    gp -> bup  a referral with an attachment, national, receipt as a message of its own
    gp -> bup  a dialog message with a copy receiver, strong, receipts as messages of their own
    gp -> bup  a dialog message, national, receipt in the answer
    bup -> gp  an epikrise with an attachment; two replies to dialog messages
    and an AppRec back for each; what is for the copy receiver is saved by `inbox save`, everything else files itself.
"""

import json
import os
import random
import signal

from documents import Writer
from nodes import HOSTED, INBOX
from program import Deadline, Program, Serving, wait
from store_sql import held_after_deaths, progress
from told import Told

# Roles whose process can be given a point.
ROLES = ["gp", "bup", "send", "reply", "save"]
TRIES = 12


class Setting:
    """What all runs share."""

    def __init__(self, binary, library, template, work, jobs=1):
        self.binary, self.library, self.template, self.work, self.jobs = binary, library, template, work, jobs


class ScriptedRun:
    """`points` by role: for a node, one for each of its lives in turn; for commands, the point of the first one."""

    seconds = 60

    def __init__(self, setting, name, seed, ports, points=None, fresh=False):
        self.setting, self.name, self.kills = setting, name, 0
        self.random = random.Random(seed)
        self.folder = os.path.join(setting.work, name)
        self.points = {role: list((points or {}).get(role, [])) for role in ROLES}
        self.given = ["%s: %s" % (role, point) for role, own in self.points.items() for point in own]
        os.makedirs(os.path.join(self.folder, "log"))
        self.folders = setting.template.copy(self.folder, ports, fresh)
        self.program = Program(setting.binary, setting.library, os.path.join(self.folder, "log"))
        self.writer = Writer(os.path.join(self.folder, "sent"), self.random)
        self.nodes = {name: Serving(self.program, name, self.folders[name], ports[name], self.points[name]) for name in HOSTED}
        self.told, self.commands, self.stopped, self.released = [], [], {}, 0

    def run(self):
        """Runs all of it to its end. Throws `Deadline` when it does not come to one; the nodes are stopped all the same."""
        try:
            for node in self.nodes.values():
                node.start()
            self._conversation()
            wait(self.is_settled, self.seconds, "everything delivered, filed and answered", self.keep_up, 0.02)
            self.stop()
        finally:
            for node in self.nodes.values():
                node.kill()
        return self

    def _conversation(self):
        write = self.writer
        questions = [write.dialog("80000631", "80000401", copies=[INBOX]), write.dialog("80000621", INBOX)]
        for submission in [write.referral("80000601", "80000401"),
                           write.referral("80000611", "80000401", attachments=["pdf"])] + questions:
            self.send(submission, "send")
        self.send(write.epikrise("80000601", "80000401"), "reply")
        for question, service in zip(questions, ["80000401", INBOX]):
            wait(lambda: self.has_arrived(question.document_id, question.sender, service), self.seconds,
                 "a dialog message arrives", self.keep_up)
            self.send(write.reply(question.sender, service, question), "reply")
        wait(self.save_all, self.seconds, "everything in the inbox saved", self.keep_up, 0.02)

    def keep_up(self):
        for node in self.nodes.values():
            node.keep_up()

    def stop(self):
        """Both at once: each is the other's partner, and neither may wait for the other."""
        for name, node in self.nodes.items():
            # Asked to stop before it serves, it would simply be gone.
            wait(lambda: node.running is None or node.listens or node.look(), self.seconds, "%s listens" % name)
            node.ask_to_stop()
        for name, node in self.nodes.items():
            status = node.stop()
            if node.ends and node.ends[-1].is_by_point:
                # It died on its way down: what it left must do for another start.
                node.start()
                wait(lambda: node.listens, self.seconds, "%s starts after a death at its stop" % name)
                status = node.stop()
            self.stopped[name] = status

    # Commands.

    def command(self, role, arguments):
        """Runs a command beside the nodes and returns it ended."""
        points = self.points.get(role, [])
        started = self.program.start(arguments, points.pop(0) if points else None)
        try:
            wait(lambda: started.status is not None, self.seconds, "'%s' ends" % arguments[0], self.keep_up, 0.004)
        except Deadline:
            started.kill(signal.SIGKILL)
            raise
        self.commands.append((role, started))
        return started

    def send(self, submission, role, tries=TRIES):
        """Hands it in as a careful sender does: again, when nobody said how it ended or when it could not be taken now."""
        told = Told(submission)
        self.told.append(told)
        while not told.is_taken and len(told.answers) < tries:
            ended = self.command(role, submission.arguments() + ["--node", self.folders[submission.node]])
            told.heard(ended.status, ended.complaint(), ended.out())
        return told

    def save_all(self):
        """Saves what waits in the inbox; whether everything has come and is saved."""
        expected = [told for told in self.told if told.is_taken and INBOX in told.submission.receivers]
        now = progress(self.folders["bup"])
        if now is None:
            return False
        incoming = {key: state for key, state in now[1].items() if key[2] == INBOX}
        if all((told.submission.document_id, told.submission.sender, INBOX) in incoming for told in expected) and \
                all(state == "filed" for state in incoming.values()):
            return True
        if "opened" in incoming.values():
            listed = self.command("list", ["inbox", "list", "--json", "--limit", "10000", "--node", self.folders["bup"]])
            for entry in json.loads(listed.out() or "[]"):
                if entry["state"] == "opened" and entry["receiver"] == INBOX:
                    folder = os.path.join(self.folders["bup"], "saved")
                    self.command("save", ["inbox", "save", "#%d" % entry["number"], folder, "--json", "--node", self.folders["bup"]])
        return False

    # What the stores say.

    def release_suspects(self):
        """The operator's part: what was at hand at three deaths waits for somebody to say that it is not to blame."""
        for folder in self.folders.values():
            for number in held_after_deaths(folder):
                self.released += self.command("release", ["queue", "release", "#%d" % number, "--node", folder]).status == 0

    def has_arrived(self, document_id, sender, receiver):
        now = progress(self.folders["bup"])
        return now is not None and (document_id, sender, receiver) in now[1]

    def is_settled(self):
        """Whether everything taken is accepted and filed, and nothing is due anywhere."""
        self.release_suspects()
        states = {name: progress(folder) for name, folder in self.folders.items()}
        if None in states.values() or any(due for _, _, due in states.values()):
            return False
        for told in self.told:
            if told.is_taken and any(states[told.submission.node][0].get((told.submission.document_id, receiver)) != "accepted"
                                     for receiver in told.submission.receivers):
                return False
        return all(state in ("accepted", "delivered") for out, _, _ in states.values() for state in out.values()) and all(
            state == "filed" for _, incoming, _ in states.values() for state in incoming.values())

    @property
    def ends(self):
        return [end for node in self.nodes.values() for end in node.ends]

    def keep_stores(self):
        """Something was wrong: what is needed to find out why must outlive `clean_up`."""

    def clean_up(self):
        """What has to go before the folder can."""

    def further_wrongs(self):
        """What only this kind of run can know."""
        return []

    def reached(self):
        """Points that were reached: (role, point) of each."""
        found = [(end.name, end.point) for end in self.ends if end.point is not None and end.fired]
        return found + [(role, command.point) for role, command in self.commands if command.point is not None and command.fired]
