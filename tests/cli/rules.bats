# The rules of bulla check: each finds its bad examples, and nothing in its good ones.
load helper

# Rules whose examples need a command that is not there yet.
waiting=B404

setup() {
  sandbox
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  ln -s "$BULLA" "$BATS_TEST_TMPDIR/bin/bulla"
  "$BULLA" --print-documentation examples >"$BATS_TEST_TMPDIR/examples"
}

# unpack EXAMPLE: its files go to the working directory, its commands to the file COMMANDS.
unpack() {
  awk -v commands="$2" '
    /^-- .* --$/ {
      file = substr($0, 4, length($0) - 6)
      if (file ~ "/") {
        folder = file
        sub(/\/[^\/]*$/, "", folder)
        system("mkdir -p \"" folder "\"")
      }
      printf "" >file
      next
    }
    /^\$ / { file = ""; print substr($0, 3) >commands; next }
    file == "" { print "neither file nor command: " $0; exit 1 }
    { print >file }
  ' "$1"
}

# check_example EXAMPLE: makes its folder and says what `bulla check` finds there.
check_example() {
  local check='bulla check' name=${1##*/} commands
  BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR/run/$name
  mkdir -p "$BATS_TEST_TMPDIR"
  sandbox
  printf '%s\n' '[user]' 'name = alice' 'email = alice@example.org' '[init]' 'defaultBranch = main' \
    >"$HOME/.gitconfig"
  umask 077
  : >"$BATS_TEST_TMPDIR/commands"
  unpack "$1" "$BATS_TEST_TMPDIR/commands" || return 99
  mapfile -t commands <"$BATS_TEST_TMPDIR/commands"
  if [[ ${#commands[@]} != 0 && ${commands[-1]} == *'bulla check'* ]]; then
    check=${commands[-1]}
    unset 'commands[-1]'
  fi
  if [[ ${#commands[@]} != 0 ]] && ! (
    IFS=$'\n'
    bash -euc "${commands[*]}" </dev/null >"$BATS_TEST_TMPDIR/log" 2>&1
  ); then
    echo 'its commands fail:'
    cat "$BATS_TEST_TMPDIR/log"
    return 99
  fi
  bash -c "$check" </dev/null 2>&1
}

# examples_of FAMILY: every example does what its rule says.
examples_of() {
  local example id kind said failed=0 status
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  mkdir "$BATS_TEST_TMPDIR/split"
  awk -v dir="$BATS_TEST_TMPDIR/split" '
    /^==== / { file = dir "/" $2 "-" $3 "-" $4; printf "" >file; next }
    { print >file }
  ' "$BATS_TEST_TMPDIR/examples"
  for example in "$BATS_TEST_TMPDIR/split/B$1"*; do
    id=${example##*/}
    kind=${id##*-}
    id=${id%%-*}
    status=0
    said=$(check_example "$example") || status=$?
    if [[ $status -gt 1 ]]; then
      echo "${example##*/}: exit status $status: $said"
      failed=1
    elif [[ $kind == bad ]] && ! grep -Eq "(^|: )(error|warning|note) $id " <<<"$said"; then
      echo "${example##*/}: nothing is found by $id: $said"
      failed=1
    elif [[ $kind == good ]] && grep -E "(^|: )(error|warning|note) B" <<<"$said"; then
      echo "${example##*/}: this is no good example"
      failed=1
    fi
  done
  return "$failed"
}

@test "rules: each has an example, bad and good" {
  local id
  for id in $("$BULLA" explain --list | grep -o '^B[0-9]*'); do
    grep -q "^==== $id 1 bad$" "$BATS_TEST_TMPDIR/examples" || [[ $waiting == *$id* ]]
  done
  [[ $(grep -c ' bad$' "$BATS_TEST_TMPDIR/examples") == \
    $(grep -c ' good$' "$BATS_TEST_TMPDIR/examples") ]]
}

@test "rules: the examples of what is missing" {
  needs git openssl
  examples_of 1
}

@test "rules: the examples of what is broken" {
  needs git openssl
  examples_of 2
}

@test "rules: the examples of what is weak" {
  needs git openssl
  examples_of 3
}

@test "rules: the examples of what is exposed" {
  needs git openssl
  examples_of 4
}

@test "rules: the examples of what is stale" {
  needs git openssl
  examples_of 5
}
