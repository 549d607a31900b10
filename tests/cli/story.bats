# Two people and one vault, from the invitation to the farewell, with stock git.
load helper
load stack
load people

@test "story: bob asks, alice adds, both write, branches merge, bob leaves, his keys are turned" {
  needs git jq
  make_vaults
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set API_KEY -q
  repository

  # The invitation goes by any way; the fingerprint by another.
  as bob identity new
  expect 0
  as bob recipient request --name bob
  expect 0 "fingerprint"
  bulla recipient add "$output" --role writer --yes
  expect 0 "'bob' is a member of 'dev': a writer"
  commit "let bob in"
  trust dev
  as bob get POSTGRES_PASSWORD
  expect 0
  [ "$output" = "$("$BULLA" get POSTGRES_PASSWORD)" ]

  # Different names on two branches merge by themselves; one name on both is contested.
  quiet_git checkout -b bobs
  set_as bob NOTE "by-bob"
  set_as bob API_TOKEN "$("$BULLA" generate hex:32)"
  quiet_git checkout main
  bulla rotate POSTGRES_PASSWORD
  bulla rotate API_TOKEN
  commit "alice turns"
  merge bobs
  bulla verify -e dev --against HEAD~1
  expect 0
  [ "$("$BULLA" get NOTE)" = by-bob ]
  as bob get POSTGRES_PASSWORD
  expect 0
  bulla get API_TOKEN
  expect 1 "contested"
  as bob resolve API_TOKEN
  expect 1
  prints "alice" "bob"
  id=$("$BULLA" history API_TOKEN --format json |
    jq -r '.versions[] | select(.contested and .by == "bob").id')
  as bob resolve API_TOKEN --take "$id"
  expect 0 "settled as version 3"
  commit "bob settles it"
  bulla history API_TOKEN --format json
  jq -e '.versions[0] | .by == "bob" and .state == "current"' <<<"$output"

  # bob leaves: what he could read is exposed until it is turned at its source.
  bulla recipient remove bob --why "left"
  expect 0
  prints "bob could read 4 of 4 secrets" "  bulla rotate API_TOKEN POSTGRES_PASSWORD" \
    "  bulla set API_KEY" "  bulla set NOTE"
  commit "bob left"
  bulla check
  expect 0
  prints "B404 API_TOKEN" "B404 API_KEY" "B404 NOTE" "B404 POSTGRES_PASSWORD"
  bulla status --format json
  jq -e '.counts.exposed == 4' <<<"$output"
  as bob set NOTE --file bulla.ini
  expect 4 "no member of the vault"
  bulla rotate API_TOKEN POSTGRES_PASSWORD
  expect 0
  echo zyxwvutsrqponmlkjihgfedc | "$BULLA" set API_KEY -q
  echo other | "$BULLA" set NOTE -q
  commit "all is turned"
  bulla check
  expect 0
  [[ $output != *B404* ]]
  as bob get API_TOKEN
  expect 4
  bulla access --member bob
  expect 0
  prints "removed  alice  left" "API_TOKEN          no, turned since"
  bulla verify -e dev
  expect 0
}

@test "story: bob, removed, goes on writing on his branch, and it does not count" {
  needs git
  make_vaults
  person bob
  person eve
  add bob writer
  repository
  trust dev
  quiet_git branch bobs
  bulla recipient remove bob
  bulla rotate API_TOKEN
  commit "bob left"
  quiet_git checkout bobs
  set_as bob API_TOKEN "planted"
  # shellcheck disable=SC2046
  as bob recipient add $(cat eve.line) --yes
  expect 1 "takes a role of admin"
  quiet_git checkout main
  merge bobs
  bulla verify -e dev
  expect 0
  bulla verify -e dev --against main~1
  expect 1
  bulla run -- true
  expect 1 "API_TOKEN"
  bulla resolve API_TOKEN
  expect 1 "nothing was taken"
  prints "does not count" "alice"
  bulla rollback API_TOKEN --to 3
  expect 1 "has no version 3"
  "$BULLA" generate hex:32 >token
  bulla resolve API_TOKEN --file token
  expect 0 "settled as version 3"
  [ "$("$BULLA" get API_TOKEN)" = "$(cat token)" ]
  bulla check
  [[ $output != *B208* ]]
}
