#!/bin/sh
# Kills every writing command KILL_COUNT times (10000): at each of its calls, and at random times.
# The ordinary run takes 200 of them.
set -u
cd "$(dirname "$0")/../.." || exit 6
. scripts/lib/dynamic.sh
dynamic_build
exec tests/cli/preload/kill.py "$folder/bulla" "$folder/tests/cli/preload/faulty_calls.so" . "${KILL_COUNT:-10000}"
