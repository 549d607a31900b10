load helper

@test "completion: prints the script of each shell" {
  for shell in bash zsh fish; do
    bulla completion "$shell"
    expect 0
    prints "Completion of bulla for $shell"
  done
}

@test "completion: names the nearest shell" {
  bulla completion bahs
  expect 2 "SHELL cannot be 'bahs'" "did you mean 'bash'?"
  prints_only ""
}

@test "completion: needs a shell" {
  bulla completion
  expect 2 "'completion' needs SHELL" "bulla help completion"
}

@test "completion: takes no environment" {
  bulla completion bash -e prod
  expect 2 "'completion' has no option '-e'"
  bulla -e prod completion bash
  expect 2 "'completion' has no option '--environment'"
}
