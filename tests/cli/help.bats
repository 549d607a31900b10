load helper

@test "help: lists the commands" {
  bulla help
  expect 0
  prints "Usage: bulla COMMAND" "completion" "help" "--environment"
}

@test "help: fits one screen, names every command, and says more with -v" {
  local word
  bulla help
  expect 0
  [ "$(wc -l <<<"$output")" -le 23 ]
  [ "$(wc -L <<<"$output")" -le 80 ]
  for word in $("$BULLA" --list commands | cut -d ' ' -f 1 | sort -u); do
    grep -qw -- "$word" <<<"$output"
  done
  bulla --help
  [ "$(wc -l <<<"$output")" -le 23 ]
  bulla help -v
  expect 0
  prints "recipient add      let somebody read or write a vault" "--require-locked-memory"
}

@test "help: without any argument, what one begins with" {
  bulla
  expect 2 "no command is given" "see 'bulla help'" "  init     set a stack up" "  rotate   turn secrets"
  prints_only ""
}

@test "help: shows one command" {
  bulla help completion
  expect 0
  prints "Usage: bulla completion [OPTION]... SHELL"
}

@test "help: refuses a name that is no command" {
  bulla help nonsense
  expect 2 "there is no command 'nonsense'" "bulla help"
}
