# The canary check has to bite, or its silence says nothing.
load helper

@test "helper: the canary check finds a file, its base64 and its hex" {
  assert_no_canary
  for text in "a=$CANARY" "$(printf '%s' "$CANARY" | base64)" \
    "$(printf '%s' "$CANARY" | od -An -v -tx1 | tr -d ' \n')"; do
    mkdir -p deep/folder
    printf '%s\n' "$text" >deep/folder/file
    run assert_no_canary
    [ "$status" -eq 1 ]
    [[ $output == *"the canary is in "*deep/folder/file ]]
  done
  rm -r deep
}

@test "helper: the canary check finds what the program said" {
  BULLA=/bin/echo bulla "$CANARY"
  run assert_no_canary
  [ "$status" -eq 1 ]
  rm "$BATS_TEST_TMPDIR/said/stdout"
}

@test "helper: a run's output, its lines and its exit status are as bats has them" {
  printf '%s\n' 'printf "  a\n\n b\n\n\n"; printf "\n e  f \n\n" >&2; exit 7' >program
  run --separate-stderr sh program
  local kept=("$status" "$output" "$stderr" "${lines[@]}")
  observe sh program
  [ "$status" = 7 ]
  [[ "${kept[*]}" == "$status $output $stderr ${lines[*]}" && ${#lines[@]} = 2 ]]
  observe true
  [[ $status$output$stderr${lines[*]} == 0 ]]
}

@test "helper: a vault is left for the independent reader" {
  printf 'services:\n  a:\n    image: a\n    command: ${A:?needed}\n' >compose.yaml
  "$BULLA" init -q --name alice
}

@test "helper: the independent reader sees the vaults of earlier tests, and tells what bulla takes" {
  needs node
  run left_vaults_and_identities
  [[ $output == */project/.bulla/dev.vault* && $output == */identity.txt* ]]
  run assert_vaults_read
  [ "$status" = 0 ]
  # shellcheck disable=SC2034 # the helper reads it
  SOURCE=$PWD
  mkdir -p tests/interop
  printf '%s\n' 'console.error(`${process.argv.find((word) => word.endsWith(".vault"))}: no`);' \
    >tests/interop/reader.mjs
  run assert_vaults_read
  [[ $status = 1 && $output == *'the independent reader refuses '*'/dev.vault: no'* ]]
}

@test "helper: a file may be named as holding the canary" {
  write_canary value
  [[ $(<value) == "$CANARY" ]]
  assert_no_canary
}
