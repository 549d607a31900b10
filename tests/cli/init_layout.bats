# bulla init where files lie elsewhere, or are called something else, than Compose's own words for them.
load helper
load stack

@test "init: a stack in docker/ whose services read ../.env gets that file rendered" {
  mkdir docker
  cat >docker/docker-compose.yml <<'YAML'
services:
  app: {image: example/app, env_file: [../.env]}
  db: {image: "postgres:15", env_file: [../.env]}
YAML
  printf 'COMPOSE_PROJECT_NAME=ours\nPOSTGRES_PASSWORD=<INSERT_POSTGRES_PASSWORD>\nWORKERS=4\n' >.env.example
  bulla init
  expect 0
  grep -qx 'output = ../.env' bulla.ini
  grep -qx 'template = ../.env.example' bulla.ini
  grep -qx '/.env' .gitignore
  if grep -q 'docker/' .gitignore; then return 1; fi
  bulla render
  expect 0 ".env: written, 3 variables"
  grep -A4 '^\[COMPOSE_PROJECT_NAME\]$' bulla.ini | grep -qx 'default = ours'
  [ -e .env ] && [ ! -e docker/.env ]
  bulla check
  expect 0
  prints_only "check: ok, 0 references in 1 file, environment dev"
  bulla init
  expect 0
  prints "nothing was changed"
}

@test "init: values in a ../.env that services read are imported" {
  mkdir docker
  printf 'services:\n  app: {image: app, env_file: ../.env}\n' >docker/compose.yaml
  write_canary .env "APP_TOKEN=$CANARY"
  bulla init
  expect 0
  prints "1 imported"
  bulla render
  expect 0 ".env: unchanged"
}

@test "init: where references need that file too, the contract and the summary say how Compose gets it" {
  mkdir docker
  cat >docker/compose.yaml <<'YAML'
services:
  app:
    image: app
    env_file: ../.env
    environment:
      LOG_LEVEL: ${LOG_LEVEL:-info}
YAML
  bulla init
  expect 0
  grep -qx 'output = ../.env' bulla.ini
  grep -qx ';   docker compose --env-file .env -f docker/compose.yaml' bulla.ini
  prints "docker compose --env-file .env -f docker/compose.yaml"
  bulla render
  expect 0
  bulla check
  expect 0
  prints "warning B207 what is referred to comes from 'docker/.env', and not from '.env' here" \
    "give it to Compose: docker compose --env-file .env"
}

@test "init: the only env file of a stack without references is the one that is rendered" {
  cat >docker-compose.yml <<'YAML'
services:
  app: {image: example/app, env_file: [app-conf.env]}
  db: {image: "postgres:15", environment: {POSTGRES_DB: app}}
YAML
  printf '# where it is reached\nBASE_URL=replace-me\nSECRET_KEY_BASE=replace-me\nLEVEL=info\n' >app-conf.env
  bulla init
  expect 0
  grep -qx 'output = app-conf.env' bulla.ini
  [[ $output != *"left alone"* ]]
  prints "your own   BASE_URL" "1 generated, 1 imported"
  grep -qx /app-conf.env .gitignore
  bulla set BASE_URL --file <(printf 'https://example.org')
  expect 0
  bulla render
  expect 0
  grep -qx 'BASE_URL=https://example.org' app-conf.env
  grep -q '^SECRET_KEY_BASE=[0-9a-f]\{128\}$' app-conf.env
  grep -qx 'LEVEL=info' app-conf.env
  bulla check
  expect 0
}

@test "init: other env files of services are named, with what to do" {
  cat >compose.yaml <<'YAML'
services:
  app: {image: example/app, env_file: [.env, app.env]}
  db: {image: "postgres:15", env_file: db.env, environment: {TZ: "${TZ:-UTC}"}}
YAML
  printf 'APP_MODE=fast\n' >app.env
  printf 'POSTGRES_DB=app\n' >db.env
  bulla init
  expect 0
  grep -qx 'output = .env' bulla.ini
  prints "env file   app.env, read by 'app'" "db.env, read by 'db'" "bulla check looks at" "move"
  [[ $output != *"left alone"* ]]
  if grep -q APP_MODE bulla.ini; then return 1; fi
}

@test "init: of a monorepo whose services read an env file each, the rendered one gets its own service's names" {
  mkdir -p deploy services/api services/web
  cat >deploy/compose.yaml <<'YAML'
services:
  api: {image: example/api, env_file: ../services/api/.env}
  web: {image: example/web, env_file: ../services/web/.env}
YAML
  printf '# the api\nAPI_SECRET=changeme\nPORT=3000\n' >services/api/.env.example
  printf '# the web\nWEB_SECRET=changeme\nPORT=8080\n' >services/web/.env.example
  bulla init
  expect 0
  grep -qx 'template = ../services/api/.env.example' bulla.ini
  grep -qx 'output = ../services/api/.env' bulla.ini
  [ "$(grep -c WEB_SECRET bulla.ini)" = 0 ]
  prints "env file   services/web/.env, read by 'web'" "and kept in the vault, move the lines to services/api/.env," \
    "and have 'web' read that, too"
  bulla render
  expect 0 "services/api/.env: written, 2 variables"
  cp services/web/.env.example services/web/.env
  bulla init
  expect 0
  prints "nothing was changed"
}

@test "init: a sample is told by the words of its name, whatever is between them" {
  local name
  for name in .env_example env.dist default.env .env.defaults dot.env.template; do
    rm -rf .bulla bulla.ini .gitignore
    printf 'services:\n  app: {image: app, env_file: .env}\n' >compose.yaml
    printf '# how many at a time\nWORKERS=4\n' >"$name"
    bulla check
    expect 1
    [ "$name" = dot.env.template ] || prints "bulla init, then bulla render, makes it; or copy $name"
    bulla init
    expect 0
    grep -qx "template = $name" bulla.ini
    grep -A3 '^\[WORKERS\]$' bulla.ini | grep -qx 'default = 4'
    rm "$name"
  done
}

@test "init: of a COMPOSE_FILE that points into a folder the .env beside bulla.ini is rendered, as Compose reads it first" {
  mkdir stacks
  cat >stacks/app.yml <<'YAML'
services:
  app:
    image: app
    environment: {LEVEL: "${LEVEL:?}", APP_TOKEN: "${APP_TOKEN:?}", DB_PASSWORD: "${DB_PASSWORD:?}"}
YAML
  printf '# how much is said\nLEVEL=info\nDB_PASSWORD=\n' >.env.example
  write_canary .env "COMPOSE_FILE=stacks/app.yml
LEVEL=debug
APP_TOKEN=$CANARY"
  printf 'LEVEL=trace\nDB_PASSWORD=of-the-folders-own-file\n' >stacks/.env
  chmod 600 .env stacks/.env
  bulla init
  expect 0
  prints "0 generated, 3 imported"
  grep -qx 'compose = stacks/app.yml' bulla.ini
  grep -qx 'output = ../.env' bulla.ini
  grep -qx 'template = ../.env.example' bulla.ini
  grep -qx /.env .gitignore
  bulla_revealing get LEVEL
  [ "$output" = debug ]
  bulla_revealing get DB_PASSWORD
  [ "$output" = of-the-folders-own-file ]
  bulla render
  expect 0 ".env: written"
  grep -qx 'COMPOSE_FILE=stacks/app.yml' .env
  grep -qx 'LEVEL=debug' .env
  bulla check
  expect 0
  [[ $output != *B207* && $output != *stacks/.env* ]]
  bulla init
  expect 0
  prints "nothing was changed"
}

@test "init: of a .env that only says COMPOSE_FILE nothing is made, and check knows that Compose reads it" {
  mkdir stacks
  printf 'services:\n  app: {image: app, environment: {DB_PASSWORD: "${DB_PASSWORD:?}"}}\n' >stacks/app.yml
  printf 'COMPOSE_FILE=stacks/app.yml\n' >.env
  bulla init
  expect 0
  grep -qx 'output = .env' bulla.ini
  bulla render
  expect 0 "stacks/.env: written, 1 variable"
  bulla check
  expect 0
  prints_only "check: ok, 1 reference in 1 file, environment dev"
  # The file alone, as -f has it, is another command: that one does not read .env here.
  printf 'COMPOSE_FILE=stacks/other.yml\n' >.env
  bulla check
  expect 0
  prints "B207 Compose does not read '.env' here but 'stacks/.env'"
}

@test "init: a compose file of an odd name is taken, and the same is asked for by check" {
  printf 'services:\n  app: {image: "app:${TAG:-1}"}\n' >docker-compose.vps.yml
  bulla check
  expect 3 "no compose file" "name it with -f docker-compose.vps.yml"
  bulla uses
  expect 3 "name it with -f docker-compose.vps.yml"
  printf 'services: {}\n' >compose.other.yml
  bulla check
  expect 3 "name it with -f compose.other.yml (or docker-compose.vps.yml)"
  rm compose.other.yml
  bulla init
  expect 0
  prints "no compose file of a default name; taking the only one: docker-compose.vps.yml"
  bulla check
  expect 0
}

@test "init: files in a folder are named from the root, also those that -f passes over" {
  mkdir -p deploy/docker apps/api apps/web
  cat >deploy/docker/compose.yaml <<'YAML'
services:
  api: {image: example/api, env_file: ../../apps/api/.env, environment: {A: "${A_TOKEN:?}"}}
  web: {image: example/web, env_file: ../../apps/web/.env}
YAML
  for name in compose.staging.yaml compose.a-long-word.yaml compose.another-word.yaml; do
    cp deploy/docker/compose.yaml deploy/docker/$name
  done
  bulla init -f deploy/docker/compose.yaml
  expect 0
  prints "  left alone deploy/docker/compose.a-long-word.yaml,
             deploy/docker/compose.another-word.yaml,
             deploy/docker/compose.staging.yaml" \
    "move the lines to apps/api/.env"
}

@test "init: in a folder below the compose file it says where it belongs, and writes nothing" {
  printf '%s\n' 'services: {api: {image: example/api, environment: {A: "${A_TOKEN:?}"}}}' >compose.yaml
  local folder=$PWD
  mkdir -p src/api
  cd src/api
  for files in '' ../../compose.yaml; do
    bulla init ${files:+-f "$files"}
    expect 1 "the compose files' folder is '$folder', and bulla.ini has to lie there or above" \
      "bulla -C $folder init"
    [ -z "$(ls -A)" ]
    [ ! -e "$HOME/.config/bulla" ]
  done
  bulla -C "$folder" init
  expect 0
  bulla render
  expect 0 ".env: written"
}
