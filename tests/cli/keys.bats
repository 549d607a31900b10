# Vaults whose members have other keys than X25519 ones: ssh keys, a plugin's, post-quantum ones. They
# open; what is written is signed by an X25519 key, beside them in the identity file.
load helper
load stack
load people

# A plugin's keys; their plugin is in the tests' data.
PLUGIN_RECIPIENT=age1odd10qm235ln
PLUGIN_IDENTITY=AGE-PLUGIN-ODD-10Q7TRUE5

with_plugin() {
  PATH=$SOURCE/tests/data/plugin:$PATH
}

# What a person has to give, so that `run` has all that it needs; NAME gives it.
give_key() {
  echo AAAABBBBCCCCDDDDEEEEFFFF >"$BATS_TEST_TMPDIR/api-key"
  as "$1" set API_KEY --file "$BATS_TEST_TMPDIR/api-key"
  expect 0
}

# The vaults of alice, whose home is the usual one.
vaults_of_alice() {
  make_vaults
  mkdir -p "$BATS_TEST_TMPDIR/alice/.config"
  cp -R "$HOME/.config/bulla" "$BATS_TEST_TMPDIR/alice/.config/"
  needs jq
  trust dev
  give_key alice
  unset BULLA_ROOT
}

# The identity file of NAME holds what standard input has: those who read it alone.
identity_of() {
  mkdir -p "$BATS_TEST_TMPDIR/$1/.config/bulla"
  (umask 077 && cat >"$BATS_TEST_TMPDIR/$1/.config/bulla/identity.txt")
}

# NAME reads: the commands that need a value get it.
reads() {
  needs jq
  trust dev
  as_revealing "$1" get POSTGRES_PASSWORD
  expect 0
  [ "${#output}" = 32 ]
  # shellcheck disable=SC2016
  as "$1" run -- sh -c 'echo "${#POSTGRES_PASSWORD}"'
  expect 0
  prints_only 32
}

# NAME may not write, and is told why.
cannot_write() {
  as "$1" set NOTE --file bulla.ini
  expect 4 "no identity here signs for '$1': it can only read"
}

@test "keys: a member with an ssh key reads; its comment is no part of the recipient" {
  needs ssh-keygen
  vaults_of_alice
  ssh-keygen -q -t ed25519 -N '' -C 'bob at home' -f bob.key
  # shellcheck disable=SC2046
  bulla recipient add bob $(cat bob.key.pub) --yes
  expect 0 "'bob' is a member of 'dev': a reader" "he can read, and never write"
  [ "$(grep -c 'bob.*home' .bulla/dev.vault)" = 0 ]
  identity_of bob <bob.key
  reads bob
  cannot_write bob
  # The same key under another comment is the same member's.
  bulla recipient add bob "$(cut -d' ' -f1-2 bob.key.pub) elsewhere" --yes
  expect 0 "'bob' is a reader in 'dev' already: nothing was written"
  bulla recipient add carol "$(cat bob.key.pub)" --yes
  expect 1 "these keys are those of 'bob'"
}

@test "keys: an ssh key with a passphrase asks for it once" {
  needs ssh-keygen expect
  vaults_of_alice
  ssh-keygen -q -t ed25519 -a 16 -N "$CANARY" -C bob -f bob.key
  bulla recipient add bob "$(cat bob.key.pub)" --yes
  expect 0
  trust dev
  identity_of bob <bob.key
  export HOME=$BATS_TEST_TMPDIR/bob XDG_CONFIG_HOME='' XDG_STATE_HOME=''
  # shellcheck disable=SC2016
  observe setsid -w "$BULLA" get POSTGRES_PASSWORD
  if [[ $stderr == *"no OpenSSL"* ]]; then
    # Nobody is asked for a passphrase that this build cannot use.
    expect 1 "this build has no OpenSSL, so it reads no RSA, PEM or encrypted ssh key"
    answers=$CANARY on_terminal shown "$BULLA" get POSTGRES_PASSWORD --reveal
    [ "$status" = 1 ]
    if grep -q 'passphrase of ' shown; then return 1; fi
    skip "this build has no OpenSSL"
  fi
  expect 4 "there is no terminal to ask for the passphrase of "
  answers=$CANARY on_terminal shown "$BULLA" run -- sh -c 'echo "length ${#POSTGRES_PASSWORD}"'
  [ "$status" = 0 ]
  [ "$(grep -c 'passphrase of ' shown)" = 1 ]
  grep -q 'length 32' shown
}

@test "keys: an ssh-rsa key opens where the build has OpenSSL" {
  needs ssh-keygen
  vaults_of_alice
  ssh-keygen -q -t rsa -b 2048 -N '' -C bob -f bob.key
  bulla recipient add bob "$(cat bob.key.pub)" --yes
  [[ $stderr != *"no OpenSSL"* ]] || skip "this build has no OpenSSL"
  expect 0
  identity_of bob <bob.key
  reads bob
}

@test "keys: an owner whose ssh key opens and whose age key beside it signs" {
  needs ssh-keygen
  make_stack
  ssh-keygen -q -t ed25519 -N '' -C alice -f alice.key
  identity_of alice <alice.key
  as alice init --name alice
  expect 4 "no identity here can sign what is written" "bulla age keygen"
  { cat alice.key && "$BULLA" age keygen 2>/dev/null; } >both.key
  identity_of alice <both.key
  as alice init --name alice
  expect 0
  grep -q '^root alice .*m=recipient:ssh-ed25519%20' .bulla/dev.vault
  grep '^grant ' .bulla/dev.vault | head -n 1 | sed 's/.* d=\([^ ]*\) .*/\1/' >grant
  { base64 -d grant 2>/dev/null || true; } | grep -aq -- '^-> ssh-ed25519 '
  echo text >note
  as alice set NOTE --file note
  expect 0
  give_key alice
  as_revealing alice get NOTE
  prints_only text
  person bob
  as alice recipient add "$(cat bob.line)" --yes
  expect 0
  reads bob
}

@test "keys: who asks with an ssh key and an age key beside it becomes a writer" {
  needs ssh-keygen
  vaults_of_alice
  ssh-keygen -q -t ed25519 -N '' -C bob -f bob.key
  identity_of bob <bob.key
  as bob recipient request --name bob
  expect 3 "this identity cannot sign" "beside it"
  { cat bob.key && "$BULLA" age keygen 2>/dev/null; } >both.key
  identity_of bob <both.key
  as bob recipient request --name bob
  expect 0
  [[ $output == "bulla-request bob ssh-ed25519 "* ]]
  fingerprint=${stderr##*: }
  bulla recipient add "$output" --role writer --yes
  expect 0 "fingerprint of the keys of 'bob': $fingerprint" "'bob' is a member of 'dev': a writer"
  reads bob
  echo text >note
  as bob set NOTE --file note
  expect 0
  bulla verify -e dev
  expect 0
}

@test "keys: a member whose key a plugin holds" {
  with_plugin
  vaults_of_alice
  bulla recipient add bob "$PLUGIN_RECIPIENT" --yes
  expect 0 "a reader"
  identity_of bob <<<"$PLUGIN_IDENTITY"
  reads bob
  cannot_write bob
  as bob recipient request --name bob
  expect 3 "does not know its recipient"
  # Whoever has no such plugin is told, and nobody else's vault is touched.
  PATH=${PATH#*:}
  as bob get POSTGRES_PASSWORD
  expect 3 "age-plugin-odd"
  with_plugin
  PLUGIN_MODE=dies as bob get POSTGRES_PASSWORD
  expect 6 "age-plugin-odd"
  PLUGIN_MODE=not-mine as bob get POSTGRES_PASSWORD
  expect 4 "does not open this vault"
}

@test "keys: an owner whose key a plugin holds, with an age key that signs" {
  with_plugin
  make_stack
  { echo "$PLUGIN_IDENTITY" && "$BULLA" age keygen 2>/dev/null; } | identity_of alice
  as alice init --name alice
  expect 0
  echo text >note
  as alice set NOTE --file note
  expect 0
  give_key alice
  as alice recipient add bob "$PLUGIN_RECIPIENT" --yes
  expect 0
  identity_of bob <<<"$PLUGIN_IDENTITY"
  reads bob
  reads alice
}

@test "keys: a member with a post-quantum key" {
  vaults_of_alice
  bulla age keygen --pq -o bob.key
  [[ $stderr != *"no ML-KEM"* ]] || skip "this build has no ML-KEM"
  bulla recipient add bob "$("$BULLA" age keygen -y bob.key)" --yes
  expect 0 "'bob' is a member of 'dev': a reader"
  identity_of bob <bob.key
  reads bob
  cannot_write bob
  bulla verify -e dev
  expect 0
  bulla recipient remove bob --yes
  expect 0
  echo text >note
  bulla set NOTE --file note
  expect 0
  trust dev
  as bob get NOTE
  expect 4
}

# The same value in both environments, and carol, who reads dev with an age key.
shared_token() {
  make_vaults
  echo the-same-token-in-both-93kxt >"$BATS_TEST_TMPDIR/token"
  bulla set API_TOKEN -e dev --file "$BATS_TEST_TMPDIR/token" --force
  expect 0
  bulla set API_TOKEN -e prod --file "$BATS_TEST_TMPDIR/token" --force --yes
  expect 0
  bulla check -e dev
  prints "B309 API_TOKEN has the same value in environment 'prod'"
}

@test "keys: check compares with other environments without starting a plugin" {
  needs jq
  with_plugin
  local marking=$BATS_TEST_TMPDIR/marking started=$BATS_TEST_TMPDIR/started
  shared_token
  bulla age keygen -o "$BATS_TEST_TMPDIR/carol.key"
  bulla recipient add carol "$("$BULLA" age keygen -y "$BATS_TEST_TMPDIR/carol.key")" -e dev --yes
  expect 0
  bulla recipient add carol "$PLUGIN_RECIPIENT" -e prod --yes
  expect 0
  { cat "$BATS_TEST_TMPDIR/carol.key" && echo "$PLUGIN_IDENTITY"; } | identity_of carol
  mkdir "$marking"
  printf '#!/bin/sh\n: >"%s"\nexec "%s" "$@"\n' "$started" "$(command -v age-plugin-odd)" \
    >"$marking/age-plugin-odd"
  chmod 755 "$marking/age-plugin-odd"
  PATH=$marking:$PATH
  # Her machine knows both vaults; what opens prod is there, and starts the plugin.
  trust prod
  as_revealing carol get API_TOKEN -e prod
  expect 0
  rm "$started"
  unset BULLA_ROOT
  trust dev
  as carol check -e dev
  expect 1
  prints "error B101 API_KEY is required and not set" "1 error"
  # Her key opens dev: its values were looked at. Prod, which the plugin opens, was not.
  [[ $output != *B210* && $output != *B309* ]]
  [ ! -e "$started" ]
}

@test "keys: check asks once for a passphrase, not again for other environments" {
  needs ssh-keygen expect jq
  shared_token
  ssh-keygen -q -t ed25519 -a 16 -N "$CANARY" -C carol -f carol.key
  may_hold_canary carol.key
  bulla recipient add carol "$(cat carol.key.pub)" -e dev --yes
  expect 0
  bulla recipient add carol "$(cat carol.key.pub)" -e prod --yes
  expect 0
  identity_of carol <carol.key
  export HOME=$BATS_TEST_TMPDIR/carol XDG_CONFIG_HOME='' XDG_STATE_HOME='' answers=$CANARY
  trust prod
  on_terminal shown "$BULLA" run -e prod -- true
  ! grep -q 'OpenSSL' shown || skip "this build has no OpenSSL"
  unset BULLA_ROOT
  trust dev
  on_terminal shown "$BULLA" check -e dev
  [ "$(grep -c 'passphrase of ' shown)" = 1 ]
  grep -q 'B309' shown
}
