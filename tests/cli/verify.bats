load helper
load stack

@test "verify: says what was verified, without a key" {
  make_vaults
  without_key
  bulla verify
  expect 0
  prints "VAULT " ".bulla/dev.vault" "every rule holds" "root "
  bulla verify --format json
  jq -e '.version == 1 and .environment == "dev" and .records == 5 and .heads == 1
    and .rootIsKnown and (.root | length == 43) and (.id | length == 32)' <<<"$output"
}

@test "verify: an edited byte, a lost record, a cut" {
  make_vaults
  cp .bulla/dev.vault whole
  sed -i '/^set API_TOKEN/s/by=alice/by=alicf/' .bulla/dev.vault
  bulla verify
  expect 5 ".bulla/dev.vault:"
  prints_only ""
  grep -v '^grant' whole >.bulla/dev.vault
  bulla verify
  expect 5
  head -c 700 whole >.bulla/dev.vault
  bulla verify
  [[ $status = 3 || $status = 5 ]]
  for marker in '<<<<<<< ours' 'BULLA1 00000000000000000000000000000000 dev'; do
    { cat whole; echo "$marker"; } >.bulla/dev.vault
    bulla verify
    expect 3 ".bulla/dev.vault:"
  done
}

@test "verify: a vault that was rolled back, until --accept" {
  make_vaults
  bulla verify
  cp .bulla/dev.vault old
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set API_KEY
  cp old .bulla/dev.vault
  rm -rf "$XDG_STATE_HOME"/bulla/*/journal*
  bulla verify
  expect 5 "rolled back" "verify --accept"
  bulla list
  expect 5
  bulla verify --accept
  expect 0
  bulla verify
  expect 0
}

@test "verify: a rollback that the journal makes good is a warning, also with -q" {
  make_vaults
  cp .bulla/dev.vault old
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set API_KEY
  cp old .bulla/dev.vault
  bulla list -q
  expect 0 "warning: " "only in this machine's journal now"
  bulla verify -q
  expect 0 "warning: " "only in this machine's journal now"
}

@test "verify: a root that is not known is said, another than the pinned one is refused" {
  make_vaults
  root=$("$BULLA" verify --format json | jq -r .root)
  without_key
  rm -rf "$XDG_STATE_HOME"
  bulla verify
  expect 0 "is not known on this machine" "--root or BULLA_ROOT"
  bulla verify --format json
  jq -e '.rootIsKnown == false' <<<"$output"
  bulla verify --root "$root"
  expect 0
  bulla verify --root "$(tr 'A-Za-z' 'N-ZA-Mn-za-m' <<<"$root")"
  expect 5
}

@test "verify: no contract, no vault, operands" {
  bulla verify
  expect 3 "no bulla.ini"
  make_stack
  bulla verify
  expect 3 "has no vault"
  bulla verify dev
  expect 2
}
