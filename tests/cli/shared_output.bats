# Two environments that are rendered to one file, which services read: nothing may hand out the
# values of the other one unseen.
load helper
load people

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

@test "run: says nothing of an old file that no service reads, nor where no compose file can be read" {
  make_shared
  render
  sed -i 's/env_file: .env/environment: ["API_TOKEN", "LOG_LEVEL"]/' docker-compose*.yml
  bulla run -e prod -- true
  expect 0
  [ -z "$stderr" ]
  printf 'services: [\n' >docker-compose.prod.yml
  bulla run -e prod -- true
  expect 0
  [ -z "$stderr" ]
}

@test "render: says whose file it replaces" {
  make_shared
  render
  [[ $stderr != *replace* ]]
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
