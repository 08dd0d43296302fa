#!/usr/bin/env bash
# Runs tests that are built already, with the arguments of `swift test`. What went wrong stands once more at the end, where
# it is found in a long log.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if swift test --skip-build "$@" 2>&1 | tee "$log"; then exit 0; fi
echo "What went wrong:" >&2
grep -E '✘|error: |Fatal error|Crash|exited with|signal' "$log" | grep -v '✘ Suite' | tail -60 >&2 || tail -5 "$log" >&2
exit 1
