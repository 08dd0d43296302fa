"""A file system that closes itself while several people hand messages in.

ext4 that meets an error gives its journal up, and may answer a synchronisation with yes although what was to be synchronised
was in the journal. Who was told by msggw that a message is taken must find it there when the file system has been repaired and
mounted again.
"""

import os
import random
import shutil
import sqlite3
import threading
import time

import images
from documents import Writer
from nodes import OFFICES, SERVICES
from program import Program
from told import Told

# No daemon, and several nodes on one file system: as many commits as possible are to be under way at that moment.
NODE, NODES, SENDERS, OTHERS = "gp", 4, 8, 2
# Bytes that the others write at a time.
PIECE = 256 << 10


class ClosingRun:
    """`times` times: people hand in, the file system closes itself, is repaired and mounted again, and is looked at."""

    def __init__(self, setting, name, seed, ports, times):
        self.name, self.times, self.random = name, times, random.Random(seed)
        self.folder = os.path.join(setting.work, name)
        os.makedirs(os.path.join(self.folder, "log"))
        self.template = setting.template.copy(self.folder, ports)[NODE]
        self.disk = os.path.join(self.folder, "disk")
        self.image = images.Image(os.path.join(self.folder, "disk.image"), "ext4", self.disk).make()
        self.program = Program(setting.binary, None, os.path.join(self.folder, "log"))
        self.writer = Writer(os.path.join(self.folder, "sent"), self.random)
        self.told, self.wrongs = [], []

    def outcome(self):
        self.image.mount()
        try:
            shutil.copy(os.path.join(self.folder, "nodes", "registry.json"), self.disk)
            for node in self._nodes():
                shutil.copytree(self.template, node)
            images.run("sync", "-f", self.disk)
            for times in range(1, self.times + 1):
                self._hand_in_until_it_closes()
                self.image.unmount()
                self.image.repair()
                self.image.mount()
                self._look(times)
        finally:
            self.image.unmount()
        taken = sum(told.is_taken for told, _ in self.told)
        if taken < self.times:
            self.wrongs.append(("harness", "hardly anything was taken: there was nothing to lose"))
        result = {"run": self.name, "wrongs": self.wrongs, "reached": [], "given": [], "ends": [], "submissions": len(self.told),
                  "taken": taken, "kills": 0, "tries": len(self.told), "released": 0}
        if self.wrongs:
            return dict(result, folder=self.folder)
        shutil.rmtree(self.folder)
        return result

    def _nodes(self):
        return [os.path.join(self.disk, "%s-%d" % (NODE, number)) for number in range(NODES)]

    def _keep_busy(self, name):
        """Others write on that disk too: a commit waits for it longer than it computes, and is under way when it closes."""
        try:
            descriptor = os.open(os.path.join(self.disk, name), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return
        try:
            for number in range(100_000):
                os.pwrite(descriptor, os.urandom(PIECE), number % 16 * PIECE)
                os.fdatasync(descriptor)
                os.ftruncate(descriptor, number % 16 * PIECE)
        except OSError:
            pass  # It has closed.
        finally:
            os.close(descriptor)

    def _hand_in_until_it_closes(self):
        others = [threading.Thread(target=self._keep_busy, args=("other-%d" % number,)) for number in range(OTHERS)]
        for other in others:
            other.start()
        try:
            self._hand_in()
        finally:
            for other in others:
                other.join()

    def _hand_in(self):
        under_way, is_closed, taken = [], False, 0
        # A busy machine takes its time for the first ones.
        wanted, end = self.random.randrange(1, 20), time.monotonic() + 30
        while under_way or not is_closed:
            for told, started in [entry for entry in under_way if entry[1].status is not None]:
                under_way.remove((told, started))
                told.heard(started.status, started.complaint(), started.out())
                taken += told.is_taken
            if not is_closed and (taken >= wanted or time.monotonic() > end):
                self.image.meet_error()
                is_closed = True
            while not is_closed and len(under_way) < SENDERS:
                told, node = Told(self._invent()), self.random.choice(self._nodes())
                self.told.append((told, node))
                under_way.append((told, self.program.start(told.submission.arguments() + ["--node", node])))
            time.sleep(0.001)

    def _invent(self):
        attachments = self.random.choice([[], [], ["pdf"]])
        return self.writer.dialog(self.random.choice(list(OFFICES)), self.random.choice(SERVICES), attachments=attachments)

    def _look(self, times):
        for node in self._nodes():
            there, files = self._content(node)
            for told, where in list(self.told):
                if where == node and told.is_taken and told.submission.document_id not in there:
                    self.told.remove((told, where))
                    self._is_lost("%s, which was told taken," % told.submission.document_id, times)
            for file in files - set(os.listdir(os.path.join(node, "store", "payloads"))):
                self._is_lost("the payload %s" % file, times)

    def _is_lost(self, what, times):
        self.wrongs.append(("lost", "%s is gone after the file system closed itself the %d. time" % (what, times)))

    def _content(self, node):
        """Documents and files that the store names. Of a copy: the node's own store is not opened, and so not changed."""
        copy = os.path.join(self.folder, "copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(os.path.join(node, "store"), copy, ignore=shutil.ignore_patterns("wake", "payloads", "spool"))
        database = sqlite3.connect(os.path.join(copy, "gateway.sqlite"))
        try:
            return ({row[0] for row in database.execute("SELECT documentID FROM message WHERE direction = 'out'")},
                    {row[0] for row in database.execute("SELECT file FROM payload WHERE file IS NOT NULL")})
        finally:
            database.close()
