#!/bin/sh
# demo.sh PROGRAM: the demo as a newcomer starts it, on a terminal where nobody answers. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 6
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 1..1
if timeout 300 script -qec scripts/demo "$work/terminal" </dev/null >/dev/null 2>&1 &&
  grep -q 'the session secret has 64 characters' "$work/terminal" &&
  grep -q 'That was it' "$work/terminal"; then
  echo "ok 1 - the demo goes through on a terminal without a question"
else
  echo "not ok 1 - the demo goes through on a terminal without a question"
  sed 's/^/# /' "$work/terminal"
fi
