"""The scripted run while a call fails: once, or from then on until somebody mends the disk and starts the node again."""

import time

from points import FOR_EVER
from scripted import ScriptedRun

# What a daemon must not survive: a failed synchronisation of what the store promised to keep.
STORE = {"wal", "database", "payload", "spool"}
PATIENCE = 2.0


class FaultyRun(ScriptedRun):
    # Filing that failed is tried again after a minute, an answer of 503 means half a minute.
    seconds = 150

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.since = {}
        self.mended = []

    def keep_up(self):
        super().keep_up()
        for name, node in self.nodes.items():
            running = node.running
            if running is None or running.point is None or running.point.last != FOR_EVER or not running.fired:
                continue
            if time.monotonic() - self.since.setdefault((name, running.process.pid), time.monotonic()) > PATIENCE:
                # It is up although the call goes on failing. Somebody has mended the disk, and starts it again.
                status = node.stop()
                self.mended.append((name, status))

    def further_wrongs(self):
        wrongs = super().further_wrongs()
        for name, status in self.mended:
            if status is None:
                wrongs.append(("node", "%s did not stop when asked, while a call went on failing" % name))
        for node in self.nodes.values():
            for end in node.ends:
                wrongs += self._synchronised(end)
        return wrongs

    @staticmethod
    def _synchronised(end):
        """After a failed synchronisation the node ends, and asks the disk nothing more."""
        point = end.point
        if point is None or point.action != "fail" or point.call not in ("fsync", "fdatasync") or point.place not in STORE:
            return
        if not end.fired or end.killed_by_us:
            return
        if end.status <= 0:
            yield "node", "%s went on after '%s'" % (end.name, point)
        if end.matched > point.first:
            yield "node", "%s synchronised %s again %d times after '%s'" % (end.name, point.place, end.matched - point.first, point)
