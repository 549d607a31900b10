load helper
load stack

@test "set: takes a value from a file, a descriptor and standard input" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value --why 'from the provider'
  expect 0 "'API_KEY' is set in 'dev', version 1" "used by worker" "next:
  bulla run -- docker compose up -d --force-recreate worker"
  prints_only ""
  records dev | grep -q 'set API_KEY v=1 .*by=alice m=kind:provided;why:from%20the%20provider'
  printf 'abcdefghijklmnopqrstuvwx\r\n' >other
  run --separate-stderr bash -c '"$0" set API_KEY --fd 7 7<other' "$BULLA"
  expect 0 "version 2"
  bulla_from value set API_KEY
  expect 0 "version 3"
  [ "$("$BULLA" get API_KEY)" = "$CANARY" ]
  [ "$("$BULLA" get API_KEY@2)" = abcdefghijklmnopqrstuvwx ]
}

@test "set: drops one line end and no more, none with --exact" {
  make_vaults
  bytes() { "$BULLA" get NOTE | od -An -c | tr -d ' \n'; }
  printf 'a\n\n' | "$BULLA" set NOTE
  [ "$(bytes)" = 'a\n' ]
  printf 'a\r\n' | "$BULLA" set NOTE
  [ "$(bytes)" = 'a' ]
  printf 'a\r' | "$BULLA" set NOTE
  [ "$(bytes)" = 'a\r' ]
  printf 'a\r\n' | "$BULLA" set NOTE --exact
  [ "$(bytes)" = 'a\r\n' ]
}

@test "set: the present value writes nothing" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  before=$(vaults)
  bulla set API_KEY --file value
  expect 0 "has this value in 'dev' already: nothing was written"
  [ "$before" = "$(vaults)" ]
}

@test "set: refuses a value of the wrong shape, with every reason and without the value" {
  make_vaults
  before=$(vaults)
  write_canary value "$CANARY-too-long"
  bulla set API_KEY --file value
  expect 1 "the value does not fit 'API_KEY' (provided): it does not match" "--force"
  bulla set API_TOKEN --file value
  expect 1 "the value does not fit 'API_TOKEN' (hex:32)"
  printf 'LOUD' | "$BULLA" set LOG_LEVEL && false
  bulla_from /dev/null set NOTE
  expect 1 "it is empty"
  [ "$before" = "$(vaults)" ]
  bulla set API_KEY --file value --force
  expect 0 "version 1"
}

@test "set: bytes that nothing could be started with are not sealed, forced or not" {
  make_vaults
  before=$(vaults)
  printf '%s\0b' "$CANARY" >nul
  may_hold_canary nul
  chmod 600 nul
  for force in "" --force; do
    bulla set NOTE --file nul $force
    expect 1 "the value of 'NOTE' has a NUL byte, which no environment can hold" \
      "set its base64 instead: base64 -w 0 FILE | bulla set NOTE"
    bulla_from nul set NOTE --exact $force
    expect 1 "has a NUL byte"
  done
  [ "$before" = "$(vaults)" ]
  base64 -w 0 nul | "$BULLA" set NOTE
  "$BULLA" get NOTE | base64 -d | cmp - nul
}

@test "set: warns of a placeholder and of a file that others may read" {
  make_vaults
  echo changeme >value
  chmod 644 value
  bulla set NOTE --file value
  expect 0 "others may read value" "looks like a placeholder"
}

@test "set: refuses derived names and says what they are made from" {
  make_vaults
  write_canary value
  bulla set DATABASE_URL --file value
  expect 1 "'DATABASE_URL' is derived: it is made from POSTGRES_PASSWORD" "bulla.ini"
}

@test "set: refuses names that the contract lacks, with the nearest" {
  make_vaults
  write_canary value
  bulla set API_KEI --file value
  expect 1 "there is no 'API_KEI' in bulla.ini" "did you mean 'API_KEY'?" "add [API_KEI] to bulla.ini"
  bulla set UNHEARD_OF --file value
  expect 1 "there is no 'UNHEARD_OF'" "add [UNHEARD_OF] to bulla.ini"
}

@test "set: a setting is overridden in one environment" {
  make_vaults
  echo WARNING >value
  bulla set LOG_LEVEL --file value
  expect 0
  [ "$("$BULLA" get LOG_LEVEL)" = WARNING ]
  [ "$("$BULLA" get LOG_LEVEL -e prod)" = INFO ]
}

@test "set: a protected environment wants --yes without a terminal" {
  make_vaults
  write_canary value
  before=$(vaults)
  observe setsid -w "$BULLA" set API_KEY --file value -e prod
  expect 1 "environment 'prod' is protected" "--yes"
  [ "$before" = "$(vaults)" ]
  bulla set API_KEY --file value -e prod --yes
  expect 0 "is set in 'prod'" "bulla run -e prod -- docker compose up"
}

@test "set: wrong command lines" {
  make_vaults
  write_canary value
  bulla set
  expect 2 "'set' needs NAME"
  bulla set API_KEY "$CANARY"
  expect 2 "number 2 is one too many" "values come from a prompt"
  bulla set "API_KEY=$CANARY"
  expect 1 "a value stands behind 'API_KEY='" "values come from a prompt"
  bulla set "$CANARY+/" </dev/null
  expect 1 "that is no name of a variable"
  bulla set API_KEY --file value --fd 3
  expect 2 "--file and --fd"
  bulla set API_KEY --fd many
  expect 2
  bulla set API_KEY --file value -e nowhere
  expect 2 "no environment 'nowhere'" "dev, prod"
}

@test "set: a place that cannot be read, a value too large" {
  make_vaults
  bulla set API_KEY --file nowhere
  expect 3 "nowhere: error:"
  bulla set API_KEY --file .
  expect 6 ".: error:"
  run --separate-stderr bash -c '"$0" set API_KEY --fd 9 9<&-' "$BULLA"
  expect 6 "descriptor 9"
  head -c 70000 /dev/zero | tr '\0' a >big
  bulla set NOTE --file big
  expect 3 "larger than"
  head -c 65537 big >big1
  bulla set NOTE --file big1
  expect 3 "65537 bytes, 65536 are the most"
  head -c 65536 big >most
  bulla set NOTE --file most
  expect 0
  "$BULLA" get NOTE | cmp - most
}

@test "set: no contract, no vault, no key, a broken vault" {
  write_canary value
  bulla set API_KEY --file value
  expect 3 "no bulla.ini" "bulla init"
  make_stack
  bulla set API_KEY --file value
  expect 3 "has no vault" "bulla init"
  make_vaults
  before=$(vaults)
  without_key
  bulla set API_KEY --file value
  expect 4 "no identity" "--identity"
  bulla identity new
  bulla set API_KEY --file value
  expect 4 "does not open this vault"
  mv "$BATS_TEST_TMPDIR/away.txt" "$XDG_CONFIG_HOME/bulla/identity.txt"
  sed -i '/^set API_TOKEN/s/by=alice/by=alicf/' .bulla/dev.vault
  bulla set API_KEY --file value
  expect 5 ".bulla/dev.vault"
}

@test "set: asks twice on a terminal and shows nothing" {
  needs expect
  make_vaults
  answers="$CANARY
$CANARY" on_terminal shown "$BULLA" set API_KEY
  [ "$status" = 0 ]
  grep -q 'value of API_KEY' shown
  grep -q 'once more' shown
  grep -q 'version 1' shown
  [ "$("$BULLA" get API_KEY)" = "$CANARY" ]
}

@test "set: two answers that differ write nothing" {
  needs expect
  make_vaults
  before=$(vaults)
  answers="$CANARY
another" on_terminal shown "$BULLA" set API_KEY
  [ "$status" = 1 ]
  grep -q 'the two answers differ' shown
  [ "$before" = "$(vaults)" ]
}

@test "set: a protected environment asks for its name" {
  needs expect
  make_vaults
  write_canary value
  answers=dev on_terminal shown "$BULLA" set API_KEY --file value -e prod
  [ "$status" = 1 ]
  grep -q "protected; type 'prod' to go on" shown
  answers=prod on_terminal shown "$BULLA" set API_KEY --file value -e prod
  [ "$status" = 0 ]
}

@test "set: without a key the value is not asked for" {
  needs expect
  make_vaults
  without_key
  on_terminal shown "$BULLA" set API_KEY
  [ "$status" = 4 ]
  if grep -q 'value of' shown; then return 1; fi
}

@test "set: a provider's key that was cut is warned of and told by check, unless the contract has its form" {
  cat >compose.yaml <<'YAML'
services:
  shop:
    image: example/shop
    environment:
      STRIPE_SECRET_KEY: ${STRIPE_SECRET_KEY:?}
YAML
  printf '[bulla]\nformat = 1\nenvironments = dev\n[STRIPE_SECRET_KEY]\nkind = provided\n' >bulla.ini
  bulla init --name alice
  expect 0
  echo sk_live_short77 >short-key
  bulla set STRIPE_SECRET_KEY --file short-key
  expect 0 "warning: the value begins as a Stripe key does, and is too short to be one"
  bulla check
  expect 0
  prints "bulla.ini:4:2: warning B205 STRIPE_SECRET_KEY begins as a Stripe key does, and is too short to be one" \
    "1 warning"
  echo 'match = sk_live_.*' >>bulla.ini
  bulla check
  expect 0
  prints_only "check: ok, 1 reference in 1 file, environment dev"
  sed -i '/^match/d' bulla.ini
  printf 'sk_%s_%s\n' live 4eC39HqLyjWDarjtT1zdp7dc >whole
  chmod 600 whole
  bulla set STRIPE_SECRET_KEY --file whole
  expect 0
  [[ $stderr != *warning* ]]
  bulla check
  prints_only "check: ok, 1 reference in 1 file, environment dev"
}
