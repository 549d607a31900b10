#!/bin/sh
# The examples of the vault format, computed again by a reader that shares nothing with bulla. TAP; the arguments are
# node and the docs folder.
set -eu

node=$1
docs=$(realpath "$2")
reader=$(dirname "$(realpath "$0")")/reader.mjs
example=$docs/design/vault-example
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077

count=0
report() {
  count=$((count + 1))
  if [ "$2" = "$3" ]; then
    echo "ok $count - $1"
  else
    echo "not ok $count - $1: got '$2', want '$3'"
  fi
}
# judge VAULT: what the reader says of it.
judge() {
  "$node" "$reader" --quiet "$1" "$example/alice.txt" 2>&1 && echo good
}

"$node" "$reader" "$example/prod.vault" "$example/alice.txt" >values.json
report 'docs/design/vault-example has what the reader prints' "$(diff values.json "$example/values.json")" ""
report 'both members read the same' "$("$node" "$reader" "$example/prod.vault" "$example/bob.txt" | sed '/"authors"/,/^ \],/d')" \
  "$(sed '/"authors"/,/^ \],/d' values.json)"
report 'the reader has a hundred lines' "$(($(wc -l <"$reader") <= 100))" 1

# The example of docs/vault.5.md: each value of 32 bytes that the page names is one that the reader computes.
sed -n '/^## [0-9]*\. Example/,$p' "$docs/vault.5.md" >page
awk '$0 == "```" { inside = 0 } inside { print } $0 == "```vault" { inside = 1 }' page >dev.vault
grep -o 'AGE-SECRET-KEY-1[0-9A-Z]*' page >page.txt
"$node" "$reader" dev.vault page.txt >page.json
# shellcheck disable=SC2016
grep -o '`[A-Za-z0-9+/]\{43\}`' page | tr -d '`' | sort -u >named
missing=$(while read -r value; do grep -qF "$value" page.json || echo "$value"; done <named)
report 'the page names several' "$(($(wc -l <named) >= 8))" 1
report 'the reader computes what docs/vault.5.md names' "$missing" ""
# shellcheck disable=SC2016
value=$(sed -n 's/^The value of `DB_PASSWORD` is `\([^`]*\)`.*/\1/p' page)
report 'and the value' "$(sed -n 's/.*"value": "\(.*\)"$/\1/p' page.json)" "$value"

# It refuses what the format refuses.
report 'a vault as it is' "$(judge "$example/prod.vault")" good
sed 's/^set DB_PASSWORD v=1 \(.*\)by=alice/set DB_PASSWORD v=1 \1by=bob/' "$example/prod.vault" >forged.vault
case $(judge forged.vault) in *good) says=good ;; *'not signed by bob'* | *missing*) says=refused ;; *) says=odd ;; esac
report 'a changed record' "$says" refused
grep -v '^set OLD_TOKEN' "$example/prod.vault" >cut.vault
case $(judge cut.vault) in *missing*) says=refused ;; *) says=odd ;; esac
report 'a record that is gone' "$says" refused
grep -v '^del OLD_TOKEN' "$example/prod.vault" >newest.vault
report 'the newest gone, which nothing in the file shows' "$(judge newest.vault)" good
echo "1..$count"
