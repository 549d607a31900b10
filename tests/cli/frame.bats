# What holds for every command: options, errors, streams, the process itself.
load helper
load stack

@test "frame: without a command it says where the list is" {
  bulla
  expect 2 "no command is given" "bulla help"
  prints_only ""
}

@test "frame: an unknown command names the nearest" {
  bulla complation
  expect 2 "there is no command 'complation'" "did you mean 'bulla completion'?"
}

@test "frame: an unknown option names the nearest" {
  bulla help --verbos
  expect 2 "'help' has no option '--verbos'" "did you mean '--verbose'?"
}

@test "frame: a word from the command line cannot drive a terminal" {
  bulla $'x\033[31mred'
  expect 2 "there is no command 'x?[31mred'"
}

@test "frame: --version prints one line" {
  bulla --version
  expect 0
  [[ $output =~ ^bulla\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "frame: -C changes the folder, and a wrong one is an error" {
  bulla -C "$BATS_TEST_TMPDIR" help
  expect 0
  bulla -C nowhere help
  expect 3 "nowhere: error: cannot change to the folder"
}

@test "frame: colour only where asked for or on a terminal" {
  bulla help
  [[ $output != *$'\033'* ]]
  bulla help --color always
  [[ $output == *$'\033[1m'* ]]
}

@test "frame: a full disk is exit 6" {
  [[ -w /dev/full ]] || skip "there is no /dev/full"
  run --separate-stderr bash -c '"$0" help >/dev/full' "$BULLA"
  expect 6 "standard output" "No space left on device"
}

@test "frame: a reader that has gone ends the output quietly" {
  run --separate-stderr bash -c 'set -o pipefail; "$0" --print-documentation man | :' "$BULLA"
  expect 0
}

@test "frame: a closed standard output does not lend its number to a file" {
  run --separate-stderr bash -c '"$0" help >&-' "$BULLA"
  expect 0
}

@test "frame: --require-locked-memory says so where the limit is too low" {
  ! grep -qa __asan_init "$BULLA" || skip "the address sanitizer takes mlock for itself"
  unprivileged
  run --separate-stderr bash -c 'ulimit -l 0; "$0" --list commands --require-locked-memory' "$BULLA"
  expect 1 "memory for secrets cannot be locked" "ulimit -l"
}

@test "frame: --list environments names those that commands find, from below too" {
  make_stack
  mkdir -p .bulla a/b a/tree/.git
  touch .bulla/{dev,prod,old,-x}.vault .bulla/.gitignore .bulla/.vault .bulla/'$(touch PWNED).vault' \
    .bulla/Dev.vault
  bulla -C a/b --list environments
  expect 0
  prints_only $'dev\nprod\nold'
  bulla -e prod --list environments
  expect 0
  prints_only $'dev\nprod\nold'
  for folder in / a/tree; do
    bulla -C "$folder" --list environments
    expect 0
    prints_only ""
  done
}

@test "frame: --list takes no project of another user from a folder above" {
  [[ $(id -u) == 0 ]] || skip "only root can make another user's folder"
  make_stack
  mkdir -p .bulla below
  touch .bulla/dev.vault
  chown 65534 .bulla
  for list in environments variables; do
    bulla -C below --list "$list"
    expect 0
    prints_only ""
  done
}

@test "frame: --list of an unknown kind is a usage error" {
  bulla --list passwords
  expect 2 "there is no list 'passwords'"
}

@test "frame: what is longer than a terminal goes on below at a word, and is one line when piped" {
  needs expect
  make_vaults
  local long=ein-schlüssel-mit-langem-namen
  observe env "XDG_STATE_HOME=$PWD/bulla.ini/$long" "$BULLA" set API_KEY --force <<<x
  [ "$(grep -c journal <<<"$stderr")" = 1 ]
  [ "$(grep 'journal' <<<"$stderr" | wc -m)" -gt 100 ]
  on_terminal shown env "XDG_STATE_HOME=$PWD/bulla.ini/$long" "$BULLA" rotate API_TOKEN
  sed -i 's/\r$//' shown
  cat shown
  # Nothing but a path is longer than the terminal is wide.
  [ "$(grep -E '^.{81,}' shown | grep -cvE '^ *[^ ]+$')" = 0 ]
  # Whole words, further lines indented, those of a hint below its text.
  grep -qx ' \{8\}[^ ].*' shown
  [[ $(tr -s ' \n' ' ' <shown) == *"hint: the journal of what was written would be there, so nothing was: XDG_STATE_HOME names another folder"* ]]
}
