"""Documents and attachments to send, each with an id and contents of its own, so that no two can be mistaken."""

import hashlib
import os
import uuid

from nodes import OFFICES, ROOT

_HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "documents")
_SAMPLES = os.path.join(ROOT, "samples", "flow1")
_SERVICE_NAMES = {"80000401": "BUP Nord", "80000402": "BUP Syd"}
_COPY = ('\n<OtherReceiver><RoleReceiver V="COP" DN="Kopimottaker"/><Organisation><OrganisationName>Oslo barnesykehus HF (TEST)'
         '</OrganisationName><Ident><Id>80000400</Id><TypeId V="HER" S="2.16.578.1.12.4.1.1.9051" DN="HER-id"/></Ident>'
         '<Organisation><OrganisationName>%s</OrganisationName><Ident><Id>%s</Id><TypeId V="HER" '
         'S="2.16.578.1.12.4.1.1.9051" DN="HER-id"/></Ident></Organisation></Organisation></OtherReceiver>')


class Submission:
    """A document with its attachments, as someone hands it to a node."""

    def __init__(self, node, document_id, sender, receivers, path, attachments):
        self.node, self.document_id, self.sender, self.receivers = node, document_id, sender, receivers
        self.path, self.attachments = path, attachments

    def arguments(self):
        return ["send", self.path] + [word for path, _ in self.attachments for word in ["--attach", path]] + ["--json"]


class Writer:
    """Writes submissions below a folder; `random` decides their ids."""

    def __init__(self, folder, random):
        self.folder, self.random = folder, random
        os.makedirs(folder, exist_ok=True)

    def referral(self, person, service, attachments=("pdf", "jpg")):
        with open(os.path.join(_SAMPLES, "henvisning.xml"), encoding="utf-8") as file:
            text = file.read()
        old = {"6f1d9c0e-5b0f-4d0b-9a35-2f6b3c1e7a01": "{document}", "a3c1f0b2-8d46-4e7e-8f19-5b7d20c94e11": "{document}",
               "80000401": "{service}", "BUP Nord": "{service-name}",
               "80000601": "{person}", "80000600": "{office}", "314000005": "{organisation}"}
        for words, name in old.items():
            text = text.replace(words, name)
        return self._write("gp", text, person, service, [], attachments)

    def dialog(self, person, service, copies=(), attachments=()):
        return self._write("gp", self._template("dialog"), person, service, copies, attachments)

    def reply(self, person, service, to, attachments=()):
        """The service's answer to the submission `to`."""
        return self._write("bup", self._template("reply").replace("{parent}", to.document_id), person, service, [], attachments)

    def epikrise(self, person, service, attachments=("pdf",)):
        return self._write("bup", self._template("epikrise"), person, service, [], attachments)

    @staticmethod
    def _template(name):
        with open(os.path.join(_HERE, name + ".xml"), encoding="utf-8") as file:
            return file.read()

    def _write(self, node, text, person, service, copies, attachments):
        document_id = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        office, organisation = OFFICES[person][:2]
        values = {"document": document_id, "person": person, "office": office, "office-name": "Legesenter %s (TEST)" % office,
                  "organisation": organisation, "service": service, "service-name": _SERVICE_NAMES[service],
                  "copies": "".join(_COPY % (_SERVICE_NAMES[copy], copy) for copy in copies)}
        for name, value in values.items():
            text = text.replace("{%s}" % name, value)
        path = os.path.join(self.folder, document_id + ".xml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        files = [self._attachment(document_id, kind, number) for number, kind in enumerate(attachments)]
        receivers = [service] + list(copies) if node == "gp" else [person]
        return Submission(node, document_id, person if node == "gp" else service, receivers, path, files)

    def _attachment(self, document_id, kind, number):
        mark = ("%s %d" % (document_id, number)).encode()
        if kind == "jpg":
            with open(os.path.join(_SAMPLES, "spoerreskjema.jpg"), "rb") as file:
                sample = file.read()
            content = sample[:2] + b"\xff\xfe" + (len(mark) + 2).to_bytes(2, "big") + mark + sample[2:]
        else:
            with open(os.path.join(_SAMPLES, "pedagogisk-rapport.pdf"), "rb") as file:
                content = file.read() + b"\n% " + mark + b"\n"
        path = os.path.join(self.folder, "%s-%d.%s" % (document_id, number, kind))
        with open(path, "wb") as file:
            file.write(content)
        return path, hashlib.sha256(content).hexdigest()
