# bulla uses: services and lines of a variable.
load helper

@test "uses: every place with its service, and those of what is derived" {
  cp "$SOURCE/templates/stacks/shop/compose.yaml" .
  cat >bulla.ini <<'INI'
[bulla]
format = 1
environments = dev
[POSTGRES_PASSWORD]
kind = password:24
[DATABASE_URL]
kind = derived
value = postgres://shop:{{ POSTGRES_PASSWORD | url }}@db/shop
INI
  bulla uses POSTGRES_PASSWORD
  expect 0
  prints "db" "DATABASE_URL is made from it:" "api" "worker"
}

@test "uses: works without a contract" {
  cp "$SOURCE/templates/stacks/shop/compose.yaml" .
  bulla uses DATABASE_URL
  expect 0
  [[ $(grep -c '^compose.yaml:' <<<"$output") == 2 ]]
}

@test "uses: --format json" {
  needs jq
  cp "$SOURCE/templates/stacks/shop/compose.yaml" .
  bulla uses DATABASE_URL --format json
  expect 0
  jq -e '.version == 1 and .name == "DATABASE_URL" and (.uses | length) == 2
    and .uses[0].service == "api" and .uses[0].file == "compose.yaml" and .uses[0].line > 0
    and .uses[0].column > 0 and .uses[0].how == "reference" and .derived == []' <<<"$output"
}

@test "uses: a variable that nothing uses is said, one that does not exist is exit 1" {
  printf 'services:\n  a:\n    image: x\n' >compose.yaml
  printf '[bulla]\nformat = 1\n[LONELY]\nkind = hex:32\n' >bulla.ini
  bulla uses LONELY
  expect 0
  prints "no compose file uses LONELY"
  bulla uses LONLY
  expect 1 "there is no variable 'LONLY'" "did you mean 'LONELY'?"
}

@test "uses: wants exactly one name" {
  bulla uses
  expect 2
}
