#!/bin/sh
# Compares the merged model with what Docker Compose makes of the same projects: generated ones
# (DIFFERENTIAL_COUNT, 1000, from DIFFERENTIAL_SEED, 1), then the files of the shared folder where it
# is there. PEERS names a folder with docker-compose; without it one is made with the shared
# tools/peers.sh. The docker-compose of PATH is never used: it may be the old one in Python.
set -u
cd "$(dirname "$0")/../.." || exit 6
shared=${BULLA_SHARED:-../shared}
count=${DIFFERENTIAL_COUNT:-1000}
seed=${DIFFERENTIAL_SEED:-1}
peers=${PEERS:-}
log=build-test-logs/differential.log
mkdir -p build-test-logs

if [ -z "$peers" ] && [ -x "$shared/tools/peers.sh" ]; then
  peers=build-test-logs/peers
  [ -x "$peers/docker-compose" ] || "$shared/tools/peers.sh" "$peers" >"$log" 2>&1
fi
if [ ! -x "$peers/docker-compose" ]; then
  echo "SKIP: no docker-compose (PEERS names the folder of one)"
  echo "0 passed, 0 failed"
  exit 77
fi
[ -f build-dev/build.ninja ] || meson setup build-dev --werror >"$log" 2>&1 || { cat "$log"; exit 1; }
ninja -C build-dev tests/conformance/model_dump >"$log" 2>&1 || {
  echo "SKIP: model_dump is not built (it needs jansson)"
  echo "0 passed, 0 failed"
  exit 77
}
passed=0
failed=0

# check LABEL ARGUMENTS...
check() {
  label=$1
  shift
  if nice -n 10 python3 tests/long/differential.py "$peers/docker-compose" \
    build-dev/tests/conformance/model_dump "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $label"
  fi
  cat "$log"
}

check generated --seed "$seed" --count "$count" --keep build-test-logs/differential
for folder in corpus stacks; do
  [ -d "$shared/$folder" ] && check "$folder" --corpus "$shared/$folder"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
