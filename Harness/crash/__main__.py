"""Kills msggw at every point, and judges what is left. `make crash` runs it; `--help` says what it can be asked for."""

import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import time

import campaigns
import images
from nodes import ROOT, Template
from outcome import Tally
from points import build
from scripted import Setting


def arguments():
    parser = argparse.ArgumentParser(prog="crash", description=__doc__)
    parser.add_argument("--binary", default=os.path.join(ROOT, ".build", "debug", "msggw"), help="the msggw to test")
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "crash"), help="folder for what the runs write")
    parser.add_argument("--kills", type=int, default=200, help="enumerated kill points")
    parser.add_argument("--random", type=int, default=50, help="random kills under load")
    parser.add_argument("--errors", type=int, default=40, help="calls that fail")
    parser.add_argument("--power", type=int, default=20, help="power cuts under load")
    parser.add_argument("--full", type=int, default=2, help="disks that are full for a while")
    parser.add_argument("--faults", type=int, default=1, help="runs of each other fault")
    parser.add_argument("--closing", type=int, default=20, help="file systems that close themselves while people hand in")
    parser.add_argument("--seed", type=int, default=1, help="decides which points and times")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1), help="runs at the same time; they mostly wait")
    parser.add_argument("--minutes", type=float, default=0, help="begin nothing new after this; 0: no limit")
    parser.add_argument("--strict", action="store_true", help="what could not be run is a failure too")
    return parser.parse_args()


def main():
    asked = arguments()
    os.makedirs(asked.work, exist_ok=True)
    started = time.monotonic()
    end = started + asked.minutes * 60 if asked.minutes else None
    library, why_not = build(asked.work)
    template = Template(asked.binary, asked.work).make()
    runs = os.path.join(asked.work, "runs")
    images.unmount_below(asked.work)
    shutil.rmtree(runs, ignore_errors=True)
    os.makedirs(runs)
    setting = Setting(os.path.abspath(asked.binary), library, template, runs, asked.jobs)
    version = subprocess.run([asked.binary, "--version"], capture_output=True, text=True).stdout.strip()
    print("msggw %s, seed %d, %d runs at a time" % (version, asked.seed, asked.jobs), flush=True)
    tallies = []
    with concurrent.futures.ProcessPoolExecutor(asked.jobs) as pool:
        for campaign in campaigns.ALL:
            tally = Tally(campaign.title)
            tallies.append(tally)
            wanted = getattr(asked, campaign.option)
            if wanted == 0:
                continue
            obstacle = why_not if campaign.needs_points and library is None else campaign.obstacle(asked)
            if obstacle:
                tally.not_run.append("%d of %d, since %s" % (wanted, wanted, obstacle))
            else:
                campaign.run(setting, wanted, asked.seed, pool, tally, end)
            for line in tally.lines():
                print(line, flush=True)
    shutil.rmtree(os.path.join(asked.work, "template"), ignore_errors=True)
    wrong = sum(len(tally.wrong_runs) for tally in tallies)
    missing = sum(len(tally.not_run) for tally in tallies)
    print("%d s. %s%s" % (time.monotonic() - started, "Nothing wrong." if wrong == 0 else "%d runs went wrong." % wrong,
                          " Some were not run; see above." if missing else ""))
    return 1 if wrong or (asked.strict and missing) else 0


if __name__ == "__main__":
    sys.exit(main())
