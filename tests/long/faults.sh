#!/bin/sh
# Every system call of every command goes wrong, in each way that it can, alone and with all that
# follow. The ordinary run takes samples of it.
set -u
cd "$(dirname "$0")/../.." || exit 6
. scripts/lib/dynamic.sh
dynamic_build
exec tests/cli/preload/faults.py "$folder/bulla" "$folder/tests/cli/preload/faulty_calls.so" . every
