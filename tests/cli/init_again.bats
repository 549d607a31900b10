# bulla init where there is a contract already: what came since is added, and nothing else is touched.
load helper
load stack

project() {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: example/app
    environment:
      APP_TOKEN: ${APP_TOKEN:?}
      LEVEL: ${LEVEL:-info}
YAML
  printf 'APP_TOKEN=\nLEVEL=info\n' >.env.example
}

add_to_compose() {
  printf '      %s\n' "$@" >>compose.yaml
}

checksums() {
  find . -type f -exec sha256sum {} + | sort
}

# The contract begins with the bytes of the file $1.
contract_begins_with() {
  cmp "$1" <(head -c "$(stat -c %s "$1")" bulla.ini)
}

@test "init again: new variables of compose and sample files are added at the end, and given values" {
  project
  bulla init --name alice
  expect 0
  cp bulla.ini before.ini
  add_to_compose 'SESSION_SECRET: ${SESSION_SECRET:?}' 'STRIPE_SECRET_KEY: ${STRIPE_SECRET_KEY:?}'
  printf '# make it with: openssl rand -hex 48\nWEBHOOK_TOKEN=\nWORKERS=4\n' >>.env.example
  bulla init
  expect 0
  prints "bulla.ini: 4 added at its end" "WEBHOOK_TOKEN, WORKERS, SESSION_SECRET, STRIPE_SECRET_KEY" \
    ".bulla/dev.vault: 2 generated" "missing    dev: STRIPE_SECRET_KEY"
  contract_begins_with before.ini
  tail -c +"$(($(stat -c %s before.ini) + 1))" bulla.ini >added.ini
  [ "$(grep -c '^\[' added.ini)" = 4 ]
  grep -A2 '^; the comment beside it says how to make it$' added.ini | grep -qx 'kind = hex:48'
  grep -qx 'default = 4' added.ini
  grep -A1 '^\[STRIPE_SECRET_KEY\]$' added.ini | grep -qx 'kind = provided'
  grep -q '^set WEBHOOK_TOKEN v=1 ' .bulla/dev.vault
  grep -q '^set SESSION_SECRET v=1 ' .bulla/dev.vault
}

@test "init again: a third run changes nothing, byte for byte" {
  project
  bulla init
  add_to_compose 'SESSION_SECRET: ${SESSION_SECRET:?}'
  bulla init
  expect 0
  before=$(checksums)
  bulla init
  expect 0
  prints "everything is set up already: nothing was changed"
  [ "$before" = "$(checksums)" ]
}

@test "init again: what the owner wrote into bulla.ini stays, and is taken into account" {
  project
  bulla init
  cat >bulla.ini <<'INI'
[bulla]
environments = laptop, server
[environment server]
compose = compose.yaml, server.yml
[APP_TOKEN]
kind = hex:16
[HAND_MADE]
kind = setting
default = 1
INI
  printf '[check]\nseverity.B501 = note' >>bulla.ini # no line end
  cp bulla.ini before.ini
  printf 'services:\n  app:\n    environment:\n      ZONE_ID: ${ZONE_ID:?}\n' >server.yml
  rm -r .bulla
  bulla init --name alice
  expect 0
  prints "bulla.ini: 2 added at its end" "LEVEL, ZONE_ID"
  contract_begins_with before.ini
  # What only the server's file uses is needed there alone.
  grep -A3 '^\[ZONE_ID\]$' bulla.ini | grep -qx 'optional@laptop = yes'
  [ -e .bulla/laptop.vault ] && [ -e .bulla/server.vault ]
  bulla check
  expect 0
}

@test "init again: line ends of a contract are kept to" {
  project
  bulla init
  sed -i 's/$/\r/' bulla.ini
  cp bulla.ini before.ini
  add_to_compose 'SESSION_SECRET: ${SESSION_SECRET:?}'
  bulla init
  expect 0
  contract_begins_with before.ini
  [ "$(grep -c $'\r$' bulla.ini)" = "$(wc -l <bulla.ini)" ]
}

@test "init again: a section that was put into comments, or is ignored, is never added again" {
  project
  add_to_compose 'OLD_NAME: ${OLD_NAME:-}'
  bulla init
  expect 0
  sed -i 's/^\[LEVEL\]/; [LEVEL]/; s/^\[OLD_NAME\]/#[variable OLD_NAME]/' bulla.ini
  sed -i '/\[LEVEL\]/,/^$/{s/^kind/; kind/;s/^default/; default/;s/^optional/; optional/}
    /OLD_NAME\]/,/^$/{s/^kind/; kind/;s/^optional/; optional/}' bulla.ini
  before=$(checksums)
  bulla init
  expect 0
  prints "nothing was changed"
  [ "$before" = "$(checksums)" ]
}

@test "init: a name that a comment on its line leaves out of the contract is not added, here or again" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: app
    environment:
      LEVEL: ${LEVEL:-info}
      PLUGIN_KEY: ${PLUGIN_KEY:-} # bulla: ignore B106 the plugin brings it
      # bulla: ignore not-in-contract the shell has it
      SHELL_TOKEN: ${SHELL_TOKEN:-}
      TWICE: ${TWICE:-} # bulla: ignore B106 but see below
      AGAIN: ${TWICE:-}
      BARE: ${BARE:-} # bulla: ignore B106
YAML
  printf 'PLUGIN_KEY=\nLEVEL=info\n' >.env.example
  bulla init
  expect 0
  [ "$(grep -c 'PLUGIN_KEY\|SHELL_TOKEN' bulla.ini)" = 0 ]
  for name in LEVEL TWICE BARE; do
    grep -qx "\[$name\]" bulla.ini
  done
  bulla check
  [[ $output != *PLUGIN_KEY* && $output != *SHELL_TOKEN* ]]
  bulla init
  expect 0
  prints "nothing was changed"
}

@test "init again: names that [check] says may be missing from the contract are not added" {
  project
  bulla init
  printf 'services:\n  plugin: {image: p, environment: {PLUGIN_KEY: "${PLUGIN_KEY:-}"}}\n' >plugins.yml
  sed -i 's/^\[environment dev\]$/&\ncompose = compose.yaml, plugins.yml/' bulla.ini
  printf '\n[check]\nignore = B106 plugins.yml the plugins bring their own\n' >>bulla.ini
  bulla init
  expect 0
  prints "nothing was changed"
  add_to_compose 'SESSION_SECRET: ${SESSION_SECRET:?}'
  bulla init
  expect 0
  prints "bulla.ini: 1 added at its end" "SESSION_SECRET"
  add_to_compose 'OTHER_SECRET: ${OTHER_SECRET:?}'
  sed -i 's/^ignore = B106 .*/severity.B106 = off/' bulla.ini
  bulla init
  expect 0
  prints "nothing was changed"
}

@test "init again: the value of a new variable is imported from the rendered file, others are left" {
  project
  bulla init
  bulla render
  expect 0
  write_canary .env "$(sed 's/^LEVEL=.*/LEVEL=debug/' .env)
SESSION_SECRET=$CANARY"
  add_to_compose 'SESSION_SECRET: ${SESSION_SECRET:?}'
  bulla init
  expect 0
  prints ".bulla/dev.vault: 0 generated, 1 imported"
  grep -q '^set SESSION_SECRET v=1 .*m=kind:imported' .bulla/dev.vault
  if grep -q '^set LEVEL ' .bulla/dev.vault; then return 1; fi
}

@test "init again: a new variable is asked for on a terminal" {
  [[ -n $(type -P expect) ]] || skip "expect is not installed"
  project
  bulla init
  add_to_compose 'STRIPE_SECRET_KEY: ${STRIPE_SECRET_KEY:?}'
  may_hold_canary "$BATS_TEST_TMPDIR/script"
  cat >"$BATS_TEST_TMPDIR/script" <<END
set timeout 20
spawn $BULLA init
expect_after timeout { exit 99 }
expect "STRIPE_SECRET_KEY, from https://dashboard.stripe.com/apikeys (empty: later): "
send "sk_test_$CANARY\r"
expect eof
END
  run "$(type -P expect)" -f "$BATS_TEST_TMPDIR/script"
  [[ $output == *"1 given"* ]]
  grep -q '^set STRIPE_SECRET_KEY v=1 ' .bulla/dev.vault
}

@test "init again: a derived value may name what the contract has" {
  project
  bulla init
  printf '[DB_PASSWORD]\nkind = alnum:32\n' >>bulla.ini
  printf 'DB_PASSWORD=changeme\nDATABASE_URL=postgres://app:changeme@app/app\n' >>.env.example
  bulla init
  expect 0
  grep -qx 'value = postgres://app:{{ DB_PASSWORD | url }}@app/app' bulla.ini
  bulla check
  expect 0
}

@test "init again: a contract without compose files stays as it is" {
  printf '[bulla]\nenvironments = dev\n[APP_TOKEN]\nkind = hex:16\n' >bulla.ini
  cp bulla.ini before.ini
  bulla init --name alice
  expect 0
  prints ".bulla/dev.vault (new): 1 generated"
  cmp bulla.ini before.ini
}

# --- everything or nothing ------------------------------------------------------------------------

nothing_is_there() {
  [ ! -e bulla.ini ] && [ ! -e .gitignore ] && [ ! -e "$XDG_CONFIG_HOME/bulla/identity.txt" ]
}

@test "init: leaves nothing where the compose file cannot be read" {
  project
  unprivileged
  chmod 000 compose.yaml
  bulla init
  expect 6 "compose.yaml"
  nothing_is_there
  [ ! -e .bulla ]
}

@test "init: leaves nothing where a vault cannot be written" {
  project
  printf 'not a folder\n' >.bulla
  bulla init
  [ "$status" != 0 ]
  nothing_is_there
  [ -f .bulla ]
  rm .bulla
  mkdir -p .bulla/prod.vault
  printf 'services:\n  app: {environment: {ZONE: "${ZONE:-eu}"}}\n' >compose.prod.yaml
  bulla init
  [ "$status" != 0 ]
  nothing_is_there
  [ "$(ls -A .bulla)" = prod.vault ]
  rmdir .bulla/prod.vault
  bulla init
  expect 0
  [ -e .bulla/dev.vault ] && [ -e .bulla/prod.vault ]
}

@test "init: changes nothing where the identity opens no vault of the project" {
  project
  bulla init --name alice
  add_to_compose 'SESSION_SECRET: ${SESSION_SECRET:?}'
  before=$(checksums)
  export XDG_CONFIG_HOME=$HOME/other
  bulla init --name bob
  expect 4 "'bulla identity new' makes one" "'bulla recipient request --name bob'"
  [ "$before" = "$(checksums)" ]
  [ ! -e "$XDG_CONFIG_HOME" ]
}

@test "init: leaves nothing where the .gitignore is a link" {
  project
  ln -s /nowhere .gitignore
  bulla init
  expect 1 ".gitignore: error: is a symbolic link"
  nothing_is_there
  [ ! -e .bulla ]
}

@test "init: leaves nothing where a question is broken off" {
  [[ -n $(type -P expect) ]] || skip "expect is not installed"
  project
  add_to_compose 'STRIPE_SECRET_KEY: ${STRIPE_SECRET_KEY:?}'
  cat >"$BATS_TEST_TMPDIR/script" <<END
set timeout 20
spawn $BULLA init
expect_after timeout { exit 99 }
expect "(empty: later): "
send "\003"
expect eof
END
  run "$(type -P expect)" -f "$BATS_TEST_TMPDIR/script"
  nothing_is_there
  [ ! -e .bulla ]
}

@test "init again: files outside the project that a contract names are not read" {
  project
  bulla init --name alice
  expect 0
  mkdir -p "$TMPDIR/victim"
  printf '# a private note\nAPP_TOKEN=8be30a97c4d25f1160e8a94d7c3b5f02\nINTERN=https://intern.example.org\n' \
    >"$TMPDIR/victim/.env"
  ln -s "$TMPDIR/victim" linked
  add_to_compose 'INTERN: ${INTERN:-}'
  cp bulla.ini as-made
  for place in ../tmp/victim/.env linked/.env; do
    sed "s|^output *= .*|output = $place|" as-made >bulla.ini
    "$BULLA" unset -q APP_TOKEN --yes
    bulla init
    expect 0
    prints " 1 added at its end"
    [[ $output != *imported* ]]
    [[ $("$BULLA" get APP_TOKEN) != 8be30a97c4d25f1160e8a94d7c3b5f02 ]]
    sed "s|^template *= .*|template = $place|" as-made >bulla.ini
    bulla init
    expect 0
    prints " 1 added at its end"
    if grep -q -e intern.example -e 'private note' bulla.ini; then return 1; fi
  done
}

@test "init: what it did not make is still there after a failure" {
  project
  mkdir .bulla
  ln -s ../elsewhere .bulla/.gitattributes
  bulla init --name alice
  [ "$status" != 0 ]
  [ -L .bulla/.gitattributes ]
  [ ! -e bulla.ini ]
}

@test "init: the command that it says for copying is one command, whatever files are called" {
  mkdir docker
  cat >docker/compose.yaml <<'YAML'
services:
  app:
    image: example/app:${TAG:?}
    env_file: "../$$(touch PWNED)/.env"
YAML
  mkdir '$(touch PWNED)'
  printf 'TAG=1\nAPP_TOKEN=\n' >docker/.env.example
  bulla init --name alice
  [[ $output != *"--env-file \$("* ]]
}

@test "init: again, a file that two environments are rendered to gives its values to one" {
  printf '%s\n' 'services: {app: {image: example/app, env_file: .env}}' >compose.yaml
  cp compose.yaml compose.prod.yaml
  printf 'STRIPE_SECRET_KEY=\nMAIL_HOST=<yours>\n' >.env.example
  bulla init
  expect 0
  grep -A6 '^\[environment prod\]' bulla.ini | grep -qx 'output = .env'
  printf '%s' sk_test_4eC39HqLyjWDarjtT1zdp7dc | "$BULLA" set STRIPE_SECRET_KEY
  printf '%s' mail.example.org | "$BULLA" set MAIL_HOST
  bulla render
  bulla init
  expect 0
  prints "everything is set up already: nothing was changed"
  bulla get -e prod STRIPE_SECRET_KEY
  expect 1 "'STRIPE_SECRET_KEY' has no value in 'prod'"
}

@test "init again: what takes another variable's value before is that one's, and no setting" {
  project
  bulla init --name alice
  printf 'keep-previous = 1h\nprevious-as = APP_TOKEN_OLD\n' >keys
  sed -i '/^\[APP_TOKEN\]/r keys' bulla.ini
  add_to_compose 'APP_TOKEN_OLD: ${APP_TOKEN_OLD:-}'
  bulla init
  expect 0
  prints "nothing was changed"
  bulla rotate APP_TOKEN
  bulla render
  bulla init
  expect 0
  prints "nothing was changed"
  bulla check
  expect 0
  [[ $output != *B106* ]]
}

# Bob is a writer of dev and, as the role $1 of prod (none: no member), takes the project over.
bob_works() {
  make_stack
  bulla init --name alice
  expect 0
  export XDG_CONFIG_HOME=$HOME/bob XDG_STATE_HOME=$HOME/bob-state
  bulla identity new
  local line
  line=$("$BULLA" recipient request --name bob 2>/dev/null)
  export XDG_CONFIG_HOME=$HOME/.config XDG_STATE_HOME=$HOME/.local/state
  # shellcheck disable=SC2086
  bulla recipient add $line --role writer --yes
  expect 0
  # shellcheck disable=SC2086
  [ -z "$1" ] || bulla recipient add $line -e prod --role "$1" --yes
  expect 0
  export XDG_CONFIG_HOME=$HOME/bob XDG_STATE_HOME=$HOME/bob-state
  local environment
  for environment in dev ${1:+prod}; do
    bulla run -e "$environment" --root "$(root_of "$environment")" -- true
  done
  sed -i 's/API_TOKEN: .*/&\n      QUEUE_TOKEN: ${QUEUE_TOKEN:?}/' compose.yaml
  prod=$(sha256sum .bulla/prod.vault)
}

root_of() {
  "$BULLA" verify -e "$1" 2>/dev/null | sed -n 's/^root *//p'
}

@test "init again: who is a member of one environment adds a variable, and leaves the other vault alone" {
  bob_works ""
  bulla init
  expect 0
  prints "bulla.ini: 1 added at its end" ".bulla/dev.vault: 1 generated" \
    "for others .bulla/prod.vault: 2 missing, and you may not write there:" \
    "bulla init is for somebody who may (bulla access -e prod)"
  [[ $output != *"set -e prod"* ]]
  grep -q '^set QUEUE_TOKEN v=1 .* by=bob ' .bulla/dev.vault
  [ "$prod" = "$(sha256sum .bulla/prod.vault)" ]
  bulla init
  expect 0
  prints "nothing was changed"
  export XDG_CONFIG_HOME=$HOME/.config XDG_STATE_HOME=$HOME/.local/state
  bulla init --yes
  expect 0
  prints ".bulla/prod.vault: 1 generated"
}

@test "init again: the vault of somebody who may only read it stays as it is" {
  bob_works reader
  bulla init
  expect 0
  prints ".bulla/dev.vault: 1 generated" ".bulla/prod.vault: 2 missing, and you may not write there"
  [ "$prod" = "$(sha256sum .bulla/prod.vault)" ]
}

@test "init again: a root that is not known here is taken as the hint says" {
  bob_works ""
  rm -r "$XDG_STATE_HOME"
  bulla init
  expect 5 "is not known on this machine" "bulla verify -e dev --root $(root_of dev)"
  bulla verify -e dev --root "$(root_of dev)"
  expect 0
  bulla init
  expect 0
  prints ".bulla/dev.vault: 1 generated"
}

@test "init again: who opens no vault is told how to get in, and changes nothing" {
  project
  bulla init --name alice
  expect 0
  add_to_compose 'SESSION_SECRET: ${SESSION_SECRET:?}'
  export XDG_CONFIG_HOME=$HOME/bob XDG_STATE_HOME=$HOME/bob-state
  before=$(checksums)
  bulla identity new
  bulla init
  expect 4 "does not open this vault" "bulla recipient request"
  [ "$before" = "$(checksums)" ]
}

@test "init again: a protected environment is written to when that is confirmed" {
  project
  printf 'APP_TOKEN=\n' >.env.prod.example
  bulla init
  expect 0
  add_to_compose 'SESSION_SECRET: ${SESSION_SECRET:?}'
  before=$(checksums)
  bulla init
  expect 1 "environment 'prod' is protected" "--yes confirms the write"
  [ "$before" = "$(checksums)" ]
  bulla init --yes
  expect 0
  prints ".bulla/prod.vault: 1 generated"
}

# A stack with a password in its vault, and, since, an address in the env file.
stack_with_password() {
  printf '%s\n' 'services: {app: {image: example/app, env_file: .env}}' >compose.yaml
  echo "DB_PASSWORD=Vq8xLm2RtY7pWc4K" >.env
  bulla init
  expect 0
  echo "$1" >>.env
}

change_password() {
  printf Kq2mZr8sTn4vXw6y >new
  bulla set DB_PASSWORD --file new
  expect 0
}

@test "init again: an address with a password of the vault's is made of that" {
  stack_with_password 'DATABASE_URL=postgres://app:Vq8xLm2RtY7pWc4K@db:5432/app'
  bulla init
  expect 0
  grep -qxF 'value = postgres://app:{{ DB_PASSWORD | url }}@db:5432/app' bulla.ini
  if grep -q Vq8x bulla.ini; then return 1; fi
  bulla_revealing get DATABASE_URL
  prints_only 'postgres://app:Vq8xLm2RtY7pWc4K@db:5432/app'
  change_password
  bulla_revealing get DATABASE_URL
  prints_only 'postgres://app:Kq2mZr8sTn4vXw6y@db:5432/app'
}

@test "init again: an address with a password that the vault had before is a secret of its own" {
  stack_with_password 'DATABASE_URL=postgres://app:Vq8xLm2RtY7pWc4K@db:5432/app'
  change_password
  bulla init
  expect 0
  sed -n '/^\[DATABASE_URL\]/,/^$/p' bulla.ini | grep -qx 'kind = provided'
  bulla_revealing get DATABASE_URL
  prints_only 'postgres://app:Vq8xLm2RtY7pWc4K@db:5432/app'
}

@test "init again: a line of one environment's env file that no compose file uses is asked for there alone" {
  printf 'services:\n  app: {image: app, environment: {A: "${A_TOKEN:?}"}}\n' >compose.yaml
  printf 'services:\n  app: {image: app}\n' >compose.prod.yaml
  bulla init
  expect 0
  bulla render
  echo MY_TEST_TOKEN=abc123def456 >>.env
  bulla init
  expect 0
  grep -A4 '^\[MY_TEST_TOKEN\]$' bulla.ini | grep -qx 'optional@prod = yes'
  if grep -A4 '^\[MY_TEST_TOKEN\]$' bulla.ini | grep -q '^optional = \|^optional@dev'; then return 1; fi
  bulla run -e prod -- true
  expect 0
}
