#!/usr/bin/env python3
"""Verifies an export of msggw's audit trail without msggw: Python's own library, and openssl for the signatures.

    audit-verify.py EXPORT [--against EXPORT]... [--ca FILE]

Recomputes the hash of every record, looks for gaps, checks the signature of every checkpoint, and holds the export against
earlier ones. --ca names the certificates (PEM) that a checkpoint's certificate must lead to; without it only the signatures are
checked, not whose they are. Prints the first bad record and ends with 1 when something is wrong, with 2 when a file cannot be read.
"""
import argparse
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile

FIELDS = ["sequence", "at", "actor", "action", "message", "messageID", "state", "detail", "purpose"]


class Unreadable(Exception):
    pass


def field(value):
    if value is None:
        return b"\xff\xff\xff\xff"
    data = value if isinstance(value, bytes) else str(value).encode("utf-8")
    return len(data).to_bytes(4, "big") + data


def record_hash(previous, record):
    digest = record.get("digest")
    parts = [previous] + [record.get(name) for name in FIELDS] + [None if digest is None else bytes.fromhex(digest)]
    return hashlib.sha256(b"".join(field(part) for part in parts)).digest()


def lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                try:
                    yield json.loads(text)
                except ValueError as error:
                    raise Unreadable(f"{path}, line {number}: {error}") from error
    except OSError as error:
        raise Unreadable(str(error)) from error


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def checkpoint_fault(line, hashes, authorities):
    """Why a checkpoint proves nothing; None when it holds."""
    said = dict(part.split(" ", 1) for part in line["signed"].splitlines()[1:])
    if (said.get("sequence"), said.get("hash")) != (str(line["sequence"]), line["hash"]):
        return "it signs another record than it stands at"
    if hashes.get(line["sequence"]) != line["hash"]:
        return "it signs another hash than that of the record"
    with tempfile.TemporaryDirectory() as folder:
        names = {name: os.path.join(folder, name) for name in ("signed", "signature", "certificate", "key")}
        contents = {
            "signed": line["signed"].encode("utf-8"),
            "signature": base64.b64decode(line["signature"]),
            "certificate": line["certificate"].encode("ascii"),
        }
        for name, content in contents.items():
            with open(names[name], "wb") as file:
                file.write(content)
        key = openssl("x509", "-in", names["certificate"], "-pubkey", "-noout")
        if key.returncode != 0:
            return "its certificate cannot be read"
        with open(names["key"], "wb") as file:
            file.write(key.stdout)
        verdict = openssl("dgst", "-sha256", "-verify", names["key"], "-signature", names["signature"], names["signed"])
        if verdict.returncode != 0:
            return "its signature does not hold"
        if authorities:
            seconds = str(int(line["at"]) // 1_000_000)
            chain = openssl("verify", "-attime", seconds, "-CAfile", authorities, names["certificate"])
            if chain.returncode != 0:
                return "its certificate does not lead to the given authorities"
    return None


def read(path):
    """The hashes of an export's records by number, after its own chain was checked; and its faults."""
    previous, expected, hashes, checkpoints, faults = None, None, {}, [], []
    for line in lines(path):
        kind = line.get("line")
        if kind == "header":
            if line.get("format") != "msggw-audit-1":
                raise Unreadable(f"{path} is no export of an audit trail")
            previous, expected = bytes.fromhex(line["previous"]), line["from"]
        elif kind == "checkpoint":
            checkpoints.append(line)
        elif kind == "record" and previous is not None:
            sequence = line["sequence"]
            if sequence != expected:
                faults.append((min(sequence, expected), f"record {expected} is missing or out of its place"))
            elif record_hash(previous, line).hex() != line["hash"]:
                faults.append((sequence, f"record {sequence} does not follow from the one before it"))
            hashes[sequence] = line["hash"]
            previous, expected = bytes.fromhex(line["hash"]), sequence + 1
    if not hashes:
        raise Unreadable(f"{path} holds no records")
    return hashes, checkpoints, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export")
    parser.add_argument("--against", action="append", default=[], metavar="EXPORT")
    parser.add_argument("--ca", metavar="FILE")
    arguments = parser.parse_args()
    hashes, checkpoints, faults = read(arguments.export)
    for checkpoint in checkpoints:
        fault = checkpoint_fault(checkpoint, hashes, arguments.ca)
        if fault:
            faults.append((checkpoint["sequence"], f"the checkpoint at record {checkpoint['sequence']}: {fault}"))
    for path in arguments.against:
        known, _, own = read(path)
        if own:
            raise Unreadable(f"{path} was changed itself: {own[0][1]}")
        for sequence in sorted(known):
            if sequence >= min(hashes) and hashes.get(sequence) != known[sequence]:
                faults.append((sequence, f"record {sequence} is not the one that {path} has"))
                break
    if faults:
        for _, fault in sorted(faults)[:20]:
            print(f"WRONG: {fault}")
        print(f"first bad record: {min(faults)[0]}")
        return 1
    last = max(hashes)
    print(f"sound: records {min(hashes)} to {last}, head {hashes[last]}, {len(checkpoints)} checkpoints")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unreadable as error:
        print(f"cannot read: {error}", file=sys.stderr)
        sys.exit(2)
