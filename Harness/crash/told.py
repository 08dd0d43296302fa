"""What senders and receivers were told: a ledger apart from the nodes, by which they are judged."""

import json


class Told:
    """One submission and what its sender heard about it."""

    def __init__(self, submission):
        self.submission = submission
        self.answers = []  # (status, complaint) of each try, in order
        self.message_ids = {}  # by receiver, when `send` said them

    @property
    def is_taken(self):
        """Whether the sender may rely on it."""
        return bool(self.answers) and (self.answers[-1][0] == 0 or self.was_duplicate)

    @property
    def was_duplicate(self):
        """It was refused because it had been taken: after a try whose end nobody saw, or one that failed at its end."""
        status, complaint = self.answers[-1]
        return status == 1 and "was taken before" in complaint

    def heard(self, status, complaint, out):
        self.answers.append((status, complaint))
        if status == 0:
            self.message_ids = {entry["receiver"]: entry["messageID"] for entry in json.loads(out)}

    def __str__(self):
        return "%s from %s to %s: %s" % (self.submission.document_id, self.submission.sender,
                                         ",".join(self.submission.receivers), self.answers)


class Saved:
    """One `inbox save` that said it was done."""

    def __init__(self, folder, files):
        self.folder, self.files = folder, files
