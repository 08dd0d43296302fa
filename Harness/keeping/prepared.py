"""Two nodes with messages in every state that a kill leaves, made once; each run gets a copy of its own."""

import copy
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "crash"))

from nodes import HOSTED, INBOX, free_port  # noqa: E402
from program import wait  # noqa: E402
from scripted import ScriptedRun  # noqa: E402
from store_sql import ask, progress  # noqa: E402


class Preparing(ScriptedRun):
    """Both nodes talk; then the receiver is away; then nobody runs. Both end by SIGKILL."""

    def run(self):
        write = self.writer
        try:
            for node in self.nodes.values():
                node.start()
            for submission in [write.referral("80000601", "80000401"), write.referral("80000611", "80000401", attachments=["pdf"]),
                               write.dialog("80000631", "80000401"), write.dialog("80000621", INBOX)]:
                self.send(submission, "send")
            self.send(write.epikrise("80000601", "80000401"), "reply")
            wait(self.has_settled, self.seconds, "what was sent is filed, or waits to be saved", self.keep_up, 0.02)
            self.nodes["bup"].kill()
            for submission in [write.referral("80000601", "80000401", attachments=["pdf"]), write.dialog("80000631", INBOX)]:
                self.send(submission, "send")
            wait(lambda: self.waiting() == 2, self.seconds, "the last two are sealed", pause=0.02)
        finally:
            for node in self.nodes.values():
                node.kill()
        for submission in [write.referral("80000611", "80000401"), write.epikrise("80000611", "80000401"), write.dialog("80000621", "80000401")]:
            self.send(submission, "send")
        return self

    def keep_up(self):
        """Nobody is started again: a node that ends by itself is a wrong."""

    def has_settled(self):
        out, incoming, _ = progress(self.folders["bup"]) or ({}, {}, 1)
        sent = progress(self.folders["gp"])
        if sent is None or len(incoming) < 4:
            return False
        states = list(sent[0].values()) + list(out.values())
        return all(state in ("accepted", "delivered") for state in states) and sum(state == "accepted" for state in states) >= 4 \
            and list(incoming.values()).count("opened") == 1

    def waiting(self):
        rows = ask(self.folders["gp"], "SELECT count(*) AS number FROM message WHERE state = 'sealed' AND attempts > 0")
        return rows[0]["number"]


class Prepared:
    def __init__(self, setting, seed):
        self.setting = setting
        folder = os.path.join(setting.work, "prepared")
        shutil.rmtree(folder, ignore_errors=True)
        run = Preparing(setting, "prepared", seed, ports(490)).run()
        self.folder, self.told = run.folder, run.told

    def copy_node(self, name, folder):
        """One node's folder at `folder`/nodes, with the registry beside it."""
        target = os.path.join(folder, "nodes", name)
        shutil.copytree(os.path.join(self.folder, "nodes", name), target, ignore=shutil.ignore_patterns("wake"))
        shutil.copy(os.path.join(self.folder, "nodes", "registry.json"), os.path.join(folder, "nodes"))
        return target


class Continued(ScriptedRun):
    """Goes on with copies of what was prepared until everything is delivered, filed and answered."""

    def __init__(self, prepared, name, number, seed, change):
        """`change` is called with each node's folder before anything is started."""
        super().__init__(prepared.setting, name, seed, ports(number))
        self.told = copy.deepcopy(prepared.told)
        for node, folder in self.folders.items():
            with open(os.path.join(folder, "..", "registry.json"), encoding="utf-8") as file:
                registry = file.read()
            shutil.rmtree(folder)
            prepared.copy_node(node, self.folder)
            with open(os.path.join(folder, "..", "registry.json"), "w", encoding="utf-8") as file:
                file.write(registry)
            change(folder)

    def _conversation(self):
        wait(self.save_all, self.seconds, "everything in the inbox saved", self.keep_up, 0.02)


def ports(number):
    """Two ports that runs at the same time do not share."""
    first = free_port(20500 + number % 500 * 20)
    return {"gp": first, "bup": free_port(first + 1)}


NODES = list(HOSTED)
