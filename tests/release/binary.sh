#!/bin/sh
# binary.sh PROGRAM: how the release program is linked. TAP on standard output.
set -u
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0

# check "WHAT" COMMAND...: one result; the command's output explains a failure.
check() {
  number=$((number + 1))
  what=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    echo "ok $number - $what"
  else
    echo "not ok $number - $what"
    sed 's/^/# /' "$work/out"
  fi
}

readelf -W -h "$program" >"$work/header"
readelf -W -l "$program" >"$work/segments"
readelf -W -d "$program" >"$work/dynamic"
readelf -W -s "$program" >"$work/symbols"
strings -a "$program" >"$work/strings"

lacks() { ! grep -E "$1" "$2"; }
stack_is_not_executable() { grep -E 'GNU_STACK' "$work/segments" | grep -qE ' RW +0x'; }
no_segment_is_writable_and_executable() { lacks 'LOAD .* RWE ' "$work/segments"; }
is_quiet_start() { [ "$("$program" --version | wc -l)" -eq 1 ]; }

echo 1..11
check "is position independent" grep -qE 'Type: +DYN' "$work/header"
check "has no interpreter" lacks INTERP "$work/segments"
check "needs no shared library" lacks NEEDED "$work/dynamic"
check "binds nothing late" grep -qE 'FLAGS.*NOW' "$work/dynamic"
check "has read-only relocations" grep -q GNU_RELRO "$work/segments"
check "has a stack that cannot be executed" stack_is_not_executable
check "has no segment that is writable and executable" no_segment_is_writable_and_executable
check "has no relocation in its text" lacks TEXTREL "$work/dynamic"
check "checks its stack" grep -q __stack_chk_fail "$work/strings" "$work/symbols"
check "names no folder of the machine that built it" lacks "^$(pwd -P)/|^/root/|^/home/" "$work/strings"
check "starts" is_quiet_start
