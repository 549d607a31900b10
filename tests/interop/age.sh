#!/bin/sh
# `bulla age` against the age program, both directions: every kind of key, at the sizes where the
# payload's chunks begin and end. TAP. Arguments: bulla, the folder of the test plugin. The peers are
# the age of PATH and the one in the folder that PEERS names.
set -eu

bulla=$(realpath "$1")
plugins=$(realpath "$2")
list=
for folder in "$(dirname "$(command -v age || echo /nowhere/age)")" "${PEERS:-}"; do
  if [ -x "$folder/age" ] && [ -x "$folder/age-keygen" ]; then
    list="$list $(realpath -s "$folder")"
  fi
done
if [ -z "$list" ]; then
  echo '1..0 # SKIP no age in PATH, and PEERS names no folder of one'
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077
HOME=$work
export HOME
PATH=$plugins:$PATH

count=0
# report WHAT COMMAND...: one line of TAP for what the command says.
report() {
  what="$peer: $1"
  shift
  count=$((count + 1))
  if "$@" 2>complaints; then
    echo "ok $count - $what"
  else
    echo "not ok $count - $what"
    sed 's/^/# /' complaints
  fi
}

# skip WHAT WHY
skip() {
  count=$((count + 1))
  echo "ok $count - $peer: $1 # SKIP $2"
}

# typing WORDS COMMAND...: types WORDS wherever the command asks on its terminal.
typing() {
  expect -f - "$@" >typed 2>&1 <<'END'
set timeout 60
set words [lindex $argv 0]
eval spawn -noecho [lrange $argv 1 end]
expect {
  -nocase "passphrase" { expect -re {: ?$}; after 50; send -- "$words\r"; exp_continue }
  timeout { exit 99 }
  eof {}
}
exit [lindex [wait] 3]
END
}

# The text goes to them and to us, by RECIPIENT, with the identity file KEY.
ours_opens_theirs() {
  recipient=$1 key=$2
  shift 2
  "$age" "$@" -r "$recipient" <text >file.age && "$bulla" age decrypt -i "$key" file.age >opened &&
    cmp text opened
}
theirs_opens_ours() {
  recipient=$1 key=$2
  shift 2
  "$bulla" age encrypt "$@" -r "$recipient" text >file.age && "$age" -d -i "$key" file.age >opened &&
    cmp text opened
}
both_ways() {
  report "we open what it wrote: $1" ours_opens_theirs "$2" "$3"
  report "it opens what we wrote: $1" theirs_opens_ours "$2" "$3"
}

# The keys of the test, with ours first: a public line and a file of the private key.
recipients_agree() {
  [ "$("$keygen" -y ours.key)" = "$("$bulla" age keygen -y ours.key)" ] &&
    [ "$("$keygen" -y theirs.key)" = "$("$bulla" age keygen -y theirs.key)" ]
}

sizes() {
  for size in 0 1 47 48 65519 65520 65535 65536 65537 131071 131072 131073 1000000; do
    head -c "$size" /dev/urandom >text
    both_ways "$size bytes" "$ours" ours.key
  done
}

armor() {
  head -c 100000 /dev/urandom >text
  report 'we open its armor' ours_opens_theirs "$theirs" theirs.key --armor
  report 'it opens our armor' theirs_opens_ours "$theirs" theirs.key --armor
}

many() {
  "$age" -r "$ours" -r "$theirs" -R ssh_ed25519.pub <text >file.age &&
    "$bulla" age decrypt -i theirs.key file.age | cmp - text &&
    "$bulla" age decrypt -i ssh_ed25519 file.age | cmp - text &&
    "$bulla" age encrypt -r "$ours" -R ssh_ed25519.pub text >file.age &&
    "$age" -d -i ours.key file.age | cmp - text && "$age" -d -i ssh_ed25519 file.age | cmp - text
}

has_openssl() { [ -z "$("$bulla" age encrypt -R ssh_rsa.pub text 2>&1 >/dev/null)" ]; }
has_mlkem() { "$bulla" age keygen --pq >pq.key 2>/dev/null; }

ssh_keys() {
  both_ways 'an ssh-ed25519 key' "$(cat ssh_ed25519.pub)" ssh_ed25519
  if has_openssl; then
    both_ways 'an ssh-rsa key' "$(cat ssh_rsa.pub)" ssh_rsa
    "$age" -R ssh_locked.pub <text >file.age
    report 'we open what it wrote: an ssh key with a passphrase' open_locked "$bulla" age decrypt
    "$bulla" age encrypt -R ssh_locked.pub text >file.age
    report 'it opens what we wrote: an ssh key with a passphrase' open_locked "$age" -d
  else
    skip 'ssh-rsa keys and passphrases of ssh keys' 'this build has no OpenSSL'
  fi
}
open_locked() {
  rm -f opened
  typing 'a few words' "$@" -i ssh_locked -o opened file.age && cmp text opened
}

passphrases() {
  printf 'a few words\n' >words
  rm -f file.age opened
  report 'we open what it wrote: a passphrase' we_open_passphrase
  "$bulla" age encrypt --passphrase-file words --work-factor 12 text >file.age
  report 'it opens what we wrote: a passphrase' open_typed "$age" -d
  rm -f key.age
  typing 'a few words' "$age" -p -o key.age theirs.key
  "$bulla" age encrypt -r "$theirs" text >file.age
  report 'we read its encrypted identity file' open_typed "$bulla" age decrypt -i key.age
  "$bulla" age encrypt --passphrase-file words --work-factor 12 -a theirs.key >key.age
  report 'it reads our encrypted identity file' open_typed "$age" -d -i key.age
}
we_open_passphrase() {
  typing 'a few words' "$age" -p -o file.age text &&
    "$bulla" age decrypt --passphrase-file words file.age >opened && cmp text opened
}
open_typed() {
  rm -f opened
  typing 'a few words' "$@" -o opened file.age && cmp text opened
}

plugin() {
  echo AGE-PLUGIN-ODD-10Q7TRUE5 >plugin.key
  PLUGIN_MODE=foreign
  export PLUGIN_MODE
  both_ways 'a key that a plugin holds' age1odd10qm235ln plugin.key
}

hybrid() {
  if ! has_mlkem; then
    skip 'post-quantum keys' 'this build has no ML-KEM'
    return
  fi
  if ! "$age" -r "$("$bulla" age keygen -y pq.key)" <text >/dev/null 2>&1; then
    skip 'post-quantum keys' 'it is older than 1.3'
    return
  fi
  "$keygen" -pq >pq-theirs.key 2>/dev/null
  both_ways 'our post-quantum key' "$("$bulla" age keygen -y pq.key)" pq.key
  both_ways 'its post-quantum key' "$("$keygen" -y pq-theirs.key)" pq-theirs.key
}

ssh-keygen -q -t ed25519 -N '' -C one -f ssh_ed25519
ssh-keygen -q -t rsa -b 2048 -N '' -C two -f ssh_rsa
ssh-keygen -q -t ed25519 -a 8 -N 'a few words' -C three -f ssh_locked
"$bulla" age keygen >ours.key 2>/dev/null
for folder in $list; do
  age=$folder/age keygen=$folder/age-keygen
  peer=$("$age" --version)
  "$keygen" >theirs.key 2>/dev/null
  ours=$("$bulla" age keygen -y ours.key)
  theirs=$("$bulla" age keygen -y theirs.key)
  report 'recipients of each other'"'"'s identity files' recipients_agree
  sizes
  armor
  head -c 1000 /dev/urandom >text
  report 'files to several keys' many
  ssh_keys
  if command -v expect >/dev/null 2>&1; then
    passphrases
  else
    skip 'passphrases' 'expect is not installed'
  fi
  plugin
  hybrid
done
echo "1..$count"
