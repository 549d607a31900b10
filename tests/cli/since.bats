# bulla check --since: only what changed since a commit.
load helper

setup() {
  sandbox
  needs git
  git config --global user.name alice
  git config --global user.email alice@example.org
  git config --global init.defaultBranch main
}

commit() {
  git add -A
  git commit -qm "${1:-change}"
}

# A project with three findings, each on a line of its own, committed.
committed() {
  mkdir -p "${1:-.}"
  cat >"${1:-.}/compose.yaml" <<'YAML'
services:
  a:
    image: x
    environment:
      A: ${A:?a}
      B: ${B:?b}
      C: ${C:?c}
YAML
  git init -q .
  commit first
}

# finds NAME...: exactly these variables are found.
finds() {
  local wanted found
  wanted=$(printf '%s\n' "$@" | sort)
  found=$(jq -r '.findings[].variable' <<<"$output" | sort)
  if [[ $wanted != "$found" ]]; then
    echo "found: $found"
    return 1
  fi
}

@test "since: findings on lines that the commit has are left out" {
  needs jq
  committed
  bulla check --since HEAD
  expect 0
  prints_only "check: ok, 3 references in 1 file, changes since HEAD"
  sed -i 's/{B:?b}/{B:?other}/' compose.yaml
  bulla check --since HEAD --format json
  expect 1
  finds B
  jq -e '.counts.error == 1 and .findings[0].line == 6' <<<"$output"
  commit second
  bulla check --since HEAD --format json
  expect 0
  bulla check --since HEAD~1 --format json
  expect 1
  finds B
}

@test "since: lines that only moved have not changed, those put in between have" {
  needs jq
  committed
  sed -i '1i # one\n# two' compose.yaml
  sed -i '/A: /a \      D: ${D:?d}' compose.yaml
  printf '      E: ${E:?e}' >>compose.yaml
  bulla check --since HEAD --format json
  expect 1
  finds D E
  sed -i 's/$/\r/' compose.yaml
  bulla check --since HEAD --format json
  expect 1
  finds D E
}

@test "since: a commit of many changes, compared with diff" {
  needs jq
  local i
  {
    printf 'services:\n  a:\n    image: x\n    environment:\n'
    for i in {1..300}; do printf '      V%s: ${V%s:?}\n' "$i" "$i"; done
  } >compose.yaml
  git init -q .
  commit first
  RANDOM=7
  for i in {1..60}; do
    case $((RANDOM % 3)) in
      0) sed -i "$((RANDOM % 250 + 5))d" compose.yaml ;;
      1) sed -i "$((RANDOM % 250 + 5))i \      N$i: \${N$i:?}" compose.yaml ;;
      2) sed -i "$((RANDOM % 250 + 5))s/:?}/:?now}/" compose.yaml ;;
    esac
  done
  bulla check --since HEAD --format json
  expect 1
  jq -r '.findings[].line' <<<"$output" | sort -n >found
  git diff --minimal -U0 HEAD -- compose.yaml |
    awk '/^@@/ { split(substr($3, 2), at, ","); line = at[1] } /^\+[^+]/ { print line++ }' >wanted
  [ "$(wc -l <wanted)" -gt 20 ]
  cmp found wanted
}

@test "since: all of a new file is new, tracked or not" {
  needs jq
  committed
  printf 'services:\n  b:\n    image: "x:${D:?d}"\n' >compose.override.yaml
  bulla check --since HEAD --format json
  expect 1
  finds D
  git add .
  bulla check --since HEAD --format json
  finds D
  commit second
  bulla check --since HEAD --format json
  expect 0
  bulla check --since HEAD~1 --format json
  finds D
}

@test "since: a renamed file is compared with what it was" {
  needs jq
  committed
  git mv compose.yaml docker-compose.yml
  bulla check --since HEAD
  expect 0
  sed -i 's/{C:?c}/{C:?other}/' docker-compose.yml
  commit second
  bulla check --since HEAD~1 --format json
  expect 1
  finds C
}

@test "since: a project in a subdirectory, seen from there and from the root" {
  needs jq
  committed $'de ploy "\303\251'
  cd $'de ploy "\303\251'
  sed -i 's/{B:?b}/{B:?other}/' compose.yaml
  bulla check --since HEAD --format json
  expect 1
  finds B
  cd "$BATS_TEST_TMPDIR/project"
  bulla check --since HEAD --format json -f $'de ploy "\303\251/compose.yaml'
  expect 1
  finds B
}

@test "since: a compose file that is a link is compared where it really is" {
  needs jq
  mkdir stack
  committed stack
  mkdir work
  ln -s ../stack/compose.yaml work/compose.yaml
  commit second
  sed -i 's/{B:?b}/{B:?other}/' stack/compose.yaml
  cd work
  bulla check --since HEAD --format json
  expect 1
  finds B
}

@test "since: what Compose refuses is told where a line that is gone has caused it, too" {
  needs jq
  cat >compose.yaml <<'YAML'
services:
  a:
    image: x
    networks: [backend]
networks:
  backend:
YAML
  git init -q .
  commit first
  sed -i '/^networks:/,$d' compose.yaml
  bulla check --since HEAD --format json
  expect 1
  [[ $(jq -r '.findings[] | "\(.rule) \(.line)"' <<<"$output") == "B220 "* ]]
}

@test "since: findings without a line stay" {
  committed
  printf 'A=1\nB=2\nC=3\nDB_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n' >.env
  chmod 600 .env
  commit second
  bulla check --since HEAD
  expect 1
  prints ".env: error B402 git tracks this file"
}

@test "since: a value that goes with its line in .env is not shown" {
  committed
  printf 'A=1\nB=2\nC=3\nD_PASSWORD=%s\n' "$CANARY" >.env
  may_hold_canary .env
  chmod 600 .env
  echo .env >.gitignore
  commit second
  bulla check --since HEAD
  expect 0
}

@test "since: a commit that git does not know, and names that are no commits" {
  local name
  committed
  for name in nowhere HEAD~7 HEAD:compose.yaml -x '--all' 'HEAD^{tree}' '' $'HEAD\nHEAD'; do
    bulla check --since="$name"
    expect 2 "git knows no commit" "hint:"
  done
}

@test "since: names of commits of every form" {
  needs jq
  local name
  committed
  git tag -a v1 -m one
  sed -i 's/{B:?b}/{B:?other}/' compose.yaml
  commit second
  for name in HEAD~1 v1 main~1 ':/first' "$(git rev-parse HEAD~1)" "$(git rev-parse --short HEAD~1)"; do
    bulla check --since "$name" --format json
    expect 1
    finds B
  done
}

@test "since: without a work tree it is refused" {
  printf 'services:\n  a:\n    image: x\n' >compose.yaml
  bulla check --since HEAD
  expect 3 "--since needs a work tree of git"
}

@test "since: without git, or with a repository that it refuses, the status is 6" {
  committed
  observe env PATH=/nowhere "$BULLA" check --since HEAD
  keep_said
  expect 6 "git cannot be started"
  rm .git/HEAD
  bulla check --since HEAD
  expect 6 "git does not tell what changed"
}

@test "since: nothing that the repository's config names is run" {
  needs jq
  committed
  cat >"$BATS_TEST_TMPDIR/run" <<END
#!/bin/sh
touch '$BATS_TEST_TMPDIR/ran'
cat
END
  chmod +x "$BATS_TEST_TMPDIR/run"
  git config diff.external "$BATS_TEST_TMPDIR/run"
  git config diff.x.textconv "$BATS_TEST_TMPDIR/run"
  git config diff.x.command "$BATS_TEST_TMPDIR/run"
  git config filter.x.clean "$BATS_TEST_TMPDIR/run"
  git config filter.x.smudge "$BATS_TEST_TMPDIR/run"
  git config filter.x.process "$BATS_TEST_TMPDIR/run"
  git config core.fsmonitor "$BATS_TEST_TMPDIR/run"
  git config core.pager "$BATS_TEST_TMPDIR/run"
  git config core.hooksPath "$BATS_TEST_TMPDIR"
  cp "$BATS_TEST_TMPDIR/run" "$BATS_TEST_TMPDIR/post-index-change"
  printf '* filter=x diff=x\n' >.gitattributes
  sed -i 's/{B:?b}/{B:?other}/' compose.yaml
  printf 'services:\n  b:\n    image: "x:${D:?d}"\n' >compose.override.yaml
  bulla check --since HEAD --format json
  expect 1
  finds B D
  [ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "since: a clone that lacks an object fetches nothing" {
  committed
  sed -i 's/{B:?b}/{B:?other}/' compose.yaml
  commit second
  git config uploadpack.allowFilter true
  git clone -q --filter=blob:none --no-checkout "file://$PWD" ../partial
  cd ../partial
  git checkout -q main
  git config remote.origin.uploadpack "touch $BATS_TEST_TMPDIR/ran; git-upload-pack"
  bulla check --since HEAD~1
  expect 6 "git does not tell what changed"
  [ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "since: a file that the commit has and git lacks is not taken for a new one" {
  committed
  object=$(git rev-parse HEAD:compose.yaml)
  sed -i 's/{B:?b}/{B:?other}/' compose.yaml
  commit second
  rm -f ".git/objects/${object:0:2}/${object:2}"
  bulla check --since HEAD~1
  expect 6 "git does not tell what changed"
  [[ $stderr == *"git fsck says what it lacks"* ]]
}
