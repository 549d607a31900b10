load helper
load stack

emptied() {
  make_vaults
  bulla unset POSTGRES_PASSWORD
  bulla unset API_TOKEN
}

@test "fill: makes what is missing and names it" {
  emptied
  bulla fill
  expect 0 "2 values made in 'dev'" "still to provide: API_KEY  https://provider.example/keys" \
    "next: bulla set API_KEY"
  [[ ${lines[0]} =~ ^NAME\ +KIND$ ]]
  prints "POSTGRES_PASSWORD  password:32" "API_TOKEN          hex:32"
  [[ $("$BULLA" get API_TOKEN) =~ ^[0-9a-f]{64}$ ]]
}

@test "fill: run again it writes nothing, and never overwrites" {
  make_vaults
  write_canary value
  bulla set POSTGRES_PASSWORD --file value --force
  before=$(vaults)
  bulla fill
  expect 0 "nothing to fill in 'dev'"
  prints_only ""
  [ "$before" = "$(vaults)" ]
}

@test "fill: only the names given" {
  emptied
  bulla fill API_TOKEN --why 'asked for'
  expect 0 "1 value made"
  [[ $output != *POSTGRES* ]]
  records dev | grep -q 'set API_TOKEN v=3 .*why:asked%20for'
  bulla get POSTGRES_PASSWORD
  expect 1
}

@test "fill: names that cannot be made end it before anything is written" {
  emptied
  before=$(vaults)
  bulla fill API_TOKEN API_KEY
  expect 1 "'API_KEY' cannot be made: it is provided" "bulla set API_KEY"
  bulla fill DATABASE_URL
  expect 1 "it is derived"
  bulla fill LOG_LEVEL
  expect 1 "it is a setting"
  bulla fill API_TOKE
  expect 1 "did you mean 'API_TOKEN'?"
  [ "$before" = "$(vaults)" ]
}

@test "fill: weak kinds are warned of" {
  make_vaults
  printf '\n[DOOR]\nkind = pin:4\n' >>bulla.ini
  bulla fill
  expect 0 "warning: 'DOOR' has 13 bits (pin:4)"
}

@test "fill: a protected environment is asked about only where there is something to write" {
  make_vaults
  observe setsid -w "$BULLA" fill -e prod
  expect 0 "nothing to fill in 'prod'" "bulla set -e prod API_KEY"
  bulla unset API_TOKEN -e prod --yes
  observe setsid -w "$BULLA" fill -e prod
  expect 1 "protected" "--yes"
  bulla fill -e prod --yes
  expect 0 "1 value made in 'prod'"
}

@test "fill: no vault, no key" {
  make_stack
  bulla fill
  expect 3 "has no vault"
  make_vaults
  without_key
  bulla fill
  expect 4
}
