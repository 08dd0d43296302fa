"""Faults that are neither a kill nor a single failed call, each under load: the fault list of the project, one class each.

Nobody kills anything here. What ends by itself is started again, as a supervisor would; after a while the fault is mended.
"""

import errno
import os
import time

from loaded import LoadedRun
from nodes import HOSTED
from points import FOR_EVER, Point
from power import ImageRun


class FaultRun(LoadedRun):
    """A fault from the beginning, in the first life of one node; mended after `seconds_of_fault` by a stop and a start."""

    seconds_of_fault = 5.0

    def __init__(self, setting, name, seed, ports):
        super().__init__(setting, name, seed, ports, kills=1)
        self.victim = self.random.choice(list(HOSTED))
        self.begun = time.monotonic()
        self.spoil(self.nodes[self.victim])

    def spoil(self, node):
        """Arranges the fault."""

    def strike(self):
        if time.monotonic() - self.begun < self.seconds_of_fault:
            return
        node = self.nodes[self.victim]
        del node.points[:], node.limits[:]
        status = node.stop(30)
        if status is None:
            self.ended_badly.append(("node", "%s did not stop when asked, under its fault" % self.victim))
        self.kills = self.wanted


class FewFiles(FaultRun):
    """The node may open only few files: sockets, payloads and the database compete for them."""

    def spoil(self, node):
        node.limits = [self.random.randrange(26, 60)]


class SlowDisk(FaultRun):
    """Every synchronisation takes half a second."""

    seconds_of_fault = 12.0

    def spoil(self, node):
        node.points = [Point("fdatasync", None, 1, "delay", last=FOR_EVER, milliseconds=500)]


class ShortWrites(FaultRun):
    """Every write puts down half of what it was given, as a write may."""

    def spoil(self, node):
        node.points = [Point(self.random.choice(["write", "pwrite", "send"]), None, 1, "shorten", last=FOR_EVER)]


class ShortReads(FaultRun):
    """Every read gives half of what was asked for, as a read may."""

    def spoil(self, node):
        node.points = [Point(self.random.choice(["read", "receive"]), None, 1, "shorten", last=FOR_EVER)]


class ReadOnlyDisk(ImageRun):
    """The file system of one node meets an error and lets nobody write any more, until it is mounted again. The node must be
    down by then, and have said why."""

    def __init__(self, setting, name, seed, ports, kind="ext4"):
        super().__init__(setting, name, seed, ports, 1, kind)
        self.victim = self.random.choice(list(HOSTED))
        self.begun, self.broken_at, self.lives = time.monotonic(), None, 0

    def strike(self):
        now = time.monotonic()
        node, image = self.nodes[self.victim], self.images[self.victim]
        if self.broken_at is None and now - self.begun > 2 and node.listens:
            self.lives = len(node.ends)
            image.meet_error()
            self.broken_at = now
        elif self.broken_at is not None and now - self.broken_at > (4 if len(node.ends) > self.lives else 30):
            # On a busy machine it takes its time to end; that it ends is what is asked.
            ends = node.ends[self.lives:]
            if not ends or ends[0].status != 74:
                self.ended_badly.append(("node", "%s did not end with 74 on a disk that is read-only: %s" % (
                    self.victim, ends[0] if ends else "it is still up")))
            node.kill()
            self.end_senders(self.victim)
            image.unmount()
            image.repair()
            image.mount()
            self.kills = self.wanted


class JournalGivenUp(FaultRun):
    """The file system of one node has given up its journal, and says of every synchronisation that it is done. Only a change is
    refused that needs the journal. The node must be down by then, and have said why."""

    def spoil(self, node):
        node.points = [Point("allocate", "store", self.random.randrange(1, 20), "fail", errno.EROFS, last=FOR_EVER)]

    def strike(self):
        # On a busy machine it takes its time to come so far.
        node = self.nodes[self.victim]
        has_come = any(end.fired for end in node.ends) or (node.running is not None and node.running.fired)
        if has_come or time.monotonic() - self.begun > 60:
            super().strike()

    def further_wrongs(self):
        wrongs = super().further_wrongs()
        ends = self.nodes[self.victim].ends
        if not any(end.fired for end in ends):
            wrongs.append(("harness", "the fault never came: %s asked for too few changes" % self.victim))
        for end in ends:
            if end.fired and end.status != 74:
                wrongs.append(("node", "%s, although the journal of its file system was given up" % end))
        return wrongs


class NoInodes(ImageRun):
    """One node's file system can hold no more files for a while."""

    def __init__(self, setting, name, seed, ports, kind="ext4"):
        super().__init__(setting, name, seed, ports, 1, kind)
        self.victim = self.random.choice(list(HOSTED))
        self.begun, self.filled_at = time.monotonic(), None
        self.fillers = os.path.join(self.folders[self.victim], "fillers")

    def strike(self):
        now = time.monotonic()
        if self.filled_at is None and now - self.begun > 1.5:
            os.makedirs(self.fillers, exist_ok=True)
            left = self.random.randrange(0, 12)
            for number in range(max(0, os.statvfs(self.fillers).f_favail - left)):
                try:
                    with open(os.path.join(self.fillers, str(number)), "w"):
                        pass
                except OSError:
                    break  # The node was faster: there is none left.
            self.filled_at = now
        elif self.filled_at is not None and now - self.filled_at > 4:
            for name in os.listdir(self.fillers):
                os.remove(os.path.join(self.fillers, name))
            self.kills = self.wanted


IN_MEMORY = [SlowDisk, ShortWrites, ShortReads, FewFiles, JournalGivenUp]
ON_IMAGES = [ReadOnlyDisk, NoInodes]
