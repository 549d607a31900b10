# shellcheck shell=bash disable=SC2034
# A small stack with every role of a variable and two environments: load it behind helper.
#
#     make_stack          contract and compose file
#     make_vaults         and both vaults, filled, with the identity of alice

make_stack() {
  cat >compose.yaml <<'END'
services:
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it}
  api:
    image: example/api
    environment:
      DATABASE_URL: ${DATABASE_URL:?}
      API_TOKEN: ${API_TOKEN:?}
  worker:
    image: example/worker
    environment:
      API_KEY: ${API_KEY:?from the provider}
      LOG_LEVEL: ${LOG_LEVEL:-INFO}
END
  cat >bulla.ini <<'END'
[bulla]
format       = 1
project      = demo
environments = dev, prod
default      = dev
rotate       = 90d
keep         = 4

[environment prod]
protected = yes

[POSTGRES_PASSWORD]
kind   = password:32
rotate = 30d

[DATABASE_URL]
kind  = derived
value = postgresql://app:{{ POSTGRES_PASSWORD | url }}@db:5432/app

[API_KEY]
kind   = provided
match  = [A-Za-z0-9]{24}
obtain = https://provider.example/keys

[API_TOKEN]
kind = hex:32

[LOG_LEVEL]
kind         = setting
one-of       = DEBUG, INFO, WARNING
default      = INFO
default@dev  = DEBUG

[NOTE]
kind     = provided
optional = yes
END
}

make_vaults() {
  make_stack
  bulla init --name alice
  expect 0
}

# Hides the key that make_vaults made, from here on.
without_key() {
  mv "$XDG_CONFIG_HOME/bulla/identity.txt" "$BATS_TEST_TMPDIR/away.txt"
}

# The vaults' checksums, for tests that nothing was written.
vaults() {
  sha256sum .bulla/*.vault
}

# What the vault ENV says, without the sealed values.
records() {
  grep -E '^(set|del|mark) ' ".bulla/$1.vault" | sed 's/ [dps]=[^ ]*//g'
}

# on_terminal OUTPUT COMMAND...: runs it with a terminal of 80 columns, standard output included,
# and answers the lines of $answers to its questions. What the terminal showed is in OUTPUT.
on_terminal() {
  local shown=$1
  shift
  printf '%s\n' "${answers:-}" >"$BATS_TEST_TMPDIR/answers"
  may_hold_canary "$BATS_TEST_TMPDIR/answers"
  status=0
  command expect -f - "$BATS_TEST_TMPDIR/answers" "$@" >"$shown" <<'END' || status=$?
set timeout 30
set file [open [lindex $argv 0]]
set answers [split [string trimright [read $file] "\n"] "\n"]
set stty_init "columns 80 rows 24"
eval spawn -noecho [lrange $argv 1 end]
foreach answer $answers {
  if {$answer eq ""} continue
  expect {
    -re {(: |\] )$} { after 50; send -- "$answer\r" }
    timeout { exit 99 }
    eof { break }
  }
}
expect eof {} timeout { exit 98 }
exit [lindex [wait] 3]
END
}
