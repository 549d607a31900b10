#!/bin/sh
# examples.sh PROGRAM: runs the examples of every command, as the tables hold them, each in a fresh copy
# of one prepared project: a git work tree with the environments dev, staging and prod, their vaults
# filled, rendered files, an identity. Each has to succeed and to say nothing of a failure. An example
# that starts from something else gets it in `prepare`.
set -eu
program=$(realpath "$1")
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
for name in $(env | sed -n 's/^\(BULLA_[A-Z_]*\|COMPOSE_[A-Z_]*\|CREDENTIALS_DIRECTORY\)=.*/\1/p'); do
  unset "$name"
done
unset VISUAL
export EDITOR=true LC_ALL=C.UTF-8 GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES="$top"

# use FOLDER: makes FOLDER/home the home and FOLDER/shop the working directory.
use() {
  HOME=$1/home XDG_RUNTIME_DIR=$1/run
  XDG_CONFIG_HOME=$HOME/.config XDG_STATE_HOME=$HOME/.local/state
  PATH=$1/bin:$path
  export HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_STATE_HOME PATH
  cd "$1/shop"
}

# stand_in NAME: a program NAME of others, which does what the rest of the line says.
stand_in() {
  cat >"$whole/bin/$1"
  chmod 755 "$whole/bin/$1"
}

path=$PATH
whole=$top/whole
mkdir -p "$whole/bin" "$whole/home/.config/fish/completions" "$whole/run" "$whole/shop/docker"
ln -s "$program" "$whole/bin/bulla"
use "$whole"

stand_in docker <<'END'
#!/bin/sh
[ "$*" = "compose up -d" ] && [ -n "$POSTGRES_PASSWORD" ]
END
stand_in psql <<'END'
#!/bin/sh
case $1 in
  postgres://shop:*@db/shop) ;;
  shop) [ "$(cat)" = "the dump" ] ;;
  *) exit 1 ;;
esac
END
stand_in psql-with-password <<'END'
#!/bin/sh
[ "$(wc -c)" -eq 24 ]
END
stand_in pg_dump <<'END'
#!/bin/sh
echo "the dump"
END
stand_in pass <<'END'
#!/bin/sh
case $* in
  "show binance") bulla generate alnum:32 ;;
  "show bulla-identity") cat ~/keys.txt ;;
  *) exit 1 ;;
esac
END

cat >compose.yaml <<'END'
services:
  api:
    image: shop/api:1
    environment:
      DATABASE_URL: ${DATABASE_URL:?the database}
      SESSION_SECRET: ${SESSION_SECRET:?signs the sessions}
      JWT_SECRET: ${JWT_SECRET:?signs the tokens}
      BINANCE_API_KEY: ${BINANCE_API_KEY:?from the exchange}
      OPENAI_API_KEY: ${OPENAI_API_KEY-}
      OLD_TOKEN: ${OLD_TOKEN-}
      TLS_KEY: ${TLS_KEY:?of the server}
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?the database starts with it}
END
cp compose.yaml docker/docker-compose.yml
cat >.env.example <<'END'
# The shop's settings.
POSTGRES_PASSWORD=
DATABASE_URL=postgres://shop:${POSTGRES_PASSWORD}@db/shop
SESSION_SECRET=
JWT_SECRET=
BINANCE_API_KEY=
OPENAI_API_KEY=
OLD_TOKEN=
TLS_KEY=
END
cat >bulla.ini <<'END'
[bulla]
environments = dev, staging, prod

[environment dev]
template = .env.example

[environment prod]
protected = yes

[POSTGRES_PASSWORD]
kind = password:24

[SESSION_SECRET]
kind = hex:32

[JWT_SECRET]
kind = hex:64

[DATABASE_URL]
kind  = derived
value = postgres://shop:{{ POSTGRES_PASSWORD | url }}@db/shop

[BINANCE_API_KEY]
kind = provided

[OPENAI_API_KEY]
kind     = provided
optional = yes

[OLD_TOKEN]
kind     = provided
optional = yes

[TLS_KEY]
kind = provided
END
cat >deploy <<'END'
#!/bin/sh
[ -n "$DATABASE_URL" ]
END
chmod 755 deploy
printf '/server.key\n' >.gitignore
mkdir -p "$whole/bob/.config"
as_bob() {
  env HOME="$whole/bob" XDG_CONFIG_HOME="$whole/bob/.config" bulla "$@"
}
as_bob identity new >/dev/null 2>&1
cp "$whole/bob/.config/bulla/identity.txt" "$whole/home/keys.txt"
as_bob recipient request --name bob >"$whole/request" 2>/dev/null
git init -q
{
  bulla init --name alice
  for environment in dev staging prod; do
    for name in BINANCE_API_KEY OLD_TOKEN; do
      pass show binance | bulla set $name -e $environment --yes
    done
    printf -- '-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n' \
      "$(bulla generate base64:32)" >server.key
    chmod 600 server.key
    bulla set TLS_KEY --file server.key -e $environment --yes
    bulla recipient add "$(cat "$whole/request")" --role writer -e $environment --yes
    for turn in 2 3 4; do
      bulla rotate POSTGRES_PASSWORD -e $environment --yes --why "turn $turn"
    done
    bulla render -e $environment
  done
  bulla recipient add ci --new --out "$whole/ci.txt" -e prod --yes
  git add .
  git -c user.name=alice -c user.email=alice@example.org commit -q -m shop
  git update-ref refs/remotes/origin/main HEAD
  echo "correct horse" >words.txt
  echo "a note" >notes.txt
  echo key.txt >>.git/info/exclude
  bulla age keygen -o key.txt
  bulla age keygen -y key.txt >team.txt
  tar -cf backup.tar compose.yaml
  bulla age encrypt -i key.txt -o backup.age backup.tar
  pg_dump shop | bulla age encrypt -r "$(bulla identity show)" -o shop.age
  bulla age encrypt --passphrase-file words.txt -o notes.age notes.txt
} >"$top/log" 2>&1 || {
  cat "$top/log"
  echo "1..1"
  echo "not ok 1 - the project could not be prepared"
  exit 1
}

# One name set on two branches, to the same value, and merged.
contest() {
  git checkout -q -b other
  turn_same
  git checkout -q -
  turn_same
  git -c user.name=alice -c user.email=alice@example.org merge -q -m both other
}

turn_same() {
  for environment in dev prod; do
    printf 'Tm4wQx8RkZ1vLb6YpN3sHd7J' |
      bulla set POSTGRES_PASSWORD --force -e $environment --yes
  done
  git -c user.name=alice -c user.email=alice@example.org commit -q -a -m turn
}

# prepare LINE: what an example starts from, where that is not the prepared project as it is.
prepare() {
  case $1 in
    *"--against origin/main"*) git update-ref refs/remotes/origin/main HEAD ;;
    *"bulla resolve"*) contest ;;
    *"HEAD~1..HEAD"*) turn_same ;;
    "bulla identity new"* | *"bulla identity import"*) rm "$XDG_CONFIG_HOME/bulla/identity.txt" ;;
    *" --identity ci-identity.txt"*) bulla identity new --out ci-identity.txt >/dev/null ;;
    "bulla age keygen "*"-o "*) rm key.txt ;;
    "bulla age encrypt -i "*) rm backup.age ;;
    "bulla init"*)
      rm -r bulla.ini .bulla .env .env.*
      git rm -rq --cached .bulla
      ;;
  esac
  case $1 in
    "bulla init -f docker/"*) rm compose.yaml ;;
  esac
}

bulla --print-documentation command-lines >"$top/lines"
number=0
failed=0
echo "1..$(grep -c . "$top/lines")"
while IFS= read -r line; do
  number=$((number + 1))
  rm -rf "$top/copy"
  cp -a "$whole" "$top/copy"
  use "$top/copy"
  run=$line
  case $line in # what a person sends, in place of how it begins
    *"bulla-request bob …"*)
      run="${line%%bulla-request*}'$(cat "$whole/request")'${line#*…}"
      ;;
  esac
  # Those that ask on a terminal read their value from standard input here.
  if prepare "$line" >"$top/log" 2>&1 && echo Rr4nQ8zXw2Lk6Vb1 | bash -o pipefail -c "$run" >>"$top/log" 2>&1 &&
    ! grep -q 'Sanitizer\|runtime error:\|^error:' "$top/log"; then
    echo "ok $number - $line"
  elif grep -q '^error: this build has no ML-KEM' "$top/log"; then
    echo "ok $number - $line # SKIP this build has no ML-KEM"
  else
    failed=1
    echo "not ok $number - $line"
    sed 's/^/# /' "$top/log"
  fi
done <"$top/lines"
exit "$failed"
