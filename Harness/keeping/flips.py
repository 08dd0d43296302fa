"""Changes one byte of what a node has on its disk, 1,000 times, and looks who notices: `msggw store check`, the command that serves the
data, or nobody. `make flips` runs it.

The judge shares no code with msggw: what a store says is read by SQL from the store before and after.
"""

import argparse
import collections
import concurrent.futures
import itertools
import os
import random
import shutil
import sqlite3
import subprocess
import sys

from prepared import Prepared
from upgrade import copied

from documents import Writer
from nodes import ROOT, Template
from points import build
from program import Program
from scripted import Setting

PLACES = ["database", "log", "payload files", "spool", "backup"]
MISSED = ("not found", "hangs", "crash")


def rows(path):
    """Everything that the database says, or why it cannot be read."""
    try:
        database = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=5)
        try:
            database.text_factory = bytes
            names = [row[0].decode() for row in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
            return {name: sorted(database.execute("SELECT * FROM %s NOT INDEXED" % name).fetchall(), key=repr) for name in names}
        finally:
            database.close()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return str(error)


class Sample:
    """A stopped or killed node, or a backup of one, with the files that bytes are changed in."""

    def __init__(self, place, folder, files, command):
        self.place, self.folder, self.command = place, folder, command
        self.files = [(path, os.path.getsize(path)) for path in files if os.path.getsize(path) > 0]
        self.rows = None
        if place in ("database", "log"):
            # To read a log is to change it: SQL gets a copy.
            self.rows = rows(os.path.join(copied(folder, folder + ".seen"), "store", "gateway.sqlite"))

    def choose(self, source):
        total = sum(size for _, size in self.files)
        at = source.randrange(total)
        for path, size in self.files:
            if at < size:
                return path, at
            at -= size
        raise AssertionError


def below(folder):
    return sorted(os.path.join(where, name) for where, _, names in os.walk(folder) for name in names)


def check(node):
    return ["store", "check", "--node", node]


def samples(prepared, setting, binary, work):
    """One for each place. The log is that of a node that was killed; the database that of one whose log is empty."""
    log = prepared.copy_node("gp", os.path.join(work, "log"))
    reader = sqlite3.connect(os.path.join(log, "store", "gateway.sqlite"))
    # As long as somebody has the store open, its log is not put away.
    reader.execute("SELECT count(*) FROM message").fetchall()
    writer = Writer(os.path.join(work, "sent"), random.Random("log"))
    for _ in range(4):
        sent = writer.referral("80000601", "80000401", attachments=["pdf"])
        subprocess.run([binary] + sent.arguments() + ["--node", log], check=True, stdout=subprocess.DEVNULL)
    killed = copied(log, os.path.join(work, "killed"))
    reader.close()
    wal = os.path.join(killed, "store", "gateway.sqlite-wal")
    if not os.path.exists(wal) or os.path.getsize(wal) == 0:
        raise SystemExit("there is no log to change bytes in")
    calm = prepared.copy_node("gp", os.path.join(work, "calm"))
    # Whoever closes a store last puts its log away; were it another program than msggw, pages would have no check values.
    subprocess.run([binary] + check(calm), check=True, stdout=subprocess.DEVNULL)
    backup = os.path.join(work, "backup")
    subprocess.run([binary, "backup", backup, "--node", calm], check=True, stdout=subprocess.DEVNULL)
    key = os.path.join(calm, "keys", "store.key")
    store = os.path.join(calm, "store")
    return [
        Sample("database", calm, [os.path.join(store, "gateway.sqlite")], check),
        Sample("log", killed, [wal], check),
        Sample("payload files", calm, below(os.path.join(store, "payloads")), check),
        Sample("spool", calm, below(os.path.join(store, "spool")), check),
        Sample("backup", backup, below(backup), lambda folder: ["backup", "verify", folder, "--store-key", key]),
    ]


def flip(setting, sample, index, seed, work):
    """One byte. Returns (place, verdict, where)."""
    source = random.Random(seed)
    path, at = sample.choose(source)
    copy = os.path.join(work, "flip-%d" % index)
    if sample.place == "backup":
        target = os.path.join(copy, "backup")
        shutil.copytree(sample.folder, target)
    else:
        target = copied(sample.folder, copy)
    changed = os.path.join(target, os.path.relpath(path, sample.folder))
    bit = 1 << source.randrange(8)
    with open(changed, "r+b") as file:
        file.seek(at)
        old = file.read(1)[0]
        file.seek(at)
        file.write(bytes([old ^ bit]))
    verdict = judge(setting, sample, target, copy)
    shutil.rmtree(copy)
    return sample.place, verdict, "%s at %d, bit %d" % (os.path.relpath(path, sample.folder), at, bit)


def judge(setting, sample, target, copy):
    looked = None
    if sample.place in ("database", "log"):
        seen = copied(target, os.path.join(copy, "seen"))
        looked = rows(os.path.join(seen, "store", "gateway.sqlite"))
    program = Program(setting.binary, None, copy)
    started = program.start(sample.command(target))
    if not started.wait(60):
        started.kill()
        return "hangs"
    if started.status != 0:
        return "found" if started.status == 1 or started.complaint() else "crash"
    if looked is not None and looked == sample.rows:
        return "harmless"
    return "not found"


def main():
    parser = argparse.ArgumentParser(prog="flips", description=__doc__)
    parser.add_argument("--binary", default=os.path.join(ROOT, ".build", "debug", "msggw"))
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "flips"))
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", type=int, default=10, help="how many of those that nobody finds are listed")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    asked = parser.parse_args()
    shutil.rmtree(asked.work, ignore_errors=True)
    work = os.path.join(asked.work, "runs")
    os.makedirs(work)
    template = Template(asked.binary, asked.work).make()
    setting = Setting(os.path.abspath(asked.binary), build(asked.work)[0], template, work)
    prepared = Prepared(setting, asked.seed)
    found = samples(prepared, setting, setting.binary, work)
    tally, missed = {place: collections.Counter() for place in PLACES}, []
    share = [sample for index, sample in zip(range(asked.flips), itertools.cycle(one for one in found if one.files))]
    with concurrent.futures.ThreadPoolExecutor(asked.jobs) as pool:
        running = [pool.submit(flip, setting, sample, index, asked.seed * 1000003 + index, work) for index, sample in enumerate(share)]
        for one in concurrent.futures.as_completed(running):
            place, verdict, where = one.result()
            tally[place][verdict] += 1
            if verdict in MISSED:
                missed.append("%s: %s, %s" % (verdict, place, where))
    for place, verdicts in tally.items():
        print("%-14s %4d flips: %s" % (place, sum(verdicts.values()), ", ".join("%s %d" % item for item in sorted(verdicts.items()))))
    for line in sorted(missed)[:asked.list]:
        print("  " + line)
    print("%d flips, %d of them neither found nor harmless" % (len(share), len(missed)))
    shutil.rmtree(work)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
