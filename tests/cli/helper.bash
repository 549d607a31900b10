# shellcheck shell=bash disable=SC2154
# What every program test shares. A test file begins with
#
#     load helper
#
# and gets, per test: an empty project folder to work in ($PWD), a HOME and XDG folders of its own,
# no BULLA_ variables, and behind it the canary check: a known secret value ($CANARY) must be
# neither in what the program printed nor in any file that the test has not named as holding it.
#
#     @test "get: refuses a terminal without --reveal" {
#       write_canary value                    # a file that holds the secret and may do so
#       bulla set PGPASSWORD --file value     # runs the program: $status, $output, $stderr, $lines
#       expect 0
#       bulla get NOPE
#       expect 1 "there is no secret 'NOPE'"  # exit status, and text on standard error
#     }

bats_require_minimum_version 1.8.0

# The project's own folder, for templates and data.
# shellcheck disable=SC2034
SOURCE=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
BULLA=${BULLA:-$SOURCE/build/bulla}
[[ $BULLA == /* ]] || BULLA=$PWD/$BULLA

# Looking for leaks costs a sanitized program as much again as all the rest of a short run: the units,
# the fuzz seeds and every command's examples do it always, these tests in the long run.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=${LEAKS:-0}

# Letters and digits only, so that no quoting or escaping hides it.
CANARY=Zq7CanaryWv93KxTb5Ehq2Nd
# What is looked for: the value, its base64 up to the last bytes, whose form what follows decides, and
# its hex digits. helper.bats holds them against what base64 and od make of it.
CANARY_FORMS=$CANARY'
WnE3Q2FuYXJ5V3Y5M0t4VGI1RWhx
5a713743616e617279577639334b78546235456871324e64'

setup() {
  sandbox
}

teardown() {
  assert_no_canary
}

# Once for all tests of a file: starting the reader takes longer than most tests.
teardown_file() {
  assert_vaults_read
}

# bats looks at the stack before each command of a test, and before each in what that calls, which
# takes longer than the commands: `set +T` spares it what the functions called most call themselves.

# A new home and a new, empty project folder, which becomes the working directory.
sandbox() {
  local -
  set +T
  local name
  for name in "${!BULLA_@}" COMPOSE_FILE COMPOSE_PROFILES COMPOSE_PROJECT_NAME \
    COMPOSE_ENV_FILES CREDENTIALS_DIRECTORY VISUAL EDITOR; do
    unset "$name"
  done
  export HOME=$BATS_TEST_TMPDIR/home
  export XDG_CONFIG_HOME=$HOME/.config XDG_STATE_HOME=$HOME/.local/state XDG_CACHE_HOME=$HOME/.cache
  export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/runtime TMPDIR=$BATS_TEST_TMPDIR/tmp
  export GIT_CONFIG_GLOBAL=$HOME/.gitconfig GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR
  export LC_ALL=C.UTF-8 TERM=dumb
  mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" "$BATS_TEST_TMPDIR/project" \
    "$BATS_TEST_TMPDIR/said" "$BATS_TEST_TMPDIR/observed"
  : >"$BATS_TEST_TMPDIR/observed/stdout" 2>"$BATS_TEST_TMPDIR/observed/stderr"
  chmod u=rwX,go= "$HOME" "$XDG_RUNTIME_DIR" "$BATS_TEST_TMPDIR"/observed/*
  cd "$BATS_TEST_TMPDIR/project" || return 1
}

# Runs a command as `run --separate-stderr` does, with one process for it instead of five: $status,
# $output, $lines (those that are not empty) and $stderr are set.
observe() {
  status=0
  "$@" >"$BATS_TEST_TMPDIR/observed/stdout" 2>"$BATS_TEST_TMPDIR/observed/stderr" || status=$?
  IFS= read -d '' -r output <"$BATS_TEST_TMPDIR/observed/stdout" || true
  while [[ $output == *$'\n' ]]; do
    output=${output%$'\n'}
  done
  # shellcheck disable=SC2034 # the tests read it
  IFS=$'\n' read -d '' -r -a lines <"$BATS_TEST_TMPDIR/observed/stdout" || true
  read -d '' -r stderr <"$BATS_TEST_TMPDIR/observed/stderr" || true
}

# Runs the program; what it said is kept for the canary check.
bulla() {
  local -
  set +T
  observe "$BULLA" "$@"
  keep_said
}

# The same with standard input from FILE: bulla_from FILE ARGUMENT...
bulla_from() {
  local - input=$1
  set +T
  shift
  observe "$BULLA" "$@" <"$input"
  keep_said
}

# The same for a command that is asked to print a secret: standard output may hold it.
bulla_revealing() {
  local -
  set +T
  observe "$BULLA" "$@"
  printf '%s\n' "$stderr" >>"$BATS_TEST_TMPDIR/said/stderr"
}

keep_said() {
  printf '%s\n' "$output" >>"$BATS_TEST_TMPDIR/said/stdout"
  printf '%s\n' "$stderr" >>"$BATS_TEST_TMPDIR/said/stderr"
}

# expect STATUS [TEXT...]: the last run ended so, and standard error has each TEXT. Our bug's exit
# status and a sanitizer's report never pass.
expect() {
  local wanted=$1 text
  shift
  if [[ $status != "$wanted" || $stderr == *Sanitizer* || $stderr == *'runtime error:'* ]]; then
    said "exit status $status, not $wanted"
    return 1
  fi
  for text in "$@"; do
    if [[ $stderr != *"$text"* ]]; then
      said "standard error lacks: $text"
      return 1
    fi
  done
}

# prints TEXT...: standard output of the last run has each TEXT.
prints() {
  local text
  for text in "$@"; do
    if [[ $output != *"$text"* ]]; then
      said "standard output lacks: $text"
      return 1
    fi
  done
}

# prints_only TEXT: standard output of the last run is exactly TEXT (final line ends aside).
prints_only() {
  if [[ $output != "$1" ]]; then
    said "standard output is not: $1"
    return 1
  fi
}

said() {
  echo "$1"
  printf -- '--- standard output\n%s\n--- standard error\n%s\n' "$output" "$stderr"
}

# write_canary FILE [TEXT]: makes FILE with the canary (or TEXT, which holds it), and lets it.
write_canary() {
  printf '%s\n' "${2:-$CANARY}" >"$1"
  chmod 600 "$1"
  may_hold_canary "$1"
}

# These files (made now or later) hold the canary rightly: an .env that was rendered, an input.
may_hold_canary() {
  local file
  for file in "$@"; do
    realpath -m "$file" >>"$BATS_TEST_TMPDIR/may-hold-canary"
  done
}

# The canary, and its base64 and hex forms, are in nothing that was printed or written.
assert_no_canary() {
  local file found=0 named=$BATS_TEST_TMPDIR/may-hold-canary
  while IFS= read -r file; do
    if [[ ! -f $named || $'\n'$(<"$named")$'\n' != *$'\n'"$file"$'\n'* ]]; then
      echo "the canary is in $file"
      found=1
    fi
  done < <(grep -rlaiF -e "$CANARY_FORMS" "$BATS_TEST_TMPDIR" --exclude=may-hold-canary \
    --exclude-dir=observed)
  return "$found"
}

# The vaults that the tests of this run left and the identities that they made, each test's together.
left_vaults_and_identities() {
  find "$BATS_RUN_TMPDIR/test" \( -path '*/.bulla/*.vault' -o -path '*/bulla/identity.txt' \) -type f
}

# An independent reader verifies each of those vaults, unless bulla refuses it too, and opens it with
# the identities of its own test: to try those of all would take longer the more tests a file has.
assert_vaults_read() {
  local left file folder=none words=() reason vault home found=0
  left=$(left_vaults_and_identities)
  [[ $left == *.vault* ]] && command -v node >/dev/null || return 0
  while IFS= read -r file; do
    if [[ $file != "$folder"/* ]]; then
      folder=${file#"$BATS_RUN_TMPDIR"/test/}
      folder=$BATS_RUN_TMPDIR/test/${folder%%/*}
      words+=(--)
    fi
    words+=("$file")
  done <<<"$left"
  while IFS= read -r reason; do
    vault=${reason%%.vault: *}.vault
    home=${vault%"${vault#"$BATS_RUN_TMPDIR"/test/*/}"}home
    if [[ ! -f $vault ]] || env -C "${vault%/.bulla/*}" HOME="$home" XDG_CONFIG_HOME= XDG_STATE_HOME= \
      "$BULLA" verify -e "$(basename "$vault" .vault)" >/dev/null 2>&1; then
      echo "the independent reader refuses $reason"
      found=1
    fi
  done < <(node "$SOURCE/tests/interop/reader.mjs" --quiet "${words[@]:1}" 2>&1)
  return "$found"
}

# From here on the program runs as a user without rights, also where the tests run as root: what is
# in the project and the home so far is given to that user.
unprivileged() {
  [[ $(id -u) == 0 ]] || return 0
  needs setpriv
  local folder program=$BATS_TEST_TMPDIR/program
  cp "$BULLA" "$program" # the folder it lies in may be closed to others
  for folder in "$BATS_TEST_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")" "$BATS_RUN_TMPDIR"; do
    chmod a+x "$folder"
  done
  chown -R 65534:65534 "$HOME" "$PWD" "$TMPDIR" "$XDG_RUNTIME_DIR"
  printf '#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups -- "%s" "$@"\n' \
    "$program" >"$BATS_TEST_TMPDIR/bulla"
  chmod 755 "$program" "$BATS_TEST_TMPDIR/bulla"
  BULLA=$BATS_TEST_TMPDIR/bulla
}

# needs PROGRAM...: skips the test, saying why, where one is not installed.
needs() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || skip "$program is not installed"
  done
}
