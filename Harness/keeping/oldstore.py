"""Stores as earlier versions left them: the texts in `old` take a store of today back, version by version.

`Tests/FlowTests/UpgradeTests.swift` compares what they make with what the program's own migrations make.
"""

import ctypes
import ctypes.util
import glob
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "crash"))

from store_sql import writable  # noqa: E402

_OLD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "old")
NEWEST = 1 + max(int(os.path.basename(path)[3:-4]) for path in glob.glob(os.path.join(_OLD, "to-*.sql")))
# The last version that had each payload's key in the payload.
CARRYING = 7
# The first version whose pages have check values.
CHECKED = 12

_HEADER = 8 + 16
_NONCE, _TAG = 12, 16


def take_back(node, version):
    """Takes the store in a node's folder back to what that version would have left. Nobody may have it open."""
    with open(os.path.join(node, "keys", "store.key"), encoding="ascii") as file:
        key = bytes.fromhex(file.read())
    store = os.path.join(node, "store")
    path = os.path.join(store, "gateway.sqlite")
    database = writable(path)
    try:
        for step in range(NEWEST - 1, version - 1, -1):
            if step == CARRYING:
                _carry_keys(database, store, key)
            with open(os.path.join(_OLD, "to-%d.sql" % step), encoding="utf-8") as file:
                database.executescript(file.read())
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()
    if version < CHECKED:
        _take_room(path)


def _take_room(path):
    """Pages had no room for check values: the rows go into a database that was made without it."""
    old = sqlite3.connect(path + ".old", isolation_level=None)
    old.execute("ATTACH ? AS given", (path,))
    things = old.execute("SELECT type, name, sql FROM given.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'").fetchall()
    old.execute("BEGIN")
    for kind, name, sql in things:
        if kind == "table":
            old.execute(sql)
            old.execute("INSERT INTO main.%s SELECT * FROM given.%s" % (name, name))
    old.execute("DELETE FROM main.sqlite_sequence")
    old.execute("INSERT INTO main.sqlite_sequence SELECT * FROM given.sqlite_sequence")
    for kind, name, sql in things:
        if kind != "table":
            old.execute(sql)
    old.execute("COMMIT")
    old.execute("DETACH given")
    old.execute("PRAGMA journal_mode = WAL")
    old.close()
    shutil.copymode(path, path + ".old")
    os.replace(path + ".old", path)


def _carry_keys(database, store, key):
    rows = database.execute("SELECT payload.id, payload.name, sealed, file, wrapped FROM payload JOIN contentKey "
                            "ON contentKey.payload = payload.id").fetchall()
    for number, name, body, file, wrapped in rows:
        secret = opened(key, wrapped, b"MSGGWS02" + name)
        header = b"MSGGWS01" + name + sealed(key, secret, b"MSGGWS01" + name)
        if body is not None:
            database.execute("UPDATE payload SET sealed = ? WHERE id = ?", (header + body[_HEADER:], number))
        else:
            path = os.path.join(store, "payloads", file)
            with open(path, "rb") as whole:
                chunks = whole.read()[_HEADER:]
            with open(path, "wb") as whole:
                whole.write(header + chunks)
        titles = database.execute("SELECT message, position, title FROM part WHERE payload = ? AND title IS NOT NULL", (number,))
        for message, position, title in titles.fetchall():
            text = opened(secret, title, b"text")
            nonce = b"\xff" + os.urandom(_NONCE - 1)
            database.execute("UPDATE part SET title = ? WHERE message = ? AND position = ?",
                             (sealed(key, text, b"text", nonce), message, position))
    database.commit()


# AES-256-GCM by libcrypto: Python's library has none.

_crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
_crypto.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
_crypto.EVP_aes_256_gcm.restype = ctypes.c_void_p
_GET_TAG, _SET_TAG = 0x10, 0x11


def sealed(key, plaintext, about, nonce=None):
    nonce = nonce or os.urandom(_NONCE)
    return nonce + _gcm(key, nonce, plaintext, about, None)


def opened(key, bytes_, about):
    return _gcm(key, bytes_[:_NONCE], bytes_[_NONCE:-_TAG], about, bytes_[-_TAG:])


def _gcm(key, nonce, text, about, tag):
    """Encrypts, when there is no tag, and gives ciphertext and tag; else decrypts."""
    context = ctypes.c_void_p(_crypto.EVP_CIPHER_CTX_new())
    try:
        out, length = ctypes.create_string_buffer(len(text) + _TAG), ctypes.c_int()
        begin = 1 if tag is None else 0
        _crypto.EVP_CipherInit_ex(context, ctypes.c_void_p(_crypto.EVP_aes_256_gcm()), None, key, nonce, begin)
        _crypto.EVP_CipherUpdate(context, None, ctypes.byref(length), about, len(about))
        _crypto.EVP_CipherUpdate(context, out, ctypes.byref(length), text, len(text))
        if tag is not None:
            _crypto.EVP_CIPHER_CTX_ctrl(context, _SET_TAG, _TAG, tag)
        end = ctypes.create_string_buffer(_TAG)
        if _crypto.EVP_CipherFinal_ex(context, end, ctypes.byref(length)) != 1:
            raise ValueError("sealed bytes do not open")
        whole = out.raw[:len(text)]
        if tag is None:
            _crypto.EVP_CIPHER_CTX_ctrl(context, _GET_TAG, _TAG, end)
            whole += end.raw[:_TAG]
        return whole
    finally:
        _crypto.EVP_CIPHER_CTX_free(context)
