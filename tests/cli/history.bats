load helper
load stack
load people

@test "history: versions, the newest first, without a value or key" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value --why 'first one'
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set API_KEY
  without_key
  bulla history API_KEY
  expect 0
  [[ ${lines[0]} =~ ^V\ +STATE\ +SET\ +BY\ +WHY$ ]]
  [[ ${lines[1]} =~ ^2\ +current\ +20.*UTC\ +alice\ +-$ ]]
  [[ ${lines[2]} =~ ^1\ +retired\ +20.*UTC\ +alice\ +first\ one$ ]]
}

@test "history: JSON tells where a value came from" {
  make_vaults
  for value in aaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbb; do
    echo $value | "$BULLA" set API_KEY
  done
  bulla rollback API_KEY
  bulla history API_KEY --format json
  expect 0
  jq -e '.version == 1 and .name == "API_KEY" and ([.versions[].version] == [3, 2, 1])
    and .versions[0].from == 1 and .versions[0].state == "current"
    and .versions[0].why == "rolled back to version 1" and .versions[1].state == "retired"' \
    <<<"$output"
}

@test "history: older versions than the contract keeps are left out" {
  make_vaults
  for value in a b c d e f; do echo $value | "$BULLA" set NOTE; done
  bulla history NOTE
  expect 0 "2 older left out ('keep' in bulla.ini)"
  [ "${#lines[@]}" = 5 ]
  bulla history NOTE --all
  [ "${#lines[@]}" = 7 ]
}

@test "history: names without versions, unset and unknown" {
  make_vaults
  bulla history API_KEY
  expect 0 "'API_KEY' has no versions yet"
  bulla history DATABASE_URL
  expect 0 "is derived"
  bulla history API_KEY --format json
  jq -e '.versions == []' <<<"$output"
  bulla unset API_TOKEN
  bulla history API_TOKEN
  expect 0 "is unset now" "bulla rollback API_TOKEN"
  bulla history NOPE
  expect 1 "there is no 'NOPE'"
  bulla history
  expect 2
}

@test "history: shows where the value was taken away" {
  needs jq
  make_vaults
  for value in aaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbb; do
    echo $value | "$BULLA" set API_KEY
    bulla unset API_KEY --why "gone with $value"
  done
  bulla history API_KEY
  expect 0
  [[ ${lines[1]} =~ ^4\ +unset\ +20.*UTC\ +alice\ +gone\ with\ bbb ]]
  [[ ${lines[2]} =~ ^3\ +retired ]]
  [[ ${lines[3]} =~ ^2\ +unset\ +20.*UTC\ +alice\ +gone\ with\ aaa ]]
  [[ ${lines[4]} =~ ^1\ +retired ]]
  bulla history API_KEY --format json
  jq -e '[.versions[] | [.version, .state]] == [[4, "unset"], [3, "retired"], [2, "unset"], [1, "retired"]]
    and .versions[0].why == "gone with bbbbbbbbbbbbbbbbbbbbbbbb"' <<<"$output"
}

@test "history: an unset that contests a value has the value's number, and is shown" {
  needs jq git
  make_vaults
  repository
  quiet_git branch other
  bulla rotate API_TOKEN && commit ours
  quiet_git checkout other
  bulla unset API_TOKEN --why theirs && commit theirs
  quiet_git checkout main
  merge other
  bulla history API_TOKEN
  expect 0
  [[ ${lines[0]} =~ ^V\ +STATE\ .*\ ID$ ]]
  [[ ${lines[1]} =~ ^2\ +unset\ +20.*UTC\ +alice\ +theirs\ +[A-Za-z0-9+/]{8}$ ]]
  [[ ${lines[2]} =~ ^2\ +current,\ contested\ +20 ]]
  [[ ${lines[3]} =~ ^1\ + ]]
  bulla history API_TOKEN --format json
  jq -e '[.versions[] | [.version, .state]][:2] == [[2, "unset"], [2, "current"]]
    and (.versions | length == 3)' <<<"$output"
}

@test "history: two unsets of one number are two" {
  needs jq git
  make_vaults
  repository
  quiet_git branch other
  bulla unset API_TOKEN --why ours && commit ours
  quiet_git checkout other
  bulla unset API_TOKEN --why theirs && commit theirs
  quiet_git checkout main
  merge other
  bulla history API_TOKEN
  expect 0
  [ "${#lines[@]}" = 4 ]
  [[ ${lines[1]} =~ ^2\ +unset\  && ${lines[2]} =~ ^2\ +unset\  && ${lines[3]} =~ ^1\  ]]
  [[ $output == *ours* && $output == *theirs* ]]
  bulla history API_TOKEN --format json
  jq -e '[.versions[] | select(.state == "unset").why] | sort == ["ours", "theirs"]' <<<"$output"
}
