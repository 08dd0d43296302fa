"""The restore drill with a store of many messages, timed: backup, verification, restoration, report. `make drill` runs it."""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time

from oldstore import opened, sealed
from prepared import Prepared

import trail
from nodes import ROOT, Template
from points import build
from scripted import Setting
from store_sql import writable

LIMIT = 600


def multiply(node, wanted):
    """Fills the store up to `wanted` messages with copies of what lies in it, each under ids, payload names and keys of its own."""
    with open(os.path.join(node, "keys", "store.key"), encoding="ascii") as file:
        key = bytes.fromhex(file.read())
    database = writable(os.path.join(node, "store", "gateway.sqlite"))
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA synchronous = OFF")
    chain = dict(database.execute("SELECT * FROM audit ORDER BY id DESC LIMIT 1").fetchone())
    originals = [Original(database, row) for row in database.execute("SELECT * FROM message ORDER BY id").fetchall()]
    count = len(originals)
    while count < wanted:
        for original in originals[:wanted - count]:
            count += 1
            chain = original.copy(database, key, count, chain)
    database.commit()
    messages, payloads = (database.execute("SELECT count(*) FROM " + table).fetchone()[0] for table in ["message", "payload"])
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return messages, payloads


class Original:
    """A message with its rows. Payloads in files stay with it: copies of them are made for every twentieth message alone."""

    def __init__(self, database, row):
        def of(sql):
            return [dict(one) for one in database.execute(sql, (row["id"],)).fetchall()]
        self.message = dict(row)
        self.parts = of("SELECT part.*, payload.name, payload.length, payload.sealed, payload.file, contentKey.wrapped FROM part "
                        "JOIN payload ON payload.id = part.payload JOIN contentKey ON contentKey.payload = payload.id WHERE message = ?")
        self.others = {table: of("SELECT * FROM %s WHERE message = ?" % table) for table in ["name", "received", "wire", "receipt"]}
        self.trail = of("SELECT * FROM audit WHERE message = ? ORDER BY id")
        self.folder = os.path.join(os.path.dirname(database.execute("PRAGMA database_list").fetchone()[2]), "payloads")

    def copy(self, database, key, count, last):
        def named(text):
            return "%s-%d" % (text, count) if text else text
        message = dict(self.message, id=None, due=None, answers=None, leasedBy=None, leasedUntil=None, warnAt=None,
                       messageID=named(self.message["messageID"]), documentID=named(self.message["documentID"]),
                       conversationID=named(self.message["conversationID"]))
        if message["state"] in ("taken", "sealed"):
            message["state"] = "failed"
        number = insert(database, "message", message)
        for part in self.parts:
            if part["file"] is None or count % 20 == 0:
                self.part(database, key, number, part)
        for table, rows in self.others.items():
            for row in rows:
                row = dict(row, message=number)
                if table == "receipt":
                    row["id"] = None
                if "messageID" in row:
                    row["messageID"] = named(row["messageID"])
                if table == "name":
                    row["value"] = named(row["value"])
                if table == "wire" and row["layout"]:
                    continue
                insert(database, table, row)
        for record in self.trail + ([dict(self.trail[-1], action="failed", state="failed")] if message["state"] == "failed" else []):
            record = dict(record, id=last["id"] + 1, message=number, messageID=message["messageID"])
            record["hash"] = trail.record_hash(record, last["hash"])
            insert(database, "audit", record)
            last = record
        return last

    def part(self, database, key, number, part):
        name = os.urandom(16)
        secret = opened(key, part["wrapped"], b"MSGGWS02" + part["name"])
        body, file = part["sealed"], part["file"]
        if body is not None:
            body = b"MSGGWS02" + name + body[24:]
        else:
            file = name.hex()
            with open(os.path.join(self.folder, part["file"]), "rb") as old, open(os.path.join(self.folder, file), "wb") as new:
                new.write(b"MSGGWS02" + name + old.read()[24:])
        payload = insert(database, "payload", {"id": None, "name": name, "length": part["length"], "sealed": body, "file": file})
        insert(database, "contentKey", {"payload": payload, "wrapped": sealed(key, secret, b"MSGGWS02" + name)})
        columns = ["position", "contentID", "mediaType", "title"]
        insert(database, "part", dict({column: part[column] for column in columns}, message=number, payload=payload))


def insert(database, table, row):
    sql = "INSERT INTO %s (%s) VALUES (%s)" % (table, ", ".join(row), ", ".join("?" * len(row)))
    return database.execute(sql, list(row.values())).lastrowid


def timed(title, command, expected=0):
    start = time.monotonic()
    ended = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - start
    print("  %-28s %6.1f s" % (title, seconds), flush=True)
    if ended.returncode != expected:
        raise SystemExit("%s ended with %d: %s %s" % (title, ended.returncode, ended.stderr[-500:], ended.stdout[-500:]))
    return seconds, ended.stdout


def main():
    parser = argparse.ArgumentParser(prog="drill", description=__doc__)
    parser.add_argument("--binary", default=os.path.join(ROOT, ".build", "debug", "msggw"))
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "drill"))
    parser.add_argument("--messages", type=int, default=100000)
    asked = parser.parse_args()
    shutil.rmtree(asked.work, ignore_errors=True)
    os.makedirs(os.path.join(asked.work, "runs"))
    template = Template(asked.binary, asked.work).make()
    setting = Setting(os.path.abspath(asked.binary), build(asked.work)[0], template, os.path.join(asked.work, "runs"))
    prepared = Prepared(setting, 1)
    node = prepared.copy_node("gp", os.path.join(asked.work, "full"))
    messages, payloads = multiply(node, asked.messages)
    size = sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(os.path.join(node, "store")) for name in names
               if os.path.isfile(os.path.join(folder, name)))
    print("The store: %d messages, %d payloads, %d MB" % (messages, payloads, size >> 20), flush=True)
    backup, new, key = os.path.join(asked.work, "backup"), os.path.join(asked.work, "full", "nodes", "new"), os.path.join(node, "keys", "store.key")
    timed("msggw backup", [asked.binary, "backup", backup, "--node", node, "--json"])
    spent = timed("msggw backup verify", [asked.binary, "backup", "verify", backup, "--store-key", key])[0]
    took, said = timed("msggw restore", [asked.binary, "restore", backup, "--into", new, "--store-key", key, "--json"])
    report = json.loads(said)
    for file in report["toPutBack"]:
        shutil.copy(node + file[len(os.path.abspath(new)):], file)
    spent += took + timed("msggw restore report", [asked.binary, "restore", "report", "--json", "--node", new])[0]
    spent += timed("msggw store check", [asked.binary, "store", "check", "--node", new])[0]
    there = sqlite3.connect(os.path.join(new, "store", "gateway.sqlite")).execute("SELECT count(*) FROM message").fetchone()[0]
    print("Restored: %d of %d messages, %d held, in %.0f s (the limit is %d s)" % (there, messages, len(report["held"]), spent, LIMIT))
    shutil.rmtree(asked.work)
    return 0 if there == messages and spent < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
