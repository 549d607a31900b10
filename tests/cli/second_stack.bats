# More than one stack in a repository: which bulla.ini a command takes, and what -f is relative to.
load helper
load stack

# A stack in the work tree's root, set up, and one in web/ that nothing of it names.
monorepo() {
  git init -q
  write_stack . API_SECRET
  write_stack web WEB_SECRET
  bulla init
  expect 0
}

# write_stack FOLDER NAME [FILE]: a compose file there that needs NAME.
write_stack() {
  mkdir -p "$1"
  printf 'services:\n  app:\n    image: example/app\n    environment: {%s: "${%s}"}\n' "$2" "$2" \
    >"$1/${3:-docker-compose.yml}"
}

@test "second stack: init in a folder with a compose file that the bulla.ini above does not name makes a project of its own" {
  needs git
  monorepo
  local before root=$PWD
  before=$(cat bulla.ini .bulla/dev.vault | sha256sum)
  cd web
  bulla init
  expect 0 "a project of its own: ../bulla.ini does not name 'docker-compose.yml'"
  grep -q '^\[WEB_SECRET\]' bulla.ini
  [ -e .bulla/dev.vault ]
  grep -qx /.env .gitignore
  bulla check
  expect 0
  [[ $stderr != *"no part of"* ]]
  bulla render
  expect 0 ".env: written, 1 variable"
  grep -q '^WEB_SECRET=.' .env
  bulla run -- sh -c '[ -n "$WEB_SECRET" ] && [ -z "$API_SECRET" ]'
  expect 0
  bulla init
  expect 0
  prints "nothing was changed"
  cd "$root"
  [ "$before" = "$(cat bulla.ini .bulla/dev.vault | sha256sum)" ]
  bulla check
  expect 0
}

@test "second stack: init -f is relative to the working directory, and makes a project of its own likewise" {
  needs git
  monorepo
  cd web
  bulla init -f docker-compose.yml
  expect 0 "a project of its own"
  grep -q '^\[WEB_SECRET\]' bulla.ini
  mkdir ../core
  mv docker-compose.yml ../core/docker-compose.core.yml
  cd ../core
  bulla check -f docker-compose.core.yml
  expect 0 "warning: 'docker-compose.core.yml' is no part of ../bulla.ini"
  bulla init -f docker-compose.core.yml
  expect 0 "a project of its own: ../bulla.ini does not name 'docker-compose.core.yml'"
  grep -qx 'compose = docker-compose.core.yml' bulla.ini
  bulla check
  expect 0
  prints "1 reference in 1 file"
}

@test "second stack: -f of a file that is the stack's means it from any folder" {
  needs git
  monorepo
  mkdir -p docs/more
  cd docs/more
  printf '  more:\n    image: example/more\n    environment: {MORE_SECRET: "${MORE_SECRET}"}\n' >>../../docker-compose.yml
  bulla init -f ../../docker-compose.yml
  expect 0 "the project is that of ../../bulla.ini"
  prints "bulla.ini: 1 added at its end"
  [ -z "$(ls -A)" ]
  bulla check -f ../../docker-compose.yml
  expect 0
  prints "2 references in 1 file"
  bulla init -f docker-compose.yml
  expect 3 "docker-compose.yml"
}

@test "second stack: a command below another stack's bulla.ini warns of the compose file that is not meant" {
  needs git
  monorepo
  mkdir web/src
  cd web
  local name root=$PWD
  for name in check render status list uses "run -- true" "set API_SECRET --yes" "verify"; do
    # shellcheck disable=SC2086
    bulla_from <(printf 'a-value-of-its-own-0123456789') $name
    expect "$status" "warning: 'docker-compose.yml' is no part of ../bulla.ini, which is taken here
  hint: a stack of its own: bulla init"
    [ "$(grep -c 'no part of' <<<"$stderr")" = 1 ]
  done
  bulla check -f docker-compose.yml
  expect 0 "'docker-compose.yml' is no part of ../bulla.ini"
  cd src
  bulla run -- true
  expect 0 "'../docker-compose.yml' is no part of ../../bulla.ini" "a stack of its own: bulla -C .. init"
  bulla init
  expect 1 "bulla.ini has to lie there or above" "init"
  [ -z "$(ls -A)" ]
  cd "$root"
  bulla -C .. run -- true
  expect 0
  [ -z "$stderr" ]
  COMPOSE_FILE=../docker-compose.yml bulla run -- true
  expect 0
  [ -z "$stderr" ]
}

@test "second stack: a compose file that the bulla.ini above names or includes is its own, without a word" {
  needs git
  git init -q
  write_stack . API_SECRET
  write_stack web WEB_SECRET
  write_stack jobs JOB_SECRET
  write_stack apart APART_SECRET
  local root=$PWD
  printf 'include: [web/docker-compose.yml]\n' >>docker-compose.yml
  bulla init
  expect 0
  sed -i '/^\[environment dev\]/a compose = docker-compose.yml, jobs/docker-compose.yml' bulla.ini
  for folder in web jobs; do
    cd "$root/$folder"
    bulla run -- true
    [ -z "$stderr" ]
    bulla init
    expect 0 "the project is that of ../bulla.ini"
    bulla init -f docker-compose.yml
    expect 0
    [ "$(ls -A)" = docker-compose.yml ]
  done
  cd "$root/apart"
  grep -q '^\[JOB_SECRET\]' ../bulla.ini
  bulla run -- true
  expect 0 "is no part of ../bulla.ini"
}

@test "second stack: a stack that cannot be read is said by init, and keeps no other command" {
  needs git
  monorepo
  rm docker-compose.yml
  sed -i '/^\[environment dev\]/a compose = docker-compose.yml' bulla.ini
  cd web
  bulla run -- true
  expect 0
  [ -z "$stderr" ]
  bulla init
  expect 3 "reading the stack of ../bulla.ini"
  [ "$(ls -A)" = docker-compose.yml ]
}

@test "second stack: init -f refuses a file of another stack than bulla.ini's, with both ways" {
  write_stack apps/api SESSION_SECRET
  write_stack apps/web SESSION_SECRET
  write_stack apps/api MORE_SECRET docker-compose.more.yml
  bulla init -f apps/api/docker-compose.yml
  expect 0
  local before
  before=$(cat bulla.ini .bulla/dev.vault apps/api/.env 2>/dev/null | sha256sum)
  bulla init -f apps/web/docker-compose.yml
  expect 1 "'apps/web/docker-compose.yml' is none of this stack's compose files" \
    "a stack of its own: bulla -C apps/web init; a part of this one: add it to 'compose' in [environment dev]"
  bulla init -f apps/api/docker-compose.yml -f apps/api/docker-compose.more.yml
  expect 1 "docker-compose.more.yml' is none of this stack's compose files"
  [ "$before" = "$(cat bulla.ini .bulla/dev.vault apps/api/.env 2>/dev/null | sha256sum)" ]
  bulla check -f apps/web/docker-compose.yml
  expect "$status" "'apps/web/docker-compose.yml' is no part of bulla.ini" "a stack of its own: bulla -C apps/web init"
  bulla -C apps/web init
  expect 0 "a project of its own: ../../bulla.ini does not name 'docker-compose.yml'"
  cd apps/web
  bulla render
  expect 0 ".env: written"
  bulla check
  expect 0
}

@test "second stack: no bulla.ini is written above one that a compose file has already" {
  write_stack apps/web SESSION_SECRET
  bulla -C apps/web init
  expect 0
  for files in '' '-f apps/web/docker-compose.yml'; do
    # shellcheck disable=SC2086
    bulla init $files
    expect 1 "'apps/web' has a bulla.ini of its own" "bulla -C apps/web init"
    [ ! -e bulla.ini ]
    [ ! -e .bulla ]
  done
}
