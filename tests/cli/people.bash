# shellcheck shell=bash disable=SC2034,SC2154
# Several people, each with a home of his own, and a git repository: load it behind stack.
#
#     as NAME ARGUMENT...     the program in the home of NAME
#     person NAME             his home with an identity; his request is in NAME.line
#     add NAME ROLE [OPTION]  takes that request in
#     trust ENV               pins the root of the vault ENV from here on
#     repository              makes the project a git repository with one commit
#     commit MESSAGE, merge BRANCH

as() {
  local name=$1
  shift
  HOME=$BATS_TEST_TMPDIR/$name XDG_CONFIG_HOME='' XDG_STATE_HOME='' bulla "$@"
}

# The same for what may print a secret.
as_revealing() {
  local name=$1
  shift
  HOME=$BATS_TEST_TMPDIR/$name XDG_CONFIG_HOME='' XDG_STATE_HOME='' bulla_revealing "$@"
}

person() {
  as "$1" identity new
  expect 0
  as "$1" recipient request --name "$1"
  expect 0
  printf '%s\n' "$output" >"$1.line"
}

add() {
  # shellcheck disable=SC2046
  bulla recipient add $(cat "$1.line") --role "$2" --yes "${@:3}"
  expect 0
}

trust() {
  BULLA_ROOT=$("$BULLA" verify -e "$1" --format json | jq -r ".vaults[0].root")
  export BULLA_ROOT
}

quiet_git() {
  git -c user.name=tester -c user.email=tester@example.org -c init.defaultBranch=main "$@" \
    >>"$BATS_TEST_TMPDIR/git.log" 2>&1
}

repository() {
  quiet_git init . && commit first
}

commit() {
  quiet_git add -A && quiet_git commit --allow-empty -m "$1"
}

merge() {
  quiet_git merge -m "merge $1" "$1"
}

# set_as NAME SECRET VALUE: sets it and commits.
set_as() {
  printf '%s\n' "$3" >"$BATS_TEST_TMPDIR/set.value"
  as "$1" set "$2" --file "$BATS_TEST_TMPDIR/set.value" --force --yes
  expect 0
  commit "$1 sets $2"
}

# A name that two branches set: API_TOKEN is OURS on main and THEIRS on other, merged on main.
contest() {
  quiet_git branch other
  printf '%s\n' "$1" | "$BULLA" set API_TOKEN --force -q && commit ours
  quiet_git checkout other
  printf '%s\n' "$2" | "$BULLA" set API_TOKEN --force -q && commit theirs
  quiet_git checkout main
  merge other
}

# cut_vault FROM TO: TO is FROM without version 2 of API_TOKEN, its newest record, as somebody would have it who hides it.
cut_vault() {
  sed '/^set API_TOKEN v=2/d' "$1" >"$2"
}
