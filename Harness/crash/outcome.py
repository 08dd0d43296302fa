"""What a run came to, as it is printed and kept."""

import json
import os
import shutil
import traceback

from checker import Checker, Evidence
from program import Deadline


def judge(run, keep=False, extra=()):
    """Runs it, checks what it left, and says so in a dictionary. Its folder goes, unless something was wrong."""
    wrongs = list(extra)
    try:
        run.run()
    except Deadline as late:
        wrongs.append(("stuck", "the run did not end: %s" % late))
    except Exception:
        wrongs.append(("harness", traceback.format_exc()))
    try:
        wrongs += Checker(Evidence(run.folder, run.setting.template.pki, run.told, run.ends, run.stopped)).check()
    except Exception:
        wrongs.append(("damaged", "what the run left cannot be read: %s" % traceback.format_exc()))
    wrongs += run.further_wrongs()
    result = {
        "run": run.name, "wrongs": wrongs, "reached": ["%s: %s" % item for item in run.reached()],
        "given": run.given, "ends": [str(end) for end in run.ends], "submissions": len(run.told),
        "taken": sum(told.is_taken for told in run.told),
        "kills": run.kills + sum(point.action.startswith("kill") for _, point in run.reached()),
        "tries": sum(len(told.answers) for told in run.told), "released": run.released,
    }
    if wrongs:
        run.keep_stores()
    run.clean_up()
    if wrongs or keep:
        result["folder"] = run.folder
        with open(os.path.join(run.folder, "result.json"), "w", encoding="utf-8") as file:
            json.dump(dict(result, told=[str(told) for told in run.told]), file, indent=1, default=str)
    else:
        shutil.rmtree(run.folder, ignore_errors=True)
    return result


class Tally:
    """Sums of many outcomes."""

    def __init__(self, title):
        self.title = title
        self.universe = self.runs = self.given = self.reached = self.kills = self.submissions = self.taken = self.released = 0
        self.wrong_runs = []
        self.not_run = []
        self.loud = {}

    def add(self, result):
        self.runs += 1
        self.given += len(result["given"])
        self.reached += len(result["reached"])
        self.kills += result["kills"]
        self.submissions += result["submissions"]
        self.taken += result["taken"]
        self.released += result["released"]
        for end in result["ends"]:
            kind = end.split(" at '")[0].split(": ")[0].split(" ", 1)[1]
            self.loud[kind] = self.loud.get(kind, 0) + 1
        if result["wrongs"]:
            self.wrong_runs.append(result)

    def lines(self):
        points = ""
        if self.given:
            points = ", %d points reached of %d tried and %d there are" % (self.reached, self.given, self.universe)
        yield "%s: %d runs, %d messages told taken%s, %d kills, %d wrong runs" % (
            self.title, self.runs, self.taken, points, self.kills, len(self.wrong_runs))
        if self.released:
            yield "  %d messages were set aside after three deaths, and released" % self.released
        for reason in self.not_run:
            yield "  NOT RUN: %s" % reason
        for result in self.wrong_runs:
            yield "  WRONG in %s (%s):" % (result.get("folder", result["run"]), ", ".join(result["given"]))
            for kind, sentence in result["wrongs"][:8]:
                yield "    %s: %s" % (kind, sentence)
