# What rotate, rollback, set, unset and edit say is to be done next: in an order that works, from where one
# stands, and the same for all of them.
load helper
load stack

# What follows "next:" on both outputs of the last run.
steps() {
  printf '%s\n%s\n' "$output" "$stderr" | sed -n '/^next:$/,$p' | sed -n '/^  hint:/d; s/^  //p'
}

# steps_are LINE...: those lines, comments aside.
steps_are() {
  local wanted
  wanted=$(printf '%s\n' "$@")
  [ "$(steps | grep -v '^#')" = "$wanted" ] || { said "the steps are not: $wanted"; return 1; }
}

@test "next: a database is told before what uses its password is recreated, and no argument has the value" {
  make_vaults
  bulla rotate POSTGRES_PASSWORD
  expect 0
  tell='(v=$(bulla get POSTGRES_PASSWORD) && [ -n "$v" ] && printf '"'%s\n%s\n'"' "$v" "$v" | bulla run -- docker compose exec -T db sh -c '"'"'PGPASSWORD="$POSTGRES_PASSWORD" psql -U "${POSTGRES_USER:-postgres}" -d postgres -c '\'\\\'\''\password'\'\\\'\'\'')'
  steps_are "$tell" "bulla run -- docker compose up -d --force-recreate db api"
  bulla rollback POSTGRES_PASSWORD
  expect 0
  steps_are "$tell" "bulla run -- docker compose up -d --force-recreate db api"
  "$BULLA" generate password:32 >new
  bulla set POSTGRES_PASSWORD --file new
  expect 0
  steps_are "$tell" "bulla run -- docker compose up -d --force-recreate db api"
  # Quiet hides the steps, not what has to be known.
  bulla rollback -q POSTGRES_PASSWORD
  expect 0 "'db' (PostgreSQL) keeps the 'POSTGRES_PASSWORD'" "hint: change it there too (ALTER ROLE"
  [[ $stderr != *next:* ]]
}

@test "next: psql takes the new password as it is given to it here" {
  needs psql jq
  local bin folder
  bin=$(find /usr/lib/postgresql -name initdb -printf '%h\n' 2>/dev/null | tail -n 1)
  [[ -n $bin ]] || skip "no PostgreSQL server is installed"
  [[ $(id -u) == 0 ]] && id postgres >/dev/null 2>&1 || skip "needs root, to start it as postgres"
  make_vaults
  folder=$(mktemp -d /tmp/next.XXXXXX)
  chown postgres "$folder"
  as_postgres() { env -C / setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
  as_postgres "$bin/initdb" -D "$folder/data" -A trust -U app >/dev/null 2>&1
  as_postgres "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
    -o "-k $folder -c listen_addresses=''" start >/dev/null 3>&-
  # Docker Compose for the test: the shell of the container is the one here.
  mkdir bin
  cat >bin/docker <<END
#!/bin/sh
while [ "\$1" != sh ]; do shift; done
exec env POSTGRES_USER=app PGHOST=$folder setsid -w "\$@"
END
  chmod +x bin/docker
  ln -s "$BULLA" bin/bulla
  bulla set API_KEY --file <(echo abcdefghijklmnopqrstuvwx)
  bulla rotate POSTGRES_PASSWORD
  steps | grep '^(v=' >told.sh
  # Without the value nothing is told: an empty password would lock everybody out.
  env HOME="$PWD/nobody" XDG_CONFIG_HOME= PATH="$PWD/bin:$PATH" sh told.sh >told.out 2>told.err && false
  grep -q 'no identity' told.err
  PATH=$PWD/bin:$PATH sh told.sh 2>told.err || cat told.err
  sed -i 's/trust$/scram-sha-256/' "$folder/data/pg_hba.conf"
  as_postgres "$bin/pg_ctl" -D "$folder/data" reload >/dev/null
  local shown=''
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    PGPASSWORD=wrong psql -h "$folder" -U app -d postgres -Atc 'select 1' >/dev/null 2>&1 || break
    sleep 0.2
  done
  shown=$(PGPASSWORD=$("$BULLA" get POSTGRES_PASSWORD) psql -h "$folder" -U app -d postgres -Atc "select 'in'" 2>&1) || true
  as_postgres "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null
  rm -rf "$folder"
  [ "$shown" = in ]
}

@test "next: what is typed at a server has a placeholder for the user, and the value is asked for" {
  make_vaults
  sed -i 's/postgres:16/mongo:7/; s/      POSTGRES_PASSWORD:/      MONGO_INITDB_ROOT_PASSWORD:/' compose.yaml
  bulla rotate POSTGRES_PASSWORD
  expect 0
  prints "  # first, as 'db' (MongoDB) has the old POSTGRES_PASSWORD until it is told:
  #   db.changeUserPassword(\"USER\", passwordPrompt())
  #   the new one: bulla get --reveal POSTGRES_PASSWORD
  bulla run -- docker compose exec db sh -c 'mongosh admin -u \"\${MONGO_INITDB_ROOT_USERNAME:-root}\" -p'"
}

@test "next: a server that takes SQL gets the value in a string of it, and each account that has it is told" {
  make_vaults
  sed -i 's/postgres:16/mariadb:11/; s/      POSTGRES_PASSWORD:/      MARIADB_ROOT_PASSWORD:/' compose.yaml
  bulla rotate POSTGRES_PASSWORD
  expect 0
  steps_are "(v=\$(bulla get POSTGRES_PASSWORD | sed 's/[\"\\\\]/\\\\&/g') && [ -n \"\$v\" ] && \
printf 'SET sql_mode=0; SET PASSWORD = PASSWORD(\"%s\"); ALTER USER IF EXISTS root@\"%%\" IDENTIFIED BY \"%s\";\n' \
\"\$v\" \"\$v\" | bulla run -- docker compose exec -T db sh -c \
'MYSQL_PWD=\"\${MARIADB_ROOT_PASSWORD:-\$MYSQL_ROOT_PASSWORD}\" mariadb --loose-skip-print-query-on-error -u root')" \
    "bulla run -- docker compose up -d --force-recreate db api"
}

@test "next: a server is told by the user whose password a variable has, whoever made the image" {
  make_vaults
  sed -i 's/postgres:16/bitnami\/postgresql:16/; s/      POSTGRES_PASSWORD:/      POSTGRESQL_PASSWORD:/' compose.yaml
  bulla rotate POSTGRES_PASSWORD
  expect 0
  prints "sh -c 'PGPASSWORD=\"\$POSTGRESQL_PASSWORD\" psql -U \"\${POSTGRESQL_USERNAME:-postgres}\" "
}

@test "next: a server is told of the password that it is told with last" {
  make_vaults
  sed -i 's/postgres:16/mariadb:11/; s/\(  *\)POSTGRES_PASSWORD:/\1MARIADB_PASSWORD: ${USER_PASSWORD:?}\n\1MARIADB_ROOT_PASSWORD:/' compose.yaml
  bulla init --yes
  expect 0
  bulla rotate POSTGRES_PASSWORD USER_PASSWORD
  expect 0
  [ "$(steps | sed -n "s/^# first, as 'db' (MariaDB) has the old \([A-Z_]*\) .*/\1/p" | xargs)" = "USER_PASSWORD POSTGRES_PASSWORD" ]
}

@test "next: a server that only takes a password among its arguments is told by hand" {
  make_vaults
  sed -i 's/postgres:16/dpage\/pgadmin4:8/; s/      POSTGRES_PASSWORD:/      PGADMIN_DEFAULT_PASSWORD:/' compose.yaml
  bulla rotate POSTGRES_PASSWORD
  expect 0
  [ "$(steps | sed 3q)" = "# first, as 'db' (pgAdmin) has the old POSTGRES_PASSWORD until it is told:
#   setup.py update-user
#   the new one: bulla get --reveal POSTGRES_PASSWORD" ]
  steps_are "bulla run -- docker compose up -d --force-recreate db api"
}

@test "next: services that read an env file have it rendered first, also where there is none yet" {
  make_vaults
  sed -i 's/^      API_KEY: .*/      OTHER: x/; s/^  worker:/&\n    env_file: .env/' compose.yaml
  echo abcdefghijklmnopqrstuvwx >key
  rendered=("bulla render" "docker compose up -d --force-recreate worker")
  bulla set API_KEY --file key
  expect 0
  steps_are "${rendered[@]}"
  echo abcdefghijklmnopqrstuvxy >key
  bulla set API_KEY --file key
  steps_are "${rendered[@]}"
  bulla rollback API_KEY
  expect 0
  steps_are "${rendered[@]}"
  bulla rotate API_TOKEN
  expect 0
  steps_are "bulla render" "docker compose up -d --force-recreate api worker"
}

@test "next: paths are those of where one stands" {
  mkdir -p deploy/sub docker
  make_stack
  mv compose.yaml docker-compose.yml
  sed -i 's/^\[environment prod\]/[environment dev]\ncompose = docker-compose.yml\noutput = docker\/.env\n\n&/' bulla.ini
  bulla init --name alice
  expect 0
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set -q API_KEY
  cd deploy/sub
  bulla rotate API_TOKEN
  expect 0
  steps_are "bulla run -- docker compose -f ../../docker-compose.yml up -d --force-recreate api"
  bulla render
  expect 0
  bulla rotate API_TOKEN
  steps_are "bulla render" \
    "docker compose -f ../../docker-compose.yml --env-file ../../docker/.env up -d --force-recreate api"
  bulla rollback API_TOKEN
  steps_are "bulla render" \
    "docker compose -f ../../docker-compose.yml --env-file ../../docker/.env up -d --force-recreate api"
}

@test "next: below the stack a compose file that lies nearer is not taken" {
  make_vaults
  mkdir sub
  echo 'services: {}' >sub/compose.yaml
  cd sub
  bulla rotate API_TOKEN
  expect 0
  steps_are "bulla run -- docker compose --project-directory .. up -d --force-recreate api"
}

@test "next: compose files in folders below are named" {
  mkdir app
  make_stack
  mv compose.yaml app/docker-compose.yml
  sed -i 's/^default .*/&\n/; s/^\[environment prod\]/[environment dev]\ncompose = app\/docker-compose.yml\n\n&/' bulla.ini
  bulla init --name alice
  expect 0
  bulla rotate API_TOKEN
  steps_are "bulla run -- docker compose -f app/docker-compose.yml up -d --force-recreate api"
}

@test "next: services that change for the same reason share a line" {
  make_vaults
  sed -i 's/^      API_KEY: .*/&\n      API_TOKEN: ${API_TOKEN:?}/' compose.yaml
  bulla rotate API_TOKEN
  expect 0
  prints "RECREATE     BECAUSE OF
api, worker  API_TOKEN"
}

@test "next: a service whose name is more than a word is put into no command" {
  make_vaults
  sed -i "s/^  db:/  \"db'; touch pwned; '\":/" compose.yaml
  bulla rotate POSTGRES_PASSWORD
  expect 0 "warning: 'db'; touch pwned; '' (PostgreSQL) keeps the 'POSTGRES_PASSWORD'"
  [[ $output$stderr != *next:* ]]
}

@test "next: a comment that is too long for the terminal goes on in another comment" {
  make_vaults
  printf '\n[QUITE_LONG_NAMED_SERVICE_PASSWORD]\nkind = hex:32\n' >>bulla.ini
  bulla fill
  expect 0
  on_terminal shown "$BULLA" rotate QUITE_LONG_NAMED_SERVICE_PASSWORD
  [ "$(tr -d '\r' <shown | sed -n '/^next:/,$p')" = "next:
  # first tell the server that takes QUITE_LONG_NAMED_SERVICE_PASSWORD; which
  #   one is not known here
  #   the new one: bulla get --reveal QUITE_LONG_NAMED_SERVICE_PASSWORD" ]
  bulla rotate QUITE_LONG_NAMED_SERVICE_PASSWORD
  prints "  # first tell the server that takes QUITE_LONG_NAMED_SERVICE_PASSWORD; which one is not known here"
}
