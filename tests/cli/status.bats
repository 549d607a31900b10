# bulla status: one screen.
load helper
load stack

@test "status: what is set and missing, and what to do" {
  make_vaults
  bulla status
  expect 0
  prints "POSTGRES_PASSWORD  password:32  set" "API_KEY            provided     missing" \
    "LOG_LEVEL          setting      set" "NOTE               provided     unset" \
    "dev: 2 secrets, 1 derived, 1 setting set, 1 missing" "next is POSTGRES_PASSWORD in " "  bulla set API_KEY"
}

@test "status: overdue ones, and the command that turns them" {
  make_vaults
  sed -i 's/^\[API_TOKEN\]/&\nrotate = 1s/' bulla.ini
  sleep 2
  bulla status
  expect 0
  prints "overdue" "1 overdue" "bulla rotate --due"
}

@test "status: needs no key, and no value is shown with one" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  bulla status
  expect 0
  local with_key
  with_key=$(awk '{ print $1, $2, $3, $4 }' <<<"$output")
  without_key
  bulla status
  expect 0
  [ "$with_key" = "$(awk '{ print $1, $2, $3, $4 }' <<<"$output")" ]
}

@test "status: a vault that is new here is looked at without a key" {
  make_vaults
  without_key
  rm -r "$XDG_STATE_HOME"
  bulla status
  expect 0
  [ ! -e "$XDG_STATE_HOME" ]
}

@test "status: --format json has a row per variable" {
  needs jq
  make_vaults
  bulla status --format json
  expect 0
  jq -e '.version == 1 and .environment == "dev" and (.secrets | length) == 6
    and (.secrets[0] | .name == "POSTGRES_PASSWORD" and .kind == "password:32" and .version == 1
      and .state == "current" and .by == "alice" and (.at | test("^20..-..-..T..:..:..Z$"))
      and (.due | test("Z$")) and .missing == false and .overdue == false and .exposed == false)
    and (.secrets[2] | .name == "API_KEY" and .missing and .state == "missing"
      and (has("version") | not))
    and .counts.missing == 1' <<<"$output"
}

@test "status: without a vault or a contract exit 3" {
  make_stack
  bulla status
  expect 3 "has no vault" "bulla init"
  rm bulla.ini
  bulla status
  expect 3 "no bulla.ini"
}

@test "status: a vault that does not verify is exit 5" {
  make_vaults
  sed -i 's/^\(set API_TOKEN .* s=\)...../\1AAAAA/' .bulla/dev.vault
  bulla status
  [ "$status" = 5 ]
}
