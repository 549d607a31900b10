# bulla git: how git shows vaults, what a commit may have, and what goes wrong with revert and reset.
load helper
load stack
load people

# A clone with both vaults, and git told about them.
installed() {
  needs git
  make_vaults
  repository
  bulla git install
  expect 0
}

# The commit that the hook looks at, as people make it; $status, $output and $stderr are git's.
try_commit() {
  run --separate-stderr git -c user.name=tester -c user.email=tester@example.org commit -q "$@"
  keep_said
}

@test "git install: git diff tells names, versions, who and when, and no value" {
  installed
  write_canary value
  bulla set API_KEY --file value --why 'from the provider'
  bulla rotate API_TOKEN
  run --separate-stderr git diff
  keep_said
  [ "$status" = 0 ]
  grep -Eq '^\+set API_KEY v1 by alice at 20[0-9T:-]*Z, from the provider \([A-Za-z0-9+/]{8}\)$' <<<"$output"
  grep -Eq '^\+set API_TOKEN v2 by alice at ' <<<"$output"
  grep -Eq '^ set API_TOKEN v1 by alice at ' <<<"$output"
  grep -q '^+# API_KEY$' <<<"$output"
  # Neither sealed values nor signatures.
  if grep -qE ' [dps]=' <<<"$output"; then return 1; fi
  commit changed
  run --separate-stderr git log -p -1
  grep -Eq '^\+set API_TOKEN v2 ' <<<"$output"
  run --separate-stderr git diff HEAD~1 HEAD -- .bulla/dev.vault
  grep -Eq '^\+set API_KEY v1 ' <<<"$output"
}

@test "git install: twice, in a worktree, and away again" {
  installed
  before=$(cat .git/config .git/hooks/pre-*commit)
  bulla git install
  expect 0 "in this clone already"
  [ "$before" = "$(cat .git/config .git/hooks/pre-*commit)" ]
  [ -x .git/hooks/pre-commit ]
  [ -x .git/hooks/pre-merge-commit ]
  quiet_git worktree add ../tree -b side
  cd ../tree || return 1
  bulla git install
  expect 0 "in this clone already"
  printf 'x' >>.bulla/dev.vault
  git add -A
  try_commit -m broken
  [ "$status" != 0 ]
  bulla git uninstall
  expect 0 "shows the lines of vaults again" "git commit checks no vaults any more" \
    "git merge checks no vaults any more"
  cd ../project || return 1
  [ ! -e .git/hooks/pre-commit ]
  [ ! -e .git/hooks/pre-merge-commit ]
  if git config diff.bulla.textconv; then return 1; fi
  bulla git uninstall
  expect 0 "nothing of ours"
}

@test "git install: another's hook and setting stay, and it says what to add" {
  needs git
  make_vaults
  repository
  printf '#!/bin/sh\nexit 0\n' >.git/hooks/pre-commit
  chmod 755 .git/hooks/pre-commit
  git config diff.bulla.textconv cat
  bulla git install
  expect 1 "pre-commit' is not ours" "add the line: " "git pre-commit || exit 1" \
    "has a diff.bulla.textconv of its own"
  [ "$(cat .git/hooks/pre-commit)" = $'#!/bin/sh\nexit 0' ]
  [ "$(git config diff.bulla.textconv)" = cat ]
  bulla git uninstall
  expect 0 "git merge checks no vaults any more"
  [ -e .git/hooks/pre-commit ]
  git config --unset diff.bulla.textconv
  printf '#!/bin/sh\n"%s" git pre-commit || exit 1\n' "$BULLA" >.git/hooks/pre-commit
  bulla git install
  expect 0 "git commit checks the vaults in it, in this clone already"
  # A link is nobody's to write through.
  rm .git/hooks/pre-commit
  ln -s ../../elsewhere .git/hooks/pre-commit
  bulla git install
  expect 1 "is not ours"
  [ ! -e elsewhere ]
}

@test "git install: a merge's hook of others stays, and one that runs the commit's is enough" {
  needs git
  make_vaults
  repository
  printf '#!/bin/sh\nexit 0\n' >.git/hooks/pre-merge-commit
  bulla git install
  expect 1 "git commit checks the vaults in it" "pre-merge-commit' is not ours" "add the line: "
  [ "$(cat .git/hooks/pre-merge-commit)" = $'#!/bin/sh\nexit 0' ]
  [ -x .git/hooks/pre-commit ]
  # As git's own sample does.
  printf '#!/bin/sh\nexec "$GIT_DIR/hooks/pre-commit"\n' >.git/hooks/pre-merge-commit
  bulla git install
  expect 0 "git merge checks the vaults it commits, in this clone already"
  bulla git uninstall
  expect 0
  [ ! -e .git/hooks/pre-commit ]
  [ -e .git/hooks/pre-merge-commit ]
}

@test "git install: a merge without conflicts is looked at too" {
  installed
  quiet_git checkout -b other
  bulla rotate API_TOKEN
  commit theirs
  quiet_git checkout main
  bulla rotate POSTGRES_PASSWORD
  commit ours
  # A merge that is not by union keeps one side: records of the other are lost.
  printf '*.vault merge=left diff=bulla\n' >.git/info/attributes
  git config merge.left.driver 'printf "\n" >>%A'
  merge() { git -c user.name=t -c user.email=t@example.org merge -q -m merged other; }
  run --separate-stderr merge
  keep_said
  [ "$status" != 0 ]
  [[ $stderr == *"lacks 1 record that $(git rev-parse --short=12 other) has"* ]]
  [ -e .git/MERGE_HEAD ]
  quiet_git merge --abort
  rm .git/info/attributes
  # Nor one that takes nothing of the other side at all.
  run --separate-stderr git -c user.name=t -c user.email=t@example.org merge -q -m merged -s ours other
  keep_said
  [ "$status" != 0 ]
  [[ $stderr == *"lacks 1 record that $(git rev-parse --short=12 other) has"* ]]
  quiet_git merge --abort
  run --separate-stderr merge
  keep_said
  [ "$status" = 0 ]
  [ ! -e .git/MERGE_HEAD ]
  bulla verify --against HEAD~1
  expect 0
}

@test "git install: core.hooksPath of the clone is where the hook goes, a shared one is left" {
  needs git
  make_vaults
  repository
  git config core.hooksPath team/hooks
  bulla git install
  expect 0
  [ -x team/hooks/pre-commit ] && [ ! -e .git/hooks/pre-commit ]
  [ -x team/hooks/pre-merge-commit ] && [ ! -e .git/hooks/pre-merge-commit ]
  printf 'x' >>.bulla/dev.vault
  git add .bulla
  try_commit -m broken
  [ "$status" != 0 ]
  bulla git uninstall
  [ ! -e team/hooks/pre-commit ]
  [ ! -e team/hooks/pre-merge-commit ]
  git config --unset core.hooksPath
  git config --global core.hooksPath "$HOME/hooks"
  bulla git install
  expect 1 "core.hooksPath is set for more than this clone" "git pre-commit || exit 1"
  [ ! -e "$HOME/hooks" ]
}

@test "git install: attributes that are missing are written, others are warned of" {
  needs git
  make_vaults
  printf '*.vault text eol=lf' >.bulla/.gitattributes
  repository
  bulla git install
  expect 0 ".bulla/.gitattributes says how vaults are merged"
  [ "$(cat .bulla/.gitattributes)" = $'*.vault text eol=lf\n*.vault text eol=lf merge=union diff=bulla' ]
  rm .bulla/.gitattributes
  bulla git install
  expect 0
  grep -q '^# Vaults are sets' .bulla/.gitattributes
  echo '*.vault -merge' >.git/info/attributes
  bulla git install
  expect 0 "stand against" "git check-attr"
}

@test "git install: nothing is written through a link that a clone brings as .bulla/.gitattributes" {
  needs git
  make_vaults
  echo mine >"$HOME/victim"
  ln -sf "$HOME/victim" .bulla/.gitattributes
  repository
  bulla git install
  expect 1 ".bulla/.gitattributes: error: is a symbolic link" "make it a file"
  [ "$(cat "$HOME/victim")" = mine ]
  [ -L .bulla/.gitattributes ]
  rm .bulla/.gitattributes
  bulla git install
  expect 0
}

@test "git install: a program in a folder that needs quoting, and one that went" {
  needs git
  make_vaults
  repository
  mkdir "../it's here"
  cp "$BULLA" "../it's here/bulla"
  run --separate-stderr "../it's here/bulla" git install
  expect 0
  bulla rotate API_TOKEN
  run --separate-stderr git diff
  grep -q '^+set API_TOKEN v2 by alice' <<<"$output"
  git add -A
  try_commit -m turned
  [ "$status" = 0 ]
  rm -r "../it's here"
  bulla rotate API_TOKEN
  git add -A
  try_commit -m more
  [ "$status" != 0 ]
  [[ $stderr == *"no vault was checked"* ]]
}

@test "git install: where PATH has a folder that is not absolute the hook does not start what lies there" {
  needs git
  local path
  make_vaults
  repository
  mkdir "$BATS_TEST_TMPDIR/bin"
  cp "$BULLA" "$BATS_TEST_TMPDIR/bin/bulla"
  printf '#!/bin/sh\necho >>ran\n' >bulla
  chmod 755 bulla
  for path in ".:$BATS_TEST_TMPDIR/bin:$PATH" "$BATS_TEST_TMPDIR/bin::$PATH" "$PATH:bin:$BATS_TEST_TMPDIR/bin"; do
    PATH=$path run --separate-stderr "$BATS_TEST_TMPDIR/bin/bulla" git install
    expect 0
    grep -q "^exec '$BATS_TEST_TMPDIR/bin/bulla' git pre-commit" .git/hooks/pre-commit
    [ "$(git config diff.bulla.textconv)" = "'$BATS_TEST_TMPDIR/bin/bulla' git textconv" ]
    bulla rotate API_TOKEN
    git add .bulla
    PATH=$path git diff --cached >/dev/null
    PATH=$path try_commit -m turned
    [ "$status" = 0 ]
    [ ! -e ran ]
  done
  # By its name where no shell can take it for another, so that an update stays found.
  PATH=$BATS_TEST_TMPDIR/bin:$PATH run --separate-stderr "$BATS_TEST_TMPDIR/bin/bulla" git install
  expect 0
  grep -q '^exec bulla git pre-commit' .git/hooks/pre-commit
}

@test "git install: no contract, no work tree, no git" {
  bulla git install
  expect 3 "no bulla.ini"
  make_vaults
  bulla git install
  expect 3 "is in no git work tree"
  needs git
  repository
  mkdir ../none
  observe env PATH="$PWD/../none" "$BULLA" git install
  expect 6 "git cannot be started"
  bulla git
  expect 2
}

@test "git textconv: forged, damaged and conflicting files are shown, escapes and values are not" {
  make_vaults
  cp .bulla/dev.vault copy
  sed -i '/^set API_TOKEN/s/ s=.*/ s=forged/' copy
  printf '# \033[31mred\n<<<<<<< HEAD\nnonsense\n' >>copy
  bulla git textconv copy
  expect 0
  prints "BULLA1 " "set POSTGRES_PASSWORD v1 by alice at " "<<<<<<< HEAD" \
    "? 8 bytes that are no line of a vault" "member alice"
  [[ $output != *$'\e'* && $output != *forged* && $output != *nonsense* ]]
  head -c 3000 /dev/urandom >copy
  bulla git textconv copy
  expect 0
  : >copy
  bulla git textconv copy
  expect 0
  prints_only ""
  bulla git textconv nowhere
  expect 3
}

@test "git pre-commit: quiet about what may be committed, also the first time" {
  needs git
  make_vaults
  quiet_git init .
  bulla git install
  expect 0
  git add -A
  try_commit -m first
  [ "$status" = 0 ]
  [ -z "$stderr" ]
  bulla rotate API_TOKEN
  try_commit -am turned
  [ "$status" = 0 ]
  [ "$(git rev-list --count HEAD)" = 2 ]
}

@test "git pre-commit: the index counts, not the work tree" {
  installed
  bulla rotate API_TOKEN
  git add -A
  cp .bulla/dev.vault good
  printf '<<<<<<< HEAD\n' >>.bulla/dev.vault
  try_commit -m staged
  [ "$status" = 0 ]
  git add -A
  cp good .bulla/dev.vault
  try_commit -m marker
  [ "$status" != 0 ]
  [[ $stderr == *".bulla/dev.vault:"*"conflict marker"* ]]
  # A commit of named files has an index of its own.
  git reset -q
  printf 'x\n' >>.bulla/dev.vault
  echo text >notes
  git add notes
  try_commit -m notes notes
  [ "$status" = 0 ]
  try_commit -m vault .bulla/dev.vault
  [ "$status" != 0 ]
}

@test "git pre-commit: a forged record, a lost one, a vault that goes, a link" {
  installed
  bulla rotate API_TOKEN
  commit turned
  cp .bulla/dev.vault whole
  sed -i '/^set API_TOKEN v=2/s/by=alice/by=alicf/' .bulla/dev.vault
  git add .bulla
  bulla git pre-commit
  expect 5 ".bulla/dev.vault:" "alicf"
  grep -v '^set API_TOKEN v=2' whole >.bulla/dev.vault
  git add .bulla
  bulla git pre-commit
  expect 5 "lacks 1 record that HEAD has" "bulla git fix" "--no-verify"
  try_commit -m lost
  [ "$status" != 0 ]
  git rm -q --cached .bulla/dev.vault
  bulla git pre-commit
  expect 5 "would remove a vault" "git restore --staged"
  rm .bulla/dev.vault
  ln -s ../whole .bulla/dev.vault
  git add .bulla
  bulla git pre-commit
  expect 3 "not a symbolic link"
}

@test "git pre-commit: a project whose folder is moved takes its vaults along" {
  installed
  mkdir deploy
  git mv bulla.ini compose.yaml .bulla deploy/
  bulla git pre-commit
  expect 0
  # One record less than HEAD had is no move.
  sed -i '/^set API_TOKEN v=1/d' deploy/.bulla/prod.vault
  git add deploy
  bulla git pre-commit
  expect 5 ".bulla/prod.vault: error: this commit would remove a vault"
  [[ $stderr != *dev.vault* ]]
  # Another vault of the name is none either.
  git reset -q --hard
  rm -rf deploy && mkdir deploy && cp bulla.ini compose.yaml deploy/
  (cd deploy && "$BULLA" init --name alice -q)
  git add deploy && git rm -rq --cached .bulla
  bulla git pre-commit
  expect 5 ".bulla/dev.vault: error: this commit would remove a vault"
}

@test "git pre-commit: rendered files, by every contract of the work tree" {
  needs git
  make_vaults
  repository
  mkdir -p services/shop && cp -r bulla.ini compose.yaml .bulla services/shop
  write_canary value
  bulla set API_KEY --file value
  may_hold_canary .env
  bulla render
  expect 0
  rm value
  git add -f .env .bulla
  bulla git pre-commit
  expect 1 ".env: error: is the rendered file of 'dev'" "git rm --cached .env"
  sed -i 's/^\[environment prod\]/&\noutput = run\/..\/secret.env/' services/shop/bulla.ini
  echo A=1 >services/shop/secret.env
  echo A=1 >services/secret.env
  git add -f services
  bulla git pre-commit
  expect 1 "'dev'" "services/shop/secret.env: error: is the rendered file of 'prod'"
  git rm -q --cached .env services/shop/secret.env
  bulla git pre-commit
  expect 0
}

@test "git pre-commit: no key of age, nor one that opens a vault of any environment" {
  installed
  key=$(grep '^AGE-SECRET-KEY-' "$XDG_CONFIG_HOME/bulla/identity.txt")
  printf 'A=1\n# ä\nIDENTITY="%s"\n' "$key" >deploy.env
  "$BULLA" age keygen 2>/dev/null | grep ^AGE >other.key
  (umask 077 && ssh-keygen -q -t ed25519 -N '' -f id_other && ssh-keygen -q -t ed25519 -N '' -f id_bob)
  bulla recipient add bob "$(cut -d' ' -f1,2 id_bob.pub)" -e prod --yes
  expect 0
  (echo '{"key": '; cat id_bob; echo '}') >bob.json
  (printf 'note: |\n  -----BEGIN OPENSSH PRIVATE KEY-----\n  none\nkey: |\n'; sed 's/^/    /' id_bob; echo 'last: 1') >bob.yaml
  # None of these is a key: a form, one with an error, one that opens nothing of ours.
  echo "AGE-SECRET-KEY-1XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX" >form.example
  tr 'Q' 'P' <<<"${key%??}QQ" >broken.txt
  git add -A
  before=$(git rev-parse HEAD)
  try_commit -m keys
  [ "$before" = "$(git rev-parse HEAD)" ]
  [[ $stderr == *"deploy.env:3:11: error: holds the private key of 'alice'"*"git rm --cached deploy.env"* ]]
  [[ $stderr == *"other.key:1:1: error: holds a private key of age"* ]]
  [[ $stderr == *"id_bob:1:1: error: holds the private key of 'bob'"* ]]
  [[ $stderr == *"bob.json:2:1: error: holds the private key of 'bob'"* ]]
  [[ $stderr == *"bob.yaml:5:5: error: holds the private key of 'bob'"* ]]
  [[ $stderr != *id_other* && $stderr != *form.example* && $stderr != *broken* && $stderr != *"$key"* ]]
  # What was there before is no matter of this commit; nor is what is large, or has a reason.
  git rm -q --cached other.key id_bob bob.json bob.yaml deploy.env
  try_commit -m rest
  [ "$status" = 0 ]
  (head -c 300000 /dev/zero | tr '\0' x; echo; echo "$key") >large.txt
  git add large.txt
  bulla git pre-commit
  expect 0
  mkdir -p services/shop/keys && cp -r bulla.ini compose.yaml services/shop
  cp other.key services/shop/keys/demo.txt
  printf '\n[check]\nignore = B416 keys/demo.txt of a demonstration\n' >>services/shop/bulla.ini
  git add services
  bulla git pre-commit
  expect 0
  sed -i '/^ignore/d' services/shop/bulla.ini
  git add services
  bulla git pre-commit
  expect 1 "services/shop/keys/demo.txt:1:1: error: holds a private key of age"
}

@test "git pre-commit: an env file that sets secrets of the contract, and no sample, placeholder or setting" {
  needs git
  make_vaults
  repository
  mkdir -p env tests/fixtures sub
  printf '# ä\nLOG_LEVEL=INFO\nexport POSTGRES_PASSWORD="%s"\nAPI_TOKEN=%s\n' "$CANARY" "$CANARY" >env/prod.env
  write_canary sub/.env.staging "DATABASE_URL=postgres://app:$CANARY@db:5432/app"
  may_hold_canary env/prod.env
  # None of these gives anything away.
  printf 'POSTGRES_PASSWORD=changeme\nAPI_TOKEN=\nAPI_KEY=${API_KEY}\nLOG_LEVEL=DEBUG\n' >env/dev.env
  printf 'DATABASE_URL=postgres://app:${POSTGRES_PASSWORD}@db:5432/app\nNOTE\n' >env/ci.env
  printf 'POSTGRES_PASSWORD=%s\n' "$CANARY" >env/example.env
  cp env/example.env .env.sample
  may_hold_canary env/example.env .env.sample tests/fixtures/readme.txt tests/fixtures/test.env
  cp env/example.env tests/fixtures/readme.txt
  printf 'SOME_TOKEN=%s\n' "$CANARY" >tests/fixtures/test.env
  printf "BROKEN='\n" >tests/fixtures/broken.env
  git add -A
  bulla git pre-commit
  expect 1 "env/prod.env:3:8: error: sets 'POSTGRES_PASSWORD', 'API_TOKEN' in clear, by bulla.ini a secret" \
    "git rm --cached env/prod.env" "'ignore = B402 FILE reason' in bulla.ini" \
    "sub/.env.staging:1:1: error: sets 'DATABASE_URL' in clear"
  [ "$(grep -c ': error: ' <<<"$stderr")" = 2 ]
  # What is staged counts, not what lies there; what goes, and what was there before, does not.
  git rm -q --cached sub/.env.staging
  printf 'LOG_LEVEL=INFO\n' >env/prod.env
  bulla git pre-commit
  expect 1 "env/prod.env:3:8: error: "
  printf '\n[check]\nignore = B402 env/prod.env of a demonstration\n' >>bulla.ini
  bulla git pre-commit
  expect 1
  git add bulla.ini
  bulla git pre-commit
  expect 0
}

# Stages FILE with standard input as its text, and has the hook's command look at it.
stage() {
  mkdir -p "$(dirname "$1")"
  cat >"$1"
  may_hold_canary "$1"
  git add -f "$1"
  bulla git pre-commit
}

@test "git pre-commit: an env file that Compose would not read is gone over line by line" {
  needs git iconv
  make_vaults
  repository
  local broken
  for broken in 'please set the rest' 'REMARK="it' '<<<<<<< HEAD' "REMARK='it's" 'a b=c'; do
    stage vps.env <<<"$broken"$'\n'"LOG_LEVEL=INFO"$'\n'"  export POSTGRES_PASSWORD = '$CANARY' # ours"
    expect 1 "vps.env:3:10: error: sets 'POSTGRES_PASSWORD' in clear"
    [[ $stderr != *LOG_LEVEL* ]]
  done
  # A quote that is closed by chance, the one of a later line.
  stage vps.env <<<"REMARK=\"it"$'\n'"API_TOKEN=$CANARY"$'\n'"END=\""
  expect 1 "vps.env:2:1: error: sets 'API_TOKEN' in clear"
  stage vps.env < <(printf 'REMARK\r\nAPI_TOKEN=%s\r\n' "$CANARY" | iconv -t UTF-16)
  expect 1 "vps.env:2:1: error: sets 'API_TOKEN' in clear"
  # Nothing of these is a value that somebody has.
  stage vps.env <<'END'
free words
# API_TOKEN=Kq8vN2mX5wR7tY4uP9sD
API_TOKEN=
API_TOKEN= # Kq8vN2mX5wR7tY4uP9sD
API_TOKEN="" # Kq8vN2mX5wR7tY4uP9sD
API_TOKEN=changeme # Kq8vN2mX5wR7tY4uP9sD
API_TOKEN="${OTHER}"
API_TOKEN=$OTHER
MY_API_TOKEN=Kq8vN2mX5wR7tY4uP9sD
API_TOKEN Kq8vN2mX5wR7tY4uP9sD
END
  expect 0
  [ -z "$stderr" ]
}

@test "git pre-commit: a dollar sign that begins no known name is a letter of a password" {
  needs git
  make_vaults
  repository
  stage vps.env <<<'POSTGRES_PASSWORD=Zk3$vQ9xLw2pRt7Hn'
  expect 1 "sets 'POSTGRES_PASSWORD' in clear"
  stage vps.env <<<'POSTGRES_PASSWORD=Zk3$VQ9XLW2PRT7HN'
  expect 1 "sets 'POSTGRES_PASSWORD' in clear"
  stage vps.env <<<'DATABASE_URL=postgres://app:Zk3$vQ9xLw2@db:5432/app'
  expect 1 "sets 'DATABASE_URL' in clear"
  stage vps.env <<<'POSTGRES_PASSWORD=${POSTGRES_PASSWORD:-Zk3vQ9xLw2pRt7Hn}'
  expect 1 "sets 'POSTGRES_PASSWORD' in clear"
  stage vps.env <<<"POSTGRES_PASSWORD='\$API_TOKEN'"
  expect 1 "sets 'POSTGRES_PASSWORD' in clear"
  stage vps.env <<'END'
suffix=x
POSTGRES_PASSWORD=pre-$suffix
API_TOKEN=a$POSTGRES_PASSWORD-b
API_KEY=$CI_API_KEY
NOTE=${NOTE:-changeme}${OTHER:-}${LAST:-$API_TOKEN}
DATABASE_URL=postgres://app:${other_name}@db:5432/app
END
  expect 0
  # What direnv runs a command for.
  stage .envrc <<<'export API_TOKEN="$(pass show api)"'
  expect 0
}

@test "git pre-commit: references and commands hide no password beside them or in them" {
  needs git
  make_vaults
  repository
  local value
  for value in '${NOPE}Zk3vQ9xLw2pRt7Hn' 'hunter2${NOPE}' '${NOPE:+Zk3vQ9xLw2pRt7Hn}' \
    '${NOPE:?Zk3vQ9xLw2pRt7Hn}' '${A:-${B:-${C:-Zk3vQ9xLw2pRt7Hn}}}' \
    '${A:-${B:-${C:-${D:-${E:-${F:-Zk3vQ9xLw2pRt7Hn}}}}}}' '$Zk3vQ9xLw2pRt7Hn' \
    '$(cat x)Zk3vQ9xLw2pRt7Hn$(y)' '`cat x`Zk3vQ9xLw2pRt7Hn`y`' '"$(echo Zk3vQ9xLw2pRt7Hn)"' \
    '"$(echo Zk3vQ9xLw2pRt7Hn)${X}"' '"$(printf %s Zk3vQ9xLw2pRt7Hn)"' '$(cat x'; do
    stage vps.env <<<"POSTGRES_PASSWORD=$value"
    expect 1 "vps.env:1:1: error: sets 'POSTGRES_PASSWORD' in clear"
  done
  stage vps.env <<<$'X=1\nPOSTGRES_PASSWORD=hunter2$X'
  expect 1 "vps.env:2:1: error: sets 'POSTGRES_PASSWORD' in clear"
  stage vps.env <<<'DATABASE_URL=postgres://app:Zk3vQ9xLw2${X}@db:5432/app'
  expect 1 "sets 'DATABASE_URL' in clear"
  for value in '${A}' '$HOME' '${A:?set it in .env}' '${POSTGRES_PASSWORD:?S3_PASSWORD_is_missing}' \
    '${A:?err}' '${A:+yes}' '${A:+:}' '${A:-${B:-${C:-changeme}}}' '${A:-${B:-${C:-}}}' 'pre-${A}-v2' \
    '${A}${B}' '${A}_${B}' '"$(pass show db/app2)"' '"$(pass show $(hostname)/a1)"' \
    '"$(pass show ${NAME}/app2)"' '`pass show app22`' '$(echo $PW | base64)' \
    'postgres://app:${PW}@db:5432/app' 'postgres://user1:${PW:?not set}@db2.example.org:5432/app2?x=1' \
    'https://${HOST}/hooks/path1234'; do
    stage vps.env <<<"POSTGRES_PASSWORD=$value"
    expect 0
    stage vps.env <<<"API_TOKEN=$value"
    expect 0
    stage vps.env <<<"DATABASE_URL=$value"
    expect 0
  done
}

@test "git pre-commit: an .envrc sets several names on a line, and other words may stand before one" {
  needs git
  make_vaults
  repository
  local secret=Zk3vQ9xLw2pRt7Hn line
  for line in "export A=1 API_TOKEN=$secret" "A=1; API_TOKEN='$secret'" "declare -x API_TOKEN=$secret" \
    "typeset -x API_TOKEN=\"$secret\"" "set -a; API_TOKEN=$secret; set +a" "A=1 && export API_TOKEN=$secret" \
    "if true; then API_TOKEN=$secret; fi" "set API_TOKEN=$secret" "export \"API_TOKEN\"=$secret" \
    "export A=\"\$(pass show \"b c\")\" API_TOKEN=$secret" "export A='it' API_TOKEN=$secret # ours" \
    "use flake && export API_TOKEN=\${B:-$secret}"; do
    stage .envrc <<<$'# ours\n'"$line"
    expect 1 ".envrc:2:" "error: sets 'API_TOKEN' in clear"
  done
  stage .envrc <<'END'
# A=1; API_TOKEN=Zk3vQ9xLw2pRt7Hn
export A=1 API_TOKEN=$(pass show api) API_KEY="$(pass show key1)" # API_TOKEN=Zk3vQ9xLw2pRt7Hn
export A=1 API_TOKEN="${API_TOKEN:-$(pass show "my api1")}" POSTGRES_PASSWORD=$DB_PASSWORD
A=1; DATABASE_URL="postgres://app:${POSTGRES_PASSWORD}@db:5432/app"; export DATABASE_URL
export A=1 API_TOKEN="$(
  pass show api
)"
export A=1 API_TOKEN= API_KEY=changeme LOG_LEVEL=DEBUG
END
  expect 0
  [ -z "$stderr" ]
}

@test "git pre-commit: a name in quotes is one, of JSON also in the middle of a line" {
  needs git
  make_vaults
  repository
  local secret=Zk3vQ9xLw2pRt7Hn line
  for line in "\"API_TOKEN\": \"$secret\"," "'API_TOKEN' = '$secret'" "{\"A\": 1, \"API_TOKEN\": \"$secret\"}" \
    "{\"a\": {\"LOG_LEVEL\": \"x, \\\"y\", \"API_TOKEN\":\"$secret\"}}"; do
    stage .env.json <<<"{"$'\n'"$line"
    expect 1 ".env.json:2:" "error: sets 'API_TOKEN' in clear"
  done
  stage .env.json <<'END'
{
  "API_TOKEN": {"file": "x"}, "API_KEY": null,
  "POSTGRES_PASSWORD": "", "API_KEY": "changeme", "API_TOKEN": "${API_TOKEN}"
}
END
  expect 0
}

@test "git pre-commit: what another program has sealed is not in clear" {
  needs git
  make_vaults
  repository
  local sealed=BE9Y7LKANx77X1pv1HnEoil93fPa5c9rpL1ps48uaRT9zM8VR6mHx9yM6HktKdsPGIZELuZ7rr2mn1gScsmWitppAgE
  stage vps.env <<END
POSTGRES_PASSWORD="encrypted:$sealed=="
API_TOKEN=ENC[AES256_GCM,data:vGn3Lw==,iv:q1F8zKx0yJ2m,tag:9sTtY4uP9sD==,type:str]
END
  expect 0
  local value
  for value in encrypted:hunter2 'encrypted:Zk3vQ9xLw2 pRt7Hn' ENC[Zk3vQ9xLw2pRt7Hn] \
    "Zk3vQ9encrypted:$sealed" 'ENC[AES256_GCM,data:Zk3vQ9xLw2pRt7Hn'; do
    stage vps.env <<<"POSTGRES_PASSWORD=\"$value\""
    expect 1 "vps.env:1:1: error: sets 'POSTGRES_PASSWORD' in clear"
  done
}

@test "git pre-commit: copies of env files, and names in capitals, are env files" {
  needs git
  make_vaults
  repository
  local file
  for file in .env~ prod.env.bak .envrc .ENV .env.orig env/Prod.Env .env_old prod.env.2026-11-27 env.save \
    env.list env.list.bak .flaskenv envfile EnvFile .envfile; do
    stage "$file" <<<"export API_TOKEN=$CANARY"
    expect 1 "$file:1:8: error: sets 'API_TOKEN' in clear"
    git rm -q --cached "$file"
  done
  for file in .env.example~ .ENV.Sample default.env.bak environment.txt .environment app.environment \
    env.list.example envfile.sample my_envfile.py; do
    stage "$file" <<<"API_TOKEN=$CANARY"
    expect 0
  done
}

@test "git pre-commit: what is called as an env file and too large to be looked at does not pass" {
  needs git
  make_vaults
  repository
  stage .env.dump < <(head -c 4200000 /dev/zero | tr '\0' '#')
  expect 1 ".env.dump: error: is called as an env file and too large to be looked at" "'ignore = B402 FILE reason'"
  git rm -q --cached .env.dump
  stage dump.txt <.env.dump
  expect 0
  # Nor does a Compose secret of that size.
  printf 'secrets:\n  big:\n    file: dump.txt\n' >>compose.yaml
  bulla git pre-commit
  expect 1 "dump.txt: error: is the file of the Compose secret 'big'"
}

@test "git pre-commit: many secrets are counted, in no contract's folder nothing is one" {
  needs git
  make_vaults
  repository
  mkdir shop other
  git mv -k bulla.ini compose.yaml .bulla shop
  mv bulla.ini compose.yaml .bulla shop 2>/dev/null || true
  {
    for name in POSTGRES_PASSWORD API_TOKEN API_KEY NOTE; do
      echo "$name=Kq8vN2mX5wR7tY4uP9sD$name"
    done
    echo 'API_KEY=Kq8vN2mX5wR7tY4uP9sDagain'
  } >shop/vps.env
  cp shop/vps.env other/vps.env
  git add -A
  bulla git pre-commit
  expect 1 "shop/vps.env:1:1: error: sets 'POSTGRES_PASSWORD', 'API_TOKEN', 'API_KEY' and 1 more in clear"
  [[ $stderr != *other/vps.env* ]]
}

@test "git pre-commit: a file that a Compose secret is taken from, unless it is empty, a placeholder or a certificate" {
  needs git
  make_vaults
  repository
  mkdir keys
  cat >>compose.yaml <<'END'
secrets:
  db_password:
    file: keys/db.txt
  empty:
    file: keys/empty.txt
  form:
    file: ./keys/form.txt
  tls:
    file: keys/tls.pem
  pair:
    file: keys/pair.pem
configs:
  page:
    file: keys/page.html
END
  write_canary keys/db.txt
  : >keys/empty.txt
  echo changeme >keys/form.txt
  echo '<p>' >keys/page.html
  printf -- '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' >keys/tls.pem
  { cat keys/tls.pem; printf -- '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n'; } >keys/pair.pem
  git add -A
  bulla git pre-commit
  expect 1 "keys/db.txt: error: is the file of the Compose secret 'db_password'" "git rm --cached keys/db.txt" \
    "keys/pair.pem: error: is the file of the Compose secret 'pair'"
  [ "$(grep -c ': error: ' <<<"$stderr")" = 2 ]
  # One that has gone from the work tree, or is another file there, is known by its path.
  rm keys/db.txt
  mv keys/pair.pem keys/moved.pem
  sed -i 's,keys/db.txt,./keys/../keys/db.txt,' compose.yaml
  bulla git pre-commit
  expect 1 "keys/db.txt: error: is the file of the Compose secret 'db_password'" \
    "keys/pair.pem: error: is the file of the Compose secret 'pair'"
  # A compose file that does not load says nothing about files, and that is said, once.
  echo 'services: [' >compose.yaml
  bulla git pre-commit
  expect 0 "warning: compose files of bulla.ini cannot be read: a file that a secret is taken from may be committed" \
    "bulla -C $PWD check -e dev says why"
  [ "$(grep -c warning: <<<"$stderr")" = 1 ]
  rm compose.yaml
  bulla git pre-commit
  expect 0 "warning: compose files of bulla.ini cannot be read"
}

@test "git pre-commit: all problems at once, from any folder" {
  installed
  mkdir sub
  echo A=1 >.env
  printf 'x\n' >>.bulla/dev.vault
  printf '=======\n' >>.bulla/prod.vault
  git add -f .env .bulla
  cd sub || return 1
  bulla git pre-commit
  [ "$status" != 0 ]
  [[ $stderr == *".bulla/dev.vault:"* && $stderr == *".bulla/prod.vault:"*"conflict marker"* &&
    $stderr == *".env: error"* ]]
}

@test "git pre-commit: a merge has to hold both sides" {
  installed
  quiet_git checkout -b other
  bulla rotate API_TOKEN
  commit theirs
  quiet_git checkout main
  bulla rotate POSTGRES_PASSWORD
  commit ours
  git -c user.name=t -c user.email=t@example.org merge -q --no-commit other
  git checkout -q --ours . 2>/dev/null || true
  git show HEAD:.bulla/dev.vault >.bulla/dev.vault
  git add .bulla
  # As HEAD has it, and no less a loss.
  other=$(git rev-parse --short=12 other)
  bulla git pre-commit
  expect 5 "that $other has"
  echo more >notes && git add notes
  printf '\n' >>.bulla/dev.vault && git add .bulla
  bulla git pre-commit
  expect 5 "that $other has"
  # In a worktree of its own too.
  quiet_git merge --abort
  git worktree add -q -b third ../third HEAD
  cd ../third || return 1
  git -c user.name=t -c user.email=t@example.org merge -q --no-commit other
  git show HEAD:.bulla/dev.vault >.bulla/dev.vault
  git add .bulla
  bulla git pre-commit
  expect 5 "that $other has"
}

@test "git pre-commit: each head of an octopus is asked for its records" {
  installed
  for branch in one two; do
    quiet_git checkout -b "$branch" main
    bulla set API_KEY --force <<<"$branch"
    commit "$branch"
  done
  quiet_git checkout main
  echo more >notes && git add notes && commit ours
  first=$(git rev-parse one)
  second=$(git rev-parse two)
  git -c user.name=t -c user.email=t@example.org merge -q --no-commit one
  # As git merge --no-commit one two leaves it, where it stops at no conflict of theirs.
  printf '%s\n%s\n' "$first" "$second" >.git/MERGE_HEAD
  bulla git pre-commit
  expect 5 "that ${second:0:12} has"
  [[ $stderr != *"${first:0:12}"* ]]
}

@test "git pre-commit: a branch that is called MERGE_HEAD merges nothing" {
  installed
  quiet_git branch base
  bulla rotate API_TOKEN
  commit two
  quiet_git branch MERGE_HEAD
  quiet_git reset --hard base
  echo more >notes && git add notes
  try_commit -m more
  [ "$status" = 0 ]
}

@test "git pre-commit: a merge leaves out no vault that only the other side has" {
  installed
  git rm -q --cached .bulla/prod.vault && mv .bulla/prod.vault ..
  git -c user.name=t -c user.email=t@example.org commit -q --amend --no-edit --no-verify
  quiet_git checkout -b other
  cp ../prod.vault .bulla
  commit theirs
  quiet_git checkout main
  echo more >notes && git add notes && commit ours
  other=$(git rev-parse --short=12 other)
  merge() { run --separate-stderr git -c user.name=t -c user.email=t@example.org merge -q -m merged "$@"; }
  merge -s ours other
  keep_said
  [ "$status" != 0 ]
  [[ $stderr == *".bulla/prod.vault"*"would leave out a vault that $other has"* ]]
  # As the hint says.
  quiet_git checkout "$other" -- .bulla/prod.vault
  try_commit -m merged
  [ "$status" = 0 ]
  # What this side took away on purpose stays away.
  quiet_git checkout -b gone HEAD
  quiet_git rm .bulla/prod.vault
  git -c user.name=t -c user.email=t@example.org commit -q --no-verify -m gone
  quiet_git checkout -b still main
  echo less >notes && git add notes && commit still
  quiet_git checkout gone
  merge still
  keep_said
  [ "$status" = 0 ]
  [ ! -e .bulla/prod.vault ]
}

# Git says what happened; the vault is whole again and holds every record that FILE has.
mended() {
  bulla git fix --yes
  expect 0 "is whole: git add it, and go on or commit"
  bulla verify -e dev
  expect 0
  [[ $stderr != *journal* ]]
  [ -z "$(comm -23 <(grep ' s=' "$1" | sort) <(grep ' s=' .bulla/dev.vault | sort))" ]
  bulla git fix --yes
  expect 0 "nothing is to be mended in .bulla/dev.vault"
}

@test "git pre-commit: a vault that moves to where it is none is one that goes" {
  make_vaults
  git init -q
  git add .bulla bulla.ini
  git -c user.name=alice -c user.email=alice@example.org commit -qm first
  mkdir old
  git mv .bulla/dev.vault old/dev.vault
  bulla git pre-commit
  expect 5 "would remove a vault"
}

@test "git fix: no vault at all is an error" {
  make_vaults
  rm .bulla/*.vault
  bulla git fix
  expect 3 "environment 'dev' has no vault" "git restore .bulla/dev.vault"
}

@test "git fix: a reset is explained and undone, after it was shown" {
  installed
  write_canary value
  bulla set API_KEY --file value
  bulla rotate API_TOKEN
  commit two
  cp .bulla/dev.vault whole
  quiet_git reset --hard HEAD~1
  rm -r "$XDG_STATE_HOME"
  without_key
  trust dev
  cp .bulla/dev.vault before
  bulla git fix -e dev --dry-run
  expect 1 "lacks 2 records" "2 records went with 'reset: moving to HEAD~1'"
  [[ ${lines[0]} =~ ^BACK\ +NAME\ +V\ +BY\ +WHEN\ +FROM$ ]]
  grep -Eq '^set +API_KEY +1 +alice +20.* UTC +main@\{1\}$' <<<"$output"
  cmp before .bulla/dev.vault
  bulla git fix -e dev
  expect 1 "no terminal" "--yes"
  cmp before .bulla/dev.vault
  bulla git fix -e dev --yes
  expect 0
  [ "$(sort whole)" = "$(sort .bulla/dev.vault)" ]
}

@test "git fix: a revert is explained, with what to do in its place" {
  installed
  echo one | "$BULLA" set API_TOKEN --force -q
  commit two
  cp .bulla/dev.vault whole
  quiet_git revert --no-edit HEAD
  bulla git fix --dry-run
  expect 1 "1 record went with 'revert: Revert \"two\"'" "bulla rollback NAME"
  mended whole
  [ "$("$BULLA" get API_TOKEN)" = one ]
  bulla rollback API_TOKEN
  expect 0
}

@test "git fix: a merge in conflict keeps both sides, with either style of markers" {
  needs git
  make_vaults
  printf '*.vault text eol=lf -merge\n' >.bulla/.gitattributes
  echo '*.vault merge' >>.bulla/.gitattributes
  repository
  bulla git install
  printf '*.vault merge diff=bulla\n' >.git/info/attributes
  for style in merge diff3; do
    git config merge.conflictStyle $style
    quiet_git checkout -b "$style" main
    echo theirs | "$BULLA" set API_TOKEN --force -q && commit "theirs $style"
    cp .bulla/dev.vault theirs
    quiet_git checkout main
    bulla rotate POSTGRES_PASSWORD
    echo ours | "$BULLA" set API_TOKEN --force -q && commit "ours $style"
    cp .bulla/dev.vault ours
    if merge $style; then return 1; fi
    grep -q '^<<<<<<< ' .bulla/dev.vault
    bulla list
    expect 3 "conflict marker" "bulla git fix"
    bulla git fix --dry-run
    expect 1 "of a conflict that git left: both sides are kept" "'API_TOKEN' is contested then"
    mended ours
    [ -z "$(comm -23 <(grep ' s=' theirs | sort) <(grep ' s=' .bulla/dev.vault | sort))" ]
    if grep -qE '^([<>|=])\1{6}' .bulla/dev.vault; then return 1; fi
    git add -A
    try_commit -m merged
    [ "$status" = 0 ]
    bulla resolve API_TOKEN --new < <(echo both) --force
    expect 0
    commit resolved
  done
}

@test "git fix: a conflict where somebody took one side brings back the other" {
  installed
  quiet_git checkout -b other
  bulla rotate API_TOKEN
  commit theirs
  cp .bulla/dev.vault theirs
  quiet_git checkout main
  bulla rotate POSTGRES_PASSWORD
  commit ours
  git -c user.name=t -c user.email=t@example.org merge -q --no-commit other
  git show HEAD:.bulla/dev.vault >.bulla/dev.vault
  bulla git fix --dry-run
  expect 1 "1 record is in 'MERGE_HEAD' and not in the file"
  mended theirs
}

@test "git fix: a cherry-pick without what it stands on gets that, wherever git has it" {
  installed
  quiet_git checkout -b other
  bulla rotate API_TOKEN
  commit one
  bulla rotate POSTGRES_PASSWORD
  commit two
  quiet_git checkout main
  quiet_git cherry-pick other
  bulla list
  expect 5
  bulla git fix --dry-run
  expect 1 "1 record is in this machine's journal"
  # On another machine there is the branch; when that is gone, what HEAD once was.
  rm -r "$XDG_STATE_HOME"
  bulla git fix --dry-run
  expect 1 "1 record is in 'other' and not in the file"
  prints "API_TOKEN"
  quiet_git branch -D other
  bulla git fix --dry-run
  expect 1
  prints "HEAD@{"
  git show HEAD:.bulla/dev.vault >picked
  mended picked
  bulla get API_TOKEN
  expect 0
}

@test "git fix: a cherry-pick whose branch is not here says what to fetch" {
  installed
  quiet_git checkout -b other
  bulla rotate API_TOKEN
  commit one
  bulla rotate POSTGRES_PASSWORD
  commit two
  quiet_git checkout main
  quiet_git cherry-pick other
  quiet_git clone --branch main --single-branch "file://$PWD" ../alone
  rm -r "$XDG_STATE_HOME"
  cd ../alone || return 1
  cp .bulla/dev.vault picked
  bulla list
  expect 5 "names record" "bulla git fix"
  bulla git fix -e dev --yes
  expect 5 "names record" "fetch the branch that the records came from"
  cmp picked .bulla/dev.vault
  quiet_git fetch origin other:refs/remotes/origin/other
  mended picked
}

@test "git fix: a rebase that left a commit out, and an amended one" {
  installed
  echo one | "$BULLA" set NOTE -q && commit one
  bulla rotate API_TOKEN
  commit two
  cp .bulla/dev.vault whole
  GIT_SEQUENCE_EDITOR='sed -i 2d' quiet_git rebase -i HEAD~2
  if grep -q '^set API_TOKEN v=2' .bulla/dev.vault; then return 1; fi
  bulla git fix --dry-run
  expect 1 "1 record went with 'rebase" 
  mended whole
  commit back
  bulla rotate API_KEY || true
  echo two | "$BULLA" set NOTE -q && commit three
  cp .bulla/dev.vault whole
  git show HEAD~1:.bulla/dev.vault >.bulla/dev.vault
  quiet_git commit -a --no-verify --amend -m amended
  bulla git fix --dry-run
  expect 1 "went with 'commit (amend): amended'"
  mended whole
}

@test "git fix: lines that came twice and a header that came twice" {
  installed
  bulla rotate API_TOKEN
  cp .bulla/dev.vault whole
  cat whole whole >.bulla/dev.vault
  bulla verify -e dev
  expect 3 "a second header"
  bulla git fix --dry-run
  expect 1 "has its first line more than once"
  mended whole
  # Of two vaults one has to be kept: nothing is mixed.
  sed 's/^BULLA1 0/BULLA1 1/; t; s/^BULLA1 ./BULLA1 0/' whole >>.bulla/dev.vault
  bulla git fix --yes
  expect 3 "a second header" "import the other's values"
}

@test "git fix: a bad file, a forged branch and another vault are no sources" {
  installed
  bulla rotate API_TOKEN
  commit two
  cp .bulla/dev.vault whole
  sed '/^set API_TOKEN v=2/s/ s=.\{4\}/ s=AAAA/' whole >.bulla/dev.vault
  quiet_git commit -a --no-verify -m forged
  quiet_git reset --hard HEAD~2
  mended whole
  if grep -q '^set API_TOKEN v=2.* s=AAAA' .bulla/dev.vault; then return 1; fi
  commit back
  # What is broken here stays an error, with its place.
  sed -i '/^set API_TOKEN v=2/s/by=alice/by=alicf/' .bulla/dev.vault
  bulla git fix --yes
  expect 5 ".bulla/dev.vault:"
  printf 'nonsense\n' >>.bulla/dev.vault
  bulla git fix --yes
  expect 3 ".bulla/dev.vault:"
  cp whole .bulla/dev.vault
  grep -v '^key ' whole >.bulla/dev.vault
  mended whole
}

@test "git fix: what nobody has is said, and what is accepted is not asked for again" {
  needs git jq
  make_vaults
  person bob
  add bob writer
  repository
  trust dev
  set_as bob API_TOKEN from-bob
  bulla verify -e dev
  expect 0
  quiet_git checkout --orphan fresh
  git show main~1:.bulla/dev.vault >.bulla/dev.vault
  commit fresh
  quiet_git branch -M fresh main
  quiet_git reflog expire --expire=now --all
  bulla git fix -e dev
  expect 0 "nothing is to be mended" "that this machine remembers is nowhere" "verify --accept"
  bulla verify --accept
  expect 0
  bulla git fix -e dev
  expect 0 "nothing is to be mended"
  [[ $stderr != *remembers* ]]
}

@test "git fix: the journal, outside of a work tree" {
  make_vaults
  cp .bulla/dev.vault old
  bulla rotate API_TOKEN
  cp .bulla/dev.vault whole
  cp old .bulla/dev.vault
  bulla git fix --dry-run
  expect 1
  grep -Eq '^set +API_TOKEN +2 .* the journal$' <<<"$output"
  mended whole
}

@test "git fix: no false alarm on other branches, old commits, shallow clones and in worktrees" {
  installed
  quiet_git checkout -b work
  bulla rotate API_TOKEN
  commit turned
  for where in main work HEAD~1 main; do
    quiet_git checkout "$where"
    bulla git fix
    expect 0 "nothing is to be mended"
    bulla verify -e dev
    expect 0
    [[ $stderr != *warning* ]]
  done
  quiet_git clone --depth 1 "file://$PWD" ../shallow
  quiet_git worktree add ../tree work
  for folder in ../shallow ../tree; do
    (cd $folder && bulla git fix && expect 0 "nothing is to be mended" && bulla git pre-commit && expect 0)
  done
  # A fast-forward, a merge and a rebase that lose nothing.
  quiet_git merge work
  bulla git fix
  expect 0 "nothing is to be mended"
  quiet_git checkout -b side HEAD~1
  bulla rotate POSTGRES_PASSWORD
  commit side
  quiet_git rebase main
  bulla git fix
  expect 0 "nothing is to be mended"
}

@test "git fix: all environments, a protected one, and one that cannot be mended" {
  installed
  bulla rotate API_TOKEN -e prod --yes
  bulla rotate API_TOKEN
  commit two
  quiet_git reset --hard HEAD~1
  bulla git fix --dry-run
  expect 1 ".bulla/dev.vault lacks 1 record" ".bulla/prod.vault lacks 1 record"
  printf 'nonsense\n' >>.bulla/dev.vault
  bulla git fix --yes
  expect 3 ".bulla/dev.vault:" ".bulla/prod.vault is whole"
  rm .bulla/dev.vault
  bulla git fix -e dev
  expect 3 "has no vault" "git restore .bulla/dev.vault"
  bulla git fix -e nowhere
  expect 2
}

@test "git fix: on a terminal it asks, and no leaves all as it is" {
  needs expect
  installed
  bulla rotate API_TOKEN
  commit two
  quiet_git reset --hard HEAD~1
  cp .bulla/dev.vault before
  answers=n on_terminal screen "$BULLA" git fix -e dev
  [ "$status" = 1 ]
  grep -q 'nothing was changed' screen
  cmp before .bulla/dev.vault
  [ "$(sed 's/\x1b\[[0-9;]*m//g; s/\r//' screen | wc -L)" -le 80 ]
  answers=y on_terminal screen "$BULLA" git fix -e dev
  [ "$status" = 0 ]
  grep -q '^set API_TOKEN v=2' .bulla/dev.vault
}
