load helper
load stack

@test "unset: takes the value away and keeps the history" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  bulla unset API_KEY --why 'service is gone'
  expect 0 "'API_KEY' is unset in 'dev'" "bulla rollback API_KEY" "the contract needs 'API_KEY'"
  prints_only ""
  records dev | grep -q '^del API_KEY v=2 .*why:service%20is%20gone'
  bulla get API_KEY
  expect 1 "has no value"
  bulla_revealing get API_KEY@1
  prints_only "$CANARY"
}

@test "unset: what is not set writes nothing" {
  make_vaults
  before=$(vaults)
  bulla unset API_KEY
  expect 0 "is not set in 'dev': nothing was written"
  [ "$before" = "$(vaults)" ]
  bulla unset API_TOKEN
  before=$(vaults)
  bulla unset API_TOKEN
  expect 0 "nothing was written"
  [ "$before" = "$(vaults)" ]
}

@test "unset: a setting falls back to the contract's default" {
  make_vaults
  echo INFO | "$BULLA" set LOG_LEVEL
  bulla unset LOG_LEVEL
  expect 0 "the contract's default is in force"
  [ "$("$BULLA" get LOG_LEVEL)" = DEBUG ]
}

@test "unset: unknown names, protected environments, no key" {
  make_vaults
  before=$(vaults)
  bulla unset API_TOKE
  expect 1 "did you mean 'API_TOKEN'?"
  bulla unset
  expect 2
  observe setsid -w "$BULLA" unset API_TOKEN -e prod
  expect 1 "protected" "--yes"
  without_key
  bulla unset API_TOKEN
  expect 4
  [ "$before" = "$(vaults)" ]
}

@test "unset: says what is to be done next" {
  make_vaults
  bulla unset API_TOKEN
  expect 0 "next:
  bulla fill"
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set -q API_KEY -e prod --yes
  bulla unset API_KEY -e prod --yes
  expect 0 "next:
  bulla set -e prod API_KEY"
  echo WARNING | "$BULLA" set -q LOG_LEVEL
  bulla unset LOG_LEVEL
  expect 0 "the contract's default is in force now" "next:
  bulla run -- docker compose up -d --force-recreate worker"
}
