load helper

@test "identity new: writes the default file for its owner alone, and prints the recipient" {
  bulla identity new
  expect 0 "identity written to $XDG_CONFIG_HOME/bulla/identity.txt" "keep a copy"
  [[ $output =~ ^age1[0-9a-z]{58}$ ]]
  file=$XDG_CONFIG_HOME/bulla/identity.txt
  [ "$(stat -c %a "$file")" = 600 ]
  [ "$(stat -c %a "$XDG_CONFIG_HOME/bulla")" = 700 ]
  grep -q "^# public key: $output\$" "$file"
  grep -q '^AGE-SECRET-KEY-1' "$file"
}

@test "identity new: never prints the private key" {
  bulla identity new -v
  if grep -q AGE-SECRET <<<"$output$stderr"; then return 1; fi
}

@test "identity new: does not overwrite" {
  bulla identity new
  before=$(sha256sum "$XDG_CONFIG_HOME/bulla/identity.txt")
  bulla identity new
  expect 1 "an identity is there already" "bulla identity show"
  prints_only ""
  [ "$before" = "$(sha256sum "$XDG_CONFIG_HOME/bulla/identity.txt")" ]
  echo mine >other.txt
  bulla identity new --out other.txt
  expect 1 "other.txt: error: an identity is there already"
  [ "$(cat other.txt)" = mine ]
  ln -s nowhere link.txt
  bulla identity new --out link.txt
  expect 1 "link.txt"
  [ ! -e nowhere ]
}

@test "identity new: --out writes another file and says how to use it" {
  bulla identity new --out ci.txt
  expect 0 "--identity ci.txt"
  [ "$(stat -c %a ci.txt)" = 600 ]
  [ ! -e "$XDG_CONFIG_HOME/bulla" ]
}

@test "identity new: a folder that is not there or may not be written is an error" {
  bulla identity new --out nowhere/ci.txt
  expect 3 "nowhere/ci.txt"
  mkdir shut && chmod 500 shut
  unprivileged
  bulla identity new --out shut/ci.txt
  expect 6 "shut/ci.txt"
}

@test "identity new: without a home a file has to be named" {
  unset HOME XDG_CONFIG_HOME
  bulla identity new
  expect 2 "without HOME" "--out FILE"
  bulla identity new --out here.txt
  expect 0
}

@test "identity show: prints the recipient of the default file" {
  bulla identity new
  recipient=$output
  bulla identity show
  expect 0 "from $XDG_CONFIG_HOME/bulla/identity.txt"
  prints_only "$recipient"
}

@test "identity show: reads the places in their order" {
  for name in a b c d; do
    bulla identity new --out $name.txt
    printf -v "$name" %s "$output"
  done
  mkdir creds && cp d.txt creds/bulla-identity
  export CREDENTIALS_DIRECTORY=$PWD/creds
  bulla identity show && prints_only "$d"
  BULLA_IDENTITY=$(cat c.txt) bulla identity show
  prints_only "$c"
  export BULLA_IDENTITY_FILE=b.txt
  BULLA_IDENTITY=$(cat c.txt) bulla identity show
  prints_only "$b"
  bulla identity show --identity a.txt && prints_only "$a"
  run --separate-stderr bash -c '"$0" identity show --identity /dev/fd/5 5<c.txt' "$BULLA"
  prints_only "$c"
}

@test "identity: what BULLA_IDENTITY holds that is no text of one is told what it takes" {
  bulla identity new -o c.txt
  expect 0
  for text in "$PWD/c.txt" "$(tr '\n' ' ' <c.txt)"; do
    BULLA_IDENTITY=$text bulla identity show
    expect 3 "BULLA_IDENTITY" "its line ends included" "BULLA_IDENTITY_FILE"
  done
}

@test "identity show: a file of several keys gives several recipients" {
  bulla identity new --out a.txt && one=$output
  bulla identity new --out b.txt && two=$output
  cat a.txt b.txt >both.txt && chmod 600 both.txt
  bulla identity show --identity both.txt
  prints_only "$one"$'\n'"$two"
}

@test "identity show: what is missing, open to others or no identity" {
  bulla identity show
  expect 4 "no identity" "bulla identity new"
  bulla identity show --identity nope.txt
  expect 3 "nope.txt"
  printf '%s\n' "$CANARY" >wrong.txt && chmod 600 wrong.txt && may_hold_canary wrong.txt
  bulla identity show --identity wrong.txt
  expect 3 "wrong.txt:1"
  bulla identity new --out open.txt
  chmod 644 open.txt
  bulla identity show --identity open.txt
  expect 0 "others may read the identity file open.txt"
  bulla identity new
  chmod 644 "$XDG_CONFIG_HOME/bulla/identity.txt"
  bulla identity show
  expect 1 "identity.txt"
}

@test "identity import: from a file, a descriptor and standard input, byte by byte" {
  bulla identity new --out old.txt
  recipient=$output
  file=$XDG_CONFIG_HOME/bulla/identity.txt
  bulla identity import --file old.txt
  expect 0 "identity written to $file"
  prints_only "$recipient"
  cmp old.txt "$file"
  [ "$(stat -c %a "$file")" = 600 ]
  [ "$(stat -c %a "$XDG_CONFIG_HOME/bulla")" = 700 ]
  bulla_from old.txt identity import --out two.txt
  expect 0 "--identity two.txt"
  cmp old.txt two.txt
  run --separate-stderr bash -c '"$0" identity import --fd 5 --out three.txt 5<old.txt' "$BULLA"
  expect 0
  cmp old.txt three.txt
  [ "$(stat -c %a three.txt)" = 600 ]
  [[ $output$stderr != *AGE-SECRET* ]]
}

@test "identity import: asks on a terminal, without echo" {
  needs expect
  load stack
  bulla identity new --out old.txt
  answers=$(grep AGE-SECRET old.txt) on_terminal shown "$BULLA" identity import
  [ "$status" = 0 ]
  if grep -q 'AGE-SECRET-KEY-1[0-9A-Z]' shown; then return 1; fi
  bulla identity show
  [[ $(cat shown) == *$output* ]]
}

@test "identity import: one that is encrypted with a passphrase stays so, and asks for it" {
  needs expect
  load stack
  bulla identity new --out old.txt
  recipient=$output
  write_canary words
  bulla age encrypt --passphrase-file words --work-factor 10 -o old.age old.txt
  observe setsid -w "$BULLA" identity import --file old.age
  expect 4 "no terminal to ask for the passphrase of old.age"
  [ ! -e "$XDG_CONFIG_HOME/bulla" ]
  answers=wrong on_terminal shown "$BULLA" identity import --file old.age
  [ "$status" = 4 ]
  [ ! -e "$XDG_CONFIG_HOME/bulla" ]
  answers=$CANARY on_terminal shown "$BULLA" identity import --file old.age
  [ "$status" = 0 ]
  grep -q "passphrase of old.age: " shown
  grep -q "$recipient" shown
  cmp old.age "$XDG_CONFIG_HOME/bulla/identity.txt"
}

@test "identity import: refuses what is no identity, and to overwrite" {
  write_canary wrong.txt
  bulla identity import --file wrong.txt
  expect 3 "wrong.txt:1" "not an identity"
  [ ! -e "$XDG_CONFIG_HOME/bulla" ]
  bulla_from /dev/null identity import
  expect 3 "standard input"
  bulla identity import --file nope.txt
  expect 3 "nope.txt"
  bulla identity import --file wrong.txt --fd 3
  expect 2 "two places"
  bulla identity new --out a.txt
  bulla identity new
  before=$(sha256sum "$XDG_CONFIG_HOME/bulla/identity.txt")
  bulla identity import --file a.txt
  expect 1 "an identity is there already"
  [ "$before" = "$(sha256sum "$XDG_CONFIG_HOME/bulla/identity.txt")" ]
  chmod 644 a.txt
  bulla identity import --file a.txt --out b.txt
  expect 0 "others may read a.txt"
  [ "$(stat -c %a b.txt)" = 600 ]
}

@test "identity new: a private key that git does not ignore is warned of, with the line that does it" {
  needs git
  mkdir sub
  bulla identity new --out sub/before.txt
  expect 0
  [[ $stderr != *warning* ]]
  git init -q .
  bulla identity new --out sub/ci.txt
  expect 0 "warning: git does not ignore sub/ci.txt, and it is a private key" \
    "add the line '/sub/ci.txt' to "
  bulla identity import --file sub/ci.txt --out copy.txt
  expect 0 "warning: git does not ignore copy.txt"
  echo '/sub/ci.txt' >.gitignore
  rm sub/ci.txt
  bulla identity new --out sub/ci.txt
  expect 0
  [[ $stderr != *warning* ]]
}
