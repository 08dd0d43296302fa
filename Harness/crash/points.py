"""Crash points: which call of a process is to be its last, to fail, to be cut short or to take long.

The library crashpoint.c counts the calls and lets them happen; here is its table, in the same layout.
"""

import mmap
import os
import struct
import subprocess

CALLS = ["write", "pwrite", "writev", "send", "fsync", "fdatasync", "rename", "unlink", "open", "truncate", "close",
         "mkdir", "read", "receive", "connect", "accept", "mmap", "allocate"]
PLACES = ["wal", "database", "index", "payload", "spool", "filed", "socket", "pipe", "store", "node", "output", "other"]
ACTIONS = ["count", "kill before", "kill after", "kill halfway", "fail", "shorten", "delay"]

_HEADER = struct.Struct("<IiiIIiiIII256s")
_SIZE = _HEADER.size + 4 * len(CALLS) * len(PLACES)
_MAGIC = 0x43524153
FOR_EVER = 0xFFFFFFFF


class Point:
    """One call: the `first`-th to `last`-th of those that do `call` to something at `place` (None: to anything of the node's),
    and what happens to them."""

    def __init__(self, call, place, first, action, error=0, last=None, milliseconds=0):
        self.call, self.place, self.first, self.action = call, place, first, action
        self.error, self.milliseconds = error, milliseconds
        self.last = first if last is None else last

    def __str__(self):
        what = self.action
        if self.action == "fail":
            what = "fail with %s" % errno_name(self.error)
        if self.action == "delay":
            what = "delay by %d ms" % self.milliseconds
        each = "" if self.last == self.first else " and after" if self.last == FOR_EVER else "-%d" % self.last
        return "%s %s %s #%d%s" % (what, self.call, self.place or "anything", self.first, each)


class Table:
    """The table of one process: a file that it maps and that outlives it."""

    def __init__(self, path, point=None):
        self.path = path
        header = [_MAGIC, -1, -1, 1, FOR_EVER, 0, 0, 0, 0, 0, b""]
        if point is not None:
            header[1:8] = [CALLS.index(point.call), PLACES.index(point.place) if point.place else -1, point.first, point.last,
                           ACTIONS.index(point.action), point.error, point.milliseconds]
        with open(path, "wb") as file:
            file.write(_HEADER.pack(*header).ljust(_SIZE, b"\0"))

    def environment(self, library):
        return {"LD_PRELOAD": library, "CRASHPOINT_TABLE": self.path}

    def read(self):
        with open(self.path, "rb") as file, mmap.mmap(file.fileno(), _SIZE, prot=mmap.PROT_READ) as memory:
            return bytes(memory)

    @property
    def fired(self):
        """How often the point was reached, and what it was done to the last time."""
        fields = _HEADER.unpack_from(self.read())
        return fields[9], fields[10].split(b"\0")[0].decode(errors="replace")

    @property
    def matched(self):
        """How many calls matched the point's call and place."""
        return _HEADER.unpack_from(self.read())[8]

    @property
    def counts(self):
        """Calls by (call, place), those that happened."""
        numbers = struct.unpack_from("<%dI" % (len(CALLS) * len(PLACES)), self.read(), _HEADER.size)
        return {(call, place): numbers[i * len(PLACES) + j] for i, call in enumerate(CALLS)
                for j, place in enumerate(PLACES) if numbers[i * len(PLACES) + j]}


def build(folder):
    """Compiles the library once; returns its path, or None and why not."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "crashpoint.c")
    library = os.path.join(folder, "crashpoint.so")
    if os.path.exists(library) and os.path.getmtime(library) > os.path.getmtime(source):
        return library, None
    for compiler in ["cc", "clang"]:
        try:
            made = subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library + ".new", source, "-ldl"],
                                  capture_output=True, text=True)
        except FileNotFoundError:
            continue
        if made.returncode == 0:
            os.rename(library + ".new", library)
            return library, None
        return None, "%s cannot build crashpoint.c: %s" % (compiler, made.stderr.strip().splitlines()[-1:])
    return None, "there is no C compiler"


def errno_name(number):
    import errno
    return errno.errorcode.get(number, str(number))
