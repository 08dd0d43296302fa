"""Runs msggw: nodes that serve, and commands."""

import os
import signal
import subprocess
import time

from points import Table

LISTENING = b"Node listens"


class Program:
    """How to start msggw: the binary, the library of crash points, and a folder for what is written about it."""

    def __init__(self, binary, library, folder):
        self.binary, self.library, self.folder = binary, library, folder
        self.number = 0

    def start(self, arguments, point=None, limit=None, before=()):
        """Starts it. Counted when there is a library; `point` is what happens on the way, `limit` of open files, `before` a
        command that runs it."""
        self.number += 1
        base = os.path.join(self.folder, "%03d-%s" % (self.number, arguments[0]))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MSGGW_")}
        environment["SWIFT_BACKTRACE"] = "enable=no"
        table = None
        if self.library is not None:
            table = Table(base + ".points", point)
            environment.update(table.environment(self.library))
        command = [word.replace("{base}", base) for word in before] + [self.binary] + arguments
        if limit is not None:
            command = ["prlimit", "--nofile=%d:%d" % (limit, limit)] + command
        with open(base + ".out", "wb") as out, open(base + ".err", "wb") as err:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment)
        return Started(process, base, table, point)


class Started:
    """A msggw that has been started."""

    def __init__(self, process, base, table, point):
        self.process, self.base, self.table, self.point = process, base, table, point
        self.killed_by_us = False

    @property
    def status(self):
        """None while it runs; the exit code, or minus the signal that ended it."""
        return self.process.poll()

    @property
    def fired(self):
        return self.table.fired[0] if self.table else 0

    def out(self):
        with open(self.base + ".out", encoding="utf-8", errors="replace") as file:
            return file.read()

    def err(self):
        with open(self.base + ".err", encoding="utf-8", errors="replace") as file:
            return file.read()

    def has_said(self, words):
        with open(self.base + ".err", "rb") as file:
            return words in file.read()

    def complaint(self):
        """The last line on standard error that is not from the log."""
        lines = [line for line in self.err().splitlines() if line.startswith("msggw: ") or line.startswith("Error: ")]
        return lines[-1] if lines else ""

    def kill(self, number=signal.SIGKILL):
        self.killed_by_us = True
        if self.status is None:
            self.process.send_signal(number)

    def wait(self, seconds):
        """Waits for its end; whether it came."""
        try:
            self.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            return False


class Serving:
    """One node: started, watched, and started again when it has ended."""

    def __init__(self, program, name, folder, port, points=(), limits=()):
        self.program, self.name, self.folder, self.port = program, name, folder, port
        # One for each of its lives in turn.
        self.points, self.limits = list(points), list(limits)
        self.before = ()
        self.running, self.restart_at = None, 0
        self.ends = []  # of each life that is over
        self.tables = []

    def start(self):
        point = self.points.pop(0) if self.points else None
        limit = self.limits.pop(0) if self.limits else None
        arguments = ["serve", "--node", self.folder, "--port", str(self.port)]
        self.running = self.program.start(arguments, point, limit, self.before)
        self.tables.append(self.running.table)
        return self

    def look(self):
        """Notes its end, when it has ended. Whether it has."""
        if self.running is None or self.running.status is None:
            return False
        running, self.running = self.running, None
        self.ends.append(End(self.name, running))
        return True

    def keep_up(self):
        """Starts it again when it has ended, as a supervisor would; not at once when it ends again and again."""
        if self.look():
            self.restart_at = time.monotonic() + (0.5 if len(self.ends) > 5 else 0)
        if self.running is None and time.monotonic() >= self.restart_at:
            self.start()

    @property
    def listens(self):
        return self.running is not None and self.running.has_said(LISTENING)

    def ask_to_stop(self):
        """Once: a second SIGTERM would end it on the spot."""
        if self.running is not None and not self.running.killed_by_us:
            self.running.kill(signal.SIGTERM)

    def stop(self, seconds=20):
        """SIGTERM; the exit code, or None when it did not end in time and was killed."""
        if self.running is None:
            return self.ends[-1].status if self.ends else 0
        self.ask_to_stop()
        in_time = self.running.wait(seconds)
        if not in_time:
            self.running.kill()
            self.running.wait(10)
        status = self.running.status if in_time else None
        self.look()
        return status

    def kill(self):
        if self.running is not None:
            self.running.kill()
            self.running.wait(10)
            self.look()


class End:
    """How one life of a node ended."""

    def __init__(self, name, running):
        self.name, self.status, self.complaint = name, running.status, running.complaint()
        self.point, self.fired, self.killed_by_us = running.point, running.fired, running.killed_by_us
        self.matched = running.table.matched if running.table else 0
        self.log = running.base + ".err"

    @property
    def is_by_point(self):
        return self.status == -signal.SIGKILL and self.fired > 0

    @property
    def is_wrong(self):
        """It ended by itself without saying so: quietly, or by a crash of its own."""
        if self.killed_by_us or self.is_by_point:
            return False
        return self.status <= 0 or not self.complaint

    def __str__(self):
        return "%s ended with %s%s%s" % (self.name, self.status, " at '%s'" % self.point if self.point else "",
                                         ": " + self.complaint if self.complaint else "")


class Deadline(Exception):
    """Something did not happen in time."""


def wait(condition, seconds, what, between=lambda: None, pause=0.01):
    """Waits until `condition` holds, calling `between` on the way."""
    end = time.monotonic() + seconds
    while True:
        between()
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Deadline("after %d s: %s" % (seconds, what))
        time.sleep(pause)
