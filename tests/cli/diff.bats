load helper
load stack

@test "diff: names that differ, never a value" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  bulla diff dev prod
  expect 0
  [[ ${lines[0]} =~ ^NAME\ +dev\ +prod\ +DIFFERENCE$ ]]
  prints "API_KEY            set      missing  presence" \
    "POSTGRES_PASSWORD  set      set      value" "LOG_LEVEL          default  default  value"
  [[ $output != *NOTE* ]]
}

@test "diff: with one environment it starts from the present one" {
  make_vaults
  bulla diff prod
  expect 0
  [[ ${lines[0]} =~ dev\ +prod ]]
  bulla diff dev -e prod
  [[ ${lines[0]} =~ prod\ +dev ]]
  bulla diff dev
  expect 0 "no difference between 'dev' and 'dev'"
  prints_only ""
}

@test "diff: one secret in two environments is warned of" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  bulla set API_KEY --file value -e prod --yes
  bulla diff prod
  expect 0 "1 secret is the same in both: API_KEY"
  bulla diff prod --format json
  jq -e '.version == 1 and .from == "dev" and .to == "prod" and .compared == "values"
    and .same == ["API_KEY"] and ([.differences[] | select(.name == "API_KEY")] == [])
    and any(.differences[]; .name == "API_TOKEN" and .difference == "value")' <<<"$output"
}

@test "diff: kinds that differ" {
  make_vaults
  sed -i 's/^kind = hex:32/kind = hex:32\nkind@prod = hex:64/' bulla.ini
  bulla diff prod
  prints "API_TOKEN          hex:32   hex:64   kind"
}

@test "diff: without a key only presence and kind" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  without_key
  bulla diff prod
  expect 0 "without a key"
  prints API_KEY
  [[ $output != *API_TOKEN* ]]
  bulla diff prod --format json
  jq -e '.compared == "presence"' <<<"$output"
}

@test "diff: unknown environments and missing vaults" {
  make_vaults
  bulla diff
  expect 2
  bulla diff nowhere
  expect 2 "no environment 'nowhere'"
  rm .bulla/prod.vault
  bulla diff prod
  expect 3 "environment 'prod' has no vault"
}
