# bulla check --fix: mends what is safe, shows it first, and changes no other byte.
load helper
load stack

# The sandbox takes these away.
compose_program=${BULLA_COMPOSE:-}
shared=${BULLA_SHARED:-$(dirname "$SOURCE")/shared}
mounts=()

teardown() {
  local mount
  for mount in "${mounts[@]}"; do
    umount "$mount"
  done
  assert_no_canary
}

# A compose file whose one mistake is a colon in a message.
broken() {
  printf 'services:\n  a:\n    image: x\n    command: run ${A:?no: a}   # why\n' >"${1:-compose.yaml}"
}

# The program away from any terminal.
fix() {
  observe setsid -w "$BULLA" check --fix "$@"
  keep_said
}

# The real Compose in $real; the test is skipped where there is none.
find_compose() {
  if [ -n "$compose_program" ]; then
    real=("$compose_program")
  elif docker compose version >/dev/null 2>&1; then
    real=(docker compose)
  else
    skip "no Docker Compose v2 here: BULLA_COMPOSE names one"
  fi
}

@test "fix: --dry-run prints the diff, fails where there is one, and changes nothing" {
  broken
  cp compose.yaml before
  fix --dry-run
  expect 1
  prints_only '--- a/compose.yaml
+++ b/compose.yaml
@@ -1,4 +1,4 @@
 services:
   a:
     image: x
-    command: run ${A:?no: a}   # why
+    command: "run ${A:?no: a}"   # why'
  cmp before compose.yaml
  patch -p1 -s <<<"$output"
  fix --dry-run
  expect 0 "nothing to mend"
  prints_only ""
}

@test "fix: mends, says where, checks again, and has nothing to do the second time" {
  broken
  chmod 640 compose.yaml
  fix --yes
  expect 1 "compose.yaml:4:18: B201: puts the value in quotes"
  prints "compose.yaml:4:19: error B101 A is required"
  [[ $output != *B201* ]]
  grep -qxF '    command: "run ${A:?no: a}"   # why' compose.yaml
  [ "$(stat -c %a compose.yaml)" = 640 ]
  stat -c %i:%Y compose.yaml >"$BATS_TEST_TMPDIR/first"
  fix --yes
  expect 1 "nothing to mend"
  [ "$(stat -c %i:%Y compose.yaml)" = "$(cat "$BATS_TEST_TMPDIR/first")" ]
  export A=1
  fix --yes
  expect 0
  prints "check: ok"
}

@test "fix: without a terminal it wants --yes" {
  broken
  cp compose.yaml before
  fix
  expect 1 "there is no terminal to ask on" "--yes" "--dry-run"
  prints_only ""
  cmp before compose.yaml
}

@test "fix: --dry-run and --yes are options of --fix" {
  broken
  bulla check --dry-run
  expect 2 "go with --fix"
  bulla check --yes
  expect 2 "go with --fix"
}

@test "fix: on a terminal it shows the diff and asks" {
  needs expect
  broken
  cp compose.yaml before
  answers=n on_terminal shown "$BULLA" check --fix --color never
  [ "$status" = 1 ]
  grep -q '^+    command: "run' shown
  grep -q 'nothing was changed' shown
  sed '1,/nothing was changed/d' shown | grep -q B201
  cmp before compose.yaml
  answers=y TERM=xterm on_terminal shown "$BULLA" check --fix
  [ "$status" = 1 ]
  grep -qF $'\033[32m+    command: "run' shown
  grep -qF 'command: "run' compose.yaml
}

@test "fix: json is the report alone" {
  needs jq
  broken
  fix --yes --format json
  expect 1 "compose.yaml:4:18: B201"
  jq -e '[.findings[].rule] == ["B101"]' <<<"$output"
}

@test "fix: what the contract ignores stays" {
  broken
  printf '[bulla]\nformat = 1\nenvironments = dev\n[check]\nseverity.B201 = off\n[A]\nkind = provided\n' >bulla.ini
  cp compose.yaml before
  fix --yes
  cmp before compose.yaml
}

@test "fix: a reference in a key, and one that is none, are left and said" {
  printf 'x-a:\n  ${A:?no: a}: b\nservices: {}\nx-b: ${B:?no: b} ${1}\n' >compose.yaml
  cp compose.yaml before
  fix --yes
  expect 1 "not mended: compose.yaml:2:3: B201: it stands in a key" \
    "not mended: compose.yaml:4:6: B201: the value holds a reference" "nothing to mend"
  cmp before compose.yaml
}

@test "fix: the target of a link is written, the link stays" {
  mkdir -p infrastructure/docker
  broken infrastructure/docker/compose.yaml
  ln -s infrastructure/docker/compose.yaml compose.yaml
  fix --yes
  expect 1 "compose.yaml:4:18: B201"
  [ -L compose.yaml ]
  grep -qF 'command: "run' infrastructure/docker/compose.yaml
  fix --dry-run
  expect 0
}

@test "fix: what lies or leads outside of the folder stays, and is said" {
  mkdir "$HOME/elsewhere"
  broken "$HOME/elsewhere/linked.yaml"
  broken "$HOME/elsewhere/included.yaml"
  local before
  before=$(sha256sum "$HOME"/elsewhere/*)
  ln -s "$HOME/elsewhere/linked.yaml" linked.yaml
  printf 'include: [linked.yaml, %s]\nservices:\n  b:\n    image: ${B:?no: b}\n' \
    "$HOME/elsewhere/included.yaml" >compose.yaml
  fix --yes
  expect 1 "compose.yaml:4:12: B201" "linked.yaml:4:18: B201: the file lies outside of this folder" \
    "included.yaml:4:18: B201: the file lies outside of this folder"
  [ "$before" = "$(sha256sum "$HOME"/elsewhere/*)" ]
  grep -qF 'image: "${B:?no: b}"' compose.yaml
}

@test "fix: files that are included and extended are mended too" {
  mkdir part
  broken part/compose.yaml
  printf 'services:\n  base:\n    image: ${B:?no: b}\n' >base.yaml
  cat >compose.yaml <<'END'
include: [part/compose.yaml]
services:
  b:
    extends: {file: base.yaml, service: base}
END
  fix --yes
  expect 1 "part/compose.yaml:4:18: B201" "base.yaml:3:12: B201"
  grep -qF '    image: "${B:?no: b}"' base.yaml
  fix --dry-run
  expect 0
}

@test "fix: a read-only folder is an error, and nothing is left behind" {
  mkdir part
  broken part/compose.yaml
  if [ "$(id -u)" != 0 ]; then
    chmod 555 part
  else
    mount --bind part part 2>/dev/null || skip "root may not mount here, and writes everywhere else"
    mounts+=("$(realpath part)")
    mount -o remount,bind,ro part || skip "a mount cannot be made read-only here"
  fi
  fix --yes -f part/compose.yaml
  expect 6 "part/compose.yaml: error: "
  grep -qF 'command: run' part/compose.yaml
  [ "$(ls part)" = compose.yaml ]
}

@test "fix: a file with a hard link is refused" {
  broken
  ln compose.yaml other
  fix --yes
  expect 1 "has another name"
  grep -qF 'command: run' other
}

@test "fix: a file that changes while it asks is refused" {
  needs expect
  broken
  command expect -f - "$BULLA" >shown <<'END' || status=$?
set timeout 30
spawn -noecho [lindex $argv 0] check --fix
expect {
  "y/N" { exec sh -c "echo '# mine' >>compose.yaml"; send "y\r" }
  timeout { exit 99 }
}
expect eof {} timeout { exit 98 }
exit [lindex [wait] 3]
END
  [ "$status" = 1 ]
  grep -q 'compose.yaml: error: has changed since it was read' shown
  grep -qxF '# mine' compose.yaml
  grep -qF 'command: run' compose.yaml
}

@test "fix: the rendered file gets its mode and its line in .gitignore, and git heeds it" {
  needs git
  git init -q .
  printf 'services:\n  a:\n    image: "x:${API_TOKEN:?}"\n' >compose.yaml
  printf 'API_TOKEN=%s\n' "$CANARY" >.env
  may_hold_canary .env
  chmod 644 .env
  printf '*.log\r\n!.env' >.gitignore
  fix --dry-run
  expect 1
  prints "+/.env" "mode .env: 0600"
  fix --yes
  expect 0 ".env: B401: sets the mode to 0600" ".gitignore: B403: ignores the file"
  prints "check: ok"
  [ "$(stat -c %a .env)" = 600 ]
  git check-ignore -q .env
  git check-ignore -q .env.tmp-12-0
  [ "$(git status --porcelain --untracked-files=all)" = $'?? .gitignore\n?? compose.yaml' ]
  printf '*.log\r\n!.env\r\n# Rendered by bulla: secrets\r\n/.env\r\n/.env.tmp-*\r\n' | cmp - .gitignore
  fix --dry-run
  expect 0
}

@test "fix: what an image would take in gets its lines in .dockerignore, once" {
  cat >compose.yaml <<'YAML'
services:
  api:
    build: .
    secrets: [key]
secrets:
  key:
    file: ./keys/api.key
YAML
  mkdir keys
  echo k >keys/api.key
  printf 'FROM scratch\nCOPY . /app\nCOPY keys /keys\n' >Dockerfile
  printf 'A=1\n' >.env
  chmod 600 .env
  bulla check --fix --yes
  expect 0 ".dockerignore: B414: ignores the file"
  [ "$(cat .dockerignore)" = "# Rendered by bulla: secrets
.env
.env.tmp-*
keys/api.key
keys/api.key.tmp-*" ]
  bulla check --fix --yes
  expect 0 "nothing to mend"
}

@test "fix: a .dockerignore outside of the folder is left" {
  mkdir -p app/sub
  cat >app/sub/compose.yaml <<'YAML'
services:
  api:
    build: ..
YAML
  printf 'FROM scratch\nCOPY . /app\n' >app/Dockerfile
  cd app/sub
  printf 'A=1\n' >.env
  chmod 600 .env
  bulla check --fix --yes
  expect 0 "B414: " "lies outside of this folder" "nothing to mend"
  [ ! -e ../.dockerignore ]
}

@test "fix: .gitignore that is a link, or that another one overrules, is left" {
  needs git
  git init -q .
  printf 'services:\n  a:\n    image: "x:${API_TOKEN:?}"\n' >compose.yaml
  printf 'API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n' >.env
  chmod 600 .env
  echo '*.log' >elsewhere
  ln -s elsewhere .gitignore
  fix --yes
  expect 0 "not mended: .env: B403: .gitignore is a symbolic link"
  [ "$(cat elsewhere)" = '*.log' ]
  rm .gitignore
  mkdir docker
  mv compose.yaml .env docker/
  echo '!.env' >docker/.gitignore
  fix --yes -f docker/compose.yaml
  expect 0 ".gitignore: B403: ignores the file"
  fix --yes -f docker/compose.yaml
  expect 0 "not mended: docker/.env: B403: .gitignore names it"
}

@test "fix: a tracked file stays tracked, and the remedy is said" {
  needs git
  git init -q .
  printf 'services:\n  a:\n    image: "x:${API_TOKEN:?}"\n' >compose.yaml
  printf 'API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n' >.env
  chmod 600 .env
  git add .env
  fix --yes
  expect 1 "nothing to mend"
  prints "error B402" "git rm --cached"
  [ "$(git ls-files)" = .env ]
}

@test "fix: makes the values that the contract can make" {
  make_vaults
  bulla unset API_TOKEN
  fix --dry-run
  expect 1
  prints "value API_TOKEN: is made"
  fix --yes
  expect 1 "1 value made in 'dev'"
  [[ $output != *API_TOKEN* ]]
  bulla get API_TOKEN
  expect 0
  [[ $output =~ ^[0-9a-f]{64}$ ]]
  bulla history API_TOKEN
  prints "bulla check --fix"
}

@test "fix: no value is made without a key, a vault, or the word for a protected environment" {
  make_vaults
  bulla unset API_TOKEN -e prod --yes
  fix -e prod --dry-run
  expect 0 "not mended: " "environment 'prod' is protected: --yes makes values too" "nothing to mend"
  fix -e prod --yes
  expect 1 "1 value made in 'prod'"
  bulla unset API_TOKEN -e prod --yes
  without_key
  fix -e prod --yes
  expect 1 "no identity here opens the vault of 'prod'"
  rm .bulla/prod.vault
  XDG_STATE_HOME=$HOME/elsewhere fix -e prod --yes
  expect 1 "'prod' has no vault yet: bulla init makes it"
}

@test "fix: a name that the sample lacks is added, and no value of the sample is shown" {
  printf 'services:\n  a:\n    image: "x:${TAG:?which one}-${OLD}-${NEW:?}"\n' >compose.yaml
  printf 'OLD=%s' "$CANARY" >.env.example
  may_hold_canary .env.example
  fix --dry-run
  expect 1
  prints "+# which one" "+TAG=" "+NEW="
  fix --yes
  expect 1 ".env.example: B108: names the variable"
  [[ $output != *B108* ]]
  printf 'OLD=%s\n\n# which one\nTAG=\n# needed by compose.yaml\nNEW=\n' "$CANARY" | cmp - .env.example
  fix --dry-run
  expect 0
}

@test "fix: swapped operators are turned, and a doubtful one is left" {
  printf 'services:\n  a:\n    image: x:${TAG?:which one}\n    user: "${U?:-1}"\n' >compose.yaml
  fix --yes
  expect 1 "compose.yaml:3:14: B212" "not mended: compose.yaml:4:12: B212: '?:-' may be meant as a default"
  grep -qxF '    image: x:${TAG:?which one}' compose.yaml
  grep -qxF '    user: "${U?:-1}"' compose.yaml
}

@test "fix: the diff shows what joins two references of a secret's line, and no more" {
  printf 'services:\n  a:\n    environment:\n      AUTH_TOKEN: ${U:-web}:${P:?no: p}-9x${Q}://${R}-\n' >compose.yaml
  fix --dry-run
  expect 1
  prints '+      AUTH_TOKEN: "${U:-…}:${P:?no: p}****${Q}://${R}****"'
  printf 'services:\n  a:\n    environment:\n      AUTH_TOKEN: ${P:?no: p}!@%%^&*~?<>|;+${R}x\n' >compose.yaml
  fix --dry-run
  expect 1
  prints '+      AUTH_TOKEN: "${P:?no: p}****${R}****"'
}

@test "fix: the diff shows no secret that stands beside what is mended" {
  cat >compose.yaml <<END
services:
  a:
    environment:
      DB_PASSWORD: $CANARY
      URL: postgres://app:$CANARY@db/app?x=\${X:?no: x}
      NOTE: \${DB_PASSWORD:-$CANARY} \${Y:?no: y}
      PRIVATE_KEY: |
        $CANARY
      HASH: 6f1ed002ab5595859014ebf0951522d9
    command: run --password $CANARY --token=$CANARY \${Z:?no: z}
END
  may_hold_canary compose.yaml
  fix --dry-run
  expect 1
  prints '-      URL: postgres://app:****@db/app?x=${X:?no: x}' \
    '+      URL: "postgres://app:****@db/app?x=${X:?no: x}"' \
    '+      NOTE: "${DB_PASSWORD:-…} ${Y:?no: y}"' '       DB_PASSWORD: ****' \
    '         ****' '       HASH: ****' \
    '+    command: "run --password **** --token=**** ${Z:?no: z}"'
  fix --yes
  [ "$(grep -c "$CANARY" compose.yaml)" = 5 ]
}

@test "fix: what a file holds cannot drive a terminal" {
  printf 'services:\n  a:\n    command: run ${A:?no: a}\n    # \033[31mred\n' >compose.yaml
  fix --dry-run
  [[ $output$stderr != *$'\033'* ]]
}

@test "fix: the broken stack is one that Compose accepts" {
  cp "$SOURCE/tests/data/stacks/bot-core-broken/docker-compose.yml" .
  fix --yes
  expect 1
  [[ $output != *B201* ]]
  [ "$(diff "$SOURCE/tests/data/stacks/bot-core-broken/docker-compose.yml" docker-compose.yml |
    grep -c '^>')" = 4 ]
  diff <(tr -d '"' <docker-compose.yml) "$SOURCE/tests/data/stacks/bot-core-broken/docker-compose.yml"
  find_compose
  export INTER_SERVICE_TOKEN=a DATABASE_URL=b REDIS_PASSWORD=c KONG_DB_PASSWORD=d OPENAI_API_KEY=e
  "${real[@]}" config -q
  [ "$("${real[@]}" --profile redis config --format json | jq -r '.services.redis.command[-1]')" = c ]
}

@test "fix: the stack that this was first seen in is one that Compose accepts" {
  local stack=$shared/stacks/bot-core@seed name
  [ -d "$stack" ] || skip "$stack is not here"
  find_compose
  cp -R --no-preserve=mode "$stack/." .
  for name in $(grep -o '\${[A-Z0-9_]*:?' docker-compose.yml | tr -d '${:?' | sort -u); do
    export "$name=x"
  done
  if "${real[@]}" config -q; then return 1; fi
  fix --yes
  [[ $output != *B201* ]]
  "${real[@]}" config -q
}
