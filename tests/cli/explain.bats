# bulla explain: rules, and what a variable is.
load helper
load stack

contract() {
  printf 'services:\n  api:\n    environment:\n      URL: ${URL:?the URL}\n' >compose.yaml
  cat >bulla.ini <<'INI'
[bulla]
format = 1
environments = dev, prod
rotate = 90d
[PASSWORD]
kind = password:24
note = of the database
keep-previous@prod = 1d
[URL]
kind = derived
value = postgres://app:{{ PASSWORD | url }}@db/app
INI
}

@test "explain: a rule by its id in either case, and by its name" {
  bulla explain B201
  expect 0
  prints "B201 colon-in-message" "found in" "instead"
  local text=$output
  bulla explain b201
  prints_only "$text"
  bulla explain colon-in-message
  prints_only "$text"
}

@test "explain: --list has every rule once" {
  bulla explain --list
  expect 0
  [[ $(grep -c '^B[0-9]' <<<"$output") -ge 20 ]]
  [[ -z $(grep -o '^B[0-9]*' <<<"$output" | sort | uniq -d) ]]
}

@test "explain: every rule has a text" {
  local id
  for id in $("$BULLA" explain --list | grep -o '^B[0-9]*'); do
    bulla explain "$id"
    expect 0
    prints "help"
  done
}

@test "explain: a variable, with the place of each thing that is said" {
  contract
  bulla explain PASSWORD -e prod
  expect 0
  prints "PASSWORD: a secret that bulla makes; environment prod" "bulla.ini:6:8" \
    "keep-previous@prod" "bulla.ini:4:10, of [bulla]" "missing" "URL"
}

@test "explain: a derived variable says what stands in its way and who uses it" {
  contract
  bulla explain URL
  expect 0
  prints "computed from other variables" "because of PASSWORD" "compose.yaml:4:12  api"
}

@test "explain: without a contract a variable of the compose file" {
  contract
  rm bulla.ini
  bulla explain URL
  expect 0
  prints "compose.yaml:4:12  api"
}

@test "explain: a name that does not exist is exit 1 with the nearest" {
  contract
  bulla explain PASWORD
  expect 1 "there is no variable 'PASWORD'" "did you mean 'PASSWORD'?"
  bulla explain B999
  expect 1 "there is no rule 'B999'"
}

@test "explain: a rendered file that services read or mount has no name but those of the contract" {
  printf 'services:\n  app: {image: app, env_file: .env, volumes: ["./.env:/app/.env"]}\n' >compose.yaml
  echo 'STRIPE_SECRET_KEY=' >.env.example
  bulla init
  expect 0
  bulla explain STRIPE_SECRET_KEYY
  expect 1 "there is no variable 'STRIPE_SECRET_KEYY'" "STRIPE_SECRET_KEY"
  echo 'LEFT_OVER=1' >.env
  bulla explain LEFT_OVER
  expect 0
  prints "not in the contract" ".env:1:1"
}

@test "explain: without a word it says what to give" {
  bulla explain
  expect 2 "what is to be explained?"
}

@test "explain, check: a secret's value in bulla.ini is found and never shown" {
  printf 'services:\n  api:\n    environment:\n      KEY: ${API_KEY:?}\n' >compose.yaml
  printf '[bulla]\nformat = 1\nenvironments = dev\n[API_KEY]\nkind = provided\ndefault = %s\n' "$CANARY" >bulla.ini
  may_hold_canary bulla.ini
  bulla check
  prints "bulla.ini:6:11: warning B405 the default of API_KEY holds a secret in the clear" \
    "help: bulla set API_KEY"
  bulla check --strict
  expect 1
  bulla explain API_KEY
  expect 0
  prints "a secret, which is not shown  bulla.ini:6:11"
}

@test "explain, check: so is one in the template of a derived value" {
  printf 'services:\n  api:\n    environment: [DB_URL, DB_PASS, DSN, ADDRESS]\n' >compose.yaml
  cat >bulla.ini <<END
[bulla]
format = 1
environments = dev
[DB_URL]
kind = derived
value = postgres://u:$CANARY@db/x
[DB_PASS]
kind = derived
value = $CANARY
[DSN]
kind = derived
value = postgres://u:{{ DB_PASS | url }}@db/x?password={{ DB_PASS }}
[ADDRESS]
kind = derived
value = http://db/x
[DB_PASSWORD]
kind = derived
value = {{ DB_PASS }}
END
  may_hold_canary bulla.ini
  bulla check
  prints "bulla.ini:6:9: warning B405 the value of DB_URL holds a password in a URL in the clear" \
    "bulla.ini:9:9: warning B405 the value of DB_PASS holds a password in the clear" \
    "write {{ NAME }} here"
  [ "$(grep -c B405 <<<"$output")" = 2 ]
  bulla explain DB_URL
  prints "a secret, which is not shown  bulla.ini:6:9"
  bulla explain DB_PASS
  prints "a secret, which is not shown  bulla.ini:9:9"
  bulla explain DSN
  prints "postgres://u:{{ DB_PASS | url }}@db/x?password={{ DB_PASS }}"
  bulla explain ADDRESS
  prints "http://db/x  bulla.ini"
}

@test "explain: the head of a rule with a long summary fits a terminal" {
  needs expect
  local id
  for id in B302 B405; do
    on_terminal screen env TERM=xterm "$BULLA" explain "$id"
    expect 0
    sed 's/\x1b\[[0-9;]*m//g; s/\r//' screen | sed '/^help/,$d' >plain
    [ "$(wc -L <plain)" -le 80 ]
  done
}
