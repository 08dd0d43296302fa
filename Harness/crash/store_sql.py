"""Everything the harness asks a node's database. Plain SQL, no code of msggw; the one place that knows its tables."""

import os
import sqlite3
import urllib.parse

SIGNALS = ("Acknowledgment", "MessageError")


def connect(node_folder):
    path = os.path.join(node_folder, "store", "gateway.sqlite")
    database = sqlite3.connect("file:%s?mode=ro" % urllib.parse.quote(path), uri=True, timeout=5)
    database.row_factory = sqlite3.Row
    return database


def writable(path):
    """A database of a store, for a program that is not msggw to write into. Such a program knows nothing of the check values that
    pages have: what it wrote would be refused as damage. Without them a page is taken as it is. Nobody may have the store open."""
    reader = sqlite3.connect(path)
    reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    reader.close()
    with open(path, "r+b") as file:
        header = file.read(100)
        if header[20] == 8:
            # The version for writing is one that SQLite does not know, so that it does not write.
            file.seek(18)
            file.write(header[19:20])
            for end in range(4096, os.path.getsize(path) + 1, 4096):
                file.seek(end - 8)
                file.write(bytes(8))
    return sqlite3.connect(path)


def ask(node_folder, sql, arguments=()):
    database = connect(node_folder)
    try:
        return [dict(row) for row in database.execute(sql, arguments)]
    finally:
        database.close()


def progress(node_folder):
    """(outgoing by (document, receiver), incoming by (document, sender, receiver), how many are due); None when it cannot be
    read at this moment. Values are states."""
    try:
        rows = ask(node_folder, "SELECT direction, documentID, sender, receiver, state, due, kind FROM message")
    except sqlite3.Error:
        return None
    out = {(row["documentID"], row["receiver"]): row["state"] for row in rows
           if row["direction"] == "out" and row["kind"] not in SIGNALS}
    incoming = {(row["documentID"], row["sender"], row["receiver"]): row["state"] for row in rows if row["direction"] == "in"}
    return out, incoming, sum(1 for row in rows if row["due"] is not None)


def delivered_to(node_folder, receivers):
    """MessageIds of what this node holds for delivered to one of `receivers`."""
    sql = "SELECT messageID, receiver FROM message WHERE direction = 'out' AND state IN ('delivered', 'accepted')"
    try:
        rows = ask(node_folder, sql)
    except sqlite3.Error:
        return []  # Not at this moment; the end of the run asks again.
    return [row["messageID"] for row in rows if row["receiver"] in receivers]


def held_after_deaths(node_folder):
    """Numbers of the messages that were set aside because the node died over them again and again."""
    try:
        rows = ask(node_folder, "SELECT id FROM message WHERE state = 'held' AND failure LIKE 'the node died %'")
    except sqlite3.Error:
        return []  # Not at this moment.
    return [row["id"] for row in rows]


class Store:
    """A stopped node's database, read whole."""

    def __init__(self, node_folder):
        database = connect(node_folder)
        try:
            self.integrity = [row[0] for row in database.execute("PRAGMA integrity_check")]
            self.foreign = database.execute("PRAGMA foreign_key_check").fetchall()
            self.messages = [dict(row) for row in database.execute("SELECT * FROM message ORDER BY id")]
            self.received = [dict(row) for row in database.execute("SELECT sender, messageID, message FROM received")]
            self.receipts = [dict(row) for row in database.execute(
                "SELECT id, message, kind, direction, bytes FROM receipt ORDER BY id")]
            self.wires = {row["message"]: dict(row) for row in database.execute(
                "SELECT message, coalesce(substr(body, soapStart + 1, soapLength), soap) AS soap FROM wire")}
            self.payload_files = {row[0] for row in database.execute("SELECT file FROM payload WHERE file IS NOT NULL")}
            self.trail = [dict(row) for row in database.execute("SELECT * FROM audit ORDER BY id")]
            self.steps = [(row["message"], row["action"]) for row in self.trail if row["message"] is not None]
        finally:
            database.close()

    def out(self):
        return [row for row in self.messages if row["direction"] == "out" and row["kind"] not in SIGNALS]

    def incoming(self):
        return [row for row in self.messages if row["direction"] == "in"]

    def acknowledgments(self, message, direction):
        return [row["bytes"] for row in self.receipts
                if row["message"] == message and row["direction"] == direction and row["kind"] == "acknowledgment"]

