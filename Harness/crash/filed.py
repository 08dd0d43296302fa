"""What receivers got: folders with a document and its attachments."""

import hashlib
import os
import re

_MESSAGE_ID = re.compile(rb"<(?:\w+:)?MsgId>([^<]+)</")


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class FiledMessage:
    def __init__(self, folder, receiver):
        self.folder, self.receiver = folder, receiver
        document = os.path.join(folder, "document.xml")
        self.document, self.document_id = None, None
        if os.path.exists(document):
            with open(document, "rb") as file:
                self.document = file.read()
            found = _MESSAGE_ID.search(self.document)
            self.document_id = found.group(1).decode() if found else None
        names = sorted(set(os.listdir(folder)) - {"document.xml"})
        self.attachments = {name: sha256(os.path.join(folder, name)) for name in names}

    def differences(self, submission):
        """What is not as it was sent."""
        if sorted(self.attachments.values()) != sorted(digest for _, digest in submission.attachments):
            yield "the attachments differ from those sent: %s" % ", ".join(self.attachments)
        if not submission.attachments and hashlib.sha256(self.document).hexdigest() != sha256(submission.path):
            yield "the document differs from the one sent"


def filed_messages(folder, receiver=None):
    """Every filed message below `folder`. Without `receiver`, the folders below it are named after receivers."""
    if not os.path.isdir(folder):
        return []
    if receiver is None:
        return [message for name in os.listdir(folder) for message in filed_messages(os.path.join(folder, name), name)]
    return [FiledMessage(os.path.join(folder, name), receiver) for name in os.listdir(folder) if not name.endswith(".part")]
