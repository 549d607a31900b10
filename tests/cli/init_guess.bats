# What bulla init makes of a variable, judged as the owner of the stack would.
load helper
load stack

# section NAME: its lines in bulla.ini.
section() {
  sed -n "/^\[$1\]\$/,/^\$/p" bulla.ini
}

@test "init: what an application may be given blank is optional, what a mount needs is not" {
  cat >compose.yaml <<'YAML'
x-env: &env
  REPORT_ADDRESS: ${REPORT_ADDRESS}
services:
  app:
    image: example/app
    environment:
      <<: *env
      DISABLE_SIGNUP: ${DISABLE_SIGNUP}
      HALF_OF_IT: https://${APP_DOMAIN}/x
    volumes: ["${UPLOAD_LOCATION}:/data"]
  web:
    image: example/web
    environment:
      - SMTP_HOST=${SMTP_HOST}
      - SMTP_FROM_NAME=${SMTP_FROM_NAME:?err}
  db:
    image: postgres:16
    environment:
      POSTGRES_DB: ${DB_NAME}
YAML
  bulla init
  expect 0
  for name in REPORT_ADDRESS DISABLE_SIGNUP SMTP_HOST; do
    section "$name" | grep -qx 'optional = yes'
  done
  for name in APP_DOMAIN UPLOAD_LOCATION SMTP_FROM_NAME DB_NAME; do
    if section "$name" | grep -q optional; then return 1; fi
  done
  prints "missing" "UPLOAD_LOCATION" "DB_NAME" "SMTP_FROM_NAME" "APP_DOMAIN"
  [[ $output != *SMTP_HOST* ]]
}

@test "init: a default that Compose makes of other names is left to Compose, but for a password in it" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: example/app
    environment:
      PORT: ${PORT:-3000}
      INTERNAL_URL: ${INTERNAL_URL:-http://localhost:$PORT}
      DIRECT_URL: ${DIRECT_URL:-${DATABASE_URL}}
      DATABASE_URL: ${DATABASE_URL:-postgres://app:${DB_PASSWORD}@db/app}
      DB_PASSWORD: ${DB_PASSWORD:?}
YAML
  bulla init
  expect 0
  section INTERNAL_URL | grep -qx 'kind = setting'
  section DIRECT_URL | grep -qx 'kind = setting'
  section DATABASE_URL | grep -qx 'value = postgres://app:{{ DB_PASSWORD | url }}@db/app'
  bulla check
  expect 0
}

@test "init: a derived value of parts that may be unset may be unset" {
  cat >compose.yaml <<'YAML'
services:
  app: {image: example/app, env_file: .env}
YAML
  printf 'APP_HOST=\nAPP_URL=https://${APP_HOST}/app\nLOGIN_URL=${APP_URL}/login\nTOKEN_URL=x-${APP_TOKEN}\nAPP_TOKEN=changeme\n' >.env.example
  bulla init
  expect 0
  section APP_URL | grep -qx 'optional = yes'
  section LOGIN_URL | grep -qx 'optional = yes'
  if section TOKEN_URL | grep -q optional; then return 1; fi
  bulla render
  expect 0
  bulla set APP_HOST --file <(printf example.org)
  bulla render
  expect 0
  grep -qx 'LOGIN_URL=https://example.org/app/login' .env
}

@test "init: an access key of a storage provider is asked for, that of the stack's own store is made" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: example/app
    environment:
      UPLOAD_ACCESS_KEY_ID: ${UPLOAD_ACCESS_KEY_ID}
      UPLOAD_SECRET_ACCESS_KEY: ${UPLOAD_SECRET_ACCESS_KEY}
      S3_SECRET: ${S3_SECRET:?}
      OWN_SECRET_ACCESS_KEY: ${OWN_SECRET_ACCESS_KEY}
  minio:
    image: minio/minio
    environment:
      MINIO_ROOT_PASSWORD: ${OWN_SECRET_ACCESS_KEY}
YAML
  bulla init
  expect 0
  section UPLOAD_SECRET_ACCESS_KEY | grep -qx 'kind = provided'
  if section UPLOAD_SECRET_ACCESS_KEY | grep -q optional; then return 1; fi
  section UPLOAD_ACCESS_KEY_ID | grep -qx 'kind = provided'
  section S3_SECRET | grep -qx 'kind = provided'
  if section S3_SECRET | grep -q optional; then return 1; fi
  section OWN_SECRET_ACCESS_KEY | grep -q '^kind = \(alnum\|hex\)'
}

@test "init: a long list of what is missing says how many more there are" {
  printf 'services:\n  app:\n    image: example/app\n    environment:\n' >compose.yaml
  for i in $(seq 10 24); do
    printf '      SETTING_%s: ${SETTING_%s:?}\n' "$i" "$i" >>compose.yaml
  done
  bulla init
  expect 0
  prints "dev: SETTING_21" "dev: and 3 more: bulla status lists them"
  [[ $output != *SETTING_22* ]]
}

@test "init: the address of a database or mail server, or a webhook, is a secret that somebody gives, where nothing says what it is" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: example/app
    environment:
      DATABASE_URL: ${APP_DATABASE_URL:?}
      REPORTS: ${REPORTS_DB_URL}
      LOCAL: ${LOCAL_DATABASE_URL:-sqlite:///data/app.db}
      CACHE: ${CACHE_DATABASE_URL}
      MAIL: ${MAILER_DSN:?}
      ALERT: ${SLACK_WEBHOOK:?}
      PUBLIC_URL: ${PUBLIC_URL}
YAML
  printf 'APP_DATABASE_URL=\nREPORTS_DB_URL=<the address>\nCACHE_DATABASE_URL=sqlite:///cache.db\n' >.env.example
  bulla init
  expect 0
  prints "dev: APP_DATABASE_URL"
  section APP_DATABASE_URL | grep -qx 'kind = provided'
  if section APP_DATABASE_URL | grep -q optional; then return 1; fi
  for name in REPORTS_DB_URL MAILER_DSN SLACK_WEBHOOK; do
    section "$name" | grep -qx 'kind = provided'
  done
  for name in LOCAL_DATABASE_URL CACHE_DATABASE_URL PUBLIC_URL; do
    section "$name" | grep -qx 'kind = setting'
  done
}

@test "init: a dollar sign that begins no variable is a part of a setting, and kept" {
  printf '%s\n' 'services: {app: {image: example/app, env_file: .env, environment: {K: "${APP_SECRET:?}"}}}' >compose.yaml
  printf '\357\273\277' >.env.example
  printf '%s\n' 'APP_SECRET=' 'ALLOWED=^[a-z]+$' 'PRICE=5$' 'HOME_DIR=$HOME/x' >>.env.example
  bulla init
  expect 0
  section ALLOWED | grep -qxF 'default = ^[a-z]+$'
  section PRICE | grep -qxF 'default = 5$'
  if section HOME_DIR | grep -q '^default'; then return 1; fi
  # A byte order mark hides no name.
  bulla check
  prints "ok"
  bulla render
  grep -qxF 'ALLOWED="^[a-z]+\$"' .env
}

@test "init: a sample's value that bulla.ini cannot hold is kept in the vault" {
  printf '%s\n' 'services: {app: {image: example/app, env_file: .env}}' >compose.yaml
  printf '%s\n' 'CSP="default-src self; img-src * ; x"' 'GREETING="hello' 'world"' 'PAD="  x "' 'LOG_LEVEL=info' \
    'DB_PASSWORD=' 'DB_CONNECTION="Server=db; User=app ; Password=${DB_PASSWORD}"' >.env.example
  cp .env.example .env.prod.example
  printf '%s\n' 'PAD=plain' >>.env.prod.example
  bulla init
  expect 0
  prints ".bulla/dev.vault (new): 1 generated, 3 imported" ".bulla/prod.vault (new): 1 generated, 2 imported" \
    "dev: DB_CONNECTION"
  if section CSP | grep -qE 'default|optional'; then return 1; fi
  section PAD | grep -qx 'default@prod = plain'
  section DB_CONNECTION | grep -qx 'kind = provided'
  bulla_revealing get GREETING
  prints_only $'hello\nworld'
  bulla_revealing get -e prod PAD
  prints_only plain
  printf '%s' 'Server=db' | "$BULLA" set DB_CONNECTION
  bulla render
  expect 0
  grep -qxF 'CSP="default-src self; img-src * ; x"' .env
  bulla init
  prints "nothing was changed"
}

@test "init: what a required value is made of is asked for" {
  printf '%s\n' 'services: {proxy: {image: example/proxy, environment: {MAIL: "${ACME_MAIL:?}"}}}' >compose.yaml
  printf '%s\n' 'CONTACT=<your address>' 'ACME_MAIL=${CONTACT}' 'NEWS_MAIL=news-${OFFICE}' 'OFFICE=' >.env.example
  bulla init
  expect 0
  prints "dev: CONTACT"
  if section CONTACT | grep -q optional; then return 1; fi
  if section ACME_MAIL | grep -q optional; then return 1; fi
  section NEWS_MAIL | grep -qx 'optional = yes'
  bulla render
  expect 3 "'CONTACT' has no value in 'dev'"
}

@test "init: what a database of the stack takes for its password is one, whatever it is called" {
  printf '%s\n' 'services: {db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: "${PGPASS:?}", X: "${PGX:?}"}}}' \
    >compose.yaml
  bulla init
  expect 0
  section PGPASS | grep -qx 'kind = alnum:32'
  section PGX | grep -qx 'kind = setting'
}

@test "init: what a required value is made of is required through any number of steps" {
  local i
  {
    echo 'services: {a: {image: x, environment: {'
    for i in {0..39}; do
      echo "  V_${i}_URL: \"\${V_${i}_URL}\","
    done
    # shellcheck disable=SC2016
    echo '  Z: "${V_39_URL:?}"}}}'
  } >compose.yaml
  {
    echo 'V_0_URL='
    for i in {1..39}; do
      echo "V_${i}_URL=http://\${V_$((i - 1))_URL}/x"
    done
  } >.env.example
  bulla init
  expect 0
  [ "$(grep -c '^value ' bulla.ini)" = 39 ]
  if grep -q '^optional' bulla.ini; then return 1; fi
  sed -i 's/:?}/}/' compose.yaml
  rm -r bulla.ini .bulla
  bulla init
  expect 0
  [ "$(grep -c '^optional' bulla.ini)" = 40 ]
}

@test "init: a setting has the type that all of its values have that are known" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: app
    ports: ["${WEB_PORT}:80", "${API_PORT:-8080}:81"]
    environment:
      SMTP_PORT: ${SMTP_PORT}
      SUPPORT: ${SUPPORT}
      DEBUG_PORT: ${DEBUG_PORT}
      ADMIN_PORT: ${ADMIN_PORT}
      FEATURE_ENABLED: ${FEATURE_ENABLED}
      VERBOSE: ${VERBOSE:-true}
      ORIGINS: ${ORIGINS}
      RATE: ${RATE}
      SITE_URL: ${SITE_URL}
YAML
  cat >.env.example <<'ENV'
DEBUG_PORT=0
FEATURE_ENABLED=1
ORIGINS=http://localhost:3000,http://localhost:3001
RATE=5
ENV
  printf '%s\n' ADMIN_PORT=127.0.0.1:9000 VERBOSE=some RATE=5/min SITE_URL=https://example.org SUPPORT=1 >.env
  chmod 600 .env
  bulla init
  expect 0
  section SMTP_PORT | grep -qx 'type = port'
  section API_PORT | grep -qx 'type = port'
  section DEBUG_PORT | grep -qx 'type = number'
  section FEATURE_ENABLED | grep -qx 'type = boolean'
  section SITE_URL | grep -qx 'type = url'
  section SUPPORT | grep -qx 'type = number'
  # An address may stand there, one stands there, a word does; a list may be "*".
  for name in WEB_PORT ADMIN_PORT VERBOSE ORIGINS RATE; do
    section "$name" | grep -qx 'kind = setting'
    [[ $(section "$name") != *type* ]]
  done
  bulla set WEB_PORT --file <(printf 127.0.0.1:8000)
  bulla render
  expect 0
  bulla check
  expect 0
}

@test "init: a setting whose value is in the vault is not asked for in bulla.ini" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: "app:${TAG}"
    environment: {REGION: "${REGION:?}", WORKERS: "${WORKERS:-2}", ZONE: "${ZONE:?}"}
YAML
  printf '%s\n' TAG=1 REGION=eu WORKERS=3 >.env
  chmod 600 .env
  cp .env before.env
  bulla init
  expect 0
  for name in TAG REGION WORKERS; do
    grep -B1 "^\[$name\]\$" bulla.ini | grep -qx '; its value is in the vault'
  done
  grep -B1 '^\[ZONE\]$' bulla.ini | grep -qx '; give it a value: default = …, or bulla set'
  # Left where they are, they are not in the vault.
  rm -r bulla.ini .bulla .gitignore
  bulla init --no-import
  expect 0
  grep -B1 '^\[TAG\]$' bulla.ini | grep -qx '; give it a value: default = …, or bulla set'
  [ "$(grep -c 'in the vault' bulla.ini)" = 0 ]
  # One environment has the value, the other lacks it.
  rm -r bulla.ini .bulla .gitignore
  printf 'services: {app: {restart: always}}\n' >compose.prod.yaml
  bulla init
  expect 0
  grep -B1 '^\[TAG\]$' bulla.ini | grep -qx '; give it a value: default = …, or bulla set'
}

@test "init: a password that everybody tries first is none in a URL either" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: app
    environment:
      DATABASE_URL: ${DATABASE_URL:-}
      CACHE_URL: ${CACHE_URL}
      SITE_URL: ${SITE_URL}
YAML
  write_canary .env "CACHE_URL=redis://:$CANARY@cache:6379
DATABASE_URL=postgres://user:pass@localhost/db
SITE_URL=http://localhost:3000"
  chmod 600 .env
  bulla init
  expect 0
  prints "0 generated, 2 imported"
  bulla get DATABASE_URL
  expect 1
  bulla render
  expect 0 ".env: unchanged"
  bulla check
  expect 0
  prints ".env:2:1: warning B503 nothing in bulla gives 'DATABASE_URL' a value: bulla render keeps the line"
  [[ $output != *B301* ]]
}

@test "init: a value that somebody outside handed out is never made anew" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: example/app
    env_file: .env
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}
  cache:
    image: redis:7
    command: redis-server --requirepass ${CACHE_PASSWORD}
YAML
  cat >.env <<'ENV'
TOKEN=xoxb-2814736251-Ab3k
GH_SECRET=ghp_oUr9Own8Test7Key
SOMETHING_KEY=sk_live_oUr9Own8Test7
COURIER_KEY=0b7fq-29kd81
PARTNER_PASSWORD=tR7wkLm94x
HOOK=glpat-oUr9Own8Test
POSTGRES_PASSWORD=hunter27
CACHE_PASSWORD=hunter28
JWT_SECRET=mb7Qe4nRt9Yw2Zx5Kc8Vd1Hg6Jf3Lp0SaUiOqWn5
SESSION_SECRET=kF93bnQz71
SECRET_KEY=zT58-wq1nB
ADMIN_PASSWORD=hunter29
QUEUE_TOKEN=5f1c9b3e7a2d486f90c1b7e3d5a8f2469e0b1c7d3f5a8642be90d1c7f3a5e862
ENV
  bulla init
  expect 0
  for name in TOKEN GH_SECRET SOMETHING_KEY COURIER_KEY PARTNER_PASSWORD HOOK; do
    section "$name" | grep -qx 'kind = provided'
    if section "$name" | grep -q optional; then return 1; fi
  done
  for name in POSTGRES_PASSWORD CACHE_PASSWORD ADMIN_PASSWORD; do
    section "$name" | grep -qx 'kind = alnum:32'
  done
  for name in JWT_SECRET SESSION_SECRET SECRET_KEY QUEUE_TOKEN; do
    section "$name" | grep -qx 'kind = hex:32'
  done
  grep -q '^; .*to have it made here: kind = hex:32$' bulla.ini
  bulla rotate --all
  expect 0
  bulla_revealing get SOMETHING_KEY
  prints_only sk_live_oUr9Own8Test7
  bulla_revealing get POSTGRES_PASSWORD
  [ "$output" != hunter27 ]
}

@test "init: a secret that a service is given without a default is asked for, others are named" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: example/app
    environment:
      STRIPE_SECRET_KEY: ${STRIPE_SECRET_KEY}
      OPENAI_API_KEY: ${OPENAI_API_KEY:-}
      DEEPL_API_KEY: ${DEEPL_API_KEY}
      TWILIO_AUTH_TOKEN: ${TWILIO_AUTH_TOKEN}
  extra:
    image: example/extra
    profiles: [extra]
    environment:
      SENDGRID_API_KEY: ${SENDGRID_API_KEY}
YAML
  printf '%s\n' '# TWILIO_AUTH_TOKEN=' '# (optional) translations' DEEPL_API_KEY= >.env.example
  bulla init
  expect 0
  prints "dev: STRIPE_SECRET_KEY" "next: bulla set STRIPE_SECRET_KEY" \
    "optional   DEEPL_API_KEY, OPENAI_API_KEY, TWILIO_AUTH_TOKEN," "SENDGRID_API_KEY" "not set, and nothing asks"
  if section STRIPE_SECRET_KEY | grep -q optional; then return 1; fi
  for name in OPENAI_API_KEY DEEPL_API_KEY TWILIO_AUTH_TOKEN SENDGRID_API_KEY; do
    section "$name" | grep -qx 'optional = yes'
  done
  bulla check
  expect 1
  [[ $output == *STRIPE_SECRET_KEY* ]]
}

@test "init: the last lines name the next step of each environment that lacks something" {
  printf '%s\n' 'services: {app: {image: app, environment: {A: "${STRIPE_KEY:?}", B: "${REGION:?}"}}}' >compose.yaml
  printf '%s\n' 'services: {app: {environment: {C: "${ZONE:?}"}}}' >compose.prod.yaml
  bulla init
  expect 0
  prints "next: bulla set STRIPE_KEY, and 1 more in dev" \
    "      bulla set -e prod --yes STRIPE_KEY, and 2 more in prod" "      then bulla check
           bulla check -e prod"
}

@test "init: NAME_PREVIOUS beside a secret is where its value before is read" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: example/app
    environment:
      JWT_SECRET: ${JWT_SECRET:?}
      JWT_SECRET_PREVIOUS: ${JWT_SECRET_PREVIOUS:-}
      COOKIE_SECRET: ${COOKIE_SECRET:?}
      COOKIE_SECRET_PREVIOUS: ${COOKIE_SECRET_PREVIOUS:-}
      PAGE: ${PAGE:-1}
      PAGE_PREVIOUS: ${PAGE_PREVIOUS:-0}
YAML
  write_canary .env "COOKIE_SECRET_PREVIOUS=$CANARY"
  bulla init
  expect 0
  prints "2 generated, 0 derived, 1 to provide, 2 settings"
  section JWT_SECRET | grep -qx 'previous-as = JWT_SECRET_PREVIOUS'
  [ -z "$(section JWT_SECRET_PREVIOUS)" ]
  section COOKIE_SECRET_PREVIOUS | grep -qx 'kind = provided'
  section COOKIE_SECRET_PREVIOUS | grep -qx 'optional = yes'
  if section COOKIE_SECRET | grep -q previous-as; then return 1; fi
  section PAGE_PREVIOUS | grep -qx 'kind = setting'
  before=$(sha256sum bulla.ini)
  bulla init
  prints "nothing was changed"
  [ "$before" = "$(sha256sum bulla.ini)" ]
  bulla check
  expect 0
}

# A stack whose addresses repeat the passwords, with real values in the env file alone.
stack_of_addresses() {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: example/app
    env_file: .env
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD}
  redis:
    image: redis:7
    command: redis-server --requirepass ${REDIS_PASSWORD}
YAML
  cat >.env <<'ENV'
DB_PASSWORD=Vq8xLm2RtY7pWc4K
REDIS_PASSWORD=Hk3L+9sD/f6gJ1zX
DATABASE_URL=postgres://app:Vq8xLm2RtY7pWc4K@db:5432/app?sslmode=disable
REDIS_URL=redis://:Hk3L%2B9sD%2Ff6gJ1zX@redis:6379/0
ENV
}

@test "init: an imported address with another secret's password is made of that, byte for byte" {
  stack_of_addresses
  cp .env before
  bulla init
  expect 0
  section DATABASE_URL |
    grep -qxF 'value = postgres://app:{{ DB_PASSWORD | url }}@db:5432/app?sslmode=disable'
  section REDIS_URL | grep -qxF 'value = redis://:{{ REDIS_PASSWORD | url }}@redis:6379/0'
  if grep -q 'Vq8x\|Hk3L' bulla.ini; then return 1; fi
  for name in DATABASE_URL REDIS_URL; do
    bulla_revealing get "$name"
    prints_only "$(sed -n "s/^$name=//p" before)"
  done
  bulla rotate --all
  expect 0
  bulla render
  expect 0
  if grep -q 'Vq8x\|Hk3L' .env; then return 1; fi
}

@test "init: an imported address that is not surely made of one other secret is a secret of its own" {
  stack_of_addresses
  cat >>.env <<'ENV'
QUEUE_PASSWORD=Nw5tBv8sQz3xKd7L
WORKER_PASSWORD=Nw5tBv8sQz3xKd7L
QUEUE_URL=amqp://app:Nw5tBv8sQz3xKd7L@queue/
SEARCH_URL=https://app:Vq8xLm2RtY7pWc4K@search/?api_key=Gm4uTx9yPe2o
LOWER_URL=redis://:Hk3L%2b9sD%2ff6gJ1zX@redis:6379/0
CACHE_ENDPOINT=redis://:Hw7cRj2kFn5v@cache
PLAIN_URL=https://app@example.org/
ENV
  bulla init
  expect 0
  for name in QUEUE_URL SEARCH_URL LOWER_URL CACHE_ENDPOINT; do
    section "$name" | grep -qx 'kind = provided'
    if section "$name" | grep -q optional; then return 1; fi
  done
  section PLAIN_URL | grep -qx 'kind = setting'
}

@test "init: an address that two environments have with other parts stays what was imported" {
  stack_of_addresses
  printf '%s\n' 'services: {app: {env_file: .env.prod}}' >compose.prod.yaml
  sed 's/@db:/@db.prod:/; s/Vq8x/Zt6b/; s/Hk3L/Pd2g/' .env >.env.prod
  bulla init
  expect 0
  section DATABASE_URL | grep -qx 'kind = provided'
  section REDIS_URL | grep -qxF 'value = redis://:{{ REDIS_PASSWORD | url }}@redis:6379/0'
  bulla_revealing get -e prod DATABASE_URL
  prints_only 'postgres://app:Zt6bLm2RtY7pWc4K@db.prod:5432/app?sslmode=disable'
}

@test "init: what fills a Compose secret is a secret" {
  cat >compose.yaml <<'YAML'
services:
  app: {image: example/app, secrets: [s]}
secrets:
  s: {environment: ENVSEC}
YAML
  printf 'ENVSEC=Wm3qLr8xTz\n' >.env
  bulla init
  expect 0
  section ENVSEC | grep -qx 'kind = provided'
  if section ENVSEC | grep -q optional; then return 1; fi
}

@test "init: a secret that only an env file gives, and really sets, is needed in every environment" {
  cat >compose.yaml <<'YAML'
services:
  app: {image: example/app, env_file: .env}
YAML
  printf '%s\n' 'services: {app: {env_file: .env.prod}}' >compose.prod.yaml
  printf '%s\n' 'STRIPE_SECRET_KEY=sk_live_oUr9Own8Test7' 'SENDGRID_API_KEY=SG.oUr9Own8' \
    'TWILIO_AUTH_TOKEN=3fW9kTq2' >.env
  printf '%s\n' SENDGRID_API_KEY= '# (optional)' STRIPE_WEBHOOK_SECRET= '# TWILIO_AUTH_TOKEN=' >.env.example
  echo STRIPE_WEBHOOK_SECRET=whsec_oUr9Own8 >>.env
  bulla init
  expect 0
  # A line that the sample leaves empty is one to fill in.
  prints "prod: STRIPE_SECRET_KEY" "prod: SENDGRID_API_KEY"
  if section STRIPE_SECRET_KEY | grep -q optional; then return 1; fi
  section STRIPE_WEBHOOK_SECRET | grep -qx 'optional = yes'
  section TWILIO_AUTH_TOKEN | grep -qx 'optional = yes'
  bulla check -e prod
  expect 1
  [[ $output == *STRIPE_SECRET_KEY* ]]
}

@test "init: of a password that has the value of a server's in the env file the contract says so" {
  cat >compose.yaml <<'YAML'
services:
  app: {image: example/app, env_file: .env}
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: "${DATABASE_PASSWORD}"}
YAML
  printf '%s\n' DATABASE_PASSWORD=password QUEUE_DATABASE_PASSWORD=password OTHER_PASSWORD=secret >.env
  bulla init
  expect 0
  tr '\n' ' ' <bulla.ini | sed 's/ ; / /g' >said
  grep -qF 'the env file has the same value for DATABASE_PASSWORD: is it that one'"'"'s, write kind = derived, value = {{ DATABASE_PASSWORD }} [QUEUE_DATABASE_PASSWORD]' said
  [ "$(grep -c 'the env file has the same' bulla.ini)" = 1 ]
}

@test "init: an application's password for a user of a server of the stack is that server's" {
  cat >compose.yaml <<'YAML'
services:
  db:
    image: mariadb:11
    environment:
      MARIADB_ROOT_PASSWORD: ${ROOT_PASSWORD}
      MARIADB_USER: shop
      MARIADB_PASSWORD: ${SHOP_DB_PASSWORD}
  app:
    image: example/app
    environment:
      BLOG_DB_HOST: db:3306
      BLOG_DB_USER: ${BLOG_DB_USER:-shop}
      BLOG_DB_PASSWORD: ${BLOG_DB_PASSWORD}
      ADMIN_DB_HOST: db
      ADMIN_DB_USER: root
      ADMIN_DB_PASSWORD: ${ADMIN_DB_PASSWORD}
      OTHER_DB_HOST: db
      OTHER_DB_USER: reader
      OTHER_DB_PASSWORD: ${OTHER_DB_PASSWORD}
      FAR_DB_HOST: db.example.com
      FAR_DB_USER: shop
      FAR_DB_PASSWORD: ${FAR_DB_PASSWORD}
YAML
  bulla init
  expect 0
  section BLOG_DB_PASSWORD | grep -qx 'value = {{ SHOP_DB_PASSWORD }}'
  section ADMIN_DB_PASSWORD | grep -qx 'value = {{ ROOT_PASSWORD }}'
  for name in SHOP_DB_PASSWORD ROOT_PASSWORD OTHER_DB_PASSWORD FAR_DB_PASSWORD; do
    section "$name" | grep -qx 'kind = alnum:32'
  done
}

@test "init: a value of the env file's own is not taken for the server's password" {
  cat >compose.yaml <<'YAML'
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD}
  app:
    image: example/app
    environment:
      APP_DB_HOST: db
      APP_DB_USER: postgres
      APP_DB_PASSWORD: ${APP_DB_PASSWORD}
YAML
  echo 'APP_DB_PASSWORD=Zq7wLm3kTx9bVn2p' >.env
  bulla init
  expect 0
  if section APP_DB_PASSWORD | grep -q '^kind = derived'; then return 1; fi
  bulla get APP_DB_PASSWORD
  prints Zq7wLm3kTx9bVn2p
}

@test "init: nothing is made up for what is switched off or somebody else's" {
  cat >compose.yaml <<'YAML'
services:
  app:
    image: example/app
    env_file: .env
    environment:
      SMTP_PASSWORD: ${NOTIFIER_PASSWORD}
      SECRET_KEY_BASE: ${SHOP_SECRET}
YAML
  cat >.env.example <<'ENV'
PROXY_HOST=
PROXY_PASSWORD=
BUS_ENABLED=false
BUS_SASL_PASSWORD=bus-password
NOTIFIER_PASSWORD=changeme
SHOP_SECRET=changeme
BUS_PREFIX_KEY=shop
VENDOR_API_KEY_STAGING=
ALLOW_EMPTY_PASSWORD=
ENV
  bulla init
  expect 0
  for name in PROXY_PASSWORD BUS_SASL_PASSWORD NOTIFIER_PASSWORD VENDOR_API_KEY_STAGING; do
    section "$name" | grep -qx 'kind = provided'
  done
  for name in BUS_PREFIX_KEY ALLOW_EMPTY_PASSWORD; do
    section "$name" | grep -qx 'kind = setting'
  done
  section SHOP_SECRET | grep -qx 'kind = hex:64'
}

@test "init: variables that are called as sections are get a section each" {
  printf 'services:\n  a:\n    image: x\n    environment:\n' >compose.yaml
  for name in bulla check environment apply variable; do
    printf '      %s: ${%s:?}\n' "$name" "$name" >>compose.yaml
    printf '%s=Kq8vN2mX5wR7tY4uP9sD%s\n' "$name" "$name" >>.env
  done
  bulla init --yes --name alice
  expect 0
  [ "$(grep -c '^\[variable ' bulla.ini)" = 5 ]
  bulla_revealing get environment
  prints_only Kq8vN2mX5wR7tY4uP9sDenvironment
}
