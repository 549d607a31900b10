#!/usr/bin/env bats
# bulla render: what somebody has edited of a value that is made of others.

load helper

# A URL with the password of the stack's database, rendered once.
rendered() {
  cat >compose.yaml <<'END'
services:
  app:
    image: app
    environment: {DATABASE_URL: "${DATABASE_URL}", AUTH: "${AUTH}", SITE_URL: "${SITE_URL}"}
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}"}
END
  cat >bulla.ini <<'END'
[bulla]
project = shop
[POSTGRES_PASSWORD]
kind = alnum:32
[DB_NAME]
kind = setting
default = app
[DATABASE_URL]
kind = derived
value = postgres://postgres:{{ POSTGRES_PASSWORD | url }}@db:5432/{{ DB_NAME }}
[LOGIN]
kind = derived
value = admin:{{ POSTGRES_PASSWORD }}
[AUTH]
kind = derived
value = {{ LOGIN | base64 }}
[SITE_URL]
kind = derived
value = https://{{ DB_NAME }}.test
END
  bulla init
  expect 0
  bulla render
  expect 0
}

edit_url() {
  sed -i "s#^DATABASE_URL=.*#DATABASE_URL=$1#" .env
}

@test "render: stops at a derived value that is not made of what the vault has" {
  rendered
  edit_url postgres://app:NEWpw82jfm@db2/shop
  bulla check
  expect 0
  prints "'DATABASE_URL' has a value here that is not made of what the vault had" \
    "kind = provided in bulla.ini, then bulla set DATABASE_URL; or bulla render --replace"
  cp .env before
  bulla render
  expect 1 ".env:" "error: 'DATABASE_URL' has a value here that is not made of what the vault had" \
    "'kind = provided' in bulla.ini and bulla set DATABASE_URL take it over; bulla render --replace ends it"
  cmp .env before
  bulla render --replace
  expect 0
  grep -q '^DATABASE_URL=postgres://postgres:' .env
}

@test "render: a derived value that somebody edited is taken over as its message says" {
  rendered
  edit_url postgres://app:NEWpw82jfm@db2/shop
  sed -i '/^\[DATABASE_URL\]/,/^value/{s/^kind = derived/kind = provided/;/^value/d}' bulla.ini
  printf 'postgres://app:NEWpw82jfm@db2/shop' >url
  bulla set DATABASE_URL --file url
  expect 0
  bulla render
  expect 0
  grep -qx DATABASE_URL=postgres://app:NEWpw82jfm@db2/shop .env
}

@test "render: an older rendering of a derived value goes" {
  rendered
  cp .env first
  bulla rotate POSTGRES_PASSWORD
  expect 0
  bulla rotate POSTGRES_PASSWORD
  expect 0
  bulla check
  expect 0
  [[ $output != *"is not made of"* ]]
  bulla render
  expect 0
  cp first .env
  bulla render
  expect 0
  cp first .env
  sed -i 's/^default = app/default = shop/; s/@db:5432/@db:5433/; s/admin:/root:/' bulla.ini
  bulla render
  expect 0
  grep -qx 'DATABASE_URL=postgres://postgres:.*@db:5433/shop' .env
  grep -qx 'SITE_URL=https://shop.test' .env
}

@test "render: a derived value without a secret is no loss, nor is what the project prints" {
  rendered
  sed -i 's#^SITE_URL=.*#SITE_URL=https://other.test#' .env
  edit_url postgres://app:changeme@db/shop
  bulla render
  expect 0
  printf '[STORE]\nkind = derived\nvalue = postgres://app:{{ POSTGRES_PASSWORD | url }}@db/store\n' \
    >>bulla.ini
  echo STORE=postgres://store:changeme@db/shop >>.env
  bulla render
  expect 0
  edit_url postgres://app:s3cretPw82@db/shop
  sed -i 's#^STORE=.*#STORE=postgres://store:s3cretPw82@db/shop#' .env
  bulla render
  expect 1
  printf 'POSTGRES_PASSWORD=s3cretPw82\n' >.env.example
  bulla render
  expect 0
}

@test "render: a derived value of another environment of the file goes" {
  rendered
  sed -i 's/^project = shop/&\nenvironments = dev, prod/' bulla.ini
  printf '[environment prod]\noutput = .env\n' >>bulla.ini
  bulla init
  expect 0
  bulla render -e prod
  expect 0
  bulla rotate -e prod --yes POSTGRES_PASSWORD
  expect 0
  bulla render
  expect 0
}

@test "render: a host that the vault knows does not make an edited URL known" {
  rendered
  printf '[SMTP_HOST]\nkind = setting\n' >>bulla.ini
  bulla set SMTP_HOST <<<db.example.org
  expect 0
  bulla render
  expect 0
  edit_url postgres://app:NewPw77xLw2pRt7@db.example.org/app
  bulla render
  expect 1 "error: 'DATABASE_URL' has a value here that is not made of what the vault had"
  grep -q NewPw77xLw2pRt7 .env
}

@test "render: a secret that somebody put where none was is not written over" {
  rendered
  sed -i 's#^SITE_URL=.*#SITE_URL=https://u:Zk3vQ9xLw2pRt7Hn@mine/v9#' .env
  bulla render
  expect 1 "error: 'SITE_URL' has a value here that is not made of what the vault had"
  grep -q Zk3vQ9xLw2pRt7Hn .env
}

@test "render: a key in the user's place of a URL is known after it was turned" {
  rendered
  printf '[GIT_URL]\nkind = derived\nvalue = https://{{ POSTGRES_PASSWORD }}:x-oauth-basic@git.test/\n' \
    >>bulla.ini
  bulla render
  expect 0
  cp .env first
  bulla rotate POSTGRES_PASSWORD
  expect 0
  cp first .env
  sed -i 's/git\.test/git.example/' bulla.ini
  bulla render
  expect 0
  sed -i 's#^GIT_URL=.*#GIT_URL=https://ghpNewPw77xLw2pRt7:x-oauth-basic@git.test/#' .env
  bulla render
  expect 1 "error: 'GIT_URL' has a value here that is not made of what the vault had"
}

@test "render: in a format that is not read back, too, an edited derived value stays, and an older one goes" {
  rendered
  local format before=compose
  sed -i 's/^\[POSTGRES_PASSWORD\]/[environment dev]\nformat = compose\n&/' bulla.ini
  for format in systemd sh github node python ruby; do
    sed -i "s/^format = $before/format = $format/" bulla.ini
    before=$format
    bulla render
    expect 0
    bulla rotate POSTGRES_PASSWORD
    bulla rotate POSTGRES_PASSWORD
    sed -i "/^\[DB_NAME\]/,/^default/s/^default = .*/default = of_$format/" bulla.ini
    bulla check
    expect 0
    [[ $output != *"is not made of"* ]]
    bulla render
    expect 0 ".env: written"
    sed -i 's#^\(export \)\?DATABASE_URL=.*#DATABASE_URL="postgres://app:NewPw77xLw2pRt7@db/app"#' .env
    bulla check
    prints "'DATABASE_URL' has a value here that is not made of what the vault had"
    bulla render
    expect 1 "error: 'DATABASE_URL' has a value here that is not made of what the vault had"
    grep -q NewPw77xLw2pRt7 .env
    bulla render --replace
    expect 0 ".env: written"
  done
}

@test "render: an older multi-line derived value goes in every format" {
  rendered
  printf '[NL]\nkind = provided\n[CONF]\nkind = derived\nvalue = user=u{{ NL }}password={{ POSTGRES_PASSWORD }}\n' \
    >>bulla.ini
  printf '\n\n' >newline
  bulla set NL --file newline
  expect 0
  local format before=compose
  sed -i 's/^\[POSTGRES_PASSWORD\]/[environment dev]\nformat = compose\n&/' bulla.ini
  for format in systemd sh github node python ruby; do
    sed -i "s/^format = $before/format = $format/" bulla.ini
    before=$format
    bulla render
    expect 0
    bulla rotate POSTGRES_PASSWORD
    bulla render
    expect 0 ".env: written"
  done
}
