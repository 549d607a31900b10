#!/bin/sh
# No lock-in: the age program opens a grant, a few lines of another language the values. TAP; the
# argument is vault_tool.
set -eu

tool=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
if ! command -v age >/dev/null 2>&1; then
  echo '1..0 # SKIP age is not installed'
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077
"$tool" story . 1 2>/dev/null
vault=0/prod.vault

count=0
report() {
  count=$((count + 1))
  if [ "$2" = "$3" ]; then
    echo "ok $count - $1"
  else
    echo "not ok $count - $1: got '$2', want '$3'"
  fi
}

# pad: base64 of the vault is unpadded, base64(1) wants it padded.
pad() {
  text=$(cat)
  while [ $((${#text} % 4)) -ne 0 ]; do text="$text="; done
  printf %s "$text"
}

read -r _ id environment <"$vault"
grant=$(grep '^grant alice ' "$vault" | head -n 1)
epoch=$(printf %s "$grant" | sed 's/.* k=\([^ ]*\) .*/\1/')
said=$(printf %s "$grant" | sed 's/.* d=\([^ ]*\) .*/\1/' | pad | base64 -d | age -d -i alice.txt)
report 'age opens a grant' "${said% *}" "bulla1-key $id $environment $epoch"

if ! command -v node >/dev/null 2>&1; then
  echo "ok $((count + 1)) - another language opens every value # SKIP node is not installed"
  echo "1..$((count + 1))"
  exit 0
fi
"$tool" values "$vault" alice.txt >values.json
node "$here/reader.mjs" "$vault" alice.txt >read.json
sed -n 's/.*"hex": "\(.*\)",$/\1/p' read.json >opened
while read -r hex; do
  grep -q "\"$hex\"" values.json || { echo "# $hex differs"; exit 1; }
done <opened
opened=$(wc -l <opened)
report 'another language opens the values' "$([ "$opened" -gt 3 ] && echo several)" several
echo "1..$count"
