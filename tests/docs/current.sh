#!/bin/sh
# current.sh PROGRAM KIND FILE: the committed FILE is what PROGRAM writes now.
set -eu
new=$(mktemp)
trap 'rm -f "$new"' EXIT
"$1" --print-documentation "$2" >"$new"
if ! diff -u "$3" "$new"; then
  echo "$(basename "$3") is out of date: run 'ninja -C BUILD update-generated' and commit it"
  exit 1
fi
