load helper
load stack

@test "diff: names that differ, never a value" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  bulla diff dev prod
  expect 0
  [[ ${lines[0]} =~ ^NAME\ +dev\ +prod\ +DIFFERENCE$ ]]
  prints "API_KEY            set      missing  presence" \
    "POSTGRES_PASSWORD  set      set      value" "LOG_LEVEL          default  default  value"
  [[ $output != *NOTE* ]]
}

@test "diff: with one environment it starts from the present one" {
  make_vaults
  bulla diff prod
  expect 0
  [[ ${lines[0]} =~ dev\ +prod ]]
  bulla diff dev -e prod
  [[ ${lines[0]} =~ prod\ +dev ]]
  bulla diff dev
  expect 2 "'dev' would be compared with itself" "bulla diff ENV ENV"
  prints_only ""
}

@test "diff: one secret in two environments is warned of" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  bulla set API_KEY --file value -e prod --yes
  bulla diff prod
  expect 0 "1 secret is the same in both: API_KEY"
  bulla diff prod --format json
  jq -e '.version == 1 and .from == "dev" and .to == "prod" and .compared == "values"
    and .same == ["API_KEY"] and ([.differences[] | select(.name == "API_KEY")] == [])
    and any(.differences[]; .name == "API_TOKEN" and .difference == "value")' <<<"$output"
}

@test "diff: kinds that differ" {
  make_vaults
  sed -i 's/^kind = hex:32/kind = hex:32\nkind@prod = hex:64/' bulla.ini
  bulla diff prod
  prints "API_TOKEN          hex:32   hex:64   kind"
}

@test "diff: without a key only presence and kind" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  without_key
  bulla diff prod
  expect 0 "without a key"
  prints API_KEY
  [[ $output != *API_TOKEN* ]]
  bulla diff prod --format json
  jq -e '.compared == "presence"' <<<"$output"
}

@test "diff: unknown environments and missing vaults" {
  make_vaults
  bulla diff
  expect 2
  bulla diff nowhere
  expect 2 "no environment 'nowhere'"
  rm .bulla/prod.vault
  bulla diff prod
  expect 3 "environment 'prod' has no vault"
}

@test "diff REV..REV: versions, who, when and why between two commits, without a key or a value" {
  load people
  needs git
  make_vaults
  repository
  write_canary value
  bulla set API_KEY --file value --why 'from the provider'
  bulla rotate API_TOKEN
  bulla unset POSTGRES_PASSWORD --why 'not used'
  commit changes
  without_key
  bulla diff HEAD~1..HEAD
  expect 0
  [[ ${lines[0]} =~ ^NAME\ +HEAD~1\ +HEAD\ +WHEN\ +BY\ +WHY$ ]]
  grep -Eq '^API_KEY +- +v1 +20.* UTC +alice +from the provider$' <<<"$output"
  grep -Eq '^API_TOKEN +v1 +v2 +20.* UTC +alice +' <<<"$output"
  grep -Eq '^POSTGRES_PASSWORD +v1 +unset +20.* UTC +alice +not used$' <<<"$output"
  [ "${#lines[@]}" = 4 ]
  bulla diff HEAD~1..
  expect 0
  [ "${#lines[@]}" = 4 ]
  bulla diff HEAD~1..HEAD -e prod
  expect 0 "no difference in 'prod' between 'HEAD~1' and 'HEAD'"
  prints_only ""
}

@test "diff REV: the work tree, from a folder of the repository" {
  load people
  needs git jq
  mkdir deploy && quiet_git init . && cd deploy
  make_vaults
  commit vaults
  bulla rotate API_TOKEN
  bulla diff HEAD
  expect 0
  [[ ${lines[0]} =~ ^NAME\ +HEAD\ +now ]]
  prints "API_TOKEN  v1    v2"
  bulla diff HEAD --format json
  expect 0
  jq -e '.version == 1 and .environment == "dev" and (.from | length == 40) and (has("to") | not)
    and .missing == 0 and .people == [] and .contract == []
    and (.secrets | length == 1) and (.secrets[0] | .name == "API_TOKEN" and .from == "v1"
      and .to == "v2" and .by == "alice")' <<<"$output"
}

@test "diff REV..REV: people, their rights and keys, and what became of the contract" {
  load people
  needs git jq
  make_vaults
  repository
  person bob
  add bob reader
  commit bob
  sed -i 's/^kind = hex:32/kind = hex:64/; /^\[NOTE\]/,$d' bulla.ini
  add bob writer
  commit more
  bulla recipient remove bob --yes
  commit gone
  bulla diff HEAD~3..HEAD~2
  expect 0
  grep -Eq '^MEMBER +HEAD~3 +HEAD~2 +WHEN +BY +WHY$' <<<"$output"
  grep -Eq '^bob +- +reader +20.* alice' <<<"$output"
  bulla diff HEAD~2..HEAD~1
  expect 0
  grep -Eq '^bob +reader +writer +20' <<<"$output"
  grep -Eq '^BULLA.INI +HEAD~2 +HEAD~1$' <<<"$output"
  grep -Eq '^API_TOKEN +hex:32 +hex:64$' <<<"$output"
  grep -Eq '^NOTE +provided +-$' <<<"$output"
  bulla diff HEAD~1..HEAD --format json
  expect 0
  jq -e '.people[0].name == "bob" and .people[0].from == "writer" and .people[0].to == "removed"
    and any(.secrets[]; .name == "API_TOKEN" and .to == "v1, exposed")' <<<"$output"
}

@test "diff REV..REV: two branches with a version each, and records that the second lacks" {
  load people
  needs git
  make_vaults
  repository
  quiet_git checkout -b other
  bulla rotate API_TOKEN
  commit theirs
  quiet_git checkout main
  bulla rotate API_TOKEN
  commit ours
  bulla diff other..main
  expect 0 "'main' lacks 1 record that 'other' has"
  grep -Eq '^API_TOKEN +v2 +v2, another ' <<<"$output"
  merge other
  bulla diff other..main
  expect 0
  grep -Eq '^API_TOKEN +v2 +contested ' <<<"$output"
  [[ $stderr != *lacks* ]]
}

@test "diff REV..REV: what is no revision, has no vault, or has another one" {
  load people
  needs git jq
  quiet_git init . && commit empty
  make_vaults
  commit vaults
  bulla diff HEAD~1..HEAD
  expect 0
  grep -Eq '^API_TOKEN +- +v1 ' <<<"$output"
  grep -Eq '^alice +- +owner ' <<<"$output"
  bulla diff HEAD~1..HEAD~1
  expect 3 "environment 'dev' has no vault in 'HEAD~1' and 'HEAD~1'"
  bulla diff nowhere..HEAD
  expect 2 "git knows no commit 'nowhere'"
  bulla diff HEAD...main
  expect 2 "one dot too many"
  bulla diff -- --all..HEAD
  expect 2 "git knows no commit '--all'"
  rm -r .bulla "$XDG_STATE_HOME"
  quiet_git rm -rq --cached .bulla
  bulla init --name alice
  expect 0
  commit replaced
  bulla diff HEAD~1..HEAD
  expect 5 "the root is"
  # A vault of the past that does not verify is not shown.
  sed -i '/^set API_TOKEN/s/by=alice/by=alicf/' .bulla/dev.vault
  commit forged
  bulla diff HEAD~1..HEAD
  expect 5 "in 'HEAD'"
}

@test "diff REV: a vault of the work tree that is a link is refused, as everywhere" {
  load people
  needs git
  make_vaults
  repository
  mv .bulla/dev.vault elsewhere.vault
  ln -s ../elsewhere.vault .bulla/dev.vault
  bulla diff HEAD
  expect 3 ".bulla/dev.vault:1:1: error: a vault is a file, not a symbolic link"
  rm .bulla/dev.vault
  mkdir .bulla/dev.vault
  bulla diff HEAD
  expect 3 ".bulla/dev.vault:1:1: error: is not a regular file"
}
