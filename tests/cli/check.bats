# bulla check: everything that is wrong, each at its place.
load helper
load stack

# A folder with a compose file and no contract.
bare() {
  cat >compose.yaml <<'YAML'
services:
  api:
    image: example/api
    environment:
      DATABASE_URL: ${DATABASE_URL:?where the rows are}
      LOG_LEVEL: ${LOG_LEVEL}
      TOKEN: ${TOKEN:-changeme}
YAML
}

@test "check: without a contract it names what is missing, and where" {
  bare
  bulla check
  expect 1
  prints "compose.yaml:5:21: error B101 DATABASE_URL is required and not set: where the rows are" \
    "compose.yaml:6:18: warning B103 LOG_LEVEL is not set" \
    "compose.yaml:7:14: warning B302 TOKEN is not set" \
    "1 error, 2 warnings"
}

@test "check: on the first day it says what makes .env, and which sample it could be copied from" {
  cat >compose.yaml <<'END'
services:
  api:
    image: example/api
    env_file: [api/.env]
    environment:
      API_TOKEN: ${API_TOKEN:?}
      ELSEWHERE: ${ELSEWHERE}
END
  cat >env.example <<'END'
API_TOKEN=
END
  mkdir api
  cat >api/.env.sample <<'END'
MODE=fast
END
  bulla check
  expect 1
  prints 'there is no .env yet: bulla init, then bulla render, makes it; or copy env.example' \
    'copy api/.env.sample to it, and give its names values' \
    'there is no .env yet: bulla init, then bulla render, makes it'$'\n'
  : >.env
  bulla check
  prints 'give API_TOKEN a value in .env'
  [[ $output != *'no .env yet'* ]]
}

@test "check: a folder in the place of .env is not called something that init makes" {
  printf '%s\n' 'services: {a: {image: example/a, env_file: .env}}' >compose.yaml
  mkdir .env
  bulla check
  expect 1
  prints "'.env': is a folder, not a file" "help: make that file, or name the right one"
}

@test "check: a line of an env file that Compose and a service read is told of once" {
  cat >compose.yaml <<'END'
services:
  db:
    image: example/db
    env_file: .env
    environment: ["PGPASSWORD=${DB_PASSWORD}"]
  web:
    image: example/web
    env_file: .env
END
  printf '%s\n' 'DB_PASSWORD=tR7w$kLm94xQbP2vZ' 'MODE=a-$MISSING' >.env
  bulla check
  [ "$(grep -c B214 <<<"$output")" = 1 ]
  [ "$(grep -c "'MISSING' is not set" <<<"$output")" = 1 ]
}

@test "check: says ok in one line, and nothing with -q" {
  bare
  printf 'DATABASE_URL=postgres://db\nLOG_LEVEL=info\nTOKEN=%s\n' "$CANARY" >.env
  may_hold_canary .env
  chmod 600 .env
  bulla check
  expect 0
  prints_only "check: ok, 3 references in 1 file"
  bulla check -q
  expect 0
  prints_only ""
}

@test "check: warnings fail with --strict only" {
  bare
  printf 'DATABASE_URL=postgres://db\nTOKEN=%s\n' "$CANARY" >.env
  may_hold_canary .env
  chmod 600 .env
  bulla check
  expect 0
  prints "warning B103"
  bulla check --strict
  expect 1
}

@test "check: --env-file replaces .env, may be repeated, and is looked at itself" {
  bare
  printf 'LOG_LEVEL=info\nTOKEN=%s\n' "$CANARY" >one.env
  printf 'DATABASE_URL=postgres://db\n' >two.env
  may_hold_canary one.env
  chmod 644 one.env
  bulla check --env-file one.env --env-file two.env
  expect 0
  prints "one.env: warning B401 others may read this file (mode 0644)"
  bulla check --env-file two.env
  expect 0
  prints "LOG_LEVEL is not set"
}

@test "check: an env file that is named and missing is an error" {
  bare
  bulla check --env-file nowhere.env
  [[ $status == 1 || $status == 3 ]]
  [[ $output$stderr == *nowhere.env* ]]
}

@test "check: a placeholder in .env is found at its line and not quoted" {
  bare
  printf '# values\nDATABASE_URL=postgres://db\nLOG_LEVEL=info\nTOKEN=changeme\n' >.env
  chmod 600 .env
  bulla check
  expect 1
  prints ".env:4:1: error B301 TOKEN is still a placeholder"
}

@test "check: the broken stack gets B201 at each unquoted message" {
  cp "$SOURCE/tests/data/stacks/bot-core-broken/docker-compose.yml" .
  bulla check
  expect 1
  local place
  for place in 7:29 9:22 14:58 20:27; do
    prints "docker-compose.yml:$place: error B201"
  done
  prints "put the whole value in quotes"
}

@test "check: piped, each place is a line of its own; a terminal says the same finding once" {
  needs expect
  cat >compose.yaml <<'YAML'
services:
  a:
    image: a
    environment:
      X: ${X:?no X}
  b:
    image: b
    environment:
      X: ${X:?no X}
YAML
  bulla check
  expect 1
  [[ $(grep -c '^compose.yaml:[59]:10: error B101 X' <<<"$output") == 2 ]]
  [[ $(grep -c 'help:' <<<"$output") == 1 ]]
  prints "2 errors"
  on_terminal shown "$BULLA" check --color never
  [ "$status" = 1 ]
  tr -d '\r' <shown >lines
  [[ $(grep -c 'error    B101  X is required' lines) == 1 ]]
  grep -Eq '(at:|also:) .*compose.yaml:9:10' lines
  grep -q '^2 errors' lines
}

@test "check: on a terminal findings are grouped by file, with places that can be clicked" {
  needs expect
  bare
  printf 'DATABASE_URL=%s\nLOG_LEVEL=info\nTOKEN=changeme\n' "$CANARY" >.env
  may_hold_canary .env
  on_terminal shown "$BULLA" check --color never
  tr -d '\r' <shown >lines
  grep -qx '.env' lines
  grep -q '^  .env:3:1  error    B301  TOKEN is still a placeholder' lines
  TERM=xterm on_terminal shown "$BULLA" check
  grep -q $'\033\\[1;31merror' shown
}

@test "check: --format json has the documented members" {
  needs jq
  bare
  bulla check --format json
  expect 1
  jq -e '.version == 1 and .counts == {"error": 1, "warning": 2, "note": 0}' <<<"$output"
  jq -e '.findings[0] == {"rule": "B101", "severity": "error", "message":
    "DATABASE_URL is required and not set: where the rows are", "help": .findings[0].help,
    "file": "compose.yaml", "line": 5, "column": 21, "endLine": 5, "endColumn": 56,
    "variable": "DATABASE_URL", "service": "api"}' <<<"$output"
}

@test "check: json of a project without findings" {
  needs jq
  printf 'services:\n  a:\n    image: x\n' >compose.yaml
  bulla check --format json
  expect 0
  jq -e '.findings == [] and .counts.error == 0' <<<"$output"
}

@test "check: git is asked about a .env that is not there yet, or no longer" {
  needs git
  make_vaults
  git init -q .
  bulla check
  [[ $output != *"B402"* && $output != *"B403"* ]]
  rm .gitignore
  bulla check
  prints ".env: warning B403 git does not ignore this file, and secrets are rendered to it"
  sed -i '/^\[environment prod\]/i [environment dev]\noutput = :x[.env' bulla.ini
  bulla check
  prints ":x[.env: warning B403 git does not ignore this file, and secrets are rendered to it"
  echo ':x\[.env' >.gitignore
  bulla check
  [[ $output != *"B402"* && $output != *"B403"* ]]
  touch ':x[.env'
  git --literal-pathspecs add -f ':x[.env'
  rm ':x[.env'
  bulla check
  expect 1
  prints ":x[.env: error B402 git tracks this file, and secrets are rendered to it"
  # What nothing secret goes to may be missing, as may one that nothing is known of.
  printf '[bulla]\nformat = 1\nenvironments = dev\n[environment dev]\noutput = new.env\n[LOG_LEVEL]\nkind = setting\ndefault = INFO\n' >bulla.ini
  bulla check
  [[ $output != *new.env* ]]
  rm bulla.ini
  bulla check
  [[ $output != *.env:* ]]
}

@test "check: git is asked about .env inside a work tree only" {
  needs git
  bare
  printf 'DATABASE_URL=postgres://db\nLOG_LEVEL=info\nTOKEN=a-good-one-93kxt\n' >.env
  chmod 600 .env
  bulla check -v
  expect 0 "git was not asked about .env"
  git init -q .
  bulla check
  expect 0
  prints ".env: warning B403 git does not ignore this file"
  git add .env
  bulla check
  expect 1
  prints ".env: error B402 git tracks this file"
  git rm -q --cached .env
  echo .env >.gitignore
  bulla check
  expect 0
  prints "check: ok"
}

@test "check: without compose files it says which names it looked for" {
  bulla check
  expect 3 "compose"
}

@test "check: -f names another file, and one that is missing is an error" {
  mkdir docker
  printf 'services:\n  a:\n    image: "x:${TAG:?which one}"\n' >docker/stack.yaml
  bulla check -f docker/stack.yaml
  expect 1
  prints "docker/stack.yaml:3:15: error B101 TAG is required"
  bulla check -f nowhere.yaml
  expect 3 "nowhere.yaml"
}

@test "check: --compose 2 evaluates what stands in an operand that is not used" {
  printf 'services:\n  a:\n    image: "x:${TAG:-${OTHER:?which one}}"\n' >compose.yaml
  printf 'TAG=1\n' >.env
  chmod 600 .env
  bulla check
  expect 0
  bulla check --compose 5
  expect 0
  bulla check --compose 2
  expect 1
  prints "compose.yaml:3:22: error B101 OTHER is required"
  bulla check --compose 3
  expect 2 "'--compose' cannot be '3'"
}

@test "check: --compose 2 with a contract" {
  printf 'services:\n  a:\n    image: "x:${TAG:-${OTHER:?which one}}"\n' >compose.yaml
  printf '[bulla]\nformat = 1\nenvironments = dev\n[TAG]\nkind = setting\ndefault = 1\n[OTHER]\noptional = yes\n' >bulla.ini
  bulla check
  expect 0
  bulla check --compose 2
  expect 1
  prints "compose.yaml:3:22: error B101 OTHER is required"
}

@test "check: -e needs a contract, BULLA_ENV alone does not" {
  bare
  bulla check -e prod
  expect 3 "no bulla.ini" "bulla init"
  export BULLA_ENV=prod
  bulla check
  expect 1
}

@test "check: a contract without a vault finds what has no value" {
  bare
  cat >bulla.ini <<'INI'
[bulla]
format = 1
environments = dev
[DATABASE_URL]
kind = provided
[LOG_LEVEL]
kind = setting
default = info
[TOKEN]
kind = hex:32
INI
  bulla check
  expect 1 "environment 'dev' has no vault: bulla init makes it"
  prints "DATABASE_URL is required and not set" "help: bulla set DATABASE_URL" "help: bulla fill"
}

@test "check: --env-file checks a file against the contract" {
  bare
  cat >bulla.ini <<'INI'
[bulla]
format = 1
environments = dev
[DATABASE_URL]
kind = provided
type = url
[LOG_LEVEL]
kind = setting
one-of = info, debug
default = info
[TOKEN]
kind = hex:32
INI
  printf 'DATABASE_URL=%s\nLOG_LEVEL=loud\nTOKEN=%s\n' nonsense "$CANARY" >deploy.env
  may_hold_canary deploy.env
  chmod 600 deploy.env
  bulla check --env-file deploy.env
  expect 1
  prints "deploy.env:1:1: error B205 DATABASE_URL" "deploy.env:2:1: error B205 LOG_LEVEL" \
    "deploy.env:3:1: error B205 TOKEN"
}

@test "check: an error of the contract is placed there" {
  bare
  printf '[bulla]\nformat = 1\n[TOKEN]\nknid = hex:32\n' >bulla.ini
  bulla check
  expect 3 "bulla.ini:4:1: error:" "kind"
}

@test "check: text of a file cannot drive a terminal" {
  printf 'services:\n  a:\n    image: "${X:?\\e[31mred}"\n' >compose.yaml
  bulla check
  expect 1
  [[ $output != *$'\033'* ]]
}

@test "check: colour where it is asked for" {
  bare
  bulla check --color always
  expect 1
  [[ $output == *$'\033[1;31merror'* ]]
}

@test "check: on a terminal nothing but a long path goes beyond 80 columns" {
  needs expect
  bare
  printf 'services:\n  a:\n    image: "x:${TAG:?%s}"\n' "$(printf 'word %.0s' {1..40})" >compose.yaml
  on_terminal shown "$BULLA" check --color never
  [ "$status" = 1 ]
  tr -d '\r' <shown >lines
  run ! grep -E '^.{81}' lines
  grep -Eq '^ {17,}word' shown
  mkdir -p "$(printf 'long/%.0s' {1..15})"
  cp compose.yaml long/long/long/long/long/long/long/long/long/long/long/long/long/long/long/
  on_terminal shown "$BULLA" check --color never \
    -f long/long/long/long/long/long/long/long/long/long/long/long/long/long/long/compose.yaml
  grep -q '^  error    B101  TAG' shown
  grep -q 'at: long/.*/compose.yaml:3:15' shown
}

@test "check, uses: with a contract too, places are named from where one stands" {
  make_vaults
  mkdir -p deep/er
  sed -i '0,/image: .*/s//&\n    command: ${NEW:?needed}/' compose.yaml
  place=$("$BULLA" check | grep -o '^compose.yaml:[0-9:]*: error B101 NEW')
  cd deep/er
  bulla check
  expect 1
  prints "../../$place"
  bulla uses NEW
  prints "../../compose.yaml:"
  bulla check --format json
  prints '"file": "compose.yaml"'
}

@test "check: without a contract, too, env files and samples above are named from where one stands" {
  cat >compose.yaml <<'END'
services:
  a: {image: example/a, env_file: conf/a.env, environment: {T: "${API_TOKEN:?}"}}
END
  mkdir -p conf app/api
  printf '%s\n' 'API_TOKEN=changeme' >.env
  printf '%s\n' 'X_SECRET=ab1' >conf/a.env
  printf '%s\n' 'API_TOKEN=' 'UNUSED=1' >.env.example
  cd app/api
  bulla check
  prints '../../.env:1:1: error B301' '../../.env.example:2:1: note B505' '../../conf/a.env:1:1: warning'
  [[ $output != *"$BATS_TEST_TMPDIR"* ]]
}

@test "check --env-file: a file of settings is nobody's secret, and one fact is told once" {
  needs git
  git init -q .
  printf 'services:\n  a:\n    image: x:${TAG:?}\n    environment: [API_TOKEN]\n' >compose.yaml
  printf 'TAG=1.4.2\n' >prod.env
  chmod 644 prod.env
  git add .
  bulla check --env-file prod.env
  expect 0
  prints "check: ok"
  printf 'API_TOKEN=8be30a97c4d25f1160e8a94d7c3b5f02\n' >>prod.env
  bulla check --env-file prod.env
  expect 1
  [ "$(grep -c B402 <<<"$output")" = 1 ]
}

@test "check: a switch is no secret, whatever it is called" {
  printf 'services:\n  a:\n    image: x\n    environment:\n      S: ${SHOW_PASSWORD:-false}\n      F: ${FORCE_SIGNATURE:?}\n' >compose.yaml
  printf 'FORCE_SIGNATURE=true\n' >.env.example
  printf 'FORCE_SIGNATURE=true\n' >.env
  bulla check
  expect 0
  prints "check: ok"
}

@test "check: a name that a compose file beside reads is not called unused" {
  printf 'services:\n  a:\n    image: x:${TAG:?}\n' >compose.yaml
  printf 'services:\n  n:\n    image: nginx:${NGINX_TAG}\n' >docker-compose.nginx.yml
  printf 'TAG=1\nNGINX_TAG=2\nGONE=3\n' >.env.example
  printf 'TAG=1\nNGINX_TAG=2\n' >.env
  bulla check
  prints "B505 no compose file reads GONE of this sample"
  [[ $output != *NGINX_TAG* ]]
}

@test "check: an image is not given the secrets that an env file leaves empty" {
  printf 'services:\n  db:\n    image: postgres:16\n    env_file: app.env\n' >compose.yaml
  printf 'SMTP_PASSWORD=\nAPI_TOKEN=\n' >app.env
  chmod 600 app.env
  bulla check
  [[ $output != *B415* ]]
  printf 'OTHER_TOKEN=8be30a97c4d25f1160e8a94d7c3b5f02\n' >>app.env
  bulla check
  prints "B415 'db' gets 1 secret that its image does not read"
}

@test "check: of an env file that cannot be read only that is told" {
  printf 'services:\n  a:\n    image: x:${TAG}\n' >compose.yaml
  printf 'TAG=1\nFOO BAR=1\n' >.env
  chmod 644 .env
  bulla check
  expect 1
  prints ".env:2:4: error B204" "1 error"
  [[ $output != *warning* && $output != *"1 error, "* ]]
}
