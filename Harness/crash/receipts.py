"""Acknowledgments, read without msggw: what they say, and whether xmlsec1 believes them."""

import os
import subprocess
import uuid
import xml.etree.ElementTree as ElementTree

_EB = "{http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd}"
_DS = "{http://www.w3.org/2000/09/xmldsig#}"


def _digests(element):
    """(URI, digest) of each ds:Reference that lies directly in `element`."""
    return sorted((reference.get("URI"), "".join(reference.find(_DS + "DigestValue").itertext()).strip())
                  for reference in element.findall(_DS + "Reference"))


def faults(receipt, message_id, sent_soap):
    """Why this is no Acknowledgment of that message, as it was sent."""
    try:
        tree = ElementTree.fromstring(receipt)
    except ElementTree.ParseError:
        yield "the Acknowledgment is no XML"
        return
    acknowledgment = tree.find(".//" + _EB + "Acknowledgment")
    if acknowledgment is None:
        yield "the receipt holds no Acknowledgment"
        return
    if acknowledgment.findtext(_EB + "RefToMessageId") != message_id:
        yield "the Acknowledgment is for another message"
    if sent_soap:
        signed = ElementTree.fromstring(sent_soap).find(".//" + _DS + "SignedInfo")
        if _digests(acknowledgment) != _digests(signed):
            yield "the Acknowledgment is for other bytes than were sent"


def verifies(receipt, certificate, folder):
    """Whether xmlsec1 verifies the signature with that certificate."""
    path = os.path.join(folder, "receipt-%s.xml" % uuid.uuid4())
    with open(path, "wb") as file:
        file.write(receipt)
    judged = subprocess.run(["xmlsec1", "--verify", "--pubkey-cert-pem", certificate, "--enabled-key-data", "rsa,ec,ecdsa,key-name",
                             path], capture_output=True)
    os.remove(path)
    return judged.returncode == 0
