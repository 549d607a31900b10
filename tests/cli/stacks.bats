# The five stacks, from nothing to a deploy: init, check, render, run, rotate, rollback. Where a real
# Docker Compose v2 is at hand ($BULLA_COMPOSE, or the docker command) it has to accept the result.
load helper

# The sandbox takes it away.
compose_program=${BULLA_COMPOSE:-}

stack() {
  cp -R "$SOURCE/tests/data/stacks/$1/." .
}

# compose ARGUMENT...: the real Compose, or nothing where there is none.
compose() {
  if [ -n "$compose_program" ]; then
    "$compose_program" "$@"
  elif docker compose version >/dev/null 2>&1; then
    docker compose "$@"
  else
    return 0
  fi
}

give() {
  printf '%s' "$2" >"$BATS_TEST_TMPDIR/given"
  bulla_from "$BATS_TEST_TMPDIR/given" set "$1"
  expect 0
  rm "$BATS_TEST_TMPDIR/given"
}

# value NAME: what a command started by `run` sees.
value() {
  "$BULLA" run -- sh -c "printf %s \"\$$1\""
}

# turns NAME: rotate changes its value, rollback brings it back.
turns() {
  local before after
  before=$(value "$1")
  bulla rotate "$1"
  expect 0
  after=$(value "$1")
  [ -n "$after" ] && [ "$before" != "$after" ]
  bulla rollback "$1"
  expect 0
  [ "$(value "$1")" = "$before" ]
}

# deploys [COMPOSE ARGUMENT...]: nothing is missing, the file is rendered, Compose takes it.
deploys() {
  bulla check
  expect 0
  bulla render
  expect 0
  bulla render --check
  expect 0
  compose "$@" config -q
}

@test "stack bot-core: ten required variables, three of them brought by the owner" {
  stack bot-core
  bulla check --format json
  expect 1
  jq -e '[.findings[] | select(.rule == "B101")] | length == 13' <<<"$output"
  jq -e '[.findings[] | select(.rule == "B101") | .variable] | unique | length == 10' <<<"$output"
  bulla init
  expect 0
  bulla check
  expect 1
  for name in DATABASE_URL BINANCE_API_KEY BINANCE_SECRET_KEY; do
    prints "$name is required and not set"
  done
  give DATABASE_URL 'mongodb+srv://bot:pa55w0rt@cluster0.example.net/bot'
  give BINANCE_API_KEY kZ3mQ8vT1xN6bY4c
  give BINANCE_SECRET_KEY wR7pL2sD9fG5hJ0k
  deploys --profile '*'
  [ "$(value BINANCE_API_KEY)" = kZ3mQ8vT1xN6bY4c ]
  [ "$(value DATABASE_URL)" = 'mongodb+srv://bot:pa55w0rt@cluster0.example.net/bot' ]
  turns INTER_SERVICE_TOKEN
  # What is provided is never invented.
  bulla rotate BINANCE_API_KEY
  expect 1 "BINANCE_API_KEY"
  [ "$(value BINANCE_API_KEY)" = kZ3mQ8vT1xN6bY4c ]
}

@test "stack bot-core, broken: the references are found in a file that is no YAML" {
  stack bot-core-broken
  bulla check --format json
  expect 1
  jq -e '[.findings[] | select(.rule == "B201") | .line] == [7, 9, 14, 20]' <<<"$output"
  jq -e '[.findings[] | select(.rule == "B201") | .variable] | index("REDIS_PASSWORD")' <<<"$output"
  bulla check
  prints "docker-compose.yml:14:"
  bulla init
  expect 0
  prints "broken     docker-compose.yml:7:" "Compose refuses this file"
  bulla init
  expect 0
  prints "broken     docker-compose.yml:7:"
  [[ $output != *"set up already"* ]]
}

@test "stack algo-trading: the compose file lies below, numbers have ranges, a secret goes by standard input" {
  stack algo-trading
  bulla init
  expect 0
  cat >>bulla.ini <<'END'

[LEVERAGE]
kind = setting
type = number
range = 1..20
default = 50
END
  bulla check
  expect 1
  prints "B205" "LEVERAGE"
  sed -i 's/^default = 50$/default = 5/' bulla.ini
  give BINANCE_API_KEY Hk29sWq8Zr41Lm7TvXb6Nc3PdYf5Ge0J
  give BINANCE_API_SECRET uQ7c1Vn5Rk3Ws9Ax2Zt8Mb4Lf6Hd0YpE
  deploys -f docker/docker-compose.yml
  [ -e docker/.env ] && [ ! -e .env ]
  [ "$(value MAX_DAILY_LOSS)" = 1000 ]
  bulla get ORDER_SIGNING_KEY
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  turns ORDER_SIGNING_KEY
  # Compose reads docker/.env, and not the one beside us.
  touch .env
  bulla check
  prints "B207"
}

@test "stack poker: a URL follows its password, the webhook's secret is made" {
  stack poker
  bulla init
  expect 0
  give TELEGRAM_BOT_TOKEN '7123456789:AAHk3-Zq81mN2vT0pXs'
  deploys -f docker-compose.yml -f docker-compose.dev.yml
  [ "$(value DATABASE_URL)" = "postgresql+asyncpg://poker:$(value POSTGRES_PASSWORD)@postgres:5432/poker" ]
  [[ $(value TELEGRAM_WEBHOOK_SECRET_TOKEN) =~ ^[0-9a-f]{64}$ ]]
  turns POSTGRES_PASSWORD
  [ "$(value DATABASE_URL)" = "postgresql+asyncpg://poker:$(value POSTGRES_PASSWORD)@postgres:5432/poker" ]
  bulla rotate POSTGRES_PASSWORD
  expect 0 "'postgres' (PostgreSQL) keeps the 'POSTGRES_PASSWORD' that its data was first started with"
  for service in postgres bot api; do
    prints "$service"
  done
}

@test "stack poker: prod's services would read dev's file, and check says so" {
  stack poker
  bulla init
  expect 0
  # init gives prod the file that its services read.
  bulla check -e prod --format json
  jq -e '[.findings[] | select(.rule == "B211")] == []' <<<"$output"
  sed -i '/^\[environment prod\]/,/^$/s/^output = .env$/output = .env.prod/' bulla.ini
  bulla check -e prod --format json
  expect 1
  jq -e '[.findings[] | select(.rule == "B211") | .service] | unique == ["api", "bot", "postgres"]' \
    <<<"$output"
}

@test "stack tradebot: one password inside two URLs, a Fernet key, a key for HS512" {
  stack tradebot
  bulla init
  expect 0
  deploys --profile '*'
  password=$(value POSTGRES_PASSWORD)
  [ "$(value DATABASE_URL)" = "postgresql+asyncpg://bot:$password@postgres:5432/bot" ]
  [ "$(value SYNC_DATABASE_URL)" = "postgresql://bot:$password@postgres:5432/bot" ]
  [ "$(value CELERY_BROKER_URL)" = "redis://:$(value REDIS_PASSWORD)@redis:6379/0" ]
  [[ $(value FERNET_KEY) =~ ^[A-Za-z0-9_-]{43}=$ ]]
  [ "$(value SECRET_KEY | wc -c)" -eq 86 ]
  turns REDIS_PASSWORD
  # The line that stands twice has its value twice.
  [ "$(grep -c "^SYNC_DATABASE_URL=postgresql://bot:$password@" .env)" -eq 2 ]
}

@test "stack ktrdr: settings differ by environment, and dev needs no secret of prod" {
  stack ktrdr
  bulla init
  expect 0
  deploys
  [ "$(value API_LOG_LEVEL)" = DEBUG ]
  [ "$("$BULLA" run -e prod -- sh -c 'printf %s "$API_LOG_LEVEL"')" = INFO ]
  bulla check -e prod
  expect 0
  [ "$("$BULLA" run -- sh -c 'printf %s "$JWT_SECRET"')" != \
    "$("$BULLA" run -e prod -- sh -c 'printf %s "$JWT_SECRET"')" ]
  bulla render -e prod
  expect 0
  [ -e .env.prod ]
  # A protected environment wants a confirmation.
  bulla rotate -e prod JWT_SECRET
  expect 1 "protected" "--yes"
  bulla rotate -e prod --yes JWT_SECRET
  expect 0
}
