# What docs/later.md tells to do, done.
load helper
load stack

@test "later: a variable that gets another name keeps its value" {
  make_vaults
  bulla_revealing get API_TOKEN
  before=$output
  sed -i 's/API_TOKEN/SERVICE_TOKEN/g' compose.yaml bulla.ini
  "$BULLA" get API_TOKEN | "$BULLA" set SERVICE_TOKEN --why 'was API_TOKEN' --yes
  bulla unset API_TOKEN --why 'is SERVICE_TOKEN now' --yes
  expect 0
  bulla_revealing get SERVICE_TOKEN
  prints_only "$before"
  bulla list
  [[ $output$stderr != *API_TOKEN* ]]
}

@test "later: an environment is taken out, and not missed behind the merge" {
  needs git
  make_vaults
  printf '[user]\nname = alice\nemail = alice@example.com\n' >"$HOME/.gitconfig"
  git init -q && git add -A && git commit -qm start
  bulla git install
  git checkout -qb without-prod
  sed -i '/^environments/s/, prod//; /^\[environment prod\]/,/^$/d' bulla.ini
  git rm -q .bulla/prod.vault
  if git commit -qam 'no prod any more' 2>/dev/null; then return 1; fi
  git commit --no-verify -qam 'no prod any more'
  bulla verify --against HEAD~1
  expect 5 ".bulla/prod.vault"
  git branch merged
  bulla verify --against merged
  expect 0
  bulla check
  [[ $output != *prod* ]]
}

@test "later: a timer commits where something turned" {
  needs git
  make_vaults
  printf '[user]\nname = alice\nemail = alice@example.com\n' >"$HOME/.gitconfig"
  git init -q && git add -A && git commit -qm start
  sed -n '/bulla rotate -e prod --due/,/esac/p' "$SOURCE/docs/later.md" |
    sed "s/^    //; s/^bulla/\"\$BULLA\"/; s/ && git push -q//" >timer
  printf 'echo deployed\n' >deploy && chmod +x deploy
  BULLA=$BULLA observe sh timer
  [ "$status" = 0 ]
  [[ $output != *deployed* ]]
  sed -i 's/^\[API_TOKEN\]/&\nrotate = 1s/' bulla.ini
  git commit -qam shorter
  sleep 2
  BULLA=$BULLA observe sh timer
  [ "$status" = 0 ]
  [[ $output == *deployed* ]]
  [ "$(git log --format=%s -1)" = 'bulla: rotate' ]
}

@test "later: a second stack in the repository has a bulla.ini of its own, which the hook looks at too" {
  needs git
  make_vaults
  printf '[user]\nname = alice\nemail = alice@example.com\n' >"$HOME/.gitconfig"
  git init -q && git add -A && git commit -qm start
  bulla git install
  mkdir web
  printf 'services: {web: {image: example/web, environment: {WEB_SECRET: "${WEB_SECRET:?}"}}}\n' \
    >web/compose.yaml
  bulla -C web list
  expect 0 "'compose.yaml' is no part of ../bulla.ini"
  sed -n '/bulla -C web init/,/git add/p' "$SOURCE/docs/later.md" |
    sed 's/^    //; s/^bulla/"$BULLA"/' >recipe
  BULLA=$BULLA observe sh -e recipe
  [ "$status" = 0 ]
  git commit -qm 'web: a stack of its own'
  bulla -C web run -- sh -c '[ -n "$WEB_SECRET" ] && [ -z "$API_TOKEN" ]'
  expect 0
  [ -z "$stderr" ]
  bulla -C web render
  expect 0
  git add -f web/.env
  if git commit -qm 'with its values' 2>refused; then return 1; fi
  grep -q 'web/.env' refused
  git rm -q --cached web/.env
  printf 'services: {jobs: {image: example/jobs, environment: {JOB_SECRET: "${JOB_SECRET:?}"}}}\n' \
    >web/jobs.yaml
  sed -i '/^\[environment dev\]/a compose = compose.yaml, jobs.yaml' web/bulla.ini
  bulla -C web init
  expect 0
  grep -q '^\[JOB_SECRET\]' web/bulla.ini
}
