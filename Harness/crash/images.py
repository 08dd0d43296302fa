"""File systems in files, for power cuts and full disks. Needs root, loop devices, and ext4 or xfs in the kernel."""

import fcntl
import os
import shutil
import struct
import subprocess
import time

# FS_IOC_SHUTDOWN with NOLOGFLUSH: from this moment nothing more reaches the device, neither data nor journal.
_SHUTDOWN, _NO_LOG_FLUSH = 0x8004587D, struct.pack("I", 2)
_MAKE = {"ext4": ["mkfs.ext4", "-q", "-F", "-m", "0", "-N", "2048", "-E", "lazy_itable_init=0,lazy_journal_init=0"],
         "xfs": ["mkfs.xfs", "-q", "-f"]}
# Runs at the same time have copies of one XFS, which has a name that may be there once.
_OPTIONS = {"ext4": "errors=remount-ro", "xfs": "nouuid"}
_SIZE = {"ext4": 64 << 20, "xfs": 320 << 20}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError("%s: %s" % (" ".join(command[:2]), done.stderr.strip()))


class Image:
    """One file system. `kind` is ext4 or xfs."""

    def __init__(self, file, kind, folder):
        self.file, self.kind, self.folder = file, kind, folder

    def make(self, size=None):
        with open(self.file, "wb") as file:
            file.truncate(size or _SIZE[self.kind])
        run(*_MAKE[self.kind], self.file)
        return self

    def mount(self):
        os.makedirs(self.folder, exist_ok=True)
        run("mount", "-o", "loop," + _OPTIONS[self.kind], self.file, self.folder)

    def device(self):
        """The loop device it is mounted by."""
        return subprocess.run(["findmnt", "-n", "-o", "SOURCE", self.folder], capture_output=True, text=True).stdout.strip()

    def meet_error(self):
        """ext4 meets an error that it makes up, and closes itself."""
        with open("/sys/fs/ext4/%s/trigger_fs_error" % os.path.basename(self.device()), "w", encoding="utf-8") as file:
            file.write("crash harness")

    def repair(self):
        """What a system does at its next start."""
        subprocess.run(["e2fsck", "-p", self.file], capture_output=True)

    def unmount(self, seconds=10):
        end = time.monotonic() + seconds
        while True:
            try:
                return run("umount", self.folder)
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def cut(self):
        """The power goes."""
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(descriptor, _SHUTDOWN, _NO_LOG_FLUSH)
        finally:
            os.close(descriptor)


def kinds(work):
    """The kinds of file system that can be made, mounted and cut off here; and why the others cannot."""
    usable, obstacles = [], []
    for kind in _MAKE:
        image = Image(os.path.join(work, "try-%s.image" % kind), kind, os.path.join(work, "try-%s" % kind))
        try:
            image.make().mount()
            try:
                image.cut()
                usable.append(kind)
            finally:
                image.unmount()
        except OSError as error:
            obstacles.append("%s: %s" % (kind, error))
        finally:
            shutil.rmtree(image.folder, ignore_errors=True)
            if os.path.exists(image.file):
                os.remove(image.file)
    return usable, obstacles


def copy(source, target):
    """Copies an image without filling its holes."""
    run("cp", "--sparse=always", source, target)


def unmount_below(folder):
    """Frees what an interrupted run left mounted."""
    with open("/proc/self/mounts", encoding="utf-8") as file:
        points = [line.split()[1] for line in file]
    for point in points:
        if point.startswith(os.path.abspath(folder) + os.sep):
            subprocess.run(["umount", "-l", point], capture_output=True)
