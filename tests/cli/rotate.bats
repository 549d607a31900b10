# bulla rotate: new versions, and whom to tell.
load helper
load stack
load people

ready() {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  expect 0
  may_hold_canary .env
}

@test "rotate: a new version, what follows, and who has to be recreated" {
  ready
  bulla rotate POSTGRES_PASSWORD
  expect 0
  prints "turned   POSTGRES_PASSWORD" "changed  DATABASE_URL" "follows POSTGRES_PASSWORD" \
    "docker compose up -d --force-recreate db api"
  [[ $output != *worker* ]]
  records dev | grep -q '^set POSTGRES_PASSWORD v=2 .*kind:password%3A32'
}

@test "rotate: the commands fit how the values get there" {
  ready
  bulla rotate API_TOKEN
  prints "bulla run -- docker compose up"
  bulla render
  bulla rotate API_TOKEN
  prints "  bulla render
  docker compose up -d --force-recreate api"
}

@test "rotate: several names are one write" {
  ready
  bulla rotate POSTGRES_PASSWORD API_TOKEN
  expect 0
  [ "$(records dev | grep -c ' v=2 ')" = 2 ]
}

@test "rotate: the old value is in the history and comes back" {
  ready
  bulla_revealing get API_TOKEN
  local old=$output
  bulla rotate API_TOKEN
  bulla_revealing get API_TOKEN
  [ "$old" != "$output" ]
  bulla rollback API_TOKEN
  expect 0
  bulla_revealing get API_TOKEN
  [ "$old" = "$output" ]
}

@test "rotate: what is provided is never invented" {
  ready
  local before
  before=$(vaults)
  bulla rotate API_KEY
  expect 1 "'API_KEY' is never invented: bulla set API_KEY"
  prints "by hand" "https://provider.example/keys"
  [ "$before" = "$(vaults)" ]
}

@test "rotate: one that can be made turns beside one that cannot, and it is exit 1" {
  ready
  bulla rotate API_KEY API_TOKEN
  expect 1 "never invented"
  records dev | grep -q '^set API_TOKEN v=2 '
}

@test "rotate: derived ones, settings and unknown names are refused, and nothing turns" {
  ready
  local before
  before=$(vaults)
  bulla rotate DATABASE_URL
  expect 1 "'DATABASE_URL' is derived" "POSTGRES_PASSWORD"
  bulla rotate LOG_LEVEL
  expect 1 "'LOG_LEVEL' is a setting"
  bulla rotate API_TOKEN ELSEWHERE
  expect 1 "there is no variable 'ELSEWHERE'" "'bulla list' shows the names"
  bulla rotate API_TOKN
  expect 1 "did you mean 'API_TOKEN'?"
  [ "$before" = "$(vaults)" ]
}

@test "rotate: never is never, unless the contract changes" {
  ready
  sed -i 's/^\[API_TOKEN\]/&\nrotate = never/' bulla.ini
  bulla rotate API_TOKEN
  expect 1 "the contract says that 'API_TOKEN' never turns"
  bulla rotate --all
  expect 0
  [[ $(records dev) != *"set API_TOKEN v=2 "* ]]
  records dev | grep -q '^set POSTGRES_PASSWORD v=2 '
}

@test "rotate: --due turns what is due and ends with 10, else with 0" {
  ready
  bulla rotate --due
  expect 0 "nothing is due"
  sed -i 's/^\[API_TOKEN\]/&\nrotate = 1s/' bulla.ini
  sleep 2
  bulla rotate --due --dry-run
  expect 0
  prints "would turn  API_TOKEN"
  bulla rotate --due
  expect 10
  prints "turned  API_TOKEN" "was due" "api"
  [[ $(records dev) != *"set POSTGRES_PASSWORD v=2 "* ]]
}

@test "rotate: -y confirms a protected environment, as it does everywhere" {
  ready
  bulla rotate API_TOKEN -e prod
  expect 1 "environment 'prod' is protected"
  bulla rotate API_TOKEN -e prod -y
  expect 0
  prints "turned  API_TOKEN"
}

@test "rotate: a period of less than a day is told in its seconds" {
  ready
  sed -i 's/^\[API_TOKEN\]/&\nrotate = 1s/' bulla.ini
  sleep 2
  bulla check
  prints "B501 API_TOKEN is past its rotation period of 1 second"
}

@test "rotate: --format json warns of live services on standard error" {
  ready
  printf '\n[apply db]\ndriver = postgres\nthrough = exec:db\nuser = app\n' >>bulla.ini
  sed -i 's/^\[POSTGRES_PASSWORD\]/&\napply = db/' bulla.ini
  bulla rotate POSTGRES_PASSWORD --format json
  expect 0 "the live service of [apply db] still has the old 'POSTGRES_PASSWORD'"
}

@test "rotate: --due says what somebody has to provide, and that alone is exit 0" {
  ready
  sed -i 's/^\[API_KEY\]/&\nrotate = 1s/' bulla.ini
  sleep 2
  bulla rotate --due
  expect 0 "'API_KEY' is never invented"
  [[ $(records dev) != *"set API_KEY v=2 "* ]]
}

@test "rotate: --exposed turns what a former member could read, and nothing else" {
  ready
  person bob
  add bob writer
  bulla rotate --exposed
  expect 0 "nothing is exposed"
  bulla recipient remove bob
  expect 0
  bulla rotate API_TOKEN
  sed -i 's/^rotate = 30d/rotate = never/' bulla.ini
  bulla status
  prints "bulla set API_KEY" "bulla set POSTGRES_PASSWORD"
  [[ $output != *"rotate --exposed"* ]]
  bulla rotate --exposed
  expect 0 "'POSTGRES_PASSWORD' is exposed, and the contract says that it never turns" \
    "'API_KEY' must be replaced at its provider, then: bulla set API_KEY"
  [ "$(grep -c '^set ' .bulla/dev.vault)" = 4 ]
  sed -i 's/^rotate = never/rotate = 30d/' bulla.ini
  bulla status
  prints "bulla rotate --exposed" "bulla set API_KEY"
  bulla rotate --exposed --dry-run
  expect 0
  prints "would turn    POSTGRES_PASSWORD" "by hand       API_KEY"
  bulla rotate --exposed
  expect 10 "'API_KEY' must be replaced at its provider"
  prints "turned   POSTGRES_PASSWORD  password:32  exposed" "changed  DATABASE_URL" "by hand  API_KEY"
  [[ $output != *API_TOKEN* ]]
  records dev | grep -q '^set POSTGRES_PASSWORD v=2 '
  bulla rotate --exposed
  expect 0
  prints "by hand  API_KEY"
  bulla status
  prints "1 exposed"
  [[ $output != *"rotate --exposed"* ]]
}

@test "rotate: a group turns together" {
  ready
  sed -i 's/^\[API_TOKEN\]/&\ngroup = keys/; s/^\[POSTGRES_PASSWORD\]/&\ngroup = keys/' bulla.ini
  bulla rotate API_TOKEN
  expect 0
  prints "with its group keys" "changed  DATABASE_URL"
  [ "$(records dev | grep -c ' v=2 ')" = 2 ]
}

@test "rotate: keep-previous keeps the old version valid, and previous-as shows it" {
  ready
  sed -i 's/^\[API_TOKEN\]/&\nkeep-previous = 1d\nprevious-as = API_TOKEN_OLD/' bulla.ini
  bulla_revealing get API_TOKEN
  local old=$output
  bulla rotate API_TOKEN
  expect 0
  prints "the old one stays valid until" \
    "changed  API_TOKEN_OLD  previous  the previous value of API_TOKEN"
  [[ $output != *"API_TOKEN_OLD  provided"* ]]
  records dev | grep -q '^set API_TOKEN v=2 .*keep:.*until:'
  bulla_revealing run -- sh -c 'echo "$API_TOKEN_OLD"'
  expect 0
  prints_only "$old"
}

@test "rotate: restart names the services itself" {
  ready
  sed -i 's/^\[API_TOKEN\]/&\nrestart = worker, db/' bulla.ini
  bulla rotate API_TOKEN
  expect 0
  prints "--force-recreate worker db"
}

@test "rotate: --dry-run needs no key and writes nothing" {
  ready
  without_key
  local before
  before=$(vaults)
  bulla rotate --all --dry-run
  expect 0
  prints "would turn" "would change  DATABASE_URL"
  [ "$before" = "$(vaults)" ]
}

@test "rotate: a protected environment wants --yes without a terminal" {
  ready
  local before
  before=$(vaults)
  bulla rotate -e prod API_TOKEN
  expect 1 "environment 'prod' is protected" "--yes"
  [ "$before" = "$(vaults)" ]
  bulla rotate -e prod API_TOKEN --yes
  expect 0
  prints "bulla run -e prod -- docker compose"
}

@test "rotate: --format json" {
  needs jq
  ready
  bulla rotate POSTGRES_PASSWORD --format json
  expect 0
  jq -e '.version == 1 and .environment == "dev" and .dryRun == false
    and .turns[0] == {"name": "POSTGRES_PASSWORD", "step": "turned", "due": .turns[0].due}
    and .turns[1] == {"name": "DATABASE_URL", "step": "changed", "with": "POSTGRES_PASSWORD"}
    and .recreate[0] == {"service": "db", "active": true, "variables": ["POSTGRES_PASSWORD"]}' \
    <<<"$output"
}

@test "rotate: without compose files it turns and says what it cannot tell" {
  ready
  rm compose.yaml
  bulla rotate API_TOKEN
  expect 0 "cannot tell which services use them"
  records dev | grep -q '^set API_TOKEN v=2 '
}

@test "rotate: names the service whose data keeps the old password, by its image" {
  ready
  cat >>compose.yaml <<'END'
  queue:
    image: redis:7
    command: [redis-server, --requirepass, "${QUEUE_PASSWORD:?}"]
  broker:
    image: rabbitmq:3
    environment: ["RABBITMQ_DEFAULT_PASS=${BROKER_PASSWORD:?}"]
  backup:
    image: prodrigestivill/postgres-backup-local
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it}
END
  printf '[QUEUE_PASSWORD]\nkind = hex:32\n[BROKER_PASSWORD]\nkind = hex:32\n' >>bulla.ini
  printf '[REMOTE_DB_PASSWORD]\nkind = hex:32\n' >>bulla.ini
  bulla fill
  expect 0
  bulla rotate POSTGRES_PASSWORD BROKER_PASSWORD
  expect 0 "'db' (PostgreSQL) keeps the 'POSTGRES_PASSWORD' that its data was first started with" \
    "'broker' (RabbitMQ) keeps the 'BROKER_PASSWORD'"
  [[ $stderr != *"'backup'"* && $stderr != *"what checks"* ]]
  # Redis takes it from its command line whenever it starts.
  bulla rotate QUEUE_PASSWORD
  expect 0
  [[ $stderr != *warning* ]]
  # Of one that no service of the stack takes nobody knows where its server is.
  bulla rotate REMOTE_DB_PASSWORD
  expect 0 "what checks 'REMOTE_DB_PASSWORD' keeps the old one until it is told"
  prints "next:
  # first tell the server that takes REMOTE_DB_PASSWORD; which one is not known here
  #   the new one: bulla get --reveal REMOTE_DB_PASSWORD"
  bulla rotate REMOTE_DB_PASSWORD --dry-run
  expect 0 "change it there too before its users are recreated"
  [[ $output != *next:* ]]
}

@test "rotate: a live service that is not told is warned of" {
  ready
  sed -i 's/^\[POSTGRES_PASSWORD\]/&\napply = pg/' bulla.ini
  printf '[apply pg]\ndriver = postgres\nthrough = exec:db\nuser = app\n' >>bulla.ini
  bulla rotate POSTGRES_PASSWORD
  expect 0 "the live service of [apply pg] still has the old 'POSTGRES_PASSWORD'"
  prints "next:
  # first tell the live service of [apply pg] the new POSTGRES_PASSWORD"
}

@test "rotate: without a key exit 4" {
  ready
  without_key
  bulla rotate API_TOKEN
  expect 4
}

@test "rotate, uses, set: many services fit a terminal, and stay on their lines in a pipe" {
  needs expect
  local i
  ready
  for i in 1 2 3 4 5 6 7 8 9; do
    printf '  worker-of-a-long-name-%s:\n    image: x\n    environment:\n' "$i"
    printf '      API_TOKEN: ${API_TOKEN:?}\n      DATABASE_URL: ${DATABASE_URL:?}\n'
  done >>compose.yaml
  # Commands are left to the terminal: a line end in them would be copied.
  fits() {
    [ "$status" = 0 ]
    tr -d '\r' <shown | awk '!/^(warning|  hint): |^  (bulla|docker|\(v=)/ && length > 80 { print; wide = 1 } END { exit wide }'
  }
  on_terminal shown "$BULLA" rotate --all
  fits
  grep -q -e '--force-recreate db api worker-of-a-long-name-1 .* worker-of-a-long-name-9' shown
  on_terminal shown "$BULLA" uses DATABASE_URL
  fits
  on_terminal shown "$BULLA" set API_KEY --file value --force
  fits
  bulla rotate API_TOKEN
  expect 0
  prints " --force-recreate api worker-of-a-long-name-1 worker-of-a-long-name-2 worker-of-a-long-name-3 "
}

@test "rotate: wants names, --due, --exposed or --all, and one of them" {
  ready
  bulla rotate
  expect 2 "what is to be turned?"
  bulla rotate --due API_TOKEN
  expect 2 "exclude each other"
  bulla rotate --due --exposed
  expect 2 "exclude each other"
}

@test "rotate: a previous value is rendered and handed out until its time ends, and no longer" {
  make_vaults
  printf 'sk%022d' 7 | "$BULLA" set API_KEY -q
  sed -i 's/^\[API_TOKEN\]/&\nkeep-previous = 3s\nprevious-as = API_TOKEN_PREVIOUS/' bulla.ini
  sed -i 's/^ *API_TOKEN: .*/&\n      API_TOKEN_PREVIOUS: ${API_TOKEN_PREVIOUS:-}/' compose.yaml
  bulla_revealing get API_TOKEN
  before=$output
  bulla rotate API_TOKEN
  expect 0
  bulla render
  grep -qx "API_TOKEN_PREVIOUS=$before" .env
  bulla_revealing run -- sh -c 'echo "<$API_TOKEN_PREVIOUS>"'
  prints_only "<$before>"
  sleep 3.1
  bulla_revealing run -- sh -c 'echo "<$API_TOKEN_PREVIOUS>"'
  prints_only "<>"
  bulla check
  prints "B503"
  bulla render
  expect 0
  if grep -q "$before" .env; then return 1; fi
}

@test "rotate: a key that data is sealed with turns only where somebody means it" {
  ready
  printf '[DJANGO_FERNET]\nkind = fernet\n[N8N_ENCRYPTION_KEY]\nkind = hex:32\n' >>bulla.ini
  printf '[APP_KEY]\nkind = laravel\n' >>bulla.ini
  bulla fill
  expect 0
  bulla rotate --all
  expect 0 "'DJANGO_FERNET' turns by name: what it has sealed needs it" "'N8N_ENCRYPTION_KEY' turns by name" \
    "'APP_KEY' turns by name" "bulla rotate APP_KEY; or 'rotate' in its section lets it turn by itself"
  prints "by name  DJANGO_FERNET" "turned   API_TOKEN"
  [[ $(records dev) != *"set DJANGO_FERNET v=2 "* && $(records dev) != *"set APP_KEY v=2 "* ]]
  [[ $(records dev) != *"set N8N_ENCRYPTION_KEY v=2 "* ]]
  # The project's period is none of theirs, their own is.
  sed -i 's/^rotate       = 90d/rotate = 1s/; s/^\[APP_KEY\]/&\nrotate = 1s/' bulla.ini
  sleep 2
  bulla check
  [[ $output != *"B501 N8N_ENCRYPTION_KEY"* && $output != *"B501 DJANGO_FERNET"* ]]
  prints "B501 APP_KEY is past its rotation period"
  bulla status
  grep -q '^N8N_ENCRYPTION_KEY .* set .* by name' <<<"$output"
  grep -q '^APP_KEY .* overdue .* ago' <<<"$output"
  bulla explain N8N_ENCRYPTION_KEY
  prints "by name: what it has sealed needs it"
  bulla rotate --due
  expect 10
  [[ $output$stderr != *N8N_ENCRYPTION_KEY* && $output$stderr != *DJANGO_FERNET* ]]
  [[ $(records dev) == *"set APP_KEY v=2 "* && $(records dev) != *"set N8N_ENCRYPTION_KEY v=2 "* ]]
  bulla rotate N8N_ENCRYPTION_KEY
  expect 0 "what was sealed with the old 'N8N_ENCRYPTION_KEY' cannot be read with the new"
  [[ $(records dev) == *"set N8N_ENCRYPTION_KEY v=2 "* ]]
}
