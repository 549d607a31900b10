load helper
load stack

# editor SCRIPT: from here on the editor is this shell script; $1 is the text. It says where the text
# was in $BATS_TEST_TMPDIR/where, one line a run.
editor() {
  {
    printf '#!/bin/sh\nset -e\necho "$1" >>%q\n' "$BATS_TEST_TMPDIR/where"
    printf '%s\n' "$1"
  } >"$BATS_TEST_TMPDIR/editor"
  chmod 755 "$BATS_TEST_TMPDIR/editor"
  may_hold_canary "$BATS_TEST_TMPDIR/editor"
  export EDITOR=$BATS_TEST_TMPDIR/editor BULLA
}

# Nothing is left of the texts that the editor saw.
wiped() {
  local text
  [ -s "$BATS_TEST_TMPDIR/where" ]
  while IFS= read -r text; do
    [ ! -e "$(dirname "$text")" ] || return 1
  done <"$BATS_TEST_TMPDIR/where"
}

# Without a terminal, as in a script.
edit() {
  observe setsid -w "$BULLA" edit "$@"
  keep_said
}

@test "edit: sets, changes and unsets in one write" {
  make_vaults
  printf 'abc' | "$BULLA" set NOTE
  editor 'sed -i -e "s/^# API_KEY=.*/API_KEY='"$CANARY"'/" -e /^NOTE=/d \
    -e "s/^# LOG_LEVEL=DEBUG/LOG_LEVEL=WARNING/" "$1"'
  before=$(wc -l <.bulla/dev.vault)
  edit --yes --why 'by hand'
  expect 0 "'API_KEY' is set in 'dev'" "'LOG_LEVEL' is set in 'dev'" "'NOTE' is unset in 'dev'" \
    "used by worker"
  prints_only ""
  [ "$("$BULLA" get API_KEY)" = "$CANARY" ]
  [ "$("$BULLA" get LOG_LEVEL)" = WARNING ]
  records dev | grep -q '^del NOTE v=2 .*why:by%20hand'
  records dev | grep -q '^set API_KEY v=1 .*m=kind:provided;why:by%20hand'
  [ "$(records dev | grep -c 'by%20hand')" = 3 ]
  bulla verify
  expect 0
  wiped
}

@test "edit: the text is private, in memory, and wiped with what editors leave beside it" {
  make_vaults
  printf '%s' "$CANARY" | "$BULLA" set API_KEY
  editor 'stat -c "%a %n" "$1" "$(dirname "$1")" >seen
    df --output=fstype "$1" | tail -n 1 >>seen
    echo "$TMPDIR" >>seen
    cp "$1" "$1~"; mkdir "$TMPDIR/undo"; cp "$1" "$TMPDIR/undo/x"; chmod 000 "$1~"; ln -s /nowhere "$1.swp"'
  edit
  expect 0 "nothing was changed in 'dev': nothing was written"
  text=$(cat "$BATS_TEST_TMPDIR/where")
  [[ $text == /dev/shm/bulla-edit-*/dev.env ]]
  [ "$(cat seen)" = "600 $text"$'\n'"700 $(dirname "$text")"$'\n'"tmpfs"$'\n'"$(dirname "$text")" ]
  wiped
}

@test "edit: shows what is there, and reads it back as it was" {
  make_vaults
  printf 'a$b #c "d" \\ \n\tline '"'"'two'"'"'\n' | "$BULLA" set NOTE --exact --force
  may_hold_canary shown
  editor 'cp "$1" shown'
  edit
  expect 0 "nothing was changed"
  grep -qxF '# provided, from https://provider.example/keys' shown
  grep -qxF '# API_KEY=' shown
  grep -qxF '# LOG_LEVEL=DEBUG' shown
  grep -qxF '# derived from these: DATABASE_URL' shown
  grep -qxF 'NOTE='"'"'a$b #c "d" \ ' shown
  if grep -q '^DATABASE_URL' shown; then return 1; fi
}

@test "edit: values of several lines, of bytes that are no text, and of a name that is not in the contract" {
  make_vaults
  printf 'one\r\n\033two' | "$BULLA" set NOTE --exact
  printf '\n[GONE]\nkind = provided\noptional = yes\n' >>bulla.ini
  printf 'x' | "$BULLA" set GONE
  sed -i '/GONE/,$d' bulla.ini
  may_hold_canary shown
  editor 'cp "$1" shown; printf "API_KEY=\"%s\"\n" "abcdefghijklmnopqrstuvwx" >>"$1"'
  edit
  expect 0 "'API_KEY' is set"
  grep -qxF '# NOTE: a value that is not shown (it is no text)' shown
  grep -qxF '# not in bulla.ini: its line can be taken away' shown
  [ "$("$BULLA" get NOTE | od -An -c | tr -d ' \n')" = 'one\r\n033two' ]
  editor 'sed -i "s/^GONE=x/GONE=y/" "$1"'
  edit
  expect 1 "'GONE' is not in the contract: its line can only be taken away"
  editor 'sed -i /^GONE/d "$1"; printf "NOTE=\047-----BEGIN X-----\n\$y\n-----END X-----\n\047\n" >>"$1"'
  edit --yes
  expect 0 "'GONE' is unset" "'NOTE' is set"
  [ "$("$BULLA" get NOTE)" = $'-----BEGIN X-----\n$y\n-----END X-----' ]
}

@test "edit: every problem at once, with its line, and nothing is written" {
  make_vaults
  before=$(vaults)
  editor 'sed -i -e "s/^# API_KEY=.*/API_KEY=ab\$cd/" -e "s/^# NOTE=/NOTE=/" -e "s/^# LOG_LEVEL=.*/LOG_LEVEL/" "$1"
    printf "%s\n" API_TOKEN='"$CANARY"' API_KEI=x DATABASE_URL=y >>"$1"'
  edit
  expect 1 "dev.env:10:1: error: 'API_KEY' refers to a variable" "'LOG_LEVEL' has no '='" \
    "'API_TOKEN' stands here a second time" "there is no 'API_KEI'" "did you mean 'API_KEY'?" \
    "'DATABASE_URL' is derived" "5 problems in the text: nothing was written"
  editor 'sed -i "s/^API_TOKEN=.*/API_TOKEN='"$CANARY"'/; s/^# NOTE=.*/NOTE=/" "$1"'
  edit
  expect 1 "dev.env:19:1: error: 'NOTE' is empty" "1 problem in"
  editor 'sed -i "s/^API_TOKEN=.*/API_TOKEN='"$CANARY"'/; s/^# API_KEY=.*/API_KEY=short/" "$1"'
  edit
  expect 1 "dev.env:13:1: error: 'API_TOKEN' (hex:32) " "dev.env:10:1: error: 'API_KEY' (provided) does not match"
  editor "echo \"BROKEN='\" >>\"\$1\""
  edit
  expect 3 "dev.env:22:8: error: " "1 problem in"
  [ "$before" = "$(vaults)" ]
  wiped
  editor 'sed -i "s/^# API_KEY=.*/API_KEY=short/" "$1"'
  edit --force
  expect 0 "'API_KEY' is set"
  records dev | grep -q 'set API_KEY v=1 .*m=kind:imported'
}

@test "edit: bytes that nothing could be started with are not sealed, forced or not" {
  make_vaults
  before=$(vaults)
  editor 'printf "NOTE=a\0b\n" >>"$1"'
  for force in "" --force; do
    edit $force
    expect 1 "'NOTE' has a NUL byte, which no environment can hold: set its base64 instead" "1 problem in"
  done
  [ "$before" = "$(vaults)" ]
}

@test "edit: a NUL that cannot be parsed is shown with its place" {
  make_vaults
  editor 'printf "# ok \0\nNOTE=a\nNO\0TE=b\n" >"$1"'
  edit
  expect 3 "dev.env:3:3: error: has a NUL byte here" "take it out"
}

@test "edit: relations hold between the new values" {
  make_vaults
  printf '\n[SECOND]\nkind = provided\ndiffers = API_KEY\noptional = yes\n' >>bulla.ini
  before=$(vaults)
  editor 'printf "%s\n" API_KEY=abcdefghijklmnopqrstuvwx SECOND=abcdefghijklmnopqrstuvwx >>"$1"'
  edit
  expect 1 "'SECOND' (provided) is the same as 'API_KEY'"
  [ "$before" = "$(vaults)" ]
}

@test "edit: lines that are gone unset nothing unasked" {
  make_vaults
  before=$(vaults)
  editor ': >"$1"'
  edit
  expect 1 "lines are gone that would unset POSTGRES_PASSWORD, API_TOKEN; --yes does it"
  editor 'rm "$1"'
  edit
  expect 3 "the editor has left no text 'dev.env'"
  [ "$before" = "$(vaults)" ]
  wiped
}

@test "edit: an editor that fails, is not there or has no terminal writes nothing" {
  make_vaults
  before=$(vaults)
  editor 'echo API_KEY=abcdefghijklmnopqrstuvwx >>"$1"; exit 3'
  edit
  expect 1 "the editor ended with status 3: nothing was written"
  editor 'echo API_KEY=abcdefghijklmnopqrstuvwx >>"$1"; kill -KILL $$'
  edit
  expect 1 "the editor was ended by signal 9: nothing was written"
  wiped
  EDITOR=no-such-editor edit
  expect 1 "there is no editor 'no-such-editor'" "VISUAL or EDITOR"
  unset EDITOR
  edit
  expect 1 "there is no terminal for an editor" "bulla set"
  [ "$before" = "$(vaults)" ]
}

@test "edit: VISUAL comes before EDITOR, and both may have arguments" {
  make_vaults
  editor 'exit 9'
  VISUAL='sh -c "sed -i \"s/^# NOTE=/NOTE=by-visual/\" \"\$1\"" sh' edit
  expect 0 "'NOTE' is set"
  [ "$("$BULLA" get NOTE)" = by-visual ]
}

@test "edit: vim, with its backup and swap files" {
  needs vim
  make_vaults
  printf 'abc' | "$BULLA" set NOTE
  editor 'vim -u NONE -i NONE -N -e -s -c "set backup backupdir=. swapfile" -c "%s/^NOTE=abc/NOTE='"$CANARY"'/" -c wq "$1" </dev/null'
  edit
  expect 0 "'NOTE' is set"
  [ "$("$BULLA" get NOTE)" = "$CANARY" ]
  wiped
}

@test "edit: what others write meanwhile stays, and a name that both changed is refused" {
  make_vaults
  printf 'mine' | "$BULLA" set NOTE
  editor '"$BULLA" fill -q; printf theirs | "$BULLA" set API_KEY --force -q; sed -i s/^NOTE=mine/NOTE=changed/ "$1"'
  edit
  expect 0 "'NOTE' is set"
  [ "$("$BULLA" get API_KEY)" = theirs ]
  [ "$("$BULLA" get NOTE)" = changed ]
  editor 'printf theirs | "$BULLA" set NOTE -q; sed -i s/^NOTE=changed/NOTE=ours/ "$1"'
  edit
  expect 1 "'NOTE' was changed by somebody else while you edited it"
  [ "$("$BULLA" get NOTE)" = theirs ]
  editor '"$BULLA" unset NOTE -q; sed -i s/^NOTE=theirs/NOTE=ours/ "$1"'
  edit
  expect 1 "'NOTE' was changed by somebody else"
  editor 'printf same | "$BULLA" set NOTE -q; printf "NOTE=same\n" >>"$1"'
  edit
  expect 1 "'NOTE' was changed by somebody else"
  editor 'printf same2 | "$BULLA" set NOTE -q; sed -i s/^NOTE=same/NOTE=same2/ "$1"'
  edit
  expect 0
  [ "$("$BULLA" get NOTE)" = same2 ]
  wiped
}

@test "edit: after a conflict the text has both values, and what is saved then counts" {
  needs expect
  make_vaults
  printf 'first' | "$BULLA" set NOTE
  may_hold_canary second
  editor 'if [ ! -e once ]; then touch once
      printf "theirs \$1" | "$BULLA" set NOTE -q
      sed -i s/^NOTE=first/NOTE=ours/ "$1"
    else cp "$1" second; fi'
  answers=y on_terminal shown "$BULLA" edit
  [ "$status" = 0 ]
  grep -q 'changed by somebody else' shown
  [ "$(head -n 2 second)" = '# NOTE="theirs \$1"
# Above: what the vault has by now. What stands below would replace it.' ]
  grep -qx 'NOTE=ours' second
  [ "$("$BULLA" get NOTE)" = ours ]
  wiped
}

@test "edit: offers to open the text again, and keeps it" {
  needs expect
  make_vaults
  editor 'if grep -q ^API_KEY=short "$1"; then sed -i s/^API_KEY=.*/API_KEY='"$CANARY"'/ "$1"
    else sed -i "s/^# API_KEY=.*/API_KEY=short/" "$1"; fi'
  answers=y on_terminal shown "$BULLA" edit
  [ "$status" = 0 ]
  grep -q "dev.env:10:1: error: 'API_KEY' (provided) does not match" shown
  [ "$("$BULLA" get API_KEY)" = "$CANARY" ]
  before=$(vaults)
  editor 'sed -i "s/^API_KEY=.*/API_KEY=short/" "$1"'
  answers=n on_terminal shown "$BULLA" edit
  [ "$status" = 1 ]
  grep -q '1 problem in the text: nothing was written' shown
  [ "$before" = "$(vaults)" ]
  wiped
}

@test "edit: asks before lines that are gone unset a name" {
  needs expect
  make_vaults
  editor 'sed -i /^API_TOKEN=/d "$1"'
  before=$(vaults)
  answers=$'n\nn' on_terminal shown "$BULLA" edit
  [ "$status" = 1 ]
  grep -q 'Lines are gone: unset API_TOKEN?' shown
  [ "$before" = "$(vaults)" ]
  answers=y on_terminal shown "$BULLA" edit
  [ "$status" = 0 ]
  records dev | grep -q '^del API_TOKEN v=2'
}

@test "edit: a signal ends the editor, and the text is wiped" {
  make_vaults
  before=$(vaults)
  local name
  for name in INT TERM HUP QUIT USR1 USR2 ALRM VTALRM PROF XCPU XFSZ IO PWR STKFLT ABRT TRAP SYS; do
    rm -f started
    editor 'echo API_KEY=abcdefghijklmnopqrstuvwx >>"$1"; cp "$1" "$1~"; touch started; exec sleep 60'
    env --default-signal "$BULLA" edit 2>said 3>&- &
    pid=$!
    while [ ! -e started ]; do sleep 0.05; done
    kill "-$name" "$pid"
    status=0
    wait "$pid" || status=$?
    if [ "$status" != $((128 + $(kill -l "$name"))) ] || [ -s said ]; then
      echo "SIG$name: status $status"
      cat said
      return 1
    fi
    wiped
  done
  [ "$before" = "$(vaults)" ]
}

@test "edit: an editor that heeds no signal is ended too" {
  make_vaults
  editor 'trap "" TERM; touch started; exec sleep 60'
  "$BULLA" edit 3>&- &
  pid=$!
  while [ ! -e started ]; do sleep 0.05; done
  kill -TERM "$pid"
  status=0
  wait "$pid" || status=$?
  [ "$status" = 143 ]
  wiped
}

@test "edit: ^C on a terminal, in the editor and at a question" {
  needs expect
  make_vaults
  before=$(vaults)
  editor 'echo ready; exec sleep 60'
  for wait_for in ready 'is lost'; do
    status=0
    command expect -f - "$BULLA" "$wait_for" >shown <<'END' || status=$?
set timeout 30
spawn -noecho [lindex $argv 0] edit
expect {
  [lindex $argv 1] { send "\003" }
  timeout { exit 99 }
}
expect eof {} timeout { exit 98 }
set ended [wait]
if {[lindex $ended 4] eq "CHILDKILLED"} { exit 130 }
exit [lindex $ended 3]
END
    [ "$status" = 130 ]
    wiped
    editor 'echo BROKEN >>"$1"'
  done
  [ "$before" = "$(vaults)" ]
}

@test "edit: an editor that goes on after ^C is waited for" {
  needs expect
  make_vaults
  editor 'trap "touch caught" INT; echo ready; while [ ! -e caught ]; do sleep 0.1 || true; done
    echo API_KEY=abcdefghijklmnopqrstuvwx >>"$1"'
  status=0
  command expect -f - "$BULLA" >shown <<'END' || status=$?
set timeout 30
spawn -noecho [lindex $argv 0] edit
expect {
  ready { send "\003" }
  timeout { exit 99 }
}
expect eof {} timeout { exit 98 }
exit [lindex [wait] 3]
END
  [ "$status" = 0 ]
  grep -q "'API_KEY' is set" shown
  wiped
}

@test "edit: what a killed one left behind is wiped by the next, what one works on is not" {
  make_vaults
  editor 'echo "$$" >>started; exec sleep 60'
  "$BULLA" edit 3>&- &
  pid=$!
  while [ ! -s started ]; do sleep 0.05; done
  text=$(cat "$BATS_TEST_TMPDIR/where")
  editor ':'
  edit
  expect 0
  [ -e "$text" ]
  kill -KILL "$pid"
  wait "$pid" || true
  kill "$(cat started)"
  edit
  expect 0
  wiped
}

@test "edit: without a file system in memory it is refused, unless --plain-tmp" {
  [ "$(id -u)" = 0 ] || skip "only root may put something else over /dev/shm"
  mkdir disk
  unshare -m mount --bind disk /dev/shm 2>/dev/null || skip "no mounts here"
  [ "$(stat -f -c %T disk)" != tmpfs ] || skip "the project is in memory too"
  make_vaults
  editor 'sed -i "s/^# NOTE=/NOTE=x/" "$1"'
  # shellcheck disable=SC2016
  in_namespace=(unshare -m sh -c 'mount --bind disk /dev/shm && exec "$0" "$@"' setsid -w "$BULLA")
  run --separate-stderr "${in_namespace[@]}" edit
  expect 1 "/dev/shm is no file system in memory" "--plain-tmp"
  [ ! -e "$BATS_TEST_TMPDIR/where" ]
  run --separate-stderr "${in_namespace[@]}" edit --plain-tmp
  expect 0 "which is on a disk" "'NOTE' is set"
  [[ $(cat "$BATS_TEST_TMPDIR/where") == "$TMPDIR"/bulla-edit-* ]]
  wiped
}

@test "edit: a protected environment, no key, no vault, a wrong command line" {
  make_vaults
  editor 'echo NOTE=x >>"$1"'
  edit -e prod
  expect 1 "environment 'prod' is protected" "--yes"
  [ ! -e "$BATS_TEST_TMPDIR/where" ]
  edit -e prod --yes
  expect 0 "'NOTE' is set in 'prod'"
  without_key
  edit
  expect 4
  rm -r .bulla
  edit
  expect 3 "has no vault"
  bulla edit extra
  expect 2
}

@test "edit: a contested name is left to resolve" {
  needs git
  make_vaults
  git init -q -b main .
  git config user.name a
  git config user.email a@b
  git add -A
  git commit -qm one
  git checkout -qb other
  printf 'x1' | "$BULLA" set NOTE -q
  git commit -qam two
  git checkout -q main
  printf 'x2' | "$BULLA" set NOTE -q
  git commit -qam three
  git merge -q other -m four
  editor 'grep -q "^# NOTE: branches disagree" "$1"; echo NOTE=x3 >>"$1"'
  edit
  expect 1 "'NOTE' is contested: 'bulla resolve' settles it"
}
