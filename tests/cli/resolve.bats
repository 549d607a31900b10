# bulla resolve: names that two branches changed, merged by stock git.
load helper
load stack
load people

setup() {
  sandbox
  needs git jq
}

@test "resolve: a contested name is refused by all that would use it, others work" {
  make_vaults
  repository
  contest one two
  bulla get API_TOKEN
  expect 1 "'API_TOKEN' is contested" "bulla resolve API_TOKEN"
  bulla get POSTGRES_PASSWORD
  expect 0
  bulla render
  expect 1 "API_TOKEN" "bulla resolve API_TOKEN"
  bulla run -- true
  expect 1 "bulla resolve API_TOKEN"
  bulla check
  expect 1
  prints "B208" "bulla resolve -e dev API_TOKEN"
  bulla status
  prints "1 contested" "  bulla resolve API_TOKEN"
  bulla verify
  expect 0
}

@test "resolve: shows equal letters for equal values and no value, and refuses without a terminal" {
  make_vaults
  repository
  contest "$CANARY" "other-$CANARY"
  before=$(vaults)
  bulla resolve API_TOKEN
  expect 1 "'API_TOKEN' is contested in 'dev': nothing was taken" "bulla resolve API_TOKEN --take"
  prints "API_TOKEN: which value is it?" "V  ID " " A, " " B, " "alice" "contested"
  [[ $output == *"24 bytes"* && $output == *"30 bytes"* ]]
  [ "$before" = "$(vaults)" ]
  bulla resolve
  expect 1 "1 name is contested in 'dev'" "bulla resolve NAME"
  prints "API_TOKEN: which value is it?"
  [ "$before" = "$(vaults)" ]
}

@test "resolve: takes one by its id; the history says which" {
  make_vaults
  repository
  contest one two
  id=$("$BULLA" history API_TOKEN --format json |
    jq -r '[.versions[] | select(.contested)] | .[0].id')
  want=$(sed -n '/^set API_TOKEN v=2/p' .bulla/dev.vault | wc -l)
  [ "$want" = 2 ]
  bulla resolve API_TOKEN --take 2
  expect 1 "'API_TOKEN' has several versions 2" "bulla history -v API_TOKEN"
  bulla resolve API_TOKEN --take 9
  expect 1 "has no version 9"
  # The number in the table is not that of a version: 1 is the one before.
  bulla resolve API_TOKEN --take 1
  expect 1 "version 1 of 'API_TOKEN' is none of those that are contested" "bulla rollback API_TOKEN --to 1"
  bulla resolve API_TOKEN --take "${id:0:8}"
  expect 0 "'API_TOKEN' in 'dev' is settled as version 3" "used by api"
  bulla history API_TOKEN --format json
  jq -e --arg id "$id" '.versions[0] | .version == 3 and .state == "current" and .from == 2
    and .why == "resolved: version 2 by alice"' <<<"$output"
  bulla get API_TOKEN
  [[ $output = one || $output = two ]]
  bulla resolve API_TOKEN
  expect 0 "is not contested in 'dev': nothing was written"
  bulla resolve API_TOKEN --take 3
  expect 1 "is not contested" "bulla rollback"
  bulla resolve
  expect 0 "nothing is contested"
  bulla verify
  expect 0
}

@test "resolve: a new value comes from a file, and has to fit" {
  make_vaults
  repository
  contest one two
  echo nonsense >bad.txt
  bulla resolve API_TOKEN --file bad.txt
  expect 1 "the value does not fit 'API_TOKEN' (hex:32)"
  printf 'a\0b' >nul
  bulla resolve API_TOKEN --file nul --force
  expect 1 "the value of 'API_TOKEN' has a NUL byte" "set its base64 instead"
  write_canary value
  bulla resolve API_TOKEN --file value --force --why "the third one"
  expect 0 "settled as version 3"
  bulla_revealing get API_TOKEN
  [ "$output" = "$CANARY" ]
  bulla history API_TOKEN --format json
  jq -e '.versions[0].why == "the third one"' <<<"$output"
}

@test "resolve: a new value from standard input" {
  make_vaults
  repository
  contest one two
  "$BULLA" generate hex:32 >in.txt
  bulla_from in.txt resolve API_TOKEN --new
  expect 0 "settled as version 3"
  [ "$("$BULLA" get API_TOKEN)" = "$(cat in.txt)" ]
}

@test "resolve: on a terminal one is chosen by its number" {
  needs expect
  make_vaults
  repository
  contest one two
  answers=7 on_terminal shown "$BULLA" resolve API_TOKEN
  [ "$status" = 1 ]
  answers=1 on_terminal shown "$BULLA" resolve API_TOKEN
  [ "$status" = 0 ]
  grep -q "Take which one (1-2, new)" shown
  bulla get API_TOKEN
  expect 0
}

@test "resolve: equal values are settled unasked" {
  make_vaults
  repository
  contest same same
  bulla get API_TOKEN
  expect 1 "contested"
  bulla resolve
  expect 0 "'API_TOKEN' in 'dev' is settled as version 3"
  bulla get API_TOKEN
  prints_only same
  bulla history API_TOKEN --format json
  jq -e '.versions[0].why == "resolved: the same value"' <<<"$output"
}

@test "resolve: set on one branch, unset on another" {
  make_vaults
  repository
  quiet_git branch other
  bulla unset API_TOKEN --yes
  expect 0
  commit gone
  quiet_git checkout other
  echo two | "$BULLA" set API_TOKEN --force -q && commit theirs
  quiet_git checkout main
  merge other
  bulla resolve API_TOKEN
  expect 1 "or --unset"
  prints "API_TOKEN: set on one branch, unset on another"
  bulla resolve API_TOKEN --unset
  expect 0 "'API_TOKEN' in 'dev' has no value any more"
  bulla get API_TOKEN
  expect 1 "has no value"
  bulla resolve API_TOKEN --unset
  expect 1 "is not contested"
}

@test "resolve: on a terminal the branch that unset it can be taken too" {
  needs expect
  make_vaults
  repository
  quiet_git branch other
  bulla unset API_TOKEN
  commit gone
  quiet_git checkout other
  echo two | "$BULLA" set API_TOKEN --force -q && commit theirs
  quiet_git checkout main
  merge other
  answers="unset" on_terminal shown "$BULLA" resolve API_TOKEN
  [ "$status" = 0 ]
  grep -q "(1-1, new, unset)" shown
  bulla get API_TOKEN
  expect 1 "has no value"
}

@test "resolve: what a removed member wrote does not count, and the value before is offered" {
  make_vaults
  person bob
  add bob writer
  repository
  trust dev
  quiet_git branch other
  bulla recipient remove bob
  expect 0
  commit removal
  quiet_git checkout other
  set_as bob API_TOKEN planted
  quiet_git checkout main
  merge other
  bulla get API_TOKEN
  expect 1 "'API_TOKEN' is contested: 'bob', who wrote it last, had no right to" "bulla resolve API_TOKEN"
  bulla check
  prints "error B208 API_TOKEN was last written by 'bob', who had no right to"
  bulla run -- true
  expect 1 "'API_TOKEN' was last written by 'bob', who had no right to"
  bulla resolve API_TOKEN
  expect 1
  prints "does not count" "2  1  "
  bulla resolve API_TOKEN --take 1
  expect 0 "settled as version 3"
  bulla check
  prints "B404 API_TOKEN"
  # Neither its number nor a rollback brings it in; its id does, said.
  bulla get API_TOKEN@2
  expect 1 "does not count" "bulla history -v API_TOKEN"
  bulla rollback API_TOKEN --to 2
  expect 1 "does not count"
  bulla history -v API_TOKEN
  expect 0
  id=$(awk '$1 == 2 { print $NF }' <<<"$output")
  [ "${#id}" = 8 ]
  bulla get "API_TOKEN@$id"
  expect 0 "does not count: 'bob' had no right to write it"
  prints_only planted
}

@test "history: two versions of one number are told apart by their ids, and either is got" {
  make_vaults
  repository
  contest one two
  bulla history API_TOKEN
  expect 0
  prints "ID"
  ids=$(awk '$1 == 2 { print $NF }' <<<"$output")
  for id in $ids; do
    bulla get "API_TOKEN@$id"
    expect 0
    printf '%s\n' "$output" >>got
  done
  [ "$(sort got | tr '\n' ' ')" = "one two " ]
  bulla get API_TOKEN@2
  expect 1 "several versions 2" "bulla history -v API_TOKEN"
  bulla rollback API_TOKEN --to "${ids##*$'\n'}" --yes
  expect 0 "has the value of version 2"
}

@test "resolve: refuses a reader, names and options that make no sense" {
  make_vaults
  person bob
  add bob reader
  repository
  contest one two
  before=$(vaults)
  trust dev
  id=$("$BULLA" history API_TOKEN --format json | jq -r '.versions[0].id')
  as bob resolve API_TOKEN --take "$id"
  expect 1 "'bob' is a reader: to set values takes a role of writer"
  bulla resolve API_TOKE --take 1
  expect 1 "did you mean 'API_TOKEN'?"
  bulla resolve API_KEY
  expect 1 "'API_KEY' has no versions"
  bulla resolve API_TOKEN --take 1 --new
  expect 2 "exclude each other"
  bulla resolve --take 1
  expect 2 "of which name?" "'bulla resolve' lists what is contested"
  bulla resolve --new
  expect 2 "of which name?" "'bulla resolve' lists what is contested"
  [ "$before" = "$(vaults)" ]
  without_key
  bulla resolve API_TOKEN --take "$id"
  expect 4
}

# Beside the real version 2 stands one with a good signature and no ciphertext of its own, as a
# writer can make it.
@test "resolve: a version that does not open keeps nobody from taking the other" {
  make_stack
  sed -i 's/^environments = .*/environments = dev/; /^\[environment prod\]/,/^$/d; /@dev/d' bulla.ini
  mkdir .bulla
  cp "$SOURCE/tests/data/unopenable/dev.vault" .bulla/dev.vault
  install -D -m 600 "$SOURCE/tests/data/unopenable/identity.txt" "$XDG_CONFIG_HOME/bulla/identity.txt"
  bulla get API_TOKEN
  expect 1 "'API_TOKEN' is contested"
  bulla resolve API_TOKEN
  expect 1 "nothing was taken"
  local good bad
  good=$("$BULLA" history API_TOKEN --format json | jq -r '.versions[] | select(.at == "2026-11-26T14:18:57Z") | .id')
  bad=$("$BULLA" history API_TOKEN --format json | jq -r '.versions[] | select(.at == "2026-11-26T13:00:00Z") | .id')
  [ -n "$good" ] && [ -n "$bad" ]
  bulla resolve API_TOKEN --take "${bad:0:8}"
  [ "$status" -ne 0 ]
  bulla resolve API_TOKEN --take "${good:0:8}"
  expect 0
  bulla_revealing get API_TOKEN
  expect 0
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  # No reader opens the other version.
  rm .bulla/dev.vault
}

@test "resolve: a NUL byte that a vault holds is not taken" {
  mkdir .bulla
  printf '[KEYSTORE]\nkind = provided\n' >bulla.ini
  install -D -m 600 "$SOURCE/tests/data/nul/identity.txt" "$XDG_CONFIG_HOME/bulla/identity.txt"
  cp "$SOURCE/tests/data/nul/contested.vault" .bulla/dev.vault
  chmod 644 .bulla/dev.vault
  bulla resolve KEYSTORE --take 8OrFZ9Zv
  expect 0 "is settled as version 4"
  rm -rf "$XDG_STATE_HOME"
  cp "$SOURCE/tests/data/nul/contested.vault" .bulla/dev.vault
  bulla resolve KEYSTORE --take q9PwPV6S
  expect 1 "the value of 'KEYSTORE' has a NUL byte" "set its base64 instead"
  cmp "$SOURCE/tests/data/nul/contested.vault" .bulla/dev.vault
  rm -rf "$XDG_STATE_HOME"
  cp "$SOURCE/tests/data/nul/equal.vault" .bulla/dev.vault
  bulla resolve KEYSTORE
  expect 1 "the value of 'KEYSTORE' has a NUL byte"
  bulla resolve
  expect 1 "1 name is contested in 'dev'"
  cmp "$SOURCE/tests/data/nul/equal.vault" .bulla/dev.vault
}

@test "resolve: what is contested and exposed turns with what is exposed" {
  make_vaults
  repository
  person bob
  add bob writer
  commit bob
  contest one two
  bulla recipient remove bob --yes
  expect 0
  bulla rotate --exposed
  expect 10
  prints "API_TOKEN"
  bulla history API_TOKEN
  [[ $output != *contested* ]]
}
