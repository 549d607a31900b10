# bulla check: files beside the rendered one that hold secrets, and what git has of them.
load helper
load stack

# A stack whose database reads its password from a file that nobody renders.
env_file_stack() {
  mkdir -p env
  cat >compose.yaml <<'YAML'
services:
  db:
    image: postgres:16
    env_file: env/prod.env
YAML
  printf '# the database\nPGDATA=/data\nPOSTGRES_PASSWORD=%s\n' "${1-$CANARY}" >env/prod.env
  chmod 600 env/prod.env
  may_hold_canary env/prod.env
}

@test "check: an env file with a secret that git tracks is an error at the secret's line" {
  needs git
  env_file_stack
  git init -q .
  git add .
  bulla check
  expect 1
  prints "env/prod.env:3:1: error B402 git tracks this file, and POSTGRES_PASSWORD in it is a secret" \
    "1 error"
}

@test "check: an env file with a secret is told of while git does not ignore it, or others may read it" {
  needs git
  env_file_stack
  chmod 644 env/prod.env
  bulla check
  expect 0
  prints_only "env/prod.env:3:1: warning B401 others may read this file (mode 0644), and POSTGRES_PASSWORD in it is a secret
  help: chmod 600 it where nobody else has to read it

1 warning"
  chmod 600 env/prod.env
  git init -q .
  bulla check
  expect 0
  prints "env/prod.env:3:1: warning B403 git does not ignore this file, and POSTGRES_PASSWORD in it is a secret" \
    "1 warning"
  echo '/env/prod.env' >.gitignore
  bulla check
  expect 0
  prints_only "check: ok, 0 references in 1 file"
}

@test "check: --fix ignores an env file with a secret, and leaves its mode to who made it" {
  needs git
  env_file_stack
  chmod 640 env/prod.env
  git init -q .
  bulla check --fix --yes
  expect 0 "not mended: env/prod.env:3:1: B401: "
  grep -qx '/env/prod.env' .gitignore
  prints "warning B401" "1 warning"
}

@test "check: an env file that git tracks may hold what is no secret: settings, placeholders, references" {
  needs git
  env_file_stack changeme
  cat >>env/prod.env <<'END'
DATABASE_URL=postgres://app:${POSTGRES_PASSWORD}@db/app
API_TOKEN=
CACHE_PASSWORD=${REDIS_PASSWORD:-}
SSL_KEY=/run/secrets/key.pem
END
  git init -q .
  git add .
  bulla check
  [[ $output != *B402* ]]
  echo 'ADMIN_URL=https://admin:Zq7mWv93KxTb5Eh@admin.example.org/' >>env/prod.env
  bulla check
  prints "env/prod.env:8:1: error B402 git tracks this file, and ADMIN_URL in it is a secret"
}

@test "check: a file of several secrets is one finding, and a comment with a reason ignores it" {
  needs git
  env_file_stack
  {
    echo 'API_TOKEN=d1f0c5b7e92a8367f08d31c9be4a6520'
    echo 'SIGNING_KEY=7be92a8367f08d31c9be4a6520d1f0c5'
  } >>env/prod.env
  git init -q .
  git add .
  bulla check
  expect 1
  prints "env/prod.env:3:1: error B402 git tracks this file, and POSTGRES_PASSWORD in it is a secret, 2 more with it"
  sed -i '3i# bulla: ignore B402 a database for tests, thrown away with them' env/prod.env
  bulla check
  expect 0
  [[ $output != *B402* ]]
}

@test "check: git is started at most twice, however many env files there are" {
  needs git
  mkdir -p bin env
  printf '#!/bin/sh\necho >>"%s"\nexec "%s" "$@"\n' "$PWD/started" "$(command -v git)" >bin/git
  chmod 755 bin/git
  git init -q .
  echo services: >compose.yaml
  for number in $(seq 70); do
    printf '  s%d:\n    image: x\n    env_file: env/%d.env\n' "$number" "$number" >>compose.yaml
    printf 'API_TOKEN=d1f0c5b7e92a8367f08d31c9be4a65%02d\n' "$number" >"env/$number.env"
    chmod 600 "env/$number.env"
  done
  git add env/3.env env/69.env
  printf '[bulla]\nformat = 1\nenvironments = dev\n' >bulla.ini
  PATH=$PWD/bin:$PATH bulla check
  expect 1
  [[ $(wc -l <started) -le 2 ]]
  prints "env/3.env:1:1: error B402" "env/69.env:1:1: error B402"
  [[ $(grep -c 'B403' <<<"$output") == 68 ]]
}

@test "check: .env without a secret may be tracked, and readable by others" {
  needs git
  printf 'services:\n  a:\n    image: x:${TAG:?}\n' >compose.yaml
  printf 'TAG=1.4.2\n' >.env
  chmod 644 .env
  git init -q .
  git add .
  bulla check
  expect 0
  prints_only "check: ok, 1 reference in 1 file"
  printf '[bulla]\nformat = 1\nenvironments = dev\n[TAG]\nkind = setting\ndefault = 1.4.2\n' >bulla.ini
  bulla check
  expect 0
  [[ $output != *B40* ]]
  printf '[API_TOKEN]\nkind = hex:32\noptional = yes\n' >>bulla.ini
  bulla check
  expect 1
  prints ".env: error B402 git tracks this file, and secrets are rendered to it"
}

@test "check: a folder where the rendered file goes has no mode of a file" {
  printf 'services:\n  a:\n    image: x:${TAG:?}\n' >compose.yaml
  printf '[bulla]\nformat = 1\nenvironments = dev\n[TAG]\nkind = setting\ndefault = 1\n[API_TOKEN]\nkind = hex:32\noptional = yes\n' >bulla.ini
  mkdir -m 755 .env
  bulla check
  [[ $output != *B401* ]]
}

@test "check: a file that two environments are rendered to may be the other's, and the help names ours" {
  printf 'services:\n  a:\n    image: x:${TAG:?}\n' >compose.yaml
  printf '[bulla]\nformat = 1\nenvironments = dev, prod\n[environment prod]\noutput = .env\n[TAG]\nkind = setting\ndefault = 1\ndefault@prod = 2\n' >bulla.ini
  printf 'TAG=1\n' >.env
  chmod 600 .env
  bulla check -e prod
  prints ".env: warning B503 holds the values of 'dev': TAG" \
    "bulla render -e prod, and docker compose up -d"
  printf 'TAG=0\n' >.env
  bulla check -e prod
  prints ".env: warning B503 out of date: TAG ('dev' is rendered to this file, too)"
}

@test "check: .env with a secret that a contract of settings does not know is told of" {
  needs git
  printf 'services:\n  a:\n    image: x:${TAG:?}\n' >compose.yaml
  printf '[bulla]\nformat = 1\nenvironments = dev\n[TAG]\nkind = setting\ndefault = 1\n' >bulla.ini
  printf 'TAG=1\nAPI_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n' >.env
  chmod 644 .env
  git init -q .
  git add .
  bulla check
  expect 1
  prints ".env: error B402 git tracks this file" ".env: warning B401 others may read this file"
}

@test "check: an env file of another work tree does not hide that git tracks .env" {
  needs git
  printf 'services:\n  a:\n    image: x:${API_TOKEN:?}\n    env_file: sub/x.env\n' >compose.yaml
  printf 'API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n' >.env
  mkdir sub
  printf 'DB_PASSWORD=8f3b1c0d9e2a47b6a5c4d3e2f1908172\n' >sub/x.env
  chmod 600 .env sub/x.env
  git init -q .
  git add .env
  git init -q sub
  git -C sub add x.env
  bulla check
  expect 1
  prints ".env: error B402 git tracks this file" "sub/x.env:1:1: error B402 git tracks this file"
}

@test "check: env files with names longer than a command line do not hide that git tracks .env" {
  needs git
  local number folder
  folder=$(printf 'd%.0s' {1..200})/$(printf 'e%.0s' {1..200})/$(printf 'f%.0s' {1..200})
  mkdir -p "$folder"
  printf 'services:\n  a:\n    image: x:${API_TOKEN:?}\n    env_file:\n' >compose.yaml
  for number in {1..250}; do
    printf '      - %s/%s.env\n' "$folder" "$number" >>compose.yaml
    printf 'A=1\n' >"$folder/$number.env"
  done
  printf 'API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n' >.env
  chmod 600 .env
  git init -q .
  git add .
  ulimit -s 512 # a quarter of it is for arguments
  bulla check
  expect 1
  prints ".env: error B402 git tracks this file"
}

@test "check: a Dockerfile's name ends where its text does, not at a NUL in it" {
  printf 'services:\n  a:\n    build: .\n' >compose.yaml
  {
    printf 'FROM alpine:3.19\nARG AB\nENV API_TOKEN=$AB\0'
    head -c 900000 /dev/zero | tr '\0' x
  } >Dockerfile
  bulla check
  [[ $status -le 1 && $output != *B408* ]]
}

@test "check: a work tree that git refuses is not asked about file by file" {
  needs git
  mkdir -p bin
  git init -q .
  printf '#!/bin/sh\necho >>"%s"\nexit 128\n' "$PWD/started" >bin/git
  chmod 755 bin/git
  echo services: >compose.yaml
  for number in {1..20}; do
    printf '  s%d:\n    image: x\n    env_file: %d.env\n' "$number" "$number" >>compose.yaml
    printf 'API_TOKEN=d1f0c5b7e92a8367f08d31c9be4a65%02d\n' "$number" >"$number.env"
    chmod 600 "$number.env"
  done
  PATH=$PWD/bin:$PATH bulla check
  [[ $status -le 1 ]]
  [[ $(wc -l <started) -le 3 ]]
}

# A project with a vault, of which alice is the owner, and a folder for keys.
project_of_alice() {
  needs git
  printf 'services:\n  api:\n    image: example/api\n' >compose.yaml
  bulla init --name alice
  expect 0
  mkdir keys
  git init -q .
}

@test "check: a member's identity in the repository is an error where git tracks it, at its line" {
  project_of_alice
  cp "$XDG_CONFIG_HOME/bulla/identity.txt" keys/alice.txt
  bulla check
  expect 0
  line=$(grep -n '^AGE-SECRET-KEY-' keys/alice.txt | cut -d: -f1)
  prints "keys/alice.txt:$line:1: warning B416 git does not ignore this file, which holds the private key of 'alice'"
  git add .
  bulla check
  expect 1
  prints "keys/alice.txt:$line:1: error B416 git tracks this file, which holds the private key of 'alice'"
  [[ $output$stderr != *AGE-SECRET-KEY* ]]
  for name in identity.bak id.old key.txt~; do
    mv keys/alice.txt "keys/$name"
    git add .
    bulla check
    expect 1
    prints "keys/$name:$line:1: error B416"
    mv "keys/$name" keys/alice.txt
  done
  git add .
  # From a folder below as well, and not without a reason.
  cd keys || return 1
  bulla check
  expect 1
  prints "alice.txt:$line:1: error B416"
  cd .. || return 1
  printf '\n[check]\nignore = B416 keys/alice.txt of a demonstration\n' >>bulla.ini
  bulla check
  expect 0
  [[ $output != *B416* ]]
  git rm -q --cached keys/alice.txt
  echo /keys/ >>.gitignore
  sed -i '/^\[check\]/,$d' bulla.ini
  bulla check
  expect 0
  [[ $output != *B416* ]]
}

@test "check: keys of age that are no member's, of plugins, and of ssh" {
  project_of_alice
  "$BULLA" age keygen >keys/test.key 2>/dev/null
  (umask 077 && ssh-keygen -q -t ed25519 -N '' -f keys/id_other && ssh-keygen -q -t ed25519 -N '' -f keys/id_bob)
  printf 'AGE-PLUGIN-ODD-10Q7TRUE5\n' >keys/odd
  bulla recipient add bob "$(cut -d' ' -f1,2 keys/id_bob.pub)" --yes
  expect 0
  git add .
  bulla check
  expect 1
  prints "keys/test.key:3:1: warning B416 git tracks this file, which holds a private key of age"
  prints "keys/id_bob:1:1: error B416 git tracks this file, which holds the private key of 'bob'"
  prints "keys/odd:1:1: warning B416 git tracks this file, which says where a plugin of age finds a private key"
  [[ $output != *id_other* ]]
}

@test "check: what is no small text of keys is not taken for one, and no other repository is looked into" {
  project_of_alice
  key=$(grep '^AGE-SECRET-KEY-' "$XDG_CONFIG_HOME/bulla/identity.txt")
  mkdir -p other/.git a/b/c/d
  echo "$key" >other/key.txt
  echo "$key" >a/b/c/d/key.txt
  printf '%s\n' "see $key" >keys/notes.txt
  echo "$key" >keys/key.json
  (for i in {1..300}; do echo "# $i ............................................................."; done; echo "$key") >keys/big.txt
  mkfifo keys/pipe.txt
  ln -s "$XDG_CONFIG_HOME/bulla/identity.txt" keys/link.txt
  git init -q .
  bulla -v check
  expect 0 "not all files were looked at for private keys"
  [[ $output != *B416* ]]
  rm -r a
  bulla -v check
  expect 0
  [[ $stderr != *"not all files"* ]]
}

@test "check: a key that opens another environment is a member's, though no key at hand opens that one" {
  needs git
  make_vaults
  git init -q .
  (umask 077 && ssh-keygen -q -t ed25519 -N '' -f id_bob)
  bulla recipient add bob "$(cut -d' ' -f1,2 id_bob.pub)" -e prod --yes
  expect 0
  git add .
  bulla check -e dev
  expect 1
  prints "id_bob:1:1: error B416 git tracks this file, which holds the private key of 'bob'"
  without_key
  bulla check -e dev
  prints "id_bob:1:1: error B416 git tracks this file, which holds the private key of 'bob'"
}

@test "check: what is said of a tracked .env works in the order in which it is said" {
  needs git
  printf 'services:\n  a:\n    image: x:1\n    environment: ["API_TOKEN"]\n' >compose.yaml
  printf '[bulla]\nformat = 1\nenvironments = dev, prod\n[environment prod]\noutput = .env\n[API_TOKEN]\nkind = hex:32\n' >bulla.ini
  bulla init
  bulla render
  expect 0
  chmod 644 .env
  echo >.gitignore
  git init -q .
  git add .env
  bulla rotate API_TOKEN
  bulla check
  expect 1
  prints ".env: error B402 git tracks this file" \
    "git rm --cached it and name it in .gitignore, then bulla rotate --all and bulla render: every clone" \
    "git rm --cached it, then bulla render, and docker compose up -d" "chmod 600 it where nobody else"
  [[ $output != *"or bulla render"* ]]
  git rm -q --cached .env
  echo .env >.gitignore
  bulla rotate --all
  expect 0
  bulla render
  expect 0
  bulla check
  expect 0
  prints "check: ok"
}

@test "check: a rendered file that is not there yet is ignored by git, or is told to be, whatever its name" {
  needs git
  local name
  printf 'services:\n  app: {image: app, environment: {A: "${A_TOKEN:?}"}}\n' >compose.yaml
  git init -q .
  bulla init
  expect 0
  for name in .env ':(top)x.env' 'a[b]*.env'; do
    sed -i '/^output = /d' bulla.ini
    printf '%s\n' '[environment dev]' "output = $name" >part
    sed -i -e '/^\[environment dev\]$/{r part' -e 'd}' bulla.ini
    : >.gitignore
    bulla check
    prints "warning B403 git does not ignore this file"
    printf '%s\n' '*.env' >.gitignore
    bulla check
    expect 0
    [[ $output != *B40* ]]
  done
}

@test "check: of a file that settings alone will be rendered to git is told nothing" {
  needs git
  printf 'services:\n  app: {image: app, environment: {A: "${LOG_LEVEL:?}"}}\n' >compose.yaml
  printf '[bulla]\nformat = 1\nenvironments = dev\n[LOG_LEVEL]\nkind = setting\ndefault = info\n' >bulla.ini
  git init -q .
  bulla check --strict
  expect 0
  [[ $output != *B40* ]]
}

@test "check: a tracked file that holds no secret is not said to hold one, and render is agreed with" {
  needs git
  git init -q .
  printf 'services:\n  app: {image: "app:${TAG:?}", environment: {DB_PASSWORD: "${DB_PASSWORD:-}"}}\n' >compose.yaml
  echo TAG=1.2 >.env
  git add -A
  bulla init
  expect 0
  bulla check
  expect 1
  prints ".env: error B402 git tracks this file, and secrets are rendered to it" "git rm --cached"
  [[ $output != *"rotate"* ]]
  bulla render
  expect 1 "is tracked by git"
  # Settings alone: their values are sealed, and render refuses them as well.
  rm -r bulla.ini .bulla
  printf 'services:\n  app: {image: "app:${TAG:?}"}\n' >compose.yaml
  bulla init
  expect 0
  bulla check
  expect 1
  prints ".env: error B402 git tracks this file"
  bulla render
  expect 1 "is tracked by git"
}
