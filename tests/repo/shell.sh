#!/bin/sh
# shell.sh ROOT: shellcheck finds nothing in the project's scripts, bats files included.
set -u
cd "$1" || exit 1
if ! command -v shellcheck >/dev/null 2>&1; then
  echo "SKIP: shellcheck is not installed"
  exit 77
fi
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find scripts tests .ci -type f ! -path '*/corpus/*' ! -path '*/data/*' ! -path '*/__pycache__/*' |
  while read -r file; do
    case $file in
      *.bats | *.sh | *.bash) echo "$file" ;;
      *) head -n 1 "$file" | grep -aqE '^#!.*[/ ](sh|bash)$' && echo "$file" ;;
    esac
  done >"$list"
# In a bats file each test is a subshell, $status comes from bats, and `bash -c` gets its words so.
grep -v '\.bats$' "$list" | xargs shellcheck -x || exit 1
if grep -q '\.bats$' "$list"; then
  grep '\.bats$' "$list" | xargs shellcheck -x -s bats -e SC2016,SC2154,SC2314,SC2030,SC2031 || exit 1
fi
echo "$(wc -l <"$list") scripts"
