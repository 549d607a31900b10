# What bulla init imports from an env file, and what git knows of it already.
load helper

setup_file() {
  command -v git >/dev/null || skip "git is not installed"
}

# stack LINE...: a stack whose service reads .env, which has the LINEs.
stack() {
  printf '%s\n' 'services: {db: {image: example/db, env_file: .env}}' >compose.yaml
  printf '%s\n' "$@" >.env
}

commit() {
  git -c user.name=a -c user.email=a@example.net commit -qm "$1"
}

# forget FILE: git has it no more, but for its history.
forget() {
  git rm -q --cached "$1"
  commit "without $1"
}

@test "init: what an older commit's file held is exposed, and nothing else" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ QUEUE_SECRET=aB3dEf6hIj9kLm2n LEVEL=5
  git add -f .env compose.yaml
  commit first
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ QUEUE_SECRET=uS8xmNo05yRcQ3wA MAIL_SECRET=Zk4nWq8tYb6mXc2v LEVEL=5
  git add -f .env
  commit second
  forget .env
  stack SESSION_SECRET=nE1wKw3aLp5sDf7g QUEUE_SECRET=aB3dEf6hIj9kLm2n \
    POST_SECRET=Zk4nWq8tYb6mXc2v LEVEL=5
  bulla init
  expect 0
  prints "4 imported" "exposed    2 imported from .env, which older commits have: every clone reads them"
  [[ $output != *"--cached"* && $output != *"is not known"* ]]
  bulla status
  prints "2 exposed"
  bulla history QUEUE_SECRET
  prints exposed
  # the same value under another name
  bulla history POST_SECRET
  prints exposed
  bulla history SESSION_SECRET
  [[ $output != *exposed* ]]
}

@test "init: a file that only another branch had counts too" {
  git init -q
  printf '%s\n' 'services: {db: {image: example/db, env_file: .env}}' >compose.yaml
  git add .
  commit base
  git branch other
  git checkout -q other
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  git add -f .env
  commit leak
  git checkout -q -
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  bulla init
  expect 0
  prints "exposed    1 imported from .env, which older commits have: every clone reads it"
}

@test "init: a file that git had with other values is not exposed" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  git add -f .env compose.yaml
  commit first
  forget .env
  stack SESSION_SECRET=uS8xmNo05yRcQ3wA
  bulla init
  expect 0
  [[ $output != *exposed* && $output != *history* ]]
  bulla status
  [[ $output != *exposed* ]]
}

@test "init: a version that is no env file says nothing, the ones before it do" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  git add -f .env compose.yaml
  commit first
  printf '\0\1<<<<<<< ours\n"open\n' >.env
  git add -f .env
  commit broken
  forget .env
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  bulla init
  expect 0
  prints "exposed    1 imported from .env, which older commits have"
}

@test "init: a version that Compose would not read is searched, and what it cannot tell is said" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ QUEUE_SECRET=aB3dEf6hIj9kLm2n PIN_SECRET=q7Rk2 '<<<<<<< HEAD'
  git add -f .env compose.yaml
  commit first
  forget .env
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ QUEUE_SECRET=uS8xmNo05yRcQ3wA PIN_SECRET=q7Rk2
  bulla init
  expect 0
  prints "exposed    1 imported from .env, which older commits have" \
    "history    not all older versions can be read: whether one has more of .env is not known"
  bulla history SESSION_SECRET
  prints exposed
  bulla history QUEUE_SECRET
  [[ $output != *exposed* ]]
}

@test "init: no setting of git's hides the first commit, or what a merge brought" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  git add -f .env compose.yaml
  commit first
  forget .env
  git checkout -q -b other
  git -c user.name=a -c user.email=a@example.net commit -q --allow-empty -m other
  git checkout -q -
  git -c user.name=a -c user.email=a@example.net merge -q --no-ff --no-commit other
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ MAIL_SECRET=Zk4nWq8tYb6mXc2v
  git add -f .env
  commit merged
  forget .env
  git config log.showRoot false
  git config log.diffMerges off
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ MAIL_SECRET=Zk4nWq8tYb6mXc2v
  bulla init
  expect 0
  prints "exposed    2 imported from .env, which older commits have"
}

@test "init: what is too large or too old to be looked at is said" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  { cat .env; head -c 4200000 /dev/zero | tr '\0' '#'; } >large
  cp .env small
  mv large .env
  git add -f .env compose.yaml
  commit first
  forget .env
  mv small .env
  bulla init
  expect 0
  prints "history    not all older versions can be read: whether one has more of .env is not known"
  rm -rf .bulla bulla.ini .gitignore "$XDG_STATE_HOME/bulla" .git
  git init -q
  local number
  for ((number = 0; number < 203; number++)); do
    printf 'commit refs/heads/many\ncommitter a <a@example.net> %d +0000\ndata 0\n' "$number"
    printf 'M 100644 inline .env\ndata <<END\nSESSION_SECRET=%s\nEND\n\n' \
      "$([ "$number" = 0 ] && echo tR7wkLm94xQbP2vZ || echo "$number")"
  done | git fast-import --quiet
  bulla init
  expect 0
  prints "history    not all older versions can be read: whether one has more of .env is not known"
}

@test "init: of a link the file counts to which it leads" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  mkdir config
  mv .env config/app.env
  ln -s config/app.env .env
  git add -f config
  commit first
  bulla init
  expect 0
  prints "exposed    1 imported from config/app.env, which git has: every clone reads it"
}

@test "init: that git has a link says nothing of what it leads to" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  mkdir "$BATS_TEST_TMPDIR/away"
  mv .env "$BATS_TEST_TMPDIR/away/app.env"
  ln -s "$BATS_TEST_TMPDIR/away/app.env" .env
  git add -f .env
  commit first
  bulla init
  expect 0
  [[ $output != *exposed* ]]
}

@test "init: a clone that is cut short cannot tell, and that is said" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  git add -f .env compose.yaml
  commit first
  forget .env
  git clone -q --depth 1 "file://$PWD" "$BATS_TEST_TMPDIR/part"
  cd "$BATS_TEST_TMPDIR/part"
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  bulla init
  expect 0
  prints "history    this clone lacks older commits: whether one has .env is not known"
  [[ $output != *exposed* ]]
}

@test "init: without git its history is not known, where there is one" {
  git init -q
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  mkdir empty
  PATH=$PWD/empty bulla init
  expect 0
  prints "history    git does not answer: whether an older commit has .env is not known"
}

@test "init: without git and without a history nothing is said of it" {
  stack SESSION_SECRET=tR7wkLm94xQbP2vZ
  mkdir empty
  PATH=$PWD/empty bulla init
  expect 0
  [[ $output != *history* ]]
}
