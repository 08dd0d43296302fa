"""The audit trail, verified from its description: SHA-256 over the hash before and every field, each behind its length."""

import hashlib

# Records that an upgrade made of the steps of an earlier version, which had no states.
BEFORE_THE_TRAIL = "before version 4"


def _field(value):
    if value is None:
        return b"\xff\xff\xff\xff"
    data = value if isinstance(value, bytes) else str(value).encode()
    return len(data).to_bytes(4, "big") + data


def record_hash(row, previous):
    names = ["id", "at", "actor", "action", "message", "messageID", "state", "detail", "purpose", "digest"]
    return hashlib.sha256(_field(previous) + b"".join(_field(row[name]) for name in names)).digest()


def faults(rows, messages):
    """What is wrong with the trail `rows`, in order, of a store with these `messages`."""
    previous = bytes(32)
    for number, row in enumerate(rows, 1):
        if row["id"] != number:
            yield "record %d stands where %d should" % (row["id"], number)
            return
        if record_hash(row, previous) != row["hash"]:
            yield "record %d does not follow from the one before it" % number
            return
        previous = row["hash"]
    last, first, untold = {}, {}, set()
    for row in rows:
        if row["message"] is not None:
            first.setdefault(row["message"], row["action"])
            if row["state"] is not None:
                last[row["message"]] = row["state"]
            elif row["actor"] == BEFORE_THE_TRAIL:
                untold.add(row["message"])
    for message in messages:
        if message["id"] not in first:
            yield "message %d has no record" % message["id"]
        elif message["id"] not in last and message["id"] in untold:
            continue
        elif last.get(message["id"]) != message["state"]:
            yield "message %d is %s, and its last record says %s" % (message["id"], message["state"], last.get(message["id"]))
    for number in set(first) - {message["id"] for message in messages}:
        yield "there are records of message %d, which is not there" % number
