# bulla log: who did what when.
load helper
load stack
load people

# alice sets, turns, lets bob in and out again.
busy() {
  make_vaults
  person bob
  add bob writer
  write_canary value
  bulla set API_KEY --file value --why 'from the provider'
  bulla rotate API_TOKEN
  expect 0
  bulla recipient remove bob --yes
  expect 0
}

@test "log: all that was done, the newest first, without a value or a key" {
  busy
  without_key
  bulla log
  expect 0
  [[ ${lines[0]} =~ ^WHEN\ +BY\ +WHAT\ +NAME\ +V\ +WHY$ ]]
  [[ ${lines[1]} =~ ^20.*\ UTC\ +alice\ +granted\ +alice\ +-\ +key\ [A-Za-z0-9+/]{8}$ ]]
  [[ ${lines[2]} =~ \ alice\ +new\ key\ +[A-Za-z0-9+/]{8}\ +-\ +-$ ]]
  [[ ${lines[3]} =~ \ alice\ +removed\ +bob\ +-\ +-$ ]]
  [[ ${lines[-1]} =~ \ alice\ +new\ vault\ +alice\ +-\ +as\ owner$ ]]
  grep -Eq ' alice +set +API_KEY +1 +from the provider$' <<<"$output"
  grep -Eq ' alice +set +API_TOKEN +2 +-$' <<<"$output"
  grep -Eq ' alice +member +bob +- +as writer$' <<<"$output"
  [ "${#lines[@]}" = "$(($(grep -cE '^[a-z]+ .* s=' .bulla/dev.vault) + 1))" ]
}

@test "log: of one secret, of one person, of the last few" {
  busy
  bulla log API_TOKEN
  expect 0
  [ "${#lines[@]}" = 3 ]
  [[ ${lines[1]} =~ API_TOKEN\ +2 && ${lines[2]} =~ API_TOKEN\ +1 ]]
  bulla log --person bob
  expect 0
  [ "${#lines[@]}" = 4 ]
  [[ ${lines[1]} == *removed* && ${lines[2]} == *granted* && ${lines[3]} == *member* ]]
  bulla log -p alice API_KEY
  expect 0
  [ "${#lines[@]}" = 2 ]
  bulla log -n 3
  expect 0
  [ "${#lines[@]}" = 4 ]
}

@test "log: pending, current and retired versions, and what was unset" {
  make_vaults
  echo one | "$BULLA" set NOTE -q
  bulla unset NOTE --why 'not needed'
  bulla rollback NOTE
  expect 0
  bulla log NOTE
  expect 0
  [[ ${lines[1]} =~ set\ +NOTE\ +3\ +rolled\ back ]]
  [[ ${lines[2]} =~ unset\ +NOTE\ +2\ +not\ needed$ ]]
  [[ ${lines[3]} =~ set\ +NOTE\ +1\ +-$ ]]
}

@test "log: JSON has the record's parts and no value" {
  busy
  bulla log API_TOKEN --format json
  expect 0
  jq -e '.version == 1 and .environment == "dev" and .name == "API_TOKEN"
    and ([.records[].version] == [2, 1]) and .records[0].kind == "set"
    and (.records[0] | .by == "alice" and .counts and (.verified | not) and (.id | length == 43)
      and (.key | length == 8) and (has("d") | not))' <<<"$output"
  bulla log --person bob --format json --verify
  expect 0
  jq -e '.person == "bob" and ([.records[].kind] == ["unmember", "grant", "member"])
    and (.records[2].role == "writer") and all(.records[]; .verified)' <<<"$output"
}

@test "log --verify: every signature is checked, and a forged one is refused as verify does" {
  make_vaults
  echo one | "$BULLA" set NOTE -q
  echo two | "$BULLA" set NOTE -q
  bulla log NOTE --verify
  expect 0
  [[ ${lines[0]} =~ ^WHEN\ +BY\ +WHAT\ +NAME\ +V\ +SIGNED\ +WHY$ ]]
  [[ ${lines[1]} =~ NOTE\ +2\ +good\ +-$ && ${lines[2]} =~ NOTE\ +1\ +good\ +-$ ]]
  # Of a value that another head vouches for, only --verify looks at the signature.
  sed -i '/^set NOTE v=1 /{s/ s=A/ s=B/;t;s/ s=./ s=A/}' .bulla/dev.vault
  bulla log
  expect 0
  bulla verify
  expect 5 "set NOTE v=1 by alice"
  verdict=$stderr
  bulla log --verify
  expect 5
  [ "$stderr" = "$verdict" ]
  prints_only ""
}

@test "log: what a removed member wrote does not count, and is said" {
  needs git jq
  make_vaults
  person bob
  add bob writer
  repository
  trust dev
  quiet_git branch other
  bulla recipient remove bob
  commit removal
  quiet_git checkout other
  set_as bob API_TOKEN planted
  quiet_git checkout main
  merge other
  bulla log API_TOKEN
  expect 0 "1 record does not count: its author had no right to write it by then"
  [[ ${lines[1]} =~ bob\ +set\ +API_TOKEN\ +2\ +does\ not\ count$ ]]
}

@test "log: names and people that are not there, no vault" {
  make_vaults
  bulla log API_KEY
  expect 0 "nothing was done yet"
  bulla log API_KEY --format json
  expect 0
  jq -e '.records == []' <<<"$output"
  bulla log API_TOKE
  expect 1 "did you mean 'API_TOKEN'"
  bulla log alice -e prod
  expect 1 "there is no 'alice'" "bulla log -e prod --person alice"
  bulla log --person alicia
  expect 1 "'alicia' never was a member" "did you mean 'alice'"
  bulla log -n 0
  expect 2
  bulla log one two
  expect 2
  rm -r .bulla
  bulla log
  expect 3 "has no vault"
}

@test "log: fits a terminal, with colours" {
  needs expect
  busy
  on_terminal screen env TERM=xterm "$BULLA" log
  expect 0
  grep -q $'\e\\[' screen
  sed 's/\x1b\[[0-9;]*m//g; s/\r//' screen >plain
  [ "$(wc -L <plain)" -le 80 ]
}

@test "log, history: a long name leaves the time of a row in one piece" {
  needs expect
  make_vaults
  local name=APPLICATION_SESSION_SIGNING_KEY
  printf '[%s]\nkind = hex:32\n' "$name" >>bulla.ini
  bulla fill
  expect 0
  local command
  for command in log "history $name"; do
    # shellcheck disable=SC2086
    on_terminal screen env TERM=xterm "$BULLA" $command
    expect 0
    sed 's/\x1b\[[0-9;]*m//g; s/\r//' screen >plain
    grep -q '20[0-9-]* [0-9:]* UTC' plain
    if grep -Eq '^ *UTC$|20[0-9-]+ [0-9:]+( [^U]|$)' plain; then cat plain; return 1; fi
    [ "$(wc -L <plain)" -le 80 ]
  done
}
