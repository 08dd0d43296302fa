#!/usr/bin/env bash
# Says what to do when there is no Swift, or one too old. Says nothing otherwise.
set -euo pipefail

needed=6.2

if ! command -v swift >/dev/null; then
    echo "swift is not on PATH. Install Swift $needed or newer: https://www.swift.org/install/linux/" >&2
    exit 1
fi
answer=$(swift --version 2>/dev/null || true)
if ! [[ $answer =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
    echo "\`swift --version\` did not name a version. Install Swift $needed or newer: https://www.swift.org/install/linux/" >&2
    exit 1
fi
found=${BASH_REMATCH[1]}.${BASH_REMATCH[2]}
if ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] < ${needed%.*} * 1000 + ${needed#*.})); then
    echo "Swift $found is too old: this needs $needed or newer: https://www.swift.org/install/linux/" >&2
    exit 1
fi
