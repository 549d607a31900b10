# bulla check --format: what machines read. The findings are the same in every form.
load helper

# The sandbox takes BULLA_ variables away.
SCHEMA=${BULLA_SHARED:-$SOURCE/../shared}/vectors/sarif-2.1.0.schema.json

# A project in a folder with a name that every format has to escape somehow, in a work tree.
odd=$'de ploy%:,"<&\'é'
# The same with bytes that are no text: a control character, and what is no UTF-8.
broken=$'bad\001\377name'

bare() {
  mkdir -p "$1"
  cat >"$1/compose.yaml" <<'YAML'
services:
  api:
    image: example/api
    environment:
      DATABASE_URL: "é ${DATABASE_URL:?100% of <rows> & \"more\", here: | `x` *y* [z](w)}"
      LOG_LEVEL: ${LOG_LEVEL}
  web:
    image: example/web
    environment:
      DATABASE_URL: "${DATABASE_URL:?100% of <rows> & \"more\", here: | `x` *y* [z](w)}"
YAML
}

no_findings() {
  printf 'services:\n  a:\n    image: x\n' >compose.yaml
}

in_work_tree() {
  needs git
  git init -q .
}

# debian_python ARGUMENT...: Debian's own python3, which has Debian's modules.
debian_python() {
  /usr/bin/python3 "$@"
}

# valid_sarif FILE: it follows the standard's schema, where that and a validator are at hand.
valid_sarif() {
  if [[ ! -f $SCHEMA ]]; then
    echo "# SKIP: there is no $SCHEMA" >&3
  elif ! debian_python -c 'import jsonschema' 2>/dev/null; then
    echo '# SKIP: python3-jsonschema is not installed' >&3
  else
    debian_python -W ignore -m jsonschema -i "$1" "$SCHEMA"
  fi
}

@test "reports: the exit status is that of human, in every format" {
  local format
  bare .
  for format in human json sarif github junit gitlab; do
    bulla check --format "$format"
    expect 1
    [ -n "$output" ]
  done
  printf 'DATABASE_URL=%s\n' "$CANARY" >.env
  may_hold_canary .env
  chmod 600 .env
  for format in human json sarif github junit gitlab; do
    bulla check --format "$format"
    expect 0
    bulla check --format "$format" --strict
    expect 1
  done
}

@test "sarif: valid, with the rules that have results, places in code points and levels" {
  needs jq
  bare .
  bulla check --format sarif
  expect 1
  printf '%s\n' "$output" >sarif
  valid_sarif sarif
  jq -e '.version == "2.1.0" and (.["$schema"] | length > 0) and (.runs | length) == 1' sarif
  jq -e '.runs[0] | .columnKind == "unicodeCodePoints" and .tool.driver.name == "bulla"
    and (.tool.driver.semanticVersion | length > 0) and .invocations[0].executionSuccessful' sarif
  jq -e '.runs[0].results[0] | .ruleId == "B101" and .level == "error"
    and (.message.text | startswith("DATABASE_URL is required"))
    and .locations[0].physicalLocation.artifactLocation == {"uri": "compose.yaml", "uriBaseId": "SRCROOT"}
    and .locations[0].physicalLocation.region.startLine == 5
    and .locations[0].physicalLocation.region.startColumn == 24
    and .properties.variable == "DATABASE_URL" and .properties.service == "api"' sarif
  jq -e '[.runs[0].results[] | .level] == ["error", "warning", "error"]' sarif
  jq -e '.runs[0] as $run | all($run.results[]; $run.tool.driver.rules[.ruleIndex].id == .ruleId)' sarif
  jq -e '[.runs[0].tool.driver.rules[].id] == ([.runs[0].tool.driver.rules[].id] | sort | unique)' sarif
  jq -e '.runs[0] | [.tool.driver.rules[].id] == ([.results[].ruleId] | unique)' sarif
  jq -e 'all(.runs[0].tool.driver.rules[]; (.name | test("^[a-z0-9-]+$"))
    and (.shortDescription.text | length > 0 and length <= 1024)
    and (.fullDescription.text | length > 0 and length <= 1024)
    and (.help.text | length > 0) and (.help.markdown | contains("Help: "))
    and (.defaultConfiguration.level | IN("error", "warning", "note"))
    and (.properties.tags | length > 0))' sarif
  printf 'API_TOKEN=changeme\n' >.env
  chmod 600 .env
  bulla check --format sarif
  printf '%s\n' "$output" >sarif
  jq -e '.runs[0].tool.driver.rules[] | select(.id == "B301") | .properties.tags[0] == "security"
    and (.properties["security-severity"] | tonumber) >= 7' sarif
  jq -e '.runs[0].tool.driver.rules[] | select(.id == "B101") | .properties
    | has("security-severity") | not' sarif
}

@test "sarif: success has empty results, and is valid" {
  needs jq
  no_findings
  bulla check --format sarif
  expect 0
  printf '%s\n' "$output" >sarif
  valid_sarif sarif
  jq -e '.runs[0] | .results == [] and .tool.driver.rules == []' sarif
}

@test "sarif: fingerprints stay when lines move, and are different for each finding" {
  needs jq
  bare .
  bulla check --format sarif
  jq '[.runs[0].results[].partialFingerprints["bullaFinding/v1"]]' <<<"$output" >before
  jq -e '(unique | length) == length and length == 3' before
  sed -i '1i # a line\n# and another' compose.yaml
  bulla check --format sarif
  jq '[.runs[0].results[].partialFingerprints["bullaFinding/v1"]]' <<<"$output" >after
  cmp before after
  sed -i 's/LOG_LEVEL/LOG_LEVELS/g' compose.yaml
  bulla check --format sarif
  jq -e --slurpfile before before '[.runs[0].results[].partialFingerprints["bullaFinding/v1"]]
    - $before[0] | length == 1' <<<"$output"
}

@test "sarif: fingerprints do not tell a value" {
  needs jq
  printf 'services:\n  a:\n    image: x\n' >compose.yaml
  printf 'DB_PASSWORD=changeme\n' >.env
  chmod 600 .env
  bulla check --format sarif
  expect 1
  jq '[.runs[0].results[].partialFingerprints]' <<<"$output" >before
  printf 'DB_PASSWORD=changemenow\n' >.env
  bulla check --format sarif
  expect 1
  jq '[.runs[0].results[].partialFingerprints]' <<<"$output" >after
  jq -e 'length == 1' before
  cmp before after
}

@test "sarif: paths start at the root of the repository, percent-encoded" {
  needs jq
  in_work_tree
  bare "$odd"
  cd "$odd"
  bulla check --format sarif
  expect 1
  printf '%s\n' "$output" >../sarif
  valid_sarif ../sarif
  jq -e '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri ==
    "de%20ploy%25%3A%2C%22%3C%26%27%C3%A9/compose.yaml"' ../sarif
}

@test "sarif: a file outside of the project is named from the root of the repository too" {
  needs jq
  in_work_tree
  bare stack
  mkdir work
  cd work
  bulla check --format sarif -f ../stack/./compose.yaml
  expect 1
  jq -e '.runs[0].results[0].locations[0].physicalLocation.artifactLocation ==
    {"uri": "stack/compose.yaml", "uriBaseId": "SRCROOT"}' <<<"$output"
}

@test "sarif: a file beyond the repository is named absolutely" {
  needs jq
  bare stack
  bulla check --format sarif -f "$PWD/stack/compose.yaml" -C "$HOME"
  expect 1
  jq -e --arg path "$PWD" '.runs[0].results[0].locations[0].physicalLocation.artifactLocation ==
    {"uri": ("file://" + $path + "/stack/compose.yaml")}' <<<"$output"
}

@test "sarif: every finding has a place, also one about the project as a whole" {
  needs jq
  no_findings
  cp compose.yaml docker-compose.yml
  bulla check --format sarif
  expect 0
  printf '%s\n' "$output" >sarif
  valid_sarif sarif
  jq -e '.runs[0].results | length > 0 and all(.[];
    .locations[0].physicalLocation | (.artifactLocation.uri | length > 0) and .region.startLine >= 1)' sarif
}

@test "sarif: projects and environments are categories of their own" {
  needs jq
  in_work_tree
  bare deploy
  cd deploy
  bulla check --format sarif
  jq -e '.runs[0].automationDetails.id == "bulla/deploy/"' <<<"$output"
  printf '[bulla]\nformat = 1\nenvironments = dev, prod\n[DATABASE_URL]\n[LOG_LEVEL]\n' >bulla.ini
  bulla check --format sarif -e prod
  jq -e '.runs[0].automationDetails.id == "bulla/deploy/prod/"' <<<"$output"
}

@test "github: one command a finding, its text escaped" {
  bare .
  bulla check --format github
  expect 1
  [ "${#lines[@]}" = 3 ]
  # shellcheck disable=SC2016
  [[ ${lines[0]} == '::error file=compose.yaml,line=5,col=24,endLine=5,endColumn='*',title=B101 required-unset::DATABASE_URL is required and not set: 100%25 of <rows> & '*'%0AHelp: '* ]]
  [[ ${lines[1]} == '::warning file=compose.yaml,line=6,col=18,endLine=6,endColumn=30,title=B103 silently-blank::LOG_LEVEL'* ]]
}

@test "github: paths are escaped, and no name of a file can begin a command" {
  in_work_tree
  local name=$'x\n::error::forged'
  mkdir "$odd" "$name"
  bare "$odd/$name"
  cd "$odd/$name"
  bulla check --format github
  expect 1
  [ "${#lines[@]}" = 3 ]
  [[ ${lines[0]} == '::error file=de ploy%25%3A%2C"<&'"'"'é/x%0A%3A%3Aerror%3A%3Aforged/compose.yaml,line=5,'* ]]
}

@test "github: what a file is called cannot drive a terminal" {
  in_work_tree
  local name=$'a\e]0;title\a\u202e'
  mkdir "$name"
  bare "$name"
  cd "$name"
  bulla check --format github
  expect 1
  [[ ${lines[0]} == '::error file='*'a�]0;title��/compose.yaml,line=5,'* ]]
  [[ $output != *$'\e'* && $output != *$'\a'* ]]
}

@test "github: a summary of the job is appended, what Markdown reads is escaped" {
  bare .
  printf 'before\n' >summary
  GITHUB_STEP_SUMMARY=$PWD/summary bulla check --format github
  expect 1
  [ "$(head -n 1 summary)" = before ]
  grep -qx '### bulla check: 2 errors, 1 warning' summary
  grep -q '^| error | <code>compose.yaml&#58;5&#58;24</code> | B101 required-unset | DATABASE&#95;URL' summary
  [[ $(grep -c '^|' summary) == 5 ]]
  # No row has more cells than its heading, and nothing is markup but what is meant to be.
  [ "$(grep '^|' summary | tr -cd '|\n' | sort -u)" = '||||||' ]
  sed 's,</*code>,,g; s/&#[0-9]*;//g' summary >plain
  run ! grep '[<>&`*]' plain
  GITHUB_STEP_SUMMARY=$PWD/summary bulla check
  expect 1
  [[ $(grep -c '^###' summary) == 1 ]]
}

@test "github: the summary stays within its limit and says what is left out" {
  local i
  {
    printf 'services:\n  a:\n    environment:\n'
    for i in {1..900}; do
      printf '      V%s: "${V%s:?%0400d}"\n' "$i" "$i" 0
    done
  } >compose.yaml
  head -c $((900 * 1024)) /dev/zero >summary
  GITHUB_STEP_SUMMARY=$PWD/summary bulla check --format github
  expect 1
  [[ $(stat -c %s summary) -le $((1024 * 1024)) ]]
  [[ $(stat -c %s summary) -gt $((980 * 1024)) ]]
  tail -c 200 summary | grep -a 'more findings did not fit here; the log has them'
}

@test "github: a summary that cannot be written is said and changes no status" {
  no_findings
  GITHUB_STEP_SUMMARY=$PWD/no/such/file bulla check --format github
  expect 0 "no job summary"
  prints_only ""
}

@test "junit: a test case for each rule; those whose findings fail the run have failed" {
  needs xmllint
  bare .
  bulla check --format junit
  expect 1
  printf '%s\n' "$output" >junit.xml
  xmllint --noout junit.xml
  local rules
  rules=$("$BULLA" explain --list | grep -c '^B')
  [ "$(xmllint --xpath 'count(//testcase)' junit.xml)" = "$rules" ]
  [ "$(xmllint --xpath 'string(/testsuites/testsuite/@tests)' junit.xml)" = "$rules" ]
  [ "$(xmllint --xpath 'count(//failure)' junit.xml)" = 1 ]
  [ "$(xmllint --xpath 'string(/testsuites/@failures)' junit.xml)" = 1 ]
  [ "$(xmllint --xpath 'string(//failure/../@name)' junit.xml)" = 'B101 required-unset' ]
  [ "$(xmllint --xpath 'string(//failure/../@file)' junit.xml)" = compose.yaml ]
  [ "$(xmllint --xpath 'string(//failure/../@line)' junit.xml)" = 5 ]
  [[ $(xmllint --xpath 'string(//failure)' junit.xml) == *'compose.yaml:5:24: error: DATABASE_URL is required and not set: 100% of <rows> & '* ]]
  [[ $(xmllint --xpath 'string(//system-out)' junit.xml) == *'compose.yaml:6:18: warning: LOG_LEVEL'* ]]
  bulla check --format junit --strict
  expect 1
  printf '%s\n' "$output" >junit.xml
  [ "$(xmllint --xpath 'count(//failure)' junit.xml)" = 2 ]
}

@test "junit: without findings everything has passed" {
  needs xmllint
  no_findings
  bulla check --format junit
  expect 0
  printf '%s\n' "$output" >junit.xml
  [ "$(xmllint --xpath 'string(/testsuites/@failures)' junit.xml)" = 0 ]
  [ "$(xmllint --xpath 'count(//testcase/*)' junit.xml)" = 0 ]
}

@test "junit: names that XML cannot hold" {
  needs xmllint
  in_work_tree
  bare "$odd/$broken"
  cd "$odd/$broken"
  bulla check --format junit
  expect 1
  printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/junit.xml"
  xmllint --noout "$BATS_TEST_TMPDIR/junit.xml"
  [ "$(xmllint --xpath 'string(//failure/../@file)' "$BATS_TEST_TMPDIR/junit.xml")" = \
    "$odd"$'/bad\uFFFD\uFFFDname/compose.yaml' ]
}

@test "gitlab: an array with what Code Quality reads" {
  needs jq
  bare .
  bulla check --format gitlab
  expect 1
  jq -e 'length == 3 and all(.[]; (.description | length > 0) and (.check_name | test("^B[0-9]{3}$"))
    and (.fingerprint | test("^[0-9a-f]{16}$")) and (.severity | IN("info", "major", "critical"))
    and (.location.path == "compose.yaml") and (.location.lines.begin | type == "number"))' <<<"$output"
  jq -e '([.[].fingerprint] | unique | length) == 3' <<<"$output"
  jq -e '[.[] | [.check_name, .severity, .location.lines.begin]] ==
    [["B101", "critical", 5], ["B103", "major", 6], ["B101", "critical", 10]]' <<<"$output"
  no_findings
  bulla check --format gitlab
  expect 0
  jq -e '. == []' <<<"$output"
}

@test "gitlab: the path is that of the repository" {
  needs jq
  in_work_tree
  bare "$odd"
  cd "$odd"
  bulla check --format gitlab
  jq -e --arg odd "$odd" '.[0].location.path == $odd + "/compose.yaml"' <<<"$output"
}

@test "reports: names of bytes that are no text stay valid in every format" {
  needs jq
  in_work_tree
  bare "$broken"
  cd "$broken"
  bulla check --format json
  expect 1
  jq -e '.findings[0].file == "compose.yaml"' <<<"$output"
  cd "$BATS_TEST_TMPDIR/project"
  bulla check --format json -f "$broken/compose.yaml"
  expect 1
  jq -e '.findings[0].file == "bad\u0001\ufffdname/compose.yaml"' <<<"$output"
  bulla check --format gitlab -f "$broken/compose.yaml"
  jq -e '.[0].location.path == "bad\u0001\ufffdname/compose.yaml"' <<<"$output"
  bulla check --format sarif -f "$broken/compose.yaml"
  printf '%s\n' "$output" >sarif
  valid_sarif sarif
  jq -e '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri ==
    "bad%01%FFname/compose.yaml"' sarif
  bulla check --format github -f "$broken/compose.yaml"
  [[ ${lines[0]} == $'::error file=bad\uFFFD\uFFFDname/compose.yaml,'* ]]
  bulla check -f "$broken/compose.yaml"
  [[ ${lines[0]} == 'bad??name/compose.yaml:5:24: error B101 '* ]]
}

@test "reports: no format tells the rest of a line, or what stands in for a secret" {
  local format compose
  cat >compose.yaml <<YAML
services:
  api:
    image: example/api
    environment:
      A: $CANARY \${DB_PASSWORD:-$CANARY} $CANARY
      B: "\${API_TOKEN:+$CANARY}"
      C: \${1:-$CANARY}
      D: $CANARY \${BROKEN
      E: \${JWT_SECRET-$CANARY}
      F: \${DB_PASSWORD:-\${ADMIN_PASSWORD:-$CANARY}}
      G: $CANARY \${TOKEN:?Error: none} $CANARY
YAML
  may_hold_canary compose.yaml
  for format in human json sarif github junit gitlab; do
    for compose in 2 5; do
      bulla check --format "$format" --compose "$compose"
      expect 1
      [[ $output == *DB_PASSWORD* && $output == *TOKEN* ]]
    done
  done
}

@test "reports: what over a thousand findings leave out is said" {
  needs jq
  local i
  {
    printf 'services:\n  a:\n    environment:\n'
    for i in {1..1005}; do
      printf '      V%s: ${V%s:?}\n' "$i" "$i"
    done
  } >compose.yaml
  bulla check --format json
  expect 1
  jq -e '(.findings | length) == 1000 and .notShown == 5 and .counts.error == 1005' <<<"$output"
  bulla check --format sarif
  jq -e '.runs[0] | (.results | length) == 1000
    and (.invocations[0].toolExecutionNotifications[0].message.text | startswith("5 more"))' <<<"$output"
  bulla check
  prints "1005 errors (5 of them not shown)"
}
