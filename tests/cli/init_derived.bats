#!/usr/bin/env bats
# An env file's own values of what bulla.ini would make of others.

load helper

# A sample whose URL repeats the password of the stack's database.
stack_with_url() {
  cat >compose.yaml <<'END'
services:
  app:
    image: app
    environment: {DATABASE_URL: "${DATABASE_URL}"}
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}"}
END
  printf 'POSTGRES_PASSWORD=changeme\nDATABASE_URL=postgres://postgres:changeme@db:5432/app\n' \
    >.env.example
}

# section NAME: that section of bulla.ini.
section() {
  sed -n "/^\[$1\]\$/,/^\$/p" bulla.ini
}

env_file() {
  printf '%s\n' "$@" >.env
  chmod 600 .env
}

# Rendering leaves the line of .env for NAME as it is.
stays() {
  local before
  before=$(grep "^$1=" .env)
  bulla render
  expect 0
  [ "$(grep "^$1=" .env)" = "$before" ]
}

@test "init: a URL of an env file that its parts would not make is imported" {
  stack_with_url
  env_file POSTGRES_PASSWORD=Rk39fjaSdk02 \
    DATABASE_URL=postgres://app:Uj82ksnWpq71@prod-db.acme.io:5432/shop
  bulla init
  expect 0
  prints "2 imported"
  section DATABASE_URL | grep -qx 'kind = provided'
  [[ $stderr != *"is not what bulla.ini derives"* ]]
  stays DATABASE_URL
  stays POSTGRES_PASSWORD
}

@test "init: a URL of an env file with its part's password is derived as it stands there" {
  stack_with_url
  env_file POSTGRES_PASSWORD=Rk39fjaSdk02 DATABASE_URL=postgres://app:Rk39fjaSdk02@db:5432/shop
  bulla init
  expect 0
  section DATABASE_URL | grep -qx 'kind = derived'
  section DATABASE_URL | grep -q '^value = postgres://app:{{ POSTGRES_PASSWORD.* }}@db:5432/shop$'
  [[ $stderr != *"is not what bulla.ini derives"* ]]
  stays DATABASE_URL
}

@test "init: a URL of an env file with a password that everybody can read follows the new one" {
  stack_with_url
  sed -i 's/changeme/s3cretPw82/' .env.example
  env_file POSTGRES_PASSWORD=s3cretPw82 DATABASE_URL=postgres://app:s3cretPw82@db:5432/shop
  bulla init
  expect 0 "'POSTGRES_PASSWORD' has a value that everybody can read: a new one is made"
  section DATABASE_URL | grep -q '^value = postgres://app:{{ POSTGRES_PASSWORD.* }}@db:5432/shop$'
  bulla render
  expect 0
  grep -qx 'DATABASE_URL=postgres://app:[^s].*@db:5432/shop' .env
}

@test "init: a secret of an env file that the sample has under another name too keeps its value" {
  cat >compose.yaml <<'END'
services:
  app: {image: app, environment: {APP_API_KEY: "${APP_API_KEY}", BOX_API_KEY: "${BOX_API_KEY}"}}
END
  printf 'APP_API_KEY=acme-sandbox\nBOX_API_KEY=acme-sandbox\n' >.env.example
  bulla init
  expect 0
  section BOX_API_KEY | grep -qx 'kind = derived'
  rm -rf bulla.ini .bulla
  env_file APP_API_KEY=Rk39fjaSdk02Rk39fjaSdk02 BOX_API_KEY=Uj82ksnWpq71Uj82ksnWpq71
  bulla init
  expect 0
  section BOX_API_KEY | grep -qx 'kind = provided'
  stays BOX_API_KEY
  rm -rf bulla.ini .bulla
  env_file APP_API_KEY=Rk39fjaSdk02Rk39fjaSdk02 BOX_API_KEY=Rk39fjaSdk02Rk39fjaSdk02
  bulla init
  expect 0
  section BOX_API_KEY | grep -qx 'kind = derived'
}

@test "init: a setting of an env file that its parts would not make is a setting" {
  printf 'services:\n  app: {image: app, environment: {API_URL: "${API_URL}"}}\n' >compose.yaml
  printf 'DOMAIN=shop.test\nAPI_URL=https://${DOMAIN}/api\n' >.env.example
  env_file DOMAIN=acme.io API_URL=https://api.acme.io/v2
  bulla init
  expect 0
  section API_URL | grep -qx 'kind = setting'
  stays API_URL
  rm -rf bulla.ini .bulla
  env_file DOMAIN=acme.io API_URL=https://acme.io/api
  bulla init
  expect 0
  section API_URL | grep -qx 'kind = derived'
  rm -rf bulla.ini .bulla
  env_file API_URL=https://shop.test/api
  bulla init
  expect 0
  section API_URL | grep -qx 'kind = derived'
}

@test "init: a placeholder, and what the sample has, is not taken for a value of one's own" {
  stack_with_url
  env_file POSTGRES_PASSWORD=Rk39fjaSdk02 DATABASE_URL=postgres://app:changeme@db:5432/shop
  bulla init
  expect 0
  section DATABASE_URL | grep -qx 'kind = derived'
  rm -rf bulla.ini .bulla
  env_file POSTGRES_PASSWORD=Rk39fjaSdk02 DATABASE_URL=postgres://postgres:changeme@db:5432/app
  bulla init
  expect 0
  section DATABASE_URL | grep -qx 'kind = derived'
  bulla render
  expect 0
  grep -qx DATABASE_URL=postgres://postgres:Rk39fjaSdk02@db:5432/app .env
}

@test "init: --no-import leaves derived what the env file has another value of" {
  stack_with_url
  env_file POSTGRES_PASSWORD=Rk39fjaSdk02 \
    DATABASE_URL=postgres://app:Uj82ksnWpq71@prod-db.acme.io:5432/shop
  bulla init --no-import
  expect 0
  section DATABASE_URL | grep -qx 'kind = derived'
}

# A server whose password the compose file itself has, and the sample's URL with it.
stack_with_literal() {
  cat >compose.yaml <<'END'
services:
  app: {image: app, env_file: .env}
  db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: testpass}}
END
  printf '%s\n' DATABASE_URL=postgres://postgres:testpass@db:5432/app \
    ADMIN_EMAIL=your_email@example.com LOG=info >.env.example
  cp .env.example .env
  chmod 600 .env
}

@test "init: a URL with the password that the compose file has for its server is imported" {
  stack_with_literal
  bulla init
  expect 0
  prints "1 imported"
  bulla check
  expect 0
  prints "warning B304 DATABASE_URL has a value that is published in .env.example, line 1"
  stays DATABASE_URL
  rm .env
  bulla render
  expect 0
  grep -qx DATABASE_URL=postgres://postgres:testpass@db:5432/app .env
}

@test "init: another password of a sample's URL is nobody's" {
  stack_with_literal
  sed -i 's/testpass/s3cretPw82/' .env .env.example
  bulla init
  expect 0
  prints "0 generated"
  [[ $output != *imported* ]]
}

@test "render: a line that bulla has no value for stays, as check says" {
  stack_with_literal
  sed -i 's/testpass/s3cretPw82/' .env .env.example
  bulla init
  expect 0
  bulla check
  prints "nothing in bulla gives 'DATABASE_URL' a value: bulla render keeps the line" \
    "nothing in bulla gives 'ADMIN_EMAIL' a value: bulla render keeps the line"
  bulla render --diff
  expect 0
  prints_only ""
  stays DATABASE_URL
  grep -qx ADMIN_EMAIL=your_email@example.com .env
  rm .env
  bulla render
  expect 0
  grep -qx '# DATABASE_URL is not set' .env
}

# A server with a password, and one without, of applications.
running() {
  cat >compose.yaml <<'END'
services:
  app:
    image: app
    environment:
      URL: "postgres://postgres:${POSTGRES_PASSWORD:-p4ssw0rd}@db/app"
      REDIS_PASSWORD: "${REDIS_PASSWORD}"
  redis: {image: "redis:7"}
  db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:-p4ssw0rd}"}}
END
}

@test "init: a password that the env file leaves to the compose file's default is told of" {
  running
  env_file MODE=x REDIS_PASSWORD=Rk39fjaSdk02
  bulla init
  expect 0 "'POSTGRES_PASSWORD' has the compose file's default, and no value in .env: a new one is made" \
    "a database that runs keeps the old one until it is told"
  [[ $stderr != *REDIS_PASSWORD* ]]
  rm -rf bulla.ini .bulla .env
  bulla init
  expect 0
  [[ $stderr != *"a new one is made"* ]]
}

@test "init: a password that the env file has an empty line for stays unset" {
  running
  env_file POSTGRES_PASSWORD=Rk39fjaSdk02Rk39fjaSdk02 REDIS_PASSWORD=
  bulla init
  expect 0
  [[ $stderr != *"a new one is made"* ]]
  section REDIS_PASSWORD | grep -qx 'kind = provided'
  section REDIS_PASSWORD | grep -qx 'optional = yes'
  stays REDIS_PASSWORD
}

@test "init: an empty password that a server of the stack gets too is made, with a warning" {
  running
  sed -i 's/redis: {.*/redis: {image: "redis:7", command: "redis-server --requirepass ${REDIS_PASSWORD}"}/' \
    compose.yaml
  env_file POSTGRES_PASSWORD=Rk39fjaSdk02Rk39fjaSdk02 REDIS_PASSWORD=
  bulla init
  expect 0 "'REDIS_PASSWORD' has no value in .env: a new one is made"
  prints "1 generated"
}

@test "init: a copy of a sample's empty line is filled without a word" {
  running
  printf 'POSTGRES_PASSWORD=\nREDIS_PASSWORD=\n' >.env.example
  sed -i 's/:-p4ssw0rd//' compose.yaml
  cp .env.example .env
  chmod 600 .env
  bulla init
  expect 0
  [[ $stderr != *"a new one is made"* ]]
  section POSTGRES_PASSWORD | grep -q '^kind = alnum'
  section REDIS_PASSWORD | grep -q '^kind = alnum'
}

@test "render: says that the comments of a file go where there is a template" {
  printf 'services:\n  app: {image: app, env_file: .env}\n' >compose.yaml
  printf '# where to get it\nA_TOKEN=\n' >.env.example
  env_file '# call Bob before changing' A_TOKEN=kd82jfmslaKd82jfmslaS '  # old: A_TOKEN=x' \
    '# where to get it'
  bulla init
  expect 0
  bulla render
  expect 0 "warning: gone from .env, as the template has others: 2 comments"
  [[ $stderr != *Bob* ]]
  rm .env
  bulla render
  printf Qm7rT2xK9vWdL4pQm7rT2xK >value
  bulla set A_TOKEN --file value
  expect 0
  bulla render
  expect 0
  [[ $stderr != *comment* ]]
  sed -i '/^template/d' bulla.ini
  env_file '# call Bob before changing' A_TOKEN=kd82jfmslaKd82jfmslaS
  bulla render
  expect 0
  [[ $stderr != *comment* ]]
  grep -qx '# call Bob before changing' .env
}

@test "render: of the comments that stay none is counted as gone, wherever they stand, and each line that goes is" {
  printf 'services:\n  app: {image: app, env_file: .env}\n' >compose.yaml
  {
    printf 'A_TOKEN=\n'
    for i in {2000..1000}; do printf '# note %s\n' "$i"; done
    printf '#\n#ab\n#abc\n'
  } >.env.example
  {
    printf 'A_TOKEN=kd82jfmslaKd82jfmslaS\n'
    for i in {1000..2000}; do printf '\t# note %s\r\n' "$i"; done
    printf '#\n#abc\n#a\n#abcd\n# note 999\n# note 999\n# not\n'
  } >.env
  chmod 600 .env
  bulla init
  expect 0
  bulla render
  expect 0 "warning: gone from .env, as the template has others: 5 comments"
}

@test "init: of many URLs and passwords each URL is derived from the one that it has, in the form that it has it in" {
  cat >compose.yaml <<'END'
services:
  app:
    image: app
    environment:
      ALL: "${A_URL} ${B_URL} ${C_URL} ${D_URL} ${E_URL}"
      ONE: "${A_PASSWORD} ${B_PASSWORD} ${C_PASSWORD} ${D_PASSWORD:-Hn82kdPw93mS} ${E_PASSWORD} ${F_PASSWORD}"
END
  env_file 'A_PASSWORD=Rk39fjaSdk02' 'B_PASSWORD=Uj82/snWpq71' 'C_PASSWORD=Wq71+jUsn82k' \
    'E_PASSWORD=Zk3vQ9xLw2pR' 'F_PASSWORD=Zk3vQ9xLw2pR' \
    'A_URL=postgres://a:Rk39fjaSdk02@db/a' 'B_URL=postgres://b:Uj82%2FsnWpq71@db/b' \
    'C_URL=postgres://c:Wq71+jUsn82k@db/c' 'D_URL=postgres://d:Hn82kdPw93mS@db/d' \
    'E_URL=postgres://e:Zk3vQ9xLw2pR@db/e'
  bulla init
  expect 0
  section A_URL | grep -qxF 'value = postgres://a:{{ A_PASSWORD | url }}@db/a'
  section B_URL | grep -qxF 'value = postgres://b:{{ B_PASSWORD | url }}@db/b'
  section C_URL | grep -qxF 'value = postgres://c:{{ C_PASSWORD }}@db/c'
  section D_URL | grep -qxF 'value = postgres://d:{{ D_PASSWORD | url }}@db/d'
  # Two have it: it is nobody's.
  section E_URL | grep -qx 'kind = provided'
}
