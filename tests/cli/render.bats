# bulla render: values to the file that their consumer reads.
load helper
load stack

ready() {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  expect 0
  may_hold_canary .env
}

@test "render: writes .env with mode 0600, and nothing the second time" {
  ready
  bulla render
  expect 0 ".env: written, 5 variables"
  prints_only ""
  [ "$(stat -c %a .env)" = 600 ]
  grep -qx "API_KEY=$CANARY" .env
  grep -qx "LOG_LEVEL=DEBUG" .env
  local before
  before=$(stat -c '%i %Y' .env)
  bulla render
  expect 0 ".env: unchanged"
  [ "$before" = "$(stat -c '%i %Y' .env)" ]
}

@test "render: a file with the right text and the wrong mode gets its mode" {
  ready
  bulla render
  chmod 644 .env
  bulla render
  expect 0 ".env: written"
  [ "$(stat -c %a .env)" = 600 ]
}

@test "render: keeps the template's comments, order and unknown lines" {
  ready
  printf '# first\nLOG_LEVEL=x\nUNKNOWN=kept\n\n# key\nAPI_KEY=\n#NOTE=later\n' >.env.example
  sed -i 's/^\[environment prod\]/[environment dev]\ntemplate = .env.example\n\n&/' bulla.ini
  bulla render
  expect 0
  head -6 .env >head.txt
  may_hold_canary head.txt
  [ "$(cat head.txt)" = "# first
LOG_LEVEL=DEBUG
UNKNOWN=kept

# key
API_KEY=$CANARY" ]
  grep -qx '#NOTE=later' .env
  grep -q '^POSTGRES_PASSWORD=' .env
}

@test "render: a template that is not there is placed in the contract's words" {
  ready
  sed -i 's/^\[environment prod\]/[environment dev]\ntemplate = nowhere.env\n\n&/' bulla.ini
  bulla render
  expect 3 "nowhere.env" "'template' of the environment in bulla.ini names it"
  [ ! -e .env ]
}

@test "render: --diff names what would change, shows no value and writes nothing" {
  ready
  bulla render
  printf 'EXTRA=%s\n' "$CANARY" >>.env
  sed -i 's/^LOG_LEVEL=.*/LOG_LEVEL=WARNING/; /^API_TOKEN=/d' .env
  local before
  before=$(sha256sum .env)
  bulla render --diff
  expect 0 ".env: 1 added, 1 changed, 0 removed" ".env keeps what bulla.ini does not have: EXTRA"
  prints_only "~ LOG_LEVEL=DEBUG
+ API_TOKEN=****"
  [ "$before" = "$(sha256sum .env)" ]
}

@test "render: --diff marks what has no value and shows the rest, status 1" {
  make_vaults
  bulla unset API_TOKEN
  bulla unset POSTGRES_PASSWORD
  printf 'API_TOKEN=x\nDATABASE_URL=y\nLOG_LEVEL=INFO\n' >.env
  bulla render --diff
  expect 1 ".env: 0 added, 1 changed, 0 removed, 4 without a value" \
    "error: 'POSTGRES_PASSWORD' has no value in 'dev'" "bulla fill" "'API_KEY' has no value" "bulla set API_KEY" \
    "3 values of 'dev' are not there"
  prints_only "~ LOG_LEVEL=DEBUG
! POSTGRES_PASSWORD is missing
! DATABASE_URL waits for POSTGRES_PASSWORD
! API_KEY is missing
! API_TOKEN is missing"
  [ "$(cat .env)" = $'API_TOKEN=x\nDATABASE_URL=y\nLOG_LEVEL=INFO' ]
  bulla render --check
  expect 3 "3 values of 'dev' are not there"
}

@test "render: --diff shows no sealed value that a contract calls a setting, nor the file's" {
  ready
  bulla render
  write_canary .env "LOG_LEVEL=$CANARY
API_KEY=$CANARY
POSTGRES_PASSWORD=x"
  sed -i '/^\[API_KEY\]/,/^$/s/^kind .*/kind = setting/; s/^match .*/default = harmless/' bulla.ini
  bulla set API_KEY --file value
  printf '%s\n' another | "$BULLA" set API_KEY
  bulla render --diff
  expect 0
  prints "~ LOG_LEVEL=DEBUG" "~ API_KEY=****"
}

@test "render: --diff shows what is unset as nothing" {
  printf '%s\n' 'services: {api: {image: example/api, env_file: .env}}' >compose.yaml
  printf '%s\n' 'SMTP_HOST=' 'SMTP_PASSWORD=' 'SESSION_SECRET=' >.env.example
  "$BULLA" init >/dev/null
  bulla render --diff
  expect 0
  prints_only "+ SMTP_HOST=
+ SMTP_PASSWORD=
+ SESSION_SECRET=****"
}

@test "render: --check is 0 when current, 1 with the names when not" {
  ready
  bulla render --check
  expect 1 ".env: error: not there" "bulla render"
  [ ! -e .env ]
  bulla render
  bulla render --check
  expect 0 ".env: up to date"
  bulla rotate API_TOKEN
  expect 0
  bulla render --check
  expect 1 ".env: error: out of date"
  prints_only "~ API_TOKEN=****"
}

@test "render: keeps a line that neither contract nor template has, and check says so before" {
  ready
  bulla render
  echo 'BY_HAND=1' >>.env
  bulla check
  expect 0
  prints ".env:6:1: note B106 bulla.ini does not have 'BY_HAND': bulla render keeps the line"
  bulla rotate API_TOKEN
  bulla render
  expect 0 "0 added, 1 changed, 0 removed" "warning: .env keeps what bulla.ini does not have: BY_HAND"
  grep -qx BY_HAND=1 .env
  bulla render
  expect 0 ".env: unchanged"
  sed -i 's/^\[environment prod\]/[environment dev]\ntemplate = .env.example\n\n&/' bulla.ini
  printf '# top\nAPI_KEY=\nCOMPOSE_PROFILES=\n' >.env.example
  printf 'COMPOSE_PROFILES=full\n' >>.env
  bulla render
  expect 0 "bulla.ini does not have: BY_HAND, COMPOSE_PROFILES"
  grep -qx COMPOSE_PROFILES=full .env
  [ "$(tail -n 3 .env)" = "
# Kept from the file that was here:
BY_HAND=1" ]
  bulla render --check
  expect 0 ".env: up to date"
}

@test "render: keeps a value that the vault never had, and drops one that it knows" {
  ready
  bulla render
  echo 'NOTE=by hand' >>.env
  bulla check
  prints "B503 nothing in bulla gives 'NOTE' a value: bulla render keeps the line" "bulla set NOTE"
  bulla render
  expect 0
  grep -qx 'NOTE=by hand' .env
  printf 'sealed\n' >note
  bulla set NOTE --file note
  bulla render
  expect 1 "'NOTE' has a value here that the vault never had"
  grep -qx 'NOTE=by hand' .env
  bulla render --replace
  expect 0
  grep -qx NOTE=sealed .env
  bulla unset NOTE
  bulla check
  prints "B503 out of date: NOTE"
  bulla render
  expect 0 "1 removed" "warning: gone from .env, the vault still has the values: NOTE"
  if grep -q sealed .env; then return 1; fi
}

@test "render: without a template the file that is there keeps its comments, order and blank lines" {
  ready
  printf '# ours\n\nLOG_LEVEL=x # how much\nOTHER=1\n\n# the key\nAPI_KEY=changeme\n#later=1\n' >.env
  bulla render
  expect 0
  head -8 .env >head.txt
  may_hold_canary head.txt
  [ "$(cat head.txt)" = "# ours

LOG_LEVEL=DEBUG # how much
OTHER=1

# the key
API_KEY=$CANARY
#later=1" ]
  grep -q '^POSTGRES_PASSWORD=' .env
}

@test "render: a file with conflict markers is refused with its place, and stays" {
  ready
  printf 'LOG_LEVEL=x\n<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> b\n' >.env
  local before
  before=$(sha256sum .env)
  bulla render
  expect 3 ".env:2:1:" "not overwritten" "a merge left its markers"
  bulla render --check
  expect 3 ".env:2:1:"
  [ "$before" = "$(sha256sum .env)" ]
}

@test "render: -o writes another file, -o - standard output" {
  ready
  may_hold_canary other.env
  bulla render -o other.env
  expect 0 "other.env: written"
  [ "$(stat -c %a other.env)" = 600 ]
  [ ! -e .env ]
  bulla_revealing render -o -
  expect 0
  prints "API_KEY=$CANARY"
}

@test "render: a terminal is refused without --reveal" {
  needs expect
  ready
  on_terminal shown "$BULLA" render -o -
  [ "$status" = 1 ]
  grep -q -- --reveal shown
  may_hold_canary shown-too
  on_terminal shown-too "$BULLA" render -o - --reveal
  [ "$status" = 0 ]
  grep -q "$CANARY" shown-too
}

@test "render: other notations, without the template" {
  ready
  bulla_revealing render -o - --format sh
  expect 0
  prints "API_KEY=" "$CANARY"
  bulla_revealing render -o - --format docker
  expect 0
  prints "API_KEY=$CANARY"
  bulla render --format sh --diff
  expect 2 "Compose's notation"
}

@test "render: an environment's file is named after it" {
  ready
  may_hold_canary .env.prod
  bulla set -e prod --yes API_KEY --file value
  expect 0
  bulla render -e prod
  expect 0 ".env.prod: written"
  grep -qx "LOG_LEVEL=INFO" .env.prod
}

@test "render: a missing value is exit 3, every one is named, and nothing is written" {
  make_vaults
  bulla unset API_TOKEN
  bulla render
  expect 3 "'API_KEY' has no value" "'API_TOKEN' has no value"
  [ ! -e .env ]
}

@test "render: without a key exit 4, and the file stays as it was" {
  ready
  bulla render
  local before
  before=$(sha256sum .env)
  without_key
  bulla render
  expect 4 "no identity"
  [ "$before" = "$(sha256sum .env)" ]
}

@test "render: a folder in the file's place is refused" {
  ready
  mkdir .env
  bulla render
  expect 6 ".env: error: is a folder, not a file" "move the folder away, or name a file"
}

@test "render: a folder that cannot be written leaves the old file" {
  ready
  unprivileged
  bulla render
  bulla rotate API_TOKEN
  chmod 500 .
  bulla render
  chmod 700 .
  expect 6
}

@test "render: --diff and --check exclude each other" {
  ready
  bulla render --diff --check
  expect 2
}

@test "render: a process that is killed while it writes leaves nothing, and what was left goes" {
  ready
  bulla render
  cp .env before.env
  may_hold_canary before.env
  bulla rotate API_TOKEN
  # The first byte over the limit is a signal that ends the process.
  # shellcheck disable=SC2016
  run bash -c 'ulimit -c 0; ulimit -f 0; exec "$0" render >/dev/null 2>&1' "$BULLA"
  [ "$status" -gt 128 ]
  cmp .env before.env
  if [ "$(stat -f -c %T .)" != nfs ]; then
    if compgen -G '.env.tmp-*'; then return 1; fi
  fi
  echo left >.env.tmp-4711-0
  bulla render
  expect 0
  if compgen -G '.env.tmp-*'; then return 1; fi
}

@test "render: warns of a file in a work tree that git does not ignore, or tracks" {
  needs git
  ready
  mkdir -p deploy plain
  git init -q deploy
  may_hold_canary deploy/app.env deploy/ignored.env plain/app.env
  bulla render -o plain/app.env
  expect 0
  [[ $stderr != *warning* ]]
  bulla render -o deploy/app.env
  expect 0 "warning: git does not ignore deploy/app.env, and it holds secrets"
  git -C deploy add app.env
  may_hold_canary "deploy/.git/objects/$(git -C deploy rev-parse :app.env | sed 's#^..#&/#')"
  chmod 644 deploy/app.env
  bulla render -o deploy/app.env
  expect 0 "warning: git tracks deploy/app.env, and it holds secrets" "git rm --cached deploy/app.env"
  echo ignored.env >deploy/.gitignore
  bulla render -o deploy/ignored.env
  expect 0
  [[ $stderr != *warning* ]]
  # What a link leads to is what was written.
  ln -s ../deploy/app.env plain/link.env
  chmod 644 deploy/app.env
  bulla render -o plain/link.env
  expect 0 "warning: git tracks plain/link.env"
  # The contract's own output is no different.
  git init -q .
  rm .gitignore
  bulla render
  expect 0 "warning: git does not ignore .env, and it holds secrets"
}

@test "render: a file that git tracks takes settings alone, and only where it is an env file" {
  needs git
  git init -q .
  printf '%s\n' '[bulla]' 'format = 1' 'project = demo' '[environment dev]' 'output = app.env' '[LOG_LEVEL]' \
    'kind = setting' 'default = INFO' >bulla.ini
  bulla init --name alice
  expect 0
  echo LOG_LEVEL=DEBUG >app.env
  git add -f app.env
  bulla render
  expect 0 "app.env: written"
  [[ $stderr != *warning* ]]
  [ "$(cat app.env)" = LOG_LEVEL=INFO ]
  # What was sealed is a secret whatever it is called.
  bulla set LOG_LEVEL <<<"DEBUG"
  expect 0
  bulla render
  expect 1 "'app.env' is tracked by git, and would hold what the vault seals"
  bulla unset LOG_LEVEL
  # In another notation nothing tells what would be overwritten.
  printf 'all:\n\techo A=$(DIR)\n' >app.env
  cp app.env before
  sed -i 's/^output.*/&\nformat = systemd/' bulla.ini
  bulla render
  expect 1 "'app.env' is tracked by git, and no file in Compose's notation"
  cmp app.env before
}

@test "render: from a folder below the output is named from there, as are contract and vault" {
  ready
  mkdir -p sub/folder && cd sub/folder
  bulla render
  expect 0 "../../.env: written, 5 variables"
  bulla set NOPE --file ../../value
  expect 1 "no 'NOPE' in ../../bulla.ini"
  bulla verify
  expect 0
  prints "../../.bulla/dev.vault"
  printf '\n[UNUSED]\nkind = hex:32\n' >>../../bulla.ini
  bulla check
  expect 1
  prints "../../bulla.ini:"
  [[ $output != *../../../* && $output != *"$PWD"* ]]
  # For programs, from the project.
  bulla check --format json
  prints '"file": "bulla.ini"'
}

@test "render: a secret that only the file has is not written over, and check says how it is kept" {
  ready
  bulla render
  write_canary .env "$(sed "s/^API_KEY=.*/API_KEY=${CANARY%?}x/; s/^API_TOKEN=.*/API_TOKEN='by hand \$1'/" .env)"
  cp .env edited.env
  may_hold_canary edited.env
  bulla check
  prints ".env:3:1: warning B503 'API_KEY' has a value here that the vault never had" \
    "bulla set API_KEY, or bulla render --replace" "'API_TOKEN' has a value here that the vault never had"
  [[ $output != *"out of date"* ]]
  bulla render
  expect 1 ".env:3:1: error: 'API_KEY' has a value here that the vault never had" \
    "hint: bulla set API_KEY takes it over; bulla render --replace ends it" "'API_TOKEN' has a value"
  cmp .env edited.env
  bulla render --diff
  expect 0 ".env: 0 added, 2 changed, 0 removed"
  bulla render --check
  expect 1 "out of date"
  bulla render --replace --diff
  expect 2 "with --diff nothing is replaced"
  printf %s 'by hand $1' | "$BULLA" set API_TOKEN --force
  bulla render
  expect 1 "'API_KEY' has a value"
  [[ $stderr != *"'API_TOKEN' has"* ]]
  bulla render --replace
  expect 0 ".env: written, 0 added, 1 changed, 0 removed"
  bulla render
  expect 0 ".env: unchanged"
}

@test "render: another file is not written over either, another environment's values in it are" {
  ready
  may_hold_canary app.env
  bulla set -e prod --yes API_KEY --file value
  bulla render -o app.env
  bulla render -e prod -o app.env
  expect 0 "app.env: written"
  bulla rotate -e prod --yes API_TOKEN
  bulla render -o app.env
  expect 0 "app.env: written"
  sed -i 's/^API_TOKEN=.*/API_TOKEN=typed/' app.env
  bulla render -o app.env
  expect 1 "'API_TOKEN' has a value here that the vault never had"
}

@test "render: docker's format, too, is not written over where a line of the file cannot be read" {
  ready
  sed -i 's/^\[environment prod\]/[environment dev]\nformat = docker\n\n&/' bulla.ini
  bulla render
  expect 0
  sed -i 's/^API_TOKEN=.*/API_TOKEN=typed/' .env
  printf '<<<<<<< HEAD\n=x\n' >>.env
  bulla render
  expect 3 ".env:6:8: error: reading what is there, which is not overwritten" \
    "hint: put it right, or bulla render --replace ends it"
  grep -qx API_TOKEN=typed .env
  bulla render --replace
  expect 0 ".env: written"
  bulla render
  expect 0 ".env: unchanged"
}

@test "render: in a format that is not read back, too, a typed secret stays, and what turned goes" {
  ready
  sed -i 's/^\[environment prod\]/[environment dev]\nformat = systemd\n\n&/' bulla.ini
  local format before=systemd
  for format in systemd sh github node python ruby; do
    # The file is of the format before, once.
    sed -i "s/^format *= $before/format = $format/" bulla.ini
    before=$format
    bulla render
    expect 0
    bulla check
    [[ $output != *B503* ]]
    bulla rotate --yes API_TOKEN
    bulla rotate --yes API_TOKEN
    bulla check
    prints "warning B503 out of date: API_TOKEN"
    bulla render
    expect 0 ".env: written"
    sed -i 's/^API_TOKEN=.*/API_TOKEN="typed"/' .env
    bulla check
    prints ".env:4:1: warning B503 'API_TOKEN' has a value here that the vault never had" \
      "bulla set API_TOKEN, or bulla render --replace"
    [[ $output != *"out of date"* ]]
    bulla render
    expect 1 ".env:4:1: error: 'API_TOKEN' has a value here that the vault never had"
    grep -qx 'API_TOKEN="typed"' .env
    # A placeholder says that nobody has set it yet.
    sed -i 's/^API_TOKEN=.*/API_TOKEN="changeme"/' .env
    bulla render
    expect 0 ".env: written"
    sed -i 's/^API_TOKEN=.*/export API_TOKEN=typed/' .env
    bulla render
    expect 1 "'API_TOKEN' has a value here that the vault never had"
    bulla render --replace
    expect 0 ".env: written"
  done
}

@test "render: in a format that is not read back a line of another value hides no edit, and is none" {
  ready
  sed -i 's/^\[environment prod\]/[environment dev]\nformat = systemd\n\n&/' bulla.ini
  local format before=systemd
  may_hold_canary .env note whole
  for format in sh systemd github node python ruby; do
    sed -i "s/^format *= $before/format = $format/" bulla.ini
    before=$format
    bulla render --replace
    printf 'a\n%s\nAPI_TOKEN=of-another-program7\nz\n' "$(grep '^\(export \)\?API_TOKEN' .env)" >note
    bulla set NOTE --file note --force
    expect 0
    bulla render
    expect 0
    printf 'a\nz\n' >note
    bulla set NOTE --file note --force
    # What the note was is held, too.
    cp .env whole
    bulla render
    expect 0
    cp whole .env
    sed -i '0,/API_TOKEN/s/^\(export \)\?API_TOKEN.*/API_TOKEN="Zk3vQ9xLw2pRt7Hn"/' .env
    bulla render
    expect 1 "error: 'API_TOKEN' has a value here that the vault never had"
    grep -q Zk3vQ9xLw2pRt7Hn .env
  done
}

@test "render: docker's format, in which no other line stays, does not lose a secret that has no value yet" {
  ready
  printf '\n[STRIPE_SECRET_KEY]\nkind = provided\noptional = yes\n' >>bulla.ini
  sed -i 's/^\[environment prod\]/[environment dev]\nformat = docker\n\n&/' bulla.ini
  bulla render
  expect 0
  echo STRIPE_SECRET_KEY=typed >>.env
  bulla check
  prints "warning B503 'STRIPE_SECRET_KEY' has a value here that the vault never had"
  bulla render
  expect 1 "'STRIPE_SECRET_KEY' has a value here that the vault never had" "bulla set STRIPE_SECRET_KEY"
  grep -qx STRIPE_SECRET_KEY=typed .env
  bulla render --replace
  expect 0 ".env: written"
}

@test "render: another file keeps what is typed in it though another environment's vault is closed" {
  ready
  may_hold_canary app.env
  bulla render -o app.env
  sed -i 's/^API_TOKEN=.*/API_TOKEN=typed/' app.env
  mv .bulla/prod.vault prod.vault
  bulla render -o app.env
  expect 1 "'API_TOKEN' has a value here that the vault never had"
  grep -qx API_TOKEN=typed app.env
  bulla render -o app.env --replace
  expect 0 "app.env: written"
}

@test "render: what turned, was unset, is a sample's, a default or a placeholder is written over" {
  ready
  bulla render
  cp .env old.env
  may_hold_canary old.env
  bulla rotate --yes API_TOKEN
  bulla rotate --yes API_TOKEN
  bulla rotate --yes POSTGRES_PASSWORD
  bulla render
  expect 0 ".env: written"
  # A host that has not been rendered to for two turns.
  cp old.env .env
  bulla unset API_TOKEN
  bulla fill
  bulla render
  expect 0 ".env: written"
  sed -i 's/:?set it}/:-letmein-always}/' compose.yaml
  echo API_TOKEN=as-the-sample-says >.env.example
  sed -i 's/^POSTGRES_PASSWORD=.*/POSTGRES_PASSWORD=letmein-always/; s/^API_KEY=.*/API_KEY=your-api-key/
    s/^DATABASE_URL=.*/DATABASE_URL="postgresql:\/\/app:letmein-always@db\/app"/; s/^API_TOKEN=.*/API_TOKEN=as-the-sample-says/' .env
  bulla check
  prints "B503 out of date"
  [[ $output != *"never had"* ]]
  bulla render
  expect 0 ".env: written, 0 added, 4 changed, 0 removed"
  # The template's, whatever it is called.
  sed -i 's/^\[environment prod\]/[environment dev]\ntemplate = template.txt\n\n&/' bulla.ini
  echo API_TOKEN=as-the-template-says >template.txt
  sed -i 's/^API_TOKEN=.*/API_TOKEN=as-the-template-says/' .env
  bulla check
  [[ $output != *"never had"* ]]
  bulla render
  expect 0 ".env: written"
}
