# bulla check right after bulla init: what it says is true and can be acted on.
load helper

@test "check: after init, what another environment's compose file uses has its use" {
  cat >compose.yaml <<'YAML'
services:
  a:
    image: example/a
    environment:
      API_TOKEN: ${API_TOKEN:?}
YAML
  cat >compose.prod.yaml <<'YAML'
services:
  a:
    environment:
      ZONE: ${ZONE:-eu}
YAML
  bulla init --name alice
  expect 0
  grep -q '^\[ZONE\]' bulla.ini
  bulla check
  expect 0
  prints_only "check: ok, 1 reference in 1 file, environment dev"
  # What no environment uses any more is still told of.
  sed -i '/ZONE/d' compose.prod.yaml
  bulla check
  expect 0
  prints "note B504 no compose file of 'dev' uses ZONE"
}

@test "check: after init, names of .env that no compose file uses are one finding" {
  cat >compose.yaml <<'YAML'
services:
  a:
    image: example/a:${TAG}
    volumes: ["${HOME}/data:/data"]
    environment:
      PYTHONIOENCODING: ${PYTHONIOENCODING:-utf-8}
YAML
  printf 'TAG=1\nLEVEL=debug\nZONE=eu\nSPEED=9\nCOLOUR=red\n' >.env
  chmod 600 .env
  bulla init --name alice
  expect 0
  bulla check
  expect 0
  prints "note B504 no compose file of 'dev' uses LEVEL, ZONE, SPEED and 1 more" "1 note"
}

@test "check: after init, an .env that refers to its own lines is up to date" {
  cat >compose.yaml <<'YAML'
services:
  a:
    image: example/a
    environment:
      CACHE: ${CACHE_ADDRESS}:${CACHE_PORT}
YAML
  printf 'CACHE_PORT=6379\nCACHE_ADDRESS=cache-1.example.org:${CACHE_PORT}\n' >.env
  chmod 600 .env
  bulla init --name alice
  expect 0
  bulla check
  expect 0
  prints_only "check: ok, 2 references in 1 file, environment dev"
}

@test "check: what the contract lets be blank is one note, and what it does not mention a warning each" {
  cat >compose.yaml <<'YAML'
services:
  a:
    image: example/a
    environment:
      - DISABLE_SIGNUP=${DISABLE_SIGNUP}
      - SMTP_HOST=${SMTP_HOST}
      - SMTP_PORT=${SMTP_PORT}
      - SMTP_USER=${SMTP_USER}
      - AGAIN=${SMTP_HOST}
YAML
  bulla init --name alice
  expect 0
  bulla check
  expect 0
  prints "compose.yaml:5:24: note B103 DISABLE_SIGNUP, SMTP_HOST, SMTP_PORT and 1 more become blank, as the" \
    "1 note"
  [[ $output != *warning* ]]
  sed -i 's/SMTP_HOST}$/& # bulla: ignore B103 our relay needs none/' compose.yaml
  bulla check
  expect 0
  prints "DISABLE_SIGNUP, SMTP_PORT, SMTP_USER become blank" "1 note"
}
