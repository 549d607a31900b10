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
  ! grep -qE ' [dps]=' <<<"$output"
  commit changed
  run --separate-stderr git log -p -1
  grep -Eq '^\+set API_TOKEN v2 ' <<<"$output"
  run --separate-stderr git diff HEAD~1 HEAD -- .bulla/dev.vault
  grep -Eq '^\+set API_KEY v1 ' <<<"$output"
}

@test "git install: twice, in a worktree, and away again" {
  installed
  before=$(cat .git/config .git/hooks/pre-commit)
  bulla git install
  expect 0 "in this clone already"
  [ "$before" = "$(cat .git/config .git/hooks/pre-commit)" ]
  [ -x .git/hooks/pre-commit ]
  quiet_git worktree add ../tree -b side
  cd ../tree || return 1
  bulla git install
  expect 0 "in this clone already"
  printf 'x' >>.bulla/dev.vault
  git add -A
  try_commit -m broken
  [ "$status" != 0 ]
  bulla git uninstall
  expect 0 "shows the lines of vaults again" "checks no vaults any more"
  cd ../project || return 1
  [ ! -e .git/hooks/pre-commit ]
  ! git config diff.bulla.textconv
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
  expect 0 "nothing of ours"
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

@test "git install: core.hooksPath of the clone is where the hook goes, a shared one is left" {
  needs git
  make_vaults
  repository
  git config core.hooksPath team/hooks
  bulla git install
  expect 0
  [ -x team/hooks/pre-commit ] && [ ! -e .git/hooks/pre-commit ]
  printf 'x' >>.bulla/dev.vault
  git add .bulla
  try_commit -m broken
  [ "$status" != 0 ]
  bulla git uninstall
  [ ! -e team/hooks/pre-commit ]
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

@test "git install: no contract, no work tree, no git" {
  bulla git install
  expect 3 "no bulla.ini"
  make_vaults
  bulla git install
  expect 3 "is in no git work tree"
  needs git
  repository
  mkdir ../none
  run --separate-stderr env PATH="$PWD/../none" "$BULLA" git install
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
  expect 5 "lacks 1 record that HEAD has" "bulla restore" "--no-verify"
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
  bulla git pre-commit
  expect 0
  echo more >notes && git add notes
  printf '\n' >>.bulla/dev.vault && git add .bulla
  bulla git pre-commit
  expect 5 "that MERGE_HEAD has"
}
