"""Judges what is left after a run: what senders were told, what the stores say, what receivers got. It shares no code with
msggw: SQL, files, SHA-256, and xmlsec1 for signatures.

Each wrong is a pair of its kind and a sentence. The kinds: lost, twice, stuck, false receipt, content, damaged, told, history,
node.
"""

import os
from collections import Counter

import receipts
import trail
from filed import filed_messages
from nodes import HOSTED, signing_certificate
from store_sql import Store

POSITIVE = ("delivered", "accepted")
NEGATIVE = ("failed", "refused", "expired", "cancelled")


class Evidence:
    """All that a run leaves behind."""

    def __init__(self, folder, pki, told, ends=(), stopped=None):
        self.folder, self.pki, self.told = folder, pki, told
        self.ends, self.stopped = list(ends), stopped or {}
        self.folders = {name: os.path.join(folder, "nodes", name) for name in HOSTED}
        self.saved = os.path.join(self.folders["bup"], "saved")


class Checker:
    def __init__(self, evidence, signatures=2):
        self.evidence, self.signatures = evidence, signatures
        self.wrongs = []
        self.stores = {name: Store(folder) for name, folder in evidence.folders.items()}
        self.filed = {name: filed_messages(os.path.join(folder, "filed")) for name, folder in evidence.folders.items()}
        self.filed["bup"] += filed_messages(evidence.saved, receiver="80000402")
        self.node_of = {party: name for name, parties in HOSTED.items() for party in parties}

    def wrong(self, kind, sentence, *values):
        self.wrongs.append((kind, sentence % values))

    def check(self):
        """All wrongs found, in no order that matters."""
        for name in self.stores:
            self._store(name)
            self._nothing_due(name)
            self._history(name)
            self._leftovers(name)
        for told in self.evidence.told:
            self._told(told)
        self._nobody_unasked()
        for name in self.stores:
            self._exchanged(name)
            self._answered(name)
        for end in self.evidence.ends:
            if end.is_wrong:
                self.wrong("node", "%s", end)
        for name, status in self.evidence.stopped.items():
            if status != 0:
                self.wrong("node", "%s did not stop as asked: %s", name, "not in time" if status is None else status)
        return self.wrongs

    # What each node has on its disk.

    def _store(self, name):
        store = self.stores[name]
        if store.integrity != ["ok"]:
            self.wrong("damaged", "%s: integrity_check says %s", name, store.integrity[:2])
        if store.foreign:
            self.wrong("damaged", "%s: %d rows point at nothing", name, len(store.foreign))
        folder = os.path.join(self.evidence.folders[name], "store", "payloads")
        for file in store.payload_files:
            if not os.path.exists(os.path.join(folder, file)):
                self.wrong("damaged", "%s: the payload file %s is not there", name, file)

    def _nothing_due(self, name):
        for row in self.stores[name].messages:
            where = "%s: %s %s %s of document %s" % (name, row["direction"], row["kind"], row["state"], row["documentID"])
            ends = {"in": ("filed",), "out": ("accepted", "delivered", "sent")}[row["direction"]]
            if row["state"] not in ends:
                self.wrong("stuck", "%s is not at its end: %s", where, row["failure"])
            elif row["due"] is not None:
                self.wrong("stuck", "%s is still due: %s", where, row["failure"])

    def _history(self, name):
        """The trail is whole; once positive, never negative; and nothing reached twice."""
        for fault in trail.faults(self.stores[name].trail, self.stores[name].messages):
            self.wrong("history", "%s: %s", name, fault)
        positive = set()
        seen = Counter()
        for message, what in self.stores[name].steps:
            seen[message, what] += 1
            if what in POSITIVE:
                positive.add(message)
            if what in NEGATIVE and message in positive:
                self.wrong("history", "%s: message %s became %s after it had been delivered", name, message, what)
        for (message, what), count in seen.items():
            if what in ("taken", "sealed", "delivered", "accepted", "opened", "filed") and count > 1:
                self.wrong("history", "%s: message %s was %s %d times", name, message, what, count)

    def _leftovers(self, name):
        for folder, folders, files in os.walk(os.path.join(self.evidence.folders[name], "filed")):
            for entry in folders + files:
                if entry.endswith(".part"):
                    self.wrong("content", "%s: %s was left half-made", name, os.path.join(folder, entry))

    # What senders were told.

    def _told(self, told):
        submission = told.submission
        first = told.answers[0] if told.answers else (None, "")
        if len(told.answers) == 1 and told.was_duplicate:
            self.wrong("told", "%s was refused as a duplicate the first time: %s", submission.document_id, first[1])
        sender = self.stores[submission.node]
        for receiver in submission.receivers:
            rows = [row for row in sender.out()
                    if row["documentID"] == submission.document_id and row["receiver"] == receiver]
            if len(rows) > 1:
                self.wrong("twice", "%s to %s is in the sender's store %d times", submission.document_id, receiver, len(rows))
            if not rows and told.is_taken:
                self.wrong("lost", "%s to %s was told taken and is not in the sender's store", submission.document_id, receiver)
            if rows and told.message_ids and told.message_ids.get(receiver) != rows[0]["messageID"]:
                self.wrong("told", "%s to %s: the sender was told another MessageId", submission.document_id, receiver)
            self._arrived(told, receiver, rows)

    def _arrived(self, told, receiver, rows):
        submission = told.submission
        place = self.node_of[receiver]
        what = "%s to %s" % (submission.document_id, receiver)
        incoming = [row for row in self.stores[place].incoming() if row["documentID"] == submission.document_id
                    and row["receiver"] == receiver]
        filed = [one for one in self.filed[place] if one.document_id == submission.document_id and one.receiver == receiver]
        if len(incoming) > 1:
            self.wrong("twice", "%s is in the receiver's store %d times", what, len(incoming))
        if len(filed) > 1:
            self.wrong("twice", "%s was filed %d times", what, len(filed))
        if told.is_taken and not incoming:
            self.wrong("lost", "%s was told taken and never reached the receiver's store", what)
        if told.is_taken and not filed:
            self.wrong("lost", "%s was told taken and the receiver has no files of it", what)
        if filed and not rows:
            self.wrong("lost", "%s reached the receiver and is not in the sender's store", what)
        for one in filed:
            for difference in one.differences(submission):
                self.wrong("content", "%s: %s", what, difference)
        if rows and rows[0]["state"] == "accepted" and not filed:
            self.wrong("false receipt", "%s is accepted at the sender, and the receiver has no files of it", what)

    def _nobody_unasked(self):
        known = {(told.submission.document_id, receiver) for told in self.evidence.told for receiver in told.submission.receivers}
        for name, filed in self.filed.items():
            for one in filed:
                if (one.document_id, one.receiver) not in known:
                    self.wrong("content", "%s: nobody sent what lies in %s", name, one.folder)

    # What the two nodes say of each other.

    def _exchanged(self, name):
        """Each message that this node believes delivered is at the other, with the same signed receipt on both sides."""
        for row in self.stores[name].out():
            if row["receiver"] not in self.node_of:
                continue
            other = self.stores[self.node_of[row["receiver"]]]
            there = [entry for entry in other.received if entry["messageID"] == row["messageID"]
                     and entry["sender"] == row["sender"]]
            what = "%s: %s %s to %s" % (name, row["kind"], row["messageID"], row["receiver"])
            if len(there) > 1:
                self.wrong("twice", "%s was taken %d times by the receiver", what, len(there))
            if row["state"] not in ("delivered", "accepted", "rejected"):
                continue
            if not there:
                self.wrong("false receipt", "%s is %s, and the receiver does not have it", what, row["state"])
                continue
            self._receipt(name, row, other.acknowledgments(there[0]["message"], "out"), what)

    def _receipt(self, name, row, given, what):
        stored = self.stores[name].acknowledgments(row["id"], "in")
        if not given:
            self.wrong("false receipt", "%s: the receiver has stored no Acknowledgment", what)
        if not stored and row["state"] == "delivered":
            self.wrong("false receipt", "%s is delivered without an Acknowledgment", what)
        # A repeat is kept once beside the first: it changed nothing, and that it came is recorded.
        if len(stored) > 2:
            self.wrong("history", "%s: %d Acknowledgments are stored", what, len(stored))
        wire = self.stores[name].wires.get(row["id"])
        for receipt in stored:
            if given and receipt != given[0]:
                self.wrong("false receipt", "%s: the Acknowledgment is not the one the receiver stored", what)
            for fault in receipts.faults(receipt, row["messageID"], wire and wire["soap"]):
                self.wrong("false receipt", "%s: %s", what, fault)
            if self.signatures > 0:
                self.signatures -= 1
                certificate = signing_certificate(self.evidence.pki, row["receiver"])
                if not receipts.verifies(receipt, certificate, self.evidence.folder):
                    self.wrong("false receipt", "%s: xmlsec1 does not verify the Acknowledgment", what)

    def _answered(self, name):
        """What was filed here was answered with one AppRec, which reached the other node once."""
        store = self.stores[name]
        for row in store.incoming():
            if row["kind"] == "APPREC" or row["state"] != "filed" or row["sender"] not in self.node_of:
                continue
            expected = "apprec-%s-%s" % (row["sender"], row["messageID"])
            answers = [out for out in store.out() if out["documentID"] == expected]
            got = [entry for entry in self.stores[self.node_of[row["sender"]]].incoming() if entry["documentID"] == expected]
            if len(answers) != 1 or len(got) != 1:
                kind = "twice" if max(len(answers), len(got)) > 1 else "lost"
                self.wrong(kind, "%s: the AppRec for %s was sent %d and received %d times", name, row["documentID"],
                           len(answers), len(got))
            original = [out for out in self.stores[self.node_of[row["sender"]]].out() if out["messageID"] == row["messageID"]]
            if len(got) == 1 and original and original[0]["state"] != "accepted":
                self.wrong("stuck", "%s has the AppRec for %s and is %s", self.node_of[row["sender"]], row["documentID"],
                           original[0]["state"])
