#!/bin/bash
# Starts a real PostgreSQL, MariaDB and RabbitMQ as a user without rights, and tells them of new passwords with the
# lines that bulla prints behind "next:"; only `docker compose exec` is another, which runs the container's command here.
# The new password must log in and the old one must not, whatever characters it has. Redis, for which nothing is
# printed, is started anew. `servers.sh NAME...` takes those alone.
# shellcheck disable=SC2016,SC2086,SC2317 # texts for other programs; words of $as_user; functions called by name
set -u
cd "$(dirname "$0")/../.." || exit 6
. scripts/lib/dynamic.sh
dynamic_build
BULLA=$PWD/$folder/bulla
source=$PWD
[ $# != 0 ] || set -- postgres mariadb rabbitmq redis

passed=0 failed=0 skipped=0
work=$(mktemp -d /tmp/servers.XXXXXX)
as_user=
if [ "$(id -u)" = 0 ]; then
  as_user='setpriv --reuid 65534 --regid 65534 --clear-groups'
  chown 65534:65534 "$work"
fi
port=$((20000 + $$ % 20000))
stop=: # what ends the server that runs

clean_up() {
  $stop
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config XDG_STATE_HOME=$work/home/.local/state
export XDG_RUNTIME_DIR=$work/home GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C.UTF-8
mkdir -p "$HOME" "$work/bin"
PATH=$work/bin:/usr/lib/rabbitmq/bin:$(find /usr/lib/postgresql -name initdb -printf '%h:' 2>/dev/null)$PATH:/usr/sbin
ln -s "$BULLA" "$work/bin/bulla"
# Redis's server and its checkers are one program, which goes by its name.
command -v redis-server >/dev/null || ln -s /usr/bin/redis-check-rdb "$work/bin/redis-server"

# A container's environment is its own: what `container` lists, and not the one that bulla run gives.
cat >"$work/bin/docker" <<END
#!/bin/bash
[[ "\$*" == "compose exec -T server sh -c "* ]] || { echo "docker \$*?" >&2; exit 9; }
mapfile -d '' -t variables <$work/container
exec env -i HOME=$work/data PATH="\$PATH" LC_ALL=C.UTF-8 "\${variables[@]}" setsid -w $as_user "\${@:5}"
END
chmod 755 "$work" "$work/bin/docker"

# shellcheck disable=SC1003 # the backslash is meant
values=(plain-Password1 "it's \"quoted\" 'twice'" 'back\slash\\and\n\' '$HOME $(id) ${x} `id`' ' blanks  around '
  '100%s %d %% %' 'a;b -- c # d /* e' 'ünïcödé→€😀' '-u root --help' '"' '\"' "'; DROP USER root; --")

# check WHAT COMMAND...
check() {
  local what=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $name: $what"
    cat "$work/said"
  fi
}
not() {
  ! "$@"
}

# project IMAGE VARIABLE: a stack whose server takes its password in VARIABLE.
project() {
  rm -rf "$work/project" "$XDG_CONFIG_HOME" "$XDG_STATE_HOME"
  mkdir "$work/project"
  cd "$work/project" || exit 6
  printf 'services:\n  server:\n    image: %s\n    environment:\n      %s: ${SECRET:?}\n' "$1" "$2" >compose.yaml
  printf '[bulla]\nformat = 1\nproject = servers\nenvironments = dev\ndefault = dev\n\n[SECRET]\nkind = provided\n' >bulla.ini
  printf '%s' "$old" >value
  bulla init --yes --name tester >said 2>&1 || cat said
  bulla set SECRET --exact --force --file value >said 2>&1 || cat said
}

# turn VALUE: sets it and runs the line that says how the server is told. Its status is the line's.
turn() {
  printf '%s' "$1" >value
  bulla set SECRET --exact --force --file value >said 2>&1 || { cat said; return 2; }
  sed -n 's/^  \((v=.*\)/\1/p' said >told.sh
  [ "$(wc -l <told.sh)" = 1 ] || { cat said; return 2; }
  sh told.sh </dev/null
}

# turns IMAGE VARIABLE CONTAINER...: every value in turn, from $old on; CONTAINER are its other variables.
# log_in PASSWORD is what the caller says.
turns() {
  local image=$1 variable=$2 value
  shift 2
  name="$image $variable"
  project "$image" "$variable"
  for value in "${values[@]}"; do
    printf '%s\0' "$variable=$old" "$@" >"$work/container"
    check "told: $value" turn "$value"
    check "nothing shown: $value" not grep -qF -- "$value" "$work/said"
    check "new: $value" log_in "$value"
    check "no longer: $old" not log_in "$old"
    old=$value
  done
  printf '%s\0' "$variable=$old" "$@" >"$work/container"
  check 'no empty one is told' not turn ''
  check 'the old one stands' log_in "$old"
  check 'no empty one logs in' not log_in ''
  cd "$source" || exit 6
}

# ready COMMAND...: waits until it succeeds.
ready() {
  local tries=0
  until "$@" >"$work/asked" 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" = 150 ] || ! kill -0 "$pid"; then
      tail -n 20 "$work/log"
      return 1
    fi
    sleep 0.4
  done
}

# fresh: a data folder.
fresh() {
  rm -rf "$work/data"
  mkdir -m 700 "$work/data"
  [ -z "$as_user" ] || chown 65534:65534 "$work/data"
  : >"$work/log"
  chmod 666 "$work/log"
  old='first Password'
}

has() {
  command -v "$1" >/dev/null && return
  echo "SKIP: $1 is not installed"
  skipped=$((skipped + 1))
  return 1
}

as() {
  env -u XDG_CONFIG_HOME -u XDG_STATE_HOME -C "$work/data" HOME="$work/data" $as_user "$@"
}

# start COMMAND...: the same in the background; $pid is the server itself.
start() {
  (exec env -u XDG_CONFIG_HOME -u XDG_STATE_HOME -C "$work/data" HOME="$work/data" $as_user "$@" >"$work/log" 2>&1 </dev/null) &
  pid=$!
}

stop_child() {
  kill "$pid" && wait "$pid"
  stop=:
}

test_postgres() {
  has initdb || return
  stop_postgres() {
    as pg_ctl -D "$work/data/db" -m immediate stop >/dev/null 2>&1
    stop=:
  }
  log_in() {
    [ "$(PGPASSWORD=$1 psql -w -h "$work/data" -U app -d postgres -Atc "select 'in'")" = in ]
  }
  fresh
  printf '%s\n' "$old" >"$work/first"
  chmod 644 "$work/first"
  as initdb -D "$work/data/db" -A scram-sha-256 -U app --pwfile="$work/first" >"$work/log" 2>&1
  check 'it starts' as pg_ctl -D "$work/data/db" -w -l "$work/log" -o "-k $work/data -c listen_addresses='' -c fsync=off" start
  stop=stop_postgres
  turns postgres:16 POSTGRES_PASSWORD POSTGRES_USER=app PGHOST="$work/data"
  turns bitnami/postgresql POSTGRESQL_PASSWORD POSTGRESQL_USERNAME=app PGHOST="$work/data"
  stop_postgres
}

test_mariadb() {
  has mariadbd || return
  # sql USER PASSWORD STATEMENT: over the network, as the services come.
  sql() {
    MYSQL_PWD=$2 mariadb --no-defaults --protocol=TCP -h 127.0.0.1 -P "$port" -u "$1" -BNe "$3"
  }
  fresh
  as mariadb-install-db --no-defaults --datadir="$work/data/db" --auth-root-authentication-method=normal \
    --skip-test-db --skip-name-resolve >"$work/log" 2>&1
  printf '[client]\nsocket = %s/data/socket\n' "$work" >"$work/data/.my.cnf"
  start mariadbd --no-defaults --datadir="$work/data/db" --socket="$work/data/socket" --bind-address=127.0.0.1 \
    --port="$port" --skip-name-resolve
  stop=stop_child
  check 'it starts' ready mariadb --no-defaults -S "$work/data/socket" -u root -e 'select 1'
  # What the image does at its first start.
  mariadb --no-defaults -S "$work/data/socket" -u root -e "drop user root@'127.0.0.1', root@'::1'; create user root@'%' identified by '$old';
    grant all on *.* to root@'%' with grant option; create user app@'%' identified by '$old';
    alter user root@localhost identified by '$old'"
  log_in() {
    [ "$(sql app "$1" "select 'in'")" = in ]
  }
  turns mariadb:11 MARIADB_PASSWORD MARIADB_USER=app
  turns mariadb:10 MYSQL_PASSWORD MYSQL_USER=app
  # Root has two accounts, and both are told. The server's mode may be any.
  log_in() {
    [ "$(sql root "$1" "select 'in'")" = in ] &&
      [ "$(MYSQL_PWD=$1 mariadb --no-defaults -S "$work/data/socket" -u root -BNe "select 'in'")" = in ]
  }
  old='first Password'
  mariadb --no-defaults -S "$work/data/socket" -u root -p"$old" -e \
    "set global sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES'"
  turns mariadb:11 MARIADB_ROOT_PASSWORD
  stop_child
}

test_rabbitmq() {
  has rabbitmqctl || return
  local settings=(RABBITMQ_NODENAME=servers@localhost ERL_EPMD_PORT="$port" RABBITMQ_NODE_PORT=$((port + 1))
    RABBITMQ_DIST_PORT=$((port + 2)) RABBITMQ_MNESIA_BASE="$work/data" RABBITMQ_LOGS=- RABBITMQ_LOG_BASE="$work/data" ERL_EPMD_ADDRESS=127.0.0.1
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_ENABLED_PLUGINS_FILE="$work/data/plugins"
    RABBITMQ_CONF_ENV_FILE=/nonexistent RABBITMQ_CONFIG_FILE=/nonexistent RABBITMQ_HOME=/usr/lib/rabbitmq)
  control() {
    as env "${settings[@]}" rabbitmqctl -q "$@"
  }
  stop_rabbitmq() {
    control shutdown >"$work/said" 2>&1
    wait "$pid"
    # The names' server of Erlang outlives it; this one has a port of its own.
    ERL_EPMD_PORT=$port epmd -kill >/dev/null 2>&1
    stop=:
  }
  fresh
  start env "${settings[@]}" rabbitmq-server
  stop=stop_rabbitmq
  check 'it starts' ready control await_startup --timeout 60
  printf '%s\n' "$old" | control add_user app
  log_in() {
    python3 - "$((port + 1))" "$1" <<'END'
import socket, struct, sys

# AMQP 0-9-1, 2.2.4: Start, our StartOk with PLAIN, and Tune where the password is right.
server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
server.settimeout(60)
server.sendall(b"AMQP\0\0\x09\x01")


def receive(count):
    data = b""
    while len(data) < count:
        got = server.recv(count - len(data))
        if not got:
            sys.exit("closed")
        data += got
    return data


def method():
    kind, channel, size = struct.unpack(">BHI", receive(7))
    return struct.unpack(">HH", receive(size + 1)[:4])


assert method() == (10, 10)
plain = b"\0app\0" + sys.argv[2].encode()
body = struct.pack(">HHI", 10, 11, 0) + b"\x05PLAIN" + struct.pack(">I", len(plain)) + plain + b"\x05en_US"
server.sendall(struct.pack(">BHI", 1, 0, len(body)) + body + b"\xce")
sys.exit(method() != (10, 30))
END
  }
  # Each line starts an Erlang: what is special has few passwords. rabbitmqctl takes blanks off the ends of one.
  local values=("it's \"quoted\" \\ back\\n %s 100%" '$HOME $(id) `id`; -- # x' 'ünï€')
  turns rabbitmq:3-management RABBITMQ_DEFAULT_PASS RABBITMQ_DEFAULT_USER=app "${settings[@]}"
  stop_rabbitmq
}

# What its image does at each start: the password is that of its command, also over what it has saved.
test_redis() {
  has redis-server || return
  name=redis
  log_in() {
    [ "$(printf 'auth %s\nping\n' "$(printf '%s' "$1" | sed 's/["\\]/\\&/g; s/.*/"&"/')" |
      redis-cli -s "$work/data/socket" | tail -n 1)" = PONG ]
  }
  fresh
  for value in "$old" "${values[@]}"; do
    start redis-server --port 0 --unixsocket "$work/data/socket" --dir "$work/data" --requirepass "$value"
    stop=stop_child
    check 'it starts' ready test -S "$work/data/socket"
    check "new: $value" log_in "$value"
    [ "$value" = "$old" ] || check "no longer: $old" not log_in "$old"
    old=$value
    stop_child
  done
}

for name in "$@"; do
  "test_$name"
done
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
echo
[ "$failed" = 0 ]
