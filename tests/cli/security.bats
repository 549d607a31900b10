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
