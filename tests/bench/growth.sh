#!/bin/sh
# How a vault grows: 1,000 and 10,000 secrets of 10 versions, and one near the limit of 64 MiB. Processor time, so that
# other work on the machine weighs little; the bars stand beside the ratios, and nothing here asserts them.
# usage: tests/bench/growth.sh BULLA GROWTH [SECRETS...]   (GROWTH: build-dev/tests/bench/growth)
set -eu
umask 077
bulla=$(realpath "$1")
growth=$(realpath "$2")
shift 2
[ $# -gt 0 ] || set -- 1000 10000 18000
runs=${BENCH_RUNS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
HOME=$work/home
export HOME
unset XDG_CONFIG_HOME XDG_STATE_HOME BULLA_ENV BULLA_ROOT BULLA_IDENTITY BULLA_IDENTITY_FILE
mkdir "$HOME"
"$bulla" identity new >/dev/null 2>&1
identity=$HOME/.config/bulla/identity.txt

# cost COMMAND...: the least of $runs runs, "MILLISECONDS KIBIBYTES" of processor time and peak memory.
cost() {
  i=0
  while [ $i -lt "$runs" ]; do
    /usr/bin/time -a -o "$work/times" -f '%U %S %M' "$@" >/dev/null
    i=$((i + 1))
  done
  awk '{ t = ($1 + $2) * 1000; if (NR == 1 || t < least) least = t; if ($3 > m) m = $3 } END { print least, m }' "$work/times"
  rm "$work/times"
}
# least COMMAND...: the least of $runs numbers that it prints, microseconds, as milliseconds.
least() {
  i=0
  while [ $i -lt "$runs" ]; do
    "$@"
    i=$((i + 1))
  done | sort -n | head -n 1 | awk '{ print $1 / 1000 }'
}

printf '%-8s %10s %9s %9s %9s %9s %9s %9s %9s\n' secrets bytes 'hash ms' 'get ms' 'ratio' 'sigs ms' 'verify ms' ratio 'memory'
printf '%-8s %10s %9s %9s %9s %9s %9s %9s %9s\n' '' '' '' '' '<= 4' '' 'one core' '<= 1.2' '<= 2.5'
for secrets in "$@"; do
  mkdir -p "$work/$secrets"
  cd "$work/$secrets"
  printf '[bulla]\nformat = 1\nenvironments = dev\n\n[SECRET_7]\nkind = hex:16\n' >bulla.ini
  "$growth" make .bulla/dev.vault "$identity" "$secrets" 10
  bytes=$(wc -c <.bulla/dev.vault)
  root=$("$bulla" verify 2>&1 | sed -n 's/^root *//p')
  "$bulla" get SECRET_7 --root "$root" >/dev/null
  hash=$(least "$growth" hash .bulla/dev.vault)
  get=$(cost "$bulla" get SECRET_7)
  signatures=$(least "$growth" signatures $((secrets * 10)))
  # What was verified is remembered: each run forgets it.
  # shellcheck disable=SC2016
  verify=$(cost taskset -c 0 sh -c 'rm -rf "$HOME/.local"; exec "$0" verify' "$bulla")
  # shellcheck disable=SC2086
  set -- $get $verify
  awk -v n="$secrets" -v b="$bytes" -v h="$hash" -v g="$1" -v m="$2" -v s="$signatures" -v v="$3" 'BEGIN {
    printf "%-8d %10d %9.1f %9.1f %9.1f %9.1f %9.1f %9.2f %9.2f\n", n, b, h, g, g / h, s, v, v / s, m * 1024 / b }'
done
