# bulla access: who can read and write what, and who could.
load helper
load stack

# The home of NAME with an identity; he becomes ROLE, with his request.
join() {
  local home=$BATS_TEST_TMPDIR/$1 line
  HOME=$home XDG_CONFIG_HOME='' XDG_STATE_HOME='' "$BULLA" identity new -q
  line=$(HOME=$home XDG_CONFIG_HOME='' XDG_STATE_HOME='' "$BULLA" recipient request -q --name "$1")
  bulla recipient add "$line" --role "$2" --yes
  expect 0
}

# bob reads the first values of both keys, then is removed; API_TOKEN turns; carol comes, and needs
# the old key for POSTGRES_PASSWORD: with it she reads the old versions of API_TOKEN too.
history() {
  make_vaults
  join bob writer
  bulla rotate API_TOKEN
  expect 0
  bulla recipient add bob --role reader --yes
  bulla recipient remove bob --why left
  expect 0
  bulla rotate API_TOKEN
  join carol reader
}

@test "access: everybody, those who have left too, without a key" {
  history
  without_key
  bulla access
  expect 0
  prints "MEMBER  ROLE     READS           WRITES  SINCE" "alice   owner    2 of 2 secrets  yes" \
    "carol   reader   2 of 2 secrets  no" "bob     removed  1 of 2 secrets  no"
  # A setting that is sealed is no secret, here as in what a removal and status say.
  mv "$BATS_TEST_TMPDIR/away.txt" "$XDG_CONFIG_HOME/bulla/identity.txt"
  echo INFO | "$BULLA" set -q LOG_LEVEL
  bulla access
  prints "carol   reader   2 of 2 secrets, 1 of 1 setting  no" "1 of 2 secrets, 0 of 1 setting"
  bulla status
  prints "dev: 2 secrets, 1 derived, 1 setting set"
  bulla recipient remove carol
  prints "carol could read 2 of 2 secrets in 'dev'"
}

@test "access: every environment that has a vault, each under its name, or the one that is named" {
  history
  bulla access
  expect 0
  [ "${lines[0]}" = dev ]
  [[ $output == *$'\n\nprod\nMEMBER  ROLE   READS           WRITES  SINCE'* ]]
  bulla access -e prod
  [ "${lines[0]}" = prod ]
  [[ $output != *bob* ]]
  BULLA_ENV=prod bulla access
  [ "${lines[0]}" = prod ]
  # Those that do not know him are left out.
  bulla access --member bob
  [ "${lines[0]}" = "bob in dev" ]
  [[ $output != *prod* ]]
  bulla access --member bob -e prod
  expect 1 ".bulla/prod.vault: error: 'bob' never was a member"
  bulla access API_TOKEN
  prints "API_TOKEN in dev" "API_TOKEN in prod"
  # A vault that does not verify is not passed over, and nothing is half told.
  sed -i '/^set API_TOKEN/s/by=alice/by=alicf/' .bulla/prod.vault
  bulla access --format json
  expect 5 ".bulla/prod.vault"
  prints_only ""
  rm .bulla/prod.vault
  bulla access
  expect 0
  [[ $output != *prod* ]]
}

@test "access: with a pinned root, of the vault that it names" {
  make_vaults
  BULLA_ROOT=$(bulla verify -e dev --format json; grep -o '"root": *"[^"]*"' <<<"$output" | cut -d'"' -f4)
  export BULLA_ROOT
  bulla access
  expect 0
  [ "${lines[0]}" = dev ]
  [[ $output != *prod* ]]
}

@test "access NAME: who can read it, which versions, and who could" {
  history
  bulla access API_TOKEN
  expect 0
  prints "alice   owner    yes    yes     1-3 " "carol   reader   yes    no      1-3 " \
    "bob     removed  no     no      1-2 "
  bulla access POSTGRES_PASSWORD
  prints "bob     removed  yes    no      1 " "carol   reader   yes    no      1 "
}

@test "access --member: what he was allowed when, and all that he could ever read" {
  history
  bulla access --member bob
  expect 0
  prints "SINCE                 ROLE     BY     WHY" " writer   alice  -" " reader   alice  -" \
    " removed  alice  left" "API_TOKEN          no, turned since  1-2 " \
    "POSTGRES_PASSWORD  yes, exposed      1 "
  bulla access API_TOKEN -m carol
  expect 0
  prints "API_TOKEN  yes    1-3 "
  [[ $output != *POSTGRES* ]]
}

@test "access --member: a hand-over is told of both" {
  make_vaults
  join bob admin
  bulla recipient add bob --role owner --yes
  bulla access -m alice
  prints " owner  alice" " admin  alice"
  bulla access -m bob
  prints " admin  alice" " owner  alice"
}

@test "access: --format json" {
  needs jq
  history
  bulla access --format json
  jq -e '.version == 1 and ([.environments[].environment] == ["dev", "prod"])
    and (.environments[1].people | length == 1)' <<<"$output"
  jq -e '.environments[0] | .values == 2
    and ([.people[] | .name] == ["alice", "carol", "bob"])
    and (.people[0] | .role == "owner" and .writes and .reads == 2 and .by == "alice")
    and (.people[2] | (has("role") | not) and (.writes | not) and .reads == 1)' <<<"$output"
  bulla access API_TOKEN --format json -e dev
  jq -e '.environments | length == 1 and .[0].environment == "dev"' <<<"$output"
  jq -e '.environments[0] | .name == "API_TOKEN" and (.people[2] | .reads == false and .versions == [2, 1]
    and (.readableSince | test("Z$")) and .exposed == false)' <<<"$output"
  bulla access -m bob --format json
  jq -e '.environments[0] | .member == "bob" and ([.history[] | .role] == ["writer", "reader", null])
    and .history[2].why == "left" and ([.secrets[].name] == ["API_TOKEN", "POSTGRES_PASSWORD"])
    and (.secrets[1] | .reads and .exposed and .versions == [1])' <<<"$output"
}

@test "access: names that are none" {
  make_vaults
  bulla access API_TOKE
  expect 1 "there is no 'API_TOKE'" "did you mean 'API_TOKEN'?"
  bulla access API_KEY
  expect 1 "'API_KEY' has no versions in 'dev'"
  bulla access --member alic
  expect 1 "'alic' never was a member" "did you mean 'alice'?"
  bulla access --member zoe
  expect 1 "bulla access"
  rm -r .bulla
  bulla access
  expect 3 "no environment has a vault" "bulla init"
  bulla access -e dev
  expect 3 "has no vault"
}

@test "access: what is no vault in .bulla does not hide the others" {
  needs jq
  make_vaults
  echo junk >.bulla/junk.vault
  ln -s nowhere .bulla/link.vault
  bulla access
  expect 1 ".bulla/junk.vault is passed over" ".bulla/link.vault is passed over"
  [ "$(grep -c 'junk.vault is passed over' <<<"$stderr")" = 1 ]
  prints dev prod alice
  bulla access --format json
  expect 1 ".bulla/junk.vault is passed over"
  jq -e '[.environments[].environment] == ["dev", "prod"]' <<<"$output"
  bulla access --member zoe
  expect 1 "'zoe' never was a member" ".bulla/junk.vault is passed over"
  rm .bulla/dev.vault .bulla/prod.vault
  bulla access
  expect 1 ".bulla/junk.vault is passed over"
}
