# bulla run: the values in a command's environment, and nothing on disk.
load helper
load stack

# Both vaults filled, with the canary as the provided value of dev.
ready() {
  make_vaults
  write_canary value
  bulla set API_KEY --file value
  expect 0
}

@test "run: the command gets every value, derived ones and settings too" {
  ready
  bulla_revealing run -- env
  expect 0
  prints "API_KEY=$CANARY" "LOG_LEVEL=DEBUG" "DATABASE_URL=postgresql://app:"
  [[ $output == *"POSTGRES_PASSWORD="* && $output == *"API_TOKEN="* ]]
}

@test "run: an optional variable without a value is not set at all" {
  ready
  bulla run -- sh -c 'echo "${NOTE-unset}"'
  expect 0
  prints_only unset
}

@test "run: nothing is left on disk" {
  ready
  local before
  before=$(find . "$HOME" -type f | sort)
  bulla run -- true
  expect 0
  [ "$before" = "$(find . "$HOME" -type f | sort)" ]
}

@test "run: ends with the command's status, and with its signal" {
  ready
  bulla run -- sh -c 'exit 7'
  expect 7
  bulla run -- sh -c 'kill -TERM $$'
  expect 143
}

@test "run: 127 where there is no command, 126 where it cannot be started" {
  ready
  run -127 --separate-stderr "$BULLA" run -- no-such-command
  expect 127 "no-such-command: error: cannot be started"
  : >plain
  bulla run -- ./plain
  expect 126 "./plain: error: cannot be started"
}

@test "run: options behind the command are the command's" {
  ready
  bulla run printf '%s,' -e --help -- x
  expect 0
  prints_only "-e,--help,--,x,"
}

@test "run: an identity of the environment opens the vault and does not reach the command" {
  ready
  mv "$XDG_CONFIG_HOME/bulla/identity.txt" key
  BULLA_IDENTITY_FILE=$PWD/key bulla run -- sh -c 'env | grep BULLA_IDENTITY; echo finished'
  expect 0
  prints_only finished
  BULLA_IDENTITY=$(cat key) bulla run -- sh -c 'env | grep BULLA_IDENTITY; echo finished'
  expect 0
  prints_only finished
}

@test "run: a value replaces a variable of its name, which -v says" {
  ready
  API_KEY=other bulla_revealing run -v -- sh -c 'echo "$API_KEY"'
  expect 0 "'API_KEY' of the environment is replaced"
  prints_only "$CANARY"
}

@test "run: without an identity the command does not start" {
  ready
  without_key
  bulla run -- touch started
  expect 4 "no identity"
  [ ! -e started ]
}

@test "run: with the identity of somebody else the command does not start" {
  ready
  bulla identity new --out other
  expect 0
  bulla --identity other run -- touch started
  expect 4
  [ ! -e started ]
}

@test "run: with a vault that does not verify the command does not start" {
  ready
  sed -i 's/^\(set API_KEY .* d=\)...../\1AAAAA/' .bulla/dev.vault
  bulla run -- touch started
  expect 5
  [ ! -e started ]
}

@test "run: without a vault or a contract the command does not start" {
  make_stack
  bulla run -- touch started
  expect 3 "has no vault"
  rm bulla.ini
  bulla run -- touch started
  expect 3 "no bulla.ini"
  [ ! -e started ]
}

@test "run: every missing value is named with its place and remedy" {
  make_vaults
  bulla unset API_TOKEN
  bulla run -- touch started
  expect 3 "bulla.ini:" "'API_KEY' has no value in 'dev'" "bulla set API_KEY" \
    "https://provider.example/keys" "'API_TOKEN' has no value in 'dev'" "bulla fill" \
    "2 values of 'dev' are not there"
  [ ! -e started ]
}

@test "run: names that change how programs start want --force-name" {
  ready
  local name
  for name in LD_PRELOAD PATH BASH_ENV NODE_OPTIONS PYTHONPATH RUBYOPT IFS GIT_CONFIG_COUNT \
    GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0 GIT_SSH_COMMAND MAKEFLAGS ENV DOTNET_STARTUP_HOOKS \
    CORECLR_PROFILER_PATH KUBECONFIG npm_config_script_shell NPM_CONFIG_REGISTRY \
    CARGO_BUILD_RUSTC GRADLE_OPTS MAVEN_ARGS XDG_CONFIG_HOME TMPDIR psqlrc \
    ANSIBLE_VAULT_PASSWORD_FILE CLOUDSDK_PYTHON CONTAINERS_CONF CONTAINER_HOST FZF_DEFAULT_OPTS \
    HELM_DATA_HOME KUBECTL_EXTERNAL_DIFF LIBMYSQL_PLUGIN_DIR ODBCSYSINI R_ENVIRON_USER SVN_SSH \
    YARN_YARN_PATH; do
    printf '[%s]\nkind = setting\ndefault = /nowhere\n' "$name" >>bulla.ini
    bulla run -- touch started
    expect 1 "'$name' changes how programs start" "--force-name"
    [ ! -e started ]
    head -n -3 bulla.ini >rest.ini
    mv rest.ini bulla.ini
  done
  printf '[PYTHONPATH]\nkind = setting\ndefault = /nowhere\n' >>bulla.ini
  bulla run --force-name -- sh -c 'echo $PYTHONPATH'
  expect 0
  prints_only /nowhere
}

@test "run: names that stacks have for themselves need no --force-name" {
  ready
  local name
  for name in NODE_ENV ENV GIT_SHA GIT_COMMIT GIT_TOKEN HTTP_PROXY NO_PROXY RUST_LOG PYTHON_API_KEY \
    PYTHONUNBUFFERED JAVA_OPTS RUBY_VERSION ANSIBLE_BECOME_PASSWORD CARGO_REGISTRY_TOKEN PGPASSWORD DOTNET_ENVIRONMENT; do
    printf '[%s]\nkind = setting\ndefault = production\n' "$name" >>bulla.ini
  done
  bulla_revealing run -- env
  expect 0
  prints NODE_ENV=production ENV=production GIT_SHA=production HTTP_PROXY=production
}

@test "run: a name that shells do not know wants --force-name" {
  ready
  printf '[app.key]\nkind = setting\ndefault = x\n' >>bulla.ini
  bulla run -- true
  expect 1 "'app.key' is not a name that shells know"
  bulla_revealing run --force-name -- env
  expect 0
  prints "app.key=x"
}

@test "run: a NUL byte that a vault holds is refused" {
  mkdir .bulla
  printf '[KEYSTORE]\nkind = provided\n' >bulla.ini
  cp "$SOURCE/tests/data/nul/dev.vault" .bulla/dev.vault
  install -D -m 600 "$SOURCE/tests/data/nul/identity.txt" "$XDG_CONFIG_HOME/bulla/identity.txt"
  bulla run -- touch started
  expect 1 "the value of 'KEYSTORE' has a NUL byte"
  [ ! -e started ]
  bulla render
  expect 1 "writing 'KEYSTORE': the 'compose' format cannot hold this value: it has a NUL byte"
  [ ! -e .env ]
  "$BULLA" get KEYSTORE | od -An -c | grep -q 'a *.0 *b'
}

@test "run: the command gets back umask, core limit and SIGPIPE" {
  ready
  umask 027
  bulla run -- sh -c 'umask; ulimit -c; grep SigIgn /proc/self/status'
  local inside=$output
  run sh -c 'umask; ulimit -c; grep SigIgn /proc/self/status'
  [ "$inside" = "$output" ]
}

@test "run: touches neither compose files nor git" {
  ready
  rm compose.yaml
  bulla run -- true
  expect 0
}

@test "run: wants a command" {
  ready
  bulla run
  expect 2
  bulla run --
  expect 2
}
