"""The checker is only worth what it finds: one good run, then one wrong after another planted into what it left.

    python3 Harness/crash/test_checker.py [--binary FILE] [--work FOLDER]
"""

import argparse
import os
import shutil
import sqlite3
import sys
import unittest

from checker import Checker, Evidence
from documents import Submission
from filed import filed_messages
from nodes import HOSTED, ROOT, Template, free_port
from scripted import ScriptedRun, Setting
from store_sql import writable
from told import Told

OPTIONS = argparse.Namespace(binary=os.path.join(ROOT, ".build", "debug", "msggw"), work=os.path.join(ROOT, ".build", "crash"))


class FakeEnd:
    def __init__(self, is_wrong):
        self.is_wrong = is_wrong

    def __str__(self):
        return "gp ended with -6"


class CheckerTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = os.path.join(OPTIONS.work, "checker")
        shutil.rmtree(cls.work, ignore_errors=True)
        os.makedirs(cls.work)
        cls.template = Template(OPTIONS.binary, OPTIONS.work).make()
        first = free_port(20200)
        cls.good = ScriptedRun(Setting(OPTIONS.binary, None, cls.template, cls.work), "good", 7,
                               {"gp": first, "bup": free_port(first + 1)}).run()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work, ignore_errors=True)

    def setUp(self):
        self.folder = os.path.join(self.work, "planted")
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.good.folder, self.folder, ignore=shutil.ignore_patterns("wake"))
        self.told, self.ends = list(self.good.told), []

    def checked(self):
        checker = Checker(Evidence(self.folder, self.template.pki, self.told, self.ends, self.good.stopped), signatures=99)
        checker.check()
        return checker

    def kinds(self):
        return {kind for kind, _ in self.checked().wrongs}

    def node(self, name, *path):
        return os.path.join(self.folder, "nodes", name, *path)

    def sql(self, name, statement, arguments=()):
        """Changes a store behind its node's back; the statement must have changed something."""
        database = writable(self.node(name, "store", "gateway.sqlite"))
        with database:
            self.assertGreater(database.execute(statement, arguments).rowcount, 0, statement)
        database.close()

    def filed(self, name="bup"):
        return sorted(filed_messages(self.node(name, "filed")), key=lambda one: one.folder)

    @property
    def referral(self):
        return self.told[0].submission

    def message_id(self):
        return self.told[0].message_ids[self.referral.receivers[0]]

    # The good run, and what was told.

    def test_a_good_run_has_nothing_wrong(self):
        self.assertEqual(self.kinds(), set())

    def test_a_message_told_taken_that_is_nowhere_is_lost(self):
        told = Told(Submission("gp", "00000000-none", "80000601", ["80000401"], self.referral.path, []))
        told.answers.append((0, ""))
        self.told.append(told)
        self.assertIn("lost", self.kinds())

    def test_another_message_id_than_was_told_is_found(self):
        other = Told(self.referral)
        other.answers, other.message_ids = [(0, "")], {self.referral.receivers[0]: "another"}
        self.told[0] = other
        self.assertIn("told", self.kinds())

    def test_a_duplicate_at_the_first_try_is_found(self):
        other = Told(self.referral)
        other.answers = [(1, "msggw: a document with this MsgId was taken before")]
        self.told[0] = other
        self.assertIn("told", self.kinds())

    # Rows.

    def test_a_deleted_row_of_the_sender_is_a_loss(self):
        self.sql("gp", "DELETE FROM message WHERE messageID = ?", [self.message_id()])
        self.assertIn("lost", self.kinds())

    def test_a_deleted_row_of_the_receiver_makes_the_receipt_a_false_one(self):
        self.sql("bup", "DELETE FROM received WHERE messageID = ?", [self.message_id()])
        self.sql("bup", "DELETE FROM message WHERE messageID = ?", [self.message_id()])
        self.assertLessEqual({"lost", "false receipt"}, self.kinds())

    def test_a_doubled_row_of_the_receiver_is_found(self):
        self.sql("bup", """INSERT INTO message (direction, state, kind, messageID, conversationID, documentID, documentGenerated,
                 cpaID, sender, receiver, protection, created, updated) SELECT direction, state, kind, 'other', conversationID,
                 documentID, documentGenerated, cpaID, sender, receiver, protection, created, updated FROM message
                 WHERE messageID = ?""", [self.message_id()])
        self.assertIn("twice", self.kinds())

    def test_a_message_that_is_still_due_is_stuck(self):
        self.sql("gp", "UPDATE message SET due = 1 WHERE messageID = ?", [self.message_id()])
        self.assertIn("stuck", self.kinds())

    def test_a_message_between_its_states_is_stuck(self):
        self.sql("bup", "UPDATE message SET state = 'opened' WHERE messageID = ?", [self.message_id()])
        self.assertIn("stuck", self.kinds())

    # The audit trail.

    def test_a_failure_after_delivery_is_found(self):
        self.sql("gp", """INSERT INTO audit (id, at, actor, action, message, state, hash)
                 SELECT (SELECT max(id) + 1 FROM audit), 1, 'node', 'failed', id, 'accepted', x'00' FROM message WHERE messageID = ?""",
                 [self.message_id()])
        checker = self.checked()
        self.assertTrue(any("after it had been delivered" in sentence for _, sentence in checker.wrongs))

    def test_a_changed_record_is_found(self):
        self.without_triggers("gp")
        self.sql("gp", "UPDATE audit SET detail = 'other' WHERE id = 5")
        self.assertIn("history", self.kinds())

    def test_a_trail_without_its_end_is_found(self):
        self.without_triggers("bup")
        self.sql("bup", "DELETE FROM audit WHERE id > (SELECT max(id) - 8 FROM audit)")
        self.assertIn("history", self.kinds())

    def without_triggers(self, name):
        database = writable(self.node(name, "store", "gateway.sqlite"))
        for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'").fetchall():
            database.execute("DROP TRIGGER %s" % row[0])
        database.close()

    # Answers.

    def test_a_missing_apprec_is_found(self):
        self.sql("bup", "DELETE FROM message WHERE kind = 'APPREC' AND documentID LIKE ?", ["%" + self.message_id()])
        self.assertIn("lost", self.kinds())

    # Receipts.

    def test_the_receipt_of_another_message_is_a_false_one(self):
        self.sql("gp", """UPDATE receipt SET bytes = (SELECT other.bytes FROM receipt other WHERE other.message <> receipt.message
                 AND other.kind = 'acknowledgment' AND other.direction = 'in' LIMIT 1)
                 WHERE message = (SELECT id FROM message WHERE messageID = ?)""", [self.message_id()])
        self.assertIn("false receipt", self.kinds())

    def test_a_receipt_that_its_receiver_did_not_sign_is_a_false_one(self):
        for name, direction in [("gp", "in"), ("bup", "out")]:
            self.sql(name, """UPDATE receipt SET bytes = CAST(replace(CAST(bytes AS TEXT), '<eb:Timestamp>2', '<eb:Timestamp>1') AS BLOB)
                     WHERE kind = 'acknowledgment' AND direction = ?
                     AND message = (SELECT id FROM message WHERE messageID = ?)""", [direction, self.message_id()])
        self.assertIn("false receipt", self.kinds())

    def test_a_message_delivered_without_a_receipt_is_found(self):
        self.sql("gp", "DELETE FROM receipt WHERE direction = 'in'")
        self.sql("gp", "UPDATE message SET state = 'delivered' WHERE messageID = ?", [self.message_id()])
        self.assertIn("false receipt", self.kinds())

    def test_a_receipt_for_a_message_that_the_receiver_has_not_filed_is_found(self):
        shutil.rmtree(next(one.folder for one in self.filed() if one.document_id == self.referral.document_id))
        self.assertLessEqual({"lost", "false receipt"}, self.kinds())

    # Files.

    def test_a_doubled_folder_is_found(self):
        shutil.copytree(self.filed()[0].folder, self.filed()[0].folder + "-again")
        self.assertIn("twice", self.kinds())

    def test_a_changed_attachment_is_found(self):
        one = next(one for one in self.filed() if one.attachments)
        with open(os.path.join(one.folder, next(iter(one.attachments))), "ab") as file:
            file.write(b"x")
        self.assertIn("content", self.kinds())

    def test_exchanged_attachments_are_found(self):
        first, second = [one for one in self.filed() if any(name.endswith(".pdf") for name in one.attachments)][:2]
        paths = [os.path.join(one.folder, next(name for name in one.attachments if name.endswith(".pdf"))) for one in [first, second]]
        os.rename(paths[0], paths[0] + ".x")
        os.rename(paths[1], paths[0])
        os.rename(paths[0] + ".x", paths[1])
        self.assertIn("content", self.kinds())

    def test_a_document_nobody_sent_is_found(self):
        one = self.filed()[0]
        path = os.path.join(one.folder, "document.xml")
        with open(path, "rb") as file:
            text = file.read()
        os.makedirs(one.folder + "-new")
        with open(os.path.join(one.folder + "-new", "document.xml"), "wb") as file:
            file.write(text.replace(one.document_id.encode(), b"11111111-2222"))
        self.assertIn("content", self.kinds())

    def test_a_half_made_folder_is_found(self):
        os.makedirs(self.node("bup", "filed", "80000401", "99-HENVISNING.part"))
        self.assertIn("content", self.kinds())

    def test_a_missing_payload_file_is_found(self):
        folder = self.node("bup", "store", "payloads")
        os.remove(os.path.join(folder, os.listdir(folder)[0]))
        self.assertIn("damaged", self.kinds())

    def test_a_damaged_database_is_found(self):
        database = sqlite3.connect(self.node("gp", "store", "gateway.sqlite"))
        page = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messageInbox'").fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
        database.close()
        with open(self.node("gp", "store", "gateway.sqlite"), "r+b") as file:
            file.seek((page - 1) * size + 8)
            file.write(b"\0" * (size - 8))
        self.assertIn("damaged", self.kinds())

    # Processes.

    def test_a_node_that_ends_without_a_word_is_found(self):
        self.ends = [FakeEnd(True)]
        self.assertEqual(self.kinds(), {"node"})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=OPTIONS.binary)
    parser.add_argument("--work", default=OPTIONS.work)
    OPTIONS, rest = parser.parse_known_args()
    assert set(HOSTED) == {"gp", "bup"}
    unittest.main(argv=sys.argv[:1] + rest)
