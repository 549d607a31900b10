load helper

@test "help: lists the commands" {
  bulla help
  expect 0
  prints "Usage: bulla COMMAND" "completion" "help" "--environment"
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
