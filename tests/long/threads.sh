#!/bin/sh
# The threads of verify under ThreadSanitizer: a vault of 3,000 signatures, whole, and with one that is nobody's.
set -u
cd "$(dirname "$0")/../.." || exit 6
folder=build-threads
log=build-test-logs/threads.log
mkdir -p build-test-logs

skip() {
  echo "SKIP: $1"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
}

[ "$(nproc)" -gt 1 ] || skip 'one processor: verify starts no threads'
if [ ! -f "$folder/build.ninja" ]; then
  meson setup "$folder" --werror -Db_sanitize=thread -Db_lundef=false >"$log" 2>&1 ||
    { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
fi
ninja -C "$folder" bulla tests/bench/growth >"$log" 2>&1 || { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
bulla=$PWD/$folder/bulla
growth=$PWD/$folder/tests/bench/growth
log=$PWD/$log
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
HOME=$work
TSAN_OPTIONS=exitcode=66
export HOME TSAN_OPTIONS
unset XDG_CONFIG_HOME XDG_STATE_HOME BULLA_ENV BULLA_ROOT BULLA_IDENTITY BULLA_IDENTITY_FILE
cd "$work" || exit 6
printf '[bulla]\nformat = 1\nenvironments = dev\n' >bulla.ini

passed=0
failed=0
# check WHAT STATUS COMMAND...
check() {
  what=$1 want=$2
  shift 2
  "$@" >"$log" 2>&1
  status=$?
  if [ "$status" -eq "$want" ] && ! grep -q ThreadSanitizer "$log"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $what: status $status, not $want"
    cat "$log"
  fi
}

check 'an identity' 0 "$bulla" identity new
check 'a vault' 0 "$growth" make .bulla/dev.vault .config/bulla/identity.txt 1000 3
check 'verify, everything good' 0 "$bulla" verify
# The last signature of a name in the middle becomes another name's.
awk '/^set SECRET_499 v=3 / { other = $NF } { line[NR] = $0 }
  END { for (i = 1; i <= NR; i++) { if (line[i] ~ /^set SECRET_500 v=2 /) sub(/ s=[^ ]*$/, " " other, line[i]); print line[i] } }' \
  .bulla/dev.vault >changed && mv changed .bulla/dev.vault
rm -rf .local
check 'verify, one that is nobody'"'"'s' 5 "$bulla" verify
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
