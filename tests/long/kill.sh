#!/bin/sh
# Kills every writing command KILL_COUNT times (10000): at each of its calls, and at random times.
# The ordinary run takes 200 of them.
set -u
cd "$(dirname "$0")/../.." || exit 6
folder=build-dynamic
log=build-test-logs/kill-build.log
mkdir -p build-test-logs
if [ ! -f "$folder/build.ninja" ]; then
  meson setup "$folder" --werror >"$log" 2>&1 ||
    { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
fi
ninja -C "$folder" >"$log" 2>&1 || { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
exec tests/cli/preload/kill.py "$folder/bulla" \
  "$folder/tests/cli/preload/faulty_calls.so" . "${KILL_COUNT:-10000}"
