"""Whether the counting library sees every call: strace counts the same run from outside, in the kernel's own words."""

import os
import subprocess

# The library's calls, and what they are called by the kernel.
NAMES = {"fdatasync": ["fdatasync"], "fsync": ["fsync"], "pwrite": ["pwrite64"], "rename": ["rename", "renameat", "renameat2"],
         "unlink": ["unlink", "unlinkat", "rmdir"], "truncate": ["ftruncate"], "allocate": ["fallocate"],
         "mkdir": ["mkdir", "mkdirat", "mknod", "mknodat"], "send": ["sendto", "sendmsg"]}
# The C library asks the kernel about network interfaces by itself, in calls that nobody can stand before.
BY_ITSELF = {"send": 4}


def obstacle(folder):
    """Why strace cannot be used here; None when it can."""
    try:
        command = ["strace", "-f", "-c", "-o", os.path.join(folder, "try.strace"), "true"]
        tried = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        return "strace is not installed"
    return None if tried.returncode == 0 else "strace may not trace here (%s)" % tried.stderr.strip().split("\n")[0]


def wrapper(path):
    """The command before the command: it counts, and stays out of the way of signals and exit codes."""
    return ["strace", "-D", "-f", "-c", "-o", path]


def compare(path, counts):
    """Sentences about what strace counted and the library did not."""
    seen = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if len(words) >= 5 and words[3].isdigit():
                seen[words[-1]] = int(words[3])
    for call, names in NAMES.items():
        outside = sum(seen.get(name, 0) for name in names)
        inside = sum(number for (name, _), number in counts.items() if name == call)
        if not inside <= outside <= inside + BY_ITSELF.get(call, 0):
            yield "%s: strace saw %d, the library %d" % (call, outside, inside)
