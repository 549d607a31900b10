load helper
load stack
load people

three() {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  for value in bbbbbbbbbbbbbbbbbbbbbbbb cccccccccccccccccccccccc; do
    echo $value | "$BULLA" set API_KEY
  done
}

@test "rollback: the value before, as a new version, with the services that use it" {
  three
  bulla rollback API_KEY
  expect 0 "has the value of version 2" "as version 4" "used by worker" \
    "docker compose up -d --force-recreate worker"
  [ "$("$BULLA" get API_KEY)" = bbbbbbbbbbbbbbbbbbbbbbbb ]
  second=$(grep '^set API_KEY v=2 ' .bulla/dev.vault)
  [ -n "$second" ]
  records dev | grep -q '^set API_KEY v=4 .*m=from:[^;]*;kind:provided;why:rolled%20back%20to%20version%202'
}

@test "rollback: to a version, with a reason, and back again" {
  three
  bulla rollback API_KEY --to 1 --why 'provider refused it'
  expect 0 "version 1"
  [ "$("$BULLA" get API_KEY)" = "$CANARY" ]
  records dev | grep -q 'v=4 .*why:provider%20refused%20it'
  bulla rollback API_KEY
  [ "$("$BULLA" get API_KEY)" = cccccccccccccccccccccccc ]
}

@test "rollback: services that use what is derived from it are named too" {
  make_vaults
  "$BULLA" generate password:32 | "$BULLA" set POSTGRES_PASSWORD
  bulla rollback POSTGRES_PASSWORD
  expect 0 "used by db api"
}

@test "rollback: brings back what was unset" {
  three
  bulla unset API_KEY
  bulla rollback API_KEY
  expect 0 "has the value of version 3"
  [ "$("$BULLA" get API_KEY)" = cccccccccccccccccccccccc ]
}

@test "rollback: works without a compose file" {
  three
  rm compose.yaml
  bulla rollback API_KEY -v
  expect 0 "which services use it is not known"
}

@test "rollback: what cannot be gone back to" {
  three
  before=$(vaults)
  bulla rollback API_KEY --to 3
  expect 0 "is the current one: nothing was written"
  bulla rollback API_KEY --to 9
  expect 1 "has no version 9" "bulla history -v API_KEY"
  bulla rollback API_TOKEN
  expect 1 "no version to go back to"
  bulla rollback NOTE
  expect 1 "has no versions in 'dev'"
  bulla rollback API_KEI
  expect 1 "did you mean 'API_KEY'?"
  bulla rollback API_KEY --to zero
  expect 2
  observe setsid -w "$BULLA" rollback API_TOKEN -e prod
  expect 1 "protected"
  without_key
  bulla rollback API_KEY
  expect 4
  [ "$before" = "$(vaults)" ]
}

@test "rollback: names the server whose data keeps the value it goes back from, and the files of the stack" {
  make_vaults
  mv compose.yaml stack.yaml
  sed -i 's/^\[environment prod\]/[environment dev]\ncompose = stack.yaml\n\n&/' bulla.ini
  bulla rotate POSTGRES_PASSWORD
  expect 0
  bulla rollback POSTGRES_PASSWORD
  expect 0 "'db' (PostgreSQL) keeps the 'POSTGRES_PASSWORD'" "used by db api" "next:
  # first, as 'db' (PostgreSQL) has the old POSTGRES_PASSWORD until it is told:
  (v=\$(bulla get POSTGRES_PASSWORD) && [ -n \"\$v\" ] && printf '%s\\n%s\\n' \"\$v\" \"\$v\" | bulla run -- docker compose -f stack.yaml exec -T db sh -c " \
    "  bulla run -- docker compose -f stack.yaml up -d --force-recreate db api"
}

@test "rollback: a version that somebody who has left could read is brought back with a warning" {
  make_vaults
  mkdir -p "$BATS_TEST_TMPDIR/bob"
  "$BULLA" age keygen -o "$BATS_TEST_TMPDIR/bob.key" 2>/dev/null
  bulla recipient add bob "$("$BULLA" age keygen -y "$BATS_TEST_TMPDIR/bob.key")" --yes
  expect 0
  bulla recipient remove bob --yes
  expect 0
  bulla rotate POSTGRES_PASSWORD
  bulla check
  [[ $output != *"B404 POSTGRES_PASSWORD"* ]]
  bulla rollback POSTGRES_PASSWORD
  expect 0 "that value is exposed: somebody outside may have it"
  bulla check
  prints "B404 API_TOKEN"
}

@test "rollback: a NUL byte that a vault holds is not repeated" {
  mkdir .bulla
  printf '[KEYSTORE]\nkind = provided\n' >bulla.ini
  cp "$SOURCE/tests/data/nul/dev.vault" .bulla/dev.vault
  install -D -m 600 "$SOURCE/tests/data/nul/identity.txt" "$XDG_CONFIG_HOME/bulla/identity.txt"
  printf abcdefgh | "$BULLA" set KEYSTORE
  cp .bulla/dev.vault before
  bulla rollback KEYSTORE
  expect 1 "the value of 'KEYSTORE' has a NUL byte, which no environment can hold" "set its base64 instead"
  cmp before .bulla/dev.vault
}

# A contract that keeps what was before for a week, and an application that reads it.
keeps_previous() {
  umask 077
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  sed -i 's/^\[API_TOKEN\]/&\nkeep-previous = 7d\nprevious-as = API_TOKEN_PREVIOUS/' bulla.ini
  sed -i 's/^      API_TOKEN: .*/&\n      API_TOKEN_PREVIOUS: ${API_TOKEN_PREVIOUS:-}/' compose.yaml
  "$BULLA" get API_TOKEN >"$TMPDIR/first"
  bulla rotate API_TOKEN
  "$BULLA" get API_TOKEN >"$TMPDIR/second"
}

# reads FILE FILE: what the application reads, as the current and as the previous one.
reads() {
  [ "$("$BULLA" run -- sh -c 'echo "$API_TOKEN"')" = "$(cat "$1")" ]
  [ "$("$BULLA" run -- sh -c 'echo "$API_TOKEN_PREVIOUS"')" = "$(cat "$2")" ]
}

@test "rollback: what was live until now stays valid as the previous value, there and back" {
  keeps_previous
  reads "$TMPDIR/second" "$TMPDIR/first"
  bulla rollback API_TOKEN
  expect 0 "the value until now stays valid until"
  reads "$TMPDIR/first" "$TMPDIR/second"
  bulla check
  [[ $output != *B308* ]]
  bulla rollback API_TOKEN
  expect 0
  reads "$TMPDIR/second" "$TMPDIR/first"
  bulla check
  [[ $output != *B308* ]]
}

@test "rollback: a window that is open stays open where the contract keeps none any more" {
  keeps_previous
  sed -i '/^keep-previous/d' bulla.ini
  bulla rollback API_TOKEN
  expect 0 "the value until now stays valid until"
  reads "$TMPDIR/first" "$TMPDIR/second"
}

@test "rollback: a value is never its own previous one" {
  keeps_previous
  sed -i '/^keep-previous/d; s/^previous-as.*//' bulla.ini
  # As a bulla did that kept nothing beside it: the value of version 1 again, without the window.
  "$BULLA" set API_TOKEN --file "$TMPDIR/first" -q
  sed -i 's/^\[API_TOKEN\]/&\nprevious-as = API_TOKEN_PREVIOUS/' bulla.ini
  reads "$TMPDIR/first" /dev/null
  bulla check
  [[ $output != *B308* ]]
}

@test "rollback: after resolve it takes the other branch's value, and says which version that is" {
  needs git jq
  make_vaults
  repository
  contest one two
  local taken
  taken=$("$BULLA" history API_TOKEN --format json | jq -r '[.versions[] | select(.contested)] | .[0].id')
  bulla resolve API_TOKEN --take "${taken:0:8}"
  expect 0
  local before other
  before=$("$BULLA" get API_TOKEN)
  bulla rollback API_TOKEN
  expect 0 "has the value of version 2, " "as version 4"
  [[ $stderr != *"version 2, ${taken:0:8}"* ]]
  other=$("$BULLA" get API_TOKEN)
  [[ $before != "$other" && "$before $other" == @(one two|two one) ]]
  bulla rollback API_TOKEN
  expect 0
  [[ $("$BULLA" get API_TOKEN) == "$before" ]]
}
