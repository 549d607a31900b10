# bulla check: one fact is one finding.
load helper
load stack
load people

@test "check: a value that is missing is one finding, whatever the references to it look like" {
  cat >compose.yaml <<'YAML'
services:
  a:
    image: example/a
    environment:
      DSN: redis://:${CACHE_PASSWORD}@cache/?again=${CACHE_PASSWORD:-changeme}
      LEVEL: ${LEVEL}
YAML
  cat >bulla.ini <<'END'
[bulla]
format       = 1
environments = dev
[CACHE_PASSWORD]
kind = password:24
[LEVEL]
kind     = setting
optional = yes
END
  bulla check
  expect 1
  [[ $(grep -c CACHE_PASSWORD <<<"$(grep -v help: <<<"$output")") == 1 ]]
  prints "bulla.ini:4:2: error B104 CACHE_PASSWORD has no value in 'dev'" \
    "compose.yaml:6:14: note B103 LEVEL becomes blank, as the contract lets it" "1 error, 1 note"
  # Where the contract is silent about the error, the next one stands: the default, not the blank.
  printf '[check]\nseverity.B104 = off\n' >>bulla.ini
  bulla check
  expect 0
  prints "warning B302 CACHE_PASSWORD is not set" "1 warning, 1 note"
  [[ $output != *"B103 CACHE_PASSWORD"* ]]
  # A finding that counts for less does not stand for one that counts for more.
  sed -i 's/B104 = off/B104 = note/' bulla.ini
  bulla check
  prints "note B104 CACHE_PASSWORD" "warning B302 CACHE_PASSWORD"
}

@test "check: what is missing and unknown to the contract is one finding, which says to add it" {
  cat >compose.yaml <<'YAML'
services:
  a:
    image: example/a
    environment:
      API_TOKEN: ${API_TOKEN:?}
      LEVEL: ${LEVEL}
      ZONE: ${ZONE:-eu}
YAML
  printf '[bulla]\nformat = 1\nenvironments = dev\n' >bulla.ini
  bulla check
  expect 1
  prints "error B101 API_TOKEN is required and not set" "bulla init adds it to bulla.ini" \
    "warning B103 LEVEL is not set" "bulla init adds it to bulla.ini" \
    "warning B106 ZONE is used here and bulla.ini does not list it" "1 error, 2 warnings"
}

@test "check: an env file that is not there is one finding, which counts who names it" {
  cat >compose.yaml <<'YAML'
services:
  off:
    image: example/off
    env_file: shared.env
    profiles: [never]
  a:
    image: example/a
    env_file: shared.env
  b:
    image: example/b
    env_file: [shared.env, own.env]
  c:
    image: example/c
    env_file: shared.env
YAML
  bulla check
  expect 1
  prints "compose.yaml:8:15: error B204 'shared.env': cannot open: No such file or directory; 2 more places name it" \
    "compose.yaml:11:28: error B204 'own.env': cannot open: No such file or directory
" "2 errors"
}

@test "check: a contested name is that and nothing else" {
  needs git
  make_stack
  # Without a value these two would fall back, and what is made of one of them would be missing.
  sed -i 's/API_TOKEN: .*/API_TOKEN: ${API_TOKEN:-changeme}/; $a\      PLAIN: ${API_TOKEN} ${TOKEN_URL:?}' \
    compose.yaml
  printf '\n[TOKEN_URL]\nkind = derived\nvalue = x:{{ API_TOKEN }}\n' >>bulla.ini
  bulla init --name alice
  expect 0
  repository
  contest changeme changeme-too
  bulla check
  expect 1
  prints "error B208 API_TOKEN was set to different values on two branches"
  [[ $(grep -cE 'API_TOKEN|TOKEN_URL' <<<"$(grep -v help: <<<"$output")") == 1 ]]
}

@test "check: the two lines of Compose disagree about an operand in an env file, too" {
  printf 'services:\n  a:\n    image: example/a:${TAG}\n    env_file: a.env\n' >compose.yaml
  printf 'TAG=1\n' >.env
  printf 'SET=1\nVALUE=${SET:-${REQUIRED:?needed}}\n' >a.env
  chmod 600 .env a.env
  bulla check
  expect 0
  prints "a.env:2:" "warning B218 Compose up to 5.0.1 looks at REQUIRED here although it is not used, and refuses the project" \
    "1 warning"
  bulla check --compose 2
  expect 1
  prints "error B101 REQUIRED is required here" "warning B218 Compose since 5.0.2 does not look at REQUIRED here"
  # A warning of the older line is a note; without an operand there is nothing to disagree about.
  printf 'SET=1\nVALUE=${SET:-${BLANK}}\n' >a.env
  bulla check
  expect 0
  prints "note B218 Compose up to 5.0.1 looks at BLANK here although it is not used, and warns" "1 note"
  printf 'SET=1\nVALUE=${SET:-x}${SET}\n' >a.env
  bulla check
  expect 0
  prints_only "check: ok, 1 reference in 1 file"
}

@test "check -f: init is no advice for a file that is none of the project's" {
  printf '[bulla]\nformat = 1\nenvironments = dev\n' >bulla.ini
  printf 'services:\n  a:\n    image: example/a:${LEVEL}\n' >other.yml
  cp other.yml compose.yaml
  cp other.yml compose.override.yml
  bulla check -f other.yml
  prints "warning B103 LEVEL is not set" "write its section in bulla.ini; or name the file in 'compose' there"
  [[ $output != *"init adds it"* ]]
  bulla check -f compose.yaml -f compose.override.yml
  prints "bulla init adds it to bulla.ini"
}
