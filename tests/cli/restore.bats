# bulla restore: what a reset took, from the journal.
load helper
load stack
load people

@test "restore: brings back what git reset --hard took, without a key" {
  needs git jq
  make_vaults
  repository
  write_canary value
  bulla set API_KEY --file value
  bulla rotate API_TOKEN
  whole=$(sort .bulla/dev.vault | sha256sum)
  commit two
  quiet_git reset --hard HEAD~1
  bulla list
  expect 0 "only in this machine's journal now" "bulla restore"
  without_key
  bulla restore
  expect 0 "2 lines are back in .bulla/dev.vault: commit it"
  prints "set       API_KEY    1  alice" "set       API_TOKEN  2  alice"
  [ "$whole" = "$(sort .bulla/dev.vault | sha256sum)" ]
  bulla list
  expect 0
  [[ $stderr != *journal* ]]
  bulla restore
  expect 0 "nothing is missing"
}

@test "restore: a value that was set after the reset is contested with what comes back" {
  needs git
  make_vaults
  repository
  echo one | "$BULLA" set API_TOKEN --force -q
  commit two
  quiet_git reset --hard HEAD~1
  echo two | "$BULLA" set API_TOKEN --force -q
  bulla restore
  expect 0 "1 line is back"
  bulla get API_TOKEN
  expect 1 "contested" "bulla resolve API_TOKEN"
}

@test "restore: a revert of the newest version is a rollback that it takes back" {
  needs git
  make_vaults
  repository
  echo one | "$BULLA" set API_TOKEN --force -q
  commit two
  quiet_git revert --no-edit HEAD
  bulla get API_TOKEN
  expect 0 "bulla restore"
  bulla restore
  expect 0 "1 line is back"
  [ "$("$BULLA" get API_TOKEN)" = one ]
}

@test "restore: lines that were never written here cannot come back, until --accept" {
  needs git jq
  make_vaults
  person bob
  add bob writer
  repository
  trust dev
  set_as bob API_TOKEN from-bob
  bulla verify -e dev
  expect 0
  quiet_git reset --hard HEAD~1
  bulla restore
  expect 5 "rolled back" "verify --accept"
  bulla verify --accept
  expect 0
  bulla restore
  expect 0 "nothing is missing"
}

@test "restore: a protected environment, no vault" {
  make_vaults
  bulla restore -e prod
  expect 1 "protected"
  bulla restore -e prod --yes
  expect 0 "nothing is missing"
  rm -r .bulla
  bulla restore
  expect 3 "has no vault"
}

@test "a vault that is gone, empty or cut off names git restore in every command that needs it" {
  needs git
  make_vaults
  repository
  local size
  size=$(wc -c <.bulla/prod.vault)
  for damage in "rm .bulla/prod.vault" "truncate -s 0 .bulla/prod.vault" \
    "truncate -s $((size / 2)) .bulla/prod.vault"; do
    $damage
    for command in check status list "run -- true" "restore --yes" verify; do
      # shellcheck disable=SC2086
      bulla ${command%% *} -e prod ${command#"${command%% *}"}
      [[ $status == [35] ]]
      expect "$status" "git restore"
      [[ $stderr != *"bulla init"* ]]
    done
    if [[ $damage == truncate* ]]; then
      bulla git fix -e prod
      expect 3 "git restore .bulla/prod.vault"
    fi
    quiet_git restore .bulla/prod.vault
    bulla verify -e prod
    expect 0
  done
}

@test "the vault of another environment in the place of the own one is status 5, and names git restore" {
  needs git
  make_vaults
  repository
  cp .bulla/dev.vault .bulla/prod.vault
  for command in "verify --against HEAD" "verify" "verify -e prod" "check -e prod"; do
    # shellcheck disable=SC2086
    bulla $command
    expect 5 "this is the vault of 'dev', not of 'prod'" "git restore .bulla/prod.vault brings back its own"
  done
  quiet_git restore .bulla/prod.vault
  bulla verify --against HEAD
  expect 0
}

@test "the command that brings back the own vault is one that a shell takes as it stands, whatever the folder is called" {
  needs git
  mkdir 'x;touch pwn'
  cd 'x;touch pwn' || return 1
  make_vaults
  cd ..
  repository
  cp 'x;touch pwn/.bulla/dev.vault' 'x;touch pwn/.bulla/prod.vault'
  quiet_git add -A
  bulla git pre-commit
  expect 5 "this is the vault of 'dev', not of 'prod'" "git restore 'x;touch pwn/.bulla/prod.vault' brings back its own"
}
