# Files that are not what they should be: each gets one error that names the file and says what to
# do, the right exit status, and nothing is changed.
load helper
load stack

setup() {
  sandbox
  mounts=()
}

teardown() {
  local mount
  for mount in "${mounts[@]}"; do
    umount "$mount"
  done
  assert_no_canary
}

# spoil FORM FILE: makes FILE bad, or only unusual.
spoil() {
  case $1 in
    not-utf8) printf '# caf\351\nX=caf\351\n' >>"$2" ;;
    nul) printf '# a\0b\nX=a\0b\n' >>"$2" ;;
    crlf) sed -i 's/$/\r/' "$2" ;;
    bom) sed -i '1s/^/\xEF\xBB\xBF/' "$2" ;;
    huge) truncate -s 100M "$2" ;;
    brackets) head -c 80000 /dev/zero | tr '\0' '[' >"$2" ;;
    folder) rm "$2" && mkdir "$2" ;;
  esac
}

# Every file of the project and the home: a file that was written, were it with the same content, has
# another change time. The journal is left out: lines are in it before they are in a vault.
everything() {
  find "$BATS_TEST_TMPDIR"/project "$BATS_TEST_TMPDIR"/home ! -name journal \
    \( -type d -printf '%p %y %m\n' -o -printf '%p %y %s %m %i %C@\n' \)
}

# says_one_thing WHAT: standard error has one error with its hint.
says_one_thing() {
  local rest=${stderr/error: /}
  if [[ $rest == "$stderr" || $rest == *'error: '* || $'\n'$stderr != *$'\n  hint: '* ]]; then
    said "not one error with its hint: $1"
    return 1
  fi
}

# refuses STATUS TEXT ARGUMENT...: the program ends with STATUS and one error that has TEXT and a
# hint, and changes nothing. Standard input has the canary.
refuses() {
  local wanted=$1 text=$2 before after
  shift 2
  before=$(everything)
  observe timeout 10 "$BULLA" "$@" <<<"$CANARY"
  keep_said
  expect "$wanted" "$text" || return 1
  says_one_thing "$*" || return 1
  after=$(everything)
  if [[ $after != "$before" ]]; then
    said "files were changed: $*"
    diff <(echo "$before") <(echo "$after")
    return 1
  fi
}

# accepts ARGUMENT...: it ends with 0, a byte order mark or carriage returns notwithstanding.
accepts() {
  observe timeout 10 "$BULLA" "$@"
  keep_said
  expect 0
}

# with_spoilt FORM FILE COMMAND...: runs COMMAND with a copy of the project whose FILE is bad.
with_spoilt() {
  local form=$1 file=$2
  shift 2
  if [ ! -e "$BATS_TEST_TMPDIR/kept" ]; then
    mkdir "$BATS_TEST_TMPDIR/kept"
    cp -a "$BATS_TEST_TMPDIR/project" "$BATS_TEST_TMPDIR/home" "$BATS_TEST_TMPDIR/kept"
  fi
  spoil "$form" "$file"
  "$@" || {
    echo "in: $file $form: $*"
    return 1
  }
  cd /
  rm -r "${BATS_TEST_TMPDIR:?}/project" "${BATS_TEST_TMPDIR:?}/home"
  cp -a "$BATS_TEST_TMPDIR/kept/." "$BATS_TEST_TMPDIR"
  cd "$BATS_TEST_TMPDIR/project" || return 1
}

# Each way to name a file that is read, with FILE in it.
readers() {
  local file=$1
  printf '%s\n' "set API_KEY --file $file" "check -f $file" "uses API_KEY -f $file" \
    "get API_TOKEN --identity $file" "identity import --file $file --out new.txt" \
    "age decrypt -i $file nothing" "age encrypt -R $file nothing" "git textconv $file" \
    "age encrypt --passphrase-file $file nothing"
}

@test "bad input: every command that reads a file says the same of one that is none" {
  make_vaults
  mkdir folder
  mkfifo pipe
  truncate -s 100M large
  echo x >nothing
  local command
  while read -r command; do
    # shellcheck disable=SC2086
    {
      refuses 6 "folder: error: is a folder, not a file" $command || return 1
      [[ $stderr == *"hint: move the folder away, or name a file"* ]] || return 1
    }
  done < <(readers folder; echo "age encrypt -r age1qjr2kjwkph54x9s0gwdkyr2zcw63anrsxzghzfkpz9l626qf4v3q2h8hgv folder"
    echo "age keygen -y folder")
  while read -r command; do
    # shellcheck disable=SC2086
    refuses 3 "nowhere: error: cannot open: No such file or directory" $command || return 1
    [[ $stderr == *"hint: see whether the path is right"* ]] || return 1
  done < <(readers nowhere; echo "age keygen -y nowhere")
  while read -r command; do
    # shellcheck disable=SC2086
    refuses 6 "pipe: error: is a pipe that nothing came out of" $command || return 1
    [[ $stderr == *"hint: start what writes to it first, or name a file"* ]] || return 1
  done < <(readers pipe)
  while read -r command; do
    # shellcheck disable=SC2086
    refuses 3 "large: error: larger than the " $command || return 1
    [[ $stderr == *"hint: see whether this is the file that you mean"* ]] || return 1
  done < <(readers large; echo "age keygen -y large")
}

@test "bad input: a file that may not be read, for every command that reads one" {
  make_vaults
  echo x >nothing
  echo x >closed
  chmod 0 closed
  unprivileged
  local command
  while read -r command; do
    # shellcheck disable=SC2086
    refuses 6 "closed: error: cannot open: Permission denied" $command || return 1
    [[ $stderr == *"hint: look at the rights of the file and its folder"* ]] || return 1
  done < <(readers closed)
}

@test "bad input: a pipe in the contract's place is no empty contract" {
  make_vaults
  rm bulla.ini
  mkfifo bulla.ini
  refuses 6 "bulla.ini: error: is a pipe that nothing came out of" render
  [ ! -e .env ]
}

@test "bad input: what is written to a folder, or asks for a folder and gets a file" {
  make_vaults
  mkdir folder
  echo x >file
  for command in "age keygen -o folder" "identity new --out folder" "render -o folder" "render --diff -o folder"; do
    # shellcheck disable=SC2086
    refuses 6 "folder: error: is a folder, not a file" $command
  done
  refuses 1 "/dev/null: error: is not a regular file" identity new --out /dev/null
  refuses 6 "file: error: is a file, not a folder" -C file status
  [[ $stderr == *"hint: move the file away, or name a folder"* ]]
  refuses 3 "nowhere: error: cannot change to the folder: No such file" -C nowhere status
}

@test "bad input: a contract" {
  make_vaults
  local command
  for command in list check init verify "set API_KEY" "get API_TOKEN"; do
    # shellcheck disable=SC2086
    {
      with_spoilt not-utf8 bulla.ini refuses 3 "bulla.ini:37:6: error: not UTF-8" $command
      with_spoilt nul bulla.ini refuses 3 "bulla.ini:37:4: error: " $command
      with_spoilt huge bulla.ini refuses 3 "bulla.ini: error: larger than" $command
      with_spoilt brackets bulla.ini refuses 3 "bulla.ini:1:80001: error: " $command
      with_spoilt folder bulla.ini refuses 6 "bulla.ini: error: is a folder" $command
    }
  done
  with_spoilt crlf bulla.ini accepts list
  with_spoilt bom bulla.ini accepts list
}

@test "bad input: a contract with an unknown key" {
  make_vaults
  printf '[EXTRA]\nkidn = hex:32\n' >>bulla.ini
  for command in list check init "set API_KEY"; do
    # shellcheck disable=SC2086
    refuses 3 "bulla.ini:38:1: error: " $command
    [[ $stderr == *"'kind'"* ]]
  done
}

@test "bad input: a place for the state, or for the identity, that is none" {
  make_vaults
  write_canary value
  echo >file
  before=$(vaults)
  XDG_STATE_HOME=$PWD/file bulla set API_KEY --file value
  expect 3 "file/bulla: error: cannot make the folder" "journal" "XDG_STATE_HOME names another folder"
  [ "$before" = "$(vaults)" ]
  XDG_STATE_HOME=$PWD/file bulla list
  expect 0 "cannot be remembered" "XDG_STATE_HOME names another folder"
  XDG_CONFIG_HOME=$PWD/file bulla get API_TOKEN
  expect 3 "file/bulla/identity.txt: error: " "default identity file" "XDG_CONFIG_HOME" "--identity FILE"
  XDG_CONFIG_HOME=$PWD/file bulla identity new
  expect 3 "file/bulla: error: " "default identity file" "XDG_CONFIG_HOME" "--out FILE"
}

@test "bad input: references that are nested too deeply" {
  local nested=x i
  for ((i = 0; i < 40; i++)); do nested="\${A:-$nested}"; done
  printf 'services:\n  web:\n    image: a\n    command: "%s"\n' "$nested" >compose.yaml
  bulla check
  expect 3 "compose.yaml:4:14: error: references nested more than 32 deep"
  printf 'services:\n  web:\n    image: "a:${B:?}"\n' >compose.yaml
  printf 'A=1\nB="%s"\n' "$nested" >.env
  bulla check
  expect 3 ".env:2:1: error: value of 'B': references nested more than 32 deep"
}

@test "bad input: an identity" {
  make_vaults
  local file=$XDG_CONFIG_HOME/bulla/identity.txt command
  for command in list "get API_TOKEN" "set API_KEY" verify; do
    # shellcheck disable=SC2086
    {
      with_spoilt not-utf8 "$file" refuses 3 "identity.txt:4:6: error: not UTF-8" $command
      with_spoilt nul "$file" refuses 3 "identity.txt:5:1: error: " $command
      with_spoilt bom "$file" refuses 3 "identity.txt:1:1: error: " $command
      with_spoilt huge "$file" refuses 3 "identity.txt: error: larger than" $command
      with_spoilt brackets "$file" refuses 3 "identity.txt:1:1: error: " $command
      with_spoilt folder "$file" refuses 6 "identity.txt: error: is a folder" $command
    }
  done
  with_spoilt crlf "$file" accepts list
}

@test "bad input: a vault" {
  make_vaults
  local file=.bulla/dev.vault command
  for command in list verify "set API_KEY" "get API_TOKEN" check; do
    # shellcheck disable=SC2086
    {
      with_spoilt not-utf8 $file refuses 3 "dev.vault:" $command
      with_spoilt nul $file refuses 3 "dev.vault:" $command
      with_spoilt crlf $file refuses 3 "dev.vault:1:44: error: a carriage return" $command
      with_spoilt bom $file refuses 3 "dev.vault:1:1: error: " $command
      with_spoilt huge $file refuses 3 "dev.vault: error: larger than" $command
      with_spoilt brackets $file refuses 3 "dev.vault:1:1: error: " $command
      with_spoilt folder $file refuses 3 "dev.vault:1:1: error: is not a regular file" $command
    }
  done
}

@test "bad input: a vault with a merge's conflict markers" {
  make_vaults
  sed -i -e '4i <<<<<<< HEAD' -e '5i =======' -e '6i >>>>>>> topic' .bulla/dev.vault
  for command in list verify "set API_KEY" "get API_TOKEN"; do
    # shellcheck disable=SC2086
    refuses 3 ".bulla/dev.vault:4:1: error: " $command
  done
}

# Where a cut falls between two lines, what is left is a vault: what it had more is in the journal,
# and that is said.
assert_cut_is_seen() {
  if [[ $status == [35] && $stderr == *.bulla/dev.vault* ]]; then
    says_one_thing "cut"
    return
  fi
  [[ $status == [01] && $stderr == *"only in this machine's journal"* ]] || {
    said "exit status $status"
    return 1
  }
}

@test "bad input: a vault that is cut anywhere" {
  make_vaults
  cp .bulla/dev.vault whole
  local size offset before
  size=$(stat -c %s whole)
  for ((offset = 0; offset < size - 1; offset += 97)); do
    head -c "$offset" whole >.bulla/dev.vault
    before=$(everything)
    observe timeout 10 "$BULLA" get API_TOKEN
    keep_said
    assert_cut_is_seen || {
      echo "cut at $offset of $size"
      return 1
    }
    [ "$before" = "$(everything)" ]
  done
}

# finds PLACE [RULE]: check says in one finding (B204) that Compose would refuse the file, and
# changes nothing.
finds() {
  local place=$1 rule=${2:-B204} before
  before=$(everything)
  observe timeout 10 "$BULLA" check
  keep_said
  expect 1
  prints "$place: error $rule " "  help: "
  [ "$(grep -c " $rule " <<<"$output")" = 1 ]
  [ "$before" = "$(everything)" ]
}

@test "bad input: a compose file" {
  make_vaults
  with_spoilt not-utf8 compose.yaml finds compose.yaml:15:6
  with_spoilt nul compose.yaml finds compose.yaml:15:4
  with_spoilt brackets compose.yaml finds compose.yaml:1:65
  with_spoilt huge compose.yaml refuses 3 "compose.yaml: error: larger than" check
  with_spoilt folder compose.yaml refuses 3 "error: no compose file" check
  with_spoilt crlf compose.yaml accepts uses API_KEY
  with_spoilt bom compose.yaml accepts uses API_KEY
}

@test "bad input: a compose file, before there is a contract" {
  make_stack
  rm bulla.ini
  with_spoilt huge compose.yaml refuses 3 "compose.yaml: error: larger than" init
  with_spoilt folder compose.yaml refuses 3 "error: no compose file" init
}

@test "bad input: an env file that compose reads" {
  make_stack
  rm bulla.ini
  printf 'API_KEY=x\n' >.env
  chmod 600 .env
  with_spoilt huge .env finds .env
  printf "API_KEY='x\n" >.env
  finds .env:1:9 B217
}

@test "bad input: a sample env file" {
  make_stack
  rm bulla.ini
  printf 'API_KEY=\n' >.env.example
  with_spoilt not-utf8 .env.example refuses 3 ".env.example:2:6: error: not UTF-8" init
  with_spoilt nul .env.example refuses 3 ".env.example:2:4: error: a NUL byte" init
  with_spoilt huge .env.example refuses 3 ".env.example: error: larger than" init
}

# Makes FOLDER read-only for us, as whoever we are.
make_read_only() {
  if [ "$(id -u)" != 0 ]; then
    chmod 555 "$1"
    return
  fi
  mount --bind "$1" "$1" 2>/dev/null || skip "root may not mount here, and writes everywhere else"
  mounts+=("$(realpath "$1")")
  mount -o remount,bind,ro "$1" || skip "a mount cannot be made read-only here"
}

@test "bad input: a read-only folder" {
  make_vaults
  make_read_only .bulla
  refuses 6 ".bulla/dev.vault: error: " set API_KEY
  refuses 6 ".bulla/dev.vault: error: " unset API_TOKEN --yes
  accepts list
  accepts get API_TOKEN
}

@test "bad input: a full disk" {
  [ "$(id -u)" = 0 ] || skip "only root can mount a small disk"
  make_vaults
  cp -a .bulla kept
  mount -t tmpfs -o size=64k tmpfs .bulla 2>/dev/null || skip "root may not mount here"
  mounts+=("$(realpath .bulla)")
  cp -a kept/. .bulla
  head -c 65536 /dev/zero >.bulla/filler 2>/dev/null || true
  refuses 6 "No space left on device" set API_KEY
  accepts get API_TOKEN
}

@test "bad input: a template" {
  make_vaults
  printf 'sk%022d' 7 | "$BULLA" set API_KEY
  printf '\n[environment dev]\ntemplate = .env.template\n' >>bulla.ini
  printf 'POSTGRES_PASSWORD=\nAPI_KEY=\nDATABASE_URL=\nAPI_TOKEN=\n' >.env.template
  local command
  for command in render "render --check" "render --diff"; do
    # shellcheck disable=SC2086
    {
      with_spoilt huge .env.template refuses 3 ".env.template: error: larger than" $command
      with_spoilt folder .env.template refuses 6 ".env.template: error: is a folder" $command
      rm .env.template
      refuses 3 ".env.template: error: " $command
      printf "API_KEY='\n" >.env.template
      refuses 3 ".env.template:1:9: error: " $command
    }
    printf 'POSTGRES_PASSWORD=\nAPI_KEY=\nDATABASE_URL=\nAPI_TOKEN=\n' >.env.template
  done
  may_hold_canary .env
  with_spoilt crlf .env.template accepts render
  with_spoilt bom .env.template accepts render
}

@test "bad input: files of the contract that are not there, each with the line that names it" {
  make_vaults
  printf 'sk%022d' 7 | "$BULLA" set API_KEY
  cp bulla.ini good.ini
  printf '\n[environment dev]\ntemplate = .env.template\n' >>bulla.ini
  refuses 3 "bulla.ini:$(wc -l <bulla.ini):12: error: the template '.env.template' is not there" check
  cp good.ini bulla.ini
  printf '\n[environment dev]\ncompose = compose.yaml, more.yaml\n' >>bulla.ini
  refuses 3 "bulla.ini:$(wc -l <bulla.ini) names it; put it back, or correct 'compose' there" check
}

@test "bad input: what is easily mistaken in bulla.ini is told with what to write" {
  make_vaults
  cp bulla.ini good.ini
  sed -i 's/^environments .*/environments = dev prod/' bulla.ini
  refuses 3 "put commas between them: dev, prod" check
  cp good.ini bulla.ini
  sed -i 's/| url/| urlencode/' bulla.ini
  refuses 3 "one of base64, base64url, hex, json, lower, trim, upper, url" check
  cp good.ini bulla.ini
  sed -i 's/^kind = hex:32/kind = secret/' bulla.ini
  refuses 3 "'bulla generate --kinds' lists them; in bulla.ini also provided, derived and setting" check
}
