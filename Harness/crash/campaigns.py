"""The kinds of run, and how many of each."""

import collections
import concurrent.futures
import functools
import os
import shutil
import time
import zlib

import audit
import faults
import images
import plan
import power
from closing import ClosingRun
from faulty import FaultyRun
from loaded import LoadedRun
from nodes import free_port
from outcome import judge
from scripted import ROLES, ScriptedRun

KILLS_IN_A_RUN = 10
CUTS_IN_A_RUN = 5
CLOSINGS_IN_A_RUN = 5


def _ports(number):
    """Two ports that runs at the same time do not share."""
    first = free_port(20500 + number % 500 * 20)
    return {"gp": first, "bup": free_port(first + 1)}


def _scripted(setting, name, number, seed, points, fresh):
    return judge(ScriptedRun(setting, name, seed, _ports(number), points, fresh=fresh))


def _faulty(setting, name, number, seed, points, fresh):
    return judge(FaultyRun(setting, name, seed, _ports(number), points, fresh=fresh))


def _loaded(setting, name, number, seed, kills):
    return judge(LoadedRun(setting, name, seed, _ports(number), kills))


def _under_fault(fault, setting, name, seed):
    return judge(fault(setting, name, seed, _ports(zlib.crc32(name.encode()))))


def _on_images(kind_of_run, setting, name, number, seed, kind, **more):
    return judge(kind_of_run(setting, name, seed, _ports(number), kind=kind, **more))


def _closing(setting, name, number, seed, times):
    return ClosingRun(setting, name, seed, _ports(number), times).outcome()


class Campaign:
    needs_points = False

    def obstacle(self, asked):
        """Why it cannot be run here; None when it can."""
        return None

    def run(self, setting, wanted, seed, pool, tally, end):
        """Runs jobs until they are used up, or `end` has passed."""
        under_way = set()
        for job in self.jobs(setting, wanted, seed, tally):
            if end is not None and time.monotonic() > end:
                tally.not_run.append("the rest of %d, since the time was up" % wanted)
                break
            under_way.add(pool.submit(job))
            if len(under_way) > setting.jobs:
                done, under_way = concurrent.futures.wait(under_way, return_when=concurrent.futures.FIRST_COMPLETED)
                for one in done:
                    tally.add(one.result())
        for one in concurrent.futures.as_completed(under_way):
            tally.add(one.result())


def census(setting, seed, tally, fresh=False):
    """Calls by role of a run in which nothing happens; nothing may be wrong with it either."""
    folder = os.path.join(setting.work, "census")
    shutil.rmtree(folder, ignore_errors=True)
    run = ScriptedRun(setting, "census", seed, _ports(499), fresh=fresh)
    counts = {role: collections.Counter() for role in ROLES}
    traced = audit.obstacle(setting.work)
    if traced is None:
        for node in run.nodes.values():
            node.before = audit.wrapper("{base}.strace")
    else:
        tally.not_run.append("strace did not count beside the library, since %s" % traced)
    result = judge(run, keep=True)
    if result["wrongs"]:
        raise SystemExit("The run without any fault is wrong already: %s" % result["wrongs"][:5])
    for name, node in run.nodes.items():
        counts[name].update(node.tables[0].counts)
        if traced is None:
            unseen = list(audit.compare(node.tables[0].path.replace(".points", ".strace"), counts[name]))
            if unseen:
                raise SystemExit("The library does not see every call of %s: %s" % (name, "; ".join(unseen)))
    for role, command in run.commands:
        if role in counts and not counts[role]:
            counts[role].update(command.table.counts)
    return counts


class Enumerated(Campaign):
    """Points out of all there are, at most one for each process of a run."""

    needs_points = True

    def jobs(self, setting, wanted, seed, tally):
        """Nine of ten points are of a store that is there, one of an empty one: tables are made under fire too."""
        for fresh, share in [(False, wanted - wanted // 10), (True, wanted // 10)]:
            points = self.points(census(setting, seed, tally, fresh), seed)
            tally.universe += len(points)
            for number, batch in enumerate(plan.batches(points, share)):
                name = "%s-%s%d" % (self.option, "fresh-" if fresh else "", number)
                yield functools.partial(self.one, setting, name, number + 250 * fresh, seed * 100000 + number, batch, fresh)


class EnumeratedKills(Enumerated):
    title, option = "Enumerated kill points", "kills"
    points, one = staticmethod(plan.kill_points), staticmethod(_scripted)


class FailedCalls(Enumerated):
    title, option = "Calls that fail", "errors"
    points, one = staticmethod(plan.error_points), staticmethod(_faulty)


class PowerCuts(Campaign):
    title, option = "Power cuts under load", "power"

    def obstacle(self, asked):
        self.kinds, obstacles = images.kinds(asked.work)
        return None if self.kinds else "no file system can be mounted from a file here (%s)" % "; ".join(obstacles)

    def jobs(self, setting, wanted, seed, tally):
        for kind in self.kinds:
            power.prepare(setting, kind)
        for number in range((wanted + CUTS_IN_A_RUN - 1) // CUTS_IN_A_RUN):
            cuts = min(CUTS_IN_A_RUN, wanted - number * CUTS_IN_A_RUN)
            kind = self.kinds[number % len(self.kinds)]
            yield functools.partial(_on_images, power.PowerRun, setting, "power-%s-%d" % (kind, number), number,
                                    seed * 100000 + number, kind, kills=cuts)


class FullDisks(PowerCuts):
    title, option = "Full disks under load", "full"

    def jobs(self, setting, wanted, seed, tally):
        for kind in self.kinds:
            power.prepare(setting, kind)
        for number in range(wanted):
            kind = self.kinds[number % len(self.kinds)]
            yield functools.partial(_on_images, power.FullDiskRun, setting, "full-%s-%d" % (kind, number), number,
                                    seed * 100000 + number, kind)


class NamedFaults(PowerCuts):
    title, option, needs_points = "Other faults under load", "faults", True

    def obstacle(self, asked):
        self.without_images = super().obstacle(asked)
        return None

    def jobs(self, setting, wanted, seed, tally):
        """`wanted` runs of each fault."""
        on_images = [] if self.without_images or "ext4" not in self.kinds else faults.ON_IMAGES
        if not on_images:
            tally.not_run += ["%d of %s, since ext4 cannot be mounted from a file here" % (wanted, fault.__name__)
                              for fault in faults.ON_IMAGES]
        else:
            power.prepare(setting, "ext4")
        for number in range(wanted):
            for fault in faults.IN_MEMORY + on_images:
                yield functools.partial(_under_fault, fault, setting, "%s-%d" % (fault.__name__, number), seed * 100000 + number)


class ClosingDisks(PowerCuts):
    title, option = "File systems that close themselves", "closing"

    def obstacle(self, asked):
        obstacle = super().obstacle(asked)
        return obstacle or (None if "ext4" in self.kinds else "ext4 cannot be mounted from a file here")

    def jobs(self, setting, wanted, seed, tally):
        for number in range((wanted + CLOSINGS_IN_A_RUN - 1) // CLOSINGS_IN_A_RUN):
            times = min(CLOSINGS_IN_A_RUN, wanted - number * CLOSINGS_IN_A_RUN)
            yield functools.partial(_closing, setting, "closing-%d" % number, number, seed * 100000 + number, times)


class RandomKills(Campaign):
    title, option = "Random kills under load", "random"

    def jobs(self, setting, wanted, seed, tally):
        for number in range((wanted + KILLS_IN_A_RUN - 1) // KILLS_IN_A_RUN):
            kills = min(KILLS_IN_A_RUN, wanted - number * KILLS_IN_A_RUN)
            yield functools.partial(_loaded, setting, "random-%d" % number, number, seed * 100000 + number, kills)


ALL = [EnumeratedKills(), RandomKills(), FailedCalls(), PowerCuts(), FullDisks(), NamedFaults(), ClosingDisks()]
