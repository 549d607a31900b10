#!/bin/sh
# The way around bulla: the program in docs/recovery.md opens, with age and Node alone, a vault that
# bulla has made. Arguments: bulla, the docs folder, a stack.
set -eu

for tool in age node; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    echo "SKIP: $tool is not installed"
    exit 77
  fi
done
bulla=$(realpath "$1")
docs=$(realpath "$2")
stack=$(realpath "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077

fail() {
  echo "recovery: $1"
  exit 1
}

# The one block of FILE in LANGUAGE.
block() {
  awk -v fence="\`\`\`$2" '$0 == "```" { inside = 0 } inside { print } $0 == fence { inside = 1 }' "$1"
}

block "$docs/recovery.md" js >recover.mjs
[ -s recover.mjs ] || fail 'docs/recovery.md holds no program'

# Values that are awkward to quote, pad and print; init imports what an env file really sets.
mkdir home shop
cp -R "$stack/." shop
cat >shop/.env <<'EOF'
POSTGRES_PASSWORD='p$a ss"w#rd'
REDIS_PASSWORD="two
lines\\of exactly 32 bytes, padd"
SESSION_SECRET=grüße
EOF
(cd shop && env -i PATH="$PATH" HOME="$work/home" "$bulla" init --name alice </dev/null >../init.log 2>&1) ||
  { cat init.log; fail 'bulla init failed'; }
identity=$work/home/.config/bulla/identity.txt
vault=$work/shop/.bulla/dev.vault

# expect NAME: standard input is its first version.
expect() {
  cat >expected
  node recover.mjs "$vault" "$identity" "$1" 1 >recovered || fail "$1 does not open"
  cmp expected recovered || fail "$1 is another value"
}
printf 'p%sa ss"w#rd' '$' | expect POSTGRES_PASSWORD
printf 'two\nlines\\of exactly 32 bytes, padd' | expect REDIS_PASSWORD
printf 'gr\303\274\303\237e' | expect SESSION_SECRET

# Everything that the vault lists opens, made values too.
node recover.mjs "$vault" "$identity" >listed
[ "$(wc -l <listed)" -eq "$(grep -c '^set ' "$vault")" ] || fail 'the list is not complete'
while read -r name version; do
  node recover.mjs "$vault" "$identity" "$name" "$version" >value || fail "$name does not open"
  [ -s value ] || fail "$name is empty"
done <listed

# A stranger's identity and a line that was changed open nothing.
env -i PATH="$PATH" HOME="$work/stranger" "$bulla" identity new >/dev/null 2>&1 ||
  fail 'bulla identity new failed'
if node recover.mjs "$vault" "$work/stranger/.config/bulla/identity.txt" SESSION_SECRET 1 >value 2>/dev/null; then
  fail "a stranger's identity opens the vault"
fi
sed 's/^set SESSION_SECRET v=1 /set SESSION_SECRET v=2 /' "$vault" >changed.vault
if node recover.mjs changed.vault "$identity" SESSION_SECRET 2 >value 2>/dev/null; then
  fail 'a changed line opens'
fi
