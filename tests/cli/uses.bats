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
  bulla uses ELSEWHERE
  expect 1 "there is no variable 'ELSEWHERE'" "'bulla uses' shows the names"
}

@test "uses: more than one name is refused" {
  bulla uses ONE TWO
  expect 2
}

# Two services that read one env file; only one of them names what is in it.
with_env_file() {
  cat >compose.yaml <<'YAML'
services:
  api:
    env_file: app.env
    environment:
      TOKEN: ${API_TOKEN:?}
  worker:
    env_file: app.env
  idle:
    profiles: [never]
    environment:
      - LOG_LEVEL
YAML
  printf 'API_TOKEN=1\nLOG_LEVEL=info\nAPI_TOKEN=%s\n' "$CANARY" >app.env
  may_hold_canary app.env
}

@test "uses: the whole map, sorted by name" {
  with_env_file
  bulla uses
  expect 0
  [ "$(awk '{ print $1, $2, $3 }' <<<"$output")" = 'NAME SERVICE HOW
API_TOKEN api reference
API_TOKEN api env-file
API_TOKEN worker env-file
LOG_LEVEL idle pass-through
LOG_LEVEL api env-file
LOG_LEVEL worker env-file' ]
  prints "compose.yaml:5:14" "app.env:3:1"
}

@test "uses: a service that has a secret from an env file and does not name it is shown" {
  with_env_file
  bulla uses API_TOKEN
  expect 0
  grep -Eq '^app.env:3:1 +worker +env-file only ' <<<"$output"
  grep -Eq '^app.env:3:1 +api +env-file +' <<<"$output"
  bulla uses LOG_LEVEL
  [[ $output != *'env-file only'* ]]
}

@test "uses: the whole map as json" {
  needs jq
  with_env_file
  bulla uses --format json
  expect 0
  jq -e '.version == 1 and ([.variables[].name] == ["API_TOKEN", "LOG_LEVEL"])' <<<"$output"
  jq -e '.variables[0].secret and (.variables[1].secret | not)' <<<"$output"
  jq -e '[.variables[0].uses[] | [.service, .how, .referenced]] == [["api", "reference", null],
    ["api", "env-file", true], ["worker", "env-file", false]]' <<<"$output"
  bulla uses API_TOKEN --format json
  jq -e '.secret and ([.uses[] | select(.referenced == false) | .service] == ["worker"])' <<<"$output"
}

@test "uses: a rendered env file gives its services every variable of the contract" {
  needs jq
  with_env_file
  printf '[bulla]\nformat = 1\nenvironments = dev\n[environment dev]\noutput = app.env\n[API_TOKEN]\n[LONELY]\nkind = hex:32\n[URL]\nkind = derived\nvalue = x{{ API_TOKEN }}\n' >bulla.ini
  bulla uses --format json
  expect 0
  jq -e '.variables[] | select(.name == "LONELY") | [.uses[] | [.service, .how, .referenced]] ==
    [["api", "env-file", false], ["worker", "env-file", false]]' <<<"$output"
  jq -e '.variables[] | select(.name == "API_TOKEN") | .derived == ["URL"]' <<<"$output"
  bulla uses LONELY
  prints "env-file only"
}

@test "uses: a variable that nothing uses stands in the map" {
  printf 'services:\n  a:\n    image: x\n' >compose.yaml
  bulla uses
  expect 0
  prints_only "no compose file uses a variable"
  printf '[bulla]\nformat = 1\n[LONELY]\nkind = hex:32\n' >bulla.ini
  bulla uses
  expect 0
  grep -Eq '^LONELY +- +not used +-$' <<<"$output"
}

# Names that a language of graphs would read as its own.
with_odd_names() {
  cat >compose.yaml <<'YAML'
services:
  'a "b" \ [c] {d} | <e> & #quot; `f` %% ; é -->':
    environment:
      TOKEN: ${API_TOKEN:?}
  end:
    environment:
      X: ${LOG_LEVEL:-}
secrets:
  db:
    environment: DB_PASSWORD
YAML
}

@test "uses: --format dot is a graph that Graphviz reads" {
  needs dot
  with_env_file
  bulla uses --format dot
  expect 0
  printf '%s\n' "$output" >map.dot
  dot -Tplain map.dot >map.plain
  [[ $(grep -c '^node' map.plain) == 5 ]]
  grep -q '^  v0 -> s1 \[label="env-file only", style=dashed\];' map.dot
  grep -q '^  v1 -> s1 \[label="env-file"\];' map.dot
  with_odd_names
  bulla uses --format dot
  expect 0
  printf '%s\n' "$output" >map.dot
  dot -Tplain map.dot >map.plain
  [[ $(grep -c '^node' map.plain) == 6 ]]
  [[ $(grep -c '^edge' map.plain) == 3 ]]
  grep -qF 'label="a \"b\" \\ [c] {d} | <e> & #quot; `f` %% ; é -->", shape=box' map.dot
}

@test "uses: --format mermaid has nothing in its labels but what Mermaid takes as text" {
  with_odd_names
  bulla uses --format mermaid
  expect 0
  [ "${lines[0]}" = 'flowchart LR' ]
  local label='"([A-Za-z0-9 _./-]|[^ -~]|#[0-9]+;)*"' line
  for line in "${lines[@]:1}"; do
    [[ $line =~ ^\ \ v[0-9]+\(\[$label\]\)$ || $line =~ ^\ \ s[0-9]+\[$label\]$ ||
      $line =~ ^\ \ v[0-9]+\ (--|-\.-)\>\|$label\|\ [sv][0-9]+$ ||
      $line =~ ^\ \ style\ v[0-9]+\ stroke-width:3px$ ]]
  done
  prints 's0["a #34;b#34; #92; #91;c#93; #123;d#125; #124; #60;e#62; #38; #35;quot#59; #96;f#96; #37;#37; #59; é --#62;"]'
}

@test "uses: a graph of one variable has what is made from it" {
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
  bulla uses POSTGRES_PASSWORD --format mermaid
  expect 0
  prints 'v0(["POSTGRES_PASSWORD"])' 'v0 -->|"makes"| v1' 'v1 -->|"reference"|'
  [[ $output != *REDIS* ]]
  bulla uses POSTGRES_PASSWORD --format dot
  expect 0
  prints 'v0 -> v1 [label="makes"];'
}

@test "uses: an env file is named from the project, and for people from here" {
  printf 'services:\n  app: {image: app, env_file: app.env}\n' >compose.yaml
  echo A_TOKEN=x >app.env
  bulla uses A_TOKEN --format json
  expect 0
  prints '"where": "app.env"'
  mkdir below
  cd below
  bulla uses A_TOKEN
  expect 0
  [[ $output != *"$BATS_TEST_TMPDIR"* ]]
}
