load helper

@test "generate: prints one value of a kind and a line end" {
  bulla generate hex:32
  expect 0 ""
  [[ $output =~ ^[0-9a-f]{64}$ && -z $stderr ]]
  bulla generate uuid
  [[ $output =~ ^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$ ]]
  "$BULLA" generate alnum:5 2>/dev/null | od -An -c | grep -q '\\n$'
}

@test "generate: prints as many as asked for, all different" {
  bulla generate base64:24 --count 50
  expect 0
  [ "$(sort -u <<<"$output" | wc -l)" = 50 ]
}

@test "generate: every kind of the table can be made" {
  "$BULLA" generate --kinds --format json >kinds.json
  for kind in $(jq -r '.kinds[].example' kinds.json); do
    bulla generate "$kind"
    expect 0
    [ -n "$output" ]
  done
}

@test "generate: options are part of the kind or flags" {
  bulla generate password:24 --classes luds --symbols '!%' --exclude 0O
  expect 0
  [[ ${#output} = 24 && $output =~ [!%] && $output =~ [0-9] && ! $output =~ [0O] ]]
  bulla generate password:24,classes=luds --classes luds
  expect 2 "option 'classes' is given twice"
}

@test "generate: a weak kind is warned of and printed" {
  bulla generate hex:4
  expect 0 "warning:" "'hex:4' has 32 bits"
  [[ $output =~ ^[0-9a-f]{8}$ ]]
}

@test "generate: a file that others may read is warned of" {
  run --separate-stderr bash -c 'umask 022; "$0" generate hex:32 >open.txt' "$BULLA"
  expect 0 "others may read the file" "umask 077"
  run --separate-stderr bash -c 'umask 077; "$0" generate hex:32 >closed.txt' "$BULLA"
  expect 0
  [ -z "$stderr" ]
}

@test "generate: a wrong kind is a wrong command line, with the place and the nearest name" {
  bulla generate hx:32
  expect 2 "unknown kind 'hx'" "did you mean 'hex'?"
  bulla generate hex:99999
  expect 2 "from 1 to 4096 bytes" "character 5"
  bulla generate hex:32,prefx=a
  expect 2 "no option 'prefx'" "prefix"
  bulla generate provided
  expect 2 "'provided' values are not generated"
  bulla generate
  expect 2 "'generate' needs KIND" "--kinds"
  bulla generate hex:32 --format json
  expect 2 "'--format json' is of the kinds, not of a value" "add --kinds"
  bulla generate hex --count 0
  expect 2
  prints_only ""
}

@test "generate: --kinds lists them, describes one, and is JSON where asked for" {
  bulla generate --kinds
  expect 0 "bulla generate --kinds KIND"
  prints "KIND" "hex " "32 bytes" "passphrase" "fernet"
  bulla generate --kinds password
  expect 0
  prints "4 to 1024 characters" "classes symbols exclude"
  bulla generate --kinds --format json
  expect 0
  jq -e '.version == 1 and (.kinds | length) > 10 and all(.kinds[]; .name and .bits)' <<<"$output"
  bulla generate --kinds uuid --format json
  jq -e '.kinds | length == 1 and .[0].name == "uuid"' <<<"$output"
  bulla generate --kinds nope
  expect 2 "unknown kind 'nope'"
}

@test "generate: knows the names of kinds for completion" {
  bulla --list kinds
  expect 0
  prints hex password
}

@test "generate: takes no environment" {
  bulla generate hex:32 -e prod
  expect 2 "'generate' has no option '-e'"
}

@test "generate: a full disk is exit 6" {
  [[ -w /dev/full ]] || skip "there is no /dev/full"
  run --separate-stderr bash -c '"$0" generate hex:32 >/dev/full' "$BULLA"
  expect 6 "standard output" "No space left on device"
}
