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
