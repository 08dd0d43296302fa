"""Which points are tried: all of them, or as many as asked for, spread evenly over every kind of call.

What one run does is counted first. A point is then each single call of each process: it dies before it, after it, or
halfway through it; or the call fails with an error that the system could give it.
"""

import errno
import itertools
import random

from points import FOR_EVER, Point

# Calls that change something outside the process: dying before one and dying after it are two different things.
CHANGING = {"write", "pwrite", "writev", "send", "fsync", "fdatasync", "rename", "unlink", "truncate", "mkdir", "open", "close",
            "allocate"}
DIVISIBLE = {"write", "pwrite", "send"}
# Reading changes nothing, so dying before a read is dying after what came before it.
LEFT_OUT = {"read", "receive", "mmap", "accept"}

_DATA = [errno.EIO, errno.ENOSPC, errno.EROFS]
_NAMES = [errno.EIO, errno.ENOSPC, errno.EROFS, errno.EMFILE, errno.ENOMEM]
ERRORS = {
    "write": _DATA, "pwrite": _DATA, "fsync": [errno.EIO, errno.ENOSPC, errno.EROFS], "fdatasync": [errno.EIO, errno.ENOSPC],
    "rename": [errno.EIO, errno.ENOSPC, errno.EROFS], "unlink": [errno.EIO, errno.EROFS], "open": _NAMES,
    "truncate": [errno.EIO, errno.EROFS], "mkdir": [errno.EIO, errno.ENOSPC, errno.EROFS], "read": [errno.EIO],
    "mmap": [errno.ENOMEM], "accept": [errno.EMFILE, errno.ENFILE, errno.ENOMEM], "close": [errno.EIO],
    "allocate": [errno.EIO, errno.EROFS, errno.ENOSPC],
}
NOT_DISK = {"socket", "pipe"}
# What is printed, and what is not of the node: nothing of a message is in it.
NOBODYS = {"output", "other"}
MEMORY_OR_FILES = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def _spread(numbers, random_source):
    """1...n in an order whose beginnings are spread evenly."""
    order = list(numbers)
    random_source.shuffle(order)
    return order


def _round_robin(strata):
    """One of each stratum in turn, until all are used up."""
    queues = [iter(stratum) for stratum in strata]
    while queues:
        left = []
        for queue in queues:
            for item in itertools.islice(queue, 1):
                yield item
                left.append(queue)
        queues = left


def kill_points(census, seed):
    """(role, point) for every call that the census counted; the first n of them are spread over all kinds."""
    source = random.Random(seed)
    strata = []
    for role, counts in census.items():
        for (call, place), count in sorted(counts.items()):
            if call in LEFT_OUT or place in NOBODYS:
                continue
            actions = ["kill before"]
            if call in CHANGING:
                actions.append("kill after")
            if call in DIVISIBLE:
                actions.append("kill halfway")
            for action in actions:
                strata.append([(role, Point(call, place, number, action))
                               for number in _spread(range(1, count + 1), source)])
    source.shuffle(strata)
    return list(_round_robin(strata))


def error_points(census, seed):
    """(role, point) for every call that the census counted and every error it could meet: once, or from then on."""
    source = random.Random(seed)
    strata = []
    for role, counts in census.items():
        for (call, place), count in sorted(counts.items()):
            for error in ERRORS.get(call, []):
                if (place in NOT_DISK and error not in MEMORY_OR_FILES) or place in NOBODYS:
                    continue
                for last in [None, FOR_EVER]:
                    strata.append([(role, Point(call, place, number, "fail", error, last))
                                   for number in _spread(range(1, count + 1), source)])
    source.shuffle(strata)
    return list(_round_robin(strata))


def batches(points, wanted):
    """Runs of points, at most one for each role; `wanted` points in all."""
    waiting = {}
    taken = 0
    for role, point in points:
        if taken == wanted:
            break
        waiting.setdefault(role, []).append(point)
        taken += 1
    while any(waiting.values()):
        yield {role: [queue.pop(0)] for role, queue in waiting.items() if queue}
