# What a merge of git leaves in the files of a stack: markers, and sections without their lines.
load helper

project() {
  printf 'services:\n  app: {image: app, environment: {A: "${A_TOKEN:?}"}}\n' >compose.yaml
  bulla init
  expect 0
}

@test "merge: markers in bulla.ini are called so, by every command" {
  project
  printf '%s\n' '<<<<<<< HEAD' '[B_TOKEN]' ======= '[C_TOKEN]' '>>>>>>> other' 'kind = hex:32' >>bulla.ini
  local line command
  line=$(grep -n '^<<<<<<<' bulla.ini | cut -d: -f1)
  for command in check list 'git fix'; do
    # shellcheck disable=SC2086
    bulla $command
    expect 3 "bulla.ini:$line:1: error: a conflict marker of git" "a merge left its markers"
  done
}

@test "merge: a section that lost its lines is found, one that says anything is not" {
  project
  printf '\n[B_TOKEN]\n[C_TOKEN]\nkind = hex:32\n[D_TOKEN]\noptional@dev = yes\n' >>bulla.ini
  bulla fill
  bulla check --strict
  expect 1
  prints "warning B221 [B_TOKEN] says nothing"
  [[ $(grep -c B221 <<<"$output") == 1 ]]
}

@test "merge: markers in a compose file are called so, at the first of them" {
  project
  printf '%s\n' 'services:' '<<<<<<< HEAD' '  app: {image: a}' ======= '  app: {image: b}' '>>>>>>> other' >compose.yaml
  bulla check
  expect 1
  prints "compose.yaml:2:1: error B204" "a conflict marker of git" "help: a merge left its markers"
}

@test "merge: markers in the rendered file are what check says to put right" {
  project
  bulla render
  expect 0
  printf '%s\n' '<<<<<<< HEAD' 'B=1' ======= 'B=2' '>>>>>>> other' >>.env
  bulla check
  prints "help: put right what is no NAME=VALUE (a merge's markers?), or move the file away; then bulla render"
  mv .env away
  bulla render
  expect 0
}
