#!/bin/sh
# 64 processes that write one vault, 20 times each; the ordinary run takes one round.
set -u
cd "$(dirname "$0")/../.." || exit 6
. scripts/lib/dynamic.sh
dynamic_build
exec tests/cli/preload/writers.py "$folder/bulla" . 64 20
