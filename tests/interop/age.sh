#!/bin/sh
# Our age files against the age program, both directions, at the sizes where the payload's chunks
# begin and end. TAP; the argument is our pipe program.
set -eu

pipe=$(realpath "$1")
if ! command -v age >/dev/null 2>&1 || ! command -v age-keygen >/dev/null 2>&1; then
  echo '1..0 # SKIP age is not installed'
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077

count=0
# report WHAT COMMAND...: one line of TAP for what the command says.
report() {
  what=$1
  shift
  count=$((count + 1))
  if "$@"; then
    echo "ok $count - $what"
  else
    echo "not ok $count - $what"
  fi
}

"$pipe" new >ours.key
age-keygen -o theirs.key 2>/dev/null
recipients_agree() {
  [ "$(age-keygen -y ours.key)" = "$(sed -n 's/^# public key: //p' ours.key)" ]
}
report 'age-keygen reads our identity file' recipients_agree
ours=$(age-keygen -y ours.key)
theirs=$(age-keygen -y theirs.key)

ours_opens_theirs() {
  age "$@" -r "$theirs" -r "$ours" -o file.age text && "$pipe" decrypt ours.key <file.age >opened &&
    cmp -s text opened && "$pipe" decrypt theirs.key <file.age >opened && cmp -s text opened
}
theirs_opens_ours() {
  "$pipe" encrypt "$theirs" "$ours" <text >file.age && age -d -i theirs.key file.age >opened &&
    cmp -s text opened && age -d -i ours.key file.age >opened && cmp -s text opened
}
for size in 0 1 47 48 65519 65520 65535 65536 65537 131071 131072 131073 1000000; do
  head -c "$size" /dev/urandom >text
  report "we open what age wrote, $size bytes" ours_opens_theirs
  report "age opens what we wrote, $size bytes" theirs_opens_ours
done
report 'we open armor that age wrote' ours_opens_theirs --armor
echo "1..$count"
