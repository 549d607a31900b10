#!/bin/sh
# Every allocation of every command fails, the libraries' too: once alone, once with all that follow.
# The ordinary run takes samples of it.
set -u
cd "$(dirname "$0")/../.." || exit 6
. scripts/lib/dynamic.sh
dynamic_build
exec tests/cli/preload/allocations.py "$folder/bulla" "$folder/tests/cli/preload/failing_alloc.so" . every
