"""Power cuts under load: each node lies on a file system of its own, which is cut off from its device at a random time and
mounted again. And a disk that is full for a while."""

import os
import shutil
import sqlite3
import time

import images
from loaded import LoadedRun
from nodes import HOSTED
from store_sql import delivered_to


def copied(source, target):
    """Copies a file, or leaves it out: a node of a run that went wrong may still be at work, and its log come and go."""
    try:
        return shutil.copy2(source, target)
    except FileNotFoundError:
        return target


class ImageRun(LoadedRun):
    """A loaded run whose nodes lie on images."""

    def __init__(self, setting, name, seed, ports, kills, kind):
        super().__init__(setting, name, seed, ports, kills)
        self.kind = kind
        self.images = {}
        self.cut_wrongs = []
        self.cuts = 0
        for node, folder in self.folders.items():
            image = images.Image(os.path.join(self.folder, node + ".image"), kind, folder)
            self.make_image(node, image)
            image.mount()
            self.images[node] = image

    def make_image(self, node, image):
        images.copy(prepared(self.setting, node, self.kind), image.file)

    def further_wrongs(self):
        return super().further_wrongs() + self.cut_wrongs

    def keep_stores(self):
        for name, folder in self.folders.items():
            kept = os.path.join(self.folder, "kept-" + name)
            shutil.copytree(folder, kept, ignore=shutil.ignore_patterns("wake"), copy_function=copied)

    def clean_up(self):
        for image in self.images.values():
            image.unmount()
            os.remove(image.file)


def prepared(setting, node, kind):
    """An image with the folder that `node` starts from."""
    return os.path.join(setting.template.work, "%s-%s.image" % (node, kind))


def prepare(setting, kind):
    for node in HOSTED:
        image = images.Image(prepared(setting, node, kind), kind, os.path.join(setting.template.work, "preparing"))
        image.make().mount()
        try:
            shutil.copytree(os.path.join(setting.template.folder, "nodes", node), image.folder, dirs_exist_ok=True)
        finally:
            image.unmount()


class PowerRun(ImageRun):
    def kill_node(self, name):
        node, image = self.nodes[name], self.images[name]
        image.cut()
        self.cuts += 1
        # What ran on that machine is gone with it.
        node.kill()
        self.end_senders(name)
        image.unmount()
        image.mount()
        self.look_at_senders()
        self.after_cut(name)

    def after_cut(self, name):
        """What the node must still have, before it has been started again."""
        copy = os.path.join(self.folder, "after-cut")
        shutil.rmtree(copy, ignore_errors=True)
        os.makedirs(copy)
        for ending in ["", "-wal"]:
            source = os.path.join(self.folders[name], "store", "gateway.sqlite" + ending)
            if os.path.exists(source):
                shutil.copy(source, copy)
        database = sqlite3.connect(os.path.join(copy, "gateway.sqlite"))
        try:
            verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
            if verdict != "ok":
                self.cut_wrongs.append(("damaged", "%s after a power cut: %s" % (name, verdict)))
            documents = {row[0] for row in database.execute("SELECT documentID FROM message WHERE direction = 'out'")}
            received = {row[0] for row in database.execute("SELECT messageID FROM received")}
        finally:
            database.close()
        for told in self.told:
            if told.submission.node == name and told.is_taken and told.submission.document_id not in documents:
                self.cut_wrongs.append(("lost", "%s was told taken before a power cut and is gone" % told.submission.document_id))
        other = "bup" if name == "gp" else "gp"
        for message_id in delivered_to(self.folders[other], HOSTED[name]):
            if message_id not in received:
                self.cut_wrongs.append(("false receipt", "%s was acknowledged before a power cut and is gone" % message_id))


class FullDiskRun(ImageRun):
    """The disk of one node fills up, stays full for a while, and is freed again; nobody is killed."""

    full_seconds = 4.0

    def __init__(self, setting, name, seed, ports, kind):
        super().__init__(setting, name, seed, ports, 1, kind)
        self.victim = self.random.choice(list(HOSTED))
        self.begun, self.filled_at = time.monotonic(), None
        self.filler = os.path.join(self.folders[self.victim], "filler")

    def strike(self):
        now = time.monotonic()
        if self.filled_at is None and now - self.begun > 1.5:
            left = self.random.randrange(0, 1500) << 10
            free = os.statvfs(self.folders[self.victim])
            with open(self.filler, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(4096, free.f_bavail * free.f_bsize - left))
            self.filled_at = now
        elif self.filled_at is not None and now - self.filled_at > self.full_seconds:
            os.remove(self.filler)
            self.kills = self.wanted
