#!/bin/sh
# Every allocation of every command fails, the libraries' too: once alone, once with all that follow.
# The ordinary run takes samples of it.
set -u
cd "$(dirname "$0")/../.." || exit 6
folder=build-dynamic
log=build-test-logs/allocations-build.log
mkdir -p build-test-logs
if [ ! -f "$folder/build.ninja" ]; then
  meson setup "$folder" --werror >"$log" 2>&1 ||
    { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
fi
ninja -C "$folder" >"$log" 2>&1 || { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
exec tests/cli/preload/allocations.py "$folder/bulla" \
  "$folder/tests/cli/preload/failing_alloc.so" . every
