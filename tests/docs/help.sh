#!/bin/sh
# help.sh PROGRAM: the help of every command goes to standard output, fits 80 columns, and is the
# same by -h, --help and `help`.
set -eu
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() {
  echo "$1"
  failed=1
}

check() {
  if [ ! -s "$work/long" ]; then
    fail "$1: the help is empty"
  fi
  if [ -s "$work/err" ]; then
    fail "$1: the help writes to standard error"
  fi
  if LC_ALL=C.UTF-8 grep -nE '^.{81,}$' "$work/long"; then
    fail "$1: the help is wider than 80 columns"
  fi
  if grep -nE '[[:blank:]]$' "$work/long"; then
    fail "$1: the help has blanks at a line's end"
  fi
}

"$program" --help >"$work/long" 2>"$work/err"
check bulla
"$program" -h | diff - "$work/long" || fail "-h differs from --help"
"$program" help | diff - "$work/long" || fail "'help' differs from --help"
"$program" --list commands >"$work/commands"
[ -s "$work/commands" ] || fail "no commands"
while read -r name; do
  # A name may be two words.
  # shellcheck disable=SC2086
  "$program" $name --help >"$work/long" 2>"$work/err" || fail "$name --help fails"
  check "$name"
  if [ "$name" = help ]; then
    continue
  fi
  # shellcheck disable=SC2086
  "$program" $name -h | diff - "$work/long" || fail "$name: -h differs from --help"
  # shellcheck disable=SC2086
  "$program" help $name | diff - "$work/long" || fail "$name: 'help' differs from --help"
done <"$work/commands"
exit "$failed"
