load helper
load stack

@test "verify: says what was verified, without a key" {
  make_vaults
  without_key
  bulla verify
  expect 0
  prints "VAULT " ".bulla/dev.vault" "every rule holds" "root "
  bulla verify -e dev --format json
  jq -e '.version == 1 and (.vaults | length == 1)' <<<"$output"
  jq -e '.vaults[0] | .environment == "dev" and .records == 5 and .heads == 1
    and .rootIsKnown and (.root | length == 43) and (.id | length == 32)' <<<"$output"
}

@test "verify: every environment's vault, unless -e names one" {
  load people
  needs git jq
  make_vaults
  repository
  bulla verify
  expect 0
  prints ".bulla/dev.vault" ".bulla/prod.vault"
  bulla verify --format json
  jq -e '[.vaults[].environment] == ["dev", "prod"]' <<<"$output"
  # A pin is one vault's.
  bulla verify --root aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  expect 2 "a root is pinned, and there are 2 vaults" "-e ENV"
  sed -i '/^set API_TOKEN/s/by=alice/by=alicf/' .bulla/prod.vault
  bulla verify
  expect 5 ".bulla/prod.vault:"
  prints_only ""
  bulla verify -e dev
  expect 0
  # One that is gone is all of its records gone, for whoever knows what was.
  quiet_git rm -fq .bulla/prod.vault
  quiet_git commit -qm "drop it"
  XDG_STATE_HOME=$HOME/elsewhere bulla verify
  expect 0 "environment 'prod' has no vault"
  bulla verify --against HEAD~1
  expect 5 ".bulla/prod.vault: error: is not there, and commit" "git restore"
  XDG_STATE_HOME=$HOME/elsewhere bulla verify -e prod
  expect 3 "environment 'prod' has no vault" "git restore .bulla/prod.vault"
  bulla verify -e prod --against HEAD~1
  expect 5 ".bulla/prod.vault: error: is not there, and commit" "git restore"
  # Nor is a project without any vault one that never had one.
  quiet_git rm -rfq .bulla
  quiet_git commit -qm "drop all"
  bulla verify --against HEAD~1
  expect 5 ".bulla/dev.vault: error: is not there, and commit" "git restore"
  XDG_STATE_HOME=$HOME/elsewhere bulla verify
  expect 3 "environment 'dev' has no vault"
}

@test "verify: a vault that this machine has seen and that is gone is as lost without a revision" {
  make_vaults
  rm .bulla/prod.vault
  for command in verify "verify -e prod"; do
    # shellcheck disable=SC2086
    PATH=/nowhere bulla $command
    expect 5 ".bulla/prod.vault: error: is not there, and this machine knows a vault here" \
      "git restore brings it back" "take 'prod' out of bulla.ini"
  done
  sed -i 's/^environments = .*/environments = dev/; /^.environment prod/,/^protected/d' bulla.ini
  bulla verify
  expect 0
}

@test "verify: an edited byte, a lost record, a cut" {
  make_vaults
  cp .bulla/dev.vault whole
  sed -i '/^set API_TOKEN/s/by=alice/by=alicf/' .bulla/dev.vault
  bulla verify
  expect 5 ".bulla/dev.vault:"
  prints_only ""
  grep -v '^grant' whole >.bulla/dev.vault
  bulla verify
  expect 5
  head -c 700 whole >.bulla/dev.vault
  bulla verify
  [[ $status = 3 || $status = 5 ]]
  for marker in '<<<<<<< ours' 'BULLA1 00000000000000000000000000000000 dev'; do
    { cat whole; echo "$marker"; } >.bulla/dev.vault
    bulla verify
    expect 3 ".bulla/dev.vault:"
  done
}

@test "verify: a vault that was rolled back, until --accept" {
  make_vaults
  bulla verify
  cp .bulla/dev.vault old
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set API_KEY
  cp old .bulla/dev.vault
  rm -rf "$XDG_STATE_HOME"/bulla/*/journal*
  bulla verify
  expect 5 "rolled back" "verify --accept"
  bulla list
  expect 5
  bulla verify --accept
  expect 0
  bulla verify
  expect 0
}

@test "verify: remembered heads that were damaged are not none" {
  make_vaults
  bulla rotate API_TOKEN
  expect 0
  write_canary value
  heads=("$XDG_STATE_HOME"/bulla/*/heads/*)
  for damage in 'garbage\n' '\0\0\0\0\0\0\0\0' 'branch main\n'; do
    for file in "${heads[@]}"; do printf %b "$damage" >"$file"; done
    bulla verify -e dev
    expect 3 "/heads/" "not what bulla remembers" "remove the file"
    bulla set API_KEY --file value
    expect 3 "not what bulla remembers"
    # Reading needs none of it.
    bulla get API_TOKEN
    expect 0
  done
}

@test "verify: a rollback that the journal makes good is a warning, also with -q" {
  make_vaults
  cp .bulla/dev.vault old
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set API_KEY
  cp old .bulla/dev.vault
  bulla list -q
  expect 0 "warning: " "only in this machine's journal now"
  bulla verify -q
  expect 0 "warning: " "only in this machine's journal now"
}

@test "verify: a root that is not known is said, another than the pinned one is refused" {
  make_vaults
  root=$("$BULLA" verify --format json | jq -r ".vaults[0].root")
  without_key
  rm -rf "$XDG_STATE_HOME"
  bulla verify
  expect 0 "is not known on this machine" "--root or BULLA_ROOT"
  bulla verify --format json
  jq -e '.vaults[0].rootIsKnown == false' <<<"$output"
  bulla verify -e dev --root "$root"
  expect 0
  bulla verify -e dev --root "$(tr 'A-Za-z' 'N-ZA-Mn-za-m' <<<"$root")"
  expect 5
}

@test "verify: no contract, no vault, operands" {
  bulla verify
  expect 3 "no bulla.ini"
  make_stack
  bulla verify
  expect 3 "has no vault"
  bulla verify dev
  expect 2
}

@test "verify --against: nothing is gone, and how much is new" {
  load people
  needs git jq
  make_vaults
  repository
  quiet_git checkout -b work
  bulla rotate API_TOKEN
  commit turned
  without_key
  bulla verify --against main
  expect 0
  prints "against     nothing is gone that 1 other state had; 1 new"
  bulla verify --against main --format json
  jq -e '.vaults[0].against | .revision == "main" and .states == 1 and .new == 1 and .void == []' <<<"$output"
  bulla verify --against HEAD
  prints "0 new"
}

@test "verify --against: records of the common commit that are gone, also on a machine that knows nothing" {
  load people
  needs git
  make_vaults
  bulla rotate API_TOKEN
  repository
  quiet_git checkout -b work
  sed -i '/^set API_TOKEN v=2/d' .bulla/dev.vault
  commit "drop the newest"
  rm -rf "$XDG_STATE_HOME"
  without_key
  bulla verify
  expect 0
  bulla verify --against main
  expect 5 ".bulla/dev.vault: error: 1 record that the common commit" "is gone" "no line of a vault may go"
  [[ $stderr != *merge=union* ]]
  prints_only ""
}

@test "verify --against: a change that has vaults merged otherwise is told" {
  load people
  needs git jq
  make_vaults
  git init -q -b main .
  repository
  quiet_git checkout -b work
  bulla verify --against main
  expect 0
  [ -z "$stderr" ]
  sed -i 's/ merge=union//' .bulla/.gitattributes
  commit "drop the attribute"
  bulla verify --against main
  expect 1 ".bulla/.gitattributes: error: no longer has git merge vaults by union" \
    "put the line back: *.vault text eol=lf merge=union diff=bulla"
  prints "nothing is gone"
  bulla verify --against main --format json
  expect 1
  jq -e '.mergesByUnion == false' <<<"$output"
  # A line of the whole project does as well.
  git rm -qf .bulla/.gitattributes
  echo '*.vault merge=union' >.gitattributes
  commit "elsewhere"
  bulla verify --against main
  expect 0
  [ -z "$stderr" ]
  # What never was there was not taken away by this change.
  rm .gitattributes
  quiet_git checkout main
  git rm -qf .bulla/.gitattributes
  commit "none"
  quiet_git checkout -b later
  bulla verify --against main
  expect 0 "warning: .bulla/.gitattributes does not have git merge vaults by union" "bulla git install writes"
}

@test "verify --against: a line that has one vault merged otherwise is told" {
  load people
  needs git jq
  make_vaults
  git init -q -b main .
  repository
  quiet_git checkout -b work
  echo 'prod.vault merge=binary -diff' >>.bulla/.gitattributes
  commit "one of them"
  bulla verify --against main
  expect 1 ".bulla/.gitattributes: error: no longer has git merge prod.vault by union" "check-attr"
  prints "nothing is gone"
  bulla verify --against main --format json
  expect 1
  jq -e '.mergesByUnion == false' <<<"$output"
  bulla verify -e dev --against main
  expect 0
  # In the base too: nothing that this change did.
  bulla verify --against HEAD
  expect 0 "warning: .bulla/.gitattributes does not have git merge prod.vault by union"
  bulla git install
  expect 0 ".bulla/.gitattributes says how vaults are merged"
  [ "$(tail -n 1 .bulla/.gitattributes)" = '*.vault text eol=lf merge=union diff=bulla' ]
  bulla verify --against main
  expect 0
  [ -z "$stderr" ]
}

@test "verify --against: a line of the whole project that is gone is told, one about other files is not" {
  load people
  needs git
  make_vaults
  git init -q -b main .
  git rm -qf .bulla/.gitattributes 2>/dev/null || rm .bulla/.gitattributes
  printf '# *.vault merge=union\nCHANGES merge=union\n/*.vault merge=union\n' >.gitattributes
  repository
  quiet_git checkout -b work
  rm .gitattributes
  commit "drop it"
  bulla verify --against main
  expect 0 "does not have git merge vaults by union"
  quiet_git checkout main
  echo '.bulla/*.vault text merge=union' >>.gitattributes
  commit "have it"
  quiet_git checkout -b later
  git rm -qf .gitattributes
  commit "drop it again"
  bulla verify --against main
  expect 1 "no longer has git merge vaults by union"
}

@test "verify --against: a merge that took one side only" {
  load people
  needs git
  make_vaults
  repository
  quiet_git branch base
  quiet_git checkout -b side
  bulla rotate API_TOKEN
  commit side
  quiet_git checkout main
  bulla rotate POSTGRES_PASSWORD
  commit ours
  quiet_git merge --no-commit side
  git show main:.bulla/dev.vault >.bulla/dev.vault
  commit "a merge that loses a side"
  rm -rf "$XDG_STATE_HOME"
  bulla verify --against base
  expect 5 "1 record that the merged commit" "is gone"
  quiet_git reset --hard HEAD~1
  merge side
  bulla verify --against base
  expect 0
  prints "3 other states had; 2 new"
}

# merges COUNT OTHER NUMBER: a branch 'work' of so many merges of a commit each with what was there; the commit NUMBER has the
# file OTHER as its dev.vault.
merges() {
  local number from=main^0
  for ((number = 1; number <= $1; number++)); do
    printf 'commit refs/heads/side\nmark :%d\ncommitter t <t@e> %d +0000\ndata 0\nfrom %s\n' \
      $((2 * number)) $((1800000000 + number)) "$from"
    if [ "$number" = "$3" ]; then
      printf 'M 100644 inline .bulla/dev.vault\ndata %d\n' "$(wc -c <"$2")"
      cat "$2"
    fi
    printf '\ncommit refs/heads/work\nmark :%d\ncommitter t <t@e> %d +0000\ndata 0\nfrom %s\nmerge :%d\n\n' \
      $((2 * number + 1)) $((1800000000 + number)) "$from" $((2 * number))
    from=:$((2 * number + 1))
  done | quiet_git fast-import --quiet --force
}

@test "verify --against: of many merges each state is looked at once, what is common as that, and none is left out" {
  load people
  needs git
  make_vaults
  repository
  cp .bulla/dev.vault old
  bulla rotate API_TOKEN
  cp .bulla/dev.vault new
  quiet_git checkout .
  rm -rf "$XDG_STATE_HOME"
  without_key
  merges 300 new 150
  lost=$(git rev-parse work)
  for ((number = 300; number > 150; number--)); do lost=$lost^; done
  lost=$(git rev-parse --short=12 "$lost^2")
  quiet_git checkout work
  bulla verify -e dev --against main
  expect 5 "1 record that the merged commit $lost has is gone"
  cp new .bulla/dev.vault
  bulla verify -e dev --against main
  expect 0
  prints "nothing is gone that 2 other states had; 1 new"
  # The same commit is the common one, and a parent of the first merge.
  sed '/^set API_TOKEN v=1/,$d' old >.bulla/dev.vault
  bulla verify -e dev --against main
  expect 5 "that the common commit $(git rev-parse --short=12 main) has"
}

@test "verify --against: many merges are asked of few gits" {
  load people
  needs git
  make_vaults
  repository
  quiet_git branch base
  for number in {1..6}; do
    quiet_git checkout -b "side$number" main
    quiet_git commit --allow-empty -m side
    quiet_git checkout main
    quiet_git merge --no-ff "side$number" -m merge
  done
  mkdir -p bin
  printf '#!/bin/sh\necho >>"%s"\nexec "%s" "$@"\n' "$PWD/started" "$(command -v git)" >bin/git
  chmod 755 bin/git
  PATH=$PWD/bin:$PATH bulla verify -e dev --against base
  expect 0
  PATH=$PWD/bin:$PATH bulla verify --against base
  expect 0
  [[ $(wc -l <started) -le 34 ]]
}

@test "verify --against: a folder of a merged commit that git lacks is no folder without vaults" {
  load people
  needs git
  make_vaults
  repository
  quiet_git branch base
  quiet_git checkout -b side
  bulla rotate API_TOKEN
  commit side
  lost=$(git rev-parse 'HEAD:.bulla')
  quiet_git checkout main
  quiet_git merge --no-ff -s ours side -m merge
  rm -f ".git/objects/${lost:0:2}/${lost:2}"
  bulla verify --against base
  expect 6 "git could not be asked"
}

@test "verify --against: another vault in the old one's place" {
  load people
  needs git
  make_vaults
  repository
  quiet_git rm -q --cached .bulla/dev.vault
  rm .bulla/dev.vault
  rm -rf "$XDG_STATE_HOME"
  bulla init --name alice
  expect 0
  commit "another vault"
  bulla verify -e dev --against HEAD~1
  expect 5 "this is vault" "was here before"
}

@test "verify --against: new records that do not count are findings" {
  load people
  needs git jq
  make_vaults
  person bob
  add bob writer
  repository
  trust dev
  quiet_git branch other
  bulla recipient remove bob
  commit removal
  quiet_git checkout other
  set_as bob API_TOKEN planted
  quiet_git checkout main
  merge other
  bulla verify -e dev
  expect 0
  bulla verify -e dev --against main~1
  expect 1
  prints "DOES NOT COUNT  NAME       V  BY" "set             API_TOKEN  2  bob"
  bulla verify -e dev --against main~1 --format json
  expect 1
  jq -e '.vaults[0].against.void | length == 1 and .[0].by == "bob" and .[0].kind == "set"' <<<"$output"
}

@test "verify --against: a vault that is new, in a folder of the repository" {
  load people
  needs git
  mkdir deploy && quiet_git init . && commit empty
  cd deploy || return 1
  make_vaults
  commit vaults
  bulla verify --against HEAD~1
  expect 0
  prints "0 other states had; 5 new"
  bulla rotate API_TOKEN
  commit turned
  bulla verify --against HEAD~1
  expect 0
  prints "1 other state had; 1 new"
}

@test "verify --against: an environment that was taken out of the contract hides nothing" {
  load people
  needs git jq
  mkdir deploy && cd deploy || return 1
  make_vaults
  bulla rotate API_TOKEN -e prod --yes
  cd .. && repository && cd deploy || return 1
  quiet_git checkout -b work
  sed -i -e 's/^environments = .*/environments = dev/' -e '/^.environment prod.$/d' -e '/^protected/d' bulla.ini
  commit "without prod"
  # It is there: verified and compared with the others.
  bulla verify --against main --format json
  expect 0
  jq -e '[.vaults[].environment] == ["dev", "prod"]' <<<"$output"
  cp .bulla/prod.vault whole
  cut_vault whole .bulla/prod.vault
  rm -rf "$XDG_STATE_HOME"
  bulla verify --against main
  expect 5 ".bulla/prod.vault: error: 1 record that the common commit" "is gone"
  # Without the comparison nothing tells of it.
  bulla verify
  expect 0
  quiet_git rm -fq .bulla/prod.vault
  commit "and without its vault"
  bulla verify --against main
  expect 5 ".bulla/prod.vault: error: is not there, and commit" "git restore"
  prints_only ""
  # Also where no vault is left at all, nor a folder of them.
  quiet_git rm -rfq .bulla
  commit "without any"
  bulla verify --against main
  expect 5 ".bulla/prod.vault: error: is not there, and commit"
  # Who asks for one environment gets that one.
  quiet_git checkout -q main -- .bulla/dev.vault .bulla/.gitattributes
  bulla verify -e dev --against main
  expect 0
}

@test "verify --against: a vault that the base took away is not missed on branches from before, a new one is" {
  load people
  make_vaults
  repository
  quiet_git branch other
  quiet_git branch taken
  quiet_git checkout -q taken
  quiet_git rm -fq .bulla/prod.vault
  commit "the environment is given up, its section stays"
  for name in "still named" "not named"; do
    quiet_git checkout -q -B work other
    bulla rotate API_TOKEN
    commit "a branch from before"
    quiet_git merge -q --no-edit taken
    bulla verify --against taken
    expect 0
    quiet_git checkout -q taken
    sed -i '/prod/d; /^protected/d' bulla.ini
    git diff --quiet || commit "nor is it named"
  done
  # One that only the branch had is lost by such a merge.
  quiet_git checkout -q -B work taken
  quiet_git checkout -q -b side
  git show other:.bulla/prod.vault >.bulla/prod.vault
  commit "an environment on a side branch"
  quiet_git checkout -q work
  git -c user.name=t -c user.email=t@example.org merge -q -s ours --no-ff -m lost side
  bulla verify --against taken
  expect 5 ".bulla/prod.vault: error: is not there, and commit $(git rev-parse --short=12 side) has it"
  # Nor may a branch take away what its base has.
  quiet_git checkout -q -B work other
  quiet_git rm -fq .bulla/prod.vault
  commit "mine alone"
  bulla verify --against other
  expect 5 ".bulla/prod.vault: error: is not there, and commit"
}

@test "verify --against: a revision that is not there, as in a shallow clone" {
  load people
  needs git
  make_vaults
  repository
  quiet_git checkout -b work
  bulla rotate API_TOKEN
  commit turned
  bulla verify --against nowhere
  expect 2 "git knows no commit 'nowhere'" "fetch --unshallow"
  quiet_git clone --depth 1 --branch work "file://$PWD" ../shallow
  cd ../shallow || return 1
  bulla verify --against origin/main
  expect 2 "git knows no commit 'origin/main'"
  quiet_git fetch --depth 1 origin main:refs/remotes/origin/main
  bulla verify --against origin/main
  expect 3 "have no commit in common here"
  quiet_git fetch --unshallow origin
  bulla verify --against origin/main
  expect 0
}

@test "verify --against: a name that a tag or another branch takes too is refused, a whole one is not" {
  load people
  needs git
  make_vaults
  bulla rotate API_TOKEN
  repository
  quiet_git checkout -b feature
  cp .bulla/dev.vault "$BATS_TEST_TMPDIR/whole"
  cut_vault "$BATS_TEST_TMPDIR/whole" .bulla/dev.vault
  commit "drop the newest"
  quiet_git tag origin/main
  quiet_git clone --branch feature "file://$PWD" "$BATS_TEST_TMPDIR/runner"
  cd "$BATS_TEST_TMPDIR/runner" || return 1
  rm -rf "$XDG_STATE_HOME"
  without_key
  bulla verify --against origin/main
  expect 2 "'origin/main' is several things to git" "refs/tags/origin/main" "refs/remotes/origin/main" "hint:"
  prints_only ""
  bulla verify --against origin/main~0
  expect 2 "'origin/main' is several things to git"
  bulla check --since origin/main
  expect 2 "'origin/main' is several things to git"
  bulla verify --against refs/remotes/origin/main
  expect 5 "1 record that the common commit" "is gone"
  bulla verify --against "$(git rev-parse refs/remotes/origin/main)"
  expect 5 "is gone"
  # A branch does what a tag does, also one that a longer name of git's leads to.
  quiet_git tag -d origin/main
  bulla verify --against origin/main
  expect 5 "is gone"
  for ref in refs/heads/origin/main refs/origin/main; do
    quiet_git update-ref "$ref" HEAD
    bulla verify --against origin/main
    expect 2 "'origin/main' is several things to git" "$ref"
    quiet_git update-ref -d "$ref"
  done
  # A whole name that is not there is nothing that a longer one could stand for.
  quiet_git tag refs/remotes/origin/gone
  bulla verify --against refs/remotes/origin/gone
  expect 2 "git knows no commit 'refs/remotes/origin/gone'"
}

@test "verify --against: a ref that is called like the short id of another commit is refused" {
  load people
  needs git
  make_vaults
  repository
  local short
  short=$(git rev-parse --short HEAD)
  quiet_git checkout -b work
  bulla rotate API_TOKEN
  commit turned
  bulla verify --against "$short"
  expect 0
  for name in "$short" "v1-0-g$short"; do
    quiet_git tag "$name" HEAD
    bulla verify --against "$name"
    expect 2 "'$name' is several things to git" "refs/tags/$name" "hint:"
    quiet_git tag -d "$name"
  done
  # A name that happens to be made of such letters is a name.
  quiet_git branch feedbeef main
  bulla verify --against feedbeef
  expect 0
}

@test "verify --against: what is no revision, no work tree, no git" {
  load people
  needs git
  make_vaults
  bulla verify --against main
  expect 3 "in no git work tree"
  repository
  bulla verify --against --all
  expect 2 "git knows no commit '--all'"
  bulla verify --against ''
  expect 2 "git knows no commit ''"
  mkdir empty
  observe env PATH="$PWD/empty" "$BULLA" verify --against main
  expect 6 "git cannot be started"
}

@test "verify: no false alarm after changing branches, an old commit, a shallow clone, a worktree" {
  load people
  needs git
  make_vaults
  repository
  quiet_git checkout -b work
  bulla rotate API_TOKEN
  commit turned
  bulla verify
  expect 0
  for where in main work HEAD~1 main; do
    quiet_git checkout "$where"
    bulla verify
    expect 0
    [[ $stderr != *warning* ]]
    bulla get POSTGRES_PASSWORD
    expect 0
  done
  quiet_git clone --depth 1 "file://$PWD" ../shallow
  quiet_git worktree add ../tree work
  for folder in ../shallow ../tree; do
    (cd $folder && bulla verify && expect 0 && bulla get API_TOKEN && expect 0)
  done
}

# committed_oddly MODE [TWICE]: HEAD's root tree again, as somebody can write it, with MODE for .bulla,
# and an empty one of that name before it.
committed_oddly() {
  local tree empty=
  [[ -z ${2:-} ]] || empty=$(git mktree </dev/null)
  git ls-tree HEAD | while read -r mode _ id name; do
    [[ $name == .bulla ]] && mode=$1
    # shellcheck disable=SC2001,SC2059
    if [[ $name == .bulla && -n $empty ]]; then
      printf '40000 .bulla\0' && printf "$(sed 's/../\\x&/g' <<<"$empty")"
    fi
    printf '%s %s\0' "$mode" "$name"
    # shellcheck disable=SC2001,SC2059
    printf "$(sed 's/../\\x&/g' <<<"$id")"
  done >"$TMPDIR/tree"
  tree=$(git hash-object -t tree --literally -w "$TMPDIR/tree")
  quiet_git update-ref refs/heads/base \
    "$(git -c user.name=t -c user.email=t@example.org commit-tree -p HEAD -m odd "$tree")"
}

@test "verify --against: a folder is one in every way that git can write it, and stands once" {
  load people
  needs git
  make_vaults
  repository
  for mode in 40000 040000 40755 1040000; do
    committed_oddly $mode
    sed -i '/prod/d; /^protected/d' bulla.ini
    mv .bulla/prod.vault kept
    bulla verify --against base
    expect 5 ".bulla/prod.vault: error: is not there, and commit "
    mv kept .bulla/prod.vault
    git checkout -q bulla.ini
  done
  committed_oddly 40000 twice
  sed -i '/prod/d; /^protected/d' bulla.ini
  quiet_git rm -fq .bulla/prod.vault
  commit "without prod"
  bulla verify --against base
  [[ $status == [56] ]]
}
