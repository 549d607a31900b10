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
