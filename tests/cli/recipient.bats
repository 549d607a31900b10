# bulla recipient: members of a vault, who come, change and go.
load helper
load stack
load people

@test "recipient request: one line, and a fingerprint that the other side shows too" {
  make_vaults
  person bob
  [ "$(wc -l <bob.line)" = 1 ]
  grep -Eq '^bulla-request bob age1[0-9a-z]{58} [A-Za-z0-9+/]{43} [A-Za-z0-9+/]{86}$' bob.line
  as bob recipient request
  expect 0 "fingerprint"
  shown=$(grep -Eo '([0-9a-f]{4} ){4}[0-9a-f]{4}' <<<"$stderr")
  # shellcheck disable=SC2046
  bulla recipient add $(cat bob.line) --yes
  expect 0 "fingerprint of the keys of 'bob': $shown" "'bob' is a member of 'dev': a reader"
  bulla recipient list
  prints "$shown"
}

@test "recipient request: no identity, a name that is none" {
  bulla recipient request
  expect 4 "no identity" "bulla identity new"
  bulla identity new
  bulla recipient request --name 'Bob Smith'
  expect 2 "no member name" "--name bob-smith"
  bulla recipient request -e dev
  expect 2
}

@test "recipient add: without a terminal the keys have to be taken with --yes" {
  make_vaults
  person bob
  before=$(vaults)
  # shellcheck disable=SC2046
  bulla recipient add $(cat bob.line)
  expect 1 "nobody is here to compare the fingerprint of 'bob'" "--yes"
  [ "$before" = "$(vaults)" ]
}

@test "recipient add: on a terminal the fingerprint is asked about" {
  needs expect
  make_vaults
  person bob
  before=$(vaults)
  # shellcheck disable=SC2046
  answers=n on_terminal shown "$BULLA" recipient add $(cat bob.line)
  [ "$status" = 1 ]
  grep -q "told you himself" shown
  grep -q "nothing was written" shown
  [ "$before" = "$(vaults)" ]
  # shellcheck disable=SC2046
  answers=y on_terminal shown "$BULLA" recipient add $(cat bob.line) --role writer
  [ "$status" = 0 ]
  bulla recipient list --format json
  jq -e '.members[1] | .name == "bob" and .role == "writer"' <<<"$output"
}

@test "recipient add: a line that was cut, changed or mixed up is refused" {
  make_vaults
  person bob
  before=$(vaults)
  # shellcheck disable=SC2046
  bulla recipient add $(cut -c 1-200 bob.line) --yes
  expect 3 "its signature does not fit" "bulla recipient request"
  bulla recipient add "$(sed 's/ bob / rob /' bob.line)" --yes
  expect 3 "its signature does not fit"
  bulla recipient add bob bulla-request --yes
  expect 3 "is not whole"
  bulla recipient add bob age1nonsense --yes
  expect 3 "the recipient has" "the line that 'bulla recipient request' prints"
  bulla recipient add bob AGE-SECRET-KEY-1QQQ --yes
  expect 3 "secret key"
  bulla recipient add bob --yes
  expect 1 "no member 'bob', and no keys"
  [ "$before" = "$(vaults)" ]
}

@test "recipient add: the line in one word, and under another name" {
  make_vaults
  person bob
  bulla recipient add robert "$(cat bob.line)" --yes
  expect 0 "'robert' is a member of 'dev'"
  # shellcheck disable=SC2046
  bulla recipient add bob $(cat bob.line) --yes
  expect 1 "these keys are those of 'robert'"
}

@test "recipient add: a reader reads and cannot write, a writer can, neither adds" {
  needs jq
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  person bob
  person carol
  add bob reader
  trust dev
  as_revealing bob get API_KEY
  [ "$output" = "$CANARY" ]
  before=$(vaults)
  as bob set API_TOKEN --file value --force
  expect 1 "'bob' is a reader: to set values takes a role of writer" "ask 'alice'"
  as bob unset API_KEY
  expect 1 "is a reader"
  # shellcheck disable=SC2046
  as bob recipient add $(cat carol.line) --yes
  expect 1 "is a reader: to" "takes a role of admin"
  [ "$before" = "$(vaults)" ]
  bulla recipient add bob --role writer --yes
  expect 0 "'bob' was a reader in 'dev' and is a writer now"
  as bob set NOTE --file value
  expect 0
  # shellcheck disable=SC2046
  as bob recipient add $(cat carol.line) --yes
  expect 1 "'bob' is a writer: to add a member takes a role of admin" "ask 'alice'"
  as bob recipient remove alice
  expect 1 "takes a role of admin"
  as carol list
  expect 0
  as carol get API_KEY
  expect 4
}

@test "recipient add: a bare recipient is a reader who never writes" {
  needs jq
  make_vaults
  as bob identity new
  bulla recipient add bob "$output" --role writer --yes
  expect 1 "'bob' gave no signing key" "bulla recipient request"
  recipient=$(HOME=$BATS_TEST_TMPDIR/bob XDG_CONFIG_HOME='' "$BULLA" identity show -q)
  bulla recipient add bob "$recipient" --yes
  expect 0 "he can read, and never write"
  bulla recipient list --format json
  jq -e --arg r "$recipient" '.version == 1 and .environment == "dev" and (.members | length == 2)
    and (.members[1] | .name == "bob" and .role == "reader" and .recipient == $r
      and (has("sign") | not) and .by == "alice" and (.since | test("Z$"))
      and (.fingerprint | length == 24))
    and (.members[0].sign | length == 43)' <<<"$output"
  trust dev
  as bob set NOTE --file bulla.ini
  expect 4 "no identity here signs for 'bob': it can only read" "bulla recipient request"
}

@test "recipient add: what is so already writes nothing; a change has to be confirmed" {
  make_vaults
  person bob
  add bob writer
  before=$(vaults)
  add bob writer
  expect 0 "'bob' is a writer in 'dev' already: nothing was written"
  [ "$before" = "$(vaults)" ]
  bulla recipient add bob --role admin
  expect 1 "'bob' is a member of 'dev' already, a writer" "--yes"
  [ "$before" = "$(vaults)" ]
  bulla recipient add bob
  expect 0 "nothing was written"
}

@test "recipient add: other keys of a member take the place of his old ones" {
  needs jq
  make_vaults
  person bob
  add bob writer
  cp bob.line old.line
  rm -r "$BATS_TEST_TMPDIR/bob"
  person bob
  add bob same
  expect 0 "'bob' has other keys in 'dev', as a writer" "recipient remove, then add"
  trust dev
  as bob set NOTE --file old.line
  expect 0
  bulla recipient list --format json
  jq -e '.members | length == 2' <<<"$output"
}

@test "recipient add: admins are the owner's to make and to remove; he hands over himself" {
  needs jq
  make_vaults
  for name in bob carol; do
    person $name
  done
  add bob admin
  trust dev
  # shellcheck disable=SC2046
  as bob recipient add $(cat carol.line) --role admin --yes
  expect 1 "'bob' is an admin: to make somebody an admin takes a role of owner"
  # shellcheck disable=SC2046
  as bob recipient add $(cat carol.line) --role writer --yes
  expect 0 "'carol' is a member of 'dev': a writer"
  as bob recipient remove alice
  expect 1 "'alice' is the owner"
  bulla recipient remove alice
  expect 1 "'alice' is the owner" "somebody else the owner first"
  as bob recipient add alice --role reader --yes
  expect 1 "'alice' is the owner"
  as bob recipient remove bob
  expect 1 "'bob' is an admin" "only the owner"
  bulla recipient add bob --role owner
  expect 1 "a member of 'dev' already, an admin"
  bulla recipient add bob --role owner --yes
  expect 0 "'bob' was an admin in 'dev' and is the owner now"
  bulla recipient list --format json
  jq -e '[.members[] | .name + " " + .role] == ["alice admin", "bob owner", "carol writer"]' <<<"$output"
  as bob recipient remove alice
  expect 0
  bulla list
  expect 0
  bulla verify -e dev
  expect 0
}

@test "recipient add: handing over on a terminal takes the name, typed" {
  needs expect
  make_vaults
  person bob
  add bob admin
  before=$(vaults)
  answers=y on_terminal shown "$BULLA" recipient add bob --role owner
  [ "$status" = 1 ]
  grep -q "becomes the owner of 'dev' and you an admin" shown
  [ "$before" = "$(vaults)" ]
  answers=bob on_terminal shown "$BULLA" recipient add bob --role owner
  [ "$status" = 0 ]
}

@test "recipient add: the owner's own new keys need both identities at hand" {
  make_vaults
  identity=$XDG_CONFIG_HOME/bulla/identity.txt
  bulla identity new --out new.txt
  bulla recipient request --identity new.txt --name alice
  printf '%s\n' "$output" >alice.line
  # shellcheck disable=SC2046
  bulla recipient add $(cat alice.line) --yes
  expect 4 "no identity here signs for 'alice'" "put the new identity beside the old one"
  cat new.txt >>"$identity"
  # shellcheck disable=SC2046
  bulla recipient add $(cat alice.line) --yes
  expect 0 "'alice' has other keys in 'dev', as the owner"
  bulla get API_TOKEN --identity new.txt
  expect 0
}

@test "recipient add: every environment in one go, protected ones too, or none" {
  needs jq
  make_vaults
  person bob
  before=$(vaults)
  # shellcheck disable=SC2046
  bulla recipient add $(cat bob.line) --all-environments
  expect 1 "environment 'prod' is protected"
  [ "$before" = "$(vaults)" ]
  add bob reader --all-environments
  for env in dev prod; do
    bulla recipient list -e $env --format json
    jq -e '.members[1].name == "bob"' <<<"$output"
  done
  bulla recipient add bob -e dev --all-environments
  expect 2 "-e and --all-environments"
  export BULLA_ENV=dev
  bulla recipient add bob --all-environments --yes
  expect 0 "in 'prod' already"
}

@test "recipient add: a member who lacks a key after a merge gets it" {
  needs git jq
  make_vaults
  person bob
  person carol
  add carol reader
  repository
  quiet_git checkout -b ours
  add bob writer
  commit bob
  quiet_git checkout main
  bulla recipient remove carol
  expect 0
  bulla rotate API_TOKEN
  commit removal
  merge ours
  trust dev
  as bob get API_TOKEN
  expect 4
  bulla recipient add bob
  expect 0 "keys that somebody lacked are granted"
  as bob get API_TOKEN
  expect 0
}

@test "recipient add --new: an identity with the roots of its vaults, to a file of mode 0600" {
  needs jq
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  bulla recipient add ci --new --out ci.txt --all-environments --yes
  expect 0 "identity written to ci.txt" "'ci' is a member of 'dev': a reader" "of 'prod': a reader"
  prints_only ""
  [ "$(stat -c %a ci.txt)" = 600 ]
  for env in dev prod; do
    root=$("$BULLA" verify -e $env --format json | jq -r ".vaults[0].root")
    grep -qxF "# bulla-root $root" ci.txt
  done
  before=$(vaults)
  bulla recipient add ci2 --new --out ci.txt --yes
  expect 1 "ci.txt"
  [ "$before" = "$(vaults)" ]
}

@test "recipient add --new: to standard output when that is no terminal" {
  needs expect
  make_vaults
  before=$(vaults)
  answers='' on_terminal shown "$BULLA" recipient add ci --new
  [ "$status" = 1 ]
  if grep -q AGE-SECRET shown; then return 1; fi
  [ "$before" = "$(vaults)" ]
  (umask 077 && "$BULLA" recipient add ci --new >ci.txt)
  chmod 600 ci.txt
  bulla get API_TOKEN --identity ci.txt
  expect 0
  answers='' on_terminal shown "$BULLA" recipient add ci2 --new --reveal
  [ "$status" = 0 ]
  grep -q AGE-SECRET shown
  rm shown
  bulla recipient add ci3 age1x --new
  expect 2 "--new makes the keys"
  bulla recipient add ci3 --reveal
  expect 2 "belong to --new"
}

@test "recipient add: new keys for all environments let nobody into one more" {
  make_vaults
  person bob
  add bob writer
  rm -r "$BATS_TEST_TMPDIR/bob" 2>/dev/null || true
  "$BULLA" identity new --out new.txt >/dev/null 2>&1
  "$BULLA" recipient request --identity new.txt --name bob >new.line 2>/dev/null
  # shellcheck disable=SC2046
  bulla recipient add $(cat new.line) --all-environments --yes
  expect 0 "'bob' has other keys in 'dev', as a writer" \
    "'bob' is no member of 'prod', and stays none: --role lets him in"
  bulla recipient list -e prod
  [[ $output != *bob* ]]
  # shellcheck disable=SC2046
  bulla recipient add $(cat new.line) --all-environments --role reader --yes
  expect 0 "'bob' is a member of 'prod': a reader"
}

@test "recipient add: an identity whose vault was not committed is told from a stranger's" {
  make_vaults
  cp .bulla/dev.vault before
  bulla recipient add ci --new --out ci.txt
  expect 0
  cp before .bulla/dev.vault
  bulla run --identity ci.txt -- true
  expect 4 "commit and push the vault that 'bulla recipient add' wrote"
}

@test "recipient remove: what he could read is exposed, and the commands that turn it are said" {
  needs jq
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  person bob
  add bob writer
  bulla recipient remove bob --why "left the team"
  expect 0 "'bob' is no member of 'dev' any more"
  prints "bob could read 3 of 3 secrets in 'dev'" "  bulla rotate API_TOKEN POSTGRES_PASSWORD" \
    "  bulla set API_KEY"
  bulla status
  prints "3 exposed"
  bulla check
  expect 0
  prints "warning B404 API_KEY is exposed: somebody outside may have it; an error in 14 days"
  trust dev
  as bob get API_TOKEN
  expect 0
  bulla rotate API_TOKEN POSTGRES_PASSWORD
  expect 0
  as bob get API_TOKEN
  expect 4
  as bob set NOTE --file value
  expect 4 "no member of the vault"
  bulla check
  prints "B404 API_KEY"
  [[ $output != *"B404 API_TOKEN"* ]]
  # The same value again is exposed as before.
  bulla set API_KEY --file value
  expect 0 "has this value"
  bulla check
  prints "B404 API_KEY"
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set API_KEY -q
  bulla check
  [[ $output != *B404* ]]
}

@test "recipient remove: a setting in the vault is no secret, and nobody has to turn it" {
  make_vaults
  printf DEBUG | "$BULLA" set LOG_LEVEL -q
  printf '\n[check]\nexposed-grace = 1s\n' >>bulla.ini
  person bob
  add bob reader
  bulla recipient remove bob
  expect 0
  prints "bob could read 2 of 2 secrets in 'dev'"
  [[ $output != *LOG_LEVEL* ]]
  bulla rotate --exposed
  expect 10
  bulla status
  [[ $output != *exposed* ]]
  bulla list --all
  [[ $output != *exposed* ]]
  bulla check
  [[ $output != *B404* ]]
}

@test "recipient remove: after the contract's grace an exposed value is an error" {
  make_vaults
  echo abcdefghijklmnopqrstuvwx | "$BULLA" set API_KEY -q
  person bob
  add bob writer
  bulla recipient remove bob
  printf '\n[check]\nexposed-grace = 1s\n' >>bulla.ini
  sleep 1.1
  bulla check
  expect 1
  prints "error B404 API_KEY is exposed: for 0 days somebody outside may have had it"
  sed -i 's/^exposed-grace.*/exposed-grace = 2d/' bulla.ini
  bulla check
  expect 0
  prints "an error in 2 days"
}

@test "recipient remove: a name that is no member, and those who may not" {
  make_vaults
  person bob
  bulla recipient remove bob
  expect 1 "no member 'bob'" "bulla recipient list"
  add bob reader
  bulla recipient remove bobb
  expect 1 "no member 'bobb'" "did you mean 'bob'?"
  bulla recipient remove zoe --all-environments
  expect 1 "'zoe' is a member of no vault"
  bulla recipient remove bob -e prod
  expect 1 "no member 'bob'"
  bulla recipient remove bob --why $'two\nlines'
  expect 3 "control characters"
  without_key
  bulla recipient remove bob
  expect 4
}

@test "recipient remove: from every vault that he is in" {
  make_vaults
  person bob
  person carol
  add bob reader --all-environments
  add carol reader
  before=$(sha256sum .bulla/prod.vault)
  bulla recipient remove carol --all-environments
  expect 0 "no member of 'dev'"
  [ "$before" = "$(sha256sum .bulla/prod.vault)" ]
  bulla recipient remove bob --all-environments
  expect 1 "protected"
  bulla recipient remove bob --all-environments --yes
  expect 0 "no member of 'dev'" "no member of 'prod'"
  prints "  bulla rotate -e prod API_TOKEN POSTGRES_PASSWORD"
}

@test "recipient list: needs no key; a vault that is not there, an operand" {
  make_vaults
  without_key
  bulla recipient list
  expect 0
  prints "MEMBER  ROLE" "alice   owner"
  bulla recipient list dev
  expect 2
  make_stack
  rm -r .bulla
  bulla recipient list
  expect 3 "has no vault"
}

# bob is an admin of dev and no member of prod; carol asks.
admin_of_dev() {
  make_vaults
  person bob
  person carol
  add bob admin
}

@test "recipient add: where somebody may he adds, and who may elsewhere is named" {
  admin_of_dev
  before=$(sha256sum .bulla/prod.vault)
  BULLA_ROOT=$("$BULLA" verify --format json | grep -m 1 -o '"root": "[^"]*' | cut -d '"' -f 4) \
    as bob list
  expect 0
  # shellcheck disable=SC2046
  as bob recipient add $(cat carol.line) --role reader --all-environments --yes
  expect 0 "'carol' is a member of 'dev': a reader" \
    "nothing is changed in 'prod', where you are no admin" "who may add 'carol' there: alice"
  [ "$before" = "$(sha256sum .bulla/prod.vault)" ]
  as bob recipient add ci --new --out ci.txt --role reader --all-environments --yes
  expect 0 "'ci' is a member of 'dev'"
  [ "$(grep -c '^# bulla-root' ci.txt)" = 1 ]
  # Nobody's at all is the error that it was.
  # shellcheck disable=SC2046
  as carol recipient add $(cat carol.line) --all-environments --yes
  [ "$status" != 0 ]
}

@test "recipient remove: where it is others' to do that is an error, and the rest is done" {
  admin_of_dev
  add carol reader --all-environments
  before=$(sha256sum .bulla/prod.vault)
  BULLA_ROOT=$("$BULLA" verify --format json | grep -m 1 -o '"root": "[^"]*' | cut -d '"' -f 4) \
    as bob list
  as bob recipient remove carol --all-environments --yes
  expect 1 "'carol' is no member of 'dev' any more" \
    "'carol' stays a member of 'prod', where you are no admin" "who may remove him there: alice"
  [ "$before" = "$(sha256sum .bulla/prod.vault)" ]
}

# alice owns dev and is an admin of prod, which is carol's; bob reads dev and is ROLE in prod.
admin_of_prod() {
  make_vaults
  person bob
  person carol
  add bob reader
  add bob "$1" -e prod
  add carol admin -e prod
  bulla recipient add carol --role owner -e prod --yes
  expect 0 "'carol' was an admin in 'prod' and is the owner now"
}

@test "recipient remove: an admin where only the owner may is left there, and removed elsewhere" {
  admin_of_prod admin
  before=$(sha256sum .bulla/prod.vault)
  bulla recipient remove bob --all-environments --yes
  expect 1 "'bob' is no member of 'dev' any more" \
    "'bob' stays a member of 'prod', where you are not the owner"
  [[ $stderr =~ who\ may\ remove\ him\ there:\ carol($|$'\n') ]]
  [ "$before" = "$(sha256sum .bulla/prod.vault)" ]
}

@test "recipient remove: of the owner it is said that he hands over first" {
  admin_of_prod reader
  add carol reader
  bulla recipient remove carol --all-environments --yes
  expect 1 "'carol' is no member of 'dev' any more" "'carol' stays the owner of 'prod'" \
    "he makes somebody else the owner there first: bulla recipient add NAME -e prod --role owner"
  bulla recipient remove alice --all-environments --yes
  expect 1 "'alice' stays the owner of 'dev'" "'alice' stays a member of 'prod', where you are not" \
    "who may remove him there: carol"
}

@test "recipient add: who is or becomes an admin is the owner's to change, and the rest is done" {
  admin_of_prod reader
  before=$(sha256sum .bulla/prod.vault)
  bulla recipient add bob --role admin --all-environments --yes
  expect 0 "'bob' was a reader in 'dev' and is an admin now" \
    "nothing is changed in 'prod', where you are not the owner"
  [[ $stderr =~ who\ may\ add\ \'bob\'\ there:\ carol($|$'\n') ]]
  bulla recipient add carol --role reader --all-environments --yes
  expect 1 "no member 'carol'"
  [ "$before" = "$(sha256sum .bulla/prod.vault)" ]
  # The keys of an admin are the owner's to replace too.
  needs jq
  (trust prod && as carol recipient add bob --role admin -e prod --yes && expect 0)
  mv "$BATS_TEST_TMPDIR/bob" "$BATS_TEST_TMPDIR/was"
  person bob
  before=$(sha256sum .bulla/prod.vault)
  # shellcheck disable=SC2046
  bulla recipient add $(cat bob.line) --all-environments --yes
  expect 0 "'bob' has other keys in 'dev'" "nothing is changed in 'prod', where you are not the owner"
  [ "$before" = "$(sha256sum .bulla/prod.vault)" ]
}

@test "recipient remove, access: a vault that bulla.ini does not name any more is not passed over" {
  make_vaults
  person bob
  add bob reader --all-environments
  sed -i 's/^environments.*/environments = dev/; /^\[environment prod\]/,/^$/d' bulla.ini
  bulla access
  expect 0
  prints "prod (not in bulla.ini, its vault is there)"
  bulla access --member bob
  prints "bob in prod"
  bulla recipient remove bob --all-environments --yes
  expect 0 "'bob' is no member of 'dev' any more" "'bob' is no member of 'prod' any more"
  prints "bulla.ini does not name 'prod'"
  bulla access --member bob
  prints "removed"
  # A file that has only the ending of one is none.
  touch .bulla/-x.vault .bulla/X.vault .bulla/.vault
  bulla access
  expect 0
}

@test "recipient remove: what is no vault in .bulla does not keep somebody in the others" {
  make_vaults
  person bob
  person carol
  add bob reader --all-environments
  # The vault of another project, which names him too and is not alice's.
  mkdir other
  cp compose.yaml other
  sed 's/^environments.*/environments = foreign/; s/^default  .*/default = foreign/; /@dev/d
    /^\[environment prod\]/,/^$/d' bulla.ini >other/bulla.ini
  # shellcheck disable=SC2046
  (cd other && as carol init --name carol -q && expect 0 &&
    as carol recipient add $(cat ../bob.line) --role reader --yes && expect 0)
  mv other/.bulla/foreign.vault .bulla
  echo junk >.bulla/junk.vault
  : >.bulla/empty.vault
  mkdir .bulla/folder.vault
  ln -s nowhere .bulla/link.vault
  bulla recipient remove zoe --all-environments --yes
  expect 1 "'zoe' is a member of no vault" "passed over" ".bulla/junk.vault"
  bulla recipient remove bob --all-environments --yes
  expect 1 "'bob' is no member of 'dev' any more" "'bob' is no member of 'prod' any more" \
    "'bob' stays a member of 'foreign'"
  for file in junk empty folder link; do
    [ "$(grep -c "^warning: .bulla/$file.vault is passed over" <<<"$stderr")" = 1 ]
  done
  # An identity that is named and is for others of these environments is told so, and no more than that.
  add bob reader
  BULLA_IDENTITY_FILE=$XDG_CONFIG_HOME/bulla/identity.txt bulla recipient remove bob --all-environments --yes
  expect 1 "'bob' is no member of 'dev' any more" "is for 'dev', not for 'foreign'" \
    "'bob' stays a member of 'foreign'"
}

@test "recipient remove: a vault that bulla.ini does not name is taken for a protected one" {
  make_vaults
  person bob
  add bob reader --all-environments
  before=$(vaults)
  sed -i 's/^environments.*/environments = dev/; /^\[environment prod\]/,/^$/d' bulla.ini
  bulla recipient remove bob --all-environments
  expect 1 "bulla.ini does not name 'prod'" "environment 'prod' is protected" "--yes confirms the write"
  [ "$before" = "$(vaults)" ]
}

@test "recipient remove: a folder with too many entries is an error" {
  make_vaults
  person bob
  add bob reader
  before=$(vaults)
  (cd .bulla && seq -f 'x%g' 4100 | xargs touch)
  bulla recipient remove bob --all-environments --yes
  expect 3 ".bulla: error: has more than 4096 entries"
  [ "$before" = "$(vaults)" ]
}

@test "recipient remove: an identity that cannot be used now is not taken for a stranger's" {
  needs jq
  make_vaults
  rm .bulla/prod.vault
  person bob
  add bob reader
  PATH=$SOURCE/tests/data/plugin:$PATH bulla recipient add carol age1odd10qm235ln --yes
  expect 0
  before=$(vaults)
  trust dev
  mkdir -p "$BATS_TEST_TMPDIR/carol/.config/bulla"
  (umask 077 && echo AGE-PLUGIN-ODD-10Q7TRUE5 >"$BATS_TEST_TMPDIR/carol/.config/bulla/identity.txt")
  as carol recipient remove bob --all-environments --yes
  expect 3 age-plugin-odd
  [[ $stderr != *'you are no admin'* ]]
  [ "$before" = "$(vaults)" ]
}

@test "recipient add: keys without a name are told from a name" {
  make_vaults
  bulla recipient add age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq
  expect 2 "whose keys are these? the member's name is missing" "bulla recipient add bob age1qqqqqqqq…"
}

@test "recipient: an owner who has lost his identity is not sent back to himself, and comes back as another member" {
  make_vaults
  person carol
  add carol admin --all-environments
  trust dev
  as dora identity new
  as dora recipient request --name alice
  # shellcheck disable=SC2086
  as carol recipient add $output --yes
  expect 1 "where his identity is lost, an admin can add him under another name"
  as carol recipient remove alice --yes
  expect 1 "where his identity is lost, an admin can add him under another name"
  as dora recipient request --name alice2
  # shellcheck disable=SC2086
  as carol recipient add $output --role writer --yes
  expect 0 "'alice2' is a member of 'dev': a writer"
}
