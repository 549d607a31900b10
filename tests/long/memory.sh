#!/bin/sh
# Looks for secrets in the memory of every command at each of its system calls; the ordinary run looks
# at every fifth.
set -u
cd "$(dirname "$0")/../.." || exit 6
. scripts/lib/dynamic.sh
dynamic_build
exec tests/cli/preload/memory.py "$folder/bulla" "$folder/tests/cli/preload/memory_scan.so" . 1
