# What a hostile repository, a crash and a low lock limit may not do.
load helper
load stack

@test "check: runs nothing that a repository brings (a bare repository in a folder)" {
  make_stack
  git init -q .
  mkdir -p deploy/objects deploy/refs
  echo 'ref: refs/heads/main' >deploy/HEAD
  printf '[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = "."\n\tfsmonitor = "touch %s/ran; false"\n' \
    "$HOME" >deploy/config
  printf '\n[environment dev]\noutput = deploy/.env\n' >>bulla.ini
  bulla check
  [ ! -e "$HOME/ran" ]
}

@test "check: a git that the repository brings is not started, whatever PATH says" {
  needs git
  make_stack
  git init -q .
  printf '#!/bin/sh\ntouch %s/ran\n' "$HOME" >git
  chmod +x git
  local path
  for path in ":$PATH" ".:$PATH" "$PATH:" .; do
    PATH=$path bulla check
  done
  [ ! -e "$HOME/ran" ]
}

@test "render: does not follow the contract out of the project" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  printf '\n[environment dev]\noutput = ../home/.bashrc\n' >>bulla.ini
  bulla render
  [ ! -e "$HOME/.bashrc" ]
}

@test "render: does not follow a link in the place of its file" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  echo mine >"$HOME/victim"
  ln -s "$HOME/victim" .env
  bulla render
  [ "$(cat "$HOME/victim")" = mine ]
}

@test "init: temporary files of rendering are ignored by git too" {
  make_stack
  git init -q .
  bulla init --name alice
  git check-ignore -q .env.tmp-123-0
}

@test "get: --require-locked-memory refuses where the value itself cannot be locked" {
  ! grep -qa __asan_init "$BULLA" || skip "the address sanitizer takes mlock for itself"
  make_vaults
  head -c 60000 /dev/zero | tr '\0' 'x' >big
  bulla set API_KEY --force --file big
  unprivileged
  run --separate-stderr bash -c 'ulimit -l 72; "$0" --require-locked-memory get API_KEY >/dev/null' "$BULLA"
  [ "$status" -eq 1 ]
}

# refuses_output PATH TEXT: `output = PATH` of the contract is refused with TEXT and touches nothing.
refuses_output() {
  local before
  before=$(sha256sum .git/config .git/HEAD .bulla/dev.vault compose.yaml)
  cp bulla.ini bulla.ini.before
  printf '\n[environment dev]\ntemplate = lines.env\noutput = %s\n' "$1" >>bulla.ini
  bulla render
  expect 1 "bulla.ini:" "$2"
  [ "$before" = "$(sha256sum .git/config .git/HEAD .bulla/dev.vault compose.yaml)" ]
  bulla render --check
  expect 1 "$2"
  mv bulla.ini.before bulla.ini
}

@test "render: the contract cannot choose a file of git's, Compose's or bulla's as its output" {
  needs git
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  git init -q .
  # git takes this for its configuration, and an env file it is as well
  printf '[core]\nfsmonitor = "touch %s/ran; false"\n' "$HOME" >lines.env
  ln -s .git x
  ln -s .bulla y
  mkdir -p sub
  ln .git/config hard
  refuses_output .git/config "lies in '.git'"
  refuses_output .git/HEAD "lies in '.git'"
  refuses_output .GIT "lies in '.git'"
  refuses_output .git/hooks/post-checkout "lies in '.git'"
  refuses_output x/config "lies in '.git'"
  refuses_output sub/../.git/config "lies in '.git'"
  for name in .hg .jj .sl .svn CVS .bzr _darcs .pijul .repo; do
    mkdir -p "$name"
    refuses_output "$name/hgrc" "lies in '$name'"
  done
  refuses_output .HG "lies in '.hg'"
  ln -s .hg z
  refuses_output z/hgrc "lies in '.hg'"
  refuses_output .fslckout "lies in '.fslckout'"
  refuses_output .bulla/dev.vault "lies in '.bulla'"
  refuses_output y/new.vault "lies in '.bulla'"
  refuses_output bulla.ini "is the contract"
  refuses_output compose.yaml "has the name of a compose file"
  refuses_output sub/docker-compose.override.yml "has the name of a compose file"
  refuses_output lines.env "is the template"
  ln compose.yaml stack.yaml
  sed -i 's/^\[environment prod\]/&\ncompose = stack.yaml/' bulla.ini
  ln stack.yaml other
  refuses_output other "is a compose file, 'stack.yaml'"
  mkdir -p bare/objects bare/refs
  echo 'ref: refs/heads/main' >bare/HEAD
  refuses_output bare/config "lies in a git directory"
  git status >/dev/null
  [ ! -e "$HOME/ran" ]
}

@test "render: a folder that a repository may bring can have the output" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  mkdir .devcontainer
  printf '\n[environment dev]\noutput = .devcontainer/.env\n' >>bulla.ini
  may_hold_canary .devcontainer/.env
  bulla render
  expect 0 ".devcontainer/.env: written"
}

@test "render: what git tracks is the contract's output only where the user names it" {
  needs git
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  git init -q .
  echo 'all:' >Makefile
  git add Makefile
  printf '\n[environment dev]\noutput = Makefile\n' >>bulla.ini
  bulla render
  expect 1 "bulla.ini:" "'Makefile' is tracked by git" "git rm --cached Makefile"
  [ "$(cat Makefile)" = all: ]
  may_hold_canary Makefile
  bulla render -o Makefile
  expect 0 "warning: git tracks Makefile"
}

@test "render: the template is a file of the project, and holds what an env file may hold" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  echo 'MINE=of-the-user' >"$HOME/private"
  ln -s "$HOME/private" linked.env
  mkdir .git
  echo 'MINE=of-git' >.git/credentials
  cp bulla.ini before.ini
  for template in ../home/private linked.env; do
    { cat before.ini && printf '\n[environment dev]\ntemplate = %s\n' "$template"; } >bulla.ini
    bulla render
    expect 1 "bulla.ini:" "lies outside the folder of bulla.ini"
    [ ! -e .env ]
  done
  { cat before.ini && printf '\n[environment dev]\ntemplate = .git/credentials\n'; } >bulla.ini
  bulla render
  expect 1 "lies in '.git'"
  { cat before.ini && printf '\n[environment dev]\ntemplate = lines.env\n'; } >bulla.ini
  for line in '[remote "x"]' '! touch /tmp/ran' '{"a": 1}'; do
    printf '# first\n%s\n' "$line" >lines.env
    bulla render
    expect 3 "lines.env:2:"
    [ ! -e .env ]
  done
  # a bare name is a line that Compose takes
  printf '# first\n[core]\nBARE\nexport API_KEY=\n' >lines.env
  may_hold_canary .env
  bulla render
  expect 0
  grep -qx 'BARE' .env
}

@test "get: a vault that is exchanged while its root is asked about is not trusted" {
  needs expect
  make_vaults
  # Who made a vault knows its root: bob does not.
  bulla age keygen -o bob.txt
  expect 0
  bulla recipient add bob "$(sed -n 's/^# public key: //p' bob.txt)" -e dev --yes
  expect 0
  cp .bulla/dev.vault shown.vault
  rm -r .bulla "$XDG_STATE_HOME"
  bulla init --name alice
  expect 0
  cp .bulla/dev.vault other.vault
  cp shown.vault .bulla/dev.vault
  rm -rf "$XDG_STATE_HOME" "$XDG_CONFIG_HOME"
  status=0
  command expect -f - "$BULLA" --identity bob.txt get --reveal API_TOKEN >shown <<'END' || status=$?
set timeout 30
set stty_init "columns 80 rows 24"
eval spawn -noecho $argv
expect -re {\]: $} {} timeout { exit 99 }
exec cp other.vault .bulla/dev.vault
send -- "y\r"
expect eof {} timeout { exit 98 }
exit [lindex [wait] 3]
END
  [ "$status" -eq 5 ]
  grep -q 'the pinned one is' shown
  [ ! -e "$XDG_STATE_HOME/bulla/paths" ]
}

@test "a link in the place of .bulla is refused by every command, and nothing is written through it" {
  load people
  needs git
  make_vaults
  bulla rotate API_TOKEN
  bulla verify
  repository
  quiet_git checkout -b hostile
  mv .bulla vaults
  cp vaults/dev.vault whole
  cut_vault whole vaults/dev.vault
  ln -s vaults .bulla
  commit "a link"
  local before
  before=$(sha256sum vaults/*)
  for words in "verify --against main" verify "get API_TOKEN" list "rotate API_TOKEN" "init --name alice" render; do
    # shellcheck disable=SC2086
    bulla $words
    expect 3 ".bulla: error: is a symbolic link"
  done
  [ "$before" = "$(sha256sum vaults/*)" ]
  # a folder that init would write into
  rm -r .bulla vaults bulla.ini
  mkdir "$HOME/elsewhere"
  chmod 700 "$HOME/elsewhere"
  ln -s "$HOME/elsewhere" .bulla
  make_stack
  bulla init --name alice
  expect 3 ".bulla: error: is a symbolic link"
  [ -z "$(ls -A "$HOME/elsewhere")" ]
  [ "$(stat -c %a "$HOME/elsewhere")" = 700 ]
}

@test "verify --against: a folder that was renamed hides no record, also on a machine that knows nothing" {
  load people
  needs git
  mkdir app
  cd app || return 1
  make_vaults
  bulla rotate API_TOKEN
  cd ..
  repository
  quiet_git checkout -b work
  git mv app moved
  commit moved
  cp moved/.bulla/dev.vault whole
  rm -rf "$XDG_STATE_HOME"
  cd moved || return 1
  bulla verify --against main
  expect 0
  prints "nothing is gone that 1 other state had; 0 new"
  cut_vault ../whole .bulla/dev.vault
  commit cut
  rm -rf "$XDG_STATE_HOME"
  bulla verify --against main
  expect 5 "1 record that the common commit" "is gone"
  # a link of a folder above leads to the place that git knows
  cd ..
  ln -s moved link
  cd link || return 1
  bulla verify --against main
  expect 5 "is gone"
}

# A project in deploy on main, and a pull request's branch; another project's files are in ../other.
move_project() {
  load people
  needs git
  mkdir deploy "$BATS_TEST_TMPDIR/other"
  cd "$BATS_TEST_TMPDIR/other" && make_vaults
  cd - && cd deploy && make_vaults && cd ..
  repository
  quiet_git checkout -b work
}

@test "verify --against: a project that is moved cannot leave its vault behind for another one" {
  move_project
  mv deploy/bulla.ini .
  cp -r "$BATS_TEST_TMPDIR/other/.bulla" .
  for old in there elsewhere gone; do
    [[ $old != elsewhere ]] || { mkdir attic && mv deploy/.bulla attic; }
    [[ $old != gone ]] || rm -r attic
    commit "the old vault is $old"
    bulla -C deploy verify --against main
    expect 5 "deploy/.bulla/dev.vault: error: was the vault of this folder in commit" "git mv"
    prints_only ""
    bulla -C deploy verify -e dev --against main
    expect 5 "deploy/.bulla/dev.vault: error: was the vault of this folder in commit"
  done
  # From where there was no project nothing was taken; what is gone is gone all the same.
  bulla verify --against main
  expect 5 "deploy/.bulla/dev.vault: error: is not there, and commit" "git restore"
  # One that takes its vaults along is the same project.
  quiet_git checkout -B work main
  git mv deploy/bulla.ini deploy/.bulla .
  commit moved
  rm -rf "$XDG_STATE_HOME"
  bulla -C deploy verify --against main
  expect 0
  prints "nothing is gone that 1 other state had; 0 new"
}

@test "verify --against: a second project takes nothing from the first, and its end is told" {
  move_project
  cp -r "$BATS_TEST_TMPDIR/other" second
  commit "a second stack"
  for folder in deploy second; do
    bulla -C "$folder" verify --against main
    expect 0
  done
  git mv deploy moved
  commit "the first one is moved"
  bulla -C second verify --against main
  expect 0
  bulla -C moved verify --against main
  expect 0
  quiet_git rm -rfq moved
  commit "the first one ends"
  bulla -C second verify --against main
  expect 5 "deploy/.bulla/dev.vault: error: is not there, and commit" "git restore"
}

# put_module FOLDER: FOLDER with an older vault becomes a submodule of the project, without a branch.
put_module() {
  local module=$BATS_TEST_TMPDIR/module
  rm -rf "$module"
  cp -r "$1" "$module"
  vault=$(cd "$module" && find . -name dev.vault)
  cut_vault "$1/$vault" "$module/$vault"
  (cd "$module" && repository && quiet_git tag base)
  quiet_git rm -rq "$1"
  quiet_git -c protocol.file.allow=always submodule add "$module" "$1"
  commit "a submodule"
  quiet_git -C "$1" checkout --detach
}

@test "a submodule in the place of .bulla is refused by every command" {
  load people
  needs git
  make_vaults
  bulla rotate API_TOKEN
  repository
  put_module .bulla
  for words in "verify --against HEAD~1" verify "get API_TOKEN" list "rotate API_TOKEN" "init --name alice" render; do
    # shellcheck disable=SC2086
    bulla $words
    expect 3 ".bulla: error: is a git work tree of its own" "put the folder itself there"
  done
}

@test "a submodule in the place of the project's folder hides no rollback" {
  load people
  needs git
  mkdir stack && cd stack || return 1
  make_vaults
  bulla rotate API_TOKEN
  cd ..
  repository
  quiet_git tag base
  bulla -C stack verify
  expect 0
  put_module stack
  rm "$XDG_STATE_HOME"/bulla/*/journal
  # This machine has seen more of it on this branch of the project.
  bulla -C stack verify
  expect 5 "rolled back"
  bulla -C stack get POSTGRES_PASSWORD
  expect 5 "rolled back"
  # One that has not can ask git.
  rm -rf "$XDG_STATE_HOME"
  for words in "" "-e dev"; do
    # shellcheck disable=SC2086
    bulla -C stack verify --against base $words
    expect 5 "stack/.bulla/dev.vault: error: is not there, and commit"
  done
  # A project that was one before is compared with what it was, whatever the one around it knows.
  rm -rf "$XDG_STATE_HOME"
  bulla -C stack verify --against HEAD
  expect 0
  quiet_git -C stack tag only
  bulla -C stack verify --against only
  expect 0
}

@test "a linked worktree in the work tree is no submodule" {
  load people
  needs git
  make_vaults
  repository
  quiet_git worktree add -b side linked
  quiet_git rm -rq .bulla bulla.ini
  commit "the other one ends"
  bulla -C linked verify --against side
  expect 0
}

@test "verify: what was seen of a vault is remembered when its folder is moved in the work tree" {
  load people
  needs git
  quiet_git init .
  mkdir app
  cd app || return 1
  make_vaults
  commit first
  bulla rotate API_TOKEN
  bulla verify
  expect 0
  cd ..
  mv app moved
  cp moved/.bulla/dev.vault whole
  rm "$XDG_STATE_HOME"/bulla/*/journal
  cd moved || return 1
  bulla verify
  expect 0
  cd ..
  mv moved again
  cut_vault whole again/.bulla/dev.vault
  cd again || return 1
  bulla verify
  expect 5 "rolled back" "verify --accept"
  bulla get POSTGRES_PASSWORD
  expect 5 "rolled back"
  bulla verify --accept
  expect 0
  bulla verify
  expect 0
}

@test "verify: a detached commit alarms nobody who goes back to an older one" {
  load people
  needs git
  make_vaults
  repository
  bulla rotate API_TOKEN
  commit turned
  rm "$XDG_STATE_HOME"/bulla/*/journal
  quiet_git checkout --detach HEAD
  bulla verify
  expect 0
  quiet_git checkout --detach HEAD~1
  bulla verify
  expect 0
  [[ $stderr != *warning* ]]
}

@test "a contract of another user in a folder above is not obeyed, in the working directory it is" {
  [ "$(id -u)" = 0 ] || skip "only root can give a file away"
  make_vaults
  mkdir sub
  cd sub || return 1
  bulla list
  expect 0
  chown 65534 ../bulla.ini
  for words in list "run -- true" check "init --name alice"; do
    # shellcheck disable=SC2086
    bulla $words
    expect 1 "bulla.ini: error: belongs to another user" "bulla -C "
  done
  [ ! -e bulla.ini ]
  SUDO_UID=65533 bulla list
  expect 1 "belongs to another user"
  SUDO_UID=65534 bulla list
  expect 0
  bulla -C .. list
  expect 0
  chown 0 ../bulla.ini
  chown 65534 ../.bulla
  bulla list
  expect 1 ".bulla: error: belongs to another user"
  rm -r ../.bulla
  # a link of theirs to a contract of ours
  mv ../bulla.ini ../kept.ini
  ln -s kept.ini ../bulla.ini
  chown -h 65534 ../bulla.ini
  bulla list
  expect 1 "bulla.ini: error: belongs to another user"
}

@test "a contract above the git work tree is another project's" {
  needs git
  make_vaults
  mkdir -p inner/deep
  git init -q inner
  cd inner/deep || return 1
  bulla list
  expect 3 "no bulla.ini here or in a folder above in the git work tree"
  mv ../../bulla.ini ../../.bulla ..
  bulla list
  expect 0
}

@test "render: a link that another user has put into a shared folder is not followed" {
  [ "$(id -u)" = 0 ] || skip "only root can give a link away"
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  mkdir -m 1777 shared
  echo mine >"$HOME/victim"
  ln -s "$HOME/victim" shared/app.env
  chown -h 65534 shared/app.env
  bulla render -o shared/app.env
  expect 1 "shared/app.env: error: is a symbolic link of another user"
  [ "$(cat "$HOME/victim")" = mine ]
  # one's own is followed
  may_hold_canary "$HOME/victim"
  chown -h 0 shared/app.env
  bulla render -o shared/app.env
  expect 0
  grep -q "API_KEY=" "$HOME/victim"
  [ -L shared/app.env ]
}

@test "get: a contract that calls a secret a setting does not show it to a terminal" {
  needs expect
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  sed -i '/^\[API_KEY\]/,/^$/c [API_KEY]\nkind = setting\ndefault = x\n' bulla.ini
  on_terminal shown "$BULLA" get API_KEY
  [ "$status" = 1 ]
  grep -q -- --reveal shown
  # one that stands in the contract is shown
  on_terminal shown "$BULLA" get LOG_LEVEL
  [ "$status" = 0 ]
  grep -q DEBUG shown
}

# names_parts TEXT: `check` of a compose file that holds TEXT says something, and no value of $it.
names_parts() {
  printf '%s\n' "$1" >compose.yaml
  bulla check
  [ -n "$output" ]
  [[ $output$stderr != *"$CANARY"* ]] || return 1
}

# each_hostile_part NAME: where Compose files name files, services and networks by a variable.
each_hostile_part() {
  local it="\${$1}"
  names_parts "services: {web: {image: a, env_file: \"$it\"}}"
  names_parts "services: {web: {image: a, env_file: [{path: \"$it/x\"}]}}"
  names_parts "services: {web: {image: a, label_file: \"$it\"}}"
  names_parts "services: {web: {extends: {file: \"$it\", service: x}}}"
  names_parts "services: {web: {extends: {service: \"$it\"}}}"
  names_parts "{include: [\"$it\"], services: {web: {image: a}}}"
  names_parts "{include: [\"https://$it\"], services: {web: {image: a}}}"
  names_parts "{include: [{path: x.yaml, env_file: \"$it\"}], services: {web: {image: a}}}"
  names_parts "services: {web: {image: a, networks: [\"$it\"]}}"
  names_parts "services: {web: {image: a, depends_on: [\"$it\"]}}"
  names_parts "services: {web: {image: a, links: [\"$it\"]}}"
  names_parts "services: {web: {image: a, volumes_from: [\"$it\"]}}"
  names_parts "services: {web: {image: a, pid: \"service:$it\"}}"
  names_parts "services: {web: {image: a, secrets: [\"$it\"], configs: [\"$it\"]}}"
  names_parts "services: {web: {build: {context: \"$it\", dockerfile: \"$it\"}}}"
}

@test "check: a compose file cannot have a value of the vault told in a message" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  printf 'services: {x: {image: a}}\n' >x.yaml
  each_hostile_part API_KEY
  names_parts 'services: {web: {image: a, env_file: "${API_KEY}"}}'
  expect 1
  prints "compose.yaml:1:" "'\${API_KEY}': cannot open"
}

@test "check: a compose file cannot have a value of the environment or of .env told in a message" {
  printf 'services: {x: {image: a}}\n' >x.yaml
  export TOKEN=$CANARY
  each_hostile_part TOKEN
  unset TOKEN
  echo "TOKEN=$CANARY" >.env
  may_hold_canary .env
  each_hostile_part TOKEN
}

@test "a private key in the place of a name is told as such, and is in no error" {
  make_vaults
  local file=$XDG_CONFIG_HOME/bulla/identity.txt line text key row words=() variable
  line=$(grep '^AGE-SECRET-KEY-' "$file")
  text=$(<"$file")
  for row in "--identity KEY list" "list --identity=KEY" "-e KEY list" "--root KEY list" "get KEY" \
    "explain KEY" "get -- KEY" "run KEY" "age encrypt -i KEY" "identity import KEY" "KEY" "--KEY"; do
    for key in "$line" "$text"; do
      read -r -a words <<<"$row"
      bulla "${words[@]//KEY/$key}"
      expect 2 "the text of a private key" "BULLA_IDENTITY"
      [[ $output$stderr != *AGE-SECRET-KEY-1* ]]
    done
  done
  for variable in BULLA_IDENTITY_FILE BULLA_ROOT BULLA_ENV; do
    observe env "$variable=$text" "$BULLA" get API_KEY
    expect 2 "$variable is the text of a private key" "BULLA_IDENTITY takes"
    [[ $output$stderr != *AGE-SECRET-KEY-1* ]]
  done
  # What is the child's stays the child's, and a file may be called after what is in it.
  printf 'from-the-provider\n' | "$BULLA" set API_KEY --force -q
  bulla_revealing run -- printf '%s' "$line"
  expect 0
  cp "$file" age-secret-key-1.txt
  bulla --identity age-secret-key-1.txt list
  expect 0
}

# A work tree that git does not read for us: another user's, whose .env is committed.
another_users() {
  [ "$(id -u)" = 0 ] || skip "only root can give a file away"
  needs git
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  rm value
  git init -q .
  touch .env && chmod 600 .env
  git add -f .env
  chown -R 65534 .
  ! git status >/dev/null 2>&1 || skip "this git takes another user's folder"
  may_hold_canary .env
}

@test "render: says where git does not tell whether it tracks the file" {
  another_users
  bulla render
  expect 0 "warning: git does not say whether it tracks .env, and it holds secrets" \
    "git config --global --add safe.directory $PWD"
  git config --global --add safe.directory "$PWD"
  bulla rotate API_TOKEN
  expect 0
  bulla render
  expect 1 "'.env' is tracked by git"
}

@test "render: says where there is a work tree and no git, and is quiet where there is none" {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  may_hold_canary .env
  PATH=/nonexistent bulla render
  expect 0
  [[ $stderr != *warning* ]]
  mkdir .git
  rm .env
  PATH=/nonexistent bulla render
  expect 0 "warning: there is no git to say whether it tracks .env, and it holds secrets"
}

@test "render: where git gives no answer that is said of a file of one's own choice, too" {
  another_users
  may_hold_canary my.env
  bulla render -o my.env
  expect 0 "warning: git does not say whether it tracks my.env, and it holds secrets" \
    "git config --global --add safe.directory $PWD"
  [ "$(grep -c warning: <<<"$stderr")" = 1 ]
  rm my.env
  PATH=/nonexistent bulla render -o my.env
  expect 0 "warning: there is no git to say whether it tracks my.env, and it holds secrets"
  # The work tree that counts is that of the file.
  may_hold_canary "$BATS_TEST_TMPDIR/away.env"
  bulla render -o "$BATS_TEST_TMPDIR/away.env"
  expect 0
  [[ $stderr != *warning* ]]
}

@test "check: a git that gives no answer is a finding, in every format" {
  another_users
  bulla render
  expect 0
  cp "$XDG_CONFIG_HOME/bulla/identity.txt" id.txt
  bulla check
  prints ".env: warning B402 git does not say whether it tracks this file, and it holds secrets" \
    "safe.directory" "id.txt:3:1: warning B416 git does not say whether it ignores this file"
  bulla check --format github
  prints "B402"
  git config --global --add safe.directory "$PWD"
  bulla check
  expect 1
  prints ".env: error B402 git tracks this file"
}

# Every hint of the last run, pasted whole into a shell in a copy of this folder, makes no file PWNED.
pasting_is_harmless() {
  local hint copy=$BATS_TEST_TMPDIR/copy count=0
  while IFS= read -r hint; do
    rm -rf "$copy"
    cp -a . "$copy"
    (cd "$copy" && sh -c "$hint" >/dev/null 2>&1 </dev/null) || true
    if [[ -n $(find "$BATS_TEST_TMPDIR" -name PWNED) ]]; then
      said "pasting this runs what a name says: $hint"
      return 1
    fi
    count=$((count + 1))
  done < <(sed -n 's/^ *hint: //p' <<<"$stderr")
  [ "$count" != 0 ]
}

@test "hints: a rendered file's name is a word of the command" {
  needs git
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  rm value
  git init -q .
  touch -- 'x;touch PWNED;.env' '$(touch PWNED)' '-r' '*'
  git add -- 'x;touch PWNED;.env' '$(touch PWNED)' '-r' '*'
  cp bulla.ini before.ini
  for name in 'x;touch PWNED;.env' '$(touch PWNED)'; do
    { cat before.ini; printf '\n[environment dev]\noutput = %s\n' "$name"; } >bulla.ini
    bulla render
    expect 1 "is tracked by git" "git rm --cached '$name', and"
    pasting_is_harmless
  done
  # Nor is one an option or a pattern of git's, which would take other files too.
  for name in -r '*'; do
    { cat before.ini; printf '\n[environment dev]\noutput = %s\n' "$name"; } >bulla.ini
    bulla render
    expect 1 "git rm --cached ':(literal)$name', and"
  done
  mv before.ini bulla.ini
  may_hold_canary 'x;touch PWNED;.env' "$BATS_TEST_TMPDIR/copy/x;touch PWNED;.env"
  bulla render -o 'x;touch PWNED;.env'
  expect 0 "git tracks x;touch PWNED;.env" "git rm --cached 'x;touch PWNED;.env', and"
  pasting_is_harmless
}

@test "hints: what the hook refuses is a word of the command" {
  needs git
  make_vaults
  folder='a;touch PWNED;$(touch PWNED)'
  mkdir "$folder"
  cp -r bulla.ini compose.yaml .bulla "$folder"
  git init -q .
  git config user.name alice && git config user.email a@example.org
  git add . && git commit -qm first
  git rm -q --cached "$folder/.bulla/dev.vault"
  echo A=1 >"$folder/.env"
  cp "$XDG_CONFIG_HOME/bulla/identity.txt" "$folder/key"
  echo API_TOKEN=a5d0c1b96fe24837 >"$folder/app.env"
  git add -f "$folder/.env" "$folder/key" "$folder/app.env"
  bulla git pre-commit
  expect 1 "git restore --staged --worktree '$folder/.bulla/dev.vault' brings" \
    "git rm --cached '$folder/.env', and" "git rm --cached '$folder/key', and" \
    "git rm --cached '$folder/app.env', and"
  pasting_is_harmless
  git reset -q --hard
  git checkout -q -b other HEAD~0
  mkdir "$folder/new" && cp -r bulla.ini compose.yaml .bulla "$folder/new"
  git add . && git commit -qm other
  git checkout -q -
  echo more >>README && git add . && git commit -qm more
  git merge -q --no-commit --no-ff other
  git rm -q --cached "$folder/new/.bulla/dev.vault"
  bulla git pre-commit
  expect 5 "would leave out a vault" "-- '$folder/new/.bulla/dev.vault' takes it"
  pasting_is_harmless
}

@test "hints: what a contract or a command line names is a word of the command" {
  needs git
  make_stack
  bulla init --name alice
  expect 0
  git init -q .
  # The next command of init is the contract's choice in a clone.
  cp bulla.ini before.ini
  { cat before.ini; printf '\n[environment dev]\noutput = x;touch PWNED;.env\n'; } >bulla.ini
  touch 'x;touch PWNED;.env' && git add .
  bulla init
  expect 0
  prints "git rm --cached 'x;touch PWNED;.env'"
  rm 'x;touch PWNED;.env'
  # Every -f of the command that is not started, each one word.
  sed 's/^\[environment prod\]/&\noutput = .env.prod/' before.ini >bulla.ini
  printf 'services: {db: {image: example/db, env_file: .env.prod}}\n' >'a;touch PWNED;.yaml'
  cp 'a;touch PWNED;.yaml' b.yaml
  echo LOG_LEVEL=INFO >.env.prod
  printf 'from-the-provider\n' | "$BULLA" set API_KEY --force -q
  bulla run -- docker compose -f 'a;touch PWNED;.yaml' -f b.yaml up
  expect 1 "is rendered for 'prod', and 'db' reads it" "bulla check -f 'a;touch PWNED;.yaml' -f b.yaml says where"
  pasting_is_harmless
  local many=()
  for _ in {1..40}; do many+=(-f b.yaml); done
  bulla run -- docker compose -f b.yaml "${many[@]}" up
  expect 1 "bulla check with the same -f says where"
  bulla identity new --out 'i d;touch PWNED;.key'
  expect 0 "to use it: --identity 'i d;touch PWNED;.key', or"
}

@test "hints: a folder is a word of the command" {
  make_vaults
  folder="d'; touch PWNED; '"
  mkdir "$folder"
  cp compose.yaml "$folder"
  bulla check -f "$folder/compose.yaml"
  expect "$status" "is no part of bulla.ini" "bulla -C 'd'\''; touch PWNED; '\''' init"
  pasting_is_harmless
  bulla init -f "$folder/compose.yaml"
  expect 1 "bulla -C 'd'\''; touch PWNED; '\''' init; a part"
  pasting_is_harmless
  bulla -C "$folder" init --name alice
  expect 0
  rm -rf bulla.ini .bulla
  bulla init -f "$folder/compose.yaml"
  expect 1 "has a bulla.ini of its own" "bulla -C 'd'\''; touch PWNED; '\''' init"
  pasting_is_harmless
  rm -rf "$folder"/{bulla.ini,.bulla}
  mkdir "$folder/sub"
  cd "$folder/sub"
  bulla init
  expect 1 "has to lie there or above" "'\''; touch PWNED; '\''' init"
  pasting_is_harmless
}

@test "hints: where to get a value is no command" {
  make_vaults
  sed -i 's|^obtain = .*|obtain = ask; touch PWNED|' bulla.ini
  bulla render
  expect 3 "bulla set API_KEY; get it from 'ask; touch PWNED'"
  pasting_is_harmless
}
