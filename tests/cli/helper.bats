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

@test "helper: a file may be named as holding the canary" {
  write_canary value
  [[ $(<value) == "$CANARY" ]]
  assert_no_canary
}
