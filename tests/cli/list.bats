load helper
load stack

@test "list: names with kind, version, state and dates, without a value or key" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  without_key
  bulla list
  expect 0
  prints "NAME " "POSTGRES_PASSWORD  password:32  1  current" "DATABASE_URL       derived      -  current"
  [[ $output != *LOG_LEVEL* ]]
  bulla list --all
  prints "LOG_LEVEL          setting      -  default"
}

@test "list: JSON" {
  make_vaults
  bulla list --format json
  expect 0
  jq -e '.version == 1 and .environment == "dev"' <<<"$output"
  jq -e '.secrets[] | select(.name == "POSTGRES_PASSWORD")
    | .kind == "password:32" and .version == 1 and .state == "current" and .by == "alice"
      and ((.due | fromdate) - (.at | fromdate)) == 30 * 86400' <<<"$output"
  jq -e '.secrets[] | select(.name == "API_KEY") | .state == "missing" and (has("version") | not)
    and (has("due") | not)' <<<"$output"
  jq -e '.secrets[] | select(.name == "NOTE") | .state == "unset"' <<<"$output"
  bulla list --format json --all -e prod
  jq -e '.environment == "prod" and any(.secrets[]; .name == "LOG_LEVEL" and .state == "default")' \
    <<<"$output"
}

@test "list: says what comes next" {
  make_vaults
  bulla list
  expect 0 "next: bulla set API_KEY"
  bulla unset POSTGRES_PASSWORD
  bulla list
  expect 0 "next: bulla fill"
  prints "POSTGRES_PASSWORD  password:32  -  missing"
}

@test "list: overdue, and what the contract lacks" {
  make_vaults
  sed -i 's/rotate = 30d/rotate = 1s/; /^\[API_TOKEN\]/,/^kind/d' bulla.ini
  sleep 2
  bulla list
  expect 0 "1 not in bulla.ini: API_TOKEN"
  prints "overdue" "API_TOKEN"
  bulla list --format json
  jq -e '.secrets[] | select(.name == "API_TOKEN") | .stray' <<<"$output"
}

@test "list: names for completion, quietly none where there is no stack" {
  bulla --list secrets
  expect 0
  prints_only ""
  make_stack
  bulla --list secrets
  prints API_KEY LOG_LEVEL
  make_vaults
  sed -i '/^\[API_TOKEN\]/,/^kind/d' bulla.ini
  without_key
  bulla --list secrets
  expect 0
  prints API_TOKEN
}

@test "list: no contract, no vault, a broken contract" {
  bulla list
  expect 3 "no bulla.ini"
  make_stack
  bulla list
  expect 3 "has no vault"
  make_vaults
  sed -i 's/^kind = hex:32/kind = hx:32/' bulla.ini
  bulla list
  expect 3 "bulla.ini:" "unknown kind 'hx'" "did you mean 'hex'?"
  bulla list operand
  expect 2
}
