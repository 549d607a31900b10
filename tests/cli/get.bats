load helper
load stack

set_canary() {
  write_canary value
  bulla set API_KEY --file value
  expect 0
}

@test "get: writes the bytes alone" {
  make_vaults
  set_canary
  "$BULLA" get API_KEY >got
  may_hold_canary got
  printf %s "$CANARY" | cmp - got
}

@test "get: an older version" {
  make_vaults
  set_canary
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set API_KEY
  bulla get API_KEY
  prints_only abcdefghijklmnopqrstuvwx
  bulla_revealing get API_KEY@1
  expect 0
  prints_only "$CANARY"
  bulla get API_KEY@7
  expect 1 "'API_KEY' has no version 7" "bulla history -v API_KEY"
}

@test "get: derived values and settings are as the environment has them" {
  make_vaults
  password=$("$BULLA" get POSTGRES_PASSWORD)
  bulla get DATABASE_URL
  expect 0
  prints_only "postgresql://app:$password@db:5432/app"
  bulla get LOG_LEVEL
  prints_only DEBUG
  bulla get LOG_LEVEL -e prod
  prints_only INFO
}

@test "get: a setting needs no key" {
  make_vaults
  without_key
  bulla get LOG_LEVEL
  expect 0
  prints_only DEBUG
}

@test "get: refuses a terminal without --reveal, and ends the line with it" {
  needs expect
  make_vaults
  set_canary
  on_terminal shown "$BULLA" get API_KEY
  [ "$status" = 1 ]
  grep -q 'standard output is a terminal' shown
  grep -q -- '--reveal' shown
  on_terminal revealed "$BULLA" get API_KEY --reveal
  may_hold_canary revealed
  [ "$status" = 0 ]
  printf '%s\r\n' "$CANARY" | cmp - revealed
  on_terminal shown "$BULLA" get LOG_LEVEL
  grep -q DEBUG shown
}

@test "get: warns of a file that others may read" {
  make_vaults
  run --separate-stderr bash -c 'umask 022; "$0" get API_TOKEN >open' "$BULLA"
  expect 0 "warning: others may read the file that this goes to: chmod 600 it, or umask 077 before"
  [[ $stderr != *$'\n'* ]]
  run --separate-stderr bash -c 'umask 077; "$0" get API_TOKEN >closed' "$BULLA"
  expect 0
  [ "$stderr" = "" ]
  # Not of a setting, and not where nothing went there.
  run --separate-stderr bash -c 'umask 022; "$0" get LOG_LEVEL >open' "$BULLA"
  expect 0
  [ "$stderr" = "" ]
  run --separate-stderr bash -c 'umask 022; "$0" get API_KEY >open' "$BULLA"
  expect 1 "has no value"
  [[ $stderr != *"others may read"* ]]
}

@test "get: a name that does not exist, or has no value, is exit 1" {
  make_vaults
  bulla get API_KEI
  expect 1 "there is no 'API_KEI'" "did you mean 'API_KEY'?"
  bulla get API_KEY
  expect 1 "'API_KEY' has no value in 'dev'" "bulla set API_KEY"
  bulla get API_KEY -e prod
  expect 1 "bulla set -e prod API_KEY"
  bulla unset POSTGRES_PASSWORD
  bulla get DATABASE_URL
  expect 1 "'DATABASE_URL' has no value in 'dev': 'POSTGRES_PASSWORD' has none"
  bulla get POSTGRES_PASSWORD
  expect 1 "bulla fill POSTGRES_PASSWORD"
  bulla get DATABASE_URL@1
  expect 1 "'DATABASE_URL' has no versions"
  prints_only ""
}

@test "get: wrong versions are a wrong command line" {
  make_vaults
  for operand in API_KEY@ API_KEY@0 API_KEY@1x API_KEY@-1 'API_KEY@9999999999 ' API_KEY@abcd.fgh @1; do
    bulla get "$operand"
    expect 2
  done
}

@test "get: without a key, with another's, from a broken vault" {
  make_vaults
  set_canary
  without_key
  bulla get API_KEY
  expect 4 "no identity"
  bulla identity new
  bulla get API_KEY
  expect 4 "does not open this vault" "send what 'bulla recipient request' prints"
  rm "$XDG_CONFIG_HOME/bulla/identity.txt"
  mv "$BATS_TEST_TMPDIR/away.txt" "$XDG_CONFIG_HOME/bulla/identity.txt"
  sed -i 's/^BULLA1 ./BULLA1 z/' .bulla/dev.vault
  bulla get API_KEY
  expect 3 ".bulla/dev.vault:1"
}

@test "get: a name that only the vault has" {
  make_vaults
  set_canary
  sed -i '/^\[API_KEY\]/,/^obtain/d' bulla.ini
  bulla_revealing get API_KEY
  expect 0
  prints_only "$CANARY"
}
