# A CI: its identity, the trust in the right vault, and what works without any key.
load helper
load stack
load people

# A machine that has never seen anything: no home, no memory.
fresh() {
  env -u HOME -u XDG_CONFIG_HOME -u XDG_STATE_HOME -u XDG_CACHE_HOME "$@"
}

bulla_fresh() {
  run --separate-stderr fresh "$BULLA" "$@"
  keep_said
}

# Vaults with the canary in API_KEY, and a reader called ci whose identity is in ci.txt.
ci() {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  bulla set API_KEY --file value -e prod --yes
  bulla recipient add ci --new --out ci.txt --all-environments --yes
  expect 0
}

@test "ci: BULLA_IDENTITY opens on a machine without a home, and nothing is asked or remembered" {
  ci
  BULLA_IDENTITY=$(cat ci.txt)
  export BULLA_IDENTITY
  # shellcheck disable=SC2016
  bulla_fresh run -e prod -- sh -c 'test ${#API_KEY} = 24 && test -z "$BULLA_IDENTITY"'
  expect 0
  bulla_fresh check -e prod
  expect 0
  bulla_fresh verify -e prod
  expect 0
  [[ $stderr != *"not known"* ]]
}

@test "ci: an empty BULLA_IDENTITY takes nobody's key, and leaves what needs none" {
  make_vaults
  BULLA_IDENTITY='' bulla run -- true
  expect 4 "BULLA_IDENTITY is empty" "unset it to use the default file"
  BULLA_IDENTITY='' bulla get --reveal API_TOKEN
  expect 4 "BULLA_IDENTITY is empty"
  BULLA_IDENTITY='' bulla list
  expect 0
  BULLA_IDENTITY='' bulla check
  [ "$status" = 1 ]
  BULLA_IDENTITY='' bulla verify
  expect 0
}

@test "ci: an empty BULLA_IDENTITY_FILE is as one that is not there for this job" {
  make_vaults
  BULLA_IDENTITY_FILE='' bulla get API_TOKEN
  expect 4 "BULLA_IDENTITY_FILE is empty" "unset it to use the default file"
  BULLA_IDENTITY_FILE='' bulla list
  expect 0
  # What is said beside it counts.
  BULLA_IDENTITY_FILE='' BULLA_IDENTITY=$(cat "$XDG_CONFIG_HOME/bulla/identity.txt") bulla get API_TOKEN
  expect 0
  BULLA_IDENTITY_FILE='' bulla get API_TOKEN --identity "$XDG_CONFIG_HOME/bulla/identity.txt"
  expect 0
}

@test "ci: a fresh home trusts the vaults of the identity, and no other" {
  needs jq
  ci
  export HOME=$BATS_TEST_TMPDIR/runner XDG_STATE_HOME='' XDG_CONFIG_HOME=''
  mkdir "$HOME"
  BULLA_IDENTITY_FILE=ci.txt bulla get API_TOKEN
  expect 0
  # The same identity without the line: nobody can say whether this is the right vault.
  grep -v bulla-root ci.txt >bare.txt
  chmod 600 bare.txt
  rm -r "$HOME"/.local
  BULLA_IDENTITY_FILE=bare.txt bulla get API_TOKEN
  expect 5 "is not known on this machine"
  BULLA_IDENTITY_FILE=bare.txt bulla run -- true
  expect 5
  root=$("$BULLA" verify --format json | jq -r ".vaults[0].root")
  BULLA_ROOT=$root BULLA_IDENTITY_FILE=bare.txt bulla get API_TOKEN
  expect 0
}

@test "ci: who is no member looks at a vault of an unknown root as who has no identity; a member does not" {
  ci
  grep -v bulla-root ci.txt >bare.txt
  chmod 600 bare.txt
  export HOME=$BATS_TEST_TMPDIR/newcomer XDG_STATE_HOME='' XDG_CONFIG_HOME=''
  mkdir "$HOME"
  bulla identity new
  for command in check access list status; do
    bulla $command
    [[ $status == [01] && $stderr != *"is not known on this machine"* ]]
    [[ $stderr == *"is not known here, and your identity is no member's"* ]]
    bulla $command --identity bare.txt
    expect 5 "is not known on this machine"
  done
  bulla get API_TOKEN
  expect 4 "does not open this vault" "bulla recipient request"
  [ ! -e "$HOME/.local" ]
  # Who says which key it is expects a vault that is for it.
  bulla check --identity "$HOME/.config/bulla/identity.txt"
  expect 4 "does not open this vault"
}

@test "ci: an identity that was made for another environment is told so, and checks as who has none" {
  make_vaults
  bulla recipient add ci --new --out ci.txt -e prod --yes
  export HOME=$BATS_TEST_TMPDIR/runner XDG_STATE_HOME='' XDG_CONFIG_HOME=''
  mkdir "$HOME"
  BULLA_IDENTITY_FILE=ci.txt bulla check
  expect 1 "the identity ci.txt is for 'prod', not for 'dev'"
  with=$output
  bulla check
  [ "$with" = "$output" ]
  BULLA_IDENTITY_FILE=ci.txt bulla run -- true
  expect 4 "the identity ci.txt is for 'prod', not for 'dev'" "-e prod"
  BULLA_IDENTITY_FILE=ci.txt bulla get API_TOKEN -e prod
  expect 0
  # Another vault in the place of the one that it is for is none of these cases.
  mv .bulla/dev.vault dev.vault
  rm .bulla/prod.vault
  export HOME=$BATS_TEST_TMPDIR/mallory
  mkdir "$HOME"
  bulla init --name mallory
  expect 0
  mv dev.vault .bulla/dev.vault
  export HOME=$BATS_TEST_TMPDIR/runner
  for command in check "run -- true" "check -e prod" "run -e prod -- true"; do
    # shellcheck disable=SC2086
    BULLA_IDENTITY_FILE=ci.txt bulla $command
    expect 5 "this may be another vault under the old name"
  done
}

@test "ci: another vault under the old name is refused" {
  ci
  cp ci.txt "$BATS_TEST_TMPDIR/ci.txt"
  # Somebody replaces the vault by one of his own that ci can open.
  rm -r .bulla
  export HOME=$BATS_TEST_TMPDIR/mallory XDG_STATE_HOME='' XDG_CONFIG_HOME=''
  mkdir "$HOME"
  bulla init --name mallory
  expect 0
  recipient=$("$BULLA" identity show --identity ci.txt -q)
  bulla recipient add ci "$recipient" --yes
  expect 0
  BULLA_IDENTITY=$(cat ci.txt)
  export BULLA_IDENTITY
  for command in "get API_TOKEN" "run -- true" "check" "render"; do
    # shellcheck disable=SC2086
    bulla_fresh $command
    expect 5 "is not known on this machine, nor to the identity, which names" "another vault"
  done
}

# A project of mallory's with vaults of the same names, in ../mallory/project.
mallory() {
  mkdir -p ../mallory/project
  cp bulla.ini compose.yaml ../mallory/project
  (cd ../mallory/project && as mallory init --name mallory && expect 0)
}

@test "ci: one replaced vault is refused also where the identity opens others that are not" {
  ci
  cp -r .bulla whole
  mallory
  BULLA_IDENTITY=$(cat ci.txt)
  export BULLA_IDENTITY
  for replaced in dev prod; do
    cp "../mallory/project/.bulla/$replaced.vault" .bulla
    for command in check list status access "run -- true" "get API_TOKEN" render verify "log --verify"; do
      # shellcheck disable=SC2086
      bulla_fresh -e "$replaced" $command
      expect 5 ".bulla/$replaced.vault" "this may be another vault under the old name"
    done
    bulla_fresh verify
    expect 5 ".bulla/$replaced.vault" "this may be another vault under the old name"
    cp "whole/$replaced.vault" .bulla
    bulla_fresh verify
    expect 0
  done
}

@test "ci: a replaced vault does not verify with the identity that was made for it, unless its root is pinned" {
  needs jq
  make_vaults
  bulla recipient add ci --new --out ci.txt -e prod --yes
  mallory
  cp ../mallory/project/.bulla/prod.vault .bulla
  bulla_fresh verify -e prod --format json
  expect 0
  root=$(jq -r ".vaults[0].root" <<<"$output")
  BULLA_IDENTITY=$(cat ci.txt)
  export BULLA_IDENTITY
  bulla_fresh verify
  expect 5 "this may be another vault under the old name"
  bulla_fresh verify -e prod
  expect 5 "the root $root" "this may be another vault under the old name"
  bulla_fresh verify -e prod --root "$root"
  expect 0
}

@test "ci: an identity for several environments is for none of the others, also when it is a member no more" {
  ci
  sed -i 's/^environments.*/environments = dev, prod, staging/' bulla.ini
  bulla init
  expect 0
  for removed in nobody ci; do
    bulla recipient remove "$removed" -e dev --yes
    BULLA_IDENTITY=$(cat ci.txt) bulla_fresh -e staging check
    expect 1 "is for 'dev', not for 'staging'"
    BULLA_IDENTITY=$(cat ci.txt) bulla_fresh verify
    expect 0 "is not known on this machine"
  done
}

@test "ci: an identity file that others may read is said, and works" {
  ci
  chmod 444 ci.txt
  BULLA_IDENTITY_FILE=ci.txt bulla get API_TOKEN
  expect 0 "others may read the identity file ci.txt"
  bulla get API_TOKEN --identity ci.txt
  expect 0 "others may read the identity file ci.txt"
}

@test "ci: a credential of the service manager, also one that others may read" {
  ci
  without_key
  mkdir credentials
  cp ci.txt credentials/bulla-identity
  chmod 400 credentials/bulla-identity
  CREDENTIALS_DIRECTORY=$PWD/credentials bulla get API_TOKEN
  expect 0
  [[ $stderr != *"others may read"* ]]
  chmod 444 credentials/bulla-identity
  CREDENTIALS_DIRECTORY=$PWD/credentials bulla get API_TOKEN
  expect 0 "others may read the identity file $PWD/credentials/bulla-identity"
  CREDENTIALS_DIRECTORY=$PWD/nowhere bulla get API_TOKEN
  expect 4
}

@test "ci: a descriptor" {
  ci
  without_key
  run --separate-stderr bash -c '"$0" get API_TOKEN --identity /dev/fd/5 5<ci.txt' "$BULLA"
  expect 0
  run --separate-stderr bash -c 'BULLA_IDENTITY_FILE=<(cat ci.txt) "$0" get API_TOKEN' "$BULLA"
  expect 0
}

@test "ci: it can read and not write" {
  ci
  before=$(vaults)
  for command in "set NOTE --file value" "unset API_KEY" "rotate API_TOKEN" \
    "rollback API_KEY --to 1" "recipient remove alice"; do
    # shellcheck disable=SC2086
    BULLA_IDENTITY_FILE=ci.txt bulla $command
    [[ $status = 1 || $command = rollback* ]]
  done
  [ "$before" = "$(vaults)" ]
}

@test "ci: the gate for a pull request from a fork needs no key and runs nothing of it" {
  needs git
  ci
  rm ci.txt value
  repository
  quiet_git clone "file://$PWD" ../runner
  cd ../runner || return 1
  quiet_git checkout -b fork
  # An honest one.
  printf '\n[NEW_TOKEN]\nkind = hex:32\n' >>bulla.ini
  commit "a new variable"
  bulla_fresh check
  expect 1
  prints "NEW_TOKEN"
  bulla_fresh verify --against origin/main
  expect 0
  # One that drops a record, and one that adds a line of its own.
  cp .bulla/dev.vault whole
  sed -i '/^set API_KEY/d' .bulla/dev.vault
  bulla_fresh verify --against origin/main
  expect 5
  { cat whole; grep '^set API_TOKEN' whole | sed 's/ by=alice/ by=mallory/'; } >.bulla/dev.vault
  bulla_fresh verify --against origin/main
  expect 5
  cp whole .bulla/dev.vault
  # One that puts programs where git could run them.
  printf '[core]\n\tfsmonitor = touch ran\n' >evil.cfg
  printf '*.vault diff=bulla filter=evil merge=evil\n' >.gitattributes
  printf '[filter "evil"]\n\tsmudge = touch ran\n\tclean = touch ran\n' >.gitconfig
  mkdir -p HEAD objects refs
  commit "hostile"
  bulla_fresh verify --against origin/main
  expect 0
  bulla_fresh check
  [ ! -e ran ]
}
