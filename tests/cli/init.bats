load helper
load stack

shop() {
  cp -R "$SOURCE/templates/stacks/shop/." .
}

@test "init: from compose files to a contract, a vault, an identity and ignored files" {
  shop
  bulla init --name alice
  expect 0
  prints "bulla.ini: 5 generated, 2 derived, 1 to provide, 4 settings" \
    ".bulla/dev.vault (new): 5 generated" "STRIPE_SECRET_KEY" "next: bulla set STRIPE_SECRET_KEY"
  grep -q '^kind = hex:32$' bulla.ini
  grep -q '^value = postgresql://shop:{{ POSTGRES_PASSWORD | url }}@db:5432/shop$' bulla.ini
  grep -q '^BULLA1 [0-9a-f]\{32\} dev$' .bulla/dev.vault
  grep -q '^root alice ' .bulla/dev.vault
  grep -q '^set FERNET_KEY v=1 .*m=kind:fernet ' .bulla/dev.vault
  grep -qx '/.env' .gitignore
  grep -qx '\*.vault text eol=lf merge=union diff=bulla' .bulla/.gitattributes
  [ "$(stat -c %a "$XDG_CONFIG_HOME/bulla/identity.txt")" = 600 ]
  [ ! -e .env ]
}

@test "init: run twice it changes nothing" {
  shop
  bulla init
  expect 0
  before=$(find . -type f -exec sha256sum {} + | sort)
  bulla init
  expect 0
  prints "nothing was changed"
  [ "$before" = "$(find . -type f -exec sha256sum {} + | sort)" ]
}

@test "init: imports what an existing .env really sets, and not what the sample publishes" {
  shop
  write_canary .env "POSTGRES_PASSWORD=$CANARY
REDIS_PASSWORD=changeme
GRAFANA_PASSWORD=admin
LOG_LEVEL=debug
ONLY_HERE_TOKEN=Kq8ZbTn2Vw"
  bulla init
  expect 0
  [[ $stderr == *"'REDIS_PASSWORD' has a value that everybody can read: a new one is made"* ]]
  prints "3 imported"
  # The two published ones were generated instead.
  prints "4 generated"
  grep -q '^set POSTGRES_PASSWORD v=1 .*m=kind:imported;why:imported%20from%20.env ' .bulla/dev.vault
  grep -q '^set REDIS_PASSWORD v=1 .*m=kind:alnum%3A32 ' .bulla/dev.vault
  grep -q '^set LOG_LEVEL v=1 ' .bulla/dev.vault
  grep -q '^\[ONLY_HERE_TOKEN\]$' bulla.ini
  if grep -q Kq8ZbTn2Vw bulla.ini .bulla/dev.vault; then return 1; fi
}

@test "init: a value that the environment of whoever runs it would fill is not sealed" {
  cat >compose.yaml <<'END'
services:
  app:
    image: example/app
    environment:
      STRIPE_API_KEY: ${STRIPE_API_KEY:?}
      APP_URL: ${APP_URL:?}
END
  printf '%s\n' 'STRIPE_API_KEY=x-${FOREIGN_KEY}' 'BASE_HOST=app.example.org' \
    'APP_URL=https://${BASE_HOST}/' >.env
  FOREIGN_KEY=wJalrXUtnFEMI BASE_HOST=other.example.net bulla init
  expect 0 "$PWD/.env:1:18: your environment has the variable that begins here" \
    "'STRIPE_API_KEY' is not imported; what is meant enters by bulla set STRIPE_API_KEY"
  prints "STRIPE_API_KEY"
  bulla get STRIPE_API_KEY
  expect 1 "STRIPE_API_KEY"
  bulla_revealing get APP_URL
  prints_only https://app.example.org/
}

@test "init: what the file has in place of what the environment has is imported, and that is said" {
  printf '%s\n' 'services: {app: {image: example/app, env_file: .env}}' >compose.yaml
  printf '%s\n' 'OWN=own' 'A_TOKEN="x${FOREIGN_KEY:-defaultdefault12}"' 'B_TOKEN=${B_TOKEN-tR7wkLm94xQbP2vZ}' \
    'C_TOKEN=${OWN:-other}Kq8ZbTn2Vw' 'D_TOKEN=${NOWHERE:-Zk4nWq8tYb6mXc2v}' \
    'E_TOKEN=${NOWHERE:+${FOREIGN_KEY:-q7}}uS8xmNo05yRcQ3wA' 'F_TOKEN="\${FOREIGN_KEY:-aB3dEf6hIj9kLm2n}"' >.env
  FOREIGN_KEY=wJalrXUtnFEMI B_TOKEN=other OWN=other bulla init
  expect 0 "$PWD/.env:2:11: your environment has the variable that begins here" \
    "'A_TOKEN' is imported without it; what is meant enters by bulla set A_TOKEN" \
    "$PWD/.env:3:9: your environment has the variable that begins here" \
    "'B_TOKEN' is imported without it; what is meant enters by bulla set B_TOKEN"
  bulla_revealing get A_TOKEN
  prints_only xdefaultdefault12
  [[ $stderr != *C_TOKEN* && $stderr != *D_TOKEN* && $stderr != *F_TOKEN* ]]
  bulla_revealing get C_TOKEN
  prints_only ownKq8ZbTn2Vw
  bulla_revealing get D_TOKEN
  prints_only Zk4nWq8tYb6mXc2v
}

@test "init: tells what Compose does not read of an imported value" {
  cat >compose.yaml <<'END'
services:
  db:
    image: example/db
    env_file: .env
    environment:
      DB_PASSWORD: ${DB_PASSWORD:?}
      APP_SECRET: ${APP_SECRET:?}
END
  printf '%s\n' 'APP_SECRET=Kq8ZbTn2Vw' 'DB_PASSWORD=tR7w$kLm94xQbP2vZ' >.env
  bulla init
  expect 0 "$PWD/.env:2:17: Compose reads a blank for the variable that begins here" \
    "'DB_PASSWORD' is imported so; is the '\$' a part of it: bulla set DB_PASSWORD"
  [[ $stderr != *APP_SECRET* ]]
  prints "2 imported"
  bulla_revealing get DB_PASSWORD
  prints_only tR7w
}

@test "init: what it imports from a file that git has counts as exposed" {
  printf '%s\n' 'services: {db: {image: example/db, env_file: .env}}' >compose.yaml
  printf '%s\n' 'SESSION_SECRET=tR7wkLm94xQbP2vZ' 'STRIPE_KEY=sk_live_oUr9Own8Test7' 'LEVEL=5' >.env
  git init -q
  git add .env
  bulla init
  expect 0
  prints "3 imported" "exposed    2 imported from .env, which git has: every clone reads them"
  git rm -q --cached .env
  bulla status
  prints "2 exposed"
  bulla check
  [[ $output$stderr == *B404* ]]
  bulla rotate --exposed
  expect 10
  bulla status
  prints "1 exposed"
  # What comes later is in that file too.
  git add -f .env
  git -c user.name=a -c user.email=a@example.net commit -qm "as it is"
  git rm -q --cached .env
  printf '%s\n' 'QUEUE_SECRET=uS8xmNo05yRcQ3wA' >>.env
  bulla init
  expect 0
  prints "exposed    1 imported from .env, which git has: every clone reads it"
}

@test "init: what it imports from a file that git only ignores is not exposed" {
  printf '%s\n' 'services: {db: {image: example/db, env_file: .env}}' >compose.yaml
  printf '%s\n' 'SESSION_SECRET=tR7wkLm94xQbP2vZ' >.env
  echo .env >.gitignore
  git init -q
  git add .
  bulla init
  expect 0
  prints "1 imported"
  [[ $output != *exposed* ]]
  bulla status
  [[ $output != *"1 exposed"* ]]
}

@test "init: says that environments are rendered to one file, and how to keep them apart" {
  printf '%s\n' 'services: {app: {image: example/app, env_file: .env}}' >docker-compose.yml
  printf '%s\n' 'services: {app: {restart: always, env_file: .env}}' >docker-compose.prod.yml
  printf '%s\n' 'services: {app: {restart: always}}' >docker-compose.dev.yml
  printf 'APP_SECRET=\n' >.env.example
  bulla init
  expect 0
  prints "one file   dev and prod are both rendered to .env"
  grep -q '^; dev is rendered to the same file' bulla.ini
  grep -q 'env_file: .env.prod' bulla.ini
}

@test "init: COMPOSE_FILE in an existing .env is kept without a word: nobody is to delete it" {
  printf '%s\n' 'services: {app: {image: example/app, environment: {K: "${SECRET_KEY:?}"}}}' >compose.yaml
  printf '%s\n' 'services: {app: {environment: {L: "${LEVEL:?}"}}}' >extra.yaml
  printf '%s\n' 'COMPOSE_FILE=compose.yaml:extra.yaml' 'LEVEL=5' >.env
  bulla init
  expect 0
  grep -qx 'compose = compose.yaml, extra.yaml' bulla.ini
  bulla check
  [[ $output$stderr != *COMPOSE_FILE* ]]
  bulla render
  expect 0
  [[ $output$stderr != *COMPOSE_FILE* ]]
  grep -qx 'COMPOSE_FILE=compose.yaml:extra.yaml' .env
}

@test "init: what steers Compose in an existing .env is kept, with and without that file" {
  cat >compose.yaml <<'END'
services:
  db:
    image: postgres:16
    profiles: [full]
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}
END
  write_canary .env "# ours
COMPOSE_PROJECT_NAME=myprod
COMPOSE_PROFILES=full

PYTHONPATH=/opt/app
POSTGRES_PASSWORD=$CANARY"
  cp .env before.env
  may_hold_canary before.env
  bulla init
  expect 0
  grep -A3 '^\[COMPOSE_PROJECT_NAME\]$' bulla.ini | grep -qx 'default@dev = myprod'
  grep -A3 '^\[COMPOSE_PROFILES\]$' bulla.ini | grep -qx 'default@dev = full'
  bulla render
  expect 0 ".env: unchanged"
  cmp .env before.env
  rm .env
  bulla render
  expect 0
  grep -qx COMPOSE_PROJECT_NAME=myprod .env
  grep -qx COMPOSE_PROFILES=full .env
}

@test "init: the files that COMPOSE_FILE lists are the environment's" {
  printf 'services:\n  app:\n    image: app:${TAG:-1}\n' >compose.yaml
  printf 'services:\n  db:\n    image: db:${DB_TAG:-1}\n' >db.yml
  printf 'COMPOSE_FILE=compose.yaml:db.yml\n' >.env
  bulla init
  expect 0
  grep -qx 'compose = compose.yaml, db.yml' bulla.ini
  grep -qx '\[DB_TAG\]' bulla.ini
  bulla render
  expect 0
  grep -qx COMPOSE_FILE=compose.yaml:db.yml .env
  # A fresh clone has no .env, and renders one that starts the same stack.
  grep -A3 '^\[COMPOSE_FILE\]$' bulla.ini | grep -qx 'default@dev = compose.yaml:db.yml'
  rm .env
  bulla render
  expect 0
  grep -qx COMPOSE_FILE=compose.yaml:db.yml .env
  bulla check
  expect 0
  [[ $output$stderr != *COMPOSE_FILE* ]]
  # It is that file's to say: CMD, in whatever folder, has what bulla was started with.
  bulla run -- sh -c 'echo "${COMPOSE_FILE-unset}"'
  expect 0
  prints_only unset
  COMPOSE_FILE=mine.yml bulla run -- sh -c 'echo "${COMPOSE_FILE-unset}"'
  prints_only mine.yml
  COMPOSE_FILE=mine.yml bulla run --force-name -- sh -c 'echo "${COMPOSE_FILE-unset}"'
  prints_only compose.yaml:db.yml
  bulla init
  expect 0
  prints "nothing was changed"
}

@test "init: a COMPOSE_FILE that is true on one machine only is not written into bulla.ini" {
  printf 'services:\n  app:\n    image: app:${TAG:-1}\n' >compose.yaml
  printf 'services:\n  db:\n    image: db:${DB_TAG:-1}\n' >db.yml
  printf 'COMPOSE_FILE=compose.yaml:%s/db.yml\n' "$PWD" >.env
  bulla init
  expect 0
  if grep -q '\[COMPOSE_FILE\]' bulla.ini; then return 1; fi
  rm -r bulla.ini .bulla
  echo 'COMPOSE_FILE=compose.yaml:db.yml' >.env
  bulla init -f compose.yaml
  expect 0
  if grep -q '\[COMPOSE_FILE\]' bulla.ini; then return 1; fi
}

@test "init: a production file that stands by itself is used alone, and its services' .env rendered" {
  cat >docker-compose.yml <<'END'
services:
  db: {image: "postgres:16", env_file: .env, environment: {POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:-x}"}}
  app: {build: ., env_file: .env, environment: {PORT: "${PORT:-1}"}}
END
  sed 's/build: ./image: app/' docker-compose.yml >docker-compose.prod.yml
  printf 'services:\n  app: {image: "${REGISTRY}/app"}\n' >docker-compose.staging.yml
  echo 'POSTGRES_PASSWORD=changeme' >.env.example
  bulla init
  expect 0
  grep -A4 '^\[environment prod\]$' bulla.ini | grep -qx 'compose = docker-compose.prod.yml'
  grep -A6 '^\[environment prod\]$' bulla.ini | grep -qx 'output = .env'
  grep -A4 '^\[environment staging\]$' bulla.ini |
    grep -qx 'compose = docker-compose.yml, docker-compose.staging.yml'
  bulla check -e prod
  expect 0
  # What only staging's file uses is needed in staging alone.
  grep -A4 '^\[REGISTRY\]$' bulla.ini | grep -qx 'optional@dev = yes'
  bulla render
  expect 0
  bulla render -e staging
  expect 3 "'REGISTRY' has no value in 'staging'"
}

@test "init: a development file that takes its services out of the base is no override of it" {
  cat >docker-compose.yml <<'END'
services:
  db: {image: "postgres:16", env_file: .env, environment: {POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?}"}}
  app: {image: "app:${APP_VERSION:?}", depends_on: [db]}
END
  cat >docker-compose.dev.yml <<'END'
services:
  db:
    extends: {file: docker-compose.yml, service: db}
    ports: ["5432:5432"]
END
  bulla init
  expect 0
  grep -A2 '^\[environment dev\]$' bulla.ini | grep -qx 'compose = docker-compose.dev.yml'
  grep -qx '\[POSTGRES_PASSWORD\]' bulla.ini
  # Compose fills in all of the base, whatever is taken out of it.
  prints "missing    dev: APP_VERSION"
}

@test "init: what an image is called is no number, whatever its tag is now" {
  cat >compose.yaml <<'END'
services:
  db: {image: "postgres:${POSTGRES_TAG:-16}"}
  app: {image: app, environment: {WORKERS: "${WORKERS:-4}"}}
END
  bulla init
  expect 0
  [[ $(grep -A4 '^\[POSTGRES_TAG\]$' bulla.ini) != *"type ="* ]]
  grep -A2 '^\[WORKERS\]$' bulla.ini | grep -qx 'type = number'
}

@test "init: an env file's value that is made of another name is derived, and holds no literal" {
  printf 'services:\n  app: {image: app, env_file: .env}\n' >compose.yaml
  write_canary .env "DB_PASSWORD=$CANARY
DATABASE_URL=postgresql://app:\${DB_PASSWORD}@db/app
OTHER_URL=postgresql://app:a$CANARY\${DB_PASSWORD}@db/app"
  cp .env before.env
  may_hold_canary before.env
  bulla init
  expect 0
  grep -qx 'value = postgresql://app:{{ DB_PASSWORD | url }}@db/app' bulla.ini
  bulla render
  expect 0
  grep -qx "DATABASE_URL=postgresql://app:$CANARY@db/app" .env
}

@test "init: what the sample leaves to its reader is listed, and check warns of it" {
  printf 'services:\n  app: {image: app, env_file: .env}\n' >compose.yaml
  printf 'DOMAIN_NAME=your-domain.com\nPORT=80\n' >.env.example
  bulla init
  expect 0
  prints "your own   DOMAIN_NAME" "no value of yours yet" "bulla set NAME"
  bulla render
  expect 0
  bulla check
  expect 0
  prints "warning B104 DOMAIN_NAME has no value in 'dev', and the sample asks for one" \
    "bulla set DOMAIN_NAME"
}

@test "init: a vault that is gone is not replaced by a new one" {
  needs git
  shop
  bulla init
  expect 0
  rm .bulla/dev.vault
  bulla init
  expect 1 "this machine knows a vault here, and it is gone" "put it back from a copy"
  [ ! -e .bulla/dev.vault ]
  rm -r bulla.ini .bulla
  bulla init
  expect 0
  git init -q .
  git add .bulla
  rm .bulla/dev.vault bulla.ini
  bulla init
  expect 1 "git tracks this vault, and it is gone" "git restore"
  [ ! -e .bulla/dev.vault ]
}

@test "init: without a terminal the next command for a protected environment has --yes" {
  printf 'services:\n  app: {image: app}\n' >compose.yaml
  printf 'services:\n  app: {environment: {REGION: "${REGION:?}"}}\n' >compose.prod.yaml
  bulla init
  expect 0
  prints "next: bulla set -e prod --yes REGION, then bulla check -e prod"
}

@test "init: reads a sample beside the env file that a service reads, outside the project directory" {
  mkdir docker
  cat >docker/compose.yaml <<'END'
services:
  app:
    image: app
    env_file: ../.env
    environment:
      LOG_LEVEL: ${LOG_LEVEL:-info}
END
  printf '# Signs the sessions, make it with: openssl rand -hex 48\nAPP_TOKEN=\nWORKERS=4\n' >.env.example
  bulla init
  expect 0
  grep -A9 '^\[APP_TOKEN\]$' bulla.ini | grep -q '^kind = hex:48$'
  grep -A9 '^\[WORKERS\]$' bulla.ini | grep -q '^default = 4$'
  grep -q '^template = ../.env.example$' bulla.ini
  bulla render
  expect 0
  grep -q '^# Signs the sessions' .env
  grep -q '^APP_TOKEN=[0-9a-f]\{96\}$' .env
}

@test "init: a sample beside the compose file comes before one elsewhere" {
  mkdir docker config
  printf 'services:\n  app:\n    image: app\n    env_file: [.env, ../config/.env]\n' >docker/compose.yaml
  printf 'WORKERS=4\n' >docker/.env.example
  printf 'WORKERS=9\nPOOL_SIZE=3\n' >config/.env.example
  bulla init
  expect 0
  grep -A9 '^\[WORKERS\]$' bulla.ini | grep -q '^default = 4$'
  grep -A9 '^\[POOL_SIZE\]$' bulla.ini | grep -q '^default = 3$'
  grep -q '^template = .env.example$' bulla.ini
}

@test "init: leaves out of an existing .env what nothing could be started with" {
  make_stack
  printf 'API_KEY=abc\0def\nAPI_TOKEN=%s\n' 00112233445566778899aabbccddeeff >.env
  bulla init
  expect 0 "'API_KEY' has a NUL byte, which no environment can hold: it is not taken"
  prints "1 imported" "missing" "API_KEY"
  bulla get API_KEY
  expect 1 "'API_KEY' has no value"
}

@test "init: --no-import leaves an existing .env alone" {
  shop
  write_canary .env "POSTGRES_PASSWORD=$CANARY"
  bulla init --no-import
  expect 0
  prints "5 generated"
}

@test "init: environments by the words of file names" {
  cp -R "$SOURCE/tests/data/stacks/poker/." .
  touch docker-compose.override.yml docker-compose-vps.yml .env.example.secure
  echo 'services: {}' >docker-compose.override.yml
  bulla init
  expect 0
  prints "left alone" "docker-compose-vps.yml" ".env.example.secure"
  grep -q '^environments = dev, prod$' bulla.ini
  grep -q '^compose = docker-compose.yml, docker-compose.prod.yml$' bulla.ini
  [ -e .bulla/dev.vault ] && [ -e .bulla/prod.vault ]
  grep -qx '/.env' .gitignore
}

@test "init: the only compose file further down is taken, and said" {
  cp -R "$SOURCE/tests/data/stacks/algo-trading/." .
  bulla init
  expect 0
  prints "taking the only one below: docker/docker-compose.yml"
  grep -q '^compose = docker/docker-compose.yml$' bulla.ini
  grep -qx '/docker/.env' .gitignore
}

@test "init: several compose files further down are listed, and -f is asked for" {
  mkdir a b
  cp "$SOURCE/templates/stacks/shop/compose.yaml" a/
  cp "$SOURCE/templates/stacks/shop/compose.yaml" b/
  bulla init
  expect 3 "no compose file with a default name" "bulla init -f a/compose.yaml" "b/compose.yaml"
  [ ! -e bulla.ini ]
  bulla init -f b/compose.yaml
  expect 0
  grep -q '^compose = b/compose.yaml$' bulla.ini
}

@test "init: a folder without compose files is an error, and nothing is written" {
  bulla init
  expect 3 "no compose file"
  [ -z "$(ls -A)" ]
  [ ! -e "$XDG_CONFIG_HOME/bulla" ]
}

@test "init: the member's name is --name, else git's, else the login name" {
  shop
  bulla init --name 'Alice Smith'
  expect 2 "no member name" "--name alice-smith"
  [ ! -e .bulla ]
  git config --global user.name 'Ünal  O. Šmith-3'
  bulla init
  expect 0
  grep -q '^root nal-o-mith-3 ' .bulla/dev.vault
}

@test "init: a contract that cannot be read stops it before anything is made" {
  shop
  printf '[bulla]\nformat = 1\nenvironments = dev\ndefault = dev\n[X]\nkidn = hex:32\n' >bulla.ini
  bulla init
  expect 3 "bulla.ini:6:1:" "kind"
  [ ! -e .bulla ]
}

@test "init: a vault that does not verify is not touched" {
  shop
  bulla init
  sed -i 's/^set FERNET_KEY v=1/set FERNET_KEX v=1/' .bulla/dev.vault
  before=$(sha256sum .bulla/dev.vault)
  bulla init
  expect 5 ".bulla/dev.vault"
  [ "$before" = "$(sha256sum .bulla/dev.vault)" ]
}

@test "init: asks for what nobody can make, without echo, on a terminal" {
  [[ -n $(type -P expect) ]] || skip "expect is not installed"
  shop
  may_hold_canary "$BATS_TEST_TMPDIR/script"
  cat >"$BATS_TEST_TMPDIR/script" <<END
set timeout 20
spawn $BULLA init
expect_after timeout { exit 99 }
expect "STRIPE_SECRET_KEY, from https://dashboard.stripe.com/apikeys (empty: later): "
send "sk_test_$CANARY\r"
expect eof
END
  run "$(type -P expect)" -f "$BATS_TEST_TMPDIR/script"
  [[ $output == *"1 given"* ]]
  [[ $output != *"$CANARY"* ]]
  grep -q '^set STRIPE_SECRET_KEY v=1 ' .bulla/dev.vault
}

@test "init: an answer that is not what the contract wants is asked for again, with the reason" {
  [[ -n $(type -P expect) ]] || skip "expect is not installed"
  cat >compose.yaml <<'YAML'
services:
  app: {image: app, environment: {SMTP_PORT: "${SMTP_PORT:?}", REGION: "${REGION:?}"}}
YAML
  may_hold_canary "$BATS_TEST_TMPDIR/script"
  cat >"$BATS_TEST_TMPDIR/script" <<END
set timeout 20
spawn $BULLA init
expect_after timeout { exit 99 }
expect "SMTP_PORT (empty: later): "
send "$CANARY\r"
expect "warning: the value does not fit 'SMTP_PORT' (setting): it is not a port"
expect "SMTP_PORT (empty: later): "
send "70000\r"
expect "SMTP_PORT (empty: later): "
send "587\r"
expect "REGION (empty: later): "
send "\r"
expect eof
END
  run "$(type -P expect)" -f "$BATS_TEST_TMPDIR/script"
  [ "$status" -eq 0 ]
  [[ $output == *"1 given"* ]]
  [[ $output != *"$CANARY"* && $output != *70000* && $output != *587* ]]
  [ "$("$BULLA" get SMTP_PORT)" = 587 ]
}

@test "init: COMPOSE_FILE that names what is not there is told, and no other file is taken" {
  shop
  COMPOSE_FILE=nowhere.yaml bulla init
  expect 3 "nowhere.yaml: error: cannot open: No such file or directory"
  [ ! -e bulla.ini ]
}

@test "init: makes no identity where the variable for one is empty" {
  printf 'services: {web: {image: "x:${TAG:?}"}}\n' >compose.yaml
  BULLA_IDENTITY_FILE='' bulla init
  expect 4 "no identity: BULLA_IDENTITY_FILE is empty"
  [ "$(ls -A)" = compose.yaml ]
}

@test "init: the question says for which environment it is, where there are several" {
  [[ -n $(type -P expect) ]] || skip "expect is not installed"
  shop
  printf '%s\n' 'services: {}' >compose.prod.yaml
  cat >"$BATS_TEST_TMPDIR/script" <<END
set timeout 20
spawn $BULLA init
expect_after timeout { exit 99 }
expect "STRIPE_SECRET_KEY for dev, from https://dashboard.stripe.com/apikeys (empty: later): "
send "\r"
expect eof
END
  run "$(type -P expect)" -f "$BATS_TEST_TMPDIR/script"
  [ "$status" -eq 0 ]
}

@test "init: names the hooks of git where a clone lacks them, once" {
  needs git
  shop
  bulla init
  [[ $output != *'git install'* ]]
  rm -r bulla.ini .bulla .gitignore
  git init -q .
  bulla init
  expect 0
  prints "bulla git install has git refuse identities and rendered files"
  bulla init
  expect 0
  [[ $output != *'git install'* ]]
  bulla git install
  expect 0
  rm -r bulla.ini .bulla
  rm -r "$XDG_STATE_HOME"
  bulla init
  expect 0
  [[ $output != *'git install'* ]]
}

@test "init: a placeholder that only the env file has is said to be left out, whatever it is in" {
  printf 'services:\n  app: {image: app, environment: {A: "${DATABASE_URL:?}", B: "${API_TOKEN:?}"}}\n' >compose.yaml
  printf '%s\n' 'DATABASE_URL=postgres://user:pass@10.0.0.5/app' API_TOKEN=your-token-here >.env
  bulla init
  expect 0 "'DATABASE_URL' has a placeholder for a value, or in it: it is not imported" "bulla set DATABASE_URL" \
    "'API_TOKEN' has a placeholder for a value"
  [[ $stderr != *"everybody can read"* ]]
}

@test "init: where git has the rendered file and a vault seals something, the next step takes it out of git" {
  needs git
  git init -q .
  printf 'services:\n  app: {image: app, environment: {L: "${LOG_LEVEL:?}", P: "${PORT:?}"}}\n' >compose.yaml
  printf '%s\n' LOG_LEVEL=debug PORT=8080 >.env
  git add .env
  bulla init
  expect 0
  prints "next: git rm --cached .env
      bulla check, then bulla render"
  bulla render
  expect 1 "'.env' is tracked by git, and would hold what the vault seals"
  git rm -q --cached .env
  bulla render
  expect 0
}
