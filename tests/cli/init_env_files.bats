# bulla init where env files with values are there: which ones run today, and what becomes of them.
load helper

secret() {
  bulla_revealing get "$1"
  [ "$status" = 0 ] && [ "$output" = "$2" ]
}

@test "init: of a .env and a .env.development beside it the one that Compose reads is taken over" {
  printf '%s\n' 'services: {app: {image: example/app, env_file: .env}}' >compose.yaml
  printf 'URL=\nREDIS_URL=redis://redis:6379\nSECRET_KEY=\nSTRIPE_SECRET_KEY=\n' >.env.example
  printf '%s\n' 'URL=http://localhost:3000' 'REDIS_URL=redis://127.0.0.1:6379' >.env.development
  write_canary .env "URL=https://wiki.acme.example
REDIS_URL=redis://cache.acme.example:6379
SECRET_KEY=6c57b7ba5fe1f1e8a0a5b7ed44d71c266c57b7ba5fe1f1e8a0a5b7ed44d71c26
STRIPE_SECRET_KEY=$CANARY"
  cp .env was
  may_hold_canary was
  bulla init
  expect 0
  prints "0 generated, 4 imported" "left alone .env.development"
  secret URL https://wiki.acme.example
  bulla render
  expect 0
  diff <(sort .env) <(sort was)
}

@test "init: of settings the values that run stay, whatever other env files lie beside .env" {
  cat >compose.yaml <<'END'
services:
  app:
    image: example/app
    environment: {PUBLIC_URL: "${PUBLIC_URL}", REDIS_URL: "${REDIS_URL}"}
END
  printf '%s\n' 'PUBLIC_URL=https://shop.acme.example' 'REDIS_URL=redis://cache.internal:6379' >.env
  cp .env was
  local name
  for name in .env.dev .env.development .env.local docker.env; do
    printf '%s\n' 'PUBLIC_URL=http://localhost:3000' 'REDIS_URL=redis://127.0.0.1:6379' >"$name"
  done
  bulla init
  expect 0
  prints "2 imported" "left alone .env.dev, .env.development, .env.local, docker.env"
  bulla render
  expect 0
  cmp .env was
}

@test "init: a .env that only steers Compose leaves the values to the environment's other file" {
  printf '%s\n' 'services: {app: {image: example/app, environment: {PUBLIC_URL: "${PUBLIC_URL}"}}}' >compose.yaml
  echo 'COMPOSE_PROJECT_NAME=shop' >.env
  echo 'PUBLIC_URL=https://shop.acme.example' >.env.development
  bulla init
  expect 0
  prints "1 imported"
  secret PUBLIC_URL https://shop.acme.example
  grep -A4 '^\[COMPOSE_PROJECT_NAME\]$' bulla.ini | grep -qx 'default@dev = shop'
}

# A service with an env file of its own, and names that Compose takes from `.env`.
write_api() {
  mkdir api
  cat >compose.yaml <<'END'
services:
  api:
    image: example/api
    env_file: api/.env
    environment: {DATABASE_URL: "postgresql://api:${DB_PASSWORD:?}@db/api"}
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: "${DB_PASSWORD:?}"}
END
  echo OPENAI_API_KEY=sk-proj-aZ82jsKqaZ82jsKqaZ82jsKqaZ82jsKq >api/.env
}

@test "init: the .env that Compose interpolates from is taken over, and a service's own in a folder stays" {
  write_api
  write_canary .env "DB_PASSWORD=$CANARY"
  bulla init
  expect 0
  prints "0 generated, 1 imported" "env file   api/.env, read by 'api'" "stays yours"
  [[ $output != *"start with"* ]]
  grep -qx 'output = .env' bulla.ini
  secret DB_PASSWORD "$CANARY"
  bulla check
  expect 0
  cp .env was
  may_hold_canary was
  bulla render
  expect 0
  cmp .env was
  [ "$(wc -l <api/.env)" = 1 ]
}

@test "init: so is the one that an environment has, or all of them have in common" {
  write_api
  echo 'services: {api: {restart: always}}' >compose.prod.yaml
  echo 'services: {api: {restart: always}}' >compose.staging.yaml
  echo DB_PASSWORD=Qm29fjsa82kdn2 >.env
  echo DB_PASSWORD=Vn83kdlaP29slq >.env.prod
  bulla init
  expect 0
  grep -A4 '^\[environment dev\]$' bulla.ini | grep -qx 'output = .env'
  grep -A4 '^\[environment staging\]$' bulla.ini | grep -qx 'output = .env.staging'
  grep -A4 '^\[environment prod\]$' bulla.ini | grep -qx 'output = .env.prod'
  bulla_revealing get -e prod DB_PASSWORD
  [ "$output" = Vn83kdlaP29slq ]
}

@test "init: without a .env that says more than how Compose starts, the service's file is rendered" {
  write_api
  echo COMPOSE_PROJECT_NAME=shop >.env
  bulla init
  expect 0
  grep -qx 'output = api/.env' bulla.ini
  prints "start with docker compose --env-file api/.env" "1 generated, 1 imported"
}

@test "init: what an included stack is filled from is taken over, behind the stack's own" {
  mkdir -p infra/db apps/web
  printf '%s\n' 'include: [infra/db/compose.yaml, {path: apps/web/compose.yaml, env_file: apps/web/web.env}]' \
    'services: {api: {image: example/api, environment: {K: "${APP_SECRET:?}", T: "${TAG:-1}"}}}' >compose.yaml
  cat >infra/db/compose.yaml <<'END'
services:
  db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: "${DB_PASSWORD:?}", T: "${TAG:-1}"}}
END
  echo 'services: {web: {image: example/web, environment: {S: "${NEXTAUTH_SECRET:?}"}}}' >apps/web/compose.yaml
  printf '%s\n' 'DB_PASSWORD=Qm29fjsa82' TAG=of-the-database UNUSED=1 >infra/db/.env
  echo 'NEXTAUTH_SECRET=kd82jfmslaKd82jf' >apps/web/web.env
  write_canary .env "APP_SECRET=$CANARY
TAG=of-the-stack"
  if [ -n "${BULLA_COMPOSE:-}" ]; then
    "$BULLA_COMPOSE" config >before
    may_hold_canary before
  fi
  bulla init
  expect 0
  prints "0 generated, 4 imported"
  secret DB_PASSWORD Qm29fjsa82
  secret NEXTAUTH_SECRET kd82jfmslaKd82jf
  secret TAG of-the-stack
  if grep -q UNUSED bulla.ini; then return 1; fi
  bulla check
  expect 0
  bulla render
  expect 0 ".env: written, 2 added"
  if [ -n "${BULLA_COMPOSE:-}" ]; then
    "$BULLA_COMPOSE" config >after
    may_hold_canary after
    cmp before after
  fi
  # Again, with what is new there.
  echo 'services: {db: {image: "postgres:16", environment: {N: "${NEXT_PASSWORD:?}", T: "${TAG:-1}"}}}' >infra/db/compose.yaml
  echo 'NEXT_PASSWORD=Wn83jdlsPq29' >>infra/db/.env
  bulla init
  expect 0
  secret NEXT_PASSWORD Wn83jdlsPq29
}

@test "init: an environment is rendered to the file that it has, whatever word of its name that is called by" {
  echo 'services: {app: {image: example/app, environment: {A_SECRET: "${A_SECRET:?}"}}}' >compose.yaml
  echo 'services: {app: {restart: always}}' >compose.production.yaml
  echo 'services: {app: {restart: always}}' >compose.staging.yaml
  echo A_SECRET=6c57b7ba5fe1f1e8a0a5b7ed44d71c26 >.env.production
  chmod 600 .env.production
  bulla init
  expect 0
  grep -A5 '^\[environment prod\]$' bulla.ini | grep -qx 'output = .env.production'
  grep -A5 '^\[environment staging\]$' bulla.ini | grep -qx 'output = .env.staging'
  grep -qx '/.env.production' .gitignore
  bulla render -e prod
  expect 0 ".env.production: unchanged"
  "$BULLA" generate hex:16 >value
  bulla set -e prod --yes A_SECRET --file value
  expect 0
  bulla render -e prod
  expect 0 ".env.production: written"
  [ ! -e .env.prod ]
  # A file called as bulla calls it comes first.
  rm -r .bulla bulla.ini .env.production
  echo A_SECRET=6c57b7ba5fe1f1e8a0a5b7ed44d71c26 | tee .env.prod >.env.production
  bulla init
  expect 0
  prints "left alone .env.production"
  grep -A5 '^\[environment prod\]$' bulla.ini | grep -qx 'output = .env.prod'
}

@test "init: the numbers of the user in .env, which no shell exports, are taken over where they are used" {
  cat >compose.yaml <<'END'
services:
  app:
    image: example/app
    user: "${UID:-0}:${GID:-0}"
    environment: {A: "${A}", H: "${HOME}"}
END
  printf '%s\n' 'UID=1000' 'GID=1001' 'USER=alice' 'HOME=/srv/app' 'A=1' >.env
  bulla init
  expect 0
  grep -A3 '^\[UID\]$' bulla.ini | grep -qx 'default@dev = 1000'
  if grep -q '^\[\(USER\|HOME\)\]' bulla.ini; then return 1; fi
  bulla check
  expect 0
  [[ $output != *B106*UID* ]]
  rm .env
  bulla render
  expect 0
  grep -qx UID=1000 .env
  grep -qx GID=1001 .env
  bulla init
  expect 0
  prints "nothing was changed"
  if [ -n "${BULLA_COMPOSE:-}" ]; then
    "$BULLA_COMPOSE" config | grep -q 'user: 1000:1001'
    rm .env
    bulla run -- "$BULLA_COMPOSE" config
    prints 'user: 1000:1001'
  fi
}

@test "init: what check says of such a number that is not set is true" {
  local yaml='services: {app: {image: example/app, user: "${UID:?}:${GID:?}", environment: {A: "${A:-1}"}}}'
  echo "$yaml" >compose.yaml
  bulla check
  expect 1
  prints "B101 UID is required and not set" "help: set it in .env, or export it where Compose runs"
  observe env UID=1000 GID=1000 "$BULLA" check
  expect 0
  bulla init
  expect 0
  bulla check
  expect 1
  prints "B101 UID is required and not set" "help: write its section in bulla.ini, or export it where Compose runs"
  observe env UID=1000 GID=1000 "$BULLA" check
  expect 0
  # A line of the rendered file is enough for init to write it.
  printf '%s\n' 'UID=1000' 'GID=1000' >>.env
  chmod 600 .env
  bulla init
  expect 0
  prints "2 added at its end"
  bulla render
  expect 0
  grep -qx UID=1000 .env
  bulla check
  expect 0
}

@test "init: of a stack further down that has no .env the root's fills what is referred to" {
  mkdir docker
  cat >docker/compose.yaml <<'END'
services:
  db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: "${DB_PASSWORD:?}", TZ: "${TZ:-UTC}"}}
END
  write_canary .env "DB_PASSWORD=$CANARY
OF_SOMETHING_ELSE=1"
  bulla init
  expect 0
  prints "0 generated, 1 imported"
  grep -qx 'output = .env' bulla.ini
  if grep -q OF_SOMETHING_ELSE bulla.ini; then return 1; fi
  secret DB_PASSWORD "$CANARY"
  bulla check
  prints "B207"
  bulla render
  expect 0 "docker/.env: written, 1 variable"
  may_hold_canary docker/.env
  # What Compose reads by itself comes first, and nothing is mixed into it.
  rm -r bulla.ini .bulla
  echo DB_PASSWORD=Qm29fjsa82kdn2 >docker/.env
  echo TZ=Europe/Rome >>.env
  bulla init
  expect 0
  prints "0 generated, 1 imported"
  secret DB_PASSWORD Qm29fjsa82kdn2
  # It may be another program's file.
  rm -r bulla.ini .bulla docker/.env
  echo 'if [ "$X" ]; then "' >.env
  bulla init
  expect 0
  prints "1 generated"
}

@test "init: of what steers Compose in two files the first one's counts, as it does for Compose" {
  mkdir stacks
  echo 'services: {app: {image: app, environment: {LEVEL: "${LEVEL:?}"}}}' >stacks/app.yml
  printf '%s\n' COMPOSE_FILE=stacks/app.yml COMPOSE_PROJECT_NAME=first LEVEL=debug >.env
  printf '%s\n' COMPOSE_PROJECT_NAME=second COMPOSE_PROFILES=full >stacks/.env
  bulla init
  expect 0
  grep -A3 '^\[COMPOSE_PROJECT_NAME\]$' bulla.ini | grep -qx 'default@dev = first'
  grep -A3 '^\[COMPOSE_PROFILES\]$' bulla.ini | grep -qx 'default@dev = full'
  grep -A3 '^\[COMPOSE_FILE\]$' bulla.ini | grep -qx 'default@dev = stacks/app.yml'
  rm .env
  bulla render
  expect 0
  grep -qx COMPOSE_FILE=stacks/app.yml .env
}

# stacks N: that many stacks that are included, each of which is given P and its own URL.
stacks() {
  local i
  echo 'include:' >compose.yaml
  for ((i = 1; i <= $1; i++)); do
    mkdir "s$i"
    echo "  - s$i/compose.yaml" >>compose.yaml
    echo "services: {a$i: {image: example/a, environment: {P: '\${DB_PASSWORD:?}', U: '\${URL_$i}'}}}" \
      >"s$i/compose.yaml"
  done
}

# compose_is FILE: writes what Compose makes of it to FILE, or compares it with that.
compose_is() {
  [ -n "${BULLA_COMPOSE:-}" ] || return 0
  if [ -f "$1" ]; then
    "$BULLA_COMPOSE" config | cmp - "$1"
  else
    "$BULLA_COMPOSE" config >"$1"
  fi
}

@test "init: a name that included stacks have two values of is left to them, and both places are named" {
  stacks 3
  printf '%s\n' 'DB_PASSWORD=Zk3vQ9xLw2pRt7Hn1' 'URL_1=postgres://app:${DB_PASSWORD}@db/app' >s1/.env
  printf '%s\n' 'DB_PASSWORD=Zk3vQ9xLw2pRt7Hn1' 'URL_2=postgres://app:${DB_PASSWORD}@db/app' >s2/.env
  printf '%s\n' 'DB_PASSWORD=Wn83jdlsPq29Wn83' URL_3=http://a.example >s3/.env
  compose_is before
  bulla init
  expect 0 "warning: 'DB_PASSWORD' in s3/.env has another value than in s1/.env: it is left to these files" \
    "two need two names"
  [[ $stderr$output != *Zk3vQ9* && $stderr$output != *Wn83* ]]
  prints "0 generated, 3 imported"
  grep -qF '[URL_1]' bulla.ini
  if grep -qF '[DB_PASSWORD]' bulla.ini; then return 1; fi
  bulla render
  expect 0
  compose_is before
  # Again it is said, and nothing else happens.
  bulla init
  expect 0 "it is left to these files"
  prints "nothing was changed"
  # What the stack's own .env has is everybody's, as it is for Compose.
  echo 'DB_PASSWORD=Pv7xKd93mQz1Lw2R' >>.env
  rm -f before
  compose_is before
  bulla init
  expect 0
  [[ $stderr != *"left to these files"* ]]
  secret DB_PASSWORD Pv7xKd93mQz1Lw2R
  bulla render
  expect 0
  compose_is before
}

@test "init: so is what has one text in both, made of such a name" {
  stacks 2
  sed -i 's/URL_[12]/URL/' s1/compose.yaml s2/compose.yaml
  printf '%s\n' 'DB_PASSWORD=Zk3vQ9xLw2pRt7Hn1' 'URL=postgres://app:${DB_PASSWORD}@db/app' >s1/.env
  printf '%s\n' 'DB_PASSWORD=Wn83jdlsPq29Wn83' 'URL=postgres://app:${DB_PASSWORD}@db/app' >s2/.env
  compose_is before
  bulla init
  expect 0 "'DB_PASSWORD' in s2/.env has another value" "'URL' in s2/.env has another value"
  bulla render
  expect 0
  compose_is before
}

@test "init: of two values of a name that a sample has it says which one both stacks get" {
  stacks 2
  echo 'DB_PASSWORD=' >.env.example
  echo 'DB_PASSWORD=Zk3vQ9xLw2pRt7Hn1' >s1/.env
  echo 'DB_PASSWORD=Wn83jdlsPq29Wn83' >s2/.env
  bulla init
  expect 0 "'DB_PASSWORD' in s2/.env has another value than in s1/.env, which both get once rendered" \
    "two values need two names"
  secret DB_PASSWORD Zk3vQ9xLw2pRt7Hn1
  bulla init
  expect 0
  [[ $stderr != *"another value"* ]]
}

@test "init: what included stacks have the same value of is taken over without a word" {
  stacks 2
  echo 'DB_PASSWORD=Zk3vQ9xLw2pRt7Hn1' | tee s1/.env >s2/.env
  bulla init
  expect 0
  [[ $stderr != *"another value"* ]]
  secret DB_PASSWORD Zk3vQ9xLw2pRt7Hn1
}

@test "init: of many included stacks each one's values are taken over" {
  local i
  stacks 12
  for ((i = 1; i <= 12; i++)); do
    sed -i "s/DB_PASSWORD/P${i}_PASSWORD/" "s$i/compose.yaml"
    printf '%s\n' "P${i}_PASSWORD=Zk3vQ9xLw2pRt7Hn$i" "URL_$i=http://$i.example" >"s$i/.env"
  done
  compose_is before
  bulla init
  expect 0
  prints "0 generated, 24 imported"
  secret P8_PASSWORD Zk3vQ9xLw2pRt7Hn8
  secret P12_PASSWORD Zk3vQ9xLw2pRt7Hn12
  bulla render
  expect 0
  compose_is before
}
