"""Opens stores of every earlier version with messages under way, kills msggw at every call while it brings them up to date, and
opens them again. `make upgrades` runs it."""

import argparse
import concurrent.futures
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys

from oldstore import NEWEST, take_back
from prepared import NODES, Continued, Prepared

from outcome import judge
from plan import CHANGING, DIVISIBLE
from points import Point, build
from nodes import ROOT, Template
from program import Program
from scripted import Setting
from store_sql import writable

PLACES = {"wal", "database", "index", "store", "payload"}
# What an upgrade may not change, by table; `step` and `audit` are compared by their words.
KEPT = {
    "message": "id, direction, state, kind, messageID, conversationID, documentID, sender, receiver, created, due, attempts, failure, answers",
    "name": "kind, value, message", "received": "sender, messageID, digest, message", "payload": "id, name, length, sealed, file",
    "part": "message, position, payload, contentID, mediaType, title", "wire": "message, headers, layout, body, soap",
    "receipt": "id, message, kind, direction, at, bytes",
}


def contents(node):
    """What the store holds that no upgrade may touch, and how many versions it has."""
    database = sqlite3.connect(os.path.join(node, "store", "gateway.sqlite"), timeout=10)
    try:
        said = [row[0] for row in database.execute("PRAGMA integrity_check")]
        if said != ["ok"]:
            return ["integrity_check says %s" % said[:2]], 0
        rows = {table: database.execute("SELECT %s FROM %s ORDER BY 1, 2, 3" % (columns, table)).fetchall() for table, columns in KEPT.items()}
        trail = "SELECT message, at, what, detail FROM step ORDER BY id"
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'step'").fetchall():
            trail = "SELECT message, at, action, detail FROM audit WHERE message IS NOT NULL ORDER BY id"
        rows["trail"] = database.execute(trail).fetchall()
        done = sorted(int(row[0].split()[0]) for row in database.execute("SELECT identifier FROM grdb_migrations"))
        return (rows, len(done)) if done == list(range(1, len(done) + 1)) else (["versions %s" % done], 0)
    finally:
        database.close()


class Versions:
    """Copies of one node's store, one for each version."""

    def __init__(self, prepared, work):
        self.prepared, self.work = prepared, work

    def make(self, version, name):
        folder = os.path.join(self.work, "version-%d" % version)
        node = self.prepared.copy_node(name, folder)
        take_back(node, version)
        return node


def check(program, node, point=None):
    started = program.start(["store", "check", "--node", node], point)
    if not started.wait(60):
        started.kill()
    return started


def census(setting, node, work):
    """Calls of an upgrade in which nothing happens, in a copy."""
    copy = copied(node, os.path.join(work, "census"))
    started = check(Program(setting.binary, setting.library, work), copy)
    if started.status != 0:
        raise SystemExit("%s: the upgrade without any fault fails: %s %s" % (node, started.out()[-300:], started.complaint()))
    return {key: count for key, count in started.table.counts.items() if key[0] in CHANGING and key[1] in PLACES}


def copied(node, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "nodes"))
    shutil.copy(os.path.join(os.path.dirname(node), "registry.json"), os.path.join(folder, "nodes"))
    return shutil.copytree(node, os.path.join(folder, "nodes", os.path.basename(node)), ignore=shutil.ignore_patterns("wake"))


def points(counts):
    for (call, place), count in sorted(counts.items()):
        for action in ["kill before", "kill after"] + (["kill halfway"] if call in DIVISIBLE else []):
            for number in range(1, count + 1):
                yield Point(call, place, number, action)


def kill_once(setting, node, version, point, folder):
    """One kill, and two looks: at what it left, and at what opening it again makes of that. Returns (killed, at, wrongs)."""
    copy = copied(node, folder)
    # Never the node itself: others copy it at the same time, and whoever opens a database makes files beside it and takes them away.
    before, _ = contents(copied(copy, os.path.join(folder, "before")))
    program = Program(setting.binary, setting.library, folder)
    wrongs, at = [], 0
    died = check(program, copy, point)
    if died.fired and died.status != -9:
        wrongs.append("was not killed but ended with %s" % died.status)
    looked = copied(copy, os.path.join(folder, "looked"))
    left, at = contents(looked)
    if left != before:
        wrongs.append("what the kill left differs: %s" % difference(before, left))
    elif not version <= at <= NEWEST:
        wrongs.append("what the kill left is of version %d" % at)
    again = check(program, copy)
    if again.status != 0:
        wrongs.append("does not open again: %s %s" % (again.out()[-300:], again.complaint()))
    now, end = contents(copy)
    if now != before:
        wrongs.append("what the second opening made differs: %s" % difference(before, now))
    elif end != NEWEST:
        wrongs.append("is of version %d in the end" % end)
    was_killed = bool(died.fired)
    shutil.rmtree(folder)
    return was_killed, at, ["version %d, %s, %s: %s" % (version, os.path.basename(node), point, wrong) for wrong in wrongs]


def difference(before, after):
    if isinstance(after, list):
        return after[0]
    return ", ".join("%s %d -> %d rows" % (table, len(before[table]), len(after[table])) for table in before if before[table] != after[table])


def whole_way(prepared, version, number, seed, kills):
    """Both nodes upgraded, each after kills on the way, and served until everything has come to its end; judged by the checker."""
    setting, source = prepared.setting, random.Random(seed)

    def change(node):
        take_back(node, version)
        for _ in range(kills):
            point = Point("pwrite", "wal", source.randint(1, 40), source.choice(["kill before", "kill halfway", "kill after"]))
            check(Program(setting.binary, setting.library, os.path.dirname(os.path.dirname(node))), node, point)

    run = Continued(prepared, "upgraded-%d" % version, number, seed, change)
    return judge(run)


def newer(prepared, work):
    """The store of a later version is refused by every command that opens one, in one line, and nothing in it is changed."""
    setting, wrongs = prepared.setting, []
    node = prepared.copy_node("gp", os.path.join(work, "newer"))
    database = writable(os.path.join(node, "store", "gateway.sqlite"))
    database.execute("INSERT INTO grdb_migrations VALUES ('99 of a later version')")
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    program, before = Program(setting.binary, None, work), digests(node)
    commands = [["serve", "--port", "1"], ["store", "check"], ["status", "1"], ["inbox", "list"], ["queue", "list"], ["retention", "run"],
                ["backup", os.path.join(work, "no-backup")]]
    for command in commands:
        started = program.start(command + ["--node", node])
        started.wait(60)
        lines = [line for line in started.err().splitlines() if line.startswith("msggw: ")]
        if started.status in (0, None) or len(lines) != 1 or "newer" not in lines[0]:
            wrongs.append("%s on a newer store ended with %s and said %s" % (command[0], started.status, lines))
        if digests(node) != before:
            wrongs.append("%s changed a newer store" % command[0])
    print("A newer store: refused by %d commands, %d wrong" % (len(commands), len(wrongs)), flush=True)
    return wrongs


def digests(node):
    """Of every file of a store that says something: what SQLite keeps of who reads is made anew each time, an empty log is none."""
    found = {}
    for folder, _, files in os.walk(os.path.join(node, "store")):
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith("-shm") or (name.endswith("-wal") and os.path.getsize(path) == 0) or not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                found[path] = hashlib.sha256(file.read()).hexdigest()
    return found


def arguments():
    parser = argparse.ArgumentParser(prog="upgrade", description=__doc__)
    parser.add_argument("--binary", default=os.path.join(ROOT, ".build", "debug", "msggw"))
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "upgrades"))
    parser.add_argument("--kills", type=int, default=200, help="how many kills, spread over versions and calls; 0: every single call")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    return parser.parse_args()


def main():
    asked = arguments()
    shutil.rmtree(os.path.join(asked.work, "runs"), ignore_errors=True)
    os.makedirs(os.path.join(asked.work, "runs"))
    library, why_not = build(asked.work)
    if library is None:
        print("NOT RUN: %s" % why_not)
        return 1
    template = Template(asked.binary, asked.work).make()
    setting = Setting(os.path.abspath(asked.binary), library, template, os.path.join(asked.work, "runs"), asked.jobs)
    version = subprocess.run([asked.binary, "--version"], capture_output=True, text=True).stdout.strip()
    prepared = Prepared(setting, asked.seed)
    print("msggw %s, versions 1 to %d, %d messages handed in" % (version, NEWEST - 1, len(prepared.told)), flush=True)
    wrongs = newer(prepared, setting.work)
    versions, jobs = Versions(prepared, os.path.join(setting.work, "old")), []
    for number in range(1, NEWEST):
        for name in NODES:
            node = versions.make(number, name)
            jobs += [(number, node, point) for point in points(census(setting, node, os.path.join(setting.work, "census")))]
    there = len(jobs)
    random.Random(asked.seed).shuffle(jobs)
    jobs = jobs[:asked.kills or there]
    killed, at_versions, newest = 0, {}, len(wrongs)
    with concurrent.futures.ProcessPoolExecutor(asked.jobs) as pool:
        running = [pool.submit(kill_once, setting, node, number, point, os.path.join(setting.work, "kill-%d" % index))
                   for index, (number, node, point) in enumerate(jobs)]
        for one in concurrent.futures.as_completed(running):
            was_killed, at, found = one.result()
            killed += was_killed
            at_versions[at] = at_versions.get(at, 0) + 1
            wrongs += found
        print("Upgrades: %d killed of %d tried and %d calls there are; the kills left stores of versions %s; %d wrong" % (
            killed, len(jobs), there, ", ".join("%d (%d)" % item for item in sorted(at_versions.items())), len(wrongs) - newest), flush=True)
        ways = [pool.submit(whole_way, prepared, number, number, asked.seed * 100 + number, 2) for number in range(1, NEWEST)]
        results = [one.result() for one in ways]
    late = [wrong for result in results for wrong in result["wrongs"]]
    print("Upgraded, killed twice on the way, and served to the end: %d pairs of nodes, %d messages told taken, %d wrong" % (
        len(results), sum(result["taken"] for result in results), len(late)))
    for wrong in (wrongs + ["%s: %s" % wrong for wrong in late])[:20]:
        print("  WRONG: %s" % wrong)
    if not wrongs and not late:
        shutil.rmtree(setting.work)
    return 1 if wrongs or late else 0


if __name__ == "__main__":
    sys.exit(main())
