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
  cp .bulla/dev.vault shown.vault
  rm -r .bulla
  bulla init --name alice
  cp .bulla/dev.vault other.vault
  cp shown.vault .bulla/dev.vault
  rm -rf "$XDG_STATE_HOME" "$XDG_CONFIG_HOME"
  bulla identity new
  status=0
  command expect -f - "$BULLA" get --reveal API_TOKEN >shown <<'END' || status=$?
set timeout 30
set stty_init "columns 80 rows 24"
eval spawn -noecho $argv
expect -re {\] $}
exec cp other.vault .bulla/dev.vault
send -- "y\r"
expect eof
exit [lindex [wait] 3]
END
  [ "$status" -eq 5 ]
  grep -q 'the pinned one is' shown
  [ ! -e "$XDG_STATE_HOME/bulla/paths" ]
}
