# Two environments that are rendered to one file, which services read: nothing may hand out the
# values of the other one unseen.
load helper
load people

# The sandbox takes it away.
compose_program=${BULLA_COMPOSE:-}

# A docker that says how it was called: no test needs a daemon.
make_docker() {
  mkdir -p bin
  printf '#!/bin/sh\necho called: "$@"\n' >bin/docker
  chmod +x bin/docker
  cp bin/docker bin/docker-compose
  PATH=$PWD/bin:$PATH
}

# Two environments with the vaults of both, rendered to the same .env, which api reads.
make_shared() {
  printf 'services:\n  api:\n    image: example/api\n    env_file: .env\n' >docker-compose.yml
  cp docker-compose.yml docker-compose.prod.yml
  cat >bulla.ini <<'END'
[bulla]
format       = 1
project      = shared
environments = dev, prod

[environment prod]
compose = docker-compose.prod.yml
output  = .env

[API_TOKEN]
kind = hex:32

[LOG_LEVEL]
kind         = setting
default      = DEBUG
default@prod = INFO
END
  bulla init
  expect 0
}

render() {
  bulla render "$@"
  expect 0
}

@test "check: an error where a service reads a file with another environment's values" {
  make_shared
  render
  bulla check -e prod
  expect 1
  prints ".env: error B503 holds the values of 'dev', and 'api' reads it: API_TOKEN, LOG_LEVEL" \
    "bulla render -e prod, and docker compose up -d for what uses it"
  bulla check
  expect 0
  render -e prod
  bulla check -e prod
  expect 0
  bulla check
  expect 1
  prints "holds the values of 'prod'" "bulla render, and docker compose up -d"
}

@test "check: a setting of another environment is told of where the rule for shared secrets is off" {
  make_shared
  render
  printf '\n[check]\nseverity.B309 = off\n' >>bulla.ini
  bulla check -e prod
  expect 1
  prints "holds the values of 'dev', and 'api' reads it: API_TOKEN, LOG_LEVEL"
}

@test "check: a file that no service reads only warns, whosever it is" {
  make_shared
  sed -i 's/env_file: .env/environment: ["API_TOKEN", "LOG_LEVEL"]/' docker-compose*.yml
  render
  bulla check -e prod
  expect 0
  prints ".env: warning B503 holds the values of 'dev': API_TOKEN, LOG_LEVEL"
}

@test "run: no command starts whose services would read another environment's values" {
  make_shared
  render
  bulla run -e prod -- touch started
  expect 1 ".env: error: holds the values of 'dev', and 'api' reads it" "hint: bulla render -e prod"
  [ ! -e started ]
  bulla run -e prod --any-env-file -- touch started
  expect 0
  [ -e started ]
  render -e prod
  bulla run -e prod -- true
  expect 0
  [ -z "$stderr" ]
  bulla run -- true
  expect 1 ".env: error: holds the values of 'prod', and 'api' reads it" "hint: bulla render"
}

@test "run: no command starts either where nobody can tell whose the old values are" {
  make_shared
  render
  mv .bulla/dev.vault dev.vault
  sed -i '/^LOG_LEVEL=/d' .env
  bulla run -e prod -- touch started
  expect 1 ".env: error: is out of date or of 'dev', and 'api' reads it" "hint: bulla render -e prod"
  [ ! -e started ]
}

@test "run: warns where a service reads values that are out of date" {
  make_shared
  render -e prod
  bulla rotate -e prod --yes API_TOKEN
  expect 0
  bulla run -e prod -- true
  expect 0 "warning: .env is out of date (API_TOKEN), and 'api' reads it" "hint: bulla render -e prod"
  render -e prod
  bulla run -e prod -- true
  expect 0
  [ -z "$stderr" ]
}

@test "run: only warns of another environment's values where no service says that it reads them" {
  make_shared
  render
  sed -i 's/env_file: .env/environment: ["API_TOKEN", "LOG_LEVEL"]/' docker-compose*.yml
  bulla run -e prod -- true
  expect 0 "warning: .env holds the values of 'dev'" "hint: bulla render -e prod"
  printf 'services: [\n' >docker-compose.prod.yml
  bulla run -e prod -- true
  expect 0 "warning: .env holds the values of 'dev'"
  # Old ones of its own, which nothing reads, are nobody's concern.
  render -e prod
  bulla rotate -e prod --yes API_TOKEN
  bulla run -e prod -- true
  expect 0
  [ -z "$stderr" ]
}

@test "run: values that another environment had before it turned are its own, too" {
  make_shared
  render
  bulla rotate API_TOKEN
  expect 0
  sed -i '/^LOG_LEVEL=/d' .env
  bulla run -e prod -- touch started
  expect 1 ".env: error: holds the values of 'dev', and 'api' reads it"
  bulla check -e prod
  expect 1
  prints "error B503 holds the values of 'dev', and 'api' reads it: API_TOKEN"
  [ ! -e started ]
}

@test "run: one output is one under every way to write it, and under a link" {
  make_shared
  render
  sed -i '/^\[environment prod\]/,/^$/s|^output .*|output = x/../.env\nproject-directory = .|' bulla.ini
  sed -i '/x\/\.\./s|x/\.\./|./|' bulla.ini
  bulla run -e prod -- true
  expect 1 "holds the values of 'dev', and 'api' reads it"
  ln -s .env app.env
  sed -i 's/env_file: .env/env_file: app.env/' docker-compose.prod.yml
  bulla run -e prod -- true
  expect 1 "holds the values of 'dev', and 'api' reads it"
}

@test "run: no command starts whose services read the file of another environment in place of their own" {
  make_shared
  sed -i '/^\[environment prod\]/,/^$/s/^output .*/output = .env.prod/' bulla.ini
  render -e prod
  bulla run -e prod -- true
  expect 0
  render
  bulla run -e prod -- touch started
  expect 1 ".env: error: is rendered for 'dev', and 'api' reads it" "hint: bulla check -e prod says where"
  [ ! -e started ]
  bulla run -e prod --any-env-file -- true
  expect 0
  sed -i 's/env_file: .env/env_file: .env.prod/' docker-compose.prod.yml
  bulla run -e prod -- true
  expect 0
  [ -z "$stderr" ]
}

# Ways in which a service is given the file as it stands, without env_file.
ways_to_mount=(
  'volumes: ["./.env:/app/.env:ro"]'
  'volumes: [{type: bind, source: .env, target: /app/.env, read_only: true}]'
  'secrets: [env]'
  'configs: [{source: env, target: /app/.env}]'
)

mount_in() {
  sed -i '/^secrets:/,$d' "$1"
  sed -i -E "s#^    (env_file|volumes|secrets|configs):.*#    $2#" "$1"
  grep -qF "    $2" "$1"
  printf 'secrets:\n  env:\n    file: .env\nconfigs:\n  env:\n    file: ./.env\n' >>"$1"
}

@test "run, check: a service that is given the file as a mount, secret or config reads it" {
  make_shared
  render
  local way
  for way in "${ways_to_mount[@]}"; do
    mount_in docker-compose.prod.yml "$way"
    bulla run -e prod -- touch started
    expect 1 ".env: error: holds the values of 'dev', and 'api' reads it" "hint: bulla render -e prod"
    [ ! -e started ]
    bulla run -e prod --any-env-file -- true
    expect 0
    bulla check -e prod
    expect 1
    prints ".env: error B503 holds the values of 'dev', and 'api' reads it: API_TOKEN, LOG_LEVEL"
  done
}

@test "run, check: no service reads a file that only lies in a mounted folder, or is replaced in a later file" {
  make_shared
  render
  local way
  for way in 'volumes: [".:/app", "env:/app/.env"]' 'volumes: ["~/.env:/app/.env"]' 'volumes: [/app/.env]' \
    'volumes: [{type: volume, source: .env, target: /app/.env}]'; do
    mount_in docker-compose.prod.yml "$way"
    bulla run -e prod -- true
    expect 0 "warning: .env holds the values of 'dev'"
  done
  mount_in docker-compose.prod.yml 'volumes: ["./.env:/app/.env"]'
  printf 'services:\n  api:\n    volumes: ["./app.env:/app//.env"]\n' >more.yml
  sed -i 's/^compose = .*/&, more.yml/' bulla.ini
  bulla run -e prod -- true
  expect 0 "warning: .env holds the values of 'dev'"
}

@test "check, run: a service that mounts another environment's file in place of its own is told of at the mount" {
  make_shared
  sed -i '/^\[environment prod\]/,/^$/s/^output .*/output = .env.prod/' bulla.ini
  render
  render -e prod
  local way
  for way in "${ways_to_mount[@]}"; do
    mount_in docker-compose.prod.yml "$way"
    bulla run -e prod -- touch started
    expect 1 ".env: error: is rendered for 'dev', and 'api' reads it" "hint: bulla check -e prod says where"
    [ ! -e started ]
    bulla check -e prod
    expect 1
    prints "error B211 service 'api' reads the file that 'dev' renders to, not that of 'prod'"
  done
  prints "docker-compose.prod.yml:10:11: error B211"
}

# One compose file for both; the service of prod alone has a profile, and reads prod's file.
make_profile() {
  make_shared
  cat >docker-compose.yml <<'END'
services:
  api:
    image: example/api
    env_file: .env
  worker:
    image: example/api
    profiles: [live]
    env_file: .env.prod
  queue:
    image: example/api
    profiles: [live]
END
  sed -i '/^compose/d; /^\[environment prod\]/,/^$/s/^output .*/output = .env.prod\nprofiles = live/' bulla.ini
  sed -i 's/^\(    env_file: \).env$/\1${ENV_FILE:-.env}/' docker-compose.yml
  render
  render -e prod
}

@test "run, check: a service whose profile is not active reads nothing" {
  make_profile
  bulla check
  [[ $output != *B211* ]]
  bulla run -- true
  expect 0
  [ -z "$stderr" ]
  ENV_FILE=.env.prod bulla run -e prod -- true
  expect 0
  sed -i 's/profiles = live/&, other/; s/^    profiles: .live./    profiles: [other]/' docker-compose.yml
  bulla check
  [[ $output != *B211* ]]
}

@test "run: a service counts whose profile the command makes active" {
  make_profile
  make_docker
  local call
  for call in 'docker compose up -d' 'docker compose --profile none up' 'docker compose restart api'; do
    # shellcheck disable=SC2086
    bulla run -- $call
    expect 0
    prints called:
  done
  for call in 'docker compose --profile live up' 'docker compose --profile=live up' 'docker-compose --profile * up' \
    'docker compose up -d worker' 'docker compose run --rm worker sh' 'docker compose up queue' \
    'docker compose -f none.yml --profile live up'; do
    set -f
    # shellcheck disable=SC2086
    bulla run -- $call
    set +f
    expect 1 ".env.prod: error: is rendered for 'prod', and 'worker' reads it"
    [[ $output != *called:* ]]
  done
  for call in 'docker compose up' 'true'; do
    # shellcheck disable=SC2086
    COMPOSE_PROFILES=a,live bulla run -- $call
    expect 1 ".env.prod: error: is rendered for 'prod', and 'worker' reads it"
  done
  # Also beside profiles that the environment has.
  sed -i 's/^\[environment prod\]/[environment dev]\nprofiles = none\n\n&/' bulla.ini
  bulla run -- true
  expect 0
  COMPOSE_PROFILES='a, live' bulla run -- true
  expect 1 ".env.prod: error: is rendered for 'prod', and 'worker' reads it"
  COMPOSE_PROFILES=a,live bulla check
  [[ $output != *B211* ]]
  sed -i 's/profiles = none/profiles = live/' bulla.ini
  bulla check
  expect 1
  prints "error B211 service 'worker' reads the file that 'prod' renders to, not that of 'dev'"
}

@test "rotate, uses: a service with the file as a mount is recreated once it is rendered" {
  make_shared
  mount_in docker-compose.yml "${ways_to_mount[0]}"
  bulla rotate API_TOKEN
  expect 0
  [[ $output == *$'next:\n  bulla render\n  docker compose up -d --force-recreate api'* ]]
  bulla uses API_TOKEN
  expect 0
  prints "docker-compose.yml:4:15" "api" "file"
}

@test "render: says whose file it replaces" {
  make_shared
  render
  [[ $stderr == *".env: written"* && $stderr != *held* ]]
  render -e prod
  [[ $stderr == *".env: written, 0 added, 2 changed, 0 removed"* ]]
  [[ $stderr == *".env: held the values of 'dev'; bulla render -e dev writes them again"* ]]
  mv .bulla/prod.vault prod.vault
  sed -i '/^LOG_LEVEL=/d' .env
  render
  [[ $stderr == *".env: may have held the values of 'prod'"* ]]
  render
  [[ $stderr == *".env: unchanged"* && $stderr != *held* ]]
}

@test "render: a secret that neither environment had is not written over, an old one of either is" {
  make_shared
  render
  bulla rotate --yes API_TOKEN
  expect 0
  render -e prod
  sed -i 's/^API_TOKEN=.*/API_TOKEN=typed/' .env
  bulla check -e prod
  prints "'API_TOKEN' has a value here that the vault never had" \
    "bulla set -e prod API_TOKEN, or bulla render -e prod --replace"
  bulla render -e prod
  expect 1 "'API_TOKEN' has a value here that the vault never had" "bulla render -e prod --replace"
  grep -qx API_TOKEN=typed .env
  render -e prod --replace
  # Where the other one's vault does not open nobody can tell.
  sed -i 's/^API_TOKEN=.*/API_TOKEN=typed/' .env
  mv .bulla/dev.vault dev.vault
  bulla check -e prod
  [[ $output != *"never had"* ]]
  render -e prod
  [[ $stderr == *"may have held the values of 'dev'"* ]]
}

# A name that prod has no value for, and that the file has from dev.
make_left_over() {
  make_shared
  printf '\n[STRIPE_SECRET_KEY]\nkind     = provided\noptional = yes\n' >>bulla.ini
  printf 'from-dev-alone' >value
  bulla set STRIPE_SECRET_KEY --file value
  expect 0
  render
}

@test "render: what only another environment has a value for does not stay in the file" {
  make_left_over
  bulla render -e prod --diff
  expect 0
  prints "- STRIPE_SECRET_KEY=****"
  render -e prod
  [[ $stderr == *"gone from .env, the values of 'dev', which 'prod' has none for: STRIPE_SECRET_KEY"* ]]
  [[ $stderr == *"hint: bulla set -e prod NAME gives one here"* && $stderr != *keeps* ]]
  if grep -q from-dev .env; then return 1; fi
  grep -qx '# STRIPE_SECRET_KEY is not set' .env
  bulla check -e prod
  expect 0
  [[ $output != *B503* ]]
  render
  grep -qx STRIPE_SECRET_KEY=from-dev-alone .env
  # With a template, too, and in any file.
  sed -i 's/^output .*/&\ntemplate = sample.txt/' bulla.ini
  echo STRIPE_SECRET_KEY= >sample.txt
  render -e prod
  grep -qx STRIPE_SECRET_KEY= .env
  render -o app.env
  render -e prod -o app.env
  if grep -q from-dev app.env; then return 1; fi
}

@test "run, check: what only another environment has a value for is that one's" {
  make_left_over
  bulla render -e prod -o - >prod.env
  cp prod.env .env
  chmod 600 .env
  echo STRIPE_SECRET_KEY=from-dev-alone >>.env
  bulla run -e prod -- touch started
  expect 1 ".env: error: holds the values of 'dev', and 'api' reads it" "hint: bulla render -e prod"
  [ ! -e started ]
  bulla check -e prod
  expect 1
  prints "error B503 holds the values of 'dev', and 'api' reads it: STRIPE_SECRET_KEY"
  [[ $output != *"nothing in bulla"* ]]
  # What is nobody's stays, and is said to.
  sed -i 's/^STRIPE_SECRET_KEY=.*/STRIPE_SECRET_KEY=by-hand/' .env
  bulla run -e prod -- true
  expect 0
  bulla check -e prod
  expect 0
  prints "B503 'dev' has a value for 'STRIPE_SECRET_KEY', 'prod' has none: bulla render keeps the line"
  render -e prod
  grep -qx STRIPE_SECRET_KEY=by-hand .env
}

@test "run: says which files docker compose would take in place of the environment's" {
  make_shared
  make_docker
  render -e prod
  local hint="hint: bulla run -e prod -- docker compose -f docker-compose.prod.yml"
  local call
  for call in 'docker compose up -d' 'docker --context far -l debug compose -p shop ps' 'docker-compose --profile x config' \
    'docker compose logs -f'; do
    # shellcheck disable=SC2086
    bulla run -e prod -- $call
    expect 0 "warning: without -f Compose takes other files than those of 'prod'" "$hint"
    [ "$(grep -c warning: <<<"$stderr")" = 1 ]
    prints called:
  done
  for call in 'docker compose -f docker-compose.prod.yml up' 'docker compose --file=docker-compose.prod.yml up' \
    'docker-compose -fdocker-compose.prod.yml ps' 'docker compose --project-directory . up' 'docker compose version' \
    'docker ps' 'docker compose' 'echo docker compose up'; do
    # shellcheck disable=SC2086
    bulla run -e prod -- $call
    expect 0
    [ -z "$stderr" ]
  done
  COMPOSE_FILE=docker-compose.prod.yml bulla run -e prod -- docker compose up
  expect 0
  [ -z "$stderr" ]
  # The files of dev are those that Compose finds.
  render
  bulla run -- docker compose up
  expect 0
  [ -z "$stderr" ]
  # From below they are named from there; what Compose finds where it is called is what counts.
  render -e prod
  mkdir below
  pushd below
  bulla run -e prod -- docker compose up
  expect 0 "-f ../docker-compose.prod.yml"
  popd
  mv docker-compose.yml dev.yml
  bulla run -e prod -- docker compose up
  expect 0 "without -f Compose takes other files"
  echo COMPOSE_FILE=docker-compose.prod.yml >>.env
  bulla run -e prod -- docker compose up
  expect 0
  [ -z "$stderr" ]
}

@test "run: says which env file of a service is not there before docker compose starts" {
  make_shared
  make_docker
  printf 'services:\n  api:\n    image: example/api\n    env_file: [{path: .env, required: false}]\n' >docker-compose.yml
  bulla run -- docker compose up
  expect 0 "warning: .env, which 'api' reads, is not there" "hint: bulla render"
  prints "called: compose up"
  bulla run -- true
  expect 0
  [ -z "$stderr" ]
  bulla run -e prod -- docker compose -f docker-compose.prod.yml up
  expect 0 "warning: .env, which 'api' reads, is not there" "hint: bulla render -e prod"
  render
  bulla run -- docker compose up
  expect 0
  [ -z "$stderr" ]
  # Of a mount that is not there Docker would make a folder.
  rm .env
  printf 'services:\n  api:\n    image: example/api\n    volumes: ["./.env:/app/.env"]\n' >docker-compose.yml
  bulla run -- docker compose up
  expect 0 "warning: .env, which 'api' reads, is not there" "hint: bulla render"
  # Nobody reads it.
  sed -i 's/volumes.*/environment: ["API_TOKEN", "LOG_LEVEL"]/' docker-compose.yml
  bulla run -- docker compose up
  expect 0
  [ -z "$stderr" ]
}

# Two notations in one file, and a value that is written another way in each.
make_two_formats() {
  make_shared
  sed -i "/^\\[environment prod\\]/,/^\$/s/^output .*/&\nformat = $1/" bulla.ini
  sed -i 's/^default      = DEBUG/default      = "some words"/; s/^default@prod = INFO/default@prod = "other words"/' bulla.ini
}

@test "check: says that two environments are rendered to one file in two formats" {
  make_two_formats docker
  bulla check -e prod
  expect 0
  prints "bulla.ini:9:10: note B503 'prod' and 'dev' are rendered to .env in two formats: 'docker' and 'compose'" \
    "give one of them another output, or both the same format"
  bulla check
  prints "bulla.ini:9:10: note B503 'dev' and 'prod' are rendered to .env in two formats: 'compose' and 'docker'"
  printf '\n[check]\nseverity.B503 = off\n' >>bulla.ini
  bulla check -e prod
  [[ $output != *B503* ]]
}

@test "run, check, render: a file is read in the format of the environment that it may be of" {
  make_two_formats docker
  render
  bulla run -e prod -- touch started
  expect 1 ".env: error: holds the values of 'dev', and 'api' reads it" "hint: bulla render -e prod"
  [ ! -e started ]
  bulla check -e prod
  expect 1
  prints ".env: error B503 holds the values of 'dev' in its format 'compose', and 'api' reads it: API_TOKEN, LOG_LEVEL"
  [[ $output != *"never had"* ]]
  render -e prod
  [[ $stderr == *"held the values of 'dev'"* ]]
  bulla run -e prod -- true
  expect 0
  [ -z "$stderr" ]
  bulla run -- true
  expect 1 ".env: error: holds the values of 'prod', and 'api' reads it"
  bulla check
  prints "holds the values of 'prod' in its format 'docker', and 'api' reads it: API_TOKEN, LOG_LEVEL"
}

@test "render: a secret that neither had is not written over either in the other one's format" {
  make_two_formats docker
  render -e prod
  sed -i 's/^API_TOKEN=.*/API_TOKEN=typed/' .env
  bulla render
  expect 1 "'API_TOKEN' has a value here that the vault never had" "bulla render --replace"
  grep -qx API_TOKEN=typed .env
  render --replace
  sed -i "s/^API_TOKEN=.*/API_TOKEN='typed'/" .env
  bulla render -e prod
  expect 1 "'API_TOKEN' has a value here that the vault never had" "bulla render -e prod --replace"
  # What the other one once had is no such secret.
  render -e dev --replace
  bulla rotate --yes API_TOKEN
  expect 0
  render -e prod
}

@test "render: in a format that is not read back what the other one once had goes, what is typed stays" {
  make_two_formats sh
  sed -i 's/^\[environment prod\]/[environment dev]\nformat = systemd\n\n&/' bulla.ini
  render -e prod
  bulla rotate -e prod --yes API_TOKEN
  expect 0
  render
  render -e prod
  sed -i 's/^API_TOKEN=.*/API_TOKEN=typed/' .env
  local env
  for env in dev prod; do
    bulla render -e "$env"
    expect 1 "'API_TOKEN' has a value here that the vault never had"
  done
  # Where the other one's vault does not open nobody can tell.
  mv .bulla/prod.vault prod.vault
  render
}

@test "run, check: a file in a format that is not read back is another's where it is what that one is rendered to" {
  make_two_formats sh
  render -e prod
  bulla run -- true
  expect 1 ".env: error: holds the values of 'prod', and 'api' reads it"
  bulla check
  expect 1
  prints "holds the values of 'prod' in its format 'sh', and 'api' reads it: API_TOKEN, LOG_LEVEL"
  bulla run -e prod -- true
  expect 0
  [ -z "$stderr" ]
  render
  bulla run -e prod -- true
  expect 1 ".env: error: holds the values of 'dev', and 'api' reads it"
}

@test "run, check: a file of the own values in the other environment's format is out of date, and nobody else's" {
  make_two_formats docker
  sed -i '/^format = docker/d' bulla.ini
  render -e prod
  sed -i '/^\[environment prod\]/,/^$/s/^output .*/&\nformat = docker/' bulla.ini
  bulla run -e prod -- true
  expect 0 "warning: .env is out of date (LOG_LEVEL), and 'api' reads it"
  bulla check -e prod
  expect 0
  prints "warning B503 out of date: LOG_LEVEL ('dev' is rendered to this file, too)"
}

# dev's .env, beside a prod that leaves DEBUG unset.
make_beside() {
  printf 'services:\n  api:\n    image: example/api\n    environment:\n      DEBUG: "${DEBUG:-off}"\n' \
    >docker-compose.yml
  cp docker-compose.yml docker-compose.prod.yml
  bulla init
  expect 0
  bulla set DEBUG <<<on
  expect 0
  render
}

@test "run: Compose does not take what is unset here from another environment's .env" {
  make_beside
  bulla -v run -e prod -- env
  expect 0 "COMPOSE_DISABLE_ENV_FILE=1: the .env here is another environment's"
  prints COMPOSE_DISABLE_ENV_FILE=1
  # The environment whose file it is, somebody's own choice, and no such file: nothing is set.
  bulla run -- env
  [[ $output != *COMPOSE_DISABLE_ENV_FILE* ]]
  COMPOSE_DISABLE_ENV_FILE=0 bulla run -e prod -- env
  prints COMPOSE_DISABLE_ENV_FILE=0
  bulla run -e prod --any-env-file -- env
  [[ $output != *COMPOSE_DISABLE_ENV_FILE* ]]
  rm .env
  bulla run -e prod -- env
  [[ $output != *COMPOSE_DISABLE_ENV_FILE* ]]
}

@test "run: the real Compose starts with the default of what is unset here" {
  [ -n "$compose_program" ] || skip "BULLA_COMPOSE names no docker-compose"
  make_beside
  bulla run -e prod -- "$compose_program" -f docker-compose.prod.yml config
  expect 0
  prints 'DEBUG: "off"'
  bulla run -- "$compose_program" -f docker-compose.yml config
  prints 'DEBUG: "on"'
}

@test "run: warns where the own .env still has what is unset, which Compose would take from there" {
  make_beside
  bulla unset DEBUG
  expect 0
  bulla run -- env
  expect 0 ".env has 'DEBUG', which is unset, and Compose takes it from there" "bulla render"
  render
  bulla run -- env
  expect 0
  [ -z "$stderr" ]
}

@test "run: judges the files that docker compose is given, in place of the environment's" {
  make_shared
  make_docker
  render
  # One that reads nothing is no reason to refuse, one that reads the file is.
  printf 'services:\n  api:\n    image: example/api\n    environment: [API_TOKEN]\n' >plain.yml
  printf 'services:\n  other:\n    image: example/api\n    env_file: ${FILE:-.env}\n' >other.yml
  bulla run -e prod -- docker compose -f plain.yml up
  expect 0 "warning: .env holds the values of 'dev'"
  sed -i 's/env_file: .env/environment: [API_TOKEN]/' docker-compose.prod.yml
  local call
  for call in 'docker compose -f other.yml up' 'docker compose --file other.yml up' 'docker compose --file=other.yml up' \
    'docker -l debug compose --profile x -fother.yml up' 'docker-compose -f plain.yml -f=other.yml up'; do
    # shellcheck disable=SC2086
    bulla run -e prod -- $call
    expect 1 ".env: error: holds the values of 'dev', and 'other' reads it" "hint: bulla render -e prod"
  done
  # Its other options decide, too, as do the files that it finds.
  echo FILE=elsewhere.env >compose.env
  bulla run -e prod -- docker compose --env-file compose.env -f other.yml up
  expect 0 "warning: .env holds the values of 'dev'"
  mkdir below
  bulla run -e prod -- docker compose --project-directory below -f other.yml up
  expect 0 "warning: .env holds the values of 'dev'"
  bulla run -e prod -- docker compose --project-directory=. -f other.yml up
  expect 1 "'other' reads it"
  bulla run -e prod -- docker compose up
  expect 1 ".env: error: holds the values of 'dev', and 'api' reads it"
  # What cannot be read leaves the environment's files.
  bulla run -e prod -- docker compose -f none.yml up
  expect 0 "warning: .env holds the values of 'dev'"
  sed -i '/^\[environment prod\]/,/^$/s/^output .*/output = .env.prod/' bulla.ini
  render -e prod
  bulla run -e prod -- docker compose -f other.yml up
  expect 1 "is rendered for 'dev', and 'other' reads it" "hint: bulla check -e prod -f other.yml says where"
  rm .env
  bulla run -- docker compose -f other.yml up
  expect 0 "warning: .env, which 'other' reads, is not there"
}
